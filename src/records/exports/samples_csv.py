"""The samples of a run as CSV: a row a second, all that were kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ...workouts.steps import Step
from ..done import Sample
from .csv_text import csv_bytes, number, words
from .decimals import decimal
from .told import Told
from .track import Track, direction, effective_grade, steps_of, track_of

COLUMNS = (
    "run_id", "pseudonym", "name", "time_utc", "at_s", "step", "kind", "facing", "belt", "gait",
    "speed_kph", "incline_percent", "effective_grade_percent", "heart_bpm", "distance_m",
)  # fmt: skip
"""``step`` of the plan from 0, empty while it waits; facing, belt and gait then stay those of the step before."""


def samples_csv(told: Told) -> bytes:
    """The file of a run; a run without samples has a head alone."""
    return csv_bytes(COLUMNS, _rows(told, track_of(told)))


def _rows(told: Told, track: Track) -> Iterator[tuple[str, ...]]:
    who = (words(told.session["run_id"]), words(told.whole.pseudonym), words(told.name))
    distance_mm = {one.at_ms: one.distance_mm for one in track.points}
    samples = told.whole.samples
    for one, step in zip(samples, steps_of(told, samples), strict=True):
        when = (f"{track.moment(one.at_ms):%Y-%m-%dT%H:%M:%SZ}", decimal(one.at_ms, 3))
        yield (*who, *when, number(one.step), *_stance(step), *_seen(one, step), decimal(distance_mm.get(one.at_ms), 3))


def _stance(step: Step | None) -> tuple[str, ...]:
    if step is None:
        return ("", "", "", "")
    return (step.kind.value, step.facing.value, *(one.value for one in direction(step)))


def _seen(one: Sample, step: Step | None) -> tuple[str, ...]:
    grade_dpct = effective_grade(step, one.incline_dpct)
    return (
        decimal(one.speed_ckph, 2),
        decimal(one.incline_dpct, 1),
        decimal(grade_dpct, 1),
        number(one.heart_bpm),
    )
