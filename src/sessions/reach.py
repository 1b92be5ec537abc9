"""How far somebody's history leads on the day, and what of a workout is beyond it. Pure.

At home a person's word says that they ran backward before; it is their sessions that open a run here. Walks stay free:
one above the next step is said, and earns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import Gait, gait
from ..training.ladder import LADDER, RUNNING_FROM
from ..workouts.timeline import Step, StepKind, Timeline

WALKS_TO_KPH = LADDER[RUNNING_FROM].speeds_kph[-1]
"""What is faster backward than the first runs of the ladder is a run, whatever its author calls it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is open on one day.

    ``open_level`` is the level of the next step, None where nobody knows it. ``run_level`` is the highest level whose
    backward runs are open, None where none is; ``why`` says so, as half a sentence.
    """

    open_level: int | None
    run_level: int | None
    why: str


UNREAD = Reach(None, None, "what you have done before cannot be read; mend the history")
"""Where a history cannot be read: easier is always open, a run is not."""


def runs_beyond(reach: Reach, level: int | None, timeline: Timeline) -> str | None:
    """Why the backward runs of a workout of this level are not open today; None where they are, or there is none."""
    runs = [one for one in timeline.steps if _runs_backward(one)]
    if not runs:
        return None
    fastest = max(runs, key=_top_kph)
    needed = max(level or 0, _level_of(_top_kph(fastest)))
    if reach.run_level is not None and needed <= reach.run_level:
        return None
    to = "none is open today" if reach.run_level is None else f"up to level {reach.run_level} they are open today"
    return (
        f"step {fastest.index + 1}, {fastest.label}: a backward run of level {needed}, and {to}: {reach.why}; what is "
        "open says: retrotread next"
    )


def earns_nothing(reach: Reach, level: int | None) -> str | None:
    """That a workout is above the next step, which keeps nobody from walking it."""
    if level is None or reach.open_level is None or level <= reach.open_level:
        return None
    return f"level {level} is above your next step, level {reach.open_level}; it earns nothing"


def _runs_backward(step: Step) -> bool:
    if not step.on_belt or gait(step.facing, step.belt) is not Gait.BACKWARD:
        return False
    return step.kind is StepKind.RUN or _top_kph(step) > WALKS_TO_KPH


def _top_kph(step: Step) -> float:
    return max(step.entry.speed_kph, step.target.speed_kph)


def _level_of(speed_kph: float) -> int:
    """The first level of the ladder with runs of that speed; the highest one for what is faster still."""
    levels = (one.number for one in LADDER[RUNNING_FROM:] if speed_kph <= one.speeds_kph[-1])
    return next(levels, LADDER[-1].number)
