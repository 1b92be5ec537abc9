"""Two sessions side by side."""

from __future__ import annotations

import pytest
from tests.records.listed import a_session

from retrotread.records.comparing import Pair, compared
from retrotread.records.history_lines import change, number


def test_each_quantity_stands_in_its_unit_with_what_the_second_has_more() -> None:
    second = a_session(distance_mm=250_000, speed_max_ckph=200, heart_max_bpm=150, effort=5)
    found = {one.what: one for one in compared(a_session(), second)}
    assert found["backward"] == Pair("backward", "min", 5.5, 5.5)
    assert found["distance"].change == pytest.approx(0.15)
    assert found["highest speed"].change == pytest.approx(0.5)
    assert found["effort"].change == 2
    assert found["mean speed"].first == pytest.approx(1.0)


def test_what_one_of_the_two_does_not_know_has_no_difference() -> None:
    heart = next(one for one in compared(a_session(), a_session(heart_max_bpm=150)) if one.unit == "bpm")
    assert (heart.first, heart.second, heart.change) == (None, 150, None)


def test_a_run_that_took_no_time_has_no_mean_speed() -> None:
    still = a_session(elapsed_ms=0, distance_mm=0)
    assert next(one for one in compared(still, still) if one.what == "mean speed").first is None


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (Pair("distance", "km", 1.0, 1.254), ("1.00 km", "1.25 km", "+0.25")),
        (Pair("speed", "km/h", 3.0, 2.51), ("3.0 km/h", "2.5 km/h", "-0.5")),
        (Pair("speed", "km/h", 3.0, 3.04), ("3.0 km/h", "3.0 km/h", "same")),
        (Pair("pain", "", 1, 1), ("1", "1", "same")),
        (Pair("heart", "bpm", None, 150), ("-", "150 bpm", "")),
    ],
)
def test_numbers_are_told_as_exactly_as_they_are_known(pair: Pair, words: tuple[str, str, str]) -> None:
    assert (number(pair, pair.first), number(pair, pair.second), change(pair)) == words
