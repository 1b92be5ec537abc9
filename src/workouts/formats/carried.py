"""What of a workout of ours other programs can be told, and what is lost on the way.

Other programs know steps on a belt that runs forward under somebody who faces the console: lengths, speeds, perhaps
an incline and a text. Everything else is left out here, each kind of it with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from ...machine import BeltDirection, Facing, Setpoint
from ..about import About
from ..gaits import FORWARD_RUN_KPH
from ..plan import BeltStep, RepeatStep, Step, TurnStep, WorkoutPlan
from ..problems import NOWHERE, Problem
from ..quantity import Distance, Duration, Length, Share, Speed
from ..steps import StepKind
from ..timeline import TimelineError


class Loss(Enum):
    """What a format cannot carry; the value is the sentence."""

    FACING = "where the person faces: every step reads as forward, and whoever runs it has to know"
    BELT = "which way the belt runs"
    TURN = "turns, with the standstill that each of them is: the steps before and after follow on each other"
    OFF_BELT = "times off the belt"
    LEVEL = "the level"
    CLINIC = "that it is for a clinic only: whoever gives the file away has to say it"
    ABOUT = "what it says of itself: source, dose, population, who should not, tags"
    NEEDS = "what has to be there (spotter, harness, rails)"
    AFTER = "what is done afterwards"
    SHARE = "shares of the person's backward maximum: they were written as the speeds that they are now"
    HEART = "ceilings of the heart rate: nothing there eases the belt above them"
    NAME = "the name"
    CUE = "cues, or some of them"
    KIND = "whether a step is walked, run or cooled down in, where its speed and its place do not tell"
    INCLINE = "the incline of the deck"
    INCLINE_RAMP = "inclines that change within a step: the lower one was written"
    SPEED_RAMP = "speeds that change within a step: it names a band from the one to the other and not which comes first"
    SPEED_ROUNDED = "speeds to the last digit: they were rounded down"
    LENGTH = "distances beside times: they were written as the time that they take"
    LENGTH_ROUNDED = "lengths to the last digit"
    REPEATS = "repeats, or repeats within repeats: their steps were written out"


_ABOUT = frozenset(About.model_fields) - {"retrotread", "name", "level", "where", "needs"}
"""Fields of the head of a file that have no loss of their own."""


@dataclass(frozen=True, slots=True)
class CarriedStep:
    """A step on the belt."""

    kind: StepKind
    length: Length
    start: Setpoint
    end: Setpoint
    say: str | None = None


@dataclass(frozen=True, slots=True)
class CarriedRepeat:
    """Steps that are gone through several times."""

    times: int
    steps: tuple[CarriedItem, ...]


CarriedItem = CarriedStep | CarriedRepeat


@dataclass(frozen=True, slots=True)
class Carried:
    """A workout, and what has been lost so far."""

    name: str
    steps: tuple[CarriedItem, ...]
    losses: frozenset[Loss]

    def lost(self, *losses: Loss) -> Carried:
        return replace(self, losses=self.losses | frozenset(losses))

    def unrolled(self) -> Carried:
        """Without repeats."""
        steps = tuple(flat(self.steps))
        return self if steps == self.steps else replace(self, steps=steps).lost(Loss.REPEATS)

    def one_level(self) -> Carried:
        """Without repeats inside repeats."""
        steps = tuple(
            replace(item, steps=tuple(flat(item.steps))) if isinstance(item, CarriedRepeat) else item
            for item in self.steps
        )
        return self if steps == self.steps else replace(self, steps=steps).lost(Loss.REPEATS)

    def changed(self, change: Callable[[CarriedStep], CarriedStep], loss: Loss) -> Carried:
        """Every step changed; ``loss`` where that made a difference."""
        steps = tuple(_changed(self.steps, change))
        return self if steps == self.steps else replace(self, steps=steps).lost(loss)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file for another program, and what it could not be told, in a fixed order."""

    content: bytes
    losses: tuple[Loss, ...]

    @classmethod
    def of(cls, content: bytes, carried: Carried) -> Exported:
        return cls(content, tuple(loss for loss in Loss if loss in carried.losses))


def carried(plan: WorkoutPlan, backward_max_kph: float | None = None) -> Carried:
    """What of ``plan`` any format can be told. Raises TimelineError for shares of a maximum that is None."""
    if plan.needs_backward_max and backward_max_kph is None:
        message, mend = "has shares of the person's backward maximum", "give the maximum, so that they become speeds"
        raise TimelineError((Problem.at(NOWHERE, message, mend),))
    steps = tuple(_carried(plan.steps, backward_max_kph or 0.0))
    return Carried(plan.name, steps, frozenset(_lost(plan, steps)))


def told_kind(step: CarriedStep, last: bool) -> StepKind:
    """What a reader takes the step for: only a last one can cool down, and the speed tells a run from a walk."""
    if step.kind is StepKind.COOL_DOWN and last:
        return StepKind.COOL_DOWN
    fastest_kph = max(step.start.speed_kph, step.end.speed_kph)
    return StepKind.RUN if fastest_kph >= FORWARD_RUN_KPH else StepKind.WALK


def _with_last(steps: tuple[CarriedItem, ...]) -> Iterator[tuple[CarriedStep, bool]]:
    """Every written step, and whether the workout ends with it."""
    for index, item in enumerate(steps):
        if isinstance(item, CarriedRepeat):
            yield from ((step, False) for step in flat(item.steps))
        else:
            yield item, index + 1 == len(steps)


def _lost(plan: WorkoutPlan, steps: tuple[CarriedItem, ...]) -> Iterator[Loss]:
    planned = plan.planned_steps(12.0)  # any maximum will do: no speed is looked at
    kinds = {step.kind for step in planned}
    there = {
        Loss.FACING: plan.facing is Facing.REAR or StepKind.TURN in kinds,
        Loss.BELT: plan.belt is BeltDirection.REVERSED or _reverses(plan.steps),
        Loss.TURN: StepKind.TURN in kinds,
        Loss.OFF_BELT: StepKind.OFF_BELT in kinds,
        Loss.LEVEL: plan.level is not None,
        Loss.CLINIC: plan.where == "clinic",
        Loss.ABOUT: any(getattr(plan, field) != About.model_fields[field].default for field in _ABOUT),
        Loss.NEEDS: bool(plan.needs),
        Loss.AFTER: bool(plan.after),
        Loss.SHARE: plan.needs_backward_max,
        Loss.HEART: any(step.heart_bpm is not None for step in planned),
        Loss.KIND: any(step.kind is not told_kind(step, last) for step, last in _with_last(steps)),
    }
    yield from (loss for loss, is_there in there.items() if is_there)


def _reverses(steps: tuple[Step, ...]) -> bool:
    return any(
        _reverses(step.steps)
        if isinstance(step, RepeatStep)
        else isinstance(step, TurnStep) and step.belt is BeltDirection.REVERSED
        for step in steps
    )


def _carried(steps: tuple[Step, ...], backward_max_kph: float) -> Iterator[CarriedItem]:
    for step in steps:
        if isinstance(step, RepeatStep):
            inside = tuple(_carried(step.steps, backward_max_kph))
            if inside:
                yield CarriedRepeat(step.repeat, inside)
        elif isinstance(step, BeltStep):
            start = Setpoint(_kph(step.speed.start, backward_max_kph), step.incline.start)
            end = Setpoint(_kph(step.speed.end, backward_max_kph), step.incline.end)
            yield CarriedStep(step.kind, step.length, start, end, step.say)


def _kph(speed: Speed, backward_max_kph: float) -> float:
    return backward_max_kph * speed.percent / 100 if isinstance(speed, Share) else speed


def flat(steps: tuple[CarriedItem, ...]) -> Iterator[CarriedStep]:
    """Every step in order, repeats unrolled."""
    for step in steps:
        if isinstance(step, CarriedRepeat):
            for _ in range(step.times):
                yield from flat(step.steps)
        else:
            yield step


def _changed(steps: tuple[CarriedItem, ...], change: Callable[[CarriedStep], CarriedStep]) -> Iterator[CarriedItem]:
    for step in steps:
        if isinstance(step, CarriedRepeat):
            yield replace(step, steps=tuple(_changed(step.steps, change)))
        else:
            yield change(step)


# --- what several formats have to change --------------------------------------------------------------------------


def without_cues(step: CarriedStep) -> CarriedStep:
    return replace(step, say=None)


def flat_deck(step: CarriedStep) -> CarriedStep:
    return replace(step, start=replace(step.start, incline_percent=0.0), end=replace(step.end, incline_percent=0.0))


def steady_incline(step: CarriedStep) -> CarriedStep:
    lower = min(step.start.incline_percent, step.end.incline_percent)
    return replace(step, start=replace(step.start, incline_percent=lower), end=replace(step.end, incline_percent=lower))


def with_speeds(round_down: Callable[[float], float]) -> Callable[[CarriedStep], CarriedStep]:
    """Both speeds of a step as the format has them."""

    def change(step: CarriedStep) -> CarriedStep:
        start, end = (replace(one, speed_kph=round_down(one.speed_kph)) for one in (step.start, step.end))
        return replace(step, start=start, end=end)

    return change


def with_length(change: Callable[[Length], Length]) -> Callable[[CarriedStep], CarriedStep]:
    return lambda step: replace(step, length=change(step.length))


def as_time(step: CarriedStep) -> CarriedStep:
    """A distance as the time that it takes at the mean of both speeds."""
    if isinstance(step.length, Duration):
        return step
    mean_kph = (step.start.speed_kph + step.end.speed_kph) / 2
    return replace(step, length=Duration(float(round(step.length.metres / (mean_kph / 3.6)))))


def lengths(steps: tuple[CarriedItem, ...]) -> set[type[Duration] | type[Distance]]:
    """Which kinds of lengths there are."""
    return {type(step.length) for step in flat(steps)}
