"""The highest heart rate by age, and shares of it: what somebody may hold beside a ceiling that they set. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .formula import Bound, Formula
from .ranges import Estimate, NotEstimated, Range

AGE = "the age"

ERROR_BPM = 12
"""Standard deviation of what people of one age have around such a line: 10 to 12 beats per minute."""

_WIDTH = f"{ERROR_BPM} bpm lower and higher, one standard deviation: of ten people three lie outside"

TANAKA = Formula(
    "heart-max-tanaka",
    1,
    "Highest heart rate, after Tanaka",
    "208 - 0.7 x age",
    "Tanaka, Monahan and Seals 2001 (Journal of the American College of Cardiology 37:153)",
    _WIDTH,
    (Bound(AGE, 18, 81, "years"),),
    "no medicine and no condition that holds the heart rate",
    "at 40 years 208 - 28 = 180, so 168 to 192 bpm",
)

GELLISH = Formula(
    "heart-max-gellish",
    1,
    "Highest heart rate, after Gellish",
    "206.9 - 0.67 x age",
    "Gellish and others 2007 (Medicine and Science in Sports and Exercise 39:822)",
    _WIDTH,
    (Bound(AGE, 30, 75, "years"),),
    "no medicine and no condition that holds the heart rate",
    "at 40 years 206.9 - 26.8 = 180.1, so 168.1 to 192.1 bpm",
)

SHARE = Formula(
    "heart-ceiling",
    1,
    "A ceiling as a share of the highest heart rate",
    "share x highest heart rate",
    "85 % is a common limit of submaximal tests; a measured highest rate, or a clinician's number, is better",
    "that of the highest heart rate",
    (Bound("the share", 50, 95, "%"),),
    "no medicine and no condition that holds the heart rate",
    "85 % of 168 to 192 bpm are 142.8 to 163.2 bpm",
)

_HELD = NotEstimated(
    "a beta-blocker, a pacemaker or an irregular heart holds the rate: use effort, or a clinician's number"
)


@dataclass(frozen=True, slots=True)
class Heartbearer:
    """Whose heart it is. ``rate_held``: a beta-blocker, a pacemaker or atrial fibrillation."""

    age_years: float
    rate_held: bool = False


def tanaka_bpm(whose: Heartbearer) -> Estimate:
    """The highest heart rate after Tanaka, in beats per minute."""
    return _by_age(TANAKA, whose, lambda age: 208 - 0.7 * age)


def gellish_bpm(whose: Heartbearer) -> Estimate:
    """The highest heart rate after Gellish, in beats per minute."""
    return _by_age(GELLISH, whose, lambda age: 206.9 - 0.67 * age)


def heart_max_bpm(whose: Heartbearer) -> Estimate:
    """What either of the two says, in beats per minute; Tanaka alone outside of Gellish's ages."""
    first, second = tanaka_bpm(whose), gellish_bpm(whose)
    if isinstance(first, Range) and isinstance(second, Range):
        return first.covering(second)
    return first


def heart_ceiling_bpm(highest: Estimate, share_percent: float) -> Estimate:
    """So many percent of the highest heart rate, in beats per minute; nothing sets a ceiling from this."""
    if isinstance(highest, NotEstimated):
        return highest
    share = share_percent / 100
    return SHARE.outside({"the share": share_percent}) or Range(highest.low * share, highest.high * share)


def _by_age(formula: Formula, whose: Heartbearer, line: Callable[[float], float]) -> Estimate:
    if whose.rate_held:
        return _HELD
    outside = formula.outside({AGE: whose.age_years})
    return outside or Range(line(whose.age_years) - ERROR_BPM, line(whose.age_years) + ERROR_BPM)
