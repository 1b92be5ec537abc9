"""Load of sessions and weeks, cadence, and the word for a gait; worked out by hand."""

import math

import pytest

from retrotread.config import BACKWARD_SHARE, BACKWARD_SHARES
from retrotread.training.estimates.cadence import RUN, cadence_per_min, step_length_m
from retrotread.training.estimates.gait_label import BackwardGait, backward_gait
from retrotread.training.estimates.load import Trend, WeekLoad, session_load, trend, week_load
from retrotread.training.estimates.ranges import NotEstimated, Range


def test_the_load_of_a_session_is_half_a_step_of_the_scale_wide() -> None:
    """Effort 4 for 20 min: 3.5 x 20 = 70 and 4.5 x 20 = 90. The scale ends at 0 and 10."""
    assert session_load(4, 20) == Range(70, 90)
    assert session_load(0, 20) == Range(0, 10)
    assert session_load(10, 20) == Range(190, 200)


@pytest.mark.parametrize(("effort", "minutes"), [(11, 20), (-1, 20), (5, 0), (5, 241), (math.nan, 20)])
def test_what_is_no_effort_or_no_time_has_no_load(effort: float, minutes: float) -> None:
    assert isinstance(session_load(effort, minutes), NotEstimated)


def test_a_week() -> None:
    """80, 0, 80, 0, 80, 0, 0: sum 240, mean 34.286. Squares: 3 x 45.714^2 + 4 x 34.286^2 = 6269.4 + 4702.0 = 10971.4;
    over 7 it is 1567.3, its root 39.59. 34.286 / 39.59 = 0.8660, and 240 x 0.8660 = 207.85."""
    week = week_load((80, 0, 80, 0, 80, 0, 0))
    assert week.monotony is not None
    assert week.strain is not None
    assert (week.total, round(week.monotony, 3), round(week.strain, 2)) == (240, 0.866, 207.85)


def test_a_week_of_equal_days_has_no_monotony() -> None:
    assert week_load((50,) * 7) == WeekLoad(350, None, None)
    assert week_load((0,) * 7) == WeekLoad(0, None, None)


@pytest.mark.parametrize("days", [(1.0,) * 6, (1.0,) * 8, (math.nan,) * 7, (-1.0,) * 7])
def test_what_is_no_week_is_refused(days: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="a week is 7 finite loads"):
        week_load(days)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (240.0, 264.0, Trend.STEADY),
        (240.0, 265.0, Trend.RISING),
        (240.0, 216.0, Trend.STEADY),
        (240.0, 215.0, Trend.FALLING),
        (0.0, 1.0, Trend.RISING),
        (0.0, 0.0, Trend.STEADY),
    ],
)
def test_weeks_within_a_tenth_of_each_other_are_steady(before: float, now: float, expected: Trend) -> None:
    assert trend(before, now) is expected


@pytest.mark.parametrize(("before", "now"), [(None, 1.0), (1.0, None), (math.inf, 1.0)])
def test_without_two_figures_there_is_no_trend(before: float | None, now: float | None) -> None:
    assert isinstance(trend(before, now), NotEstimated)


def test_cadence_running_and_walking() -> None:
    """160 x 1.05 = 168, x 1.15 = 184. 100 x 0.95 = 95, x 1.05 = 105."""
    running, walking = cadence_per_min(160, running=True), cadence_per_min(100, running=False)
    assert isinstance(running, Range)
    assert isinstance(walking, Range)
    assert (round(running.low, 6), round(running.high, 6)) == (168, 184)
    assert (round(walking.low, 6), round(walking.high, 6)) == (95, 105)


def test_the_metronome_of_a_run_beats_within_the_estimate() -> None:
    target = cadence_per_min(160, running=True)
    assert target == Range(160 * BACKWARD_SHARES[0], 160 * BACKWARD_SHARES[1])
    assert f"{BACKWARD_SHARE:.2f} x" in RUN.equation


def test_a_cadence_that_nobody_has_gets_no_target() -> None:
    expected = "the forward cadence is 100 steps/min, and the formula holds for 130 to 220 steps/min"
    assert cadence_per_min(100, running=True) == NotEstimated(expected)


def test_the_length_of_a_step() -> None:
    """6 km/h is 100 m/min: 100 / 105 = 0.9524 m and 100 / 95 = 1.0526 m."""
    steps = step_length_m(6.0, Range(95, 105))
    assert isinstance(steps, Range)
    assert (round(steps.low, 4), round(steps.high, 4)) == (0.9524, 1.0526)
    assert isinstance(step_length_m(6.0, Range(0, 105)), NotEstimated)
    assert isinstance(step_length_m(0.0, Range(95, 105)), NotEstimated)


@pytest.mark.parametrize(
    ("speed_kph", "word"),
    [
        (0.5, BackwardGait.WALK),
        (5.39, BackwardGait.WALK),
        (5.4, BackwardGait.EITHER),
        (6.5, BackwardGait.EITHER),
        (6.51, BackwardGait.RUN),
    ],
)
def test_the_word_for_a_gait(speed_kph: float, word: BackwardGait) -> None:
    assert backward_gait(speed_kph) is word


@pytest.mark.parametrize("speed_kph", [0.0, -1.0, math.nan, math.inf])
def test_what_is_no_speed_has_no_gait(speed_kph: float) -> None:
    assert isinstance(backward_gait(speed_kph), NotEstimated)
