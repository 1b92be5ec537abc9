"""Straight lines of speed, integrated exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.simulated.belt import BeltMotion, Ramp, at_rest

speeds = st.floats(0, 25)
moments = st.floats(0, 5000)


def test_a_ramp_reaches_its_value_at_its_rate_and_stays_there() -> None:
    ramp = at_rest(10.0).towards(10.0, 4.0, 0.5)
    assert [ramp.value_at(moment_s) for moment_s in (10, 12, 14, 18, 1000)] == [0, 1, 2, 4, 4]


def test_a_ramp_that_turns_round_on_its_way_leaves_from_where_it_is() -> None:
    ramp = at_rest(0.0).towards(0.0, 4.0, 1.0).towards(2.0, 0.0, 0.5)
    assert ramp.value_at(2.0) == 2.0
    assert ramp.value_at(4.0) == 1.0
    assert ramp.value_at(6.0) == 0.0


def test_a_belt_that_ramps_to_a_speed_and_holds_it_passes_the_area_under_its_speed() -> None:
    motion = BeltMotion(at_rest(0.0)).towards(0.0, 7.2, 0.72)
    assert motion.travel_m_at(10.0) == pytest.approx(10.0), "10 s of a triangle up to 2 m/s"
    assert motion.travel_m_at(15.0) == pytest.approx(20.0), "and 5 s at 2 m/s"


def test_a_belt_counts_the_seconds_in_which_it_moves() -> None:
    motion = BeltMotion(at_rest(0.0)).towards(5.0, 3.0, 1.0)
    assert motion.moved_s == 0
    stopping = motion.towards(20.0, 0.0, 1.0)
    assert stopping.moved_s_at(21.0) == pytest.approx(16.0)
    assert stopping.moved_s_at(100.0) == pytest.approx(18.0), "15 s up to the stop and 3 s of slowing down"


@given(first=speeds, second=speeds, begins_s=moments, after_s=st.floats(0, 100), rate=st.floats(0.05, 5))
def test_a_ramp_never_leaves_the_span_between_its_two_values(
    first: float, second: float, begins_s: float, after_s: float, rate: float
) -> None:
    value = at_rest(begins_s, first).towards(begins_s, second, rate).value_at(begins_s + after_s)
    assert min(first, second) <= value <= max(first, second)


@given(first=speeds, second=speeds, rate=st.floats(0.05, 5), cuts=st.lists(st.floats(0, 200), min_size=1, max_size=8))
def test_an_area_is_the_same_however_it_is_cut(first: float, second: float, rate: float, cuts: list[float]) -> None:
    whole = at_rest(0.0, first).towards(0.0, second, rate)
    area, ramp = 0.0, whole
    for cut_s in sorted(cuts):
        area += ramp.area_at(cut_s)
        ramp = ramp.towards(cut_s, second, rate)
    assert area == pytest.approx(whole.area_at(max(cuts)), abs=1e-6)


@given(first=speeds, second=speeds, until_s=st.floats(0, 100))
def test_an_area_agrees_with_a_sum_of_thin_slices(first: float, second: float, until_s: float) -> None:
    ramp: Ramp = at_rest(0.0, first).towards(0.0, second, 0.4)
    width_s = until_s / 2000
    slices = sum(ramp.value_at((slice_ + 0.5) * width_s) * width_s for slice_ in range(2000))
    assert ramp.area_at(until_s) == pytest.approx(slices, abs=1e-2)
