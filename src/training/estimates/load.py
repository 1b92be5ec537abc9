"""How much training was: effort times minutes, and how it goes from week to week. Pure.

These are trends and nothing more. What a week's load says of injuries is disputed, so nothing here says it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from .formula import Bound, Formula
from .ranges import Estimate, NotEstimated, Range

DAYS = 7
EFFORT, MINUTES = "the effort", "the time"

SESSION = Formula(
    "session-load",
    1,
    "Load of a session",
    "effort (0 to 10, told after the session) x minutes",
    "Foster and others 2001 (Journal of Strength and Conditioning Research 15:109)",
    "half a step of the scale lower and higher: people tell whole numbers",
    (Bound(EFFORT, 0, 10, "of 10"), Bound(MINUTES, 1, 240, "min")),
    worked="effort 4 for 20 min is 3.5 x 20 to 4.5 x 20, so 70 to 90",
)

WEEK = Formula(
    "week-load",
    1,
    "Load of a week, its monotony and its strain",
    "sum of the seven days; monotony = mean / standard deviation of the days; strain = sum x monotony",
    "Foster 1998 (Medicine and Science in Sports and Exercise 30:1164), with the standard deviation of the seven days",
    "shown as a trend from week to week only, and never as a risk",
    only_where="seven days, not all of them the same",
    worked="days of 80, 0, 80, 0, 80, 0, 0: sum 240, mean 34.29, deviation 39.59, monotony 0.866, strain 207.8",
)

STEADY_SHARE = 0.10
"""A week within a tenth of the one before is called steady: two sessions told half a step apart differ by more."""


class Trend(Enum):
    """Where a figure goes."""

    FALLING = "falling"
    STEADY = "steady"
    RISING = "rising"


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A week of daily loads: their sum, and None for monotony and strain where all days are the same."""

    total: float
    monotony: float | None
    strain: float | None


def session_load(effort: float, minutes: float) -> Estimate:
    """The load of one session, in units of its own."""
    half = 0.5
    return SESSION.outside({EFFORT: effort, MINUTES: minutes}) or Range(
        max(0.0, effort - half) * minutes, min(10.0, effort + half) * minutes
    )


def week_load(days: Sequence[float]) -> WeekLoad:
    """The week of seven daily loads, 0 for a day of rest. Raises ValueError for anything else than seven of them."""
    if len(days) != DAYS or not all(math.isfinite(day) and day >= 0 for day in days):
        raise ValueError(f"a week is {DAYS} finite loads of at least 0, not {list(days)!r}")
    total, mean = sum(days), sum(days) / DAYS
    deviation = math.sqrt(sum((day - mean) ** 2 for day in days) / DAYS)
    if deviation == 0:
        return WeekLoad(total, None, None)
    return WeekLoad(total, mean / deviation, total * mean / deviation)


def trend(before: float | None, now: float | None) -> Trend | NotEstimated:
    """Where a figure of a week goes against the week before."""
    if before is None or now is None or not (math.isfinite(before) and math.isfinite(now)):
        return NotEstimated("one of the two weeks has no such figure")
    if abs(now - before) <= STEADY_SHARE * before:
        return Trend.STEADY
    return Trend.RISING if now > before else Trend.FALLING
