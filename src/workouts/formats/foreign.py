"""A workout as another program wrote it: what was really said, in its own units, with its place in the file.

Nothing is guessed here. Where a file leaves open what it means, a ``Question`` stands in the place of the unit or of
the speed, and somebody has to answer it before there is a workout of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from ..problems import Place


class Format(Enum):
    """A format that can be read; the value is its word on the command line."""

    ZWO = "zwo"
    ICU = "icu"
    QZ = "qz"
    FIT = "fit"


class SpeedIn(Enum):
    """Units of a speed, or of its inverse, a pace."""

    KPH = "km/h"
    MPH = "mph"
    MPS = "m/s"
    MIN_PER_KM = "min/km"
    MIN_PER_MI = "min/mi"
    S_PER_KM = "s/km"
    S_PER_MI = "s/mi"


class LengthIn(Enum):
    """Units of the length of a step."""

    S = "s"
    MIN = "min"
    M = "m"
    KM = "km"
    MI = "mi"


class InclineIn(Enum):
    """Units of an incline: 5 percent, the fraction 0.05, or the angle in degrees."""

    PERCENT = "percent"
    FRACTION = "fraction"
    DEGREES = "degrees"


class ShareIn(Enum):
    """Units of a share: the fraction 0.75, or 75 percent."""

    FRACTION = "fraction"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Question:
    """What a file leaves open. ``key`` names it on the command line, ``text`` is the question as a person reads it.

    The answer is one of ``choices``; without any it is a speed with its unit, "8 km/h".
    """

    key: str
    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speed:
    """A speed or a pace."""

    value: Decimal
    unit: SpeedIn | Question


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a speed; ``of`` is what the file says that 100 % is, where it does."""

    value: Decimal
    unit: ShareIn | Question
    of: Speed | Question


Aim = Speed | Share | Question
"""What a step asks of the belt; a question where it names no speed at all."""


@dataclass(frozen=True, slots=True)
class Target:
    """From ``start`` to ``end``. ``doubt``: whether that is a ramp, in which order, or a band to stay in."""

    start: Aim
    end: Aim
    doubt: Question | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """How long a step is."""

    value: Decimal
    unit: LengthIn | Question


@dataclass(frozen=True, slots=True)
class Incline:
    """The incline of a step."""

    value: Decimal
    unit: InclineIn | Question


@dataclass(frozen=True, slots=True)
class ForeignStep:
    """One step. ``sure``: asked because the file says a speed and, beside it, that the speed does not count."""

    length: Length
    target: Target
    place: Place
    incline: Incline | None = None
    say: str | None = None
    cool_down: bool = False
    sure: Question | None = None


@dataclass(frozen=True, slots=True)
class ForeignRepeat:
    """Steps that are gone through ``times`` times."""

    times: int
    steps: tuple[ForeignItem, ...]
    place: Place


ForeignItem = ForeignStep | ForeignRepeat


@dataclass(frozen=True, slots=True)
class ForeignWorkout:
    """A whole file. ``left_out``: sentences on what it says and our format has no place for."""

    format: Format
    file: str
    name: str | None
    steps: tuple[ForeignItem, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the first place that raises it, and how many steps do."""

    question: Question
    place: Place
    steps: int

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}: {self.place.field}"
        more = f" and {self.steps - 1} more" if self.steps > 1 else ""
        return f"{where}{more}: {self.question.text}"


def questions(workout: ForeignWorkout) -> tuple[Asked, ...]:
    """Every question that the file raises, each once, in the order of the file."""
    found: dict[str, Asked] = {}
    for step in written_steps(workout.steps):
        for question in dict.fromkeys(_of_step(step)):
            before = found.get(question.key)
            place, count = (step.place, 1) if before is None else (before.place, before.steps + 1)
            found[question.key] = Asked(question, place, count)
    return tuple(found.values())


def written_steps(items: tuple[ForeignItem, ...]) -> Iterator[ForeignStep]:
    """Every step as it is written, those of a repeat once."""
    for item in items:
        if isinstance(item, ForeignRepeat):
            yield from written_steps(item.steps)
        else:
            yield item


def _of_step(step: ForeignStep) -> Iterator[Question]:
    yield from _open(step.length.unit)
    yield from _of_aim(step.target.start)
    yield from _of_aim(step.target.end)
    if step.target.doubt is not None:
        yield step.target.doubt
    if step.incline is not None and step.incline.value:  # nought is flat in every unit
        yield from _open(step.incline.unit)
    if step.sure is not None:
        yield step.sure


def _of_aim(aim: Aim) -> Iterator[Question]:
    match aim:
        case Question():
            yield aim
        case Speed():
            yield from _open(aim.unit)
        case Share():
            yield from _open(aim.unit)
            yield from _open(aim.of.unit if isinstance(aim.of, Speed) else aim.of)


def _open(unit: Enum | Question) -> Iterator[Question]:
    if isinstance(unit, Question):
        yield unit


SPEED_UNIT = Question(
    "speed-unit",
    "a speed without a unit; which one is it?",
    tuple(unit.value for unit in (SpeedIn.KPH, SpeedIn.MPH, SpeedIn.MPS, SpeedIn.MIN_PER_KM, SpeedIn.MIN_PER_MI)),
)
INCLINE_UNIT = Question(
    "incline-unit",
    "an incline without a unit: 5 as 5 percent, 0.05 as a fraction, or an angle in degrees?",
    tuple(unit.value for unit in InclineIn),
)
SHARE_UNIT = Question(
    "share-unit",
    "a share above 2.5: a fraction, as the format wants it, or percent?",
    tuple(unit.value for unit in ShareIn),
)
BAND = Question(
    "band",
    "a band of speeds and not one; at which end of it should the belt run?",
    ("slow", "middle", "fast"),
)
RAMP_ORDER = Question(
    "ramp-order",
    "a warm-up that gets slower or a cool-down that gets faster; programs differ in which end comes first",
    ("as-written", "turned-round"),
)


def speed_of(name: str, text: str) -> Question:
    """The question for the speed that ``name`` (lower case words) stands for."""
    return Question(f"speed-of-{'-'.join(name.lower().split())}", text)


OPEN_STEPS = speed_of("open steps", "no speed is named here; which speed should the belt have?")
