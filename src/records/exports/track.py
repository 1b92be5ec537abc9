"""The way over the belt: a point a second with the distance so far, and a lap for each step that was gone. Pure.

The way begins with the first sample in which the belt moves or the plan goes on, and ends with the standstill behind
the last one. Waiting belongs to the step before it, and at the beginning to the first step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, groupby, pairwise

from ...machine import BeltDirection, Gait, effective_grade_percent, gait
from ...workouts.steps import Step
from ..done import GAP_MS, Sample
from .told import Told


@dataclass(frozen=True, slots=True)
class Point:
    """One second of the way. None: not told. ``at_ms`` as of the sample; ``distance_mm`` from the first point on.

    A strap that lost the skin tells a rate of 0, which is none. ``cadence_spm`` in steps a minute: no sensor that is
    read today tells one.
    """

    at_ms: int
    step: Step | None = None
    speed_ckph: int | None = None
    incline_dpct: int | None = None
    heart_bpm: int | None = None
    distance_mm: int | None = None
    cadence_spm: int | None = None

    @property
    def effective_grade_dpct(self) -> int | None:
        """As of ``effective_grade``."""
        return effective_grade(self.step, self.incline_dpct)


@dataclass(frozen=True, slots=True)
class Lap:
    """The way in one step, from its first point to the first point of the next lap. ``points``: at least one.

    ``step`` is None where the plan is not known.
    """

    step: Step | None
    points: tuple[Point, ...]
    ends_ms: int
    distance_mm: int | None

    @property
    def starts_ms(self) -> int:
        return self.points[0].at_ms

    @property
    def length_ms(self) -> int:
        return self.ends_ms - self.starts_ms

    def told(self, name: str) -> tuple[int, ...]:
        """What the points tell of one quantity, without those that tell nothing."""
        return tuple(value for one in self.points if (value := getattr(one, name)) is not None)

    def mean(self, name: str) -> int | None:
        """The mean of a quantity; None where nothing was told."""
        values = self.told(name)
        return round(sum(values) / len(values)) if values else None

    def most(self, name: str) -> int | None:
        """The highest value of a quantity; None where nothing was told."""
        return max(self.told(name), default=None)


@dataclass(frozen=True, slots=True)
class Track:
    """The way of one run. ``laps``: at least one. ``began`` is the moment of ``at_ms`` 0, a whole second in UTC."""

    began: datetime
    laps: tuple[Lap, ...]
    distance_mm: int | None

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(one for lap in self.laps for one in lap.points)

    @property
    def length_ms(self) -> int:
        return self.laps[-1].ends_ms - self.laps[0].starts_ms

    def moment(self, at_ms: int) -> datetime:
        """The second in which something was: no two points share one."""
        return self.began + timedelta(seconds=at_ms // 1000)

    @property
    def whole(self) -> Lap:
        """All of the way as one lap of no step."""
        return Lap(None, self.points, self.laps[-1].ends_ms, self.distance_mm)


def track_of(told: Told) -> Track:
    """The way of a run. A run without a sample is one point that tells nothing, at its beginning."""
    samples = _of_the_way(told.whole.samples) or (Sample(0),)
    total_mm = _total_mm(told)
    distances = _distances_mm(samples, total_mm)
    steps = steps_of(told, samples)
    points = [
        Point(one.at_ms, step, one.speed_ckph, one.incline_dpct, one.heart_bpm or None, distance)
        for one, step, distance in zip(samples, steps, distances, strict=True)
    ]
    return Track(_began(told), tuple(_laps(points, total_mm)), total_mm)


def steps_of(told: Told, samples: Sequence[Sample]) -> list[Step | None]:
    """The step of each sample; while the plan waits, the one before, and at the beginning the first."""
    index = next((one.step for one in samples if one.step is not None), None)
    found = []
    for one in samples:
        index = index if one.step is None else one.step
        found.append(told.step(index))
    return found


def direction(step: Step) -> tuple[BeltDirection, Gait]:
    """Which way the belt runs in a step, and which way the person moves over it."""
    return step.belt, gait(step.facing, step.belt)


def effective_grade(step: Step | None, incline_dpct: int | None) -> int | None:
    """Grade in tenths of a percent as the legs feel it, uphill positive; None where incline or step is not known."""
    if step is None or incline_dpct is None:
        return None
    return round(effective_grade_percent(step.belt, incline_dpct))


def _of_the_way(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    on_it = [at for at, one in enumerate(samples) if one.speed_ckph or one.step is not None]
    return tuple(samples[on_it[0] : on_it[-1] + 2]) if on_it else ()


def _total_mm(told: Told) -> int | None:
    """None where the machine never told a speed: a distance of 0 would be a measurement."""
    measured = any(one.speed_ckph is not None for one in told.whole.samples)
    return int(told.session["distance_mm"]) if measured else None


def _distances_mm(samples: Sequence[Sample], total_mm: int | None) -> Sequence[int | None]:
    """From the first sample on; the last one is the total that the run itself counted, several times a second.

    A speed counts until the next sample. One sample a second gives the shape, the total its size.
    """
    parts = [(one.speed_ckph or 0) * min(GAP_MS, after.at_ms - one.at_ms) for one, after in pairwise(samples)]
    sums = list(accumulate(parts, initial=0))
    if total_mm is None:
        return [None] * len(samples)
    if sums[-1] == 0:
        return [0] * (len(samples) - 1) + [total_mm]
    return [round(total_mm * one / sums[-1]) for one in sums]


def _laps(points: Sequence[Point], total_mm: int | None) -> Iterator[Lap]:
    groups = [tuple(group) for _, group in groupby(points, key=lambda one: one.step and one.step.index)]
    before_mm = 0
    for group, after in zip(groups, [*groups[1:], None], strict=True):
        ends_ms, passed_mm = (points[-1].at_ms, total_mm) if after is None else (after[0].at_ms, after[0].distance_mm)
        yield Lap(group[0].step, group, ends_ms, None if passed_mm is None else passed_mm - before_mm)
        before_mm = passed_mm or 0


def _began(told: Told) -> datetime:
    """The moment of ``at_ms`` 0, by the first event; without any, the beginning of the run."""
    session, events = told.session, told.whole.events
    moment = datetime.fromisoformat(events[0].at_utc if events else session["began_utc"])
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return (aware - timedelta(milliseconds=events[0].at_ms if events else 0)).replace(microsecond=0)
