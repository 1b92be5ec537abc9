"""Turns and times off the belt: what is done, what is missing, and what comes then. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import BeltDirection
from ..safety.modes import AT_REST, Mode
from ..sessions.view import RunView, TurnView
from ..workouts.engine import Phase
from ..workouts.timeline import Step, StepKind
from .empty_belt import CONFIRMS
from .freshness import rest_known
from .wording import next_step, where_text

AGAIN_S = 0.7
"""A press so soon after another is the same key still held: it must not confirm what nobody has looked at yet."""

UNDER_WAY = frozenset({Mode.ARMED, Mode.COUNTDOWN, Mode.STARTING})
"""The start that follows a turn has begun."""

_STANDING = frozenset({StepKind.TURN, StepKind.OFF_BELT})


def on_belt(step: Step) -> bool:
    """Whether the belt moves in this step."""
    return step.kind not in _STANDING


# --- the turn ---------------------------------------------------------------------------------------------------


def turn_done(turn: TurnView | None) -> bool:
    """Both confirmed, and nothing missing: the start may begin."""
    return turn is not None and turn.on_rails and turn.facing_confirmed and turn.needs is None


def dwelt(turn: TurnView) -> bool:
    """Whether the belt has been seen still for as long as a turn needs."""
    return turn.still_s >= turn.dwell_s


def confirmations(view: RunView) -> tuple[tuple[str, bool], ...]:
    """The two sentences of a turn in their order, each with whether it is confirmed."""
    facing = view.facing if view.turn is None else view.turn.facing
    on_rails = view.turn is not None and view.turn.on_rails
    faces = view.turn is not None and view.turn.facing_confirmed
    if view.empty_belt:
        return ((CONFIRMS[0], on_rails), (f"{CONFIRMS[1]}{_belt_text(view)}", faces))
    return (
        ("I stand on the rails, both feet off the belt, and I see it still.", on_rails),
        (f"I now face {where_text(facing)}.{_belt_text(view)}", faces),
    )


def _belt_text(view: RunView) -> str:
    """Which way the belt will run, where the plan has both: who faces the same way as before must know it too."""
    if all(step.belt is BeltDirection.FORWARD for step in view.timeline.steps):
        return ""
    belt = view.belt if view.turn is None else view.turn.belt
    return f" It then runs {belt.value}." if view.empty_belt else f" The belt then runs {belt.value}."


def to_confirm(view: RunView) -> int | None:
    """Which of the two, 0 or 1, can be confirmed now; None while the belt has not stood long enough, and after both."""
    turn = view.turn
    if turn is None or not dwelt(turn) or not rest_known(view):
        return None
    return next((index for index, (_, done) in enumerate(confirmations(view)) if not done), None)


@dataclass(frozen=True, slots=True)
class Confirming:
    """What the keys of a turn have asked for: the last press, and the confirmation that was asked for last."""

    pressed_s: float | None = None
    asked: int | None = None


def confirm(state: Confirming, offered: int | None, now_s: float) -> tuple[Confirming, bool]:
    """The state after a press, and whether it confirms: each sentence once, and none by a key that is only held."""
    held = state.pressed_s is not None and now_s - state.pressed_s <= AGAIN_S
    if held or offered is None or offered == state.asked:
        return Confirming(now_s, state.asked), False
    return Confirming(now_s, offered), True


def refused(state: Confirming, offered: int | None, now_s: float, answer_s: float = 2.0) -> Confirming:
    """A confirmation that is still offered after ``answer_s`` was not taken: it may be asked for again."""
    waited = state.pressed_s is not None and now_s - state.pressed_s > answer_s
    return Confirming(state.pressed_s, None) if waited and state.asked == offered else state


# --- off the belt -----------------------------------------------------------------------------------------------


def off_belt_left_s(view: RunView) -> float:
    """What is left of this time off the belt, with what was added to it; 0 when it is over."""
    return max(0.0, view.timeline.steps[view.step_index].ends_s - view.plan_time_s + view.extended_s)


def may_start(view: RunView) -> bool:
    """Whether a start sequence has a place here: not in a turn that is not complete, not before another time off."""
    if view.phase is Phase.WAITING_FOR_TURN:
        return turn_done(view.turn)
    following = next_step(view)
    return view.phase is not Phase.OFF_BELT or (following is not None and on_belt(following))


def belt_rests(view: RunView) -> bool:
    """Whether the belt is on the way to nowhere: at rest, as far as its modes say."""
    return view.snapshot is None or view.snapshot.mode in AT_REST
