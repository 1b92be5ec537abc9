"""A workout laid out in time: which set-point the plan wants at each second.

A step's way in, from the set-point before it to its own, lies inside its length and keeps to the ramp
rates; ``a -> b`` is straight over what is left. Nothing here is rounded: that happens once, at the edge.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from ..machine import BeltDirection, Facing, Setpoint
from .problems import NOWHERE, Place, Problem, WorkoutProblems
from .quantity import duration_text, incline_text, number_text, speed_text
from .ramps import Leg, RampRates, Road

COOL_DOWN_S = 120.0
"""Length of the cool-down that is added to a plan without one: time for the slowest tier to come down from
its highest speed several times over, and to stand steady before the belt stops."""

COOL_DOWN_FROM_KPH = 3.0
"""Where that cool-down begins, unless the plan was slower: the highest speed of the first tier, so a walk
that everybody who may be on the belt is allowed."""

_HAIR = 1e-9
"""Binary noise, in s or km/h per s: a ramp that fills its step to the last bit fits."""


class StepKind(Enum):
    """What the person does during a step."""

    WALK = "walk"
    RUN = "run"
    COOL_DOWN = "cool down"
    TURN = "turn"
    OFF_BELT = "off belt"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step as the author wrote it, repeats already unrolled: ``start -> end`` over ``length_s``.

    With ``length_m`` the step ends when so many metres were measured, and ``length_s`` counts for nothing. ``facing``
    and ``belt`` are those that hold in the step; in a turn, which has length 0, those after it.
    """

    kind: StepKind
    label: str
    length_s: float
    start: Setpoint
    end: Setpoint
    say: str | None = None
    place: Place = NOWHERE
    length_m: float | None = None
    facing: Facing = Facing.REAR
    belt: BeltDirection = BeltDirection.FORWARD


class Plan(Protocol):
    """What ``unroll`` needs of a workout, whichever format it came from."""

    @property
    def name(self) -> str: ...
    @property
    def level(self) -> int | None: ...
    @property
    def facing(self) -> Facing: ...

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        """At least one step, in order; speeds that are a share of the person's maximum need that maximum."""
        ...


@dataclass(frozen=True, slots=True)
class Segment(Leg):
    """A leg of the timeline and the step that it belongs to."""

    step: int
    label: str
    say: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the timeline.

    ``entry`` is the set-point that its way in leads to, reached at plan time ``settled_s``; ``target`` is the
    one it ends with. They differ for ``a -> b`` only. ``say`` is the cue of its author.
    """

    index: int
    kind: StepKind
    label: str
    starts_s: float
    length_s: float
    settled_s: float
    entry: Setpoint
    target: Setpoint
    say: str | None
    facing: Facing = Facing.REAR
    belt: BeltDirection = BeltDirection.FORWARD
    length_m: float | None = None

    @property
    def ends_s(self) -> float:
        return self.starts_s + self.length_s


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that ``unroll`` did or let pass and that a person has to know; ``step`` is its index."""

    step: int
    message: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A workout from second 0 to ``total_s``: segments without a gap, the first from the lowest belt speed.

    ``belt`` is forward throughout: with the person facing the rear that is backward and, inclined, uphill.
    ``plan_hash`` names what the belt is asked for (name, facing, belt, every segment), not how it was written.
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
    plan_hash: str = field(init=False)
    lowest: Setpoint = field(init=False, repr=False, compare=False)
    _segment_starts_s: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _step_starts_s: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plan_hash", _hash(self))
        object.__setattr__(self, "lowest", Setpoint(self.lowest_kph))
        object.__setattr__(self, "_segment_starts_s", tuple(s.starts_s for s in self.segments))
        object.__setattr__(self, "_step_starts_s", tuple(s.starts_s for s in self.steps))

    def setpoint_at(self, plan_time_s: float) -> Setpoint:
        """What the plan wants then; before the start its first set-point, after the end its last.

        Raises ValueError for a time that is not a number.
        """
        if plan_time_s > 0.0:
            return self.segments[bisect_right(self._segment_starts_s, plan_time_s) - 1].setpoint_at(plan_time_s)
        if math.isnan(plan_time_s):
            raise ValueError("a plan time is a number of seconds, not nan")
        return self.segments[0].start

    def step_at(self, plan_time_s: float) -> Step:
        """The step that is on then; the first before the start, the last after the end.

        Raises ValueError for a time that is not a number.
        """
        if plan_time_s > 0.0:
            return self.steps[bisect_right(self._step_starts_s, plan_time_s) - 1]
        if math.isnan(plan_time_s):
            raise ValueError("a plan time is a number of seconds, not nan")
        return self.steps[0]

    def cool_down(self) -> Step:
        """The first step of the cool-down that ends the plan."""
        last = len(self.steps) - 1
        while last > 0 and self.steps[last - 1].kind is StepKind.COOL_DOWN:
            last -= 1
        return self.steps[last]


class TimelineError(WorkoutProblems):
    """The workout reads well but cannot be laid out in time at these rates on this machine."""


def unroll(plan: Plan, rates: RampRates, lowest_kph: float, accept_lowest: bool = False) -> Timeline:
    """Lay ``plan`` out in time from the lowest belt speed, with a cool-down at its end.

    With ``accept_lowest`` a target between 0 and ``lowest_kph`` becomes ``lowest_kph`` and a notice; without,
    it is a problem. Raises TimelineError with every problem, or ValueError for a lowest speed that is none.
    """
    if not math.isfinite(lowest_kph) or lowest_kph <= 0:
        raise ValueError(f"the lowest belt speed is a finite number of km/h above 0, not {lowest_kph!r}")
    layout = _Layout(rates, lowest_kph, accept_lowest)
    planned = plan.planned_steps()
    for step in planned:
        layout.add(step)
    if planned[-1].kind is not StepKind.COOL_DOWN:
        layout.add_cool_down(planned[-1])
    if layout.problems:
        raise TimelineError(tuple(layout.problems))
    return Timeline(
        name=plan.name,
        facing=plan.facing,
        belt=BeltDirection.FORWARD,
        level=plan.level,
        steps=tuple(layout.steps),
        segments=tuple(layout.segments),
        total_s=layout.road.at_s,
        lowest_kph=lowest_kph,
        rates=rates,
        notices=tuple(layout.notices),
    )


class _Layout:
    """Steps put on the road one by one, with what went wrong beside them. Lives inside ``unroll``."""

    def __init__(self, rates: RampRates, lowest_kph: float, accept_lowest: bool) -> None:
        self.road = Road(Setpoint(lowest_kph), rates)
        self.steps: list[Step] = []
        self.segments: list[Segment] = []
        self.problems: list[Problem] = []
        self.notices: list[Notice] = []
        self._said: set[tuple[Place, StepKind, float, str]] = set()
        self._rates = rates
        self._lowest_kph = lowest_kph
        self._accept_lowest = accept_lowest

    def add(self, planned: PlannedStep) -> None:
        entry, target = self._on_this_machine(planned)
        starts_s, before = self.road.at_s, self.road.now
        ends_s, laid = starts_s + planned.length_s, len(self.road.legs)
        self.road.ramp_to(entry)
        settled_s = self.road.at_s
        if settled_s > ends_s + _HAIR:
            self._say_ramp_too_long(planned, before, entry, settled_s - starts_s)
        elif entry == target:
            self.road.straight_to(target, ends_s)
        else:
            self._go_along(planned, entry, target, ends_s)
        self.road.jump_to(ends_s, target)
        step = Step(
            len(self.steps),
            planned.kind,
            planned.label,
            starts_s,
            planned.length_s,
            settled_s,
            entry,
            target,
            planned.say,
            planned.facing,
            planned.belt,
            planned.length_m,
        )
        self.steps.append(step)
        self.segments.extend(_segment(leg, step) for leg in self.road.legs[laid:])

    def add_cool_down(self, after: PlannedStep) -> None:
        start_kph = max(self._lowest_kph, min(self.road.now.speed_kph, COOL_DOWN_FROM_KPH))
        label = f"{StepKind.COOL_DOWN.value} {duration_text(COOL_DOWN_S)}"
        start, end = Setpoint(start_kph), Setpoint(self._lowest_kph)
        self.notices.append(
            Notice(
                len(self.steps),
                f"the plan does not end in a cool down, so {duration_text(COOL_DOWN_S)} were added: "
                f"{speed_text(start_kph)} -> {speed_text(self._lowest_kph)}",
            )
        )
        self.add(PlannedStep(StepKind.COOL_DOWN, label, COOL_DOWN_S, start, end, None, after.place))

    def _on_this_machine(self, planned: PlannedStep) -> tuple[Setpoint, Setpoint]:
        """The step's two set-points, not below what the belt can do; a difference is never silent."""
        too_low = sorted({s.speed_kph for s in (planned.start, planned.end) if s.speed_kph < self._lowest_kph})
        if too_low:
            asked = " and ".join(speed_text(kph) for kph in too_low)
            message = f"asks for {asked}, and the lowest speed of this belt is {speed_text(self._lowest_kph)}"
            if self._accept_lowest:
                self._notice(planned, f"{message}, which it will run")
            else:
                self._problem(planned, message, "ask for at least that, or accept the lowest speed of the belt")
        return self._raised(planned.start), self._raised(planned.end)

    def _raised(self, setpoint: Setpoint) -> Setpoint:
        return Setpoint(max(setpoint.speed_kph, self._lowest_kph), setpoint.incline_percent)

    def _go_along(self, planned: PlannedStep, entry: Setpoint, target: Setpoint, ends_s: float) -> None:
        """Lay ``a -> b`` over what is left of the step, unless it overlaps, does not fit or is too steep."""
        if target.speed_kph > entry.speed_kph and target.incline_percent > entry.incline_percent:
            message = f"speed and incline both rise during the step ({_way_text(entry, target)})"
            self._problem(planned, message, "raise one of them in a step of its own")
            return
        left_s = ends_s - self.road.clear_s(target)
        needed_s = _least_s(entry, target, self._rates)
        if needed_s <= left_s + _HAIR:
            self.road.straight_to(target, ends_s)
            return
        self._problem(
            planned,
            f"{_way_text(entry, target)} takes at least {_seconds_text(needed_s)} at {_rates_text(self._rates)}, "
            f"and the way in leaves {_seconds_text(max(0.0, left_s))} of {duration_text(planned.length_s)}",
            f"make the step at least {_seconds_text(planned.length_s + needed_s - left_s)} long, or change less",
        )

    def _say_ramp_too_long(self, planned: PlannedStep, before: Setpoint, entry: Setpoint, takes_s: float) -> None:
        self._problem(
            planned,
            f"the way in, {_way_text(before, entry)}, takes {_seconds_text(takes_s)} at {_rates_text(self._rates)}, "
            f"and the step lasts {duration_text(planned.length_s)}",
            f"make the step at least {_seconds_text(takes_s)} long, or change less",
        )

    def _problem(self, planned: PlannedStep, message: str, mend: str) -> None:
        if self._is_new(planned, message):
            self.problems.append(Problem.at(planned.place, f"{planned.label}: {message}", mend))

    def _notice(self, planned: PlannedStep, message: str) -> None:
        if self._is_new(planned, message):
            self.notices.append(Notice(len(self.steps), f"{planned.label}: {message}"))

    def _is_new(self, planned: PlannedStep, message: str) -> bool:
        """A step of a repeat says the same thing once, not once a turn."""
        key = (planned.place, planned.kind, planned.length_s, message)
        if key in self._said:
            return False
        self._said.add(key)
        return True


def _segment(leg: Leg, step: Step) -> Segment:
    return Segment(leg.starts_s, leg.length_s, leg.start, leg.end, step.index, step.label, step.say)


def _least_s(start: Setpoint, end: Setpoint, rates: RampRates) -> float:
    """Seconds that ``start -> end`` takes at the least when both axes move at once."""
    speed_change = end.speed_kph - start.speed_kph
    incline_change = end.incline_percent - start.incline_percent
    return max(
        abs(speed_change) / rates.speed_kph_per_s(speed_change),
        abs(incline_change) / rates.incline_percent_per_s,
    )


def _way_text(start: Setpoint, end: Setpoint) -> str:
    """The axes that change, "1.5 km/h -> 6.5 km/h and 0 % -> 2 %"."""
    parts = []
    if start.speed_kph != end.speed_kph:
        parts.append(f"{speed_text(start.speed_kph)} -> {speed_text(end.speed_kph)}")
    if start.incline_percent != end.incline_percent:
        parts.append(f"{incline_text(start.incline_percent)} -> {incline_text(end.incline_percent)}")
    return " and ".join(parts)


def _rates_text(rates: RampRates) -> str:
    return (
        f"{number_text(rates.rise_kph_per_s)} km/h per s up, {number_text(rates.fall_kph_per_s)} down, "
        f"{number_text(rates.incline_percent_per_s)} % per s"
    )


def _seconds_text(seconds: float) -> str:
    """Rounded up to a tenth: a mend that is a hair too short would be refused again."""
    return f"{number_text(math.ceil(seconds * 10 - 1e-6) / 10)} s"


def _hash(timeline: Timeline) -> str:
    """SHA-256 over what the belt is asked for; the same plan gives the same text on every computer."""
    way = [
        (s.length_s, s.start.speed_kph, s.start.incline_percent, s.end.speed_kph, s.end.incline_percent)
        for s in timeline.segments
    ]
    text = repr((timeline.name, timeline.facing.value, timeline.belt.value, way))
    return hashlib.sha256(text.encode()).hexdigest()
