"""A strap by its address, over the real attribute protocol: from a simulated body to what a heart is believed to do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from retrotread.devices.address import parse_address
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.gatt.bumble_client import offer, withdraw
from retrotread.devices.heart.reach import reach_strap
from retrotread.devices.heart.strap import StrapReading
from retrotread.devices.peripheral.room import Room
from retrotread.devices.peripheral.station import Station
from retrotread.devices.peripheral.strap import FollowingHeart, HeartStrap
from retrotread.safety.heart import NO_HEART, Heart
from retrotread.safety.inputs import HeartSeen

ROOM = "a room with a strap"
ADDRESS = f"ble://Strap?via=inside:{ROOM.replace(' ', '%20')}"


class Worn:
    """A strap on somebody, and everything that is heard of it."""

    def __init__(self, clock: Any, heart: FollowingHeart, strap: HeartStrap) -> None:
        self.clock, self.heart, self.strap = clock, heart, strap
        self.heard: list[StrapReading] = []
        self.ended = asyncio.Event()
        self._link: Any = None

    async def listen(self) -> None:
        self._link = await self.clock.finish(reach_strap(parse_address(ADDRESS), self.clock))
        self._task = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for reading in self._link.readings():
            self.heard.append(reading)
        self.ended.set()

    async def passes(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now_s() + seconds)

    async def leave(self) -> None:
        if self._link is not None:
            await self.clock.finish(self._link.close())
            await self.clock.finish(self._task)

    def believed(self) -> Heart:
        """What the supervisor makes of it."""
        heart, before_s = NO_HEART, self.heard[0].at_s
        for one in self.heard:
            heart = heart.aged(round((one.at_s - before_s) * 1000))
            heart, before_s = heart.seen(HeartSeen(one.bpm, one.contact, any(one.rr_s))), one.at_s
        return heart


@pytest_asyncio.fixture
async def worn(clock: Any) -> Any:
    room = Room()
    offer(ROOM, room.enter)
    heart = FollowingHeart(lambda: 0.0)
    strap = HeartStrap(clock, Station.in_room("Strap", room), heart.measure)
    await clock.finish(strap.start())
    one = Worn(clock, heart, strap)
    yield one
    await one.leave()
    await clock.finish(strap.stop())
    withdraw(ROOM)


async def test_rate_contact_and_intervals_reach_the_reader(worn: Worn) -> None:
    await worn.listen()
    await worn.passes(10)
    assert len(worn.heard) >= 9
    last = worn.heard[-1]
    assert (last.bpm, last.contact) == (72, True)
    assert last.rr_s == pytest.approx((60 / 72,), abs=0.001)
    assert worn.believed().median_bpm == 72


async def test_a_strap_that_cannot_tell_its_contact_and_repeats_itself_is_taken_off(worn: Worn) -> None:
    worn.heart.contact = None
    await worn.listen()
    await worn.passes(10)
    assert not worn.believed().missing
    worn.heart.frozen = True
    await worn.passes(10)
    assert (worn.heard[-1].bpm, worn.heard[-1].rr_s) == (72, ())
    assert worn.believed().missing


async def test_a_strap_that_goes_off_the_air_ends_its_readings(worn: Worn, clock: Any) -> None:
    await worn.listen()
    await worn.passes(3)
    await clock.finish(worn.strap.stop())
    await worn.passes(10)
    assert worn.ended.is_set()


async def test_a_strap_that_is_not_there_is_a_sentence(worn: Worn, clock: Any) -> None:
    with pytest.raises(ConnectFailed, match="Nobody"):
        await clock.finish(reach_strap(parse_address(ADDRESS.replace("Strap", "Nobody")), clock))
    assert worn.heard == []
