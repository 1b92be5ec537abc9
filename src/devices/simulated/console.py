"""What the console of a simulated treadmill answers to a command. Pure: it decides and moves nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...machine import (
    Accepted,
    BeltDirection,
    Capabilities,
    Command,
    CommandOutcome,
    Rejected,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
)
from .archetype import Archetype, Rounding


@dataclass(frozen=True, slots=True)
class ConsoleState:
    """What a console looks at before it answers.

    ``asked_to_run`` holds from an accepted start to an accepted stop: with a still belt it means a countdown.
    ``taken_over``: another program holds the control, and whoever asks is not that program.
    """

    kind: Archetype
    moving: bool
    asked_to_run: bool
    key_in: bool
    taken_over: bool = False


def answer(command: Command, state: ConsoleState) -> CommandOutcome:
    """Accepted, or rejected with a sentence. A stop is refused only to who has lost the control."""
    if state.taken_over:
        return Rejected("another program has the control of this treadmill; stop it at the console or by its key")
    match command:
        case StopBelt():
            return Accepted()
        case _ if not state.key_in:
            return Rejected("the safety key is out; put it back, then start anew")
        case StartBelt(belt=BeltDirection.REVERSED):
            return Rejected("this belt runs forward only")
        case StartBelt():
            return _outcome(_objection_to_start(state))
        case SetSpeed(speed_ckph):
            return _outcome(_objection_to_speed(speed_ckph, state))
        case SetIncline(incline_dpct):
            return _outcome(_objection_to_incline(incline_dpct, state.kind.capabilities))


def understood(command: Command, state: ConsoleState) -> Command:
    """What this console makes of a command that it accepts: on some a start and a stop are one key."""
    resting = not (state.moving or state.asked_to_run)
    match command:
        case StopBelt() if resting and not state.kind.stop_repeat_ok and state.key_in:
            return StartBelt()
        case StartBelt() if state.moving:
            return StopBelt()
    return command


def _outcome(objection: str | None) -> CommandOutcome:
    return Accepted() if objection is None else Rejected(objection)


def _objection_to_start(state: ConsoleState) -> str | None:
    if state.asked_to_run and state.moving:
        return None if state.kind.start_toggles else "the belt runs already"
    if state.asked_to_run:
        return "the belt is about to start already"
    return "the belt still slows down; start it from standstill" if state.moving else None


def _objection_to_speed(speed_ckph: int, state: ConsoleState) -> str | None:
    starts = not (state.kind.set_never_starts or state.asked_to_run)
    if not state.moving and not starts:
        return "the belt stands still; a speed is taken only while it runs"
    if state.moving and not state.asked_to_run:
        return "the belt slows down to a stop; a speed is taken only while it runs"
    lowest_ckph, highest_ckph = state.kind.speed_min_ckph, state.kind.speed_max_ckph
    if lowest_ckph <= speed_ckph <= highest_ckph:
        return None
    return f"{speed_ckph / 100:.2f} km/h is outside {lowest_ckph / 100:.2f} to {highest_ckph / 100:.2f} km/h"


def _objection_to_incline(incline_dpct: int, capabilities: Capabilities) -> str | None:
    if capabilities.incline_max_dpct == 0:
        return "this machine has no incline motor"
    if 0 <= incline_dpct <= capabilities.incline_max_dpct:
        return None
    return f"{incline_dpct / 10:.1f} % is outside 0 to {capabilities.incline_max_dpct / 10:.1f} %"


def quantised_speed_kph(speed_ckph: int, kind: Archetype) -> float:
    """The set-point that the machine makes of one: one of its own steps, never outside its range."""
    step = kind.speed_increment_ckph
    steps = speed_ckph // step if kind.rounding is Rounding.DOWN else math.floor(speed_ckph / step + 0.5)
    return min(max(steps * step, kind.speed_min_ckph), kind.speed_max_ckph) / 100


def quantised_incline_percent(incline_dpct: int, capabilities: Capabilities) -> float:
    """The incline that the deck really takes: down to its own increment."""
    step = capabilities.incline_increment_dpct
    return incline_dpct // step * step / 10
