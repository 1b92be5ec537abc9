"""The modes of the supervisor and the one table of its transitions.

A mode says what the supervisor waits for or what it holds. What is not in the table does not happen:
``follow`` leaves the mode alone. The diagram in ``docs/supervisor.md`` is made from this table.
"""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """Where one arming stands; the comment says what leaves it."""

    DISCONNECTED = "disconnected"  # a link
    IDLE = "idle"  # a person arming at confirmed standstill
    ARMED = "armed"  # the hold, within 30 s
    COUNTDOWN = "countdown"  # its end, or any key
    STARTING = "starting"  # the belt seen moving
    RUN = "running"  # pause, stop or a rule
    PAUSING = "pausing"  # confirmed standstill
    PAUSED = "paused"  # a full new arming; 60 s
    TURN = "turning"  # every interlock of a turn, then a full new arming; five minutes
    STOPPING = "stopping"  # confirmed standstill, or escalation
    ESCALATED = "escalated"  # confirmed standstill and a person
    LATCHED = "latched"  # a person
    FAULT = "fault"  # a restart of the program


class Trigger(StrEnum):
    """Why a mode changes."""

    LINK_UP = "link up"
    LINK_LOST_AT_REST = "link lost at rest"
    ARM = "arm"
    LAPSE = "arming lapsed or cancelled"
    HOLD = "hold completed"
    COUNTDOWN_OVER = "countdown over"
    MOTION_SEEN = "motion seen"
    PAUSE = "pause"
    STOP = "stop"
    ESCALATE = "escalate"
    STANDSTILL = "standstill confirmed"
    TURN = "turn"
    REST = "rest"
    ACKNOWLEDGE = "acknowledged"
    ACKNOWLEDGE_UNLINKED = "acknowledged without a link"
    FAULT = "fault found"


_STOPPABLE = (
    Mode.IDLE,
    Mode.ARMED,
    Mode.COUNTDOWN,
    Mode.STARTING,
    Mode.RUN,
    Mode.PAUSING,
    Mode.PAUSED,
    Mode.TURN,
    Mode.LATCHED,
    Mode.FAULT,
)
_ESCALATABLE = (*_STOPPABLE, Mode.STOPPING)

TRANSITIONS: dict[tuple[Mode, Trigger], Mode] = {
    (Mode.DISCONNECTED, Trigger.LINK_UP): Mode.IDLE,
    (Mode.IDLE, Trigger.LINK_LOST_AT_REST): Mode.DISCONNECTED,
    (Mode.ARMED, Trigger.LINK_LOST_AT_REST): Mode.DISCONNECTED,
    (Mode.COUNTDOWN, Trigger.LINK_LOST_AT_REST): Mode.DISCONNECTED,
    (Mode.PAUSED, Trigger.LINK_LOST_AT_REST): Mode.LATCHED,
    (Mode.TURN, Trigger.LINK_LOST_AT_REST): Mode.LATCHED,
    (Mode.IDLE, Trigger.TURN): Mode.TURN,
    (Mode.PAUSED, Trigger.TURN): Mode.TURN,
    (Mode.PAUSED, Trigger.REST): Mode.IDLE,
    (Mode.IDLE, Trigger.ARM): Mode.ARMED,
    (Mode.PAUSED, Trigger.ARM): Mode.ARMED,
    (Mode.TURN, Trigger.ARM): Mode.ARMED,
    (Mode.ARMED, Trigger.LAPSE): Mode.IDLE,
    (Mode.COUNTDOWN, Trigger.LAPSE): Mode.IDLE,
    (Mode.ARMED, Trigger.HOLD): Mode.COUNTDOWN,
    (Mode.COUNTDOWN, Trigger.COUNTDOWN_OVER): Mode.STARTING,
    (Mode.STARTING, Trigger.MOTION_SEEN): Mode.RUN,
    (Mode.RUN, Trigger.PAUSE): Mode.PAUSING,
    (Mode.PAUSING, Trigger.STANDSTILL): Mode.PAUSED,
    **{(mode, Trigger.STOP): Mode.STOPPING for mode in _STOPPABLE},
    **{(mode, Trigger.ESCALATE): Mode.ESCALATED for mode in _ESCALATABLE},
    (Mode.STOPPING, Trigger.STANDSTILL): Mode.LATCHED,
    (Mode.ESCALATED, Trigger.ACKNOWLEDGE): Mode.LATCHED,
    (Mode.LATCHED, Trigger.ACKNOWLEDGE): Mode.IDLE,
    (Mode.LATCHED, Trigger.ACKNOWLEDGE_UNLINKED): Mode.DISCONNECTED,
    (Mode.LATCHED, Trigger.FAULT): Mode.FAULT,
    (Mode.DISCONNECTED, Trigger.FAULT): Mode.FAULT,
}

AT_REST = frozenset(
    {
        Mode.DISCONNECTED,
        Mode.IDLE,
        Mode.ARMED,
        Mode.COUNTDOWN,
        Mode.PAUSED,
        Mode.TURN,
        Mode.LATCHED,
        Mode.FAULT,
    }
)
IN_MOTION = frozenset({Mode.STARTING, Mode.RUN, Mode.PAUSING})
ENDING = frozenset({Mode.STOPPING, Mode.ESCALATED})
LEASED = frozenset({Mode.ARMED, Mode.COUNTDOWN}) | IN_MOTION


def follow(mode: Mode, trigger: Trigger) -> Mode:
    """The mode after ``trigger``; the same one where the table has no such row."""
    return TRANSITIONS.get((mode, trigger), mode)
