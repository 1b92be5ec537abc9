"""A driver and a simulated machine on virtual time: the code of a real port, without a port and without waits.

The drivers are written for an event loop. This one has a clock of its own that jumps from one due moment to the next,
and stands where its owner has moved it to.
"""

from __future__ import annotations

import asyncio
import math
import selectors
from collections.abc import Callable
from contextvars import Context
from typing import TypeVarTuple

from .line import LineError
from .wire_machine import WireMachine


class _NeverWaits(selectors.SelectSelector):
    """Looks at nothing: where the loop would wait for something, it asks its owner how far the time may go."""

    def __init__(self, idle: Callable[[float | None], None]) -> None:
        super().__init__()
        self._idle = idle

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            self._idle(timeout)
        return []


Args = TypeVarTuple("Args")

HAIR_S = 1e-6
"""The loop lets a timer go that is due within the resolution of its clock; so near to one it is asked."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is moved by hand; it cannot be moved from inside another loop that runs.

    It is moved far more often than anything happens in it. So it keeps the moment before which it has nothing to do,
    and is not run for a move that ends sooner.
    """

    def __init__(self, now_s: float) -> None:
        self._now_s = self._until_s = now_s
        self._idle_until_s = -math.inf
        super().__init__(_NeverWaits(self._pass))

    def time(self) -> float:
        """The virtual moment, in seconds."""
        return self._now_s

    def run_to(self, moment_s: float) -> None:
        """Let everything happen that is due up to this moment, each at its own."""
        if moment_s + HAIR_S < self._idle_until_s:
            self._now_s = max(self._now_s, moment_s)
            return
        self._until_s = moment_s
        self.run_forever()

    def call_soon(
        self, callback: Callable[[*Args], object], *args: *Args, context: Context | None = None
    ) -> asyncio.Handle:
        """As of ``AbstractEventLoop``."""
        self._idle_until_s = -math.inf
        return super().call_soon(callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[[*Args], object], *args: *Args, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As of ``AbstractEventLoop``."""
        self._idle_until_s = min(self._idle_until_s, when)
        return super().call_at(when, callback, *args, context=context)

    def _pass(self, wait_s: float | None) -> None:
        """Nothing is left to do now: on to the next timer, or to where the owner wants to be."""
        due_s = math.inf if wait_s is None else self._now_s + wait_s
        if due_s > self._until_s:
            self._now_s = max(self._now_s, self._until_s)
            self._idle_until_s = due_s
            self.stop()
        else:
            self._now_s = due_s


class LoopClock:
    """A ``clock.Clock`` that is the time of a loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now_s(self) -> float:
        """As of ``Clock``."""
        return self._loop.time()

    async def sleep_until(self, moment_s: float) -> None:
        """As of ``Clock``: everybody else gets a turn even where there is nothing to wait for."""
        waker: asyncio.Future[None] = self._loop.create_future()
        timer = self._loop.call_at(moment_s, _wake, waker)
        try:
            await waker
        finally:
            timer.cancel()


def _wake(waker: asyncio.Future[None]) -> None:
    if not waker.done():
        waker.set_result(None)


class VirtualLine:
    """A ``SerialLine`` straight into a simulated machine. ``told``: all that was written, each with its moment."""

    name = "a line without a port"

    def __init__(
        self, machine: WireMachine, loop: asyncio.AbstractEventLoop, told: list[tuple[float, bytes]] | None = None
    ) -> None:
        """``told``: where what is written is noted; a list of its own where none is given."""
        self._machine, self._loop = machine, loop
        self.told: list[tuple[float, bytes]] = [] if told is None else told
        self._lost_why: str | None = None
        self._heard: Callable[[bytes], None] = lambda _data: None
        self._lost: Callable[[str], None] = lambda _reason: None
        self._timer: asyncio.TimerHandle | None = None

    async def write(self, data: bytes, first: bool = False) -> None:  # noqa: ARG002  here nothing waits
        """As of ``SerialLine``."""
        if self._lost_why is not None:
            raise LineError(self._lost_why)
        self.told.append((self._loop.time(), data))
        self._machine.take(data, self._loop.time())
        self.look()

    def on_bytes(self, heard: Callable[[bytes], None]) -> None:
        """As of ``SerialLine``."""
        self._heard = heard

    def on_lost(self, lost: Callable[[str], None]) -> None:
        """As of ``SerialLine``."""
        self._lost = lost

    def unplug(self, why: str = "the adapter was unplugged") -> None:
        """The line goes."""
        self._lost_why = why
        self._silence()
        self._lost(why)

    def look(self) -> None:
        """Something was said to the machine, or done to it by hand."""
        self._silence()
        due_s = self._machine.next_due_s
        if self._lost_why is None and due_s < math.inf:
            self._timer = self._loop.call_at(due_s, self._hear)

    async def close(self) -> None:
        """As of ``SerialLine``."""
        self._silence()

    def _hear(self) -> None:
        data = self._machine.said(self._loop.time())
        self.look()
        if data:
            self._heard(data)

    def _silence(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
