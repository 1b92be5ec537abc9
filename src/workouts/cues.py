"""What the person on the belt is told: a kind, a short sentence to speak, and the step it belongs to.

Who faces the rear sees no screen, so every rise is announced by voice before it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..machine import Facing, Setpoint
from .quantity import duration_text, incline_text, speed_text
from .steps import Step, StepKind

RISE_WARNING_S = 5.0
"""No rise begins sooner after its announcement. Speaking it takes about two seconds; the rest is for a person who
goes backwards to take the rails or to set the feet. An engineering proposal: hazard "automation surprise", a person
who does not expect a rise."""

CUE_SLACK_S = 0.2
"""A rise of the plan is announced so much earlier: the engine is asked every 0.1 s, so a cue may come one turn late,
and still 5 s lie before the rise."""

NEXT_STEP_S = 10.0
"""How long before its end a step names the next one: the sentence and the announcement of a rise follow each other
without haste."""

NEXT_STEP_MIN_S = 20.0
"""A shorter step does not name the next one: its own name would still be ringing."""

COUNT_STEP_MIN_S = 10.0
"""A shorter step is not counted out; a rise always is."""

COUNTED_S = (3.0, 2.0, 1.0)


class CueKind(Enum):
    """Why something is said."""

    STEP = "step"
    NEXT_STEP = "next step"
    RISE_SOON = "rise soon"
    COUNT = "count"
    TURN = "turn"
    OFF_BELT = "off belt"
    ON_BELT = "on belt"
    ENDING = "ending"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Cue:
    """``text`` is spoken; ``say`` are the words of the step's author, spoken after it. ``step`` is an index.

    STEP is also the answer to a key: the step goes on, is held, or is longer now. COUNT is "3", "2" or "1" before a
    rise or a step.
    """

    kind: CueKind
    text: str
    step: int
    say: str | None = None


def step_cue(step: Step) -> Cue:
    """A step on the belt begins."""
    return Cue(CueKind.STEP, step_words(step), step.index, step.say)


def answer(step: Step, text: str) -> Cue:
    """Something about the step that is on has changed; its author's words stay on the screen."""
    return Cue(CueKind.STEP, text, step.index, step.say)


def next_cue(step: Step, after: Step | None) -> Cue:
    """The step ``after`` comes soon; None: the plan ends."""
    if after is None:
        return Cue(CueKind.ENDING, f"the belt stops in {NEXT_STEP_S:.0f} seconds", step.index)
    if after.on_belt:
        return Cue(CueKind.NEXT_STEP, f"next: {step_words(after)}", after.index)
    return Cue(CueKind.NEXT_STEP, f"next: the belt stops. {after.label}", after.index)


def ready_cue(off_belt: Step, after: Step) -> Cue:
    """The time off the belt is over, and ``after`` waits for the person; the author's words stay on the screen."""
    what = step_words(after) if after.on_belt else after.label
    ask = "start when you are ready" if after.on_belt else "go on when you are ready"
    return Cue(CueKind.NEXT_STEP, f"next: {what}. {ask}", off_belt.index)


def turn_cue(turn: Step) -> Cue:
    """A turn begins, with the belt perhaps still moving: nobody may turn on it."""
    where = "the rear" if turn.facing is Facing.REAR else "the console"
    text = f"the belt stops. When it stands still, step off it and turn to {where}"
    return Cue(CueKind.TURN, text, turn.index, turn.say)


def off_belt_cue(step: Step, belt_moves: bool) -> Cue:
    """A time off the belt begins."""
    text = f"the belt stops. When it stands still, {step.label}" if belt_moves else step.label
    return Cue(CueKind.OFF_BELT, text, step.index, step.say)


def on_belt_cue(step: Step, speed_kph: float) -> Cue:
    """The belt moves at its lowest speed and waits for the person."""
    return Cue(CueKind.ON_BELT, f"the belt moves, {speed_text(speed_kph)}. Step on and confirm", step.index)


def done_cue(step: Step) -> Cue:
    """The plan is over."""
    return Cue(CueKind.DONE, "done. The belt stops", step.index)


def rise_cue(start: Setpoint, end: Setpoint, step: int) -> Cue:
    """A rise from ``start`` to ``end`` begins in ``RISE_WARNING_S``."""
    parts = []
    if end.speed_kph > start.speed_kph:
        parts.append(f"faster in {RISE_WARNING_S:.0f} seconds, {speed_text(round(end.speed_kph, 1))}")
    if end.incline_percent > start.incline_percent:
        parts.append(f"steeper in {RISE_WARNING_S:.0f} seconds, {incline_text(round(end.incline_percent, 1))}")
    return Cue(CueKind.RISE_SOON, " and ".join(parts), step)


def count_cue(seconds: float, step: int) -> Cue:
    """ "3", "2" or "1"."""
    return Cue(CueKind.COUNT, f"{seconds:.0f}", step)


def hold_over_text(held_s: float) -> str:
    """A hold has lasted as long as it may."""
    return f"the hold ends after {duration_text(held_s)}"


def step_words(step: Step) -> str:
    """A step and what it asks for: "run 60 s, 6.5 km/h"; standing, its label alone."""
    if step.kind in (StepKind.TURN, StepKind.OFF_BELT):
        return step.label
    first, last = step.entry, step.target
    words = f"{step.label}, {_range(speed_text(round(first.speed_kph, 2)), speed_text(round(last.speed_kph, 2)))}"
    if not (first.incline_percent or last.incline_percent):
        return words
    return f"{words}, {_range(incline_text(first.incline_percent), incline_text(last.incline_percent))}"


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"
