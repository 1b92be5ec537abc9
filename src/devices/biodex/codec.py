"""The bytes of the Biodex RTM: commands out, echoes of their number and figures in.

Pure and total, as ``trackmaster.codec``. Source: Biodex RTM service manual FN 06-172, pages 16 and 17, one document.
It names the commands and their digits, and neither the port's speed nor the scale of a figure: both belong to the
profile, and nothing dangerous may rest on the ones that are assumed there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ...machine import BeltDirection
from ..serialport.framing import Message, Noise, Parser, Shape

SPEED_MAX = 999
ELEVATION_MAX = 99
REFUSED = 0xAF
"""An unknown code, data without a command, a command too early, data too late, or a fault of the line."""

LANYARD_BIT = 0x40
"""In the first system status: the safety lanyard is pulled."""

SYSTEM_FAULTS = {
    0x01: "no speed from its Hall sensor",
    0x02: "an over-speed at its Hall sensor",
    0x04: "an over-speed at its tachometer",
    0x08: "no tachometer",
    0x10: "a grade out of its range",
    0x20: "a fault of its amplifier",
}
"""The bits of the first system status that are no lanyard. The manual's bit 7 (the line) cannot come: it also says that
no data byte has that bit."""

_DIRECTION_LETTERS = {BeltDirection.FORWARD: b"F", BeltDirection.REVERSED: b"R"}
_DIRECTIONS = {letter: direction for direction, letter in _DIRECTION_LETTERS.items()}


class Command(IntEnum):
    """What a belt is told. The answer is the same number."""

    START = 0x80
    STOP = 0x81
    SET_SPEED = 0x82
    SET_ELEVATION = 0x83
    SET_DIRECTION = 0x84


_COMMANDS = frozenset(int(one) for one in Command)


class Question(IntEnum):
    """What a machine is asked. The answer is the same number with data behind it."""

    WHO = 0x9F  # answered by 0x96
    SPEED = 0xA0
    ELEVATION = 0xA1
    DIRECTION = 0xA2
    STATUS = 0xA7


WHO_ANSWER = 0x96


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The machine took this command."""

    command: Command


@dataclass(frozen=True, slots=True)
class Refused:
    """The machine did not take what was sent last; it does not say why."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Three digits, in the profile's scale."""

    digits: int


@dataclass(frozen=True, slots=True)
class Elevation:
    """Two digits, in the profile's scale."""

    digits: int


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way the belt is set to run."""

    direction: BeltDirection


@dataclass(frozen=True, slots=True)
class Status:
    """The bits of both known status bytes."""

    communication: int
    system: int

    @property
    def faults(self) -> tuple[str, ...]:
        """What the machine says that is wrong with it."""
        return tuple(words for bit, words in SYSTEM_FAULTS.items() if self.system & bit)

    @property
    def lanyard_pulled(self) -> bool:
        """Somebody has pulled the safety lanyard."""
        return bool(self.system & LANYARD_BIT)


@dataclass(frozen=True, slots=True)
class Who:
    """``model``: 4, 5 or 6 as the machine says it."""

    model: str


@dataclass(frozen=True, slots=True)
class Unasked:
    """An answer that this program never asks for."""

    opcode: int
    data: bytes


Answer = Acknowledged | Refused | Speed | Elevation | Direction | Status | Who | Unasked | Noise

FROM_MACHINE = {opcode: Shape(0) for opcode in (*range(0x80, 0x87), REFUSED)} | {
    WHO_ANSWER: Shape(1),
    0xA0: Shape(3),
    0xA1: Shape(2),
    0xA2: Shape(1),
    0xA3: Shape(4),
    0xA4: Shape(4),
    0xA5: Shape(4),
    0xA6: Shape(4),
    0xA7: Shape(3),
    0xB5: Shape(3),
    0xB7: Shape(3),
}
"""The shape of what a machine may say; its data bytes always stay below 0x80. The version text is not asked for."""


def parser() -> Parser:
    """For one connection: bytes of a machine to ``Message`` and ``Noise``."""
    return Parser(FROM_MACHINE)


def command(what: Command) -> bytes:
    """A command without a figure. Raises ValueError for one that needs one."""
    if what not in (Command.START, Command.STOP):
        raise ValueError(f"{what.name} needs a figure or a direction")
    return bytes((what,))


def question(what: Question) -> bytes:
    """A question."""
    return bytes((what,))


def set_speed(digits: int) -> bytes:
    """In the profile's scale. Raises ValueError for what three digits do not hold."""
    return bytes((Command.SET_SPEED,)) + _digits(digits, 3, SPEED_MAX)


def set_elevation(digits: int) -> bytes:
    """In the profile's scale. Raises ValueError for what two digits do not hold."""
    return bytes((Command.SET_ELEVATION,)) + _digits(digits, 2, ELEVATION_MAX)


def set_direction(direction: BeltDirection) -> bytes:
    """Only ever for a belt that was measured to stand still."""
    return bytes((Command.SET_DIRECTION,)) + _DIRECTION_LETTERS[direction]


def meaning(message: Message | Noise) -> Answer:
    """What a machine said."""
    if isinstance(message, Noise):
        return message
    if message.opcode == REFUSED:
        return Refused()
    if message.opcode in _COMMANDS:
        return Acknowledged(Command(message.opcode))
    if message.opcode == Question.STATUS:
        return Status(message.data[0], message.data[1])
    if message.opcode == WHO_ANSWER:
        return Who(message.data.decode("latin-1"))
    return _figure(message)


def _figure(message: Message) -> Answer:
    if message.opcode == Question.DIRECTION:
        direction = _DIRECTIONS.get(message.data)
        return Noise("a direction that no manual names", bytes(message)) if direction is None else Direction(direction)
    if message.opcode not in (Question.SPEED, Question.ELEVATION):
        return Unasked(message.opcode, message.data)
    if not message.data.isdigit():
        return Noise("a figure with something else than digits", bytes(message))
    return (Speed if message.opcode == Question.SPEED else Elevation)(int(message.data))


def _digits(figure: int, count: int, highest: int) -> bytes:
    if type(figure) is not int or not 0 <= figure <= highest:
        raise ValueError(f"{figure!r}: a whole number from 0 to {highest}")
    return f"{figure:0{count}d}".encode("ascii")
