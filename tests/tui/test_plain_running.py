"""``--plain`` from the start to the end of a run, by letters on a pipe."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.tui.conftest import (
    A_SUMMARY,
    PROFILE,
    FakeControls,
    FakeLauncher,
    a_turn,
    a_view,
    coached_view,
    off_belt_view,
    still,
    turn_view,
    unmeasured,
    waiting_view,
)
from tests.tui.plain_typist import HAND, STOP, Typist, a_typist, latched, moving

from retrotread.machine import SpeedUnit
from retrotread.safety.modes import Mode
from retrotread.sessions.person import Person
from retrotread.sessions.view import CoachAsk, Control, RunView
from retrotread.tui import plain_pressing
from retrotread.tui.speeds import nudge_kph
from retrotread.tui.start_sequence import DIGITS
from retrotread.workouts.engine import Phase

SOON_S = 8.0
MOUNTING = moving(phase=Phase.WAITING_FOR_PERSON)
PAUSED = a_view(Phase.PAUSED, still(Mode.PAUSED))


@pytest.fixture
def typist() -> Iterator[Typist]:
    with a_typist() as typist:
        yield typist


@pytest.fixture
def running() -> Iterator[Typist]:
    with a_typist(moving()) as typist:
        typist.open()
        typist.read("step 2 of 8")
        yield typist


def with_remote(view: RunView, who: Person = HAND) -> Typist:
    launcher = FakeLauncher(FakeControls(view))
    launcher.who = who
    typist = Typist(launcher)
    typist.open()
    typist.ahead_s += 5.0
    return typist


def counting(left_s: float) -> RunView:
    return replace(waiting_view(), phase=Phase.WAITING_FOR_START, snapshot=still(Mode.COUNTDOWN, start_in_s=left_s))


# --- the start --------------------------------------------------------------------------------------------------


def test_a_start_is_s_and_then_the_digit_that_is_shown(typist: Typist) -> None:
    typist.tick_all()
    typist.type("s")
    typist.asked("arm")
    digit = re.search(r"type (\d) to start", typist.read("armed:"))
    assert digit is not None
    typist.type("s", digit[1])
    typist.asked("arm", "hold_done")


def test_the_digit_is_never_the_one_before_and_can_be_every_other_one() -> None:
    drawn = {plain_pressing._new_digit("3") for _ in range(400)}
    assert drawn == set(DIGITS) - {"3"}


def test_a_start_is_s_that_is_held(typist: Typist) -> None:
    typist.tick_all()
    typist.type("s")
    typist.asked("arm")
    for _ in range(4):
        assert typist.now_asked() == ["arm"]
        typist.ahead_s += 0.4
        typist.type("s")
        typist.after_view()
    typist.asked("arm", "hold_done")


@pytest.mark.parametrize("key", ["wrong", "h", "?", "hello"])
def test_another_key_calls_the_start_off(typist: Typist, key: str) -> None:
    typist.tick_all()
    typist.type("s")
    digit = re.search(r"type (\d) to start", typist.read("armed:"))
    assert digit is not None
    typist.type(str(int(digit[1]) % 9 + 1) if key == "wrong" else key)
    typist.asked("arm", "cancel_start")


def test_the_digit_is_another_one_at_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = iter("374")
    monkeypatch.setattr(plain_pressing, "_new_digit", lambda _before="": next(digits))
    with a_typist() as typist:
        typist.tick_all()
        typist.type("s")
        typist.read("type 3 to start")
        typist.type("h")
        typist.asked("arm", "cancel_start")
        typist.ahead_s += 1.0  # the key has been let go
        typist.type("s")
        typist.read("type 7 to start")


def test_the_digit_is_another_one_after_a_start_that_came_about(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = iter("374")
    monkeypatch.setattr(plain_pressing, "_new_digit", lambda _before="": next(digits))
    with a_typist() as typist:
        typist.tick_all()
        typist.type("s")
        typist.read("type 3 to start")
        typist.type("3")
        typist.asked("arm", "hold_done")
        for view in (MOUNTING, moving(), PAUSED):
            typist.see(view)
            typist.after_view()
        typist.ahead_s += 5.0
        typist.type("s")
        typist.read("type 7 to start")


@pytest.mark.parametrize("key", ["7", "o", "hello", "?", "s"])
def test_any_key_calls_the_countdown_off(key: str) -> None:
    with a_typist(counting(5.0)) as typist:
        typist.open()
        typist.after_view()
        typist.type(key)
        typist.asked("cancel_start")


def test_space_and_enter_start_nothing(typist: Typist) -> None:
    typist.tick_all()
    typist.type("", " ", "s")
    typist.asked("arm")


def test_s_before_the_belt_is_seen_to_stand_starts_nothing(typist: Typist) -> None:
    typist.tick_all()
    typist.see(replace(waiting_view(), snapshot=still(Mode.IDLE, standstill=False)))
    typist.after_a_look()
    typist.type("s")
    typist.after_a_look()
    assert typist.now_asked() == []


def test_a_start_that_shows_no_effect_is_told(typist: Typist) -> None:
    typist.tick_all()
    typist.controls.reacts = False
    typist.see(replace(typist.controls.now, message="a command is still with the link"))
    typist.type("s")
    typist.asked("arm")
    typist.ahead_s += 2.5
    typist.read("no start: a command is still with the link")


# --- stops ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["q", "b", "x", ".", "", "stop"])
def test_every_stop_line_stops_once(running: Typist, key: str) -> None:
    running.type(key)
    running.asked("stop input")
    running.read("STOP SENT")


def test_a_stop_does_not_wait_for_what_is_being_printed(running: Typist) -> None:
    hang, free = threading.Event(), threading.Event()

    def hanging() -> None:
        hang.set()
        free.wait(SOON_S)

    running.controls.on_view = hanging
    assert hang.wait(SOON_S)
    running.type("stop")
    running.asked("stop input")
    free.set()


def test_a_stop_is_told_before_the_guardian_has_answered(running: Typist) -> None:
    running.controls.reacts = False
    running.type("stop")
    running.read("STOP SENT")


@pytest.mark.parametrize("view", [MOUNTING, moving(), PAUSED, turn_view(turn=a_turn()), counting(5.0)])
def test_stop_lines_stop_wherever_the_belt_is_ours(view: RunView) -> None:
    with a_typist(view) as typist:
        typist.open()
        typist.type("q")
        typist.asked("stop input")


@pytest.mark.parametrize("key", ["q", "x"])
def test_who_leaves_off_the_belt_ends_the_run(key: str) -> None:
    with a_typist(off_belt_view(plan_time_s=0.0, rings=0)) as typist:
        typist.open()
        typist.type("1", "2", "3", "4", "stop", "?")
        typist.read("Listen:")
        typist.type("3")
        typist.read("off the belt:")
        typist.ahead_s += 2.0
        typist.type(key)
        typist.until(lambda: "stop printing" in typist.now_asked())


def test_the_end_of_the_input_stops_and_the_stop_is_seen_through(running: Typist) -> None:
    running.end_of_input()
    running.asked("stop input")
    running.read("the input has ended")
    assert running.code is None
    running.see(latched(STOP, summary=A_SUMMARY))
    assert running.ended() == 0
    assert running.controls.calls[-2:] == ["input_alive False", "close"]


def test_the_end_of_the_input_off_the_belt_ends_the_run_with_its_summary() -> None:
    with a_typist(moving()) as typist:
        typist.open()
        typist.see(off_belt_view())
        typist.read("off the belt:")
        typist.controls.reacts = False
        typist.end_of_input()
        typist.asked("stop printing")
        typist.after_view()
        assert typist.code is None, "the answer is waited for"
        typist.see(latched(STOP, summary=A_SUMMARY))
        typist.ahead_s += 3.0
        assert typist.ended() == 0


def test_without_a_keyboard_the_end_of_a_stop_is_not_waited_for_for_ever(running: Typist) -> None:
    running.end_of_input()
    running.read("the input has ended")
    running.ahead_s += 61.0
    assert running.ended() == 1
    assert "the belt's standstill is not confirmed" in running.lines


def test_without_a_keyboard_help_is_called_before_the_program_gives_up(running: Typist) -> None:
    running.see(latched(replace(STOP), all_right_s=50.0))
    running.end_of_input()
    running.read("the input has ended")
    running.ahead_s += 70.0
    running.see(latched(STOP, all_right_s=0.0, calling=True))
    running.read("CALLING FOR HELP")
    assert running.code is None
    running.ahead_s += 600.0
    running.ended()


def test_a_stop_key_that_is_still_held_does_not_leave_the_program(running: Typist) -> None:
    running.type("q")
    running.read("STOP SENT")
    running.see(replace(latched(STOP), summary=None))
    running.after_view()
    running.type("q", "q")
    running.after_a_look()
    assert running.code is None
    running.ahead_s += 2.0
    running.type("q")
    running.ended()


# --- while the plan runs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "call"),
    [
        ("p", "pause"), ("P", "pause"), ("h", "hold"), ("e", "extend"), (",", "previous_step"), ("n", "next_step"),
        ("f", "finish"), ("+", "nudge +0.1"), ("-", "nudge -0.1"), ("[", "scale -5"), ("]", "scale +5"),
    ],
)  # fmt: skip
def test_the_keys_of_a_run_are_those_of_the_screens(running: Typist, key: str, call: str) -> None:
    running.type(key)
    running.asked(call)


def test_a_nudge_is_a_tenth_of_what_the_console_counts_in(running: Typist) -> None:
    miles = replace(moving(), profile=replace(PROFILE, speed_unit=SpeedUnit.MPH))
    running.see(miles)
    running.after_a_look()
    running.type("+")
    running.asked(f"nudge {nudge_kph(miles):+.1f}")
    assert nudge_kph(miles) > 0.15


def test_o_is_i_am_on(typist: Typist) -> None:
    typist.see(MOUNTING)
    typist.open()
    typist.read("type o")
    typist.type("n", "h")
    typist.after_a_look()
    assert typist.now_asked() == []
    typist.type("o")
    typist.asked("person_on")


def test_keys_without_a_meaning_do_nothing(running: Typist) -> None:
    running.type("s", "7", "a", "k", "o", "t", "c", "z", "hello", "\x1b[A", "\xff")
    running.after_a_look()
    assert running.now_asked() == []


def test_help_lists_the_keys(running: Typist) -> None:
    running.type("help")
    running.read("h hold the speed or go on")


def test_the_guardian_hears_of_the_screen_several_times_a_second(running: Typist) -> None:
    began_s, turns = time.monotonic(), running.controls.turns
    running.until(lambda: running.controls.turns >= turns + 10)
    assert time.monotonic() - began_s < 5.0


def test_bells_ring_in_a_run_as_often_as_it_asks(running: Typist) -> None:
    before = running.rings
    running.see(replace(moving(), rings=3))
    running.until(lambda: running.rings == before + 3)


def test_a_bell_that_the_run_asks_for_while_keys_come_in_rings(running: Typist) -> None:
    before = running.rings
    running.controls.hold = lambda: running.controls.see(rings=running.controls.now.rings + 1)  # type: ignore[method-assign]
    running.type("h", "h", "h")
    running.until(lambda: running.rings == before + 3)


# --- turns and times off the belt -------------------------------------------------------------------------------


def test_a_turn_is_confirmed_twice_and_then_started_anew() -> None:
    with a_typist(moving()) as typist:
        typist.open()
        needs = "the belt must be reported still for 5 s in 10 reports: 1.0 s in 4 so far"
        typist.see(turn_view(turn=a_turn(still_s=1.0, needs=needs)))
        typist.read("still needed: the belt must be reported still")
        typist.type("t")
        typist.after_a_look()
        assert typist.now_asked() == []
        typist.see(turn_view(turn=a_turn()))
        assert "I stand on the rails, both feet off the belt" in typist.read("1 of 2, type t if so")
        typist.ahead_s += 1.0
        typist.type("t", "t")
        typist.asked("confirm_turn")
        typist.see(turn_view(turn=a_turn(on_rails=True)))
        assert "I now face the console." in typist.read("2 of 2, type t if so")
        typist.ahead_s += 1.0
        typist.type("t")
        typist.asked("confirm_turn", "confirm_turn")
        typist.see(turn_view(turn=a_turn(on_rails=True, faces=True)))
        assert "then type s to go on" in typist.read("the turn is complete")
        typist.type("s")
        typist.asked("confirm_turn", "confirm_turn", "arm")


@pytest.mark.parametrize(("key", "call"), [("n", "next_step"), ("e", "extend"), (",", "previous_step"), ("s", "arm")])
def test_a_time_off_the_belt_is_gone_on_from_made_longer_and_left_by_a_start(key: str, call: str) -> None:
    with a_typist(moving()) as typist:
        typist.open()
        typist.see(off_belt_view())
        typist.read("off the belt: type s to start, n: done")
        assert typist.read("left off the belt") == "1:00 left off the belt"
        typist.type(key)
        typist.asked(call)


def test_a_plan_that_begins_beside_the_belt_is_checked_once_and_again_before_the_start() -> None:
    with a_typist(off_belt_view()) as typist:
        typist.open()
        typist.type("1", "2", "3", "4", "stop", "?")
        typist.read("Listen:")
        typist.type("3")
        typist.read("off the belt:")
        typist.ahead_s += 200.0
        typist.type("s")
        typist.read("older than three minutes, once more: 1 Safety key")
        assert "arm" not in typist.now_asked()


# --- a remote ---------------------------------------------------------------------------------------------------


def test_fine_says_i_am_on_to_a_belt_that_waits_and_never_stops() -> None:
    typist = with_remote(MOUNTING)
    assert "or home of the remote when you are on it" in typist.read("type o")
    typist.type("home")
    typist.asked("person_on")
    typist.see(moving())
    typist.read("step 2 of 8")
    typist.type("home")
    typist.asked("person_on", "all_right")
    typist.close()


def test_next_stops_a_belt_that_moves() -> None:
    typist = with_remote(moving())
    typist.type("pagedown")
    typist.asked("stop input")
    typist.close()


def test_the_whole_start_is_one_press_of_next_and_another_calls_it_off() -> None:
    typist = with_remote(PAUSED)
    typist.controls.reacts = True
    typist.read("or Page Down of the remote to go on")
    typist.ahead_s += 2.0
    typist.until(lambda: typist.door.rested)
    typist.type("pagedown")
    typist.asked("arm", "hold_done")
    typist.ahead_s += 2.0
    typist.type("pagedown")
    typist.asked("arm", "hold_done", "cancel_start")
    typist.after_a_look()
    assert typist.now_asked() == ["arm", "hold_done", "cancel_start"]
    typist.close()


def test_fine_starts_nothing_and_calls_a_countdown_off() -> None:
    typist = with_remote(PAUSED)
    typist.type("home")
    typist.after_a_look()
    assert typist.now_asked() == []
    typist.see(counting(8.0))
    typist.after_view()
    typist.type("home")
    typist.asked("cancel_start")
    typist.close()


@pytest.mark.parametrize(
    ("view", "call"),
    [
        (turn_view(turn=a_turn()), "confirm_turn"),
        (off_belt_view(step_index=3), "next_step"),
        (coached_view(), "confirm_set"),
        (coached_view(phase=Phase.WAITING_FOR_PERSON), "person_on"),
        (latched(all_right_s=30.0), "all_right"),
        (latched(STOP, continue_for_s=200.0), "continue_run"),
        (latched(STOP), "acknowledge False"),
    ],
)
def test_next_says_what_the_person_would_say_at_rest(view: RunView, call: str) -> None:
    typist = with_remote(moving())
    if view.control is not Control.GUARDIAN:
        typist.controls.live = False
    typist.see(view)
    typist.after_a_look()
    typist.ahead_s += 4.0
    typist.until(lambda: typist.door.rested or view.control is not Control.GUARDIAN)
    typist.type("pagedown")
    typist.asked(call)
    typist.close()


def test_next_right_after_a_stop_leads_nowhere() -> None:
    typist = with_remote(moving())
    typist.see(latched(STOP))
    typist.read("press a")
    typist.type("pagedown")
    typist.after_a_look()
    assert typist.now_asked() == []
    typist.close()


# --- coach mode -------------------------------------------------------------------------------------------------


@pytest.fixture
def coached() -> Iterator[Typist]:
    with a_typist(coached_view()) as typist:
        typist.controls.live = False
        typist.open()
        typist.read("step 2 of 8")
        yield typist


@pytest.mark.parametrize("key", ["", " "])
def test_what_a_hand_shall_set_is_said_once_and_an_empty_line_says_that_it_is_set(coached: Typist, key: str) -> None:
    coached.read("set 2.5 km/h NOW")
    coached.type(key)
    coached.asked("confirm_set")
    coached.see(coached_view(coach=CoachAsk("set 2.5 km/h", 2.5, 0.0, 0.0, confirmed=True)))
    coached.read("confirmed")
    assert len(coached.read_all("2.5 km/h NOW")) == 1


def test_the_next_change_is_said_before_it_is_due(coached: Typist) -> None:
    coached.see(coached_view(coach=CoachAsk("set 1.5 km/h", 1.5, 0.0, 8.2, confirmed=False)))
    coached.read("set 1.5 km/h IN 9 s")
    coached.see(coached_view(coach=CoachAsk("set 1.5 km/h", 1.5, 0.0, 7.9, confirmed=False)))
    coached.see(coached_view(coach=CoachAsk("set 1.5 km/h", 1.5, 0.0, 0.0, confirmed=False)))
    coached.read("set 1.5 km/h NOW")
    assert len(coached.read_all("set 1.5 km/h IN")) == 1


def test_coach_mode_has_a_safety_sentence_of_its_own_and_measures_nothing(coached: Typist) -> None:
    coached.read("This program does not control the belt: its own stop and its key do.")
    coached.read("to be set: 2.5 km/h, 0:40 left in the step")
    assert coached.read_all("measured") == []


def test_leaving_coach_mode_ends_the_session_and_asks_for_the_belt_to_be_stopped(coached: Typist) -> None:
    coached.type("q")
    coached.asked("stop printing")
    coached.see(coached_view(unmeasured(Mode.STOPPING), phase=Phase.STOPPED))
    coached.read("STOP THE BELT AT ITS OWN CONSOLE")
    assert coached.read_all("STOP SENT") == []
    coached.type("q", "")  # the hand on q has not let go; an empty line leaves nothing and need not wait
    coached.asked("stop printing", "confirm_set")
    coached.see(coached_view(unmeasured(Mode.LATCHED, causes=(STOP,)), phase=Phase.STOPPED))
    coached.read("This program does not see the belt: look at it before you step.")
    coached.type("a")
    coached.asked("stop printing", "confirm_set", "acknowledge False")


def test_the_end_of_the_input_ends_a_coached_session_too(coached: Typist) -> None:
    coached.end_of_input()
    coached.asked("stop printing")
    coached.see(coached_view(unmeasured(Mode.STOPPING), phase=Phase.STOPPED))
    coached.read("STOP THE BELT AT ITS OWN CONSOLE")
    coached.ahead_s += 15.0
    coached.after_view()
    assert coached.code is None
    coached.see(coached_view(unmeasured(Mode.LATCHED, causes=(STOP,)), phase=Phase.STOPPED, summary=A_SUMMARY))
    assert coached.ended() == 0
    assert coached.read_all("summary:")


def test_a_track_has_no_belt_to_set() -> None:
    with a_typist(coached_view(control=Control.TRACK, coach=None)) as typist:
        typist.controls.live = False
        typist.open()
        typist.read("No belt here: this program says what to run, and when.")
        typist.read("0:40 left in the step, 9:10 in all")
        assert typist.read_all("to be set") == []
