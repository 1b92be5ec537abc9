"""A plan built in code obeys the same rules as one from a file."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from retrotread.machine import Facing
from retrotread.workouts.plan import RunStep, WalkStep, WorkoutPlan
from retrotread.workouts.problems import NOWHERE
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.timeline import unroll

WALK = {"walk": "5 min", "speed": "2.0 km/h"}


def plan(**other: Any) -> WorkoutPlan:
    return WorkoutPlan.model_validate({"retrotread": 1, "name": "x", "facing": "rear", "steps": (WALK,), **other})


def test_a_plan_without_a_file_has_its_steps_nowhere() -> None:
    (step,) = plan().planned_steps()
    assert (step.label, step.place) == ("walk 5 min", NOWHERE)


def test_steps_and_facing_may_be_values_already() -> None:
    steps = (WalkStep(walk="60 s", speed="1 km/h"), RunStep(run="60 s", speed="6 km/h"))  # type: ignore[arg-type]
    built = plan(facing=Facing.CONSOLE, steps=steps)
    assert built.facing is Facing.CONSOLE
    assert [step.label for step in built.planned_steps()] == ["walk 60 s", "run 60 s"]


def test_the_ceiling_of_a_heart_rate_holds_in_its_step_and_in_no_other() -> None:
    steps = ({**WALK, "heart rate ceiling": "140 bpm"}, WALK)
    timeline = unroll(plan(steps=steps), RampRates(0.2, 0.54, 0.5), 0.5)
    assert [step.heart_bpm for step in timeline.steps] == [140, None, None]


def test_a_plan_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        plan().name = "other"


def test_equal_plans_are_equal_and_have_the_same_hash() -> None:
    assert plan() == plan()
    assert hash(plan()) == hash(plan())


@pytest.mark.parametrize(
    "other",
    [
        {"retrotread": True},
        {"retrotread": "1"},
        {"level": 1.0},
        {"level": float("nan")},
        {"name": 5},
        {"facing": None},
        {"needs": ["rails"]},
        {"steps": ({"walk": 300, "speed": "2.0 km/h"},)},
        {"steps": ({"walk": "5 min", "speed": 2.0},)},
        {"steps": ({"walk": "5 min", "speed": float("inf")},)},
        {"unknown": 1},
    ],
    ids=str,
)
def test_nothing_is_read_as_something_else(other: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        plan(**other)
