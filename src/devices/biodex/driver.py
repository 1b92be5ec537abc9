"""The driver of the Biodex RTM, an experiment: a round of questions five times a second, commands between them.

The machine has a command for the direction of its belt. It is sent only at a standstill that was measured, and read
back before the start; a belt that is then told to be set the other way is stopped at once. Nothing that the machine is
known to do stops its belt in silence.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from ...clock import Clock
from ...machine import (
    Accepted,
    BeltDirection,
    Command,
    CommandOutcome,
    DeviceProfile,
    Identity,
    LinkLost,
    MachineNotice,
    Rejected,
    Report,
    SetIncline,
    SetSpeed,
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
from .codec import Acknowledged, Answer, Direction, Elevation, Question, Refused, Speed, Status, Who
from .setup import Scale

ROUND_S = 0.2
"""Three questions with their answers are 14 bytes, 29 ms at 4800 baud, and a board's own time three times."""

SELDOM = 4
"""The elevation is asked for in every fourth round: it changes slowly."""

SILENCE_S = 1.0
"""Five rounds; what is older is no ground for a start."""

STILL_S = 2.0
"""A belt has been read at 0 for so long before it is started or turned, as on the other machine that reverses."""

MODELS = {"4": "RTM, one machine on the line", "5": "RTM, several machines on the line", "6": "RTM 3"}
PERCENT_A_DIGIT = 10
"""Two digits of an elevation: whole percents are assumed; in tenths of one."""


@dataclass(slots=True)
class _Seen:
    """What the machine has said last. ``status_s``, ``speed_s``: when; ``still_since_s``: since when it told 0."""

    counts: int | None = None
    speed_s: float = 0.0
    still_since_s: float | None = None
    direction: BeltDirection | None = None
    status: Status | None = None
    status_s: float = 0.0
    elevation_percent: float | None = None


@dataclass(slots=True)
class _Run:
    """A belt that we have started: the way, the counts that it was told last, and whether it was seen to move."""

    way: BeltDirection
    sent: int | None = None
    moved: bool = False


class BiodexConnection:
    """Reader and writer of one machine over one line."""

    def __init__(self, line: SerialLine, clock: Clock, scale: Scale, profile: DeviceProfile) -> None:
        """``scale``: of the machine's speeds, which the line does not tell. ``profile.reverses``: this very machine is
        known to; without it nothing reversed ever leaves."""
        self._line, self._clock, self._scale, self._profile = line, clock, scale, profile
        self._seen = _Seen()
        self._run: _Run | None = None
        self._model = ""
        parser = codec.parser()
        self._exchange: Exchange[Answer] = Exchange(
            line, clock, lambda data: [codec.meaning(one) for one in parser.feed(data)], self._heard
        )
        self._orders = Orders(self._exchange)
        self._telling = Telling()
        self._tasks: set[asyncio.Future[object]] = set()
        line.on_lost(lambda reason: self._telling.tell(LinkLost(reason)))

    # --- reading --------------------------------------------------------------------------------------------

    @property
    def profile(self) -> DeviceProfile:
        """As of ``TreadmillReader``."""
        return self._profile

    @property
    def identity(self) -> Identity:
        """What it says of itself."""
        return Identity(self._line.name, "", "Biodex", MODELS.get(self._model, self._model))

    @property
    def moving(self) -> bool:
        """Whether the belt was seen to move."""
        return self._seen.counts != 0

    async def meet(self) -> None:
        """The first questions; raises TimeoutError where nobody answers who speaks like this, and LineError."""
        who = await self._question(Question.WHO)
        self._model = who.model if isinstance(who, Who) else ""
        await self._round(0)
        self._begin(asyncio.ensure_future(rounds(self._clock, ROUND_S, self._round)))

    def reports(self) -> AsyncIterator[Report]:
        """As of ``TreadmillReader``."""
        return self._telling.reports()

    async def close(self) -> None:
        """As of ``TreadmillReader``. Nothing is known to stop a belt that runs."""
        self._telling.close()
        for task in self._tasks:
            task.cancel()
        await self._line.close()

    async def _round(self, number: int) -> None:
        """The speed last: its report carries the direction of the same round."""
        if number % SELDOM == 0:
            await self._question(Question.ELEVATION)
        await self._question(Question.STATUS)
        await self._question(Question.DIRECTION)
        await self._question(Question.SPEED)

    async def _question(self, question: Question) -> Answer:
        kind = _ANSWERS[question]
        return await self._exchange.ask(codec.question(question), lambda said: isinstance(said, kind), ANSWER_WITHIN_S)

    def _heard(self, said: Answer) -> None:
        match said:
            case Speed(counts):
                self._speed_is(counts)
            case Direction(way):
                self._way_is(way)
            case Status():
                self._status_is(said)
            case Elevation(digits):
                self._seen.elevation_percent = float(digits)
            case _:
                pass  # an acknowledgement belongs to who asked; noise means nothing and is not answered

    def _speed_is(self, counts: int) -> None:
        seen, before, now_s = self._seen, self._seen.counts, self._clock.now_s()
        gap = now_s - seen.speed_s > SILENCE_S
        seen.counts, seen.speed_s = counts, now_s
        if counts:
            seen.still_since_s = None
        elif seen.still_since_s is None or gap:
            seen.still_since_s = now_s
        self._motion_is(before == 0, counts > 0)
        speed_kph = self._scale.kph(counts)
        self._telling.tell(Telemetry(now_s, speed_kph, seen.elevation_percent, belt=seen.direction))

    def _motion_is(self, was_still: bool, moves: bool) -> None:
        """A change that is not ours is a hand at the console."""
        run = self._run
        if run is None:
            if was_still and moves:
                self._telling.tell(MachineNotice.STARTED_AT_CONSOLE)
        elif moves:
            run.moved = True
        elif run.moved:
            self._run = None
            self._telling.tell(MachineNotice.STOPPED_AT_CONSOLE)

    def _way_is(self, way: BeltDirection) -> None:
        """A belt of ours that is set the other way is stopped at once; who asked for it hears of it by the report."""
        self._seen.direction = way
        if self._run is not None and way is not self._run.way:
            self._begin(asyncio.ensure_future(outcome_of(self._stop())))

    def _status_is(self, status: Status) -> None:
        before, self._seen.status, self._seen.status_s = self._seen.status, status, self._clock.now_s()
        if status.lanyard_pulled and not (before is not None and before.lanyard_pulled):
            self._run = None
            self._telling.tell(MachineNotice.SAFETY_KEY_PULLED)

    def _begin(self, task: asyncio.Future[object]) -> None:
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
                return await self._set_speed(self._scale.counts(speed_ckph / 100), regardless)
            case SetIncline(incline_dpct):
                digits = incline_dpct // PERCENT_A_DIGIT
                return await self._command(codec.set_elevation(digits), codec.Command.SET_ELEVATION)

    async def _stop(self) -> CommandOutcome:
        """Before everything that waits; what waits is not sent any more."""
        self._run = None
        stop = codec.Command.STOP
        return _outcome(await self._orders.stop(codec.command(stop), _answers_to(stop)))

    async def _start(self, way: BeltDirection, regardless: bool) -> CommandOutcome:
        """The way and its read-back, the lowest speed, the start."""
        start = codec.Command.START
        if regardless and self._run is not None and self._run.way is way:
            return await self._command(codec.command(start), start)
        if (refusal := self._not_started(way, regardless)) is not None:
            return Rejected(refusal)
        stops, lowest = self._orders.stops, max(1, self._scale.counts(self._profile.capabilities.speed_min_ckph / 100))
        outcome = await self._turn(way, stops)
        if isinstance(outcome, Accepted):
            outcome = await self._command(codec.set_speed(lowest), codec.Command.SET_SPEED, stops)
        if not isinstance(outcome, Accepted):
            return outcome
        run = self._run = _Run(way, lowest)
        outcome = Unknown("the start was called off")
        try:
            outcome = await self._command(codec.command(start), start, stops)
        finally:
            if isinstance(outcome, Rejected) and self._run is run:
                self._run = None
        return outcome

    def _not_started(self, way: BeltDirection, regardless: bool) -> str | None:
        """Why no start leaves; None where one may. ``regardless``: nobody is on the belt, and it is to be found out."""
        seen, now_s = self._seen, self._clock.now_s()
        reverses = self._profile.reverses or (regardless and self._profile.may_reverse)
        if way is BeltDirection.REVERSED and not reverses:
            return f"{self._profile.name} is not known to run its belt backwards; nothing was sent"
        if (age_s := now_s - min(seen.speed_s, seen.status_s)) > SILENCE_S or seen.status is None:
            return f"the machine has told its speed and its status {age_s:.1f} s ago (limit {SILENCE_S} s)"
        if seen.status.lanyard_pulled:
            return "the safety lanyard is pulled; put it back"
        if seen.status.faults:
            return f"the machine tells of {', '.join(seen.status.faults)}; it is not started"
        if seen.still_since_s is None:
            return "the belt moves; it is started only from a standstill"
        if now_s - seen.still_since_s < STILL_S:
            return f"the belt was read at 0 for {now_s - seen.still_since_s:.1f} s only; it takes {STILL_S} s"
        return None

    async def _turn(self, way: BeltDirection, stops: int) -> CommandOutcome:
        """Set at rest, where it is not, and read back in any case."""
        if self._seen.direction is not way:
            outcome = await self._command(codec.set_direction(way), codec.Command.SET_DIRECTION, stops)
            if not isinstance(outcome, Accepted):
                return outcome
        said = await self._question(Question.DIRECTION)
        if said == Direction(way):
            return Accepted()
        return Rejected(f"the belt was to run {way.value} and the machine says that it is set otherwise; not started")

    async def _set_speed(self, counts: int, regardless: bool) -> CommandOutcome:
        """``regardless``: also to a still belt, which then stores it."""
        run = self._run
        if regardless and run is None and not self.moving:
            return await self._command(codec.set_speed(counts), codec.Command.SET_SPEED)
        if run is None or not self._seen.counts:
            return Rejected("the belt stands still or is not ours; a speed is set only while it runs as it was started")
        if counts == run.sent:
            return Accepted()
        run.sent = None
        outcome = await self._command(codec.set_speed(counts), codec.Command.SET_SPEED)
        if isinstance(outcome, Accepted):
            run.sent = counts
        return outcome

    async def _command(self, data: bytes, what: codec.Command, stops: int | None = None) -> CommandOutcome:
        """One command in its turn; see ``Orders.give``."""
        return _outcome(await self._orders.give(data, _answers_to(what), stops))


_ANSWERS = {
    Question.WHO: Who,
    Question.SPEED: Speed,
    Question.ELEVATION: Elevation,
    Question.DIRECTION: Direction,
    Question.STATUS: Status,
}


def _answers_to(what: codec.Command) -> Callable[[Answer], bool]:
    return lambda said: isinstance(said, Refused) or said == Acknowledged(what)


def _outcome(said: Answer) -> CommandOutcome:
    return Rejected("the machine refused it, and does not say why") if isinstance(said, Refused) else Accepted()
