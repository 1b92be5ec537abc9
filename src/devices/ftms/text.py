"""Text that a machine says of itself, made fit for a screen: Device Information (180A), names, training status."""

from __future__ import annotations

import unicodedata

from ..decoded import Anomaly, Decoded, Oddity

REPLACEMENT = "\ufffd"
"""Stands for an octet or a character that a screen should not get."""


def readable(text: str) -> str:
    """The same text without what could move a cursor, colour a terminal or turn the direction of writing round.

    Every control, format and private character, and every separator of lines, becomes the replacement character.
    """
    return "".join(REPLACEMENT if _harmful(character) else character for character in text)


def _harmful(character: str) -> bool:
    category = unicodedata.category(character)
    return category.startswith("C") or category in ("Zl", "Zp")


def decode_text(payload: bytes) -> Decoded[str | None]:
    """UTF-8 of any length, up to the first NUL; NULs that pad it are no anomaly. Nothing but padding is None."""
    octets, _, rest = bytes(payload).partition(b"\0")
    text = octets.decode("utf-8", errors="replace")
    shown = readable(text)
    found = []
    if text.encode() != octets:
        found.append(Anomaly(Oddity.NOT_UTF8, "the text", octets))
    if shown != text:
        found.append(Anomaly(Oddity.CONTROL_CHARACTERS, "the text", octets))
    if rest.strip(b"\0"):
        found.append(Anomaly(Oddity.TRAILING, "the end of the text", rest))
    return Decoded(shown.strip() or None, tuple(found))
