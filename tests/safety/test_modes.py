"""The one table of modes: what it must hold and what it must never hold."""

from __future__ import annotations

import pytest

from retrotread.safety.modes import AT_REST, ENDING, IN_MOTION, LEASED, TRANSITIONS, Mode, Trigger, follow


def ways_into(mode: Mode) -> set[tuple[Mode, Trigger]]:
    return {row for row, target in TRANSITIONS.items() if target is mode and row[0] is not mode}


def test_every_mode_is_reached() -> None:
    assert {mode for mode in Mode if not ways_into(mode)} <= {Mode.DISCONNECTED}


def test_a_belt_starts_from_the_end_of_a_countdown_alone() -> None:
    assert ways_into(Mode.STARTING) == {(Mode.COUNTDOWN, Trigger.COUNTDOWN_OVER)}
    assert ways_into(Mode.RUN) == {(Mode.STARTING, Trigger.MOTION_SEEN)}


def test_a_countdown_begins_with_a_hold_and_an_arming_from_rest() -> None:
    assert ways_into(Mode.COUNTDOWN) == {(Mode.ARMED, Trigger.HOLD)}
    assert ways_into(Mode.ARMED) == {(mode, Trigger.ARM) for mode in (Mode.IDLE, Mode.PAUSED, Mode.TURN)}


def test_the_alarm_ends_by_a_person_alone_and_leads_to_a_latch() -> None:
    rows = {row: target for row, target in TRANSITIONS.items() if row[0] is Mode.ESCALATED}
    assert rows == {(Mode.ESCALATED, Trigger.ACKNOWLEDGE): Mode.LATCHED}


def test_a_latch_ends_by_a_person_alone_unless_it_becomes_something_worse() -> None:
    gentle = {
        trigger
        for (mode, trigger), target in TRANSITIONS.items()
        if mode is Mode.LATCHED and target not in ENDING | {Mode.FAULT}
    }
    assert gentle == {Trigger.ACKNOWLEDGE, Trigger.ACKNOWLEDGE_UNLINKED}


def test_nothing_leads_out_of_a_fault_but_a_stop() -> None:
    assert {target for (mode, _), target in TRANSITIONS.items() if mode is Mode.FAULT} == {
        Mode.STOPPING,
        Mode.ESCALATED,
    }


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode not in ENDING | {Mode.DISCONNECTED}])
def test_a_stop_and_an_alarm_are_possible_from_every_mode_with_a_link(mode: Mode) -> None:
    assert follow(mode, Trigger.STOP) is Mode.STOPPING
    assert follow(mode, Trigger.ESCALATE) is Mode.ESCALATED


def test_a_new_link_leads_to_rest_and_nowhere_else() -> None:
    assert {mode for mode in Mode if follow(mode, Trigger.LINK_UP) is not mode} == {Mode.DISCONNECTED}


def test_what_is_not_in_the_table_does_not_happen() -> None:
    for mode in Mode:
        for trigger in Trigger:
            if (mode, trigger) not in TRANSITIONS:
                assert follow(mode, trigger) is mode


def test_every_mode_is_at_rest_in_motion_or_ending() -> None:
    assert sorted(mode.name for kind in (AT_REST, IN_MOTION, ENDING) for mode in kind) == sorted(Mode.__members__)
    before_motion = LEASED - IN_MOTION
    assert before_motion == {Mode.ARMED, Mode.COUNTDOWN}
    assert before_motion | IN_MOTION == LEASED
