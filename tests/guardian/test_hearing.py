"""What is made of a measured speed: the nearest number that the supervisor counts in."""

from __future__ import annotations

import pytest

from retrotread.guardian.hearing import Hearing
from retrotread.machine import Telemetry
from retrotread.safety.inputs import Seen


@pytest.mark.parametrize(
    ("speed_kph", "speed_ckph"), [(0.0, 0), (0.0004, 1), (3.0577536, 306), (3.054, 305), (2.9999999, 300)]
)
def test_a_measured_speed_is_the_nearest_hundredth_and_what_moves_is_never_zero(
    speed_kph: float, speed_ckph: int
) -> None:
    """1.9 mi/h are 3.0578 km/h: beside a limit of 3.05 that is too fast, and counts from this report on."""
    heard = Hearing().understood(Telemetry(1.0, speed_kph), 1.0)
    assert isinstance(heard, Seen)
    assert heard.speed_ckph == speed_ckph
