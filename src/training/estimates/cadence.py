"""Steps a minute to aim at; a belt's speed never comes from them. Pure."""

from __future__ import annotations

from .formula import Bound, Formula
from .ranges import Estimate, NotEstimated, Range

CADENCE = "the forward cadence"

RUN = Formula(
    "backward-run-cadence",
    1,
    "Cadence to aim at, running backward",
    "1.05 to 1.15 x the cadence of running forward at the same speed; the metronome of a run beats at 1.10 x",
    "11 % more steps at one speed were measured running backward; Cavagna and others 2011 (Journal of Experimental "
    "Biology 215:75) found the same direction",
    "half of the difference lower and higher: our choice",
    (Bound(CADENCE, 130, 220, "steps/min"),),
    worked="160 steps/min forward are 168 to 184 steps/min backward",
)

WALK = Formula(
    "backward-walk-cadence",
    1,
    "Cadence to aim at, walking backward",
    "that of walking forward, with shorter steps",
    "Laufer 2005 (Journals of Gerontology A 60:627): slower, with shorter strides, at the same cadence",
    "5 % lower and higher: our choice",
    (Bound(CADENCE, 60, 150, "steps/min"),),
    worked="100 steps/min forward are 95 to 105 steps/min backward",
)

STEP = Formula(
    "step-length",
    1,
    "Length of a step",
    "speed / cadence",
    "the definition of a speed",
    "that of the cadence",
    (Bound("the speed", 0.1, 16, "km/h"),),
    worked="6 km/h at 95 to 105 steps/min is 100 m/min, so 0.952 to 1.053 m",
)

_RUN_TARGET, _WALK_TARGET = Range(1.05, 1.15), Range(0.95, 1.05)


def cadence_per_min(forward_per_min: float, running: bool) -> Estimate:
    """Steps a minute to aim at, going backward, from those going forward at the same speed."""
    formula, target = (RUN, _RUN_TARGET) if running else (WALK, _WALK_TARGET)
    return formula.outside({CADENCE: forward_per_min}) or Range(
        forward_per_min * target.low, forward_per_min * target.high
    )


def step_length_m(speed_kph: float, cadence: Range) -> Estimate:
    """How long a step is at a speed, in metres: shown, and never turned round into a speed."""
    if cadence.low <= 0:
        return NotEstimated("a cadence of 0 has no steps")
    metres_per_min = speed_kph * 1000 / 60
    return STEP.outside({"the speed": speed_kph}) or Range(metres_per_min / cadence.high, metres_per_min / cadence.low)
