"""What the legs did for a while: what the formulas of the cost are given. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ...machine import BeltDirection, Facing, Gait, effective_grade_percent, gait
from .ranges import NotEstimated

STEADY_MIN_S = 120.0
"""Oxygen uptake needs two to three minutes to settle after a change; before that no steady-state formula holds."""

MPM_PER_KPH = 1000 / 60
"""Metres a minute in one km/h."""

MPS_PER_KPH = 1 / 3.6
"""Metres a second in one km/h."""

SPEED = "the speed"
GRADE = "the grade"


@dataclass(frozen=True, slots=True)
class Motion:
    """A stretch at one speed and incline: ``speed_kph`` and ``incline_percent`` as measured, lasting ``steady_s``.

    ``running``: the person runs. ``handrail``: they hold on, or may: part of their weight is on their arms then.
    """

    speed_kph: float
    incline_percent: float
    facing: Facing
    belt: BeltDirection
    running: bool
    steady_s: float
    handrail: bool = False

    @property
    def gait(self) -> Gait:
        return gait(self.facing, self.belt)

    @property
    def grade_percent(self) -> float:
        """As the legs feel it: uphill is positive, whichever way the person faces."""
        return effective_grade_percent(self.belt, self.incline_percent)

    @property
    def values(self) -> dict[str, float]:
        """By the names of the bounds."""
        return {SPEED: self.speed_kph, GRADE: self.grade_percent}

    @property
    def speed_m_per_min(self) -> float:
        return self.speed_kph * MPM_PER_KPH

    @property
    def grade(self) -> float:
        """As a fraction."""
        return self.grade_percent / 100


def not_steady(motion: Motion) -> NotEstimated | None:
    """Why no formula of the cost may speak of this motion, whatever its speed; None where one may."""
    if motion.handrail:
        return NotEstimated("hands on the rails carry a part of the body, and nobody knows how much")
    if not motion.steady_s >= STEADY_MIN_S:
        limit = f"{STEADY_MIN_S:.0f} s"
        return NotEstimated(f"{motion.steady_s:.0f} s at one speed are too short: the body needs {limit} to settle")
    if motion.grade_percent < 0:
        way = motion.gait.value
        return NotEstimated(f"the way is downhill ({motion.grade_percent:.1f} %), and for {way} there is no equation")
    return None
