"""The guardian as a process: pipes to main on one side, the link to the belt on the other, the core between.

One asyncio loop runs the core. A thread blocks on main's pipe and hands each message over; another writes to
main, so that a main that no longer reads cannot hold the belt's loop up; a third to the black box, because a disk
may be stuck. Every write to the belt has its own task; nothing ever waits for one.

Nothing that fails here may cost the belt its guard: what raises in the core is a fault and stops the belt, what
raises in a driver is a lost link, and a record that cannot be kept is not kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import queue
import signal
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from ..clock import Clock, suspended_s
from ..devices.address import REAL_SCHEMES, Address, parse_address
from ..devices.connect import connect, made_at, plugged_in
from ..devices.connection import Connection
from ..devices.errors import TreadmillError
from ..devices.heart.strap import StrapReading
from ..devices.sheet import Sheet
from ..devices.writer import TreadmillWriter
from ..machine import LinkLost, Report, StopBelt, Unknown
from ..safety.hazards import Action
from ..safety.inputs import StopBy
from ..safety.modes import AT_REST
from . import wire
from .blackbox import NAME as RING
from .blackbox import BlackBox
from .core import Core, Outcome
from .doubt import doubt_about
from .gate import Ticket
from .looking import Looks
from .messages import (
    PROTOCOL,
    Connect,
    Connected,
    ConnectRefused,
    FromGuardian,
    Scan,
    ScanEnded,
    Stepped,
    StopNow,
    Strap,
    ToGuardian,
    Watch,
    WatchEnded,
)
from .one_belt import BeltLock
from .reaching import RECONNECT_WITHIN_S
from .scanning import scanned
from .scribe import Scribe
from .sheets import sheet_problem
from .showing import Strapped
from .standby.line import StandbyLine
from .standby.messages import Holding
from .straps import Ears, StrapLink
from .watching import watch

TICK_S = 0.1
# Scanning and connecting by radio take several seconds; a person waits half a minute at most.
CONNECT_S = 30.0
# Letting go of a link that is lost or no longer needed; what hangs in there is left to the operating system.
CLOSE_S = 1.0
# After so many reports in a row everybody else on the loop has a turn, whatever a driver holds back.
TURN_EVERY = 16
# The two clocks of the computer are read one after the other; more than that between them is a sleep.
SLEEP_S = 0.5
# Messages waiting for a main that does not read: four seconds' worth, then the newest are dropped.
OUTBOX = 200
# After main is gone, a belt that was never confirmed still is waited for this long.
LINGER_S = 60.0


class GuardianProcess:
    """One guardian's life: from its first message to the last confirmed zero."""

    def __init__(
        self,
        clock: Clock,
        from_main: int,
        to_main: int,
        black_box: BlackBox | None,
        slept_s: Callable[[], float] = suspended_s,
    ) -> None:
        """``slept_s``: how long the computer has slept so far."""
        self.standby: StandbyLine | None = None  # who stops the belt if this process dies; set before ``run``
        self._clock = clock
        self._slept_s = slept_s
        self._from_main, self._to_main = from_main, to_main
        self._scribe = None if black_box is None else Scribe(black_box)
        self._outbox: queue.Queue[bytes | None] = queue.Queue(OUTBOX)
        self._core: Core | None = None
        self._connection: Connection | None = None
        self._first: Connection | None = None  # what is known of the machine comes from there
        self._connecting = False
        self._reconnecting = False
        self._scanning = False
        self._strap = StrapLink(clock, Ears(self._heart, self._strapped, self._note))
        self._strapped_as: Strapped | None = None
        self._address: Address | None = None
        self._port_made_ns: int | None = None
        self._sheet: Sheet | None = None
        self._belt_lock: BeltLock | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writes: dict[asyncio.Task[None], Ticket] = {}
        self._left_s: float | None = None
        self._rested = True
        self._done = asyncio.Event()

    async def run(self) -> None:
        """Serve main until it is gone and the belt is at rest."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        loop.add_signal_handler(signal.SIGTERM, self._leave)
        threading.Thread(target=self._read_main, args=(loop,), name="from-main", daemon=True).start()
        writer = threading.Thread(target=self._write_main, name="to-main", daemon=True)
        writer.start()
        self._spawn(self._tick())
        await self._done.wait()
        await self._strap.close()
        await self._let_go()
        if self.standby is not None:
            self.standby.released()
        with contextlib.suppress(queue.Full):
            self._outbox.put_nowait(None)
        self.end_record()

    def end_record(self) -> None:
        """What is left of the record reaches the disk."""
        if self._scribe is not None:
            self._scribe.end()

    # --- main -----------------------------------------------------------------------------------------------

    def _read_main(self, loop: asyncio.AbstractEventLoop) -> None:
        """The reader thread: blocks on the pipe; its end, and anything that is no message, ends the lease."""
        try:
            while True:
                payload = wire.read_frame(lambda count: os.read(self._from_main, count))
                if payload is None:
                    break
                loop.call_soon_threadsafe(self._message, wire.decode_to_guardian(payload))
        except (OSError, wire.WireError) as error:
            loop.call_soon_threadsafe(self._note, f"main's pipe: {error}")
        loop.call_soon_threadsafe(self._main_gone)

    def _write_main(self) -> None:
        """The writer thread: a main that does not read holds up this thread and nothing else."""
        while (frame := self._outbox.get()) is not None:
            try:
                while frame:
                    frame = frame[os.write(self._to_main, frame) :]
            except OSError:
                return

    def _tell(self, message: FromGuardian) -> None:
        try:
            self._outbox.put_nowait(wire.encode(message))
        except queue.Full:  # main does not read; its lease lapses without our help
            return
        except wire.WireError as error:
            self._note(f"not told to main: {error}")

    def _message(self, message: ToGuardian) -> None:
        if isinstance(message, Connect):
            self._spawn(self._connect(message))
        elif isinstance(message, Scan):
            self._spawn(self._scan(message))
        elif isinstance(message, Watch):
            self._spawn(self._watch(message))
        elif isinstance(message, Strap):
            self._strap.use(message.address)
        else:
            self._happened(lambda core, now_s: core.message(message, now_s))

    def _main_gone(self) -> None:
        if self._left_s is None:
            self._left_s = self._clock.now_s()
            if self._belt_lock is not None:
                self._belt_lock.lingers(self._left_s + LINGER_S)
        if self._core is None:
            self._done.set()
        self._happened(Core.main_gone)

    def _leave(self) -> None:
        """SIGTERM: a controlled stop, then the end."""
        self._happened(lambda core, now_s: core.message(StopNow(StopBy.PROGRAM), now_s))
        self._main_gone()

    async def _scan(self, message: Scan) -> None:
        """Listen, as long as no treadmill is held: a search may cost a link of the same radio its packets."""
        if self._core is not None or self._connecting or self._scanning:
            self._tell(ScanEnded("the guardian holds a treadmill or searches already: end that first"))
            return
        self._scanning = True
        try:
            self._tell(await scanned(message, self._clock, self._tell))
        finally:
            self._scanning = False

    async def _watch(self, message: Watch) -> None:
        """Read a machine for somebody who looks. There is no core, so nothing that could command it."""
        if self._core is not None or self._connecting or self._scanning or message.protocol != PROTOCOL:
            self._tell(WatchEnded("the guardian holds a treadmill, searches, or is of another version: end that first"))
            return
        self._connecting = True  # for good: nothing else is begun in this guardian
        try:
            self._address, self._sheet = parse_address(message.address), message.sheet
            problem = None if self._sheet is None else sheet_problem(self._sheet, self._address.scheme)
            if problem is not None:
                self._tell(WatchEnded(problem))
                return
            self._connection = connection = await self._open(self._address, CONNECT_S, listen=True)
        except Exception as error:  # noqa: BLE001  whatever a driver fails with, the person hears of it
            self._tell(WatchEnded(_why_not(error)))
            return
        self._tell(Connected(0, connection.reader.profile, connection.identity, connection.remark))
        self._tell(await watch(connection.reader, self._clock, self._tell))

    # --- the strap ------------------------------------------------------------------------------------------

    def _heart(self, reading: StrapReading) -> None:
        self._happened(lambda core, now_s: core.heart(reading, now_s))

    def _strapped(self, strap: Strapped | None) -> None:
        self._strapped_as = strap
        if self._core is not None:
            self._core.strapped(strap)

    # --- the belt -------------------------------------------------------------------------------------------

    async def _connect(self, message: Connect) -> None:
        if message.protocol != PROTOCOL:
            self._tell(ConnectRefused(f"main speaks protocol {message.protocol}, the guardian {PROTOCOL}: reinstall"))
            return
        if self._core is not None or self._connecting:
            self._tell(ConnectRefused("the guardian already holds a treadmill"))
            return
        self._connecting = True
        try:
            self._address, self._sheet = parse_address(message.address), message.sheet
            problem = None if self._sheet is None else sheet_problem(self._sheet, self._address.scheme)
            if problem is not None:
                self._tell(ConnectRefused(problem))
                return
            if self.standby is not None:
                self.standby.holding(Holding(message.address, message.sheet))
            self._belt_lock = BeltLock() if self._address.scheme in REAL_SCHEMES else None
            connection = await self._open(self._address, CONNECT_S)
            self._port_made_ns = made_at(self._address)
            if self._left_s is not None:  # main went in the meantime, and nobody wants this belt any more
                await self._close(connection)
                return
            self._core = Core(connection.reader.profile, self._clock.now_s())
            self._core.strapped(self._strapped_as)
            self._linked(connection)
        except Exception as error:  # noqa: BLE001  whatever a driver fails with, the person hears of it
            self._leave_the_belt_to_others()
            self._tell(ConnectRefused(_why_not(error)))
        finally:
            self._connecting = False
            self._leave_the_belt_to_others()

    def _leave_the_belt_to_others(self) -> None:
        """Where no connection came about; whoever has one keeps the lock for life."""
        if self._core is None and self._belt_lock is not None:
            self._belt_lock.release()
            self._belt_lock = None

    async def _open(self, address: Address, within_s: float, listen: bool = False) -> Connection:
        return await asyncio.wait_for(connect(address, self._clock, self._sheet, listen), within_s)

    def _linked(self, connection: Connection) -> None:
        assert self._core is not None
        self._connection, self._first = connection, self._first or connection
        doubt = doubt_about(self._sheet, self._first, connection)
        self._happened(lambda core, now_s: core.linked(now_s, connection.identity, doubt))
        remark = self._core.only_read or connection.remark
        self._tell(Connected(self._core.epoch, self._core.config.profile, connection.identity, remark))
        self._spawn(self._read_belt(connection, self._core.epoch))

    async def _read_belt(self, connection: Connection, epoch: int) -> None:
        """Every report of one connection to the core; one that just ends, or raises, is a lost link."""
        assert self._core is not None
        lost = LinkLost("the connection ended")
        looks = Looks(self._clock, lambda reports: self._look(reports, epoch), self._spawn)
        try:
            read = 0
            async for report in connection.reader.reports():
                if epoch != self._core.epoch:
                    return
                if isinstance(report, LinkLost):
                    lost = report
                    break
                looks.came(report)
                read += 1
                if read % TURN_EVERY == 0:
                    await self._clock.sleep_until(self._clock.now_s())
        except Exception as error:  # noqa: BLE001  a driver that raises has a bug; the belt must not pay for it
            lost = LinkLost(f"the driver failed ({type(error).__name__}: {error})")
        if epoch == self._core.epoch and not self._done.is_set():
            self._note(f"link lost: {lost.reason}")
            looks.ends(lost)

    def _look(self, reports: tuple[Report, ...], epoch: int) -> None:
        """What came since the last look, in one step; what a connection before this one said is no news."""
        if self._core is not None and epoch == self._core.epoch:
            self._happened(lambda core, now_s: core.reports(reports, now_s))

    async def _perform(self, ticket: Ticket, writer: TreadmillWriter) -> None:
        handed_s = self._clock.now_s()
        try:
            outcome = await writer.perform(ticket.command)
        except Exception as error:  # noqa: BLE001  a driver that raises has a bug; the belt must not pay for it
            self._note(f"driver: {type(error).__name__}: {error}")
            outcome = Unknown(f"the driver failed: {error}")
        self._happened(lambda core, now_s: core.answered(ticket, outcome, now_s))
        self._note(f"link <- {ticket.command!r}, {type(outcome).__name__}", handed_s)

    async def _reconnect(self) -> None:
        """Try to reach the machine again, to stop it; the core says how often. What the old link holds is given up."""
        assert self._core is not None
        assert self._address is not None
        try:
            await self._let_go()
            while self._core.wants_reconnect(self._clock.now_s()):
                if self._clock.now_s() < self._core.quiet_until_s:
                    await self._clock.sleep_until(self._core.quiet_until_s)
                elif plugged_in(self._address, self._port_made_ns):
                    await self._try_to_reach(self._core, self._address)
                else:  # no try yet: they would all be over before a hand has put the adapter back
                    await self._clock.sleep_until(self._clock.now_s() + TICK_S)
        finally:
            self._reconnecting = False

    async def _try_to_reach(self, core: Core, address: Address) -> None:
        core.reconnecting()
        try:
            self._linked(await self._open(address, RECONNECT_WITHIN_S))
        except Exception as error:  # noqa: BLE001  there may be another try
            self._note(f"reconnect: {_why_not(error)}")
            await self._clock.sleep_until(self._clock.now_s() + TICK_S)

    async def _let_go(self) -> None:
        """End the connection: no write of it may come true any more, and its reader is closed."""
        for write in tuple(self._writes):
            write.cancel()
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._close(connection)

    async def _close(self, connection: Connection) -> None:
        try:
            await asyncio.wait_for(connection.reader.close(), CLOSE_S)
        except Exception as error:  # noqa: BLE001  it is not needed any more, however it ends
            self._note(f"close: {_why_not(error)}")

    async def _tick(self) -> None:
        due_s, slept_s = self._clock.now_s(), self._slept_s()
        while not self._done.is_set():
            due_s = max(due_s + TICK_S, self._clock.now_s())
            await self._clock.sleep_until(due_s)
            slept_s = self._look_for_sleep(slept_s)
            self._happened(Core.tick)
            now_s = self._clock.now_s()
            self._give_up_writes(now_s)
            if self._left_s is not None and self._may_end(now_s):
                self._done.set()

    def _look_for_sleep(self, before_s: float) -> float:
        """The computer's sleep so far; what came to it since ``before_s`` is told, whoever noticed it beforehand."""
        slept_s = self._slept_s()
        if slept_s - before_s > SLEEP_S:
            self._note(f"the computer slept for {slept_s - before_s:.1f} s")
            self._happened(lambda core, now_s: core.suspended(slept_s - before_s, now_s))
        return slept_s

    def _give_up_writes(self, now_s: float) -> None:
        """The gate has told of a write past its deadline; it must not come true behind the stop. A stop may."""
        for write, ticket in tuple(self._writes.items()):
            if now_s >= ticket.deadline_s and not isinstance(ticket.command, StopBelt):
                write.cancel()

    def _may_end(self, now_s: float) -> bool:
        assert self._left_s is not None
        return self._core is None or self._core.at_rest() or now_s - self._left_s >= LINGER_S

    def _happened(self, what: Callable[[Core, float], Outcome]) -> None:
        """Tell the core, and carry out what it says. A core that raises has a fault, and the belt stops."""
        if self._core is None:
            return
        now_s = self._clock.now_s()
        try:
            outcome = what(self._core, now_s)
        except Exception as error:  # noqa: BLE001  whatever it is, the belt stops, and the fault is told
            outcome = self._core.failed(error, now_s)
        if self.standby is not None:
            self.standby.belt(self._core.belt(), now_s)
        self._carry_out(outcome)

    def _carry_out(self, outcome: Outcome) -> None:
        """Tickets first: what goes to the belt waits for no bookkeeping."""
        for ticket in outcome.tickets:
            self._hand_over(ticket)
        if outcome.let_go:
            self._spawn(self._let_go())
        if outcome.reconnect and not self._reconnecting:  # two at once would take the machine from each other
            self._reconnecting = True
            self._spawn(self._reconnect())
        for message in outcome.messages:
            self._tell(message)
            if isinstance(message, Stepped):
                self._record(message)

    def _hand_over(self, ticket: Ticket) -> None:
        """A command goes to the connection that it was made for, or nowhere."""
        if self._connection is None:
            self._note(f"no link for {ticket.command!r}")
            return
        write = self._spawn(self._perform(ticket, self._connection.writer))
        self._writes[write] = ticket
        write.add_done_callback(lambda done: self._writes.pop(done, None))

    def _record(self, stepped: Stepped) -> None:
        if self._scribe is not None and (stepped.inputs or stepped.commands or stepped.causes):
            self._scribe.write(_line(stepped))
            if any(one.action >= Action.CONTROLLED_STOP for one in stepped.causes):
                self._scribe.sync()
        self._collect(stepped.mode in AT_REST)

    def _collect(self, rest: bool) -> None:
        """No garbage collection while the belt moves; one at each standstill."""
        if rest is self._rested:
            return
        self._rested = rest
        if rest:
            gc.enable()
            gc.collect()
        else:
            gc.disable()

    def _note(self, text: str, at_s: float | None = None) -> None:
        """A line in the black box, of this moment or an earlier one, to the microsecond."""
        if self._scribe is not None:
            self._scribe.write(f"{self._clock.now_s() if at_s is None else at_s:.6f} {text}")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._note(f"task failed: {type(error).__name__}: {error}")


def _why_not(error: Exception) -> str:
    """Why there is no connection, as a sentence; an error that brings none is named."""
    if isinstance(error, TimeoutError) and not str(error):
        return "the treadmill did not answer in time"
    return str(error) if isinstance(error, TreadmillError) else f"the driver failed ({type(error).__name__}: {error})"


def _line(stepped: Stepped) -> str:
    parts = [f"{stepped.at_s:.3f} +{stepped.elapsed_ms} {stepped.mode.value}"]
    parts += [repr(item) for item in stepped.inputs]
    parts += [f"-> {command!r}" for command in stepped.commands]
    parts += [f"! {cause.message}" for cause in stepped.causes]
    return " | ".join(parts)


def black_box_path(folder: Path) -> Path:
    """Where the guardian keeps its ring file inside the data folder."""
    return folder / RING
