"""The gate: the last look at a command before it goes to the writer, and the watch on its answer.

It trusts nobody, the supervisor included: an impossible number or a second motion command in flight is an
``AssertionError``, which the core turns into a stop. It is raised and not asserted, so that an interpreter that
drops assertions does not open the gate. The gate holds no queue: what cannot go now was not sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import BeltDirection, Command, SetIncline, SetSpeed, StartBelt, StopBelt
from ..safety.config import Config
from ..safety.inputs import CommandKind

KINDS: dict[type[Command], CommandKind] = {
    StartBelt: CommandKind.START,
    SetSpeed: CommandKind.SPEED,
    SetIncline: CommandKind.INCLINE,
    StopBelt: CommandKind.STOP,
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """One command handed to the link: its number, the epoch of the connection, and when it must be back."""

    number: int
    epoch: int
    command: Command
    deadline_s: float

    @property
    def kind(self) -> CommandKind:
        """Which of the four things it asks."""
        return KINDS[type(self.command)]


class Gate:
    """Tickets of one guardian: at most one motion command out, and any stop beside it."""

    def __init__(self) -> None:
        self._issued = 0
        self._out: dict[int, Ticket] = {}

    def admit(self, config: Config, command: Command, epoch: int, now_s: float, trial: bool = False) -> Ticket:
        """Let a command through. Raises AssertionError for one that must never reach a belt.

        ``trial``: nobody is on the belt, and what a driver otherwise refuses may be tried.
        """
        if not isinstance(command, StopBelt):
            _assert_allowed(config, command, trial)
            _insist(trial or not getattr(command, "regardless", False), "a command that minds no state, and no trial")
            _insist(
                all(isinstance(one.command, StopBelt) for one in self._out.values()), "two motion commands in flight"
            )
        self._issued += 1
        ticket = Ticket(self._issued, epoch, command, now_s + deadline_s(config))
        self._out[ticket.number] = ticket
        return ticket

    def answered(self, ticket: Ticket) -> bool:
        """The ticket came back; False for one that is no longer waited for."""
        return self._out.pop(ticket.number, None) is not None

    def overdue(self, now_s: float) -> tuple[Ticket, ...]:
        """Tickets past their deadline; each is told once and then forgotten."""
        if not self._out:
            return ()
        late = tuple(ticket for ticket in self._out.values() if now_s >= ticket.deadline_s)
        for ticket in late:
            del self._out[ticket.number]
        return late

    def forget(self) -> None:
        """The connection is gone, and with it every answer."""
        self._out.clear()


def deadline_s(config: Config) -> float:
    """How long a command may be with the link; what is not back by then hangs. The attribute protocol itself would wait
    for 30 s (Bluetooth Core Specification, volume 3, part F, 3.3.3)."""
    return config.profile.answer_within_ms / 1000


def _assert_allowed(config: Config, command: SetSpeed | StartBelt | SetIncline, trial: bool) -> None:
    capabilities = config.profile.capabilities
    if isinstance(command, SetSpeed):
        speed_ckph = command.speed_ckph
        _insist(type(speed_ckph) is int, f"a speed of {speed_ckph!r} is no whole number")
        on_machine = capabilities.speed_min_ckph <= speed_ckph <= capabilities.speed_max_ckph
        _insist(on_machine, f"{speed_ckph} is off the machine")
        _insist(speed_ckph <= config.limits.speed_ckph.value, f"{speed_ckph} is above its ceiling")
    elif isinstance(command, StartBelt):
        _insist(command.belt is config.belt, f"a start {command.belt.value}, armed {config.belt.value}")
        forward = command.belt is BeltDirection.FORWARD
        tried_out = trial and command.regardless and config.profile.may_reverse
        _insist(
            forward or config.profile.reverses or tried_out, "a start backwards of a belt that is not known to reverse"
        )
    else:
        incline_dpct = command.incline_dpct
        _insist(type(incline_dpct) is int, f"an incline of {incline_dpct!r} is no whole number")
        _insist(0 <= incline_dpct <= config.limits.incline_dpct.value, f"incline {incline_dpct} is above its ceiling")


def _insist(true: bool, otherwise: str) -> None:
    if not true:
        raise AssertionError(otherwise)
