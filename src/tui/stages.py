"""Which screen a state of the run belongs to: one pure function of the view."""

from __future__ import annotations

from enum import Enum

from ..safety.hazards import Hazard
from ..safety.modes import ENDING, IN_MOTION, Mode
from ..sessions.view import RunView
from ..workouts.engine import ENDS, Phase


class Stage(Enum):
    """Where a run stands, as the screens see it."""

    START = "start"
    MOUNTING = "mounting"
    LIVE = "live"
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
    Phase.WAITING_FOR_TURN: Stage.START,
    Phase.OFF_BELT: Stage.START,
    Phase.FINISHED: Stage.LIVE,
    Phase.STOPPED: Stage.STOPPED,
}


def stage_of(view: RunView) -> Stage:
    """The screen for this view. The alarm goes before everything; the summary comes when nothing is left to say."""
    if key_alarm(view):
        return Stage.ALARM
    if view.snapshot is None:
        return Stage.SUMMARY if view.summary is not None else Stage.START
    mode = view.snapshot.mode
    if mode in ENDING or (view.phase in ENDS and mode in IN_MOTION):
        return Stage.LIVE
    if mode is Mode.FAULT or (mode is Mode.LATCHED and not _ended_well(view)):
        return Stage.STOPPED
    if view.summary is not None:
        return Stage.SUMMARY
    return _BY_PHASE[view.phase]


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
