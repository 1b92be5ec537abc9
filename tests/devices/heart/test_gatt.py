"""A strap over a link of attributes: its notifications become readings, whatever is in them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from retrotread.devices.errors import ConnectFailed
from retrotread.devices.gatt.link import GattError, GattRefused, uuid16
from retrotread.devices.heart.gatt import MEASUREMENT, WAITING_MAX, strap_over
from retrotread.devices.heart.strap import StrapReading


class Clock:
    def now_s(self) -> float:
        return 7.0

    async def sleep_until(self, moment_s: float) -> None:
        raise AssertionError(f"nobody waits here until {moment_s}")


class Link:
    """A link that a test speaks for."""

    name, address = "H10", "AA:01"

    def __init__(self, *characteristics: str) -> None:
        self.characteristics = characteristics
        self.refuses: GattError | None = None
        self.notify: Callable[[bytes], None] = lambda _value: None
        self.lose: Callable[[str], None] = lambda _reason: None
        self.closed = 0

    def has(self, uuid: str) -> bool:
        return uuid in self.characteristics

    async def read(self, uuid: str) -> bytes:
        raise GattError(uuid)

    async def write(self, uuid: str, value: bytes, response: bool) -> None:
        raise AssertionError(f"{value!r} was written to {uuid} ({response}): a strap is only heard")

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None:
        assert uuid == MEASUREMENT
        if self.refuses is not None:
            raise self.refuses
        self.notify = heard

    def on_lost(self, lost: Callable[[str], None]) -> None:
        self.lose = lost

    async def close(self) -> None:
        self.closed += 1


async def heard_of(*payloads: bytes) -> list[StrapReading]:
    """What comes of these notifications, and of the end of the link behind them."""
    link = Link(MEASUREMENT)
    strap = await strap_over(link, Clock())
    for payload in payloads:
        link.notify(payload)
    link.lose("gone")
    return [one async for one in strap.readings()]


async def test_rate_contact_and_intervals_arrive_with_their_moment() -> None:
    heard = await heard_of(bytes.fromhex("106f0004"), bytes.fromhex("0678"), bytes.fromhex("0478"))
    assert heard == [
        StrapReading(7.0, 111, None, (1.0,)),
        StrapReading(7.0, 120, True),
        StrapReading(7.0, 120, False),
    ]


@pytest.mark.parametrize("payload", [b"", b"\x10", b"\x01\x78", b"\xff" * 512, b"\x00\x00", b"\x19\x00"])
async def test_no_notification_ends_the_strap(payload: bytes) -> None:
    heard = await heard_of(payload, bytes.fromhex("0678"))
    assert len(heard) == 2
    assert heard[1].bpm == 120


async def test_of_readings_that_nobody_takes_the_newest_are_kept_and_the_end_is_not_lost() -> None:
    heard = await heard_of(*(bytes((0, 1 + number % 200)) for number in range(1000)))
    assert len(heard) == WAITING_MAX
    assert heard[-1].bpm == 200
    link = Link(MEASUREMENT)
    strap = await strap_over(link, Clock())
    link.lose("gone")
    for _ in range(2 * WAITING_MAX):
        link.notify(b"\x00\x78")
    async with asyncio.timeout(10):
        assert len([one async for one in strap.readings()]) <= WAITING_MAX


async def test_what_is_no_strap_is_let_go_with_a_sentence() -> None:
    link = Link(uuid16(0x2ACD))
    with pytest.raises(ConnectFailed, match="H10 is no heart-rate strap: it has no heart rate to notify"):
        await strap_over(link, Clock())
    assert link.closed == 1


async def test_a_strap_that_refuses_its_rate_is_let_go_with_its_reason() -> None:
    link = Link(MEASUREMENT)
    link.refuses = GattRefused("it wants to be paired", 0x05)
    with pytest.raises(ConnectFailed, match=r"does not send its heart rate \(it wants to be paired\)"):
        await strap_over(link, Clock())
    assert link.closed == 1


async def test_closing_ends_the_readings_and_the_link() -> None:
    link = Link(MEASUREMENT)
    strap = await strap_over(link, Clock())
    await strap.close()
    assert [one async for one in strap.readings()] == []
    assert link.closed == 1
