"""Which screen a state of the run belongs to: one pure function of the view."""

from __future__ import annotations

from enum import Enum

from ..safety.hazards import Hazard
from ..safety.modes import ENDING, IN_MOTION, Mode
from ..sessions.view import Control, RunView
from ..workouts.engine import ENDS, Phase
from .between import UNDER_WAY, turn_done


class Stage(Enum):
    """Where a run stands, as the screens see it."""

    START = "start"
    MOUNTING = "mounting"
    LIVE = "live"
    COACH = "coach"
    TURN = "turn"
    OFF_BELT = "off belt"
    STOPPED = "stopped"
    ALARM = "alarm"
    SUMMARY = "summary"


# Causes that an ordinary end has; everything else is worth a screen of its own before the summary.
ORDINARY_END = frozenset({Hazard.PLAN_STOP, Hazard.SPEED_CAPPED, Hazard.INCLINE_CAPPED})

_BY_PHASE = {
    Phase.READY: Stage.START,
    Phase.WAITING_FOR_START: Stage.START,
    Phase.WAITING_FOR_PERSON: Stage.MOUNTING,
    Phase.RUNNING: Stage.LIVE,
    Phase.PAUSED: Stage.START,  # resuming is the same sequence, on the same page
    Phase.WAITING_FOR_TURN: Stage.TURN,
    Phase.OFF_BELT: Stage.OFF_BELT,
    Phase.FINISHED: Stage.LIVE,
    Phase.STOPPED: Stage.STOPPED,
}

_RUN_STAGES = frozenset({Stage.MOUNTING, Stage.LIVE})
_MOVED_BY_HAND = frozenset({Mode.RUN, Mode.PAUSING})


def stage_of(view: RunView) -> Stage:
    """The screen for this view. The alarm goes before everything; the summary comes when nothing is left to say."""
    if key_alarm(view):
        return Stage.ALARM
    if view.snapshot is None:
        return Stage.SUMMARY if view.summary is not None else Stage.START
    mode = view.snapshot.mode
    if mode in ENDING or (view.phase in ENDS and mode in IN_MOTION):
        return _running(view)
    if mode is Mode.FAULT or (mode is Mode.LATCHED and not _ended_well(view)):
        return Stage.STOPPED
    if view.summary is not None:
        return Stage.SUMMARY
    return _of_phase(view, mode)


def _running(view: RunView) -> Stage:
    """The page of a belt that moves: ours, or one that a hand has to set."""
    return Stage.LIVE if view.control is Control.GUARDIAN else Stage.COACH


def _of_phase(view: RunView, mode: Mode) -> Stage:
    if view.phase is Phase.WAITING_FOR_TURN and (mode in UNDER_WAY or turn_done(view.turn)):
        return Stage.START  # the ordinary sequence, once the turn is complete
    stage = _BY_PHASE[view.phase]
    by_hand = view.control is not Control.GUARDIAN and (mode in _MOVED_BY_HAND or stage in _RUN_STAGES)
    return Stage.COACH if by_hand else stage


def key_alarm(view: RunView) -> bool:
    """Somebody's hand is needed: the guardian says so, or it is gone while a belt may move."""
    snapshot = view.snapshot
    if snapshot is None:
        return False
    over = view.summary is not None and snapshot.standstill and not snapshot.alarm
    return snapshot.alarm or (not view.guardian_alive and not over)


def _ended_well(view: RunView) -> bool:
    """The plan was walked to its end, the belt has come to rest, and the summary is there."""
    assert view.snapshot is not None
    causes = {cause.hazard for cause in view.snapshot.causes}
    return view.phase is Phase.FINISHED and view.summary is not None and causes <= ORDINARY_END
