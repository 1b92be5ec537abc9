"""A run as a TCX file: a lap for each step, a point a second. Pure.

The elements and their order are those of Garmin's schema TrainingCenterDatabase v2; speed and cadence stand in its
extension ActivityExtension v2. The schema has no field for incline and direction: these stand in an element of our own,
as it allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from ...sessions.machines.wording import shown
from ...workouts.steps import StepKind
from .decimals import decimal
from .told import Told
from .track import Lap, Point, Track, direction, track_of

DATABASE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
EXTENSION = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"
OURS = "urn:retrotread:tcx:1"

CALORIES = 0
"""The schema asks for a number; nobody measured one."""

CADENCE_MAX = 254
"""The most strides a minute that the schema takes."""


def tcx(told: Told) -> bytes:
    """The file of a run; the same run gives the same bytes."""
    return "\n".join(_lines(told, track_of(told))).encode("utf-8")


def _lines(told: Told, track: Track) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<TrainingCenterDatabase xmlns="{DATABASE}" xmlns:x="{EXTENSION}" xmlns:rt="{OURS}">'
    yield '<Activities><Activity Sport="Running">'
    yield f"<Id>{_time(track.moment(track.laps[0].starts_ms))}</Id>"
    for lap in track.laps:
        yield from _lap(lap, track)
    whose = shown(f"{told.title} ({told.name or told.whole.pseudonym})")
    yield f"<Notes>{escape(whose)}</Notes>"
    yield "</Activity></Activities></TrainingCenterDatabase>"
    yield ""


def _lap(lap: Lap, track: Track) -> Iterator[str]:
    cooling = lap.step is not None and lap.step.kind is StepKind.COOL_DOWN
    yield f'<Lap StartTime="{_time(track.moment(lap.starts_ms))}">'
    yield f"<TotalTimeSeconds>{decimal(lap.length_ms, 3)}</TotalTimeSeconds>"
    yield f"<DistanceMeters>{decimal(lap.distance_mm or 0, 3)}</DistanceMeters>"
    yield from _element("MaximumSpeed", _m_per_s(lap.most("speed_ckph")))
    yield f"<Calories>{CALORIES}</Calories>"
    yield from _beats("AverageHeartRateBpm", lap.mean("heart_bpm"))
    yield from _beats("MaximumHeartRateBpm", lap.most("heart_bpm"))
    yield f"<Intensity>{'Resting' if cooling else 'Active'}</Intensity>"
    yield "<TriggerMethod>Manual</TriggerMethod>"
    yield "<Track>"
    for point in lap.points:
        yield "".join(_point(point, track))
    yield "</Track>"
    means = "".join(_element("x:AvgRunCadence", _strides(lap.mean("cadence_spm"))))
    if means:
        yield f"<Extensions><x:LX>{means}</x:LX></Extensions>"
    yield "</Lap>"


def _point(point: Point, track: Track) -> Iterator[str]:
    yield f"<Trackpoint><Time>{_time(track.moment(point.at_ms))}</Time>"
    yield from _element("DistanceMeters", decimal(point.distance_mm, 3))
    yield from _beats("HeartRateBpm", point.heart_bpm)
    extension = "".join((*_motion(point), *_way(point)))
    yield f"<Extensions>{extension}</Extensions></Trackpoint>" if extension else "</Trackpoint>"


def _motion(point: Point) -> Iterator[str]:
    speed = _element("x:Speed", _m_per_s(point.speed_ckph))
    inside = "".join((*speed, *_element("x:RunCadence", _strides(point.cadence_spm))))
    if inside:
        yield f"<x:TPX>{inside}</x:TPX>"


def _way(point: Point) -> Iterator[str]:
    """Which way belt and person go, and what the deck does; what is not known is not there."""
    belt, gait = (None, None) if point.step is None else (one.value for one in direction(point.step))
    told = {
        "belt": belt,
        "gait": gait,
        "incline": decimal(point.incline_dpct, 1),
        "effectiveGrade": decimal(point.effective_grade_dpct, 1),
    }
    attributes = "".join(f' {name}="{value}"' for name, value in told.items() if value)
    if attributes:
        yield f"<rt:Way{attributes}/>"


def _element(name: str, content: str) -> Iterator[str]:
    if content:
        yield f"<{name}>{content}</{name}>"


def _beats(name: str, bpm: int | None) -> Iterator[str]:
    """A rate from 1 to 255, as the schema has it; what is not told is not there."""
    if bpm is not None:
        yield f"<{name}><Value>{bpm}</Value></{name}>"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _m_per_s(ckph: int | None) -> str:
    return "" if ckph is None else decimal(round(ckph / 0.36), 3)


def _strides(steps_per_min: int | None) -> str:
    """Strides a minute, of two steps each."""
    return "" if steps_per_min is None else str(min(CADENCE_MAX, steps_per_min // 2))
