"""How far somebody's history leads on the day, and what of a workout is beyond it. Pure.

At home a person's word says that they ran backward before; it is their sessions that open a run here. Walks stay free:
one above the next step is said, and earns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from ..training.ladder import LADDER, RUNNING_FROM
from ..workouts.gaits import as_fast_as_a_run_s, backward_run
from ..workouts.timeline import Step, Timeline


@dataclass(frozen=True, slots=True)
class Reach:
    """What is open on one day.

    ``open_level`` is the level of the next step, None where nobody knows it. ``run_level`` is the highest level whose
    backward runs are open, None where none is; ``why`` says so, as half a sentence.
    """

    open_level: int | None
    run_level: int | None
    why: str


FIRST_RUNS_S = max(bout_s for _, bout_s in LADDER[RUNNING_FROM].bouts)
"""The first runs are short: what lasts longer than the longest of their level is none of them."""


def unread(why: str) -> Reach:
    """Where a history cannot be read, and why not: easier is always open, a run is not."""
    return Reach(None, None, f"what you have done before cannot be read: {why}")


def runs_beyond(reach: Reach, level: int | None, timeline: Timeline) -> str | None:
    """Why the backward runs of a workout of this level are not open today; None where they are, or there is none."""
    bouts = _bouts(timeline)
    if not bouts:
        return None
    hardest = max(bouts, key=lambda one: one.level)
    needed = max(level or 0, hardest.level)
    if reach.run_level is not None and needed <= reach.run_level:
        return None
    where = f"step {hardest.first.index + 1}, {hardest.first.label}"
    return f"{where}: a backward run of level {needed}, and {_open(reach)}"


def level_beyond(reach: Reach, level: int) -> str | None:
    """Why a level of running is not open today; None where it is, and for one of walking."""
    if level < RUNNING_FROM or (reach.run_level is not None and level <= reach.run_level):
        return None
    return f"level {level} has backward runs, and {_open(reach)}"


def earns_nothing(reach: Reach, level: int | None) -> str | None:
    """That a workout is above the next step, which keeps nobody from walking it."""
    if level is None or reach.open_level is None or level <= reach.open_level:
        return None
    return f"level {level} is above your next step, level {reach.open_level}; it earns nothing"


def _open(reach: Reach) -> str:
    to = "none is open today" if reach.run_level is None else f"up to level {reach.run_level} they are open today"
    return f"{to}: {reach.why}; what is open says: retrotread next"


@dataclass(frozen=True, slots=True)
class _Bout:
    """Backward runs without a break: the first step of them, the highest speed, and how long it is as fast as a run."""

    first: Step
    top_kph: float
    fast_s: float

    @property
    def level(self) -> int:
        """The first level of the ladder with runs as fast, and the one above the first runs for what is longer than
        they are; the highest one for what is beyond all. How long a run of those above may be is for the tier to say.
        """
        lowest = RUNNING_FROM + (self.fast_s > FIRST_RUNS_S)
        return next((one.number for one in LADDER[lowest:] if self.top_kph <= one.speeds_kph[-1]), LADDER[-1].number)


def _bouts(timeline: Timeline) -> list[_Bout]:
    found = []
    for runs, steps in groupby(timeline.steps, key=backward_run):
        if runs:
            bout = tuple(steps)
            found.append(_Bout(bout[0], max(one.top_kph for one in bout), sum(map(as_fast_as_a_run_s, bout))))
    return found
