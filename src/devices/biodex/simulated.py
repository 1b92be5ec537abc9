"""A Biodex RTM without a treadmill: bytes in, bytes out, a belt with a direction between them.

It has no clock: every moment is an argument, in seconds, and never goes back. The commands and bits are those of pages
16 and 17 of the service manual FN 06-172. What these do not tell is a setting, and its default a guess: the scale, the
speed of the port, how long the data of a command may take, and whether a running belt may be turned round.

The belt is one quantity with a sign: forward above zero, reversed below it.

Not simulated: a person, weight and time (taken, and without effect), the status block and the continuous status (B0,
B1: refused), several machines on one line, what the line does when the power goes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...machine import BeltDirection
from ..serialport.framing import FIRST, Message, Parser, Shape
from ..serialport.speaking import Speaking
from ..simulated.belt import BeltMotion, at_rest
from .codec import LANYARD_BIT, REFUSED, WHO_ANSWER, Command, Question
from .setup import SCALES, Scale

SET_WEIGHT, SET_TIME = 0x85, 0x86
_COUNTS = {
    Command.SET_SPEED: 3,
    Command.SET_ELEVATION: 2,
    Command.SET_DIRECTION: 1,
    SET_WEIGHT: 3,
    SET_TIME: 4,
}
_TO_MACHINE = {code: Shape(_COUNTS.get(code, 0)) for code in (*range(0x80, 0x87), *(int(one) for one in Question))}
_LETTERS = {b"F": BeltDirection.FORWARD, b"R": BeltDirection.REVERSED}

ILLEGAL, UNEXPECTED, TOO_EARLY, TIMED_OUT, OUT_OF_RANGE = 0x01, 0x02, 0x04, 0x08, 0x40
"""Bits of the communication status. They are taken to be cleared by the answer that tells them."""


@dataclass(frozen=True, slots=True)
class Setup:
    """One machine. Speeds in counts of the scale, rates in km/h and % per second.

    ``strict``: another direction is refused while the belt moves, and a start while the lanyard is pulled; else the
    belt ramps through zero, and a start does nothing. ``reverses``: it takes the letter R. ``data_within_s``: for a
    whole command.
    """

    baud: int = 9600
    scale: Scale = SCALES["0.1mph"]
    model: str = "4"
    speed_max_counts: int = 100
    elevation_max_percent: int = 15
    rise_kph_per_s: float = 0.8
    fall_kph_per_s: float = 1.0
    coast_kph_per_s: float = 2.0
    elevation_percent_per_s: float = 0.5
    answer_after_s: float = 0.01
    data_within_s: float = 0.5
    strict: bool = True
    reverses: bool = True


class BiodexMachine:
    """See above. Faults are switched on by setting the attributes that say so.

    ``obeys_stop``: a stop does what it says. ``deaf_to_direction``: takes the letter and stays as it is. ``frozen``:
    tells the speed that it told last. ``faults``: bits of the first system status.
    """

    def __init__(self, setup: Setup, now_s: float) -> None:
        """Switched on long ago, the lanyard in, the belt at rest."""
        self.setup = setup
        self.powered = True
        self.obeys_stop, self.deaf_to_direction, self.frozen = True, False, False
        self.faults = 0
        self.running = False
        self.voice = Speaking(setup.answer_after_s, setup.baud)
        self._now_s = self._begun_s = now_s
        self._parser = Parser(_TO_MACHINE)
        self._half = False
        self._belt = BeltMotion(at_rest(now_s))
        self._deck = at_rest(now_s)
        self._wanted_counts = 0
        self._direction = BeltDirection.FORWARD
        self._line_faults = 0
        self._last_speed = b"\xa0000"

    # --- the wire -------------------------------------------------------------------------------------------

    def take(self, data: bytes, now_s: float) -> None:
        """Bytes from the host, at this moment."""
        self.advance(now_s)
        for byte in data:
            if byte >= FIRST:
                self._begun_s = now_s
            found = self._parser.feed(bytes((byte,)))
            self._half = byte in _TO_MACHINE or (self._half and not found)
            for one in found:
                self._half = self._half and not isinstance(one, Message)
                if isinstance(one, Message):
                    self._heard(one, now_s)
                else:
                    cut = one.why == "a message that was cut off"
                    self._refuse(TOO_EARLY if cut else ILLEGAL if byte >= FIRST else UNEXPECTED, now_s)

    def said(self, now_s: float) -> bytes:
        """What the machine has sent by now, and nobody has taken yet."""
        self.advance(now_s)
        return self.voice.said(now_s)

    @property
    def next_due_s(self) -> float:
        """When something happens next without a byte from outside; infinite when nothing does."""
        return min(self.voice.next_due_s, self._data_due_s())

    # --- truth, and hands -----------------------------------------------------------------------------------

    def belt_speed_kph(self, now_s: float) -> float:
        """The speed that the belt really has, whichever way; never below zero."""
        return abs(self._signed_kph(now_s))

    def belt_direction(self, now_s: float) -> BeltDirection | None:
        """The way that the belt really runs; None at rest."""
        signed = self._signed_kph(now_s)
        if signed == 0:
            return None
        return BeltDirection.FORWARD if signed > 0 else BeltDirection.REVERSED

    def deck_percent(self, now_s: float) -> float:
        """The incline that the deck really has."""
        self.advance(now_s)
        return self._deck.value_at(now_s)

    def emergency_stop(self, now_s: float) -> None:
        """The safety lanyard is pulled: the belt coasts, the line goes on."""
        self.advance(now_s)
        self.faults |= LANYARD_BIT
        self.running = False
        self._move(now_s, 0.0, self.setup.coast_kph_per_s)

    def release(self, now_s: float) -> None:
        """The lanyard is back; the belt waits for a new start."""
        self.advance(now_s)
        self.faults &= ~LANYARD_BIT

    def stop_at_console(self, now_s: float) -> None:
        """A hand stops the belt."""
        self.advance(now_s)
        self._halt(now_s)

    def start_by_itself(self, now_s: float, speed_kph: float = 3.0) -> None:
        """A fault: the belt moves and nobody asked."""
        self.advance(now_s)
        self.running = True
        self._move(now_s, speed_kph, self.setup.rise_kph_per_s)

    def turn_round(self, now_s: float) -> None:
        """A fault: the belt goes through zero to the same speed the other way, and nobody asked."""
        self.advance(now_s)
        forward = self._direction is BeltDirection.FORWARD
        self._direction = BeltDirection.REVERSED if forward else BeltDirection.FORWARD
        self._follow(now_s)

    # --- time -----------------------------------------------------------------------------------------------

    def advance(self, now_s: float) -> None:
        """Everything that is due by ``now_s`` happens at its own moment."""
        if now_s < self._now_s:
            raise ValueError(f"{now_s} s lies before {self._now_s} s")
        if (due_s := self._data_due_s()) <= now_s:
            self._parser.forget()
            self._half = False
            self._refuse(TIMED_OUT, due_s)
        self._now_s = now_s

    def _data_due_s(self) -> float:
        return self._begun_s + self.setup.data_within_s if self._half else math.inf

    # --- messages -------------------------------------------------------------------------------------------

    def _refuse(self, bit: int, now_s: float) -> None:
        self._line_faults |= bit
        self.voice.say(bytes((REFUSED,)), now_s)

    def _heard(self, message: Message, now_s: float) -> None:
        if message.opcode in _ASKED:
            self.voice.say(self._told(message.opcode, now_s), now_s)
        elif (refusal := self._obey(message, now_s)) is None:
            self.voice.say(bytes((message.opcode,)), now_s)
        else:
            self._refuse(refusal, now_s)

    def _obey(self, message: Message, now_s: float) -> int | None:
        """None, or the bit of why not."""
        match message.opcode:
            case Command.START:
                return self._start(now_s)
            case Command.STOP:
                if self.obeys_stop:
                    self._halt(now_s)
            case Command.SET_SPEED:
                return self._set_speed(message.data, now_s)
            case Command.SET_ELEVATION:
                return self._set_elevation(message.data, now_s)
            case Command.SET_DIRECTION:
                return self._set_direction(message.data, now_s)
        return None

    def _start(self, now_s: float) -> int | None:
        if self.faults & LANYARD_BIT:
            return UNEXPECTED if self.setup.strict else None
        self.running = True
        self._follow(now_s)
        return None

    def _set_speed(self, data: bytes, now_s: float) -> int | None:
        """Stored at rest, followed when it runs."""
        if not data.isdigit() or int(data) > self.setup.speed_max_counts:
            return OUT_OF_RANGE
        self._wanted_counts = int(data)
        if self.running:
            self._follow(now_s)
        return None

    def _set_elevation(self, data: bytes, now_s: float) -> int | None:
        if not data.isdigit() or int(data) > self.setup.elevation_max_percent:
            return OUT_OF_RANGE
        self._deck = self._deck.towards(now_s, int(data), self.setup.elevation_percent_per_s)
        return None

    def _set_direction(self, data: bytes, now_s: float) -> int | None:
        way = _LETTERS.get(data)
        if way is None or (way is BeltDirection.REVERSED and not self.setup.reverses):
            return OUT_OF_RANGE
        if self.setup.strict and self._signed_kph(now_s) != 0:
            return UNEXPECTED
        if not self.deaf_to_direction:
            self._direction = way
        if self.running:
            self._follow(now_s)
        return None

    def _told(self, opcode: int, now_s: float) -> bytes:
        match opcode:
            case Question.WHO:
                return bytes((WHO_ANSWER,)) + self.setup.model.encode("ascii")
            case Question.SPEED:
                return self._told_speed(now_s)
            case Question.ELEVATION:
                return bytes((opcode,)) + f"{round(self._deck.value_at(now_s)):02d}".encode()
            case Question.DIRECTION:
                return bytes((opcode,)) + (b"F" if self._direction is BeltDirection.FORWARD else b"R")
        told, self._line_faults = self._line_faults, 0
        return bytes((opcode, told, self.faults, 0))

    def _told_speed(self, now_s: float) -> bytes:
        if not self.frozen:
            counts = round(abs(self._signed_kph(now_s)) / self.setup.scale.one_count_kph)
            self._last_speed = b"\xa0" + f"{counts:03d}".encode()
        return self._last_speed

    # --- motion ---------------------------------------------------------------------------------------------

    def _signed_kph(self, now_s: float) -> float:
        self.advance(now_s)
        return self._belt.speed.value_at(now_s)

    def _halt(self, now_s: float) -> None:
        self.running = False
        self._move(now_s, 0.0, self.setup.fall_kph_per_s)

    def _follow(self, now_s: float) -> None:
        sign = 1 if self._direction is BeltDirection.FORWARD else -1
        signed_kph, now_kph = sign * self.setup.scale.kph(self._wanted_counts), self._belt.speed.value_at(now_s)
        rises = abs(signed_kph) > abs(now_kph)
        self._move(now_s, signed_kph, self.setup.rise_kph_per_s if rises else self.setup.fall_kph_per_s)

    def _move(self, now_s: float, signed_kph: float, rate: float) -> None:
        self._belt = self._belt.towards(now_s, signed_kph, rate)


_ASKED = frozenset(int(one) for one in Question)
