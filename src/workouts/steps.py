"""The nouns of a workout: steps as an author wrote them, and steps and segments laid out in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from ..machine import BeltDirection, Facing, Setpoint
from .problems import NOWHERE, Place
from .ramps import Leg


class StepKind(Enum):
    """What the person does during a step."""

    WALK = "walk"
    RUN = "run"
    COOL_DOWN = "cool down"
    TURN = "turn"
    OFF_BELT = "off belt"


STANDING = frozenset({StepKind.TURN, StepKind.OFF_BELT})
"""Kinds in which the belt stands."""

WARM_UP_S = 300.0
"""Five minutes of walking come before the first backward run, as on every level of the ladder."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step as the author wrote it, repeats already unrolled: ``start -> end`` over ``length_s``.

    With ``length_m`` the step ends when so many metres were measured, and ``length_s`` counts for nothing. ``facing``
    and ``belt`` are those that hold in the step; in a turn, which has length 0, those after it. ``heart_bpm`` is a
    heart rate that is not to be passed in it; None: it has none of its own.
    """

    kind: StepKind
    label: str
    length_s: float
    start: Setpoint
    end: Setpoint
    say: str | None = None
    place: Place = NOWHERE
    length_m: float | None = None
    facing: Facing = Facing.REAR
    belt: BeltDirection = BeltDirection.FORWARD
    heart_bpm: int | None = None


class Plan(Protocol):
    """What ``unroll`` needs of a workout, whichever format it came from."""

    @property
    def name(self) -> str: ...
    @property
    def level(self) -> int | None: ...
    @property
    def facing(self) -> Facing: ...

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        """At least one step, in order; speeds that are a share of the person's maximum need that maximum."""
        ...


@dataclass(frozen=True, slots=True)
class Segment(Leg):
    """A leg of the timeline and the step that it belongs to; off the belt it is a standstill."""

    step: int
    label: str
    say: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the timeline.

    ``entry`` is the set-point that its way in leads to, reached at plan time ``settled_s``; ``target`` is the
    one it ends with. They differ for ``a -> b`` only. ``say`` is the cue of its author. ``facing`` and ``belt`` hold
    in it; in a turn, after it. With ``length_m`` its length in seconds is an estimate. ``heart_bpm`` is its ceiling of
    the heart rate.
    """

    index: int
    kind: StepKind
    label: str
    starts_s: float
    length_s: float
    settled_s: float
    entry: Setpoint
    target: Setpoint
    say: str | None
    facing: Facing = Facing.REAR
    belt: BeltDirection = BeltDirection.FORWARD
    length_m: float | None = None
    heart_bpm: int | None = None

    @property
    def ends_s(self) -> float:
        return self.starts_s + self.length_s

    @property
    def on_belt(self) -> bool:
        """Whether the belt moves in it."""
        return self.kind not in STANDING

    @property
    def top_kph(self) -> float:
        """Its highest speed."""
        return max(self.entry.speed_kph, self.target.speed_kph)

    @property
    def where(self) -> str:
        """As a sentence about the plan names it: "step 3, run 30 s"."""
        return f"step {self.index + 1}, {self.label}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps on the moving belt between two standstills: the indices ``first`` to ``last``, and their plan time."""

    first: int
    last: int
    starts_s: float
    ends_s: float


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that ``unroll`` did or let pass and that a person has to know; ``step`` is its index."""

    step: int
    message: str
