"""The oxygen that going backward takes: a multiple of what forward takes above rest. Pure."""

from __future__ import annotations

from .formula import Bound, Formula
from .forward_cost import REST_ML, net_run_ml, net_walk_ml
from .motion import GRADE, MPM_PER_KPH, MPS_PER_KPH, SPEED, Motion, not_steady
from .ranges import Estimate, Range

WALK = Formula(
    "backward-walk",
    1,
    "Oxygen, walking backward",
    "VO2 = 3.5 + k (forward VO2 - 3.5); flat k rises evenly from 1.2 at 0.7 m/s to 1.8 at 1.8 m/s, give or take 0.25; "
    "from 5 % uphill k is 1.2 to 1.5; between the two it may be either",
    "our own proposal: the upper end is the 78 % more that is often told of Flynn and others 1994 (Medicine and "
    "Science in Sports and Exercise 26:89), a quoted figure that was not checked in the paper; uphill Hooper and "
    "others 2004 have 17 to 20 % more of HRmax and VO2max than forward, as points or as a share is not said; the line "
    "is ours",
    "low confidence: the width of k and that of the forward formula together; practice makes it less over weeks",
    (Bound(SPEED, 50 / MPM_PER_KPH, 100 / MPM_PER_KPH, "km/h"), Bound(GRADE, 0, 10, "%")),
    "steady for 2 min, hands off the rails, not downhill",
    "3 km/h flat is 50 m/min and 0.8333 m/s: forward 4.5 to 5.5 above rest, k = 1.2 + 0.6 x 0.1333 / 1.1 = 1.2727 and "
    "so 1.0227 to 1.5227, together 4.602 + 3.5 to 8.375 + 3.5, so 8.10 to 11.88 ml/kg/min",
)

RUN = Formula(
    "backward-run",
    1,
    "Oxygen, running backward",
    "VO2 = 3.5 + k (forward VO2 - 3.5); k is 1.28 to 1.40",
    "Wright and Weyand 2001 (Journal of Experimental Biology 204:1805): 35 % more at 3 m/s, four trained men; Rasica "
    "2020: 35 % more from 0 to 25 % uphill; a third study 29 %",
    "the width of k, which holds all three, and that of the forward formula together",
    (Bound(SPEED, 6.3, 12.6, "km/h"), Bound(GRADE, 0, 15, "%")),
    "really running, steady for 2 min, hands off the rails, not downhill",
    "9 km/h flat is 150 m/min: forward 25.5 to 31.5 above rest, together 32.64 + 3.5 to 44.1 + 3.5, so 36.14 to 47.6 "
    "ml/kg/min",
)

_SLOW_MPS, _FAST_MPS = 0.7, 1.8
_SLOW_FACTOR, _FAST_FACTOR, _LEVEL_WIDTH = 1.2, 1.8, 0.25
_UPHILL, _UPHILL_FROM_PERCENT = Range(1.2, 1.5), 5.0
_RUNNING = Range(1.28, 1.40)


def walking_factor(speed_kph: float, grade_percent: float) -> Range:
    """How many times what forward takes above rest walking backward takes, flat or uphill."""
    if grade_percent >= _UPHILL_FROM_PERCENT:
        return _UPHILL
    level = _level_factor(speed_kph * MPS_PER_KPH)
    return level if grade_percent == 0 else level.covering(_UPHILL)


def running_factor() -> Range:
    """The same for running backward: one at every speed that was looked at."""
    return _RUNNING


def backward_oxygen_ml(motion: Motion) -> Estimate:
    """Oxygen of a backward motion in ml/kg/min."""
    formula = RUN if motion.running else WALK
    return not_steady(motion) or formula.outside(motion.values) or _net_ml(motion).plus(REST_ML)


def _net_ml(motion: Motion) -> Range:
    if motion.running:
        return net_run_ml(motion).times(running_factor())
    return net_walk_ml(motion).times(walking_factor(motion.speed_kph, motion.grade_percent))


def _level_factor(speed_mps: float) -> Range:
    part = min(max((speed_mps - _SLOW_MPS) / (_FAST_MPS - _SLOW_MPS), 0.0), 1.0)
    middle = _SLOW_FACTOR + part * (_FAST_FACTOR - _SLOW_FACTOR)
    return Range(middle - _LEVEL_WIDTH, middle + _LEVEL_WIDTH)
