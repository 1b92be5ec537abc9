"""The trends as a screen looks at them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from ..records.choosing import Wish, chosen
from ..records.trends import WEEK, Sum, Week, last_monday, summed, weeks
from .bars import lying

if TYPE_CHECKING:
    from ..records.store import Listed

KEYS = "m other bars  s simulated ones too  arrows, Page Up and Down  Esc back"
BAR, BAR_LARGE = 17, 46
"""Columns of a bar: what the numbers beside it leave free on the smallest terminal, and on a large one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that bars can show. ``of`` is None for a week that does not tell it."""

    name: str
    of: Callable[[Sum], float | None]


MEASURES = (
    Measure("backward minutes", lambda one: one.backward_ms / 60_000),
    Measure("level", lambda one: one.level),
    Measure("highest speed", lambda one: one.speed_max_ckph / 100),
    Measure("effort", lambda one: None if one.effort_tenths is None else one.effort_tenths / 10),
    Measure("pain", lambda one: one.pain),
)


@dataclass(frozen=True, slots=True)
class Trending:
    """``ago``: how many weeks before the one of ``today`` the last line is."""

    sessions: tuple[Listed, ...]
    today: date
    measure: int = 0
    simulated: bool = False
    ago: int = 0


def other_measure(trending: Trending) -> Trending:
    """The bars show the next quantity."""
    return replace(trending, measure=(trending.measure + 1) % len(MEASURES))


def with_simulated(trending: Trending) -> Trending:
    """Simulated treadmills count, or no longer."""
    return replace(trending, simulated=not trending.simulated)


def moved(trending: Trending, by: int) -> Trending:
    """Later weeks, or earlier ones; from the first session to today."""
    most = _since_first(trending, trending.today) - 1
    return replace(trending, ago=max(0, min(trending.ago - by, most)))


def _since_first(trending: Trending, last: date) -> int:
    """How many weeks there are from the one of the first session to the one of a day."""
    oldest = min((one.day for one in trending.sessions), default=last)
    return max(1, (last - last_monday(oldest)).days // WEEK.days + 1)


def head_text(trending: Trending) -> str:
    """What the bars show, and of which sessions."""
    which = "all sessions" if trending.simulated else "without simulated ones"
    return f"The bars show: {MEASURES[trending.measure].name} ({which})"


def bars_text(trending: Trending, rows: int, large: bool) -> Content:
    """A week a line, oldest first; below them what all sessions come to."""
    wish = Wish(simulated=trending.simulated)
    sessions = chosen(trending.sessions, wish)
    last = trending.today - WEEK * trending.ago
    found = weeks(sessions, last, min(rows, _since_first(trending, last)))
    of, width = MEASURES[trending.measure].of, BAR_LARGE if large else BAR
    top = max((of(one.sum) or 0.0 for one in found), default=0.0)
    names = f"{'sessions':>8}{'backward':>11}{'highest':>10}{'level':>6}{'effort':>7}{'pain':>5}"
    heading = f"{'week of':<12}{'':<{width + 1}}{names}"
    lines = [Content.styled(heading, "dim")]
    lines += [_line(one, lying(of(one.sum) or 0.0, top, width), width) for one in found]
    in_all = Content.styled(f"{'in all':<12}{'':<{width + 1}}{_figures(summed(sessions))}", "bold")
    return Content("\n").join([*lines, in_all])


def _line(week: Week, bar: str, width: int) -> Content:
    figures = _figures(week.sum) if week.sum.sessions else f"{'-':>8}"
    return Content.assemble(f"{week.monday.isoformat():<12}", (f"{bar:<{width}}", "$accent"), f" {figures}")


def _figures(one: Sum) -> str:
    minutes, speed = f"{one.backward_ms / 60_000:.1f} min", f"{one.speed_max_ckph / 100:.1f} km/h"
    effort = "-" if one.effort_tenths is None else f"{one.effort_tenths / 10:.1f}"
    level, pain = ("-" if value is None else f"{value}" for value in (one.level, one.pain))
    return f"{one.sessions:>8}{minutes:>11}{speed:>10}{level:>6}{effort:>7}{pain:>5}"
