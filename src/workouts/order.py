"""In which order the steps of a plan may stand: when a turn makes sense, and that somebody moves at all.

A turn is a walk off a standing belt and on again, the moment where people fall. So none is there for nothing: each
stands between two steps on the belt and changes something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..machine import BeltDirection, Facing, Gait, gait
from .timeline import StepKind

Path = tuple[str | int, ...]
"""Keys and indices from the top of the document."""


@dataclass(frozen=True, slots=True)
class Stance:
    """Which way the person looks, and which way the belt runs under them."""

    facing: Facing
    belt: BeltDirection

    def __str__(self) -> str:
        return f"faces the {self.facing.value}, the belt running {self.belt.value}"


@dataclass(frozen=True, slots=True)
class Unrolled:
    """A step in its place of the unrolled plan.

    ``path`` is where it is written, ``number`` its turn in the repeats around it (" (2 of 6)", or nothing), and
    ``stance`` the one that holds in it; for a turn, the one after it. ``shares``: its speed is a share of the
    person's backward maximum.
    """

    kind: StepKind
    path: Path
    number: str
    stance: Stance
    shares: bool = False

    @property
    def on_belt(self) -> bool:
        return self.kind not in (StepKind.TURN, StepKind.OFF_BELT)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the step at ``path``, and the mend."""

    path: Path
    message: str
    mend: str


def order_faults(first: Stance, steps: Sequence[Unrolled]) -> tuple[Fault, ...]:
    """Every step that may not stand where it does, each written step once; ``first`` holds before any turn."""
    if not any(step.on_belt for step in steps):
        return (Fault(("steps",), "no step is on the belt", "add one, such as: - walk: 5 min"),)
    found: dict[Path, Fault] = {}
    for fault in (*_turn_faults(first, steps), *_share_faults(steps)):
        found.setdefault(fault.path, fault)
    return tuple(found.values())


def _turn_faults(first: Stance, steps: Sequence[Unrolled]) -> Iterator[Fault]:
    last_on_belt = max(index for index, step in enumerate(steps) if step.on_belt)
    before: StepKind | None = None
    stance = first
    for index, step in enumerate(steps):
        if step.kind is StepKind.TURN:
            fault = _alone(before, step) or _nothing_new(stance, step)
            if fault is None and index > last_on_belt:
                fault = _fault(step, "no step on the belt follows this turn", "leave it out, or add that step")
            if fault is not None:
                yield fault
            before, stance = StepKind.TURN, step.stance
        elif step.on_belt:
            before = step.kind


def _alone(before: StepKind | None, turn: Unrolled) -> Fault | None:
    """A turn needs a step on the belt between it and what was ``before``: nothing, or another turn."""
    if before is None:
        mend = "say at the head of the file how it begins, with facing and belt"
        return _fault(turn, "a turn before the first step on the belt", mend)
    if before is StepKind.TURN:
        return _fault(turn, "a turn after a turn, with no step on the belt between them", "make one turn of both")
    return None


def _nothing_new(stance: Stance, turn: Unrolled) -> Fault | None:
    if turn.stance != stance:
        return None
    mend = "leave it out, or turn back inside the repeat" if turn.number else "leave the turn out"
    return _fault(turn, f"the person already {stance}", mend)


def _share_faults(steps: Sequence[Unrolled]) -> Iterator[Fault]:
    for step in steps:
        if step.shares and gait(step.stance.facing, step.stance.belt) is Gait.FORWARD:
            message = "a share is of the person's backward maximum, and this step goes forward"
            yield Fault((*step.path, "speed"), message, "write a speed, such as 3.0 km/h")


def _fault(step: Unrolled, message: str, mend: str) -> Fault:
    return Fault((*step.path, step.kind.value), message + step.number, mend)
