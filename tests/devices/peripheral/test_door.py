"""The door for other processes: real sockets on this computer's own address, and what comes through them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from retrotread.clock import SystemClock
from retrotread.devices.connect import connect
from retrotread.devices.ftms.characteristics import CONTROL_POINT
from retrotread.devices.gatt.bleak_link import open_link
from retrotread.devices.gatt.bumble_client import offer, withdraw
from retrotread.devices.gatt.link import GattError
from retrotread.devices.peripheral.door import Door, Listening, listening
from retrotread.devices.peripheral.on_air import OnAir, Wanted, put_on_air
from retrotread.devices.peripheral.room import Room
from retrotread.machine import Telemetry

PATIENCE_S = 20.0
"""For a computer that is busy; everything here takes two seconds at most."""


@pytest_asyncio.fixture
async def on_air() -> AsyncIterator[OnAir]:
    """A quick machine behind a free port."""
    there = await put_on_air(Wanted("well-behaved?report_hz=10", listen="127.0.0.1:0"), SystemClock())
    yield there
    await there.stop()


def port_of(on_air: OnAir) -> int:
    (_, via), *_ = on_air.addresses[0].options
    return int(via.rpartition(":")[2])


async def test_the_address_that_it_prints_reaches_it(on_air: OnAir) -> None:
    assert str(on_air.addresses[0]) == f"ble://Retrotread%20sim?via=tcp-client:127.0.0.1:{port_of(on_air)}"
    async with asyncio.timeout(PATIENCE_S):
        connection = await connect(on_air.addresses[0], SystemClock())
        reports = connection.reader.reports()
        assert isinstance(await anext(reports), Telemetry)
        assert connection.identity.name == "Retrotread sim"
        assert connection.identity.model == "well-behaved"
        assert connection.remark is None
        await connection.reader.close()


async def test_a_program_that_dies_is_a_lost_link_and_the_next_one_is_let_in(on_air: OnAir) -> None:
    clock, via = SystemClock(), f"tcp-client:127.0.0.1:{port_of(on_air)}"
    async with asyncio.timeout(PATIENCE_S):
        dying: Any = await open_link("Retrotread sim", clock, via)
        assert on_air.machine.station.connected
        dying._client._backend._radio._transport.sink.transport.abort()
        while on_air.machine.station.connected:
            await clock.sleep_until(clock.now_s() + 0.01)
        link = await open_link("Retrotread sim", clock, via)
        await link.subscribe(CONTROL_POINT, lambda _octets: None)
        await link.write(CONTROL_POINT, b"\x00", True)
        await link.close()


async def test_when_the_machine_goes_its_guests_lose_the_link(on_air: OnAir) -> None:
    lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(PATIENCE_S):
        link = await open_link("Retrotread sim", SystemClock(), f"tcp-client:127.0.0.1:{port_of(on_air)}")
        link.on_lost(lost.set_result)
        await on_air.stop()
        assert "ended the link" in await lost
        with pytest.raises(GattError):
            await link.read(CONTROL_POINT)


@pytest.mark.parametrize("octets", [b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 64, b"\x01\x03\x0c", b"\x02\x01\x00\xff\xff"])
async def test_whoever_speaks_something_else_is_shown_out_and_nobody_else_notices(on_air: OnAir, octets: bytes) -> None:
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    async with asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(on_air))
        writer.write(octets)
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        link = await open_link("Retrotread sim", SystemClock(), f"tcp-client:127.0.0.1:{port_of(on_air)}")
        await link.close()
    assert complaints == []


@pytest.mark.parametrize("text", ["0.0.0.0:9723", "192.168.1.7:9723", "[::]:9723", "example.org:9723", ":9723"])
def test_it_listens_on_this_computers_own_address_alone(text: str) -> None:
    with pytest.raises(ValueError, match="not this computer's own address"):
        listening(text)


@pytest.mark.parametrize("text", ["127.0.0.1", "127.0.0.1:", "127.0.0.1:ftms", "127.0.0.1:65536", "127.0.0.1:-1", ""])
def test_what_is_no_host_and_port_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"write for example 127\.0\.0\.1:9723"):
        listening(text)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.9.1"])
def test_every_name_of_this_computer_will_do(host: str) -> None:
    assert listening(f"{host}:0") == Listening(host, 0)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (Wanted("nobody"), "no simulated treadmill 'nobody'"),
        (Wanted("well-behaved?fault=silnet@3"), "no fault 'silnet'"),
        (Wanted(quirks=("splitt",)), "no quirk 'splitt'"),
        (Wanted(name="x" * 30), "30 octets"),
        (Wanted(name=""), "0 octets"),
        (Wanted(listen="0.0.0.0:1"), "own address"),
    ],
)
async def test_what_cannot_be_put_on_the_air_is_refused_before_anything_is(wanted: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        await put_on_air(wanted, SystemClock())


async def test_a_machine_on_a_controller_of_its_own_is_met_by_its_name_and_met_again_after_it_was_let_go() -> None:
    """A controller behind a socket stands for a dongle: the machine's host speaks HCI with it."""
    clock, room = SystemClock(), Room()
    door = Door(room)
    at = await door.open(Listening("127.0.0.1", 0))
    offer("dongle", room.enter)
    async with asyncio.timeout(PATIENCE_S):
        wanted = Wanted(name="On a dongle", controller=f"tcp-client:{at.host}:{at.port}")
        there = await put_on_air(wanted, clock)
        assert [str(one) for one in there.addresses] == ["ble://On%20a%20dongle"]
        for _ in range(2):
            link = await open_link("On a dongle", clock, "inside:dongle")
            assert link.has(CONTROL_POINT)
            await link.close()
        await there.stop()
        await door.close()
    withdraw("dongle")


@pytest.mark.parametrize(
    "controller", ["usb:99", "nonsense:0", "tcp-client:127.0.0.1:1", "serial:/nowhere", "nonsense"]
)
async def test_a_controller_that_is_not_there_is_a_sentence(controller: str) -> None:
    with pytest.raises(OSError, match=f"the controller '{controller}' cannot be used"):
        await put_on_air(Wanted(controller=controller), SystemClock())


@pytest.mark.skipif(Path("/dev/vhci").exists(), reason="this computer has /dev/vhci")
async def test_without_the_kernels_device_there_is_no_way_in_through_it() -> None:
    with pytest.raises(OSError, match="/dev/vhci"):
        await put_on_air(Wanted(controller="vhci"), SystemClock())
