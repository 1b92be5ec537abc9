"""Text that people will see or hear: one line, normalised, with nothing in it that cannot be seen."""

from __future__ import annotations

import unicodedata

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Control characters, format characters (direction overrides, zero-width joiners), half characters, private use
and Unicode's own line ends: a terminal may obey them, and a reader cannot see them."""

_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Characters that count as letters or marks and draw nothing."""


def is_hidden(character: str) -> bool:
    """Whether ``character`` is one that a reader cannot see or a terminal may obey."""
    return (
        unicodedata.category(character) in _HIDDEN_CATEGORIES
        or character in _BLANK_LETTERS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def character_name(character: str) -> str:
    """What Unicode calls it, "U+202E RIGHT-TO-LEFT OVERRIDE"; control characters have a number only."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def people_text(text: str) -> str:
    """``text`` in Unicode's composed form (NFC), without blanks at its ends.

    Raises ValueError, a sentence, for an empty text or one with a hidden character.
    """
    for index, character in enumerate(text):
        if is_hidden(character):
            what = "a line break" if character in "\r\n" else f"{character_name(character)}, which nobody can see"
            raise ValueError(f"character {index + 1} is {what}")
    composed = unicodedata.normalize("NFC", text).strip()
    if not composed:
        raise ValueError("the text is empty")
    return composed
