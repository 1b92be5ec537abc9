"""The bytes of the Woodway dialect at 4800 baud.

Pure and total, as ``trackmaster.codec``, and not to be mixed with it: 0xA9 starts a belt here and sets a weight there.
Speeds are in tenths of a mile per hour with a direction digit, elevations in tenths of a percent.

Source: pyWoodway 0.2.4 (Munroe-Meyer Institute), a library that its laboratory runs; no manual of the maker is
public. So: one source, and what it leaves open stays open. The digits 1 and 2 in front of a speed are not known and
are never sent; zero is always forward zero; the start without a timer (0xA9) has no name here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ...machine import BeltDirection
from ..serialport.framing import Message, Noise, Parser, Shape

BAUD = 4800
SPEED_TENTHS_MAX = 299
"""Of a mile per hour; the library's own limit."""
ELEVATION_TENTHS_MAX = 299

_DIRECTION_DIGITS = {BeltDirection.FORWARD: "0", BeltDirection.REVERSED: "3"}
_DIRECTIONS = {digit: direction for direction, digit in _DIRECTION_DIGITS.items()}


class Command(IntEnum):
    """What a belt is told. The answer is the same number with 0xB in front."""

    START = 0xA0  # with the communication timer
    STOP = 0xA2  # belt power off
    SET_SPEED = 0xA3
    SET_ELEVATION = 0xA4
    AUTO_STOP = 0xAA  # speed and elevation to zero


class Question(IntEnum):
    """What a machine is asked. The answer is the same number with 0xD in front."""

    PRESENT = 0xC0
    SPEED = 0xC1
    ELEVATION = 0xC2
    FIRMWARE = 0xC3


class Refusal(IntEnum):
    """Why a command was not taken."""

    INVALID_DATA = 0xBE
    UNKNOWN_COMMAND = 0xBF


TIMED_OUT = 0xBD


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The machine took this command; ``opcode`` is that of the command."""

    opcode: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The machine did not take the last command."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The machine's own communication timer has fired: the belt is stopping. May come at any moment."""


@dataclass(frozen=True, slots=True)
class Present:
    """The answer to ``Question.PRESENT``; what its byte means is not known."""

    state: int


@dataclass(frozen=True, slots=True)
class Speed:
    """The actual speed."""

    tenths_mph: int
    direction: BeltDirection


@dataclass(frozen=True, slots=True)
class Elevation:
    """The actual elevation, in tenths of a percent."""

    tenths: int


@dataclass(frozen=True, slots=True)
class Firmware:
    """Four bytes; read as one number, highest byte first."""

    revision: int


Answer = Acknowledged | Refused | TimedOut | Present | Speed | Elevation | Firmware | Noise

FROM_MACHINE = {opcode: Shape(0) for opcode in range(0xB0, 0xC0)} | {
    0xD0: Shape(1, binary=True),
    0xD1: Shape(4),
    0xD2: Shape(4),
    0xD3: Shape(4, binary=True),
}
"""The shape of everything that a machine may say."""


def parser() -> Parser:
    """For one connection: bytes of a machine to ``Message`` and ``Noise``."""
    return Parser(FROM_MACHINE)


def command(what: Command) -> bytes:
    """A command without a figure. Raises ValueError for one that needs one."""
    if what in (Command.SET_SPEED, Command.SET_ELEVATION):
        raise ValueError(f"{what.name} needs a figure")
    return bytes((what,))


def question(what: Question) -> bytes:
    """A question."""
    return bytes((what,))


def set_speed(tenths_mph: int, direction: BeltDirection) -> bytes:
    """Zero is forward zero, whatever the direction. Raises ValueError for what three digits do not hold."""
    digits = _three_digits(tenths_mph, SPEED_TENTHS_MAX)
    sign = _DIRECTION_DIGITS[direction if tenths_mph else BeltDirection.FORWARD]
    return bytes((Command.SET_SPEED,)) + sign.encode() + digits


def set_elevation(tenths: int) -> bytes:
    """Tenths of a percent, from 0. Raises ValueError for what three digits do not hold."""
    return bytes((Command.SET_ELEVATION,)) + b"0" + _three_digits(tenths, ELEVATION_TENTHS_MAX)


def meaning(message: Message | Noise) -> Answer:
    """What a machine said."""
    if isinstance(message, Noise):
        return message
    if message.opcode == TIMED_OUT:
        return TimedOut()
    if message.opcode in (Refusal.INVALID_DATA, Refusal.UNKNOWN_COMMAND):
        return Refused(Refusal(message.opcode))
    if message.opcode < 0xC0:
        return Acknowledged(message.opcode - 0x10)
    return _answer(message)


def _answer(message: Message) -> Answer:
    if message.opcode == 0xD0:
        return Present(message.data[0])
    if message.opcode == 0xD3:
        return Firmware(int.from_bytes(message.data, "big"))
    if not message.data.isdigit():
        return Noise("a figure that is not four digits", bytes(message))
    return _speed(message) if message.opcode == 0xD1 else Elevation(int(message.data))


def _speed(message: Message) -> Speed | Noise:
    direction = _DIRECTIONS.get(chr(message.data[0]))
    if direction is None:
        return Noise("a direction digit that nobody has explained", bytes(message))
    return Speed(int(message.data[1:]), direction)


def _three_digits(tenths: int, highest: int) -> bytes:
    if type(tenths) is not int or not 0 <= tenths <= highest:
        raise ValueError(f"{tenths!r} tenths: a whole number from 0 to {highest}")
    return f"{tenths:03d}".encode("ascii")
