"""What ``--plain`` says, frame by frame."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.tui.conftest import PROFILE, a_turn, coached_view, off_belt_view, turn_view, unmeasured

from retrotread.guardian.messages import LimitInForce
from retrotread.machine import Capabilities, Setpoint, SpeedUnit
from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.modes import Mode
from retrotread.sessions.narration import UNMEASURED, Narrator
from retrotread.sessions.view import CoachAsk, Control, RunView, Spoken
from retrotread.tui.frame import Frame, Run, next_frame
from retrotread.tui.plain_after import summary_lines
from retrotread.tui.plain_lines import Told, new_spoken, tell, without_repeats
from retrotread.tui.plain_person_lines import Hand
from retrotread.workouts.cues import rise_cue
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
    hand: Hand = field(default_factory=lambda: Hand("7"))

    def see(self, view: RunView, after_s: float = 0.1, stop_pressed: bool = False) -> list[str]:
        """The lines for this view, so much later."""
        self.now_s += after_s
        self.run.controls.now = view  # type: ignore[attr-defined]
        self.frame = next_frame(self.frame, self.run, self.now_s, self.now_s if stop_pressed else None)
        lines, self.told = tell(self.told, self.frame, self.hand)
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
        "armed: hold s, or type 7 to start, any other key not to",
    ]
    reader.see(reader.waiting())
    reader.hand = Hand("9", on_terminal=False)
    assert reader.see(reader.waiting(Mode.ARMED)) == ["armed: type 9 to start, any other key not to"]


def test_no_start_is_offered_while_the_checklist_is_open(reader: Reader) -> None:
    reader.hand = Hand("7", checking=True)
    assert not any_of(reader.see(reader.waiting()), "type s")
    assert not any_of(reader.see(off_belt_view()), "type s")
    reader.hand = Hand("7")
    assert any_of(reader.see(reader.waiting()), "type s to start")


def test_a_countdown_is_told_as_it_is_spoken(reader: Reader) -> None:
    reader.see(reader.waiting(Mode.ARMED))
    narrator, before = Narrator(), reader.waiting(Mode.ARMED).snapshot
    spoken: tuple[Spoken, ...] = ()
    said: list[str] = []
    for tenth in range(100, -1, -1):
        view = reader.waiting(Mode.COUNTDOWN, start_in_s=tenth / 10)
        assert view.snapshot is not None
        new = narrator.snapshot(before, view.snapshot, 0.0)
        spoken = (*spoken, *(Spoken(0.1 * tenth, one.text) for one in new))[-8:]
        said += reader.see(replace(view, spoken=spoken))
        before = view.snapshot
    assert said == ["The belt starts in 10 seconds. Any key cancels.", "5", "4", "3", "2", "1"]


def test_the_safety_line_stands_at_the_start_of_motion(reader: Reader) -> None:
    reader.see(reader.waiting(Mode.COUNTDOWN))
    assert any_of(reader.see(reader.waiting(Mode.STARTING)), "safety key")
    assert not any_of(reader.see(reader.running()), "safety key")


def test_the_person_is_asked_on(reader: Reader) -> None:
    reader.see(reader.waiting(Mode.STARTING))
    lines = reader.see(replace(reader.running(speed_kph=0.4), phase=Phase.WAITING_FOR_PERSON))
    assert "hold the rails and step on, type o when you are on it; 0.5 km/h for 60 s, then the belt stops" in lines


def test_a_step_is_told_with_its_cue_and_the_measured_speed_beside_the_target(reader: Reader) -> None:
    reader.see(replace(reader.running(), step_index=0, plan_time_s=100.0))
    assert reader.see(reader.running(speed_kph=2.4)) == [
        "step 2 of 8, walk 60 s, 2.5 km/h. land on the toes",
        "measured 2.4 km/h, target 2.5 km/h, incline 0.0 %, 0:40 left in the step, 9:10 in all, 61 m",
    ]


def test_the_target_that_is_told_is_the_one_that_the_machine_can_be_told(reader: Reader) -> None:
    tenths = replace(PROFILE, speed_unit=SpeedUnit.MPH, capabilities=Capabilities(81, 805, 17))
    running = replace(reader.running(), profile=tenths, wanted=Setpoint(0.9))
    assert any_of(reader.see(running), "target 0.5 mph (0.8 km/h)")


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
    assert lines[:2] == ["note: stop was pressed", "STOP SENT - waiting for treadmill"], lines
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
        assert not any_of(reader.see(view), "Treadmill reports")
    confirmed = replace(reader.waiting(Mode.LATCHED, causes=(STOP,)), phase=Phase.STOPPED)
    lines = reader.see(confirmed)
    assert "Treadmill reports 0.0 (3 reports, 0.2 s old). Look at the belt before stepping" in lines
    assert "When you have read this, press a." in lines
    assert reader.see(confirmed) == []


def test_a_standstill_that_is_confirmed_late_is_told_all_the_same(reader: Reader) -> None:
    reader.see(reader.running())
    latched = replace(reader.waiting(Mode.LATCHED, causes=(STOP,)), phase=Phase.STOPPED)
    reader.see(replace(latched, snapshot_age_s=1.5))
    assert any_of(reader.see(latched), "Treadmill reports 0.0 (3 reports")


def test_a_belt_that_is_being_stopped_has_no_target(reader: Reader) -> None:
    reader.see(reader.running(Mode.STOPPING))
    assert reader.see(reader.running(Mode.STOPPING, 1.5), 15.0) == ["measured 1.5 km/h, the belt is being stopped"]


def test_a_belt_that_has_not_moved_yet_is_not_called_stopped(reader: Reader) -> None:
    assert not any_of(reader.see(reader.waiting()), "Treadmill reports")


def test_an_alarm_comes_again_until_it_is_over(reader: Reader) -> None:
    reader.see(reader.running())
    alarm = replace(reader.running(Mode.ESCALATED, alarm=True, causes=(SILENT,)), snapshot_age_s=4.0)
    (first,) = [line for line in reader.see(alarm) if line.startswith("ALARM: ")]
    assert UNKNOWN in first
    said = [reader.see(alarm, 1.0) for _ in range(10)]
    assert [bool(lines) for lines in said] == [False, False, False, False, True] * 2
    assert said[4] == said[9] == [first]
    over = replace(reader.waiting(Mode.LATCHED, causes=(SILENT,)), phase=Phase.STOPPED)
    assert not any_of(reader.see(over), "ALARM")


def test_an_alarm_without_a_link_says_what_this_machine_does_then(reader: Reader) -> None:
    reader.see(reader.running())
    lost = reader.running(Mode.ESCALATED, alarm=True, link_up=False)
    for runs_on, sentence in ((True, "This model keeps running"), (None, "Nobody knows what this model does")):
        machine = replace(PROFILE, runs_on_when_link_lost=runs_on)
        (line,) = [one for one in reader.see(replace(lost, profile=machine), 10.0) if one.startswith("ALARM: ")]
        assert f"PULL THE KEY. {sentence} when disconnected. When you have seen the belt stand still" in line
    assert not any_of(reader.see(reader.running(Mode.ESCALATED, alarm=True), 10.0), "when disconnected")


def test_an_alarm_says_at_once_that_it_can_be_acknowledged(reader: Reader) -> None:
    reader.see(reader.running(Mode.ESCALATED, alarm=True, causes=(SILENT,)))
    still = replace(reader.waiting(Mode.ESCALATED, alarm=True, causes=(SILENT,)), phase=Phase.STOPPED)
    assert any_of(reader.see(still), "Press a when you have seen that the belt stands still.")


def test_what_an_alarm_speaks_is_not_told_beside_its_line(reader: Reader) -> None:
    reader.see(reader.running())
    alarm = reader.running(Mode.ESCALATED, alarm=True, causes=(SILENT,))
    spoken = (Spoken(1.0, "Pull the safety key. The belt may still be moving."),)
    assert not any_of(reader.see(replace(alarm, spoken=spoken)), "Pull the safety key.")


def test_a_guardian_that_is_gone_is_an_alarm(reader: Reader) -> None:
    reader.see(reader.running())
    assert any_of(reader.see(replace(reader.running(), guardian_alive=False)), "ALARM: THE GUARDIAN IS GONE")


def test_a_cause_is_told_when_it_comes_and_when_it_comes_again(reader: Reader) -> None:
    late = Cause(Hazard.TELEMETRY_LATE, Action.FREEZE_RISES, "no telemetry for 1.1 s", Clears.BY_ITSELF)
    reader.see(reader.running())
    assert reader.see(reader.running(causes=(late,))) == ["note: nothing rises: no telemetry for 1.1 s"]
    later = replace(late, message="no telemetry for 1.3 s")
    assert reader.see(replace(reader.running(causes=(later,)), message=later.message)) == []
    assert reader.see(replace(reader.running(), message=later.message)) == [], "it was said with the cause"
    assert reader.see(reader.running(causes=(late,))) == ["note: nothing rises: no telemetry for 1.1 s"]


def test_the_end_of_the_plan_is_told_as_it_is_spoken_alone(reader: Reader) -> None:
    reader.see(reader.running())
    done = Cause(Hazard.PLAN_STOP, Action.CONTROLLED_STOP, "the plan is done", Clears.WHEN_ACKNOWLEDGED)
    ending = replace(reader.running(Mode.STOPPING, causes=(done,)), message=done.message, phase=Phase.FINISHED)
    lines = reader.see(replace(ending, spoken=(Spoken(1.0, "done. The belt stops"),)))
    assert lines[:2] == ["done. The belt stops", "STOP SENT - waiting for treadmill"]


def test_a_refusal_is_told_once(reader: Reader) -> None:
    view = replace(reader.running(), message="NextRequested cannot happen")
    assert "note: NextRequested cannot happen" in reader.see(view)
    assert reader.see(view) == []


def test_a_pause_says_how_it_goes_on(reader: Reader) -> None:
    reader.see(reader.running())
    pausing = replace(reader.running(Mode.PAUSING), phase=Phase.PAUSED)
    slows = Spoken(1.0, "The belt slows down to a stand")
    assert reader.see(replace(pausing, spoken=(slows,))) == ["The belt slows down to a stand"]
    paused = replace(reader.waiting(Mode.PAUSED), phase=Phase.PAUSED, plan_time_s=20.0)
    assert reader.see(replace(paused, spoken=(slows, Spoken(2.0, "The belt stands still.")))) == [
        "Treadmill reports 0.0 (3 reports, 0.2 s old). Look at the belt before stepping",
        "paused, the place in the plan is kept for 60 s: 1:40 left in the step",
        "facing the rear, backward: feet on the rails beside the belt, then type s to go on",
    ]


def test_the_summary_has_the_measured_figures_the_notes_and_what_comes_next(reader: Reader) -> None:
    lines = summary_lines(reader.running(), reader.fakes.A_SUMMARY, ("stretch calves, 30 s each side",))
    assert lines == (
        "summary: First backward steps, plan completed: the plan is done",
        "time 12:15, of the plan 11:30 of 11:30",
        "distance 302 m, highest 2.5 km/h, incline 0 %",
        "on the way: speed held at 3.0 km/h: tier novice at home",
        "now: stretch calves, 30 s each side",
        "journal: /home/you/.local/share/retrotread/sessions/2026-11-21T10-00-00.sqlite",
    )


# --- what is spoken ---------------------------------------------------------------------------------------------


def test_everything_that_is_spoken_is_a_line_once_the_newest_last(reader: Reader) -> None:
    reader.see(reader.running())
    first, second, third = (Spoken(float(at), text) for at, text in enumerate(("next: the belt stops", "3", "3")))
    assert reader.see(replace(reader.running(), spoken=(first,))) == ["next: the belt stops"]
    assert reader.see(replace(reader.running(), spoken=(first, second, third))) == ["3", "3"]
    assert reader.see(replace(reader.running(), spoken=(first, second, third))) == []


def test_of_a_list_that_is_kept_short_only_the_new_end_is_new() -> None:
    spoken = [Spoken(float(at), f"cue {at}") for at in range(10)]
    assert new_spoken(tuple(spoken[:8]), tuple(spoken[2:10])) == ("cue 8", "cue 9")
    assert new_spoken((), tuple(spoken[:2])) == ("cue 0", "cue 1")
    assert new_spoken(tuple(spoken[:3]), tuple(spoken[5:7])) == ("cue 5", "cue 6")
    assert new_spoken(tuple(spoken[:3]), tuple(spoken[:3])) == ()


def test_a_rise_that_was_announced_is_told_once(reader: Reader) -> None:
    reader.see(reader.running())
    view = replace(reader.running(), raise_in_s=5.0, spoken=(Spoken(1.0, "faster in 5 seconds, 3.0 km/h"),))
    assert reader.see(view) == ["faster in 5 seconds, 3.0 km/h"]
    assert reader.see(replace(view, raise_in_s=4.0)) == []


def test_a_freeze_is_told_in_the_words_that_are_spoken_and_not_again_as_a_note(reader: Reader) -> None:
    reader.see(reader.running())
    late = Cause(Hazard.TELEMETRY_LATE, Action.FREEZE_RISES, "no telemetry for 1.1 s", Clears.BY_ITSELF)
    spoken = (Spoken(1.0, "Nothing rises: no telemetry for 1.1 s"),)
    lines = reader.see(replace(reader.running(causes=(late,)), spoken=spoken))
    assert len(lines) == 1
    assert any_of(lines, "othing rises: no telemetry for 1.1 s")


def test_a_step_and_its_spoken_cue_are_one_line_and_answers_leave_the_authors_words_out(reader: Reader) -> None:
    reader.see(replace(reader.running(), step_index=0, plan_time_s=100.0))
    cue = Spoken(1.0, "walk 60 s, 2.5 km/h. land on the toes")
    assert reader.see(replace(reader.running(), spoken=(cue,)))[:-1] == [
        "step 2 of 8, walk 60 s, 2.5 km/h. land on the toes"
    ]
    answer = Spoken(2.0, "60 s more. land on the toes")
    assert reader.see(replace(reader.running(), spoken=(cue, answer))) == ["60 s more"]


def test_limits_are_told_once_and_a_new_one_when_it_comes(reader: Reader) -> None:
    reader.see(reader.running())
    reader.see(replace(reader.waiting(Mode.PAUSED), phase=Phase.PAUSED))
    assert not any_of(reader.see(reader.running()), "limit:")
    lower = (LimitInForce("speed", 2.0, "km/h", "the way back"),)
    assert reader.see(reader.running(limits=lower)) == ["limit: speed: at most 2 km/h, the way back"]


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["note: stop was pressed", "Stopping: stop was pressed"], ["Stopping: stop was pressed"]),
        (["set 2.5 km/h NOW", "Set 2.5 km/h."], ["set 2.5 km/h NOW"]),
        (["one two three", "One two three!"], ["one two three"]),
        (["3", "3", "step 3 of 8"], ["3", "3", "step 3 of 8"]),
        (["stop the belt at 2", "stop the belt at 25"], ["stop the belt at 2", "stop the belt at 25"]),
    ],
)
def test_a_line_whose_words_stand_in_another_is_left_out(lines: list[str], left: list[str]) -> None:
    assert list(without_repeats(lines)) == left


def test_what_is_spoken_a_moment_after_its_line_is_not_said_again_but_later_it_is(reader: Reader) -> None:
    reader.see(coached_view())
    late = coached_view(spoken=(Spoken(1.0, "Set 2.5 km/h."),))
    assert not any_of(reader.see(late), "et 2.5")
    much_later = coached_view(spoken=(*late.spoken, Spoken(9.0, "Set 2.5 km/h.")))
    assert any_of(reader.see(much_later, 2.0), "Set 2.5 km/h.")


# --- in the unit of the console ---------------------------------------------------------------------------------


def in_miles(view: RunView) -> RunView:
    return replace(view, profile=replace(PROFILE, speed_unit=SpeedUnit.MPH))


def test_speeds_are_told_as_the_console_shows_them_with_km_h_beside_them(reader: Reader) -> None:
    reader.see(in_miles(replace(reader.running(), step_index=0, plan_time_s=100.0)))
    rise = rise_cue(reader.running().wanted, replace(reader.running().wanted, speed_kph=3.0), 1)
    lines = reader.see(in_miles(replace(reader.running(), spoken=(Spoken(1.0, rise.text),))))
    measured = "measured 1.6 mph (2.5 km/h), target 1.6 mph (2.5 km/h), incline 0.0 %"
    assert lines == [
        "step 2 of 8, walk 60 s, 1.6 mph (2.5 km/h). land on the toes",
        "faster in 5 seconds, 1.9 mph (3.0 km/h)",
        f"{measured}, 0:40 left in the step, 9:10 in all, 61 m",
    ]


def test_the_summary_is_in_the_unit_of_the_console_too(reader: Reader) -> None:
    lines = summary_lines(in_miles(reader.running()), reader.fakes.A_SUMMARY, ())
    assert "distance 302 m, highest 1.6 mph (2.5 km/h), incline 0 %" in lines


# --- turns, off the belt, coach mode ----------------------------------------------------------------------------


def test_what_a_turn_still_needs_is_told_once_however_its_numbers_run(reader: Reader) -> None:
    needs = "the belt must be reported still for 5 s in 10 reports: {} s in 4 so far"
    reader.see(reader.running())
    assert any_of(reader.see(turn_view(turn=a_turn(1.0, needs=needs.format("1.0")))), "still needed: the belt must")
    assert reader.see(turn_view(turn=a_turn(1.2, needs=needs.format("1.2")))) == []


def test_what_is_left_off_the_belt_is_told_every_minute(reader: Reader) -> None:
    reader.see(reader.running())
    assert any_of(reader.see(off_belt_view(gone_s=0.0)), "1:30 left off the belt")
    assert reader.see(off_belt_view(gone_s=20.0)) == []
    assert reader.see(off_belt_view(gone_s=31.0)) == ["0:59 left off the belt"]


def test_off_the_belt_a_standstill_that_is_not_confirmed_is_told(reader: Reader) -> None:
    reader.see(reader.running())
    view = off_belt_view(reader.fakes.a_snapshot(Mode.IDLE, 0.0))
    assert "it is not confirmed that the belt stands: look" in reader.see(view)


def test_a_belt_that_is_not_ours_has_a_safety_sentence_of_its_own_and_no_figures(reader: Reader) -> None:
    lines = reader.see(coached_view())
    assert "This program does not control the belt: its own stop and its key do." in lines
    assert lines[-1] == "to be set: 2.5 km/h, 0:40 left in the step, 9:10 in all"
    assert not any_of(lines, "measured")
    stopping = coached_view(unmeasured(Mode.STOPPING), phase=Phase.STOPPED, coach=None)
    assert "STOP THE BELT AT ITS OWN CONSOLE" in reader.see(stopping)


def test_that_a_belt_is_not_seen_is_told_once(reader: Reader) -> None:
    reader.see(coached_view())
    ended = coached_view(unmeasured(Mode.LATCHED, causes=(STOP,)), phase=Phase.STOPPED, coach=None)
    lines = reader.see(replace(ended, spoken=(Spoken(1.0, UNMEASURED),)))
    assert "This program does not see the belt: look at it before you step." in lines
    assert not any_of(lines, "Nothing measures")


def test_a_set_that_is_due_and_confirmed_is_told_in_three_lines(reader: Reader) -> None:
    soon, now, done = (
        CoachAsk("set 1.5 km/h", 1.5, 0.0, due_in_s, confirmed)
        for due_in_s, confirmed in ((6.2, False), (0.0, False), (0.0, True))
    )
    reader.see(coached_view(coach=None))
    assert reader.see(coached_view(coach=soon)) == ["set 1.5 km/h IN 7 s"]
    assert reader.see(coached_view(coach=now))[0] == "set 1.5 km/h NOW"
    assert reader.see(coached_view(coach=done)) == ["confirmed"]
    assert reader.see(coached_view(coach=done)) == []


def test_on_a_track_nothing_is_to_be_set(reader: Reader) -> None:
    lines = reader.see(coached_view(control=Control.TRACK))
    assert not any_of(lines, "set 2.5")
    assert any_of(lines, "No belt here")
