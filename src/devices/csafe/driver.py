"""The driver of CSAFE treadmills: a poll four times a second, frames one after the other, and a belt that has to show
that it follows.

What counts is read from the answers to polls alone. They carry figures, so neither our own echo nor a late bare status
can be taken for one; and the bits about the frame before speak of the command that went out just before the poll.

There is no watchdog: a belt that runs goes on when this program dies. The stop is a request (GoFinished, and a speed
of 0 behind it); whether the belt obeys is for the reports to show.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ...clock import Clock
from ...machine import (
    Accepted,
    BeltDirection,
    Command,
    CommandOutcome,
    DeviceProfile,
    Identity,
    MachineNotice,
    Rejected,
    SetIncline,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    StopBelt,
    Telemetry,
    Unknown,
)
from ..serialport.exchange import CalledOff
from ..serialport.line import SerialLine
from ..serialport.treadmill import SerialTreadmill
from . import codec
from .codec import KPH_PER_UNIT, Answer, Previous, State
from .codec import Command as Id
from .following import Following, Quantity
from .frame import Frame, Unframer
from .vendors import Vendor, vendor

ROUND_S = 0.25
"""A poll and its answer take 35 ms at 9600 baud; the gaps around them leave room for two frames between two polls."""

GAP_S = 0.05
"""Between an answer and the next frame, as the Concept2 PM definition has it; sooner ones may be lost."""

ANSWER_WITHIN_S = 1.0
"""What the framework gives equipment for an answer."""

OUTCOME_WITHIN_S = 5 * ANSWER_WITHIN_S
"""A stop, the longest command that must not be called overdue early: two frames and the polls behind them, after a poll
that is under way."""

FRESH_S = 1.5
"""A start rests on a report that is no older: an answer may take a second, and a poll goes out every quarter."""

FIGURES = (Id.GET_SPEED, Id.GET_GRADE, Id.GET_DISTANCE, Id.GET_HEART_RATE)
"""What a poll asks for. The time is left out: it is that of the workout, and may stand still or run down."""

SELDOM = 4
"""The odometer, where it has to stand in for the distance, is asked for in every fourth round."""

STEPS = {
    State.PAUSED: Id.GO_FINISHED,
    State.FINISHED: Id.GO_IDLE,
    State.READY: Id.GO_IDLE,
    State.IDLE: Id.GO_HAVE_ID,
    State.HAVE_ID: Id.GO_IN_USE,
}
"""From each state one step towards a belt in use. From one that is missing there is none: a hand is at the console."""

STEPS_MAX = 8
"""The longest way is five steps; a machine that shows a new state one poll late may need some of them twice."""

FIRST_METRIC_CODE = 0x30
"""Units of a speed below it are miles or feet."""

ENDED = frozenset({State.READY, State.IDLE, State.HAVE_ID, State.FINISHED})
SPEED = Quantity("speed", "km/h", step=0.05, within_s=5.0)
"""Five seconds: the slowest belts rise by 0.2 km/h in a second, and tell it a second or two later."""

GRADE = Quantity("grade", "%", step=0.4, within_s=10.0)
"""Decks move by a percent in some three seconds."""


@dataclass(slots=True)
class _Seen:
    """What the machine has told last. ``speed_code``: the unit of its speeds; ``heard_s``: when it last answered."""

    state: State | None = None
    previous: Previous = Previous.OK
    speed_kph: float | None = None
    speed_code: int | None = None
    grade_percent: float | None = None
    distance_m: float | None = None
    odometer_from_m: float | None = None
    distance_told: bool = False
    speed_told: bool = False
    heard_s: float = 0.0


class CsafeConnection(SerialTreadmill[Answer]):
    """Reader and writer of one machine over one line."""

    answer_within_s = ANSWER_WITHIN_S
    gap_s = GAP_S

    def __init__(self, line: SerialLine, clock: Clock, profile: DeviceProfile) -> None:
        super().__init__(line, clock, profile)
        self._seen = _Seen()
        self._vendor: Vendor = vendor(None)
        self._speed, self._grade = Following(SPEED), Following(GRADE)
        self._starting = self._we_run = False
        self._sent: int | None = None
        self._polling = False
        self._model = self._firmware = ""
        self._pair = asyncio.Lock()  # a command and the poll behind it: nothing of ours comes between

    # --- reading --------------------------------------------------------------------------------------------

    @property
    def moving(self) -> bool:
        """Whether the belt was seen to move, or does not tell."""
        return self._seen.speed_kph != 0

    @property
    def identity(self) -> Identity:
        """In the machine's own numbers."""
        return Identity(self._line.name, "", self._vendor.name, self._model, self._firmware)

    @property
    def remark(self) -> str | None:
        """Why this machine is only read, whoever asks; None where nothing is known of."""
        if self._seen.speed_kph is None:
            return "the machine tells no speed of a belt (another unit, or none): it is only read"
        if self._seen.state not in STEPS:
            return f"the machine says {_words(self._seen.state)}: it is only read until that is ended at its console"
        return self._speed.ignored

    async def meet(self) -> None:
        """Who it is, and a first poll; raises TimeoutError where nobody answers who speaks like this, and LineError."""
        version = await self._ask(codec.ask(Id.GET_VERSION), _anything)
        self._version_is(version.item(Id.GET_VERSION) or b"")
        await self._poll()
        miles = self._seen.speed_code is not None and self._seen.speed_code < FIRST_METRIC_CODE
        self._profile = replace(self._profile, speed_unit=SpeedUnit.MPH if miles else SpeedUnit.KPH)
        self._go_on(ROUND_S, self._round)

    def _reading(self) -> Callable[[bytes], list[Answer]]:
        unframer = Unframer()
        return lambda data: _answers(one for one in unframer.feed(data) if isinstance(one, Frame))

    def _version_is(self, data: bytes) -> None:
        if len(data) >= 5:
            self._vendor = vendor(data[0])
            self._model, self._firmware = str(data[2]), f"{data[3]}.{data[4]}"

    async def _round(self, number: int) -> None:
        async with self._pair:
            await self._poll()
        if not self._seen.distance_told and number % SELDOM == 0:
            async with self._pair:
                await self._ask(codec.ask(Id.GET_ODOMETER), _anything)

    async def _poll(self, stops: int | None = None) -> None:
        """Raises CalledOff for a stop since ``stops`` of them, where that is given. Late answers are not looked at."""
        self._polling = True
        try:
            await self._give(codec.ask(*FIGURES), self._is_poll, stops)
        finally:
            self._polling = False

    async def _give(self, data: bytes, fits: Callable[[Answer], bool], stops: int | None) -> Answer:
        """As ``Orders.give``; without ``stops`` nothing takes the turn away."""
        if stops is None:
            return await self._ask(data, fits)
        return await self._orders.give(data, fits, stops)

    def _is_poll(self, said: Answer) -> bool:
        """A machine that has ever told a speed always does."""
        return said.item(Id.GET_SPEED) is not None or not self._seen.speed_told

    def _heard(self, said: Answer) -> None:
        if (odometer := said.item(Id.GET_ODOMETER)) is not None:
            self._odometer_is(odometer)
        elif self._polling and self._is_poll(said):
            self._poll_is(said)

    def _odometer_is(self, data: bytes) -> None:
        """Stands in for a distance that the machine leaves out."""
        seen, metres = self._seen, codec.odometer_m(data, self._vendor.odometer_msb_first)
        if metres is not None and not seen.distance_told:
            seen.odometer_from_m = metres if seen.odometer_from_m is None else seen.odometer_from_m
            seen.distance_m = metres - seen.odometer_from_m

    def _poll_is(self, said: Answer) -> None:
        seen, before_kph, now_s = self._seen, self._seen.speed_kph, self._clock.now_s()
        seen.previous, seen.heard_s = said.status.previous, now_s
        self._figures_are(said)
        self._state_is(said.status.state, before_kph)
        if seen.speed_kph is not None:
            self._speed = self._speed.told(seen.speed_kph, now_s)
        if seen.grade_percent is not None:
            self._grade = self._grade.told(seen.grade_percent, now_s)
        heart_rate_bpm = codec.heart_rate_bpm(said.item(Id.GET_HEART_RATE) or b"")
        self._telling.tell(
            Telemetry(
                now_s,
                seen.speed_kph,
                seen.grade_percent,
                seen.distance_m,
                heart_rate_bpm=heart_rate_bpm,
                belt=BeltDirection.FORWARD,
            )
        )

    def _figures_are(self, said: Answer) -> None:
        seen = self._seen
        speed, distance = said.item(Id.GET_SPEED), said.item(Id.GET_DISTANCE)
        seen.speed_kph = None if speed is None else codec.speed_kph(speed)
        if speed is not None:
            seen.speed_told = True
            seen.speed_code = speed[2] if seen.speed_kph is not None else None
        seen.grade_percent = codec.grade_percent(said.item(Id.GET_GRADE) or b"")
        if distance is not None:
            seen.distance_told, seen.distance_m = True, codec.distance_m(distance)

    def _state_is(self, state: State | None, before_kph: float | None) -> None:
        """A change that is not ours is a hand at the console. Off-line is no lost link: it still tells figures."""
        seen = self._seen
        before, seen.state = seen.state, state
        if self._starting:
            self._we_run = state is State.IN_USE
        elif self._we_run and state is not State.IN_USE:
            self._ended()
            by_hand = state in (State.OFF_LINE, State.MANUAL)
            self._telling.tell(MachineNotice.CONTROL_LOST if by_hand else MachineNotice.STOPPED_AT_CONSOLE)
        elif before_kph == 0 and seen.speed_kph and not self._we_run:
            self._telling.tell(MachineNotice.STARTED_AT_CONSOLE)
        elif state is State.ERROR and before not in (None, State.ERROR):
            self._telling.tell(MachineNotice.STOPPED_AT_CONSOLE)  # a pulled key, at rest too: a hand is at this machine

    def _ended(self) -> None:
        self._we_run, self._sent = False, None
        self._speed, self._grade = self._speed.called_off(), self._grade.called_off()

    # --- writing --------------------------------------------------------------------------------------------

    async def _perform(self, command: Command) -> CommandOutcome:
        match command:
            case StopBelt():
                return await self._stop()
            case StartBelt(belt=BeltDirection.REVERSED):
                return Rejected("this belt runs forward only")
            case StartBelt(regardless):
                return await self._start(regardless)
            case SetSpeed(speed_ckph, regardless):
                return await self._set_speed(speed_ckph, regardless)
            case SetIncline(incline_dpct):
                return await self._set_grade(incline_dpct)

    async def _stop(self) -> CommandOutcome:
        """At once, even beside a frame that waits; then once more in its turn, since a frame too early may be lost."""
        self._ended()
        with contextlib.suppress(TimeoutError):  # what counts is the state that the polls below tell
            await self._orders.stop(codec.ask(Id.GO_FINISHED), _anything)
        asked_s = self._clock.now_s()
        async with self._pair:
            slowed = await self._told(self._speed_frame(0.0))
            finished = await self._told(codec.ask(Id.GO_FINISHED))
        if self._seen.heard_s <= asked_s:
            raise TimeoutError
        if self._seen.state in ENDED or Previous.OK in (slowed, finished):
            return Accepted()
        return Rejected(
            f"the machine says {_words(self._seen.state)} and takes no stop (GoFinished: {_words(finished)}, a speed"
            f" of 0: {_words(slowed)}); stop it at its console"
        )

    async def _start(self, regardless: bool) -> CommandOutcome:
        """Step by step through the states; the lowest speed is said before the last step, in case it is kept."""
        if regardless and self._we_run:
            return await self._command(codec.ask(Id.GO_IN_USE), "going into use")
        if (refusal := self._not_started()) is not None:
            return Rejected(refusal)
        stops = self._orders.stops
        self._starting = True
        try:
            async with self._pair:
                await self._told(codec.take_control(), stops)
                for _ in range(STEPS_MAX):
                    await self._step(stops)
        finally:
            self._starting = False
        if self._we_run:
            return Accepted()
        return Rejected(f"the machine did not go into use; it says {_words(self._seen.state)}")

    async def _step(self, stops: int) -> None:
        """One step towards a belt in use, from where the machine is."""
        step = None if self._seen.state is None else STEPS.get(self._seen.state)
        if step is None:
            return
        if step is Id.GO_IN_USE:
            await self._told(self._speed_frame(self._profile.capabilities.speed_min_ckph / 100), stops)
        await self._told(codec.ask(step), stops)

    def _not_started(self) -> str | None:
        """Why no start leaves; None where one may."""
        seen, age_s = self._seen, self._clock.now_s() - self._seen.heard_s
        if age_s > FRESH_S:
            return f"the machine has said nothing for {age_s:.1f} s (limit {FRESH_S} s)"
        if seen.speed_kph is not None and seen.speed_kph > 0:
            return "the belt is not at rest; it is started only from a standstill"
        return self.remark

    async def _set_speed(self, speed_ckph: int, regardless: bool) -> CommandOutcome:
        target_kph, before_kph = speed_ckph / 100, self._seen.speed_kph
        if regardless and before_kph == 0:
            return await self._command(self._speed_frame(target_kph), f"a speed of {target_kph:.1f} km/h")
        if not self._we_run or not before_kph:
            return Rejected("the belt stands still or is not ours; a speed is set only while it runs for us")
        if (refusal := self._speed.refusal(target_kph)) is not None:
            return Rejected(refusal)
        figure = self._figure(target_kph)
        if figure == self._sent:
            return Accepted()
        self._sent = None
        outcome = await self._command(self._speed_frame(target_kph), f"a speed of {target_kph:.1f} km/h")
        if isinstance(outcome, Accepted) and self._we_run:
            self._sent = figure
            self._speed = self._speed.taken(before_kph, target_kph, self._clock.now_s())
        return outcome

    async def _set_grade(self, incline_dpct: int) -> CommandOutcome:
        target, before = incline_dpct / 10, self._seen.grade_percent
        if before is None:
            return Rejected("the machine tells no incline; nothing would confirm one")
        if not self._we_run:
            return Rejected("the machine is not in use for us; an incline is set only while it is")
        if (refusal := self._grade.refusal(target)) is not None:
            return Rejected(refusal)
        outcome = await self._command(codec.set_grade(incline_dpct), f"an incline of {target:.1f} %")
        if isinstance(outcome, Accepted):
            self._grade = self._grade.taken(before, target, self._clock.now_s())
        return outcome

    async def _command(self, data: bytes, what: str) -> CommandOutcome:
        stops = self._orders.stops
        async with self._pair:
            verdict = await self._told(data, stops)
        if verdict is Previous.OK:
            return Accepted()
        if verdict is None:
            return Unknown(f"{what} was sent, and the machine has not said what became of it")
        return Rejected(f"the machine says of {what}: {_words(verdict)}")

    async def _told(self, data: bytes, stops: int | None = None) -> Previous | None:
        """Send a frame, and what the next poll says became of it; None where nobody knows.

        ``stops``: as of ``Orders.give``; raises CalledOff where the frame was not sent.
        """
        try:
            await self._give(data, _bare, stops)
        except TimeoutError:
            return None
        with contextlib.suppress(TimeoutError, CalledOff):
            await self._poll(stops)
            return self._seen.previous
        return None

    def _speed_frame(self, speed_kph: float) -> bytes:
        """In the very unit that the machine tells: one that reads no unit then still takes it for what it is."""
        code = self._seen.speed_code
        return codec.set_speed_in(self._figure(speed_kph), codec.TENTH_KPH if code is None else code)

    def _figure(self, speed_kph: float) -> int:
        """Rounded down to the machine's own step."""
        code = self._seen.speed_code
        return int(speed_kph / KPH_PER_UNIT[codec.TENTH_KPH if code is None else code] + 1e-6)


def _answers(frames: Iterable[Frame]) -> list[Answer]:
    """What is cut is no answer: our own echoed poll looks like that."""
    answers = (codec.answer(one.contents) for one in frames)
    return [one for one in answers if one is not None and not one.cut]


def _anything(_said: Answer) -> bool:
    return True


def _bare(said: Answer) -> bool:
    """A command is answered by a status alone."""
    return not said.items


def _words(one: State | Previous | None) -> str:
    return "nothing that has a name" if one is None else one.name.lower().replace("_", " ")
