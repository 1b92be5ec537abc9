"""A measured sheet in lines, for the terminal and under the seal."""

from __future__ import annotations

from ...devices.sheet import Sheet
from ...machine import Qualification

_ANSWERS = {True: "yes", False: "no", None: "not known"}


def figures(sheet: Sheet) -> list[str]:
    """What was measured, one figure a line, each with its unit; what a quick qualification assumes is marked."""
    profile, dialect = sheet.profile, sheet.dialect
    full = profile.qualification is Qualification.FULL
    assumed = "" if full else " (assumed)"
    capabilities = profile.capabilities
    quirks = {
        "a second stop does no harm": profile.stop_repeat_ok,
        "a set-point never starts it": profile.set_never_starts,
        "a start stops it while it runs": profile.start_toggles,
        "it runs on when the link is lost": profile.runs_on_when_link_lost,
        **({"it runs its belt both ways": profile.reverses} if profile.may_reverse else {}),
    }
    return [
        f"speeds from {capabilities.speed_min_ckph / 100:.2f} to {capabilities.speed_max_ckph / 100:.2f} km/h",
        f"the console shows {profile.speed_unit.value}; a set speed is taken in {dialect.commanded_unit.value}, "
        f"a reported one is meant in {dialect.reported_unit.value}",
        f"a set-point shows after {profile.lag_ms / 1000:.2f} s{assumed}",
        f"a report every {profile.report_period_ms / 1000:.2f} s",
        f"a stop shows after {profile.stop_reaction_ms / 1000:.2f} s{assumed}",
        f"it slows down by at least {profile.slowest_fall_ckph_per_s / 100:.2f} km/h per s{assumed}",
        f"a start is waited for {profile.start_timeout_ms / 1000:.0f} s",
        *(f"{quirk}: {_ANSWERS[true if full else None]}" for quirk, true in quirks.items()),
        f"stopped without software by: {profile.physical_stop.value}; rails: {_ANSWERS[profile.rails]}",
    ]
