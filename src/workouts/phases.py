"""What can happen to a workout, and what follows: the phases, the events, and the one table of transitions.

An event that has no row for the phase cannot happen then. A stop has a row in every phase.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """What the engine does or waits for."""

    READY = "ready"
    WAITING_FOR_START = "waiting for start"
    WAITING_FOR_PERSON = "waiting for the person to be on"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING_FOR_TURN = "waiting for the turn"
    OFF_BELT = "off the belt"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``step`` takes one at a time."""


@dataclass(frozen=True, slots=True)
class Tick(Event):
    """Nothing but time has passed. ``distance_m`` is what was measured since the run began; None: not known."""

    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class StartRequested(Event):
    """The whole start sequence was gone through; also how a paused run goes on."""


@dataclass(frozen=True, slots=True)
class StartAbandoned(Event):
    """The start was called off before the belt moved."""


@dataclass(frozen=True, slots=True)
class BeltSeenMoving(Event):
    """The belt is measured at its lowest speed after a start that was asked for."""


@dataclass(frozen=True, slots=True)
class PersonConfirmedOn(Event):
    """The person, or whoever stands by, says that the person is on the belt."""


@dataclass(frozen=True, slots=True)
class PauseRequested(Event):
    """Bring the belt to rest and keep the place in the plan."""


@dataclass(frozen=True, slots=True)
class NextRequested(Event):
    """Go on with the next step; the last one and a turn cannot be skipped."""


@dataclass(frozen=True, slots=True)
class FinishRequested(Event):
    """Go on with the cool-down of this stretch and end there; in it already, nothing changes."""


@dataclass(frozen=True, slots=True)
class StopRequested(Event):
    """End the run now."""


@dataclass(frozen=True, slots=True)
class BeltStopped(Event):
    """Something other than the plan brings the belt to rest; ``cause`` is a sentence."""

    cause: str


@dataclass(frozen=True, slots=True)
class HoldRequested(Event):
    """Let plan time wait at the present set-point, or let it go on; it goes on by itself after ``HOLD_MAX_S``."""


@dataclass(frozen=True, slots=True)
class ExtendRequested(Event):
    """Make the step that is on longer, by ``EXTEND_MIN_S`` at the least and ``EXTEND_MAX_S`` in all."""

    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class BackRequested(Event):
    """Back to the beginning of this step; in its first seconds, to the step before it."""


@dataclass(frozen=True, slots=True)
class NudgeRequested(Event):
    """Change the speed of this step, lower at once, higher after a warning."""

    by_kph: float


@dataclass(frozen=True, slots=True)
class ScaleRequested(Event):
    """Change the speeds of the rest of the plan, by percent of what is written; inclines stay."""

    by_percent: int


@dataclass(frozen=True, slots=True)
class ContinueRequested(Event):
    """After a stop: go on from the place that was kept, by a whole new start."""


@dataclass(frozen=True, slots=True)
class TurnDue(Event):
    """Internal: the step that is on is a turn."""


@dataclass(frozen=True, slots=True)
class OffBeltDue(Event):
    """Internal: the step that is on is off the belt."""


@dataclass(frozen=True, slots=True)
class PlanEnded(Event):
    """Internal: the plan's time is over."""


@dataclass(frozen=True, slots=True)
class ResumeAbandoned(Event):
    """Internal: the start that was abandoned was that of a paused run."""


@dataclass(frozen=True, slots=True)
class NobodyCameOn(Event):
    """Internal: nobody confirmed within ``PERSON_ANSWERS_WITHIN_S``."""


TRANSITIONS: dict[tuple[Phase, type[Event]], Phase] = {
    (Phase.READY, Tick): Phase.READY,
    (Phase.READY, StartRequested): Phase.WAITING_FOR_START,
    (Phase.READY, OffBeltDue): Phase.OFF_BELT,
    (Phase.READY, StopRequested): Phase.STOPPED,
    (Phase.READY, BeltStopped): Phase.STOPPED,
    (Phase.WAITING_FOR_START, Tick): Phase.WAITING_FOR_START,
    (Phase.WAITING_FOR_START, BeltSeenMoving): Phase.WAITING_FOR_PERSON,
    (Phase.WAITING_FOR_START, StartAbandoned): Phase.READY,
    (Phase.WAITING_FOR_START, ResumeAbandoned): Phase.PAUSED,
    (Phase.WAITING_FOR_START, TurnDue): Phase.WAITING_FOR_TURN,
    (Phase.WAITING_FOR_START, OffBeltDue): Phase.OFF_BELT,
    (Phase.WAITING_FOR_START, StopRequested): Phase.STOPPED,
    (Phase.WAITING_FOR_START, BeltStopped): Phase.STOPPED,
    (Phase.WAITING_FOR_PERSON, Tick): Phase.WAITING_FOR_PERSON,
    (Phase.WAITING_FOR_PERSON, PersonConfirmedOn): Phase.RUNNING,
    (Phase.WAITING_FOR_PERSON, PauseRequested): Phase.PAUSED,
    (Phase.WAITING_FOR_PERSON, NobodyCameOn): Phase.STOPPED,
    (Phase.WAITING_FOR_PERSON, StopRequested): Phase.STOPPED,
    (Phase.WAITING_FOR_PERSON, BeltStopped): Phase.STOPPED,
    (Phase.RUNNING, Tick): Phase.RUNNING,
    (Phase.RUNNING, PauseRequested): Phase.PAUSED,
    (Phase.RUNNING, HoldRequested): Phase.RUNNING,
    (Phase.RUNNING, ExtendRequested): Phase.RUNNING,
    (Phase.RUNNING, BackRequested): Phase.RUNNING,
    (Phase.RUNNING, NextRequested): Phase.RUNNING,
    (Phase.RUNNING, FinishRequested): Phase.RUNNING,
    (Phase.RUNNING, NudgeRequested): Phase.RUNNING,
    (Phase.RUNNING, ScaleRequested): Phase.RUNNING,
    (Phase.RUNNING, TurnDue): Phase.WAITING_FOR_TURN,
    (Phase.RUNNING, OffBeltDue): Phase.OFF_BELT,
    (Phase.RUNNING, PlanEnded): Phase.FINISHED,
    (Phase.RUNNING, StopRequested): Phase.STOPPED,
    (Phase.RUNNING, BeltStopped): Phase.STOPPED,
    (Phase.PAUSED, Tick): Phase.PAUSED,
    (Phase.PAUSED, StartRequested): Phase.WAITING_FOR_START,
    (Phase.PAUSED, ScaleRequested): Phase.PAUSED,
    (Phase.PAUSED, StopRequested): Phase.STOPPED,
    (Phase.PAUSED, BeltStopped): Phase.STOPPED,
    (Phase.WAITING_FOR_TURN, Tick): Phase.WAITING_FOR_TURN,
    (Phase.WAITING_FOR_TURN, StartRequested): Phase.WAITING_FOR_START,
    (Phase.WAITING_FOR_TURN, ScaleRequested): Phase.WAITING_FOR_TURN,
    (Phase.WAITING_FOR_TURN, FinishRequested): Phase.FINISHED,
    (Phase.WAITING_FOR_TURN, StopRequested): Phase.STOPPED,
    (Phase.WAITING_FOR_TURN, BeltStopped): Phase.STOPPED,
    (Phase.OFF_BELT, Tick): Phase.OFF_BELT,
    (Phase.OFF_BELT, StartRequested): Phase.WAITING_FOR_START,
    (Phase.OFF_BELT, HoldRequested): Phase.OFF_BELT,
    (Phase.OFF_BELT, ExtendRequested): Phase.OFF_BELT,
    (Phase.OFF_BELT, BackRequested): Phase.OFF_BELT,
    (Phase.OFF_BELT, NextRequested): Phase.OFF_BELT,
    (Phase.OFF_BELT, ScaleRequested): Phase.OFF_BELT,
    (Phase.OFF_BELT, OffBeltDue): Phase.OFF_BELT,
    (Phase.OFF_BELT, TurnDue): Phase.WAITING_FOR_TURN,
    (Phase.OFF_BELT, PlanEnded): Phase.FINISHED,
    (Phase.OFF_BELT, FinishRequested): Phase.FINISHED,
    (Phase.OFF_BELT, StopRequested): Phase.STOPPED,
    (Phase.OFF_BELT, BeltStopped): Phase.STOPPED,
    (Phase.FINISHED, Tick): Phase.FINISHED,
    (Phase.FINISHED, StopRequested): Phase.FINISHED,
    (Phase.FINISHED, BeltStopped): Phase.FINISHED,
    (Phase.STOPPED, Tick): Phase.STOPPED,
    (Phase.STOPPED, ContinueRequested): Phase.PAUSED,
    (Phase.STOPPED, TurnDue): Phase.WAITING_FOR_TURN,
    (Phase.STOPPED, OffBeltDue): Phase.OFF_BELT,
    (Phase.STOPPED, StopRequested): Phase.STOPPED,
    (Phase.STOPPED, BeltStopped): Phase.STOPPED,
}

INTERNAL = frozenset({TurnDue, OffBeltDue, PlanEnded, ResumeAbandoned, NobodyCameOn})
"""Events that the engine makes itself; from outside they are illegal in every phase."""

ENDS = frozenset({Phase.FINISHED, Phase.STOPPED})
"""Phases in which a run is over; only a stopped one can be continued."""


class IllegalEvent(ValueError):
    """The event has no place in the phase. Nothing has changed; the caller asked for what cannot be now."""

    def __init__(self, phase: Phase, event: type[Event], why: str | None = None) -> None:
        """``why``: a sentence on what has to come before, where the phase alone does not forbid it."""
        legal = ", ".join(sorted(e.__name__ for p, e in TRANSITIONS if p is phase and e not in INTERNAL))
        rest = f"what can: {legal}" if why is None else why
        super().__init__(f"{event.__name__} cannot happen while the workout is {phase.value}; {rest}")
        self.phase = phase
        self.event = event
