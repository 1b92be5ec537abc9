"""What a report says of the way of the belt reaches the rules, in a run and in a trial with nobody on the belt."""

from __future__ import annotations

from typing import Any

from retrotread.guardian.messages import Tried, Try
from retrotread.guardian.trials import Trial, TrialPhase
from retrotread.machine import BeltDirection, StopBelt, Telemetry
from retrotread.safety.hazards import Hazard

REVERSED = BeltDirection.REVERSED


def test_a_report_of_the_other_way_stops_the_belt_in_the_same_call(bench: Any) -> None:
    bench.run()
    outcome = bench.take(bench.core.report(Telemetry(bench.now_s, 0.8, belt=REVERSED), bench.now_s))
    assert [type(ticket.command) for ticket in outcome.tickets] == [StopBelt]
    assert bench.core.state.hazards == (Hazard.WRONG_WAY,)


def test_a_report_that_does_not_tell_stops_nothing(bench: Any) -> None:
    bench.run()
    assert bench.take(bench.core.report(Telemetry(bench.now_s, 0.8), bench.now_s)).tickets == ()


def test_a_trial_ends_where_the_belt_runs_the_other_way(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.say(Try(bench.core.epoch, bench.now_s + 1.0, Trial.LOWEST_SPEED))
    bench.pass_s(1.0)
    outcome = bench.take(bench.core.report(Telemetry(bench.now_s, 0.5, belt=REVERSED), bench.now_s))
    (tried,) = [one for one in outcome.messages if isinstance(one, Tried)]
    assert (tried.phase, tried.message) == (
        TrialPhase.CUT_SHORT,
        "the belt runs reversed, and a trial starts it forward",
    )
