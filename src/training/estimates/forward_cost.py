"""The oxygen that going forward takes: the equations of the American College of Sports Medicine. Pure."""

from __future__ import annotations

from .formula import Bound, Formula
from .motion import GRADE, MPM_PER_KPH, SPEED, Motion, not_steady
from .ranges import Estimate, Range

REST_ML = 3.5
"""Oxygen at rest in ml per kg and minute: one MET, by definition."""

UNIT = "ml/kg/min"

_SOURCE = "ACSM's Guidelines for Exercise Testing and Prescription, metabolic equations"

WALK = Formula(
    "acsm-walk",
    1,
    "Oxygen, walking forward",
    "VO2 = 3.5 + 0.1 S + 1.8 S G; S in m/min, G the grade as a fraction",
    _SOURCE,
    "the part above rest is taken 10 % lower and higher: our choice, people differ by about that at one speed",
    (Bound(SPEED, 50 / MPM_PER_KPH, 100 / MPM_PER_KPH, "km/h"), Bound(GRADE, 0, 15, "%")),
    "steady for 2 min, hands off the rails, not downhill",
    "4.5 km/h is 75 m/min; at 4 % the part above rest is 7.5 + 5.4 = 12.9, and the range 11.61 + 3.5 to 14.19 + 3.5, "
    "so 15.11 to 17.69 ml/kg/min",
)

RUN = Formula(
    "acsm-run",
    1,
    "Oxygen, running forward",
    "VO2 = 3.5 + 0.2 S + 0.9 S G; S in m/min, G the grade as a fraction",
    f"{_SOURCE}; an older form of it over-predicted in 88 % of 33 runners (Journal of Strength and Conditioning "
    "Research, 1999)",
    "the part above rest is taken 15 % lower and 5 % higher: our choice, for what was measured lies mostly below",
    (Bound(SPEED, 80 / MPM_PER_KPH, 16, "km/h"), Bound(GRADE, 0, 15, "%")),
    "really running, steady for 2 min, hands off the rails, not downhill",
    "9 km/h is 150 m/min; flat the part above rest is 30, the range 25.5 + 3.5 to 31.5 + 3.5, so 29 to 35 ml/kg/min",
)

_WALK_WIDTH, _RUN_WIDTH = Range(0.90, 1.10), Range(0.85, 1.05)


def net_walk_ml(motion: Motion) -> Range:
    """What walking forward takes above rest, in ml/kg/min, whether or not the formula holds there."""
    return _times(0.1 * motion.speed_m_per_min + 1.8 * motion.speed_m_per_min * motion.grade, _WALK_WIDTH)


def net_run_ml(motion: Motion) -> Range:
    """What running forward takes above rest, in ml/kg/min, whether or not the formula holds there."""
    return _times(0.2 * motion.speed_m_per_min + 0.9 * motion.speed_m_per_min * motion.grade, _RUN_WIDTH)


def forward_oxygen_ml(motion: Motion) -> Estimate:
    """Oxygen of a forward motion in ml/kg/min."""
    formula, net_ml = (RUN, net_run_ml) if motion.running else (WALK, net_walk_ml)
    return not_steady(motion) or formula.outside(motion.values) or net_ml(motion).plus(REST_ML)


def _times(net_ml: float, width: Range) -> Range:
    return Range(net_ml * width.low, net_ml * width.high)
