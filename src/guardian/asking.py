"""What main asks, as the supervisor knows it: one row for each message, and nothing that is late or foreign."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..machine import incline_to_dpct, speed_to_ckph
from ..safety import inputs, turning
from ..safety.belt import AGE_CEILING_MS
from ..safety.heart import is_ceiling
from ..values import value
from .hearing import SENSELESS
from .messages import (
    Acknowledge,
    Arm,
    Attend,
    CancelStart,
    ConfirmTurn,
    Feel,
    Heartbeat,
    HoldDone,
    HostSleeping,
    Intent,
    Pause,
    Rate,
    Rest,
    StopNow,
    ToGuardian,
    Try,
    Turn,
)


@value
class Now:
    """What a message is held against: the moment, the connection, and the turn that is under way."""

    at_s: float
    epoch: int
    turn: turning.Turn | None

    def past(self, message: Arm | Try | HoldDone | Intent) -> bool:
        """Whether it was meant for another connection, or comes late."""
        return message.epoch != self.epoch or not self.at_s <= message.deadline_s


class Asking:
    """The messages of one run; remembers the last intent, so that an older one that comes late is dropped."""

    def __init__(self) -> None:
        self._intent_seq = -1

    def understood(self, message: ToGuardian, now: Now) -> tuple[inputs.Input, ...]:
        """The message as inputs; nothing for one that is late, foreign or not for the supervisor."""
        if isinstance(message, Intent):
            return self._intent(message, now)
        row = _ROWS.get(type(message))
        return () if row is None else row(message, now)

    def _intent(self, message: Intent, now: Now) -> tuple[inputs.Input, ...]:
        if now.past(message) or message.seq <= self._intent_seq:
            return ()
        speed_kph, incline_percent = message.speed_kph, message.incline_percent
        if not (0 <= speed_kph < SENSELESS and 0 <= incline_percent < SENSELESS):
            return ()
        if message.heart_bpm is not None and not is_ceiling(message.heart_bpm):
            return ()
        self._intent_seq = message.seq
        return (inputs.Wanted(speed_to_ckph(speed_kph), incline_to_dpct(incline_percent), message.heart_bpm),)


def _heartbeat(message: Heartbeat, _now: Now) -> tuple[inputs.Input, ...]:
    """A beat as the supervisor knows it; an age that is none counts as the oldest."""
    return (
        inputs.Beat(
            _age_ms(message.ui_age_s),
            message.input_alive,
            message.unreachable,
            _age_ms(message.recorder_age_s),
            message.recorder_failed,
            message.cues_ok,
            message.battery_percent,
            message.clicker_held,
        ),
    )


def _age_ms(age_s: float) -> int:
    """An age is counted upwards: what is older than its limit by less than a millisecond is older."""
    return math.ceil(round(min(age_s * 1000, AGE_CEILING_MS), 3)) if 0 <= age_s < math.inf else AGE_CEILING_MS


def _hold_done(message: HoldDone, now: Now) -> tuple[inputs.Input, ...]:
    return () if now.past(message) else (inputs.HoldCompleted(),)


def _acknowledge(message: Acknowledge, now: Now) -> tuple[inputs.Input, ...]:
    return (inputs.Acknowledged(message.key_tested),) if message.epoch == now.epoch else ()


def _pause(message: Pause, now: Now) -> tuple[inputs.Input, ...]:
    return (inputs.PauseAsked(),) if message.epoch == now.epoch else ()


def _rest(message: Rest, now: Now) -> tuple[inputs.Input, ...]:
    return (inputs.RestAsked(),) if message.epoch == now.epoch else ()


def _rate(message: Rate, _now: Now) -> tuple[inputs.Input, ...]:
    pain = () if message.pain is None else (inputs.PainSaid(message.pain),)
    return pain if message.effort is None else (*pain, inputs.EffortSaid(message.effort))


def _turn(message: Turn, now: Now) -> tuple[inputs.Input, ...]:
    return (inputs.TurnAsked(message.facing, message.belt),) if message.epoch == now.epoch else ()


def _confirm_turn(message: ConfirmTurn, now: Now) -> tuple[inputs.Input, ...]:
    """Only what is confirmed of the turn that is under way counts."""
    if message.epoch != now.epoch or now.turn is None or now.turn.way != (message.facing, message.belt):
        return ()
    return (inputs.TurnConfirmed(message.what),)


_Row = Callable[[Any, Now], tuple[inputs.Input, ...]]
_ROWS: dict[type[ToGuardian], _Row] = {
    Heartbeat: _heartbeat,
    HoldDone: _hold_done,
    CancelStart: lambda _message, _now: (inputs.StartCancelled(),),
    Pause: _pause,
    Rest: _rest,
    Turn: _turn,
    ConfirmTurn: _confirm_turn,
    HostSleeping: lambda _message, _now: (inputs.HostSleeps(),),
    StopNow: lambda message, _now: (inputs.StopAsked(message.by),),
    Attend: lambda _message, _now: (inputs.AttentionAnswered(),),
    Feel: lambda message, _now: (inputs.SymptomFelt(message.what),),
    Rate: _rate,
    Acknowledge: _acknowledge,
}
