"""Treadmills and tracks without a link: a person sets what is asked for, and nothing is ever reported.

coach://         any treadmill, set by hand
coach://track    no belt at all
"""

from __future__ import annotations

from dataclasses import replace

from ..machine import Capabilities, DeviceProfile, PhysicalStop

NAMES = ("", "track")

_ANY_BELT = Capabilities(speed_min_ckph=50, speed_max_ckph=2500, speed_increment_ckph=10)
"""From the lowest that most treadmills begin with to the highest that they show, in tenths of a km/h: the program knows
no limit of a machine that it does not talk to, and the person who sets it sees the machine's own."""

_NEVER_LATE_MS = 250
"""Nothing is reported, so no rule for machines that report slowly applies; as quick as the quick simulated one."""

COACHED_TREADMILL = DeviceProfile(
    name="Coached treadmill",
    capabilities=replace(_ANY_BELT, incline_max_dpct=150, incline_increment_dpct=5),
    lag_ms=0,
    report_period_ms=_NEVER_LATE_MS,
    physical_stop=PhysicalStop.KEY,
    rails=True,
)
COACHED_TRACK = DeviceProfile(
    name="Coached track",
    capabilities=_ANY_BELT,
    lag_ms=0,
    report_period_ms=_NEVER_LATE_MS,
)


def coached_profile(name: str, options: tuple[tuple[str, str], ...]) -> DeviceProfile:
    """What is taken to be true behind a ``coach://`` address. Raises ValueError with a sentence that says the mend."""
    if name not in NAMES:
        raise ValueError(f"there is no coached {name[:40]!r}; write coach:// for a treadmill or coach://track")
    if options:
        raise ValueError(f"coach:// takes no option, and {options[0][0]!r} is one; leave it out")
    return COACHED_TRACK if name == "track" else COACHED_TREADMILL
