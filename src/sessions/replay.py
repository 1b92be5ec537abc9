"""A recorded run through the engine and the supervisor of today: what they say now, held against what was said then.

Everything that went in is on the tape, so the same code gives the same outcome to the last sentence. The first
difference is where the program of today would have done something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..guardian.messages import Armed, Stepped
from ..safety import supervisor
from ..safety.config import Config
from ..safety.hazards import Cause
from ..safety.tiers import TIERS
from ..workouts import engine
from ..workouts.quick import quick_plan
from ..workouts.source import parse_workout
from ..workouts.timeline import Timeline
from .conductor import Taken, cue_words
from .layout import unrolled
from .tape import Tape

HOLE_MS = 2
"""A step of the supervisor says how long it was since the one before; a journal keeps moments to a millisecond, and
two roundings may add up to this. A greater gap is a step that never reached the recorder."""

_TEXT_MAX = 300
"""Of an outcome in a sentence: one line of causes still fits."""


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
    """How it went: the steps that were held against the record, the first difference of each part, and what was not."""

    supervisor_steps: int
    engine_steps: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """No difference at all."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class _Part:
    """One part: how many steps were compared, and the first difference or the sentence that ended it."""

    steps: int = 0
    difference: Difference | None = None
    note: str | None = None


def replay(tape: Tape) -> Replayed:
    """Run the tape; each part up to its first difference, or to the first hole in the record."""
    plan, timeline = _plan(tape)
    by_supervisor = _supervisor(tape)
    by_engine = _Part() if timeline is None else _engine(tape, timeline)
    differences = (plan, by_supervisor.difference, by_engine.difference)
    notes = (_dropped(tape), by_supervisor.note)
    return Replayed(
        by_supervisor.steps,
        by_engine.steps,
        tuple(one for one in differences if one is not None),
        tuple(one for one in notes if one is not None),
    )


def _dropped(tape: Tape) -> str | None:
    if not tape.dropped:
        return None
    return f"{tape.dropped} steps were dropped by the recorder, and {tape.left_out} behind the first are not compared"


# --- the plan -----------------------------------------------------------------------------------------------


def _plan(tape: Tape) -> tuple[Difference | None, Timeline | None]:
    """The plan laid out today; a layout that asks other things of the belt is a difference of its own."""
    at_s = tape.taken[0].at_s if tape.taken else 0.0
    try:
        timeline = laid_out(tape)
    except Exception as error:  # noqa: BLE001  it could be laid out then; whatever stands in its way is the difference
        return Difference("plan", 0, at_s, "the layout", "possible", _error(error)), None
    if tape.plan_hash is None or tape.plan_hash == timeline.plan_hash:
        return None, timeline
    then, now = f"{tape.plan_hash[:12]}…", f"{timeline.plan_hash[:12]}… ({timeline.total_s:.1f} s)"
    return Difference("plan", 0, at_s, "what the belt is asked for", then, now), timeline


def laid_out(tape: Tape) -> Timeline:
    """The plan of the tape in time, as today's program lays it out. Raises WorkoutProblems and ValueError."""
    plan = quick_plan(tape.plan.decode()) if tape.layout.quick else parse_workout(tape.plan, tape.name)
    return unrolled(plan, tape.layout)


# --- the supervisor -----------------------------------------------------------------------------------------


def _supervisor(tape: Tape) -> _Part:
    if tape.connected is None:
        return (
            _Part(note="no connection was recorded, so nothing of the supervisor is compared")
            if tape.steps
            else _Part()
        )
    hole = _hole(tape.steps)
    part = _supervised(tape, tape.steps[:hole])
    if part.difference is not None or hole == len(tape.steps):
        return part
    return _Part(part.steps, note=_hole_words(tape.steps, hole))


def _hole(steps: tuple[Stepped, ...]) -> int:
    """The index of the first step before which another is missing; their number where there is none."""
    return next((at for at, pair in enumerate(pairwise(steps), start=1) if _gap_ms(*pair) > HOLE_MS), len(steps))


def _gap_ms(before: Stepped, after: Stepped) -> float:
    return (after.at_s - before.at_s) * 1000 - after.elapsed_ms


def _hole_words(steps: tuple[Stepped, ...], at: int) -> str:
    gap_s = _gap_ms(steps[at - 1], steps[at]) / 1000
    return (
        f"the record has a hole of {gap_s:.2f} s before step {at + 1} of the supervisor at {steps[at].at_s:.2f} s; "
        f"from there on nothing of the supervisor is compared ({len(steps) - at} steps)"
    )


def _supervised(tape: Tape, steps: tuple[Stepped, ...]) -> _Part:
    assert tape.connected is not None
    config, state = Config.unarmed(tape.connected.profile), supervisor.State()
    armed = {one.before_step: one.armed for one in tape.armed}
    for number, recorded in enumerate(steps, start=1):
        try:
            config = _config(armed[number]) if number in armed else config
            step = supervisor.step(config, state, recorded.elapsed_ms, recorded.inputs)
        except Exception as error:  # noqa: BLE001  the supervisor of then took it; that today's fails is the difference
            return _Part(number, Difference("supervisor", number, recorded.at_s, "the step", "taken", _error(error)))
        found = _first(_supervisor_outcomes(recorded, step))
        if found is not None:
            return _Part(number, Difference("supervisor", number, recorded.at_s, *found))
        state = step.state
    return _Part(len(steps))


def _config(armed: Armed) -> Config:
    config = Config.of(armed.profile, TIERS[armed.tier], armed.limits, armed.facing, armed.belt)
    return config.under(armed.heart).asking(armed.asks)


def _supervisor_outcomes(recorded: Stepped, step: supervisor.Step) -> Iterator[tuple[str, object, object]]:
    yield "the mode", recorded.mode.value, step.state.mode.value
    yield "what was sent", recorded.commands, step.commands
    yield "what was found", recorded.causes, step.causes


# --- the engine ---------------------------------------------------------------------------------------------


def _engine(tape: Tape, timeline: Timeline) -> _Part:
    state = engine.INITIAL
    for number, taken in enumerate(tape.taken, start=1):
        try:
            step = engine.step(timeline, state, taken.event, taken.at_s)
        except Exception as error:  # noqa: BLE001  the engine of then took it; that today's does not is the difference
            what = f"the event {type(taken.event).__name__}"
            return _Part(number, Difference("engine", number, taken.at_s, what, "taken", _error(error)))
        found = _first(_engine_outcomes(taken, step))
        if found is not None:
            return _Part(number, Difference("engine", number, taken.at_s, *found))
        state = step.state
    return _Part(len(tape.taken))


def _engine_outcomes(taken: Taken, step: engine.EngineStep) -> Iterator[tuple[str, object, object]]:
    yield "the phase", taken.phase.value, step.state.phase.value
    yield "the step of the plan", taken.step, step.state.step_index
    yield "the wish", taken.wanted, step.wanted
    yield "what is spoken", taken.cues, tuple(map(cue_words, step.cues))


# --- words --------------------------------------------------------------------------------------------------


def _first(outcomes: Iterator[tuple[str, object, object]]) -> tuple[str, str, str] | None:
    return next(((what, _text(then), _text(now)) for what, then, now in outcomes if then != now), None)


def _text(value: object) -> str:
    """The value for a reader: nothing is "nothing", a cause its sentence, and what is too long ends in dots."""
    parts = value if isinstance(value, tuple) else (value,)
    text = ", ".join(_word(one) for one in parts) or "nothing"
    return text if len(text) <= _TEXT_MAX else f"{text[:_TEXT_MAX]}…"


def _word(value: object) -> str:
    if isinstance(value, Cause):
        return f"{value.hazard.value} ({value.action.name.lower()}, over {value.clears.value}): {value.message}"
    return value if isinstance(value, str) else repr(value)


def _error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_TEXT_MAX]
