"""A CSAFE treadmill without a treadmill: frames in, frames out, a belt with inertia between them.

It has no clock: every moment is an argument, in seconds, and never goes back. The states are those of the framework;
their time-outs are the Concept2 PM's. What equipment is known or suspected to do in its own way is a setting: whether
a speed that it takes also moves the belt, queries that it leaves out, the order of its odometer, a toggle bit that
stands still, frames that are lost because they come too soon.

Not simulated: a person, ID digits, workouts, automatic uploads, what a console says while its safety key is out (here:
the state Error, and the rest as ever).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ..serialport.speaking import Speaking
from ..simulated.agenda import Agenda, Rank
from ..simulated.belt import BeltMotion, at_rest
from .codec import (
    KPH_PER_UNIT,
    LONG_BELOW,
    PERCENT_PER_UNIT,
    TENTH_KPH,
    TENTH_MPH,
    TENTH_PERCENT,
    Command,
    Previous,
    State,
)
from .frame import Frame, Unframer, frame
from .setup import BAUD

HAVE_ID_S, IDLE_BELT_S, PAUSED_S = 10.0, 6.0, 220.0
"""Time-outs of a state, as the Concept2 PM definition states them: after a user's number, of a belt that stands though
it is in use, and of a pause."""

ACKNOWLEDGE, EXTERNAL_CONTROL = 0x10, 0x40
METRES_A_COUNT = 10
"""Distances are told in hundredths of a kilometre."""

HUNDREDTH_KM = 0x23


class Speeds(Enum):
    """What it makes of a speed from outside. No public record shows a treadmill that obeys."""

    OBEYED = "obeyed"
    IGNORED = "ignored"  # taken, and nothing moves
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Setup:
    """One machine. Rates in km/h and % per second.

    ``speed_code``: the unit of its speeds. ``reads_unit``: of a speed that it is told; else it is taken for its own.
    ``leaves_out``: queries that it does not know.
    ``gap_s``: a frame that comes sooner after an answer is lost. ``toggles``: the toggle bit does.
    """

    speeds: Speeds = Speeds.OBEYED
    speed_code: int = TENTH_KPH
    reads_unit: bool = True
    leaves_out: frozenset[int] = frozenset()
    manufacturer: int = 1
    odometer_msb_first: bool = False
    toggles: bool = True
    gap_s: float = 0.05
    speed_min_kph: float = 0.8
    speed_max_kph: float = 16.0
    grade_max_percent: float = 15.0
    countdown_s: float = 3.0
    rise_kph_per_s: float = 0.8
    fall_kph_per_s: float = 1.0
    coast_kph_per_s: float = 2.0
    grade_percent_per_s: float = 0.5
    answer_after_s: float = 0.01


class CsafeMachine:
    """See above. Faults are switched on by setting the attributes that say so.

    ``obeys_stop``: GoFinished and a speed of 0 do what they say. ``frozen``: every figure is told as it was last.
    ``heart_rate_bpm``: of the grips, 0 without hands.
    ``state``: where it is in its own course.
    """

    def __init__(self, setup: Setup, now_s: float) -> None:
        """Switched on long ago, ready, the belt at rest."""
        self.setup = setup
        self.powered = True
        self.obeys_stop = True
        self.frozen = False
        self.heart_rate_bpm = 0
        self.state = State.READY
        self.voice = Speaking(setup.answer_after_s, BAUD)
        self._now_s = now_s
        self._agenda = Agenda()
        self._unframer = Unframer()
        self._belt = BeltMotion(at_rest(now_s))
        self._deck = at_rest(now_s)
        self._stored_kph = setup.speed_min_kph
        self._acknowledges, self._controlled = True, False
        self._verdict, self._toggle = Previous.OK, False
        self._spoke_s = now_s - setup.gap_s
        self._last: dict[int, bytes] = {}

    # --- the wire -------------------------------------------------------------------------------------------

    def take(self, data: bytes, now_s: float) -> None:
        """Bytes from the host, at this moment."""
        self.advance(now_s)
        if not self.powered:
            return
        for one in self._unframer.feed(data):
            if isinstance(one, Frame):
                self._frame(one.contents, now_s)
            elif one.why != "bytes outside a frame":
                self._verdict = Previous.BAD  # and no word of it before the next good frame

    def said(self, now_s: float) -> bytes:
        """What the machine has sent by now, and nobody has taken yet."""
        self.advance(now_s)
        return self.voice.said(now_s)

    @property
    def next_due_s(self) -> float:
        """When something happens next without a byte from outside; infinite when nothing does."""
        return min(self.voice.next_due_s, self._agenda.next_s)

    # --- truth, and hands -----------------------------------------------------------------------------------

    def belt_speed_kph(self, now_s: float) -> float:
        """The speed that the belt really has."""
        self.advance(now_s)
        return self._belt.speed.value_at(now_s)

    def deck_percent(self, now_s: float) -> float:
        """The incline that the deck really has."""
        self.advance(now_s)
        return self._deck.value_at(now_s)

    def emergency_stop(self, now_s: float) -> None:
        """The safety key is pulled: the belt coasts, the console goes on talking."""
        self.advance(now_s)
        self._go(State.ERROR, now_s)
        self._move(now_s, 0.0, self.setup.coast_kph_per_s)

    def release(self, now_s: float) -> None:
        """The key is back; the belt waits for a new start."""
        self.advance(now_s)
        self._go(State.READY, now_s)

    def stop_at_console(self, now_s: float) -> None:
        """A hand stops the belt: a workout in use is paused, one begun by hand is over."""
        self.advance(now_s)
        self._go(State.PAUSED if self.state is State.IN_USE else State.READY, now_s)
        self._move(now_s, 0.0, self.setup.fall_kph_per_s)

    def start_by_itself(self, now_s: float, speed_kph: float = 3.0) -> None:
        """Somebody presses start and nobody asked: Off-line, with figures and without control."""
        self.advance(now_s)
        self._go(State.OFF_LINE, now_s)
        self._move(now_s, speed_kph, self.setup.rise_kph_per_s)

    # --- time -----------------------------------------------------------------------------------------------

    def advance(self, now_s: float) -> None:
        """Everything that is due by ``now_s`` happens at its own moment."""
        if now_s < self._now_s:
            raise ValueError(f"{now_s} s lies before {self._now_s} s")
        while self._agenda.next_s <= now_s:
            self._agenda.happen()
        self._now_s = now_s

    def _later(self, moment_s: float, act: Callable[[float], None]) -> None:
        self._agenda.put(moment_s, Rank.COMMAND, act)

    # --- states ---------------------------------------------------------------------------------------------

    def _go(self, state: State, now_s: float) -> None:
        """Into a state; what the one before had still before it does not happen any more."""
        self._agenda.forget(*Rank)
        self.state = state
        if state is State.HAVE_ID:
            self._later(now_s + HAVE_ID_S, lambda at_s: self._go(State.IDLE, at_s))
        elif state is State.PAUSED:
            self._later(now_s + PAUSED_S, lambda at_s: self._go(State.FINISHED, at_s))
        elif state is State.IN_USE:
            self._later(now_s + self.setup.countdown_s, self._begin)

    def _begin(self, now_s: float) -> None:
        self._move(now_s, self._stored_kph, self.setup.rise_kph_per_s)

    def _obey_state(self, command: int, now_s: float) -> Previous:
        """One of the Go commands, or Reset."""
        if command == Command.RESET:
            self._toggle = False
        wanted, allowed_from = _GO[command]
        if allowed_from and self.state not in allowed_from:
            return Previous.REJECTED
        if self.state in (State.IN_USE, State.PAUSED) and not self.obeys_stop:
            return Previous.OK
        if wanted is not State.IN_USE and self.state in (State.IN_USE, State.PAUSED):
            self._move(now_s, 0.0, self.setup.fall_kph_per_s)
        self._go(wanted, now_s)
        return Previous.OK

    # --- frames ---------------------------------------------------------------------------------------------

    def _frame(self, contents: bytes, now_s: float) -> None:
        """Answer one good frame. The bits of its answer are about the frame before it."""
        if now_s < self._spoke_s + self.setup.gap_s:
            return
        before, items, forced = self._verdict, b"", False
        commands = _commands(contents)
        self._verdict = Previous.OK if commands is not None else Previous.REJECTED
        for code, data in commands or ():
            if code in _QUERIES:
                items, forced = items + self._item(code, now_s), True
            elif (verdict := self._obey(code, data, now_s)) is not Previous.OK:
                self._verdict = verdict
            forced = forced or code == Command.GET_STATUS
        if self._acknowledges or forced or not contents:
            self._answer(before, items, now_s)

    def _answer(self, before: Previous, items: bytes, now_s: float) -> None:
        status = self._toggle << 7 | before << 4 | self.state
        self._toggle ^= self.setup.toggles
        said = frame(bytes((status,)) + items)
        self._spoke_s = now_s + self.setup.answer_after_s + self.voice.late_s + len(said) * 10 / BAUD
        self.voice.say(said, now_s)

    def _item(self, code: int, now_s: float) -> bytes:
        if code in self.setup.leaves_out:
            return b""
        if not self.frozen or code not in self._last:
            self._last[code] = self._told(code, now_s)
        return bytes((code, len(self._last[code]))) + self._last[code]

    def _told(self, code: int, now_s: float) -> bytes:
        travel = round(self._belt.travel_m_at(now_s) / METRES_A_COUNT)
        match code:
            case Command.GET_SPEED:
                unit = self.setup.speed_code
                kph_per_count = KPH_PER_UNIT.get(unit, 0.1)  # a code that is none of a speed: steps a minute, say
                return round(self._belt.speed.value_at(now_s) / kph_per_count).to_bytes(2, "little") + bytes((unit,))
            case Command.GET_GRADE:
                return round(self._deck.value_at(now_s) * 10).to_bytes(2, "little") + bytes((TENTH_PERCENT,))
            case Command.GET_DISTANCE:
                return (travel & 0xFFFF).to_bytes(2, "little") + bytes((HUNDREDTH_KM,))
            case Command.GET_ODOMETER:
                order = "big" if self.setup.odometer_msb_first else "little"
                return (ODOMETER_FROM + travel).to_bytes(4, order) + bytes((HUNDREDTH_KM,))  # type: ignore[arg-type]
            case Command.GET_TIME:
                seconds = round(self._belt.moved_s_at(now_s))
                return bytes((seconds // 3600 % 256, seconds // 60 % 60, seconds % 60))
            case Command.GET_HEART_RATE:
                return bytes((self.heart_rate_bpm,))
            case Command.GET_VERSION:
                return bytes((self.setup.manufacturer, 2, 6, 9, 11))
            case Command.GET_UNITS:
                return bytes((self.setup.speed_code < 0x30,))
            case _:
                return b"00000"

    def _obey(self, code: int, data: bytes, now_s: float) -> Previous:
        match code:
            case Command.GET_STATUS:
                return Previous.OK
            case Command.AUTO_UPLOAD if len(data) == 1:
                self._acknowledges = bool(data[0] & ACKNOWLEDGE)
                self._controlled = bool(data[0] & EXTERNAL_CONTROL)
                return Previous.OK
            case Command.SET_SPEED if len(data) == 3:
                return self._set_speed(data, now_s)
            case Command.SET_GRADE if len(data) == 3:
                return self._set_grade(data, now_s)
        return self._obey_state(code, now_s) if code in _GO else Previous.REJECTED

    def _set_speed(self, data: bytes, now_s: float) -> Previous:
        code = data[2] if self.setup.reads_unit else self.setup.speed_code
        kph = int.from_bytes(data[:2], "little") * KPH_PER_UNIT.get(code, 0.0)
        hears = self._controlled and self.state in (State.HAVE_ID, State.IN_USE)
        in_range = kph == 0 or self.setup.speed_min_kph - 0.05 <= kph <= self.setup.speed_max_kph
        if self.setup.speeds is Speeds.REJECTED or not hears or not in_range or code not in KPH_PER_UNIT:
            return Previous.REJECTED
        if self.setup.speeds is Speeds.OBEYED and (kph or self.obeys_stop):
            self._stored_kph = kph or self._stored_kph
            if self._belt.speed.value_at(now_s) > 0:
                self._move(now_s, kph, self.setup.rise_kph_per_s if kph else self.setup.fall_kph_per_s)
        return Previous.OK

    def _set_grade(self, data: bytes, now_s: float) -> Previous:
        percent = int.from_bytes(data[:2], "little") * PERCENT_PER_UNIT.get(data[2], 0.0)
        hears = self._controlled and self.state is State.IN_USE
        if self.setup.speeds is Speeds.REJECTED or not hears or percent > self.setup.grade_max_percent:
            return Previous.REJECTED
        if self.setup.speeds is Speeds.OBEYED:
            self._deck = self._deck.towards(now_s, percent, self.setup.grade_percent_per_s)
        return Previous.OK

    # --- motion ---------------------------------------------------------------------------------------------

    def _move(self, now_s: float, speed_kph: float, rate: float) -> None:
        """A belt that stands though it is in use is paused after a while."""
        self._belt = self._belt.towards(now_s, speed_kph, rate)
        if self.state is State.IN_USE and speed_kph == 0:
            due_s = self._belt.speed.ends_s + IDLE_BELT_S
            self._agenda.forget(*Rank)
            self._later(due_s, lambda at_s: self._go(State.PAUSED, at_s))


ODOMETER_FROM = 0x00316C4B
"""As in a log of a cross trainer: 32,390 km, in hundredths."""

QUERIES_BY_NAME = {
    "speed": Command.GET_SPEED,
    "grade": Command.GET_GRADE,
    "distance": Command.GET_DISTANCE,
    "heart-rate": Command.GET_HEART_RATE,
}
SPEED_CODES = {"kph": TENTH_KPH, "mph": TENTH_MPH, "rpm": 0x52}
"""What a person may call them. 0x52, revolutions a minute, came from a cross trainer."""

_QUERIES = frozenset(
    int(one)
    for one in (
        Command.GET_SPEED,
        Command.GET_GRADE,
        Command.GET_DISTANCE,
        Command.GET_ODOMETER,
        Command.GET_TIME,
        Command.GET_HEART_RATE,
        Command.GET_VERSION,
        Command.GET_UNITS,
        Command.GET_SERIAL,
    )
)

_GO: dict[int, tuple[State, tuple[State, ...]]] = {
    Command.RESET: (State.READY, ()),
    Command.GO_IDLE: (State.IDLE, (State.READY, State.HAVE_ID, State.FINISHED, State.IDLE)),
    Command.GO_HAVE_ID: (State.HAVE_ID, (State.IDLE,)),
    Command.GO_IN_USE: (State.IN_USE, (State.HAVE_ID, State.PAUSED)),
    Command.GO_FINISHED: (State.FINISHED, (State.IN_USE, State.PAUSED)),
    Command.GO_READY: (State.READY, (State.IDLE, State.HAVE_ID, State.FINISHED)),
}
"""Where a command leads, and from where it is taken; no state means from all."""


def _commands(contents: bytes) -> list[tuple[int, bytes]] | None:
    """Identifiers and data; None where the last one promises more bytes than there are."""
    found, rest = [], contents
    while rest:
        if rest[0] >= LONG_BELOW:
            found.append((rest[0], b""))
            rest = rest[1:]
            continue
        if len(rest) < 2 or len(rest) < 2 + rest[1]:
            return None
        found.append((rest[0], rest[2 : 2 + rest[1]]))
        rest = rest[2 + rest[1] :]
    return found
