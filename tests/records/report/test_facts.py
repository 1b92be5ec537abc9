"""What the page says of a session, as rows of words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.records.exports.conftest import a_run, seconds
from tests.records.report.conftest import a_plan

from retrotread.records.report.facts import (
    Row,
    direction,
    happenings,
    hits,
    moment,
    motion_ms,
    planned_and_done,
)
from retrotread.records.whole import KeptEvent, Whole
from retrotread.safety.hazards import Action
from retrotread.workouts.timeline import Timeline


def with_events(*events: tuple[int, str, str]) -> Whole:
    """A run in which these happened: milliseconds, kind and sentence."""
    kept = tuple(
        KeptEvent(n, at_ms, "2026-03-02T09:00:00", kind, text, "") for n, (at_ms, kind, text) in enumerate(events)
    )
    return replace(a_run(()).whole, events=kept)


@pytest.fixture
def timeline() -> Timeline:
    bout, rest = ("run", "60 s", "6.5 km/h"), ("walk", "60 s", "3.0 km/h")
    return a_plan(("walk", "3 min", "2.0 km/h"), bout, rest, bout, ("cool down", "60 s", "3.0 km/h"))


# --- when -------------------------------------------------------------------------------------------------------


def test_a_moment_of_the_run_has_a_clock_time_by_its_first_event() -> None:
    whole = with_events((2000, "mode", "running"))
    assert moment(whole, 62_000).astimezone(UTC) == datetime(2026, 3, 2, 9, 1, 0, tzinfo=UTC)


def test_without_an_event_the_clock_time_is_that_of_the_beginning() -> None:
    whole = replace(a_run(()).whole, events=())
    assert moment(whole, 60_000).astimezone(UTC) == datetime(2026, 3, 2, 9, 1, 0, 250_000, tzinfo=UTC)


def test_the_belt_moved_from_its_first_report_of_a_speed_to_the_one_after_its_last() -> None:
    samples = (*seconds(0, 10, speed_ckph=0), *seconds(10, 20, speed_ckph=200), *seconds(30, 5, speed_ckph=0))
    assert motion_ms(a_run(samples).whole) == (10_800, 30_800)


def test_a_last_report_of_a_moving_belt_holds_for_five_seconds_at_most() -> None:
    samples = (*seconds(0, 10, speed_ckph=200), *seconds(60, 1, speed_ckph=0))
    assert motion_ms(a_run(samples).whole) == (800, 14_800)


def test_a_belt_that_was_never_seen_to_move_has_no_start_and_no_stop() -> None:
    assert motion_ms(a_run(seconds(0, 10, speed_ckph=0)).whole) is None


# --- planned against done ---------------------------------------------------------------------------------------


def rows(whole: Whole, timeline: Timeline | None) -> dict[str, tuple[str, str]]:
    return {one.what: (one.planned, one.done) for one in planned_and_done(whole, timeline)}


def test_the_plan_stands_beside_what_came_of_it(timeline: Timeline) -> None:
    did = {
        "plan_total_ms": 420_000, "plan_time_ms": 301_000, "backward_ms": 300_000, "running_ms": 60_000,
        "distance_mm": 251_000, "speed_max_ckph": 640, "bouts": 1, "bout_ms": 60_000, "bout_ckph": 640, "bout_dpct": 0,
    }  # fmt: skip
    found = rows(a_run((), (), None, **did).whole, timeline)
    assert found["plan time"] == ("7:00", "5:01")
    assert found["backward"] == ("7:00", "5:00")
    assert found["work"] == ("2 × 1:00 at 6.5 km/h", "1 × 1:00 at 6.4 km/h")
    assert found["distance"][1] == "0.25 km"
    assert found["highest speed"] == ("6.5 km/h", "6.4 km/h")
    assert found["steps"] == ("5", "3")


def test_the_distance_of_the_plan_is_its_speed_over_its_time(timeline: Timeline) -> None:
    planned_km = float(rows(a_run(()).whole, timeline)["distance"][0].removesuffix(" km"))
    assert planned_km == pytest.approx((3 * 2 + 2 * 6.5 + 2 * 3) / 60, abs=0.03)


def test_a_plan_that_cannot_be_laid_out_any_more_tells_its_length_alone() -> None:
    found = planned_and_done(a_run((), plan_total_ms=420_000).whole, None)
    assert found[0] == Row("plan time", "7:00", "0:30")
    assert [one.what for one in found if one.planned] == ["plan time"]


def test_no_block_to_its_end_is_said(timeline: Timeline) -> None:
    assert rows(a_run(()).whole, timeline)["work"][1] == "none to its end"


def test_the_way_is_told_in_words(timeline: Timeline) -> None:
    forward = a_plan(("cool down", "3 min", "2.0 km/h"), facing="console")
    assert [direction(one) for one in (timeline, forward, None)] == ["backward, belt forward", "forward", "not known"]


# --- what happened ----------------------------------------------------------------------------------------------


def test_a_limit_is_told_once_with_its_last_sentence_its_reason_and_what_was_done() -> None:
    near = [(60_000 + n * 1000, "heart_near", f"the heart rate is {140 + n} bpm") for n in range(10)]
    (hit,) = hits(with_events(*near))
    assert (hit.at_ms, hit.times, hit.text) == (60_000, 1, "the heart rate is 149 bpm")
    assert hit.why == "a heart answers late: what is near its ceiling now will be over it soon"
    assert (hit.done, hit.action) == ("told", Action.WARN)


def test_a_limit_that_comes_again_after_half_a_minute_is_counted() -> None:
    (hit,) = hits(with_events((0, "ui_slow", "a"), (30_000, "ui_slow", "b"), (61_000, "ui_slow", "c")))
    assert (hit.at_ms, hit.times) == (0, 2)


def test_what_comes_in_every_run_is_no_limit() -> None:
    events = ((0, "attention_asked", "waits"), (5, "plan_stop", "the plan is done"), (9, "mode", "running"))
    assert hits(with_events(*events)) == ()


def test_what_happened_is_told_once_and_from_the_start_of_the_belt() -> None:
    found = happenings(
        with_events(
            (0, "mode", "idle"), (1, "mode", "armed"), (2, "connected", "Home"), (3, "connected", "Home"),
            (4, "mode", "running"), (5, "heart_near", "close"), (6, "mode", "latched"),
        )
    )  # fmt: skip
    assert [(one.kind, one.text) for one in found] == [("connected", "Home"), ("mode", "running"), ("mode", "latched")]
