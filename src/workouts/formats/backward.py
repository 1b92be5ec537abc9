"""A forward workout as a proposal for going backward: never more than a level allows, and every step to compare.

Nothing becomes backward by itself. The proposal scales all speeds alike, so that its hardest step is the hardest one
there and an easy one stays easy; a person reads the comparison and decides.

``ValueError``
└── ``NotConvertible``   there is nothing to propose, and why
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from ...machine import BeltDirection, Facing, Gait, gait
from ..gaits import BACKWARD_RUN_KPH
from ..plan import BeltStep, OffBeltStep, RepeatStep, Step, WorkoutPlan
from ..problems import WorkoutFileError
from ..quantity import Range, Share, duration_text, incline_text, length_text, speed_text
from ..source import parse_workout
from ..steps import WARM_UP_S, StepKind
from ..strict import NAME_MAX
from .bouts import Bouts, beyond_bouts
from .written import WrittenItem, WrittenRepeat, WrittenStep, WrittenWorkout

SHARE_OF_FORWARD = 0.6
"""Of the forward speed at most. A treadmill study let people run backward at 70 % of the forward speed of their own
choice (Sterzing et al. 2016, Gait Posture 46:135); what is proposed to anybody stays below."""

_STEP_KPH = 0.1
"""Speeds are proposed in steps that every console shows, rounded down."""


class NotConvertible(ValueError):
    """This workout has no backward proposal: the sentence says why, and the mend."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one step of the ladder allows on one belt, to be named as ``step``: "your step of level 4".

    ``reason`` says where the highest speed comes from: that step, or something lower.
    """

    level: int
    step: str
    highest_kph: float
    lowest_kph: float
    incline_max_percent: float
    runs: bool
    reason: str
    bouts: Bouts
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """One written step: what it asks for forward, what is proposed backward, and what keeps it from the share of all.

    ``times`` are the repeats around it: "4 x ".
    """

    times: str
    length: str
    forward: str
    backward: str
    limit: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A backward workout that somebody may accept. ``text`` is its file; ``notes`` are sentences on it.

    ``share`` says what all its speeds are of those forward, and why.
    """

    plan: WorkoutPlan
    text: str
    compared: tuple[Compared, ...]
    share: str
    notes: tuple[str, ...]


def proposed(plan: WorkoutPlan, allowance: Allowance) -> Proposal:
    """The proposal for a workout that only goes forward. Raises NotConvertible."""
    _refuse_backward(plan)
    way = _Way(allowance, _share(plan, allowance))
    compared = tuple(way.compared(plan.steps, ""))
    notes = tuple(way.notes(plan))
    written = WrittenWorkout(
        name=f"{plan.name[: NAME_MAX - 10].rstrip()}, backward",
        facing=Facing.REAR.value,
        steps=tuple(way.items(plan.steps)),
        comments=(f"Proposed from a forward workout for level {allowance.level} of the ladder.",),
        level=allowance.level,
        needs=allowance.needs,
        after=plan.after or ("stretch lower limbs",),
    )
    made = _read_again(written.text())
    _refuse_without_warm_up(made)
    if (beyond := beyond_bouts(made, allowance.bouts, allowance.step)) is not None:
        raise NotConvertible(beyond)
    return Proposal(made, written.text(), compared, way.share_text, notes)


def _read_again(text: str) -> WorkoutPlan:
    """The plan of our own text. Raises NotConvertible where slower speeds make it longer than a plan may be."""
    try:
        return parse_workout(text.encode("utf-8"), "proposal")
    except WorkoutFileError as error:
        said = "; ".join(f"{one.message}; {one.mend}" for one in error.problems)
        raise NotConvertible(f"backward and slower it would be no workout any more: {said}") from None


def _refuse_backward(plan: WorkoutPlan) -> None:
    """Raises NotConvertible."""
    for step in plan.planned_steps(12.0):  # any maximum will do: speeds are not looked at
        if step.kind is StepKind.TURN:
            raise NotConvertible("the workout has a turn; only one that goes forward all the way can be converted")
        if gait(step.facing, step.belt) is Gait.BACKWARD:
            raise NotConvertible("the workout goes backward already; there is nothing to convert")
        if step.belt is BeltDirection.REVERSED:
            raise NotConvertible("the workout runs the belt in reverse; write it for a belt that runs forward first")


def _refuse_without_warm_up(plan: WorkoutPlan) -> None:
    """Raises NotConvertible for a backward run that begins too early."""
    steps = plan.planned_steps()
    walked = list(takewhile(lambda step: step.kind is not StepKind.RUN, steps))
    walked_s = sum(step.length_s for step in walked if step.kind is StepKind.WALK)
    if len(walked) < len(steps) and walked_s < WARM_UP_S:
        raise NotConvertible(
            f"a backward run would come after {duration_text(round(walked_s))} of walking, and it needs "
            f"{duration_text(WARM_UP_S)} before it; begin the forward workout with an easy step of that length"
        )


def _share(plan: WorkoutPlan, allowance: Allowance) -> float:
    """What every speed is multiplied by."""
    fastest_kph = max(max(_ends(step)) for step in _belt_steps(plan.steps))
    return min(SHARE_OF_FORWARD, allowance.highest_kph / fastest_kph)


def _belt_steps(steps: tuple[Step, ...]) -> Iterator[BeltStep]:
    for step in steps:
        if isinstance(step, RepeatStep):
            yield from _belt_steps(step.steps)
        elif isinstance(step, BeltStep):
            yield step


def _ends(step: BeltStep) -> tuple[float, float]:
    start, end = step.speed.start, step.speed.end
    assert not isinstance(start, Share)
    assert not isinstance(end, Share), "a share stands in backward steps only"
    return start, end


@dataclass(frozen=True, slots=True)
class _Way:
    """How one plan becomes backward."""

    allowance: Allowance
    share: float

    def kph(self, forward_kph: float) -> float:
        down = math.floor(forward_kph * self.share / _STEP_KPH + 1e-6) * _STEP_KPH
        return min(self.allowance.highest_kph, max(self.allowance.lowest_kph, round(down, 1)))

    def percent(self, forward_percent: float) -> float:
        return min(forward_percent, self.allowance.incline_max_percent)

    def speeds(self, step: BeltStep) -> tuple[float, float]:
        start, end = _ends(step)
        return self.kph(start), self.kph(end)

    def inclines(self, step: BeltStep) -> tuple[float, float]:
        return self.percent(step.incline.start), self.percent(step.incline.end)

    def items(self, steps: tuple[Step, ...]) -> Iterator[WrittenItem]:
        for step in steps:
            if isinstance(step, RepeatStep):
                yield WrittenRepeat(step.repeat, tuple(self.items(step.steps)))
            elif isinstance(step, BeltStep):
                yield self.written(step)
            elif isinstance(step, OffBeltStep):
                yield WrittenStep("off belt", duration_text(step.off_belt), say=step.say)

    def written(self, step: BeltStep) -> WrittenStep:
        speeds, inclines = self.speeds(step), self.inclines(step)
        return WrittenStep(
            self.kind(step),
            length_text(step.length),
            _way_text(speeds, speed_text),
            _way_text(inclines, incline_text) if any(inclines) else None,
        )

    def kind(self, step: BeltStep) -> str:
        if step.kind is StepKind.COOL_DOWN:
            return StepKind.COOL_DOWN.value
        runs = self.allowance.runs and max(self.speeds(step)) >= BACKWARD_RUN_KPH
        kind = StepKind.RUN if runs else StepKind.WALK
        return kind.value

    def compared(self, steps: tuple[Step, ...], times: str) -> Iterator[Compared]:
        for step in steps:
            if isinstance(step, RepeatStep):
                yield from self.compared(step.steps, f"{times}{step.repeat} x ")
            elif isinstance(step, BeltStep):
                yield self.one(step, times)
            elif isinstance(step, OffBeltStep):
                yield Compared(times, duration_text(step.off_belt), step.kind.value, step.kind.value, "")

    def one(self, step: BeltStep, times: str) -> Compared:
        return Compared(
            times,
            length_text(step.length),
            f"{step.kind.value} {_both_text(_ends(step), _pair(step.incline))}",
            f"{self.kind(step)} {_both_text(self.speeds(step), self.inclines(step))}",
            ", ".join(self.limits(step)),
        )

    def limits(self, step: BeltStep) -> Iterator[str]:
        if any(self.kph(kph) <= self.allowance.lowest_kph for kph in _ends(step)):
            yield f"not below {speed_text(self.allowance.lowest_kph)}, the lowest of the ladder and of this belt"
        if self.inclines(step) != _pair(step.incline):
            most = self.allowance.incline_max_percent
            yield f"{f'at most {incline_text(most)}' if most else 'a flat deck'} ({self.allowance.step})"

    @property
    def share_text(self) -> str:
        speeds = f"speeds: {self.share * 100:.0f} % of forward"
        if self.share == SHARE_OF_FORWARD:
            return speeds
        return f"{speeds}, so that the fastest is {speed_text(self.allowance.highest_kph)} ({self.allowance.reason})"

    def notes(self, plan: WorkoutPlan) -> Iterator[str]:
        if any(step.say is not None for step in _belt_steps(plan.steps)):
            yield "cues of the steps on the belt are left out: they were written for going forward"


def _pair(ends: Range[float]) -> tuple[float, float]:
    return ends.start, ends.end


def _way_text(ends: tuple[float, float], text: Callable[[float], str]) -> str:
    start, end = ends
    return text(start) if start == end else f"{text(start)} -> {text(end)}"


def _both_text(speeds: tuple[float, float], inclines: tuple[float, float]) -> str:
    incline = f", {_way_text(inclines, incline_text)}" if any(inclines) else ""
    return f"{_way_text(speeds, speed_text)}{incline}"
