"""A speed in the console's own unit, and km/h beside it where they differ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.devices.simulated.archetypes import WELL_BEHAVED
from retrotread.machine import SpeedUnit
from retrotread.sessions.speed_text import console_number_text, console_speed_text

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
