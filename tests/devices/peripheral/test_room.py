"""The room: radios that come and go."""

from __future__ import annotations

import asyncio
from typing import Any

from bumble import hci
from bumble.device import Device
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from retrotread.devices.peripheral.room import Room


async def test_every_radio_has_an_address_of_its_own_however_many_came_and_went() -> None:
    room = Room()
    seen = set()
    for _ in range(1000):
        radio = room.controller()
        seen.add(str(radio.public_address))
        radio.leave()
    assert len(seen) == 1000
    assert room.controllers == set()


async def connected(clock: Any, room: Room, own: hci.OwnAddressType) -> tuple[Any, Any]:
    """Two hosts with a connection that was made with public or with random addresses on both sides."""
    devices = []
    for number in range(2):
        radio = room.controller()
        address = hci.Address(f"C0:00:00:00:00:0{number}")
        host = Host(radio, AsyncPipeSink(radio))
        devices.append((Device(f"host {number}", address=address, host=host), radio))
        await clock.finish(devices[-1][0].power_on())
    (central, _), (peripheral, radio) = devices
    await clock.finish(peripheral.start_advertising(own_address_type=own, advertising_interval_min=10_000))
    there = radio.public_address if own is hci.OwnAddressType.PUBLIC else radio.random_address
    connecting = asyncio.ensure_future(central.connect_le(there, own_address_type=own, timeout=None))
    await clock.run_until(clock.now_s())
    radio.advertise_once()
    return central, await clock.finish(connecting)


async def test_data_travels_under_the_address_of_the_connection_whichever_kind_it_is(clock: Any) -> None:
    """With bumble's own link nothing arrives over a connection between public addresses, as BlueZ makes one."""
    for own in (hci.OwnAddressType.PUBLIC, hci.OwnAddressType.RANDOM):
        _, connection = await connected(clock, Room(), own)
        assert await clock.finish(connection.gatt_client.request_mtu(100)) == 100


async def test_a_radio_that_left_is_not_heard_and_leaves_nobody_waiting(clock: Any) -> None:
    room = Room()
    central, connection = await connected(clock, room, hci.OwnAddressType.RANDOM)
    for radio in list(room.controllers):
        if radio.random_address == connection.peer_address:
            radio.leave()  # type: ignore[attr-defined]
            radio.leave()  # type: ignore[attr-defined]
    await clock.run_until(clock.now_s())
    assert central.connections == {}
