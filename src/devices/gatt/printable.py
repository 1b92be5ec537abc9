"""Text from the air, fit for a screen: nothing in it moves a cursor, hides or turns letters round."""

from __future__ import annotations

from ..ftms.text import readable

LENGTH_MAX = 248
"""The longest name that a Bluetooth device can have, in bytes; what goes on after that is no name."""


def printable(text: str) -> str:
    """The text on one line, short, and without characters that a terminal would obey."""
    return " ".join(readable(text[:LENGTH_MAX]).split())
