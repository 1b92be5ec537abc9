"""The time at target of a step, held against what a simulated belt really did; and the hardest rise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES, SLOW_REPORTER, WELL_BEHAVED
from retrotread.machine import Facing, Setpoint
from retrotread.safety.tiers import TIERS
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.preflight import ramp_rates
from retrotread.sessions.simulate import TICK_S, Simulation, simulate
from retrotread.sessions.worst_case import Rise, hardest_rise, seconds_at_target
from retrotread.workouts.engine import Phase
from retrotread.workouts.timeline import PlannedStep, StepKind, Timeline, unroll


@dataclass(frozen=True, slots=True)
class SmallPlan:
    """Steps of so many seconds at so many km/h; the last one is the cool-down."""

    steps: Sequence[tuple[float, float]]
    name: str = "bench"
    level: int | None = None
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        walks = [
            PlannedStep(StepKind.WALK, f"walk at {kph}", length_s, Setpoint(kph), Setpoint(kph))
            for length_s, kph in self.steps
        ]
        return [*walks[:-1], replace(walks[-1], kind=StepKind.COOL_DOWN)]


def laid_out(
    kind: Archetype, *steps: tuple[float, float], tier: str = "walker", lead_s: float | None = None
) -> Timeline:
    profile = kind.profile
    lead_s = profile.lag_ms / 1000 if lead_s is None else lead_s
    lowest_kph = profile.capabilities.speed_min_ckph / 100
    return unroll(SmallPlan(steps), ramp_rates(TIERS[tier]), lowest_kph, lead_s=lead_s)


def told(timeline: Timeline, kind: Archetype) -> list[float]:
    return [seconds_at_target(one, timeline, kind.profile) for one in timeline.steps]


def measured(timeline: Timeline, kind: Archetype, tier: str = "walker") -> list[float]:
    """Seconds of each step in which the belt really ran at its target.

    Nothing pauses: but for the warning before the first rise, which plan time waits for, it is run time.
    """
    done = simulate(Simulation(RunPlan.of("bench", timeline, tier), kind, trace=True))
    assert done.ended_well, done.ended
    running = [one for one in done.samples if one.phase is Phase.RUNNING]
    begins_s = running[-1].at_s - timeline.total_s
    at_target = [0.0 for _ in timeline.steps]
    for one in running:
        step = timeline.step_at(min(one.at_s - begins_s, timeline.total_s - TICK_S))
        at_target[step.index] += TICK_S if abs(one.true_kph - step.target.speed_kph) < 0.02 else 0.0
    return at_target


@pytest.mark.parametrize("tier", ["novice", "walker", "runner"])
def test_the_belt_is_as_long_at_target_as_was_told(tier: str) -> None:
    steps = ((60, 1.0), (45, 3.0), (60, 2.0), (30, 2.5), (40, 1.2))
    timeline = laid_out(WELL_BEHAVED, *steps, tier=tier)
    assert measured(timeline, WELL_BEHAVED, tier) == pytest.approx(told(timeline, WELL_BEHAVED), abs=1.0)


def test_a_console_of_coarse_steps_is_later_at_target_and_check_says_so() -> None:
    """One step of 0.16 km/h fits into half a second where 0.27 km/h were planned."""
    console = ARCHETYPES["mph-console"]
    timeline = laid_out(console, (60, 0.96), (45, 5.76), (60, 1.92), tier="runner")
    assert told(timeline, console)[1] == pytest.approx(45 - 4.8 / 0.32 - 0.5)
    assert measured(timeline, console, "runner") == pytest.approx(told(timeline, console), abs=1.0)


def test_a_way_in_is_taken_off_and_a_lead_takes_the_lag_off() -> None:
    rise_s = 1.8 / ramp_rates(TIERS["walker"]).rise_kph_per_s
    steps = ((60, 1.0), (60, 2.8), (60, 1.2))
    assert told(laid_out(WELL_BEHAVED, *steps), WELL_BEHAVED)[1] == pytest.approx(60 - rise_s - 0.5)
    assert told(laid_out(WELL_BEHAVED, *steps, lead_s=0.0), WELL_BEHAVED)[1] == pytest.approx(60 - rise_s - 0.5 - 0.4)


def test_a_belt_that_falls_slower_than_the_plan_arrives_later() -> None:
    timeline = laid_out(SLOW_REPORTER, (60, 1.0), (60, 3.8), (60, 1.3))
    fall_s = 2.5 / 0.5
    assert told(timeline, SLOW_REPORTER)[2] == pytest.approx(60 - fall_s)


def test_a_step_that_is_all_way_in_has_no_time_at_target() -> None:
    timeline = laid_out(SLOW_REPORTER, (60, 1.0), (60, 3.8), (4, 1.3), (60, 1.0))
    assert told(timeline, SLOW_REPORTER)[2] == 0.0


def test_the_hardest_rise_is_the_largest_into_one_step() -> None:
    rise = hardest_rise(laid_out(WELL_BEHAVED, (60, 1.0), (60, 3.0), (60, 2.0), (60, 3.5), (60, 1.0)))
    assert rise is not None
    assert replace(rise, length_s=round(rise.length_s, 6)) == Rise(1.0, 3.0, round(2 / 0.36, 6), 1)


def test_a_plan_that_only_falls_has_no_hardest_rise() -> None:
    assert hardest_rise(laid_out(WELL_BEHAVED, (60, 0.5), (60, 0.5))) is None
