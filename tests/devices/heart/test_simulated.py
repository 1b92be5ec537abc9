"""A simulated strap: what each kind says, and each of its troubles."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.errors import AddressError, ConnectFailed
from retrotread.devices.heart.reach import reach_strap
from retrotread.devices.heart.simulated import simulated_strap
from retrotread.devices.heart.strap import StrapReading


class Hurried:
    """A clock on which whoever sleeps has slept."""

    def __init__(self) -> None:
        self.moment_s = 50.0

    def now_s(self) -> float:
        return self.moment_s

    async def sleep_until(self, moment_s: float) -> None:
        self.moment_s = max(self.moment_s, moment_s)
        await asyncio.sleep(0)


def says(kind: str, age_s: float, **options: str) -> StrapReading:
    return simulated_strap(kind, tuple(options.items())).reading(age_s, age_s)


async def until_lost(address: str, clock: Hurried, at_most: int = 100) -> list[StrapReading]:
    heard: list[StrapReading] = []
    async for reading in (await reach_strap(parse_address(address), clock)).readings():
        heard.append(reading)
        if len(heard) == at_most:
            break
    return heard


async def test_a_reading_every_second_with_its_rate_and_intervals_that_add_up() -> None:
    heard = await until_lost("sim-strap://chest?bpm=120", Hurried(), 60)
    assert [one.at_s for one in heard] == [51.0 + number for number in range(60)]
    assert {one.bpm for one in heard} == {120}
    assert 59 <= sum(sum(one.rr_s) for one in heard) <= 61
    assert not any(one.rr_s == after.rr_s for one, after in itertools.pairwise(heard))


def test_a_rate_moves_to_another_one_in_its_time() -> None:
    assert [says("chest", age_s, bpm="100", to_bpm="160", in_s="60").bpm for age_s in (0, 30, 60, 90)] == [
        100,
        130,
        160,
        160,
    ]


@pytest.mark.parametrize(
    ("kind", "bpm", "contact"), [("chest", 100, None), ("contact", 100, False), ("armband", 0, None)]
)
def test_a_strap_that_is_taken_off(kind: str, bpm: int, contact: bool | None) -> None:
    """A chest strap without contact bits repeats its last rate; that it sends no interval is all there is to see."""
    reading = says(kind, 30, bpm="100", to_bpm="160", in_s="60", off_s="0")
    assert (reading.bpm, reading.contact, reading.rr_s) == (bpm, contact, ())


def test_a_frozen_strap_says_the_same_and_still_feels_skin() -> None:
    frozen = [says("contact", age_s, bpm="100", to_bpm="160", in_s="60", freeze_s="30") for age_s in (30, 40, 50)]
    assert [(one.bpm, one.contact, one.rr_s) for one in frozen] == [(130, True, ())] * 3


def test_a_jump_lasts_three_seconds() -> None:
    assert [says("chest", age_s, bpm="100", jump_s="10").bpm for age_s in range(8, 15)] == [
        *[100, 100],
        *[160] * 3,
        *[100] * 2,
    ]


def test_an_armband_sends_no_intervals() -> None:
    assert says("armband", 30).rr_s == ()


async def test_a_lost_strap_comes_back_as_the_one_that_it_was() -> None:
    clock, address = Hurried(), "sim-strap://chest?bpm=100&to_bpm=160&in_s=60&drop_s=10&back_s=20"
    assert len(await until_lost(address, clock)) == 9
    with pytest.raises(ConnectFailed, match="comes back after 20 s"):
        await reach_strap(parse_address(address), clock)
    clock.moment_s = 80.0
    heard = await until_lost(address, clock, 1)
    assert (heard[0].at_s, heard[0].bpm) == (81.0, 131)


async def test_a_strap_that_was_closed_sends_no_more() -> None:
    clock = Hurried()
    strap = await reach_strap(parse_address("sim-strap://chest"), clock)
    await strap.close()
    await strap.close()
    assert [one async for one in strap.readings()] == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sim-strap://ring", "no simulated strap 'ring'; the known ones are chest, contact, armband"),
        ("sim-strap://chest?pulse=3", "no option 'pulse'; the known ones are bpm,"),
        ("sim-strap://chest?bpm=5", "option 'bpm' is '5'; write a number from 20 to 250"),
        ("sim-strap://chest?off_s=nan", "write a number from 0 to 86400"),
    ],
)
def test_an_address_that_is_none_says_what_is_known(address: str, told: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(address)
    assert told in str(caught.value)


@pytest.mark.parametrize("address", ["sim://well-behaved", "coach://"])
async def test_a_treadmill_is_no_strap(address: str) -> None:
    with pytest.raises(AddressError, match="write ble://NAME"):
        await reach_strap(parse_address(address), Hurried())
