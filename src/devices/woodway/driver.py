"""The driver of the Woodway dialect at 4800 baud: a round of questions six times a second, commands between them.

The machine says the way that its belt runs with every speed. So a start says a way, at a standstill that was measured,
and is not taken for done before the belt was read back to run that way; a belt that is read back to run the other way
is stopped at once, whenever that is. A speed only ever goes out with the way of the start.

The round is the life-sign too: a belt that was started with its communication timer stops by itself in silence. How
long that timer is nobody has published: half a second without a good answer counts as its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from ...clock import Clock
from ...machine import (
    Accepted,
    BeltDirection,
    Command,
    CommandOutcome,
    DeviceProfile,
    LinkLost,
    MachineNotice,
    Rejected,
    Report,
    SetIncline,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    StopBelt,
    Telemetry,
    Unknown,
)
from ..serialport.exchange import Exchange
from ..serialport.line import SerialLine
from ..serialport.orders import ANSWER_WITHIN_S, Orders, beyond, outcome_of, rounds
from ..serialport.telling import Telling
from . import codec
from .codec import Acknowledged, Answer, Elevation, Question, Refused, Speed, TimedOut

ROUND_S = 0.15
"""From one question about the speed to the next: three of them fit into half a second."""

SELDOM = 4
"""The elevation is asked for in every fourth round: it changes slowly."""

SILENCE_S = 0.5
"""Without a good answer for so long the machine's timer may have fired; Trackmaster's, which its maker states, is as
long."""

STILL_S = 2.0
"""A belt has been read back at 0.0 for so long before it is started: one that coasts may tell a first zero early."""

WAY_SHOWN_WITHIN_S = 0.4
"""From the answer to a start until its read-back; with the answers before it this fits into the second that the
gate waits. A belt that takes longer to move is led nowhere before it has shown its way."""


@dataclass(slots=True)
class _Seen:
    """What the machine has said last. ``heard_s``: when it last told its speed. ``still_since_s``: since when it told
    0.0 without a gap."""

    speed: Speed | None = None
    elevation_tenths: int | None = None
    heard_s: float = 0.0
    still_since_s: float | None = None


@dataclass(slots=True)
class _Run:
    """A belt that we have started. ``shown``: it was read back to move, ``wrong``: and not this way."""

    way: BeltDirection
    shown: bool = False
    wrong: bool = False
    sent_tenths: int | None = None


class WoodwayConnection:
    """Reader and writer of one machine over one line."""

    def __init__(self, line: SerialLine, clock: Clock, profile: DeviceProfile) -> None:
        """``profile.reverses``: this very machine is known to; without it nothing reversed ever leaves."""
        self._line, self._clock, self._profile = line, clock, profile
        self._seen = _Seen(heard_s=clock.now_s())
        self._run: _Run | None = None
        parser = codec.parser()
        self._exchange: Exchange[Answer] = Exchange(
            line, clock, lambda data: [codec.meaning(one) for one in parser.feed(data)], self._heard
        )
        self._orders = Orders(self._exchange)
        self._telling = Telling()
        self._tasks: set[asyncio.Task[object]] = set()
        line.on_lost(lambda reason: self._telling.tell(LinkLost(reason)))

    # --- reading --------------------------------------------------------------------------------------------

    @property
    def profile(self) -> DeviceProfile:
        """As of ``TreadmillReader``."""
        return self._profile

    @property
    def moving(self) -> bool:
        """Whether the belt was seen to move."""
        return self._seen.speed is None or self._seen.speed.tenths_mph > 0

    async def meet(self) -> None:
        """The first questions; raises TimeoutError where nobody answers who speaks like this, and LineError."""
        await self._question(Question.PRESENT)
        await self._question(Question.SPEED)
        self._begin(rounds(self._clock, ROUND_S, self._round))
        self._begin(self._mind_silence())

    def reports(self) -> AsyncIterator[Report]:
        """As of ``TreadmillReader``."""
        return self._telling.reports()

    async def close(self) -> None:
        """As of ``TreadmillReader``: from here on silence, which stops a belt with a timer."""
        self._telling.close()
        for task in self._tasks:
            task.cancel()
        await self._line.close()

    async def _round(self, number: int) -> None:
        await self._question(Question.SPEED)
        if number % SELDOM == 0:
            await self._question(Question.ELEVATION)

    async def _question(self, question: Question) -> None:
        await self._exchange.ask(codec.question(question), _answers_question(question), ANSWER_WITHIN_S)

    async def _mind_silence(self) -> None:
        """A belt of ours that says nothing for too long is taken for one that its timer is stopping."""
        while True:
            now_s, due_s = self._clock.now_s(), self._seen.heard_s + SILENCE_S
            if now_s >= due_s:
                self._session_over()
            await self._clock.sleep_until(due_s if now_s < due_s else now_s + SILENCE_S)

    def _heard(self, said: Answer) -> None:
        match said:
            case Speed():
                self._speed_is(said)
            case Elevation(tenths):
                self._seen.elevation_tenths = tenths
            case TimedOut():
                self._session_over()
            case _:
                pass  # an acknowledgement belongs to who asked; noise means nothing and is not answered

    def _speed_is(self, speed: Speed) -> None:
        seen, now_s = self._seen, self._clock.now_s()
        gap = now_s - seen.heard_s > SILENCE_S
        seen.speed, seen.heard_s = speed, now_s
        if speed.tenths_mph > 0:
            seen.still_since_s = None
            self._way_is(speed.direction)
        elif seen.still_since_s is None or gap:
            seen.still_since_s = now_s
        incline_percent = None if seen.elevation_tenths is None else seen.elevation_tenths / 10
        self._telling.tell(Telemetry(now_s, _kph(speed.tenths_mph), incline_percent, belt=speed.direction))

    def _way_is(self, way: BeltDirection) -> None:
        """A belt of ours that runs the other way is stopped at once; who asked for it hears of it by the report."""
        run = self._run
        if run is None:
            return
        run.shown = True
        if way is not run.way:
            run.wrong, self._run = True, None
            self._begin(outcome_of(self._stop()))

    def _session_over(self) -> None:
        """Somebody or something else is stopping a belt that we run; it goes on only with a whole new start."""
        if self._run is not None:
            self._run = None
            self._telling.tell(MachineNotice.STOPPED_AT_CONSOLE)

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- writing --------------------------------------------------------------------------------------------

    async def perform(self, command: Command) -> CommandOutcome:
        """As of ``TreadmillWriter``."""
        if self._telling.closed:
            return Unknown("the connection is closed; the command was not sent")
        return await outcome_of(self._perform(command))

    async def _perform(self, command: Command) -> CommandOutcome:
        if (refusal := beyond(command, self._profile.capabilities)) is not None:
            return refusal
        match command:
            case StopBelt():
                return await self._stop()
            case StartBelt(regardless, way):
                return await self._start(way, regardless)
            case SetSpeed(speed_ckph, regardless):
                return await self._set_speed(_tenths(speed_ckph), regardless)
            case SetIncline(incline_dpct):
                return await self._command(codec.set_elevation(incline_dpct), codec.Command.SET_ELEVATION)

    async def _stop(self) -> CommandOutcome:
        """Before everything that waits; what waits is not sent any more."""
        self._run = None
        stop = codec.Command.STOP
        return _outcome(await self._orders.stop(codec.command(stop), _answers_to(stop)))

    async def _start(self, way: BeltDirection, regardless: bool) -> CommandOutcome:
        """The lowest speed that way, the start, and a look at the way that the belt then runs."""
        if regardless and self._run is not None and self._run.way is way:
            return await self._command(codec.command(codec.Command.START), codec.Command.START)
        if (refusal := self._not_started(way, regardless)) is not None:
            return Rejected(refusal)
        stops, lowest = self._orders.stops, max(1, _tenths(self._profile.capabilities.speed_min_ckph))
        stored = await self._command(codec.set_speed(lowest, way), codec.Command.SET_SPEED)
        if not isinstance(stored, Accepted):
            return stored
        run = self._run = _Run(way, sent_tenths=lowest)
        outcome: CommandOutcome = Unknown("the start was called off")
        try:
            outcome = await self._command(codec.command(codec.Command.START), codec.Command.START, stops)
        finally:
            if isinstance(outcome, Rejected) and self._run is run:
                self._run = None
        return await self._shown(run, stops) if isinstance(outcome, Accepted) else outcome

    def _not_started(self, way: BeltDirection, regardless: bool) -> str | None:
        """Why no start leaves; None where one may. ``regardless``: nobody is on the belt, and it is to be found out."""
        reverses = self._profile.reverses or (regardless and self._profile.may_reverse)
        if way is BeltDirection.REVERSED and not reverses:
            return f"{self._profile.name} is not known to run its belt backwards; nothing was sent"
        now_s, still_since_s = self._clock.now_s(), self._seen.still_since_s
        if now_s - self._seen.heard_s > SILENCE_S:
            return f"the machine has said nothing for {now_s - self._seen.heard_s:.1f} s (limit {SILENCE_S} s)"
        if still_since_s is None:
            return "the belt moves; it is started only from a standstill"
        if now_s - still_since_s < STILL_S:
            return f"the belt was read at 0.0 for {now_s - still_since_s:.1f} s only; it takes {STILL_S} s"
        return None

    async def _shown(self, run: _Run, stops: int) -> CommandOutcome:
        """The start is done when the belt was read back to run its way."""
        gives_up_s = self._clock.now_s() + WAY_SHOWN_WITHIN_S
        while not run.shown and stops == self._orders.stops and self._clock.now_s() < gives_up_s:
            await self._question(Question.SPEED)
        if run.wrong:
            return Rejected(f"the belt was started {run.way.value} and runs the other way; it was stopped at once")
        return Accepted() if stops == self._orders.stops else Rejected("a stop came before the belt had shown its way")

    async def _set_speed(self, tenths: int, regardless: bool) -> CommandOutcome:
        """``regardless``: also to a still belt, which then stores it; forward, as nobody has said another way."""
        run, speed = self._run, self._seen.speed
        if regardless and run is None and not self.moving:
            return await self._command(codec.set_speed(tenths, BeltDirection.FORWARD), codec.Command.SET_SPEED)
        if run is None or speed is None or not speed.tenths_mph:
            return Rejected("the belt stands still or was stopped; a speed is set while it runs as it was started")
        if tenths == run.sent_tenths:
            return Accepted()
        return await self._send_speed(run, tenths)

    async def _send_speed(self, run: _Run, tenths: int) -> CommandOutcome:
        """What was not accepted is sent again when it is asked for again."""
        run.sent_tenths = None
        outcome = await self._command(codec.set_speed(tenths, run.way), codec.Command.SET_SPEED)
        if isinstance(outcome, Accepted):
            run.sent_tenths = tenths
        return outcome

    async def _command(self, data: bytes, what: codec.Command, stops: int | None = None) -> CommandOutcome:
        """One command in its turn; see ``Orders.give``."""
        return _outcome(await self._orders.give(data, _answers_to(what), stops))


def _kph(tenths_mph: int) -> float:
    return tenths_mph / 10 * SpeedUnit.MPH.one_kph


def _tenths(speed_ckph: int) -> int:
    """Rounded down to the machine's own step."""
    return int(speed_ckph / 10 / SpeedUnit.MPH.one_kph + 1e-6)


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
