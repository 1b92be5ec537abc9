"""The first text of a workout of one's own."""

from __future__ import annotations

import pytest

from retrotread.sessions.editing import Against, look_at
from retrotread.sessions.prepare import Asked
from retrotread.workouts.first_draft import LEVEL_MAX, Answers, Kind, file_name, first_text, title_of
from retrotread.workouts.source import parse_workout

LEVELS = range(LEVEL_MAX + 1)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("level", LEVELS)
def test_the_check_accepts_it_at_every_level(level: int, kind: Kind) -> None:
    text = first_text(Answers("mine", level, 8, kind))
    look = look_at(text, "mine.yaml", Against("sim://well-behaved", Asked()))
    assert look.wrong == ()
    plan = parse_workout(text.encode(), "mine.yaml")
    assert (plan.name, plan.level) == ("mine", level)


@pytest.mark.parametrize("level", LEVELS)
def test_nobody_runs_below_level_seven_and_the_first_levels_hold_on(level: int) -> None:
    text = first_text(Answers("mine", level, 8, Kind.INTERVALS))
    assert ("run:" in text) is (level >= 7)
    assert ("rails" in text) is (level <= 2)
    assert ("harness" in text) is (level >= 9)


@pytest.mark.parametrize(("minutes", "times"), [(2, 1), (3, 1), (9, 3), (10, 3), (11, 4), (60, 20)])
def test_intervals_come_as_near_to_the_minutes_as_whole_ones_do(minutes: int, times: int) -> None:
    """Level 3 walks two minutes and rests one."""
    assert f"repeat: {times}\n" in first_text(Answers("mine", 3, minutes, Kind.INTERVALS))


def test_an_even_one_lasts_as_long_as_was_asked_for() -> None:
    assert "walk: 12 min" in first_text(Answers("mine", 3, 12, Kind.EVEN))


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
