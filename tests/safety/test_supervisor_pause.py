"""A pause keeps the place in the plan and nothing else: going on is a whole new start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrotread.machine import MachineNotice, SetIncline, SetSpeed, StartBelt
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    Acknowledged,
    Beat,
    HoldCompleted,
    Input,
    LeaseRevoked,
    LinkWentDown,
    PauseAsked,
    Said,
    SelfFault,
    StartCancelled,
    StopAsked,
    StopBy,
    Wanted,
)
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench


def paused(bench: Bench, speed_ckph: int = 300, incline_dpct: int = 0) -> Bench:
    """A bench whose run is paused, the belt at rest."""
    bench.run_at(speed_ckph, incline_dpct)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    return bench


def test_a_pause_ramps_down_and_waits_at_confirmed_standstill(bench: Bench) -> None:
    bench.run_at(300)
    asked_ms = bench.at_ms
    made = bench.tick(PauseAsked())
    assert made.state.mode is Mode.PAUSING
    assert bench.until(Mode.PAUSED, within_s=20) >= 2.0
    speeds = bench.speeds_since(asked_ms)
    assert speeds == sorted(speeds, reverse=True)
    assert len(bench.stops_since(asked_ms)) == 1
    assert bench.hazards_since(asked_ms) == []


@pytest.mark.parametrize("wish", [Wanted(300, 0), HoldCompleted(), StartCancelled(), Acknowledged(key_tested=True)])
def test_nothing_but_a_new_arming_goes_on_from_a_pause(bench: Bench, wish: Input) -> None:
    still_ms = paused(bench).at_ms
    bench.tick(wish)
    bench.run(30)
    assert bench.commands_since(still_ms) == []
    assert bench.mode is Mode.PAUSED


def test_going_on_is_a_full_start_from_the_lowest_speed(bench: Bench) -> None:
    still_ms = paused(bench, 300).at_ms
    bench.tick(Wanted(300, 0))
    bench.count_down()
    held_ms = bench.at_ms
    bench.until(Mode.RUN, within_s=20)
    assert bench.commands_since(still_ms) == [(held_ms + 10_000, StartBelt())]
    bench.run(2)
    assert bench.state.drive.sent_ckph == 50


def test_going_on_with_the_deck_raised_moves_one_axis_at_a_time(bench: Bench) -> None:
    bench.incline_dpct = 0
    paused(bench, 200, 50).start()
    bench.until(Mode.RUN, within_s=5)
    moved_ms = bench.at_ms
    bench.tick(Wanted(200, 60))
    bench.run(20)
    commands = [command for _, command in bench.commands_since(moved_ms)]
    assert commands.index(SetSpeed(200)) < commands.index(SetIncline(55))
    assert bench.incline_dpct == 60


def test_a_pause_of_a_minute_ends_the_run(bench: Bench) -> None:
    paused(bench)
    bench.run(59.9)
    assert bench.ticks[-1].mode is Mode.PAUSED
    made = bench.tick()
    assert made.state.mode is Mode.LATCHED
    assert made.state.hazards == (Hazard.PAUSE_TOO_LONG,)
    assert bench.clear(key_tested=False) is Mode.IDLE


def test_an_arming_that_lapses_in_a_pause_is_the_end_of_the_pause(bench: Bench) -> None:
    paused(bench).arm()
    bench.run(30)
    assert bench.mode is Mode.IDLE


def test_stop_in_a_pause_latches(bench: Bench) -> None:
    made = paused(bench).tick(StopAsked(StopBy.OPERATOR))
    assert made.state.mode is Mode.LATCHED
    assert made.state.hazards == (Hazard.OPERATOR_STOP,)


@pytest.mark.parametrize("asked", [StopAsked(StopBy.OPERATOR), StopAsked(StopBy.PROGRAM)])
def test_stop_on_the_way_into_a_pause_ends_the_run(bench: Bench, asked: Input) -> None:
    bench.run_at(300)
    bench.tick(PauseAsked())
    bench.run(0.5)
    assert bench.tick(asked).state.mode is Mode.STOPPING
    bench.until(Mode.LATCHED, within_s=20)


@pytest.mark.parametrize(
    ("asked", "hazard"),
    [
        (LeaseRevoked(), Hazard.LEASE_LAPSED),
        (Beat(5100, True), Hazard.UI_DEAD),
        (Beat(0, input_alive=False), Hazard.INPUT_DEAD),
        (Said(MachineNotice.SAFETY_KEY_PULLED), Hazard.KEY_PULLED),
        (LinkWentDown(), Hazard.LINK_DOWN),
        (SelfFault(), Hazard.SELF_FAULT),
    ],
)
def test_what_stops_a_running_belt_also_stops_one_on_its_way_into_a_pause(
    bench: Bench, asked: Input, hazard: Hazard
) -> None:
    bench.run_at(300)
    bench.tick(PauseAsked())
    bench.run(0.5)
    made = bench.tick(asked)
    assert made.state.mode in (Mode.STOPPING, Mode.ESCALATED)
    assert made.state.hazards[0] is hazard


def test_silence_on_the_way_into_a_pause_is_the_alarm(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(PauseAsked())
    bench.reports = False
    assert bench.until(Mode.ESCALATED, within_s=3) <= 2.2


def test_a_belt_that_does_not_obey_the_pause_is_the_alarm(bench: Bench) -> None:
    bench.run_at(300)
    bench.obeys = bench.stops = False
    bench.tick(PauseAsked())
    assert bench.until(Mode.ESCALATED, within_s=7) <= 6.0


def test_a_program_that_ends_in_a_pause_latches_it(bench: Bench) -> None:
    made = paused(bench).tick(LeaseRevoked())
    assert made.state.mode is Mode.LATCHED
    assert made.state.hazards == (Hazard.LEASE_REVOKED,)


@pytest.mark.parametrize("begin", ["idle", "armed", "countdown", "starting"])
def test_a_pause_means_nothing_before_the_belt_runs(bench: Bench, begin: str) -> None:
    bench.link()
    {"idle": lambda: None, "armed": bench.arm, "countdown": bench.count_down, "starting": bench.start}[begin]()
    mode = bench.mode
    made = bench.bare(PauseAsked())
    assert made.state.mode is mode
    assert made.commands == ()


def test_the_numbers_of_a_pause_do_not_leak_into_the_stop_after_it(bench: Bench) -> None:
    paused(bench).count_down()
    bench.until(Mode.RUN, within_s=20)
    bench.tick(Wanted(300, 0))
    bench.run(10)
    bench.run(50)
    asked_ms = bench.at_ms
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=20)
    assert Hazard.STOP_UNCONFIRMED not in bench.hazards_since(asked_ms)
