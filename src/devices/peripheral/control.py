"""The control point of a simulated treadmill: what comes back for the octets that were written to it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ...machine import (
    Accepted,
    Capabilities,
    Command,
    CommandOutcome,
    Rejected,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    Unknown,
)
from ..ftms.codec import (
    MachineEvent,
    OpCode,
    Request,
    Result,
    StopOrPause,
    decode_request,
    encode_machine_status,
    encode_response,
)
from ..simulated.answers import LateAnswer, Pending
from ..simulated.treadmill import SimulatedTreadmill
from .shape import PREAMBLE_HEX, PREAMBLE_UUID, UNLOCK_HEX, UNLOCK_UUID, Control, Shape

IN_PROGRESS = 0xFE
NOT_SUBSCRIBED = 0xFD
INVALID_LENGTH = 0x0D
"""Errors of the attribute protocol: Core Specification Supplement, part B, and Core, vol 3 part F, 3.4.1.1."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The write is acknowledged and ``frame`` follows; ``statuses`` are notified beside it."""

    frame: bytes
    statuses: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The write itself fails with an error of the attribute protocol."""

    att_error: int


@dataclass(frozen=True, slots=True)
class Silence:
    """The write is acknowledged; an answer comes late (``ControlPoint.late``) or never."""


@dataclass(frozen=True, slots=True)
class Hangs:
    """The write is never acknowledged."""


@dataclass(frozen=True, slots=True)
class EndsLink:
    """The machine crashes over it."""


Reply = Answer | Refused | Silence | Hangs | EndsLink


class ControlPoint:
    """Who may command, what a frame means, and what is said to it. Every method is handed its moment."""

    def __init__(self, treadmill: SimulatedTreadmill, shape: Shape) -> None:
        self._treadmill = treadmill
        self._shape = shape
        self._console_started = False
        self.begin()

    def begin(self) -> None:
        """A new connection: nobody has control."""
        self._held = False
        self._unlocked = False
        self._introduced = False
        self._asked: dict[int, tuple[int, Command]] = {}
        self._unanswered: set[int] = set()
        self._last_s = -math.inf

    def console_started(self) -> None:
        """Somebody has pressed start at the console."""
        self._console_started = True

    def vendor_write(self, uuid: str, value: bytes) -> None:
        """What a vendor's own program writes first."""
        if uuid == UNLOCK_UUID and value.hex() == UNLOCK_HEX:
            self._unlocked = True
        if uuid == PREAMBLE_UUID and value.hex() == PREAMBLE_HEX:
            self._introduced = True

    def late(self, answer: LateAnswer) -> bytes | None:
        """The frame of an answer that took its time, once for each time that it comes; None: nothing comes."""
        self._unanswered.discard(answer.number)
        if answer.number not in self._asked or isinstance(answer.outcome, Unknown):
            return None
        op, command = self._asked[answer.number]
        return encode_response(op, result_of(answer.outcome, command, self._treadmill.profile.capabilities))

    def receive(self, payload: bytes, now_s: float) -> Reply:
        """What comes back for these octets; a command that is taken is under way now."""
        shape = self._shape
        if shape.refused_att is not None:
            return Refused(shape.refused_att)
        if self._treadmill.link_stuck:
            return Hangs()
        if shape.one_at_a_time and self._unanswered:
            return Refused(IN_PROGRESS)
        if now_s - self._last_s < shape.gap_ms / 1000:
            return Silence()
        self._last_s = now_s
        decoded = decode_request(payload)
        if decoded.value.op is None:
            return Refused(INVALID_LENGTH)
        if decoded.value.op == OpCode.REQUEST_CONTROL:
            return self._request_control()
        return self._request(decoded.value, now_s)

    def _request_control(self) -> Reply:
        if self._treadmill.taken_over:
            return Answer(encode_response(OpCode.REQUEST_CONTROL, Result.CONTROL_NOT_PERMITTED))
        self._held = True
        if self._shape.control is Control.SILENT:
            return Silence()
        result = Result.FAILED if self._shape.control is Control.FAILS else Result.SUCCESS
        return Answer(encode_response(OpCode.REQUEST_CONTROL, result))

    def _request(self, request: Request, now_s: float) -> Reply:
        assert request.op is not None
        if not self._may_command():
            return Answer(encode_response(request.op, Result.CONTROL_NOT_PERMITTED))
        self._introduced = False
        if self._shape.control is Control.ONE_COMMAND:
            self._held = False
        if request.op == OpCode.RESET:
            return self._reset(now_s)
        read = COMMANDS.get(request.op)
        if read is None:
            return Answer(encode_response(request.op, Result.NOT_SUPPORTED))
        command = read(request)
        if command is None:
            return Answer(encode_response(request.op, Result.INVALID_PARAMETER))
        return self._of_its_own_mind(request.op, command) or self._perform(request.op, command, now_s)

    def _may_command(self) -> bool:
        shape = self._shape
        if (shape.preamble and not self._introduced) or (shape.unlock and not self._unlocked):
            return False
        return self._held or shape.control in (Control.NOT_NEEDED, Control.FAILS)

    def _of_its_own_mind(self, op: int, command: Command) -> Reply | None:
        """Where the machine that is played does something else than its treadmill would."""
        shape = self._shape
        if shape.console_first and isinstance(command, StartBelt) and not self._console_started:
            return Answer(encode_response(op, Result.FAILED))
        if shape.early_set_drops and isinstance(command, SetSpeed) and self._treadmill.belt_speed_kph == 0:
            return EndsLink()
        locked = (shape.speed_locked and isinstance(command, SetSpeed)) or (
            shape.incline_dead and isinstance(command, SetIncline)
        )
        return Answer(encode_response(op, Result.SUCCESS)) if locked else None

    def _perform(self, op: int, command: Command, now_s: float) -> Reply:
        outcome = self._treadmill.perform(command, now_s)
        if isinstance(outcome, Pending):
            self._unanswered.add(outcome.number)
            self._asked[outcome.number] = op, command
            return Silence()
        if isinstance(outcome, Unknown):
            return Silence()
        statuses: tuple[bytes, ...] = ()
        if self._shape.start_says_stopped and isinstance(command, StartBelt) and isinstance(outcome, Accepted):
            statuses = (encode_machine_status(MachineEvent.STOPPED_OR_PAUSED_BY_USER, StopOrPause.STOP),)
        return Answer(encode_response(op, result_of(outcome, command, self._treadmill.profile.capabilities)), statuses)

    def _reset(self, now_s: float) -> Reply:
        """Targets go to zero and control is released (FTMS 1.0.1, 4.16.2.2)."""
        self._treadmill.perform(StopBelt(), now_s)
        self._held = False
        return Answer(encode_response(OpCode.RESET, Result.SUCCESS), (encode_machine_status(MachineEvent.RESET),))


def result_of(outcome: CommandOutcome, command: Command, can: Capabilities) -> Result:
    """The code for an outcome; a refusal says whose fault it is."""
    if isinstance(outcome, Accepted):
        return Result.SUCCESS
    if isinstance(outcome, Rejected) and "another program" in outcome.reason:
        return Result.CONTROL_NOT_PERMITTED
    if isinstance(command, SetIncline):
        if can.incline_max_dpct == 0:
            return Result.NOT_SUPPORTED
        return Result.FAILED if command.incline_dpct <= can.incline_max_dpct else Result.INVALID_PARAMETER
    if isinstance(command, SetSpeed):
        in_range = can.speed_min_ckph <= command.speed_ckph <= can.speed_max_ckph
        return Result.FAILED if in_range else Result.INVALID_PARAMETER
    return Result.FAILED


def _speed(request: Request) -> Command | None:
    return None if request.value is None else SetSpeed(round(request.value * 100))


def _incline(request: Request) -> Command | None:
    if request.value is None or request.value < 0:
        return None
    return SetIncline(round(request.value * 10))


def _stop(request: Request) -> Command | None:
    """A pause stops the belt as well: the treadmill behind this knows no difference."""
    return StopBelt() if request.value in (StopOrPause.STOP, StopOrPause.PAUSE) else None


COMMANDS: dict[int, Callable[[Request], Command | None]] = {
    OpCode.SET_TARGET_SPEED: _speed,
    OpCode.SET_TARGET_INCLINE: _incline,
    OpCode.START_OR_RESUME: lambda _request: StartBelt(),
    OpCode.STOP_OR_PAUSE: _stop,
}
"""What the treadmill behind this can be asked for; None where the parameter makes no sense."""
