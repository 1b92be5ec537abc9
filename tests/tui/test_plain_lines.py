"""What ``--plain`` says, frame by frame."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.modes import Mode
from retrotread.sessions.view import RunView
from retrotread.tui.checklist import checklist_by_hand, ticked
from retrotread.tui.frame import Frame, Run, next_frame
from retrotread.tui.plain_lines import BELL, Told, after, checklist_lines, news, open_items_line, summary_lines
from retrotread.workouts.engine import Phase

UNKNOWN = "SPEED UNKNOWN - BELT MAY BE MOVING - PULL THE KEY"
STOP = Cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed", Clears.WHEN_ACKNOWLEDGED)
SILENT = Cause(Hazard.TELEMETRY_SILENT, Action.ESCALATE, "no telemetry for 2.0 s", Clears.WHEN_ACKNOWLEDGED)


@dataclass
class Reader:
    """Somebody who reads every line of a run, whose views the test sets one after another."""

    run: Run
    fakes: Any
    now_s: float = 1000.0
    told: Told = field(default_factory=Told)
    frame: Frame | None = None

    def see(self, view: RunView, after_s: float = 0.1, stop_pressed: bool = False) -> list[str]:
        """The lines for this view, so much later."""
        self.now_s += after_s
        self.run.controls.now = view  # type: ignore[attr-defined]
        self.frame = next_frame(self.frame, self.run, self.now_s, self.now_s if stop_pressed else None)
        lines = news(self.told, self.frame, "7")
        self.told = after(self.told, self.frame)
        return list(lines)

    def waiting(self, mode: Mode = Mode.IDLE, **changes: Any) -> RunView:
        view: RunView = replace(self.fakes.waiting_view(), snapshot=self.fakes.still(mode, **changes))
        return view

    def running(self, mode: Mode = Mode.RUN, speed_kph: float | None = 2.5, **changes: Any) -> RunView:
        view: RunView = self.fakes.a_view(snapshot=self.fakes.a_snapshot(mode, speed_kph, **changes))
        return view


@pytest.fixture
def reader(controls: Any, launcher: Any) -> Reader:
    fakes = sys.modules[type(controls).__module__]
    return Reader(Run(controls, launcher.on_offer[0], launcher.choices[0]), fakes)


def any_of(lines: Iterable[str], part: str) -> bool:
    return any(part in line for line in lines)


def test_a_connection_is_told_before_the_belt_is_known_to_stand(reader: Reader) -> None:
    view = replace(reader.waiting(standstill=False), message=None)
    assert reader.see(view) == [
        "connected to Simulated treadmill (well-behaved); waiting until it reports that the belt stands still"
    ]
    assert reader.see(view) == []


def test_a_start_is_offered_once_the_belt_is_seen_to_stand(reader: Reader) -> None:
    reader.see(reader.waiting(standstill=False))
    assert any_of(reader.see(reader.waiting()), "then type s to start")
    assert reader.see(reader.waiting()) == []


def test_a_still_belt_whose_reports_are_old_offers_no_start(reader: Reader) -> None:
    assert not any_of(reader.see(replace(reader.waiting(), snapshot_age_s=1.5)), "type s")


def test_an_arming_names_the_limits_with_their_reasons_and_the_digit(reader: Reader) -> None:
    reader.see(reader.waiting())
    assert reader.see(reader.waiting(Mode.ARMED)) == [
        "limit: speed: at most 3 km/h, tier novice at home, backward",
        "limit: incline: at most 0 %, tier novice at home",
        "armed: type 7 to start, any other key not to",
    ]


def test_a_countdown_says_ten_five_three_two_one(reader: Reader) -> None:
    reader.see(reader.waiting(Mode.ARMED))
    said = [reader.see(reader.waiting(Mode.COUNTDOWN, start_in_s=tenth / 10)) for tenth in range(100, -1, -1)]
    counted = [line for lines in said for line in lines if line.startswith("start in")]
    assert counted == ["start in 10", "start in 5", "start in 3", "start in 2", "start in 1"]


def test_a_countdown_that_is_seen_late_says_the_second_that_it_is(reader: Reader) -> None:
    reader.see(reader.waiting(Mode.COUNTDOWN, start_in_s=9.5))
    assert reader.see(reader.waiting(Mode.COUNTDOWN, start_in_s=3.6)) == ["start in 4"]


def test_the_safety_line_stands_at_the_start_of_motion(reader: Reader) -> None:
    reader.see(reader.waiting(Mode.COUNTDOWN))
    lines = reader.see(reader.waiting(Mode.STARTING))
    assert lines[0] == "start sent: the belt is about to move"
    assert any_of(lines, "safety key")


def test_the_person_is_asked_on(reader: Reader) -> None:
    reader.see(reader.waiting(Mode.STARTING))
    lines = reader.see(replace(reader.running(speed_kph=0.4), phase=Phase.WAITING_FOR_PERSON))
    assert any_of(lines, "then type o: I am on")


def test_a_step_is_told_with_its_cue_and_the_measured_speed_beside_the_target(reader: Reader) -> None:
    reader.see(replace(reader.running(), step_index=0, plan_time_s=100.0))
    assert reader.see(reader.running(speed_kph=2.4)) == [
        "step 2 of 8, walk 60 s, 2.5 km/h: land on the toes",
        "measured 2.4 km/h, target 2.5 km/h, incline 0.0 %, 0:40 left in the step, 9:10 in all, 61 m",
    ]


def test_a_run_without_news_is_told_every_fifteen_seconds(reader: Reader) -> None:
    reader.see(reader.running())
    assert [reader.see(reader.running(), 1.0) for _ in range(14)] == [[]] * 14
    assert any_of(reader.see(reader.running(), 1.0), "measured 2.5 km/h, target 2.5 km/h")
    assert reader.see(reader.running(), 1.0) == []


def test_a_number_that_is_old_is_not_said(reader: Reader) -> None:
    reader.see(reader.running())
    (line,) = reader.see(replace(reader.running(), snapshot_age_s=1.4), 15.0)
    assert line.startswith("measured speed not known for 1.5 s, target 2.5 km/h, ")
    assert "2.5 km/h" not in line.replace("target 2.5 km/h", "")
    assert "incline" not in line


def test_a_speed_that_is_gone_is_unknown_at_once_and_with_every_progress(reader: Reader) -> None:
    reader.see(reader.running())
    gone = replace(reader.running(), snapshot_age_s=3.0)
    assert reader.see(gone) == [UNKNOWN]
    assert reader.see(gone) == []
    assert reader.see(gone, 15.0) == [UNKNOWN]


def test_a_stop_is_told_with_its_cause_and_the_safety_line(reader: Reader) -> None:
    reader.see(reader.running())
    lines = reader.see(reader.running(Mode.STOPPING, causes=(STOP,)))
    assert lines[:2] == ["note: stop was pressed", "STOP SENT - waiting for treadmill"]
    assert any_of(lines, "safety key")
    assert not any_of(lines, "topped")


def test_a_stop_key_is_answered_before_the_guardian_has(reader: Reader) -> None:
    reader.see(reader.running())
    assert any_of(reader.see(reader.running(), stop_pressed=True), "STOP SENT")


def test_stopped_is_said_of_a_confirmed_standstill_and_of_nothing_else(reader: Reader) -> None:
    reader.see(reader.running())
    stopping = [
        reader.running(Mode.STOPPING, causes=(STOP,)),
        reader.running(Mode.STOPPING, 0.0, causes=(STOP,)),
        replace(reader.waiting(Mode.STOPPING, causes=(STOP,)), phase=Phase.STOPPED, snapshot_age_s=1.5),
        replace(reader.waiting(Mode.STOPPING, causes=(STOP,)), phase=Phase.STOPPED, guardian_alive=False),
    ]
    for view in stopping:
        assert not any_of(reader.see(view), "Stopped")
    confirmed = replace(reader.waiting(Mode.LATCHED, causes=(STOP,)), phase=Phase.STOPPED)
    lines = reader.see(confirmed)
    assert "Stopped. The treadmill reports 0.0 km/h, 0.2 s ago. Look before you step." in lines
    assert "When you have read this, press a." in lines
    assert reader.see(confirmed) == []


def test_a_standstill_that_is_confirmed_late_is_told_all_the_same(reader: Reader) -> None:
    reader.see(reader.running())
    latched = replace(reader.waiting(Mode.LATCHED, causes=(STOP,)), phase=Phase.STOPPED)
    reader.see(replace(latched, snapshot_age_s=1.5))
    assert any_of(reader.see(latched), "Stopped. The treadmill reports 0.0 km/h")


def test_a_belt_that_is_being_stopped_has_no_target(reader: Reader) -> None:
    reader.see(reader.running(Mode.STOPPING))
    assert reader.see(reader.running(Mode.STOPPING, 1.5), 15.0) == ["measured 1.5 km/h, the belt is being stopped"]


def test_a_belt_that_has_not_moved_yet_is_not_called_stopped(reader: Reader) -> None:
    assert not any_of(reader.see(reader.waiting()), "Stopped")


def test_an_alarm_rings_and_comes_again_until_it_is_over(reader: Reader) -> None:
    reader.see(reader.running())
    alarm = replace(reader.running(Mode.ESCALATED, alarm=True, causes=(SILENT,)), snapshot_age_s=4.0)
    (first,) = [line for line in reader.see(alarm) if line.startswith(BELL)]
    assert UNKNOWN in first
    said = [reader.see(alarm, 1.0) for _ in range(10)]
    assert [bool(lines) for lines in said] == [False, False, False, False, True] * 2
    assert said[4] == said[9] == [first]
    over = replace(reader.waiting(Mode.LATCHED, causes=(SILENT,)), phase=Phase.STOPPED)
    assert not any_of(reader.see(over), BELL)


def test_a_guardian_that_is_gone_is_an_alarm(reader: Reader) -> None:
    reader.see(reader.running())
    assert any_of(reader.see(replace(reader.running(), guardian_alive=False)), "ALARM: THE GUARDIAN IS GONE")


def test_a_cause_is_told_when_it_comes_and_when_it_comes_again(reader: Reader) -> None:
    late = Cause(Hazard.TELEMETRY_LATE, Action.FREEZE_RISES, "no telemetry for 1.1 s", Clears.BY_ITSELF)
    reader.see(reader.running())
    assert reader.see(reader.running(causes=(late,))) == ["note: no telemetry for 1.1 s"]
    later = replace(late, message="no telemetry for 1.3 s")
    assert reader.see(replace(reader.running(causes=(later,)), message=later.message)) == []
    reader.see(reader.running())
    assert reader.see(reader.running(causes=(late,))) == ["note: no telemetry for 1.1 s"]


def test_a_refusal_is_told_once(reader: Reader) -> None:
    view = replace(reader.running(), message="NextRequested cannot happen")
    assert "note: NextRequested cannot happen" in reader.see(view)
    assert reader.see(view) == []


def test_a_pause_says_how_it_goes_on(reader: Reader) -> None:
    reader.see(reader.running())
    assert "pausing: the belt slows down" in reader.see(replace(reader.running(Mode.PAUSING), phase=Phase.PAUSED))
    lines = reader.see(replace(reader.waiting(Mode.PAUSED), phase=Phase.PAUSED))
    assert lines[0] == "paused, the place in the plan is kept"
    assert any_of(lines, "type s to go on")


def test_the_checklist_gives_five_items_and_the_digits_that_are_open(reader: Reader) -> None:
    checklist = checklist_by_hand(reader.run.offer, reader.run.treadmill)
    lines = checklist_lines(checklist, 0.0)
    assert [line[:2] for line in lines[:5]] == ["1 ", "2 ", "3 ", "4 ", "5 "]
    assert lines[5:] == ("type 1, 2, 3, 4, 5 to tick; none can be left out",)
    assert open_items_line(ticked(ticked(checklist, 1, 0.0), 3, 0.0), 0.0) == "type 1, 3, 5 to tick"


def test_the_summary_has_the_measured_figures_the_notes_and_what_comes_next(reader: Reader) -> None:
    lines = summary_lines(reader.fakes.A_SUMMARY, ("stretch calves, 30 s each side",))
    assert lines == (
        "summary: First backward steps, plan completed: the plan is done",
        "time 12:15, of the plan 11:30 of 11:30",
        "distance 302 m, highest 2.5 km/h, incline 0 %",
        "on the way: speed held at 3.0 km/h: tier novice at home",
        "now: stretch calves, 30 s each side",
        "journal: /home/you/.local/share/retrotread/sessions/2026-11-21T10-00-00.sqlite",
    )
