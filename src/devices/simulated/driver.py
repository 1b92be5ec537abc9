"""The driver of a simulated treadmill: the two halves of a connection, on the clock that it is given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakKeyDictionary

from ...clock import Clock
from ...machine import Command, CommandOutcome, DeviceProfile, LinkLost, Report, Unknown
from ..address import Address
from ..connection import Connection
from ..errors import ConnectFailed
from .answers import Pending
from .options import simulated_setup
from .treadmill import SimulatedTreadmill

SEARCH_S = 2.5
"""A radio is searched this long for a machine that was there just now; three such searches fit into the eight
seconds for which a guardian tries."""

LOOK_AGAIN_S = 0.25
"""How often a search, and a command that waits for its answer, look whether something has changed meanwhile."""

TURN_EVERY = 16
"""After so many reports in a row everybody else on the loop has a turn: under a millisecond of work."""

_in_the_room: WeakKeyDictionary[Clock, dict[str, SimulatedTreadmill]] = WeakKeyDictionary()
"""The last machine of each clock and address: a belt whose link was lost is still there, and may run."""


def connect_simulated(address: Address, clock: Clock) -> Connection:
    """A new treadmill that begins now, and the connection to it. It cannot fail and waits for nothing."""
    treadmill = simulated_setup(address.name, address.options).treadmill(clock.now_s())
    _in_the_room.setdefault(clock, {})[str(address)] = treadmill
    return connection_to(treadmill, clock)


async def reach_simulated(address: Address, clock: Clock) -> Connection:
    """The treadmill at this address: the one whose link was lost, as it is now, else a new one.

    Raises ConnectFailed for one that is out of reach and does not come back while it is searched for.
    """
    treadmill = _in_the_room.get(clock, {}).get(str(address))
    if treadmill is None or treadmill.link_up:
        return connect_simulated(address, clock)
    gives_up_s = clock.now_s() + SEARCH_S
    while not treadmill.reconnect(clock.now_s()):
        if clock.now_s() >= gives_up_s:
            raise ConnectFailed(f"no simulated treadmill answers at {address} (searched for {SEARCH_S:g} s)")
        await clock.sleep_until(min(clock.now_s() + LOOK_AGAIN_S, gives_up_s))
    return connection_to(treadmill, clock)


def connection_to(treadmill: SimulatedTreadmill, clock: Clock) -> Connection:
    """A connection to a treadmill that the caller also holds, to press its buttons and see its truth."""
    link = SimulatedLink(treadmill, clock)
    return Connection(SimulatedReader(link), SimulatedWriter(link))


class SimulatedLink:
    """What both halves share: the machine, the clock, and whether the link is still held."""

    def __init__(self, treadmill: SimulatedTreadmill, clock: Clock) -> None:
        self.treadmill = treadmill
        self.closed = False
        self.clock = clock
        self._waiting: asyncio.Future[None] | None = None
        self._unanswered: dict[int, asyncio.Future[CommandOutcome]] = {}

    def arrived(self) -> tuple[Report, ...]:
        """The reports that came since the last look."""
        return self.treadmill.advance(self.clock.now_s())

    async def perform(self, command: Command) -> CommandOutcome:
        if self.closed:
            return Unknown("the connection is closed; the command was not sent")
        answer = self.treadmill.perform(command, self.clock.now_s())
        return await self._answer(answer.number) if isinstance(answer, Pending) else answer

    async def _answer(self, number: int) -> CommandOutcome:
        """The first answer under this number; a second one finds nobody who waits for it."""
        waits: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()
        self._unanswered[number] = waits
        try:
            while not waits.done():
                self._hand_out_answers()
                await self._wait_beside(waits)
            return waits.result()
        finally:
            del self._unanswered[number]

    def _hand_out_answers(self) -> None:
        for answer in self.treadmill.answers(self.clock.now_s()):
            waits = self._unanswered.get(answer.number)
            if waits is not None and not waits.done():
                waits.set_result(answer.outcome)

    async def _wait_beside(self, waits: asyncio.Future[CommandOutcome]) -> None:
        """Until there is the answer, or it is time to look again: a link may be lost meanwhile."""
        look_again_s = self.clock.now_s() + LOOK_AGAIN_S
        due_s = self.treadmill.next_answer_due_s
        wake_s = look_again_s if due_s is None else min(due_s, look_again_s)
        wake = asyncio.ensure_future(self.clock.sleep_until(wake_s))
        either: set[asyncio.Future[Any]] = {waits, wake}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            wake.cancel()

    async def wait_for_reports(self) -> None:
        """Until the next report is due, or the link is closed.

        Never longer than one period: somebody may press a button of a machine that has nothing else to say.
        """
        if self.closed:
            return
        look_again_s = self.clock.now_s() + self.treadmill.profile.report_period_ms / 1000
        due_s = self.treadmill.next_report_due_s
        wake_s = look_again_s if due_s is None else min(due_s, look_again_s)
        self._waiting = asyncio.ensure_future(self.clock.sleep_until(wake_s))
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
        for waits in self._unanswered.values():
            if not waits.done():
                waits.set_result(Unknown("the connection was closed before the machine answered"))


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
        link = self._link
        while not link.closed:
            for number, report in enumerate(link.arrived(), start=1):
                if link.closed:
                    return
                yield report
                if isinstance(report, LinkLost):
                    return
                if number % TURN_EVERY == 0:
                    await link.clock.sleep_until(link.clock.now_s())
            await link.wait_for_reports()

    async def close(self) -> None:
        """Let go of the machine; one whose belt moves is there for whoever looks for it again, and may run on."""
        treadmill, now_s = self._link.treadmill, self._link.clock.now_s()
        if not self._link.closed and treadmill.link_up:
            treadmill.advance(now_s)
            if treadmill.belt_speed_kph > 0:
                treadmill.drop_link(now_s, "the link was let go", returns_after_s=0.0)
        self._link.close()


class SimulatedWriter:
    """The writing half; it waits as long as the machine makes it wait, and no reader waits with it."""

    def __init__(self, link: SimulatedLink) -> None:
        self._link = link

    async def perform(self, command: Command) -> CommandOutcome:
        return await self._link.perform(command)
