"""Text for people: composed, on one line, and nothing in it that a reader cannot see."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.workouts.wording import people_text

HIDDEN = {
    "escape": "\x1b",
    "delete": "\x7f",
    "C1": "\x9b",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "right-to-left override": "\u202e",
    "right-to-left isolate": "\u2067",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "line separator": "\u2028",
    "private use": "\ue000",
    "half a character": "\ud800",
    "tag letter": "\U000e0041",
    "variation selector": "\ufe0f",
    "rare variation selector": "\U000e0100",
    "grapheme joiner": "\u034f",
    "Hangul filler": "\u3164",
    "empty Braille": "\u2800",
}


@pytest.mark.parametrize("character", HIDDEN.values(), ids=HIDDEN)
def test_what_nobody_can_see_is_refused_with_its_number(character: str) -> None:
    with pytest.raises(ValueError, match=rf"character 3 is U\+{ord(character):04X}.*, which nobody can see"):
        people_text(f"ab{character}c")


@pytest.mark.parametrize("text", ["", " ", "\u00a0\u3000"])
def test_a_text_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the text is empty"):
        people_text(text)


def test_letters_of_every_writing_stay() -> None:
    for text in ("Rückwärts gehen", "后退走", "المشي إلى الخلف", "पीछे चलना", "walk 🚶 back", "[bold]walk[/]"):
        assert people_text(text) == unicodedata.normalize("NFC", text)


def test_a_text_is_composed_and_has_no_blanks_at_its_ends() -> None:
    assert people_text("  re\u0301tro ") == "r\u00e9tro"


@given(st.text())
def test_an_accepted_text_is_accepted_again_as_it_is(text: str) -> None:
    try:
        once = people_text(text)
    except ValueError as error:
        once = str(error)
    assert people_text(once) == once
