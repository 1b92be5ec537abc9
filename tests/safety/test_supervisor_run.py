"""While the belt runs: what is wanted, what is sent, and the machine that stops by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrotread.machine import MachineNotice, SetSpeed, StopBelt
from retrotread.safety.hazards import Action, Hazard
from retrotread.safety.inputs import (
    Answer,
    Answered,
    ArmAsked,
    Beat,
    CommandKind,
    HoldCompleted,
    Input,
    LeaseRevoked,
    PauseAsked,
    Said,
    Seen,
    SelfFault,
    StopAsked,
    StopBy,
    Wanted,
)
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker


# --- R16: a stop at the machine ----------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", [Wanted(200, 0), Wanted(500, 0), Wanted(300, 0), Wanted(300, 60)])
def test_a_belt_that_reports_zero_gets_no_set_point_that_might_start_it_again(bench: Bench, wish: Wanted) -> None:
    bench.run_at(300, 20)
    bench.obeys, bench.speed_ckph, bench.target_ckph = False, 0, 0
    still_ms = bench.at_ms
    bench.tick(wish)
    bench.until(Mode.LATCHED, within_s=4)
    bench.run(5)
    assert [command for _, command in bench.commands_since(still_ms + 300)] == [StopBelt()]
    assert bench.hazards_since(still_ms) == [Hazard.STOPPED_BY_ITSELF]


@pytest.mark.parametrize(
    ("notice", "hazard"),
    [
        (MachineNotice.STOPPED_AT_CONSOLE, Hazard.STOPPED_AT_CONSOLE),
        (MachineNotice.SAFETY_KEY_PULLED, Hazard.KEY_PULLED),
    ],
)
def test_a_stop_at_the_machine_is_a_protective_stop_at_once(
    bench: Bench, notice: MachineNotice, hazard: Hazard
) -> None:
    bench.run_at(300)
    asked_ms = bench.at_ms
    bench.tick(Said(notice))
    assert bench.commands_since(asked_ms) == [(bench.at_ms, StopBelt())]
    assert bench.state.hazards == (hazard,)


def test_one_zero_among_reports_of_motion_is_no_stop(bench: Bench) -> None:
    bench.run_at(300)
    bench.bare(Seen(0), Beat(0, True), elapsed_ms=100)
    bench.run(5)
    assert bench.mode is Mode.RUN


def test_our_own_start_comes_back_as_a_notice_and_changes_nothing(bench: Bench) -> None:
    bench.link()
    bench.start()
    bench.tick(Said(MachineNotice.STARTED_AT_CONSOLE))
    bench.until(Mode.RUN, within_s=5)
    bench.tick(Said(MachineNotice.STARTED_AT_CONSOLE))
    bench.run(1)
    assert bench.mode is Mode.RUN


# --- R1, R4: ceilings ----------------------------------------------------------------------------------------------


def test_a_wish_above_the_ceiling_is_given_up_to_the_ceiling_and_the_reason_is_said(bench: Bench) -> None:
    bench.run_at(550)
    bench.tick(Wanted(900, 0))
    bench.run(10)
    assert bench.state.drive.sent_ckph == 560
    assert bench.message(Hazard.SPEED_CAPPED) == "wanted 9.0 km/h, limit 5.6 km/h (tier experienced walker, backward)"
    assert bench.last.causes[0].action is Action.WARN


def test_an_incline_above_the_ceiling_is_given_up_to_the_ceiling_and_the_reason_is_said(bench: Bench) -> None:
    bench.run_at(100, 95)
    bench.tick(Wanted(100, 120))
    bench.run(10)
    assert bench.state.drive.sent_dpct == 100
    assert bench.message(Hazard.INCLINE_CAPPED) == "wanted 12.0 %, limit 10.0 % (tier experienced walker)"


@pytest.mark.parametrize(("wanted_ckph", "sent_ckph"), [(309, 300), (310, 310), (319, 310), (51, 50)])
def test_a_speed_between_two_steps_of_the_machine_is_rounded_down(
    bench: Bench, wanted_ckph: int, sent_ckph: int
) -> None:
    bench.run_at(330)
    bench.tick(Wanted(wanted_ckph, 0))
    bench.run(15)
    assert bench.state.drive.sent_ckph == sent_ckph
    bench.tick(Wanted(50, 0))
    bench.run(10)
    bench.tick(Wanted(wanted_ckph, 0))
    bench.run(15)
    assert bench.state.drive.sent_ckph == sent_ckph


@pytest.mark.parametrize(("wanted_dpct", "sent_dpct"), [(49, 45), (50, 50), (54, 50)])
def test_an_incline_between_two_steps_of_the_machine_is_rounded_down(
    bench: Bench, wanted_dpct: int, sent_dpct: int
) -> None:
    bench.run_at(100)
    bench.tick(Wanted(100, wanted_dpct))
    bench.run(20)
    assert bench.state.drive.sent_dpct == sent_dpct


# --- R5: faster than asked for ---------------------------------------------------------------------------------------


def test_two_reports_above_the_margin_are_a_runaway_and_the_alarm_comes_with_the_second(bench: Bench) -> None:
    bench.run_at(300)
    bench.bare(Seen(351), elapsed_ms=100)
    made = bench.bare(Seen(351), Beat(0, True), elapsed_ms=250)
    assert made.state.mode is Mode.ESCALATED
    assert made.commands == (StopBelt(),)
    assert made.causes[-1].message == "the belt runs at 3.5 km/h, over 0.5 km/h above the 3.0 km/h asked for"


def test_reports_at_the_margin_are_no_runaway(bench: Bench) -> None:
    bench.run_at(300)
    bench.obeys, bench.speed_ckph, bench.target_ckph = False, 350, 350
    bench.run(20)
    assert bench.mode is Mode.RUN


def test_a_lone_spike_freezes_rises_and_no_more(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(Wanted(400, 0))
    bench.run(1)
    spiked_ms = bench.at_ms
    made = bench.bare(Seen(1800), Beat(0, True), elapsed_ms=100)
    assert [cause.hazard for cause in made.causes] == [Hazard.SUSPECT_SPEED]
    made = bench.bare(elapsed_ms=100)
    assert [cause.hazard for cause in made.causes] == [Hazard.SUSPECT_SPEED]
    assert bench.commands_since(spiked_ms) == []
    bench.bare(Seen(round(bench.speed_ckph)), elapsed_ms=50)
    bench.run(5)
    assert bench.mode is Mode.RUN
    assert bench.state.drive.sent_ckph == 400


def test_a_spike_that_nothing_takes_back_for_a_second_is_believed(bench: Bench) -> None:
    bench.run_at(300)
    bench.bare(Seen(451), elapsed_ms=50)
    for _ in range(9):
        assert bench.bare(Beat(0, True), elapsed_ms=100).state.mode is Mode.RUN
    made = bench.bare(Beat(0, True), elapsed_ms=100)
    assert made.state.mode is Mode.ESCALATED
    assert made.causes[-1].hazard is Hazard.RUNAWAY


def test_a_belt_that_creeps_up_report_by_report_is_a_runaway_all_the_same(bench: Bench) -> None:
    bench.run_at(200)
    bench.obeys, bench.target_ckph, bench.rise_ckph_per_s = False, 1500, 50
    assert bench.until(Mode.ESCALATED, within_s=3) <= 1.0 + 0.5 + 0.1
    assert bench.state.belt.speed_ckph is not None
    assert bench.state.belt.speed_ckph <= 280


def test_a_belt_that_rises_during_a_stop_is_a_runaway(bench: Bench) -> None:
    bench.run_at(200)
    bench.obeys, bench.target_ckph = False, 900
    bench.tick(StopAsked(StopBy.OPERATOR))
    assert bench.until(Mode.ESCALATED, within_s=3) <= 1.6
    assert Hazard.RUNAWAY in bench.state.hazards


def test_a_belt_that_falls_no_slower_than_its_profile_says_is_no_runaway(bench: Bench) -> None:
    bench.run_at(500)
    bench.fall_ckph_per_s = 100
    bench.tick(Wanted(50, 0))
    fell_ms = bench.at_ms
    bench.run(15)
    assert bench.hazards_since(fell_ms) == []


# --- R10: telemetry ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("profile", "late_s", "silent_s"), [("well-behaved", 1.0, 2.0), ("slow", 2.0, 3.0)])
def test_silence_freezes_rises_and_then_raises_the_alarm(
    bench_for: BenchMaker, profile: str, late_s: float, silent_s: float
) -> None:
    bench = bench_for(profile)
    bench.run_at(200)
    bench.tick(Wanted(390, 0))
    bench.run(1)
    bench.bare(Seen(round(bench.speed_ckph)), Beat(0, True), elapsed_ms=0)
    bench.reports = False
    silent_ms = bench.at_ms
    bench.until(Mode.ESCALATED, within_s=4)
    assert bench.at_ms - silent_ms == silent_s * 1000
    assert bench.stops_since(silent_ms) == [bench.at_ms]
    assert bench.hazards_since(silent_ms) == [Hazard.TELEMETRY_LATE, Hazard.TELEMETRY_SILENT]
    rises_ms = [moment_ms for moment_ms, command in bench.commands_since(silent_ms) if isinstance(command, SetSpeed)]
    assert max(rises_ms, default=0) <= silent_ms + late_s * 1000


def test_a_fall_goes_on_while_reports_are_late(bench: Bench) -> None:
    bench.run_at(300)
    bench.reports = False
    bench.run(1.2)
    late_ms = bench.at_ms
    bench.tick(Wanted(200, 0))
    bench.run(0.5)
    assert max(bench.speeds_since(late_ms)) < 300


def test_counters_that_stand_still_in_motion_are_silence(bench: Bench) -> None:
    bench.counters = True
    bench.run_at(200)
    bench.counters = False
    assert 5.0 <= bench.until(Mode.ESCALATED, within_s=7) <= 5.3
    assert bench.state.hazards == (Hazard.COUNTERS_STUCK,)


# --- R13, R13b: somebody is there ----------------------------------------------------------------------------------


def first_step_ckph(bench: Bench, since_ms: int) -> int:
    """How far below 3 km/h the only command since then is; 0.3 s of ramp at the quickest are 0.33 km/h."""
    ((_, command),) = bench.commands_since(since_ms)
    assert isinstance(command, SetSpeed)
    return 300 - command.speed_ckph


def test_a_lapsed_lease_is_a_controlled_stop_within_700_ms(bench: Bench) -> None:
    bench.run_at(300)
    bench.bare(Beat(0, True))
    bench.beats = False
    lapsed_ms = bench.at_ms
    bench.until(Mode.STOPPING, within_s=1)
    assert bench.at_ms - lapsed_ms == 700
    assert first_step_ckph(bench, lapsed_ms) <= 33
    assert bench.state.hazards == (Hazard.LEASE_LAPSED,)


def test_a_lapsed_lease_without_fresh_reports_is_the_machine_s_stop_at_once(bench: Bench) -> None:
    bench.run_at(300)
    bench.reports = False
    bench.run(1.2)
    lapsed_ms = bench.at_ms
    bench.tick(LeaseRevoked())
    assert bench.commands_since(lapsed_ms) == [(bench.at_ms, StopBelt())]


def test_a_program_that_has_ended_is_a_controlled_stop_in_the_same_step(bench: Bench) -> None:
    bench.run_at(300)
    ended_ms = bench.at_ms
    made = bench.bare(LeaseRevoked())
    assert made.state.mode is Mode.STOPPING
    assert first_step_ckph(bench, ended_ms - 1) <= 33
    assert made.state.hazards == (Hazard.LEASE_LAPSED, Hazard.LEASE_REVOKED)


def test_a_screen_that_stands_still_freezes_rises_after_two_seconds_and_stops_after_five(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(Wanted(500, 0))
    bench.ui_age_ms = 2001
    frozen_ms = bench.at_ms + 200
    bench.run(2)
    assert bench.commands_since(frozen_ms) == []
    before_ckph = bench.state.drive.sent_ckph
    bench.tick(Wanted(200, 0))
    bench.run(1)
    assert max(bench.speeds_since(frozen_ms)) < before_ckph
    bench.ui_age_ms = 5001
    bench.run(0.2)
    assert bench.mode is Mode.STOPPING
    assert bench.hazards_since(frozen_ms - 200) == [Hazard.UI_SLOW, Hazard.UI_DEAD]


def test_the_age_of_the_screen_grows_between_two_beats(bench: Bench) -> None:
    bench.run_at(300)
    made = bench.bare(Beat(1800, True), Seen(300), elapsed_ms=100)
    assert made.causes == ()
    made = bench.bare(Seen(300), elapsed_ms=201)
    assert [cause.hazard for cause in made.causes] == [Hazard.UI_SLOW]


def test_a_keyboard_that_is_not_read_is_a_stop(bench: Bench) -> None:
    bench.run_at(300)
    bench.input_alive = False
    bench.run(0.2)
    assert bench.mode is Mode.STOPPING
    assert bench.state.hazards == (Hazard.INPUT_DEAD,)


# --- R22: the guardian itself ----------------------------------------------------------------------------------------


def late(bench: Bench, elapsed_ms: int = 351) -> Mode:
    """A step that comes late, with all that a step needs."""
    made = bench.bare(Beat(0, True), Seen(round(bench.speed_ckph)), elapsed_ms=elapsed_ms)
    return made.state.mode


def test_two_late_ticks_within_ten_seconds_are_a_stop_that_only_a_restart_clears(bench: Bench) -> None:
    bench.run_at(200)
    assert late(bench) is Mode.RUN
    bench.run(9)
    assert late(bench) is Mode.STOPPING
    bench.until(Mode.FAULT, within_s=20)
    assert bench.clear() is Mode.FAULT
    assert bench.tick(ArmAsked()).state.mode is Mode.FAULT


def test_two_late_ticks_further_apart_are_not(bench: Bench) -> None:
    bench.run_at(200)
    late(bench)
    bench.run(10)
    assert late(bench) is Mode.RUN


def test_a_tick_that_is_late_by_a_quarter_of_a_second_is_not_late(bench: Bench) -> None:
    bench.run_at(200)
    assert {late(bench, elapsed_ms=350) for _ in range(20)} == {Mode.RUN}


def test_a_fault_of_the_guardian_is_a_protective_stop_and_ends_in_fault(bench: Bench) -> None:
    bench.run_at(300)
    found_ms = bench.at_ms
    bench.tick(SelfFault())
    assert bench.commands_since(found_ms) == [(bench.at_ms, StopBelt())]
    bench.until(Mode.FAULT, within_s=20)


# --- what a refused set-point means ----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [Answer.REJECTED, Answer.UNKNOWN])
@pytest.mark.parametrize("kind", [CommandKind.SPEED, CommandKind.INCLINE])
def test_a_refused_set_point_freezes_rises_until_one_is_taken(bench: Bench, kind: CommandKind, answer: Answer) -> None:
    bench.run_at(300)
    bench.tick(Wanted(400, 0), Answered(kind, answer))
    frozen_ms = bench.at_ms
    bench.run(2)
    assert bench.commands_since(frozen_ms) == []
    assert bench.hazards_since(frozen_ms) == [Hazard.SET_REFUSED]
    bench.tick(Wanted(280, 0))
    bench.run(2)
    assert bench.speeds_since(frozen_ms)[-1] == 280
    bench.tick(Wanted(400, 0))
    bench.run(5)
    assert bench.state.drive.sent_ckph == 400


def test_one_motion_command_is_in_flight_at_a_time_and_a_stop_waits_for_none(bench: Bench) -> None:
    bench.run_at(300)
    bench.answers = None
    bench.tick(Wanted(200, 50))
    bench.run(1)
    asked_ms = bench.at_ms
    assert len(bench.commands_since(asked_ms - 1100)) == 1
    bench.tick(Said(MachineNotice.SAFETY_KEY_PULLED))
    assert bench.stops_since(asked_ms) == [bench.at_ms]


@pytest.mark.parametrize("asked", [StopAsked(StopBy.OPERATOR), PauseAsked()])
def test_a_ramp_down_that_cannot_begin_behind_another_command_gives_way_to_the_machines_own_stop(
    bench: Bench, asked: Input
) -> None:
    """Within 300 ms: the rise that is with the link makes the belt quicker meanwhile."""
    bench.run_at(300)
    bench.answers = None
    bench.tick(Wanted(400, 0))
    bench.run(1)
    assert bench.state.in_flight
    asked_ms = bench.at_ms
    bench.tick(asked)
    bench.run(1)
    (first_ms, *_) = bench.stops_since(asked_ms)
    assert 200 < first_ms - asked_ms <= 300
    assert bench.speeds_since(asked_ms) == []


def test_a_ramp_down_whose_way_is_free_within_a_fifth_of_a_second_begins(bench: Bench) -> None:
    bench.run_at(300)
    bench.answers = None
    bench.tick(Wanted(400, 0))
    bench.run(1)
    asked_ms = bench.at_ms
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.tick(Answered(CommandKind.SPEED, Answer.ACCEPTED))
    bench.run(1)
    assert len(bench.speeds_since(asked_ms)) == 1
    assert bench.stops_since(asked_ms) == []


def test_a_run_whose_minutes_are_over_is_not_started_again(bench: Bench) -> None:
    bench.link()
    bench.tick(ArmAsked(session_max_ms=1000))
    bench.tick(HoldCompleted())
    bench.until(Mode.RUN, within_s=16)
    bench.until(Mode.STOPPING, within_s=70)
    bench.until(Mode.LATCHED, within_s=20)
    bench.clear()
    bench.run(3)
    before_ms = bench.at_ms
    bench.tick(ArmAsked(same_run=True, session_max_ms=1000))
    assert bench.mode is Mode.IDLE
    assert bench.hazards_since(before_ms) == [Hazard.ARM_REFUSED]
    assert "the belt has moved for 1.0 min in this session (limit 0.0 min)" in bench.message(Hazard.ARM_REFUSED)
