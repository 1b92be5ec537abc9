"""After a stop: what holds the latch, who clears it, and what must not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import MachineNotice
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    Acknowledged,
    ArmAsked,
    Beat,
    CommandKind,
    HoldCompleted,
    Input,
    LinkCameUp,
    LinkWentDown,
    PauseAsked,
    Said,
    Seen,
    SelfFault,
    StartCancelled,
    StopAsked,
    StopBy,
    Wanted,
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


# --- acknowledging ---------------------------------------------------------------------------------------------------


def latched(bench: Bench) -> Bench:
    """A bench whose run was stopped by its operator and is over."""
    bench.run_at(200)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=20)
    return bench


def test_a_stop_ends_latched_and_a_person_clears_it(bench: Bench) -> None:
    latched(bench).run(300)
    assert bench.ticks[-1].mode is Mode.LATCHED
    made = bench.tick(Acknowledged())
    assert made.state.mode is Mode.IDLE
    assert (made.state.stop, made.state.hazards, made.state.pressed_ms) == (None, (), None)


@pytest.mark.parametrize(
    "wish", [ArmAsked(), HoldCompleted(), Wanted(300, 50), PauseAsked(), LinkCameUp(), StartCancelled(), Beat(0, True)]
)
def test_nothing_else_clears_a_latch_or_moves_the_belt(bench: Bench, wish: Input) -> None:
    still_ms = latched(bench).at_ms
    for _ in range(300):
        bench.tick(wish)
    assert bench.mode is Mode.LATCHED
    assert bench.commands_since(still_ms) == []


@pytest.mark.parametrize("undo", [Seen(10), None])
def test_a_latch_is_not_cleared_without_a_confirmed_standstill(bench: Bench, undo: Input | None) -> None:
    latched(bench)
    if undo is None:
        bench.bare(Beat(0, True), elapsed_ms=1001)
    else:
        bench.bare(undo)
    assert bench.bare(Acknowledged(key_tested=True)).state.mode is Mode.LATCHED
    bench.run(2.6)
    assert bench.tick(Acknowledged(key_tested=True)).state.mode is Mode.IDLE


def test_an_acknowledgement_that_comes_before_the_standstill_is_not_saved_up(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(StopAsked(StopBy.OPERATOR))
    for _ in range(120):
        bench.tick(Acknowledged(key_tested=True))
        if bench.ticks[-1].mode is Mode.LATCHED:
            break
    bench.run(10)
    assert bench.mode is Mode.LATCHED


def test_an_escalation_is_acknowledged_first_and_its_latch_after_that(bench: Bench) -> None:
    bench.run_at(200)
    bench.tick(WriteOverdue(CommandKind.STOP))
    bench.run(6)
    assert bench.tick(Acknowledged()).state.mode is Mode.LATCHED
    assert bench.tick(Acknowledged()).state.mode is Mode.IDLE


def test_without_a_link_a_latch_is_cleared_to_disconnected_and_a_new_link_needs_a_new_standstill(
    bench: Bench,
) -> None:
    latched(bench).bare(LinkWentDown())
    assert bench.bare(Acknowledged()).state.mode is Mode.DISCONNECTED
    bench.tick(LinkCameUp())
    assert bench.tick(ArmAsked()).state.mode is Mode.IDLE
    bench.run(3)
    assert bench.tick(ArmAsked()).state.mode is Mode.ARMED


def running(bench: Bench) -> Bench:
    """A bench at 2 km/h."""
    bench.run_at(200)
    return bench


SEVERE: dict[str, Callable[[Bench], object]] = {
    "a runaway": lambda bench: running(bench).bare(Seen(900), Seen(900)),
    "a start by somebody else": lambda bench: latched(bench).tick(Said(MachineNotice.STARTED_AT_CONSOLE)),
    "motion unasked": lambda bench: latched(bench).bare(Seen(30), Seen(30)),
}


@pytest.mark.parametrize("what", SEVERE)
def test_a_severe_cause_needs_the_key_tested(bench: Bench, what: str) -> None:
    SEVERE[what](bench)
    bench.run(20)
    assert bench.clear(key_tested=False) is Mode.LATCHED
    assert bench.clear(key_tested=False) is Mode.LATCHED
    assert bench.clear(key_tested=True) is Mode.IDLE


def test_a_key_test_that_clears_the_alarm_does_not_clear_the_latch_behind_it(bench: Bench) -> None:
    bench.run_at(200)
    bench.bare(Seen(900), Seen(900))
    bench.run(10)
    assert bench.tick(Acknowledged(key_tested=True)).state.mode is Mode.LATCHED
    assert bench.tick(Acknowledged(key_tested=False)).state.mode is Mode.LATCHED


@pytest.mark.parametrize("first", [StopAsked(StopBy.OPERATOR), Said(MachineNotice.SAFETY_KEY_PULLED), PauseAsked()])
def test_a_fault_beside_any_other_cause_needs_a_restart(bench: Bench, first: Input) -> None:
    bench.run_at(200)
    bench.tick(first, SelfFault())
    bench.until(Mode.FAULT, within_s=20)
    assert bench.clear(key_tested=True) is Mode.FAULT


def test_the_first_cause_stays_first(bench: Bench) -> None:
    bench.run_at(200)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.tick(Said(MachineNotice.SAFETY_KEY_PULLED))
    bench.tick(LinkWentDown())
    assert bench.state.hazards == (Hazard.OPERATOR_STOP, Hazard.KEY_PULLED, Hazard.LINK_DOWN)


# --- R7: motion that nobody asked for --------------------------------------------------------------------------------


def to_idle(bench: Bench) -> None:
    bench.link()


def to_armed(bench: Bench) -> None:
    bench.link()
    bench.arm()


def to_countdown(bench: Bench) -> None:
    bench.link()
    bench.count_down()


def to_paused(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)


def to_latched(bench: Bench) -> None:
    latched(bench)


def to_fault(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(SelfFault())
    bench.until(Mode.FAULT, within_s=20)


every_rest = pytest.mark.parametrize("rest", [to_idle, to_armed, to_countdown, to_paused, to_latched, to_fault])


@every_rest
def test_two_reports_of_motion_at_rest_are_a_protective_stop(bench: Bench, rest: Callable[[Bench], None]) -> None:
    rest(bench)
    moved_ms = bench.at_ms
    bench.obeys, bench.target_ckph, bench.speed_ckph = True, 60, 60
    bench.run(0.6)
    (stopped_ms, *_) = bench.stops_since(moved_ms)
    assert stopped_ms - moved_ms <= 600
    assert Hazard.UNEXPECTED_MOTION in bench.state.hazards
    bench.run(10)
    bench.clear()
    assert bench.mode is (Mode.FAULT if rest is to_fault else Mode.IDLE)


@every_rest
def test_a_spike_at_rest_is_no_motion(bench: Bench, rest: Callable[[Bench], None]) -> None:
    rest(bench)
    spiked_ms = bench.at_ms
    for _ in range(5):
        bench.bare(Seen(1800), Beat(0, True), elapsed_ms=50)
        bench.bare(Seen(0), elapsed_ms=50)
    assert bench.stops_since(spiked_ms) == []
    assert Hazard.UNEXPECTED_MOTION not in bench.state.hazards


@every_rest
def test_a_start_by_somebody_else_is_a_protective_stop_before_any_motion(
    bench: Bench, rest: Callable[[Bench], None]
) -> None:
    rest(bench)
    started_ms = bench.at_ms
    bench.tick(Said(MachineNotice.STARTED_AT_CONSOLE))
    assert bench.stops_since(started_ms) == [bench.at_ms]
    assert Hazard.STARTED_AT_CONSOLE in bench.state.hazards
    assert bench.mode in (Mode.LATCHED, Mode.FAULT)


def test_a_belt_that_restarts_after_the_stop_is_stopped_again_however_often(bench: Bench) -> None:
    latched(bench)
    for _ in range(4):
        began_ms = bench.at_ms
        bench.bare(Seen(40), Beat(0, True), elapsed_ms=250)
        made = bench.bare(Seen(40), Beat(0, True), elapsed_ms=250)
        assert bench.stops_since(began_ms) == [bench.at_ms]
        assert made.state.mode is Mode.STOPPING
        bench.run(5)
        assert bench.ticks[-1].mode is Mode.LATCHED


def test_a_machine_that_toggles_and_restarts_is_stopped_once_for_each_restart(toggle: Bench) -> None:
    latched(toggle)
    for _ in range(3):
        began_ms = toggle.at_ms
        toggle.speed_ckph = toggle.target_ckph = 60
        toggle.run(8)
        assert len(toggle.stops_since(began_ms)) == 1
        assert toggle.mode in (Mode.LATCHED, Mode.ESCALATED)
        toggle.tick(Acknowledged())


@pytest.mark.parametrize("rest", [to_idle, to_latched, to_fault])
@pytest.mark.parametrize("notice", [MachineNotice.STOPPED_AT_CONSOLE, MachineNotice.SAFETY_KEY_PULLED])
def test_a_key_pulled_where_nothing_is_armed_changes_nothing(
    bench: Bench, rest: Callable[[Bench], None], notice: MachineNotice
) -> None:
    rest(bench)
    mode = bench.mode
    made = bench.bare(Said(notice))
    assert (made.state.mode, made.commands, made.causes) == (mode, (), ())


@pytest.mark.parametrize("rest", [to_armed, to_countdown, to_paused])
@pytest.mark.parametrize("notice", [MachineNotice.STOPPED_AT_CONSOLE, MachineNotice.SAFETY_KEY_PULLED])
def test_a_key_pulled_where_somebody_is_about_to_start_latches(
    bench: Bench, rest: Callable[[Bench], None], notice: MachineNotice
) -> None:
    rest(bench)
    assert bench.bare(Said(notice)).state.mode is Mode.LATCHED


def test_a_fault_is_not_slipped_past_by_two_acknowledgements_in_one_step(bench: Bench) -> None:
    bench.run_at(200)
    bench.tick(SelfFault(), WriteOverdue(CommandKind.STOP))
    bench.run(6)
    assert bench.ticks[-1].mode is Mode.ESCALATED
    made = bench.tick(Acknowledged(key_tested=True), Acknowledged(key_tested=True))
    assert made.state.mode is Mode.FAULT
