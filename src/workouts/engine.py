"""The workout engine: a pure walk over a timeline. It says what the plan wants, never what the belt may do.

One table holds every transition. ``step`` takes a state, an event and the moment, and gives the next state
with what is wanted; an event that has no row for the phase raises ``IllegalEvent`` and changes nothing.

Plan time is the sum of clock differences between calls while ``RUNNING``; how often ``step`` is called does
not matter, and a clock that goes back adds nothing. After a resume, a next or a finish the belt may stand
elsewhere than the plan does. The engine then first goes the *way* there, at the timeline's ramp rates and one
axis at a time, and plan time waits until it has arrived. So what is wanted never jumps up.

A stop is legal in every phase and ends the run, also when it comes again after the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

from ..machine import STANDSTILL, Setpoint
from .cues import Cue, CueKind
from .ramps import Leg, length_s, setpoint_along, way
from .timeline import Step, Timeline

PERSON_ANSWERS_WITHIN_S = 60.0
"""How long a belt runs at its lowest speed for somebody who does not say that they are on it. Stepping on from
the rails takes seconds; after a minute nobody is there, and a belt that nobody uses is a hazard to others."""


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
    """Go on with the next step; the last one cannot be skipped."""


@dataclass(frozen=True, slots=True)
class FinishRequested(Event):
    """Go on with the cool-down; in it already, nothing changes."""


@dataclass(frozen=True, slots=True)
class StopRequested(Event):
    """End the run now."""


@dataclass(frozen=True, slots=True)
class BeltStopped(Event):
    """Something other than the plan brings the belt to rest; ``cause`` is a sentence."""

    cause: str


@dataclass(frozen=True, slots=True)
class HoldRequested(Event):
    """Let plan time wait at the present set-point, or let it go on."""


@dataclass(frozen=True, slots=True)
class ExtendRequested(Event):
    """Make the step that is on longer."""

    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class BackRequested(Event):
    """Back to the beginning of this step; in its first seconds, to the step before it."""


@dataclass(frozen=True, slots=True)
class NudgeRequested(Event):
    """Change the speed of this step."""

    by_kph: float


@dataclass(frozen=True, slots=True)
class ScaleRequested(Event):
    """Change the speeds of the rest of the plan, by percent of what is written."""

    by_percent: int


@dataclass(frozen=True, slots=True)
class ContinueRequested(Event):
    """After a stop: keep the place, as in a pause."""


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
    (Phase.READY, StopRequested): Phase.STOPPED,
    (Phase.READY, BeltStopped): Phase.STOPPED,
    (Phase.WAITING_FOR_START, Tick): Phase.WAITING_FOR_START,
    (Phase.WAITING_FOR_START, BeltSeenMoving): Phase.WAITING_FOR_PERSON,
    (Phase.WAITING_FOR_START, StartAbandoned): Phase.READY,
    (Phase.WAITING_FOR_START, ResumeAbandoned): Phase.PAUSED,
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
    (Phase.RUNNING, NextRequested): Phase.RUNNING,
    (Phase.RUNNING, FinishRequested): Phase.RUNNING,
    (Phase.RUNNING, PlanEnded): Phase.FINISHED,
    (Phase.RUNNING, StopRequested): Phase.STOPPED,
    (Phase.RUNNING, BeltStopped): Phase.STOPPED,
    (Phase.PAUSED, Tick): Phase.PAUSED,
    (Phase.PAUSED, StartRequested): Phase.WAITING_FOR_START,
    (Phase.PAUSED, StopRequested): Phase.STOPPED,
    (Phase.PAUSED, BeltStopped): Phase.STOPPED,
    (Phase.FINISHED, Tick): Phase.FINISHED,
    (Phase.FINISHED, StopRequested): Phase.FINISHED,
    (Phase.FINISHED, BeltStopped): Phase.FINISHED,
    (Phase.STOPPED, Tick): Phase.STOPPED,
    (Phase.STOPPED, StopRequested): Phase.STOPPED,
    (Phase.STOPPED, BeltStopped): Phase.STOPPED,
}

INTERNAL = frozenset({PlanEnded, ResumeAbandoned, NobodyCameOn})
"""Events that ``step`` makes itself; from outside they are illegal in every phase."""

ENDS = frozenset({Phase.FINISHED, Phase.STOPPED})
"""Phases that nothing leaves."""

_WAITS = frozenset({Phase.WAITING_FOR_START, Phase.WAITING_FOR_PERSON, Phase.PAUSED})


class IllegalEvent(ValueError):
    """The event has no place in the phase. Nothing has changed; the caller asked for what cannot be now."""

    def __init__(self, phase: Phase, event: type[Event]) -> None:
        legal = ", ".join(sorted(e.__name__ for p, e in TRANSITIONS if p is phase and e not in INTERNAL))
        super().__init__(f"{event.__name__} cannot happen while the workout is {phase.value}; what can: {legal}")
        self.phase = phase
        self.event = event


@dataclass(frozen=True, slots=True)
class EngineState:
    """All that the engine knows between two calls.

    ``clock_s`` is the latest moment that counted. ``waiting_since_s`` is when the present waiting began, in the
    phases that wait. ``way`` is the way from where the belt is to where the plan is, ``way_s`` how far along
    it; plan time waits while there is one. ``step_index`` is the step that was last announced.
    """

    phase: Phase = Phase.READY
    plan_time_s: float = 0.0
    clock_s: float = 0.0
    step_index: int = 0
    waiting_since_s: float | None = None
    way: tuple[Leg, ...] = ()
    way_s: float = 0.0
    held: bool = False
    extended_s: float = 0.0
    nudge_kph: float = 0.0
    scale_percent: int = 100
    raise_at_s: float | None = None


INITIAL = EngineState()


@dataclass(frozen=True, slots=True)
class EngineStep:
    """What one event led to. ``stop_reason`` is a sentence on the step that enters an end, else ``None``."""

    state: EngineState
    wanted: Setpoint
    cues: tuple[Cue, ...] = ()
    stop_reason: str | None = None


def step(timeline: Timeline, state: EngineState, event: Event, now_s: float) -> EngineStep:
    """Let the time up to ``now_s`` pass, then apply ``event``.

    Raises IllegalEvent for an event that has no row in TRANSITIONS, ValueError for a clock that is not finite;
    either leaves everything as it was.
    """
    if not math.isfinite(now_s):
        raise ValueError(f"the clock gives a finite number of seconds, not {now_s!r}")
    if (state.phase, type(event)) not in TRANSITIONS or type(event) in INTERNAL:
        raise IllegalEvent(state.phase, type(event))
    if state.phase in ENDS:
        return EngineStep(state, STANDSTILL)
    if state.phase is Phase.RUNNING:
        state = _moved_on(timeline, state, now_s)
    if type(event) is Tick:
        return _ticked(timeline, state, now_s)
    return _applied(timeline, state, event, now_s)


def _moved_on(timeline: Timeline, state: EngineState, now_s: float) -> EngineState:
    """Running, the time since ``clock_s`` goes into the way first and then into the plan."""
    elapsed_s = now_s - state.clock_s
    if elapsed_s <= 0.0:
        return state
    way_, way_s = state.way, 0.0
    if way_:
        way_s = state.way_s + elapsed_s
        elapsed_s = way_s - length_s(way_)
        if elapsed_s < 0.0:
            elapsed_s = 0.0
        else:
            way_, way_s = (), 0.0
    plan_time_s = state.plan_time_s + elapsed_s
    if plan_time_s > timeline.total_s:
        plan_time_s = timeline.total_s
    return EngineState(Phase.RUNNING, plan_time_s, now_s, state.step_index, None, way_, way_s)


def _ticked(timeline: Timeline, state: EngineState, now_s: float) -> EngineStep:
    if state.phase is Phase.RUNNING:
        if state.way:
            return EngineStep(state, setpoint_along(state.way, state.way_s))
        if state.plan_time_s < timeline.steps[state.step_index].ends_s:
            return EngineStep(state, timeline.setpoint_at(state.plan_time_s))
        if state.plan_time_s >= timeline.total_s:
            return _ended(state, PlanEnded, "the plan is done")
        return _announced(timeline, state, timeline.step_at(state.plan_time_s))
    if state.phase is Phase.WAITING_FOR_PERSON:
        return _waited_for_person(timeline, state, now_s)
    return EngineStep(state, STANDSTILL)


def _announced(timeline: Timeline, state: EngineState, begun: Step) -> EngineStep:
    state = replace(state, step_index=begun.index)
    return EngineStep(state, _wanted(timeline, state), (Cue(CueKind.STEP, begun.label, begun.index, begun.say),))


def _waited_for_person(timeline: Timeline, state: EngineState, now_s: float) -> EngineStep:
    waited_s = now_s - (now_s if state.waiting_since_s is None else state.waiting_since_s)
    if waited_s < PERSON_ANSWERS_WITHIN_S:
        return EngineStep(state, timeline.lowest)
    reason = f"nobody confirmed being on the belt within {waited_s:.0f} s (limit {PERSON_ANSWERS_WITHIN_S:.0f} s)"
    return _ended(state, NobodyCameOn, reason)


def _applied(timeline: Timeline, state: EngineState, event: Event, now_s: float) -> EngineStep:
    """A legal event that is no tick, applied to a state that is up to date."""
    match event:
        case PersonConfirmedOn():
            return _set_off(timeline, state, now_s)
        case NextRequested():
            last = len(timeline.steps) - 1
            return _led_to(timeline, state, timeline.steps[min(state.step_index + 1, last)])
        case FinishRequested():
            cool_down = timeline.cool_down()
            return _led_to(timeline, state, timeline.steps[max(state.step_index, cool_down.index)])
        case StopRequested():
            return _ended(state, StopRequested, "a stop was asked for")
        case BeltStopped(cause):
            return _ended(state, BeltStopped, cause)
        case StartAbandoned() if state.plan_time_s > 0:
            return _waiting(timeline, state, ResumeAbandoned, now_s)
        case _:
            return _waiting(timeline, state, type(event), now_s)


def _set_off(timeline: Timeline, state: EngineState, now_s: float) -> EngineStep:
    """From the lowest speed to where the plan was left; at its very start that is where the belt is."""
    place = timeline.setpoint_at(state.plan_time_s)
    way_ = () if place == timeline.lowest else way(timeline.lowest, place, timeline.rates)
    state = EngineState(_next_phase(state, PersonConfirmedOn), state.plan_time_s, now_s, way=way_)
    return _announced(timeline, state, timeline.step_at(state.plan_time_s))


def _led_to(timeline: Timeline, state: EngineState, target: Step) -> EngineStep:
    """Straight to the set-point of ``target``, not by way of the end of the step before it.

    The step that is on already just goes on; saying its cue again tells that the key was heard.
    """
    if target.index != state.step_index:
        way_ = way(_wanted(timeline, state), target.entry, timeline.rates)
        state = replace(state, plan_time_s=target.settled_s, way=way_, way_s=0.0)
    return _announced(timeline, state, target)


def _waiting(timeline: Timeline, state: EngineState, kind: type[Event], now_s: float) -> EngineStep:
    """The place in the plan is kept through every phase that waits."""
    phase = _next_phase(state, kind)
    since_s = now_s if phase in _WAITS else None
    state = EngineState(phase, state.plan_time_s, state.clock_s, state.step_index, since_s)
    return EngineStep(state, _wanted(timeline, state))


def _ended(state: EngineState, kind: type[Event], reason: str) -> EngineStep:
    phase = _next_phase(state, kind)
    return EngineStep(replace(state, phase=phase, waiting_since_s=None, way=(), way_s=0.0), STANDSTILL, (), reason)


def _next_phase(state: EngineState, kind: type[Event]) -> Phase:
    return TRANSITIONS[state.phase, kind]


def _wanted(timeline: Timeline, state: EngineState) -> Setpoint:
    if state.phase is Phase.RUNNING:
        return setpoint_along(state.way, state.way_s) if state.way else timeline.setpoint_at(state.plan_time_s)
    return timeline.lowest if state.phase is Phase.WAITING_FOR_PERSON else STANDSTILL
