"""Between the cues: never in the way of one, never a chatter, and what a short step owes is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrotread.machine import Facing, Setpoint
from retrotread.workouts.engine import (
    INITIAL,
    BeltSeenMoving,
    HoldRequested,
    PersonConfirmedOn,
    StartRequested,
    Tick,
    step,
)
from retrotread.workouts.phrases import ENGLISH
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.remarks import (
    BREATH_S,
    HALF_WAY_MIN_S,
    POSTURE_AFTER_S,
    POSTURE_APART_S,
    RUN_POSTURE,
    SHORT_NEXT_S,
    WALK_POSTURE,
    Companion,
    Remark,
    remarks_between,
    remarks_of,
    speaks_s,
)
from retrotread.workouts.steps import PlannedStep, StepKind
from retrotread.workouts.timeline import Timeline, unroll

RATES = RampRates(rise_kph_per_s=0.5, fall_kph_per_s=0.8, incline_percent_per_s=0.5)
SLOW, FAST = Setpoint(2.0), Setpoint(6.0)
POSTURE = frozenset(WALK_POSTURE)


class Written:
    name, level, facing = "a plan", None, Facing.REAR

    def __init__(self, *steps: PlannedStep) -> None:
        self.steps = steps

    def planned_steps(self, backward_max_kph: float | None = None) -> tuple[PlannedStep, ...]:
        return self.steps


def walk(length_s: float, at: Setpoint = SLOW, facing: Facing = Facing.REAR) -> PlannedStep:
    return PlannedStep(StepKind.WALK, f"walk {length_s:g} s", length_s, at, at, facing=facing)


def run(length_s: float) -> PlannedStep:
    return PlannedStep(StepKind.RUN, f"run {length_s:g} s", length_s, FAST, FAST)


def cool_down(length_s: float) -> PlannedStep:
    return PlannedStep(StepKind.COOL_DOWN, f"cool down {length_s:g} s", length_s, SLOW, Setpoint(1.0))


def laid(*steps: PlannedStep, lead_s: float = 0.0) -> Timeline:
    return unroll(Written(*steps), RATES, 1.0, lead_s=lead_s)


INTERVALS = laid(walk(180), *[one for _ in range(4) for one in (run(60), walk(75))], cool_down(120), lead_s=0.4)


def keys(remarks: tuple[Remark, ...]) -> list[str]:
    return [one.said.key for one in remarks]


LENGTHS_S = st.integers(min_value=12, max_value=130)
SPEEDS = st.sampled_from((1.0, 1.5, 2.0, 3.0, 6.0))
STEPS = st.builds(lambda length_s, kph: walk(length_s, Setpoint(kph)), LENGTHS_S, SPEEDS)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(STEPS, min_size=2, max_size=9), st.sampled_from((0.0, 0.4, 3.0)))
def test_whatever_the_plan_no_remark_is_still_being_spoken_when_a_cue_begins(
    steps: list[PlannedStep], lead_s: float
) -> None:
    line = laid(*steps, cool_down(60), lead_s=lead_s)
    cues_s = [line.waits_at_s(one.index) - due.before_s for one in line.steps for due in line.dues(one.index)]
    cues_s += [one.starts_s for one in line.steps]
    for remark in remarks_of(line):
        over_s = remark.at_s + speaks_s(ENGLISH.text(remark.said)) + BREATH_S - 1e-6
        if not remark.owed:
            assert [at_s for at_s in cues_s if remark.at_s <= at_s < over_s] == [], remark


def test_no_remark_comes_between_a_warning_and_its_rise() -> None:
    dues = [(INTERVALS.waits_at_s(s.index), due) for s in INTERVALS.steps for due in INTERVALS.dues(s.index)]
    rises = [(w - due.before_s, w - due.rise_before_s) for w, due in dues if due.rise_before_s is not None]
    assert len(rises) == 4
    assert [r for r in remarks_of(INTERVALS) for low, high in rises if low <= r.at_s <= high] == []


def test_remarks_on_posture_keep_apart_and_all_of_them_come() -> None:
    told = [one for one in remarks_of(laid(walk(900), cool_down(60))) if one.said.key in POSTURE]
    assert all(after.at_s - before.at_s >= POSTURE_APART_S for before, after in pairwise(told))
    assert Counter(keys(tuple(told))) >= Counter(WALK_POSTURE)
    assert told[0].at_s >= POSTURE_AFTER_S
    assert len(told) <= 900 / 60


def test_who_runs_is_told_of_the_feet_first() -> None:
    for runs in (run(300), walk(300, FAST)):
        told = [one.said.key for one in remarks_of(laid(walk(30), runs, cool_down(60))) if one.step == 1]
        assert [key for key in told if key in POSTURE][:2] == list(RUN_POSTURE[:2]), runs.label


def test_who_goes_forward_is_told_nothing_of_going_backward() -> None:
    line = laid(walk(300, facing=Facing.CONSOLE), walk(300, facing=Facing.CONSOLE))
    assert POSTURE.isdisjoint(keys(remarks_of(line)))


def test_half_way_is_told_once_near_the_middle() -> None:
    (half,) = [one for one in remarks_of(INTERVALS) if one.said.key == "half-way"]
    assert 0.0 <= half.at_s - INTERVALS.total_s / 2 < 30.0


def test_half_of_a_short_workout_and_half_of_a_guess_are_not_told() -> None:
    assert "half-way" not in keys(remarks_of(laid(walk(HALF_WAY_MIN_S / 2), cool_down(60))))
    metres = replace(walk(600), length_m=300.0, label="walk 300 m")
    assert "half-way" not in keys(remarks_of(laid(walk(200), metres, cool_down(60))))


def test_the_last_of_the_hard_ones_is_called_so_and_no_rest_is() -> None:
    (last,) = [one for one in remarks_of(INTERVALS) if one.said.key == "last-one"]
    assert INTERVALS.steps[last.step].kind is StepKind.RUN
    assert all(one.kind is not StepKind.RUN for one in INTERVALS.steps[last.step + 1 :])


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (walk(60, Setpoint(1.5)), "next: walk 60 s, 1.5 km/h"),
        (
            PlannedStep(StepKind.OFF_BELT, "off belt 60 s", 60, Setpoint(0.0), Setpoint(0.0)),
            "next: the belt stops. off belt 60 s",
        ),
    ],
)
def test_a_short_step_tells_what_is_slower_or_stands_before_it_comes(after: PlannedStep, said: str) -> None:
    line = laid(walk(60), walk(12, FAST), after, walk(30))
    (told,) = [one for one in remarks_of(line) if one.owed]
    assert (ENGLISH.text(told.said), told.step) == (said, 1)
    assert told.at_s == pytest.approx(line.steps[1].ends_s - SHORT_NEXT_S)


def test_before_a_rise_a_short_step_owes_nothing_because_it_is_announced() -> None:
    assert [one for one in remarks_of(laid(walk(60), walk(12), walk(60, FAST), cool_down(60))) if one.owed] == []


def heard(line: Timeline, tick_s: float, hold_at_s: float | None = None) -> list[tuple[float, str]]:
    """A run ticked so: when what was remarked."""
    state, companion, said = INITIAL, Companion(), []
    for at_s, event in ((0.0, StartRequested()), (0.5, BeltSeenMoving()), (1.0, PersonConfirmedOn())):
        state = step(line, state, event, at_s).state
    now_s, held = 1.0, False
    while now_s < line.total_s + 30:
        now_s += tick_s
        hold = hold_at_s is not None and not held and now_s >= hold_at_s
        held = held or hold
        after = step(line, state, HoldRequested() if hold else Tick(), now_s).state
        said += [(now_s, one.said.key) for one in companion.between(line, state, after)]
        state = after
    return said


@pytest.mark.parametrize("tick_s", [0.05, 0.7, 13.0])
def test_every_remark_is_made_once_however_often_the_engine_is_asked(tick_s: float) -> None:
    assert len(heard(laid(walk(300), cool_down(60)), tick_s)) == len(remarks_of(laid(walk(300), cool_down(60))))


def test_in_a_hold_nothing_is_remarked_and_the_rest_comes_after_it() -> None:
    line = laid(walk(300), cool_down(60))
    said = [at_s for at_s, _ in heard(line, 0.5, hold_at_s=10.0)]
    assert [at_s for at_s in said if 10.0 <= at_s <= 360] == []


def test_between_two_states_without_time_there_is_nothing() -> None:
    line = laid(walk(300), cool_down(60))
    assert remarks_between(line, remarks_of(line), INITIAL, INITIAL) == ()


def test_a_longer_text_and_a_text_with_digits_take_longer() -> None:
    assert speaks_s("3") < speaks_s("faster in 5 seconds") < speaks_s("faster in 5 seconds, 12.5 km/h")
    assert speaks_s("3") < 1.0
