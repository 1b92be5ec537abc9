"""The driver of the Biodex RTM, an experiment: a round of questions five times a second, commands between them.

The machine has a command for the direction of its belt. It is sent only at a standstill that was measured, and read
back before the start; a belt that is then told to be set the other way is stopped at once. Nothing that the machine is
known to do stops its belt in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
    StartBelt,
    StopBelt,
    Telemetry,
)
from ..serialport.line import SerialLine
from ..serialport.two_ways import TwoWayTreadmill
from . import codec
from .codec import Acknowledged, Answer, Direction, Elevation, Question, Refused, Speed, Status, Who
from .setup import Scale

ROUND_S = 0.2
"""Three questions with their answers are 14 bytes, 29 ms at 4800 baud, and a board's own time three times."""

SELDOM = 4
"""The elevation is asked for in every fourth round: it changes slowly."""

SILENCE_S = 1.0
"""Five rounds; what is older is no ground for a start."""

MODELS = {"4": "RTM, one machine on the line", "5": "RTM, several machines on the line", "6": "RTM 3"}
PERCENT_A_DIGIT = 10
"""Two digits of an elevation: whole percents are assumed; in tenths of one."""


@dataclass(slots=True)
class _Seen:
    """What the machine has said last. ``status_s``: when it told its status."""

    counts: int | None = None
    direction: BeltDirection | None = None
    status: Status | None = None
    status_s: float = 0.0
    elevation_percent: float | None = None


class BiodexConnection(TwoWayTreadmill[Answer]):
    """Reader and writer of one machine over one line."""

    silence_s = SILENCE_S

    def __init__(self, line: SerialLine, clock: Clock, scale: Scale, profile: DeviceProfile) -> None:
        """``scale``: of the machine's speeds, which the line does not tell."""
        super().__init__(line, clock, profile)
        self._scale = scale
        self._seen = _Seen()
        self._model = ""

    # --- reading --------------------------------------------------------------------------------------------

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
        self._go_on(ROUND_S, self._round)

    def _reading(self) -> Callable[[bytes], list[Answer]]:
        parser = codec.parser()
        return lambda data: [codec.meaning(one) for one in parser.feed(data)]

    async def _round(self, number: int) -> None:
        """The speed last: its report carries the direction of the same round."""
        if number % SELDOM == 0:
            await self._question(Question.ELEVATION)
        await self._question(Question.STATUS)
        await self._question(Question.DIRECTION)
        await self._question(Question.SPEED)

    async def _question(self, question: Question) -> Answer:
        kind = _ANSWERS[question]
        return await self._ask(codec.question(question), lambda said: isinstance(said, kind))

    def _heard(self, said: Answer) -> None:
        match said:
            case Speed(counts):
                self._speed_is(counts)
            case Direction(way):
                self._seen.direction = way
                self._way_is(way)
            case Status():
                self._status_is(said)
            case Elevation(digits):
                self._seen.elevation_percent = float(digits)
            case _:
                pass  # an acknowledgement belongs to who asked; noise means nothing and is not answered

    def _speed_is(self, counts: int) -> None:
        seen, before, now_s = self._seen, self._seen.counts, self._clock.now_s()
        seen.counts = counts
        self._still.read(counts > 0, now_s)
        self._motion_is(before == 0, counts > 0)
        self._telling.tell(Telemetry(now_s, self._scale.kph(counts), seen.elevation_percent, belt=seen.direction))

    def _motion_is(self, was_still: bool, moves: bool) -> None:
        """A change that is not ours is a hand at the console."""
        run = self._run
        if run is None:
            if was_still and moves:
                self._telling.tell(MachineNotice.STARTED_AT_CONSOLE)
        elif moves:
            run.moved = True
        elif run.moved:
            self._session_over()

    def _status_is(self, status: Status) -> None:
        before, self._seen.status, self._seen.status_s = self._seen.status, status, self._clock.now_s()
        if status.lanyard_pulled and not (before is not None and before.lanyard_pulled):
            self._run = None
            self._telling.tell(MachineNotice.SAFETY_KEY_PULLED)

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
                digits = incline_dpct // PERCENT_A_DIGIT
                return await self._command(codec.set_elevation(digits), codec.Command.SET_ELEVATION)

    def _counts(self, speed_ckph: int) -> int:
        return self._scale.counts(speed_ckph / 100)

    async def _send_stop(self) -> CommandOutcome:
        stop = codec.Command.STOP
        return _outcome(await self._orders.stop(codec.command(stop), _answers_to(stop)))

    async def _send_start(self, stops: int | None = None) -> CommandOutcome:
        return await self._command(codec.command(codec.Command.START), codec.Command.START, stops)

    async def _send_speed(self, counts: int, _way: BeltDirection, stops: int | None = None) -> CommandOutcome:
        return await self._command(codec.set_speed(counts), codec.Command.SET_SPEED, stops)

    def _not_ready(self) -> str | None:
        seen, age_s = self._seen, self._clock.now_s() - self._seen.status_s
        if age_s > SILENCE_S or seen.status is None:
            return f"the machine has told its status {age_s:.1f} s ago (limit {SILENCE_S} s)"
        if seen.status.lanyard_pulled:
            return "the safety lanyard is pulled; put it back"
        if seen.status.faults:
            return f"the machine tells of {', '.join(seen.status.faults)}; it is not started"
        return None

    async def _set_way(self, way: BeltDirection, stops: int) -> CommandOutcome:
        """Set at rest, where it is not, and read back in any case."""
        if self._seen.direction is not way:
            outcome = await self._command(codec.set_direction(way), codec.Command.SET_DIRECTION, stops)
            if not isinstance(outcome, Accepted):
                return outcome
        said = await self._question(Question.DIRECTION)
        if said == Direction(way):
            return Accepted()
        return Rejected(f"the belt was to run {way.value} and the machine says that it is set otherwise; not started")

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
