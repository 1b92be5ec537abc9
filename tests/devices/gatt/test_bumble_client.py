"""The bleak back end over bumble: what bleak's other back ends promise, and what the attribute protocol does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import att, core
from bumble.gatt import Characteristic, Service

from retrotread.devices.gatt.bumble_client import backend, offer, withdraw
from retrotread.devices.gatt.link import uuid16
from retrotread.devices.peripheral.room import Room
from retrotread.devices.peripheral.station import Station

ROOM = "the back end's room"
TEXT, HELD, REFUSED, TOLD, ASKED = (uuid16(0xFF00 + number) for number in range(5))
HOSTILE_NAME = b"\x1b[31m\xff\xfe"


class Toy:
    """A machine with one characteristic of each kind; a write to ``HELD`` is acknowledged when ``held`` is."""

    def __init__(self, clock: Any, room: Room) -> None:
        self.clock = clock
        self.station = Station.in_room("Toy", room)
        self.held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.taken: list[bytes] = []
        properties = Characteristic.Properties
        self.told = self._attribute(TOLD, properties.NOTIFY, b"")
        self.asked = self._attribute(ASKED, properties.INDICATE, b"")
        self.service = Service(
            core.UUID(uuid16(0xFFFF)),
            [
                self._attribute(TEXT, properties.READ, bytes(range(256)) * 2),
                self._attribute(HELD, properties.WRITE | properties.WRITE_WITHOUT_RESPONSE, self._hold),
                self._attribute(REFUSED, properties.WRITE, self._refuse),
                self.told,
                self.asked,
            ],
        )

    def _attribute(self, uuid: str, properties: Any, value: Any) -> Any:
        held = att.AttributeValue(write=value) if callable(value) else value
        readable = Characteristic.READABLE | Characteristic.WRITEABLE
        return Characteristic(core.UUID(uuid), properties, readable, held)

    def _hold(self, _connection: object, value: bytes) -> Any:
        self.taken.append(value)
        return asyncio.shield(self.held) if value == b"hold" else None

    def _refuse(self, _connection: object, _value: bytes) -> None:
        raise att.ATT_Error(error_code=0x80)

    async def start(self, name: bytes = b"Toy") -> None:
        advert = bytes([2, 0x01, 0x06, len(name) + 1, 0x09]) + name
        await self.station.switch_on((self.service,), (advert, b""))
        await self.station.advertise(self.clock)


@pytest_asyncio.fixture
async def toy(clock: Any) -> AsyncIterator[Toy]:
    room = Room()
    offer(ROOM, room.enter)
    toy = Toy(clock, room)
    await clock.finish(toy.start())
    yield toy
    await clock.finish(toy.station.switch_off())
    await clock.run_until(clock.now_s() + 1)
    withdraw(ROOM)


@pytest_asyncio.fixture
async def client(toy: Toy, clock: Any) -> AsyncIterator[BleakClient]:
    client = BleakClient(toy.station.address, backend=backend(f"inside:{ROOM}")[0])
    await clock.finish(client.connect())
    yield client
    if client.is_connected:
        await clock.finish(client.disconnect())


async def test_an_address_alone_will_do_and_a_long_value_is_read_whole(client: BleakClient, clock: Any) -> None:
    assert client.is_connected
    assert bytes(await clock.finish(client.read_gatt_char(TEXT))) == bytes(range(256)) * 2


async def test_a_refusal_keeps_its_code(client: BleakClient, clock: Any) -> None:
    with pytest.raises(BleakGATTProtocolError) as refused:
        await clock.finish(client.write_gatt_char(REFUSED, b"x", response=True))
    assert refused.value.code == 0x80


async def test_a_write_that_was_given_up_keeps_the_bearer_until_it_is_acknowledged(
    toy: Toy, client: BleakClient, clock: Any
) -> None:
    """One request at a time (Core Specification, vol 3 part F, 3.3.2): the next one waits, however urgent it is."""
    given_up = asyncio.ensure_future(client.write_gatt_char(HELD, b"hold", response=True))
    await clock.run_until(clock.now_s() + 1)
    given_up.cancel()
    behind = asyncio.ensure_future(client.write_gatt_char(HELD, b"stop", response=True))
    await clock.run_until(clock.now_s() + 5)
    assert toy.taken == [b"hold"]
    toy.held.set_result(None)
    await clock.finish(behind)
    assert toy.taken == [b"hold", b"stop"]


async def test_a_write_without_response_waits_for_nothing(toy: Toy, client: BleakClient, clock: Any) -> None:
    held = asyncio.ensure_future(client.write_gatt_char(HELD, b"hold", response=True))
    await clock.run_until(clock.now_s() + 1)
    await clock.finish(client.write_gatt_char(HELD, b"now", response=False))
    await clock.run_until(clock.now_s())
    assert toy.taken == [b"hold", b"now"]
    toy.held.set_result(None)
    await clock.finish(held)


async def test_notifications_and_indications_are_heard_in_order_until_they_are_given_up(
    toy: Toy, client: BleakClient, clock: Any
) -> None:
    heard: list[bytes] = []
    for uuid in (TOLD, ASKED):
        await clock.finish(client.start_notify(uuid, lambda _attribute, value: heard.append(bytes(value))))
    toy.station.notify(toy.told, b"1")
    toy.station.indicate(toy.asked, b"2")
    await clock.run_until(clock.now_s())
    assert sorted(heard) == [b"1", b"2"]
    await clock.finish(client.stop_notify(TOLD))
    toy.station.notify(toy.told, b"3")
    await clock.run_until(clock.now_s())
    assert sorted(heard) == [b"1", b"2"]


async def test_a_listener_that_raises_is_complained_about_and_indications_go_on(
    toy: Toy, client: BleakClient, clock: Any
) -> None:
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context["exception"]))
    await clock.finish(client.start_notify(ASKED, lambda _attribute, value: [][value[0]]))
    for octets in (b"\x01", b"\x02"):
        toy.station.indicate(toy.asked, octets)
        await clock.run_until(clock.now_s())
    assert [type(one) for one in complaints] == [IndexError, IndexError]


async def test_a_lost_link_is_told_once_and_fails_what_waits_and_what_comes(
    toy: Toy, client: BleakClient, clock: Any
) -> None:
    held = asyncio.ensure_future(client.write_gatt_char(HELD, b"hold", response=True))
    behind = asyncio.ensure_future(client.write_gatt_char(HELD, b"more", response=True))
    await clock.run_until(clock.now_s() + 1)
    await clock.finish(toy.station.switch_off())
    await clock.run_until(clock.now_s())
    for waiting in (held, behind):
        with pytest.raises(BleakError, match="the link was lost meanwhile"):
            waiting.result()
    assert not client.is_connected
    with pytest.raises(BleakError):
        await clock.finish(client.read_gatt_char(TEXT))


async def test_giving_up_a_connection_to_nobody_leaves_the_controller_free_for_the_next_one(
    toy: Toy, clock: Any
) -> None:
    client, scanner = backend(f"inside:{ROOM}")
    shared = BleakScanner(backend=scanner)  # so that the controller is the same one all the time
    await clock.finish(shared.start())
    nobody = asyncio.ensure_future(BleakClient("C0:00:00:00:00:01", backend=client).connect())
    await clock.run_until(clock.now_s() + 2)
    nobody.cancel()
    await clock.run_until(clock.now_s() + 1)
    assert nobody.cancelled()
    there = BleakClient(toy.station.address, backend=client)
    await clock.finish(there.connect())
    await clock.finish(there.disconnect())
    await clock.finish(shared.stop())


async def test_a_room_that_does_not_exist_is_an_error_in_words(clock: Any) -> None:
    with pytest.raises(BleakError, match="no Bluetooth controller answers at inside:nowhere"):
        await clock.finish(BleakScanner(backend=backend("inside:nowhere")[1]).start())


async def test_a_socket_where_nobody_listens_is_an_error_in_words() -> None:
    with pytest.raises(BleakError, match="no Bluetooth controller answers at tcp-client:127"):
        await BleakScanner(backend=backend("tcp-client:127.0.0.1:1")[1]).start()


async def test_a_name_that_is_no_text_is_heard_all_the_same(clock: Any) -> None:
    room = Room()
    offer(ROOM, room.enter)
    toy = Toy(clock, room)
    await clock.finish(toy.start(HOSTILE_NAME))
    scanner = BleakScanner(backend=backend(f"inside:{ROOM}")[1])
    await clock.finish(scanner.start())
    await clock.run_until(clock.now_s() + 0.5)
    ((_, advert),) = scanner.discovered_devices_and_advertisement_data.values()
    assert advert.local_name == "\x1b[31m\N{REPLACEMENT CHARACTER}" + "\N{REPLACEMENT CHARACTER}"
    await clock.finish(scanner.stop())
    await clock.finish(toy.station.switch_off())
    withdraw(ROOM)
