"""Scripted runs before the judge: each invariant once broken, and once kept by a hair.

``Script`` is a run told by hand: an obedient belt, reports every 250 ms, heartbeats every 200 ms, a look of the
supervisor every 100 ms. What a test does not say is as it should be.
"""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

import pytest

from retrotread.devices.simulated.answers import Pending
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import parse_fault
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.machine import (
    Accepted,
    Command,
    CommandOutcome,
    Facing,
    LinkLost,
    MachineNotice,
    Rejected,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
    Unknown,
)
from retrotread.sessions.oracles import TIERS, Judge, Rules, Violation, rules_for
from retrotread.sessions.oracles.record import MOST_VIOLATIONS

RULES = Rules(
    backward=True,
    speed_cap_kph=8.0,
    incline_cap_percent=5.0,
    rise_kph_per_s=0.54,
    fall_kph_per_s=0.72,
    lowest_kph=0.5,
    speed_increment_kph=0.1,
    report_period_s=0.25,
    lag_s=0.4,
    stop_repeat_ok=False,
    countdown_s=10.0,
    slowest_fall_kph_per_s=1.0,
    incline_increment_percent=0.5,
)
"""A trained person on the quick machine. Late after 1.0 s, silent after 2.0 s, a leash of 0.65 km/h."""


class Script:
    """A run by hand. The belt follows the set-point at 1 km/h per s, or with ``follows`` off keeps ``speed_kph``.

    ``truth_kph`` is for a belt that reports what it does not do.
    """

    def __init__(self, rules: Rules = RULES) -> None:
        self.judge = Judge(rules)
        self.ms = 0
        self.speed_kph = 0.0
        self.truth_kph: float | None = None
        self.target_kph = 0.0
        self.follows = True
        self.reports = True
        self.beats = True
        self.label: str | None = None
        self.mode: str | None = None

    @property
    def now_s(self) -> float:
        return self.ms / 1000

    def wait(self, seconds: float) -> Script:
        end_ms = self.ms + round(seconds * 1000)
        while self.ms < end_ms:
            self.ms = min(end_ms, self.ms // 10 * 10 + 10)
            self._pass()
        return self

    def _pass(self) -> None:
        if self.follows and self.ms % 10 == 0:
            self.speed_kph = round(self.speed_kph + min(0.01, max(-0.01, self.target_kph - self.speed_kph)), 4)
        if self.reports and self.ms % 250 == 0:
            self.report()
        if self.beats and self.ms % 200 == 0:
            self.judge.beat(self.now_s)
        if self.ms % 100 == 0:
            self.look()

    def look(self) -> None:
        self.judge.truth(self.now_s, self.speed_kph if self.truth_kph is None else self.truth_kph, 0.0)
        if self.mode is not None:
            self.judge.state(self.now_s, self.mode)
        if self.label is not None:
            self.judge.screen(self.now_s, self.label)

    def report(self, **more: Any) -> Script:
        telemetry = Telemetry(**{"measured_at_s": self.now_s, "speed_kph": self.speed_kph, **more})
        self.judge.report(self.now_s, telemetry)
        return self

    def says(self, report: MachineNotice | LinkLost) -> Script:
        self.judge.report(self.now_s, report)
        return self

    def person(self, *deeds: str) -> Script:
        for what in deeds:
            self.judge.operator(self.now_s, what)
        return self

    def send(self, command: Command, outcome: CommandOutcome | None = Accepted()) -> Script:  # noqa: B008
        self.judge.command(self.now_s, command)
        if outcome is not None:
            self.judge.answered(self.now_s, command, outcome)
        if isinstance(outcome, Accepted):
            self._obey(command)
        return self

    def _obey(self, command: Command) -> None:
        match command:
            case SetSpeed(speed_ckph):
                self.target_kph = speed_ckph / 100
            case StartBelt():
                self.target_kph = 0.5
            case StopBelt():
                self.target_kph = 0.0

    def armed(self) -> Script:
        """At rest for 3 s, armed and held; the countdown has just begun."""
        return self.wait(3.0).person("arm", "hold")

    def started(self) -> Script:
        """The belt runs at its lowest speed under a person who has said so."""
        return self.armed().wait(10.0).send(StartBelt()).wait(2.0).person("person on")

    def running(self, speed_kph: float = 2.9) -> Script:
        """The belt runs at that speed, reached in the way that it should be."""
        self.started()
        for speed_ckph in range(70, round(speed_kph * 100) + 1, 20):
            self.wait(0.5).send(SetSpeed(speed_ckph))
        return self.wait(2.0)

    def stopped(self) -> Script:
        """It ran, was stopped by a frame, and stands still."""
        return self.running(1.3).send(StopBelt()).wait(5.0)

    def finish(self) -> tuple[Violation, ...]:
        self.judge.finish(self.now_s)
        return self.judge.violations


def broken(script: Script) -> list[str]:
    return [violation.invariant for violation in script.finish()]


def sentence(script: Script, invariant: str) -> str:
    """The one sentence about that invariant; the run broke nothing else."""
    found = script.finish()
    assert [violation.invariant for violation in found] == [invariant], found
    return found[0].message


def test_a_run_as_it_should_be_breaks_nothing() -> None:
    script = Script()
    script.label, script.mode = "stopped", "idle"
    script.wait(2.0)
    script.judge = Judge(RULES)
    script.label = None
    script.running(2.9)
    script.label = "running"
    script.wait(10.0)
    for speed_ckph in (270, 240, 210, 180, 150, 120, 90, 60):
        script.send(SetSpeed(speed_ckph)).wait(0.5)
    script.send(StopBelt())
    script.label, script.mode = "stopping", "stopping"
    script.wait(3.5)
    script.label, script.mode = "stopped", "latched"
    script.wait(30.0)
    assert script.finish() == ()


# I1: after a stop


def test_a_set_point_after_a_stop_frame_is_a_restart() -> None:
    script = Script().running().send(StopBelt()).wait(0.5).send(SetSpeed(50), None)
    assert "a set-point of 0.50 km/h was handed over 0.5 s after a stop frame" in sentence(script, "I1")


def test_a_start_after_a_stop_needs_acknowledgement_and_then_arming() -> None:
    script = Script().stopped().person("acknowledge", "arm", "hold").wait(10.0).send(StartBelt()).wait(3.0)
    assert script.finish() == ()


@pytest.mark.parametrize("deeds", [("arm", "hold"), ("arm", "acknowledge", "hold")])
def test_arming_that_does_not_follow_an_acknowledgement_does_not_end_a_stop(deeds: tuple[str, ...]) -> None:
    script = Script().stopped().person(*deeds).wait(10.0).send(StartBelt())
    assert sentence(script, "I1").endswith("after a stop frame, before anybody acknowledged and armed anew")


def test_an_acknowledgement_alone_does_not_end_a_stop() -> None:
    script = Script().stopped().person("acknowledge").wait(10.0).send(StartBelt())
    assert broken(script) == ["I1", "I4"]


def test_arming_under_a_moving_belt_does_not_end_a_stop() -> None:
    script = Script().running().send(StopBelt()).wait(1.0).person("acknowledge", "arm").wait(5.0)
    assert "I1" in broken(script.person("hold").wait(10.0).send(StartBelt()))


def test_between_an_operators_stop_and_its_frame_set_points_may_fall() -> None:
    script = Script().running().person("stop").send(SetSpeed(270)).wait(0.5).send(SetSpeed(240)).wait(0.5)
    assert script.send(StopBelt()).wait(5.0).finish() == ()


def test_between_an_operators_stop_and_its_frame_nothing_rises() -> None:
    script = Script().running().person("stop").send(SetSpeed(270)).wait(1.0).send(SetSpeed(280))
    assert "1.0 s after the operator's stop" in sentence(script, "I1")


@pytest.mark.parametrize(
    ("notice", "words"),
    [(MachineNotice.STOPPED_AT_CONSOLE, "the console"), (MachineNotice.SAFETY_KEY_PULLED, "the safety key")],
)
def test_after_a_stop_at_the_machine_not_even_a_lower_set_point_is_sent(notice: MachineNotice, words: str) -> None:
    script = Script().running().says(notice)
    script.target_kph = 0.0
    script.wait(0.5).send(SetSpeed(200), None)
    assert words in sentence(script, "I1")


def test_after_the_loss_of_the_link_nothing_but_a_stop_is_sent() -> None:
    script = Script().running().says(LinkLost("out of range")).send(SetSpeed(280))
    meant_for_the_old_link, after_a_stop = script.finish()
    assert (meant_for_the_old_link.invariant, after_a_stop.invariant) == ("I14", "I1")
    assert "after the loss of the link" in after_a_stop.message


def test_an_acknowledgement_from_before_the_stop_does_not_count() -> None:
    script = Script().running(1.3).person("acknowledge").says(MachineNotice.STOPPED_AT_CONSOLE)
    script.target_kph = 0.0
    script = script.wait(5.0).person("arm", "hold").wait(10.0).send(StartBelt())
    assert "after a stop at the console, before anybody acknowledged" in sentence(script, "I1")


def test_a_key_that_is_pulled_for_a_test_at_rest_asks_for_no_acknowledgement() -> None:
    script = Script().wait(3.0).says(MachineNotice.SAFETY_KEY_PULLED).wait(3.0)
    assert script.person("arm", "hold").wait(10.0).send(StartBelt()).finish() == ()


def paused() -> Script:
    """A pause from 1.3 km/h: ramp, stop frame, standstill."""
    script = Script().running(1.3).person("pause").send(SetSpeed(100)).wait(0.5).send(SetSpeed(70)).wait(0.5)
    return script.send(StopBelt()).wait(5.0)


def test_a_pause_ends_with_a_new_arming() -> None:
    assert paused().person("arm", "hold").wait(10.0).send(StartBelt()).finish() == ()


@pytest.mark.parametrize(("rests", "found"), [(True, []), (False, ["I1"])])
def test_a_link_that_is_lost_in_a_rest_off_the_belt_ends_nothing(rests: bool, found: list[str]) -> None:
    """In a pause it does: that one waits for somebody to go on."""
    script = paused().person(*(["rest"] if rests else [])).says(LinkLost("out of range")).wait(5.0)
    assert broken(script.person("arm", "hold").wait(10.0).send(StartBelt())) == found


def test_a_pause_does_not_end_without_arming() -> None:
    script = paused().send(StartBelt())
    assert broken(script) == ["I1", "I4"]
    assert "after the operator's pause, before anybody armed anew" in script.judge.violations[0].message


def test_a_pause_that_was_stopped_needs_an_acknowledgement_too() -> None:
    script = paused().person("stop", "arm", "hold").wait(10.0).send(StartBelt())
    assert "the operator's stop" in sentence(script, "I1")


def test_a_stop_frame_to_a_paused_belt_that_had_come_to_rest_is_a_stop() -> None:
    script = paused().send(StopBelt()).wait(3.0).person("arm", "hold").wait(10.0).send(StartBelt())
    assert "after a stop frame" in sentence(script, "I1")


def test_a_second_stop_is_a_start_on_a_machine_that_toggles() -> None:
    script = Script().running().send(StopBelt()).wait(1.0).send(StopBelt()).wait(5.0)
    assert "a second stop was handed over" in sentence(script, "I1")


@pytest.mark.parametrize(("outcome", "found"), [(Accepted(), []), (None, ["I1"])])
@pytest.mark.parametrize("falls_to_kph", [1.5, 3.5])
def test_a_second_stop_starts_no_belt_that_is_driven_behind_one_that_was_taken(
    outcome: CommandOutcome | None, found: list[str], falls_to_kph: float
) -> None:
    """It rolled out and was set going again, or it never slowed down; what hangs in the link may come out yet."""
    script = Script().running(2.9)
    script.label = "alarm"
    script.send(StopBelt(), outcome)
    script.target_kph = falls_to_kph
    script.wait(2.1)
    script.target_kph = 6.0
    assert [one for one in broken(script.wait(1.3).send(StopBelt())) if one == "I1"] == found


@pytest.mark.parametrize("speeds_kph", [(2.0, 2.2, 2.4), (2.0, 2.0, 9.0), (2.0, 9.0, 2.6)])
def test_a_second_stop_may_start_a_belt_that_is_hardly_faster_or_was_so_once(speeds_kph: tuple[float, ...]) -> None:
    """A sensor's noise, a slip of the console, and one behind which the belt is a little faster."""
    script = Script().running(2.9)
    script.label = "alarm"
    script.follows, script.speed_kph = False, 2.0
    script.send(StopBelt()).wait(2.25)
    for script.speed_kph in speeds_kph:
        script.wait(0.25)
    assert "I1" in broken(script.send(StopBelt()))


def test_a_belt_that_speeds_on_within_the_reaction_time_of_its_machine_is_not_driven_yet() -> None:
    script = Script().running(2.9)
    script.label = "alarm"
    script.send(StopBelt())
    script.target_kph = 6.0
    assert "I1" in broken(script.wait(1.9).send(StopBelt()))


def test_a_second_stop_does_no_harm_where_it_may_be_repeated() -> None:
    script = Script(replace(RULES, stop_repeat_ok=True)).running()
    assert script.send(StopBelt()).wait(1.0).send(StopBelt()).wait(5.0).finish() == ()


@pytest.mark.parametrize("outcome", [Unknown("no answer"), Rejected("busy")])
def test_a_stop_that_may_not_have_arrived_may_be_sent_again(outcome: CommandOutcome) -> None:
    script = Script().running().send(StopBelt(), outcome).wait(1.0).send(StopBelt()).wait(5.0)
    assert script.finish() == ()


def test_the_deck_does_not_rise_after_a_stop() -> None:
    script = Script().stopped().send(SetIncline(5))
    assert "a rise of the deck to 0.5 % was handed over" in sentence(script, "I1")


def test_the_deck_may_go_down_after_a_stop() -> None:
    script = Script().running(1.3).wait(2.0).send(SetIncline(10)).send(StopBelt()).wait(5.0).send(SetIncline(0))
    assert script.finish() == ()


# I2: bounds


@pytest.mark.parametrize(
    ("speed_ckph", "words"),
    [
        (810, "8.10 km/h was handed over; the cap is 8.00 km/h"),
        (40, "0.40 km/h was handed over; the lowest is 0.50 km/h"),
        (0, "0.00 km/h was handed over; the lowest is 0.50 km/h"),
        (305, "3.05 km/h was handed over; the increment is 0.10 km/h"),
        (300.0, "wire carries whole numbers"),
        (math.nan, "nan was handed over"),
        (math.inf, "inf was handed over"),
        (True, "wire carries whole numbers"),
    ],
)
def test_a_set_point_out_of_bounds_is_told_with_the_bound(speed_ckph: Any, words: str) -> None:
    found = [v for v in Script().running().send(SetSpeed(speed_ckph), None).finish() if v.invariant == "I2"]
    assert [words in violation.message for violation in found] == [True]


@pytest.mark.parametrize("speed_ckph", [50, 310, 800])
def test_a_set_point_within_bounds_is_not(speed_ckph: int) -> None:
    assert "I2" not in broken(Script().running().send(SetSpeed(speed_ckph), None))


def test_the_lowest_speed_need_not_be_a_multiple_of_the_increment() -> None:
    assert "I2" not in broken(Script(replace(RULES, lowest_kph=0.75)).started().send(SetSpeed(75)))


@pytest.mark.parametrize(("incline_dpct", "found"), [(50, []), (55, ["I2"]), (12, ["I2"]), (-5, ["I2"])])
def test_an_incline_keeps_to_its_cap_and_its_steps(incline_dpct: int, found: list[str]) -> None:
    assert broken(Script().wait(3.0).send(SetIncline(incline_dpct))) == found


def test_a_machine_whose_lowest_speed_is_above_the_cap_is_not_started() -> None:
    rules = replace(RULES, speed_cap_kph=1.5, lowest_kph=1.6)
    script = Script(rules).armed().wait(10.0).send(StartBelt())
    assert "a start runs this belt at 1.60 km/h; the cap is 1.50 km/h" in sentence(script, "I2")


# I3: the operator's stop


def test_an_operators_stop_that_nobody_answers() -> None:
    script = Script().running().person("stop").wait(0.2)
    assert sentence(script, "I3").startswith("no stop frame and no falling set-point within 0.1 s")


@pytest.mark.parametrize("answer", [StopBelt(), SetSpeed(280)])
def test_an_operators_stop_is_answered_within_one_look(answer: Command) -> None:
    assert Script().running().person("stop").wait(0.1).send(answer).wait(1.0).finish() == ()


@pytest.mark.parametrize("answer", [StopBelt(), SetSpeed(280)])
def test_an_answer_that_comes_later_is_too_late(answer: Command) -> None:
    assert broken(Script().running().person("stop").wait(0.12).send(answer).wait(1.0)) == ["I3"]


def test_the_same_set_point_again_is_no_answer_to_a_stop() -> None:
    assert broken(Script().running().person("stop").send(SetSpeed(290)).wait(0.2)) == ["I3"]


def test_a_stop_before_the_start_is_not_owed_a_frame() -> None:
    assert Script().armed().person("stop").wait(1.0).finish() == ()


def test_a_stop_in_the_machines_own_countdown_is_owed_a_frame() -> None:
    script = Script().armed().wait(10.0).send(StartBelt())
    script.follows = False
    assert broken(script.wait(1.0).person("stop").wait(0.2)) == ["I3"]


def test_the_mode_that_a_stop_met_is_left_within_one_look() -> None:
    script = Script().running()
    script.mode = "running"
    script.wait(1.0).person("stop").send(SetSpeed(280)).wait(0.2)
    assert "the mode was still 'running' 0.1 s after the operator's stop" in sentence(script, "I3")


def test_a_stop_that_meets_a_stop_may_wait_for_the_next_step_of_its_ramp() -> None:
    script = Script().running()
    script.mode = "stopping"
    assert script.wait(0.1).person("stop").wait(0.4).send(SetSpeed(270)).finish() == ()


def test_a_stop_that_meets_the_ramp_of_a_pause_may_wait_for_its_next_step_too() -> None:
    script = Script().running().person("pause").send(SetSpeed(270)).wait(0.2).person("stop").wait(0.3)
    assert script.send(SetSpeed(240)).finish() == ()


def test_a_stop_pressed_again_after_more_than_a_second_is_owed_a_stop_frame() -> None:
    script = Script().running().person("stop").send(SetSpeed(270)).wait(1.1).person("stop")
    assert "the key was pressed again" in sentence(script.send(SetSpeed(240)).wait(0.2), "I3")


@pytest.mark.parametrize(("again_s", "answer"), [(1.1, StopBelt()), (0.9, SetSpeed(240))])
def test_a_second_press_that_is_answered_or_comes_too_soon_to_count(again_s: float, answer: Command) -> None:
    script = Script().running().person("stop").send(SetSpeed(270)).wait(again_s).person("stop")
    assert script.send(answer).wait(0.2).finish() == ()


# I4: the start


def test_a_start_after_the_whole_sequence() -> None:
    assert Script().armed().wait(10.0).send(StartBelt()).finish() == ()


def test_a_start_out_of_the_blue() -> None:
    assert "nobody has armed" in sentence(Script().wait(13.0).send(StartBelt()), "I4")


def test_a_start_without_the_hold() -> None:
    script = Script().wait(3.0).person("arm").wait(10.0).send(StartBelt())
    assert "nobody has held the start" in sentence(script, "I4")


def test_a_hold_before_the_arming_is_none() -> None:
    script = Script().wait(3.0).person("hold", "arm").wait(10.0).send(StartBelt())
    assert "nobody has held the start" in sentence(script, "I4")


def test_a_new_arming_asks_for_a_new_hold() -> None:
    script = Script().armed().wait(5.0).person("arm").wait(5.0).send(StartBelt())
    assert "nobody has held the start" in sentence(script, "I4")


def test_a_start_over_a_link_that_was_lost() -> None:
    script = Script().armed().wait(5.0).says(LinkLost("out of range")).wait(5.0).send(StartBelt())
    assert "told to start, but the link was lost" in next(v.message for v in script.finish() if v.invariant == "I4")


def test_a_start_that_was_armed_on_a_new_link() -> None:
    script = Script().says(LinkLost("out of range")).armed().wait(10.0).send(StartBelt())
    assert "I4" not in broken(script)


def test_a_start_before_the_end_of_the_countdown() -> None:
    assert "only 9.9 s of the countdown of 10 s" in sentence(Script().armed().wait(9.9).send(StartBelt()), "I4")


def test_one_sequence_is_good_for_one_start() -> None:
    script = Script().armed().wait(10.0).send(StartBelt(), Rejected("the key is out")).wait(1.0).send(StartBelt())
    assert "used up" in sentence(script, "I4")


@pytest.mark.parametrize("what", ["cancel", "stop", "pause"])
def test_a_start_that_was_called_off_in_the_countdown(what: str) -> None:
    script = Script().armed().wait(5.0).person(what).wait(5.0).send(StartBelt())
    assert "I4" in broken(script)


@pytest.mark.parametrize("report", [*MachineNotice, LinkLost("out of range")])
def test_a_machine_that_speaks_up_ends_the_countdown(report: MachineNotice | LinkLost) -> None:
    script = Script().armed().wait(5.0).says(report).wait(5.0).send(StartBelt())
    assert "I4" in broken(script)


def test_a_start_on_two_zero_reports() -> None:
    script = Script().armed().wait(7.0)
    script.reports = False
    script.wait(0.1).report(speed_kph=0.3).wait(0.9).report().wait(2.0).report()
    assert "standstill was not confirmed: 1 zero reports" in sentence(script.send(StartBelt()), "I4")


@pytest.mark.parametrize(("zeros_s", "found"), [(1.9, ["I4"]), (2.0, [])])
def test_zero_reports_confirm_a_standstill_after_two_seconds(zeros_s: float, found: list[str]) -> None:
    script = Script().armed().wait(7.0)
    script.reports = False
    script.wait(0.9).report(speed_kph=0.3).wait(2.1 - zeros_s).report()
    script.wait(0.7).report().wait(0.7).report().wait(zeros_s - 1.4).report()
    assert broken(script.send(StartBelt())) == found


def test_two_zero_reports_confirm_nothing_however_far_apart() -> None:
    script = Script(replace(RULES, report_period_s=1.0)).armed().wait(7.5)
    script.reports = False
    script.report(measured_at_s=script.now_s + 0.001, speed_kph=0.3).wait(0.5).report().wait(2.0).report()
    assert "2 zero reports over 2.0 s" in sentence(script.send(StartBelt()), "I4")


@pytest.mark.parametrize(("gap_s", "found"), [(1.0, []), (1.1, ["I4"])])
def test_a_gap_in_the_zero_reports_clears_them(gap_s: float, found: list[str]) -> None:
    script = Script().armed().wait(8.0)
    script.reports = False
    script.wait(gap_s).report().wait(0.4).report().wait(1.6 - gap_s).report()
    assert broken(script.send(StartBelt())) == found


@pytest.mark.parametrize(("age_s", "found"), [(1.0, []), (1.1, ["I4"])])
def test_a_standstill_is_confirmed_by_fresh_reports_only(age_s: float, found: list[str]) -> None:
    script = Script().armed().wait(9.0)
    script.reports = False
    assert broken(script.wait(age_s).send(StartBelt())) == found


@pytest.mark.parametrize("report", [{"speed_kph": None}, {"speed_kph": math.nan}])
def test_a_report_without_sense_is_no_evidence_of_standstill(report: dict[str, Any]) -> None:
    script = Script().armed().wait(7.0)
    script.reports = False
    for _ in range(12):
        script.wait(0.25).report(**report)
    assert broken(script.send(StartBelt())) == ["I4"]


def test_a_report_from_the_future_is_no_evidence_either() -> None:
    script = Script().armed().wait(7.0)
    script.reports = False
    for _ in range(12):
        script.wait(0.25).report(measured_at_s=script.now_s + 1.0)
    assert broken(script.send(StartBelt())) == ["I4"]


@pytest.mark.parametrize(("silent_s", "found"), [(0.6, []), (0.8, ["I4"])])
def test_a_program_without_heartbeat_is_not_given_a_start(silent_s: float, found: list[str]) -> None:
    script = Script().armed().wait(10.0 - silent_s)
    script.beats = False
    assert broken(script.wait(silent_s).send(StartBelt())) == found


def test_a_heartbeat_that_lapsed_in_the_countdown_has_broken_it() -> None:
    script = Script().armed().wait(5.0)
    script.beats = False
    script.wait(1.0)
    script.beats = True
    assert "no heartbeat for 1.20 s (limit 0.7 s)" in sentence(script.wait(4.0).send(StartBelt()), "I4")


def test_a_heartbeat_that_lapsed_before_the_hold_has_not() -> None:
    script = Script()
    script.beats = False
    script.wait(3.0)
    script.beats = True
    assert script.wait(1.0).person("arm", "hold").wait(10.0).send(StartBelt()).finish() == ()


def test_a_set_point_to_a_belt_that_was_not_started() -> None:
    assert "had not been started" in sentence(Script().wait(3.0).send(SetSpeed(50)).wait(0.1), "I4")


def test_a_set_point_to_a_belt_that_came_to_rest_by_itself() -> None:
    script = Script().running(1.3)
    script.target_kph = 0.0
    assert "I4" in broken(script.wait(5.0).send(SetSpeed(50)))


@pytest.mark.parametrize(("speed_kph", "found"), [(15.0, []), (0.9, ["I4"])])
def test_a_report_between_zeros_behind_a_start_is_the_belt_unless_it_is_impossibly_fast(
    speed_kph: float, found: list[str]
) -> None:
    """A slip of the console is not the motion that a start was for; a belt that moved and stands again was that."""
    script = Script().armed().wait(10.0).send(StartBelt())
    script.follows = False
    script.wait(1.9)
    script.speed_kph = speed_kph
    script.wait(0.2)
    script.speed_kph = 0.0
    script.wait(3.0)
    script.follows = True
    assert broken(script.wait(2.0).person("person on").send(SetSpeed(50))) == found


def test_a_stop_of_a_belt_that_comes_down_to_its_lowest_set_point_finds_none_below_it() -> None:
    script = Script().running(1.3)
    script.target_kph = 1.3
    script.send(SetSpeed(50)).wait(0.1).person("stop")
    script.mode = "stopping"
    assert "I3" not in broken(script.wait(0.3).send(StopBelt()).wait(0.1))


def test_a_rise_before_the_person_is_on() -> None:
    script = Script().armed().wait(10.0).send(StartBelt()).wait(2.0).send(SetSpeed(70))
    assert "a rise to 0.70 km/h was asked before the person said that they are on" in sentence(script, "I4")


def test_every_start_asks_anew_whether_the_person_is_on() -> None:
    script = Script().stopped().person("acknowledge", "arm", "hold").wait(10.0).send(StartBelt()).wait(2.0)
    assert "before the person said" in sentence(script.send(SetSpeed(70)), "I4")


def test_a_word_from_before_the_start_does_not_count() -> None:
    script = Script().armed().person("person on").wait(10.0).send(StartBelt()).wait(2.0).send(SetSpeed(70))
    assert broken(script) == ["I4"]


# I6: "stopped"


def test_stopped_is_said_at_a_confirmed_standstill() -> None:
    script = Script().wait(2.3)
    script.label = "stopped"
    assert script.wait(30.0).finish() == ()


def test_stopped_is_not_said_two_reports_too_soon() -> None:
    script = Script().wait(1.9)
    script.label = "stopped"
    assert 'the screen says "stopped" without a confirmed standstill' in sentence(script.wait(0.1), "I6")


def test_stopped_is_not_said_even_for_a_moment_after_a_report_of_motion() -> None:
    script = Script().wait(3.0).report(measured_at_s=3.001, speed_kph=0.2)
    script.judge.screen(3.01, "stopped")
    script.judge.screen(3.02, "unknown")
    assert broken(script) == ["I6"]


def test_stopped_is_said_once_wrongly_and_counted_once() -> None:
    script = Script().running()
    script.label = "stopped"
    assert broken(script.wait(1.0)) == ["I6"]


@pytest.mark.parametrize(("said_s", "found"), [(1.0, []), (1.2, ["I6"])])
def test_stopped_goes_when_the_reports_cease(said_s: float, found: list[str]) -> None:
    script = Script().wait(3.0)
    script.label = "stopped"
    script.wait(1.0)
    script.reports = False
    script.wait(said_s)
    script.label = "unknown"
    assert broken(script.wait(1.0)) == found


@pytest.mark.parametrize(("said_s", "found"), [(0.1, []), (0.2, ["I6"])])
def test_stopped_goes_with_the_first_report_of_motion(said_s: float, found: list[str]) -> None:
    script = Script().wait(3.4)
    script.label = "stopped"
    script.wait(0.55)
    script.follows, script.speed_kph = False, 0.2
    script.wait(said_s)
    script.label = "unknown"
    assert broken(script.wait(0.3)) == found


@pytest.mark.parametrize(("moves_s", "found"), [(1.7, []), (1.9, ["I6"])])
def test_the_belt_does_not_truly_move_under_the_word_stopped(moves_s: float, found: list[str]) -> None:
    """Lag 0.4 s, late bound 1.0 s, a second report 0.25 s later, one look 0.1 s: no honest screen needs more."""
    script = Script().wait(3.0)
    script.label, script.truth_kph = "stopped", 2.4
    script.wait(moves_s + 0.1)
    script.label = "unknown"
    assert broken(script.wait(1.0)) == found


# I7: late reports, silence, a lost link


@pytest.mark.parametrize(("age_s", "found"), [(1.0, []), (1.05, ["I7"])])
@pytest.mark.parametrize("rise", [SetSpeed(310), SetIncline(5)])
def test_nothing_rises_on_late_reports(rise: Command, age_s: float, found: list[str]) -> None:
    script = Script().running().wait(3.0)
    script.reports = False
    assert broken(script.wait(age_s).send(rise)) == found


def test_the_sentence_about_a_rise_on_late_reports() -> None:
    script = Script().running()
    script.reports = False
    message = sentence(script.wait(1.5).send(SetSpeed(310)), "I7")
    assert message == "a rise to 3.10 km/h while the newest report was 1.50 s old (limit 1.00 s)"


def test_falls_are_allowed_on_late_reports() -> None:
    script = Script().running()
    script.reports = False
    assert script.wait(1.5).send(SetSpeed(270)).wait(0.2).send(StopBelt()).finish() == ()


@pytest.mark.parametrize(("silent_s", "found"), [(2.2, []), (2.25, ["I7"])])
def test_silence_of_a_moving_belt_leads_to_a_stop_frame(silent_s: float, found: list[str]) -> None:
    script = Script().running()
    script.reports = False
    assert broken(script.wait(silent_s).send(StopBelt()).wait(1.0)) == found


def test_silence_is_told_once_and_again_when_it_comes_again() -> None:
    script = Script().running()
    script.reports = False
    script.wait(20.0)
    script.reports = True
    script.wait(1.0)
    script.reports = False
    assert broken(script.wait(20.0).send(StopBelt())) == ["I7", "I7"]
    assert script.judge.violations[0].message.startswith("no stop frame within 2.20 s of the last report")


def test_silence_after_a_start_leads_to_a_stop_frame_before_the_belt_was_seen_to_move() -> None:
    script = Script().armed().wait(10.0).send(StartBelt())
    script.reports = False
    assert broken(script.wait(3.0)) == ["I7"]


def test_silence_of_a_belt_at_rest_is_only_silence() -> None:
    script = Script().wait(3.0)
    script.reports = False
    assert script.wait(30.0).finish() == ()


def test_silence_after_a_start_that_was_refused_is_only_silence() -> None:
    script = Script().armed().wait(10.0).send(StartBelt(), Rejected("the key is out"))
    script.reports = False
    assert script.wait(10.0).finish() == ()


def test_silence_of_a_belt_that_began_to_move_by_itself_leads_to_a_stop_frame() -> None:
    script = Script().wait(3.0)
    script.target_kph = 0.5
    script.wait(1.0)
    script.reports = False
    assert broken(script.wait(3.0).send(StopBelt())) == ["I7"]


@pytest.mark.parametrize(("period_s", "silent_s", "found"), [(1.0, 3.1, []), (1.0, 3.3, ["I7"]), (0.1, 2.3, ["I7"])])
def test_silence_depends_on_the_report_period_from_two_to_three_seconds(
    period_s: float, silent_s: float, found: list[str]
) -> None:
    script = Script(replace(RULES, report_period_s=period_s)).running()
    script.reports = False
    assert broken(script.wait(silent_s).send(StopBelt())) == found


@pytest.mark.parametrize(("after_s", "found"), [(0.5, []), (0.6, ["I7"])])
@pytest.mark.parametrize("stopped_before", [False, True])
def test_a_lost_link_to_a_moving_belt_raises_the_alarm(after_s: float, stopped_before: bool, found: list[str]) -> None:
    script = Script().running()
    script = script.send(StopBelt()) if stopped_before else script
    script.says(LinkLost("out of range")).reports = False
    script.wait(after_s)
    script.label = "alarm"
    script.look()
    assert broken(script.wait(5.0)) == found


def test_a_lost_link_to_a_belt_at_rest_raises_none() -> None:
    script = Script().stopped().says(LinkLost("out of range"))
    script.reports = False
    assert script.wait(10.0).finish() == ()


@pytest.mark.parametrize(("stop_repeat_ok", "found"), [(True, []), (False, ["I7"])])
def test_a_lost_link_behind_a_stop_at_rest_raises_one_where_that_stop_may_have_started_the_belt(
    stop_repeat_ok: bool, found: list[str]
) -> None:
    """A countdown that was stopped, and a second later the link is lost."""
    script = Script(replace(RULES, stop_repeat_ok=stop_repeat_ok)).wait(5.0).send(StopBelt()).wait(1.0)
    script.says(LinkLost("out of range")).reports = False
    assert broken(script.wait(10.0)) == found


@pytest.mark.parametrize(("stop_repeat_ok", "found"), [(True, []), (False, ["I7"])])
def test_zeros_before_a_stop_confirm_the_rest_behind_it_unless_it_may_have_started_the_belt(
    stop_repeat_ok: bool, found: list[str]
) -> None:
    """A belt that came to rest by the stop of its console, a stop frame behind the first zero, and then a lost link."""
    script = Script(replace(RULES, stop_repeat_ok=stop_repeat_ok)).running(0.7)
    script.target_kph = 0.0
    while script.speed_kph:
        script.wait(0.25)
    script.wait(0.1).says(MachineNotice.STOPPED_AT_CONSOLE).send(StopBelt()).wait(1.95)
    script.says(LinkLost("out of range")).reports = False
    assert broken(script.wait(10.0)) == found


def test_zeros_before_a_stop_of_a_start_that_has_shown_nothing_confirm_no_rest_behind_it() -> None:
    """The belt may be about to move off."""
    script = Script(replace(RULES, stop_repeat_ok=True)).armed().wait(10.0).send(StartBelt())
    script.follows = False
    script.wait(1.0).send(StopBelt()).wait(1.5)
    script.says(LinkLost("out of range")).reports = False
    assert broken(script.wait(10.0)) == ["I7"]


# I9: the end of a stop


@pytest.mark.parametrize(("alarm_s", "found"), [(6.0, []), (6.2, ["I9"])])
def test_a_stop_that_shows_no_fall_ends_in_the_alarm(alarm_s: float, found: list[str]) -> None:
    script = Script().running()
    script.follows = False
    script.send(StopBelt()).wait(alarm_s)
    script.label = "alarm"
    script.look()
    assert broken(script.wait(10.0)) == found


def test_the_sentence_about_a_stop_without_end() -> None:
    script = Script().running()
    script.follows = False
    message = sentence(script.send(StopBelt()).wait(100.0), "I9")
    assert "neither standstill nor alarm 6.0 s after the stop and 6.0 s after the last visible fall" in message
    assert message.endswith("reported 2.90 km/h")


def test_a_stop_that_falls_slowly_has_six_seconds_from_every_fall() -> None:
    script = Script().running()
    script.follows = False
    script.send(StopBelt())
    for speed_kph in (2.5, 2.0, 1.5, 1.0, 0.5, 0.0):
        script.speed_kph = speed_kph
        script.wait(5.5)
    assert script.finish() == ()


def test_a_belt_that_goes_up_and_down_shows_one_fall_only() -> None:
    script = Script().running()
    script.follows = False
    script.send(StopBelt())
    for speed_kph in (3.1, 2.9) * 4:
        script.speed_kph = speed_kph
        script.wait(1.0)
    assert "7.3 s after the stop and 6.0 s after the last visible fall" in sentence(script, "I9")


def test_a_zero_between_two_speeds_hides_no_fall_that_comes_behind_it() -> None:
    script = Script().running()
    script.follows = False
    script.send(StopBelt())
    for speed_kph in (2.5, 0.0, 2.0, 1.5):
        script.speed_kph = speed_kph
        script.wait(0.25 if speed_kph == 0 else 5.0)
    script.speed_kph = 0.0
    assert script.wait(5.0).finish() == ()


def test_zeros_between_two_speeds_are_no_falls_themselves() -> None:
    script = Script().running()
    script.follows = False
    script.send(StopBelt())
    for speed_kph in (2.9, 0.0) * 4:
        script.speed_kph = speed_kph
        script.wait(0.25 if speed_kph == 0 else 1.75)
    assert "6.0 s after the last visible fall" in sentence(script, "I9")


@pytest.mark.parametrize(("speed_kph", "slept", "found"), [(0.0, True, []), (0.0, False, ["I9"]), (0.1, True, ["I9"])])
def test_a_sleep_at_rest_lets_the_six_seconds_begin_anew_and_one_in_motion_does_not(
    speed_kph: float, slept: bool, found: list[str]
) -> None:
    script = Script().running()
    script.follows, script.mode = False, "stopping"
    script.send(StopBelt())
    script.speed_kph = speed_kph
    script.wait(1.5)
    if slept:
        script.judge.slept(script.now_s)
    script.wait(5.5)
    script.mode, script.label = "latched", None if speed_kph == 0 else "alarm"
    assert broken(script.wait(3.0)) == found


def test_a_belt_that_was_about_to_start_when_it_was_stopped_first_rises_and_then_falls() -> None:
    script = Script().armed().wait(10.0).send(StartBelt())
    script.follows = False
    script.wait(2.0).send(StopBelt())
    for speed_kph in (0.2, 0.5, 0.5, 0.3, 0.0, 0.0):
        script.speed_kph = speed_kph
        script.wait(1.0)
    assert script.wait(5.0).finish() == ()


@pytest.mark.parametrize(("stands_s", "seen"), [(1.5, []), (6.0, ["I9"])])
def test_the_six_seconds_of_a_belt_that_had_not_moved_off_yet_begin_with_the_last_zero_before_it_does(
    stands_s: float, seen: list[str]
) -> None:
    """Where zeros go on for longer than a standstill takes, and no end is made of them, they are no excuse."""
    script = Script().armed().wait(10.0).send(StartBelt())
    script.follows = False
    script.mode, script.speed_kph = "stopping", 0.0
    script.send(StopBelt()).wait(stands_s)
    script.speed_kph = 0.5
    script.wait(5.0)
    script.label = "alarm"
    script.wait(0.5)
    assert [one.invariant for one in script.finish() if one.invariant == "I9"] == seen


def test_a_stop_that_falls_for_ever_has_a_minute() -> None:
    script = Script().running()
    script.follows = False
    script.send(StopBelt())
    for tenths in range(28, 0, -2):
        script.speed_kph = tenths / 10
        script.wait(5.0)
    assert "60.0 s after the stop" in sentence(script, "I9")


def test_standstill_under_a_mode_that_still_goes_down_is_no_end() -> None:
    script = Script().running(1.3)
    script.mode = "stopping"
    assert broken(script.send(StopBelt()).wait(10.0)) == ["I9"]


def test_a_mode_that_has_ended_before_standstill_is_no_end_either() -> None:
    script = Script().running()
    script.mode, script.follows = "latched", False
    assert broken(script.send(StopBelt()).wait(10.0)) == ["I9"]


def test_silence_after_an_end_does_not_undo_it() -> None:
    script = Script().stopped()
    script.reports = False
    assert script.wait(60.0).finish() == ()


def test_a_stop_at_the_console_comes_to_its_end_as_well() -> None:
    script = Script().running().says(MachineNotice.STOPPED_AT_CONSOLE)
    script.follows = False
    assert broken(script.wait(10.0)) == ["I9"]


# I10 and I18: the alarm


def alarmed() -> Script:
    """A stop that nobody obeyed, the alarm, and then a belt that did come to rest."""
    script = Script(replace(RULES, stop_repeat_ok=True)).running(1.3)
    script.follows = False
    script.send(StopBelt()).wait(4.0)
    script.label, script.mode = "alarm", "escalated"
    script.wait(1.0)
    script.speed_kph = 0.0
    return script


def test_an_alarm_does_not_go_away_by_itself() -> None:
    script = alarmed().wait(5.0)
    script.label, script.mode = "stopped", "latched"
    assert sentence(script.wait(1.0), "I10").endswith("at rest, but nobody had acknowledged it")


def test_an_alarm_does_not_go_away_before_standstill() -> None:
    script = alarmed().wait(1.0).person("acknowledge")
    script.label, script.mode = "unknown", "stopping"
    assert sentence(script.wait(1.0), "I10").endswith("without standstill")


def test_an_alarm_goes_at_standstill_when_somebody_has_acknowledged_it() -> None:
    script = alarmed().wait(5.0).person("acknowledge")
    script.label, script.mode = "stopped", "latched"
    assert script.wait(1.0).finish() == ()


def test_an_acknowledgement_from_before_the_alarm_does_not_count() -> None:
    script = Script(replace(RULES, stop_repeat_ok=True)).running(1.3).person("acknowledge").send(StopBelt())
    script.label = "alarm"
    script.wait(5.0)
    script.label = "stopped"
    assert broken(script.wait(1.0)) == ["I10"]


def test_the_mode_that_owes_the_alarm_is_not_left_by_itself_either() -> None:
    script = alarmed().wait(5.0)
    script.mode = "latched"
    assert "'escalated' went over to 'latched'" in sentence(script.wait(1.0), "I10")


@pytest.mark.parametrize(("late_s", "found"), [(0.1, []), (0.2, ["I18"])])
def test_an_escalation_is_shown_within_one_look(late_s: float, found: list[str]) -> None:
    script = Script().running()
    script.follows = False
    script.send(StopBelt()).wait(4.0)
    script.label, script.mode = "stopping", "escalated"
    script.look()
    script.wait(late_s - 0.05)
    script.label = "alarm"
    assert broken(script.wait(1.0)) == found


def test_the_sentence_about_an_escalation_that_is_not_shown() -> None:
    script = Script().running()
    script.mode = "escalated"
    script.label = "running"
    assert sentence(script.wait(5.0), "I18") == "the mode is 'escalated' and the screen says 'running', not 'alarm'"


# I12, I13, R3: how set-points follow one another


def test_a_ramp_at_the_rate_of_the_tier() -> None:
    """0.27 km/h each half second, rounded down to the increment as a driver must."""
    script = Script().started()
    for half_seconds in range(1, 25):
        script.wait(0.5).send(SetSpeed(50 + 27 * half_seconds // 10 * 10))
    assert script.finish() == ()


def test_a_ramp_that_is_quicker_within_a_second() -> None:
    rules = replace(RULES, rise_kph_per_s=0.216)
    script = Script(rules).running(1.3).wait(3.0).send(SetSpeed(160)).wait(0.5).send(SetSpeed(190))
    found = [violation for violation in script.finish() if violation.invariant == "I12"][-1:]
    assert [v.message for v in found] == [
        "set-points rose 0.60 km/h within a second; 0.22 km/h per s and one step allow 0.52 km/h"
    ]


def test_a_ramp_that_is_a_little_too_quick_for_long() -> None:
    """0.5 km/h in every second passes the look at one second and is more than twice the rate of a beginner."""
    script = Script(replace(RULES, rise_kph_per_s=0.216)).started().wait(2.0)
    for speed_ckph in (70, 100, 120, 150, 170):
        script.send(SetSpeed(speed_ckph)).wait(0.5)
    found = [violation.message for violation in script.finish() if violation.invariant == "I12"]
    assert len(found) >= 1
    assert "ahead of the rate" in found[0]


def test_a_rise_that_the_machine_refused_does_not_count() -> None:
    rules = replace(RULES, rise_kph_per_s=0.216)
    script = Script(rules).started().wait(3.0).send(SetSpeed(80), Rejected("busy"))
    assert script.wait(0.5).send(SetSpeed(80)).wait(0.5).finish() == ()


def test_a_fall_that_the_machine_refused_does_not_count() -> None:
    """0.70 km/h, and again; were the first one felt, it would be 1.40 km/h within a second."""
    script = Script().running(3.1).wait(2.0).send(SetSpeed(240), Rejected("busy"))
    assert script.wait(0.5).send(SetSpeed(240)).finish() == ()


def test_a_refused_fall_takes_no_rise_back() -> None:
    script = Script(replace(RULES, rise_kph_per_s=0.216)).running(1.3).wait(3.0).send(SetSpeed(160)).wait(0.1)
    script.send(SetSpeed(150), Rejected("busy")).wait(0.5).send(SetSpeed(190))
    assert "set-points rose 0.60 km/h within a second" in sentence(script, "I12")


def test_after_a_rise_that_the_machine_refused_the_next_one_begins_where_the_belt_is() -> None:
    script = Script().started().wait(3.0).send(SetSpeed(80), Rejected("busy")).wait(0.5).send(SetSpeed(90))
    assert "a rise of 0.40 km/h at once; the largest step is 0.30 km/h" in sentence(script, "R3")


@pytest.mark.parametrize(("speed_ckph", "found"), [(210, []), (200, ["I12"])])
def test_a_planned_fall_keeps_to_the_planned_rate(speed_ckph: int, found: list[str]) -> None:
    """0.72 km/h per s and one step of 0.3: 1.02 km/h within a second."""
    script = Script().running(3.1).wait(2.0).send(SetSpeed(250)).wait(0.5).send(SetSpeed(speed_ckph))
    assert broken(script) == found


@pytest.mark.parametrize(("speed_ckph", "found"), [(190, []), (160, ["I12"])])
def test_a_machine_that_answers_late_gets_its_ramp_down_in_few_steps(speed_ckph: int, found: list[str]) -> None:
    """0.72 km/h per s for 0.8 s are 0.58 km/h, twice within a second; and no more than that."""
    script = Script().running(3.1).wait(2.0).send(SetSpeed(300)).wait(0.8).send(SetSpeed(240))
    assert broken(script.wait(0.8).send(SetSpeed(speed_ckph))) == found


@pytest.mark.parametrize(("speed_ckph", "found"), [(180, []), (170, ["I12"])])
def test_an_unplanned_fall_may_be_quicker_up_to_0_30_mps2(speed_ckph: int, found: list[str]) -> None:
    """0.30 m/s2 and one step of 0.3: 1.38 km/h within a second."""
    script = Script().running(3.1).wait(2.0)
    script.label = "stopping"
    script.wait(0.1).send(SetSpeed(250)).wait(0.5).send(SetSpeed(speed_ckph))
    assert broken(script) == found


@pytest.mark.parametrize(
    ("label", "speed_ckph", "passed_s", "found"),
    [
        ("stopping", 180, 0.0, []),
        ("stopping", 170, 0.0, ["I12"]),
        ("stopping", 180, 0.01, ["I12"]),
        ("running", 180, 0.0, ["I12"]),
    ],
)
def test_the_first_set_point_of_a_stop_leaves_before_the_screen_says_so(
    label: str, speed_ckph: int, passed_s: float, found: list[str]
) -> None:
    """1.30 km/h within a second, the last of it by a stop: the screen says so in the same moment, or it is too late."""
    script = Script().running(3.1).wait(2.0)
    script.label = "running"
    script.wait(0.1).send(SetSpeed(230)).wait(0.55).send(SetSpeed(speed_ckph))
    script.judge.screen(script.now_s + passed_s, label)
    assert broken(script.wait(0.1)) == found


@pytest.mark.parametrize(("speed_ckph", "found"), [(100, []), (90, ["I12"])])
def test_a_ramp_whose_first_set_point_waited_brings_what_fell_meanwhile(speed_ckph: int, found: list[str]) -> None:
    """0.30 m/s2 over a second and a gap of 0.7 s, and one step of 0.3: 2.14 km/h within a second."""
    script = Script(replace(RULES, gap_s=0.7)).running(3.1).wait(2.0)
    script.label = "stopping"
    script.wait(0.1).send(SetSpeed(230)).wait(0.75).send(SetSpeed(speed_ckph))
    assert broken(script) == found


def test_a_lower_set_point_that_the_belt_has_not_reached_is_no_fall() -> None:
    script = Script().running(3.1).wait(2.0)
    script.follows, script.speed_kph = False, 1.5
    assert script.wait(0.5).send(SetSpeed(150)).finish() == ()


@pytest.mark.parametrize(("apart_s", "found"), [(2.0, []), (1.9, ["I13"])])
def test_speed_and_deck_do_not_rise_within_the_same_two_seconds(apart_s: float, found: list[str]) -> None:
    script = Script().running().wait(3.0).send(SetSpeed(310)).wait(apart_s).send(SetIncline(10))
    assert broken(script) == found
    script = Script().running().wait(3.0).send(SetIncline(10)).wait(apart_s).send(SetSpeed(310))
    assert broken(script) == found


def test_a_deck_that_goes_down_may_do_so_beside_a_rise_of_speed() -> None:
    script = Script().wait(2.0).send(SetIncline(20)).running().wait(3.0).send(SetSpeed(310)).send(SetIncline(10))
    assert script.finish() == ()


def test_a_deck_that_was_found_raised_goes_down_when_it_is_told_to_level() -> None:
    script = Script()
    script.report(measured_at_s=0.0, speed_kph=0.0, incline_percent=3.0)
    assert script.running().wait(3.0).send(SetSpeed(310)).send(SetIncline(20)).finish() == ()


@pytest.mark.parametrize(("apart_s", "found"), [(0.5, []), (0.4, ["R3"])])
def test_rises_are_half_a_second_apart(apart_s: float, found: list[str]) -> None:
    script = Script().running().wait(3.0).send(SetSpeed(300)).wait(apart_s).send(SetSpeed(310))
    assert broken(script) == found


@pytest.mark.parametrize(("speed_ckph", "found"), [(320, []), (330, ["R3"])])
def test_a_rise_is_one_step_at_most(speed_ckph: int, found: list[str]) -> None:
    assert broken(Script().running().wait(3.0).send(SetSpeed(speed_ckph))) == found


def test_a_coarse_machine_rises_by_its_own_increment() -> None:
    rules = replace(RULES, speed_increment_kph=0.5)
    assert Script(rules).started().wait(3.0).send(SetSpeed(100)).finish() == ()


@pytest.mark.parametrize(("measured_kph", "found"), [(2.46, []), (2.40, ["R3"])])
def test_a_set_point_rises_no_farther_ahead_of_the_belt_than_the_leash(measured_kph: float, found: list[str]) -> None:
    """0.3 km/h and 0.54 km/h per s over 0.65 s: 0.65 km/h ahead of the measured speed."""
    script = Script().running().wait(3.0)
    script.follows, script.speed_kph = False, measured_kph
    assert broken(script.wait(0.5).send(SetSpeed(310))) == found


# I17: one at a time


def test_a_command_waits_for_the_answer_to_the_one_before() -> None:
    script = Script().running().wait(3.0).send(SetSpeed(280), None).wait(0.3).send(SetIncline(0))
    message = sentence(script, "I17")
    assert message.startswith("SetIncline(incline_dpct=0) left while SetSpeed(speed_ckph=280, regardless=False) had")


def test_a_stop_waits_for_nothing() -> None:
    assert Script().running().send(SetSpeed(280), None).send(StopBelt()).finish() == ()


def test_an_answer_of_any_kind_makes_way() -> None:
    script = Script().running().wait(3.0)
    for outcome in (Accepted(), Rejected("busy"), Unknown("no answer")):
        script.send(SetSpeed(280), outcome).wait(0.1)
    assert script.finish() == ()


# R5: runaway


@pytest.mark.parametrize(("speed_kph", "found"), [(3.4, []), (3.5, ["R5"])])
def test_a_belt_that_runs_away_is_stopped_after_two_reports(speed_kph: float, found: list[str]) -> None:
    script = Script().running(2.9).wait(3.0)
    script.follows, script.speed_kph = False, speed_kph
    assert broken(script.wait(1.0)) == found


@pytest.mark.parametrize(("after_s", "found"), [(0.1, []), (0.15, ["R5"])])
@pytest.mark.parametrize("alarm", [False, True])
def test_a_runaway_is_answered_within_one_look_of_the_second_report(
    after_s: float, alarm: bool, found: list[str]
) -> None:
    script = Script().running(2.9).wait(3.0)
    script.follows, script.speed_kph = False, 6.0
    script.wait((250 - script.ms % 250) / 1000 + 0.25 + after_s)
    if alarm:
        script.judge.screen(script.now_s, "alarm")
    else:
        script.send(StopBelt())
    assert broken(script.wait(1.0)) == found


def test_spikes_one_by_one_are_no_runaway() -> None:
    script = Script().running(2.9).wait(3.0)
    for _ in range(3):
        script.report(measured_at_s=script.now_s + 0.001, speed_kph=18.0).wait(1.0)
    assert script.finish() == ()


def test_a_belt_that_starts_by_itself_is_a_runaway() -> None:
    script = Script().wait(5.0)
    script.target_kph = 3.0
    message = next(v.message for v in script.wait(1.5).finish() if v.invariant == "R5")
    assert message.startswith("two reports, the second 1.00 km/h, above 0.50 km/h, and neither a stop frame nor")


def test_a_belt_that_lags_behind_a_fall_is_none() -> None:
    script = Script(replace(RULES, fall_kph_per_s=1.08, slowest_fall_kph_per_s=0.5)).running(4.9).wait(3.0)
    script.follows = False
    for step in range(1, 17):
        script.wait(0.25)
        script.send(SetSpeed(490 - 20 * step))
        script.speed_kph = 4.9 - max(0.0, step * 0.25 - 0.4) * 0.5
    assert script.finish() == ()


def test_a_belt_that_takes_its_time_after_one_large_fall_is_none() -> None:
    script = Script(replace(RULES, fall_kph_per_s=1.08, slowest_fall_kph_per_s=0.5)).running(4.9).wait(3.0)
    script.follows = False
    script.send(SetSpeed(360)).wait(0.4)
    while script.speed_kph > 3.6:
        script.wait(0.25)
        script.speed_kph = round(script.speed_kph - 0.125, 3)
    assert script.finish() == ()


@pytest.mark.parametrize(("before_kph", "found"), [(3.3, []), (6.0, ["R5"])])
def test_the_speed_at_a_change_explains_a_little_more_unless_it_is_a_runaway_itself(
    before_kph: float, found: list[str]
) -> None:
    """2.9 km/h was asked. 3.3 km/h is within the tolerance, and so is 3.6 after it; beside 6.0 it proves the other."""
    script = Script().running(2.9).wait(3.05)
    script.follows, script.speed_kph = False, before_kph
    script.wait((250 - script.ms % 250) / 1000).send(SetSpeed(280))
    script.speed_kph = 3.6
    script.wait(0.5)
    script.speed_kph = 2.8
    assert broken(script.wait(1.0)) == found


def test_a_belt_that_does_not_follow_a_fall_at_all_is_one() -> None:
    script = Script(replace(RULES, fall_kph_per_s=1.08)).running(3.1).wait(3.0)
    script.follows = False
    for step in range(1, 9):
        script.send(SetSpeed(310 - 20 * step)).wait(0.25)
    assert broken(script.wait(3.0)) == ["R5"]


def test_a_belt_that_speeds_up_after_its_stop_is_one() -> None:
    script = Script().running(2.9).send(StopBelt()).wait(1.0)
    script.target_kph = 5.0
    assert broken(script.wait(3.0)) == ["R5"]


def test_a_belt_that_does_not_obey_its_stop_is_another_matter() -> None:
    script = Script().running(2.9).send(StopBelt())
    script.follows = False
    assert script.wait(5.0).finish() == ()


# The judge itself


def test_deadlines_that_have_passed_by_the_end_are_judged() -> None:
    script = Script().running().person("stop")
    script.judge.finish(script.now_s + 0.2)
    assert [violation.invariant for violation in script.judge.violations] == ["I3"]
    assert script.judge.violations[0].at_s == pytest.approx(script.now_s + 0.1, abs=0.01)


def test_an_operator_does_only_what_the_judge_knows() -> None:
    with pytest.raises(ValueError, match="does not 'faster'; the judge knows acknowledge, arm, cancel, hold"):
        Script().person("faster")


def test_the_worst_rise_is_that_of_the_true_belt() -> None:
    judge = Judge(RULES)
    for tenths, speed_kph in enumerate((0.0, 0.1, 0.4, 0.5, 0.2)):
        judge.truth(tenths / 10, speed_kph, speed_kph / 2)
    judge.truth(0.41, 9.0, 0.0)
    assert judge.worst_rise_kph_per_s == pytest.approx(3.0)
    assert judge.worst_incline_rise_percent_per_s == pytest.approx(1.5)


def test_a_wild_run_does_not_fill_the_memory() -> None:
    script = Script().started()
    for _ in range(MOST_VIOLATIONS):
        script.send(SetSpeed(2000), None)
    assert len(script.finish()) == MOST_VIOLATIONS


# The rules of a run


def test_the_tiers_are_those_of_the_published_plan() -> None:
    told = {
        key: (t.backward_kph, t.forward_kph, t.incline_percent, t.rise_mps2, t.fall_mps2) for key, t in TIERS.items()
    }
    assert told == {
        "alone": (1.5, 1.5, 0.0, 0.06, 0.15),
        "novice": (3.0, 6.0, 0.0, 0.06, 0.15),
        "walker": (5.6, 8.0, 10.0, 0.10, 0.20),
        "runner": (8.0, 12.0, 5.0, 0.15, 0.30),
        "harness": (10.0, 14.0, 5.0, 0.15, 0.30),
        "frail": (1.5, 3.0, 5.0, 0.03, 0.10),
        "clinic": (1.5, 3.0, 5.0, 0.03, 0.10),
    }


def test_the_rules_of_a_run_come_from_tier_and_machine() -> None:
    rules = rules_for("walker", True, Facing.REAR, ARCHETYPES["well-behaved"].profile)
    assert (rules.speed_cap_kph, rules.incline_cap_percent, rules.countdown_s) == (5.6, 10.0, 10.0)
    assert rules.rise_kph_per_s == pytest.approx(0.36)
    assert rules.fall_kph_per_s == pytest.approx(0.72)
    assert (rules.lowest_kph, rules.speed_increment_kph, rules.incline_increment_percent) == (0.5, 0.1, 0.5)
    assert (rules.report_period_s, rules.lag_s, rules.slowest_fall_kph_per_s) == (0.25, 0.4, 1.0)
    assert (rules.late_s, rules.silent_s, rules.stop_repeat_ok) == (1.0, 2.0, True)


def test_who_faces_the_console_has_the_shorter_countdown_and_the_forward_cap() -> None:
    rules = rules_for("runner", False, Facing.CONSOLE, ARCHETYPES["well-behaved"].profile)
    assert (rules.speed_cap_kph, rules.incline_cap_percent, rules.countdown_s) == (12.0, 5.0, 5.0)


@pytest.mark.parametrize(("backward", "facing"), [(True, Facing.CONSOLE), (False, Facing.REAR)])
def test_the_deck_is_level_under_a_reversed_belt(backward: bool, facing: Facing) -> None:
    assert rules_for("walker", backward, facing, ARCHETYPES["well-behaved"].profile).incline_cap_percent == 0.0


def test_a_machine_that_reports_once_a_second_is_too_slow_for_backward_running() -> None:
    slow = ARCHETYPES["slow-reporter"].profile
    assert rules_for("runner", True, Facing.REAR, slow).speed_cap_kph == 4.0
    assert rules_for("runner", False, Facing.CONSOLE, slow).speed_cap_kph == 12.0


def test_an_unknown_tier_is_told_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no tier 'elite'; the known ones are novice, walker"):
        rules_for("elite", True, Facing.REAR, ARCHETYPES["well-behaved"].profile)


@pytest.mark.parametrize("figure", [{"rise_kph_per_s": 0.0}, {"lag_s": math.nan}, {"speed_cap_kph": -1.0}])
def test_figures_that_no_run_can_have_are_refused(figure: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(figure))):
        replace(RULES, **figure)


def test_the_judges_load_nothing_of_what_they_judge() -> None:
    program = "import sys, retrotread.sessions.oracles; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    ours = {name for name in done.stdout.split() if name.startswith("retrotread.")}
    allowed = ("retrotread.machine", "retrotread.values", "retrotread.sessions")
    assert {name for name in ours if not name.startswith(allowed)} == set()
    assert {name for name in ours if name.startswith("retrotread.sessions.") and ".oracles" not in name} == set()


# Whole runs on the simulated treadmill


@dataclass
class Drive:
    """A simulated treadmill and its judge on virtual time, with nobody between them but the driver."""

    machine: SimulatedTreadmill
    rules: Rules
    judge: Judge
    now_s: float = 0.0
    speed_kph: float = 0.0

    def ticks(self, seconds: float) -> Iterator[float]:
        for _ in range(round(seconds * 10)):
            self.now_s = round(self.now_s + 0.1, 1)
            for report in self.machine.advance(self.now_s):
                self.judge.report(self.now_s, report)
                if isinstance(report, Telemetry) and report.speed_kph is not None:
                    self.speed_kph = report.speed_kph
            self.judge.beat(self.now_s)
            yield self.now_s
            self.judge.truth(self.now_s, self.machine.belt_speed_kph, self.machine.deck_incline_percent)

    def send(self, command: Command) -> None:
        self.judge.command(self.now_s, command)
        answer = self.machine.perform(command, self.now_s)
        assert not isinstance(answer, Pending)
        self.judge.answered(self.now_s, command, answer)

    def rest(self, seconds: float, mode: str, label: str) -> None:
        for now_s in self.ticks(seconds):
            self.judge.state(now_s, mode)
            self.judge.screen(now_s, label)


def drive(kind: str, *faults: str) -> Drive:
    machine = SimulatedTreadmill(ARCHETYPES[kind], tuple(parse_fault(text) for text in faults))
    rules = rules_for("runner", True, Facing.REAR, machine.profile)
    return Drive(machine, rules, Judge(rules))


def careless(run: Drive) -> None:
    """Start at once, ask for whatever comes to mind, hear no stop, call a moving belt stopped, ask on after a stop."""
    wishes: list[Command] = [SetSpeed(450), SetIncline(80), SetSpeed(913), SetSpeed(300), SetSpeed(700)]
    asked = cycle(wishes)
    run.send(StartBelt())
    for now_s in run.ticks(60.0):
        if now_s == 20.0:
            run.judge.operator(now_s, "stop")
        elif now_s == 40.0:
            run.send(StopBelt())
        elif now_s % 0.7 < 0.05:
            run.send(next(asked))
        run.judge.screen(now_s, "stopped" if now_s > 30.0 else "running")
    run.judge.finish(run.now_s)


def careful(run: Drive, top_kph: float, rise_ckph: int, stops_s: float) -> None:
    """The whole sequence, a ramp up in small steps, a walk, a ramp down, a stop."""
    run.rest(4.0, "idle", "unknown")
    run.judge.operator(run.now_s, "arm")
    run.judge.operator(run.now_s, "hold")
    run.rest(10.0, "armed", "stopped")
    run.send(StartBelt())
    run.rest(10.0, "starting", "running")
    run.judge.operator(run.now_s, "person on")
    lowest_ckph = round(run.rules.lowest_kph * 100)
    for speed_ckph in range(lowest_ckph + rise_ckph, round(top_kph * 100) + 1, rise_ckph):
        run.send(SetSpeed(speed_ckph))
        run.rest(0.6, "running", "running")
    run.rest(60.0, "running", "running")
    for speed_ckph in range(round(top_kph * 100) - 30, lowest_ckph, -30):
        run.send(SetSpeed(speed_ckph))
        run.rest(0.5, "running", "running")
    run.send(StopBelt())
    run.rest(stops_s, "stopping", "stopping")
    run.rest(10.0, "latched", "stopped")
    run.judge.finish(run.now_s)


@pytest.mark.parametrize(
    ("kind", "top_kph", "rise_ckph", "stops_s"), [("well-behaved", 8.0, 30, 5.0), ("slow-reporter", 4.0, 20, 9.0)]
)
def test_a_careful_driver_breaks_nothing(kind: str, top_kph: float, rise_ckph: int, stops_s: float) -> None:
    run = drive(kind)
    careful(run, top_kph, rise_ckph, stops_s)
    assert run.judge.violations == ()
    assert run.judge.worst_rise_kph_per_s == pytest.approx(ARCHETYPES[kind].rise_kph_per_s)


def test_a_careless_driver_is_caught_by_at_least_five_invariants() -> None:
    run = drive("well-behaved")
    careless(run)
    caught = {violation.invariant for violation in run.judge.violations}
    assert caught >= {"I1", "I2", "I3", "I4", "I6", "I12", "I13", "R3"}


def test_a_driver_who_does_nothing_about_a_self_start_is_caught() -> None:
    run = drive("well-behaved", "self-start@20")
    run.rest(40.0, "idle", "running")
    run.judge.finish(run.now_s)
    assert [violation.invariant for violation in run.judge.violations] == ["R5"]
    assert 20.0 < run.judge.violations[0].at_s < 21.5


def test_a_driver_who_does_nothing_about_silence_or_a_stop_that_is_ignored_is_caught() -> None:
    run = drive("ignores-stop", "silent@40")
    run.rest(4.0, "idle", "running")
    run.judge.operator(run.now_s, "arm")
    run.judge.operator(run.now_s, "hold")
    run.rest(10.0, "armed", "running")
    run.send(StartBelt())
    run.rest(30.0, "running", "running")
    run.send(StopBelt())
    run.rest(10.0, "stopping", "stopping")
    assert [violation.invariant for violation in run.judge.violations] == ["I7", "I9"]
