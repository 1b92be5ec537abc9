"""The bytes of the Trackmaster family: questions and commands out, acknowledgements and figures in.

Pure. Every decoder is total: any bytes give a meaning or ``Noise``. Speeds are in tenths of the machine's own unit
per hour, which the wire does not tell; elevations in tenths of a percent, in steps of a half.

Source: Full Vision TMX428 service manual 317-160-406 rev. 4 (2021), the tables of the serial interface; the same
tables in the FVX325 manual (2006) and, for a clone, Medisoft 870.

The start without a watchdog (0xA1) has no name here: a belt that runs on when this program dies is never started.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

from ..serialport.framing import Message, Noise, Parser, Shape

BAUD = 4800
SPEED_TENTHS_MAX = 9999
ELEVATION_TENTHS_MAX = 9999
ELEVATION_STEP_TENTHS = 5
SELF_TEST_BYTE = 0x54
"""Sent at power-up; whoever echoes it starts a self-test that drives the belt to 10 mph. It is dropped."""

_DIGITS = 4


class Command(IntEnum):
    """What a belt is told. The answer is the same number with 0xB in front."""

    START = 0xA0  # with the watchdog: half a second of silence stops the belt
    STOP = 0xA2
    SET_SPEED = 0xA3
    SET_ELEVATION = 0xA4
    AUTO_STOP = 0xAA  # speed and elevation to their lowest, then stop


class Question(IntEnum):
    """What a machine is asked. The answer is the same number with 0xD in front."""

    BELT = 0xC0
    SPEED = 0xC1
    ELEVATION = 0xC2
    COMMANDED_SPEED = 0xC3
    COMMANDED_ELEVATION = 0xC4


_QUESTIONS = frozenset(int(one) for one in Question)


class BeltState(Enum):
    """How the belt is, as the machine says; the value is its letter."""

    STOPPED = "1"
    RUNNING_WATCHED = "2"
    RUNNING_UNWATCHED = "3"


class Refusal(IntEnum):
    """Why a command was not taken."""

    OUT_OF_RANGE = 0xBE
    UNKNOWN_COMMAND = 0xBF


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The machine took this command. ``opcode`` is that of the command (0xA0 and up), known or not."""

    opcode: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The machine did not take the last command."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Belt:
    """The answer to ``Question.BELT``."""

    state: BeltState


@dataclass(frozen=True, slots=True)
class Figure:
    """The answer to one of the other questions, in tenths."""

    question: Question
    tenths: int


@dataclass(frozen=True, slots=True)
class Unasked:
    """An answer that this program never asks for (times, calories, a protocol's number)."""

    opcode: int
    data: bytes


Answer = Acknowledged | Refused | Belt | Figure | Unasked | Noise

FROM_MACHINE = (
    {opcode: Shape(0) for opcode in range(0xB0, 0xC0)}
    | {0xD0: Shape(1)}
    | {opcode: Shape(_DIGITS) for opcode in (*range(0xD1, 0xD8), *range(0xDA, 0xDE))}
    | {0xD8: Shape(2), 0xD9: Shape(2)}
)
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


def set_speed(tenths: int) -> bytes:
    """Tenths of the machine's unit. Raises ValueError for what four digits do not hold."""
    return bytes((Command.SET_SPEED,)) + _four_digits(tenths, SPEED_TENTHS_MAX)


def set_elevation(tenths: int) -> bytes:
    """Tenths of a percent. Raises ValueError for what is no half percent: the machine refuses it too."""
    if tenths % ELEVATION_STEP_TENTHS:
        raise ValueError(f"an elevation of {tenths / 10} %: the deck knows half percents only")
    return bytes((Command.SET_ELEVATION,)) + _four_digits(tenths, ELEVATION_TENTHS_MAX)


def meaning(message: Message | Noise) -> Answer:
    """What a machine said."""
    if isinstance(message, Noise):
        return message
    if message.opcode in (Refusal.OUT_OF_RANGE, Refusal.UNKNOWN_COMMAND):
        return Refused(Refusal(message.opcode))
    if message.opcode < 0xC0:
        return Acknowledged(message.opcode - 0x10)
    if message.opcode == 0xD0:
        return _belt(message)
    if message.opcode - 0x10 in _QUESTIONS:
        return _figure(message)
    return Unasked(message.opcode, message.data)


def _four_digits(tenths: int, highest: int) -> bytes:
    if type(tenths) is not int or not 0 <= tenths <= highest:
        raise ValueError(f"{tenths!r} tenths: a whole number from 0 to {highest}")
    return f"{tenths:04d}".encode("ascii")


def _belt(message: Message) -> Belt | Noise:
    letter = message.data.decode("latin-1")
    if letter not in (state.value for state in BeltState):
        return Noise("a belt state that no manual names", bytes(message))
    return Belt(BeltState(letter))


def _figure(message: Message) -> Figure | Noise:
    if not message.data.isdigit():
        return Noise("a figure that is not four digits", bytes(message))
    return Figure(Question(message.opcode - 0x10), int(message.data))
