"""What the person on the belt is told: a kind, a short sentence to speak, and the step it belongs to.

Who faces the rear sees no screen, so every rise is announced by voice before it comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import reduce

from ..machine import BeltDirection, Facing, Setpoint
from .phrases import ENGLISH, Amount, Foreign, Part, Phrase, phrase
from .quantity import distance_text, duration_text, incline_text, number_text, speed_text
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
    """``text`` is what is said, in English; ``say`` are the words of the step's author, spoken after it.

    ``step`` is an index. ``phrase`` is the same without a language; None: there are only the words of ``text``.
    STEP is also the answer to a key: the step goes on, is held, or is longer now. COUNT is "3", "2" or "1" before a
    rise or a step.
    """

    kind: CueKind
    text: str
    step: int
    say: str | None = None
    phrase: Phrase | None = field(default=None, compare=False)


def _cue(kind: CueKind, said: Phrase, step: int, say: str | None = None) -> Cue:
    return Cue(kind, ENGLISH.text(said), step, say, said)


def step_cue(step: Step) -> Cue:
    """A step on the belt begins."""
    return _cue(CueKind.STEP, step_phrase(step), step.index, step.say)


def answer(step: Step, said: Phrase) -> Cue:
    """Something about the step that is on has changed; its author's words stay on the screen."""
    return _cue(CueKind.STEP, said, step.index, step.say)


def next_cue(step: Step, after: Step | None) -> Cue:
    """The step ``after`` comes soon; None: the plan ends."""
    if after is None:
        return _cue(CueKind.ENDING, phrase("ending", seconds=f"{NEXT_STEP_S:.0f}"), step.index)
    return _cue(CueKind.NEXT_STEP, phrase(_next_key(step, after), what=step_phrase(after)), after.index)


def _next_key(step: Step, after: Step) -> str:
    """What falls is said before the figures; what rises has a warning of its own."""
    if not after.on_belt:
        return "next-standing"
    if after.entry.speed_kph < step.target.speed_kph:
        return "next-slower"
    return "next-flatter" if after.entry.incline_percent < step.target.incline_percent else "next"


def ready_cue(off_belt: Step, after: Step) -> Cue:
    """The time off the belt is over, and ``after`` waits for the person; the author's words stay on the screen."""
    key = "start-when-ready" if after.on_belt else "go-on-when-ready"
    return _cue(CueKind.NEXT_STEP, phrase(key, what=step_phrase(after)), off_belt.index)


def turn_cue(turn: Step) -> Cue:
    """A turn begins, with the belt perhaps still moving: nobody may turn on it."""
    where = phrase("to-the-rear" if turn.facing is Facing.REAR else "to-the-console")
    return _cue(CueKind.TURN, phrase("turn", where=where), turn.index, turn.say)


def off_belt_cue(step: Step, belt_moves: bool) -> Cue:
    """A time off the belt begins."""
    said = phrase("off-belt-moving" if belt_moves else "off-belt", what=step_phrase(step))
    return _cue(CueKind.OFF_BELT, said, step.index, step.say)


def on_belt_cue(step: Step, speed_kph: float) -> Cue:
    """The belt moves at its lowest speed and waits for the person."""
    return _cue(CueKind.ON_BELT, phrase("on-belt", speed=Amount(speed_text(speed_kph))), step.index)


def done_cue(step: Step) -> Cue:
    """The plan is over."""
    return _cue(CueKind.DONE, phrase("done"), step.index)


def rise_cue(start: Setpoint, end: Setpoint, step: int, soon: Setpoint | None = None) -> Cue:
    """A rise from ``start`` to ``end`` begins in ``RISE_WARNING_S``.

    ``soon`` is what it has come to when it goes on slowly; None: it goes straight to its end.
    """
    soon = end if soon is None else soon
    told: dict[str, Part] = {"seconds": f"{RISE_WARNING_S:.0f}"}
    rising = []
    if end.speed_kph > start.speed_kph:
        rising.append("faster")
        first, then, last = (round(one.speed_kph, 1) for one in (start, soon, end))
        told["speed"], told["kph"] = _rise_texts(first, then, last, speed_text)
    if end.incline_percent > start.incline_percent:
        rising.append("steeper")
        first, then, last = (round(one.incline_percent, 1) for one in (start, soon, end))
        told["incline"], told["percent"] = _rise_texts(first, then, last, incline_text)
    return _cue(CueKind.RISE_SOON, phrase("-and-".join(rising), **told), step)


def _rise_texts(start: float, soon: float, end: float, text: Callable[[float], str]) -> tuple[Part, Part]:
    """Where it goes, to read and to hear: aloud only what comes at once, or there is no time for the count."""
    if soon >= end:
        return Amount(text(end)), Amount(number_text(end))
    if soon <= start:
        return phrase("slowly", last=Amount(text(end))), phrase("slowly-aloud")
    first = Amount(number_text(soon))
    return phrase("then-slowly", first=Amount(text(soon)), last=Amount(text(end))), first


def count_cue(seconds: float, step: int) -> Cue:
    """ "3", "2" or "1"."""
    return _cue(CueKind.COUNT, phrase("count", number=f"{seconds:.0f}"), step)


def said_by_author(say: str) -> Foreign:
    """The words of a step's author, which a language may know."""
    return Foreign("said", say, say)


def step_words(step: Step) -> str:
    """A step and what it asks for: "run 60 s, 6.5 km/h"; standing, its label alone."""
    return ENGLISH.text(step_phrase(step))


def step_phrase(step: Step) -> Phrase:
    """The same without a language."""
    label = _label(step)
    if step.kind in (StepKind.TURN, StepKind.OFF_BELT):
        return phrase("off-belt", what=label)
    first, last = step.entry, step.target
    speed = _range(speed_text(round(first.speed_kph, 2)), speed_text(round(last.speed_kph, 2)))
    if not (first.incline_percent or last.incline_percent):
        return phrase("step", label=label, speed=speed)
    incline = _range(incline_text(first.incline_percent), incline_text(last.incline_percent))
    return phrase("step-uphill", label=label, speed=speed, incline=incline)


def _range(first: str, last: str) -> Part:
    return Amount(first) if first == last else phrase("range", first=Amount(first), last=Amount(last))


_LABELS = {
    StepKind.WALK: "label-walk",
    StepKind.RUN: "label-run",
    StepKind.COOL_DOWN: "label-cool-down",
    StepKind.OFF_BELT: "label-off-belt",
    StepKind.TURN: "label-turn",
}
_NUMBER = re.compile(r" \((\d+ of \d+(?:, \d+ of \d+)*)\)$")


def _label(step: Step) -> Part:
    """What the step is called; a label that is not built as those of plans are is said as it stands."""
    found = _NUMBER.search(step.label)
    number = phrase("nothing") if found is None else _number(found[1])
    if step.kind is StepKind.TURN:
        where = phrase("rear" if step.facing is Facing.REAR else "console")
        belt = phrase("belt-reversed" if step.belt is BeltDirection.REVERSED else "nothing")
        built = phrase(_LABELS[step.kind], where=where, belt=belt, number=number)
    else:
        length = duration_text(step.length_s) if step.length_m is None else distance_text(step.length_m)
        built = phrase(_LABELS[step.kind], length=Amount(length), number=number)
    return built if ENGLISH.text(built) == step.label else step.label


def _number(of: str) -> Phrase:
    """ "3 of 6, 1 of 2": which turn of the repeats around the step it is."""
    turns = [phrase("number-of", at=at, count=count) for at, _, count in (one.split() for one in of.split(", "))]
    return phrase("number", of=reduce(lambda first, rest: phrase("list", first=first, rest=rest), turns))
