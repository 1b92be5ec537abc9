"""The same machine over this program's own host stack and over BlueZ: what a driver relies on holds over both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from retrotread.devices.ftms import characteristics as known
from retrotread.devices.ftms.codec import decode_treadmill_data
from retrotread.devices.ftms.reach import connection_over
from retrotread.devices.gatt.bleak_link import open_link
from retrotread.devices.gatt.link import GattRefused
from retrotread.devices.sheet import Sheet
from retrotread.machine import Accepted, SetSpeed, StartBelt, StopBelt, Telemetry
from retrotread.sessions.capture.recording import Recording

DEADLINE_S = 30.0
"""For one thing to happen; over a radio that is simulated it takes seconds at most."""


class Heard(list[Any]):
    """What came, and waiting for more of it."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def hear(self, one: Any) -> None:
        self.append(one)
        self._news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Look whenever something has come."""
        async with asyncio.timeout(DEADLINE_S):
            while not true():
                self._news.clear()
                await self._news.wait()


async def test_values_are_read_and_records_come(put_in_reach: Any) -> None:
    there = await put_in_reach()
    link = await open_link(there.name, there.clock, there.via)
    heard = Heard()
    try:
        assert await link.read(known.SPEED_RANGE) == bytes.fromhex("320040060a00")
        assert not link.has(known.HEART_RATE_MEASUREMENT)
        await link.subscribe(known.TREADMILL_DATA, heard.hear)
        await heard.until(lambda: len(heard) >= 3)
    finally:
        await link.close()
    assert {decode_treadmill_data(octets).value.speed_kph for octets in heard} == {0.0}


async def test_a_refusal_of_the_attribute_protocol_comes_with_its_number(put_in_reach: Any) -> None:
    there = await put_in_reach()
    link = await open_link(there.name, there.clock, there.via)
    try:
        with pytest.raises(GattRefused) as raised:
            await link.write(known.CONTROL_POINT, b"\x00", response=True)  # before its answers are subscribed to
    finally:
        await link.close()
    assert raised.value.code == 0xFD


async def test_a_link_that_goes_is_told_once(put_in_reach: Any) -> None:
    there = await put_in_reach()
    link = await open_link(there.name, there.clock, there.via)
    lost = Heard()
    link.on_lost(lost.hear)
    await there.machine.stop()
    await lost.until(lambda: bool(lost))
    await link.close()
    assert len(lost) == 1


async def test_a_belt_starts_is_set_and_stops(put_in_reach: Any) -> None:
    there = await put_in_reach()
    link = await open_link(there.name, there.clock, there.via)
    connection = await connection_over(link, there.clock, Sheet(there.treadmill.profile))
    speeds = Heard()

    async def listen() -> None:
        async for report in connection.reader.reports():
            if isinstance(report, Telemetry) and report.speed_kph is not None:
                speeds.hear(report.speed_kph)

    listening = asyncio.ensure_future(listen())
    try:
        assert connection.remark is None
        await speeds.until(lambda: bool(speeds))
        assert await connection.writer.perform(StartBelt()) == Accepted()
        await speeds.until(lambda: speeds[-1] > 0)
        assert await connection.writer.perform(SetSpeed(150)) == Accepted()
        await speeds.until(lambda: speeds[-1] == 1.5)
        assert await connection.writer.perform(StopBelt()) == Accepted()
        await speeds.until(lambda: speeds[-1] == 0)
    finally:
        await connection.reader.close()
        listening.cancel()


async def test_a_capture_writes_nothing_to_the_machine(put_in_reach: Any) -> None:
    """What arrives at the machine itself is counted, behind the whole stack."""
    there = await put_in_reach()
    written: list[bytes] = []
    receive = there.machine._control.receive

    def counted(value: bytes, now_s: float) -> Any:
        written.append(value)
        return receive(value, now_s)

    there.machine._control.receive = counted
    there.machine._control.vendor_write = lambda uuid, value: written.append(value)
    link = await open_link(there.name, there.clock, there.via)
    lines: list[dict[str, Any]] = []
    try:
        await Recording(link, there.clock, lines.append, "0").run(2.5)
        assert written == []
        await link.write(known.CONTROL_POINT, b"\x00", response=True)  # the count is not blind
        assert written == [b"\x00"]
    finally:
        await link.close()
    assert [line["says"]["highest"] for line in lines if line.get("uuid") == "2ad4"] == [16.0]
    assert [line for line in lines if line.get("uuid") == "2acd"]
    assert there.name not in str(lines)
