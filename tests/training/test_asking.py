"""What is asked before, in and after a session: the questions of who may begin, the two scales, the stretches."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import retrotread.training
from retrotread.training.answers import NO_ANSWERS, Answers
from retrotread.training.history import SCALE_MAX
from retrotread.training.scales import ASKED, EFFORT, PAIN, Moment, Scale
from retrotread.training.screening import (
    MINOR_MEANS,
    NO_MEANS,
    SCREEN,
    YES_MEANS,
    UnknownQuestion,
    meaning,
    screened,
)
from retrotread.training.session_rules import PAIN_EASY, PAIN_HIGHEST
from retrotread.training.stretches import LOWER_LIMBS, STRETCHES, card, in_one_line, spelled_out

DAY = date(2026, 3, 2)
ALL_NO = {one.key: False for one in SCREEN}


# --- who may begin ----------------------------------------------------------------------------------------------


def test_the_questions_hold_each_thing_that_keeps_from_training_alone() -> None:
    asked = {one.key for one in SCREEN}
    assert len(asked) == len(SCREEN)
    assert asked >= {"fall", "slow", "age", "senses", "nerves", "pregnant", "heart", "pressure", "injury", "back"}
    assert asked >= {"bones", "drowsy"}
    for one in SCREEN:
        assert one.text.endswith("?")
        assert one.source


def test_one_yes_leads_to_a_doctor_and_no_no_is_a_clearance() -> None:
    for one in SCREEN:
        entry = screened(DAY, {**ALL_NO, one.key: True})
        assert entry.yes == {one.key}
        assert meaning(entry, adult=True) == YES_MEANS
    assert meaning(screened(DAY, ALL_NO), adult=True) == NO_MEANS
    assert "no clearance" in NO_MEANS


def test_what_is_not_answered_is_no_no() -> None:
    answered = {key: no for key, no in ALL_NO.items() if key != "heart"}
    assert screened(DAY, answered).yes == {"heart"}
    assert screened(DAY, {}).yes == set(ALL_NO)


def test_an_answer_to_no_question_is_refused() -> None:
    with pytest.raises(UnknownQuestion, match="there is no question hart; the questions are advice, age, back"):
        screened(DAY, {**ALL_NO, "hart": False})


def test_under_18_it_is_for_a_clinic_whatever_else_was_said() -> None:
    assert meaning(screened(DAY, ALL_NO), adult=False) == MINOR_MEANS


# --- the scales -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [PAIN, EFFORT], ids=lambda scale: scale.name)
def test_a_scale_has_words_for_every_number_and_says_what_its_ends_are(scale: Scale) -> None:
    words = [scale.word(level) for level in range(SCALE_MAX + 1)]
    assert (words[0], words[-1]) == (scale.least, scale.most)
    assert len(set(words)) == len(scale.words)
    assert scale.question() == f"{scale.name.upper()} now, from 0 ({scale.least}) to 10 ({scale.most})?"
    for level in (-1, 11):
        with pytest.raises(ValueError, match=f"{scale.name} is {level}; it goes from 0 to 10"):
            scale.word(level)


def test_the_words_of_pain_change_where_the_rules_do() -> None:
    assert PAIN.word(PAIN_EASY) != PAIN.word(PAIN_EASY + 1)
    assert PAIN.word(PAIN_EASY + 1) == PAIN.word(PAIN_HIGHEST)
    assert PAIN.word(PAIN_HIGHEST) != PAIN.word(PAIN_HIGHEST + 1)


def test_pain_is_asked_each_time_and_effort_where_there_was_one() -> None:
    assert [moment for moment, _ in ASKED] == list(Moment)
    assert all(PAIN in scales for _, scales in ASKED)
    assert {moment for moment, scales in ASKED if EFFORT in scales} == {Moment.DURING, Moment.AFTER}


LICENSED = re.compile(r"\b(borg|cr-?10|par-?q\w*|womac|koos|omni scale|very, very)\b", re.IGNORECASE)


def test_no_word_of_a_licensed_scale_or_form_is_in_this_room() -> None:
    for path in sorted(Path(retrotread.training.__file__).parent.rglob("*.py")):
        found = LICENSED.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.name}: {found.group()}"


# --- the answers ------------------------------------------------------------------------------------------------


def test_each_answer_is_kept_with_its_moment() -> None:
    said = NO_ANSWERS.of(Moment.BEFORE, 1, None).of(Moment.DURING, 2, 4).of(Moment.AFTER, 0, 5)
    assert said == Answers(pain_before=1, pain_during=2, pain_after=0, effort=5)
    assert said.after_said


def test_of_several_in_the_session_the_highest_pain_stays() -> None:
    said = NO_ANSWERS.of(Moment.DURING, 4, None).of(Moment.DURING, 2, None)
    assert said.pain_during == 4


def test_who_says_nothing_takes_nothing_back() -> None:
    said = Answers(1, 2, 3, 4)
    for moment in Moment:
        assert said.of(moment, None, None) == said


def test_without_both_numbers_after_it_something_is_still_to_be_asked() -> None:
    assert not NO_ANSWERS.after_said
    assert not Answers(effort=3).after_said
    assert not Answers(pain_after=3).after_said


# --- the stretches ----------------------------------------------------------------------------------------------


def test_the_card_names_what_going_backward_loads() -> None:
    muscles = [one.muscle for one in STRETCHES]
    assert muscles == ["calf", "front of the thigh", "hip flexors", "back of the thigh", "seat"]
    assert all(muscle in in_one_line() for muscle in muscles)
    assert len(card()) == len(STRETCHES)


def test_a_workout_that_asks_for_the_card_gets_it_and_another_wish_stays() -> None:
    assert spelled_out((LOWER_LIMBS, "ice")) == (in_one_line(), "ice")
    assert spelled_out(("walk home",)) == ("walk home",)
