"""The driver of the Woodway dialect at 4800 baud: a round of questions six times a second, commands between them.

The machine says the way that its belt runs with every speed. So a start says a way, at a standstill that was measured,
and is not taken for done before the belt was read back to run that way; a belt that is read back to run the other way
is stopped at once, whenever that is. A speed only ever goes out with the way of the start.

The round is the life-sign too: a belt that was started with its communication timer stops by itself in silence. How
long that timer is nobody has published: half a second without a good answer counts as its end.
"""

from __future__ import annotations

from collections.abc import Callable

from ...clock import Clock
from ...machine import (
    Accepted,
    BeltDirection,
    Command,
    CommandOutcome,
    DeviceProfile,
    Rejected,
    SetIncline,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    StopBelt,
    Telemetry,
)
from ..serialport.line import SerialLine
from ..serialport.two_ways import Run, TwoWayTreadmill
from . import codec
from .codec import Acknowledged, Answer, Elevation, Question, Refused, Speed, TimedOut

ROUND_S = 0.15
"""From one question about the speed to the next: three of them fit into half a second."""

SELDOM = 4
"""The elevation is asked for in every fourth round: it changes slowly."""

SILENCE_S = 0.5
"""Without a good answer for so long the machine's timer may have fired; Trackmaster's, which its maker states, is as
long."""

WAY_SHOWN_WITHIN_S = 0.4
"""From the answer to a start until its read-back; with the answers before it this fits into the second that the
gate waits. A belt that takes longer to move is led nowhere before it has shown its way."""


class WoodwayConnection(TwoWayTreadmill[Answer]):
    """Reader and writer of one machine over one line."""

    silence_s = SILENCE_S

    def __init__(self, line: SerialLine, clock: Clock, profile: DeviceProfile) -> None:
        super().__init__(line, clock, profile)
        self._speed: Speed | None = None
        self._elevation_tenths: int | None = None

    # --- reading --------------------------------------------------------------------------------------------

    @property
    def moving(self) -> bool:
        """Whether the belt was seen to move."""
        return self._speed is None or self._speed.tenths_mph > 0

    async def meet(self) -> None:
        """The first questions; raises TimeoutError where nobody answers who speaks like this, and LineError."""
        await self._question(Question.PRESENT)
        await self._question(Question.SPEED)
        self._go_on(ROUND_S, self._round)
        self._begin(self._mind_silence())

    def _reading(self) -> Callable[[bytes], list[Answer]]:
        parser = codec.parser()
        return lambda data: [codec.meaning(one) for one in parser.feed(data)]

    async def _round(self, number: int) -> None:
        await self._question(Question.SPEED)
        if number % SELDOM == 0:
            await self._question(Question.ELEVATION)

    async def _question(self, question: Question) -> None:
        await self._ask(codec.question(question), _answers_question(question))

    async def _mind_silence(self) -> None:
        """A belt of ours that says nothing for too long is taken for one that its timer is stopping."""
        while True:
            now_s, due_s = self._clock.now_s(), self._still.heard_s + SILENCE_S
            if now_s >= due_s:
                self._session_over()
            await self._clock.sleep_until(due_s if now_s < due_s else now_s + SILENCE_S)

    def _heard(self, said: Answer) -> None:
        match said:
            case Speed():
                self._speed_is(said)
            case Elevation(tenths):
                self._elevation_tenths = tenths
            case TimedOut():
                self._session_over()
            case _:
                pass  # an acknowledgement belongs to who asked; noise means nothing and is not answered

    def _speed_is(self, speed: Speed) -> None:
        now_s, moves = self._clock.now_s(), speed.tenths_mph > 0
        self._speed = speed
        self._still.read(moves, now_s)
        if moves and self._run is not None:
            self._run.moved = True
            self._way_is(speed.direction)
        incline_percent = None if self._elevation_tenths is None else self._elevation_tenths / 10
        self._telling.tell(Telemetry(now_s, _kph(speed.tenths_mph), incline_percent, belt=speed.direction))

    # --- writing --------------------------------------------------------------------------------------------

    async def _perform(self, command: Command) -> CommandOutcome:
        match command:
            case StopBelt():
                return await self._stop()
            case StartBelt(regardless, way):
                return await self._start(way, regardless)
            case SetSpeed(speed_ckph, regardless):
                return await self._set_speed(self._counts(speed_ckph), regardless)
            case SetIncline(incline_dpct):
                return await self._command(codec.set_elevation(incline_dpct), codec.Command.SET_ELEVATION)

    def _counts(self, speed_ckph: int) -> int:
        """Tenths of a mile per hour."""
        return int(speed_ckph / 10 / SpeedUnit.MPH.one_kph + 1e-6)

    async def _send_stop(self) -> CommandOutcome:
        stop = codec.Command.STOP
        return _outcome(await self._orders.stop(codec.command(stop), _answers_to(stop)))

    async def _send_start(self, stops: int | None = None) -> CommandOutcome:
        return await self._command(codec.command(codec.Command.START), codec.Command.START, stops)

    async def _send_speed(self, counts: int, way: BeltDirection, stops: int | None = None) -> CommandOutcome:
        return await self._command(codec.set_speed(counts, way), codec.Command.SET_SPEED, stops)

    async def _shown(self, run: Run, stops: int) -> CommandOutcome:
        """The start is done when the belt was read back to run its way."""
        gives_up_s = self._clock.now_s() + WAY_SHOWN_WITHIN_S
        while not run.moved and stops == self._orders.stops and self._clock.now_s() < gives_up_s:
            await self._question(Question.SPEED)
        if run.wrong:
            return Rejected(f"the belt was started {run.way.value} and runs the other way; it was stopped at once")
        return Accepted() if stops == self._orders.stops else Rejected("a stop came before the belt had shown its way")

    async def _command(self, data: bytes, what: codec.Command, stops: int | None = None) -> CommandOutcome:
        """One command in its turn; see ``Orders.give``."""
        return _outcome(await self._orders.give(data, _answers_to(what), stops))


def _kph(tenths_mph: int) -> float:
    return tenths_mph / 10 * SpeedUnit.MPH.one_kph


def _answers_question(question: Question) -> Callable[[Answer], bool]:
    kinds = {Question.PRESENT: codec.Present, Question.SPEED: Speed, Question.ELEVATION: Elevation}
    kind = kinds.get(question, codec.Firmware)
    return lambda said: isinstance(said, kind)


def _answers_to(what: codec.Command) -> Callable[[Answer], bool]:
    return lambda said: isinstance(said, Refused) or said == Acknowledged(what)


def _outcome(said: Answer) -> CommandOutcome:
    if isinstance(said, Refused):
        why = "is not possible now" if said.why is codec.Refusal.INVALID_DATA else "is not known to it"
        return Rejected(f"the machine says that this {why}")
    return Accepted()
