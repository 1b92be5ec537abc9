"""Text from the air, fit for a screen: nothing in it moves a cursor, hides or turns letters round."""

from __future__ import annotations

LENGTH_MAX = 248
"""The longest name that a Bluetooth device can have, in bytes; a longer text is no name."""


def printable(text: str) -> str:
    """The text without characters that cannot be seen, on one line; each run of them becomes one space."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text[:LENGTH_MAX])
    return " ".join(seen.split())
