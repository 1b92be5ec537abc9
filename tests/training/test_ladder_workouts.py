"""The shipped workouts of the ladder are what its levels say."""

from __future__ import annotations

import pytest

from retrotread.training.ladder import LADDER, Level, steps_of
from retrotread.workouts import library
from retrotread.workouts.source import parse_workout
from retrotread.workouts.timeline import StepKind


@pytest.mark.parametrize("level", LADDER, ids=lambda level: f"level {level.number}")
def test_the_workout_of_a_level_asks_for_no_more_than_the_level(level: Level) -> None:
    path = library.find(level.workout)
    plan = parse_workout(path.read_bytes(), str(path))
    steps = [one for one in plan.planned_steps() if one.kind is not StepKind.OFF_BELT]
    points = [point for one in steps for point in (one.start, one.end)]
    longest = max(one.session_min for one in steps_of(level))
    assert plan.level == level.number
    assert max(point.speed_kph for point in points) <= level.speeds_kph[-1]
    assert max(point.incline_percent for point in points) <= level.inclines_percent[-1]
    assert any(one.kind is StepKind.RUN for one in steps) is level.runs
    assert sum(one.length_s for one in steps) / 60 <= longest
    assert {"harness", "spotter"} & set(plan.needs) or not level.runs


@pytest.mark.parametrize("level", LADDER[:10], ids=lambda level: f"level {level.number}")
def test_the_workout_of_a_level_holds_the_first_step_of_it(level: Level) -> None:
    """So that who has done it is credited with no more than they did; that of level 10 changes its speed too often."""
    path, dose = library.find(level.workout), steps_of(level)[0].dose
    plan = parse_workout(path.read_bytes(), str(path))
    held = [
        one.length_s
        for one in plan.planned_steps()
        if one.kind in {StepKind.WALK, StepKind.RUN}
        and min(one.start.speed_kph, one.end.speed_kph) >= dose.speed_kph
        and min(one.start.incline_percent, one.end.incline_percent) >= dose.incline_percent
    ]
    assert sum(held) >= dose.work_s
    assert max(held) >= dose.bout_s or dose.bouts == 1
