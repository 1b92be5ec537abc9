"""A session over its time: what was reported, and what the plan wanted then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.records.report.conftest import a_plan

from retrotread.records.curve import Curve, curve_of
from retrotread.records.done import Sample
from retrotread.workouts.timeline import Timeline


@pytest.fixture
def timeline() -> Timeline:
    return a_plan(("walk", "60 s", "2.0 km/h"), ("cool down", "60 s", "3.0 km/h"))


def gone(first_s: int, seconds: int, step: int | None, speed_ckph: int = 200) -> Iterator[Sample]:
    """One sample a second."""
    return (Sample((first_s + n) * 1000, speed_ckph, 0, None, step) for n in range(seconds))


def planned(curve: Curve) -> dict[float, float | None]:
    return {one.at_s: one.planned_kph for one in curve.moments}


def test_the_plan_goes_on_with_the_step_and_waits_in_between(timeline: Timeline) -> None:
    curve = curve_of([*gone(10, 60, 0), *gone(70, 15, None, 50), *gone(85, 60, 1, 300)], timeline)
    found = planned(curve)
    assert found[40.0] == 2.0
    assert found[75.0] is None
    assert found[120.0] == 3.0
    assert curve.left == ()


def test_the_plan_of_a_pause_goes_on_where_it_was() -> None:
    rising = a_plan(("cool down", "60 s", "1.0 km/h -> 4.0 km/h"))
    curve = curve_of([*gone(0, 31, 0), *gone(31, 20, None, 0), *gone(51, 31, 0)], rising)
    found = planned(curve)
    assert found[51.0] == found[30.0] == rising.setpoint_at(30.0).speed_kph
    assert found[61.0] == rising.setpoint_at(40.0).speed_kph


def test_a_step_that_goes_on_for_longer_keeps_its_last_set_point(timeline: Timeline) -> None:
    curve = curve_of([*gone(0, 90, 0), *gone(90, 60, 1, 300)], timeline)
    assert planned(curve)[85.0] == pytest.approx(2.0, abs=0.01)


def test_what_is_before_the_belt_moves_and_long_after_is_not_part_of_it(timeline: Timeline) -> None:
    curve = curve_of([*gone(0, 30, None, 0), *gone(30, 60, 0), *gone(90, 30, None, 0)], timeline)
    assert (curve.begins_s, curve.ends_s) == (30.0, 90.0)


def test_the_rest_of_a_plan_that_was_left_is_shown_as_if_it_had_gone_on(timeline: Timeline) -> None:
    curve = curve_of([*gone(0, 31, 0), *gone(31, 2, None, 0)], timeline)
    assert curve.left[0] == (31.0, 2.0)
    assert curve.left[-1] == (31.0 + 90.0, 3.0)


def test_a_silence_is_a_gap_and_no_straight_line(timeline: Timeline) -> None:
    curve = curve_of([*gone(0, 10, 0), *gone(40, 10, 0)], timeline)
    assert [one.speed_kph for one in curve.moments if 9.5 < one.at_s < 39.5] == [None]


def test_without_a_plan_there_is_what_was_reported(timeline: Timeline) -> None:
    curve = curve_of(list(gone(0, 10, 0)), None)
    assert [one.speed_kph for one in curve.moments] == [2.0] * 10
    assert set(planned(curve).values()) == {None}
    assert curve.left == ()


def test_a_step_that_the_plan_has_not_is_no_step_of_it(timeline: Timeline) -> None:
    assert set(planned(curve_of(list(gone(0, 10, 7)), timeline)).values()) == {None}


def test_a_run_in_which_nothing_moved_has_no_curve(timeline: Timeline) -> None:
    assert curve_of(list(gone(0, 10, None, 0)), timeline) == Curve(())
