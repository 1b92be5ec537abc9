"""What a letter means to an open run in the state that it is in: the same as on the screens. Pure."""

from __future__ import annotations

from collections.abc import Callable

from ..safety.modes import IN_MOTION, Mode
from ..sessions.view import Controls, RunView
from ..workouts.engine import Phase
from . import speeds
from .alarm import WayOut, way_out
from .care import asks, offers_to_continue
from .changes import SCALE_STEP_PERCENT
from .frame import Frame
from .stages import Stage
from .wording import Remedy, remedy

Act = Callable[[Controls], None]


def meaning(frame: Frame, key: str) -> Act | None:
    """What this key asks for; None where it asks for nothing.

    ``key`` is a letter in lower case or a longer name. The start, the turn and what ends the program are not in here:
    they remember what was pressed before.
    """
    if key == "y" and (asks(frame.view) or frame.mode in IN_MOTION):
        return lambda controls: controls.all_right()
    acts = _BY_STAGE.get(frame.stage)
    return None if acts is None else acts(frame).get(key)


def acknowledging(frame: Frame) -> dict[str, Act]:
    """The key that says that a stop was read, or that the safety key was tested, whichever leads out of it."""
    snapshot = frame.view.snapshot
    if snapshot is None or frame.mode is not Mode.LATCHED:
        return {}
    match remedy(snapshot.causes, frame.mode):
        case Remedy.ACKNOWLEDGE:
            return {"a": lambda controls: controls.acknowledge()}
        case Remedy.TEST_KEY:
            return {"k": lambda controls: controls.acknowledge(key_tested=True)}
    return {}


def _of_the_plan(view: RunView) -> dict[str, Act]:
    """The keys of a plan under way; nothing that goes up does so before it was announced."""
    if view.phase is not Phase.RUNNING:
        return {}
    nudge_kph = speeds.nudge_kph(view)
    return {
        "p": lambda controls: controls.pause(),
        "h": lambda controls: controls.hold(),
        "e": lambda controls: controls.extend(),
        ",": lambda controls: controls.previous_step(),
        "n": lambda controls: controls.next_step(),
        "f": lambda controls: controls.finish(),
        "+": lambda controls: controls.nudge(nudge_kph),
        "-": lambda controls: controls.nudge(-nudge_kph),
        "[": lambda controls: controls.scale(-SCALE_STEP_PERCENT),
        "]": lambda controls: controls.scale(SCALE_STEP_PERCENT),
    }


def _mounting(_frame: Frame) -> dict[str, Act]:
    return {"o": lambda controls: controls.person_on(), "p": lambda controls: controls.pause()}


def _live(frame: Frame) -> dict[str, Act]:
    return _of_the_plan(frame.view)


def _coach(frame: Frame) -> dict[str, Act]:
    """No key here moves or stops a belt, so Space and Enter say that something is set."""
    on: dict[str, Act] = {"o": lambda controls: controls.person_on()}
    waits = frame.view.phase is Phase.WAITING_FOR_PERSON
    is_set: dict[str, Act] = dict.fromkeys(("space", "enter"), lambda controls: controls.confirm_set())
    return {**_of_the_plan(frame.view), **is_set, **(on if waits else {})}


def _off_belt(_frame: Frame) -> dict[str, Act]:
    return {
        "n": lambda controls: controls.next_step(),
        "e": lambda controls: controls.extend(),
        ",": lambda controls: controls.previous_step(),
    }


def _stopped(frame: Frame) -> dict[str, Act]:
    again: dict[str, Act] = {"c": lambda controls: controls.continue_run()}
    return {**acknowledging(frame), **(again if offers_to_continue(frame.view) else {})}


def _alarm(frame: Frame) -> dict[str, Act]:
    if way_out(frame.view) is not WayOut.ACKNOWLEDGE:
        return {}
    return {"a": lambda controls: controls.acknowledge()}


_BY_STAGE: dict[Stage, Callable[[Frame], dict[str, Act]]] = {
    Stage.MOUNTING: _mounting,
    Stage.LIVE: _live,
    Stage.COACH: _coach,
    Stage.OFF_BELT: _off_belt,
    Stage.STOPPED: _stopped,
    Stage.ALARM: _alarm,
}
