"""What a machine claims of itself: its ranges, and which machine it is. Pure.

A claim is not a capability: modules promise motors that their treadmill does not have. So claims make a profile for
reading and for trying out, and of a machine that was qualified they can only narrow what is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...machine import Capabilities, DeviceProfile, Identity, Qualification
from ..same_machine import other_machine
from ..sheet import Sheet
from .codec import Range
from .dialect import AS_SPECIFIED

UNKNOWN_TREADMILL = DeviceProfile(
    name="a treadmill that nobody has measured",
    capabilities=Capabilities(speed_min_ckph=100, speed_max_ckph=600, speed_increment_ckph=10),
)
"""Where the machine does not say: the speeds that walking pads and treadmills share, and no incline."""

UNKNOWN_SHEET = Sheet(UNKNOWN_TREADMILL, AS_SPECIFIED)

SPEED_SENSELESS_KPH = 50.0
"""The quickest treadmills for athletes end at 45 km/h."""

LOWEST_SENSELESS_KPH = 5.0
"""Nobody could step onto a belt that begins faster: such a range is in another unit, or noise."""

INCLINE_SENSELESS_PERCENT = 40.0
"""The steepest incline trainers end there."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Ranges as published; None where the machine has none, or none that can be."""

    speed: Range | None = None
    incline: Range | None = None


def profile_of(sheet: Sheet, claims: Claims, name: str) -> DeviceProfile:
    """How the machine behaves, as far as sheet and claims tell.

    A machine without a seal takes its own ranges, where its family is known to publish its own; one with a seal has
    been tried, and a range that is published can only narrow what was found.
    """
    dialect, profile = sheet.dialect, sheet.profile
    if sheet is UNKNOWN_SHEET and name:
        profile = replace(profile, name=name)
    if dialect.ranges_trusted:
        ranges = _narrowed if sheet.sealed_for is not None else _claimed
        profile = replace(profile, capabilities=ranges(profile.capabilities, claims))
    if not dialect.incline_moves:
        profile = replace(profile, capabilities=replace(profile.capabilities, incline_max_dpct=0))
    return profile


def _claimed(known: Capabilities, claims: Claims) -> Capabilities:
    speed, incline = _speeds(claims.speed), _inclines(claims.incline)
    if speed is not None:
        lowest, highest, step = speed
        known = replace(
            known,
            speed_min_ckph=lowest,
            speed_max_ckph=highest,
            speed_increment_ckph=step or known.speed_increment_ckph,
        )
    if incline is not None:
        highest, step = incline
        known = replace(known, incline_max_dpct=highest, incline_increment_dpct=step or known.incline_increment_dpct)
    return known


def _narrowed(known: Capabilities, claims: Claims) -> Capabilities:
    speed, incline = _speeds(claims.speed), _inclines(claims.incline)
    if speed is not None:
        lowest, highest = max(known.speed_min_ckph, speed[0]), min(known.speed_max_ckph, speed[1])
        if lowest <= highest:
            known = replace(known, speed_min_ckph=lowest, speed_max_ckph=highest)
    if incline is not None:
        known = replace(known, incline_max_dpct=min(known.incline_max_dpct, incline[0]))
    return known


def _speeds(claim: Range | None) -> tuple[int, int, int] | None:
    """Lowest, highest and step in hundredths of a km/h (0: no step was told); None for a range that no belt has."""
    if claim is None or claim.lowest is None or claim.highest is None:
        return None
    if not 0 < claim.lowest <= claim.highest <= SPEED_SENSELESS_KPH or claim.lowest > LOWEST_SENSELESS_KPH:
        return None
    step = claim.increment or 0.0
    return math.ceil(claim.lowest * 100 - 1e-6), math.floor(claim.highest * 100 + 1e-6), round(step * 100)


def _inclines(claim: Range | None) -> tuple[int, int] | None:
    """Highest and step in tenths of a percent; a deck that only sinks, or stays level, has the highest 0."""
    if claim is None or claim.lowest is None or claim.highest is None or claim.lowest > claim.highest:
        return None
    if claim.highest > INCLINE_SENSELESS_PERCENT:
        return None
    step = claim.increment or 0.0
    return max(0, math.floor(claim.highest * 10 + 1e-6)), round(step * 10)


def unqualified(profile: DeviceProfile, sealed_for: Identity | None, met: Identity) -> tuple[DeviceProfile, str | None]:
    """The profile, and a remark where another machine was met than the one that was qualified: then it is only read."""
    other = other_machine(sealed_for, met)
    return (profile, None) if other is None else (replace(profile, qualification=Qualification.NONE), other)
