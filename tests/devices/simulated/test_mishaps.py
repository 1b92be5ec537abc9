"""What each fault does to a treadmill: its link, its answers, its reports, its belt, and who controls it."""

from __future__ import annotations

from typing import Any

import pytest

from retrotread.devices.simulated.answers import LateAnswer, Pending
from retrotread.devices.simulated.options import simulated_setup
from retrotread.machine import (
    Accepted,
    LinkLost,
    MachineNotice,
    Rejected,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    TargetChanged,
    Telemetry,
    Unknown,
)


def number_of(answer: object) -> int:
    assert isinstance(answer, Pending)
    return answer.number


# The link


def test_drop_is_a_lost_link_for_good(running: Any) -> None:
    machine = running("well-behaved", "drop@40")
    assert isinstance(machine.advance(50.0)[-1], LinkLost)
    assert not machine.link_up
    assert not machine.reconnect(500.0)
    assert machine.belt_speed_kph == 6.0


def test_drop_return_can_be_reached_three_seconds_later_and_its_belt_has_not_noticed(running: Any) -> None:
    machine = running("well-behaved", "drop-return@40")
    assert isinstance(machine.advance(42.9)[-1], LinkLost)
    assert not machine.reconnect(42.9)
    assert isinstance(machine.perform(StopBelt(), 42.9), Unknown)
    assert machine.reconnect(43.0)
    assert machine.link_up
    (first, *_) = machine.advance(44.0)
    assert first == Telemetry(43.25, 6.0, 0.0, first.distance_m, first.machine_time_s)
    assert first.distance_m > 40, "its counters went on"
    assert machine.perform(StopBelt(), 44.0) == Accepted()
    machine.advance(60.0)
    assert machine.belt_speed_kph == 0


def test_a_command_from_before_the_loss_of_the_link_takes_effect_all_the_same(running: Any) -> None:
    machine = running("well-behaved", "drop@40")
    machine.perform(StopBelt(), 39.9)
    machine.advance(60.0)
    assert machine.belt_speed_kph == 0


def test_a_machine_that_fell_silent_stays_silent_on_a_new_connection(running: Any) -> None:
    machine = running("well-behaved", "silent@35")
    machine.drop_link(40.0, returns_after_s=1.0)
    machine.advance(41.0)
    assert machine.reconnect(41.0)
    assert machine.advance(60.0) == ()


def test_a_link_that_is_up_can_be_made_anew_and_old_reports_do_not_come_with_it(running: Any) -> None:
    machine = running()
    assert machine.reconnect(40.0)
    assert [one.measured_at_s for one in machine.advance(40.6)] == [40.25, 40.5]


# Answers


def test_an_answer_of_a_slow_link_comes_under_its_number(running: Any) -> None:
    machine = running("well-behaved", "late-answers@35")
    machine.advance(36.0)
    stopped = number_of(machine.perform(StopBelt(), 36.0))
    refused = number_of(machine.perform(SetSpeed(300), 36.1))
    assert machine.next_answer_due_s == 36.7
    assert machine.answers(36.69) == ()
    assert machine.belt_speed_kph < 6.0, "it is obeyed before it is answered"
    assert machine.answers(36.7) == (LateAnswer(stopped, Accepted()),)
    (late,) = machine.answers(40.0)
    assert late.number == refused
    assert isinstance(late.outcome, Rejected)
    assert machine.next_answer_due_s is None
    assert machine.answers(50.0) == ()


def test_an_address_may_ask_for_late_answers() -> None:
    machine = simulated_setup("well-behaved", (("answer_s", "0.5"),)).treadmill(0.0)
    number = number_of(machine.perform(StartBelt(), 1.0))
    assert machine.answers(1.5) == (LateAnswer(number, Accepted()),)


def test_doubled_answers_come_twice_under_the_same_number(running: Any) -> None:
    machine = running("well-behaved", "doubled-answers@35")
    machine.advance(36.0)
    number = number_of(machine.perform(StopBelt(), 36.0))
    assert machine.answers(36.2) == (LateAnswer(number, Accepted()),)
    assert machine.answers(36.4) == ()
    assert machine.answers(36.5) == (LateAnswer(number, Accepted()),)


def test_a_stuck_command_neither_arrives_nor_is_answered_nor_are_those_behind_it(running: Any) -> None:
    machine = running("well-behaved", "stuck-write@35")
    machine.advance(36.0)
    first, second = (number_of(machine.perform(what, 36.0)) for what in (SetSpeed(300), StopBelt()))
    assert first != second
    assert machine.answers(600.0) == ()
    assert machine.next_answer_due_s is None
    assert machine.belt_speed_kph == 6.0
    machine.press_console_stop(600.0)
    machine.advance(620.0)
    assert machine.belt_speed_kph == 0


def test_a_new_connection_is_not_stuck_and_owes_nothing_of_the_old_one(running: Any) -> None:
    machine = running("well-behaved", "stuck-write@35")
    machine.advance(36.0)
    machine.perform(StopBelt(), 36.0)
    assert machine.reconnect(40.0)
    assert machine.answers(41.0) == ()
    assert machine.perform(StopBelt(), 41.0) == Accepted()


@pytest.mark.parametrize("fault", ["late-answers@35", "stuck-write@35", "doubled-answers@35"])
def test_what_waits_when_the_link_is_lost_is_not_known_once_each(running: Any, fault: str) -> None:
    machine = running("well-behaved", fault)
    machine.advance(36.0)
    numbers = [number_of(machine.perform(what, 36.0)) for what in (SetSpeed(300), StopBelt())]
    machine.drop_link(36.1)
    lost = machine.answers(36.1)
    assert [late.number for late in lost] == numbers
    assert all(isinstance(late.outcome, Unknown) for late in lost)
    assert machine.answers(40.0) == ()


# Reports


def test_frozen_repeats_the_last_report_with_new_stamps(running: Any) -> None:
    machine = running("well-behaved", "frozen@40")
    machine.perform(SetSpeed(300), 38.0)
    reports = machine.advance(60.0)
    frozen = [one for one in reports if one.measured_at_s >= 40.0]
    assert len(frozen) == 81
    assert {(one.speed_kph, one.distance_m, one.machine_time_s) for one in frozen} == {
        (reports[-82].speed_kph, reports[-82].distance_m, reports[-82].machine_time_s)
    }
    assert machine.belt_speed_kph == 3.0


def test_spike_is_one_report(running: Any) -> None:
    machine = running("well-behaved", "spike@40")
    speeds = [one.speed_kph for one in machine.advance(60.0)]
    assert sorted(speeds)[-2:] == [6.0, 21.0]


def test_spike_waits_for_a_belt_that_moves(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "spike@1")
    assert {one.speed_kph for one in machine.advance(5.0)} == {0.0}
    machine.perform(StartBelt(), 5.0)
    assert max(one.speed_kph for one in machine.advance(20.0)) > 15


def test_flood_is_two_hundred_reports_a_second(running: Any) -> None:
    machine = running("well-behaved", "flood@40")
    machine.advance(40.0)
    assert 199 <= len(machine.advance(41.0)) <= 201


def test_a_flood_comes_behind_the_reports_that_are_on_their_way(running: Any) -> None:
    stamps_s = [one.measured_at_s for one in running("slow-reporter", "flood@40.8").advance(45.0)]
    assert stamps_s == sorted(stamps_s)


# The belt and who controls it


def test_runaway_speeds_up_takes_no_set_point_and_obeys_a_stop(running: Any) -> None:
    machine = running("well-behaved", "runaway@40")
    machine.advance(41.0)
    assert machine.belt_speed_kph == pytest.approx(8.0)
    assert machine.perform(SetSpeed(100), 41.0) == Accepted()
    machine.advance(50.0)
    assert machine.belt_speed_kph == 12.0
    machine.perform(StopBelt(), 50.0)
    machine.advance(70.0)
    assert machine.belt_speed_kph == 0
    machine.perform(StartBelt(), 70.0)
    machine.advance(90.0)
    machine.perform(SetSpeed(300), 90.0)
    machine.advance(100.0)
    assert machine.belt_speed_kph == 3.0, "over with the stop"


def test_runaway_leaves_a_belt_at_rest_alone(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "runaway@10")
    machine.advance(60.0)
    assert machine.belt_travel_m == 0


@pytest.mark.parametrize(("fault", "target_kph"), [("foreign-raise@40", 7.5), ("foreign-lower@40", 5.0)])
def test_another_program_moves_the_target_and_the_machine_says_so(running: Any, fault: str, target_kph: float) -> None:
    machine = running("well-behaved", fault)
    told = [one for one in machine.advance(60.0) if not isinstance(one, Telemetry)]
    assert told == [TargetChanged(speed_kph=target_kph)]
    assert machine.belt_speed_kph == target_kph
    assert machine.perform(SetSpeed(300), 60.0) == Accepted(), "ours are taken as before"
    machine.advance(80.0)
    assert machine.belt_speed_kph == 3.0


@pytest.mark.parametrize(("fault", "target_kph"), [("foreign-raise@40", 16.0), ("foreign-lower@40", 0.5)])
def test_another_program_stays_inside_the_range_as_well(running: Any, fault: str, target_kph: float) -> None:
    machine = running("well-behaved", fault)
    machine.perform(SetSpeed(1590 if target_kph > 1 else 60), 30.0)
    machine.advance(80.0)
    assert machine.belt_speed_kph == target_kph


def test_another_program_moves_no_belt_at_rest(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "foreign-raise@10")
    assert all(isinstance(one, Telemetry) for one in machine.advance(30.0))
    assert machine.belt_travel_m == 0


def test_a_takeover_is_said_and_refuses_everything_of_ours_but_no_hand(running: Any) -> None:
    machine = running("well-behaved", "foreign-takeover@40")
    assert MachineNotice.CONTROL_LOST in machine.advance(41.0)
    for command in (StopBelt(), SetSpeed(300), SetIncline(10), StartBelt()):
        assert machine.perform(command, 41.0) == Rejected(
            "another program has the control of this treadmill; stop it at the console or by its key"
        )
    machine.advance(60.0)
    assert machine.belt_speed_kph == 6.0
    machine.press_console_stop(60.0)
    machine.advance(80.0)
    assert machine.belt_speed_kph == 0


def test_a_console_that_restarts_reports_a_zero_counts_anew_and_starts_its_belt_again(running: Any) -> None:
    machine = running("well-behaved", "console-reboot@40")
    (*_, before) = machine.advance(39.9)
    travelled_m = machine.belt_travel_m
    first, second, *_ = machine.advance(41.0)
    assert before.distance_m > 20
    assert (first.speed_kph, first.distance_m, first.machine_time_s) == (0.0, 0.0, 0.0)
    assert 4.0 < second.speed_kph < 6.0, "it coasts"
    assert machine.belt_travel_m > travelled_m, "what the belt has done is not undone"
    assert {one.speed_kph for one in machine.advance(46.0)[-8:]} == {0.0}
    machine.advance(60.0)
    assert machine.belt_speed_kph == 0.5


def test_a_console_that_restarted_keeps_its_belt_at_rest_once_it_is_told_to(running: Any) -> None:
    machine = running("well-behaved", "console-reboot@40")
    machine.advance(41.0)
    assert machine.perform(StopBelt(), 41.0) == Accepted()
    machine.advance(80.0)
    assert machine.belt_speed_kph == 0


def test_a_console_that_restarts_beside_a_belt_at_rest_does_nothing(treadmill: Any) -> None:
    machine = treadmill("well-behaved", "console-reboot@10")
    machine.advance(60.0)
    assert machine.belt_travel_m == 0


def test_two_faults_at_one_moment_happen_in_the_order_of_the_address(running: Any) -> None:
    machine = running("well-behaved", "foreign-raise@40", "runaway@40", "ignore-stop@40")
    machine.perform(StopBelt(), 40.0)
    machine.advance(60.0)
    assert machine.belt_speed_kph == 12.0
