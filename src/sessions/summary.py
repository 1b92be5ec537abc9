"""What was done, when it is over."""

from __future__ import annotations

from dataclasses import dataclass

from ..training.answers import NO_ANSWERS, Answers
from .steady_done import Uptake


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done, in measured numbers; shown at the end and printed by ``--plain``.

    ``ended`` is a sentence; ``complete`` means that the plan was walked to its end. ``notes`` holds the
    sentences of every stop and limit on the way, oldest first. ``backward_s`` and ``running_s`` are the plan time that
    was spent going backward and running backward, for the limits of a day; None: not worked out. The heart rates are
    those that the strap told while the belt moved; None: none were told. ``uptake``, of oxygen, is an estimate; None:
    nothing can be said of it. ``answers`` is what the person said of themselves.
    """

    workout: str
    ended: str
    complete: bool
    elapsed_s: float
    plan_time_s: float
    plan_total_s: float
    distance_m: float
    max_speed_kph: float
    max_incline_percent: float
    notes: tuple[str, ...]
    journal: str | None = None
    backward_s: float | None = None
    running_s: float | None = None
    heart_mean_bpm: int | None = None
    heart_max_bpm: int | None = None
    uptake: Uptake | None = None
    answers: Answers = NO_ANSWERS
