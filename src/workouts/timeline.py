"""A workout laid out in time: which set-point the plan wants at each second, and what is said when.

The belt moves in *stretches*. Between two of them it stands, for a turn or a step off the belt, and each begins at
the lowest speed of the belt. The *wish* is what a belt that answers late is asked for: the plan, ``lead_s`` ahead.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import groupby

from ..machine import STANDSTILL, BeltDirection, Facing, Setpoint
from .cues import Cue
from .layout import Layout
from .moments import ANNOUNCED_S, Due, Rise, Section, dues_of, rises, sections_of, waits_at_s
from .problems import WorkoutProblems
from .ramps import RampRates
from .steps import STANDING, Notice, Plan, PlannedStep, Segment, Step, StepKind, Stretch

__all__ = [
    "STANDING",
    "Notice",
    "Plan",
    "PlannedStep",
    "Segment",
    "Step",
    "StepKind",
    "Stretch",
    "Timeline",
    "TimelineError",
    "unroll",
]

LEAD_MAX_S = 10.0
"""A belt that answers later than this is no belt to lead; the slowest known answers in some three seconds."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A workout from second 0 to ``total_s``: segments without a gap in time.

    ``facing`` and ``belt`` are those of the first step. ``plan_hash`` names what the belt is asked for (name, and of
    every step the way to face, the way of the belt, the metres and the segments), not how it was written. Of several
    steps that begin at one moment (a turn has no length) only an index says which is on.
    """

    name: str
    facing: Facing
    belt: BeltDirection
    level: int | None
    steps: tuple[Step, ...]
    segments: tuple[Segment, ...]
    total_s: float
    lowest_kph: float
    rates: RampRates
    notices: tuple[Notice, ...] = ()
    lead_s: float = 0.0
    plan_hash: str = field(init=False)
    stretches: tuple[Stretch, ...] = field(init=False, repr=False, compare=False)
    turns: tuple[int, ...] = field(init=False, repr=False, compare=False)
    lowest: Setpoint = field(init=False, repr=False, compare=False)
    _segment_starts_s: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _step_starts_s: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _waits_at_s: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _sections: tuple[Section | None, ...] = field(init=False, repr=False, compare=False)
    _dues: tuple[tuple[Due, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sections: list[Section | None] = [None] * len(self.steps)
        dues: list[tuple[Due, ...]] = [()] * len(self.steps)
        for section in sections_of(self.steps, self.segments, self.lead_s):
            sections[section.first : section.last + 1] = [section] * (section.last + 1 - section.first)
            for index, due in dues_of(self.steps, section, self.lead_s):
                dues[index] = due
        worked_out = {
            "plan_hash": _hash(self),
            "stretches": _stretches(self.steps),
            "turns": tuple(step.index for step in self.steps if step.kind is StepKind.TURN),
            "lowest": Setpoint(self.lowest_kph),
            "_segment_starts_s": tuple(s.starts_s for s in self.segments),
            "_step_starts_s": tuple(s.starts_s for s in self.steps),
            "_waits_at_s": tuple(waits_at_s(step, self.lead_s) for step in self.steps),
            "_sections": tuple(sections),
            "_dues": tuple(dues),
        }
        for name, value in worked_out.items():
            object.__setattr__(self, name, value)

    def setpoint_at(self, plan_time_s: float) -> Setpoint:
        """What the plan has then; before the start its first set-point, after the end its last.

        Raises ValueError for a time that is not a number.
        """
        if plan_time_s > 0.0:
            return self.segments[bisect_right(self._segment_starts_s, plan_time_s) - 1].setpoint_at(plan_time_s)
        if math.isnan(plan_time_s):
            raise ValueError("a plan time is a number of seconds, not nan")
        return self.segments[0].start

    def step_at(self, plan_time_s: float) -> Step:
        """The last step that has begun then; the first before the start, the last after the end.

        Raises ValueError for a time that is not a number.
        """
        if plan_time_s > 0.0:
            return self.steps[bisect_right(self._step_starts_s, plan_time_s) - 1]
        if math.isnan(plan_time_s):
            raise ValueError("a plan time is a number of seconds, not nan")
        return self.steps[0]

    def wish_at(self, step: int, plan_time_s: float) -> Setpoint:
        """What the belt is asked for in that step: the plan ``lead_s`` later, never from beyond a standstill."""
        section = self._sections[step]
        if section is None:
            return STANDSTILL
        at_s = min(plan_time_s + self.lead_s, section.ends_s)
        index = bisect_right(self._segment_starts_s, at_s, section.low, section.high) - 1
        return self.segments[max(index, section.low)].setpoint_at(at_s)

    def begins_at(self, step: int, plan_time_s: float) -> Setpoint | None:
        """The plan's own set-point at the very beginning of a section, where a lead has to be caught up; else None."""
        section = self._sections[step]
        if section is None or plan_time_s != section.starts_s:
            return None
        return self.segments[section.low].start

    def segments_from(self, step: int, until_s: float) -> tuple[Segment, ...]:
        """The segments of a section from its beginning to those that reach ``until_s``."""
        section = self._sections[step]
        if section is None:
            return ()
        return tuple(s for s in self.segments[section.low : section.high] if s.starts_s < until_s)

    def rises_of(self, step: int) -> tuple[Rise, ...]:
        """Everything that rises in the section of ``step``, at the plan time at which its wish does."""
        section = self._sections[step]
        return () if section is None else section.rises

    def rises_ahead(self, step: int, plan_time_s: float, waits_s: float) -> tuple[tuple[float, Cue], ...]:
        """The rises that come too soon to be announced on the way, each with the seconds until it begins.

        ``waits_s``: how long plan time will wait at the end of ``step``. A rise that is under way begins again now.
        """
        section = self._sections[step]
        if section is None:
            return ()
        found = []
        for at, rise in enumerate(section.rises):
            in_s = rise.at_s - plan_time_s
            if rise.at_s >= self.waits_at_s(step):
                in_s += waits_s
            going_on = in_s <= 0.0 and self._rising(section, plan_time_s) and _is_last(section, at, plan_time_s)
            if going_on or (0.0 < in_s <= ANNOUNCED_S and not (rise.joined and waits_s <= 0.0)):
                found.append((max(0.0, in_s), rise.cue))
        return tuple(found)

    def _rising(self, section: Section, plan_time_s: float) -> bool:
        at_s = plan_time_s + self.lead_s
        if at_s >= section.ends_s:
            return False
        index = bisect_right(self._segment_starts_s, at_s, section.low, section.high) - 1
        return rises(self.segments[max(index, section.low)])

    def waits_at_s(self, step: int) -> float:
        """The plan time at which a step that was made longer waits."""
        return self._waits_at_s[step]

    def dues(self, step: int) -> tuple[Due, ...]:
        """The cues of a step on the belt, the first one first."""
        return self._dues[step]

    def after(self, step: int) -> Step | None:
        """The step that follows; None after the last."""
        return self.steps[step + 1] if step + 1 < len(self.steps) else None

    def stretch_of(self, step: int) -> Stretch | None:
        """The stretch that a step belongs to; None where the belt stands."""
        at = bisect_left([stretch.last for stretch in self.stretches], step)
        found = self.stretches[at] if at < len(self.stretches) else None
        return found if found is not None and found.first <= step else None

    def cool_down_of(self, step: int) -> Step | None:
        """The first step of the cool-down that ends the stretch of ``step``; None where there is none."""
        stretch = self.stretch_of(step)
        if stretch is None or self.steps[stretch.last].kind is not StepKind.COOL_DOWN:
            return None
        first = stretch.last
        while first > stretch.first and self.steps[first - 1].kind is StepKind.COOL_DOWN:
            first -= 1
        return self.steps[first]


class TimelineError(WorkoutProblems):
    """The workout reads well but cannot be laid out in time at these rates on this machine."""


def unroll(  # noqa: PLR0913  (who walks, on which belt)
    plan: Plan,
    rates: RampRates,
    lowest_kph: float,
    accept_lowest: bool = False,
    *,
    backward_max_kph: float | None = None,
    lead_s: float = 0.0,
) -> Timeline:
    """Lay ``plan`` out in time, each stretch from the lowest belt speed, with a cool-down after the last.

    With ``accept_lowest`` a target between 0 and ``lowest_kph`` becomes ``lowest_kph`` and a notice; without,
    it is a problem. ``backward_max_kph`` is the person's, for speeds that are a share of it. ``lead_s`` is how long the
    belt takes to answer; no step leads by more than the shortest of them lasts.

    Raises TimelineError with every problem, or ValueError for a lowest speed or a lead that is none.
    """
    if not math.isfinite(lowest_kph) or lowest_kph <= 0:
        raise ValueError(f"the lowest belt speed is a finite number of km/h above 0, not {lowest_kph!r}")
    if not math.isfinite(lead_s) or not 0 <= lead_s <= LEAD_MAX_S:
        raise ValueError(f"a lead is from 0 to {LEAD_MAX_S:g} s, not {lead_s!r}")
    layout = Layout(rates, lowest_kph, accept_lowest)
    layout.lay(plan.planned_steps(backward_max_kph))
    if layout.problems:
        raise TimelineError(tuple(layout.problems))
    steps = tuple(layout.steps)
    return Timeline(
        name=plan.name,
        facing=steps[0].facing,
        belt=steps[0].belt,
        level=plan.level,
        steps=steps,
        segments=tuple(layout.segments),
        total_s=layout.at_s,
        lowest_kph=lowest_kph,
        rates=rates,
        notices=tuple(layout.notices),
        lead_s=min([lead_s, *(step.length_s for step in steps if step.on_belt)]),
    )


def _is_last(section: Section, at: int, plan_time_s: float) -> bool:
    """Whether rise ``at`` is the last that began by then."""
    return at + 1 == len(section.rises) or section.rises[at + 1].at_s > plan_time_s


def _stretches(steps: tuple[Step, ...]) -> tuple[Stretch, ...]:
    found = []
    for on_belt, group in groupby(steps, key=lambda step: step.on_belt):
        if on_belt:
            first, *rest = group
            last = rest[-1] if rest else first
            found.append(Stretch(first.index, last.index, first.starts_s, last.ends_s))
    return tuple(found)


def _hash(timeline: Timeline) -> str:
    """SHA-256 over what the belt is asked for; the same plan gives the same text on every computer."""
    stances = [(s.kind.value, s.facing.value, s.belt.value, s.length_m) for s in timeline.steps]
    way = [
        (s.step, s.length_s, s.start.speed_kph, s.start.incline_percent, s.end.speed_kph, s.end.incline_percent)
        for s in timeline.segments
    ]
    return hashlib.sha256(repr((timeline.name, stances, way)).encode()).hexdigest()
