"""Keys for ``--plain``: from the bytes of a terminal, or the lines of a pipe, to the names that ``keys`` knows. Pure.

A terminal's Esc is also how its longer keys begin. What begins like one stays in the rest until more comes or
``ESCAPE_WAIT_S`` has passed; then it was Esc. Everything that cannot be read has the name ``UNKNOWN``.
"""

from __future__ import annotations

import re

from .keys import is_stop_key

UNKNOWN = "unknown"

ESCAPE_WAIT_S = 0.1
"""How long after Esc the rest of a longer key may come: they are sent in one piece, and a slow line takes less."""

LINE_BYTES_MAX = 200
"""A line on a pipe is a letter or a word; of a longer one only the end is kept."""

LEAVE_KEYS = frozenset({"q", "x", "escape", "ctrl+c", "ctrl+q", "ctrl+d", "ctrl+z", "stop"})
"""What ends the program while no belt is ours. Space and Enter do not: they are pressed by mistake."""

# A key of several bytes: of the Linux console, after CSI, after SS3; or any one byte.
_KEY = re.compile(
    rb"\x1b\[\[(?P<console>[A-E])"
    rb"|\x1b\[(?P<fields>[0-9;:<=>?]{0,24})(?P<final>[$@-Z\\-~^])"
    rb"|\x1bO(?P<keypad>[ -~])"
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
_NUMBERED = frozenset({b"~", b"$", b"^", b"@"})
_BY_NUMBER = {"5": "pageup", "6": "pagedown", "15": "f5"}
_CONSOLE = {b"E": "f5"}
_KEYPAD = {b"M": "enter", b"n": "decimal"}
# The codes of the kitty protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/) for keys that stop.
_KITTY = {57368: "f5", 57409: "decimal", 57414: "enter", 57421: "pageup", 57422: "pagedown"}
_CTRL = 4


def keys_in(data: bytes) -> tuple[list[str], bytes]:
    """The names of the keys in a terminal's bytes, and what at their end may be the beginning of another."""
    begun = _BEGUN.search(data)
    end = len(data) if begun is None else begun.start()
    return [_name(match) for match in _KEY.finditer(data, 0, end)], data[end:]


def lines_in(data: bytes) -> tuple[list[str], bytes]:
    """The names of the keys in a pipe's bytes, a line each, and the beginning of a line at their end."""
    *lines, rest = data.split(b"\n")
    return [line_name(line) for line in lines], rest[-LINE_BYTES_MAX:]


def line_name(line: bytes) -> str:
    """The key that a line stands for: a letter is itself, a word its own name, an empty line Enter."""
    word = line.decode("utf-8", errors="replace").strip(" \t\r").lower()
    if len(word) == 1 and word.isascii():
        return _one(ord(word))
    return word or "enter"


def stops(key: str) -> bool:
    """Whether the key means stop while a belt is ours: a stop key, or what would end the program."""
    return is_stop_key(key) or key in LEAVE_KEYS


def _name(match: re.Match[bytes]) -> str:
    if match["one"] is not None:
        return _one(match["one"][0])
    if match["console"] is not None:
        return _CONSOLE.get(match["console"], UNKNOWN)
    if match["keypad"] is not None:
        return _KEYPAD.get(match["keypad"], UNKNOWN)
    number, _, modifiers = match["fields"].decode("ascii").partition(";")
    if match["final"] == b"u":
        return _kitty(_whole(number), _whole(modifiers))
    return _BY_NUMBER.get(number, UNKNOWN) if match["final"] in _NUMBERED else UNKNOWN


def _one(code: int) -> str:
    if code in _ONE:
        return _ONE[code]
    if 1 <= code <= 26:
        return f"ctrl+{chr(code + 0x60)}"
    return chr(code).lower() if 0x20 < code < 0x7F else UNKNOWN


def _kitty(code: int, modifiers: int) -> str:
    """A key by its code, as a terminal sends it that was left in the kitty protocol; modifiers count from 1."""
    name = _KITTY.get(code) or (_one(code) if code else UNKNOWN)
    ctrl = max(modifiers - 1, 0) & _CTRL
    return f"ctrl+{name}" if ctrl and len(name) == 1 else name


def _whole(field: str) -> int:
    """The number before the first colon; 0 where there is none."""
    digits = re.match(r"[0-9]{1,9}", field)
    return 0 if digits is None else int(digits[0])
