"""Another way to the cost of running backward: energy for each metre by the grade, after Minetti. Pure."""

from __future__ import annotations

from .backward_cost import running_factor
from .formula import Bound, Formula
from .forward_cost import REST_ML
from .motion import GRADE, MPS_PER_KPH, SPEED, Motion, not_steady
from .ranges import Estimate, NotEstimated, Range

RUN = Formula(
    "backward-run-gradient",
    1,
    "Oxygen, running backward, by the energy of a metre",
    "C = 155.4 i^5 - 30.4 i^4 - 43.3 i^3 + 46.3 i^2 + 19.5 i + 3.6 J/kg/m forward, i the grade as a fraction; "
    "backward 1.28 to 1.40 times that; VO2 = 3.5 + C times the speed over 19.6 to 21.1 J for each ml of oxygen",
    "Minetti and others 2002 (Journal of Applied Physiology 93:1039) forward; the factor as for running backward",
    "the width of the factor, and of what a ml of oxygen yields between fat and carbohydrate",
    (Bound(SPEED, 6.3, 12.6, "km/h"), Bound(GRADE, 0, 25, "%")),
    "really running, steady for 2 min, hands off the rails, not downhill",
    "9 km/h flat is 2.5 m/s: 3.6 x 1.28 x 2.5 x 60 / 21.1 = 32.76 and 3.6 x 1.40 x 2.5 x 60 / 19.6 = 38.57 above rest, "
    "so 36.26 to 42.07 ml/kg/min",
)

_POLYNOMIAL = (155.4, -30.4, -43.3, 46.3, 19.5, 3.6)
_J_PER_ML = Range(19.6, 21.1)
"""Joules from a ml of oxygen: fat alone, carbohydrate alone."""


def running_cost_j_per_kg_m(grade: float) -> float:
    """Running forward, in J for each kg and metre; ``grade`` is a fraction."""
    cost = 0.0
    for coefficient in _POLYNOMIAL:
        cost = cost * grade + coefficient
    return cost


def gradient_oxygen_ml(motion: Motion) -> Estimate:
    """Oxygen of running backward in ml/kg/min; walking backward on grades was measured, but not with known numbers."""
    if not motion.running:
        return NotEstimated("for walking backward this way has no numbers")
    return not_steady(motion) or RUN.outside(motion.values) or _oxygen_ml(motion)


def _oxygen_ml(motion: Motion) -> Range:
    joules_per_min = running_cost_j_per_kg_m(motion.grade) * motion.speed_kph * MPS_PER_KPH * 60
    factor = running_factor()
    net_ml = Range(joules_per_min * factor.low / _J_PER_ML.high, joules_per_min * factor.high / _J_PER_ML.low)
    return net_ml.plus(REST_ML)
