"""From what another program wrote and what a person answered to a workout of ours; whole or not at all.

``ValueError``
├── ``Unanswered``    questions are left; carries them
└── ``AnswerError``   an answer that answers nothing: what is wrong, and the mend
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import Enum
from typing import TypeVar

from ..gaits import FORWARD_RUN_KPH
from ..plan import WorkoutPlan
from ..problems import PROBLEMS_MAX, Problem, WorkoutFileError
from ..quantity import (
    QuantityError,
    duration_text,
    parse_incline_percent,
    parse_length,
    parse_speed_kph,
    shown,
)
from ..source import parse_workout
from ..strict import CUE_MAX, NAME_MAX
from ..wording import is_hidden, people_text
from .foreign import (
    Aim,
    Asked,
    ForeignItem,
    ForeignRepeat,
    ForeignStep,
    ForeignWorkout,
    Format,
    Incline,
    InclineIn,
    Length,
    LengthIn,
    Question,
    ShareIn,
    Speed,
    SpeedIn,
    Target,
    questions,
)
from .written import WrittenItem, WrittenRepeat, WrittenStep, WrittenWorkout

TITLES = {
    Format.ZWO: "ZWO",
    Format.ICU: "intervals.icu text",
    Format.QZ: "a qdomyos-zwift program",
    Format.FIT: "a FIT workout",
}

_METRES_A_MILE = Decimal("1609.344")
_THOUSANDTH = Decimal("0.001")
"""Three decimals: what our file takes."""

_NOISE = Decimal("1e-9")
"""What a division may have left below a whole thousandth; far below anything that a belt can do."""

_Unit = TypeVar("_Unit", bound=Enum)


class Unanswered(ValueError):
    """Questions that have to be answered first."""

    def __init__(self, asked: tuple[Asked, ...]) -> None:
        super().__init__("\n".join(map(str, asked)))
        self.asked = asked


class AnswerError(ValueError):
    """An answer that is none: what is wrong, and the mend."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A workout of ours. ``text`` is its file, ``notes`` are sentences on what is not in it."""

    plan: WorkoutPlan
    text: str
    notes: tuple[str, ...]


def settled(workout: ForeignWorkout, answers: Mapping[str, str], title: str) -> Settled:
    """The workout with every question answered; ``title`` is its name where the file has none.

    Raises Unanswered, AnswerError, and WorkoutFileError for what our format cannot hold.
    """
    asked = questions(workout)
    checked_answers(asked, answers)
    left = tuple(one for one in asked if one.question.key not in answers)
    if left:
        raise Unanswered(left)
    making = _Making(workout, answers, [], [])
    name = making.words(workout.name or title, NAME_MAX, "the name") or TITLES[workout.format]
    steps = tuple(making.items(workout.steps))
    if making.problems:
        raise WorkoutFileError(tuple(making.problems[:PROBLEMS_MAX]))
    text = WrittenWorkout(name, "console", steps, tuple(_comments(workout, answers))).text()
    return Settled(_read_again(text, workout.file), text, (*workout.left_out, *dict.fromkeys(making.notes)))


def checked_answers(asked: tuple[Asked, ...], answers: Mapping[str, str]) -> None:
    """Raises AnswerError for an answer to a question that is not asked, or that is none of its choices."""
    by_key = {one.question.key: one.question for one in asked}
    for key, answer in answers.items():
        if key not in by_key:
            known = f"it asks for {', '.join(by_key)}" if by_key else "it asks for nothing"
            raise AnswerError(f"{shown(key)} is no question of this file; {known}")
        checked_answer(by_key[key], answer)


def checked_answer(question: Question, answer: str) -> None:
    """Raises AnswerError."""
    if question.choices and answer not in question.choices:
        raise AnswerError(f"{question.key}: {shown(answer)} is no answer; write {' or '.join(question.choices)}")
    if not question.choices:
        try:
            parse_speed_kph(answer)
        except QuantityError as error:
            raise AnswerError(f"{question.key}: {error}") from None


def _comments(workout: ForeignWorkout, answers: Mapping[str, str]) -> Iterator[str]:
    file = "".join(letter for letter in workout.file if not is_hidden(letter))
    yield f"Imported from {TITLES[workout.format]}, {file[-200:]}."
    if answers:
        yield f"Answers: {', '.join(f'{key}={value}' for key, value in sorted(answers.items()))}."[:400]


def _read_again(text: str, file: str) -> WorkoutPlan:
    """The plan of our own text. What is still wrong with it is wrong with the whole: its length, its size."""
    try:
        return parse_workout(text.encode("utf-8"), file)
    except WorkoutFileError as error:
        problems = (Problem(file, 1, 1, one.field, one.message, one.mend) for one in error.problems)
        raise WorkoutFileError(tuple(problems)) from None


@dataclass(frozen=True, slots=True)
class _Making:
    """The steps of one workout while they become ours."""

    workout: ForeignWorkout
    answers: Mapping[str, str]
    problems: list[Problem]
    notes: list[str]

    def items(self, items: tuple[ForeignItem, ...]) -> Iterator[WrittenItem]:
        for item in items:
            if isinstance(item, ForeignRepeat):
                yield WrittenRepeat(item.times, tuple(self.items(item.steps)))
            else:
                step = self.step(item, last=item is self.workout.steps[-1])
                if step is not None:
                    yield step

    def step(self, step: ForeignStep, last: bool) -> WrittenStep | None:
        """The step, or None with its problem kept."""
        try:
            length = self.length(step.length)
            start, end = self.target(step.target)
            incline = None if step.incline is None else self.incline(step.incline)
        except QuantityError as error:
            self.problems.append(Problem.at(step.place, error.message, error.mend))
            return None
        runs = max(parse_speed_kph(start), parse_speed_kph(end)) >= FORWARD_RUN_KPH
        kind = "cool down" if step.cool_down and last else "run" if runs else "walk"
        speed = start if start == end else f"{start} -> {end}"
        say = None if step.say is None else self.words(step.say, CUE_MAX, "a cue")
        return WrittenStep(kind, length, speed, incline, say)

    def chosen(self, unit: _Unit | Question, of: type[_Unit]) -> _Unit:
        return of(self.answers[unit.key]) if isinstance(unit, Question) else unit

    def length(self, length: Length) -> str:
        """Raises QuantityError."""
        unit = self.chosen(length.unit, LengthIn)
        value = _floored(length.value)
        text = f"{_digits(value)} {unit.value}"
        if unit is LengthIn.S and value == value.to_integral_value() and value < 10**6:
            text = duration_text(int(value))
        return _good(text, parse_length)

    def target(self, target: Target) -> tuple[str, str]:
        """Both ends. Raises QuantityError."""
        start, end = self.aim(target.start), self.aim(target.end)
        if target.doubt is None:
            return start, end
        match self.answers[target.doubt.key]:
            case "turned-round":
                return end, start
            case "slow":
                slow = min(start, end, key=parse_speed_kph)
                return slow, slow
            case "fast":
                fast = max(start, end, key=parse_speed_kph)
                return fast, fast
            case "middle":
                middle = _kph_text(Decimal(repr((parse_speed_kph(start) + parse_speed_kph(end)) / 2)))
                return middle, middle
            case _:
                return start, end

    def aim(self, aim: Aim) -> str:
        """Raises QuantityError."""
        match aim:
            case Question():
                return self.answers[aim.key]
            case Speed():
                return self.speed(aim)
        whole = self.answers[aim.of.key] if isinstance(aim.of, Question) else self.speed(aim.of)
        parts = 1 if self.chosen(aim.unit, ShareIn) is ShareIn.FRACTION else 100
        return _kph_text(aim.value * Decimal(repr(parse_speed_kph(whole))) / parts)

    def speed(self, speed: Speed) -> str:
        """In its own unit where our file knows it. Raises QuantityError."""
        unit = self.chosen(speed.unit, SpeedIn)
        if unit in (SpeedIn.KPH, SpeedIn.MPH, SpeedIn.MPS):
            return _good(_speed_text(speed.value, unit), parse_speed_kph)
        if speed.value <= 0:
            raise QuantityError(f"a pace of {speed.value} {unit.value} is no speed", "look at the number")
        hour = 60 if unit in (SpeedIn.MIN_PER_KM, SpeedIn.MIN_PER_MI) else 3600
        per_mile = unit in (SpeedIn.MIN_PER_MI, SpeedIn.S_PER_MI)
        return _kph_text(hour / speed.value * (_METRES_A_MILE / 1000 if per_mile else 1))

    def incline(self, incline: Incline) -> str | None:
        """None for a flat deck. Raises QuantityError."""
        if not incline.value:
            return None
        percent = incline.value
        match self.chosen(incline.unit, InclineIn):
            case InclineIn.FRACTION:
                percent *= 100
            case InclineIn.DEGREES:
                percent = _percent_of_degrees(percent)
            case InclineIn.PERCENT:
                pass
        if percent < 0:
            mend = "a plan here knows no downhill: change it in the file, to 0 for a flat deck"
            raise QuantityError(f"an incline of {_digits(percent)} % is downhill", mend)
        return _good(f"{_digits(_floored(percent))} %", parse_incline_percent)

    def words(self, text: str, longest: int, what: str) -> str | None:
        """``text`` as our file may have it; what was changed is noted."""
        plain = " ".join("".join(" " if c.isspace() else c for c in text if c.isspace() or not is_hidden(c)).split())
        if len(plain) < len("".join(text.split())):
            self.notes.append(f"{what} had characters that nobody can see; they were left out")
        try:
            plain = people_text(plain)
        except ValueError:
            return None
        if len(plain) > longest:
            self.notes.append(f"{what} had {len(plain)} characters; it was cut to {longest}")
            plain = plain[:longest].strip()
        return plain


def _percent_of_degrees(degrees: Decimal) -> Decimal:
    """Raises QuantityError for what is no slope any more."""
    if not -45 <= degrees <= 45:
        raise QuantityError(f"an incline of {degrees} degrees is no treadmill", "look at the number and its unit")
    return Decimal(repr(100 * math.tan(math.radians(float(degrees)))))


def _floored(value: Decimal) -> Decimal:
    """At most three decimals, rounded down: a belt is never asked for more than was said."""
    return (value + _NOISE).quantize(_THOUSANDTH, ROUND_FLOOR)


def _digits(value: Decimal) -> str:
    """Plain digits, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _kph_text(kph: Decimal) -> str:
    """Raises QuantityError."""
    return _good(_speed_text(kph, SpeedIn.KPH), parse_speed_kph)


def _speed_text(value: Decimal, unit: SpeedIn) -> str:
    """With at least one decimal, as our files have speeds."""
    digits = _digits(_floored(value))
    return f"{digits if '.' in digits else f'{digits}.0'} {unit.value}"


def _good(text: str, parse: Callable[[str], object]) -> str:
    """``text``, which ``parse`` takes. Raises QuantityError."""
    parse(text)
    return text
