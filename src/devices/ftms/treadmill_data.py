"""Treadmill Data (2ACD), the regular report of a treadmill: FTMS 1.0, section 4.9, and what machines make of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import Field, left_over, write_row

MORE_DATA = 0x0001
"""Inverted: set, the frame carries no speed and another frame of the same record follows."""
NOT_AVAILABLE = 0x7FFF
"""What a signed 16-bit field says when it has nothing to say."""
RESERVED = 0xC000
"""Flags that the specification keeps for later. Bit 13 is reserved, too, but machines count steps there."""
NARROW_PACE_BYTES = 1
"""In tenths of a km/min: the first published layout of the characteristic (2017)."""
WIDE_PACE_BYTES = 2
"""In seconds per 500 m: today's layout in the GATT Specification Supplement."""


@dataclass(frozen=True, slots=True)
class TreadmillData:
    """One report. A field that the frame did not carry, or called not available, is None.

    ``more_data``: the record goes on in the next frame, and this one has no speed. ``climb_m`` and ``descent_m`` are
    elevation gains. The paces are raw numbers, because machines differ in their unit; the speed says the same.
    ``heart_rate_bpm`` is None, too, for the 0 that machines send while nobody holds their grips. ``steps`` is no part
    of the specification: many machines count them in its reserved bit 13.
    """

    more_data: bool = False
    speed_kph: float | None = None
    average_speed_kph: float | None = None
    distance_m: int | None = None
    incline_percent: float | None = None
    ramp_angle_degrees: float | None = None
    climb_m: float | None = None
    descent_m: float | None = None
    pace_raw: int | None = None
    average_pace_raw: int | None = None
    energy_kcal: int | None = None
    energy_per_hour_kcal: int | None = None
    energy_per_minute_kcal: int | None = None
    heart_rate_bpm: int | None = None
    metabolic_equivalent: float | None = None
    elapsed_s: int | None = None
    remaining_s: int | None = None
    belt_force_n: int | None = None
    power_w: int | None = None
    steps: int | None = None


SPEED = (Field("speed_kph", 2, 100),)
PACES = {1 << 5: "pace_raw", 1 << 6: "average_pace_raw"}
STEPS_FLAG = 1 << 13
GROUPS: dict[int, tuple[Field, ...]] = {
    1 << 1: (Field("average_speed_kph", 2, 100),),
    1 << 2: (Field("distance_m", 3),),
    1 << 3: (
        Field("incline_percent", 2, 10, signed=True, absent=(NOT_AVAILABLE,)),
        Field("ramp_angle_degrees", 2, 10, signed=True, absent=(NOT_AVAILABLE,)),
    ),
    # The specification has no "not available" here; Matrix sends FFFF and Life Fitness 7FFF for a descent.
    1 << 4: (Field("climb_m", 2, 10, absent=(0xFFFF,)), Field("descent_m", 2, 10, absent=(0xFFFF, NOT_AVAILABLE))),
    1 << 5: (Field("pace_raw", WIDE_PACE_BYTES),),
    1 << 6: (Field("average_pace_raw", WIDE_PACE_BYTES),),
    1 << 7: (
        Field("energy_kcal", 2, absent=(0xFFFF,)),
        Field("energy_per_hour_kcal", 2, absent=(0xFFFF,)),
        Field("energy_per_minute_kcal", 1, absent=(0xFF,)),
    ),
    1 << 8: (Field("heart_rate_bpm", 1, absent=(0,)),),
    1 << 9: (Field("metabolic_equivalent", 1, 10),),
    1 << 10: (Field("elapsed_s", 2),),
    1 << 11: (Field("remaining_s", 2),),
    1 << 12: (
        Field("belt_force_n", 2, signed=True, absent=(NOT_AVAILABLE,)),
        Field("power_w", 2, signed=True, absent=(NOT_AVAILABLE,)),
    ),
    STEPS_FLAG: (Field("steps", 3),),
}
"""Flag -> its fields, in the order in which they stand in a frame; the speed, whose flag is inverted, comes first."""


@lru_cache(maxsize=256)  # a machine uses a handful of flag words; the bound keeps hostile ones from filling memory
def layout(flags: int, pace_bytes: int) -> tuple[Field, ...]:
    """The fields of a frame with these flags, in order."""
    fields = [] if flags & MORE_DATA else [*SPEED]
    for flag, group in GROUPS.items():
        if flags & flag:
            fields += (Field(PACES[flag], pace_bytes),) if flag in PACES else group
    return tuple(fields)


@lru_cache(maxsize=256)
def totals(flags: int, pace_bytes: int) -> tuple[int, ...]:
    """The lengths that whole frames with these flags have, in octets: with the vendor's steps, and without."""
    whole = 2 + sum(field.size_bytes for field in layout(flags, pace_bytes))
    return (whole, whole - 3) if flags & STEPS_FLAG else (whole,)


def pace_width_bytes(flags: int, length: int) -> int | None:
    """The one width of a pace that makes a frame of ``length`` octets come out whole; None: there is no such width."""
    fits = [width for width in (NARROW_PACE_BYTES, WIDE_PACE_BYTES) if length in totals(flags, width)]
    return fits[0] if len(fits) == 1 else None


def decode_treadmill_data(payload: bytes, pace_bytes: int | None = None) -> Decoded[TreadmillData]:
    """One frame of Treadmill Data, of any length; every field that is complete is read.

    ``pace_bytes``: the width of a pace where the machine's is known (1 or 2); None finds it from the length of the
    frame. Where no width fits, the paces and what stands behind them are left undecoded, in the anomaly's octets.
    """
    if len(payload) < 2:
        return Decoded(TreadmillData(), (Anomaly(Oddity.TRUNCATED, "flags", bytes(payload)),))
    flags = payload[0] | payload[1] << 8
    fields, anomaly = _fields(flags, len(payload), pace_bytes)
    values: dict[str, Any] = {}
    start = 2
    for field in fields:
        end = start + field.size_bytes
        if end > len(payload):
            anomaly = Anomaly(Oddity.TRUNCATED, field.name)
            break
        values[field.name] = field.read(payload[start:end])
        start = end
    value = TreadmillData(bool(flags & MORE_DATA), **values)
    if not (anomaly or flags & RESERVED or start < len(payload)):
        return Decoded(value)
    return Decoded(value, tuple(_anomalies(anomaly, flags, payload, start)))


def _fields(flags: int, length: int, told_bytes: int | None) -> tuple[tuple[Field, ...], Anomaly | None]:
    """The fields that can be read, and the anomaly of a pace whose width nobody knows."""
    paces = flags & sum(PACES)
    if not paces:
        return layout(flags, WIDE_PACE_BYTES), None
    width = told_bytes if told_bytes in (NARROW_PACE_BYTES, WIDE_PACE_BYTES) else pace_width_bytes(flags, length)
    if width is not None:
        return layout(flags, width), None
    before = layout(flags & ((1 << 5) - 1), WIDE_PACE_BYTES)
    first = PACES[paces & -paces]
    if length <= 2 + sum(field.size_bytes for field in before):
        return (*before, Field(first, NARROW_PACE_BYTES)), None  # cut before the pace: its width does not matter
    return before, Anomaly(Oddity.AMBIGUOUS_PACE, first)


def _anomalies(found: Anomaly | None, flags: int, payload: bytes, start: int) -> list[Anomaly]:
    """Every oddity of the frame, the octets from ``start`` on given to the one that left them."""
    anomalies = [Anomaly(Oddity.RESERVED, "flags")] if flags & RESERVED else []
    if found is not None:
        anomalies.append(Anomaly(found.what, found.where, bytes(payload[start:])))
    elif start < len(payload):
        anomalies.append(left_over(payload, start))
    return anomalies


def encode_treadmill_data(data: TreadmillData, pace_bytes: int = WIDE_PACE_BYTES, flags: int = 0) -> bytes:
    """One frame with every field of ``data`` that is not None; numbers are rounded, halves away from zero.

    ``flags``: groups that are sent even when all of their fields are None, as "not available". So is a None beside a
    number of the same group. Raises ValueError where a number does not fit, where a field has no "not available", and
    where speed and ``more_data`` contradict each other.
    """
    if data.more_data == (data.speed_kph is not None):
        raise ValueError("a frame carries a speed or promises more data, never both and never neither")
    for flag, group in GROUPS.items():
        if any(getattr(data, field.name) is not None for field in group):
            flags |= flag
    flags = flags & ~MORE_DATA | data.more_data
    fields = layout(flags, pace_bytes)
    return flags.to_bytes(2, "little") + write_row(fields, (getattr(data, field.name) for field in fields))
