"""How a belt gets from one set-point to another: one axis at a time, at rates that a person can follow.

The order inside one change: what makes the work lighter comes before what makes it harder. So the speed
changes first and the deck after it, except that a deck that comes down does so before the speed goes up.
A rise of speed and a rise of the deck never overlap and keep ``AXIS_GAP_S`` between them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..machine import Setpoint

AXIS_GAP_S = 2.0
"""Seconds between a rise of speed and a rise of the deck: a 1 Hz machine has then reported the end of the
first at least once, and the person has taken a few steps at the new speed before the slope changes."""

_NEVER = -math.inf


@dataclass(frozen=True, slots=True)
class RampRates:
    """How fast a plan may change the belt: km/h per s up and down, percent of deck incline per s. All above 0."""

    rise_kph_per_s: float
    fall_kph_per_s: float
    incline_percent_per_s: float

    def __post_init__(self) -> None:
        for name in self.__slots__:
            rate = getattr(self, name)
            if not math.isfinite(rate) or rate <= 0:
                raise ValueError(f"{name} is a finite number above 0, not {rate!r}")

    def speed_kph_per_s(self, change_kph: float) -> float:
        """The rate, above 0, that holds for a change of speed of this sign."""
        return self.rise_kph_per_s if change_kph > 0 else self.fall_kph_per_s


@dataclass(frozen=True, slots=True)
class Leg:
    """A straight piece of the way: from ``start`` to ``end`` in ``length_s``. A hold has ``start is end``."""

    starts_s: float
    length_s: float
    start: Setpoint
    end: Setpoint

    def setpoint_at(self, at_s: float) -> Setpoint:
        """The set-point at ``at_s``, on the same count as ``starts_s``; its ends hold before and after."""
        start, end = self.start, self.end
        if start is end:
            return end
        part = (at_s - self.starts_s) / self.length_s
        if part >= 1.0:
            return end
        if part <= 0.0:
            return start
        return Setpoint(
            start.speed_kph + (end.speed_kph - start.speed_kph) * part,
            start.incline_percent + (end.incline_percent - start.incline_percent) * part,
        )


class Road:
    """Legs laid one after another; knows where it has got to and when each axis last rose.

    The one mutable thing in this package: it lives inside a function and is thrown away there.
    """

    def __init__(self, start: Setpoint, rates: RampRates, rises_from_s: float = _NEVER) -> None:
        """Nothing rises before ``rises_from_s``."""
        self.legs: list[Leg] = []
        self.at_s = 0.0
        self.now = start
        self._rates = rates
        self._rises_from_s = rises_from_s
        self._speed_rose_until_s = _NEVER
        self._incline_rose_until_s = _NEVER

    def ramp_to(self, target: Setpoint) -> None:
        """Lay the legs to ``target``, each axis at its rate and by itself."""
        speed_rises = target.speed_kph > self.now.speed_kph
        incline_falls = target.incline_percent < self.now.incline_percent
        if speed_rises and incline_falls:
            self._incline_to(target.incline_percent)
            self._speed_to(target.speed_kph)
        else:
            self._speed_to(target.speed_kph)
            self._incline_to(target.incline_percent)

    def straight_to(self, target: Setpoint, until_s: float) -> None:
        """Go in one straight leg to ``target`` by ``until_s``, after the gap that a rise needs."""
        self._lay(self.now, self.clear_s(target) - self.at_s)
        self._lay(target, until_s - self.at_s)

    def clear_s(self, target: Setpoint) -> float:
        """The moment from which the way to ``target`` may begin: now, or when a rise may and the other axis is done."""
        earliest_s = self.at_s
        if target.speed_kph > self.now.speed_kph:
            earliest_s = max(earliest_s, self._rises_from_s, self._incline_rose_until_s + AXIS_GAP_S)
        if target.incline_percent > self.now.incline_percent:
            earliest_s = max(earliest_s, self._rises_from_s, self._speed_rose_until_s + AXIS_GAP_S)
        return earliest_s

    def jump_to(self, at_s: float, now: Setpoint) -> None:
        """Go on from another moment and set-point, laying nothing: what was laid there did not fit."""
        self.at_s, self.now = at_s, now

    def cut(self, at_s: float) -> None:
        """Take back what was laid beyond ``at_s``; the road goes on from where it is then."""
        while self.legs and self.legs[-1].starts_s >= at_s:
            self.legs.pop()
        if self.legs:
            last = self.legs[-1]
            if last.starts_s + last.length_s > at_s:
                end = last.setpoint_at(at_s)
                self.legs[-1] = Leg(last.starts_s, at_s - last.starts_s, last.start, end)
            self.now = self.legs[-1].end
        self.at_s = at_s

    def _speed_to(self, speed_kph: float) -> None:
        change = speed_kph - self.now.speed_kph
        self._slope_to(Setpoint(speed_kph, self.now.incline_percent), abs(change) / self._rates.speed_kph_per_s(change))

    def _incline_to(self, incline_percent: float) -> None:
        change = incline_percent - self.now.incline_percent
        target = Setpoint(self.now.speed_kph, incline_percent)
        self._slope_to(target, abs(change) / self._rates.incline_percent_per_s)

    def _slope_to(self, target: Setpoint, length_s: float) -> None:
        if target != self.now:
            self._lay(self.now, self.clear_s(target) - self.at_s)
            self._lay(target, length_s)

    def _lay(self, target: Setpoint, length_s: float) -> None:
        if length_s <= 0:
            return
        end = self.now if target == self.now else target
        self.legs.append(Leg(self.at_s, length_s, self.now, end))
        self.at_s += length_s
        if end.speed_kph > self.now.speed_kph:
            self._speed_rose_until_s = self.at_s
        if end.incline_percent > self.now.incline_percent:
            self._incline_rose_until_s = self.at_s
        self.now = end


def least_s(start: Setpoint, end: Setpoint, rates: RampRates) -> float:
    """Seconds that ``start -> end`` takes at the least when both axes move at once."""
    speed_change = end.speed_kph - start.speed_kph
    incline_change = end.incline_percent - start.incline_percent
    return max(
        abs(speed_change) / rates.speed_kph_per_s(speed_change),
        abs(incline_change) / rates.incline_percent_per_s,
    )


def way(start: Setpoint, target: Setpoint, rates: RampRates, rises_from_s: float) -> tuple[Leg, ...]:
    """The legs from ``start`` to ``target``, from second 0, for a change that no timeline foresaw.

    What falls does so at once. What rises waits until ``rises_from_s``, so that it can be announced; nobody knows what
    rises just after it, so the way ends with ``AXIS_GAP_S`` at ``target``.
    """
    road = Road(start, rates, rises_from_s)
    road.ramp_to(target)
    road.straight_to(target, road.at_s + AXIS_GAP_S)
    return tuple(road.legs)


def length_s(legs: Sequence[Leg]) -> float:
    """Seconds to the end of the last leg; 0 for no legs."""
    return legs[-1].starts_s + legs[-1].length_s if legs else 0.0


def setpoint_along(legs: Sequence[Leg], at_s: float) -> Setpoint:
    """The set-point on a way of at least one leg; a way has a handful, so a plain search does."""
    for leg in legs:
        if at_s < leg.starts_s + leg.length_s:
            return leg.setpoint_at(at_s)
    return legs[-1].end
