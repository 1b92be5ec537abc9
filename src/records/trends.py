"""What sessions come to together: in a week, and in all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Listed

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sum:
    """Several sessions together. Units are in the names. None: nobody said it, or it is not known.

    ``level`` is the highest, ``pain`` the worst that was said of any moment, ``effort_tenths`` the mean effort.
    """

    sessions: int = 0
    elapsed_ms: int = 0
    backward_ms: int = 0
    running_ms: int = 0
    distance_mm: int = 0
    speed_max_ckph: int = 0
    level: int | None = None
    pain: int | None = None
    effort_tenths: int | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """What was done in the week that begins on a Monday."""

    monday: date
    sum: Sum


def summed(sessions: Sequence[Listed]) -> Sum:
    """Any number of sessions together."""
    efforts = [one.effort for one in sessions if one.effort is not None]
    return Sum(
        len(sessions),
        sum(one.elapsed_ms for one in sessions),
        sum(one.backward_ms for one in sessions),
        sum(one.running_ms for one in sessions),
        sum(one.distance_mm for one in sessions),
        speed_max_ckph=max((one.speed_max_ckph for one in sessions), default=0),
        level=_most(one.level for one in sessions),
        pain=_most(value for one in sessions for value in (one.pain_before, one.pain_during, one.pain_after)),
        effort_tenths=round(10 * sum(efforts) / len(efforts)) if efforts else None,
    )


def weeks(sessions: Iterable[Listed], last: date, count: int) -> tuple[Week, ...]:
    """The ``count`` weeks up to the one of the day ``last``, oldest first; a week without a session is one of them."""
    newest = last_monday(last)
    in_week: dict[date, list[Listed]] = {newest - WEEK * ago: [] for ago in reversed(range(count))}
    for one in sessions:
        if (monday := last_monday(one.day)) in in_week:
            in_week[monday].append(one)
    return tuple(Week(monday, summed(found)) for monday, found in in_week.items())


def last_monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def _most(values: Iterable[int | None]) -> int | None:
    return max((one for one in values if one is not None), default=None)
