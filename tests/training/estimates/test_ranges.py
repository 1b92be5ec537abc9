"""An estimate is a range with two figures, or a reason."""

import math

import pytest

from retrotread.training.estimates.formula import Bound, Formula
from retrotread.training.estimates.ranges import NotEstimated, Range


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (8.10, 11.88, "estimate 8.1 to 12 ml"),
        (168.0, 192.0, "estimate 160 to 200 ml"),
        (0.952, 1.053, "estimate 0.95 to 1.1 ml"),
        (0.0, 0.0444, "estimate 0 to 0.045 ml"),
        (15.0, 15.0, "estimate 15 ml"),
        (-3.21, 9.99, "estimate -3.3 to 10 ml"),
    ],
)
def test_two_figures_are_shown_rounded_outwards(low: float, high: float, shown: str) -> None:
    assert Range(low, high).shown("ml") == shown


def test_noise_of_a_sum_is_no_reason_to_round_further() -> None:
    """0.1 + 0.2 is 0.30000000000000004 as a float, and 0.30 in two figures."""
    assert Range(0.1, 0.1 + 0.2).shown("l") == "estimate 0.10 to 0.30 l"


@pytest.mark.parametrize("ends", [(2.0, 1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_what_is_no_range_is_refused(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="no range goes from"):
        Range(*ends)


def test_ranges_multiply_end_by_end_and_cover_each_other() -> None:
    assert Range(2, 3).times(Range(1.5, 2)) == Range(3, 6)
    assert Range(2, 3).covering(Range(1, 2.5)) == Range(1, 3)
    assert Range(2, 3).plus(3.5) == Range(5.5, 6.5)


def test_a_range_below_zero_is_not_multiplied() -> None:
    """-1 to 1 times 2 to 3 is -3 to 3, and not -2 to 3."""
    with pytest.raises(ValueError, match="below zero the ends change places"):
        Range(-1, 1).times(Range(2, 3))


A_FORMULA = Formula("some", 3, "Some", "x", "nobody", "none", (Bound("the speed", 3, 6, "km/h"),))


@pytest.mark.parametrize("speed_kph", [3.0, 4.5, 6.0])
def test_a_formula_holds_at_both_ends_of_its_bounds(speed_kph: float) -> None:
    assert A_FORMULA.outside({"the speed": speed_kph}) is None


@pytest.mark.parametrize(
    ("values", "measured"),
    [
        ({"the speed": 2.99}, "2.99"),
        ({"the speed": 6.01}, "6.01"),
        ({"the speed": math.nan}, "nan"),
        ({"the speed": math.inf}, "inf"),
        ({}, "nan"),
    ],
)
def test_outside_it_says_what_was_measured_and_where_it_holds(values: dict[str, float], measured: str) -> None:
    expected = f"the speed is {measured} km/h, and the formula holds for 3 to 6 km/h"
    assert A_FORMULA.outside(values) == NotEstimated(expected)


def test_the_name_of_a_formula_has_its_version() -> None:
    assert A_FORMULA.name == "some v3"
