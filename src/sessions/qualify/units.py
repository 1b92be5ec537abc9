"""Miles taken for kilometres: what a console shows, against what was set and what was reported. Pure.

Three numbers are compared at the lowest speed: the one that was set, the one that was reported, and the one that a
person reads on the console, whose unit the person reads as well. The console counts as the truth: it is what its maker
shows to people. Apart from rounding, each of the other two is either right or off by the length of a mile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...machine import SpeedUnit

# Half of the last digit that a console shows; most show one decimal.
HALF_DIGIT = 0.06
# Belts are out by some per cent; the geometric middle between a kilometre and a mile is 27 per cent away.
OUT_BY = 0.10


@dataclass(frozen=True, slots=True)
class Shown:
    """What the console showed: a number in its unit."""

    number: float
    unit: SpeedUnit

    @property
    def kph(self) -> float:
        """The speed that it stands for."""
        return self.number * self.unit.one_kph


@dataclass(frozen=True, slots=True)
class Units:
    """In which unit a set speed is taken and a reported one is meant."""

    commanded: SpeedUnit
    reported: SpeedUnit


def units_of(set_kph: float, reported_kph: float, shown: Shown, now: Units) -> Units | str:
    """The units that make the three numbers agree, or a sentence on why none do.

    ``now``: the units by which the two numbers became km/h so far; what comes back counts from the machine's own.
    """
    commanded = _unit(set_kph / now.commanded.one_kph, shown)
    reported = _unit(reported_kph / now.reported.one_kph, shown)
    if commanded is None or reported is None:
        return (
            f"set {set_kph:.2f} km/h, reported {reported_kph:.2f} km/h, on the console {shown.number:g} "
            f"{shown.unit.value}: neither kilometres nor miles make these agree; such a machine is not driven"
        )
    return Units(commanded, reported)


def _unit(number: float, shown: Shown) -> SpeedUnit | None:
    """The unit in which this number is the speed on the console: the nearer one, if it is near enough."""
    if not (math.isfinite(number) and number > 0 and math.isfinite(shown.kph) and shown.kph > 0):
        return None
    nearest = min(SpeedUnit, key=lambda unit: abs(math.log(number * unit.one_kph / shown.kph)))
    allowed_kph = HALF_DIGIT * shown.unit.one_kph + OUT_BY * shown.kph
    return nearest if abs(number * nearest.one_kph - shown.kph) <= allowed_kph else None
