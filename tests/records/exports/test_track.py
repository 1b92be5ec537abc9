"""The way over the belt: where it begins and ends, its laps, and how far it was."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.records.exports.conftest import a_run, a_step, seconds

from retrotread.machine import BeltDirection
from retrotread.records.exports.told import Told
from retrotread.records.exports.track import track_of
from retrotread.workouts.steps import StepKind


def test_the_way_begins_when_the_belt_moves_and_ends_with_the_standstill_behind(two_steps: Told) -> None:
    points = track_of(two_steps).points
    assert [points[0].at_ms, points[-1].at_ms] == [20_800, 43_800]
    assert (points[0].speed_ckph, points[-1].speed_ckph) == (50, 0)


def test_waiting_belongs_to_the_step_before_it_and_at_the_beginning_to_the_first() -> None:
    steps = (a_step(0), a_step(1, StepKind.TURN), a_step(2))
    way = (
        *seconds(0, 2, speed_ckph=50),
        *seconds(2, 3, step=0, speed_ckph=100),
        *seconds(5, 4, speed_ckph=0),
        *seconds(9, 2, step=2, speed_ckph=100),
    )
    laps = track_of(a_run(way, steps)).laps
    assert [(lap.step and lap.step.index, lap.starts_ms, lap.length_ms) for lap in laps] == [
        (0, 800, 8_000 + 1_000),
        (2, 9_800, 1_000),
    ]


def test_a_step_that_comes_again_is_a_lap_of_its_own() -> None:
    way = (*seconds(0, 2, step=0, speed_ckph=100), *seconds(2, 2, step=1, speed_ckph=100),
           *seconds(4, 2, step=0, speed_ckph=100))  # fmt: skip
    laps = track_of(a_run(way, (a_step(0), a_step(1)))).laps
    assert [lap.step and lap.step.index for lap in laps] == [0, 1, 0]


def test_the_laps_make_up_the_distance_and_the_time_of_the_run(two_steps: Told) -> None:
    track = track_of(two_steps)
    assert track.distance_mm == 20_000 == sum(lap.distance_mm or 0 for lap in track.laps)
    assert track.length_ms == 23_000 == sum(lap.length_ms for lap in track.laps)
    first_mm = round(20_000 * (3 * 50 + 10 * 100) / (3 * 50 + 10 * 100 + 10 * 300))
    assert track.laps[0].distance_mm == first_mm


def test_a_speed_counts_for_five_seconds_of_silence_and_no_longer() -> None:
    way = (*seconds(0, 1, step=0, speed_ckph=100), *seconds(20, 6, step=0, speed_ckph=100))
    told = [one.distance_mm for one in track_of(a_run(way, (a_step(0),), distance_mm=10_000)).points]
    assert told == [0, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000]


def test_a_distance_that_no_sample_shows_comes_with_the_last_one() -> None:
    way = seconds(0, 3, step=0, speed_ckph=0)
    assert [one.distance_mm for one in track_of(a_run(way, distance_mm=700)).points] == [0, 0, 700]


def test_a_way_of_a_single_sample_has_the_distance_of_the_run_in_its_lap() -> None:
    track = track_of(a_run(seconds(0, 1, step=0, speed_ckph=100), (a_step(0),), distance_mm=150))
    assert [lap.distance_mm for lap in track.laps] == [150]


def test_where_the_machine_tells_no_speed_there_is_no_distance() -> None:
    track = track_of(a_run(seconds(0, 3, step=0, heart_bpm=90), distance_mm=0))
    assert track.distance_mm is None
    assert {one.distance_mm for one in track.points} == {None}
    assert track.laps[0].distance_mm is None


def test_a_heart_rate_of_nought_is_none() -> None:
    way = (*seconds(0, 1, step=0, speed_ckph=100, heart_bpm=0), *seconds(1, 1, step=0, speed_ckph=100, heart_bpm=120))
    track = track_of(a_run(way))
    assert [one.heart_bpm for one in track.points] == [None, 120]
    assert (track.whole.mean("heart_bpm"), track.whole.most("heart_bpm")) == (120, 120)


def test_a_run_without_a_sample_is_one_point_that_tells_nothing() -> None:
    track = track_of(a_run(()))
    assert [(lap.length_ms, lap.distance_mm, len(lap.points)) for lap in track.laps] == [(0, None, 1)]


def test_a_deck_that_goes_up_is_downhill_on_a_reversed_belt() -> None:
    for belt, grade in ((BeltDirection.FORWARD, 15), (BeltDirection.REVERSED, -15)):
        track = track_of(a_run(seconds(0, 2, step=0, speed_ckph=100, incline_dpct=15), (a_step(0, belt=belt),)))
        assert track.laps[0].mean("effective_grade_dpct") == grade


def test_a_step_beyond_the_plan_is_not_known() -> None:
    assert track_of(a_run(seconds(0, 2, step=7, speed_ckph=100), (a_step(0),))).laps[0].step is None


def test_seconds_are_counted_from_a_whole_one_so_that_no_two_points_share_theirs() -> None:
    track = track_of(a_run(seconds(0, 5, step=0, speed_ckph=100)))
    assert track.began == datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)  # the first event: 1.4 s, less its 0.5 s
    assert len({track.moment(one.at_ms) for one in track.points}) == 5
