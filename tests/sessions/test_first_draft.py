"""The first text of a workout of one's own."""

from __future__ import annotations

import pytest

from retrotread.sessions.editing import Against, look_at
from retrotread.sessions.first_draft import Answers, Kind, file_name, first_text, title_of
from retrotread.sessions.prepare import Asked
from retrotread.training.history import LEVEL_MAX
from retrotread.training.ladder import LADDER, steps_of
from retrotread.workouts.source import parse_workout
from retrotread.workouts.steps import WARM_UP_S, StepKind

LEVELS = range(LEVEL_MAX + 1)
EVEN = [(2, 2), (3, 10), (4, 20), (5, 20), (6, 2)]
"""Levels with bouts of two minutes and more, and the longest of each in minutes."""


@pytest.mark.parametrize(
    ("level", "minutes", "kind"),
    [*((level, 6, Kind.INTERVALS) for level in LEVELS), *((*one, Kind.EVEN) for one in EVEN)],
)
def test_the_check_accepts_it_at_every_level(level: int, minutes: int, kind: Kind) -> None:
    text = first_text(Answers("mine", level, minutes, kind))
    look = look_at(text, "mine.yaml", Against("sim://well-behaved", Asked()))
    assert look.wrong == ()
    plan = parse_workout(text.encode(), "mine.yaml")
    assert (plan.name, plan.level) == ("mine", level)


@pytest.mark.parametrize("level", LEVELS)
def test_it_is_the_first_speed_of_the_ladder_with_its_needs_and_five_easy_minutes(level: int) -> None:
    plan = parse_workout(first_text(Answers("mine", level, 6, Kind.INTERVALS)).encode(), "mine.yaml")
    dose, steps = steps_of(LADDER[level])[0].dose, [one for one in plan.planned_steps() if one.end.speed_kph]
    assert max(one.end.speed_kph for one in steps) == dose.speed_kph
    assert any(one.kind is StepKind.RUN for one in steps) is (level >= 7)
    bouts_s = [one.length_s for one in steps[1:-1] if one.end.speed_kph == dose.speed_kph]
    assert max(bouts_s) <= max(bout_s for _, bout_s in LADDER[level].bouts)
    assert ("rails" in plan.needs) is (level in {0, 1, 2, 3, 5})
    assert ("spotter" in plan.needs) is (level in {0, 1, 7, 8, 9, 10})
    assert ("harness" in plan.needs) is (level >= 9)
    if level > 0:
        assert (steps[0].kind, steps[0].length_s) == (StepKind.WALK, WARM_UP_S)


@pytest.mark.parametrize(
    ("level", "minutes", "kind", "said"),
    [
        (7, 10, Kind.EVEN, "10 minutes at a time: level 7 runs, and runs in bouts; take intervals"),
        (10, 2, Kind.EVEN, "2 minutes at a time: level 10 runs, and runs in bouts; take intervals"),
        (3, 11, Kind.EVEN, "the longest bout of level 3 is 10 min; give at most 10 minutes, or take intervals"),
        (1, 2, Kind.EVEN, "the longest bout of level 1 is 60 s; take intervals"),
        (7, 30, Kind.INTERVALS, "level 7 has at most 10 bouts of 20 s; give at most 18 minutes"),
        (3, 30, Kind.INTERVALS, "level 3 has at most 5 bouts of 2 min; give at most 15 minutes"),
    ],
)
def test_more_than_the_level_does_is_refused_with_the_mend(level: int, minutes: int, kind: Kind, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Answers("mine", level, minutes, kind)


@pytest.mark.parametrize(("minutes", "times"), [(5, 2), (9, 3), (10, 3), (11, 4), (15, 5)])
def test_intervals_come_as_near_to_the_minutes_as_whole_ones_do(minutes: int, times: int) -> None:
    """Level 3 walks two minutes and rests one."""
    assert f"repeat: {times}\n" in first_text(Answers("mine", 3, minutes, Kind.INTERVALS))


def test_an_even_one_lasts_as_long_as_was_asked_for() -> None:
    assert "walk: 9 min" in first_text(Answers("mine", 3, 9, Kind.EVEN))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("mine", -1, 8), "level -1 is off the ladder; give one from 0 to 10"),
        (("mine", 11, 8), "level 11 is off the ladder"),
        (("mine", 3, 1), "1 minutes: give 2 to 60 for the main part"),
        (("mine", 3, 61), "61 minutes"),
        (("", 3, 8), "'' is no name"),
        (('a "b"', 3, 8), "is no name; write up to 80 plain letters, without quotes"),
        (("a\\b", 3, 8), "is no name"),
        (("a" * 81, 3, 8), "is no name"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_the_mend(answers: tuple[str, int, int], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("'", ".")):
        Answers(*answers, Kind.EVEN)


@pytest.mark.parametrize("name", ["a: b", "# no", "{x}", "Überquerung", "- a", "yes", "1", "[b]"])
def test_a_name_comes_out_as_it_went_in(name: str) -> None:
    assert parse_workout(first_text(Answers(name, 3, 8, Kind.EVEN)).encode(), "w.yaml").name == name


@pytest.mark.parametrize(
    ("name", "file", "title"),
    [
        ("Slow walk", "slow-walk.yaml", "Slow walk"),
        ("Über 60 s!", "uber-60-s.yaml", "Über 60 s!"),
        ("…", "workout.yaml", "…"),
        ("../up", "up.yaml", "../up"),
        ("mine/slow.yaml", "mine/slow.yaml", "slow"),
    ],
)
def test_the_file_is_named_after_it(name: str, file: str, title: str) -> None:
    assert (file_name(name), title_of(name)) == (file, title)
