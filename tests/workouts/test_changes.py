"""A timeline with other speeds keeps its lengths, its rates and its inclines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrotread.machine import STANDSTILL, Facing, Setpoint
from retrotread.workouts.changes import Change, changed
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.timeline import PlannedStep, StepKind, Timeline, TimelineError, unroll

RATES = RampRates(rise_kph_per_s=0.2, fall_kph_per_s=0.5, incline_percent_per_s=0.5)


@dataclass(frozen=True)
class Written:
    steps: tuple[PlannedStep, ...]
    name: str = "a plan"
    level: int | None = None
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> tuple[PlannedStep, ...]:
        return self.steps


def walk(length_s: float, start: Setpoint, end: Setpoint | None = None) -> PlannedStep:
    return PlannedStep(StepKind.WALK, f"walk {length_s:g} s", length_s, start, end or start)


REST = PlannedStep(StepKind.OFF_BELT, "off belt", 30, STANDSTILL, STANDSTILL)
COOL_DOWN = PlannedStep(StepKind.COOL_DOWN, "cool down", 60, Setpoint(1.0), Setpoint(1.0))


def lay(*steps: PlannedStep) -> Timeline:
    return unroll(Written((*steps, COOL_DOWN)), RATES, 1.0)


def test_every_speed_is_scaled_and_no_incline() -> None:
    line = changed(lay(walk(60, Setpoint(3.0, 2.0)), walk(60, Setpoint(4.0), Setpoint(5.0))), Change(80))
    speeds_kph = [s.speed_kph for step in line.steps[:2] for s in (step.entry, step.target)]
    assert speeds_kph == pytest.approx([2.4, 2.4, 3.2, 4.0])
    assert [step.target.incline_percent for step in line.steps[:2]] == [2.0, 0.0]


def test_no_speed_falls_below_the_lowest_of_the_belt() -> None:
    line = changed(lay(walk(60, Setpoint(1.5))), Change(50))
    assert {s.target.speed_kph for s in line.steps} == {1.0}


def test_a_nudge_changes_one_step_and_the_ways_to_it_and_from_it() -> None:
    plain = lay(walk(60, Setpoint(2.0)), walk(60, Setpoint(3.0)), walk(60, Setpoint(2.0)))
    line = changed(plain, Change(100, 1, 0.5))
    assert [s.target.speed_kph for s in line.steps] == [2.0, 3.5, 2.0, 1.0]
    assert line.setpoint_at(60 + 7.5) == Setpoint(3.5)
    assert line.setpoint_at(120 + 1).speed_kph == pytest.approx(3.0)


def test_nothing_changed_is_the_timeline_itself() -> None:
    plain = lay(walk(60, Setpoint(2.0)))
    assert changed(plain, Change()) is plain


def test_a_ramp_that_became_too_long_goes_as_far_as_it_gets() -> None:
    line = changed(lay(walk(10, Setpoint(3.0)), walk(60, Setpoint(3.0))), Change(120))
    assert line.setpoint_at(10).speed_kph == pytest.approx(3.0)
    assert line.setpoint_at(13).speed_kph == pytest.approx(3.6)
    assert line.steps[0].settled_s == 10
    assert sum(s.length_s for s in line.segments if s.step == 0) == pytest.approx(10)


def test_a_slope_that_became_too_steep_keeps_to_the_rate() -> None:
    line = changed(lay(walk(10, Setpoint(1.0), Setpoint(3.0))), Change(120))
    assert line.setpoint_at(10).speed_kph == pytest.approx(3.0)


steps = st.builds(
    walk,
    st.floats(min_value=20, max_value=300),
    st.builds(Setpoint, st.floats(min_value=1.0, max_value=8.0), st.sampled_from([0.0, 1.0, 4.0])),
    st.builds(Setpoint, st.floats(min_value=1.0, max_value=8.0), st.sampled_from([0.0, 1.0, 4.0])),
)


@given(st.lists(st.one_of(steps, st.just(REST)), min_size=1, max_size=6), st.integers(50, 120), st.floats(-1, 1))
@settings(deadline=None)
def test_a_changed_timeline_has_the_same_lengths_no_gap_and_nothing_steeper(
    planned: list[PlannedStep], percent: int, nudge_kph: float
) -> None:
    try:
        plain = lay(*planned)
    except TimelineError:
        return
    line = changed(plain, Change(percent, 0, nudge_kph))
    assert [(s.starts_s, s.length_s, s.kind) for s in line.steps] == [
        (s.starts_s, s.length_s, s.kind) for s in plain.steps
    ]
    assert sum(s.length_s for s in line.segments) == pytest.approx(plain.total_s)
    for before, after in pairwise(line.segments):
        assert before.starts_s + before.length_s == pytest.approx(after.starts_s, abs=1e-6)
    for segment in line.segments:
        rise_kph = segment.end.speed_kph - segment.start.speed_kph
        rise_percent = segment.end.incline_percent - segment.start.incline_percent
        assert rise_kph <= RATES.rise_kph_per_s * segment.length_s + 1e-6
        assert -rise_kph <= RATES.fall_kph_per_s * segment.length_s + 1e-6
        assert abs(rise_percent) <= RATES.incline_percent_per_s * segment.length_s + 1e-6
