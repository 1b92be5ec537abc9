"""A workout held against limits and a machine, before anything moves: what it would hit, and why.

The same limits as in the guardian, by the same code; nothing here can widen them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..machine import DeviceProfile, Gait, gait, incline_to_dpct, speed_to_ckph
from ..safety.drive import INCLINE_RATE_DPCT_PER_S
from ..safety.limits import Limit, Limits, PlanCeiling, limits_for
from ..safety.tiers import Tier
from ..workouts.ramps import RampRates
from ..workouts.timeline import Step, StepKind, Timeline


@dataclass(frozen=True, slots=True)
class Finding:
    """One limit that a workout meets; ``step`` is the number of its first step there, or None for the whole."""

    message: str
    step: int | None = None


def ramp_rates(tier: Tier) -> RampRates:
    """The tier's rates in the plan's units."""
    return RampRates(tier.rise_ckph_per_s / 100, tier.fall_ckph_per_s / 100, INCLINE_RATE_DPCT_PER_S / 10)


def plan_ceiling(timeline: Timeline) -> PlanCeiling:
    """The highest targets of the plan."""
    ends = [point for one in timeline.segments for point in (one.start, one.end)]
    speed_kph = max((point.speed_kph for point in ends), default=0.0)
    incline_percent = max((point.incline_percent for point in ends), default=0.0)
    return PlanCeiling(speed_to_ckph(speed_kph), incline_to_dpct(incline_percent), timeline.name)


def limits_without_plan(timeline: Timeline, profile: DeviceProfile, tier: Tier) -> Limits:
    """What machine and tier allow, the plan's own ceiling left out, so that a plan can be held against it."""
    sky = PlanCeiling(10**6, 10**6, timeline.name)
    return limits_for(profile, tier, sky, timeline.facing, timeline.belt)


def findings(timeline: Timeline, profile: DeviceProfile, tier: Tier) -> tuple[Finding, ...]:
    """Every limit that the plan would hit on this machine in this tier; none means that it can be run as written."""
    limits = limits_without_plan(timeline, profile, tier)
    return (
        *_level(timeline, tier),
        *_too_fast(timeline, limits.speed_ckph),
        *_too_steep(timeline, limits.incline_dpct),
        *_too_long(timeline, tier),
    )


def _level(timeline: Timeline, tier: Tier) -> tuple[Finding, ...]:
    level = timeline.level
    if level is None or level <= tier.level_max:
        return ()
    return (Finding(f"level {level} is above tier {tier.title}, which ends at level {tier.level_max}"),)


def _too_fast(timeline: Timeline, limit: Limit) -> tuple[Finding, ...]:
    steps = [one for one in timeline.steps if _top_ckph(one) > limit.value]
    return tuple(
        Finding(
            f"{label}: {_top_ckph(step) / 100:.1f} km/h is above {limit.value / 100:.1f} km/h ({limit.reason})"
            + _times(count),
            step.index + 1,
        )
        for label, step, count in _grouped(steps)
    )


def _too_steep(timeline: Timeline, limit: Limit) -> tuple[Finding, ...]:
    steps = [one for one in timeline.steps if _top_dpct(one) > limit.value]
    return tuple(
        Finding(
            f"{label}: {_top_dpct(step) / 10:.1f} % is above {limit.value / 10:.1f} % ({limit.reason})" + _times(count),
            step.index + 1,
        )
        for label, step, count in _grouped(steps)
    )


def _grouped(steps: list[Step]) -> list[tuple[str, Step, int]]:
    """Steps with the same name and target once, with their number: eight repeats are one finding."""
    key = [(one.label.partition(" (")[0], one.entry, one.target) for one in steps]
    counts, seen = Counter(key), set[object]()
    grouped = []
    for one, name in zip(steps, key, strict=True):
        if name not in seen:
            seen.add(name)
            grouped.append((f"step {one.index + 1}, {name[0]}", one, counts[name]))
    return grouped


def _times(count: int) -> str:
    return f", {count} times" if count > 1 else ""


def _too_long(timeline: Timeline, tier: Tier) -> tuple[Finding, ...]:
    if gait(timeline.facing, timeline.belt) is not Gait.BACKWARD:
        return ()
    minutes, running = timeline.total_s / 60, _minutes(timeline, StepKind.RUN)
    found = []
    if minutes > tier.backward_min_day:
        found.append(
            Finding(
                f"{minutes:.4g} minutes backward are above {tier.backward_min_day} a day (tier {tier.title})",
            )
        )
    if running and tier.running_min_day is None:
        found.append(Finding(f"running backward is not part of tier {tier.title}"))
    elif tier.running_min_day is not None and running > tier.running_min_day:
        found.append(
            Finding(f"{running:.4g} minutes of running are above {tier.running_min_day} a day (tier {tier.title})")
        )
    for one in timeline.steps:
        if one.length_s > tier.block_max_min * 60:
            found.append(
                Finding(
                    f"step {one.index + 1}, {one.label}: {one.length_s / 60:.4g} minutes in one block are above "
                    f"{tier.block_max_min} (tier {tier.title})",
                    one.index + 1,
                )
            )
    return tuple(found)


def _minutes(timeline: Timeline, kind: StepKind) -> float:
    return sum(one.length_s for one in timeline.steps if one.kind is kind) / 60


def _top_ckph(step: Step) -> int:
    return speed_to_ckph(max(step.entry.speed_kph, step.target.speed_kph))


def _top_dpct(step: Step) -> int:
    return incline_to_dpct(max(step.entry.incline_percent, step.target.incline_percent))
