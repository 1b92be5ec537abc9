"""The driver of a simulated treadmill: the two halves of a connection, on the clock that it is given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from ...clock import Clock
from ...machine import Command, CommandOutcome, DeviceProfile, LinkLost, Report, Unknown
from ..address import Address
from ..connection import Connection
from .options import simulated_setup
from .treadmill import SimulatedTreadmill


def connect_simulated(address: Address, clock: Clock) -> Connection:
    """A new treadmill that begins now, and the connection to it. It cannot fail and waits for nothing."""
    return connection_to(simulated_setup(address.name, address.options).treadmill(clock.now_s()), clock)


def connection_to(treadmill: SimulatedTreadmill, clock: Clock) -> Connection:
    """A connection to a treadmill that the caller also holds, to press its buttons and see its truth."""
    link = SimulatedLink(treadmill, clock)
    return Connection(SimulatedReader(link), SimulatedWriter(link))


class SimulatedLink:
    """What both halves share: the machine, the clock, and whether the link is still held."""

    def __init__(self, treadmill: SimulatedTreadmill, clock: Clock) -> None:
        self.treadmill = treadmill
        self.closed = False
        self._clock = clock
        self._waiting: asyncio.Future[None] | None = None

    def arrived(self) -> tuple[Report, ...]:
        """The reports that came since the last look."""
        return self.treadmill.advance(self._clock.now_s())

    def perform(self, command: Command) -> CommandOutcome:
        if self.closed:
            return Unknown("the connection is closed; the command was not sent")
        return self.treadmill.perform(command, self._clock.now_s())

    async def wait_for_reports(self) -> None:
        """Until the next report is due, or the link is closed.

        Never longer than one period: somebody may press a button of a machine that has nothing else to say.
        """
        if self.closed:
            return
        look_again_s = self._clock.now_s() + self.treadmill.profile.report_period_ms / 1000
        due_s = self.treadmill.next_report_due_s
        wake_s = look_again_s if due_s is None else min(due_s, look_again_s)
        self._waiting = asyncio.ensure_future(self._clock.sleep_until(wake_s))
        try:
            await asyncio.wait({self._waiting})
        finally:
            self._waiting.cancel()
        if not self._waiting.cancelled():
            self._waiting.result()

    def close(self) -> None:
        self.closed = True
        if self._waiting is not None:
            self._waiting.cancel()


class SimulatedReader:
    """The reading half; it cannot move the belt."""

    def __init__(self, link: SimulatedLink) -> None:
        self._link = link
        self._iterated = False

    @property
    def profile(self) -> DeviceProfile:
        return self._link.treadmill.profile

    async def reports(self) -> AsyncIterator[Report]:
        """Every report, as soon as it is due; ends after ``LinkLost`` or ``close``. Once a connection."""
        if self._iterated:
            raise RuntimeError("the reports of a connection can be read once; connect again for a new reading")
        self._iterated = True
        while not self._link.closed:
            for report in self._link.arrived():
                if self._link.closed:
                    return
                yield report
                if isinstance(report, LinkLost):
                    return
            await self._link.wait_for_reports()

    async def close(self) -> None:
        """Let go of the machine; its belt does not notice."""
        self._link.close()


class SimulatedWriter:
    """The writing half: every command is answered at once, on this machine without a wire."""

    def __init__(self, link: SimulatedLink) -> None:
        self._link = link

    async def perform(self, command: Command) -> CommandOutcome:
        return self._link.perform(command)
