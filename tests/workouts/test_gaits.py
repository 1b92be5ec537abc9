"""Which steps are backward runs, whatever their authors call them, and for how long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.machine import BeltDirection, Facing, Setpoint
from retrotread.training.ladder import LADDER, RUNNING_FROM
from retrotread.workouts.gaits import (
    BACKWARD_RUN_KPH,
    as_fast_as_a_run_s,
    backward_run,
    backward_run_throughout,
    backward_running_s,
    easy_at,
    easy_before_run_s,
    easy_s,
    goes_backward,
)
from retrotread.workouts.steps import Step, StepKind

MINUTE = Step(0, StepKind.WALK, "walk", 0.0, 60.0, 0.0, Setpoint(3.0), Setpoint(3.0), None)


def minute(kind: StepKind, entry_kph: float, target_kph: float | None = None) -> Step:
    target_kph = entry_kph if target_kph is None else target_kph
    return replace(MINUTE, kind=kind, entry=Setpoint(entry_kph), target=Setpoint(target_kph))


@pytest.mark.parametrize(
    ("step", "run", "running_s", "fast_s"),
    [
        (minute(StepKind.WALK, 5.86), False, 0.0, 0.0),
        (minute(StepKind.WALK, 5.868), True, 60.0, 60.0),
        (minute(StepKind.COOL_DOWN, 7.9), True, 60.0, 60.0),
        (minute(StepKind.RUN, 5.5), True, 60.0, 0.0),
        (minute(StepKind.WALK, 3.868, 7.868), True, 30.0, 30.0),
        (minute(StepKind.COOL_DOWN, 7.868, 3.868), True, 30.0, 30.0),
        (minute(StepKind.WALK, 5.868, 3.0), True, 0.0, 0.0),
        (minute(StepKind.RUN, 7.868, 3.868), True, 60.0, 30.0),
    ],
)
def test_a_backward_run_is_told_by_its_word_or_by_its_speed(
    step: Step, run: bool, running_s: float, fast_s: float
) -> None:
    assert backward_run(step) is run
    assert backward_running_s(step) == pytest.approx(running_s)
    assert as_fast_as_a_run_s(step) == pytest.approx(fast_s)
    assert easy_s(step) == pytest.approx(60.0 - running_s)
    assert backward_run_throughout(step) is (running_s == 60.0)


def test_only_the_way_up_to_a_run_comes_before_it() -> None:
    assert easy_before_run_s(minute(StepKind.WALK, 3.868, 7.868)) == pytest.approx(30.0)
    assert easy_before_run_s(minute(StepKind.COOL_DOWN, 7.868, 3.868)) == 0.0
    assert easy_before_run_s(minute(StepKind.RUN, 3.868, 7.868)) == 0.0


@pytest.mark.parametrize("kind", [StepKind.TURN, StepKind.OFF_BELT])
def test_nobody_goes_anywhere_on_a_belt_that_stands(kind: StepKind) -> None:
    step = minute(kind, 9.0)
    assert (goes_backward(step), backward_run(step), backward_running_s(step), easy_s(step)) == (False, False, 0.0, 0.0)


def test_forward_it_is_easy_below_the_speed_at_which_people_begin_to_run() -> None:
    forward = replace(minute(StepKind.RUN, 7.1), facing=Facing.CONSOLE)
    assert (backward_run(forward), backward_running_s(forward), easy_s(forward)) == (False, 0.0, 60.0)
    assert easy_s(replace(minute(StepKind.WALK, 7.2), facing=Facing.CONSOLE)) == 0.0
    both = replace(minute(StepKind.RUN, 7.2), facing=Facing.CONSOLE, belt=BeltDirection.REVERSED)
    assert backward_running_s(both) == 60.0


def test_every_walk_of_the_ladder_is_one() -> None:
    fastest_kph = max(level.speeds_kph[-1] for level in LADDER[:RUNNING_FROM])
    assert fastest_kph < BACKWARD_RUN_KPH <= LADDER[RUNNING_FROM].speeds_kph[-1]


@pytest.mark.parametrize(
    ("step", "speed_kph", "easy"),
    [
        (MINUTE, 0.0, False),
        (MINUTE, 3.0, True),
        (MINUTE, 5.868, False),
        (replace(MINUTE, facing=Facing.CONSOLE), 7.1, True),
        (replace(MINUTE, facing=Facing.CONSOLE), 7.2, False),
        (replace(MINUTE, kind=StepKind.OFF_BELT), 3.0, False),
    ],
)
def test_easy_is_a_belt_that_moves_slower_than_people_run(step: Step, speed_kph: float, easy: bool) -> None:
    assert easy_at(step, speed_kph) is easy
