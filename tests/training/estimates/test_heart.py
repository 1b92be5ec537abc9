"""Heart rates by age and by reserve; the numbers in the texts were worked out by hand."""

import pytest

from retrotread.training.estimates.heart_max import (
    Heartbearer,
    gellish_bpm,
    heart_ceiling_bpm,
    heart_max_bpm,
    tanaka_bpm,
)
from retrotread.training.estimates.heart_reserve import Band, reserve_bpm
from retrotread.training.estimates.ranges import Estimate, NotEstimated, Range


def ends(estimate: Estimate) -> tuple[float, float]:
    assert isinstance(estimate, Range), estimate
    return round(estimate.low, 2), round(estimate.high, 2)


def reason(estimate: Estimate) -> str:
    assert isinstance(estimate, NotEstimated), estimate
    return estimate.reason


def test_the_highest_rate_at_forty() -> None:
    """Tanaka 208 - 0.7 x 40 = 180. Gellish 206.9 - 0.67 x 40 = 180.1. Twelve beats either way: 168 to 192.1."""
    forty = Heartbearer(40)
    assert ends(tanaka_bpm(forty)) == (168.0, 192.0)
    assert ends(gellish_bpm(forty)) == (168.1, 192.1)
    assert ends(heart_max_bpm(forty)) == (168.0, 192.1)


def test_the_highest_rate_at_seventy_where_the_two_differ() -> None:
    """208 - 49 = 159 and 206.9 - 46.9 = 160: 147 to 172."""
    assert ends(heart_max_bpm(Heartbearer(70))) == (147.0, 172.0)


def test_outside_of_the_ages_of_gellish_tanaka_speaks_alone_and_for_a_child_nobody() -> None:
    """20 years: 208 - 14 = 194."""
    assert ends(heart_max_bpm(Heartbearer(20))) == (182.0, 206.0)
    assert reason(heart_max_bpm(Heartbearer(17))) == "the age is 17 years, and the formula holds for 18 to 81 years"
    assert "the age is 82 years" in reason(heart_max_bpm(Heartbearer(82)))


def test_a_held_heart_rate_switches_every_share_off() -> None:
    held = heart_max_bpm(Heartbearer(60, rate_held=True))
    assert reason(held).startswith("a beta-blocker, a pacemaker or an irregular heart holds the rate")
    assert heart_ceiling_bpm(held, 85) == held
    assert reserve_bpm(60, held, Band.LIGHT) == held


def test_a_ceiling_keeps_the_error_of_what_it_is_a_share_of() -> None:
    """85 % of 168 is 142.8, of 192 163.2."""
    assert ends(heart_ceiling_bpm(Range(168, 192), 85)) == (142.8, 163.2)
    assert "the share is 96 %" in reason(heart_ceiling_bpm(Range(168, 192), 96))


@pytest.mark.parametrize(
    ("band", "low", "high"),
    [
        (Band.LIGHT, 92.4, 111.48),  # 60 + 0.30 x 108; 60 + 0.39 x 132
        (Band.MODERATE, 103.2, 137.88),  # 60 + 0.40 x 108; 60 + 0.59 x 132
        (Band.VIGOROUS, 124.8, 177.48),  # 60 + 0.60 x 108; 60 + 0.89 x 132
    ],
)
def test_bands_of_the_reserve(band: Band, low: float, high: float) -> None:
    """60 bpm at rest and 168 to 192 bpm as the highest leave a reserve of 108 to 132."""
    assert ends(reserve_bpm(60, Range(168, 192), band)) == (low, high)


def test_a_rate_at_rest_that_is_none_leaves_no_reserve() -> None:
    assert "no reserve" in reason(reserve_bpm(170, Range(168, 192), Band.LIGHT))
    assert "the heart rate at rest is 30 bpm" in reason(reserve_bpm(30, Range(168, 192), Band.LIGHT))
