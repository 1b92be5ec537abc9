"""A workout against limits and a machine: every kind of finding, and none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from retrotread.devices.simulated.archetypes import SLOW_REPORTER, WELL_BEHAVED
from retrotread.machine import Facing, Setpoint
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.tiers import TIERS
from retrotread.sessions.preflight import Finding, findings, limits_without_plan, plan_ceiling, ramp_rates
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
    return unroll(SmallPlan(steps, level, facing), ramp_rates(TIERS[tier]), 0.5)


def found(timeline: Timeline, tier: str) -> list[str]:
    return [one.message for one in findings(timeline, QUICK, TIERS[tier])]


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
    blocks = [step(8, 2.0, label=f"walk {n}") for n in range(4)]
    assert found(laid_out(*blocks), "novice") == ["33 minutes backward are above 25 a day (tier novice at home)"]


def test_forward_walking_has_no_backward_minutes() -> None:
    assert found(laid_out(step(59, 2.0), facing=Facing.CONSOLE), "novice") == []


def test_running_where_the_tier_has_none_is_a_finding() -> None:
    assert found(laid_out(step(1, 3.0, kind=StepKind.RUN)), "walker") == [
        "running backward is not part of tier experienced walker"
    ]


def test_too_many_minutes_of_running_are_a_finding() -> None:
    runs = [step(7, 6.0, kind=StepKind.RUN, label=f"run {n}") for n in range(3)]
    assert found(laid_out(*runs), "runner") == ["21 minutes of running are above 20 a day (tier trained, no harness)"]
    assert found(laid_out(*runs[:2]), "runner") == []


def test_a_block_that_is_too_long_names_its_step() -> None:
    timeline = laid_out(step(5, 2.0), step(11, 2.0))
    assert findings(timeline, QUICK, TIERS["novice"]) == (
        Finding("step 2, walk 11 min: 11 minutes in one block are above 10 (tier novice at home)", 2),
    )


def test_a_time_that_is_a_little_too_long_does_not_read_as_the_limit() -> None:
    assert found(laid_out(step(10.1, 2.0)), "novice") == [
        "step 1, walk 10.1 min: 10.1 minutes in one block are above 10 (tier novice at home)"
    ]


def test_the_ceiling_of_a_plan_is_its_highest_targets_in_whole_steps() -> None:
    assert plan_ceiling(laid_out(step(5, 2.0), step(5, 2.55, 1.0), step(5, 1.0))) == PlanCeiling(255, 10, "bench")


@pytest.mark.parametrize("tier", TIERS)
def test_ramp_rates_are_the_tiers_own(tier: str) -> None:
    rates = ramp_rates(TIERS[tier])
    assert rates.rise_kph_per_s * 100 == pytest.approx(TIERS[tier].rise_ckph_per_s)
    assert rates.fall_kph_per_s * 100 == pytest.approx(TIERS[tier].fall_ckph_per_s)
    assert rates.incline_percent_per_s == 0.5
