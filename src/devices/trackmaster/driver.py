"""The driver of the Trackmaster family: a round of questions five times a second, commands between them.

The round is the life-sign too: a belt that was started with its watchdog stops by itself when nothing is said for half
a second, whatever becomes of this program.
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
    MachineNotice,
    Rejected,
    SetIncline,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    StopBelt,
    TargetChanged,
    Telemetry,
    Unknown,
)
from ..serialport.line import SerialLine
from ..serialport.treadmill import SerialTreadmill
from . import codec
from .codec import Acknowledged, Answer, Belt, BeltState, Figure, Question, Refused

ROUND_S = 0.15
"""From one question about the speed to the next: three of them fit into the half second of the watchdog."""

SELDOM = 4
"""Elevation and commanded speed are asked for in every fourth round: they change slowly."""


@dataclass(slots=True)
class _Seen:
    """What the machine has said last. ``sent_tenths``: the speed that we have set, None before."""

    belt: BeltState | None = None
    speed_tenths: int | None = None
    elevation_tenths: int | None = None
    commanded_tenths: int | None = None
    sent_tenths: int | None = None
    we_run: bool = False


class TrackmasterConnection(SerialTreadmill[Answer]):
    """Reader and writer of one machine over one line."""

    def __init__(self, line: SerialLine, clock: Clock, unit: SpeedUnit, profile: DeviceProfile) -> None:
        """``unit``: of the machine's figures, which the line does not tell."""
        super().__init__(line, clock, profile)
        self._unit = unit
        self._seen = _Seen()

    # --- reading --------------------------------------------------------------------------------------------

    async def meet(self) -> None:
        """The first round; raises TimeoutError where nobody answers who speaks like this, and LineError."""
        await self._question(Question.BELT)
        await self._question(Question.SPEED)
        self._go_on(ROUND_S, self._round)

    @property
    def moving(self) -> bool:
        """Whether the belt was seen to move."""
        return self._seen.speed_tenths != 0 or self._seen.belt is not BeltState.STOPPED

    def _reading(self) -> Callable[[bytes], list[Answer]]:
        parser = codec.parser()
        return lambda data: [codec.meaning(one) for one in parser.feed(data)]

    async def _round(self, number: int) -> None:
        await self._question(Question.SPEED)
        await self._question(Question.BELT)
        if number % SELDOM == 0:
            await self._question(Question.ELEVATION)
            await self._question(Question.COMMANDED_SPEED)

    async def _question(self, question: Question) -> None:
        def answers(said: Answer) -> bool:
            if question is Question.BELT:
                return isinstance(said, Belt)
            return isinstance(said, Figure) and said.question is question

        await self._ask(codec.question(question), answers)

    def _heard(self, said: Answer) -> None:
        seen = self._seen
        match said:
            case Belt(state):
                self._belt_is(state)
            case Figure(Question.SPEED, tenths):
                seen.speed_tenths = tenths
                self._telling.tell(self._telemetry())
            case Figure(Question.ELEVATION, tenths):
                seen.elevation_tenths = tenths
            case Figure(Question.COMMANDED_SPEED, tenths):
                self._target_is(tenths)
            case _:
                pass  # an acknowledgement belongs to who asked; noise means nothing and is not answered

    def _belt_is(self, state: BeltState) -> None:
        """A change that is not ours is a hand at the console."""
        seen, before = self._seen, self._seen.belt
        seen.belt = state
        if state is BeltState.STOPPED and seen.we_run and before is BeltState.RUNNING_WATCHED:
            seen.we_run = False
            self._telling.tell(MachineNotice.STOPPED_AT_CONSOLE)
        elif state is not BeltState.STOPPED and before is BeltState.STOPPED and not seen.we_run:
            self._telling.tell(MachineNotice.STARTED_AT_CONSOLE)

    def _target_is(self, tenths: int) -> None:
        seen, before = self._seen, self._seen.commanded_tenths
        seen.commanded_tenths = tenths
        if before is not None and tenths not in (before, seen.sent_tenths) and seen.belt is not BeltState.STOPPED:
            self._telling.tell(TargetChanged(speed_kph=self._kph(tenths)))

    def _telemetry(self) -> Telemetry:
        seen = self._seen
        speed = None if seen.speed_tenths is None else self._kph(seen.speed_tenths)
        incline = None if seen.elevation_tenths is None else seen.elevation_tenths / 10
        return Telemetry(self._clock.now_s(), speed, incline, belt=BeltDirection.FORWARD)

    def _kph(self, tenths: int) -> float:
        return tenths / 10 * self._unit.one_kph

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
                return await self._set_speed(self._tenths(speed_ckph), regardless)
            case SetIncline(incline_dpct):
                step = codec.ELEVATION_STEP_TENTHS
                return await self._command(
                    codec.set_elevation(incline_dpct // step * step), codec.Command.SET_ELEVATION
                )

    async def _stop(self) -> CommandOutcome:
        """Before everything that waits; what waits is not sent any more."""
        self._seen.we_run = False
        stop = codec.Command.STOP
        return _outcome(await self._orders.stop(codec.command(stop), _answers_to(stop)))

    async def _start(self, regardless: bool) -> CommandOutcome:
        """A belt starts towards the speed that it was last told: so that is the lowest, and is read back first."""
        if regardless and self._seen.we_run:
            return await self._command(codec.command(codec.Command.START), codec.Command.START)
        if self._seen.belt is not BeltState.STOPPED or self._seen.speed_tenths:
            return Rejected("the belt is not at rest; it is started only from a standstill")
        lowest = self._tenths(self._profile.capabilities.speed_min_ckph)
        stops = self._orders.stops
        set_lowest = await self._send_speed(lowest)
        if not isinstance(set_lowest, Accepted):
            return set_lowest
        await self._question(Question.COMMANDED_SPEED)
        if self._seen.commanded_tenths != lowest:
            return Rejected(f"the machine was told {lowest} tenths and says {self._seen.commanded_tenths}; not started")
        outcome = await self._command(codec.command(codec.Command.START), codec.Command.START, stops)
        self._seen.we_run = isinstance(outcome, Accepted)
        return outcome

    async def _set_speed(self, tenths: int, regardless: bool) -> CommandOutcome:
        """``regardless``: also to a belt at rest, which keeps it for its next start."""
        if regardless and not self.moving:
            return await self._send_speed(tenths)
        watched = self._seen.we_run and self._seen.belt is BeltState.RUNNING_WATCHED
        if not watched or not self._seen.speed_tenths:
            return Rejected("the belt stands still; a speed is set only while it runs")
        if tenths == self._seen.sent_tenths:
            return Accepted()
        return await self._send_speed(tenths)

    async def _send_speed(self, tenths: int) -> CommandOutcome:
        """What was not accepted is sent again when it is asked for again."""
        self._seen.sent_tenths = tenths
        outcome: CommandOutcome = Unknown("the set speed was called off")
        try:
            outcome = await self._command(codec.set_speed(tenths), codec.Command.SET_SPEED)
        finally:
            if not isinstance(outcome, Accepted):
                self._seen.sent_tenths = None
        return outcome

    async def _command(self, data: bytes, what: codec.Command, stops: int | None = None) -> CommandOutcome:
        """One command in its turn; see ``Orders.give``."""
        return _outcome(await self._orders.give(data, _answers_to(what), stops))

    def _tenths(self, speed_ckph: int) -> int:
        """Rounded down to the machine's own step."""
        return int(speed_ckph / 10 / self._unit.one_kph + 1e-6)


def _answers_to(what: codec.Command) -> Callable[[Answer], bool]:
    return lambda said: isinstance(said, Refused) or said == Acknowledged(what)


def _outcome(said: Answer) -> CommandOutcome:
    if isinstance(said, Refused):
        why = "is out of its range" if said.why is codec.Refusal.OUT_OF_RANGE else "is not known to it"
        return Rejected(f"the machine says that this {why}")
    return Accepted()
