"""From the bytes of a terminal to key and mouse messages, total: no byte ends it.

Textual 8.2.8 ends the app on bytes that are not UTF-8, among them the mouse reports of a terminal that has
fallen back to the old encoding (https://github.com/Textualize/textual/issues/6668), and on numbers in
keyboard reports that it does not expect. Here such input costs itself and nothing after it.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual import events
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

from .keys import is_stop_key

# ESC [ M, then button, column and row as one raw byte each.
LEGACY_MOUSE_REPORT = re.compile(rb"\x1b\[M[\x20-\xff]{3}")
# A report of the new kind with something else than numbers in it, as some terminals send while they change
# size (https://github.com/Textualize/textual/issues/6573); Textual would take its letters for keys.
BROKEN_MOUSE_REPORT = re.compile(rb"\x1b\[<(?![\d;-]+[Mm])[^\x1bMm]{1,24}[Mm]")
# Where a paste begins and ends, for terminals that tell without being asked. Between the two Textual's parser is
# deaf to keys, for ever if the end is lost.
PASTE_MARK = re.compile(rb"\x1b\[20[01]~")

# What a terminal says of itself, asked or not: its colours, its name. The letters and digits in it are no keys.
TERMINAL_REPLY = re.compile(rb"\x1b[\]P_^X][^\x07\x1b]{0,1024}(\x07|\x1b\\)")

# A report that is longer than what Textual's parser looks at; none that it knows is.
LONG_REPORT = re.compile(rb"\x1b\[[\d;:<=>?]{30,1024}[ -/]*[@-~]")

# How Textual's parser begins when it gives a sequence that it does not know out as the keys of its characters.
_TORN = frozenset({"circumflex_accent", "left_square_bracket", "right_square_bracket"})

_KITTY_KEY = re.compile(
    r"\x1b\[(?P<code>\d*)[\d:]*(;(?P<modifiers>\d*)(:(?P<event>\d*))?[\d:]*)?(?P<rest>(;[\d:]*)?[u~A-Z])"
)
_RELEASED = "3"


class Parser(XTermParser):
    """Textual's parser, which also takes what the kitty protocol allows in the fields of a key report.

    Alternate keys and event types come after a colon; only the key itself, its modifiers and its text count.
    The release of a key is no key.
    """

    def _parse_extended_key(self, sequence: str) -> list[events.Key] | None:  # type: ignore[override]
        match = _KITTY_KEY.fullmatch(sequence)
        if match is None:
            return super()._parse_extended_key(sequence)
        if match["event"] == _RELEASED:
            return [events.Key(Keys.Ignore, sequence)]
        modifiers = f";{match['modifiers']}" if match["modifiers"] is not None else ""
        return super()._parse_extended_key(f"\x1b[{match['code']}{modifiers}{match['rest']}")


class Keyboard:
    """Takes the bytes as they are read and gives the messages that they make. Belongs to one thread."""

    def __init__(self) -> None:
        self.saw_legacy_mouse = False
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = Parser()

    @property
    def waiting(self) -> bool:
        """Whether what was read so far may be the beginning of something longer: a lone Esc, or half a report."""
        return self._parser._timeout_time is not None

    def read(self, data: bytes) -> Iterator[Message]:
        """The messages in ``data``, which may begin or end anywhere."""
        data, reports = LEGACY_MOUSE_REPORT.subn(b"", data)
        self.saw_legacy_mouse = self.saw_legacy_mouse or reports > 0
        for nothing_typed in (BROKEN_MOUSE_REPORT, PASTE_MARK, TERMINAL_REPLY, LONG_REPORT):
            data = nothing_typed.sub(b"", data)
        for character in self._decode(data):
            yield from self._fed(character)

    def waited(self) -> list[Message]:
        """What became clear because nothing more came. Call it several times in the escape delay of 100 ms."""
        try:
            return _typed(list(self._parser.tick()), torn_from=1)
        except Exception:  # noqa: BLE001 - see _fed
            self._parser = Parser()
            return []

    def _fed(self, character: str) -> list[Message]:
        """One character at a time: a sequence that the parser chokes on takes nothing behind it along."""
        try:
            return _typed(list(self._parser.feed(character)), torn_from=2)
        except Exception:  # noqa: BLE001 - a parser's mistake must not cost the stop key behind it
            self._parser = Parser()
            return []


def _typed(messages: list[Message], torn_from: int) -> list[Message]:
    """Without the characters of a sequence that was torn or is unknown: nobody has typed them.

    A stop key among them is kept all the same; a bracket that means "faster" or a digit that ticks is not.
    ``torn_from``: so many keys at once, the first of them a bracket or a stand-in for Esc, are no typing.
    """
    keys = [message for message in messages if isinstance(message, events.Key)]
    if len(keys) < torn_from or not keys or keys[0].key not in _TORN:
        return messages
    return [message for message in messages if not isinstance(message, events.Key) or is_stop_key(message.key)]
