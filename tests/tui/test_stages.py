"""Which screen a state of the run belongs to."""

from __future__ import annotations

import pytest
from tests.tui.conftest import A_SUMMARY, a_snapshot, a_turn, a_view, coached_view, still, turn_view, unmeasured

from retrotread.guardian.messages import Snapshot
from retrotread.safety.hazards import Hazard
from retrotread.safety.modes import Mode
from retrotread.safety.policy import cause
from retrotread.tui.stages import Stage, stage_of
from retrotread.workouts.engine import Phase

MOVING = a_snapshot(Mode.RUN)
ALARMED = a_snapshot(Mode.ESCALATED, alarm=True)
LATCHED_BY_HAND = still(Mode.LATCHED, causes=(cause(Hazard.OPERATOR_STOP),))
LATCHED_BY_PLAN = still(Mode.LATCHED, causes=(cause(Hazard.PLAN_STOP),))

CASES = {
    "not connected yet": (Phase.READY, None, Stage.START),
    "connected": (Phase.READY, still(Mode.IDLE), Stage.START),
    "the countdown": (Phase.WAITING_FOR_START, still(Mode.COUNTDOWN), Stage.START),
    "the machine's own countdown": (Phase.WAITING_FOR_START, still(Mode.STARTING), Stage.START),
    "the belt waits for the person": (Phase.WAITING_FOR_PERSON, MOVING, Stage.MOUNTING),
    "running": (Phase.RUNNING, MOVING, Stage.LIVE),
    "slowing down into a pause": (Phase.PAUSED, a_snapshot(Mode.PAUSING), Stage.START),
    "paused": (Phase.PAUSED, still(Mode.PAUSED), Stage.START),
    "a pause whose arming lapsed": (Phase.PAUSED, still(Mode.IDLE), Stage.START),
    "stopping": (Phase.STOPPED, a_snapshot(Mode.STOPPING), Stage.LIVE),
    "the plan is over and the belt still moves": (Phase.FINISHED, MOVING, Stage.LIVE),
    "stopped by hand": (Phase.STOPPED, LATCHED_BY_HAND, Stage.STOPPED),
    "a fault": (Phase.STOPPED, still(Mode.FAULT), Stage.STOPPED),
    "a turn": (Phase.WAITING_FOR_TURN, still(Mode.TURN), Stage.TURN),
    "drills beside the belt": (Phase.OFF_BELT, still(Mode.IDLE), Stage.OFF_BELT),
    "stopped in a turn": (Phase.STOPPED, LATCHED_BY_HAND, Stage.STOPPED),
    "an alarm": (Phase.RUNNING, ALARMED, Stage.ALARM),
}


@pytest.mark.parametrize(("phase", "snapshot", "stage"), CASES.values(), ids=CASES.keys())
def test_every_state_has_its_screen(phase: Phase, snapshot: Snapshot | None, stage: Stage) -> None:
    assert stage_of(a_view(phase, snapshot)) is stage


def test_a_plan_that_ended_well_goes_to_the_summary_and_a_stop_by_hand_is_read_first() -> None:
    assert stage_of(a_view(Phase.FINISHED, LATCHED_BY_PLAN, summary=A_SUMMARY)) is Stage.SUMMARY
    assert stage_of(a_view(Phase.STOPPED, LATCHED_BY_HAND, summary=A_SUMMARY)) is Stage.STOPPED
    assert stage_of(a_view(Phase.STOPPED, still(Mode.IDLE), summary=A_SUMMARY)) is Stage.SUMMARY
    both = still(Mode.LATCHED, causes=(cause(Hazard.PLAN_STOP), cause(Hazard.RAMP_LAGS)))
    assert stage_of(a_view(Phase.FINISHED, both, summary=A_SUMMARY)) is Stage.STOPPED


BY_HAND = {
    "the start of a coached run": (Phase.READY, unmeasured(Mode.IDLE), Stage.START),
    "a hand sets the lowest speed": (Phase.WAITING_FOR_PERSON, unmeasured(Mode.RUN), Stage.COACH),
    "coached": (Phase.RUNNING, unmeasured(Mode.RUN), Stage.COACH),
    "a hand stops the belt for a pause": (Phase.PAUSED, unmeasured(Mode.PAUSING), Stage.COACH),
    "a hand stops the belt for a turn": (Phase.WAITING_FOR_TURN, unmeasured(Mode.PAUSING), Stage.COACH),
    "a hand stops the belt for drills": (Phase.OFF_BELT, unmeasured(Mode.PAUSING), Stage.COACH),
    "a hand stops the belt at the end": (Phase.FINISHED, unmeasured(Mode.STOPPING), Stage.COACH),
    "paused": (Phase.PAUSED, unmeasured(Mode.PAUSED), Stage.START),
    "ended by hand": (Phase.STOPPED, unmeasured(Mode.LATCHED, causes=(cause(Hazard.OPERATOR_STOP),)), Stage.STOPPED),
}


@pytest.mark.parametrize(("phase", "snapshot", "stage"), BY_HAND.values(), ids=BY_HAND.keys())
def test_a_belt_that_moves_by_hand_has_the_coach_s_page(phase: Phase, snapshot: Snapshot, stage: Stage) -> None:
    assert stage_of(coached_view(snapshot, phase=phase)) is stage


def test_a_turn_has_its_page_until_it_is_complete_and_then_the_start() -> None:
    missing = (
        a_turn(),
        a_turn(on_rails=True),
        a_turn(faces=True),
        a_turn(on_rails=True, faces=True, needs="a report"),
        None,
    )
    assert {stage_of(turn_view(turn=turn)) for turn in missing} == {Stage.TURN}
    assert stage_of(turn_view(turn=a_turn(on_rails=True, faces=True))) is Stage.START
    assert stage_of(turn_view(still(Mode.ARMED))) is Stage.START, "the start is under way"
    assert stage_of(turn_view(a_snapshot(Mode.PAUSING))) is Stage.TURN


def test_a_summary_never_covers_a_belt_that_moves() -> None:
    assert stage_of(a_view(Phase.FINISHED, MOVING, summary=A_SUMMARY)) is Stage.LIVE
    assert stage_of(a_view(Phase.FINISHED, ALARMED, summary=A_SUMMARY)) is Stage.ALARM


def test_a_dead_guardian_is_an_alarm_unless_the_run_was_over_at_standstill() -> None:
    assert stage_of(a_view(Phase.RUNNING, MOVING, guardian_alive=False)) is Stage.ALARM
    assert stage_of(a_view(Phase.READY, still(Mode.IDLE), guardian_alive=False)) is Stage.ALARM
    assert stage_of(a_view(Phase.FINISHED, MOVING, guardian_alive=False, summary=A_SUMMARY)) is Stage.ALARM
    assert stage_of(a_view(Phase.FINISHED, LATCHED_BY_PLAN, guardian_alive=False, summary=A_SUMMARY)) is Stage.SUMMARY
    assert stage_of(a_view(Phase.READY, None, guardian_alive=False)) is Stage.START
