"""The parts of a run that were gone at one measured speed, and what they cost, as an estimate. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..guardian.messages import Snapshot
from ..training.estimates.cost import Cost, cost_of, mets
from ..training.estimates.motion import STEADY_MIN_S, Motion
from ..training.estimates.ranges import Range
from ..workouts.gaits import backward_run_throughout
from ..workouts.timeline import Step, StepKind
from .heart_done import GAP_S

SAME_KPH, SAME_PERCENT = 0.15, 0.5
"""How far a belt may wander and still run at one speed: a step of a console, and what footfalls do to it."""

PARTS_KEPT = 200
"""More than four hours, the longest plan, has in parts of two minutes."""


@dataclass(frozen=True, slots=True)
class SteadyDone:
    """``parts``: those that lasted long enough, oldest first; ``now``: the one that is under way."""

    parts: tuple[Motion, ...] = ()
    now: Motion | None = None

    def seen(self, motion: Motion, since_s: float) -> SteadyDone:
        """With how the person moves ``since_s`` after the look before; its own ``steady_s`` counts for nothing."""
        if self.now is None or not _same(self.now, motion) or not 0.0 <= since_s <= GAP_S:
            return SteadyDone(self.ended(), replace(motion, steady_s=0.0))
        return SteadyDone(self.parts, replace(self.now, steady_s=self.now.steady_s + since_s))

    def ended(self) -> tuple[Motion, ...]:
        """Every part, the one under way among them."""
        if self.now is None or self.now.steady_s < STEADY_MIN_S:
            return self.parts
        return (*self.parts, self.now)[-PARTS_KEPT:]


def motion_in(step: Step, snapshot: Snapshot, handrail: bool) -> Motion:
    """How the person moves in a step, by what the belt reports of itself."""
    speed_kph, incline_percent = snapshot.speed_kph or 0.0, snapshot.incline_percent or 0.0
    running = step.kind is StepKind.RUN or backward_run_throughout(step)
    return Motion(speed_kph, incline_percent, step.facing, step.belt, running, steady_s=0.0, handrail=handrail)


@dataclass(frozen=True, slots=True)
class Uptake:
    """An estimate: how many times the oxygen of rest, as a mean over the ``estimated_s`` of which anything is known.

    ``formulas``: the names of those that it is from, with their versions; they are kept with it.
    """

    mets: Range
    estimated_s: float
    formulas: tuple[str, ...]


def uptake_of(done: SteadyDone) -> Uptake | None:
    """The oxygen uptake of a run; None where nothing can be said of it."""
    cost = cost_of(done.ended())
    return Uptake(mets(cost.oxygen), cost.estimated_s, cost.formulas) if isinstance(cost, Cost) else None


def _same(one: Motion, other: Motion) -> bool:
    """At one speed and incline, the same way, by the same means."""
    near = abs(one.speed_kph - other.speed_kph) <= SAME_KPH
    level = abs(one.incline_percent - other.incline_percent) <= SAME_PERCENT
    return near and level and _means(one) == _means(other)


def _means(motion: Motion) -> tuple[object, ...]:
    return motion.facing, motion.belt, motion.running, motion.handrail
