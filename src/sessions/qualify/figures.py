"""A measured sheet in lines, for the terminal and under the seal."""

from __future__ import annotations

from ...devices.sheet import Sheet

_ANSWERS = {True: "yes", False: "no", None: "not known"}


def figures(sheet: Sheet) -> list[str]:
    """What was measured, one figure a line, each with its unit."""
    profile, dialect = sheet.profile, sheet.dialect
    capabilities = profile.capabilities
    return [
        f"speeds from {capabilities.speed_min_ckph / 100:.2f} to {capabilities.speed_max_ckph / 100:.2f} km/h",
        f"the console shows {profile.speed_unit.value}; a set speed is taken in {dialect.commanded_unit.value}, "
        f"a reported one is meant in {dialect.reported_unit.value}",
        f"a set-point shows after {profile.lag_ms / 1000:.2f} s",
        f"a report every {profile.report_period_ms / 1000:.2f} s",
        f"a stop shows after {profile.stop_reaction_ms / 1000:.2f} s",
        f"it slows down by at least {profile.slowest_fall_ckph_per_s / 100:.2f} km/h per s",
        f"a start is waited for {profile.start_timeout_ms / 1000:.0f} s",
        f"a second stop does no harm: {_ANSWERS[profile.stop_repeat_ok]}",
        f"a set-point never starts it: {_ANSWERS[profile.set_never_starts]}",
        f"a start stops it while it runs: {_ANSWERS[profile.start_toggles]}",
        f"it runs on when the link is lost: {_ANSWERS[profile.runs_on_when_link_lost]}",
        f"stopped without software by: {profile.physical_stop.value}; rails: {_ANSWERS[profile.rails]}",
    ]
