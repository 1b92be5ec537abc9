"""From rest to the first motion: arming, the countdown, the start, and all that calls it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    Answer,
    StopAsked,
    StopBy,
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
