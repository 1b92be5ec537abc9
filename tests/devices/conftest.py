"""A clock that tests turn by hand, and a bench that any driver can be put on."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
import pytest_asyncio

from retrotread.clock import Clock
from retrotread.devices.address import Address, parse_address
from retrotread.devices.biodex import simulated as biodex
from retrotread.devices.biodex.reach import connection_over as biodex_over
from retrotread.devices.biodex.setup import SCALES, BiodexSetup
from retrotread.devices.connect import connect
from retrotread.devices.connection import Connection
from retrotread.devices.csafe import simulated as csafe
from retrotread.devices.csafe.reach import connection_over as csafe_over
from retrotread.devices.ftms.dialect import AS_SPECIFIED, ControlRequest, FtmsDialect, GattWrite
from retrotread.devices.gatt.link import uuid16
from retrotread.devices.serialport.line import SerialLine
from retrotread.devices.sheet import Sheet
from retrotread.devices.trackmaster import simulated as trackmaster
from retrotread.devices.trackmaster.reach import connection_over as trackmaster_over
from retrotread.devices.trackmaster.setup import TrackmasterSetup
from retrotread.devices.woodway import simulated as woodway
from retrotread.devices.woodway.reach import connection_over as woodway_over
from retrotread.machine import (
    Accepted,
    Capabilities,
    Command,
    CommandOutcome,
    DeviceProfile,
    Report,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    Telemetry,
)

TURNS_TO_SETTLE = 10
"""Turns of the event loop after each moment: more than any driver needs to act on one wake-up."""
TURNS_AT_MOST = 5000
"""A simulated radio needs some twenty turns for a packet: a moment that takes longer than this never ends."""


class VirtualClock:
    """A ``clock.Clock`` that stands still until a test moves it on; sleepers wake in the order of their moments."""

    def __init__(self, now_s: float) -> None:
        self._now_s = now_s
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now_s(self) -> float:
        return self._now_s

    async def sleep_until(self, moment_s: float) -> None:
        """As the computer's own clock does, it gives everybody else a turn even where there is nothing to wait for."""
        if moment_s <= self._now_s:
            await asyncio.sleep(0)
        else:
            waker = asyncio.get_running_loop().create_future()
            heapq.heappush(self._sleepers, (moment_s, next(self._order), waker))
            await waker

    async def run_until(self, moment_s: float) -> None:
        """Let everything happen that is due up to ``moment_s``, each at its own moment."""
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= moment_s:
            woken_s, _, waker = heapq.heappop(self._sleepers)
            self._now_s = max(self._now_s, woken_s)
            if not waker.done():
                waker.set_result(None)
            await self._settle()
        self._now_s = moment_s
        await self._settle()

    async def finish(self, work: Awaitable[Any]) -> Any:
        """The result of something that takes its time on this clock; it gets a minute."""
        task, gives_up_s = asyncio.ensure_future(work), self._now_s + 60
        await self._settle()
        while not task.done() and self._now_s < gives_up_s:
            await self.run_until(self._now_s + 0.05)
        assert task.done(), f"{work} is not done after a minute"
        return task.result()

    async def _settle(self) -> None:
        """Until nobody on the loop has anything left to do at this moment; timers of the real clock do not count."""
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        for turn in itertools.count(1):
            await asyncio.sleep(0)
            if turn >= TURNS_AT_MOST or (turn >= TURNS_TO_SETTLE and not ready):
                return


class Bench:
    """A connection on a virtual clock, with every report that it gave and the moment at which it came."""

    def __init__(
        self, connection: Connection, clock: VirtualClock, on_air: bool = False, wired: OnWire | None = None
    ) -> None:
        self.connection = connection
        self.clock = clock
        self.on_air = on_air
        self.wired = wired
        self.takes_time = on_air or wired is not None
        # A serial driver goes on asking until it is closed: that is what keeps the watchdog of its machine quiet.
        self.drivers = "/devices/ftms/" if on_air else "/devices/serialport/telling" if wired is not None else ""
        self.profile = connection.reader.profile
        self.received: list[tuple[float, Report]] = []
        self.reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for report in self.connection.reader.reports():
            self.received.append((self.clock.now_s(), report))

    async def run_for(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now_s() + seconds)

    async def perform(self, command: Command) -> CommandOutcome:
        """Over the air a command takes its time, and a driver starts no belt that it has not seen standing."""
        if self.takes_time and isinstance(command, StartBelt) and not self.telemetry:
            looks_s = 0.0 if self.wired is None else self.wired.looks_s
            await self.run_for(max(looks_s, 3 * self.profile.report_period_ms / 1000))
        performing = self.connection.writer.perform(command)
        return await self.clock.finish(performing) if self.takes_time else await performing

    def left_behind(self) -> list[asyncio.Task[Any]]:
        """Work that nobody waits for any more; over the air the machine itself has work of its own."""
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        return [task for task in tasks if self.drivers in _file_of(task)]

    async def obey(self, command: Command) -> None:
        """Perform a command that the machine has to take, and wait for its lag and two reports."""
        assert await self.perform(command) == Accepted()
        await self.run_for((self.profile.lag_ms + 2 * self.profile.report_period_ms) / 1000)

    async def run_at(self, speed_ckph: int) -> None:
        """Start the belt and bring it to a speed; a minute is enough for any machine's ramp."""
        await self.obey(StartBelt())
        await self.run_for(self.profile.start_timeout_ms / 1000)
        await self.obey(SetSpeed(speed_ckph))
        await self.run_for(60)

    @property
    def step_kph(self) -> float:
        """The machine's own step; one in miles is no whole number of hundredths of a km/h."""
        told = None if self.wired is None else self.wired.step_kph
        return self.profile.capabilities.speed_increment_ckph / 100 if told is None else told

    def on_a_step(self, speed_kph: float) -> float:
        """The fastest speed of the machine that is not above this one: what a set-point brings about."""
        return math.floor(speed_kph / self.step_kph + 1e-6) * self.step_kph

    @property
    def lowest_kph(self) -> float:
        """The machine's lowest speed."""
        return self.on_a_step(self.profile.capabilities.speed_min_ckph / 100)

    @property
    def telemetry(self) -> list[Telemetry]:
        return [report for _, report in self.received if isinstance(report, Telemetry)]

    def speeds_since(self, moment_s: float) -> list[float]:
        """Reported speeds in km/h from a moment on."""
        return [
            report.speed_kph
            for report in self.telemetry
            if report.measured_at_s >= moment_s and report.speed_kph is not None
        ]

    @property
    def speed_kph(self) -> float:
        """The last reported speed."""
        return self.speeds_since(0)[-1]


BenchMaker = Callable[[str], Awaitable[Bench]]
Connector = Callable[[str], Awaitable[Connection]]
ROOM = "the drivers' room"
ON_WIRE = "wire://"
"""``wire://DIALECT``: for tests alone, a serial machine behind a line without a port; a row of ``WIRED``."""
ON_AIR = "air://"
"""``air://KIND?OPTIONS#QUIRK,QUIRK``: for tests alone, the same simulated treadmill behind real attributes."""


def _file_of(task: asyncio.Task[Any]) -> str:
    code = getattr(task.get_coro(), "cr_code", None)
    return code.co_filename if code is not None else ""


@pytest.fixture
def clock() -> VirtualClock:
    """Virtual time that does not begin at zero, as no monotonic clock does."""
    return VirtualClock(now_s=5000.0)


@pytest_asyncio.fixture
async def bench_of(clock: VirtualClock) -> AsyncIterator[Callable[..., Bench]]:
    """Put a connection on the bench; it is let go of at the end."""
    benches: list[Bench] = []

    def put(connection: Connection, on_air: bool = False, wired: OnWire | None = None) -> Bench:
        benches.append(Bench(connection, clock, on_air, wired))
        return benches[-1]

    yield put
    for bench in benches:
        await clock.finish(bench.connection.reader.close())
        await bench.clock.run_until(bench.clock.now_s() + 60)
        bench.reading.cancel()


@dataclass(frozen=True)
class OnAirMachine:
    """A machine that is on the air, where it is reached, and what a family with its quirks is known by."""

    machine: Any
    address: Address
    sheet: Sheet


@pytest_asyncio.fixture
async def machine_on_air(clock: VirtualClock) -> AsyncIterator[Callable[[str], Awaitable[OnAirMachine]]]:
    """Put the machine of an ``air://`` address on the air; it is taken away at the end."""
    machines: list[Any] = []

    async def put(address: str) -> OnAirMachine:
        machine, sheet = await _put_on_air(address, clock)
        machines.append(machine)
        return OnAirMachine(machine, Address("ble", machine.station.name, (("via", f"inside:{ROOM}"),)), sheet)

    yield put
    for machine in machines:
        await clock.finish(machine.stop())


@pytest.fixture
def connect_to(
    clock: VirtualClock, machine_on_air: Callable[[str], Awaitable[OnAirMachine]]
) -> Callable[[str], Awaitable[Connection]]:
    """Connect to an address; a machine on the air is put there first."""

    async def reach(address: str) -> Connection:
        if address.startswith(ON_WIRE):
            there = WIRED[address.removeprefix(ON_WIRE)]
            line = ClockedLine(there.machine(clock.now_s()), clock)
            return cast(Connection, await clock.finish(there.over(line, clock, there.sheet)))
        if not address.startswith(ON_AIR):
            return await connect(parse_address(address), clock)
        on_air = await machine_on_air(address)
        return cast(Connection, await clock.finish(connect(on_air.address, clock, on_air.sheet)))

    return reach


WATCHED = DeviceProfile(
    "a treadmill on a wire",
    Capabilities(80, 1500, 10, 250, 5),
    lag_ms=2500,
    report_period_ms=150,
    stop_reaction_ms=2500,
    slowest_fall_ckph_per_s=50,
    start_timeout_ms=20_000,
)
"""A belt that corrects every four seconds, and whose own speed is the mean of two, takes its time."""


@dataclass(frozen=True)
class OnWire:
    """A serial machine of the contract: the simulated one, its driver over a line, and what is known of it.

    ``setup``: of the machine, in the steps of the contract; ``quick``: what of it a test by the real clock changes.
    ``over``: a connection over an open line. ``address``: where it is reached at a port. ``looks_s``: how long its
    driver reads a belt at rest before it starts it. ``step_kph``: where the profile's step, in whole hundredths of a
    km/h, is not quite the machine's own. ``runs_on``: its belt does when nothing is said to it any more.
    """

    kind: Callable[[Any, float], Any]
    setup: Any
    over: Callable[[SerialLine, Clock, Sheet], Awaitable[Connection]]
    address: str
    profile: DeviceProfile = WATCHED
    quick: tuple[tuple[str, float], ...] = (("rise_kph_per_s", 4.0), ("fall_kph_per_s", 4.0))
    looks_s: float = 0.0
    step_kph: float | None = None
    runs_on: bool = False

    def machine(self, now_s: float, **changed: Any) -> Any:
        """One that has been on for long."""
        return self.kind(replace(self.setup, **changed), now_s)

    @property
    def sheet(self) -> Sheet:
        """What is known of it beforehand."""
        return Sheet(self.profile)


async def _over_trackmaster(line: SerialLine, clock: Clock, sheet: Sheet) -> Connection:
    return await trackmaster_over(line, clock, TrackmasterSetup(line.name, SpeedUnit.KPH), sheet)


async def _over_biodex(line: SerialLine, clock: Clock, sheet: Sheet) -> Connection:
    return await biodex_over(line, clock, BiodexSetup(line.name, 9600, SCALES["0.1kph"]), sheet)


WIRED = {
    "trackmaster": OnWire(
        trackmaster.TrackmasterMachine,
        trackmaster.Setup(unit=SpeedUnit.KPH, speed_min_tenths=8),
        _over_trackmaster,
        "serial+trackmaster://{port}?units=kph",
    ),
    "woodway": OnWire(
        woodway.WoodwayMachine,
        woodway.Setup(),
        woodway_over,
        "serial+woodway://{port}",
        replace(WATCHED, capabilities=Capabilities(81, 1500, 17, 250, 5)),
        looks_s=2.2,
        step_kph=0.1609344,
    ),
    "csafe": OnWire(
        csafe.CsafeMachine,
        csafe.Setup(),
        csafe_over,
        "serial+csafe://{port}",
        replace(WATCHED, capabilities=Capabilities(80, 1500, 10, 150, 5), report_period_ms=250),
        quick=(("rise_kph_per_s", 4.0), ("fall_kph_per_s", 4.0), ("countdown_s", 0.2)),
        runs_on=True,
    ),
    "biodex": OnWire(
        biodex.BiodexMachine,
        biodex.Setup(scale=SCALES["0.1kph"], speed_max_counts=150),
        _over_biodex,
        "serial+biodex://{port}?baud=9600&scale=0.1kph",
        replace(WATCHED, capabilities=Capabilities(80, 1500, 10, 100, 10), report_period_ms=200),
        looks_s=2.2,
        runs_on=True,
    ),
}


@pytest.fixture(params=[*WIRED])
def wired(request: pytest.FixtureRequest) -> OnWire:
    """Each of the serial machines in its turn."""
    return WIRED[request.param]


class ClockedLine:
    """A ``SerialLine`` straight into a simulated machine, on the clock of the tests."""

    name = "a line without a port"

    def __init__(self, machine: Any, clock: VirtualClock) -> None:
        self._machine, self._clock = machine, clock
        self._heard: Callable[[bytes], None] = lambda _data: None
        self._listening = asyncio.ensure_future(self._listen())

    async def write(self, data: bytes, first: bool = False) -> None:
        self._machine.take(data, self._clock.now_s())

    def on_bytes(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard

    def on_lost(self, lost: Callable[[str], None]) -> None:
        """A line without a port is never unplugged."""

    async def close(self) -> None:
        self._listening.cancel()

    async def _listen(self) -> None:
        """An adapter keeps bytes for some milliseconds."""
        while True:
            if data := self._machine.said(self._clock.now_s()):
                self._heard(data)
            await self._clock.sleep_until(self._clock.now_s() + 0.005)


async def _put_on_air(address: str, clock: VirtualClock) -> tuple[Any, Sheet]:
    """The machine, and the sheet that a family with these quirks would have."""
    from retrotread.devices.gatt.bumble_client import offer
    from retrotread.devices.peripheral.attributes import Label
    from retrotread.devices.peripheral.machine import FtmsMachine, Part
    from retrotread.devices.peripheral.room import Room
    from retrotread.devices.peripheral.shape import shape_of
    from retrotread.devices.peripheral.station import Station
    from retrotread.devices.simulated.options import simulated_setup

    kind, _, listed = address.removeprefix(ON_AIR).partition("#")
    quirks = tuple(listed.split(",")) if listed else ()
    parsed = parse_address(f"sim://{kind}")
    room = Room()
    offer(ROOM, room.enter)
    treadmill = simulated_setup(parsed.name, parsed.options).treadmill(clock.now_s())
    part = Part(shape_of(quirk for quirk in quirks if quirk != "taken-for-miles"), Label("Contract"))
    machine = FtmsMachine(treadmill, clock, Station.in_room("Contract", room), part)
    await clock.finish(machine.start())
    return machine, Sheet(treadmill.profile, dialect_for(quirks))


def dialect_for(quirks: tuple[str, ...]) -> FtmsDialect:
    """What the file of a family with these quirks says."""
    dialect = AS_SPECIFIED
    for quirk in quirks:
        dialect = replace(dialect, **DIALECTS.get(quirk, {}))
    return dialect


DIALECTS: dict[str, dict[str, Any]] = {
    "silent-control": {"control": ControlRequest.SILENT, "answer_within_ms": 300},
    "control-fails": {"control": ControlRequest.REFUSED},
    "control-each-time": {"preamble": (GattWrite(uuid16(0x2AD9), "00"),)},
    "pace8": {"pace_bytes": 1},
    "pace16": {"pace_bytes": 2},
    "preamble": {"preamble": (GattWrite("d18d2c10-c44c-11e8-a355-529269fb1459", "01000d00060b0f0d"),)},
    "unlock": {"unlock": (GattWrite(uuid16(0xFFF2), "02510b03"),)},
    "write-command": {"write_with_response": False},
    "start-says-stopped": {"start_says_stopped": True},
    "ramp-told": {"targets_told": False},
    "mph-range": {"ranges_trusted": False},
    "incline-dead": {"incline_moves": False},
    "taken-for-miles": {"commanded_unit": SpeedUnit.MPH, "ranges_trusted": False},
}
"""By quirk; ``taken-for-miles`` is the manner of a kind of treadmill and none of its octets."""


@pytest.fixture
def bench_at(bench_of: Callable[..., Bench], connect_to: Connector) -> BenchMaker:
    """Connect to an address and put the machine on the bench."""

    async def reach(address: str) -> Bench:
        wired = WIRED.get(address.removeprefix(ON_WIRE))
        return bench_of(await connect_to(address), address.startswith(ON_AIR), wired)

    return reach
