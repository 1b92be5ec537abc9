"""Every language says everything that English says, with the same numbers in it; and only the voice is translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import retrotread
from retrotread.machine import BeltDirection, Facing, Setpoint
from retrotread.sessions.narration import stretch_card
from retrotread.training.stretches import STRETCHES
from retrotread.workouts.cues import COUNTED_S, rise_cue, said_by_author, step_phrase, step_words
from retrotread.workouts.moments import ANNOUNCED_S
from retrotread.workouts.phrases import (
    ENGLISH,
    Amount,
    Foreign,
    NoSuchLanguage,
    fields_of,
    language,
    languages,
    phrase,
    read_language,
)
from retrotread.workouts.remarks import speaks_s
from retrotread.workouts.steps import Step, StepKind

GERMAN = language("de")
OTHERS = [name for name in languages() if name != "en"]
SOURCE = Path(retrotread.__file__).parent


def a_step(kind: StepKind, label: str, length_s: float = 60, length_m: float | None = None) -> Step:
    ends = Setpoint(3.0), Setpoint(6.5, 2.0)
    facing, belt = Facing.REAR, BeltDirection.FORWARD
    return Step(0, kind, label, 0.0, length_s, 0.0, *ends, None, facing, belt, length_m)


@pytest.mark.parametrize("name", OTHERS)
def test_a_language_has_every_text_with_the_same_fields_and_no_other(name: str) -> None:
    other = language(name)
    assert set(other.texts) == set(ENGLISH.texts)
    wrong = [key for key, text in ENGLISH.texts.items() if fields_of(other.texts[key]) != fields_of(text)]
    assert wrong == []


FOR_THE_EAR = frozenset({"kph", "percent"})
"""Fields that no text has and that phrases carry for what is worded otherwise."""


@pytest.mark.parametrize("name", languages())
def test_what_is_worded_for_the_ear_needs_no_field_that_the_phrase_does_not_have(name: str) -> None:
    one = language(name)
    known = {key: fields_of(one.texts[key]) | FOR_THE_EAR for key in one.aloud_texts}
    assert [key for key, text in one.aloud_texts.items() if not fields_of(text) <= known[key]] == []


@pytest.mark.parametrize("name", languages())
@pytest.mark.parametrize("soon", [None, Setpoint(3.0), Setpoint(11.5, 11.5)], ids=["at once", "slowly", "then slowly"])
@pytest.mark.parametrize("end", [Setpoint(12.5), Setpoint(3.0, 12.5), Setpoint(12.5, 12.5)])
def test_the_warning_of_a_rise_is_over_before_its_count_begins(name: str, end: Setpoint, soon: Setpoint | None) -> None:
    cue = rise_cue(Setpoint(3.0), end, 0, soon)
    assert cue.phrase is not None
    assert speaks_s(language(name).aloud(cue.phrase)) <= ANNOUNCED_S - COUNTED_S[0] + 0.3


def test_every_text_of_the_table_is_used_and_every_key_that_is_used_is_in_it() -> None:
    sources = "\n".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    named = set(re.findall(r'"([a-z][a-z0-9-]*)"', sources))
    built = {key for key in ENGLISH.texts if re.match(r"muscle-|digit-\d|(empty-)?turn-belt-|faster-and-steeper", key)}
    assert set(ENGLISH.texts) - named - built == set()
    asked = set(re.findall(r'\b(?:phrase|utterance)\(\s*"([a-z][a-z0-9-]*)"', sources))
    assert asked - set(ENGLISH.texts) == set()


def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(NoSuchLanguage, match="there are no cues in 'xx'; the languages are de, en"):
        language("xx")


@pytest.mark.parametrize(
    ("step", "english", "german"),
    [
        (a_step(StepKind.RUN, "run 60 s"), "run 60 s, 3.0 km/h to 6.5 km/h, 0 % to 2 %", "laufen, 60 s, 3,0 km/h bis"),
        (
            a_step(StepKind.WALK, "walk 60 s (2 of 3, 1 of 2)"),
            "walk 60 s (2 of 3, 1 of 2), 3.0",
            "gehen, 60 s (2 von 3",
        ),
        (a_step(StepKind.WALK, "walk 1.2 km", 600, 1200), "walk 1.2 km, 3.0 km/h", "gehen, 1,2 km, 3,0 km/h"),
        (a_step(StepKind.COOL_DOWN, "cool down 60 s"), "cool down 60 s, 3.0 km/h", "auslaufen, 60 s, 3,0 km/h"),
        (a_step(StepKind.OFF_BELT, "off belt 60 s"), "off belt 60 s", "neben dem Band, 60 s"),
        (a_step(StepKind.TURN, "turn to the rear"), "turn to the rear", "umdrehen zur Rückseite"),
        (a_step(StepKind.OFF_BELT, "heel drill"), "heel drill", "heel drill"),
    ],
)
def test_a_step_is_named_in_both_languages(step: Step, english: str, german: str) -> None:
    assert step_words(step).startswith(english)
    assert GERMAN.text(step_phrase(step)).startswith(german)


def test_a_rise_on_both_axes_is_said_aloud_before_any_number() -> None:
    cue = rise_cue(Setpoint(3.0), Setpoint(4.5, 2.0), 0)
    assert cue.phrase is not None
    assert ENGLISH.aloud(cue.phrase) == "faster and steeper in 5 seconds"
    assert GERMAN.aloud(cue.phrase) == "schneller und steiler in 5 Sekunden"
    assert cue.text == "faster in 5 seconds, 4.5 km/h and steeper in 5 seconds, 2 %"


@pytest.mark.parametrize(
    ("soon", "english", "aloud", "german"),
    [
        (Setpoint(1.5), "1.5 km/h, slowly to 3.5 km/h", "1.5", "1,5 km/h, langsam bis 3,5 km/h"),
        (Setpoint(0.5), "slowly to 3.5 km/h", "slowly", "langsam bis 3,5 km/h"),
        (Setpoint(3.5), "3.5 km/h", "3.5", "3,5 km/h"),
        (None, "3.5 km/h", "3.5", "3,5 km/h"),
    ],
)
def test_a_rise_that_goes_on_slowly_names_what_comes_at_once(
    soon: Setpoint | None, english: str, aloud: str, german: str
) -> None:
    cue = rise_cue(Setpoint(0.5), Setpoint(3.5), 0, soon)
    assert cue.phrase is not None
    assert cue.text == f"faster in 5 seconds, {english}"
    assert ENGLISH.aloud(cue.phrase) == f"faster in 5 seconds, {aloud}"
    assert GERMAN.text(cue.phrase) == f"schneller in 5 Sekunden, {german}"


def test_the_muscles_of_the_card_are_spoken_in_its_order() -> None:
    said = stretch_card()
    assert said.text == "Now stretch: calves, front of the thighs, hip flexors, back of the thighs, seat"
    assert {f"muscle-{one.key}" for one in STRETCHES} == {key for key in ENGLISH.texts if key.startswith("muscle-")}


def test_words_of_an_author_are_translated_where_they_are_known_and_else_said_as_they_stand() -> None:
    assert GERMAN.aloud(said_by_author("tall, eyes level, short steps")) == "aufrecht, Blick geradeaus, kurze Schritte"
    assert GERMAN.aloud(said_by_author("hop like a frog")) == "hop like a frog"


def test_braces_in_the_words_of_an_author_are_only_braces() -> None:
    assert ENGLISH.text(phrase("because", why="{speed} {0} {{")) == "{speed} {0} {{"
    assert GERMAN.text(phrase("because", why=Foreign("why", "of nothing", "{x}"))) == "{x}"


def test_a_decimal_point_is_changed_in_quantities_alone() -> None:
    assert GERMAN.text(Amount("2.5 km/h")) == "2,5 km/h"
    assert GERMAN.text("step 2.5") == "step 2.5"


def test_a_language_file_without_its_voice_is_an_error_at_reading() -> None:
    with pytest.raises(KeyError, match="voice"):
        read_language("xx", 'title = "X"\ndecimal = "."\n[text]\n')
