"""A plan laid out in time: ramps inside their steps, one axis at a time, nothing silent."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.machine import STANDSTILL, BeltDirection, Facing, Setpoint
from retrotread.workouts.problems import Place
from retrotread.workouts.ramps import AXIS_GAP_S, RampRates
from retrotread.workouts.timeline import PlannedStep, Segment, StepKind, Timeline, TimelineError, unroll

RATES = RampRates(rise_kph_per_s=0.2, fall_kph_per_s=0.5, incline_percent_per_s=0.5)
LOWEST_KPH = 0.8


@dataclass(frozen=True)
class Written:
    """A plan as an author might have written it."""

    steps: tuple[PlannedStep, ...]
    name: str = "a plan"
    level: int | None = 3
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> tuple[PlannedStep, ...]:
        return self.steps


def walk(length_s: float, start: Setpoint, end: Setpoint | None = None, say: str | None = None) -> PlannedStep:
    return PlannedStep(
        StepKind.WALK, f"walk {length_s:g} s", length_s, start, end or start, say, Place("p.yaml", 7, 5, "steps[0]")
    )


def cool_down(length_s: float, start: Setpoint, end: Setpoint | None = None) -> PlannedStep:
    return PlannedStep(StepKind.COOL_DOWN, "cool down", length_s, start, end or start)


def lay(*steps: PlannedStep, rates: RampRates = RATES, accept_lowest: bool = False) -> Timeline:
    return unroll(Written(steps), rates, LOWEST_KPH, accept_lowest)


REST = cool_down(60, Setpoint(1.0))


def test_the_way_into_a_step_lies_inside_its_length() -> None:
    line = lay(walk(60, Setpoint(2.8)), REST)
    assert [line.setpoint_at(t).speed_kph for t in (0, 5, 10, 60)] == pytest.approx([0.8, 1.8, 2.8, 2.8])
    assert line.steps[0].settled_s == pytest.approx(10)
    assert line.steps[1].starts_s == 60
    assert line.total_s == 120


def test_the_belt_comes_down_at_the_rate_for_falling() -> None:
    line = lay(walk(60, Setpoint(2.8)), REST)
    assert line.setpoint_at(60 + 1.8).speed_kph == pytest.approx(1.9)
    assert line.setpoint_at(60 + 3.6).speed_kph == pytest.approx(1.0)


def test_a_to_b_is_straight_over_what_is_left_of_the_step() -> None:
    line = lay(walk(70, Setpoint(2.8), Setpoint(4.0)), REST)
    assert line.setpoint_at(10).speed_kph == pytest.approx(2.8)
    assert line.setpoint_at(40).speed_kph == pytest.approx(3.4)
    assert line.setpoint_at(70).speed_kph == pytest.approx(4.0)
    assert (line.steps[0].entry, line.steps[0].target) == (Setpoint(2.8), Setpoint(4.0))


def test_the_deck_rises_two_seconds_after_the_speed_has_risen() -> None:
    line = lay(walk(60, Setpoint(2.8, 5.0)), cool_down(60, Setpoint(1.0)))
    assert line.setpoint_at(10) == Setpoint(2.8, 0.0)
    assert line.setpoint_at(12).incline_percent == pytest.approx(0.0)
    assert line.setpoint_at(13).incline_percent == pytest.approx(0.5)
    assert line.setpoint_at(22).incline_percent == pytest.approx(5.0)


def test_the_deck_comes_down_before_the_speed_goes_up() -> None:
    line = lay(walk(60, Setpoint(1.0, 4.0)), walk(60, Setpoint(2.0)), REST)
    assert line.setpoint_at(60 + 8) == Setpoint(1.0, 0.0)
    assert line.setpoint_at(60 + 8 + 2.5).speed_kph == pytest.approx(1.5)


def test_the_gap_between_the_axes_holds_over_the_border_of_two_steps() -> None:
    line = lay(walk(30, Setpoint(1.0), Setpoint(2.0)), walk(30, Setpoint(2.0, 1.0)), REST)
    assert line.setpoint_at(32).incline_percent == 0.0
    assert line.setpoint_at(33).incline_percent == pytest.approx(0.5)


def test_a_ramp_that_does_not_fit_is_named_with_its_numbers() -> None:
    with pytest.raises(TimelineError) as caught:
        lay(walk(5, Setpoint(2.8)), REST)
    assert str(caught.value) == (
        "p.yaml:7:5: steps[0]: walk 5 s: the way in, 0.8 km/h -> 2.8 km/h, takes 10 s at 0.2 km/h per s up, 0.5 down, "
        "0.5 % per s, and the step lasts 5 s; make the step at least 10 s long, or change less"
    )


def test_a_to_b_that_is_too_steep_is_named_and_its_mend_is_long_enough() -> None:
    with pytest.raises(TimelineError) as caught:
        lay(walk(20, Setpoint(2.8), Setpoint(5.8)), REST)
    problem = caught.value.problems[0]
    assert "2.8 km/h -> 5.8 km/h takes at least 15 s" in problem.message
    assert "the way in leaves 10 s of 20 s" in problem.message
    assert problem.mend.startswith("make the step at least 25 s long")
    assert lay(walk(25, Setpoint(2.8), Setpoint(5.8)), REST).total_s == 85


def test_the_mend_of_a_step_that_the_gap_alone_overruns_is_long_enough() -> None:
    rising = walk(11, Setpoint(2.8), Setpoint(2.8, 3.0))
    with pytest.raises(TimelineError) as caught:
        lay(rising, REST)
    assert "0 % -> 3 % takes at least 6 s" in caught.value.problems[0].message
    assert "the way in leaves 0 s of 11 s" in caught.value.problems[0].message
    assert caught.value.problems[0].mend.startswith("make the step at least 18 s long")
    assert lay(walk(18, Setpoint(2.8), Setpoint(2.8, 3.0)), REST).total_s == 78


def test_a_step_of_a_repeat_says_the_same_thing_once() -> None:
    with pytest.raises(TimelineError) as caught:
        lay(*[walk(5, Setpoint(2.8)), walk(60, Setpoint(0.8))] * 6, REST)
    assert len(caught.value.problems) == 1
    line = lay(*[walk(60, Setpoint(0.5))] * 6, REST, accept_lowest=True)
    assert [n.step for n in line.notices] == [0]


def test_speed_and_incline_may_not_both_rise_along_one_step() -> None:
    with pytest.raises(TimelineError, match=r"speed and incline both rise .*1.0 km/h -> 2.0 km/h and 0 % -> 2 %"):
        lay(walk(600, Setpoint(1.0), Setpoint(2.0, 2.0)), REST)


def test_all_problems_of_a_plan_come_at_once() -> None:
    with pytest.raises(TimelineError) as caught:
        lay(walk(5, Setpoint(2.8)), walk(5, Setpoint(6.0)), walk(60, Setpoint(0.3)), REST)
    assert len(caught.value.problems) == 3


def test_a_plan_without_a_cool_down_gets_one_and_says_so() -> None:
    line = lay(walk(60, Setpoint(4.0)))
    added = line.steps[-1]
    assert (added.kind, added.length_s) == (StepKind.COOL_DOWN, 120)
    assert (added.entry, added.target) == (Setpoint(3.0), Setpoint(LOWEST_KPH))
    assert [n.message for n in line.notices] == [
        "the plan does not end in a cool down, so 2 min were added: 3.0 km/h -> 0.8 km/h"
    ]
    assert line.total_s == 180


def test_an_added_cool_down_never_starts_faster_than_the_plan_ended() -> None:
    assert lay(walk(60, Setpoint(2.0))).steps[-1].entry == Setpoint(2.0)


def test_a_plan_with_its_own_cool_down_gets_no_other() -> None:
    line = lay(walk(60, Setpoint(2.0)), REST)
    assert (len(line.steps), line.notices) == (2, ())


def test_a_speed_below_the_lowest_of_the_belt_is_a_problem() -> None:
    with pytest.raises(TimelineError, match=r"asks for 0.5 km/h, and the lowest speed of this belt is 0.8 km/h"):
        lay(walk(60, Setpoint(0.5)), REST)


def test_a_speed_below_the_lowest_of_the_belt_is_raised_only_when_that_was_accepted_and_said() -> None:
    line = lay(walk(60, Setpoint(0.5)), REST, accept_lowest=True)
    assert line.setpoint_at(30).speed_kph == LOWEST_KPH
    assert [n.message for n in line.notices] == [
        "walk 60 s: asks for 0.5 km/h, and the lowest speed of this belt is 0.8 km/h, which it will run"
    ]


def test_before_the_start_and_after_the_end_the_ends_hold() -> None:
    line = lay(walk(60, Setpoint(2.0)), REST)
    assert line.setpoint_at(-1) == Setpoint(LOWEST_KPH)
    assert line.setpoint_at(1e9) == Setpoint(1.0)
    assert (line.step_at(-1).index, line.step_at(60).index, line.step_at(1e9).index) == (0, 1, 1)


def test_after_a_plan_that_ends_in_a_ramp_its_last_set_point_holds() -> None:
    line = lay(cool_down(60, Setpoint(2.0), Setpoint(1.0)))
    assert line.setpoint_at(60) == line.setpoint_at(1e9) == Setpoint(1.0)


def test_a_time_that_is_not_a_number_has_no_setpoint() -> None:
    line = lay(walk(60, Setpoint(2.0)), REST)
    with pytest.raises(ValueError, match="not nan"):
        line.setpoint_at(math.nan)
    with pytest.raises(ValueError, match="not nan"):
        line.step_at(math.nan)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_rates_and_the_lowest_speed_are_finite_and_above_zero(bad: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        RampRates(bad, 0.5, 0.5)
    with pytest.raises(ValueError, match="above 0"):
        unroll(Written((REST,)), RATES, bad)


def test_the_hash_names_what_the_belt_is_asked_for() -> None:
    one, same = lay(walk(60, Setpoint(2.0)), REST), lay(walk(60, Setpoint(2.0)), REST)
    other = lay(walk(60, Setpoint(2.1)), REST)
    assert one.plan_hash == same.plan_hash
    assert one.plan_hash != other.plan_hash


def test_the_belt_runs_forward_and_the_person_faces_as_the_plan_says() -> None:
    line = lay(REST)
    assert (line.belt, line.facing, line.name, line.level) == (BeltDirection.FORWARD, Facing.REAR, "a plan", 3)


def test_the_cool_down_is_the_last_run_of_such_steps() -> None:
    line = lay(cool_down(60, Setpoint(1.0)), walk(60, Setpoint(2.0)), cool_down(60, Setpoint(1.5)), REST)
    assert [step.index for step in map(line.cool_down_of, range(4)) if step is not None] == [2, 2, 2, 2]


def rest(length_s: float, facing: Facing = Facing.REAR) -> PlannedStep:
    return PlannedStep(StepKind.OFF_BELT, f"off belt {length_s:g} s", length_s, STANDSTILL, STANDSTILL, facing=facing)


def turn(facing: Facing) -> PlannedStep:
    return PlannedStep(
        StepKind.TURN, "turn", 0.0, STANDSTILL, STANDSTILL, place=Place("p.yaml", 9, 5, "steps[1]"), facing=facing
    )


def facing_console(step: PlannedStep) -> PlannedStep:
    return replace(step, facing=Facing.CONSOLE)


def test_each_stretch_begins_at_the_lowest_speed_of_the_belt() -> None:
    line = lay(walk(60, Setpoint(2.8)), rest(30), walk(60, Setpoint(1.8)), REST)
    assert [(s.first, s.last, s.starts_s, s.ends_s) for s in line.stretches] == [(0, 0, 0, 60), (2, 3, 90, 210)]
    assert line.setpoint_at(59.9) == Setpoint(2.8)
    assert line.setpoint_at(75) == STANDSTILL
    assert [line.setpoint_at(t).speed_kph for t in (90, 92.5, 95)] == pytest.approx([0.8, 1.3, 1.8])
    assert line.total_s == 210


def test_a_turn_has_no_length_and_the_steps_behind_it_face_the_other_way() -> None:
    after = [facing_console(step) for step in (walk(60, Setpoint(1.8)), REST)]
    line = lay(walk(60, Setpoint(2.8)), turn(Facing.CONSOLE), *after)
    assert (line.turns, line.total_s, line.facing) == ((1,), 180, Facing.REAR)
    assert [(s.starts_s, s.length_s, s.facing) for s in line.steps] == [
        (0, 60, Facing.REAR),
        (60, 0, Facing.CONSOLE),
        (60, 60, Facing.CONSOLE),
        (120, 60, Facing.CONSOLE),
    ]
    assert line.stretch_of(1) is None
    assert line.cool_down_of(0) is None


def test_facing_and_metres_change_the_hash() -> None:
    plain = lay(walk(60, Setpoint(1.8)), REST)
    turned = lay(facing_console(walk(60, Setpoint(1.8))), facing_console(REST))
    by_metres = lay(replace(walk(60, Setpoint(1.8)), length_m=30.0), REST)
    assert by_metres.total_s == pytest.approx(plain.total_s)
    assert len({plain.plan_hash, turned.plan_hash, by_metres.plan_hash}) == 3


def test_the_cool_down_is_added_before_what_ends_the_plan_off_the_belt() -> None:
    line = lay(walk(60, Setpoint(2.8)), rest(30))
    assert [step.kind for step in line.steps] == [StepKind.WALK, StepKind.COOL_DOWN, StepKind.OFF_BELT]


@pytest.mark.parametrize("after", [(), (rest(30, Facing.CONSOLE), facing_console(REST))])
def test_a_turn_leads_onto_the_belt(after: tuple[PlannedStep, ...]) -> None:
    with pytest.raises(TimelineError, match=r"p.yaml:9:5: .* follows the turn, and a turn leads onto the belt"):
        lay(REST, turn(Facing.CONSOLE), *after)


def test_nobody_faces_the_other_way_without_a_turn() -> None:
    with pytest.raises(TimelineError, match="put a turn between them"):
        lay(walk(60, Setpoint(1.8)), facing_console(REST))


def test_metres_take_as_long_as_the_mean_of_their_speeds() -> None:
    line = lay(replace(walk(1, Setpoint(1.8), Setpoint(5.4)), length_m=100.0), REST)
    assert line.steps[0].length_s == pytest.approx(100)


def test_metres_that_are_too_few_for_their_ramp_are_named_and_the_mend_is_enough() -> None:
    short = replace(walk(1, Setpoint(3.6)), length_m=10.0)
    with pytest.raises(TimelineError) as caught:
        lay(short, REST)
    problem = caught.value.problems[0]
    assert "takes 14 s" in problem.message
    assert problem.message.endswith("the step lasts about 10 s")
    assert problem.mend == "make the step at least 14 m long, or change less"
    assert lay(replace(short, length_m=14.0), REST).steps[0].length_s == pytest.approx(14)


def test_no_step_leads_by_more_than_the_shortest_lasts() -> None:
    written = Written((walk(2, Setpoint(LOWEST_KPH)), walk(60, Setpoint(1.8)), REST))
    assert unroll(written, RATES, LOWEST_KPH, lead_s=1.5).lead_s == 1.5
    assert unroll(written, RATES, LOWEST_KPH, lead_s=3.0).lead_s == 2.0


@pytest.mark.parametrize("bad", [-0.1, 10.1, math.nan, math.inf])
def test_a_lead_is_a_number_of_seconds_that_a_belt_may_take(bad: float) -> None:
    with pytest.raises(ValueError, match="a lead is from 0 to 10 s"):
        unroll(Written((REST,)), RATES, LOWEST_KPH, lead_s=bad)


def test_the_wish_is_ahead_of_the_plan_and_stays_in_its_stretch() -> None:
    written = Written((walk(60, Setpoint(1.8)), walk(60, Setpoint(2.8)), rest(30), REST))
    line = unroll(written, RATES, LOWEST_KPH, lead_s=2.0)
    assert line.wish_at(0, 58.5).speed_kph == pytest.approx(1.9)
    assert line.wish_at(1, 119.5) == Setpoint(2.8)
    assert line.wish_at(2, 130) == STANDSTILL


speeds_kph = st.floats(min_value=LOWEST_KPH, max_value=12.0)
inclines_percent = st.one_of(st.just(0.0), st.floats(min_value=0.0, max_value=15.0))
setpoints = st.builds(Setpoint, speeds_kph, inclines_percent)
steps = st.builds(walk, st.floats(min_value=20, max_value=400), setpoints, setpoints)
rates = st.builds(
    RampRates,
    st.floats(min_value=0.1, max_value=0.6),
    st.floats(min_value=0.1, max_value=1.1),
    st.floats(min_value=0.1, max_value=0.5),
)


def laid_or_refused(planned: list[PlannedStep], at: RampRates) -> Timeline | None:
    """Most random plans fit; one that does not has no timeline to look at."""
    try:
        return unroll(Written(tuple(planned)), at, LOWEST_KPH)
    except TimelineError:
        return None


@given(st.lists(steps, min_size=1, max_size=6), rates)
def test_segments_follow_each_other_without_a_gap_or_a_jump(planned: list[PlannedStep], at: RampRates) -> None:
    line = laid_or_refused(planned, at)
    if line is None:
        return
    assert line.segments[0].start == Setpoint(LOWEST_KPH)
    for before, after in pairwise(line.segments):
        assert before.end == after.start
        assert before.starts_s + before.length_s == pytest.approx(after.starts_s, abs=1e-6)


@given(st.lists(steps, min_size=1, max_size=6), rates)
def test_the_lengths_of_the_steps_and_of_the_segments_are_the_length_of_the_plan(
    planned: list[PlannedStep], at: RampRates
) -> None:
    line = laid_or_refused(planned, at)
    if line is None:
        return
    assert line.total_s == pytest.approx(sum(p.length_s for p in planned) + 120)
    assert line.total_s == pytest.approx(sum(s.length_s for s in line.segments))
    for step in line.steps:
        own = [s.length_s for s in line.segments if s.step == step.index]
        assert sum(own) == pytest.approx(step.length_s)


@given(st.lists(steps, min_size=1, max_size=6), rates)
def test_no_segment_is_steeper_than_its_rate(planned: list[PlannedStep], at: RampRates) -> None:
    line = laid_or_refused(planned, at)
    if line is None:
        return
    for segment in line.segments:
        change_kph = segment.end.speed_kph - segment.start.speed_kph
        change_percent = segment.end.incline_percent - segment.start.incline_percent
        assert change_kph <= at.rise_kph_per_s * segment.length_s + 1e-6
        assert -change_kph <= at.fall_kph_per_s * segment.length_s + 1e-6
        assert abs(change_percent) <= at.incline_percent_per_s * segment.length_s + 1e-6


def rises(segment: Segment) -> tuple[bool, bool]:
    return (
        segment.end.speed_kph > segment.start.speed_kph,
        segment.end.incline_percent > segment.start.incline_percent,
    )


@given(st.lists(steps, min_size=1, max_size=6), rates)
def test_speed_and_incline_never_rise_within_two_seconds_of_each_other(
    planned: list[PlannedStep], at: RampRates
) -> None:
    line = laid_or_refused(planned, at)
    if line is None:
        return
    speed_rises = [s for s in line.segments if rises(s)[0]]
    incline_rises = [s for s in line.segments if rises(s)[1]]
    for one in speed_rises:
        for other in incline_rises:
            first, second = sorted((one, other), key=lambda s: s.starts_s)
            assert second.starts_s - (first.starts_s + first.length_s) >= AXIS_GAP_S - 1e-6


@given(st.lists(steps, min_size=1, max_size=6), rates, st.floats(min_value=0, max_value=1))
def test_the_setpoint_never_leaves_the_range_that_the_steps_span(
    planned: list[PlannedStep], at: RampRates, part: float
) -> None:
    line = laid_or_refused(planned, at)
    if line is None:
        return
    seen = line.setpoint_at(part * line.total_s)
    asked = [s for p in planned for s in (p.start, p.end)]
    assert LOWEST_KPH <= seen.speed_kph <= max(s.speed_kph for s in asked)
    assert 0.0 <= seen.incline_percent <= max(s.incline_percent for s in asked)
