"""A run as a FIT activity: treadmill running, a lap for each step. Pure.

Numbers of messages, fields and enumerations are those of the FIT profile (Garmin FIT SDK, Profile.xlsx). What the
profile has no field for stands in developer fields: which way the belt and the person went, and the effective grade.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

from ...machine import BeltDirection, Gait
from ...sessions.machines.wording import shown
from ...workouts.steps import Step, StepKind
from .fit_wire import Field, Kind, Message, fit_bytes
from .told import Told
from .track import Lap, Point, Track, direction, track_of

ACTIVITY_FILE, DEVELOPMENT = 4, 255
"""The kind of file, and the manufacturer number that the profile keeps for software in development."""

RUNNING, TREADMILL = 1, 1

_FILE_ID, _USER, _SESSION, _LAP, _RECORD, _EVENT, _DEVICE, _ACTIVITY = 0, 3, 18, 19, 20, 21, 23, 34
_FIELD_DESCRIPTION, _DEVELOPER_DATA_ID = 206, 207

_TIMER, _SESSION_ENDED, _LAP_ENDED, _ACTIVITY_ENDED = 0, 8, 9, 26
_START, _STOP, _STOP_ALL = 0, 1, 4
_ACTIVE, _COOL_DOWN = 0, 3
_MANUAL, _ACTIVITY_END = 0, 0

APPLICATION = bytes.fromhex("f882a2ee32fb54968c6095c30f9f9b9b")
"""Whose developer fields these are: the UUID of version 5 of ``urn:retrotread:fit:developer-fields:1``."""

BELT, GAIT, EFFECTIVE_GRADE, PLAN_STEP = range(4)

OWN_FIELDS = (
    (BELT, Kind.SINT8, "belt_direction", "1 forward, -1 reversed"),
    (GAIT, Kind.SINT8, "gait_direction", "1 forward, -1 backward"),
    (EFFECTIVE_GRADE, Kind.FLOAT32, "effective_grade", "%"),
    (PLAN_STEP, Kind.UINT16, "plan_step", "from 1"),
)
"""The developer fields: number, kind, name, unit. Distance and speed stay positive whichever way the belt runs."""

_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
"""FIT counts its seconds from here."""

TEXT_MAX = 60
"""Letters of a text; a watch shows far fewer."""


def fit(told: Told) -> bytes:
    """The file of a run; the same run gives the same bytes."""
    return fit_bytes(_messages(told, track_of(told)))


def _messages(told: Told, track: Track) -> Iterator[Message]:
    yield from _head(told, track)
    starts, ends = _time(track, track.laps[0].starts_ms), _time(track, track.laps[-1].ends_ms)
    yield Message(_EVENT, (starts, _enum(0, _TIMER), _enum(1, _START)))
    for point in track.points:
        yield _record(point, track)
    yield Message(_EVENT, (ends, _enum(0, _TIMER), _enum(1, _STOP_ALL)))
    for number, lap in enumerate(track.laps):
        yield _lap(number, lap, track)
    yield _session(told, track)
    total = Field(0, Kind.UINT32, track.length_ms)
    kinds = (_enum(2, _MANUAL), _enum(3, _ACTIVITY_ENDED), _enum(4, _STOP))
    yield Message(_ACTIVITY, (ends, total, Field(1, Kind.UINT16, 1), *kinds))


# --- who and what -------------------------------------------------------------------------------------------------


def _head(told: Told, track: Track) -> Iterator[Message]:
    """Programs tell files apart by their serial number, so it is made of the run."""
    serial = zlib.crc32(f"{told.session['run_id']} {told.session['began_utc']}".encode()) or 1
    made = Field(4, Kind.UINT32, _seconds(track, track.laps[0].starts_ms))
    maker = (Field(1, Kind.UINT16, DEVELOPMENT), Field(2, Kind.UINT16, 0))
    yield Message(_FILE_ID, (_enum(0, ACTIVITY_FILE), *maker, Field(3, Kind.UINT32Z, serial), made))
    yield Message(_DEVELOPER_DATA_ID, (Field(1, Kind.BYTES, APPLICATION), Field(3, Kind.UINT8, 0)))
    for number, kind, name, unit in OWN_FIELDS:
        numbers = (Field(0, Kind.UINT8, 0), Field(1, Kind.UINT8, number), Field(2, Kind.UINT8, kind.number))
        yield Message(_FIELD_DESCRIPTION, (*numbers, Field(3, Kind.STRING, name), Field(8, Kind.STRING, unit)))
    yield Message(_USER, (Field(0, Kind.STRING, _text(told.name or told.whole.pseudonym)),))
    yield Message(_DEVICE, _device(told, track))


def _device(told: Told, track: Track) -> tuple[Field, ...]:
    """What made the file; the treadmill by its name where it may be told."""
    told_of = (Field(27, Kind.STRING, _text(told.treadmill)),) if told.treadmill else ()
    maker = (Field(2, Kind.UINT16, DEVELOPMENT), Field(4, Kind.UINT16, 0))
    return (_time(track, track.laps[0].starts_ms), Field(0, Kind.UINT8, 0), *maker, *told_of)


# --- the way ------------------------------------------------------------------------------------------------------


def _record(point: Point, track: Track) -> Message:
    strides, half = _strides(point.cadence_spm)
    fields = (
        _time(track, point.at_ms),
        Field(3, Kind.UINT8, point.heart_bpm),
        Field(4, Kind.UINT8, strides),
        Field(53, Kind.UINT8, half),
        Field(5, Kind.UINT32, _cm(point.distance_mm)),
        Field(6, Kind.UINT16, _mm_per_s(point.speed_ckph)),
        Field(9, Kind.SINT16, _hundredths(point.incline_dpct)),
    )
    return Message(_RECORD, fields, _own(point.step, point.effective_grade_dpct))


def _lap(number: int, lap: Lap, track: Track) -> Message:
    strides, half = _strides(lap.mean("cadence_spm"))
    intensity = _COOL_DOWN if lap.step is not None and lap.step.kind is StepKind.COOL_DOWN else _ACTIVE
    fields = (
        Field(254, Kind.UINT16, number),
        _time(track, lap.ends_ms),
        _enum(0, _LAP_ENDED),
        _enum(1, _STOP),
        Field(2, Kind.UINT32, _seconds(track, lap.starts_ms)),
        *_passed(lap),
        *_of_the_way(lap, (13, 14, 15, 16, 45, 48)),
        Field(17, Kind.UINT8, strides),
        Field(80, Kind.UINT8, half),
        _enum(23, intensity),
        _enum(24, _MANUAL),
        _enum(25, RUNNING),
        _enum(39, TREADMILL),
    )
    step = () if lap.step is None else (Field(PLAN_STEP, Kind.UINT16, lap.step.index + 1),)
    return Message(_LAP, fields, (*_own(lap.step, lap.mean("effective_grade_dpct")), *step))


def _session(told: Told, track: Track) -> Message:
    whole = track.whole
    strides, half = _strides(whole.mean("cadence_spm"))
    fields = (
        Field(254, Kind.UINT16, 0),
        _time(track, whole.ends_ms),
        _enum(0, _SESSION_ENDED),
        _enum(1, _STOP),
        Field(2, Kind.UINT32, _seconds(track, whole.starts_ms)),
        _enum(5, RUNNING),
        _enum(6, TREADMILL),
        *_passed(whole),
        *_of_the_way(whole, (14, 15, 16, 17, 52, 55)),
        Field(18, Kind.UINT8, strides),
        Field(92, Kind.UINT8, half),
        Field(25, Kind.UINT16, 0),
        Field(26, Kind.UINT16, len(track.laps)),
        _enum(28, _ACTIVITY_END),
        Field(110, Kind.STRING, _text(told.title)),
    )
    return Message(_SESSION, fields)


def _passed(lap: Lap) -> tuple[Field, ...]:
    """Time, the same with and without pauses, for the clock of a session never stops; and distance."""
    times = (Field(7, Kind.UINT32, lap.length_ms), Field(8, Kind.UINT32, lap.length_ms))
    return (*times, Field(9, Kind.UINT32, _cm(lap.distance_mm)))


def _of_the_way(lap: Lap, numbers: tuple[int, int, int, int, int, int]) -> Iterator[Field]:
    """Mean and highest speed, heart rate and incline, by their numbers in a lap or a session."""
    speed = _mean_mm_per_s(lap), _mm_per_s(lap.most("speed_ckph"))
    heart = lap.mean("heart_bpm"), lap.most("heart_bpm")
    incline = _hundredths(lap.mean("incline_dpct")), _hundredths(lap.most("incline_dpct"))
    kinds = (Kind.UINT16, Kind.UINT16, Kind.UINT8, Kind.UINT8, Kind.SINT16, Kind.SINT16)
    for number, kind, value in zip(numbers, kinds, (*speed, *heart, *incline), strict=True):
        yield Field(number, kind, value)


def _own(step: Step | None, grade_dpct: int | None) -> tuple[Field, ...]:
    """Which way belt and person go, and the grade as the legs feel it; what is not known is not there."""
    if step is None:
        return ()
    belt, gait = direction(step)
    grade = None if grade_dpct is None else grade_dpct / 10
    ways = (
        Field(BELT, Kind.SINT8, 1 if belt is BeltDirection.FORWARD else -1),
        Field(GAIT, Kind.SINT8, 1 if gait is Gait.FORWARD else -1),
    )
    return (*ways, Field(EFFECTIVE_GRADE, Kind.FLOAT32, grade))


# --- units --------------------------------------------------------------------------------------------------------


def _enum(number: int, value: int) -> Field:
    return Field(number, Kind.ENUM, value)


def _time(track: Track, at_ms: int) -> Field:
    return Field(253, Kind.UINT32, _seconds(track, at_ms))


def _seconds(track: Track, at_ms: int) -> int:
    return int((track.moment(at_ms) - _EPOCH).total_seconds())


def _mm_per_s(ckph: int | None) -> int | None:
    return None if ckph is None else round(ckph / 0.36)


def _mean_mm_per_s(lap: Lap) -> int | None:
    """Distance by time, so that the three agree."""
    if lap.distance_mm is None or lap.length_ms <= 0:
        return None
    return round(lap.distance_mm * 1000 / lap.length_ms)


def _cm(mm: int | None) -> int | None:
    return None if mm is None else round(mm / 10)


def _hundredths(dpct: int | None) -> int | None:
    return None if dpct is None else dpct * 10


def _strides(steps_per_min: int | None) -> tuple[int | None, int | None]:
    """Whole strides a minute, of two steps each, and the rest in parts of 128."""
    if steps_per_min is None:
        return None, None
    whole, rest = divmod(steps_per_min, 2)
    return whole, rest * 64


def _text(text: str) -> str:
    return shown(text)[:TEXT_MAX]
