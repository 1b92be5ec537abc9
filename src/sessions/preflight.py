"""A workout held against limits and a machine, before anything moves: what it would hit, and why.

The same limits as in the guardian, by the same code; nothing here can widen them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..machine import BeltDirection, DeviceProfile, Facing, incline_to_dpct, speed_to_ckph
from ..safety.drive import INCLINE_RATE_DPCT_PER_S
from ..safety.limits import Limit, Limits, PlanCeiling, limits_for
from ..safety.tiers import Tier
from ..safety.turning import LEVEL_DPCT
from ..training.ladder import HARNESS_FROM_KPH, HARNESS_LEVEL
from ..workouts.gaits import (
    backward_run,
    backward_run_throughout,
    backward_running_s,
    easy_before_run_s,
    easy_s,
    goes_backward,
)
from ..workouts.ramps import RampRates
from ..workouts.steps import WARM_UP_S
from ..workouts.timeline import Step, Timeline
from .speed_text import console_speed_text

SESSION_MAX_S = 3600.0
"""An hour on the belt in one session, warm-up and cool-down included: rule R21."""

BESIDE_THE_PLAN_S = 120.0
"""The belt also moves while plan time waits: a minute at most until the person is on it, the warning before a rise,
the way down. So a plan that fills the day is walked to its end."""

COLD_AFTER_S = 300.0
"""Whoever stands beside the belt for longer than the warm-up lasted is not warm any more."""

_HAIR_S = 1e-6
"""Binary noise in a sum of lengths."""

Way = tuple[Facing, BeltDirection]


@dataclass(frozen=True, slots=True)
class Finding:
    """One limit that a workout meets; ``step`` is the number of its first step there, or None for the whole."""

    message: str
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """What was done today before this session, in seconds."""

    backward_s: float = 0.0
    running_s: float = 0.0


NOTHING_YET = Today()


@dataclass(frozen=True, slots=True)
class Block:
    """Backward steps of one effort without a break: the first of them, and how long they last together."""

    first: Step
    length_s: float

    def with_step(self, step: Step) -> Block:
        """This block and the step that goes on from it."""
        return Block(self.first, self.length_s + step.length_s)


def ramp_rates(tier: Tier) -> RampRates:
    """The tier's rates in the plan's units."""
    return RampRates(tier.rise_ckph_per_s / 100, tier.fall_ckph_per_s / 100, INCLINE_RATE_DPCT_PER_S / 10)


def limits_without_plan(timeline: Timeline, profile: DeviceProfile, tier: Tier, way: Way | None = None) -> Limits:
    """What machine and tier allow one way, by default that of the beginning; the plan's own ceiling is left out."""
    sky = PlanCeiling(10**6, 10**6, timeline.name)
    return limits_for(profile, tier, sky, *(way or (timeline.facing, timeline.belt)))


def ways(timeline: Timeline) -> tuple[Way, ...]:
    """The ways that the plan goes on a moving belt, each once, in their order."""
    return tuple(dict.fromkeys(way_of(one) for one in belt_steps(timeline)))


def findings(timeline: Timeline, profile: DeviceProfile, tier: Tier, today: Today = NOTHING_YET) -> tuple[Finding, ...]:
    """Every limit that the plan would hit on this machine in this tier, after what was done ``today``.

    None means that it can be run as written. Speeds and inclines are held against the limits of the way that a step
    goes: backward ones against those for backward, forward ones against those for forward.
    """
    return (
        *_level(timeline, tier),
        *(finding for way in ways(timeline) for finding in _beyond(timeline, way, profile, tier)),
        *_reversed(timeline, profile),
        *_raised_turns(timeline),
        *_without_warm_up(timeline),
        *_without_harness(timeline, tier),
        *_too_long(timeline, tier, today),
    )


def session_max_s(timeline: Timeline, tier: Tier, today: Today) -> float:
    """How long the belt may move in this session: an hour, and backward what is left of the tier's minutes a day.

    0 where nothing is left.
    """
    backward_s = sum(one.length_s for one in backward_steps(timeline))
    forward_s = sum(one.length_s for one in belt_steps(timeline)) - backward_s
    left_s = forward_s + max(0.0, tier.backward_min_day * 60 - today.backward_s)
    return min(SESSION_MAX_S, left_s + BESIDE_THE_PLAN_S) if left_s > 0 else 0.0


def done_by(timeline: Timeline, plan_time_s: float) -> Today:
    """The backward part of the first ``plan_time_s`` of a plan; a step that was left early counts whole."""
    done = [(one, min(one.length_s, max(0.0, plan_time_s - one.starts_s))) for one in backward_steps(timeline)]
    return Today(sum(s for _, s in done), sum(min(s, backward_running_s(one)) for one, s in done))


def way_of(step: Step) -> Way:
    """Where the person looks and which way the belt runs in a step."""
    return (step.facing, step.belt)


def belt_steps(timeline: Timeline) -> tuple[Step, ...]:
    """The steps on a moving belt: neither turns nor what is done beside it."""
    return tuple(one for one in timeline.steps if one.on_belt)


def backward_steps(timeline: Timeline) -> tuple[Step, ...]:
    """The steps on a moving belt in which the person goes backward."""
    return tuple(one for one in timeline.steps if goes_backward(one))


def blocks(timeline: Timeline) -> tuple[Block, ...]:
    """The backward blocks of the plan, in order; whatever stops or turns the belt ends one.

    A block is one effort held: steps of running that follow each other, or steps of walking that stay at one
    set-point. A change of speed while walking is a new effort, and so is a walk between two runs.
    """
    found: list[Block] = []
    before: Step | None = None
    for one in timeline.steps:
        if goes_backward(one):
            joined = before is not None and before.index == one.index - 1 and _same_effort(before, one)
            found = [*found[:-1], found[-1].with_step(one)] if joined else [*found, Block(one, one.length_s)]
            before = one
    return tuple(found)


def _same_effort(first: Step, second: Step) -> bool:
    if way_of(first) != way_of(second):
        return False
    if backward_run_throughout(first) and backward_run_throughout(second):
        return True
    return first.kind is second.kind and first.entry == first.target == second.entry == second.target


def _level(timeline: Timeline, tier: Tier) -> tuple[Finding, ...]:
    level = timeline.level
    if level is None or level <= tier.level_max:
        return ()
    return (Finding(f"level {level} is above tier {tier.title}, which ends at level {tier.level_max}"),)


def _beyond(timeline: Timeline, way: Way, profile: DeviceProfile, tier: Tier) -> tuple[Finding, ...]:
    limits = limits_without_plan(timeline, profile, tier, way)
    steps = [one for one in belt_steps(timeline) if way_of(one) == way]
    return (*_too_fast(steps, limits.speed_ckph, profile), *_too_steep(steps, limits.incline_dpct))


def _raised_turns(timeline: Timeline) -> tuple[Finding, ...]:
    """A turn is confirmed on a level deck, and a belt at rest moves no deck: what comes before it has to end level."""
    found, limit = [], LEVEL_DPCT / 10
    for turn in timeline.turns:
        before = next((one for one in reversed(timeline.steps[:turn]) if one.on_belt), None)
        if before is not None and before.target.incline_percent > limit:
            ends = f"{before.label}: it ends at {before.target.incline_percent:.1f} %"
            found.append(
                Finding(f"{ends}, and the turn behind it needs a level deck (limit {limit:.0f} %)", before.index + 1)
            )
    return tuple(found)


def _without_warm_up(timeline: Timeline) -> tuple[Finding, ...]:
    """The first backward run with too little before it. Only what is slower than a run warms up, forward as well."""
    warm_s = stood_s = 0.0
    for one in timeline.steps:
        stood_s = 0.0 if one.on_belt else stood_s + one.length_s
        if stood_s > COLD_AFTER_S:
            warm_s = 0.0
        if backward_run(one) and (before_s := warm_s + easy_before_run_s(one)) < WARM_UP_S - _HAIR_S:
            return (Finding(_cold(one, before_s), one.index + 1),)
        warm_s += easy_s(one)
    return ()


def warm_up_cut_short(timeline: Timeline, skipped: Step, warm_s: float) -> str | None:
    """Why a step is not skipped after ``warm_s`` of easy walking: the first backward run would have too little before
    it. None where it has enough, or has begun."""
    run = next((one for one in timeline.steps if backward_run(one)), None)
    if run is None or run.index <= skipped.index:
        return None
    planned_s = sum(easy_s(one) for one in timeline.steps[skipped.index + 1 : run.index]) + easy_before_run_s(run)
    if warm_s + planned_s >= WARM_UP_S - _HAIR_S:
        return None
    return (
        f"not skipped: it would leave {(warm_s + planned_s) / 60:.1f} minutes of easy walking before the backward run "
        f"in step {run.index + 1}, which needs {WARM_UP_S / 60:.0f}"
    )


def _cold(run: Step, warm_s: float) -> str:
    return (
        f"{run.where}: it comes after {warm_s / 60:.3g} minutes of easy walking, and a backward "
        f"run needs {WARM_UP_S / 60:.0f} before it, with no more than {COLD_AFTER_S / 60:.0f} minutes off the belt "
        "between; put an easy walk of that length before it"
    )


def _without_harness(timeline: Timeline, tier: Tier) -> tuple[Finding, ...]:
    """The first step that is as fast as only a harness and a supervisor make it, in a tier that has neither."""
    limit_ckph = speed_to_ckph(HARNESS_FROM_KPH)
    first = next((one for one in backward_steps(timeline) if _top_ckph(one) >= limit_ckph), None)
    if first is None or tier.level_min >= HARNESS_LEVEL:
        return ()
    return (
        Finding(
            f"{first.where}: {_top_ckph(first) / 100:.1f} km/h backward is for a harness and a "
            f"supervisor, and tier {tier.title} has neither; stay below {HARNESS_FROM_KPH:.1f} km/h, or take level "
            f"{HARNESS_LEVEL}",
            first.index + 1,
        ),
    )


def _too_fast(steps: list[Step], limit: Limit, profile: DeviceProfile) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            f"{label}: {console_speed_text(profile, _top_ckph(step) / 100)} is above "
            f"{console_speed_text(profile, limit.value / 100)} ({limit.reason})" + _times(count),
            step.index + 1,
        )
        for label, step, count in _grouped([one for one in steps if _top_ckph(one) > limit.value])
    )


def _too_steep(steps: list[Step], limit: Limit) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            f"{label}: {_top_dpct(step) / 10:.1f} % is above {limit.value / 10:.1f} % ({limit.reason})" + _times(count),
            step.index + 1,
        )
        for label, step, count in _grouped([one for one in steps if _top_dpct(one) > limit.value])
    )


def _reversed(timeline: Timeline, profile: DeviceProfile) -> tuple[Finding, ...]:
    """The first step that needs a belt in the other direction, on a machine that is not known to have one."""
    first = next((one for one in belt_steps(timeline) if one.belt is BeltDirection.REVERSED), None)
    if first is None or profile.reverses:
        return ()
    message = f"{first.where}: needs a reversed belt, and {profile.name} is not known to reverse"
    return (Finding(f"{message}; face the rear on a belt that runs forward instead", first.index + 1),)


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


def _too_long(timeline: Timeline, tier: Tier, today: Today) -> tuple[Finding, ...]:
    found = [*_too_long_today(timeline, tier, today)]
    runs = [one for one in timeline.steps if backward_run(one)]
    if runs and tier.running_min_day is None:
        found.append(Finding(f"running backward is not part of tier {tier.title}"))
    elif runs and tier.running_min_day is not None:
        running_s = sum(map(backward_running_s, runs))
        found += _above_day("of running", running_s, today.running_s, tier.running_min_day, tier)
    return (*found, *(_block_finding(one, tier) for one in blocks(timeline) if one.length_s > tier.block_max_min * 60))


def _too_long_today(timeline: Timeline, tier: Tier, today: Today) -> list[Finding]:
    on_belt_s = sum(one.length_s for one in belt_steps(timeline))
    backward_s = sum(one.length_s for one in backward_steps(timeline))
    found = _above_day("backward", backward_s, today.backward_s, tier.backward_min_day, tier) if backward_s else []
    if on_belt_s > SESSION_MAX_S:
        found.append(
            Finding(f"{on_belt_s / 60:.4g} minutes on the belt are above {SESSION_MAX_S / 60:.0f} in one session")
        )
    return found


def _above_day(what: str, plan_s: float, done_s: float, limit_min: int, tier: Tier) -> list[Finding]:
    if plan_s + done_s <= limit_min * 60 + _HAIR_S:
        return []
    after = f" after {done_s / 60:.3g} done today" if done_s else ""
    return [Finding(f"{plan_s / 60:.4g} minutes {what}{after} are above {limit_min} a day (tier {tier.title})")]


def _block_finding(block: Block, tier: Tier) -> Finding:
    return Finding(
        f"{block.first.where}: {block.length_s / 60:.4g} minutes in one block are above "
        f"{tier.block_max_min} (tier {tier.title})",
        block.first.index + 1,
    )


def _top_ckph(step: Step) -> int:
    return speed_to_ckph(step.top_kph)


def _top_dpct(step: Step) -> int:
    return incline_to_dpct(max(step.entry.incline_percent, step.target.incline_percent))
