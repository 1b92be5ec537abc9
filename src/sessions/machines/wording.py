"""Text from the air and from files, fit for a terminal."""

from __future__ import annotations

SHOWN_MAX = 600
"""A sentence of the data; names from the air are much shorter."""


def shown(text: str) -> str:
    """The text on one line, without anything that a terminal would obey or that turns letters round."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(seen.split())
    return line if len(line) <= SHOWN_MAX else line[: SHOWN_MAX - 3] + "..."
