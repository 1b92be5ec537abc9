"""Everything that can happen to the supervisor, as values.

Numbers are whole: speeds in hundredths of a km/h, inclines in tenths of a percent, times in milliseconds.
The guardian makes them from reports, messages and answers at its edge; nothing here is trusted to be wise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from ..machine import BeltDirection, Facing, MachineNotice
from ..values import value
from .feeling import Symptom


class StopBy(Enum):
    """Who asked for a stop. Only the operator's own stop may be pressed again to make it protective."""

    OPERATOR = "operator"
    PLAN = "plan"
    PROGRAM = "program"


class CommandKind(Enum):
    """The four things a belt can be asked."""

    START = "start"
    SPEED = "speed"
    INCLINE = "incline"
    STOP = "stop"


class Answer(Enum):
    """How a command ended. Accepted is not done."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class Unreachable(StrEnum):
    """Why the person at the belt does not reach the program, although it runs."""

    FOCUS = "focus"  # another window has the keyboard
    LOCKED = "locked"  # the session of the computer is locked
    REMOTE = "remote"  # the remote in the hand is gone


class TurnConfirm(StrEnum):
    """The two things that a person confirms in a turn, in this order."""

    ON_RAILS = "feet off the belt, standing on the rails, belt seen still"
    FACING = "facing the new way"


@value
class Seen:
    """One good report.

    ``counters_moved`` is None where the machine has no counters that could. ``age_ms``: since it was measured.
    ``belt``: which way it says that its belt runs; None where it does not tell. ``counters_anew``: its counters were
    further in the report before, and stand at their beginning now.
    """

    speed_ckph: int
    incline_dpct: int | None = None
    counters_moved: bool | None = None
    age_ms: int = 0
    belt: BeltDirection | None = None
    counters_anew: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """The machine said something about itself."""

    notice: MachineNotice


@dataclass(frozen=True, slots=True)
class LinkCameUp:
    """There is a connection to the machine."""


@dataclass(frozen=True, slots=True)
class LinkWentDown:
    """The connection is gone."""


@value
class Beat:
    """The session thread is alive. ``ui_age_ms``: since the screen last had a turn.

    ``recorder_age_ms``: of the oldest thing that is not yet recorded. ``cues_ok``: a person can be warned of a rise.
    ``battery_percent``: what a computer without mains has left; None: it has mains, or cannot tell. ``clicker_held``:
    whether the hold-to-run clicker is held; None: there is none in this run.
    """

    ui_age_ms: int
    input_alive: bool
    unreachable: tuple[Unreachable, ...] = ()
    recorder_age_ms: int = 0
    recorder_failed: bool = False
    cues_ok: bool = True
    battery_percent: int | None = None
    clicker_held: bool | None = None


@dataclass(frozen=True, slots=True)
class LeaseRevoked:
    """The main process is gone; its end of the pipe is closed."""


@dataclass(frozen=True, slots=True)
class ArmAsked:
    """A person with a completed checklist wants to start within half a minute.

    ``same_run``: what was counted and lowered since the first start goes on. ``key_tested``: today, in this mode.
    ``session_max_ms``: how long the belt may move in this run, all its starts together.
    """

    same_run: bool = False
    key_tested: bool = False
    session_max_ms: int = 3_600_000


@dataclass(frozen=True, slots=True)
class HoldCompleted:
    """The deliberate part of the start sequence is done; the countdown may begin."""


@dataclass(frozen=True, slots=True)
class StartCancelled:
    """Somebody pressed a key, let go or walked away before the belt was started."""


@value
class Wanted:
    """What the plan (or a person) wants now; the supervisor decides how much of it and when.

    ``heart_bpm``: a ceiling of the heart rate for as long as this is wanted; it can only lower that of the arming.
    """

    speed_ckph: int
    incline_dpct: int
    heart_bpm: int | None = None


@dataclass(frozen=True, slots=True)
class PauseAsked:
    """Ramp to a standstill and keep the place in the plan."""


@dataclass(frozen=True, slots=True)
class RestAsked:
    """The pause becomes a rest off the belt, without an end of its own."""


@dataclass(frozen=True, slots=True)
class TurnAsked:
    """The person is to face this way, over a belt that runs this way; asked at rest."""

    facing: Facing
    belt: BeltDirection


@dataclass(frozen=True, slots=True)
class TurnConfirmed:
    """A person has confirmed one half of the turn that is under way."""

    what: TurnConfirm


@dataclass(frozen=True, slots=True)
class TargetSeen:
    """The machine says that it has a new target: our own coming back, or somebody else's. None: not spoken of."""

    speed_ckph: int | None = None
    incline_dpct: int | None = None


@dataclass(frozen=True, slots=True)
class HostSleeps:
    """The computer is about to sleep or to shut down."""


@dataclass(frozen=True, slots=True)
class Suspended:
    """The computer has slept for so long, and nobody watched the belt."""

    ms: int


@dataclass(frozen=True, slots=True)
class StopAsked:
    """Stop. Legal in every mode."""

    by: StopBy


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A person has read the cause at standstill; severe causes also need the key pulled and put back."""

    key_tested: bool = False


@value
class Answered:
    """A command came back from the link."""

    kind: CommandKind
    answer: Answer


@dataclass(frozen=True, slots=True)
class WriteOverdue:
    """A command has been with the link for longer than its deadline."""

    kind: CommandKind


@dataclass(frozen=True, slots=True)
class HeartSeen:
    """One reading of a strap; None where it says none. ``contact``: to the skin; None where the strap cannot tell.

    ``beats``: it came with intervals between beats, so that the strap has felt a heart.
    """

    bpm: int | None
    contact: bool | None = None
    beats: bool = False


@dataclass(frozen=True, slots=True)
class AttentionAnswered:
    """The person, or a supervisor, says that all is well."""


@dataclass(frozen=True, slots=True)
class SymptomFelt:
    """The person feels this. Legal in every mode."""

    what: Symptom


@dataclass(frozen=True, slots=True)
class PainSaid:
    """How much it hurts, from 0 to 10."""

    level: int


@dataclass(frozen=True, slots=True)
class EffortSaid:
    """How hard it is, from 0 to 10."""

    level: int


@dataclass(frozen=True, slots=True)
class SelfFault:
    """An assertion failed inside the guardian."""


Input = (
    Seen
    | Said
    | LinkCameUp
    | LinkWentDown
    | Beat
    | LeaseRevoked
    | ArmAsked
    | HoldCompleted
    | StartCancelled
    | Wanted
    | PauseAsked
    | RestAsked
    | TurnAsked
    | TurnConfirmed
    | TargetSeen
    | HostSleeps
    | Suspended
    | StopAsked
    | Acknowledged
    | Answered
    | WriteOverdue
    | HeartSeen
    | AttentionAnswered
    | SymptomFelt
    | PainSaid
    | EffortSaid
    | SelfFault
)
