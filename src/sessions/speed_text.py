"""A speed as the console in front of the person shows it, with km/h beside it where that is another number."""

from __future__ import annotations

import math

from ..machine import DeviceProfile, SpeedUnit, speed_to_ckph
from ..workouts.quantity import speed_text


def console_speed_text(profile: DeviceProfile | None, kph: float) -> str:
    """ "3.0 km/h", or "1.9 mph (3.0 km/h)" on a console that shows miles; without a profile km/h alone.

    Miles have the one decimal that consoles show; km/h is the exact one of the two.
    """
    if profile is None or profile.speed_unit is SpeedUnit.KPH:
        return speed_text(kph)
    return f"{console_number_text(profile, kph)} {profile.speed_unit.value} ({speed_text(kph)})"


def console_number_text(profile: DeviceProfile | None, kph: float) -> str:
    """The bare number that the console shows: "3.0" or, in miles, "1.9"."""
    unit = SpeedUnit.KPH if profile is None else profile.speed_unit
    return speed_text(kph).removesuffix(f" {unit.value}") if unit is SpeedUnit.KPH else f"{kph / unit.one_kph:.1f}"


def told_kph(profile: DeviceProfile | None, kph: float) -> float:
    """What the machine is told for a wished speed: rounded down to its steps, never below its lowest.

    A machine whose step is no finer than a tenth of its own unit is told such tenths, and what lies between two of
    them is rounded down too. A speed of 0, and one of no machine, is itself.
    """
    if profile is None or kph <= 0:
        return kph
    step_ckph = profile.capabilities.speed_increment_ckph
    told_ckph = speed_to_ckph(kph)
    told_ckph = max(told_ckph - told_ckph % step_ckph, profile.capabilities.speed_min_ckph)
    tenth_ckph = 10 * profile.speed_unit.one_kph
    if step_ckph < tenth_ckph:
        return told_ckph / 100
    return math.floor(told_ckph / tenth_ckph + 1e-6) * tenth_ckph / 100
