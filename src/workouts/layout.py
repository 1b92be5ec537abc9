"""Planned steps laid out in time, one after another, with everything that does not fit.

A step's way in, from the set-point before it to its own, lies inside its length and keeps to the ramp
rates; ``a -> b`` is straight over what is left. Nothing here is rounded: that happens once, at the edge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ..machine import STANDSTILL, Setpoint
from .problems import Place, Problem
from .quantity import distance_text, duration_text, incline_text, number_text, speed_text
from .ramps import Leg, RampRates, Road, least_s
from .steps import STANDING, Notice, PlannedStep, Segment, Step, StepKind

COOL_DOWN_S = 120.0
"""Length of the cool-down that is added to a plan without one: time for the slowest tier to come down from
its highest speed several times over, and to stand steady before the belt stops."""

COOL_DOWN_FROM_KPH = 3.0
"""Where that cool-down begins, unless the plan was slower: the highest speed of the first tier, so a walk
that everybody who may be on the belt is allowed."""

_HAIR = 1e-9
"""Binary noise, in s or km/h per s: a ramp that fills its step to the last bit fits."""


class Layout:
    """Steps put on the road one by one, with what went wrong beside them. Lives inside ``unroll``."""

    def __init__(self, rates: RampRates, lowest_kph: float, accept_lowest: bool) -> None:
        self.steps: list[Step] = []
        self.segments: list[Segment] = []
        self.problems: list[Problem] = []
        self.notices: list[Notice] = []
        self._road = Road(Setpoint(lowest_kph), rates)
        self._said: set[tuple[Place, StepKind, float, str]] = set()
        self._rates = rates
        self._lowest_kph = lowest_kph
        self._accept_lowest = accept_lowest

    @property
    def at_s(self) -> float:
        """The plan time up to which steps are laid."""
        return self._road.at_s

    def lay(self, planned: Sequence[PlannedStep]) -> None:
        """Lay all steps, with a cool-down after the last one on the belt where that is none."""
        last_on_belt = max((at for at, step in enumerate(planned) if step.kind not in STANDING), default=None)
        for at, step in enumerate(planned):
            if step.kind in STANDING:
                self._say_turn_to_nowhere(planned, at)
                self._stand(step)
            else:
                self._go(step)
                if at == last_on_belt and step.kind is not StepKind.COOL_DOWN:
                    self._cool_down(step)

    def _stand(self, planned: PlannedStep) -> None:
        """The belt stands for a while, or as long as a turn takes; what comes after it begins from the lowest speed."""
        starts_s = self._road.at_s
        ends_s = starts_s + planned.length_s
        step = self._step(planned, starts_s, ends_s, STANDSTILL, STANDSTILL)
        self.steps.append(step)
        if planned.length_s > 0:
            self.segments.append(_segment(Leg(starts_s, planned.length_s, STANDSTILL, STANDSTILL), step))
        self._road = Road(Setpoint(self._lowest_kph), self._rates)
        self._road.jump_to(ends_s, self._road.now)

    def _go(self, planned: PlannedStep) -> None:
        """A step on the belt; one that is measured in metres takes as long as its set-points take for them."""
        entry, target = self._on_this_machine(planned)
        if planned.length_m is not None:
            planned = replace(planned, length_s=estimated_s(planned.length_m, entry, target))
        self._say_turned_on_the_belt(planned)
        road, starts_s, before = self._road, self._road.at_s, self._road.now
        ends_s, laid = starts_s + planned.length_s, len(road.legs)
        road.ramp_to(entry)
        settled_s = road.at_s
        if settled_s > ends_s + _HAIR:
            self._say_ramp_too_long(planned, before, entry, settled_s - starts_s)
        elif entry == target:
            road.straight_to(target, ends_s)
        else:
            self._go_along(planned, entry, target, ends_s)
        road.jump_to(ends_s, target)
        step = self._step(planned, starts_s, settled_s, entry, target)
        self.steps.append(step)
        self.segments.extend(_segment(leg, step) for leg in road.legs[laid:])

    def _step(self, planned: PlannedStep, starts_s: float, settled_s: float, entry: Setpoint, target: Setpoint) -> Step:
        return Step(
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
            planned.heart_bpm,
        )

    def _cool_down(self, after: PlannedStep) -> None:
        start_kph = max(self._lowest_kph, min(self._road.now.speed_kph, COOL_DOWN_FROM_KPH))
        self.notices.append(
            Notice(
                len(self.steps),
                f"the plan does not end in a cool down, so {duration_text(COOL_DOWN_S)} were added: "
                f"{speed_text(start_kph)} -> {speed_text(self._lowest_kph)}",
            )
        )
        added = replace(
            after,
            kind=StepKind.COOL_DOWN,
            label=f"{StepKind.COOL_DOWN.value} {duration_text(COOL_DOWN_S)}",
            length_s=COOL_DOWN_S,
            start=Setpoint(start_kph),
            end=Setpoint(self._lowest_kph),
            say=None,
            length_m=None,
        )
        self._go(added)

    def _say_turn_to_nowhere(self, planned: Sequence[PlannedStep], at: int) -> None:
        """A turn leads straight onto the belt: what a person confirms there must still hold when it starts."""
        after = planned[at + 1].kind if at + 1 < len(planned) else None
        if planned[at].kind is StepKind.TURN and (after is None or after in STANDING):
            what = "nothing" if after is None else f"a step of the kind {after.value!r}"
            message = f"{what} follows the turn, and a turn leads onto the belt"
            mend = "leave the turn out" if after is None else "put the turn behind it"
            self._problem(planned[at], message, mend)

    def _say_turned_on_the_belt(self, planned: PlannedStep) -> None:
        """Nobody turns on a moving belt, and no belt turns round under a person."""
        before = self.steps[-1] if self.steps else None
        if before is not None and (before.facing, before.belt) != (planned.facing, planned.belt):
            message = (
                f"faces the {planned.facing.value} with the belt running {planned.belt.value}, and the step before it "
                f"faces the {before.facing.value} with the belt running {before.belt.value}"
            )
            self._problem(planned, message, "put a turn between them")

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
        left_s = ends_s - self._road.clear_s(target)
        needed_s = least_s(entry, target, self._rates)
        if needed_s <= left_s + _HAIR:
            self._road.straight_to(target, ends_s)
            return
        self._problem(
            planned,
            f"{_way_text(entry, target)} takes at least {_seconds_text(needed_s)} at {_rates_text(self._rates)}, "
            f"and the way in leaves {_seconds_text(max(0.0, left_s))} of {_length_text(planned)}",
            f"make the step at least {_enough_text(planned, needed_s - left_s)} long, or change less",
        )

    def _say_ramp_too_long(self, planned: PlannedStep, before: Setpoint, entry: Setpoint, takes_s: float) -> None:
        self._problem(
            planned,
            f"the way in, {_way_text(before, entry)}, takes {_seconds_text(takes_s)} at {_rates_text(self._rates)}, "
            f"and the step lasts {_length_text(planned)}",
            f"make the step at least {_enough_text(planned, takes_s - planned.length_s)} long, or change less",
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


def estimated_s(length_m: float, entry: Setpoint, target: Setpoint) -> float:
    """Seconds that ``length_m`` takes at the mean of the two speeds."""
    return length_m / ((entry.speed_kph + target.speed_kph) / 2 / 3.6)


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


def _length_text(planned: PlannedStep) -> str:
    """How long the step is, "5 s"; of metres about how long, "about 12 s"."""
    if planned.length_m is None:
        return duration_text(planned.length_s)
    return f"about {_seconds_text(planned.length_s)}"


def _enough_text(planned: PlannedStep, missing_s: float) -> str:
    """The length that is enough, in the author's unit."""
    seconds = planned.length_s + missing_s
    if planned.length_m is None:
        return _seconds_text(seconds)
    return distance_text(math.ceil(planned.length_m * seconds / planned.length_s))


def _seconds_text(seconds: float) -> str:
    """Rounded up to a tenth: a mend that is a hair too short would be refused again."""
    return f"{number_text(math.ceil(seconds * 10 - 1e-6) / 10)} s"
