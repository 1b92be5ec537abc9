"""A recorded run through the engine and the supervisor of today: what they say now, held against what was said then.

Everything that went in is on the tape, so the same code gives the same outcome to the last sentence. The first
difference is where the program of today would have done something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..guardian.messages import Armed, Stepped
from ..safety import supervisor
from ..safety.config import Config
from ..safety.tiers import TIERS
from ..workouts import engine
from ..workouts.engine import IllegalEvent
from ..workouts.problems import WorkoutProblems
from ..workouts.quick import quick_plan
from ..workouts.source import parse_workout
from ..workouts.timeline import Timeline, unroll
from .conductor import Taken
from .tape import Tape


@dataclass(frozen=True, slots=True)
class Difference:
    """Where today's program parts from the record: whose step, its number from 1, its moment, and both outcomes."""

    part: str
    number: int
    at_s: float
    what: str
    then: str
    now: str

    def __str__(self) -> str:
        where = f"{self.part}, step {self.number} at {self.at_s:.2f} s"
        return f"{where}: {self.what} was {self.then}, and is now {self.now}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """How it went: the steps that agree, of how many, and the first difference of each part."""

    supervisor_steps: int
    engine_steps: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """No difference at all."""
        return not self.differences


def replay(tape: Tape) -> Replayed:
    """Run the tape; each part up to its first difference."""
    by_supervisor, by_engine = _supervisor(tape), _engine(tape)
    differences = tuple(one for one in (by_supervisor, by_engine) if one is not None)
    notes = (f"{tape.dropped} steps were not recorded, so the rest cannot agree",) if tape.dropped else ()
    return Replayed(len(tape.steps), len(tape.taken), differences, notes)


def _supervisor(tape: Tape) -> Difference | None:
    if tape.connected is None:
        return None
    config, state = Config.unarmed(tape.connected.profile), supervisor.State()
    armed = {one.before_step: one.armed for one in tape.armed}
    for number, recorded in enumerate(tape.steps, start=1):
        if number in armed:
            config = _config(armed[number])
        step = supervisor.step(config, state, recorded.elapsed_ms, recorded.inputs)
        found = _first(_supervisor_outcomes(recorded, step))
        if found is not None:
            return Difference("supervisor", number, recorded.at_s, *found)
        state = step.state
    return None


def _config(armed: Armed) -> Config:
    return Config.of(armed.profile, TIERS[armed.tier], armed.limits, armed.facing, armed.belt)


def _supervisor_outcomes(recorded: Stepped, step: supervisor.Step) -> Iterator[tuple[str, object, object]]:
    yield "the mode", recorded.mode.value, step.state.mode.value
    yield "what was sent", recorded.commands, step.commands
    yield "what was found", recorded.causes, step.causes


def _engine(tape: Tape) -> Difference | None:
    if not tape.taken:
        return None
    first = tape.taken[0]
    try:
        timeline = laid_out(tape)
    except WorkoutProblems as error:
        return Difference("plan", 0, first.at_s, "the layout", "possible", str(error))
    state = engine.INITIAL
    for number, taken in enumerate(tape.taken, start=1):
        try:
            step = engine.step(timeline, state, taken.event, taken.at_s)
        except IllegalEvent as error:
            return Difference("engine", number, taken.at_s, type(taken.event).__name__, "taken", str(error))
        found = _first(_engine_outcomes(taken, step))
        if found is not None:
            return Difference("engine", number, taken.at_s, *found)
        state = step.state
    return None


def laid_out(tape: Tape) -> Timeline:
    """The plan of the tape in time, as today's program lays it out. Raises WorkoutProblems."""
    layout = tape.layout
    plan = quick_plan(tape.plan.decode()) if layout.quick else parse_workout(tape.plan, tape.name)
    return unroll(
        plan,
        layout.rates,
        layout.lowest_kph,
        layout.accept_lowest,
        backward_max_kph=layout.backward_max_kph,
        lead_s=layout.lead_s,
    )


def _engine_outcomes(taken: Taken, step: engine.EngineStep) -> Iterator[tuple[str, object, object]]:
    yield "the phase", taken.phase.value, step.state.phase.value
    yield "the step of the plan", taken.step, step.state.step_index
    yield "the wish", taken.wanted, step.wanted


def _first(outcomes: Iterator[tuple[str, object, object]]) -> tuple[str, str, str] | None:
    return next(((what, _text(then), _text(now)) for what, then, now in outcomes if then != now), None)


def _text(value: object) -> str:
    return repr(value) if not isinstance(value, str) else value
