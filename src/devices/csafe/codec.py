"""What stands inside a CSAFE frame: commands out; a status byte and answers in.

Pure and total. Numbers are unsigned, lowest byte first; every figure carries its unit, and the unit is always read.
CSAFE knows no direction and no negative speed. Source: as ``frame``; the table of commands and units agrees among the
public implementations for rowers and treadmills. No public record shows a treadmill that obeys SetSpeed or SetGrade:
whether one does is seen, never assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

from ...machine import SpeedUnit
from .frame import frame


class Command(IntEnum):
    """Identifiers that this program sends. From 0x80 up they stand alone; below they carry a count and data."""

    AUTO_UPLOAD = 0x01
    SET_SPEED = 0x25
    SET_GRADE = 0x28
    GET_STATUS = 0x80
    RESET = 0x81
    GO_IDLE = 0x82
    GO_HAVE_ID = 0x83
    GO_IN_USE = 0x85
    GO_FINISHED = 0x86
    GO_READY = 0x87
    GET_VERSION = 0x91
    GET_UNITS = 0x93
    GET_SERIAL = 0x94
    GET_ODOMETER = 0x9B
    GET_TIME = 0xA0
    GET_DISTANCE = 0xA1
    GET_SPEED = 0xA5
    GET_GRADE = 0xA8
    GET_HEART_RATE = 0xB0


class State(IntEnum):
    """Where the equipment is in its own course; ``OFF_LINE`` means begun by hand, and still tells figures."""

    ERROR = 0
    READY = 1
    IDLE = 2
    HAVE_ID = 3
    IN_USE = 5
    PAUSED = 6
    FINISHED = 7
    MANUAL = 8
    OFF_LINE = 9


_STATES = frozenset(int(one) for one in State)


class Previous(IntEnum):
    """What became of the frame before this one."""

    OK = 0
    REJECTED = 1
    BAD = 2
    NOT_READY = 3


AUTO_UPLOAD_EXTERNAL_CONTROL = 0x50
"""Acknowledge every frame (bit 4) and take set-points from outside (bit 6)."""

LONG_BELOW = 0x80
FIGURE_MAX = 0xFFFF

KPH_PER_UNIT = {
    0x10: 1.609344, 0x11: 0.1609344, 0x12: 0.01609344, 0x13: 0.018288,
    0x30: 1.0, 0x31: 0.1, 0x32: 0.01, 0x33: 0.06,
}  # fmt: skip
"""Units of speed in km/h: miles per hour and its tenths and hundredths, feet a minute, km/h likewise, m a minute."""

PERCENT_PER_UNIT = {0x4A: 1.0, 0x4B: 0.01, 0x4C: 0.1}
METRES_PER_UNIT = {
    0x01: 1609.344, 0x02: 160.9344, 0x03: 16.09344, 0x04: 1.609344, 0x05: 0.3048, 0x06: 0.0254, 0x0A: 3.048,
    0x21: 1000.0, 0x22: 100.0, 0x23: 10.0, 0x24: 1.0, 0x25: 0.1, 0x26: 0.01,
}  # fmt: skip

TENTH_KPH, TENTH_MPH, TENTH_PERCENT = 0x31, 0x11, 0x4C


@dataclass(frozen=True, slots=True)
class Status:
    """The first byte of every answer."""

    state: State | None
    previous: Previous
    toggle: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One answered command: identifier and bytes, known or not."""

    identifier: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What one frame says. ``cut``: its last item had fewer bytes than it promised, and is left out."""

    status: Status
    items: tuple[Item, ...] = ()
    cut: bool = False

    def item(self, command: Command) -> bytes | None:
        """The data behind this command, or None where the equipment left it out: it does not know it."""
        return next((one.data for one in self.items if one.identifier == command), None)


def ask(*commands: Command) -> bytes:
    """One frame with these commands, none of which carries data. Raises ValueError for one that does."""
    if wrong := [one.name for one in commands if one < LONG_BELOW]:
        raise ValueError(f"{wrong[0]} carries data")
    return frame(bytes(commands))


def empty_poll() -> bytes:
    """The cheapest question: an empty frame, answered by a status."""
    return frame(b"")


def take_control() -> bytes:
    """Ask for acknowledgements and for control from outside."""
    return frame(bytes((Command.AUTO_UPLOAD, 1, AUTO_UPLOAD_EXTERNAL_CONTROL)))


def set_speed(tenths: int, unit: SpeedUnit) -> bytes:
    """In tenths of this unit. Raises ValueError outside 0 to 65535."""
    return set_speed_in(tenths, TENTH_KPH if unit is SpeedUnit.KPH else TENTH_MPH)


def set_speed_in(figure: int, unit_code: int) -> bytes:
    """In a unit of ``KPH_PER_UNIT``. Raises ValueError outside 0 to 65535, and for a unit that is none of a speed."""
    if unit_code not in KPH_PER_UNIT:
        raise ValueError(f"{unit_code:#04x} is no unit of a speed")
    return frame(bytes((Command.SET_SPEED, 3)) + _figure(figure) + bytes((unit_code,)))


def set_grade(tenths: int) -> bytes:
    """In tenths of a percent. Raises ValueError outside 0 to 65535."""
    return frame(bytes((Command.SET_GRADE, 3)) + _figure(tenths) + bytes((TENTH_PERCENT,)))


def answer(contents: bytes) -> Answer | None:
    """The contents of a frame from equipment; None where there is not even a status."""
    if not contents:
        return None
    items, rest = [], contents[1:]
    while len(rest) >= 2 and len(rest) >= 2 + rest[1]:
        items.append(Item(rest[0], rest[2 : 2 + rest[1]]))
        rest = rest[2 + rest[1] :]
    return Answer(status(contents[0]), tuple(items), cut=bool(rest))


def status(byte: int) -> Status:
    """The status byte; a state that nobody has named is None."""
    number = byte & 0x0F
    state = State(number) if number in _STATES else None
    return Status(state, Previous(byte >> 4 & 0x03), bool(byte & 0x80))


def speed_kph(data: bytes) -> float | None:
    """A speed with its unit; None for another unit (steps a minute come back from cross trainers) or length."""
    return _with_unit(data, KPH_PER_UNIT)


def grade_percent(data: bytes) -> float | None:
    """A grade with its unit; two's complement is not CSAFE's, so a figure beyond 45 % is no grade."""
    percent = _with_unit(data, PERCENT_PER_UNIT)
    return percent if percent is not None and percent <= GRADE_PERCENT_MAX else None


GRADE_PERCENT_MAX = 45.0
"""Steeper than any treadmill; the steepest incline trainers end at 40 %."""


def distance_m(data: bytes) -> float | None:
    """A distance with its unit."""
    return _with_unit(data, METRES_PER_UNIT)


def odometer_m(data: bytes, most_significant_first: bool) -> float | None:
    """All metres that the equipment has ever run: four bytes and a unit; which comes first is the maker's."""
    if len(data) != 5 or data[4] not in METRES_PER_UNIT:
        return None
    return int.from_bytes(data[:4], "big" if most_significant_first else "little") * METRES_PER_UNIT[data[4]]


def heart_rate_bpm(data: bytes) -> int | None:
    """One byte; zero is nobody's heart."""
    return data[0] if len(data) == 1 and data[0] else None


def _with_unit(data: bytes, units: dict[int, float]) -> float | None:
    if len(data) != 3 or data[2] not in units:
        return None
    value = int.from_bytes(data[:2], "little") * units[data[2]]
    return value if math.isfinite(value) else None


def _figure(tenths: int) -> bytes:
    if type(tenths) is not int or not 0 <= tenths <= FIGURE_MAX:
        raise ValueError(f"{tenths!r} tenths: a whole number from 0 to {FIGURE_MAX}")
    return tenths.to_bytes(2, "little")
