"""A speed in the console's own unit, and km/h beside it where they differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.devices.simulated.archetypes import WELL_BEHAVED
from retrotread.machine import Capabilities, DeviceProfile, SpeedUnit
from retrotread.sessions.speed_text import console_number_text, console_speed_text, told_kph

METRIC = WELL_BEHAVED.profile
MILES = replace(METRIC, speed_unit=SpeedUnit.MPH)


@pytest.mark.parametrize(("kph", "text"), [(3.0, "3.0 km/h"), (0.85, "0.85 km/h"), (0.0, "0.0 km/h")])
def test_a_console_in_kilometres_has_one_number(kph: float, text: str) -> None:
    assert console_speed_text(METRIC, kph) == console_speed_text(None, kph) == text
    assert f"{console_number_text(METRIC, kph)} km/h" == text


@pytest.mark.parametrize(
    ("kph", "text"),
    [(3.0, "1.9 mph (3.0 km/h)"), (6.437376, "4.0 mph (6.44 km/h)"), (0.8, "0.5 mph (0.8 km/h)")],
)
def test_a_console_in_miles_has_both(kph: float, text: str) -> None:
    assert console_speed_text(MILES, kph) == text
    assert text.startswith(f"{console_number_text(MILES, kph)} mph")


TENTHS_OF_A_MILE = replace(MILES, capabilities=Capabilities(81, 805, 17))


@pytest.mark.parametrize(
    ("wished_kph", "mph"), [(0.9, "0.5"), (1.6, "0.9"), (1.7, "1.0"), (4.0, "2.4"), (0.3, "0.5"), (0.0, "0.0")]
)
def test_a_machine_that_counts_tenths_of_a_mile_is_told_the_tenth_below_a_wish(wished_kph: float, mph: str) -> None:
    """As its guardian and its driver round it: 1.6 km/h lie between 1.53 and 1.70, and 1.53 are 0.95 mph."""
    assert console_number_text(TENTHS_OF_A_MILE, told_kph(TENTHS_OF_A_MILE, wished_kph)) == mph


@pytest.mark.parametrize(
    ("profile", "wished_kph", "told"),
    [(None, 0.93, 0.93), (METRIC, 2.57, 2.5), (METRIC, 0.3, 0.5), (MILES, 1.61, 1.6)],
    ids=["no machine", "tenths of a km/h", "below its lowest", "steps finer than its console shows"],
)
def test_a_wish_is_rounded_down_to_the_steps_of_the_machine(
    profile: DeviceProfile | None, wished_kph: float, told: float
) -> None:
    assert told_kph(profile, wished_kph) == pytest.approx(told)
