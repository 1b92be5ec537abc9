"""The edge to the FIT libraries: bytes to the few records of a workout, and back.

fitdecode reads, fit-tool writes; both are pure Python and come with the extra ``fit``, so they are imported when a FIT
file is meant and not before. Numbers of messages, fields and enumerations are those of the FIT profile (Garmin FIT
SDK, Profile.xlsx: file_id, workout, workout_step).

``ValueError``
└── ``FitMissing``   the libraries are not installed; says how to get them
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ..problems import Place, Problem, WorkoutFileError

BYTES_MAX = 256 * 1024
"""Five hundred steps with all their texts are below half of that."""

RECORDS_MAX = 2000
"""Definitions and steps of the longest workout, four times over; a record may take a single byte."""

ERROR_MAX = 120
"""Letters of what the library says about a damaged file: a line."""

FILE_ID, WORKOUT, WORKOUT_STEP = 0, 26, 27
WORKOUT_FILE = 5
DEVELOPMENT = 255
"""The manufacturer number that the profile keeps for software in development."""

RUNNING, TREADMILL = 1, 1


class FitMissing(ValueError):
    """The extra for FIT files is not installed."""

    def __init__(self) -> None:
        super().__init__("FIT files need two more libraries; install them with: pip install 'retrotread[fit]'")


@dataclass(frozen=True, slots=True)
class FitStep:
    """A step in the raw numbers of the file; absent is None. ``offset`` is the byte where its record begins."""

    duration_type: int | None
    duration_value: int | None
    target_type: int | None = None
    target_value: int | None = None
    low: int | None = None
    high: int | None = None
    intensity: int | None = None
    name: str | None = None
    notes: str | None = None
    index: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class FitWorkout:
    """What a workout file holds."""

    name: str | None
    sport: int | None
    steps: tuple[FitStep, ...]


_STEP_FIELDS = {1: "duration_type", 2: "duration_value", 3: "target_type", 4: "target_value"} | {
    5: "low",
    6: "high",
    7: "intensity",
    254: "index",
}
_STEP_TEXTS = {0: "name", 8: "notes"}
_Fields = dict[int, object]


def read_records(content: bytes, file: str) -> FitWorkout:
    """The workout in ``content``. Raises WorkoutFileError with the byte, FitMissing."""
    if find_spec("fitdecode") is None:
        raise FitMissing
    if len(content) > BYTES_MAX:
        raise _refused(file, 0, f"is larger than {BYTES_MAX // 1024} KiB, the limit", "a workout is far smaller")
    kinds: list[_Fields] = []
    workouts: list[_Fields] = []
    steps: list[FitStep] = []
    for number, fields, offset in _messages(content, file):
        if number == FILE_ID:
            kinds.append(fields)
        elif number == WORKOUT:
            workouts.append(fields)
        elif number == WORKOUT_STEP:
            steps.append(_step(fields, offset))
    if [_whole(kind.get(0)) for kind in kinds] != [WORKOUT_FILE]:
        raise _refused(file, 0, "is no FIT workout; activities and courses have another kind", "export a workout")
    if len(workouts) != 1:
        raise _refused(file, 0, f"holds {len(workouts)} workouts", "one file holds one workout")
    return FitWorkout(_text(workouts[0].get(8)), _whole(workouts[0].get(4)), tuple(steps))


def _messages(content: bytes, file: str) -> list[tuple[int, _Fields, int]]:
    """Every data message with its number, its raw fields and its byte."""
    fitdecode: Any = import_module("fitdecode")
    found: list[tuple[int, _Fields, int]] = []
    count, offset = 0, 0
    try:
        reader = fitdecode.FitReader(
            io.BytesIO(content),
            processor=None,
            check_crc=fitdecode.CrcCheck.RAISE,
            error_handling=fitdecode.ErrorHandling.RAISE,
            keep_raw_chunks=True,
        )
        for frame in reader:
            count += 1
            offset = frame.chunk.offset
            if count > RECORDS_MAX:
                break
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                fields = {one.field_def.def_num: one.raw_value for one in frame.fields if one.field_def is not None}
                found.append((frame.global_mesg_num, fields, offset))
    except Exception as error:  # noqa: BLE001  a damaged file leads the library to struct, type and assertion errors too
        said = "".join(filter(str.isprintable, str(error)))[:ERROR_MAX]
        what = f"this is not a whole FIT file: {said or type(error).__name__}"
        raise _refused(file, offset, what, "export it once more; a transfer may have cut it") from None
    if count > RECORDS_MAX:
        raise _refused(file, offset, f"has more than {RECORDS_MAX} records, the limit", "use repeats")
    return found


def _step(fields: _Fields, offset: int) -> FitStep:
    numbers = {name: _whole(fields.get(number)) for number, name in _STEP_FIELDS.items()}
    texts = {name: _text(fields.get(number)) for number, name in _STEP_TEXTS.items()}
    return FitStep(**numbers, **texts, offset=offset)  # type: ignore[arg-type]


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _refused(file: str, offset: int, message: str, mend: str) -> WorkoutFileError:
    place = Place(file, 1, offset + 1, f"byte {offset}")
    return WorkoutFileError((Problem.at(place, message, mend),))


def write_records(workout: FitWorkout) -> bytes:
    """A workout file for a treadmill; the same workout gives the same bytes. Raises FitMissing."""
    if find_spec("fit_tool") is None:
        raise FitMissing
    builder = import_module("fit_tool.fit_file_builder").FitFileBuilder(auto_define=True)
    messages = "fit_tool.profile.messages"
    types: Any = import_module("fit_tool.profile.profile_type")
    head = import_module(f"{messages}.file_id_message").FileIdMessage()
    head.type = types.FileType(WORKOUT_FILE)
    head.manufacturer = DEVELOPMENT
    head.product = 0
    head.serial_number = zlib.crc32(repr(workout).encode()) or 1  # devices tell files apart by it
    whole = import_module(f"{messages}.workout_message").WorkoutMessage(local_id=1)
    whole.workout_name = workout.name
    whole.sport = types.Sport(workout.sport)
    whole.sub_sport = types.SubSport(TREADMILL)
    whole.num_valid_steps = len(workout.steps)
    make: Any = import_module(f"{messages}.workout_step_message").WorkoutStepMessage
    steps = (_message(make(local_id=2), index, step) for index, step in enumerate(workout.steps))
    builder.add_all([head, whole, *steps])
    return bytes(builder.build().to_bytes())


_SCALES = {0: 1000, 1: 100}
"""Of the length of a step, by its duration type: fit-tool takes seconds and metres and writes ms and cm."""

_SPEED_SCALE = 1000
"""As above, for speeds: metres and millimetres per second. Every step written here has a speed as its target."""


def _message(message: Any, index: int, step: FitStep) -> Any:
    """``step`` put into a message of fit-tool, which rounds what it scales back to the whole raw number."""
    message.message_index = index
    length = step.duration_value
    scale = _SCALES.get(step.duration_type or 0, 1)
    values = {
        "duration_type": step.duration_type,
        "duration_value": length if length is None or scale == 1 else length / scale,
        "target_type": step.target_type,
        "target_value": step.target_value,
        "custom_target_value_low": None if step.low is None else step.low / _SPEED_SCALE,
        "custom_target_value_high": None if step.high is None else step.high / _SPEED_SCALE,
        "intensity": step.intensity,
        "notes": step.notes,
    }
    for name, value in values.items():
        if value is not None:
            setattr(message, name, value)
    return message
