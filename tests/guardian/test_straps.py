"""The strap's own link: found, lost, found again, silent, flooding; none of it touches the belt."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from itertools import count

import pytest

from retrotread.clock import SystemClock
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.heart.strap import HeartStrap, StrapReading
from retrotread.guardian import straps
from retrotread.guardian.core import Core
from retrotread.guardian.messages import HeartShown, Strap
from retrotread.guardian.process import GuardianProcess
from retrotread.guardian.showing import Strapped
from retrotread.guardian.straps import RETRY_S, SILENT_S, Ears, StrapLink
from retrotread.machine import DeviceProfile


class HandClock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.moment_s = 100.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()

    def now_s(self) -> float:
        return self.moment_s

    async def sleep_until(self, moment_s: float) -> None:
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment_s, next(self._number), sleeper))
        await sleeper

    async def pass_s(self, seconds: float) -> None:
        await settle()
        until_s = self.moment_s + seconds
        while self._sleepers and self._sleepers[0][0] <= until_s:
            due_s, _, sleeper = heapq.heappop(self._sleepers)
            self.moment_s = max(self.moment_s, due_s)
            if not sleeper.done():
                sleeper.set_result(None)
            await settle()
        self.moment_s = until_s
        await settle()


async def settle() -> None:
    for _ in range(12):
        await asyncio.sleep(0)


class Hand:
    """A link whose strap is in the hand of the test."""

    name = "H10"

    def __init__(self) -> None:
        self.came: asyncio.Queue[StrapReading | Exception | None] = asyncio.Queue()
        self.closed = 0
        self.fails = False

    async def readings(self) -> AsyncIterator[StrapReading]:
        while (one := await self.came.get()) is not None:
            if isinstance(one, Exception):
                raise one
            yield one

    async def close(self) -> None:
        self.closed += 1
        if self.fails:
            raise OSError("gone")


class Room:
    """Where the strap is, and all that was said of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = HandClock()
        self.links: list[Hand] = []
        self.away: Exception | None = None
        self.hangs = False
        self.said: list[Strapped | None] = []
        self.heard: list[StrapReading] = []
        self.notes: list[str] = []
        monkeypatch.setattr(straps, "reach_strap", self._reach)
        self.link = StrapLink(self.clock, Ears(self.heard.append, self.said.append, self.notes.append))

    async def _reach(self, _address: object, _clock: object) -> HeartStrap:
        if self.hangs:
            await asyncio.Event().wait()
        if self.away is not None:
            raise self.away
        self.links.append(Hand())
        return self.links[-1]

    async def beat(self, bpm: int = 120) -> None:
        await self.clock.pass_s(1.0)
        self.links[-1].came.put_nowait(StrapReading(self.clock.moment_s, bpm))
        await settle()


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(monkeypatch)


ADDRESS = "ble://H10"


async def test_readings_come_and_the_strap_has_no_trouble(room: Room) -> None:
    room.link.use(ADDRESS)
    await settle()
    assert room.said == [Strapped(trouble="the strap is being searched for"), Strapped()]
    await room.beat(120)
    await room.beat(121)
    assert [one.bpm for one in room.heard] == [120, 121]
    await room.link.close()


async def test_a_lost_strap_is_reached_again_as_often_as_it_takes(room: Room) -> None:
    room.link.use(ADDRESS)
    await settle()
    room.away = ConnectFailed("no strap H10 is heard")
    room.links[-1].came.put_nowait(None)
    await room.clock.pass_s(0.0)
    assert room.said[-1] == Strapped(trouble="the link to H10 is lost; it is searched for again")
    await room.clock.pass_s(10 * RETRY_S)
    assert room.said[-1] == Strapped(trouble="no strap H10 is heard")
    assert len(room.links) == 1
    room.away = None
    await room.clock.pass_s(RETRY_S)
    assert room.said[-1] == Strapped()
    assert (len(room.links), room.links[0].closed) == (2, 1)
    await room.beat(120)
    assert [one.bpm for one in room.heard] == [120]
    await room.link.close()


async def test_a_link_that_is_silent_is_made_anew(room: Room) -> None:
    room.link.use(ADDRESS)
    await room.beat()
    await room.clock.pass_s(SILENT_S)
    assert "H10 has sent nothing for 15 s" in str(room.said[-1])
    await room.clock.pass_s(RETRY_S)
    assert len(room.links) == 2
    await room.link.close()


async def test_a_search_without_an_end_has_one(room: Room) -> None:
    room.hangs = True
    room.link.use(ADDRESS)
    await room.clock.pass_s(26.0)
    assert "did not answer in time" in str(room.said[-1])
    await room.link.close()


async def test_a_driver_that_raises_loses_the_strap_and_nothing_else(room: Room) -> None:
    room.link.use(ADDRESS)
    await settle()
    room.links[-1].came.put_nowait(RuntimeError("planted"))
    await settle()
    assert "RuntimeError: planted" in str(room.said[-1])
    await room.clock.pass_s(RETRY_S)
    assert len(room.links) == 2
    await room.link.close()


async def test_a_flood_is_heard_five_times_a_second(room: Room) -> None:
    room.link.use(ADDRESS)
    await settle()
    for number in range(200):
        room.links[-1].came.put_nowait(StrapReading(100.0 + number / 100, 120))
    for _ in range(200):
        await settle()
    assert len(room.heard) == 10
    await room.link.close()


async def test_another_strap_takes_the_place_of_the_first(room: Room) -> None:
    room.link.use(ADDRESS)
    await settle()
    room.link.use("ble://other")
    await settle()
    assert [one.closed for one in room.links] == [1, 0]
    room.link.use("")
    await settle()
    assert [one.closed for one in room.links] == [1, 1]
    assert room.said[-1] is None


async def test_a_simulated_strap_is_known_for_one(room: Room) -> None:
    room.link.use("sim-strap://chest")
    await settle()
    assert room.said == [Strapped(None, "the strap is being searched for", True), Strapped(simulated=True)]
    room.link.use(ADDRESS)
    await settle()
    assert room.said[-1] == Strapped()
    await room.link.close()


async def test_an_address_that_is_none_is_the_trouble(room: Room) -> None:
    room.link.use("H10")
    assert "there is no '://' in it" in str(room.said[-1])
    assert room.links == []


async def test_the_guardian_hands_readings_to_the_core_of_the_treadmill_that_it_holds(
    monkeypatch: pytest.MonkeyPatch, profile: DeviceProfile
) -> None:
    """Before there is a treadmill they are let go; how the strap is, is told to the one that comes later."""
    guardian = GuardianProcess(SystemClock(), -1, -1, None)
    used: list[str] = []
    monkeypatch.setattr(guardian._strap, "use", used.append)
    guardian._message(Strap(ADDRESS))
    assert used == [ADDRESS]
    guardian._heart(StrapReading(1.0, 120))
    guardian._strapped(Strapped(trouble="searching"))
    guardian._core = core = Core(profile, 0.0)
    core.strapped(guardian._strapped_as)
    assert core.snapshot(0.0).heart == HeartShown(None, None, None, None, "searching")
    guardian._heart(StrapReading(2.0, 121))
    assert core.state.heart.recent == (121,)
    guardian._strapped(None)
    assert core.snapshot(0.0).heart is None


async def test_a_strap_that_cannot_be_let_go_is_noted_and_one_that_is_not_there_needs_nothing(room: Room) -> None:
    await room.link.close()
    assert room.notes == []
    room.link.use(ADDRESS)
    await settle()
    room.links[-1].fails = True
    await room.link.close()
    assert room.notes == ["strap: close: the strap failed (OSError: gone)"]
