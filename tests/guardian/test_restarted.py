"""What counters say of a console that restarted reaches the rules (R7)."""

from __future__ import annotations

from typing import Any

import pytest

from retrotread.guardian.hearing import BEGINNING, Hearing
from retrotread.machine import StopBelt, Telemetry
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import Seen

Counted = tuple[float | None, float | None]


def anew(*reports: Counted, hearing: Hearing | None = None) -> bool:
    """Whether the last of these reports, each metres and seconds, is one of counters that began anew."""
    hearing = hearing or Hearing()
    heard = [hearing.understood(Telemetry(1.0, 0.0, distance_m=far, machine_time_s=long), 1.0) for far, long in reports]
    assert isinstance(heard[-1], Seen)
    return heard[-1].counters_anew


@pytest.mark.parametrize(
    "reports",
    [
        ((120.0, 300.0), (0.0, 0.0)),
        ((120.0, 300.0), (BEGINNING, BEGINNING)),
        ((0.0, 3.0), (0.0, 0.0)),
        ((120.0, None), (0.0, None)),
        ((None, 300.0), (None, 1.0)),
        ((120.0, 300.0), (None, None), (0.0, 0.0)),
    ],
    ids=["both", "a little later", "before the first metre", "metres alone", "seconds alone", "a report without any"],
)
def test_counters_that_go_back_to_their_beginning_began_anew(reports: tuple[Counted, ...]) -> None:
    assert anew(*reports)


@pytest.mark.parametrize(
    "reports",
    [
        ((0.0, 0.0),),
        ((0.0, 0.0), (0.0, 0.0)),
        ((1.0, 2.0), (2.0, 3.0)),
        ((120.0, 300.0), (0.0, 301.0)),
        ((120.0, 300.0), (119.0, 0.0)),
        ((120.0, 300.0), (110.0, 280.0)),
        ((120.0, None), (None, 0.0)),
        ((120.0, 300.0), (float("nan"), -1.0)),
    ],
    ids=[
        "the first report", "at rest", "on and on", "time goes on", "metres stay", "back, but not to the beginning",
        "another counter", "no numbers",
    ],
)  # fmt: skip
def test_all_else_that_counters_do_is_no_restart(reports: tuple[Counted, ...]) -> None:
    assert not anew(*reports)


def test_behind_another_connection_it_says_nothing_where_the_counters_stood() -> None:
    hearing = Hearing()
    assert not anew((120.0, 300.0), hearing=hearing)
    hearing.anew()
    assert not anew((0.0, 0.0), hearing=hearing)


def test_a_console_that_restarts_under_a_running_belt_is_stopped_in_the_same_call(bench: Any) -> None:
    bench.run()
    bench.take(bench.core.report(Telemetry(bench.now_s, 0.8, distance_m=60.0, machine_time_s=90.0), bench.now_s))
    outcome = bench.take(
        bench.core.report(Telemetry(bench.now_s, 0.0, distance_m=0.0, machine_time_s=0.0), bench.now_s)
    )
    assert [type(ticket.command) for ticket in outcome.tickets] == [StopBelt]
    assert bench.core.state.hazards == (Hazard.CONSOLE_RESTARTED,)
