"""The shape of a workout file: its keys, their types and their bounds.

The models are strict: no unknown key, no number for a text, no text for a number. Every quantity is a text with
its unit. Their errors carry the mend, so that ``source`` can say it with the line and column. ``schema`` makes the
JSON Schema of the file from the same models, with their docstrings as its descriptions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Annotated, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ..machine import STANDSTILL, BeltDirection, Facing, Setpoint
from .about import About
from .order import Fault, Path, Stance, Unrolled, order_faults
from .problems import NOWHERE, Place, Problem
from .quantity import (
    DISTANCE_PATTERN,
    DURATION_MEND,
    DURATION_PATTERN,
    HEART_MEND,
    HEART_PATTERN,
    INCLINE_MEND,
    LENGTH_MAX_S,
    LENGTH_MEND,
    PERCENT_PATTERN,
    SPEED_MEND,
    SPEED_PATTERN,
    Distance,
    Duration,
    Length,
    QuantityError,
    Range,
    Share,
    Speed,
    duration_text,
    length_text,
    parse_duration_s,
    parse_heart_bpm,
    parse_incline_percent,
    parse_length,
    parse_range,
    parse_speed,
    range_pattern,
    shown,
)
from .strict import LIST_MAX, Cue, Strict, Words, refusal, texts
from .timeline import PlannedStep, StepKind, TimelineError

STEPS_MAX = 500
"""Steps of an unrolled plan: a step each half minute for more than four hours, and a bound for every table."""

STEP_KINDS = ("walk", "run", "cool down", "turn", "off belt", "repeat")
"""The keys of which every step has exactly one."""

COUNTED_MAX_KPH = 12.0
"""The backward maximum with which a distance at a share of it is counted while nobody knows the person: more than
anybody is given here, so that no plan is refused that somebody could do. With the person known it is counted again."""


def refusals(faults: Sequence[Fault]) -> PydanticCustomError:
    """Several at once, each with its own path from the top of the document."""
    text = "; ".join(fault.message for fault in faults)
    return PydanticCustomError("refused_each", "{text}", {"text": text, "faults": tuple(faults)})


_Read = TypeVar("_Read")


def _text_read_by(parse: Callable[[str], _Read], mend: str) -> BeforeValidator:
    """Read a text with ``parse``; anything but a text is a quantity without its unit, or no quantity at all."""

    def read(value: object) -> _Read:
        if not isinstance(value, str):
            what = "is no quantity" if isinstance(value, Mapping | tuple | list) else f"{value!r} has no unit"
            raise refusal(what, mend)
        try:
            return parse(value)
        except QuantityError as error:
            raise refusal(error.message, error.mend) from None

    return BeforeValidator(read)


_Word = TypeVar("_Word", bound=Enum)


def _one_of(words: Mapping[str, _Word], what: str) -> BeforeValidator:
    """Read one of ``words``; a value of the enum that they stand for is taken as it is."""
    mend = f"write {' or '.join(words)}"

    def read(value: object) -> _Word:
        if isinstance(value, Enum) and value in words.values():
            return value  # type: ignore[return-value]
        if isinstance(value, str) and value in words:
            return words[value]
        raise refusal(f"{shown(value) if isinstance(value, str) else 'this'} is {what}", mend)

    return BeforeValidator(read)


def _words(words: Mapping[str, Enum]) -> WithJsonSchema:
    return WithJsonSchema({"enum": list(words)})


_FACINGS = {facing.value: facing for facing in (Facing.REAR, Facing.CONSOLE)}
_TURNS = {f"to the {word}": facing for word, facing in _FACINGS.items()}
_BELTS = {belt.value: belt for belt in BeltDirection}

StepLength = Annotated[
    Length,
    _text_read_by(parse_length, LENGTH_MEND),
    texts(f"(?:{DURATION_PATTERN}|{DISTANCE_PATTERN})", LENGTH_MEND, "5 min", "60 s", "1 min 30 s", "400 m", "0.25 mi"),
]
Seconds = Annotated[
    float,
    _text_read_by(parse_duration_s, DURATION_MEND),
    texts(f"(?:{DURATION_PATTERN})", DURATION_MEND, "3 min", "90 s"),
]
SpeedRange = Annotated[
    Range[Speed],
    _text_read_by(lambda text: parse_range(text, parse_speed), SPEED_MEND),
    texts(range_pattern(f"{SPEED_PATTERN}|{PERCENT_PATTERN}"), SPEED_MEND, "3.0 km/h", "1.5 km/h -> 3.0 km/h", "60 %"),
]
InclineRange = Annotated[
    Range[float],
    _text_read_by(lambda text: parse_range(text, parse_incline_percent), INCLINE_MEND),
    texts(range_pattern(PERCENT_PATTERN), INCLINE_MEND, "5 %", "2 % -> 5 %"),
]
HeartRate = Annotated[int, _text_read_by(parse_heart_bpm, HEART_MEND), texts(HEART_PATTERN, HEART_MEND, "140 bpm")]
Faces = Annotated[Facing, _one_of(_FACINGS, "no way to face"), _words(_FACINGS)]
TurnsTo = Annotated[Facing, _one_of(_TURNS, "no turn"), _words(_TURNS)]
Belt = Annotated[BeltDirection, _one_of(_BELTS, "no way for a belt to run"), _words(_BELTS)]

FLAT = Range(0.0, 0.0)


class PlainStep(Strict):
    """A step that is no repeat."""

    kind: ClassVar[StepKind]

    say: Cue | None = None
    """A cue, said when the step begins."""

    @property
    def shares(self) -> bool:
        """Whether it needs the person's backward maximum."""
        return False

    def counted_s(self, backward_max_kph: float) -> float:
        """Seconds that it takes at the most; a distance is counted at its slowest speed."""
        raise NotImplementedError

    def planned(self, here: Unrolled, place: Place, backward_max_kph: float) -> PlannedStep:
        """The step as the timeline takes it; ``backward_max_kph`` counts where ``shares`` only."""
        raise NotImplementedError


class BeltStep(PlainStep):
    """A time or a distance on the moving belt."""

    speed: SpeedRange
    """Of the belt: a speed, a share of the person's backward maximum, or two of these with an arrow, a -> b."""

    incline: InclineRange = FLAT
    """Of the deck. Without it the deck is flat: no step inherits from another."""

    heart_rate_ceiling: HeartRate | None = Field(default=None, alias="heart rate ceiling")
    """A heart rate that is not to be passed in this step: above it the belt is eased, and nothing ever rises for a low
    one. It needs a strap, and a ceiling of the person's own, and can only be lower than that."""

    @property
    def length(self) -> Length:
        raise NotImplementedError

    @property
    def shares(self) -> bool:
        return isinstance(self.speed.start, Share) or isinstance(self.speed.end, Share)

    def counted_s(self, backward_max_kph: float) -> float:
        if isinstance(self.length, Duration):
            return self.length.seconds
        slowest_kph = min(_kph(end, backward_max_kph) for end in (self.speed.start, self.speed.end))
        return self.length.metres / (slowest_kph / 3.6)

    def planned(self, here: Unrolled, place: Place, backward_max_kph: float) -> PlannedStep:
        return PlannedStep(
            self.kind,
            f"{self.kind.value} {length_text(self.length)}{here.number}",
            self.counted_s(backward_max_kph),
            Setpoint(_kph(self.speed.start, backward_max_kph), self.incline.start),
            Setpoint(_kph(self.speed.end, backward_max_kph), self.incline.end),
            self.say,
            place,
            self.length.metres if isinstance(self.length, Distance) else None,
            here.stance.facing,
            here.stance.belt,
            self.heart_rate_ceiling,
        )


def _kph(speed: Speed, backward_max_kph: float) -> float:
    return backward_max_kph * speed.percent / 100 if isinstance(speed, Share) else speed


class WalkStep(BeltStep):
    """Walking, whichever way the person faces."""

    kind = StepKind.WALK

    walk: StepLength
    """How long: a time or a distance."""

    @property
    def length(self) -> Length:
        return self.walk


class RunStep(BeltStep):
    """Running, whichever way the person faces."""

    kind = StepKind.RUN

    run: StepLength
    """How long: a time or a distance."""

    @property
    def length(self) -> Length:
        return self.run


class CoolDownStep(BeltStep):
    """Coming down; what a finish leads to when it stands at the end of the plan."""

    kind = StepKind.COOL_DOWN

    cool_down: StepLength = Field(alias="cool down")
    """How long: a time or a distance."""

    @property
    def length(self) -> Length:
        return self.cool_down


class TurnStep(PlainStep):
    """Another way to face, or another way for the belt to run.

    The belt stops, the person steps off, turns and confirms it; the belt starts again from its lowest speed.
    """

    kind = StepKind.TURN

    turn: TurnsTo
    """Where the person faces from here on."""

    belt: Belt = BeltDirection.FORWARD
    """Which way the belt runs from here on; forward when nothing is said. Few machines reverse theirs."""

    def counted_s(self, _: float) -> float:
        return 0.0

    def planned(self, here: Unrolled, place: Place, _: float) -> PlannedStep:
        belt = f", belt {self.belt.value}" if self.belt is BeltDirection.REVERSED else ""
        label = f"turn to the {self.turn.value}{belt}{here.number}"
        return _standing(self, label, 0.0, here, place)


class OffBeltStep(PlainStep):
    """A time beside the belt, which stands: a drill, stepping on and off, a rest."""

    kind = StepKind.OFF_BELT

    off_belt: Seconds = Field(alias="off belt")
    """How long."""

    def counted_s(self, _: float) -> float:
        return self.off_belt

    def planned(self, here: Unrolled, place: Place, _: float) -> PlannedStep:
        return _standing(self, f"off belt {duration_text(self.off_belt)}{here.number}", self.off_belt, here, place)


def _standing(step: PlainStep, label: str, length_s: float, here: Unrolled, place: Place) -> PlannedStep:
    return PlannedStep(
        step.kind,
        label,
        length_s,
        STANDSTILL,
        STANDSTILL,
        step.say,
        place,
        facing=here.stance.facing,
        belt=here.stance.belt,
    )


class RepeatStep(Strict):
    """Steps gone through several times; may hold repeats."""

    repeat: Annotated[int, Field(ge=1, le=STEPS_MAX)]
    """How many times."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """What is repeated."""


def _kind_of(value: object) -> str | None:
    """The tag of the one step kind that ``value`` has; None for none, several, or what is no step at all."""
    if isinstance(value, (PlainStep, RepeatStep)):
        return value.kind.value if isinstance(value, PlainStep) else "repeat"
    keys = [kind for kind in STEP_KINDS if isinstance(value, Mapping) and kind in value]
    return keys[0] if len(keys) == 1 else None


def step_tag(kind: str) -> str:
    """How pydantic names a kind of step in the place of an error; never a key of a file."""
    return f"<{kind}>"


Step = Annotated[
    Annotated[WalkStep, Tag(step_tag("walk"))]
    | Annotated[RunStep, Tag(step_tag("run"))]
    | Annotated[CoolDownStep, Tag(step_tag("cool down"))]
    | Annotated[TurnStep, Tag(step_tag("turn"))]
    | Annotated[OffBeltStep, Tag(step_tag("off belt"))]
    | Annotated[RepeatStep, Tag(step_tag("repeat"))],
    Discriminator(lambda value: None if (kind := _kind_of(value)) is None else step_tag(kind)),
]


def _count(step: Step) -> int:
    return step.repeat * sum(map(_count, step.steps)) if isinstance(step, RepeatStep) else 1


def _counted_s(steps: tuple[Step, ...], backward_max_kph: float) -> float:
    return sum(
        step.repeat * _counted_s(step.steps, backward_max_kph)
        if isinstance(step, RepeatStep)
        else step.counted_s(backward_max_kph)
        for step in steps
    )


def _too_long(steps: tuple[Step, ...], backward_max_kph: float) -> str | None:
    length_s = _counted_s(steps, backward_max_kph)
    if length_s <= LENGTH_MAX_S:
        return None
    return f"the plan lasts {duration_text(round(length_s))}, the limit is {duration_text(LENGTH_MAX_S)}"


def _bounded(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Counted, not unrolled: five hundred repeats of five hundred cost a multiplication."""
    count = sum(map(_count, steps))
    if count > STEPS_MAX:
        raise refusal(f"the plan unrolls to {count} steps, the limit is {STEPS_MAX}", "repeat less")
    if (too_long := _too_long(steps, COUNTED_MAX_KPH)) is not None:
        raise refusal(too_long, "shorten it")
    return steps


class WorkoutPlan(About):
    """A workout for a treadmill: what the belt should do, and what the person hears."""

    facing: Faces
    """Where the person faces until the first turn. On a belt that runs forward, ``rear`` is backward."""

    belt: Belt = BeltDirection.FORWARD
    """Which way the belt runs until the first turn; forward when nothing is said. Few machines reverse theirs."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1), AfterValidator(_bounded)]
    """What is done, in order."""

    after: Annotated[tuple[Words, ...], Field(max_length=LIST_MAX)] = ()
    """What is done afterwards, such as stretches."""

    _places: Mapping[Path, Place] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _keep_places_and_order(self, info: ValidationInfo) -> WorkoutPlan:
        self._places = info.context or {}
        faults = order_faults(self._first, [here for _, here in self._unrolled()])
        if faults:
            raise refusals(faults)
        return self

    @property
    def needs_backward_max(self) -> bool:
        """Whether a speed in it is a share of the person's backward maximum."""
        return any(here.shares for _, here in self._unrolled())

    def planned_steps(self, backward_max_kph: float | None = None) -> tuple[PlannedStep, ...]:
        """Every step in order, repeats unrolled, each labelled with its turn: "run 60 s (3 of 6)".

        Raises TimelineError for shares of a maximum that is None, and for a plan that this maximum makes longer
        than LENGTH_MAX_S; ValueError for a maximum that is no speed.
        """
        if backward_max_kph is not None and not (math.isfinite(backward_max_kph) and backward_max_kph > 0):
            raise ValueError(f"a backward maximum is a finite number of km/h above 0, not {backward_max_kph!r}")
        problems = tuple(self._problems_for(backward_max_kph))
        if problems:
            raise TimelineError(problems)
        counted_kph = COUNTED_MAX_KPH if backward_max_kph is None else backward_max_kph
        return tuple(
            step.planned(here, self._places.get(here.path, NOWHERE), counted_kph) for step, here in self._unrolled()
        )

    def _problems_for(self, backward_max_kph: float | None) -> Iterator[Problem]:
        if backward_max_kph is None:
            message = "a share of the person's backward maximum, and that is not known"
            mend = "ask for an absolute speed, or give your own backward maximum"
            for path in dict.fromkeys(here.path for _, here in self._unrolled() if here.shares):
                yield Problem.at(self._places.get(path, NOWHERE), message, mend)
        elif (too_long := _too_long(self.steps, backward_max_kph)) is not None:
            yield Problem.at(self._places.get(("steps",), NOWHERE), too_long, "shorten it")

    @property
    def _first(self) -> Stance:
        return Stance(self.facing, self.belt)

    def _unrolled(self) -> Iterator[tuple[PlainStep, Unrolled]]:
        """Every step in order with where it stands."""
        stance = self._first
        for step, path, number in _in_turn(self.steps, ("steps",), ()):
            if isinstance(step, TurnStep):
                stance = Stance(step.turn, step.belt)
            yield step, Unrolled(step.kind, path, number, stance, step.shares)


def _in_turn(steps: tuple[Step, ...], path: Path, turns: tuple[str, ...]) -> Iterator[tuple[PlainStep, Path, str]]:
    """Every step that is no repeat, with its path and its number in the repeats around it."""
    for index, step in enumerate(steps):
        here = (*path, index)
        if isinstance(step, RepeatStep):
            for turn in range(1, step.repeat + 1):
                yield from _in_turn(step.steps, (*here, "steps"), (*turns, f"{turn} of {step.repeat}"))
        else:
            yield step, here, f" ({', '.join(turns)})" if turns else ""


RepeatStep.model_rebuild()
