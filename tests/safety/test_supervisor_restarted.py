"""A console that restarts under a running belt (R7): a zero, together with counters from their beginning."""

from __future__ import annotations

from typing import Any

import pytest

from retrotread.machine import StopBelt
from retrotread.safety.hazards import Action, Hazard
from retrotread.safety.inputs import Beat, PauseAsked, Seen
from retrotread.safety.modes import Mode

REBORN = Seen(0, counters_anew=True)
GOOD = Beat(0, True)


def test_a_zero_with_counters_from_their_beginning_is_a_protective_stop_in_the_same_step(bench: Any) -> None:
    bench.run_at(200)
    made = bench.bare(REBORN, GOOD, elapsed_ms=100)
    assert made.commands == (StopBelt(),)
    (cause,) = made.causes
    assert (cause.hazard, cause.action) == (Hazard.CONSOLE_RESTARTED, Action.PROTECTIVE_STOP)
    assert cause.message == (
        "the treadmill reports 0.0 km/h instead of 2.0 km/h, and its counters begin anew: its console restarted"
    )


@pytest.mark.parametrize(
    "report", [Seen(0), Seen(200, counters_anew=True)], ids=["a zero alone", "counters alone, of a belt that runs"]
)
def test_one_half_of_the_signature_stops_nothing(bench: Any, report: Seen) -> None:
    bench.run_at(200)
    assert bench.bare(report, GOOD, elapsed_ms=100).commands == ()
    assert bench.mode is Mode.RUN


def test_it_is_severe_only_a_tested_key_leads_out(bench: Any) -> None:
    bench.run_at(200)
    bench.bare(REBORN, GOOD, elapsed_ms=100)
    bench.run(5)
    assert bench.clear(key_tested=False) is Mode.LATCHED
    assert bench.clear(key_tested=True) is Mode.IDLE


def test_a_console_that_counts_each_pause_from_its_beginning_did_not_restart(bench: Any) -> None:
    bench.run_at(200)
    bench.bare(PauseAsked(), GOOD)
    made = bench.bare(REBORN, GOOD, elapsed_ms=100)
    assert Hazard.CONSOLE_RESTARTED not in [one.hazard for one in made.causes]
    assert bench.mode is Mode.PAUSING


def test_a_console_that_counts_each_start_from_its_beginning_did_not_restart(bench: Any) -> None:
    bench.starts_in_ms = 2_000
    bench.link()
    bench.start()
    assert bench.mode is Mode.STARTING
    assert bench.bare(REBORN, GOOD, elapsed_ms=100).commands == ()
    assert bench.mode is Mode.STARTING
