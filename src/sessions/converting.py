"""What a level of the ladder allows to somebody who makes a backward workout of a forward one. Pure."""

from __future__ import annotations

from ..machine import DeviceProfile
from ..training.ladder import LADDER, steps_of
from ..workouts.formats.backward import Allowance
from ..workouts.formats.bouts import Bouts
from .next_command import Ahead
from .person import Person
from .step_workout import needs_of

REST_SHARE = 0.5
"""Of the rest of a level: after half of it there was a rest; after less, two bouts become a long one."""

BRISK_KPH = 0.1 + max(level.speeds_kph[-1] for level in LADDER if not level.rest_s)
"""The ladder walks no faster without a rest than a tenth below: whatever a level is called, this is a bout."""


def allowance_of(number: int, profile: DeviceProfile, ahead: Ahead, person: Person | None = None) -> Allowance:
    """As much as the steps of this level that are open to somebody, and not slower than the belt can run.

    Where none of it is open, as much as its first step, at no more than the speed of their next one.
    """
    level = LADDER[number]
    open_here = tuple(one for one in ahead.steps if one.level == level)
    steps = open_here or steps_of(level)[:1]
    name = f"your step of level {number}" if open_here else f"the first step of level {number}"
    limits = [(max(one.dose.speed_kph for one in steps), name)]
    if ahead.steps and not open_here:
        limits.append((ahead.steps[-1].dose.speed_kph, f"your next step, level {ahead.steps[-1].level.number}"))
    if person is not None and person.backward_max_kph is not None:
        limits.append((person.backward_max_kph, "your own backward maximum"))
    highest_kph, reason = min(limits, key=lambda limit: limit[0])
    return Allowance(
        level=number,
        step=name,
        highest_kph=highest_kph,
        lowest_kph=max(LADDER[0].speeds_kph[0], profile.capabilities.speed_min_ckph / 100),
        incline_max_percent=max(one.dose.incline_percent for one in steps),
        runs=level.runs,
        reason=reason,
        bouts=Bouts(
            tuple((one.dose.bouts, one.dose.bout_s) for one in steps),
            min(level.speeds_kph[0], highest_kph, BRISK_KPH),
            level.rest_s * REST_SHARE,
        ),
        needs=needs_of(level),
    )
