"""Running Speed and Cadence (2A53), which some treadmills report beside or instead of their own data. RSCS 1.0, 3.1."""

from __future__ import annotations

from dataclasses import dataclass

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import Field, read_frame, write_row

STRIDE_FLAG = 0x01
DISTANCE_FLAG = 0x02
RUNNING_FLAG = 0x04
RESERVED = 0xF8
ALWAYS = (Field("speed_mps", 2, 256), Field("cadence_per_min", 1))
STRIDE = Field("stride_m", 2, 100)
DISTANCE = Field("distance_m", 4, 10)


@dataclass(frozen=True, slots=True)
class RunningSpeed:
    """One measurement; None where the frame did not carry it.

    ``cadence_per_min`` counts steps of both feet on the treadmills that were looked at; the specification can be read
    either way.
    """

    running: bool | None = None
    speed_mps: float | None = None
    cadence_per_min: float | None = None
    stride_m: float | None = None
    distance_m: float | None = None

    @property
    def speed_kph(self) -> float | None:
        """The speed in km/h."""
        return None if self.speed_mps is None else self.speed_mps * 3.6


def decode_rsc(payload: bytes) -> Decoded[RunningSpeed]:
    """One notification, of any length."""
    if not payload:
        return Decoded(RunningSpeed(), (Anomaly(Oddity.TRUNCATED, "flags"),))
    flags = payload[0]
    read = read_frame(_row(bool(flags & STRIDE_FLAG), bool(flags & DISTANCE_FLAG)), payload, 1)
    odd = (Anomaly(Oddity.RESERVED, "flags"),) if flags & RESERVED else ()
    value = RunningSpeed(
        bool(flags & RUNNING_FLAG),
        read.values.get("speed_mps"),
        read.values.get("cadence_per_min"),
        read.values.get("stride_m"),
        read.values.get("distance_m"),
    )
    return Decoded(value, odd + read.anomalies)


def encode_rsc(data: RunningSpeed) -> bytes:
    """One notification. Raises ValueError without speed and cadence, and where a number does not fit."""
    row = _row(data.stride_m is not None, data.distance_m is not None)
    flags = STRIDE_FLAG * (data.stride_m is not None) | DISTANCE_FLAG * (data.distance_m is not None)
    flags |= RUNNING_FLAG * bool(data.running)
    return bytes([flags]) + write_row(row, (getattr(data, field.name) for field in row))


def _row(stride: bool, distance: bool) -> tuple[Field, ...]:
    return (*ALWAYS, *([STRIDE] if stride else []), *([DISTANCE] if distance else []))
