"""From rest to the first motion: arming, the countdown, the start, and all that calls it off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import Facing, MachineNotice, StartBelt, StopBelt
from retrotread.safety.config import Config
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    Answer,
    Answered,
    ArmAsked,
    Beat,
    CommandKind,
    HoldCompleted,
    Input,
    LeaseRevoked,
    LinkCameUp,
    LinkWentDown,
    Said,
    Seen,
    SelfFault,
    StartCancelled,
    StopAsked,
    StopBy,
    Wanted,
    WriteOverdue,
)
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker


# --- a stop between the start and the first motion -------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["well-behaved", "toggle"])
def test_a_stop_while_the_console_counts_down_reaches_the_belt_and_waits_for_new_zeros(
    bench_for: BenchMaker, profile: str
) -> None:
    bench = bench_for(profile)
    bench.link()
    bench.starts_in_ms = 3000
    bench.start()
    bench.run(0.5)
    asked_ms = bench.at_ms
    bench.tick(StopAsked(StopBy.OPERATOR))
    assert bench.stops_since(asked_ms) == [bench.at_ms]
    assert bench.mode is Mode.STOPPING
    assert bench.until(Mode.LATCHED, within_s=5) >= 2.0
    bench.run(5)
    assert bench.speed_ckph == 0


def test_a_start_that_was_refused_is_not_followed_by_a_stop_that_may_start_a_toggle_machine(toggle: Bench) -> None:
    toggle.link()
    toggle.answers = Answer.REJECTED
    toggle.starts_in_ms = 100_000
    toggle.start()
    began_ms = toggle.at_ms
    toggle.run(1)
    assert toggle.hazards_since(began_ms) == [Hazard.START_REFUSED]
    toggle.until(Mode.LATCHED, within_s=5)
    assert toggle.at_ms - began_ms >= 2000, "zeros from before the start confirm nothing"
    assert toggle.stops_since(began_ms) == []


def test_a_belt_that_moves_after_its_start_was_refused_is_not_taken_for_still(bench: Bench) -> None:
    bench.link()
    bench.answers, bench.starts_in_ms = Answer.REJECTED, 500
    bench.start()
    began_ms = bench.at_ms
    bench.run(1)
    assert bench.mode is not Mode.LATCHED
    assert len(bench.stops_since(began_ms)) == 1


def test_a_cancel_that_crosses_the_start_on_its_way_stops_the_belt(bench: Bench) -> None:
    bench.link()
    bench.start()
    asked_ms = bench.at_ms
    bench.tick(StartCancelled())
    assert bench.mode is Mode.STOPPING
    assert bench.stops_since(asked_ms) == [bench.at_ms]
    assert bench.hazards_since(asked_ms) == [Hazard.OPERATOR_STOP]


def test_a_cancel_that_comes_when_the_belt_already_moves_stops_it(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(StartCancelled())
    assert bench.mode is Mode.STOPPING


# --- what arming needs -------------------------------------------------------------------------------------------


def refused(bench: Bench, reason: str) -> bool:
    """Asked to arm, the supervisor says no, and why."""
    made = bench.bare(ArmAsked())
    assert [cause.hazard for cause in made.causes] == [Hazard.ARM_REFUSED]
    assert reason in made.causes[0].message
    return bench.mode is Mode.IDLE


def test_nothing_arms_before_limits_are_agreed(bench: Bench) -> None:
    bench.link()
    bench.config = Config.unarmed(bench.config.profile)
    assert refused(bench, "0.5 km/h, is above the limit of 0 km/h (nothing is armed)")


def test_nothing_arms_where_the_lowest_speed_of_the_belt_is_above_the_limit(bench_for: BenchMaker) -> None:
    bench = bench_for(top_ckph=49)
    bench.link()
    assert refused(bench, "0.5 km/h, is above the limit of 0.49 km/h (the highest speed of the plan of the test)")


def test_nothing_arms_while_a_command_is_stuck_in_the_link(bench: Bench) -> None:
    bench.run_at(100)
    bench.answers = None
    bench.tick(Wanted(200, 0))
    bench.run(1)
    bench.tick(WriteOverdue(CommandKind.SPEED))
    bench.run(5)
    bench.clear()
    assert refused(bench, "an earlier command is still with the link")
    bench.tick(LinkCameUp())
    bench.run(4)
    bench.arm()


def test_nothing_starts_after_two_late_ticks(bench: Bench) -> None:
    bench.link()
    bench.bare(Beat(0, True), Seen(0), elapsed_ms=351)
    bench.bare(Beat(0, True), Seen(0), elapsed_ms=351)
    bench.run(2.2)
    assert refused(bench, "late twice within 10 s")
    bench.run(8)
    bench.arm()


@pytest.mark.parametrize(
    ("undo", "reason"),
    [
        (lambda bench: bench.bare(LinkWentDown()), "there is no link to the treadmill"),
        (lambda bench: bench.bare(Seen(10)), "the belt is not confirmed still"),
        (lambda bench: bench.bare(elapsed_ms=1001), "the belt is not confirmed still"),
        (lambda bench: bench.bare(Seen(0), elapsed_ms=601), "the program has not been heard for 0.6 s (limit 0.6 s)"),
        (lambda bench: bench.bare(LeaseRevoked()), "the program has not been heard for 61.0 s (limit 0.6 s)"),
        (lambda bench: bench.bare(Beat(0, input_alive=False)), "the program does not read the keyboard"),
    ],
)
def test_nothing_arms_where_one_thing_is_missing(bench: Bench, undo: Callable[[Bench], object], reason: str) -> None:
    bench.link()
    bench.bare(Beat(0, True), Seen(0))
    undo(bench)
    made = bench.bare(ArmAsked())
    assert [cause.hazard for cause in made.causes] == [Hazard.ARM_REFUSED]
    assert reason in made.causes[0].message
    assert made.state.mode in (Mode.IDLE, Mode.DISCONNECTED)


def test_nothing_arms_within_two_seconds_of_a_new_link(bench: Bench) -> None:
    bench.tick(LinkCameUp())
    bench.run(1.9)
    assert refused(bench, "three zero reports over two seconds are needed")
    bench.run(0.6)
    bench.arm()


def test_nothing_arms_for_a_program_that_has_ended_even_when_beats_come(bench: Bench) -> None:
    bench.link()
    bench.tick(LeaseRevoked())
    bench.run(1)
    assert refused(bench, "the program has not been heard")


# --- armed -------------------------------------------------------------------------------------------------------


def test_an_arming_lapses_after_half_a_minute(bench: Bench) -> None:
    bench.link()
    bench.arm()
    bench.run(29.9)
    assert bench.ticks[-1].mode is Mode.ARMED
    made = bench.tick()
    assert made.state.mode is Mode.IDLE
    assert [cause.message for cause in made.causes] == ["armed for 30 s without a start"]


def test_a_hold_without_an_arming_starts_nothing(bench: Bench) -> None:
    bench.link()
    bench.tick(HoldCompleted())
    bench.run(15)
    assert bench.commands_since(0) == []


def test_an_arming_without_a_hold_starts_nothing(bench: Bench) -> None:
    bench.link()
    bench.arm()
    bench.run(29)
    assert bench.commands_since(0) == []


def test_a_wish_before_the_start_is_forgotten_at_the_start(bench: Bench) -> None:
    bench.link()
    bench.tick(Wanted(500, 50))
    bench.start()
    bench.until(Mode.RUN, within_s=5)
    moved_ms = bench.at_ms
    bench.run(10)
    assert bench.commands_since(moved_ms) == []


# --- the countdown -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("facing", "countdown_s"), [(Facing.CONSOLE, 5.0), (Facing.REAR, 10.0)])
def test_the_start_is_sent_once_at_the_end_of_the_countdown(
    bench_for: BenchMaker, facing: Facing, countdown_s: float
) -> None:
    bench = bench_for(facing=facing)
    bench.link()
    bench.count_down()
    held_ms = bench.at_ms
    bench.run(20)
    assert bench.commands_since(0) == [(held_ms + countdown_s * 1000, StartBelt())]


def test_a_second_hold_does_not_shorten_the_countdown(bench: Bench) -> None:
    bench.link()
    bench.count_down()
    held_ms = bench.at_ms
    for _ in range(95):
        bench.tick(HoldCompleted())
    assert bench.commands_since(held_ms) == []


CANCELS: dict[str, Callable[[Bench], object]] = {
    "a key": lambda bench: bench.tick(StartCancelled()),
    "one report of motion": lambda bench: bench.bare(Seen(3), elapsed_ms=100),
    "a lost link": lambda bench: bench.tick(LinkWentDown()),
    "a program that has ended": lambda bench: bench.tick(LeaseRevoked()),
    "a keyboard that is not read": lambda bench: bench.tick(Beat(0, input_alive=False)),
    "a screen that stands still": lambda bench: bench.tick(Beat(2001, True)),
    "silence of the program": lambda bench: bench.bare(Seen(0), elapsed_ms=601),
    "a gap in the reports": lambda bench: bench.bare(Beat(0, True), Seen(0), elapsed_ms=1001),
    "a slept computer": lambda bench: bench.bare(Beat(0, True), Seen(0), elapsed_ms=60_000),
}
STOPS: dict[str, Input] = {
    "stop": StopAsked(StopBy.OPERATOR),
    "a stop of the plan": StopAsked(StopBy.PLAN),
    "stop at the console": Said(MachineNotice.STOPPED_AT_CONSOLE),
    "a pulled key": Said(MachineNotice.SAFETY_KEY_PULLED),
    "a start at the console": Said(MachineNotice.STARTED_AT_CONSOLE),
    "a fault of the guardian": SelfFault(),
    "a stuck command": WriteOverdue(CommandKind.STOP),
}


@pytest.mark.parametrize(("silent_ms", "mode"), [(600, Mode.COUNTDOWN), (601, Mode.IDLE)])
def test_a_silence_that_ends_with_the_step_that_would_have_seen_it_cancels_the_countdown_too(
    bench: Bench, silent_ms: int, mode: Mode
) -> None:
    bench.link()
    bench.count_down()
    bench.bare(Beat(0, True), Seen(0), elapsed_ms=100)
    bench.bare(Seen(0), elapsed_ms=400)
    assert bench.bare(Beat(0, True), Seen(0), elapsed_ms=silent_ms - 400).state.mode is mode


@pytest.mark.parametrize("why", CANCELS)
def test_the_countdown_is_cancelled_by(bench: Bench, why: str) -> None:
    bench.link()
    bench.count_down()
    bench.run(9.8)
    held_ms = bench.at_ms
    CANCELS[why](bench)
    assert Hazard.START_NOT_POSSIBLE in bench.hazards_since(held_ms - 1)
    bench.run(15)
    assert bench.commands_since(held_ms) == []
    assert bench.mode in (Mode.IDLE, Mode.DISCONNECTED)


@pytest.mark.parametrize("what", STOPS)
def test_the_countdown_is_ended_for_good_by(bench: Bench, what: str) -> None:
    bench.link()
    bench.count_down()
    bench.run(9.9)
    held_ms = bench.at_ms
    made = bench.tick(STOPS[what])
    assert made.state.mode not in (Mode.COUNTDOWN, Mode.STARTING, Mode.IDLE)
    bench.tick(HoldCompleted(), ArmAsked())
    bench.run(15)
    assert {type(command) for _, command in bench.commands_since(held_ms)} <= {StopBelt}


@pytest.mark.parametrize("last", [StartCancelled(), StopAsked(StopBy.OPERATOR), LinkWentDown(), Seen(1)])
def test_what_comes_in_the_very_step_of_the_start_still_cancels_it(bench: Bench, last: Input) -> None:
    bench.link()
    bench.count_down()
    bench.run(9.9)
    assert bench.bare(Beat(0, True), Seen(0), last, elapsed_ms=100).state.mode is not Mode.STARTING
    assert not [command for _, command in bench.commands_since(0) if isinstance(command, StartBelt)]


# --- from the start to the first motion -----------------------------------------------------------------------------


def test_a_belt_seen_moving_runs_at_its_lowest_speed_and_waits(bench: Bench) -> None:
    bench.link()
    bench.starts_in_ms = 4000
    bench.start()
    started_ms = bench.at_ms
    assert bench.until(Mode.RUN, within_s=5) >= 4.0
    bench.run(10)
    assert bench.commands_since(started_ms) == []
    assert bench.state.drive.sent_ckph == 50


def test_a_belt_that_does_not_move_within_fifteen_seconds_is_stopped(bench: Bench) -> None:
    bench.link()
    bench.obeys = False
    bench.start()
    started_ms = bench.at_ms
    bench.run(14.9)
    assert bench.commands_since(started_ms) == []
    bench.tick()
    assert bench.stops_since(started_ms) == [started_ms + 15_000]
    assert bench.hazards_since(started_ms) == [Hazard.NO_MOTION]


@pytest.mark.parametrize("answer", [Answer.REJECTED, Answer.UNKNOWN])
def test_a_start_that_was_not_accepted_is_stopped(bench: Bench, answer: Answer) -> None:
    bench.link()
    bench.answers, bench.obeys = None, False
    bench.start()
    started_ms = bench.at_ms
    bench.tick(Answered(CommandKind.START, answer))
    assert bench.stops_since(started_ms) == [bench.at_ms]
    assert bench.message(Hazard.START_REFUSED) == f"the treadmill's answer to the start was: {answer.value}"


@pytest.mark.parametrize(("answer", "mode"), [(Answer.REJECTED, Mode.STOPPING), (Answer.UNKNOWN, Mode.RUN)])
def test_a_belt_that_moves_before_it_answers_is_ours_unless_it_refused(
    bench: Bench, answer: Answer, mode: Mode
) -> None:
    bench.link()
    bench.answers = None
    bench.start()
    bench.until(Mode.RUN, within_s=2)
    assert bench.tick(Answered(CommandKind.START, answer)).state.mode is mode


def test_an_accepted_start_is_no_motion_yet(bench: Bench) -> None:
    bench.link()
    bench.obeys = False
    bench.start()
    bench.run(10)
    assert bench.mode is Mode.STARTING


def test_a_spike_is_no_first_motion(bench: Bench) -> None:
    bench.link()
    bench.obeys = False
    bench.start()
    made = bench.bare(Seen(900), elapsed_ms=100)
    assert made.state.mode is Mode.STARTING
    assert [cause.hazard for cause in made.causes] == [Hazard.SUSPECT_SPEED]


def test_a_report_that_was_overtaken_is_no_first_motion(bench: Bench) -> None:
    bench.link()
    bench.obeys = False
    bench.start()
    assert bench.bare(Seen(0), Seen(50, age_ms=900), elapsed_ms=100).state.mode is Mode.STARTING


def test_a_belt_that_starts_far_too_fast_is_a_runaway_at_its_second_report(bench: Bench) -> None:
    bench.link()
    bench.obeys = False
    bench.start()
    bench.bare(Seen(120), elapsed_ms=100)
    made = bench.bare(Seen(160), elapsed_ms=250)
    assert made.state.mode is Mode.ESCALATED
    assert made.commands == (StopBelt(),)
    assert made.causes[-1].hazard is Hazard.RUNAWAY


@pytest.mark.parametrize(
    ("change", "hazard"),
    [
        ({"beats": False}, Hazard.LEASE_LAPSED),
        ({"ui_age_ms": 5100}, Hazard.UI_DEAD),
        ({"input_alive": False}, Hazard.INPUT_DEAD),
        ({"reports": False}, Hazard.TELEMETRY_SILENT),
    ],
)
def test_what_stops_a_running_belt_also_stops_one_that_was_told_to_start(
    bench: Bench, change: dict[str, object], hazard: Hazard
) -> None:
    bench.link()
    bench.obeys = False
    bench.start()
    started_ms = bench.at_ms
    for name, value in change.items():
        setattr(bench, name, value)
    bench.run(2.2)
    assert hazard in bench.hazards_since(started_ms)
    assert len(bench.stops_since(started_ms)) >= 1
