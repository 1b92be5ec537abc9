"""A workout against limits and a machine: every kind of finding, and none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from retrotread.devices.simulated.archetypes import SLOW_REPORTER, WELL_BEHAVED
from retrotread.machine import BeltDirection, Facing, Setpoint
from retrotread.safety.tiers import TIERS
from retrotread.sessions.preflight import (
    BESIDE_THE_PLAN_S,
    NOTHING_YET,
    Finding,
    Today,
    blocks,
    done_by,
    findings,
    limits_without_plan,
    ramp_rates,
    session_max_s,
    warm_up_cut_short,
)
from retrotread.workouts.gaits import BACKWARD_RUN_KPH, FORWARD_RUN_KPH
from retrotread.workouts.timeline import PlannedStep, StepKind, Timeline, unroll

QUICK = WELL_BEHAVED.profile


def step(
    minutes: float, speed_kph: float, incline_percent: float = 0.0, kind: StepKind = StepKind.WALK, label: str = ""
) -> PlannedStep:
    setpoint = Setpoint(speed_kph, incline_percent)
    return PlannedStep(kind, label or f"{kind.value} {minutes:g} min", minutes * 60, setpoint, setpoint)


@dataclass(frozen=True, slots=True)
class SmallPlan:
    steps: Sequence[PlannedStep]
    level: int | None = None
    facing: Facing = Facing.REAR
    name: str = "bench"

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        cool_down = Setpoint(1.0)
        return [*self.steps, PlannedStep(StepKind.COOL_DOWN, "cool down 60 s", 60, cool_down, cool_down)]


def laid_out(
    *steps: PlannedStep, tier: str = "runner", level: int | None = None, facing: Facing = Facing.REAR
) -> Timeline:
    """As it will be run; every step goes the way that the plan begins with."""
    timeline = unroll(SmallPlan(steps, level, facing), ramp_rates(TIERS[tier]), 0.5)
    return replace(timeline, steps=tuple(replace(one, facing=facing) for one in timeline.steps))


def turned(timeline: Timeline, *steps: int, facing: Facing, belt: BeltDirection = BeltDirection.FORWARD) -> Timeline:
    """The same plan, with other ways in some of its steps, counted from 1."""
    return replace(
        timeline,
        steps=tuple(
            replace(one, facing=facing, belt=belt) if one.index + 1 in steps else one for one in timeline.steps
        ),
    )


def standing(timeline: Timeline, number: int, kind: StepKind) -> Timeline:
    """The same plan, with one step that is none on a moving belt."""
    return replace(
        timeline,
        steps=tuple(replace(one, kind=kind) if one.index + 1 == number else one for one in timeline.steps),
    )


def found(timeline: Timeline, tier: str, today: Today = NOTHING_YET) -> list[str]:
    """What is found beside a missing warm-up, which these short plans leave out."""
    said = [one.message for one in findings(timeline, QUICK, TIERS[tier], today)]
    return [one for one in said if "of easy walking" not in one]


def test_a_plan_within_every_limit_has_no_finding() -> None:
    assert found(laid_out(step(10, 3.0), tier="novice", level=3), "novice") == []


def test_a_level_above_the_tier_is_a_finding() -> None:
    assert found(laid_out(step(5, 2.0), level=4), "novice") == [
        "level 4 is above tier novice at home, which ends at level 3"
    ]
    assert found(laid_out(step(5, 2.0), level=3), "novice") == []


def test_a_speed_above_the_tier_names_the_step_the_speeds_and_the_reason() -> None:
    timeline = laid_out(step(5, 2.0), step(2, 3.1))
    assert findings(timeline, QUICK, TIERS["novice"]) == (
        Finding("step 2, walk 2 min: 3.1 km/h is above 3.0 km/h (tier novice at home, backward)", 2),
    )


def test_a_repeat_is_one_finding_with_its_number() -> None:
    pair = (step(1, 3.5, label="walk 60 s (1 of 3)"), step(1, 2.0, label="walk slowly"))
    again = (step(1, 3.5, label="walk 60 s (2 of 3)"), step(1, 2.0, label="walk slowly"))
    once_more = (step(1, 3.5, label="walk 60 s (3 of 3)"), step(1, 2.0, label="walk slowly"))
    assert found(laid_out(*pair, *again, *once_more), "novice") == [
        "step 1, walk 60 s: 3.5 km/h is above 3.0 km/h (tier novice at home, backward), 3 times"
    ]


def test_a_speed_forward_is_held_against_the_forward_limit() -> None:
    timeline = laid_out(step(5, 6.1), facing=Facing.CONSOLE)
    assert found(timeline, "novice") == [
        "step 1, walk 5 min: 6.1 km/h is above 6.0 km/h (tier novice at home, forward)"
    ]


def test_a_machine_that_reports_slowly_has_a_limit_of_its_own() -> None:
    timeline = laid_out(step(5, 4.1), tier="walker")
    (one,) = findings(timeline, SLOW_REPORTER.profile, TIERS["walker"])
    assert one.message == (
        "step 1, walk 5 min: 4.1 km/h is above 4.0 km/h "
        "(Simulated treadmill (slow-reporter) reports only 1.0 times a second)"
    )


def test_an_incline_above_the_limit_names_the_step_and_the_reason() -> None:
    assert found(laid_out(step(5, 2.0, 0.5)), "novice") == [
        "step 1, walk 5 min: 0.5 % is above 0.0 % (tier novice at home)"
    ]


def test_an_incline_above_the_machine_is_the_machines_limit() -> None:
    timeline = laid_out(step(5, 2.0, 12.5), tier="walker")
    sky = TIERS["walker"]
    assert found(timeline, "walker") == ["step 1, walk 5 min: 12.5 % is above 10.0 % (tier experienced walker)"]
    assert limits_without_plan(timeline, QUICK, sky).incline_dpct.value == 100


def test_too_many_minutes_backward_a_day_are_a_finding() -> None:
    efforts = [step(8, 2.0 + n % 2 / 10, label=f"walk {n}") for n in range(4)]
    assert found(laid_out(*efforts), "novice") == ["33 minutes backward are above 25 a day (tier novice at home)"]


def test_what_was_done_today_counts_and_is_named() -> None:
    timeline = laid_out(step(10, 2.0), tier="novice")
    assert found(timeline, "novice", Today(backward_s=14 * 60)) == []
    assert found(timeline, "novice", Today(backward_s=15 * 60)) == [
        "11 minutes backward after 15 done today are above 25 a day (tier novice at home)"
    ]


def test_running_done_today_counts_for_running() -> None:
    timeline = laid_out(step(7, 6.0, kind=StepKind.RUN), step(1, 3.0))
    assert found(timeline, "runner", Today(backward_s=900, running_s=13 * 60)) == []
    assert found(timeline, "runner", Today(backward_s=900, running_s=14 * 60)) == [
        "7 minutes of running after 14 done today are above 20 a day (tier trained, no harness)"
    ]


def test_forward_walking_has_no_backward_minutes_and_no_blocks() -> None:
    assert found(laid_out(step(50, 2.0), facing=Facing.CONSOLE), "novice", Today(backward_s=9000)) == []


def test_only_the_backward_steps_count_against_the_backward_limits() -> None:
    timeline = laid_out(step(9, 2.0), step(20, 5.0, label="forward"), step(9, 2.0, label="again"))
    assert found(timeline, "novice") == [
        "step 2, forward: 5.0 km/h is above 3.0 km/h (tier novice at home, backward)",
        "39 minutes backward are above 25 a day (tier novice at home)",
        "step 2, forward: 20 minutes in one block are above 10 (tier novice at home)",
    ]
    assert found(turned(timeline, 2, facing=Facing.CONSOLE), "novice") == []
    too_fast = turned(laid_out(step(9, 2.0), step(20, 6.1, label="forward")), 2, facing=Facing.CONSOLE)
    assert found(too_fast, "novice") == ["step 2, forward: 6.1 km/h is above 6.0 km/h (tier novice at home, forward)"]


def test_an_hour_on_the_belt_is_the_longest_session() -> None:
    minutes = [step(20, 2.0), step(20, 2.0), step(19.5, 2.0)]
    assert found(laid_out(*minutes, facing=Facing.CONSOLE), "novice") == [
        "60.5 minutes on the belt are above 60 in one session"
    ]
    assert found(standing(laid_out(*minutes, facing=Facing.CONSOLE), 1, StepKind.OFF_BELT), "novice") == []


def test_what_is_left_of_the_day_bounds_the_backward_part_of_a_session_and_an_hour_the_whole() -> None:
    mixed = turned(laid_out(step(9, 2.0), step(20, 5.0), step(9, 2.0)), 2, facing=Facing.CONSOLE)
    novice = TIERS["novice"]
    assert session_max_s(mixed, novice, NOTHING_YET) == (20 + 25) * 60 + BESIDE_THE_PLAN_S
    assert session_max_s(mixed, novice, Today(backward_s=600)) == (20 + 15) * 60 + BESIDE_THE_PLAN_S
    assert session_max_s(laid_out(step(9, 2.0)), novice, Today(backward_s=1e5)) == 0
    forward = laid_out(step(9, 2.0), facing=Facing.CONSOLE)
    assert session_max_s(forward, novice, Today(backward_s=1e5)) == 600 + BESIDE_THE_PLAN_S
    assert session_max_s(laid_out(step(50, 5.0), facing=Facing.CONSOLE), novice, NOTHING_YET) == 3600


def test_a_reversed_belt_needs_a_machine_that_is_known_to_reverse() -> None:
    timeline = turned(laid_out(step(5, 2.0), step(5, 2.0)), 2, facing=Facing.CONSOLE, belt=BeltDirection.REVERSED)
    assert findings(timeline, QUICK, TIERS["novice"]) == (
        Finding(
            "step 2, walk 5 min: needs a reversed belt, and Simulated treadmill (well-behaved) is not known to "
            "reverse; face the rear on a belt that runs forward instead",
            2,
        ),
    )
    assert findings(timeline, replace(QUICK, reverses=True), TIERS["novice"]) == ()


def test_a_raised_deck_under_a_reversed_belt_is_refused_whatever_the_tier_allows() -> None:
    timeline = turned(laid_out(step(5, 2.0, 2.0)), 1, facing=Facing.CONSOLE, belt=BeltDirection.REVERSED)
    assert [one.message for one in findings(timeline, replace(QUICK, reverses=True), TIERS["walker"])] == [
        "step 1, walk 5 min: 2.0 % is above 0.0 % (a raised deck is downhill on a reversed belt)"
    ]


def test_running_where_the_tier_has_none_is_a_finding() -> None:
    said = "running backward is not part of tier experienced walker"
    assert found(laid_out(step(1, 3.0, kind=StepKind.RUN)), "walker") == [said]
    assert said in found(laid_out(step(1, BACKWARD_RUN_KPH)), "walker")
    assert said not in found(laid_out(step(1, 5.86)), "walker")


RUN = step(1, 6.0, kind=StepKind.RUN)


@pytest.mark.parametrize("before", [(), (step(4.9, 3.0),), (step(3, 2.0), step(1, 3.0))])
def test_a_backward_run_needs_five_minutes_on_the_belt_before_it(before: tuple[PlannedStep, ...]) -> None:
    met = findings(laid_out(*before, RUN), QUICK, TIERS["runner"])
    minutes = sum(one.length_s for one in before) / 60
    assert met == (
        Finding(
            f"step {len(before) + 1}, run 1 min: it comes after {minutes:.3g} minutes of easy walking, and a backward "
            "run needs 5 before it, with no more than 5 minutes off the belt between; put an easy walk of that length "
            "before it",
            len(before) + 1,
        ),
    )


def test_going_forward_warms_up_as_well_and_a_forward_run_needs_nothing() -> None:
    warm = laid_out(step(5, 6.0, kind=StepKind.RUN), RUN)
    assert findings(turned(warm, 1, facing=Facing.CONSOLE), QUICK, TIERS["runner"]) == ()
    assert findings(laid_out(RUN, facing=Facing.CONSOLE), QUICK, TIERS["runner"]) == ()
    assert findings(laid_out(step(5, 3.0), RUN, RUN), QUICK, TIERS["runner"]) == ()


FAST = step(1, 7.9, label="walk fast")


@pytest.mark.parametrize("kind", [StepKind.WALK, StepKind.COOL_DOWN])
def test_a_walk_as_fast_as_a_run_is_one_and_needs_its_warm_up(kind: StepKind) -> None:
    fast = replace(FAST, kind=kind)
    (cold,) = findings(laid_out(step(4, 3.0), fast), QUICK, TIERS["runner"])
    assert cold.message.startswith("step 2, walk fast: it comes after 4 minutes of easy walking, and a backward run ne")
    assert findings(laid_out(step(5, 3.0), fast), QUICK, TIERS["runner"]) == ()
    assert findings(laid_out(step(1, BACKWARD_RUN_KPH - 0.01), fast), QUICK, TIERS["runner"])[0].step == 2


def test_nobody_warms_up_by_running() -> None:
    cold = findings(laid_out(step(6, 7.9), step(1, 7.9), RUN), QUICK, TIERS["runner"])
    assert cold[0].message.startswith("step 1, walk 6 min: it comes after 0 minutes of easy walking")
    forward = turned(laid_out(step(4, 4.0), step(6, FORWARD_RUN_KPH), RUN), 2, facing=Facing.CONSOLE)
    assert findings(forward, QUICK, TIERS["runner"])[0].message.startswith(
        "step 3, run 1 min: it comes after 4 minutes"
    )


@pytest.mark.parametrize(("minutes", "warm"), [(7.0, True), (6.0, False)])
def test_of_a_way_up_to_a_run_the_slow_part_warms_up(minutes: float, warm: bool) -> None:
    """From 2 to 7 km/h it takes 77 % of the way until people run."""
    rise = replace(step(minutes, 7.0), start=Setpoint(2.0))
    assert (findings(laid_out(rise, RUN), QUICK, TIERS["runner"]) == ()) is warm


@pytest.mark.parametrize(("minutes", "warm"), [((5,), True), ((5.1,), False), ((3, 3), False)])
def test_whoever_stood_beside_the_belt_for_more_than_five_minutes_is_cold_again(
    minutes: tuple[float, ...], warm: bool
) -> None:
    timeline = laid_out(step(5, 3.0), RUN, *(step(one, 3.0) for one in minutes), step(1, 3.0), RUN)
    for number in range(3, 3 + len(minutes)):
        timeline = standing(timeline, number, StepKind.OFF_BELT)
    said = [one.message for one in findings(timeline, QUICK, TIERS["runner"])]
    last = 4 + len(minutes)
    assert (said == []) is warm
    assert warm or said[0].startswith(f"step {last}, run 1 min: it comes after 1 minutes of easy walking")


def test_only_what_comes_before_the_first_run_warms_up_for_it() -> None:
    timeline = laid_out(step(5, 3.0), RUN, step(1, 3.0), RUN)
    held = [warm_up_cut_short(timeline, one, 0.0) is not None for one in timeline.steps]
    assert held == [True, False, False, False, False]
    assert warm_up_cut_short(laid_out(step(5, 3.0)), timeline.steps[0], 0.0) is None


def test_from_8_kilometres_an_hour_on_a_harness_is_asked_for_by_the_speed_and_not_by_the_level() -> None:
    fast = laid_out(step(5, 3.0), step(1, 8.0, kind=StepKind.RUN), level=8)
    assert found(fast, "runner") == [
        "step 2, run 1 min: 8.0 km/h backward is for a harness and a supervisor, and tier trained, no harness has "
        "neither; stay below 8.0 km/h, or take level 9"
    ]
    assert found(laid_out(step(5, 3.0), step(1, 8.0, kind=StepKind.RUN), tier="harness", level=9), "harness") == []
    assert found(laid_out(step(5, 3.0), step(1, 7.9, kind=StepKind.RUN), level=8), "runner") == []


def test_too_many_minutes_of_running_are_a_finding() -> None:
    runs = [one for n in range(3) for one in (step(7, 6.0, kind=StepKind.RUN, label=f"run {n}"), step(1, 3.0))]
    assert found(laid_out(*runs), "runner") == ["21 minutes of running are above 20 a day (tier trained, no harness)"]
    assert found(laid_out(*runs[:4]), "runner") == []


def test_what_is_as_fast_as_a_run_counts_for_the_running_of_a_day_whatever_it_is_called() -> None:
    def minutes(running: float) -> list[str]:
        return [f"{running} minutes of running are above 20 a day (tier trained, no harness)"]

    fast = [one for n in range(3) for one in (step(7, 6.0, label=f"walk {n}"), step(1, 3.0))]
    assert found(laid_out(*fast), "runner") == minutes(21)
    down = replace(step(4, 3.868), start=Setpoint(7.868))
    assert found(laid_out(*fast[:4], step(5, 6.0), step(1, 3.0), down), "runner") == minutes(21)
    assert found(laid_out(*fast[:4], step(5, 5.8), step(1, 3.0), down), "runner") == []
    assert done_by(laid_out(step(5, 3.0), FAST, down), 6 * 60 + 200) == Today(560, 60 + 120)


def test_a_block_that_is_too_long_names_its_step() -> None:
    timeline = laid_out(step(5, 2.0), step(11, 2.1))
    assert findings(timeline, QUICK, TIERS["novice"]) == (
        Finding("step 2, walk 11 min: 11 minutes in one block are above 10 (tier novice at home)", 2),
    )


def test_a_long_block_written_as_two_steps_is_one_block() -> None:
    assert found(laid_out(step(6, 2.0), step(5, 2.0)), "novice") == [
        "step 1, walk 6 min: 11 minutes in one block are above 10 (tier novice at home)"
    ]
    assert found(laid_out(step(6, 2.0), step(5, 1.9)), "novice") == []


@pytest.mark.parametrize("kind", [StepKind.RUN, StepKind.WALK])
def test_runs_that_follow_each_other_are_one_block_at_any_speed_and_whatever_they_are_called(kind: StepKind) -> None:
    first, second = step(6, 6.0, kind=kind, label="run at 6.0"), step(6, 6.5, kind=StepKind.RUN)
    assert found(laid_out(first, second), "runner") == [
        "step 1, run at 6.0: 12 minutes in one block are above 10 (tier trained, no harness)"
    ]
    assert found(laid_out(first, step(1, 3.0), second), "runner") == []


@pytest.mark.parametrize("between", [StepKind.TURN, StepKind.OFF_BELT])
def test_what_happens_at_a_standstill_splits_blocks_and_is_no_time_on_the_belt(between: StepKind) -> None:
    timeline = standing(laid_out(step(6, 2.0), step(30, 2.0), step(5, 2.0)), 2, between)
    assert [(one.first.index, one.length_s) for one in blocks(timeline)] == [(0, 360), (2, 300), (3, 60)]
    assert found(timeline, "novice") == []


def test_alone_is_slow_level_short_and_without_running() -> None:
    timeline = laid_out(step(6, 1.6, 0.5), step(1, 1.5, kind=StepKind.RUN), level=4)
    assert found(timeline, "alone") == [
        "level 4 is above tier alone, which ends at level 3",
        "step 1, walk 6 min: 1.6 km/h is above 1.5 km/h (tier alone, backward)",
        "step 1, walk 6 min: 0.5 % is above 0.0 % (tier alone)",
        "running backward is not part of tier alone",
        "step 1, walk 6 min: 6 minutes in one block are above 5 (tier alone)",
    ]
    assert found(laid_out(step(5, 1.5), step(5, 1.2)), "alone") == []
    assert found(laid_out(step(5, 1.6), facing=Facing.CONSOLE), "alone") == [
        "step 1, walk 5 min: 1.6 km/h is above 1.5 km/h (tier alone, forward)"
    ]


def test_a_time_that_is_a_little_too_long_does_not_read_as_the_limit() -> None:
    assert found(laid_out(step(10.1, 2.0)), "novice") == [
        "step 1, walk 10.1 min: 10.1 minutes in one block are above 10 (tier novice at home)"
    ]


def test_what_was_done_of_a_plan_is_its_backward_part_up_to_then() -> None:
    mixed = turned(
        laid_out(step(2, 2.0), step(3, 5.0), step(1, 6.0, kind=StepKind.RUN), step(2, 2.0)), 2, facing=Facing.CONSOLE
    )
    assert done_by(mixed, 0.0) == Today(0.0, 0.0)
    assert done_by(mixed, 100.0) == Today(100.0, 0.0)
    assert done_by(mixed, 200.0) == Today(120.0, 0.0)
    assert done_by(mixed, 330.0) == Today(150.0, 30.0)
    assert done_by(mixed, 1e6) == Today(120.0 + 60.0 + 120.0 + 60.0, 60.0)


@pytest.mark.parametrize("tier", TIERS)
def test_ramp_rates_are_the_tiers_own(tier: str) -> None:
    rates = ramp_rates(TIERS[tier])
    assert rates.rise_kph_per_s * 100 == pytest.approx(TIERS[tier].rise_ckph_per_s)
    assert rates.fall_kph_per_s * 100 == pytest.approx(TIERS[tier].fall_ckph_per_s)
    assert rates.incline_percent_per_s == 0.5


def test_a_turn_needs_a_level_deck_which_a_belt_at_rest_cannot_bring_about() -> None:
    hill, flat, turn = step(5, 3.0, 3.0, label="hill"), step(5, 3.0, 1.0, label="flat"), step(1, 3.0, label="turn")
    steep = standing(laid_out(flat, hill, turn, step(5, 2.0)), 3, StepKind.TURN)
    assert [one for one in findings(steep, QUICK, TIERS["runner"]) if "turn" in one.message] == [
        Finding("hill: it ends at 3.0 %, and the turn behind it needs a level deck (limit 1 %)", 2)
    ]
    assert found(standing(laid_out(hill, flat, turn, step(5, 2.0)), 3, StepKind.TURN), "runner") == []
    assert found(laid_out(flat, hill, step(5, 2.0)), "runner") == []
