"""How far somebody's history leads on the day, and what of a workout is beyond it. Pure.

At home a person's word says that they ran backward before; it is their sessions that open a run here. Walks stay free:
one above the next step is said, and earns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from ..training.ladder import LADDER, RUNNING_FROM
from ..training.ladder import Step as LadderStep
from ..workouts.gaits import as_fast_as_a_run_s, backward_run, from_s
from ..workouts.quantity import duration_text
from ..workouts.timeline import Step, StepKind, Timeline


@dataclass(frozen=True, slots=True)
class Reach:
    """What is open on one day.

    ``open_level`` is the level that walks may earn something at, None where nobody knows it. ``runs`` are the steps
    with backward runs that are open, up to the next one; ``why`` says so, as half a sentence.
    """

    open_level: int | None
    runs: tuple[LadderStep, ...]
    why: str

    @property
    def run_level(self) -> int | None:
        """The highest level whose backward runs are open, None where none is."""
        return max((one.level.number for one in self.runs), default=None)


FIRST_RUNS_S = max(bout_s for _, bout_s in LADDER[RUNNING_FROM].bouts)
"""The first runs are short: what lasts longer than the longest of their level is none of them."""

SLOWEST_RUN_KPH = LADDER[RUNNING_FROM].speeds_kph[0]
"""What is called a run and is slower, as the end of a jog that runs out, takes nothing of what is open."""

EPSILON = 1e-6
"""Of a sum of speeds or seconds in binary."""


def unread(why: str) -> Reach:
    """Where a history cannot be read, and why not: easier is always open, a run is not."""
    return Reach(None, (), f"what you have done before cannot be read: {why}")


def runs_beyond(reach: Reach, level: int | None, timeline: Timeline) -> str | None:
    """Why the backward runs of a workout of this level are not open today; None where they are, or there is none."""
    bouts = _bouts(timeline)
    if not bouts:
        return None
    hardest = max(bouts, key=lambda one: one.level)
    needed = max(level or 0, hardest.level)
    if reach.run_level is None or needed > reach.run_level:
        return f"{hardest.first.where}: a backward run of level {needed}, and {_open(reach)}"
    return _more_than(reach, bouts)


def _more_than(reach: Reach, bouts: list[_Bout]) -> str | None:
    """What of these runs is faster, longer or more than the open steps have; None where nothing is.

    A level says how somebody runs, and its steps how much of it they have come to.
    """
    doses = tuple(one.dose for one in reach.runs)
    fastest, longest = max(bouts, key=lambda one: one.top_kph), max(bouts, key=lambda one: one.fast_s)
    top_kph, bout_s = max(one.speed_kph for one in doses), max(one.bout_s for one in doses)
    all_s, most_s = sum(one.run_s for one in bouts), max(one.bouts * one.bout_s for one in doses)
    if fastest.top_kph > top_kph + EPSILON:
        told = f"{fastest.first.where}: {fastest.top_kph:.1f} km/h, and your runs go up to {top_kph:.1f} km/h"
        return f"{told}: {_next(reach)}"
    if longest.fast_s > bout_s + EPSILON:
        told = f"{longest.first.where}: a run of {_told(longest.fast_s)}, and yours last up to {_told(bout_s)}"
        return f"{told}: {_next(reach)}"
    if all_s > most_s + EPSILON:
        return f"{_told(all_s)} of backward runs, and yours are up to {_told(most_s)} in all: {_next(reach)}"
    return None


def _told(seconds: float) -> str:
    return duration_text(round(seconds))


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
    return f"{to}: {_next(reach)}"


def _next(reach: Reach) -> str:
    return f"{reach.why}; what is open says: retrotread next"


@dataclass(frozen=True, slots=True)
class _Bout:
    """Backward runs without a break: the first step of them, the highest speed, how long it is as fast as a run, and
    how long as the slowest runs of the ladder, where it is called one."""

    first: Step
    top_kph: float
    fast_s: float
    run_s: float

    @property
    def level(self) -> int:
        """The first level of the ladder with runs as fast, and the one above the first runs for what is longer than
        they are; the highest one for what is beyond all.
        """
        lowest = RUNNING_FROM + (self.fast_s > FIRST_RUNS_S)
        return next((one.number for one in LADDER[lowest:] if self.top_kph <= one.speeds_kph[-1]), LADDER[-1].number)


def _bouts(timeline: Timeline) -> list[_Bout]:
    found = []
    for runs, steps in groupby(timeline.steps, key=backward_run):
        if runs:
            bout = tuple(steps)
            found.append(
                _Bout(
                    bout[0],
                    max(one.top_kph for one in bout),
                    sum(map(as_fast_as_a_run_s, bout)),
                    sum(map(_run_s, bout)),
                )
            )
    return found


def _run_s(step: Step) -> float:
    return from_s(step, SLOWEST_RUN_KPH) if step.kind is StepKind.RUN else as_fast_as_a_run_s(step)
