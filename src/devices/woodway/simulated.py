"""A Woodway treadmill (the dialect at 4800 baud) without a treadmill: bytes in, bytes out, a belt between them.

It has no clock: every moment is an argument, in seconds, and never goes back. The opcodes are those of pyWoodway. What
one library cannot tell is a setting, and its default a guess that says so: the length of the communication timer,
whether its BD comes by itself, the ramps, and whether a running belt may be told to turn round.

The belt is one quantity with a sign: forward above zero, reversed below it. A change of sign on a running belt is a
ramp through zero, and in the strict mode it is refused with BE.

Not simulated: a person, a self-test, what an emergency stop says (here: nothing, the board loses its power).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from ...machine import BeltDirection
from ..serialport.framing import Message, Parser, Shape
from ..serialport.speaking import Speaking
from ..simulated.belt import BeltMotion, at_rest
from .codec import ELEVATION_TENTHS_MAX, TIMED_OUT, Command, Question, Refusal

ONE_MPH_KPH = 1.609344
"""The international mile, exactly; this dialect speaks of miles alone."""

START_UNWATCHED = 0xA9
"""Other people's programs send it: the belt then runs on when they die."""

_TO_MACHINE = {
    code: Shape(4 if code in (Command.SET_SPEED, Command.SET_ELEVATION) else 0) for code in range(0xA0, 0xD0)
}
_DIGITS = {"0": 1, "3": -1}


class State(Enum):
    """How the belt is driven."""

    IDLE = "idle"
    TIMED = "running with the communication timer"
    FREE = "running without a timer"
    STOPPING = "stopping"


class TimeoutTold(Enum):
    """When the machine says that its timer has fired; the library does not tell."""

    AT_ONCE = "at once"
    WITH_THE_NEXT_ANSWER = "with the next answer"


@dataclass(frozen=True, slots=True)
class Setup:
    """One machine. Speeds in tenths of a mile per hour, rates in km/h and % per second.

    ``strict``: a change of direction above 0.0 is refused. ``reverses``: it has the digit 3 at all.
    """

    speed_max_tenths: int = 150
    elevation_max_tenths: int = 250
    rise_kph_per_s: float = 0.8
    fall_kph_per_s: float = 1.0
    coast_kph_per_s: float = 2.0
    elevation_percent_per_s: float = 0.5
    answer_after_s: float = 0.01
    timer_s: float = 0.5
    timeout_told: TimeoutTold = TimeoutTold.AT_ONCE
    strict: bool = False
    reverses: bool = True


class WoodwayMachine:
    """See above. Faults are switched on by setting the attributes that say so.

    ``heard_s``: when it last heard something that means anything. ``timer_fired_s``: when the silence was too long.
    ``deaf_to_direction``: takes the digit and runs forward. ``obeys_stop``: a stop does what it says.
    """

    def __init__(self, setup: Setup, now_s: float) -> None:
        """Powered up long ago, the belt at rest."""
        self.setup = setup
        self.powered = True
        self.obeys_stop = True
        self.deaf_to_direction = False
        self.timer_fired_s: float | None = None
        self.heard_s = now_s
        self.state = State.IDLE
        self.voice = Speaking(setup.answer_after_s)
        self._now_s = now_s
        self._parser = Parser(_TO_MACHINE)
        self._belt = BeltMotion(at_rest(now_s))
        self._deck = at_rest(now_s)
        self._wanted_tenths = 0
        self._elevation_tenths = 0
        self._owes_timeout = False

    # --- the wire -------------------------------------------------------------------------------------------

    def take(self, data: bytes, now_s: float) -> None:
        """Bytes from the host, at this moment."""
        self.advance(now_s)
        if not self.powered:
            return
        for one in self._parser.feed(data):
            if isinstance(one, Message):
                self._heard(one, now_s)
            elif any(byte >= 0x80 for byte in one.raw) and one.why != "a message that was cut off":
                self._refuse(Refusal.UNKNOWN_COMMAND, now_s)

    def said(self, now_s: float) -> bytes:
        """What the machine has sent by now, and nobody has taken yet."""
        self.advance(now_s)
        return self.voice.said(now_s)

    @property
    def next_due_s(self) -> float:
        """When something happens next without a byte from outside; infinite when nothing does."""
        return min(self.voice.next_due_s, self._timer_s())

    # --- truth, and hands -----------------------------------------------------------------------------------

    def belt_speed_kph(self, now_s: float) -> float:
        """The speed that the belt really has, whichever way; never below zero."""
        return abs(self._signed_kph(now_s))

    @property
    def belt_target_kph(self) -> float:
        """The speed that the belt is on its way to, whichever way."""
        return abs(self._belt.speed.to_value)

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
        """The red button: the belt coasts, the line is silent."""
        self.advance(now_s)
        self.powered = False
        self.voice.forget()
        self._parser.forget()
        self.state, self._wanted_tenths = State.IDLE, 0
        self._move(now_s, 0.0, self.setup.coast_kph_per_s)
        self._deck = at_rest(now_s, self._deck.value_at(now_s))

    def release(self, now_s: float) -> None:
        """The button is let out again; the belt waits for a new start."""
        self.advance(now_s)
        self.powered = True

    def stop_at_console(self, now_s: float) -> None:
        """A hand stops the belt; the line does not tell."""
        self.advance(now_s)
        self._stop(now_s)

    def start_by_itself(self, now_s: float, speed_kph: float = 3.0) -> None:
        """A fault: the belt moves and nobody asked."""
        self.advance(now_s)
        self.state = State.FREE
        self._move(now_s, speed_kph, self.setup.rise_kph_per_s)

    def turn_round(self, now_s: float) -> None:
        """A fault: the belt goes through zero to the same speed the other way, and nobody asked."""
        self.advance(now_s)
        self._wanted_tenths = -self._wanted_tenths
        self._follow(now_s)

    # --- time -----------------------------------------------------------------------------------------------

    def advance(self, now_s: float) -> None:
        """Everything that is due by ``now_s`` happens at its own moment."""
        if now_s < self._now_s:
            raise ValueError(f"{now_s} s lies before {self._now_s} s")
        if (due_s := self._timer_s()) <= now_s:
            self._time_out(due_s)
        if self.state is State.STOPPING and self._belt.speed.value_at(now_s) == 0:
            self.state = State.IDLE
        self._now_s = now_s

    def _timer_s(self) -> float:
        watched = self.state is State.TIMED and self.powered
        return self.heard_s + self.setup.timer_s if watched else math.inf

    def _time_out(self, due_s: float) -> None:
        """Nothing that means anything for too long: the belt stops."""
        self.timer_fired_s = due_s
        self._halt(due_s)
        if self.setup.timeout_told is TimeoutTold.AT_ONCE:
            self.voice.say(bytes((TIMED_OUT,)), due_s)
        else:
            self._owes_timeout = True

    # --- messages -------------------------------------------------------------------------------------------

    def _heard(self, message: Message, now_s: float) -> None:
        self.heard_s = now_s
        if self._owes_timeout:
            self._owes_timeout = False
            self.voice.say(bytes((TIMED_OUT,)), now_s)
        if message.opcode >= 0xC0:
            self._answer(message.opcode, now_s)
        elif (refusal := self._obey(message, now_s)) is not None:
            self._refuse(refusal, now_s)
        else:
            self.voice.say(bytes((message.opcode + 0x10,)), now_s)

    def _refuse(self, why: Refusal, now_s: float) -> None:
        self.voice.say(bytes((why,)), now_s)

    def _obey(self, message: Message, now_s: float) -> Refusal | None:
        match message.opcode:
            case Command.START | 0xA9:
                self.state = State.TIMED if message.opcode == Command.START else State.FREE
                self._follow(now_s)
            case Command.STOP:
                self._stop(now_s)
            case Command.AUTO_STOP:
                self._stop(now_s)
                self._raise_deck(now_s, 0)
            case Command.SET_SPEED:
                return self._set_speed(message.data.decode("ascii"), now_s)
            case Command.SET_ELEVATION:
                return self._set_elevation(message.data.decode("ascii"), now_s)
            case _:
                return Refusal.UNKNOWN_COMMAND
        return None

    def _set_speed(self, digits: str, now_s: float) -> Refusal | None:
        """One digit of direction and three of speed; stored at rest, followed when it runs."""
        sign = _DIGITS.get(digits[0])
        if sign is None or not digits.isdigit() or int(digits[1:]) > self.setup.speed_max_tenths:
            return Refusal.INVALID_DATA
        tenths = sign * int(digits[1:])
        turns = tenths * self._signed_kph(now_s) < 0
        if (tenths < 0 and not self.setup.reverses) or (turns and self.setup.strict):
            return Refusal.INVALID_DATA
        self._wanted_tenths = tenths
        if self.state in (State.TIMED, State.FREE):
            self._follow(now_s)
        return None

    def _set_elevation(self, digits: str, now_s: float) -> Refusal | None:
        if not digits.isdigit() or int(digits) > min(self.setup.elevation_max_tenths, ELEVATION_TENTHS_MAX):
            return Refusal.INVALID_DATA
        self._raise_deck(now_s, int(digits))
        return None

    def _answer(self, opcode: int, now_s: float) -> None:
        match opcode:
            case Question.PRESENT:
                said = b"\x00"
            case Question.SPEED:
                said = self._told_speed(now_s)
            case Question.ELEVATION:
                said = f"{round(self._deck.value_at(now_s) * 10):04d}".encode()
            case Question.FIRMWARE:
                said = b"\x00\x01\x02\x03"
            case _:
                self._refuse(Refusal.UNKNOWN_COMMAND, now_s)
                return
        self.voice.say(bytes((opcode + 0x10,)) + said, now_s)

    def _told_speed(self, now_s: float) -> bytes:
        """Zero is told as forward zero."""
        signed = self._signed_kph(now_s)
        tenths = round(abs(signed) / ONE_MPH_KPH * 10)
        return f"{'3' if signed < 0 and tenths else '0'}{tenths:03d}".encode()

    # --- motion ---------------------------------------------------------------------------------------------

    def _signed_kph(self, now_s: float) -> float:
        self.advance(now_s)
        return self._belt.speed.value_at(now_s)

    def _stop(self, now_s: float) -> None:
        if self.obeys_stop:
            self._halt(now_s)

    def _halt(self, now_s: float) -> None:
        self.state, self._wanted_tenths = State.STOPPING, 0
        self._move(now_s, 0.0, self.setup.fall_kph_per_s)

    def _follow(self, now_s: float) -> None:
        tenths = abs(self._wanted_tenths) if self.deaf_to_direction else self._wanted_tenths
        signed_kph, now_kph = tenths / 10 * ONE_MPH_KPH, self._belt.speed.value_at(now_s)
        rises = abs(signed_kph) > abs(now_kph)
        self._move(now_s, signed_kph, self.setup.rise_kph_per_s if rises else self.setup.fall_kph_per_s)

    def _move(self, now_s: float, signed_kph: float, rate: float) -> None:
        self._belt = self._belt.towards(now_s, signed_kph, rate)

    def _raise_deck(self, now_s: float, tenths: int) -> None:
        self._elevation_tenths = tenths
        self._deck = self._deck.towards(now_s, tenths / 10, self.setup.elevation_percent_per_s)
