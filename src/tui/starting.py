"""When a start has a place, and what it goes on from. Pure."""

from __future__ import annotations

from ..safety.modes import Mode
from ..sessions.view import RunView
from ..workouts.engine import Phase
from .between import may_start
from .frame import Frame
from .freshness import rest_known

STARTS_FROM = frozenset({Mode.IDLE, Mode.PAUSED, Mode.TURN})
"""Modes in which a person may ask for a start."""


def takes_start(frame: Frame) -> bool:
    """Whether a start can be asked for or called off.

    Before the belt is seen still it would only be refused; once the belt was told to start, only a stop helps.
    """
    if frame.mode in (Mode.ARMED, Mode.COUNTDOWN):
        return True
    return frame.mode in STARTS_FROM and rest_known(frame.view) and may_start(frame.view)


def resumes(view: RunView) -> bool:
    """Whether the run has been under way already and would go on from a place in the plan."""
    return view.phase in (Phase.PAUSED, Phase.WAITING_FOR_TURN, Phase.OFF_BELT) or view.plan_time_s > 0


def turned(view: RunView) -> bool:
    """Whether a turn is behind this start."""
    return view.phase is Phase.WAITING_FOR_TURN
