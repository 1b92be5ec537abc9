"""What the engine knows between two calls, and what one call gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from ..machine import STANDSTILL, Setpoint
from ..values import value
from .changes import UNCHANGED, Change
from .cues import Cue
from .departure import Place, Way
from .phases import Phase
from .ramps import setpoint_along
from .timeline import Step, Timeline

DISTANCE_OVERTIME_S = 60.0
"""A step that is measured in metres lasts at most twice its estimate and so many seconds: a belt at half the speed,
with a start, still gets there; one that reports no metres at all does not keep a person on it for ever."""


class Span(Enum):
    """Which count of seconds runs; in a hold and at the end of a step off the belt none that matters."""

    HELD = "held"
    WAY = "way"
    PLAN = "plan"
    ADDED = "added time"
    OVER = "metres beyond their estimate"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Course:
    """What changes with an event or the end of a step only.

    ``mark_s`` is the clock when the present ``span`` of time began, ``from_s`` what then stood on the count that runs
    in it: a place is worked out from these two, so it does not depend on how often somebody asked.

    ``line`` is the plan with its speeds as the person changed them, and ``change`` how. ``entered_s``: the clock when
    the step began. ``from_m``: the distance then, None while no distance is known. ``left_m``: the distance when the
    person was last on the belt. ``added_s``: by how much the step was made longer.
    ``finishing``: the run ends with this stretch. ``coming_down``: it ends with the way.
    """

    span: Span = Span.REST
    mark_s: float = 0.0
    from_s: float = 0.0
    line: Timeline | None = field(default=None, repr=False)
    change: Change = UNCHANGED
    entered_s: float = 0.0
    from_m: float | None = None
    left_m: float | None = None
    added_s: float = 0.0
    finishing: bool = False
    coming_down: bool = False


@value
class EngineState:
    """All that the engine knows between two calls.

    ``clock_s`` is the latest moment that counted. ``waiting_since_s`` is when the present waiting or hold began.
    ``way`` is the way from where the belt is to where the plan is, ``way_s`` how far along it; plan time waits while
    there is one. ``step_index`` is the step that is on; waiting for the start after a turn or a step off the belt,
    still that one. ``extended_s`` is what is left of the time that was added to it, ``over_s`` how long its metres
    have taken beyond the estimate. ``nudge_kph`` and ``scale_percent``: what the person changed. ``raises_at_s``: the
    clock at which each rise begins that was announced, the nearest first. ``distance_m``: the most that was measured.
    """

    phase: Phase = Phase.READY
    plan_time_s: float = 0.0
    clock_s: float = 0.0
    step_index: int = 0
    waiting_since_s: float | None = None
    way: Way | None = None
    way_s: float = 0.0
    held: bool = False
    extended_s: float = 0.0
    over_s: float = 0.0
    nudge_kph: float = 0.0
    scale_percent: int = 100
    raises_at_s: tuple[float, ...] = ()
    distance_m: float | None = None
    course: Course = Course()

    @property
    def raise_at_s(self) -> float | None:
        """When the nearest announced rise begins; None where none is announced."""
        return self.raises_at_s[0] if self.raises_at_s else None


INITIAL = EngineState()


@value
class EngineStep:
    """What one event led to. ``stop_reason`` is a sentence on the step that enters an end, else ``None``."""

    state: EngineState
    wanted: Setpoint
    cues: tuple[Cue, ...] = ()
    stop_reason: str | None = None


def with_distance(state: EngineState, distance_m: float) -> EngineState:
    """The state with more metres. Written out, because it is made with every tick and ``replace`` takes long."""
    return EngineState(
        state.phase,
        state.plan_time_s,
        state.clock_s,
        state.step_index,
        state.waiting_since_s,
        state.way,
        state.way_s,
        state.held,
        state.extended_s,
        state.over_s,
        state.nudge_kph,
        state.scale_percent,
        state.raises_at_s,
        distance_m,
        state.course,
    )


def line_of(timeline: Timeline, state: EngineState) -> Timeline:
    """The timeline with the speeds as the person changed them; steps, lengths and plan time are the same."""
    return timeline if state.course.line is None else state.course.line


def wanted(line: Timeline, state: EngineState) -> Setpoint:
    """What is wanted of the belt in this state."""
    if state.phase is Phase.RUNNING:
        if state.way is not None:
            return setpoint_along(state.way.legs, state.way_s)
        return line.wish_at(state.step_index, state.plan_time_s)
    return line.lowest if state.phase is Phase.WAITING_FOR_PERSON else STANDSTILL


def by_distance(step: Step, state: EngineState) -> bool:
    """Whether the step ends by the metres that are measured."""
    return step.length_m is not None and state.course.from_m is not None


def waits_s(line: Timeline, state: EngineState) -> float:
    """How long plan time still waits at the end of the step that is on, at the most."""
    step = line.steps[state.step_index]
    if not by_distance(step, state):
        return state.extended_s
    return max(0.0, step.length_s + DISTANCE_OVERTIME_S + state.extended_s - state.over_s)


def left_of_m(line: Timeline, state: EngineState) -> float | None:
    """The metres that the step that is on still lasts, added time at its speed; None for one that lasts a time."""
    step, from_m = line.steps[state.step_index], state.course.from_m
    if step.length_m is None or from_m is None or state.distance_m is None:
        return None
    added_m = state.extended_s * step.target.speed_kph / 3.6
    return step.length_m + added_m - (state.distance_m - from_m)


def place_of(line: Timeline, state: EngineState) -> Place:
    """Where in the plan the state stands."""
    return Place(state.step_index, state.plan_time_s, waits_s(line, state))
