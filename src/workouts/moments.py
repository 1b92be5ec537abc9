"""When the cues of a timeline come: worked out once, so that a tick only compares a number with the next one.

A *section* is a part of a stretch through which plan time runs without the engine having to find its way anew: it
ends where the belt stops, and after a step that is measured in metres, whose end nobody can foretell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..machine import Setpoint
from .cues import (
    COUNT_STEP_MIN_S,
    COUNTED_S,
    CUE_SLACK_S,
    NEXT_STEP_MIN_S,
    NEXT_STEP_S,
    RISE_WARNING_S,
    Cue,
    count_cue,
    next_cue,
    rise_cue,
)
from .ramps import Leg
from .steps import Segment, Step

COUNTS_APART_S = 4.0
"""Two counts that end closer together than this would be spoken into each other; the rise's is kept."""

STEEPER = 2.0
"""A rise that becomes so many times as steep in another step is felt as a new one, and is announced: who has got a
little faster for five minutes does not expect to be made to run. An engineering proposal."""

SLOWLY_S = 30.0
"""What rises for longer does so slowly: at the rates of the tiers every change is over by then, the steepest deck in
30 s, the frail at their highest speed in 15 s."""

ANNOUNCED_S = RISE_WARNING_S + CUE_SLACK_S


@dataclass(frozen=True, slots=True)
class Rise:
    """Something begins to rise at ``at_s``. ``joined``: it only goes on rising, unless the step before waits."""

    at_s: float
    cue: Cue
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A cue at ``at_s``; for the announcement of a rise, ``rise_s`` is when that begins, on the same count."""

    at_s: float
    cue: Cue
    rise_s: float | None = None
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The segments ``low`` to ``high - 1`` of the steps ``first`` to ``last``, and what rises in them.

    The rises are at the plan time at which the *wish* rises: ahead of the plan by the lead.
    """

    first: int
    last: int
    low: int
    high: int
    starts_s: float
    ends_s: float
    rises: tuple[Rise, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A cue of a step, ``before_s`` seconds before the moment at which the step waits when it is made longer.

    ``at_end``: it moves with the end of the step, because it speaks of what comes after it.
    """

    before_s: float
    cue: Cue
    at_end: bool
    rise_before_s: float | None
    joined: bool


def rises(leg: Leg) -> bool:
    """Whether one of the axes goes up along ``leg``."""
    return leg.end.speed_kph > leg.start.speed_kph or leg.end.incline_percent > leg.start.incline_percent


def rises_of(legs: Sequence[Leg], steps: Sequence[int], lead_s: float = 0.0) -> tuple[Rise, ...]:
    """Where the way along ``legs`` begins to rise, and where a rise goes on into another step."""
    found = []
    for at, (leg, step) in enumerate(zip(legs, steps, strict=True)):
        begins = at == 0 or not rises(legs[at - 1]) or step != steps[at - 1]
        if rises(leg) and begins:
            rise = legs[at : _last(legs, steps, at) + 1]
            cue = rise_cue(leg.start, rise[-1].end, step, _soon(rise))
            found.append(Rise(leg.starts_s - lead_s, cue, joined=at > 0 and _goes_on(legs, steps, at)))
    return tuple(found)


def _last(legs: Sequence[Leg], steps: Sequence[int], at: int) -> int:
    """The last leg of the rise that begins with leg ``at``."""
    while at + 1 < len(legs) and rises(legs[at + 1]) and _goes_on(legs, steps, at + 1):
        at += 1
    return at


def _soon(rise: Sequence[Leg]) -> Setpoint:
    """What a rise has come to when it goes on slowly, or at its end."""
    slow = next((leg for leg in rise if leg.length_s > SLOWLY_S), None)
    return rise[-1].end if slow is None else slow.start


def _goes_on(legs: Sequence[Leg], steps: Sequence[int], at: int) -> bool:
    """Whether leg ``at`` only goes on with the rise before it, and is no steeper one of another step."""
    before, leg = legs[at - 1], legs[at]
    if not rises(before) or steps[at] == steps[at - 1]:
        return rises(before)
    return all(now <= STEEPER * was for was, now in zip(_rates(before), _rates(leg), strict=True))


def _rates(leg: Leg) -> tuple[float, float]:
    """How fast speed and incline rise along ``leg``, a second."""
    speed, incline = leg.end.speed_kph - leg.start.speed_kph, leg.end.incline_percent - leg.start.incline_percent
    return max(0.0, speed) / leg.length_s, max(0.0, incline) / leg.length_s


def announcements(found: Sequence[Rise], from_s: float = 0.0) -> Iterator[Moment]:
    """For each rise the warning, not before ``from_s``, and a count; not where two counts would be spoken as one."""
    counted_s = None
    for rise in found:
        yield Moment(max(from_s, rise.at_s - ANNOUNCED_S), rise.cue, rise.at_s, rise.joined)
        if counted_s is None or rise.joined or rise.at_s - counted_s >= COUNTED_S[0]:
            yield from (Moment(rise.at_s - s, count_cue(s, rise.cue.step), None, rise.joined) for s in COUNTED_S)
            counted_s = counted_s if rise.joined else rise.at_s


def sections_of(steps: Sequence[Step], segments: Sequence[Segment], lead_s: float) -> tuple[Section, ...]:
    """Every section of a timeline, in order."""
    groups: list[list[Step]] = [[]]
    for step in steps:
        if not step.on_belt:
            groups.append([])
            continue
        groups[-1].append(step)
        if step.length_m is not None:
            groups.append([])
    return tuple(_section(group, segments, lead_s) for group in groups if group)


def _section(group: list[Step], segments: Sequence[Segment], lead_s: float) -> Section:
    first, last = group[0], group[-1]
    own = [at for at, segment in enumerate(segments) if first.index <= segment.step <= last.index]
    low, high = own[0], own[-1] + 1
    legs = segments[low:high]
    found = rises_of(legs, [leg.step for leg in legs], lead_s)
    return Section(first.index, last.index, low, high, first.starts_s, last.ends_s, found)


def dues_of(steps: Sequence[Step], section: Section, lead_s: float) -> Iterator[tuple[int, tuple[Due, ...]]]:
    """For each step of a section its cues, the first one first."""
    warned = tuple(announcements(section.rises, -float("inf")))
    for step in steps[section.first : section.last + 1]:
        after = steps[step.index + 1] if step.index + 1 < len(steps) else None
        dues = [*_rises_due(step, warned, lead_s), *_end_due(step, after, section, lead_s)]
        yield step.index, tuple(sorted(dues, key=lambda due: -due.before_s))


def waits_at_s(step: Step, lead_s: float) -> float:
    """The plan time at which a longer step waits: the wish is at its end, and not yet in the next step."""
    return max(step.starts_s, step.ends_s - lead_s)


def _rises_due(step: Step, warned: Sequence[Moment], lead_s: float) -> Iterator[Due]:
    """The announcements that fall into ``step``, and those of later rises that may come anew when it is made longer."""
    waits_s = waits_at_s(step, lead_s)
    rise_s = 0.0
    for moment in warned:
        rise_s = rise_s if moment.rise_s is None else moment.rise_s
        at_end = rise_s >= waits_s
        if moment.at_s < step.ends_s and (at_end or moment.at_s >= step.starts_s):
            rise_before_s = None if moment.rise_s is None else waits_s - moment.rise_s
            yield Due(waits_s - moment.at_s, moment.cue, at_end, rise_before_s, moment.joined)


def _end_due(step: Step, after: Step | None, section: Section, lead_s: float) -> Iterator[Due]:
    """The name of the next step, and the count to it where no rise is counted at the same time."""
    if step.length_m is not None:
        return
    if step.length_s >= NEXT_STEP_MIN_S:
        yield Due(NEXT_STEP_S, next_cue(step, after), at_end=True, rise_before_s=None, joined=False)
    counted = any(abs(r.at_s - step.ends_s) < COUNTS_APART_S for r in section.rises if not r.joined)
    if step.length_s < COUNT_STEP_MIN_S or counted:
        return
    for seconds in COUNTED_S:
        index = step.index if after is None else after.index
        yield Due(seconds - (step.ends_s - waits_at_s(step, lead_s)), count_cue(seconds, index), True, None, False)


def crossed(dues: Sequence[Due], before: tuple[float, float], after: tuple[float, float]) -> list[Due]:
    """The cues between two moments of a step, in order.

    A moment is two counts of seconds: to where the step waits, and the same with what is still to wait. A cue that
    only counts when the step waits is left out when it does not.
    """
    found = []
    for due in dues:
        told_s, now_s = before[due.at_end], after[due.at_end]
        if now_s <= due.before_s < told_s and not (due.joined and before[0] == before[1]):
            found.append((told_s - due.before_s, due))
    found.sort(key=lambda one: one[0])
    return [due for _, due in found]
