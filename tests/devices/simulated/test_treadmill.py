"""Scenarios on the simulated treadmill, with the truth of belt and deck beside what it reports."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import TimedFault
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.machine import (
    Accepted,
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


def test_a_start_counts_down_before_the_belt_moves_off_to_its_lowest_speed(treadmill: Any) -> None:
    machine = treadmill()
    machine.perform(StartBelt(), 0.0)
    machine.advance(3.4)
    assert machine.belt_speed_kph == 0, "0.4 s of lag and 3 s of countdown"
    machine.advance(3.65)
    assert machine.belt_speed_kph == pytest.approx(0.2)
    machine.advance(60)
    assert machine.belt_speed_kph == 0.5


def test_a_set_point_takes_effect_after_the_lag_and_at_the_rise_of_the_belt(running: Any) -> None:
    machine = running()
    machine.perform(SetSpeed(800), 30.0)
    machine.advance(30.4)
    assert machine.belt_speed_kph == 6.0
    machine.advance(31.4)
    assert machine.belt_speed_kph == pytest.approx(6.8)
    machine.advance(32.9)
    assert machine.belt_speed_kph == 8.0


def test_a_lower_set_point_is_reached_at_the_fall_of_the_belt(running: Any) -> None:
    machine = running()
    machine.perform(SetSpeed(300), 30.0)
    machine.advance(31.4)
    assert machine.belt_speed_kph == pytest.approx(5.0)
    machine.advance(34.0)
    assert machine.belt_speed_kph == 3.0


def test_the_second_of_two_quick_set_points_wins_and_both_take_their_turn(running: Any) -> None:
    machine = running()
    machine.perform(SetSpeed(1200), 30.0)
    machine.perform(SetSpeed(400), 30.2)
    machine.advance(30.6)
    assert machine.belt_speed_kph == pytest.approx(6.16), "0.2 s of rising before the second arrives"
    machine.advance(60.0)
    assert machine.belt_speed_kph == 4.0


def test_a_stop_ramps_the_belt_down_and_passes_the_belt_that_it_takes(running: Any) -> None:
    machine = running()
    before_m = machine.belt_travel_m
    machine.perform(StopBelt(), 30.0)
    machine.advance(36.39)
    assert machine.belt_speed_kph > 0
    machine.advance(36.4)
    assert machine.belt_speed_kph == 0
    assert machine.belt_travel_m - before_m == pytest.approx((0.4 * 6 + 6 * 6 / 2) / 3.6)


def test_a_lowest_speed_that_is_no_multiple_of_the_step_is_never_undercut(treadmill: Any) -> None:
    kind = replace(ARCHETYPES["well-behaved"], speed_min_ckph=96, speed_increment_ckph=32)
    coarse = SimulatedTreadmill(replace(kind, speed_min_ckph=90))
    coarse.perform(StartBelt(), 0.0)
    coarse.advance(20.0)
    coarse.perform(SetSpeed(91), 20.0)
    coarse.advance(40.0)
    assert coarse.belt_speed_kph == 0.9


def test_the_deck_moves_at_the_rate_of_its_motor_to_its_own_step(treadmill: Any) -> None:
    machine = treadmill()
    machine.perform(SetIncline(27), 0.0)
    machine.advance(2.9)
    assert machine.deck_incline_percent == pytest.approx(1.0), "2.5 s at 0.4 % per s"
    machine.advance(60.0)
    assert machine.deck_incline_percent == 2.5


def test_a_machine_without_an_incline_motor_says_so(treadmill: Any) -> None:
    machine = SimulatedTreadmill(replace(ARCHETYPES["well-behaved"], incline_max_dpct=0))
    assert machine.perform(SetIncline(10), 1.0) == Rejected("this machine has no incline motor")


def test_a_report_carries_hundredths_tenths_whole_metres_and_whole_seconds(running: Any) -> None:
    machine = running()
    machine.perform(SetSpeed(700), 30.0)
    machine.perform(SetIncline(30), 30.0)
    report = machine.advance(30.5)[-1]
    assert report.measured_at_s == 30.5
    assert report.speed_kph == 6.08
    assert report.incline_percent == 0.0
    assert report.distance_m == math.floor(machine.belt_travel_m)
    assert report.machine_time_s == 27, "the belt moved off at 3.4 s"


def test_a_slow_reporter_says_what_was_half_a_second_ago(running: Any) -> None:
    machine = running("slow-reporter")
    machine.perform(SetSpeed(900), 30.2)
    reports = [report for report in machine.advance(33.0) if isinstance(report, Telemetry)]
    speeds_kph = [report.speed_kph or 0.0 for report in reports]
    for report in reports:
        age_of_rise_s = max(0.0, report.measured_at_s - 0.5 - 31.2)
        assert report.speed_kph == pytest.approx(6.0 + 0.6 * age_of_rise_s, abs=0.006)
    assert speeds_kph[-1] > 6.0


def test_reports_keep_their_period_over_hours_and_jitter_never_adds_up(treadmill: Any) -> None:
    machine = treadmill("slow-reporter", seed=3)
    due_s = [report.measured_at_s for report in machine.advance(7200.5)]
    assert len(due_s) == 7200
    late_s = [moment_s - nominal_s for nominal_s, moment_s in enumerate(due_s, start=1)]
    assert min(late_s) >= 0
    assert max(late_s) <= 0.1
    assert max(late_s) - min(late_s) > 0.05, "the jitter is really there"


def test_another_seed_is_another_jitter_and_the_same_seed_the_same(treadmill: Any) -> None:
    first, again, other = (treadmill("slow-reporter", seed=seed).advance(60.0) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_next_report_due_is_when_the_next_report_comes(treadmill: Any) -> None:
    machine = treadmill("slow-reporter", seed=5)
    for _ in range(20):
        due_s = machine.next_report_due_s
        assert machine.advance(due_s - 1e-6) == ()
        assert [report.measured_at_s for report in machine.advance(due_s)] == [due_s]


def test_a_treadmill_that_begins_late_counts_from_its_beginning(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "self-start@10", starts_at_s=9000.0)
    assert machine.advance(9000.3)[0].measured_at_s == 9000.25
    machine.advance(9009.9)
    assert machine.belt_speed_kph == 0
    machine.advance(9011.0)
    assert machine.belt_speed_kph == pytest.approx(0.8)


# Faults


def test_silent_ends_reports_and_notices_while_link_and_belt_go_on(running: Any) -> None:
    machine = running("well-behaved", "silent@40")
    assert machine.advance(100.0)[-1].measured_at_s == 39.75
    assert machine.next_report_due_s is None
    assert machine.perform(SetSpeed(300), 100.0) == Accepted()
    machine.press_console_stop(150.0)
    assert machine.advance(149.0 + 60) == ()
    assert machine.belt_speed_kph == 0


def test_silent_swallows_a_report_that_was_on_its_way(running: Any) -> None:
    machine = running("slow-reporter", "silent@40")
    assert all(report.measured_at_s < 40 for report in machine.advance(100.0))


def test_ignore_stop_accepts_stops_from_its_moment_on_and_the_belt_runs_on(running: Any) -> None:
    machine = running("well-behaved", "ignore-stop@40")
    assert machine.perform(StopBelt(), 41.0) == Accepted()
    machine.advance(100.0)
    assert machine.belt_speed_kph == 6.0
    assert machine.perform(SetSpeed(300), 100.0) == Accepted(), "it still follows a set-point"
    machine.advance(120.0)
    assert machine.belt_speed_kph == 3.0


def test_ignore_stop_leaves_a_stop_before_its_moment_alone(running: Any) -> None:
    machine = running("well-behaved", "ignore-stop@40")
    machine.perform(StopBelt(), 39.9)
    machine.advance(60.0)
    assert machine.belt_speed_kph == 0


def test_self_start_moves_a_still_belt_without_a_notice(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "self-start@20")
    reports = machine.advance(60.0)
    assert machine.belt_speed_kph == 3.0
    assert all(isinstance(report, Telemetry) for report in reports)
    assert machine.perform(StopBelt(), 60.0) == Accepted()
    machine.advance(90.0)
    assert machine.belt_speed_kph == 0


def test_self_start_leaves_a_moving_belt_alone(running: Any) -> None:
    machine = running("well-behaved", "self-start@40")
    machine.advance(60.0)
    assert machine.belt_speed_kph == 6.0


def test_self_start_during_a_countdown_does_not_wait_for_it(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "self-start@1")
    machine.perform(StartBelt(), 0.0)
    machine.advance(2.0)
    assert machine.belt_speed_kph == pytest.approx(0.8)
    machine.advance(20.0)
    assert machine.belt_speed_kph == 3.0, "the end of the countdown does not pull it down"


def test_self_start_needs_the_key(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "self-start@20")
    machine.pull_safety_key(5.0)
    machine.advance(60.0)
    assert machine.belt_speed_kph == 0


def test_faults_happen_in_the_order_of_their_moments(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "silent@30", "self-start@20")
    assert machine.advance(60.0)[-1].speed_kph == 3.0


def test_an_unknown_fault_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="the known ones are silent"):
        SimulatedTreadmill(ARCHETYPES["well-behaved"], (TimedFault("silnet", 3.0),))


def test_the_kind_that_ignores_stops_runs_on_and_is_stopped_by_hand(running: Any) -> None:
    machine = running("ignores-stop")
    assert machine.perform(StopBelt(), 30.0) == Accepted()
    machine.advance(90.0)
    assert machine.belt_speed_kph == 6.0
    machine.press_console_stop(90.0)
    machine.advance(96.0)
    assert machine.belt_speed_kph == 0


# Hands


def test_a_stop_at_the_console_acts_at_once_and_is_reported(running: Any) -> None:
    machine = running()
    machine.press_console_stop(30.1)
    assert machine.next_report_due_s == 30.1
    assert machine.advance(30.1) == (MachineNotice.STOPPED_AT_CONSOLE,)
    machine.advance(31.1)
    assert machine.belt_speed_kph == pytest.approx(5.0)


def test_a_set_point_on_its_way_does_not_raise_a_belt_that_was_stopped_at_the_console(running: Any) -> None:
    machine = running()
    machine.perform(SetSpeed(900), 30.0)
    machine.press_console_stop(30.1)
    machine.advance(60.0)
    assert machine.belt_speed_kph == 0


def test_a_stop_at_the_console_ends_a_countdown(treadmill: Any) -> None:
    machine = treadmill()
    machine.perform(StartBelt(), 0.0)
    machine.advance(1.0)
    machine.press_console_stop(2.0)
    machine.advance(60.0)
    assert machine.belt_travel_m == 0


def test_a_start_at_the_console_counts_down_and_is_reported(treadmill: Any) -> None:
    machine = treadmill()
    machine.press_console_start(10.0)
    assert MachineNotice.STARTED_AT_CONSOLE in machine.advance(10.0)
    machine.advance(12.9)
    assert machine.belt_speed_kph == 0
    machine.advance(20.0)
    assert machine.belt_speed_kph == 0.5


def test_a_start_at_the_console_of_a_running_belt_is_no_news(running: Any) -> None:
    machine = running()
    machine.press_console_start(30.0)
    assert machine.advance(30.0) == ()


def test_a_pulled_key_lets_the_belt_coast_down_and_holds_the_deck(running: Any) -> None:
    machine = running()
    machine.perform(SetIncline(100), 30.0)
    machine.advance(32.9)
    machine.pull_safety_key(32.9)
    assert machine.advance(32.9) == (MachineNotice.SAFETY_KEY_PULLED,)
    machine.advance(34.9)
    assert machine.belt_speed_kph == pytest.approx(2.0), "2 s at 2 km/h per s, quicker than a stop"
    machine.advance(60.0)
    assert (machine.belt_speed_kph, machine.deck_incline_percent) == (0, pytest.approx(1.0))


@pytest.mark.parametrize("command", [StartBelt(), SetSpeed(300), SetIncline(10)])
def test_nothing_but_a_stop_is_taken_without_the_key(treadmill: Any, command: Any) -> None:
    machine = treadmill()
    machine.pull_safety_key(1.0)
    assert machine.perform(command, 2.0) == Rejected("the safety key is out; put it back, then start anew")
    assert machine.perform(StopBelt(), 2.0) == Accepted()


def test_a_key_that_comes_back_starts_nothing_and_allows_a_start(running: Any) -> None:
    machine = running()
    machine.pull_safety_key(30.0)
    machine.advance(60.0)
    machine.insert_safety_key(60.0)
    machine.advance(90.0)
    assert machine.belt_speed_kph == 0
    assert machine.perform(StartBelt(), 90.0) == Accepted()
    machine.advance(120.0)
    assert machine.belt_speed_kph == 0.5


# The link


def test_a_dropped_link_is_the_last_report_and_the_belt_runs_on(running: Any) -> None:
    machine = running()
    machine.drop_link(30.1, "out of range")
    assert machine.advance(40.0) == (LinkLost("out of range"),)
    assert machine.next_report_due_s is None
    machine.press_console_stop(50.0)
    assert machine.advance(50.0) == ()
    assert isinstance(machine.perform(StopBelt(), 50.0), Unknown)


def test_a_command_over_a_dropped_link_moves_nothing(running: Any) -> None:
    machine = running()
    machine.drop_link(30.0)
    assert isinstance(machine.perform(StopBelt(), 30.0), Unknown)
    machine.advance(60.0)
    assert machine.belt_speed_kph == 6.0


def test_a_belt_that_does_not_run_on_stops_with_its_link() -> None:
    machine = SimulatedTreadmill(replace(ARCHETYPES["well-behaved"], runs_on_when_link_lost=False))
    machine.perform(StartBelt(), 0.0)
    machine.advance(20.0)
    machine.drop_link(20.0)
    machine.advance(30.0)
    assert machine.belt_speed_kph == 0


def test_a_link_drops_once(running: Any) -> None:
    machine = running()
    machine.drop_link(30.0)
    machine.drop_link(31.0)
    assert len(machine.advance(32.0)) == 1


# Moments


@pytest.mark.parametrize("moment_s", [29.9, math.nan, math.inf, -math.inf])
def test_a_moment_that_is_not_finite_or_goes_back_is_refused(running: Any, moment_s: float) -> None:
    machine = running()
    with pytest.raises(ValueError, match="moments are finite and rise"):
        machine.advance(moment_s)
    with pytest.raises(ValueError, match="moments are finite and rise"):
        machine.perform(StopBelt(), moment_s)
    assert machine.belt_speed_kph == 6.0


# Answers


def test_a_stop_that_slows_the_belt_is_not_answered_by_a_restart(running: Any) -> None:
    machine = running()
    machine.perform(StopBelt(), 30.0)
    assert machine.perform(StartBelt(), 31.0) == Rejected("the belt still slows down; start it from standstill")
    assert machine.perform(SetSpeed(900), 31.0) == Rejected(
        "the belt slows down to a stop; a speed is taken only while it runs"
    )


def test_a_start_is_taken_once(treadmill: Any) -> None:
    machine = treadmill()
    assert machine.perform(StartBelt(), 0.0) == Accepted()
    for moment_s in (0.1, 1.0):
        assert machine.perform(StartBelt(), moment_s) == Rejected("the belt is about to start already")
    machine.advance(10.0)
    assert machine.perform(StartBelt(), 10.0) == Rejected("the belt runs already")


def test_a_refused_speed_is_told_the_range(running: Any) -> None:
    assert running().perform(SetSpeed(2001), 30.0) == Rejected("20.01 km/h is outside 0.50 to 16.00 km/h")


def test_a_start_right_behind_a_stop_takes_its_turn(treadmill: Any) -> None:
    machine = treadmill()
    machine.perform(StartBelt(), 0.0)
    machine.perform(StopBelt(), 1.0)
    assert machine.perform(StartBelt(), 1.1) == Accepted()
    machine.advance(4.4)
    assert machine.belt_speed_kph == 0, "the first countdown was stopped"
    machine.advance(10.0)
    assert machine.belt_speed_kph == 0.5
    assert machine.perform(SetSpeed(300), 10.0) == Accepted()
