"""From rest to the first motion: arming, the countdown, the start, and all that calls it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrotread.safety.config import Config
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    Answer,
    ArmAsked,
    Beat,
    CommandKind,
    LinkCameUp,
    Seen,
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
    assert toggle.mode is Mode.LATCHED
    assert toggle.stops_since(began_ms) == []


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
