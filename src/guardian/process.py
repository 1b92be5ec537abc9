"""The guardian as a process: pipes to main on one side, the link to the belt on the other, the core between.

One asyncio loop runs the core. A thread blocks on main's pipe and hands each message over; another writes to
main, so that a main that no longer reads cannot hold the belt's loop up. Every write to the belt has its own
task; nothing ever waits for one.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import queue
import signal
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from ..clock import Clock
from ..devices.address import Address, parse_address
from ..devices.connect import Connection, connect
from ..devices.errors import TreadmillError
from ..devices.writer import TreadmillWriter
from ..machine import LinkLost, Unknown
from ..safety.hazards import Action
from ..safety.inputs import StopBy
from ..safety.modes import AT_REST
from . import wire
from .blackbox import BlackBox
from .core import Core, Outcome
from .gate import Ticket
from .messages import PROTOCOL, Connect, Connected, ConnectRefused, FromGuardian, Stepped, StopNow, ToGuardian

TICK_S = 0.1
# Scanning and connecting by radio take several seconds; a person waits half a minute at most.
CONNECT_S = 30.0
# Messages waiting for a main that does not read: four seconds' worth, then the newest are dropped.
OUTBOX = 200
# After main is gone, a belt that was never confirmed still is waited for this long.
LINGER_S = 60.0


class GuardianProcess:
    """One guardian's life: from its first message to the last confirmed zero."""

    def __init__(self, clock: Clock, from_main: int, to_main: int, black_box: BlackBox | None) -> None:
        self._clock = clock
        self._from_main, self._to_main = from_main, to_main
        self._black_box = black_box
        self._outbox: queue.Queue[bytes | None] = queue.Queue(OUTBOX)
        self._core: Core | None = None
        self._writer: TreadmillWriter | None = None
        self._connection: Connection | None = None
        self._address: Address | None = None
        self._tasks: set[asyncio.Task[None]] = set()
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
        await self._close_link()
        if self._black_box is not None:
            self._black_box.sync()

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
        with contextlib.suppress(queue.Full):  # main does not read; its lease lapses without our help
            self._outbox.put_nowait(wire.encode(message))

    def _message(self, message: ToGuardian) -> None:
        if isinstance(message, Connect):
            self._spawn(self._connect(message))
        elif self._core is not None:
            self._carry_out(self._core.message(message, self._clock.now_s()))

    def _main_gone(self) -> None:
        if self._left_s is None:
            self._left_s = self._clock.now_s()
        if self._core is None:
            self._done.set()
        else:
            self._carry_out(self._core.main_gone(self._clock.now_s()))

    def _leave(self) -> None:
        """SIGTERM: a controlled stop, then the end."""
        if self._core is not None:
            self._carry_out(self._core.message(StopNow(StopBy.PROGRAM), self._clock.now_s()))
        self._main_gone()

    # --- the belt -------------------------------------------------------------------------------------------

    async def _connect(self, message: Connect) -> None:
        if message.protocol != PROTOCOL:
            self._tell(ConnectRefused(f"main speaks protocol {message.protocol}, the guardian {PROTOCOL}: reinstall"))
            return
        if self._core is not None:
            self._tell(ConnectRefused("the guardian already holds a treadmill"))
            return
        try:
            self._address = parse_address(message.address)
            connection = await self._open(self._address)
        except (TreadmillError, TimeoutError) as error:
            self._tell(ConnectRefused(str(error) or f"no answer within {CONNECT_S:.0f} s"))
            return
        self._core = Core(connection.reader.profile, self._clock.now_s())
        self._linked(connection)

    async def _open(self, address: Address) -> Connection:
        return await asyncio.wait_for(connect(address, self._clock), CONNECT_S)

    def _linked(self, connection: Connection) -> None:
        assert self._core is not None
        self._connection, self._writer = connection, connection.writer
        self._carry_out(self._core.linked(self._clock.now_s()))
        self._tell(Connected(self._core.epoch, connection.reader.profile))
        self._spawn(self._read_belt(connection, self._core.epoch))

    async def _read_belt(self, connection: Connection, epoch: int) -> None:
        """Every report of one connection to the core; one that just ends is a lost link."""
        assert self._core is not None
        lost = False
        async for report in connection.reader.reports():
            if epoch != self._core.epoch:
                return
            lost = lost or isinstance(report, LinkLost)
            self._carry_out(self._core.report(report, self._clock.now_s()))
        if not lost and epoch == self._core.epoch and not self._done.is_set():
            self._carry_out(self._core.report(LinkLost("the connection ended"), self._clock.now_s()))

    async def _perform(self, ticket: Ticket) -> None:
        assert self._core is not None
        assert self._writer is not None
        handed_s = self._clock.now_s()
        try:
            outcome = await self._writer.perform(ticket.command)
        except Exception as error:  # noqa: BLE001  a driver that raises has a bug; the belt must not pay for it
            self._note(f"driver: {type(error).__name__}: {error}")
            outcome = Unknown(f"the driver failed: {error}")
        self._carry_out(self._core.answered(ticket, outcome, self._clock.now_s()))
        self._note(f"link <- {ticket.command!r}, {type(outcome).__name__}", handed_s)

    async def _reconnect(self) -> None:
        """Try to reach the machine again, to stop it; the core says how often."""
        assert self._core is not None
        assert self._address is not None
        while self._core.wants_reconnect(self._clock.now_s()):
            self._core.reconnecting()
            try:
                self._linked(await self._open(self._address))
            except (TreadmillError, TimeoutError) as error:
                self._note(f"reconnect: {error}")
                await self._clock.sleep_until(self._clock.now_s() + TICK_S)

    async def _tick(self) -> None:
        due_s = self._clock.now_s()
        while not self._done.is_set():
            due_s = max(due_s + TICK_S, self._clock.now_s())
            await self._clock.sleep_until(due_s)
            now_s = self._clock.now_s()
            if self._core is not None:
                self._carry_out(self._core.tick(now_s))
            if self._left_s is not None and self._may_end(now_s):
                self._done.set()

    def _may_end(self, now_s: float) -> bool:
        assert self._left_s is not None
        return self._core is None or self._core.at_rest() or now_s - self._left_s >= LINGER_S

    def _carry_out(self, outcome: Outcome) -> None:
        """Tickets first: what goes to the belt waits for no bookkeeping."""
        for ticket in outcome.tickets:
            self._spawn(self._perform(ticket))
        if outcome.reconnect:
            self._spawn(self._reconnect())
        for message in outcome.messages:
            self._tell(message)
            if isinstance(message, Stepped):
                self._record(message)

    def _record(self, stepped: Stepped) -> None:
        if self._black_box is not None and (stepped.inputs or stepped.commands or stepped.causes):
            self._black_box.write(_line(stepped))
            if stepped.commands or stepped.causes:
                self._spawn_sync(stepped)
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

    def _spawn_sync(self, stepped: Stepped) -> None:
        """A stop reaches the disk, from a thread: the disk may be slow."""
        if self._black_box is not None and any(one.action >= Action.CONTROLLED_STOP for one in stepped.causes):
            asyncio.get_running_loop().run_in_executor(None, self._black_box.sync)

    def _note(self, text: str, at_s: float | None = None) -> None:
        """A line in the black box, of this moment or an earlier one, to the microsecond."""
        if self._black_box is not None:
            self._black_box.write(f"{self._clock.now_s() if at_s is None else at_s:.6f} {text}")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._note(f"task failed: {type(error).__name__}: {error}")

    async def _close_link(self) -> None:
        if self._connection is not None:
            await self._connection.reader.close()
        with contextlib.suppress(queue.Full):
            self._outbox.put_nowait(None)


def _line(stepped: Stepped) -> str:
    parts = [f"{stepped.at_s:.3f} +{stepped.elapsed_ms} {stepped.mode.value}"]
    parts += [repr(item) for item in stepped.inputs]
    parts += [f"-> {command!r}" for command in stepped.commands]
    parts += [f"! {cause.message}" for cause in stepped.causes]
    return " | ".join(parts)


def black_box_path(folder: Path) -> Path:
    """Where the guardian keeps its ring file inside the data folder."""
    return folder / "guardian.ring"
