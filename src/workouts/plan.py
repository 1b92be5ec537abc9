"""The shape of a workout file: its keys, their types and their bounds.

The models are strict: no unknown key, no number for a text, no text for a number. Every quantity is a text with
its unit. Their errors carry the mend, so that ``source`` can say it with the line and column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ..machine import Facing, Setpoint
from .problems import NOWHERE, Place
from .quantity import (
    DURATION_MEND,
    INCLINE_MEND,
    LENGTH_MAX_S,
    SPEED_MEND,
    QuantityError,
    Range,
    duration_text,
    parse_duration_s,
    parse_incline_percent,
    parse_range,
    parse_speed_kph,
    shown,
)
from .timeline import PlannedStep, StepKind
from .wording import people_text

FORMAT_VERSION = 1

STEPS_MAX = 500
"""Steps of an unrolled plan: a step each half minute for more than four hours, and a bound for every table."""

NAME_MAX, CUE_MAX, TEXT_MAX, LIST_MAX = 80, 200, 300, 20
"""Lengths in characters: a line of a terminal, what can be said in about fifteen seconds, a citation; and the
entries of a list that people still read."""

STEP_KINDS = ("walk", "run", "cool down", "repeat")
"""The keys of which every step has exactly one."""

Path = tuple[str | int, ...]
"""Keys and indices from the top of the document."""


def refusal(message: str, mend: str) -> PydanticCustomError:
    """An error of a model that carries its mend; neither text is a template."""
    return PydanticCustomError("refused", "{message}", {"message": message, "mend": mend})


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


def _no_longer_than(length: int) -> AfterValidator:
    def check(text: str) -> str:
        try:
            text = people_text(text)
        except ValueError as error:
            raise refusal(str(error), "write it as plain text on one line") from None
        if len(text) > length:
            raise refusal(f"has {len(text)} characters, the limit is {length}", "shorten it")
        return text

    return AfterValidator(check)


def _facing(value: object) -> Facing:
    if isinstance(value, Facing):
        return value
    for facing in Facing:
        if value == facing.value:
            return facing
    what = shown(value) if isinstance(value, str) else "this"
    raise refusal(f"{what} is no way to face", "write rear or console")


def _known_version(version: int) -> int:
    if version != FORMAT_VERSION:
        mend = "use a newer Retrotread" if version > FORMAT_VERSION else f"write {FORMAT_VERSION}"
        raise refusal(f"format {version} is not known here, only format {FORMAT_VERSION}", mend)
    return version


Name = Annotated[str, _no_longer_than(NAME_MAX)]
Cue = Annotated[str, _no_longer_than(CUE_MAX)]
Words = Annotated[str, _no_longer_than(TEXT_MAX)]
Duration = Annotated[float, _text_read_by(parse_duration_s, DURATION_MEND)]
SpeedRange = Annotated[Range, _text_read_by(lambda text: parse_range(text, parse_speed_kph), SPEED_MEND)]
InclineRange = Annotated[Range, _text_read_by(lambda text: parse_range(text, parse_incline_percent), INCLINE_MEND)]

FLAT = Range(0.0, 0.0)


class Strict(BaseModel):
    """Nothing is guessed and nothing is ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class BeltStep(Strict):
    """A time on the moving belt. Without ``incline`` the deck is flat: no step inherits from another."""

    kind: ClassVar[StepKind]
    speed: SpeedRange
    incline: InclineRange = FLAT
    say: Cue | None = None

    @property
    def length_s(self) -> float:
        raise NotImplementedError

    def planned(self, number: str, place: Place) -> PlannedStep:
        label = f"{self.kind.value} {duration_text(self.length_s)}{number}"
        start = Setpoint(self.speed.start, self.incline.start)
        end = Setpoint(self.speed.end, self.incline.end)
        return PlannedStep(self.kind, label, self.length_s, start, end, self.say, place)


class WalkStep(BeltStep):
    """Walking, whichever way the plan faces."""

    kind = StepKind.WALK
    walk: Duration

    @property
    def length_s(self) -> float:
        return self.walk


class RunStep(BeltStep):
    """Running, whichever way the plan faces."""

    kind = StepKind.RUN
    run: Duration

    @property
    def length_s(self) -> float:
        return self.run


class CoolDownStep(BeltStep):
    """Coming down; what a finish leads to when it stands at the end of the plan."""

    kind = StepKind.COOL_DOWN
    cool_down: Duration = Field(alias="cool down")

    @property
    def length_s(self) -> float:
        return self.cool_down


class RepeatStep(Strict):
    """Steps gone through several times; may hold repeats."""

    repeat: Annotated[int, Field(ge=1, le=STEPS_MAX)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


def _kind_of(value: object) -> str | None:
    """The tag of the one step kind that ``value`` has; None for none, several, or what is no step at all."""
    if isinstance(value, (BeltStep, RepeatStep)):
        return value.kind.value if isinstance(value, BeltStep) else "repeat"
    keys = [kind for kind in STEP_KINDS if isinstance(value, Mapping) and kind in value]
    return keys[0] if len(keys) == 1 else None


def step_tag(kind: str) -> str:
    """How pydantic names a kind of step in the place of an error; never a key of a file."""
    return f"<{kind}>"


Step = Annotated[
    Annotated[WalkStep, Tag(step_tag("walk"))]
    | Annotated[RunStep, Tag(step_tag("run"))]
    | Annotated[CoolDownStep, Tag(step_tag("cool down"))]
    | Annotated[RepeatStep, Tag(step_tag("repeat"))],
    Discriminator(lambda value: None if (kind := _kind_of(value)) is None else step_tag(kind)),
]


def _count(step: Step) -> int:
    return step.repeat * sum(map(_count, step.steps)) if isinstance(step, RepeatStep) else 1


def _length_s(step: Step) -> float:
    return step.repeat * sum(map(_length_s, step.steps)) if isinstance(step, RepeatStep) else step.length_s


def _bounded(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Counted, not unrolled: five hundred repeats of five hundred cost a multiplication."""
    count = sum(map(_count, steps))
    if count > STEPS_MAX:
        raise refusal(f"the plan unrolls to {count} steps, the limit is {STEPS_MAX}", "repeat less")
    length_s = sum(map(_length_s, steps))
    if length_s > LENGTH_MAX_S:
        limit = duration_text(LENGTH_MAX_S)
        raise refusal(f"the plan lasts {duration_text(length_s)}, the limit is {limit}", "shorten it")
    return steps


def _each_once(needs: tuple[str, ...]) -> tuple[str, ...]:
    for need in needs:
        if needs.count(need) > 1:
            raise refusal(f"{need} is there more than once", "name it once")
    return needs


class Source(Strict):
    """Where the dose comes from, and how much that is worth.

    ``trial``: a controlled trial used it. ``study``: a laboratory or uncontrolled study did. ``practice``: coaches
    or clinicians use it. ``proposal``: somebody reasoned it out.
    """

    text: Words
    grade: Literal["trial", "study", "practice", "proposal"]


class WorkoutPlan(Strict):
    """A whole workout file. The belt runs forward in this version; ``facing`` holds for the whole plan."""

    retrotread: Annotated[int, AfterValidator(_known_version)]
    name: Name
    level: Annotated[int, Field(ge=0, le=10)] | None = None
    facing: Annotated[Facing, BeforeValidator(_facing)]
    source: Source | None = None
    needs: Annotated[
        tuple[Literal["spotter", "harness", "rails"], ...], Field(max_length=LIST_MAX), AfterValidator(_each_once)
    ] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1), AfterValidator(_bounded)]
    after: Annotated[tuple[Words, ...], Field(max_length=LIST_MAX)] = ()
    _places: Mapping[Path, Place] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _keep_places(self, info: ValidationInfo) -> WorkoutPlan:
        self._places = info.context or {}
        return self

    def planned_steps(self, backward_max_kph: float | None = None) -> tuple[PlannedStep, ...]:  # noqa: ARG002
        """Every step in order, repeats unrolled, each labelled with its turn: "run 60 s (3 of 6)"."""
        return tuple(self._unrolled(self.steps, ("steps",), ()))

    def _unrolled(self, steps: tuple[Step, ...], path: Path, turns: tuple[str, ...]) -> Iterator[PlannedStep]:
        for index, step in enumerate(steps):
            here = (*path, index)
            if isinstance(step, RepeatStep):
                for turn in range(1, step.repeat + 1):
                    yield from self._unrolled(step.steps, (*here, "steps"), (*turns, f"{turn} of {step.repeat}"))
            else:
                number = f" ({', '.join(turns)})" if turns else ""
                yield step.planned(number, self._places.get(here, NOWHERE))


RepeatStep.model_rebuild()
