"""A serial machine whose belt runs both ways: started one way from a measured standstill, and led only that way."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TypeVar

from ...clock import Clock
from ...machine import Accepted, BeltDirection, CommandOutcome, DeviceProfile, MachineNotice, Rejected, Unknown
from .line import SerialLine
from .orders import outcome_of
from .standstill import Standstill
from .treadmill import SerialTreadmill

A = TypeVar("A")


@dataclass(slots=True)
class Run:
    """A belt that we have started.

    ``sent``: the speed that it was told last, in the machine's counts. ``moved``: it was read to move. ``wrong``: and
    the other way.
    """

    way: BeltDirection
    sent: int | None = None
    moved: bool = False
    wrong: bool = False


class TwoWayTreadmill(SerialTreadmill[A]):
    """``profile.reverses``: this very machine is known to run both ways.

    Without it nothing reversed leaves, but in a trial of a machine that may (``profile.may_reverse``).
    """

    silence_s: float
    """What is older is no ground for a start."""

    def __init__(self, line: SerialLine, clock: Clock, profile: DeviceProfile) -> None:
        super().__init__(line, clock, profile)
        self._run: Run | None = None
        self._still = Standstill(self.silence_s, clock.now_s())

    # --- of the dialect -------------------------------------------------------------------------------------

    @abstractmethod
    def _counts(self, speed_ckph: int) -> int:
        """A speed in the machine's own counts, rounded down."""

    @abstractmethod
    async def _send_stop(self) -> CommandOutcome:
        """Before everything that waits."""

    @abstractmethod
    async def _send_start(self, stops: int | None = None) -> CommandOutcome:
        """The start alone; ``stops`` as of ``Orders.give``."""

    @abstractmethod
    async def _send_speed(self, counts: int, way: BeltDirection, stops: int | None = None) -> CommandOutcome:
        """A speed this way."""

    async def _set_way(self, way: BeltDirection, stops: int) -> CommandOutcome:  # noqa: ARG002  of a dialect
        """What the way takes before the first speed of a start; nothing where each speed carries it."""
        return Accepted()

    async def _shown(self, run: Run, stops: int) -> CommandOutcome:  # noqa: ARG002  of a dialect
        """What a start that was taken still has to show; nothing where its way was read back before."""
        return Accepted()

    def _not_ready(self) -> str | None:
        """Why this machine is not started beside what its belt does; None where it may be."""
        return None

    # --- reading --------------------------------------------------------------------------------------------

    def _way_is(self, way: BeltDirection) -> None:
        """A belt of ours that runs the other way is stopped at once; who asked for it hears of it by the report."""
        run = self._run
        if run is not None and way is not run.way:
            run.wrong, self._run = True, None
            self._begin(outcome_of(self._stop()))

    def _session_over(self) -> None:
        """Somebody or something else is stopping a belt that we run; it goes on only with a whole new start."""
        if self._run is not None:
            self._run = None
            self._telling.tell(MachineNotice.STOPPED_AT_CONSOLE)

    # --- writing --------------------------------------------------------------------------------------------

    async def _stop(self) -> CommandOutcome:
        """What waits is not sent any more."""
        self._run = None
        return await self._send_stop()

    async def _start(self, way: BeltDirection, regardless: bool) -> CommandOutcome:
        """The way, the lowest speed, the start, and what it has to show then."""
        if regardless and self._run is not None and self._run.way is way:
            return await self._send_start()
        if (refusal := self._not_started(way, regardless)) is not None:
            return Rejected(refusal)
        stops, lowest = self._orders.stops, max(1, self._counts(self._profile.capabilities.speed_min_ckph))
        outcome = await self._set_way(way, stops)
        if isinstance(outcome, Accepted):
            outcome = await self._send_speed(lowest, way, stops)
        return await self._started(Run(way, lowest), stops) if isinstance(outcome, Accepted) else outcome

    async def _started(self, run: Run, stops: int) -> CommandOutcome:
        """It counts as ours from before the start until the machine has refused it."""
        self._run = run
        outcome: CommandOutcome = Unknown("the start was called off")
        try:
            outcome = await self._send_start(stops)
        finally:
            if isinstance(outcome, Rejected) and self._run is run:
                self._run = None
        return await self._shown(run, stops) if isinstance(outcome, Accepted) else outcome

    def _not_started(self, way: BeltDirection, regardless: bool) -> str | None:
        """Why no start leaves; None where one may. ``regardless``: nobody is on the belt, and it is to be found out."""
        reverses = self._profile.reverses or (regardless and self._profile.may_reverse)
        if way is BeltDirection.REVERSED and not reverses:
            return f"{self._profile.name} is not known to run its belt backwards; nothing was sent"
        return self._not_ready() or self._still.missing(self._clock.now_s())

    async def _set_speed(self, counts: int, regardless: bool) -> CommandOutcome:
        """``regardless``: also to a still belt, which then stores it; forward, as nobody has said another way."""
        run = self._run
        if regardless and run is None and not self.moving:
            return await self._send_speed(counts, BeltDirection.FORWARD)
        if run is None or not self.moving:
            return Rejected("the belt stands still or is not ours; a speed is set only while it runs as it was started")
        if counts == run.sent:
            return Accepted()
        return await self._lead(run, counts)

    async def _lead(self, run: Run, counts: int) -> CommandOutcome:
        """What was not accepted is sent again when it is asked for again."""
        run.sent = None
        outcome = await self._send_speed(counts, run.way)
        if isinstance(outcome, Accepted):
            run.sent = counts
        return outcome
