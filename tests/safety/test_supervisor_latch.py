"""After a stop: what holds the latch, who clears it, and what must not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrotread.machine import MachineNotice
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    ArmAsked,
    Beat,
    CommandKind,
    LinkCameUp,
    Said,
    Seen,
    SelfFault,
    StopAsked,
    StopBy,
    WriteOverdue,
)
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench


def test_the_ninth_cause_of_a_stop_counts_as_much_as_the_first(bench: Bench) -> None:
    bench.run_at(100)
    asked = (StopAsked(StopBy.OPERATOR), StopAsked(StopBy.PLAN), StopAsked(StopBy.PROGRAM))
    said = (Said(MachineNotice.STOPPED_AT_CONSOLE), Said(MachineNotice.SAFETY_KEY_PULLED))
    bench.bare(*asked, *said, WriteOverdue(CommandKind.STOP), Beat(6000, False), Seen(900), Seen(900))
    assert len(bench.state.hazards) == 9
    assert bench.state.hazards[-1] is Hazard.RUNAWAY
    bench.run(4)
    assert bench.clear(key_tested=False) is Mode.LATCHED
    assert bench.clear(key_tested=True) is Mode.IDLE


def test_a_fault_found_before_there_is_a_link_is_not_forgotten_when_one_comes(bench: Bench) -> None:
    made = bench.tick(SelfFault())
    assert made.state.mode is Mode.FAULT
    bench.tick(LinkCameUp())
    bench.run(4)
    assert bench.clear() is Mode.FAULT
    assert bench.tick(ArmAsked()).state.mode is Mode.FAULT
