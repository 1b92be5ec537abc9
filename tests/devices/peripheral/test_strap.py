"""The simulated heart-rate strap on the air."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from retrotread.devices.ftms import characteristics as known
from retrotread.devices.gatt.bleak_link import open_link
from retrotread.devices.gatt.bumble_client import offer, withdraw
from retrotread.devices.heart.codec import decode_heart_rate
from retrotread.devices.peripheral.room import Room
from retrotread.devices.peripheral.station import Station
from retrotread.devices.peripheral.strap import FollowingHeart, HeartStrap

ROOM = "the strap's room"


class Belt:
    speed_kph = 0.0


@pytest_asyncio.fixture
async def worn(clock: Any) -> Any:
    """A strap on somebody beside a belt, and what a program hears of it."""
    room, belt = Room(), Belt()
    offer(ROOM, room.enter)
    heart = FollowingHeart(lambda: belt.speed_kph)
    strap = HeartStrap(clock, Station.in_room("Strap", room), heart.measure)
    await clock.finish(strap.start())
    link = await clock.finish(open_link("Strap", clock, f"inside:{ROOM}"))
    heard: list[Any] = []
    await clock.finish(link.subscribe(known.HEART_RATE_MEASUREMENT, heard.append))
    yield heart, belt, heard, strap
    await clock.finish(link.close())
    await clock.finish(strap.stop())
    withdraw(ROOM)


async def test_a_measurement_a_second_with_contact_and_intervals(worn: Any, clock: Any) -> None:
    _, _, heard, _ = worn
    await clock.run_until(clock.now_s() + 10)
    assert len(heard) == 10
    measured = decode_heart_rate(heard[-1])
    assert measured.anomalies == ()
    assert (measured.value.bpm, measured.value.contact) == (72, True)
    assert list(measured.value.rr_s) == pytest.approx([60 / 72], abs=0.001)


async def test_the_rate_follows_the_belt_and_not_at_once(worn: Any, clock: Any) -> None:
    _, belt, heard, _ = worn
    belt.speed_kph = 6.0
    await clock.run_until(clock.now_s() + 10)
    early = decode_heart_rate(heard[-1]).value.bpm
    await clock.run_until(clock.now_s() + 180)
    late = decode_heart_rate(heard[-1]).value.bpm
    assert early is not None
    assert 80 < early < 95
    assert late == 126


async def test_a_frozen_strap_repeats_its_rate_without_an_interval(worn: Any, clock: Any) -> None:
    heart, belt, heard, _ = worn
    heart.frozen, belt.speed_kph = True, 6.0
    await clock.run_until(clock.now_s() + 20)
    assert [(one.bpm, one.rr_s) for one in (decode_heart_rate(octets).value for octets in heard[-10:])] == [
        (72, ())
    ] * 10


async def test_a_strap_without_contact_says_so_and_one_that_cannot_tell_says_nothing(worn: Any, clock: Any) -> None:
    heart, _, heard, _ = worn
    for contact in (False, None):
        heart.contact = contact
        await clock.run_until(clock.now_s() + 2)
        assert decode_heart_rate(heard[-1]).value.contact is contact


async def test_a_silent_strap_says_nothing(worn: Any, clock: Any) -> None:
    _, _, heard, strap = worn
    strap.silent = True
    before = len(heard)
    await clock.run_until(clock.now_s() + 10)
    assert len(heard) == before
