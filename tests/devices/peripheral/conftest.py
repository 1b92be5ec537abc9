"""A machine on the air and a bare client beside it, on the tests' clock: what goes between them are real attributes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from retrotread.devices.address import parse_address
from retrotread.devices.ftms import characteristics as known
from retrotread.devices.ftms.codec import decode_treadmill_data
from retrotread.devices.gatt.bumble_client import backend, offer, withdraw
from retrotread.devices.peripheral.attributes import Label
from retrotread.devices.peripheral.machine import FtmsMachine, Part
from retrotread.devices.peripheral.room import Room
from retrotread.devices.peripheral.shape import shape_of
from retrotread.devices.peripheral.station import Station
from retrotread.devices.simulated.options import simulated_setup
from retrotread.devices.simulated.treadmill import SimulatedTreadmill

ROOM = "the tests' room"
VIA = f"inside:{ROOM}"
TOLD = (known.TREADMILL_DATA, known.TRAINING_STATUS, known.CONTROL_POINT, known.MACHINE_STATUS)


@dataclass
class Heard:
    """What came under one attribute, with its moment."""

    at_s: float
    octets: bytes


class Central:
    """A client as plain as can be: it writes octets and notes octets."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.lost_at_s: float | None = None
        self.told: dict[str, list[Heard]] = {}
        self.client: BleakClient

    async def look_around(self) -> dict[str, tuple[BLEDevice, AdvertisementData]]:
        """Who is heard within half a second."""
        scanner = BleakScanner(backend=backend(VIA)[1])
        await self.clock.finish(scanner.start())
        await self.clock.run_until(self.clock.now_s() + 0.5)
        found = scanner.discovered_devices_and_advertisement_data
        await self.clock.finish(scanner.stop())
        return found

    async def connect(self) -> None:
        (device, _), *_ = (await self.look_around()).values()
        self.client = BleakClient(device, self._lost, backend=backend(VIA)[0])
        await self.clock.finish(self.client.connect())

    def _lost(self, _client: BleakClient) -> None:
        self.lost_at_s = self.clock.now_s()

    async def subscribe(self, *uuids: str) -> None:
        for uuid in uuids or TOLD:
            await self.clock.finish(self.client.start_notify(uuid, self._noter(uuid)))

    def _noter(self, uuid: str) -> Callable[[Any, bytearray], None]:
        return lambda _attribute, value: self.heard(uuid).append(Heard(self.clock.now_s(), bytes(value)))

    def heard(self, uuid: str) -> list[Heard]:
        return self.told.setdefault(uuid, [])

    async def read(self, uuid: str) -> bytes:
        return bytes(await self.clock.finish(self.client.read_gatt_char(uuid)))

    def begin_write(self, octets: str, uuid: str = known.CONTROL_POINT, response: bool = True) -> asyncio.Future[None]:
        """Write without waiting for the acknowledgement."""
        return asyncio.ensure_future(self.client.write_gatt_char(uuid, bytes.fromhex(octets), response=response))

    async def write(self, octets: str, uuid: str = known.CONTROL_POINT, response: bool = True) -> None:
        await self.clock.finish(self.begin_write(octets, uuid, response))

    async def ask(self, octets: str) -> str | None:
        """Write to the control point; what came back for it at once, in hexadecimal."""
        before = len(self.heard(known.CONTROL_POINT))
        await self.write(octets)
        await self.clock.run_until(self.clock.now_s())
        answers = self.heard(known.CONTROL_POINT)[before:]
        return answers[0].octets.hex() if answers else None

    @property
    def statuses(self) -> list[str]:
        return [one.octets.hex() for one in self.heard(known.MACHINE_STATUS)]

    @property
    def answers(self) -> list[str]:
        return [one.octets.hex() for one in self.heard(known.CONTROL_POINT)]

    @property
    def records(self) -> list[bytes]:
        return [one.octets for one in self.heard(known.TREADMILL_DATA)]

    @property
    def speeds_kph(self) -> list[float]:
        decoded = (decode_treadmill_data(one).value.speed_kph for one in self.records)
        return [speed_kph for speed_kph in decoded if speed_kph is not None]


@dataclass
class OnAir:
    """One machine and one client; ``treadmill`` is the truth that no client sees."""

    clock: Any
    treadmill: SimulatedTreadmill
    machine: FtmsMachine
    central: Central
    begun_s: float = field(default=0.0)

    async def run_for(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now_s() + seconds)

    async def hand(self, act: Callable[[float], None]) -> None:
        """Somebody does something at the console."""
        act(self.clock.now_s())
        self.machine.look()
        await self.run_for(0)

    async def run_at(self, speed_ckph: int) -> None:
        """Control, start, speed: by octets."""
        assert await self.central.ask("00") == "800001"
        assert await self.central.ask("07") == "800701"
        await self.run_for(self.treadmill.profile.start_timeout_ms / 1000)
        assert await self.central.ask("02" + speed_ckph.to_bytes(2, "little").hex()) == "800201"
        await self.run_for(30)


AirMaker = Callable[..., Awaitable[OnAir]]


@pytest_asyncio.fixture
async def on_air(clock: Any) -> AsyncIterator[AirMaker]:
    """Put a kind of treadmill on the air with quirks, and, unless told otherwise, a client that hears everything."""
    machines: list[FtmsMachine] = []
    centrals: list[Central] = []

    async def put(kind: str = "well-behaved", *quirks: str, name: str = "Tread", connected: bool = True) -> OnAir:
        room = Room()
        offer(ROOM, room.enter)
        address = parse_address(f"sim://{kind}")
        treadmill = simulated_setup(address.name, address.options).treadmill(clock.now_s())
        station = Station.in_room(name, room)
        machine = FtmsMachine(treadmill, clock, station, Part(shape_of(quirks), Label(name)))
        await clock.finish(machine.start())
        machines.append(machine)
        central = Central(clock)
        if connected:
            await central.connect()
            await central.subscribe()
            centrals.append(central)
        return OnAir(clock, treadmill, machine, central, clock.now_s())

    yield put
    for machine in machines:
        await clock.finish(machine.stop())
    await clock.run_until(clock.now_s() + 1)
    withdraw(ROOM)
