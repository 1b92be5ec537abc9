"""A session over its time: what was reported each second, and what the plan wanted then. Pure.

The plan goes on while a step is being gone, and waits in between: what it wanted at a moment follows from how long its
step had been gone by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..workouts.timeline import Timeline
from .done import GAP_MS, Sample

HAIR_S = 0.001
"""Off the end of a step, which is the beginning of the next one."""

LEFT_MIN_S = 5.0
"""What is left of a plan that went to its end: the last report comes up to some seconds before it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One second. ``at_s`` since the first step of the run. None: not told, and of ``planned_kph``: the plan waited."""

    at_s: float
    speed_kph: float | None = None
    incline_percent: float | None = None
    heart_bpm: int | None = None
    planned_kph: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A session in the order of its time. ``left``: the rest of a plan that was left early, as if it had gone on;
    time and speed in turn, straight in between."""

    moments: tuple[Moment, ...]
    left: tuple[tuple[float, float], ...] = ()

    @property
    def begins_s(self) -> float:
        return self.moments[0].at_s if self.moments else 0.0

    @property
    def ends_s(self) -> float:
        """The end of what was done; what is left comes behind it."""
        return self.moments[-1].at_s if self.moments else 0.0


NOTHING = Curve(())


def curve_of(samples: Sequence[Sample], timeline: Timeline | None) -> Curve:
    """The reports from the first moment to the last at which the belt moved or the plan went on."""
    seen = [at for at, one in enumerate(samples) if one.speed_ckph or one.step is not None]
    if not seen:
        return NOTHING
    way = samples[seen[0] : seen[-1] + 2]
    times_s = list(_plan_times_s(way, timeline)) if timeline is not None else [None] * len(way)
    told = [_moment(one, at_s, timeline) for one, at_s in zip(way, times_s, strict=True)]
    moments = tuple(_with_silences(told))
    last_s = next((at_s for at_s in reversed(times_s) if at_s is not None), None)
    return Curve(moments, _left(timeline, last_s, moments[-1].at_s))


def _with_silences(told: Sequence[Moment]) -> Iterator[Moment]:
    """An empty moment in every gap that is too long for a speed to hold."""
    yield told[0]
    for before, after in pairwise(told):
        if after.at_s - before.at_s > GAP_MS / 1000:
            yield Moment(before.at_s + GAP_MS / 1000)
        yield after


def _moment(one: Sample, plan_time_s: float | None, timeline: Timeline | None) -> Moment:
    wanted = None if plan_time_s is None or timeline is None else timeline.setpoint_at(plan_time_s).speed_kph
    return Moment(
        one.at_ms / 1000,
        None if one.speed_ckph is None else one.speed_ckph / 100,
        None if one.incline_dpct is None else one.incline_dpct / 10,
        one.heart_bpm,
        wanted,
    )


def _plan_times_s(samples: Sequence[Sample], timeline: Timeline) -> Iterator[float | None]:
    """Where the plan was at each sample; None while it waited. A step that another one followed begins anew."""
    on, gone_s, before = None, 0.0, None
    for one in samples:
        if one.step is None or not 0 <= one.step < len(timeline.steps):
            yield None
        else:
            held_s = _held_s(before, one) if before is not None and before.step == one.step else 0.0
            gone_s = gone_s + held_s if one.step == on else 0.0
            on, step = one.step, timeline.steps[one.step]
            yield min(step.starts_s + gone_s, max(step.starts_s, step.ends_s - HAIR_S))
        before = one


def _held_s(before: Sample, after: Sample) -> float:
    return min(GAP_MS, after.at_ms - before.at_ms) / 1000


def _left(timeline: Timeline | None, plan_time_s: float | None, ends_s: float) -> tuple[tuple[float, float], ...]:
    if timeline is None or plan_time_s is None or timeline.total_s - plan_time_s < LEFT_MIN_S:
        return ()
    corners = [(plan_time_s, timeline.setpoint_at(plan_time_s).speed_kph)]
    for one in timeline.segments:
        if one.starts_s + one.length_s > plan_time_s:
            corners += [(max(one.starts_s, plan_time_s), one.setpoint_at(plan_time_s).speed_kph)]
            corners += [(one.starts_s + one.length_s, one.end.speed_kph)]
    return tuple((ends_s + at_s - plan_time_s, kph) for at_s, kph in corners)
