"""What happened in one trial: every command, answer, report and notice, with its moment."""

from __future__ import annotations

from dataclasses import dataclass

from ...guardian.messages import Stepped, Tried
from ...guardian.trials import Trial, TrialPhase
from ...machine import BeltDirection, Command, MachineNotice
from ...safety import inputs
from ...safety.inputs import Answer, CommandKind


@dataclass(frozen=True, slots=True)
class Sent:
    """A command was handed to the link."""

    at_s: float
    command: Command


@dataclass(frozen=True, slots=True)
class Came:
    """A command came back."""

    at_s: float
    kind: CommandKind
    answer: Answer


@dataclass(frozen=True, slots=True)
class Reported:
    """A report, at the moment at which it was measured."""

    at_s: float
    speed_kph: float
    incline_percent: float | None = None
    belt: BeltDirection | None = None


@dataclass(frozen=True, slots=True)
class Noticed:
    """The machine said something about itself."""

    at_s: float
    notice: MachineNotice


@dataclass(frozen=True, slots=True)
class Linked:
    """The link came or went."""

    at_s: float
    up: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """The trial reached a phase."""

    at_s: float
    phase: TrialPhase


Entry = Sent | Came | Reported | Noticed | Linked | Reached


@dataclass(frozen=True, slots=True)
class Record:
    """One trial from its beginning to the belt at rest.

    ``phase`` is that of its end and ``message`` the guardian's reason. ``alarm``: the guardian asked for the safety
    key. ``ready``: the machine is at rest, acknowledged, and may be tried again.
    """

    trial: Trial
    entries: tuple[Entry, ...]
    phase: TrialPhase
    message: str = ""
    alarm: bool = False
    ready: bool = True

    @property
    def reports(self) -> tuple[Reported, ...]:
        """The reports, in order."""
        return tuple(one for one in self.entries if isinstance(one, Reported))

    @property
    def done(self) -> bool:
        """The script came to its end."""
        return self.phase is TrialPhase.DONE

    def reached(self, phase: TrialPhase) -> float | None:
        """When the trial was first in this phase."""
        return next((one.at_s for one in self.entries if isinstance(one, Reached) and one.phase is phase), None)


def entries_of(message: Stepped | Tried) -> tuple[Entry, ...]:
    """What a message of the guardian adds to a record: its inputs, then its commands."""
    if isinstance(message, Tried):
        return (Reached(message.at_s, message.phase),)
    came = [entry for item in message.inputs if (entry := _entry(message.at_s, item)) is not None]
    return (*came, *(Sent(message.at_s, command) for command in message.commands))


def _entry(at_s: float, item: inputs.Input) -> Entry | None:
    match item:
        case inputs.Seen(speed_ckph, incline_dpct, _, age_ms, belt):
            incline_percent = None if incline_dpct is None else incline_dpct / 10
            return Reported(at_s - age_ms / 1000, speed_ckph / 100, incline_percent, belt)
        case inputs.Answered(kind, answer):
            return Came(at_s, kind, answer)
        case inputs.Said(notice):
            return Noticed(at_s, notice)
        case inputs.LinkCameUp():
            return Linked(at_s, up=True)
        case inputs.LinkWentDown():
            return Linked(at_s, up=False)
    return None
