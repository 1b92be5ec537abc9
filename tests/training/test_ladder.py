"""The ladder: each step raises one variable, by little, and walking comes before running."""

from __future__ import annotations

from itertools import pairwise

import pytest

from retrotread.safety.tiers import Tier, tier_for_level
from retrotread.training.history import Dose
from retrotread.training.ladder import (
    HARNESS_FROM_KPH,
    HILLY,
    INCLINE_STEP_PERCENT,
    LADDER,
    LEVEL_GROUND,
    SPEED_STEP_KPH,
    Level,
    Step,
    steps_of,
)

PATHS = pytest.mark.parametrize("path", [HILLY, LEVEL_GROUND], ids=["with hills", "level ground"])
LEVELS = pytest.mark.parametrize("level", LADDER, ids=lambda level: f"level {level.number}")


def raised(lower: Step, upper: Step) -> set[str]:
    """Which variables the upper step asks more of. Longer bouts and more of them are both minutes."""
    one, other = lower.dose, upper.dose
    found = {
        "minutes": other.work_s > one.work_s or (other.bout_s > one.bout_s and other.bouts <= one.bouts),
        "speed": other.speed_kph > one.speed_kph,
        "incline": other.incline_percent > one.incline_percent,
        "gait": upper.level.runs and not lower.level.runs,
    }
    return {name for name, is_so in found.items() if is_so}


@PATHS
def test_a_step_up_raises_one_variable_and_no_other(path: tuple[Step, ...]) -> None:
    for lower, upper in pairwise(path):
        assert len(raised(lower, upper)) == 1, f"from {lower.text} to {upper.text}: {raised(lower, upper)}"


@PATHS
def test_a_step_up_asks_for_little_more(path: tuple[Step, ...]) -> None:
    """Faster than ever before, that is: uphill is slower than the level walk before it."""
    for at, (lower, upper) in enumerate(pairwise(path), start=1):
        faster = upper.dose.speed_kph - max(one.dose.speed_kph for one in path[:at])
        steeper = upper.dose.incline_percent - lower.dose.incline_percent
        assert faster <= SPEED_STEP_KPH + 1e-9, upper.text
        assert steeper <= INCLINE_STEP_PERCENT, upper.text


@PATHS
def test_the_levels_follow_each_other_and_running_comes_last(path: tuple[Step, ...]) -> None:
    numbers = [step.level.number for step in path]
    assert numbers == sorted(numbers)
    assert [step.level.runs for step in path] == sorted(step.level.runs for step in path)


def test_level_ground_has_no_incline_and_misses_nothing_else() -> None:
    assert {step.dose.incline_percent for step in LEVEL_GROUND} == {0}
    assert {step.level.number for step in LEVEL_GROUND} == set(range(11)) - {5}


PUBLISHED = {
    # level: lowest and highest speed, highest incline, longest work in one session in minutes
    0: (0.5, 0.8, 0, 2),
    1: (0.8, 1.5, 0, 5),
    2: (1.5, 2.0, 0, 10),
    3: (2.0, 3.0, 0, 10),
    4: (3.0, 4.0, 3, 20),
    5: (3.0, 4.0, 10, 20),
    6: (4.5, 5.6, 0, 12),
    7: (5.5, 6.5, 0, 5),
    8: (6.0, 8.0, 0, 10),
    9: (8.0, 8.0, 0, 10),
    10: (8.5, 9.7, 0, 10),
}
"""The ladder as it was written down before it was code; no level goes beyond its row."""


@LEVELS
def test_no_level_goes_beyond_what_was_written_down(level: Level) -> None:
    slowest, fastest, steepest, minutes = PUBLISHED[level.number]
    doses = [step.dose for step in steps_of(level)]
    assert min(dose.speed_kph for dose in doses) == slowest
    assert max(dose.speed_kph for dose in doses) <= fastest
    assert max(dose.incline_percent for dose in doses) == steepest
    assert max(dose.work_s for dose in doses) == minutes * 60


@LEVELS
def test_every_level_says_what_it_is_anchored_on(level: Level) -> None:
    assert level.anchor
    assert (level.good_days, level.apart_days) == (2 if level.number < 4 else 3, 2 if level.runs else 1)
    assert level.effort_max == (6 if level.number >= 8 else 4)


def tier_of(level: Level) -> Tier:
    return tier_for_level(level.number)


@LEVELS
def test_every_step_stays_inside_the_tier_of_its_level(level: Level) -> None:
    tier = tier_of(level)
    for step in steps_of(level):
        assert step.dose.speed_kph * 100 <= tier.backward_max_ckph, step.text
        assert step.dose.incline_percent * 10 <= tier.incline_max_dpct, step.text
        assert step.dose.bout_s <= tier.block_max_min * 60, step.text
        assert step.session_min <= tier.backward_min_day, step.text
        if level.runs:
            assert tier.running_min_day is not None
            assert step.dose.work_s / 60 <= tier.running_min_day, step.text


@LEVELS
def test_whoever_is_sent_back_to_a_level_asks_for_less_than_the_level_above_begins_with(level: Level) -> None:
    above = next((one for one in LADDER if one.number == level.number + 1), None)
    back, begins = steps_of(level)[level.return_at], None if above is None else steps_of(above)[0]
    if begins is not None:
        assert back.dose.speed_kph <= begins.dose.speed_kph
        assert back.dose.incline_percent <= begins.dose.incline_percent or level.number == 5


@PATHS
def test_8_kilometres_an_hour_is_for_a_harness_and_a_supervisor(path: tuple[Step, ...]) -> None:
    for step in path:
        needs = {"harness", "supervisor"} <= set(step.level.needs)
        assert needs is (step.dose.speed_kph >= HARNESS_FROM_KPH == 8.0), step.text


def test_uphill_is_no_faster_than_the_study_that_it_is_anchored_on() -> None:
    assert {step.dose.speed_kph for step in HILLY if step.dose.incline_percent >= 5} == {3.0}


def test_a_machine_that_sets_a_little_less_has_done_what_was_asked() -> None:
    asked = Dose(6, 30, 6.0, 5.0)
    assert Dose(6, 30, 5.95, 4.8).covers(asked)
    assert not Dose(6, 30, 5.9).covers(asked)
    assert not Dose(5, 30, 6.0, 5.0).covers(asked)
    assert not Dose(12, 15, 6.0, 5.0).covers(asked)


def test_steps_read_as_a_person_says_them() -> None:
    texts = [step.text for step in HILLY]
    assert texts[0] == "level 0, walk 4 x 30 s backward at 0.5 km/h"
    assert "level 4, walk 20 min backward at 4 km/h, 3 %" in texts
    assert "level 7, run 6 x 20 s backward at 5.5 km/h" in texts
    assert "level 8, run 5 x 1 min backward at 6 km/h" in texts
