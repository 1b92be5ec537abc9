"""The policy table is whole, ordered, and each row is what was agreed."""

from __future__ import annotations

import pytest

from retrotread.safety.hazards import Action, Clears, Hazard
from retrotread.safety.modes import AT_REST, IN_MOTION, Mode
from retrotread.safety.policy import POLICY, RULES, cause

AGREED = {
    Action.WARN: "speed_capped incline_capped foreign_lower arm_refused start_not_possible heart_near heart_lost"
    " attention_asked",
    Action.FREEZE_RISES: "telemetry_late suspect_speed set_refused ui_slow focus_away screen_locked remote_away"
    " not_following recorder_behind cues_failed heart_late attention_late pain_some",
    Action.EASE: "session_long heart_high heart_gone attention_lost effort_high block_long",
    Action.CONTROLLED_STOP: "operator_stop plan_stop program_stop lease_lapsed lease_revoked ui_dead input_dead"
    " focus_gone screen_stays_locked remote_gone never_followed host_sleeps session_over pause_too_long turn_too_long"
    " ticks_late heart_over heart_needed nobody_answers clicker_released symptom pain_over effort_full block_over"
    " battery_low",
    Action.PROTECTIVE_STOP: "operator_stop_again ramp_lags start_refused no_motion stopped_at_console key_pulled"
    " stopped_by_itself unexpected_motion started_at_console foreign_higher wrong_way suspended self_fault"
    " symptom_at_once clock_gap console_restarted",
    Action.ESCALATE: "runaway telemetry_silent counters_stuck link_down control_lost write_overdue stop_unconfirmed",
}
SEVERE = {
    Hazard.RUNAWAY,
    Hazard.UNEXPECTED_MOTION,
    Hazard.STARTED_AT_CONSOLE,
    Hazard.CONSOLE_RESTARTED,
    Hazard.FOREIGN_HIGHER,
    Hazard.WRONG_WAY,
}
RESTART = {Hazard.SELF_FAULT, Hazard.TICKS_LATE}


def test_every_hazard_has_one_row() -> None:
    assert sorted(rule.hazard.value for rule in POLICY) == sorted(hazard.value for hazard in Hazard)


@pytest.mark.parametrize("action", AGREED)
def test_what_is_done_about_a_hazard_is_what_was_agreed(action: Action) -> None:
    done = {rule.hazard.value for rule in POLICY if rule.action is action}
    assert done == set(AGREED[action].split())


def test_actions_are_ordered_from_the_mildest_to_the_strongest() -> None:
    assert list(Action) == sorted(Action)
    assert [action.name for action in Action] == [
        "ALLOW",
        "WARN",
        "FREEZE_RISES",
        "EASE",
        "CONTROLLED_STOP",
        "PROTECTIVE_STOP",
        "ESCALATE",
    ]


def test_a_row_has_modes_where_and_only_where_a_condition_trips_it() -> None:
    assert all(bool(rule.modes) is (rule.trips is not None) for rule in POLICY)


def test_every_stop_stays_until_a_person_or_a_restart_clears_it() -> None:
    for rule in POLICY:
        assert (rule.clears is Clears.BY_ITSELF) is (rule.action < Action.CONTROLLED_STOP)


def test_the_severe_causes_need_the_key_tested_and_the_faults_a_restart() -> None:
    assert {rule.hazard for rule in POLICY if rule.clears is Clears.AFTER_KEY_TEST} == SEVERE
    assert {rule.hazard for rule in POLICY if rule.clears is Clears.BY_RESTART} == RESTART


@pytest.mark.parametrize(
    "hazard",
    [
        Hazard.LEASE_LAPSED,
        Hazard.LEASE_REVOKED,
        Hazard.UI_DEAD,
        Hazard.INPUT_DEAD,
        Hazard.TICKS_LATE,
        Hazard.RUNAWAY,
        Hazard.TELEMETRY_SILENT,
        Hazard.COUNTERS_STUCK,
        Hazard.TELEMETRY_LATE,
        Hazard.UI_SLOW,
        Hazard.CLICKER_RELEASED,
        Hazard.PAIN_OVER,
        Hazard.EFFORT_FULL,
        Hazard.BATTERY_LOW,
        Hazard.CLOCK_GAP,
    ],
)
def test_what_guards_a_running_belt_guards_it_from_the_start_to_the_pause(hazard: Hazard) -> None:
    assert RULES[hazard].modes >= IN_MOTION


def test_motion_unasked_is_watched_for_in_every_mode_at_rest_that_has_a_link() -> None:
    assert RULES[Hazard.UNEXPECTED_MOTION].modes == AT_REST - {Mode.DISCONNECTED}


def test_a_stop_under_way_is_watched_until_it_is_seen_to_work() -> None:
    for hazard in (Hazard.STOP_UNCONFIRMED, Hazard.RAMP_LAGS):
        assert RULES[hazard].modes == {Mode.STOPPING, Mode.PAUSING}
    assert Mode.STOPPING in RULES[Hazard.RUNAWAY].modes


def test_a_cause_says_its_own_sentence_or_the_reason_of_its_row() -> None:
    assert cause(Hazard.KEY_PULLED).message == "the safety key was pulled: somebody was in need"
    told = cause(Hazard.LINK_DOWN, "gone")
    assert (told.message, told.action, told.clears) == ("gone", Action.ESCALATE, Clears.WHEN_ACKNOWLEDGED)
