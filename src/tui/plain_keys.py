"""Keys for ``--plain``: from the bytes of a terminal, or the lines of a pipe, to the names that ``keys`` knows. Pure.

A terminal's Esc is also how its longer keys begin. What begins like one stays in the rest until more comes or
``ESCAPE_WAIT_S`` has passed; then it was Esc. Everything that cannot be read has the name ``UNKNOWN``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .keys import is_stop_key

UNKNOWN = "unknown"

FOCUS_IN, FOCUS_OUT = "focus in", "focus out"
"""No keys: the terminal says whether it is the one that gets them (DECSET 1004)."""

ESCAPE_WAIT_S = 0.1
"""How long after Esc the rest of a longer key may come: they are sent in one piece, and a slow line takes less."""

LINE_BYTES_MAX = 200
"""A line on a pipe is a letter, a word or a name; of a longer one only the end is kept."""

LEAVE_KEYS = frozenset({"q", "x", "escape", "ctrl+c", "ctrl+q", "ctrl+d", "ctrl+z", "stop"})
"""What ends the program while no belt is ours. Space and Enter do not: they are pressed by mistake."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One key by its name, and what it writes: a letter on a terminal, the whole line on a pipe."""

    key: str
    text: str = ""


# A key of several bytes: what a terminal says of itself, of the Linux console, after CSI, after SS3; a letter that
# takes more than one byte; or any one byte.
_KEY = re.compile(
    rb"\x1b[\]P_^X][^\x07\x1b]{0,1024}(?:\x07|\x1b\\)"
    rb"|\x1b\[\[(?P<console>[A-E])"
    rb"|\x1b\[(?P<fields>[0-9;:<=>?]{0,24})(?P<final>[$@-Z\\-~^])"
    rb"|\x1bO(?P<keypad>[ -~])"
    rb"|(?P<letter>[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
    rb"|(?P<one>.)",
    re.DOTALL,
)
_BEGUN = re.compile(rb"\x1b(\[(\[|[0-9;:<=>?]{0,24})|O)?\Z")

_ONE = {
    0x00: "ctrl+@",  # Ctrl+Space
    0x09: "tab",
    0x0A: "enter",
    0x0D: "enter",
    0x1B: "escape",
    0x20: "space",
    0x2E: "full_stop",
    0x7F: "backspace",
}
# The end of a numbered key: plain, and as rxvt sends it with Shift, Ctrl and both.
_NUMBERED = {b"~": "", b"$": "shift+", b"^": "ctrl+", b"@": "ctrl+shift+"}
_BY_NUMBER = {
    "1": "home", "2": "insert", "3": "delete", "4": "end", "5": "pageup", "6": "pagedown", "7": "home", "8": "end",
    "11": "f1", "12": "f2", "13": "f3", "14": "f4", "15": "f5", "17": "f6", "18": "f7", "19": "f8", "20": "f9",
    "21": "f10", "23": "f11", "24": "f12",
}  # fmt: skip
_BY_LETTER = {
    b"A": "up", b"B": "down", b"C": "right", b"D": "left", b"H": "home", b"F": "end",
    b"P": "f1", b"Q": "f2", b"R": "f3", b"S": "f4", b"Z": "shift+tab",
}  # fmt: skip
_FOCUS = {b"I": FOCUS_IN, b"O": FOCUS_OUT}
_CONSOLE = {b"A": "f1", b"B": "f2", b"C": "f3", b"D": "f4", b"E": "f5"}
_KEYPAD = {b"M": "enter", b"n": "decimal", b"k": "+", b"m": "-", b"l": ","}
# The codes of the kitty protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/) for keys with a meaning here.
_KITTY = {
    57368: "f5", 57409: "decimal", 57412: "-", 57413: "+", 57414: "enter", 57417: "left", 57418: "right",
    57419: "up", 57420: "down", 57421: "pageup", 57422: "pagedown",
}  # fmt: skip
_MODIFIERS = ((4, "ctrl"), (1, "shift"))

_RELEASED = ":3"
"""How the kitty protocol marks that a key was let go; its press has come before."""

_BRACKETS = frozenset("[]")


def keys_in(data: bytes) -> tuple[list[Typed], bytes]:
    """The keys in a terminal's bytes, and what at their end may be the beginning of another."""
    begun = _BEGUN.search(data)
    end = len(data) if begun is None else begun.start()
    return _untorn([_typed(match) for match in _KEY.finditer(data, 0, end)]), data[end:]


def lines_in(data: bytes) -> tuple[list[Typed], bytes]:
    """The keys in a pipe's bytes, a line each, and the beginning of a line at their end."""
    *lines, rest = data.split(b"\n")
    return [line_typed(line) for line in lines], rest[-LINE_BYTES_MAX:]


def line_typed(line: bytes) -> Typed:
    """The key that a line stands for: a letter is itself, a word its own name, an empty line Enter."""
    text = line.decode("utf-8", errors="replace").strip(" \t\r")
    if len(text) == 1 and text.isascii():
        return Typed(_one(ord(text)), text)
    return Typed(text.lower() or "enter", text)


def stops(key: str) -> bool:
    """Whether the key means stop while a belt is ours: a stop key, or what would end the program."""
    return is_stop_key(key) or leaves(key)


def leaves(key: str) -> bool:
    """Whether the key ends the program while no belt is ours."""
    return key.lower() in LEAVE_KEYS


def _untorn(typed: list[Typed]) -> list[Typed]:
    """Without the rest of a sequence that was torn: its brackets and digits were typed by nobody.

    What follows a bracket at the beginning, or one behind Esc, is taken for such a rest; a stop key in it counts.
    """
    torn = len(typed) > 1 and typed[0].key in _BRACKETS and any(one.key not in _BRACKETS for one in typed)
    result: list[Typed] = []
    before = ""
    for one in typed:
        torn = torn or (before == "escape" and one.key in _BRACKETS)
        result.append(Typed(UNKNOWN) if torn and not stops(one.key) else one)
        before = one.key
    return result


def _typed(match: re.Match[bytes]) -> Typed:
    if match["one"] is not None:
        name = _one(match["one"][0])
        return Typed(name, chr(match["one"][0]) if 0x20 <= match["one"][0] < 0x7F else "")
    if match["letter"] is not None:
        letter = match["letter"].decode("utf-8", errors="replace")
        return Typed(letter, letter) if letter.isprintable() else Typed(UNKNOWN)
    return Typed(_long_name(match))


def _long_name(match: re.Match[bytes]) -> str:
    if match["console"] is not None:
        return _CONSOLE.get(match["console"], UNKNOWN)
    if match["keypad"] is not None:
        return _KEYPAD.get(match["keypad"]) or _BY_LETTER.get(match["keypad"], UNKNOWN)
    if match["final"] is None:
        return UNKNOWN
    return _csi_name(match["fields"].decode("ascii"), match["final"])


def _csi_name(fields: str, final: bytes) -> str:
    if not fields and final in _FOCUS:
        return _FOCUS[final]
    number, _, modifiers = fields.partition(";")
    if modifiers.endswith(_RELEASED):
        return UNKNOWN
    if final == b"u":
        return _kitty(_whole(number), _whole(modifiers))
    name = _BY_NUMBER.get(number) if final in _NUMBERED else _BY_LETTER.get(final)
    if name is None or (final not in _NUMBERED and number not in ("", "1")):
        return UNKNOWN
    return _NUMBERED.get(final, "") + _with(name, _whole(modifiers))


def _one(code: int) -> str:
    """One byte by its name; a letter keeps its case, which a remote's key may be known by."""
    if code in _ONE:
        return _ONE[code]
    if 1 <= code <= 26:
        return f"ctrl+{chr(code + 0x60)}"
    return chr(code) if 0x20 < code < 0x7F else UNKNOWN


def _kitty(code: int, modifiers: int) -> str:
    """A key by its code, as a terminal sends it that was left in the kitty protocol."""
    name = _KITTY.get(code) or (_one(code) if code else UNKNOWN)
    return name if name == UNKNOWN else _with(name, modifiers)


def _with(name: str, modifiers: int) -> str:
    """The name with its modifiers before it; they count from 1, and others than Ctrl and Shift are left out."""
    bits = max(modifiers - 1, 0)
    return "".join(f"{word}+" for bit, word in _MODIFIERS if bits & bit) + name


def _whole(field: str) -> int:
    """The number before the first colon; 0 where there is none."""
    digits = re.match(r"[0-9]{1,9}", field)
    return 0 if digits is None else int(digits[0])
