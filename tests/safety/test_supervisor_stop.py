"""Stop, by whomever, in every mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import SetSpeed, StopBelt
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    Acknowledged,
    ArmAsked,
    Beat,
    CommandKind,
    HoldCompleted,
    Input,
    LinkWentDown,
    PauseAsked,
    Seen,
    SelfFault,
    StopAsked,
    StopBy,
    Wanted,
    WriteOverdue,
)
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker


def latched(bench: Bench) -> Bench:
    """A bench whose run was stopped by its operator and is over."""
    bench.run_at(100)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=20)
    bench.run(3)
    return bench


def faulty(bench: Bench) -> Bench:
    """A bench after a fault inside the guardian, at standstill."""
    bench.run_at(100)
    bench.tick(SelfFault())
    bench.until(Mode.FAULT, within_s=20)
    bench.run(3)
    return bench


@pytest.mark.parametrize("ended", [latched, faulty])
def test_stop_reaches_a_belt_that_begins_to_move_after_the_stop_was_over(
    bench: Bench, ended: Callable[[Bench], Bench]
) -> None:
    asked_ms = ended(bench).at_ms
    made = bench.bare(Seen(120), StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    assert made.commands == (StopBelt(),)
    assert made.state.mode is Mode.STOPPING
    assert bench.hazards_since(asked_ms) == [Hazard.OPERATOR_STOP]


@pytest.mark.parametrize("ended", [latched, faulty])
def test_stop_means_nothing_while_a_stopped_belt_is_seen_to_stand(
    bench: Bench, ended: Callable[[Bench], Bench]
) -> None:
    mode = ended(bench).mode
    made = bench.bare(StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    assert made.commands == ()
    assert made.causes == ()
    assert made.state.mode is mode


def test_stop_after_the_end_has_no_alarm_where_there_is_no_link_any_more(bench: Bench) -> None:
    latched(bench).bare(LinkWentDown())
    bench.bare(StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    bench.reports = False
    bench.run(10)
    assert bench.mode is Mode.LATCHED


def test_stop_sends_no_old_set_point_to_a_belt_that_moves_in_a_pause(bench: Bench) -> None:
    bench.run_at(400)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    made = bench.bare(Seen(150), StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    assert made.commands == (StopBelt(),)


@pytest.mark.parametrize("asked", [StopAsked(StopBy.OPERATOR), StopAsked(StopBy.PROGRAM), PauseAsked()])
def test_a_belt_that_lags_behind_its_set_point_is_not_raised_by_the_ramp_down(bench: Bench, asked: Input) -> None:
    bench.run_at(300)
    bench.rise_ckph_per_s = 20
    bench.tick(Wanted(500, 0))
    bench.run(3)
    asked_ms, measured_ckph = bench.at_ms, bench.state.belt.speed_ckph or 0
    assert bench.state.drive.sent_ckph >= measured_ckph + 30
    bench.tick(asked)
    bench.run(2)
    assert bench.speeds_since(asked_ms)[0] <= measured_ckph


# --- in every mode ---------------------------------------------------------------------------------------------------


def to_idle(bench: Bench) -> None:
    bench.link()


def to_armed(bench: Bench) -> None:
    bench.link()
    bench.arm()


def to_countdown(bench: Bench) -> None:
    bench.link()
    bench.count_down()


def to_starting(bench: Bench) -> None:
    bench.link()
    bench.starts_in_ms = 5000
    bench.start()


def to_run(bench: Bench) -> None:
    bench.run_at(300)


def to_pausing(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(PauseAsked())


def to_paused(bench: Bench) -> None:
    to_pausing(bench)
    bench.until(Mode.PAUSED, within_s=20)


@pytest.mark.parametrize("by", StopBy)
@pytest.mark.parametrize("begin", [to_idle, to_armed, to_countdown, to_starting, to_run, to_pausing, to_paused])
@pytest.mark.parametrize("profile", ["well-behaved", "slow", "toggle"])
def test_stop_by_anybody_in_any_mode_is_heeded_in_its_step_and_ends_latched(
    bench_for: BenchMaker, profile: str, begin: Callable[[Bench], None], by: StopBy
) -> None:
    bench = bench_for(profile)
    begin(bench)
    was, asked_ms = bench.mode, bench.at_ms
    made = bench.bare(StopAsked(by))
    assert made.state.mode in (Mode.STOPPING, Mode.LATCHED)
    assert made.state.hazards[0].value == f"{by.value}_stop"
    if was is not Mode.PAUSING:  # there the ramp is under way and its next step not yet due
        assert bool(made.commands) is (profile != "toggle" or was in (Mode.STARTING, Mode.RUN))
    bench.run(25)
    assert bench.ticks[-1].mode is Mode.LATCHED
    assert {type(command) for _, command in bench.commands_since(asked_ms)} <= {StopBelt, SetSpeed}


def test_stop_without_a_link_changes_nothing(bench: Bench) -> None:
    made = bench.tick(StopAsked(StopBy.OPERATOR))
    assert made.state.mode is Mode.DISCONNECTED
    assert made.commands == ()


@pytest.mark.parametrize("by", StopBy)
def test_stop_during_the_alarm_changes_nothing_and_starts_no_ramp(bench: Bench, by: StopBy) -> None:
    bench.run_at(300)
    bench.stops = False
    bench.tick(WriteOverdue(CommandKind.STOP))
    asked_ms = bench.at_ms
    for _ in range(30):
        bench.tick(StopAsked(by))
    assert bench.mode is Mode.ESCALATED
    assert {type(command) for _, command in bench.commands_since(asked_ms)} == {StopBelt}


@pytest.mark.parametrize("beside", [PauseAsked(), Wanted(560, 0), Acknowledged(True), Beat(0, True), HoldCompleted()])
@pytest.mark.parametrize("stop_first", [True, False])
def test_stop_wins_over_whatever_comes_in_the_same_step(bench: Bench, beside: Input, stop_first: bool) -> None:
    bench.run_at(300)
    stop = StopAsked(StopBy.OPERATOR)
    made = bench.bare(*((stop, beside) if stop_first else (beside, stop)), elapsed_ms=100)
    assert made.state.mode is Mode.STOPPING
    assert made.state.hazards == (Hazard.OPERATOR_STOP,)


def test_stop_wins_over_a_whole_start_in_the_same_step(bench: Bench) -> None:
    bench.link()
    made = bench.tick(StopAsked(StopBy.OPERATOR), ArmAsked(), HoldCompleted())
    assert made.state.mode is Mode.LATCHED


def test_a_second_press_1_1_s_after_the_first_makes_the_stop_protective(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.run(1.0)
    asked_ms = bench.at_ms
    assert bench.stops_since(0) == []
    bench.tick(StopAsked(StopBy.OPERATOR))
    assert len(bench.stops_since(asked_ms)) == 1
