"""What the screen says, held against oracles of its own: a belt is called still on a fresh, confirmed standstill."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tui.conftest import PROFILE, TIMELINE, a_snapshot, a_view, still

from retrotread.guardian.messages import StopShown
from retrotread.machine import PhysicalStop
from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.stopping import StopClass
from retrotread.sessions.view import RunView
from retrotread.tui.alarm import WayOut, big_lines, sentence, way_out, way_out_text
from retrotread.tui.freshness import Freshness, freshness
from retrotread.tui.wording import (
    Remedy,
    Status,
    clock_text,
    incline_shown,
    last_resort,
    next_text,
    remedy,
    remedy_text,
    safety_line,
    speed_shown,
    status_line,
    step_text,
)
from retrotread.workouts.engine import Phase

NO_KEY = replace(PROFILE, physical_stop=PhysicalStop.NONE)
SLOW = replace(PROFILE, report_period_ms=1000)


# Where the answers change, and anything else that a clock could give.
AGES_S = st.one_of(st.sampled_from([0.0, 0.1, 0.45, 0.9, 1.1, 1.9, 2.9, 3.1]), st.floats(0.0, 10.0))


@st.composite
def views(draw: st.DrawFn) -> RunView:
    """Any view that a run could show, likely or not."""
    snapshot = a_snapshot(
        draw(st.sampled_from(Mode)),
        draw(st.one_of(st.none(), st.floats(0.0, 12.0))),
        age_s=draw(st.one_of(AGES_S, st.sampled_from([None, math.inf, math.nan]))),
        standstill=draw(st.booleans()),
        alarm=draw(st.booleans()),
        link_up=draw(st.booleans()),
    )
    return a_view(
        draw(st.sampled_from(Phase)),
        draw(st.sampled_from([snapshot, snapshot, None])),
        guardian_alive=draw(st.booleans()),
        snapshot_age_s=draw(AGES_S),
        profile=draw(st.sampled_from([PROFILE, SLOW, NO_KEY, None])),
    )


def may_say_stopped(view: RunView) -> bool:
    """The oracle, in words of its own: confirmed by a living guardian, on a report that is not late."""
    if view.snapshot is None or not view.guardian_alive or not view.snapshot.standstill or view.snapshot.age_s is None:
        return False
    late_s = 1.0 if view.profile is None else max(1.0, 2 * view.profile.report_period_ms / 1000)
    return view.snapshot.age_s + view.snapshot_age_s <= min(late_s, 3.0)


@given(views(), st.booleans())
def test_stopped_is_said_only_of_a_fresh_confirmed_standstill(view: RunView, stop_pressed: bool) -> None:
    status, text = status_line(view, stop_pressed)
    assert ("Treadmill reports" in text) is (status is Status.STOPPED) is may_say_stopped(view)


@given(views(), st.booleans())
def test_a_machine_without_a_key_is_never_told_to_pull_one(view: RunView, simulated: bool) -> None:
    view = replace(view, profile=NO_KEY)
    said = [
        safety_line(view, simulated), last_resort(view), status_line(view, True)[1], sentence(view), *big_lines(view),
        way_out_text(view, False), "" if view.snapshot is None else remedy_text(view),
    ]  # fmt: skip
    assert not [text for text in said if "key" in text.lower().replace("stop keys", "")]


def test_a_machine_with_a_key_is_always_told_of_it() -> None:
    view = a_view(snapshot=a_snapshot())
    assert safety_line(view, False) == "Only the safety key stops the belt for certain."
    for at, said in ((None, "Key tested today."), ("14:02", "Key tested 14:02.")):
        tested = replace(view, key_test=True, key_tested_at=at)
        assert safety_line(tested, False) == f"Only the safety key stops the belt for certain. {said}"
    untested = replace(view, key_test=True, key_tested=False)
    assert safety_line(untested, False) == "Only the safety key stops the belt for certain."
    assert last_resort(view) == "PULL THE KEY"
    assert safety_line(view, True).startswith("Simulated treadmill.")


def test_numbers_are_struck_out_after_one_second_and_gone_after_three() -> None:
    view = a_view(snapshot=a_snapshot(age_s=0.0), snapshot_age_s=0.0)
    ages = {0.99: Freshness.FRESH, 1.01: Freshness.STRUCK, 2.99: Freshness.STRUCK, 3.01: Freshness.GONE}
    assert {age_s: freshness(replace(view, snapshot_age_s=age_s)) for age_s in ages} == ages


def test_a_number_that_is_gone_is_not_shown() -> None:
    view = a_view(snapshot=a_snapshot(age_s=3.5))
    assert speed_shown(view) == "-.-"
    assert incline_shown(view) == "-"
    assert status_line(view, False) == (Status.UNKNOWN, "SPEED UNKNOWN - BELT MAY BE MOVING - PULL THE KEY")


def test_a_machine_that_reports_once_a_second_is_not_called_late_between_two_reports() -> None:
    view = a_view(Phase.STOPPED, still(Mode.LATCHED, age_s=1.2), profile=SLOW)
    assert freshness(view) is Freshness.FRESH
    assert freshness(replace(view, profile=PROFILE)) is Freshness.STRUCK


def test_a_stop_that_was_pressed_is_shown_before_the_guardian_answers() -> None:
    view = a_view(snapshot=a_snapshot())
    assert status_line(view, True) == (Status.STOPPING, "STOP SENT - waiting for treadmill")
    stop = StopShown(StopClass.PROTECTIVE, 2, 3.2)
    stopping = a_view(snapshot=a_snapshot(Mode.STOPPING, stop=stop))
    assert status_line(stopping, False)[1] == "STOP SENT - waiting for treadmill (protective, 3 s)"


def test_in_the_end_the_next_step_is_the_stop() -> None:
    assert next_text(a_view(step_index=0)) == "walk 60 s, 2.5 km/h"
    assert next_text(a_view(step_index=len(TIMELINE.steps) - 1)) == "the belt stops"
    assert step_text(TIMELINE.steps[-1]) == "cool down 2 min, 1.5 km/h -> 0.5 km/h"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0:00"), (-3.0, "0:00"), (0.2, "0:01"), (60.0, "1:00"), (245.0, "4:05"), (3600.0, "1:00:00")],
)
def test_time_left_is_rounded_up_so_that_zero_means_over(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text


def a_cause(clears: Clears) -> Cause:
    return Cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed", clears)


def test_the_strictest_cause_decides_what_leads_out() -> None:
    read, tested, restart = (
        a_cause(c) for c in (Clears.WHEN_ACKNOWLEDGED, Clears.AFTER_KEY_TEST, Clears.BY_RESTART)
    )  # fmt: skip
    assert remedy((read,), Mode.LATCHED) is Remedy.ACKNOWLEDGE
    assert remedy((read, tested), Mode.LATCHED) is Remedy.TEST_KEY
    assert remedy((read, restart, tested), Mode.LATCHED) is Remedy.RESTART
    assert remedy((read,), Mode.FAULT) is Remedy.RESTART


@given(views())
def test_an_alarm_ends_by_a_key_only_at_confirmed_standstill_or_where_none_can_come(view: RunView) -> None:
    lost = not view.guardian_alive or (view.snapshot is not None and not view.snapshot.link_up)
    match way_out(view):
        case WayOut.ACKNOWLEDGE:
            assert may_say_stopped(view)
        case WayOut.LEAVE:
            assert lost
        case WayOut.NONE:
            assert not lost
            assert not may_say_stopped(view)
