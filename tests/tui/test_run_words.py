"""What the pages of a run say of changes, turns, times off the belt and belts that are not ours. Pure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tui.conftest import (
    A_SUMMARY,
    OFF_BELT_STEP,
    PROFILE,
    TURN_STEP,
    TURNING,
    a_snapshot,
    a_turn,
    a_view,
    coached_view,
    off_belt_view,
    still,
    turn_view,
    unmeasured,
)

from retrotread.machine import BeltDirection, Facing, Setpoint, SpeedUnit
from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.modes import Mode
from retrotread.sessions.view import Control, Spoken
from retrotread.tui.alarm import disconnected_text, sentence
from retrotread.tui.between import AGAIN_S, Confirming, confirm, may_start, off_belt_left_s, refused, to_confirm
from retrotread.tui.bigtext import pixels_wide, rows, width
from retrotread.tui.changes import cause_text, changes_text, rise_text, spoken_text
from retrotread.tui.done import way_done
from retrotread.tui.freshness import rest_known, standstill_confirmed
from retrotread.tui.screens.plan_page import next_speed
from retrotread.tui.speeds import nudge_kph
from retrotread.tui.wording import (
    facing_text,
    left_in_step_text,
    measured_text,
    safety_line,
    status_line,
    step_text,
    way_text,
)
from retrotread.workouts.cues import rise_cue
from retrotread.workouts.timeline import StepKind

LIVE = a_view(snapshot=a_snapshot())
MILES = replace(PROFILE, speed_unit=SpeedUnit.MPH)


# --- speeds -----------------------------------------------------------------------------------------------------


def test_a_measured_speed_stands_in_both_units_only_where_they_differ() -> None:
    view = a_view(snapshot=a_snapshot(speed_kph=3.0))
    assert measured_text(view) == "3.0 km/h"
    assert measured_text(replace(view, profile=MILES)) == "1.9 mph (3.0 km/h)"
    assert measured_text(replace(view, snapshot=a_snapshot(age_s=9.0), profile=MILES)) == "-.- mph"


def test_an_alarm_names_the_speed_in_the_unit_of_the_console() -> None:
    moving = a_view(snapshot=a_snapshot(Mode.ESCALATED, 3.0, alarm=True), profile=MILES)
    assert "1.9 mph (3.0 km/h) reported" in sentence(moving)


def test_what_a_machine_does_without_its_link_is_said_while_a_guardian_sees_that_it_is_lost() -> None:
    keeps_on = replace(PROFILE, runs_on_when_link_lost=True)
    lost = a_view(snapshot=a_snapshot(Mode.ESCALATED, link_up=False), profile=keeps_on)
    assert disconnected_text(lost) == "This model keeps running when disconnected."
    assert disconnected_text(replace(lost, guardian_alive=False)) == ""
    assert disconnected_text(a_view(snapshot=a_snapshot(Mode.ESCALATED))) == ""


def test_one_press_nudges_by_a_tenth_of_the_unit_of_the_console() -> None:
    assert nudge_kph(LIVE) == pytest.approx(0.1)
    assert nudge_kph(replace(LIVE, profile=MILES)) == pytest.approx(0.1609344)
    assert nudge_kph(replace(LIVE, profile=None)) == pytest.approx(0.1)


# --- changes ----------------------------------------------------------------------------------------------------


def test_an_unchanged_plan_has_nothing_to_tell() -> None:
    assert changes_text(LIVE) == ""
    assert changes_text(replace(LIVE, nudge_kph=0.1609344, profile=MILES)) == "this step +0.1 mph"


@given(st.floats(0.5, 20.0), st.floats(0.0, 10.0), st.floats(0.0, 5.0))
def test_the_announcement_of_any_rise_is_understood(to_kph: float, incline_percent: float, left_s: float) -> None:
    cue = rise_cue(Setpoint(0.4, 0.0), Setpoint(to_kph, incline_percent), 1)
    text = rise_text(replace(LIVE, raise_in_s=left_s, spoken=(Spoken(0.0, f"{cue.text}. tall and soft"),)))
    assert f"{round(to_kph, 1):.1f} km/h" in text
    assert ("STEEPER" in text) is (incline_percent > 0.0)


def test_a_rise_whose_words_are_not_known_still_counts_down() -> None:
    assert rise_text(replace(LIVE, raise_in_s=3.2)) == "FASTER IN 4 s"
    assert rise_text(LIVE) == ""


def test_the_newest_announcement_counts() -> None:
    spoken = (
        Spoken(0.0, "faster in 5 seconds, 2.0 km/h"),
        Spoken(1.0, "faster in 5 seconds, 3.0 km/h"),
        Spoken(2.0, "3"),
    )
    assert rise_text(replace(LIVE, raise_in_s=3.0, spoken=spoken)) == "FASTER IN 3 s: 3.0 km/h"


def test_what_was_said_is_news_for_some_seconds() -> None:
    view = replace(LIVE, spoken=(Spoken(100.0, "next: walk 90 s"),))
    assert spoken_text(view, 111.0) == "next: walk 90 s"
    assert spoken_text(view, 113.0) == "land on the toes"


def test_a_second_that_is_counted_is_gone_when_it_is_over() -> None:
    view = replace(LIVE, spoken=(Spoken(98.0, "2"), Spoken(99.0, "1")))
    assert spoken_text(view, 99.9) == "1"
    assert spoken_text(view, 100.1) == "land on the toes"
    assert spoken_text(replace(view, cue=None), 100.1) == ""


def a_cause(action: Action, message: str) -> Cause:
    return Cause(Hazard.UI_SLOW, action, message, Clears.WHEN_ACKNOWLEDGED)


def test_a_cause_says_what_it_does_to_the_belt_and_says_it_once() -> None:
    assert cause_text(a_cause(Action.FREEZE_RISES, "the terminal is not in front")) == (
        "nothing rises: the terminal is not in front"
    )
    assert cause_text(a_cause(Action.FREEZE_RISES, "late; nothing rises")) == "late; nothing rises"
    assert cause_text(a_cause(Action.EASE, "the heart is fast")).startswith("the belt slows down")
    assert cause_text(a_cause(Action.WARN, "the deck creaks")) == "the deck creaks"


# --- turns ------------------------------------------------------------------------------------------------------


def test_the_way_follows_the_step_that_is_on() -> None:
    before = a_view(snapshot=a_snapshot(), timeline=TURNING, step_index=TURN_STEP - 1)
    after = replace(before, step_index=TURN_STEP + 1)
    assert facing_text(before) == "facing the rear, backward"
    assert facing_text(after) == "facing the console, forward"
    steps = tuple(replace(step, belt=BeltDirection.REVERSED) for step in TURNING.steps)
    assert facing_text(replace(after, timeline=replace(TURNING, steps=steps))) == "facing the console, backward"


def test_a_whole_plan_says_how_it_begins_and_how_often_it_turns() -> None:
    assert way_text(TURNING) == "facing the rear, backward, 1 turn"
    assert way_text(LIVE.timeline) == "facing the rear, backward"


def test_a_turn_and_a_time_off_the_belt_have_no_speed() -> None:
    assert step_text(TURNING.steps[TURN_STEP]) == "turn to the console"
    assert step_text(TURNING.steps[OFF_BELT_STEP]) == "step-on practice 90 s"


def test_a_sentence_can_be_confirmed_once_the_belt_has_stood_long_enough_and_in_its_order() -> None:
    offers = {
        "still too short": (a_turn(4.9), None), "on the rails": (a_turn(), 0), "facing": (a_turn(on_rails=True), 1),
        "both": (a_turn(on_rails=True, faces=True), None), "no turn yet": (None, None),
    }  # fmt: skip
    assert {name: to_confirm(turn_view(turn=turn)) for name, (turn, _) in offers.items()} == {
        name: offer for name, (_, offer) in offers.items()
    }
    assert to_confirm(turn_view(a_snapshot(Mode.TURN, 0.0), turn=a_turn())) is None, "standstill is not reported"


@given(st.lists(st.floats(0.01, AGAIN_S - 0.01), max_size=40))
def test_no_key_that_is_held_confirms_twice_whatever_is_offered(gaps_s: list[float]) -> None:
    state, confirms = confirm(Confirming(), 0, 0.0)
    assert confirms
    now_s = 0.0
    for gap_s in gaps_s:
        now_s += gap_s
        state, again = confirm(state, 1, now_s)
        assert not again


def test_a_sentence_that_was_taken_gives_way_to_the_next_and_one_that_was_not_may_be_said_again() -> None:
    state, _ = confirm(Confirming(), 0, 0.0)
    assert confirm(state, 1, 1.0)[1]
    assert not confirm(refused(state, 0, 1.0), 0, 1.0)[1]
    assert confirm(refused(state, 0, 2.5), 0, 2.5)[1]
    assert not confirm(Confirming(), None, 5.0)[1]


# --- off the belt, and not ours ---------------------------------------------------------------------------------


def test_a_start_has_its_place_where_the_belt_comes_next() -> None:
    assert may_start(off_belt_view())
    assert may_start(LIVE)
    assert not may_start(turn_view(turn=a_turn()))
    assert may_start(turn_view(turn=a_turn(on_rails=True, faces=True)))
    last = replace(TURNING, steps=TURNING.steps[: OFF_BELT_STEP + 1])
    assert not may_start(off_belt_view(timeline=last)), "nothing follows"
    steps = list(TURNING.steps)
    steps[OFF_BELT_STEP + 1] = replace(steps[OFF_BELT_STEP + 1], kind=StepKind.TURN)
    assert not may_start(off_belt_view(timeline=replace(TURNING, steps=tuple(steps)))), "a turn follows"


def test_a_time_off_the_belt_that_is_over_has_nothing_left() -> None:
    assert off_belt_left_s(off_belt_view(gone_s=30.0)) == pytest.approx(60.0)
    assert off_belt_left_s(off_belt_view(gone_s=95.0)) == 0.0
    assert off_belt_left_s(off_belt_view(gone_s=90.0, extended_s=20.0)) == pytest.approx(20.0)


def test_rest_is_known_by_a_confirmed_standstill_or_where_nothing_is_ours_by_the_run() -> None:
    assert rest_known(a_view(snapshot=still(Mode.IDLE)))
    assert not rest_known(a_view(snapshot=a_snapshot(Mode.IDLE, 0.0)))
    assert not rest_known(a_view(snapshot=still(Mode.IDLE, age_s=9.0)))
    at_rest, moving = coached_view(unmeasured(Mode.IDLE)), coached_view(unmeasured(Mode.RUN))
    assert rest_known(at_rest)
    assert not standstill_confirmed(at_rest)
    assert not rest_known(moving)
    assert not rest_known(replace(at_rest, guardian_alive=False))


@given(st.sampled_from(list(Mode)), st.sampled_from([Control.COACHED, Control.TRACK]), st.booleans())
def test_nothing_is_claimed_of_a_belt_that_is_not_ours(mode: Mode, control: Control, stop_pressed: bool) -> None:
    view = coached_view(unmeasured(mode), control)
    said = f"{status_line(view, stop_pressed)[1]} {safety_line(view, True)}"
    assert not [
        claim for claim in ("Treadmill reports", "STOP SENT", "UNKNOWN", "stops it for certain") if claim in said
    ]
    assert control is Control.COACHED or "console" not in said


def test_the_summary_tells_the_way_that_was_gone() -> None:
    turned = a_view(timeline=TURNING, step_index=TURN_STEP + 1)
    gone = replace(A_SUMMARY, complete=False, backward_s=420.0, running_s=60.0)
    assert way_done(turned, gone) == "7:00 backward, of them 1:00 running; 1 of 1 turns made"
    assert way_done(replace(turned, step_index=1), gone).endswith("0 of 1 turns made")
    assert way_done(LIVE, A_SUMMARY) == ""


# --- digits -----------------------------------------------------------------------------------------------------


def test_letters_may_be_as_wide_as_their_room() -> None:
    assert pixels_wide("2.5") == 9
    assert width("2.5", 2) == 36
    assert {len(row) for row in rows("2.5", 2, columns=8)} == {72}
    assert len(rows("2.5", 3)) == 15


def test_the_next_speed_is_zero_where_the_belt_will_stand() -> None:
    steps = [replace(step, entry=Setpoint(0.0)) if step.kind is StepKind.TURN else step for step in TURNING.steps]
    timeline = replace(TURNING, steps=tuple(steps))
    assert next_speed(a_view(timeline=timeline, step_index=TURN_STEP - 1)) == "0.0"
    assert next_speed(a_view(step_index=len(timeline.steps) - 1)) == "0.0"
    assert next_speed(a_view(step_index=1, profile=MILES)) == "0.9"


def test_what_is_left_of_a_step_in_metres_is_said_to_be_about_so_much() -> None:
    steps = tuple(replace(step, length_m=100.0) for step in TURNING.steps)
    assert left_in_step_text(LIVE) == "0:40"
    assert left_in_step_text(replace(LIVE, extended_s=60.0)) == "1:40"
    assert left_in_step_text(replace(LIVE, timeline=replace(TURNING, steps=steps))) == "about 0:40"


def test_where_the_metres_are_measured_they_are_what_is_left() -> None:
    steps = tuple(replace(step, length_m=100.0) for step in TURNING.steps)
    measured = replace(LIVE, timeline=replace(TURNING, steps=steps), metres_left=61.7)
    assert left_in_step_text(measured) == "62 m"
    assert left_in_step_text(replace(measured, metres_left=-0.4)) == "0 m"


def test_the_turn_faces_the_way_after_it() -> None:
    assert turn_view().facing is Facing.CONSOLE
