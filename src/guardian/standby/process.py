"""The standby as a process: it waits on the guardian's pipe, and with its end opens the machine's line to stop it.

It has no power but a stop: what connects it hands out a reader and a stop. What fails here is tried again; a main that
is gone, or does not read, is not waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import threading
from collections.abc import Awaitable, Callable

from ...clock import Clock
from ...devices.address import REAL_SCHEMES, Address, parse_address
from ...devices.errors import TreadmillError
from ...devices.sheet import Sheet
from ...devices.stop_only import StopOnly, connect_to_stop, load_driver
from ...machine import LinkLost, Stuck, Telemetry
from .. import wire
from ..one_belt import BeltLock
from .messages import Belt, Holding, Stage, ToStandby
from .news import News, log
from .takeover import GIVES_UP_S, Deed, Takeover

# Four looks within the time in which a belt at 10 km/h runs half a metre.
LOOK_S = 0.05
# A search by radio takes up to seven seconds; a port answers within one.
REACH_WITHIN_S = 8.0
CLOSE_WITHIN_S = 1.0

Reach = Callable[[Address, Clock, Sheet | None, bool], Awaitable[StopOnly]]


class StandbyProcess:
    """One standby's life: as long as its guardian's, and at most a minute more."""

    def __init__(self, clock: Clock, from_guardian: int, to_main: int, reach: Reach = connect_to_stop) -> None:
        """``from_guardian``: read until its end. ``to_main``: a pipe that nobody may read."""
        self._clock, self._from_guardian, self._reach = clock, from_guardian, reach
        self._address: Address | None = None
        self._sheet: Sheet | None = None
        self._belt = Belt(may_move=False, stop_sent=False)
        self._released = False
        self._gone = asyncio.Event()
        self._line: StopOnly | None = None
        self._reading: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._news = News(clock, to_main)

    async def run(self) -> None:
        """Wait for the guardian's end; stop its belt if that may move."""
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read_guardian, args=(loop,), name="from-guardian", daemon=True).start()
        await self._gone.wait()
        if self._belt.may_move and not self._released and self._address is not None:
            await self._take_over(self._address)

    # --- the guardian ---------------------------------------------------------------------------------------

    def _read_guardian(self, loop: asyncio.AbstractEventLoop) -> None:
        """The reader thread: anything that is no message is a guardian that has lost its mind, and as good as gone."""
        try:
            while (payload := wire.read_frame(lambda count: os.read(self._from_guardian, count))) is not None:
                loop.call_soon_threadsafe(self.hear, wire.decode_to_standby(payload))
        except (OSError, wire.WireError) as error:
            log(f"the guardian's pipe: {error}")
        loop.call_soon_threadsafe(self._gone.set)

    def hear(self, message: ToStandby) -> None:
        """What the guardian holds, and whether it moves."""
        if isinstance(message, Holding):
            self._get_ready(message.address, message.sheet)
        elif isinstance(message, Belt):
            self._belt = message
        else:
            self._released = True

    def _get_ready(self, address: str, sheet: Sheet | None) -> None:
        """Load the driver beforehand. One that cannot be loaded is tried again when it is needed."""
        try:
            self._address, self._sheet = parse_address(address), sheet
            load_driver(self._address.scheme)
        except (TreadmillError, ImportError) as error:
            log(f"not ready for {address!r}: {error}")
            return
        gc.collect()
        gc.freeze()
        self._news.tell(Stage.READY, "a standby waits to stop the belt if the guardian dies")

    # --- the belt -------------------------------------------------------------------------------------------

    async def _take_over(self, address: Address) -> None:
        if address.scheme not in REAL_SCHEMES:
            self._news.tell(Stage.STILL, "the simulated treadmill lived in the guardian and has ended with it")
            return
        self._news.tell(
            Stage.TAKES_OVER, "the guardian has died; its standby reaches for the treadmill, only to stop it"
        )
        lock = _belt_lock()
        if lock is not None:
            lock.lingers(self._clock.now_s() + GIVES_UP_S)
        takeover = Takeover(self._belt.stop_sent, self._clock.now_s())
        while (deed := takeover.due(self._clock.now_s())) is not Deed.END:
            try:
                await self._do(deed, takeover, address)
            except Exception as error:  # noqa: BLE001  a fault of ours is no reason to leave the belt alone
                log(f"{type(error).__name__}: {error}")
                await self._clock.sleep_until(self._clock.now_s() + LOOK_S)
            self._news.speed(takeover)
        if not takeover.still:
            self._news.tell(
                Stage.GIVES_UP, "the standby gives up: the belt was not seen to stand still; only a hand helps"
            )
        await self._let_go()
        if lock is not None:
            lock.release()

    async def _do(self, deed: Deed | None, takeover: Takeover, address: Address) -> None:
        match deed:
            case Deed.REACH:
                await self._reach_for(takeover, address)
            case Deed.STOP if self._stopping is None:
                assert self._line is not None, "a stop is due on a line only"
                takeover.stop_left(self._clock.now_s())
                self._stopping = asyncio.ensure_future(self._stop(self._line, takeover))
            case Deed.LET_GO:
                if takeover.silent:
                    self._news.tell(
                        Stage.SILENT,
                        "a stop was sent; now nothing is said to the treadmill, so that its own timer stops it too",
                    )
                await self._let_go()
                takeover.unlinked(self._clock.now_s())
            case _:
                await self._clock.sleep_until(self._clock.now_s() + LOOK_S)

    async def _reach_for(self, takeover: Takeover, address: Address) -> None:
        try:
            first = not takeover.stops
            line = await asyncio.wait_for(self._reach(address, self._clock, self._sheet, first), REACH_WITHIN_S)
        except Exception as error:  # noqa: BLE001  whatever a driver fails with, there is another try
            takeover.unlinked(self._clock.now_s())
            self._news.tell(Stage.NO_LINE, f"the standby does not reach the treadmill: {_why(error)}")
            return
        self._line = line
        takeover.linked(line.reader.profile, self._clock.now_s())
        self._reading = asyncio.ensure_future(self._read(line, takeover))

    async def _read(self, line: StopOnly, takeover: Takeover) -> None:
        """Every report of one line; one that ends, or raises, is lost."""
        reason = "the connection ended"
        try:
            async for report in line.reader.reports():
                if isinstance(report, LinkLost):
                    reason = report.reason
                    break
                if isinstance(report, Telemetry) and report.speed_kph is not None and report.speed_kph >= 0.0:
                    takeover.reported(report.speed_kph, self._clock.now_s())
        except Exception as error:  # noqa: BLE001  a driver that raises has a bug; the line is reached anew
            reason = f"{type(error).__name__}: {error}"
        self._news.tell(Stage.NO_LINE, f"the standby has lost the treadmill: {reason}")
        self._line = None
        takeover.unlinked(self._clock.now_s())
        await _closed(line)

    async def _stop(self, line: StopOnly, takeover: Takeover) -> None:
        """One stop, from its bytes to its answer; what does not come back in time hangs."""
        within_s, hangs, outcome = line.reader.profile.answer_within_ms / 1000, True, "no answer in time"
        try:
            answer = await asyncio.wait_for(line.stop(), within_s)
            hangs, outcome = isinstance(answer, Stuck), type(answer).__name__.lower()
        except TimeoutError:
            pass
        except Exception as error:  # noqa: BLE001  a driver that raises has a bug; the line is reached anew
            outcome = f"{type(error).__name__}: {error}"
        self._stopping = None
        if line is self._line:
            takeover.stop_returned(hangs)
        self._news.tell(Stage.STOP_SENT, f"the standby has sent stop number {takeover.stops} ({outcome})")

    async def _let_go(self) -> None:
        line, self._line = self._line, None
        for task in (self._stopping, self._reading):
            if task is not None:
                task.cancel()
        self._stopping = self._reading = None
        if line is not None:
            await _closed(line)


def _why(error: Exception) -> str:
    """The error as it says itself; one without words by its name."""
    return str(error) or type(error).__name__


async def _closed(line: StopOnly) -> None:
    with contextlib.suppress(Exception):
        await asyncio.wait_for(line.reader.close(), CLOSE_WITHIN_S)


def _belt_lock() -> BeltLock | None:
    """Nobody else begins with a belt while this one is stopped; without the lock it is stopped all the same."""
    try:
        return BeltLock()
    except TreadmillError as error:
        log(str(error))
        return None
