"""A Trackmaster treadmill without a treadmill: bytes in, bytes out, a belt with inertia between them.

It has no clock: every moment is an argument, in seconds, and never goes back. What the manuals leave open (the answer
to a start that is refused) is a setting. The watchdog, the lock-out after power-up, the mean of two seconds, the
corrections every four, the echo flag and the emergency stop that takes the power from the board are as described in
the service manuals of the TMX428, FVX325 and GE T2100-ST1.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum

from ...machine import SpeedUnit
from ..serialport.framing import Message, Noise, Parser, Shape
from ..serialport.speaking import Speaking
from ..simulated.agenda import Agenda, Rank
from ..simulated.belt import KPH_PER_MPS, BeltMotion, at_rest
from .codec import ELEVATION_STEP_TENTHS, SELF_TEST_BYTE, BeltState, Refusal

WATCHDOG_S = 0.5
LOCKOUT_S = 3.0
LOCKOUT_ENDS_IN_SILENCE_S = 20.0
MEAN_S = 2.0
CORRECTION_S = 4.0
CORRECTION_SHARE = 0.02
"""A new speed is first missed by so much; a choice, of the size that a belt under a walker shows."""
SELF_TEST_KPH = 16.0
SELF_TEST_WITHIN_S = 1.0

_COUNTS = {0xA3: 4, 0xA4: 4, 0xA5: 4, 0xA6: 2, 0xA7: 2, 0xA9: 4}
_TO_MACHINE = {code: Shape(_COUNTS.get(code, 0)) for code in range(0xA0, 0xD0)}
_ANSWER_DIGITS = {0xC8: 2, 0xC9: 2}
_START_WATCHED, _STOP, _RESET, _AUTO_STOP, _ECHO_FLAG = 0xA0, 0xA2, 0xA8, 0xAA, 0xAC


class RefusedStart(Enum):
    """What a machine says to a start that it will not make; no manual tells."""

    ILLEGAL = "illegal"
    SILENT = "silent"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Setup:
    """One machine. Speeds in tenths of its unit, elevations in tenths of a percent, rates in km/h and % per second."""

    unit: SpeedUnit = SpeedUnit.MPH
    speed_min_tenths: int = 5
    speed_max_tenths: int = 150
    elevation_max_tenths: int = 250
    rise_kph_per_s: float = 0.8
    fall_kph_per_s: float = 1.0
    coast_kph_per_s: float = 2.0
    elevation_percent_per_s: float = 0.5
    answer_after_s: float = 0.01
    refused_start: RefusedStart = RefusedStart.ILLEGAL


class TrackmasterMachine:
    """See above. Faults are switched on by setting the attributes that say so.

    ``heard_s``: when it last heard something that means anything. ``watchdog_fired_s``: when the silence was too long.
    """

    def __init__(self, setup: Setup, now_s: float) -> None:
        """Powered up long ago, the belt at rest."""
        self.setup = setup
        self.powered = True
        self.obeys_stop = True
        self.voice = Speaking(setup.answer_after_s)
        self.frozen = False
        self.watchdog_fired_s: float | None = None
        self._now_s = now_s
        self._agenda = Agenda()
        self._parser = Parser(_TO_MACHINE)
        self._motions: deque[BeltMotion] = deque([BeltMotion(at_rest(now_s - MEAN_S))])
        self._deck = at_rest(now_s)
        self._state = BeltState.STOPPED
        self._speed_tenths = setup.speed_min_tenths
        self._elevation_tenths = 0
        self.heard_s = now_s
        self._up_s = self._level_s = now_s - LOCKOUT_S
        self._locked = False
        self._echo = False
        self._tested_s = -math.inf
        self._last_speed: bytes | None = None

    # --- the wire -------------------------------------------------------------------------------------------

    def take(self, data: bytes, now_s: float) -> None:
        """Bytes from the host, at this moment."""
        self.advance(now_s)
        if not self.powered:
            return
        for one in self._parser.feed(data):
            if isinstance(one, Noise):
                self._noise(one, now_s)
            else:
                self._heard(one, now_s)

    def said(self, now_s: float) -> bytes:
        """What the machine has sent by now, and nobody has taken yet."""
        self.advance(now_s)
        return self.voice.said(now_s)

    @property
    def next_due_s(self) -> float:
        """When something happens next without a byte from outside; infinite when nothing does."""
        return min(self.voice.next_due_s, self._agenda.next_s, self._watchdog_s())

    # --- truth, and hands -----------------------------------------------------------------------------------

    def belt_speed_kph(self, now_s: float) -> float:
        """The speed that the belt really has."""
        self.advance(now_s)
        return self._motions[-1].speed.value_at(now_s)

    def deck_percent(self, now_s: float) -> float:
        """The incline that the deck really has."""
        self.advance(now_s)
        return self._deck.value_at(now_s)

    def emergency_stop(self, now_s: float) -> None:
        """The red button: the control board loses its power, the belt coasts, the line is silent."""
        self.advance(now_s)
        self.powered = False
        self.voice.forget()
        self._parser.forget()
        self._agenda.forget(*Rank)
        self._state = BeltState.STOPPED
        self._move(now_s, 0.0, self.setup.coast_kph_per_s)
        self._deck = at_rest(now_s, self._deck.value_at(now_s))

    def release(self, now_s: float) -> None:
        """The button is let out again: the board boots, says T, looks for level ground and refuses starts."""
        self.advance(now_s)
        if self.powered:
            return
        self.powered, self._up_s, self._echo = True, now_s, False
        self._speed_tenths, self._elevation_tenths = self.setup.speed_min_tenths, 0
        self._tested_s = now_s
        self._deck = self._deck.towards(now_s, 0.0, self.setup.elevation_percent_per_s)
        self._level_s = self._deck.ends_s
        self._say(bytes((SELF_TEST_BYTE,)), now_s)

    def stop_at_console(self, now_s: float) -> None:
        """A hand stops the belt."""
        self.advance(now_s)
        self._stop(now_s, lower=False)

    def start_by_itself(self, now_s: float, speed_kph: float = 3.0) -> None:
        """A fault: the belt moves and nobody asked."""
        self.advance(now_s)
        self._state = BeltState.RUNNING_UNWATCHED
        self._move(now_s, speed_kph, self.setup.rise_kph_per_s)

    # --- time -----------------------------------------------------------------------------------------------

    def advance(self, now_s: float) -> None:
        """Everything that is due by ``now_s`` happens at its own moment."""
        if now_s < self._now_s:
            raise ValueError(f"{now_s} s lies before {self._now_s} s")
        while (due_s := min(self._agenda.next_s, self._watchdog_s())) <= now_s:
            if self._watchdog_s() <= self._agenda.next_s:
                self._watchdog(due_s)
            else:
                self._agenda.happen()
        self._now_s = now_s
        while len(self._motions) > 1 and self._motions[1].speed.begins_s < now_s - MEAN_S:
            self._motions.popleft()

    def _watchdog_s(self) -> float:
        watched = self._state is BeltState.RUNNING_WATCHED and self.powered
        return self.heard_s + WATCHDOG_S if watched else math.inf

    def _watchdog(self, due_s: float) -> None:
        """Half a second without a byte that means anything: slow down, stop, lower."""
        self._state = BeltState.STOPPED
        self.watchdog_fired_s = due_s
        self._elevation_tenths = 0
        self._agenda.forget(Rank.COMMAND)
        self._move(due_s, 0.0, self.setup.fall_kph_per_s)
        self._raise_deck(due_s)

    # --- messages -------------------------------------------------------------------------------------------

    def _noise(self, noise: Noise, now_s: float) -> None:
        """An echoed T begins the self-test; a first byte that nobody knows is illegal; the rest is nothing."""
        if SELF_TEST_BYTE in noise.raw and now_s - self._tested_s < SELF_TEST_WITHIN_S:
            self._state = BeltState.RUNNING_UNWATCHED
            self._move(now_s, SELF_TEST_KPH, self.setup.rise_kph_per_s)
        if any(byte >= 0x80 for byte in noise.raw) and noise.why != "a message that was cut off":
            self._say(bytes((Refusal.UNKNOWN_COMMAND,)), now_s)

    def _heard(self, message: Message, now_s: float) -> None:
        silence_s = now_s - self.heard_s
        self.heard_s = now_s
        if message.opcode >= 0xC0:
            self._say(self._told(message.opcode, now_s), now_s)
            return
        if self._locked and (message.opcode in (_STOP, _RESET) or silence_s >= LOCKOUT_ENDS_IN_SILENCE_S):
            self._locked = False
        refusal = self._obey(message, now_s)
        if refusal is None:
            echoed = message.data if self._echo and message.opcode != _ECHO_FLAG else b""
            self._say(bytes((message.opcode + 0x10,)) + echoed, now_s)
        elif refusal:
            self._say(refusal, now_s)

    def _obey(self, message: Message, now_s: float) -> bytes | None:
        """None where it was taken; else what is said instead, which may be nothing."""
        match message.opcode:
            case 0xA0 | 0xA1:
                return self._start(message.opcode, now_s)
            case 0xA2 | 0xAA:
                self._stop(now_s, lower=message.opcode == _AUTO_STOP)
                return None
            case 0xA3:
                return self._set_speed(message.data, now_s)
            case 0xA4:
                return self._set_elevation(message.data, now_s)
            case 0xAB:
                self._speed_tenths, self._elevation_tenths = self.setup.speed_min_tenths, 0
                self._follow(now_s)
                self._raise_deck(now_s)
                return None
            case 0xAC:
                self._echo = not self._echo
                return None
        return None if message.opcode in range(0xA5, 0xAA) else bytes((Refusal.UNKNOWN_COMMAND,))

    def _start(self, opcode: int, now_s: float) -> bytes | None:
        if now_s < max(self._up_s, self._level_s) + LOCKOUT_S:
            self._locked = True
        if self._locked:
            answers = {RefusedStart.ILLEGAL: bytes((Refusal.UNKNOWN_COMMAND,)), RefusedStart.SILENT: b""}
            return answers.get(self.setup.refused_start)
        watched = opcode == _START_WATCHED
        self._state = BeltState.RUNNING_WATCHED if watched else BeltState.RUNNING_UNWATCHED
        self._follow(now_s)
        return None

    def _stop(self, now_s: float, lower: bool) -> None:
        if not self.obeys_stop:
            return
        self._state = BeltState.STOPPED
        self._agenda.forget(Rank.COMMAND)
        self._move(now_s, 0.0, self.setup.fall_kph_per_s)
        if lower:
            self._speed_tenths, self._elevation_tenths = self.setup.speed_min_tenths, 0
            self._raise_deck(now_s)

    def _set_speed(self, data: bytes, now_s: float) -> bytes | None:
        tenths = int(data) if data.isdigit() else -1
        if not self.setup.speed_min_tenths <= tenths <= self.setup.speed_max_tenths:
            return bytes((Refusal.OUT_OF_RANGE,))
        self._speed_tenths = tenths
        if self._state is not BeltState.STOPPED:
            self._follow(now_s)
        return None

    def _set_elevation(self, data: bytes, now_s: float) -> bytes | None:
        tenths = int(data) if data.isdigit() else -1
        if not 0 <= tenths <= self.setup.elevation_max_tenths or tenths % ELEVATION_STEP_TENTHS:
            return bytes((Refusal.OUT_OF_RANGE,))
        self._elevation_tenths = tenths
        self._raise_deck(now_s)
        return None

    # --- figures --------------------------------------------------------------------------------------------

    def _told(self, opcode: int, now_s: float) -> bytes:
        if opcode > 0xCD:
            return bytes((Refusal.UNKNOWN_COMMAND,))
        if opcode == 0xC0:
            return bytes((0xD0,)) + self._state.value.encode()
        return bytes((opcode + 0x10,)) + f"{self._figure(opcode, now_s):0{_ANSWER_DIGITS.get(opcode, 4)}d}".encode()

    def _figure(self, opcode: int, now_s: float) -> int:
        """In tenths; what this family leaves empty is zero."""
        match opcode:
            case 0xC1:
                return self._reported_tenths(now_s)
            case 0xC2:
                return round(self._deck.value_at(now_s) * 10)
            case 0xC3:
                return self._speed_tenths
            case 0xC4:
                return self._elevation_tenths
        return 0

    def _reported_tenths(self, now_s: float) -> int:
        """The mean of the last two seconds."""
        begun_s = max(self._motions[0].speed.begins_s, now_s - MEAN_S)
        length_s = now_s - begun_s
        if length_s <= 0:
            return round(self._tenths(self._motions[-1].speed.value_at(now_s)))
        metres = self._motions[-1].travel_m_at(now_s) - self._travel_m_at(begun_s)
        return round(self._tenths(metres / length_s * KPH_PER_MPS))

    def _travel_m_at(self, moment_s: float) -> float:
        motion = next(one for one in reversed(self._motions) if one.speed.begins_s <= moment_s)
        return motion.travel_m_at(moment_s)

    def _tenths(self, speed_kph: float) -> float:
        return speed_kph / self.setup.unit.one_kph * 10

    # --- motion ---------------------------------------------------------------------------------------------

    def _follow(self, now_s: float) -> None:
        """Towards the commanded speed: nearly there first, and the rest at the next correction."""
        wanted_kph = self._speed_tenths / 10 * self.setup.unit.one_kph
        now_kph = self._motions[-1].speed.value_at(now_s)
        first_kph = wanted_kph - (wanted_kph - now_kph) * CORRECTION_SHARE
        self._agenda.forget(Rank.COMMAND)
        self._move(now_s, first_kph, self._rate(wanted_kph > now_kph))
        due_s = self._motions[-1].speed.ends_s + CORRECTION_S
        self._agenda.put(due_s, Rank.COMMAND, lambda at_s: self._move(at_s, wanted_kph, self._rate(True)))

    def _rate(self, rises: bool) -> float:
        return self.setup.rise_kph_per_s if rises else self.setup.fall_kph_per_s

    def _move(self, now_s: float, speed_kph: float, rate: float) -> None:
        self._motions.append(self._motions[-1].towards(now_s, speed_kph, rate))

    def _raise_deck(self, now_s: float) -> None:
        self._deck = self._deck.towards(now_s, self._elevation_tenths / 10, self.setup.elevation_percent_per_s)

    def _say(self, data: bytes, now_s: float) -> None:
        if self.frozen and data[:1] in (b"\xd1", b"\xd2"):
            self._last_speed = self._last_speed or data
            data = self._last_speed if data[0] == 0xD1 else data
        self.voice.say(data, now_s)
