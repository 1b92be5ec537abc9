"""How a belt and a deck move between two events: straight lines, integrated exactly.

Nothing here steps in small pieces of time. A ramp knows its whole future, so a question about any later
moment costs the same and gives the same answer however often it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

KPH_PER_MPS = 3.6


@dataclass(frozen=True, slots=True)
class Ramp:
    """A quantity that goes from one value to another at a constant rate and then stays there.

    Moments are in seconds and not before ``begins_s``; the unit of the values is the owner's.
    """

    begins_s: float
    ends_s: float
    from_value: float
    to_value: float

    def value_at(self, moment_s: float) -> float:
        """The value at a moment; exactly ``to_value`` from ``ends_s`` on."""
        if moment_s >= self.ends_s:
            return self.to_value
        done = (moment_s - self.begins_s) / (self.ends_s - self.begins_s)
        return self.from_value + (self.to_value - self.from_value) * done

    def area_at(self, moment_s: float) -> float:
        """The integral from ``begins_s`` to a moment, in the value's unit times seconds."""
        if moment_s <= self.ends_s:
            return (self.from_value + self.value_at(moment_s)) / 2 * (moment_s - self.begins_s)
        slope_area = (self.from_value + self.to_value) / 2 * (self.ends_s - self.begins_s)
        return slope_area + self.to_value * (moment_s - self.ends_s)

    def towards(self, moment_s: float, to_value: float, rate_per_s: float) -> Ramp:
        """The ramp that leaves this one at ``moment_s`` for another value; ``rate_per_s`` is above 0."""
        from_value = self.value_at(moment_s)
        return Ramp(moment_s, moment_s + abs(to_value - from_value) / rate_per_s, from_value, to_value)


def at_rest(moment_s: float, value: float = 0.0) -> Ramp:
    """A ramp that goes nowhere."""
    return Ramp(moment_s, moment_s, value, value)


@dataclass(frozen=True, slots=True)
class BeltMotion:
    """A belt on one ramp of speed (km/h), and what its counters held when that ramp began."""

    speed: Ramp
    travelled_m: float = 0.0
    moved_s: float = 0.0

    def travel_m_at(self, moment_s: float) -> float:
        """Belt that has passed in all, in metres."""
        return self.travelled_m + self.speed.area_at(moment_s) / KPH_PER_MPS

    def moved_s_at(self, moment_s: float) -> float:
        """Seconds for which the belt was in motion in all."""
        comes_to_rest = self.speed.to_value == 0
        until_s = min(moment_s, self.speed.ends_s) if comes_to_rest else moment_s
        return self.moved_s + until_s - self.speed.begins_s

    def towards(self, moment_s: float, speed_kph: float, rate_kph_per_s: float) -> BeltMotion:
        """The motion that leaves this one at ``moment_s`` for another speed."""
        return BeltMotion(
            self.speed.towards(moment_s, speed_kph, rate_kph_per_s),
            self.travel_m_at(moment_s),
            self.moved_s_at(moment_s),
        )
