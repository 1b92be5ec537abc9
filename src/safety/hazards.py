"""What can be wrong or asked for, how strongly it is answered, and when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class Action(IntEnum):
    """What is done about a hazard, mildest first; the greatest wins."""

    ALLOW = 0
    WARN = 1
    FREEZE_RISES = 2
    EASE = 3
    CONTROLLED_STOP = 4
    PROTECTIVE_STOP = 5
    ESCALATE = 6


class Clears(Enum):
    """When a cause is over."""

    BY_ITSELF = "when the condition ends"
    WHEN_ACKNOWLEDGED = "when a person acknowledges it at standstill"
    AFTER_KEY_TEST = "when a person acknowledges it and has tested the safety key again"
    BY_RESTART = "when the program is started anew"


class Hazard(Enum):
    """What can be wrong, or asked for. The value is its name in journals and files."""

    SPEED_CAPPED = "speed_capped"
    INCLINE_CAPPED = "incline_capped"
    ARM_REFUSED = "arm_refused"
    START_NOT_POSSIBLE = "start_not_possible"
    TELEMETRY_LATE = "telemetry_late"
    SUSPECT_SPEED = "suspect_speed"
    SET_REFUSED = "set_refused"
    UI_SLOW = "ui_slow"
    FOCUS_AWAY = "focus_away"
    SCREEN_LOCKED = "screen_locked"
    REMOTE_AWAY = "remote_away"
    FOREIGN_LOWER = "foreign_lower"
    NOT_FOLLOWING = "not_following"
    RECORDER_BEHIND = "recorder_behind"
    CUES_FAILED = "cues_failed"
    SESSION_LONG = "session_long"
    HEART_NEAR = "heart_near"
    HEART_HIGH = "heart_high"
    HEART_LATE = "heart_late"
    HEART_LOST = "heart_lost"
    HEART_GONE = "heart_gone"
    ATTENTION_ASKED = "attention_asked"
    ATTENTION_LATE = "attention_late"
    ATTENTION_LOST = "attention_lost"
    PAIN_SOME = "pain_some"
    EFFORT_HIGH = "effort_high"
    BLOCK_LONG = "block_long"
    OPERATOR_STOP = "operator_stop"
    PLAN_STOP = "plan_stop"
    PROGRAM_STOP = "program_stop"
    LEASE_LAPSED = "lease_lapsed"
    LEASE_REVOKED = "lease_revoked"
    UI_DEAD = "ui_dead"
    INPUT_DEAD = "input_dead"
    FOCUS_GONE = "focus_gone"
    SCREEN_STAYS_LOCKED = "screen_stays_locked"
    REMOTE_GONE = "remote_gone"
    NEVER_FOLLOWED = "never_followed"
    HOST_SLEEPS = "host_sleeps"
    SESSION_OVER = "session_over"
    HEART_OVER = "heart_over"
    HEART_NEEDED = "heart_needed"
    NOBODY_ANSWERS = "nobody_answers"
    CLICKER_RELEASED = "clicker_released"
    SYMPTOM = "symptom"
    PAIN_OVER = "pain_over"
    EFFORT_FULL = "effort_full"
    BLOCK_OVER = "block_over"
    BATTERY_LOW = "battery_low"
    PAUSE_TOO_LONG = "pause_too_long"
    TURN_TOO_LONG = "turn_too_long"
    TICKS_LATE = "ticks_late"
    OPERATOR_STOP_AGAIN = "operator_stop_again"
    RAMP_LAGS = "ramp_lags"
    START_REFUSED = "start_refused"
    NO_MOTION = "no_motion"
    STOPPED_AT_CONSOLE = "stopped_at_console"
    KEY_PULLED = "key_pulled"
    STOPPED_BY_ITSELF = "stopped_by_itself"
    UNEXPECTED_MOTION = "unexpected_motion"
    STARTED_AT_CONSOLE = "started_at_console"
    CONSOLE_RESTARTED = "console_restarted"
    FOREIGN_HIGHER = "foreign_higher"
    WRONG_WAY = "wrong_way"
    SYMPTOM_AT_ONCE = "symptom_at_once"
    SUSPENDED = "suspended"
    CLOCK_GAP = "clock_gap"
    SELF_FAULT = "self_fault"
    RUNAWAY = "runaway"
    TELEMETRY_SILENT = "telemetry_silent"
    COUNTERS_STUCK = "counters_stuck"
    LINK_DOWN = "link_down"
    CONTROL_LOST = "control_lost"
    WRITE_OVERDUE = "write_overdue"
    STOP_UNCONFIRMED = "stop_unconfirmed"


@dataclass(frozen=True, slots=True)
class Cause:
    """One hazard that has tripped; ``message`` holds the measured value and the limit."""

    hazard: Hazard
    action: Action
    message: str
    clears: Clears
