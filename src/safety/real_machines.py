"""What a machine must be before a person is moved by it: tried out, stoppable without software, and whole.

Pure, and used on both sides: main asks before it offers anything, the guardian asks again before it arms. Each answer
is a sentence with its mend, or None. Limits of speed and incline are not made here.
"""

from __future__ import annotations

from ..machine import BeltDirection, DeviceProfile, Facing, Gait, PhysicalStop, Qualification, gait

EXPERIMENT = "its driver is an experiment"
"""Why a machine that a person may not be moved by is driven empty, whatever its qualification has seen."""

UNTRIED = "it has not been qualified on this computer"
"""Why nobody is on the belt of any other real machine."""

UNSHOWN = (
    "its adapter has no serial number, so that this address may lead to another treadmill; before its first start, "
    "press its emergency stop or a key at its console, and let it out: the program has to see it in the reports"
)
"""Why a machine behind an adapter that cannot be told from another one is not armed, and the mend."""

QUICK_TIERS = frozenset({"frail", "clinic", "alone", "novice"})
"""What a quick qualification unlocks: the tiers that stay at walking speeds which can be stepped off."""


def nobody_on_belt(profile: DeviceProfile) -> str | None:
    """Why nobody may be on this belt; None where somebody may. For the screen, before anything is armed.

    Somebody may where this very machine was qualified and its driver is no experiment, and nowhere else.
    """
    if profile.simulated:
        return None
    untried = UNTRIED if profile.qualification is Qualification.NONE else None
    reason = EXPERIMENT if profile.experimental else untried
    return reason and f"{profile.name} is driven only with nobody on the belt, because {reason}"


def only_read(profile: DeviceProfile) -> str | None:
    """Why this machine is watched and not driven; None where it may be driven."""
    if profile.qualification is not Qualification.NONE:
        return None
    return (
        f"{profile.name} is only read, because it has not been qualified on this computer; run "
        "'retrotread treadmills qualify' with nobody on the belt, or let the program coach you and set the machine "
        "by hand (coach://)"
    )


def beyond_qualification(profile: DeviceProfile, tier: str) -> str | None:
    """Why this machine is not tried out well enough for a tier; None where it is."""
    if profile.qualification is Qualification.FULL or tier in QUICK_TIERS:
        return None
    return (
        f"{profile.name} has passed the quick qualification only, which is good for the tiers "
        f"{', '.join(sorted(QUICK_TIERS))} and not for {tier}; run 'retrotread treadmills qualify --full' with "
        "nobody on the belt"
    )


def no_backward(profile: DeviceProfile) -> str | None:
    """Why nobody goes backward on this machine under the program's control; None where one may."""
    lacks = [
        *(["a safety key or stop button in reach"] if profile.physical_stop is PhysicalStop.NONE else []),
        *([] if profile.rails else ["rails to hold and to stand on"]),
    ]
    if not lacks:
        return None
    return (
        f"{profile.name} is not known to have {' and '.join(lacks)}, so nobody goes backward on it under the program's "
        "control; if it has, say so in its qualification, else let the program coach you (coach://)"
    )


def no_stop(profile: DeviceProfile) -> str | None:
    """Why nobody is moved by this machine either way: nothing stops it without software; None where one may be."""
    if profile.simulated or profile.experimental or profile.physical_stop is not PhysicalStop.NONE:
        return None
    return (
        f"{profile.name} is not known to have a safety key or stop button in reach, so nobody is moved by it; if it "
        "has, say so in its qualification, else let the program coach you (coach://)"
    )


def not_armed(profile: DeviceProfile, tier: str, facing: Facing, belt: BeltDirection, belt_empty: bool) -> str | None:
    """The first reason why this machine is not armed for such a run; None where nothing of the machine forbids it."""
    backward = gait(facing, belt) is Gait.BACKWARD
    needs_empty = None if belt_empty else nobody_on_belt(profile)
    return (
        only_read(profile)
        or beyond_qualification(profile, tier)
        or (no_backward(profile) if backward else None)
        or (None if belt_empty else no_stop(profile))
        or (needs_empty and f"{needs_empty}; step off, and confirm in the checklist that it is empty")
    )
