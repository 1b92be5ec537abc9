"""``--plain`` after a stop, in an alarm and at the end: what is asked, what is answered, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.tui.conftest import A_SUMMARY, FakeControls, FakeLauncher, coached_view, still, unmeasured
from tests.tui.plain_typist import HAND, STOP, Typist, a_typist, latched, moving

from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.modes import Mode
from retrotread.sessions.view import Person, RunView
from retrotread.workouts.engine import Phase

KEY = Cause(Hazard.UNEXPECTED_MOTION, Action.PROTECTIVE_STOP, "the belt moves unasked", Clears.AFTER_KEY_TEST)
FAULT = Cause(Hazard.SELF_FAULT, Action.PROTECTIVE_STOP, "the guardian failed", Clears.BY_RESTART)
SILENT = Cause(Hazard.TELEMETRY_SILENT, Action.ESCALATE, "no telemetry for 2.0 s", Clears.WHEN_ACKNOWLEDGED)


@pytest.fixture
def running() -> Iterator[Typist]:
    with a_typist(moving()) as typist:
        typist.open()
        typist.read("step 2 of 8")
        yield typist


# --- what was stopped -------------------------------------------------------------------------------------------


def test_a_stop_is_acknowledged_and_then_summed_up(running: Typist) -> None:
    running.see(latched(STOP, summary=A_SUMMARY))
    running.read("press a")
    running.type("k", "a")
    running.asked("acknowledge False")
    running.see(latched(mode=Mode.IDLE, summary=A_SUMMARY))
    assert running.ended() == 0
    assert "summary: First backward steps, plan completed: the plan is done" in running.lines


def test_a_stop_that_asks_for_the_key_is_acknowledged_with_k_alone(running: Typist) -> None:
    running.see(latched(KEY))
    running.read("press k")
    running.type("a", "k")
    running.asked("acknowledge True")


def test_what_only_a_new_start_clears_is_left_with_x_and_is_no_good_end(running: Typist) -> None:
    running.see(latched(FAULT, mode=Mode.FAULT, summary=A_SUMMARY))
    running.read("press x")
    running.type("a", "k", "x")
    assert running.ended() == 1
    assert running.controls.asked() == ["close"]


def test_after_an_own_stop_the_way_back_is_told_with_the_time_that_is_left(running: Typist) -> None:
    running.see(latched(STOP, summary=A_SUMMARY, continue_for_s=299.0))
    running.read("Or press c: continue from this step by a new start (4:59 left to).")
    assert running.read("It was walk 60 s, 2.5 km/h, 0:40 left in it.")
    for left_s, said in ((119.0, "(1:59 left to)"), (29.0, "(0:29 left to)")):
        running.see(latched(STOP, summary=A_SUMMARY, continue_for_s=left_s))
        running.read(said)
    running.see(latched(STOP, summary=A_SUMMARY, continue_for_s=28.0))
    running.after_view()
    assert len(running.read_all("Or press c")) == 3
    assert len(running.read_all("It was walk 60 s")) == 1
    running.type("c")
    running.asked("continue_run")


def test_without_an_offer_c_continues_nothing(running: Typist) -> None:
    running.see(latched(STOP, summary=A_SUMMARY))
    running.read("press a")
    running.type("c")
    running.after_a_look()
    assert running.now_asked() == []


# --- are you all right? -----------------------------------------------------------------------------------------


def test_the_question_is_asked_every_ten_seconds_and_answered_with_y(running: Typist) -> None:
    running.see(latched(SILENT, all_right_s=60.0))
    running.read("ARE YOU ALL RIGHT? Type y: yes. Help is called in 60 s.")
    for left_s in (59.0, 51.0, 50.0, 41.0):
        running.see(latched(SILENT, all_right_s=left_s))
        running.after_view()
    assert len(running.read_all("ARE YOU ALL RIGHT?")) == 2
    running.type("y")
    running.asked("all_right")


def test_a_question_that_nobody_answers_becomes_a_call_that_is_said_again(running: Typist) -> None:
    calling = latched(SILENT, all_right_s=0.0, calling=True, message="the command of the settings was run")
    running.see(calling)
    line = running.read("NOBODY ANSWERED: CALLING FOR HELP.")
    assert "the command of the settings was run" in line
    running.ahead_s += 10.0
    running.until(lambda: len(running.read_all("CALLING FOR HELP")) == 2)
    running.type("y")
    running.asked("all_right")


def test_a_run_does_not_end_while_the_question_is_open(running: Typist) -> None:
    running.see(latched(mode=Mode.DISCONNECTED, all_right_s=30.0, summary=A_SUMMARY))
    running.read("ARE YOU ALL RIGHT?")
    running.after_view()
    assert running.code is None
    running.see(latched(mode=Mode.IDLE, summary=A_SUMMARY))
    assert running.ended() == 0


def test_the_question_rings() -> None:
    with a_typist(moving()) as typist:
        typist.open()
        typist.read("step 2 of 8")
        before = typist.rings
        typist.see(latched(SILENT, all_right_s=60.0))
        typist.until(lambda: typist.rings > before)


def test_the_keys_of_a_remote_that_answer_are_named() -> None:
    launcher = FakeLauncher(FakeControls(moving()))
    launcher.who = HAND
    with a_typist(launcher=launcher) as typist:
        typist.open()
        typist.see(latched(SILENT, all_right_s=60.0))
        typist.read("Type y or home or Page Down: yes.")


# --- the alarm --------------------------------------------------------------------------------------------------


def test_an_alarm_is_acknowledged_at_confirmed_standstill_only(running: Typist) -> None:
    running.see(moving(Mode.ESCALATED, alarm=True, causes=(SILENT,)))
    running.read("ALARM: ")
    running.until(lambda: running.rings > 0)
    running.type("a")
    running.after_a_look()
    assert running.now_asked() == []
    running.see(latched(SILENT, mode=Mode.ESCALATED))
    running.controls.now = replace(running.controls.now, snapshot=still(Mode.ESCALATED, alarm=True, causes=(SILENT,)))
    running.read("Press a when you have seen")
    running.type("a")
    running.asked("acknowledge False")


def test_a_run_without_a_guardian_is_left_with_x(running: Typist) -> None:
    running.see(replace(moving(), guardian_alive=False))
    running.controls.live = True
    running.controls.reacts = False
    running.read("THE GUARDIAN IS GONE")
    running.type("q")
    running.after_a_look()
    assert running.code is None
    running.type("x")
    assert running.ended() == 1


# --- the end ----------------------------------------------------------------------------------------------------


def test_a_plan_that_is_done_is_summed_up_at_once(running: Typist) -> None:
    done = Cause(Hazard.PLAN_STOP, Action.CONTROLLED_STOP, "the plan is done", Clears.WHEN_ACKNOWLEDGED)
    running.see(latched(done, phase=Phase.FINISHED, summary=A_SUMMARY))
    assert running.ended() == 0
    assert running.controls.asked() == ["close"]
    assert "now: stretch calves, 30 s each side" in running.lines


def test_the_run_goes_into_the_store_behind_its_summary_and_the_head_is_the_last_line() -> None:
    done = Cause(Hazard.PLAN_STOP, Action.CONTROLLED_STOP, "the plan is done", Clears.WHEN_ACKNOWLEDGED)
    before = list[str]()

    def keep(journal: Path, _person: Person | None) -> str:
        before.extend((*typist.controls.asked(), typist.lines[-1]))
        return f"chain head of {journal.name}"

    with a_typist(moving(), keep=keep) as typist:
        typist.open()
        typist.read("step 2 of 8")
        typist.see(latched(done, phase=Phase.FINISHED, summary=A_SUMMARY))
        assert typist.ended() == 0
        assert before[-2:] == ["close", f"journal: {A_SUMMARY.journal}"]
        assert typist.lines[-1] == "chain head of 2026-11-21T10-00-00.sqlite"


def test_a_summary_on_the_strength_of_old_reports_is_no_good_end(running: Typist) -> None:
    running.see(latched(mode=Mode.IDLE, summary=A_SUMMARY, snapshot_age_s=2.0))
    assert running.ended() == 1


def test_a_run_that_was_left_before_its_start_is_no_good_end() -> None:
    with a_typist() as typist:
        typist.tick_all()
        typist.type("x")
        assert typist.ended() == 1
        assert typist.now_asked() == ["close"]


def a_coached_end(view: RunView) -> tuple[int, list[str]]:
    with a_typist(coached_view()) as typist:
        typist.controls.live = False
        typist.open()
        typist.read("step 2 of 8")
        typist.see(view)
        return typist.ended(), typist.lines


def test_a_coached_run_ends_well_where_somebody_has_stopped_the_belt_and_gives_no_figures() -> None:
    done = Cause(Hazard.PLAN_STOP, Action.CONTROLLED_STOP, "the plan is done", Clears.WHEN_ACKNOWLEDGED)
    rested = unmeasured(Mode.LATCHED, causes=(done,))
    code, lines = a_coached_end(coached_view(rested, phase=Phase.FINISHED, summary=A_SUMMARY))
    assert code == 0
    assert [line for line in lines if line.startswith("distance")] == []
    assert "time 12:15, of the plan 11:30 of 11:30" in lines
