"""On which day training goes on at the earliest: a table with a row for each rule about rest.

Backward minutes of seven days grow by a fifth or by ten minutes, whichever is more. A ratio of short to long load is
not used: whether it means anything is disputed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from .history import Event, Session
from .ladder import LADDER, RUNNING_FROM, Level, Step
from .reasons import COACHES_HOME, HOME, PAIN_HOME, Advice, Reason
from .session_rules import hurts, is_red
from .standing import LONG_AWAY_FROM_DAYS, Standing

WEEK = timedelta(days=7)
WEEK_GROWS_BY, WEEK_GROWS_MIN = 1.2, 10.0
"""A fifth more, or ten minutes: the plain rule of coaches, in place of ratios."""

WEEK_FREE_MIN = 90.0
"""Half an hour three times a week, with which published programmes begin (Michaelsen et al. 2014, PubMed 24730757): up
to here the growth of a week is not looked at, or nobody could begin."""

HEAVY_TIMES, HEAVY_DAYS, HEAVY_OF_SESSIONS = 1.5, 14, 3
"""A day of half as much again as the middle one of two weeks; with fewer than three before it there is no middle."""

FIRST_SESSIONS = 3
"""New muscle work is sore on the second day: 48 hours between the first three (PubMed 30016189: the peak is at 48)."""

WALKS_A_WEEK = LADDER[RUNNING_FROM - 1].a_week
"""Who runs twice a week may walk beside it, as often as before the first run."""

WEEKS_BEFORE = 4
"""The fuller of four: with less, two short weeks would shut the door on what was usual before them."""

LOOK_BACK = WEEK * (WEEKS_BEFORE + 1)
"""What rest is worked out from; what is older has been slept off."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The sessions of the last five weeks in their order, the day it is, and what is to be done next."""

    sessions: tuple[Session, ...]
    today: date
    standing: Standing
    step: Step

    @property
    def since_time_off(self) -> tuple[Session, ...]:
        """Those since a long time off: how much there was before it is no measure any more."""
        days = [*(one.day for one in self.sessions), self.today]
        gaps = ((after - before).days for before, after in pairwise(days))
        return self.sessions[
            max((at for at, gap in enumerate(gaps, start=1) if gap >= LONG_AWAY_FROM_DAYS), default=0) :
        ]

    @property
    def last(self) -> Session | None:
        return self.sessions[-1] if self.sessions else None


@dataclass(frozen=True, slots=True)
class Week:
    """Backward minutes of the seven days to ``today``; of the fullest of the four weeks before; the limit of a week.

    ``share`` is the backward part of all recorded minutes of the week, from 0 to 1; None where no forward ones are
    recorded.
    """

    backward_min: float
    before_min: float
    limit_min: float
    share: float | None


@dataclass(frozen=True, slots=True)
class RestRule:
    """One row: ``earliest`` gives the first day on which training may go on, and why; None without a say.

    ``when`` tells the rule in words.
    """

    name: str
    earliest: Callable[[Recent], tuple[date, str] | None]
    when: str
    source: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Not before ``until``, and why."""

    until: date
    reasons: tuple[Reason, ...]


def rest_after(recent: Recent) -> Rest | None:
    """How long to rest from today; None where today is as good as any day."""
    found = []
    for rule in REST_RULES:
        told = rule.earliest(recent)
        if told is not None and told[0] > recent.today:
            found.append((told[0], Reason(rule.name, Advice.REST_DAY, told[1], rule.source)))
    if not found:
        return None
    found.sort(key=lambda one: one[0], reverse=True)
    return Rest(found[0][0], tuple(reason for _, reason in found))


def week_at(recent: Recent, day: date) -> Week:
    """The week that ends with this day, and what it may hold."""
    in_it = _between(recent.sessions, day - WEEK, day)
    backward_min = _minutes(in_it)
    weeks = (_between(recent.since_time_off, day - WEEK * (n + 1), day - WEEK * n) for n in range(1, WEEKS_BEFORE + 1))
    before_min = max(map(_minutes, weeks))
    limit_min = max(WEEK_FREE_MIN, before_min * WEEK_GROWS_BY, before_min + WEEK_GROWS_MIN)
    told = [one.forward_min for one in in_it if one.forward_min is not None]
    share = backward_min / (backward_min + sum(told)) if told and backward_min + sum(told) > 0 else None
    return Week(backward_min, before_min, limit_min, share)


# --- the rules --------------------------------------------------------------------------------------------------


def _apart(recent: Recent) -> tuple[date, str] | None:
    last = recent.last
    if last is None:
        return None
    ran = last.ran_min > 0 or recent.step.level.runs
    days = max(recent.step.level.apart_days, 2 if ran else 1)
    what = "48 hours where there is running" if days > 1 else "a night"
    return last.day + timedelta(days=days), f"the last session was on {last.day}; {what} between two of them"


def _first_ones(recent: Recent) -> tuple[date, str] | None:
    last, count = recent.last, recent.standing.sessions
    if last is None or not 0 < count < FIRST_SESSIONS + 1:
        return None
    return last.day + timedelta(days=2), f"one of the first {FIRST_SESSIONS} sessions, on {last.day}; 48 hours after it"


def _sore(recent: Recent) -> tuple[date, str] | None:
    last = recent.last
    if last is None or not hurts(last):
        return None
    days = 3 if is_red(last) else 2
    return last.day + timedelta(days=days), f"it hurt on {last.day}; {days} days for it to settle"


def _fallen(recent: Recent) -> tuple[date, str] | None:
    last = recent.last
    if last is None or Event.FALL not in last.events:
        return None
    return last.day + timedelta(days=3), f"a fall on {last.day}; what it did may show on the third day"


def _heavy(recent: Recent) -> tuple[date, str] | None:
    last = recent.last
    if last is None:
        return None
    before = [one for one in recent.sessions[:-1] if (last.day - one.day).days <= HEAVY_DAYS]
    if len(before) < HEAVY_OF_SESSIONS:
        return None
    middle = median(one.backward_min for one in before)
    if last.backward_min <= HEAVY_TIMES * middle:
        return None
    text = f"{last.backward_min:.3g} minutes on {last.day}, where {middle:.3g} are usual; the day after is off"
    return last.day + timedelta(days=2), text


def _two_in_a_row(recent: Recent) -> tuple[date, str] | None:
    last = recent.last
    if last is None or all(one.day != last.day - timedelta(days=1) for one in recent.sessions):
        return None
    return last.day + timedelta(days=2), f"sessions on two days running, the second on {last.day}; then a day off"


def _enough_this_week(recent: Recent) -> tuple[date, str] | None:
    """Of all sessions as many as walking allows; of those with running fewer."""
    level, week = recent.step.level, _between(recent.sessions, recent.today - WEEK, recent.today)
    if level.runs and (told := _too_many([one.day for one in week if one.ran_min], level.a_week, "runs", level)):
        return told
    most = WALKS_A_WEEK if level.runs else level.a_week
    return _too_many([one.day for one in week], most, "sessions", level)


def _too_many(days: list[date], most: int, what: str, level: Level) -> tuple[date, str] | None:
    if len(days) < most:
        return None
    return days[-most] + WEEK, f"{len(days)} {what} in seven days; level {level.number} is for {most}"


def _full_week(recent: Recent) -> tuple[date, str] | None:
    """The first day of the coming week on which a session of this step fits; the eighth in any case."""
    planned = recent.step.session_min
    week = week_at(recent, recent.today)
    if _fits(week, planned):
        return None
    days = (recent.today + timedelta(days=n) for n in range(1, 8))
    free = next((day for day in days if _fits(week_at(recent, day), planned)), recent.today + WEEK)
    text = (
        f"{week.backward_min:.3g} minutes backward in seven days and {planned:.3g} more would pass "
        f"{week.limit_min:.3g}, after {week.before_min:.3g} in the fullest week before"
    )
    return free, text


_GROWTH = (
    f"seven days hold {WEEK_GROWS_BY - 1:.0%} or {WEEK_GROWS_MIN:g} minutes more than the fullest of the "
    f"{WEEKS_BEFORE} weeks before; {WEEK_FREE_MIN:g} minutes in any case"
)
REST_RULES = (
    RestRule("between sessions", _apart, "a night between two sessions; 48 hours where there is running", HOME),
    RestRule("first sessions", _first_ones, f"48 hours after each of the first {FIRST_SESSIONS} sessions", HOME),
    RestRule("soreness", _sore, "two days after amber pain, three after red", PAIN_HOME),
    RestRule("after a fall", _fallen, "three days after a fall", HOME),
    RestRule(
        "heavy day", _heavy, f"a day off after {HEAVY_TIMES:g} times the usual minutes of two weeks", COACHES_HOME
    ),
    RestRule("two days running", _two_in_a_row, "a day off after sessions on two days running", HOME),
    RestRule(
        "sessions a week",
        _enough_this_week,
        "three sessions a week; four from level 4, of which two are running",
        HOME,
    ),
    RestRule("minutes a week", _full_week, _GROWTH, HOME),
)


def _fits(week: Week, planned_min: float) -> bool:
    """The first session of a week always fits."""
    return week.backward_min == 0 or week.backward_min + planned_min <= week.limit_min


def _between(sessions: tuple[Session, ...], after: date, to: date) -> tuple[Session, ...]:
    return tuple(one for one in sessions if after < one.day <= to)


def _minutes(sessions: tuple[Session, ...]) -> float:
    return sum(one.backward_min for one in sessions)
