"""Whole numbers in little-endian frames: read without fail, written rounded and within their range."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

from .decoded import Anomaly, Oddity


@dataclass(frozen=True, slots=True)
class Field:
    """One number in a frame.

    ``per_unit``: raw steps in one unit of the value (100 for hundredths); with 1 the value is a whole number.
    ``absent``: raw values that say "not available"; they are read as None and never written for a number.
    """

    name: str
    size_bytes: int
    per_unit: int = 1
    signed: bool = False
    absent: tuple[int, ...] = ()

    @property
    def raw_range(self) -> range:
        """Every raw value that the octets can hold, sentinels included."""
        span = 1 << (8 * self.size_bytes)
        return range(-span // 2, span // 2) if self.signed else range(span)

    def value(self, raw: int) -> float | None:
        """The quantity of a raw number."""
        if raw in self.absent:
            return None
        return raw if self.per_unit == 1 else raw / self.per_unit

    def read(self, octets: bytes) -> float | None:
        """The quantity in exactly ``size_bytes`` octets."""
        return self.value(int.from_bytes(octets, "little", signed=self.signed))

    def write(self, value: float | None) -> bytes:
        """The octets of a quantity. Raises ValueError for what does not fit, and for None without a sentinel."""
        raw = self._sentinel() if value is None else self._raw(value)
        return raw.to_bytes(self.size_bytes, "little", signed=self.signed)

    def _raw(self, value: float) -> int:
        raw = nearest(value, self.per_unit, self.name)
        allowed = self.raw_range
        if raw not in allowed:
            low, high = (self.value(allowed[0]), self.value(allowed[-1]))
            raise ValueError(f"{self.name} {value!r} is outside what its field holds, {low} to {high}")
        if raw in self.absent:
            raise ValueError(f"{self.name} {value!r} is the number that means 'not available'; give None for that")
        return raw

    def _sentinel(self) -> int:
        if not self.absent:
            raise ValueError(f"{self.name} has no number for 'not available'; leave its flag out instead")
        return self.absent[0]


def nearest(value: float, per_unit: int, name: str) -> int:
    """``value`` in whole raw steps, halves away from zero, as the decimal number reads (8.2 x 100 is 820, never 819).

    Raises ValueError for what is not finite.
    """
    if isinstance(value, int):
        return int(value) * per_unit
    if not math.isfinite(value):
        raise ValueError(f"{name} is a finite number, not {value!r}")
    return int((Decimal(repr(float(value))) * per_unit).to_integral_value(ROUND_HALF_UP))


def named(kind: type[IntEnum], code: int) -> int:
    """The member of ``kind`` with this number, or the number itself where there is none."""
    try:
        return kind(code)
    except ValueError:
        return code


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a row of fields: their values by name, where reading ended, and what was cut off."""

    values: dict[str, float | None]
    end: int
    anomalies: tuple[Anomaly, ...]


def read_row(fields: Iterable[Field], payload: bytes, start: int = 0) -> Read:
    """Read fields one after the other; a frame that ends early keeps every complete one."""
    values: dict[str, float | None] = {}
    for field in fields:
        end = start + field.size_bytes
        if end > len(payload):
            cut = Anomaly(Oddity.TRUNCATED, field.name, bytes(payload[start:]))
            return Read(values, len(payload), (cut,))
        values[field.name] = field.read(payload[start:end])
        start = end
    return Read(values, start, ())


def read_frame(fields: Iterable[Field], payload: bytes, start: int = 0) -> Read:
    """``read_row`` of a whole frame: what is left over after the last field is an anomaly."""
    read = read_row(fields, payload, start)
    if read.end == len(payload):
        return read
    return Read(read.values, read.end, (*read.anomalies, left_over(payload, read.end)))


def left_over(payload: bytes, start: int) -> Anomaly:
    """The anomaly of octets that nothing claims."""
    return Anomaly(Oddity.TRAILING, "the last field", bytes(payload[start:]))


def write_row(fields: Iterable[Field], values: Iterable[float | None]) -> bytes:
    """The octets of one value a field. Raises ValueError where they are not equally many, or where one does not fit."""
    return b"".join(field.write(value) for field, value in zip(fields, values, strict=True))
