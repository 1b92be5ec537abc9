"""The supported ranges of a machine (2AD4, 2AD5, 2AD7, 2AD8): FTMS 1.0, sections 4.11 to 4.15."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import Field, read_frame, write_row


class RangeOf(Enum):
    """What a range is about; the value says how its three numbers stand in the frame."""

    SPEED_KPH = "speed", 2, 100, False
    INCLINE_PERCENT = "incline", 2, 10, True
    HEART_RATE_BPM = "heart rate", 1, 1, False
    POWER_W = "power", 2, 1, True

    @property
    def row(self) -> tuple[Field, Field, Field]:
        """Lowest, highest and increment; an increment has no sign."""
        _, size_bytes, per_unit, signed = self.value
        return (
            Field("lowest", size_bytes, per_unit, signed),
            Field("highest", size_bytes, per_unit, signed),
            Field("increment", size_bytes, per_unit),
        )


@dataclass(frozen=True, slots=True)
class Range:
    """From ``lowest`` to ``highest`` in steps of ``increment``, in km/h, percent, bpm or W.

    None where the frame was cut. The numbers are as the machine said them; ``sane`` before they are used.
    """

    lowest: float | None
    highest: float | None
    increment: float | None

    @property
    def sane(self) -> bool:
        """Whether all three are there, the lowest is not above the highest, and there is an increment."""
        if self.lowest is None or self.highest is None or not self.increment:
            return False
        return self.lowest <= self.highest


def decode_range(payload: bytes, of: RangeOf) -> Decoded[Range]:
    """The value of a range characteristic, of any length."""
    read = read_frame(of.row, payload)
    value = Range(read.values.get("lowest"), read.values.get("highest"), read.values.get("increment"))
    return Decoded(value, (*_nonsense(value), *read.anomalies))


def encode_range(value: Range, of: RangeOf) -> bytes:
    """The value of the characteristic. Raises ValueError where a number is missing or does not fit."""
    return write_row(of.row, (value.lowest, value.highest, value.increment))


def _nonsense(value: Range) -> tuple[Anomaly, ...]:
    found = []
    if value.lowest is not None and value.highest is not None and value.lowest > value.highest:
        found.append(Anomaly(Oddity.UPSIDE_DOWN, "lowest"))
    if value.increment == 0:
        found.append(Anomaly(Oddity.NO_INCREMENT, "increment"))
    return tuple(found)
