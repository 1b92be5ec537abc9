"""The turn (R9): another way of facing, or of the belt, only through a standstill that was seen and confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import BeltDirection, Facing, StartBelt
from retrotread.safety.config import Config
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    ArmAsked,
    Beat,
    HoldCompleted,
    LinkWentDown,
    PauseAsked,
    RestAsked,
    Seen,
    StopAsked,
    StopBy,
    TurnAsked,
    TurnConfirm,
    TurnConfirmed,
    Wanted,
)
from retrotread.safety.modes import Mode
from retrotread.safety.turning import deck_dpct

if TYPE_CHECKING:
    from tests.safety.conftest import Bench

FORWARD = BeltDirection.FORWARD
AGAIN = ArmAsked(same_run=True, key_tested=True)
ON_RAILS, FACING = TurnConfirmed(TurnConfirm.ON_RAILS), TurnConfirmed(TurnConfirm.FACING)


def facing(bench: Bench, way: Facing, belt: BeltDirection = FORWARD) -> None:
    """The numbers of an arming for that way, as the guardian makes them before it asks."""
    config = bench.config
    bench.config = Config.of(config.profile, config.tier, config.limits, way, belt)


def paused(bench: Bench) -> Bench:
    """A motion facing the rear, paused at standstill; its key was tested."""
    bench.link()
    bench.tick(ArmAsked(key_tested=True))
    bench.tick(HoldCompleted())
    bench.until(Mode.RUN, within_s=30)
    bench.run(5)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    return bench


def turned(bench: Bench) -> Bench:
    """With a turn to the console complete."""
    paused(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(5.5)
    bench.tick(ON_RAILS)
    bench.tick(FACING)
    facing(bench, Facing.CONSOLE)
    return bench


def needs(bench: Bench) -> str | None:
    state = bench.state
    assert state.turn is not None
    return state.turn.needs(deck_dpct(state.belt, state.drive.sent_dpct), state.run.key_tested)


def test_a_complete_turn_is_armed_and_started_the_new_way(bench: Bench) -> None:
    turned(bench)
    assert needs(bench) is None
    bench.tick(AGAIN)
    assert bench.mode is Mode.ARMED
    bench.tick(HoldCompleted())
    began_ms = bench.at_ms
    bench.until(Mode.RUN, within_s=30)
    assert bench.state.run.way == (Facing.CONSOLE, FORWARD)
    assert [command for _, command in bench.commands_since(began_ms)] == [StartBelt()]


def test_another_facing_without_a_turn_is_refused_with_its_sentence(bench: Bench) -> None:
    paused(bench)
    facing(bench, Facing.CONSOLE)
    bench.tick(AGAIN)
    assert bench.mode is Mode.PAUSED
    assert bench.message(Hazard.ARM_REFUSED) == (
        "facing the console, with the belt forward, is another way than before: it needs a turn"
    )


def test_another_direction_of_the_belt_without_a_turn_is_refused(bench: Bench) -> None:
    paused(bench)
    facing(bench, Facing.REAR, BeltDirection.REVERSED)
    bench.tick(AGAIN)
    assert bench.mode is Mode.PAUSED


def test_the_same_way_needs_no_turn_and_another_run_begins_where_it_likes(bench: Bench) -> None:
    paused(bench).tick(AGAIN)
    assert bench.mode is Mode.ARMED
    bench.run(31)
    facing(bench, Facing.CONSOLE)
    bench.tick(ArmAsked(same_run=False, key_tested=True))
    assert bench.mode is Mode.ARMED


@pytest.mark.parametrize(("seconds", "met"), [(4.7, False), (5.3, True)])
def test_nothing_is_confirmed_before_the_belt_was_seen_still_for_five_seconds(
    bench: Bench, seconds: float, met: bool
) -> None:
    paused(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(seconds)
    bench.tick(ON_RAILS)
    assert bench.state.turn is not None
    assert bench.state.turn.on_rails is met


def test_on_a_slow_reporter_five_reports_are_waited_for(bench_for: object) -> None:
    bench: Bench = bench_for("slow")  # type: ignore[operator]
    paused(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(4.0)
    assert needs(bench) is not None
    assert "in 5 reports" in str(needs(bench))
    bench.run(2.2)
    assert needs(bench) == "stand on the rails, both feet off the belt, and confirm that you see it still"


def test_the_second_confirmation_counts_only_after_the_first(bench: Bench) -> None:
    paused(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(5.5)
    bench.tick(FACING)
    assert needs(bench) == "stand on the rails, both feet off the belt, and confirm that you see it still"
    bench.tick(ON_RAILS)
    assert needs(bench) == "turn to face the console, and confirm that you do"


def test_a_raised_deck_and_an_untested_key_hold_the_turn_up(bench: Bench) -> None:
    paused(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.incline_dpct = 11
    bench.run(5.5)
    assert needs(bench) == "the deck must be level: 1.1 % (limit 1 %)"
    bench.incline_dpct = 10
    bench.run(0.5)
    bench.state = replace(bench.state, run=replace(bench.state.run, key_tested=False))
    assert needs(bench) == "the safety key must be tested today"


def test_an_arming_of_an_incomplete_turn_says_what_is_missing(bench: Bench) -> None:
    paused(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(5.5)
    bench.tick(ON_RAILS)
    facing(bench, Facing.CONSOLE)
    bench.tick(AGAIN)
    assert bench.mode is Mode.TURN
    assert bench.message(Hazard.ARM_REFUSED) == "turn to face the console, and confirm that you do"


def test_a_turn_is_for_the_way_that_it_leads_to(bench: Bench) -> None:
    turned(bench)
    facing(bench, Facing.REAR)
    bench.tick(AGAIN)
    assert bench.mode is Mode.TURN
    assert bench.message(Hazard.ARM_REFUSED) == "the turn leads to the console, not to the rear"


def test_a_turn_is_used_up_by_the_arming_that_it_allowed(bench: Bench) -> None:
    turned(bench).tick(AGAIN)
    bench.run(31)
    assert bench.mode is Mode.IDLE
    bench.tick(AGAIN)
    assert bench.mode is Mode.IDLE


@pytest.mark.parametrize("breach", ["late report", "silent program"])
def test_what_breaks_the_watch_takes_the_confirmations_back(bench: Bench, breach: str) -> None:
    turned(bench)
    bench.reports, bench.beats = breach != "late report", breach != "silent program"
    bench.run(1.3)
    bench.reports = bench.beats = True
    bench.run(0.5)
    assert bench.state.turn is not None
    assert (bench.state.turn.on_rails, bench.state.turn.facing_confirmed) == (False, False)
    assert bench.state.turn.still_ms < 1000


@pytest.mark.parametrize(
    ("reports", "elapsed_ms"),
    [
        ((Seen(100), Seen(0)), 100),
        ((Seen(100), *[Seen(0)] * 3), 100),
        ((Seen(0),), 20_000),
    ],
    ids=["moved", "moved, then zeros", "a gap"],
)
def test_what_hides_inside_one_step_breaks_the_watch_too(
    bench: Bench, reports: tuple[Seen, ...], elapsed_ms: int
) -> None:
    turned(bench).bare(*reports, Beat(0, True), elapsed_ms=elapsed_ms)
    assert bench.state.turn is not None
    assert (bench.state.turn.on_rails, bench.state.turn.still_ms) == (False, 0)


def test_a_program_that_was_silent_inside_one_step_begins_the_turn_anew(bench: Bench) -> None:
    turned(bench).bare(Beat(0, True))
    bench.bare(Seen(0), Beat(0, True), elapsed_ms=600)
    assert bench.state.turn is not None
    assert bench.state.turn.facing_confirmed
    bench.bare(Seen(0), Beat(0, True), elapsed_ms=601)
    assert bench.state.turn is not None
    assert not bench.state.turn.on_rails


def test_the_seconds_of_a_turn_reach_from_its_first_report_to_its_last(bench: Bench) -> None:
    paused(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(3)
    bench.reports = False
    before = bench.state.turn
    bench.run(0.5)
    assert before is not None
    assert bench.state.turn is not None
    assert 2500 <= bench.state.turn.still_ms <= before.still_ms <= 3000


def test_a_deck_that_is_not_reported_stands_where_it_was_sent(bench: Bench) -> None:
    bench.link()
    bench.tick(ArmAsked(key_tested=True))
    bench.tick(HoldCompleted())
    bench.until(Mode.RUN, within_s=30)
    bench.tick(Wanted(50, 20))
    bench.run(10)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    bench.tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(5.5)
    assert bench.state.belt.incline_dpct is None
    assert needs(bench) == "the deck must be level: 2.0 % (limit 1 %)"


def test_a_turn_before_the_first_arming_is_armed_if_that_says_that_the_key_was_tested(bench: Bench) -> None:
    bench.link()
    bench.tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(5.5)
    bench.tick(ON_RAILS)
    bench.tick(FACING)
    facing(bench, Facing.CONSOLE)
    bench.tick(ArmAsked(key_tested=False))
    assert bench.mode is Mode.TURN
    assert bench.message(Hazard.ARM_REFUSED) == "the safety key must be tested today"
    bench.tick(ArmAsked(key_tested=True))
    assert bench.last.mode is Mode.ARMED


def test_a_turn_takes_its_key_test_from_the_arming_that_it_allows(bench: Bench) -> None:
    turned(bench).tick(ArmAsked(same_run=True, key_tested=False))
    assert bench.mode is Mode.TURN
    assert bench.message(Hazard.ARM_REFUSED) == "the safety key must be tested today"


@pytest.mark.parametrize("way", Facing)
def test_after_a_turn_whose_start_did_not_come_about_every_way_needs_a_turn(bench: Bench, way: Facing) -> None:
    turned(bench).tick(AGAIN)
    bench.run(31)
    facing(bench, way)
    refused_ms = bench.at_ms
    bench.tick(AGAIN)
    assert (bench.mode, bench.hazards_since(refused_ms)) == (Mode.IDLE, [Hazard.ARM_REFUSED])


def test_a_belt_that_has_run_the_new_way_may_go_on_that_way_after_a_pause(bench: Bench) -> None:
    turned(bench).tick(AGAIN)
    bench.tick(HoldCompleted())
    bench.until(Mode.RUN, within_s=30)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    bench.tick(AGAIN)
    assert bench.mode is Mode.ARMED


def test_a_belt_that_moves_in_a_turn_is_stopped_and_latched(bench: Bench) -> None:
    turned(bench)
    bench.target_ckph = 50
    began_ms = bench.at_ms
    bench.until(Mode.STOPPING, within_s=1.5)
    assert Hazard.UNEXPECTED_MOTION in bench.hazards_since(began_ms)
    bench.until(Mode.LATCHED, within_s=20)
    assert bench.state.turn is None


def test_a_lost_link_ends_a_turn_in_a_latch(bench: Bench) -> None:
    turned(bench).tick(LinkWentDown())
    assert bench.mode is Mode.LATCHED


def test_a_turn_that_takes_five_minutes_is_over(bench: Bench) -> None:
    paused(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    bench.run(299.5)
    assert bench.mode is Mode.TURN
    bench.run(5)
    assert bench.last.mode is Mode.LATCHED
    assert bench.message(Hazard.TURN_TOO_LONG).startswith("the turn has lasted 300.0 s")


def test_a_stop_in_a_turn_ends_it(bench: Bench) -> None:
    turned(bench).tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=5)
    assert bench.message(Hazard.OPERATOR_STOP) == "stop was pressed"


def test_a_turn_is_not_begun_on_a_moving_belt(bench: Bench) -> None:
    bench.run_at(150)
    asked_ms = bench.at_ms
    bench.tick(TurnAsked(Facing.CONSOLE, FORWARD))
    assert (bench.mode, bench.state.turn) == (Mode.RUN, None)
    assert bench.hazards_since(asked_ms) == [Hazard.ARM_REFUSED]


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (Beat(0, False), "no turn now: the program does not read the keyboard"),
        (Beat(0, True, battery_percent=20), "no turn now: the computer runs on a battery of 20 %"),
    ],
    ids=["keyboard", "battery"],
)
def test_a_turn_that_is_refused_says_why(bench: Bench, before: Beat, why: str) -> None:
    paused(bench).tick(before, TurnAsked(Facing.CONSOLE, FORWARD))
    assert bench.mode is Mode.PAUSED
    assert bench.message(Hazard.ARM_REFUSED).startswith(why)


def test_a_turn_behind_a_stop_says_where_the_belt_is(bench: Bench) -> None:
    paused(bench).tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=5)
    bench.tick(TurnAsked(Facing.CONSOLE, FORWARD))
    assert bench.message(Hazard.ARM_REFUSED) == "no turn now: arming is possible only at rest, and the belt is latched"


def reversed_belt(bench: Bench) -> Bench:
    """The numbers of an arming over a reversed belt, facing the console."""
    facing(bench, Facing.CONSOLE, BeltDirection.REVERSED)
    return bench


def test_a_belt_that_ran_forward_runs_in_reverse_only_behind_a_turn_in_a_new_run_too(bench: Bench) -> None:
    paused(bench)
    reversed_belt(bench).tick(ArmAsked(key_tested=True))
    assert bench.mode is Mode.PAUSED
    why = "the belt last ran forward, and is to run reversed: it needs a turn, in a new run too"
    assert bench.message(Hazard.ARM_REFUSED) == why
    facing(bench, Facing.CONSOLE)
    bench.tick(ArmAsked(key_tested=True))
    bench.run(31)
    reversed_belt(bench).tick(ArmAsked(key_tested=True))
    assert (bench.last.mode, bench.last.causes[-1].message) == (Mode.IDLE, why)
    bench.tick(TurnAsked(Facing.CONSOLE, BeltDirection.REVERSED))
    bench.run(5.5)
    bench.tick(ON_RAILS)
    bench.tick(FACING)
    bench.tick(ArmAsked(key_tested=True))
    assert bench.last.mode is Mode.ARMED


def test_nothing_is_started_in_reverse_on_a_raised_deck(bench: Bench) -> None:
    bench.incline_dpct = 20
    reversed_belt(bench).link()
    bench.tick(ArmAsked(key_tested=True))
    assert bench.mode is Mode.IDLE
    assert bench.message(Hazard.ARM_REFUSED) == "a raised deck is downhill on a reversed belt: 2.0 % (limit 1 %)"
    bench.incline_dpct = 10
    bench.run(1)
    bench.tick(ArmAsked(key_tested=True), HoldCompleted())
    assert bench.last.mode is Mode.COUNTDOWN
    bench.incline_dpct = 15
    bench.until(Mode.IDLE, within_s=1)


def test_a_turn_asked_for_again_goes_on_and_one_another_way_begins_anew(bench: Bench) -> None:
    turned(bench).tick(TurnAsked(Facing.CONSOLE, FORWARD))
    assert bench.state.turn is not None
    assert bench.state.turn.facing_confirmed
    bench.tick(TurnAsked(Facing.REAR, FORWARD))
    assert bench.state.turn is not None
    assert not bench.state.turn.on_rails


def test_a_rest_off_the_belt_may_last_and_needs_a_whole_new_arming(bench: Bench) -> None:
    paused(bench).tick(RestAsked())
    assert bench.mode is Mode.IDLE
    bench.run(70)
    assert bench.mode is Mode.IDLE
    bench.tick(AGAIN)
    assert bench.last.mode is Mode.ARMED
