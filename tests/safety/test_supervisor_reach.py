"""The person's reach, the record, the cues, the session's length and the computer: R13b, R18, R19, R20, R21."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import Facing
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    ArmAsked,
    Beat,
    HostSleeps,
    Input,
    PauseAsked,
    Suspended,
    TurnAsked,
    TurnConfirm,
    TurnConfirmed,
    Unreachable,
    Wanted,
)
from retrotread.safety.modes import Mode
from retrotread.safety.run import Run
from retrotread.safety.stopping import StopClass

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker

AWAY = {
    Unreachable.FOCUS: (Hazard.FOCUS_AWAY, Hazard.FOCUS_GONE),
    Unreachable.LOCKED: (Hazard.SCREEN_LOCKED, Hazard.SCREEN_STAYS_LOCKED),
    Unreachable.REMOTE: (Hazard.REMOTE_AWAY, Hazard.REMOTE_GONE),
}


@contextmanager
def beats_like(bench: Bench, beat: Beat) -> Iterator[None]:
    """Every beat is like this one for a while."""
    plain = bench._beat

    def told(before_ms: int) -> tuple[Input, ...]:
        return (beat,) if plain(before_ms) else ()

    bench._beat = told  # type: ignore[method-assign]
    yield
    bench._beat = plain  # type: ignore[method-assign]


def rising(bench: Bench) -> Bench:
    """At 1.0 km/h with a wish for more."""
    bench.run_at(100)
    bench.tick(Wanted(300, 0))
    return bench


@pytest.mark.parametrize("away", Unreachable)
def test_who_is_out_of_reach_gets_no_rise_and_after_fifteen_seconds_a_stop(bench: Bench, away: Unreachable) -> None:
    rising(bench)
    frozen, gone = AWAY[away]
    with beats_like(bench, Beat(0, True, (away,))):
        bench.run(0.3)
        began_ms = bench.at_ms
        bench.run(14.4)
        assert bench.mode is Mode.RUN
        assert frozen in bench.hazards_since(began_ms)
        assert not bench.speeds_since(began_ms)
        bench.run(0.6)
    assert gone in bench.hazards_since(began_ms)
    assert bench.last.mode is Mode.STOPPING
    assert bench.state.stop is not None
    assert bench.state.stop.kind is StopClass.CONTROLLED


def test_who_comes_back_within_fifteen_seconds_goes_on_and_the_count_begins_anew(bench: Bench) -> None:
    rising(bench)
    for _ in range(2):
        with beats_like(bench, Beat(0, True, (Unreachable.FOCUS,))):
            bench.run(14)
        bench.run(1)
    assert bench.mode is Mode.RUN
    assert bench.state.drive.sent_ckph > 100


@pytest.mark.parametrize("away", Unreachable)
def test_out_of_reach_before_the_start_there_is_none(bench: Bench, away: Unreachable) -> None:
    bench.link()
    bench.count_down()
    with beats_like(bench, Beat(0, True, (away,))):
        bench.run(0.5)
    assert bench.mode is Mode.IDLE
    assert bench.message(Hazard.START_NOT_POSSIBLE).startswith("the start was cancelled: ")


@pytest.mark.parametrize(
    ("beat", "hazard"),
    [
        (Beat(0, True, recorder_age_ms=2001), Hazard.RECORDER_BEHIND),
        (Beat(0, True, recorder_failed=True), Hazard.RECORDER_BEHIND),
        (Beat(0, True, cues_ok=False), Hazard.CUES_FAILED),
    ],
    ids=["record behind", "record failed", "cues failed"],
)
def test_without_a_record_or_cues_nothing_rises_and_nothing_brakes(bench: Bench, beat: Beat, hazard: Hazard) -> None:
    rising(bench)
    with beats_like(bench, beat):
        bench.run(0.3)
        began_ms = bench.at_ms
        bench.run(60)
        assert (bench.mode, bench.speeds_since(began_ms)) == (Mode.RUN, [])
        assert hazard in bench.hazards_since(began_ms)
        bench.tick(Wanted(50, 0))
        bench.run(3)
        assert bench.state.drive.sent_ckph == 50
    bench.tick(Wanted(300, 0))
    bench.run(3)
    assert bench.state.drive.sent_ckph > 50


def test_a_record_that_is_as_late_as_it_may_be_freezes_nothing(bench: Bench) -> None:
    rising(bench)
    with beats_like(bench, Beat(0, True, recorder_age_ms=2000)):
        bench.run(3)
    assert bench.state.drive.sent_ckph > 100


def test_a_start_without_cues_is_possible_at_the_lowest_speed(bench: Bench) -> None:
    with beats_like(bench, Beat(0, True, cues_ok=False)):
        bench.link()
        bench.start()
        bench.until(Mode.RUN, within_s=16)
        bench.tick(Wanted(300, 0))
        bench.run(20)
    assert (bench.mode, bench.state.drive.sent_ckph) == (Mode.RUN, 50)


def test_a_computer_about_to_sleep_brings_the_belt_to_rest_first(bench: Bench) -> None:
    bench.run_at(200)
    bench.tick(HostSleeps())
    assert bench.mode is Mode.STOPPING
    assert bench.state.stop is not None
    assert bench.state.stop.kind is StopClass.CONTROLLED
    assert bench.message(Hazard.HOST_SLEEPS) == "a computer that sleeps guards no belt"


def test_a_computer_that_has_slept_stops_the_belt_at_once(bench: Bench) -> None:
    bench.run_at(200)
    before_ms = bench.at_ms
    bench.tick(Suspended(4200))
    assert bench.state.stop is not None
    assert bench.state.stop.kind is StopClass.PROTECTIVE
    assert bench.stops_since(before_ms)
    assert bench.message(Hazard.SUSPENDED) == "the computer slept for 4.2 s, and nobody watched the belt"


@pytest.mark.parametrize("sleep", [HostSleeps(), Suspended(900)], ids=["about to", "has slept"])
def test_a_start_does_not_outlive_a_sleep(bench: Bench, sleep: Input) -> None:
    bench.link()
    bench.count_down()
    bench.tick(sleep)
    assert bench.mode is Mode.IDLE


def test_after_a_sleep_only_new_reports_say_that_the_belt_stands(bench: Bench) -> None:
    bench.link()
    bench.tick(Suspended(600_000))
    bench.tick(ArmAsked())
    assert bench.mode is Mode.IDLE
    assert bench.message(Hazard.ARM_REFUSED).startswith("the belt is not confirmed still")
    bench.run(2.5)
    bench.arm()


def test_a_toggle_machine_whose_pause_was_slept_through_is_not_told_to_stop_until_it_is_seen_moving(
    toggle: Bench,
) -> None:
    toggle.run_at(100)
    toggle.tick(PauseAsked())
    toggle.until(Mode.PAUSED, within_s=20)
    slept_ms = toggle.at_ms
    toggle.tick(Suspended(600_000))
    toggle.until(Mode.LATCHED, within_s=5)
    assert toggle.commands_since(slept_ms) == []


def test_a_toggle_machine_that_moves_after_a_sleep_in_the_pause_is_stopped(toggle: Bench) -> None:
    toggle.run_at(100)
    toggle.tick(PauseAsked())
    toggle.until(Mode.PAUSED, within_s=20)
    toggle.speed_ckph = toggle.target_ckph = 100
    slept_ms = toggle.at_ms
    toggle.bare(Suspended(600_000))
    toggle.run(1)
    assert len(toggle.stops_since(slept_ms)) == 1


@pytest.mark.parametrize(("seconds", "armed"), [(29.9, False), (30.1, True)])
def test_nothing_is_armed_on_a_computer_that_is_about_to_sleep_unless_it_stays_awake(
    bench: Bench, seconds: float, armed: bool
) -> None:
    bench.link()
    bench.tick(HostSleeps())
    bench.run(seconds - 0.1)
    bench.tick(ArmAsked())
    assert (bench.mode is Mode.ARMED) is armed
    if not armed:
        assert bench.message(Hazard.ARM_REFUSED) == "the computer is about to sleep"


@pytest.mark.parametrize(("elapsed_ms", "stops"), [(600, False), (601, True)])
def test_a_guardian_that_stood_still_stops_the_belt_at_once(bench: Bench, elapsed_ms: int, stops: bool) -> None:
    bench.run_at(200)
    before_ms = bench.at_ms
    bench.tick(elapsed_ms=elapsed_ms)
    assert bool(bench.stops_since(before_ms)) is stops
    if stops:
        assert bench.state.hazards == (Hazard.CLOCK_GAP,)
        message = "the guardian stood still for 0.5 s (limit 0.5 s), and nobody watched the belt"
        assert bench.message(Hazard.CLOCK_GAP) == message


def test_a_countdown_does_not_outlive_a_guardian_that_stood_still(bench: Bench) -> None:
    bench.link()
    bench.count_down()
    bench.tick(elapsed_ms=700)
    assert bench.mode is Mode.IDLE
    assert bench.message(Hazard.START_NOT_POSSIBLE) == "the guardian stood still for 0.6 s"


def test_what_was_confirmed_of_a_turn_does_not_outlive_a_guardian_that_stood_still(bench: Bench) -> None:
    bench.link()
    bench.tick(TurnAsked(Facing.CONSOLE, bench.config.belt))
    bench.run(6)
    bench.tick(TurnConfirmed(TurnConfirm.ON_RAILS))
    assert bench.state.turn is not None
    assert bench.state.turn.on_rails
    bench.tick(elapsed_ms=700)
    assert bench.state.turn is not None
    assert not bench.state.turn.on_rails


def test_a_stop_goes_on_behind_a_guardian_that_stood_still(bench: Bench) -> None:
    bench.run_at(200)
    bench.tick(Suspended(900))
    bench.run(0.5)
    bench.tick(elapsed_ms=800)
    assert bench.state.hazards == (Hazard.SUSPENDED,)


@pytest.mark.parametrize(("percent", "stops"), [(10, False), (9, True)])
def test_a_battery_that_runs_out_brings_the_belt_to_rest(bench: Bench, percent: int, stops: bool) -> None:
    bench.run_at(200)
    with beats_like(bench, Beat(0, True, battery_percent=percent)):
        bench.run(0.5)
    assert (bench.mode is Mode.STOPPING) is stops
    if stops:
        assert bench.state.hazards == (Hazard.BATTERY_LOW,)
        assert bench.message(Hazard.BATTERY_LOW) == "the battery of the computer has 9 % left (limit 10 %)"


@pytest.mark.parametrize(("percent", "armed"), [(30, True), (29, False), (None, True)])
def test_nothing_is_started_on_a_battery_of_less_than_thirty_percent(
    bench: Bench, percent: int | None, armed: bool
) -> None:
    bench.link()
    with beats_like(bench, Beat(0, True, battery_percent=percent)):
        bench.run(0.5)
        bench.tick(ArmAsked())
    assert (bench.mode is Mode.ARMED) is armed
    if not armed:
        refusal = "the computer runs on a battery of 29 % (a start needs 30 %): plug in its mains"
        assert bench.message(Hazard.ARM_REFUSED) == refusal


@pytest.mark.parametrize(("tier", "armed"), [("walker", True), ("frail", False)])
def test_in_a_clinic_no_new_block_is_started_without_a_record(bench_for: BenchMaker, tier: str, armed: bool) -> None:
    bench = bench_for(tier=tier)
    bench.run_at(100)
    with beats_like(bench, Beat(0, True, recorder_failed=True)):
        bench.run(10)
        assert bench.mode is Mode.RUN, "the block is finished"
        bench.tick(PauseAsked())
        bench.until(Mode.PAUSED, within_s=20)
        bench.tick(ArmAsked(same_run=True))
    assert (bench.last.mode is Mode.ARMED) is armed
    words = bench.message(Hazard.RECORDER_BEHIND).removeprefix("the run is not recorded any more; nothing rises")
    assert words == ("" if armed else "; finish this block, no new one is started")


def test_a_pause_does_not_outlive_a_sleep_and_rest_does_not_mind(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    bench.tick(Suspended(900))
    bench.until(Mode.LATCHED, within_s=10)
    bench.clear()
    bench.tick(Suspended(900))
    bench.tick(HostSleeps())
    assert bench.mode is Mode.IDLE


def test_a_session_that_is_long_enough_comes_down_and_ends_a_minute_later(bench: Bench) -> None:
    bench.run_at(300)
    bench.state = replace(bench.state, run=Run(motion_ms=599_000, max_ms=600_000))
    bench.run(0.9)
    assert bench.state.drive.sent_ckph == 300
    bench.run(10)
    assert bench.mode is Mode.RUN
    assert bench.state.drive.sent_ckph == 50
    assert bench.message(Hazard.SESSION_LONG) == "the belt has moved for 10.0 min in this session (limit 10.0 min)"
    bench.until(Mode.STOPPING, within_s=51)
    assert bench.state.run.motion_ms >= 660_000
    assert bench.message(Hazard.SESSION_OVER).startswith("the belt has moved for 11.0 min")


def test_minutes_count_over_pauses_of_one_run_and_not_at_rest(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    moved_ms = bench.state.run.motion_ms
    assert moved_ms > 5000
    bench.run(20)
    assert bench.state.run.motion_ms == moved_ms
