"""What may stand behind an operation code: the parameters that control point and machine status share.

FTMS 1.0.1, sections 4.16.2 and 4.17. Both sides use the same numbers for the same target.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ..decoded import Anomaly, Oddity
from ..fields import Field, Read, read_frame, write_row


class StopOrPause(IntEnum):
    """What a stop of the belt is meant as."""

    STOP = 1
    PAUSE = 2


STOPS = frozenset(float(one) for one in StopOrPause)
SPEED = (Field("speed_kph", 2, 100),)
INCLINE = (Field("incline_percent", 2, 10, signed=True),)
WIDE_RESISTANCE = (Field("resistance", 2, 10, signed=True),)
NARROW_RESISTANCE = (Field("resistance", 1, 10),)
POWER = (Field("power_w", 2, signed=True),)
HEART_RATE = (Field("heart_rate_bpm", 1),)
STOP_OR_PAUSE = (Field("stop_or_pause", 1),)
ENERGY = (Field("energy_kcal", 2),)
STEPS = (Field("steps", 2),)
STRIDES = (Field("strides", 2),)
DISTANCE = (Field("distance_m", 3),)
TIME = (Field("time_s", 2),)
TWO_ZONES = tuple(Field(f"time_in_{zone}_zone_s", 2) for zone in ("fat_burn", "fitness"))
THREE_ZONES = tuple(Field(f"time_in_{zone}_zone_s", 2) for zone in ("light", "moderate", "hard"))
FIVE_ZONES = tuple(
    Field(f"time_in_{zone}_zone_s", 2) for zone in ("very_light", "light", "moderate", "hard", "maximum")
)
BIKE = (
    Field("wind_speed_mps", 2, 1000, signed=True),
    Field("grade_percent", 2, 100, signed=True),
    Field("rolling_resistance", 1, 10000),
    Field("wind_resistance_kg_per_m", 1, 100),
)
WHEEL = (Field("wheel_circumference_mm", 2, 10),)
SPIN_DOWN = (Field("spin_down", 1),)
CADENCE = (Field("cadence_per_min", 2, 2),)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Quantities behind a code, in the order of the specification; empty where there are none or they were cut off."""

    values: tuple[float, ...]
    anomalies: tuple[Anomaly, ...]


def read_parameters(fields: tuple[Field, ...] | None, payload: bytes) -> Parameters:
    """What stands behind the code in ``payload[0]``; None for ``fields``: nobody knows what that code carries."""
    if fields is None:
        return Parameters((), (Anomaly(Oddity.UNKNOWN_CODE, "its first octet", bytes(payload[1:])),))
    read = read_frame(_by_length(fields, len(payload) - 1), payload, 1)
    return Parameters(tuple(value for value in read.values.values() if value is not None), _told(read, fields))


def write_parameters(fields: tuple[Field, ...], values: tuple[float, ...], code: str) -> bytes:
    """The octets of ``values``. Raises ValueError where one does not fit or their number is wrong."""
    if len(values) != len(fields):
        wanted = ", ".join(field.name for field in fields) or "nothing"
        raise ValueError(f"{code} carries {wanted}, not {len(values)} numbers")
    if fields is STOP_OR_PAUSE and values[0] not in STOPS:
        raise ValueError(f"{code} carries 1 (stop) or 2 (pause), not {values[0]!r}")
    return write_row(fields, values)


def _by_length(fields: tuple[Field, ...], octets: int) -> tuple[Field, ...]:
    """A resistance was one octet in FTMS 1.0 and is two by its errata; its length tells which."""
    return NARROW_RESISTANCE if fields is WIDE_RESISTANCE and octets == 1 else fields


def _told(read: Read, fields: tuple[Field, ...]) -> tuple[Anomaly, ...]:
    """The anomalies of reading, and a stop that is neither stop nor pause."""
    how = read.values.get("stop_or_pause")
    if fields is not STOP_OR_PAUSE or how is None or how in STOPS:
        return read.anomalies
    return (Anomaly(Oddity.UNKNOWN_CODE, "stop_or_pause"), *read.anomalies)
