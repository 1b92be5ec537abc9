"""A host with a controller, simulated or real, that advertises and takes one connection at a time."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from bumble import att, hci
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink, Transport

from ...clock import Clock
from .room import Room, RoomController

ADVERTISE_S = 0.1
"""What the fitness machine profile recommends for the first thirty seconds is 20 to 30 ms; a tenth of a second is
quick for a person and cheap on a simulated clock."""

SLOW_MS = 10_240.0
"""The longest interval that a controller takes: in a room the clock of the machine does the advertising."""

REFUSED_REASON = hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR


def address_for(name: str) -> str:
    """A random static address that is the same for the same name, so that a machine is met again."""
    octets = bytearray(hashlib.sha256(name.encode()).digest()[:6])
    octets[0] |= 0xC0  # the two highest bits mark a static address (Core Specification, vol 6 part B, 1.3.2.1)
    return ":".join(f"{octet:02X}" for octet in octets)


class Station:
    """One host. ``came`` and ``went`` are told of connections; nothing is sent to nobody."""

    def __init__(self, name: str, device: Device, radio: RoomController | None, transport: Transport | None) -> None:
        self.name = name
        self.device = device
        self.came: Callable[[], None] = lambda: None
        self.went: Callable[[], None] = lambda: None
        self._radio = radio
        self._transport = transport
        self._connection: Connection | None = None
        self._adverts = b"", b""
        self._work: set[asyncio.Task[None]] = set()
        self._shouting: asyncio.Task[None] | None = None
        device.on(device.EVENT_CONNECTION, self._on_connection)

    @classmethod
    def in_room(cls, name: str, room: Room) -> Station:
        """With a radio of its own in a simulated room."""
        radio = room.controller()
        host = Host(radio, AsyncPipeSink(radio))
        return cls(name, _device(name, host), radio, None)

    @classmethod
    def over(cls, name: str, transport: Transport) -> Station:
        """With a controller of this computer."""
        return cls(name, _device(name, Host(transport.source, transport.sink)), None, transport)

    @property
    def address(self) -> str:
        return self.device.static_address.to_string(False)

    @property
    def connected(self) -> bool:
        return self._connection is not None

    async def switch_on(self, services: tuple[Service, ...], adverts: tuple[bytes, bytes]) -> None:
        """``adverts``: what is advertised, and what is added when somebody asks."""
        self._adverts = adverts
        self.device.add_services(services)
        await self.device.power_on()

    async def advertise(self, clock: Clock) -> None:
        """Until somebody connects."""
        advert, more = self._adverts
        interval_ms = ADVERTISE_S * 1000 if self._radio is None else SLOW_MS
        await self.device.start_advertising(
            advertising_data=advert,
            scan_response_data=more,
            advertising_interval_min=interval_ms,
            advertising_interval_max=interval_ms,
        )
        if self._radio is not None:
            self._shouting = self._keep(self._shout(clock, self._radio))

    async def hush(self) -> None:
        """Advertise no more."""
        if self._shouting is not None:
            self._shouting.cancel()
        if self.device.is_advertising:
            await self.device.stop_advertising()

    async def _shout(self, clock: Clock, radio: RoomController) -> None:
        while self._connection is None:
            radio.advertise_once()
            await clock.sleep_until(clock.now_s() + ADVERTISE_S)

    def subscribed(self, characteristic: Characteristic[bytes]) -> bool:
        """Whether somebody wants to hear of it, by notification or by indication."""
        return any(self._subscription(characteristic))

    def notify(self, characteristic: Characteristic[bytes], value: bytes, force: bool = False) -> None:
        """Send now, cut to what the link carries; to nobody if nobody subscribed, unless by ``force``."""
        if self._connection is None or not (force or self._subscription(characteristic)[0] & 1):
            return
        pdu = att.ATT_Handle_Value_Notification(
            attribute_handle=characteristic.handle, attribute_value=value[: self._connection.att_mtu - 3]
        )
        self.device.gatt_server.send_gatt_pdu(self._connection, bytes(pdu))

    def indicate(self, characteristic: Characteristic[bytes], value: bytes) -> None:
        """Send as soon as the last indication is confirmed."""
        if self._connection is not None:
            self._keep(self._indicate(self._connection, characteristic, value))

    async def _indicate(self, connection: Connection, characteristic: Characteristic[bytes], value: bytes) -> None:
        try:
            await self.device.gatt_server.indicate_subscriber(connection, characteristic, value)
        except TimeoutError:
            await self.end_link()  # a client that confirms nothing for 30 s has broken the attribute protocol

    async def end_link(self) -> None:
        """The machine ends the connection, if there is one."""
        if self._connection is not None:
            await self._connection.disconnect(REFUSED_REASON)

    async def switch_off(self) -> None:
        """Off the air, whatever goes on."""
        for task in list(self._work):
            task.cancel()
        if self._radio is not None:
            self._radio.leave()
        if self._transport is not None:
            await self._transport.close()

    def _subscription(self, characteristic: Characteristic[bytes]) -> bytes:
        told = self.device.gatt_server.subscribers.get(self._connection, {}) if self._connection is not None else {}
        return told.get(characteristic.handle) or bytes(2)

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        self.came()

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        for task in list(self._work):
            task.cancel()
        self.went()

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task


def _device(name: str, host: Host) -> Device:
    return Device(name=name, address=hci.Address(address_for(name)), host=host)
