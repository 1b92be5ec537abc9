"""Commands over a simulated Bluetooth link to another process: until they are there, answered and confirmed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.connection import Connection
from retrotread.devices.sheet import Sheet
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.machine import Accepted, SetSpeed, StartBelt, StopBelt, Telemetry

from .figures import Figure

TRIALS = 30
STOPS = 60
QUICK_HZ, FLOOD_HZ = 10.0, 1000.0
SLOW_CKPH, BRISK_CKPH = 100, 150
EPSILON_KPH = 0.01
CLOCK = SystemClock()
SHEET = Sheet(ARCHETYPES["well-behaved"].profile)


def measure() -> list[Figure]:
    """A quick machine, and one that floods."""
    answered, confirmed = asyncio.run(_set_points())
    calm, flooded = asyncio.run(_stops(QUICK_HZ)), asyncio.run(_stops(FLOOD_HZ))
    per_s = f"{FLOOD_HZ:,.0f} reports a second"
    return [
        Figure("over the air: set speed -> its answer", tuple(answered), "ms", "p99 <= 50"),
        Figure("over the air: set speed -> a report that follows it", tuple(confirmed), "ms", "<= 300 at 10 Hz"),
        Figure("over the air: stop asked for -> stop at the machine", calm, "ms", "p99 <= 20"),
        Figure(f"the same under {per_s}", flooded, "ms", "p99 <= 20"),
    ]


@dataclass
class Ride:
    """A connection that is read all the time, and what the machine at its other end tells of itself."""

    connection: Connection
    machine: subprocess.Popen[str]
    last: Telemetry | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> None:
        async for report in self.connection.reader.reports():
            if isinstance(report, Telemetry):
                self.last = report
                self.news.set()

    async def until(self, lowest_kph: float, highest_kph: float) -> None:
        """A report with a speed between these."""
        while self.last is None or not lowest_kph <= (self.last.speed_kph or 0.0) <= highest_kph:
            self.news.clear()
            await self.news.wait()

    async def reached_s(self, octets: str) -> float:
        """When the next write of these octets was at the machine."""
        assert self.machine.stdout is not None
        while True:
            line = await asyncio.to_thread(self.machine.stdout.readline)
            written, _, moment_s = line.strip().partition(" ")
            if written == octets:
                return float(moment_s)


@asynccontextmanager
async def ride(reports_per_s: float) -> AsyncIterator[Ride]:
    """A machine in a process of its own, connected and read."""
    machine = _started(reports_per_s)
    try:
        assert machine.stdout is not None
        address = parse_address(machine.stdout.readline().strip())
        under_way = Ride(await connect(address, CLOCK, SHEET), machine)
        reading = asyncio.ensure_future(under_way.read())
        yield under_way
        await under_way.connection.reader.close()
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
    finally:
        machine.communicate("")


def _started(reports_per_s: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.machine_on_air", str(reports_per_s)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


async def _set_points() -> tuple[list[float], list[float]]:
    answered, confirmed = [], []
    async with ride(QUICK_HZ) as under_way:
        perform = under_way.connection.writer.perform
        await under_way.until(0, 0)
        assert await perform(StartBelt()) == Accepted()
        await under_way.until(0.5, 0.5)
        for trial in range(TRIALS):
            await CLOCK.sleep_until(CLOCK.now_s() + 0.8)  # over the gap between commands, and at the last set-point
            before_kph = (under_way.last and under_way.last.speed_kph) or 0.0
            target_ckph = BRISK_CKPH if trial % 2 == 0 else SLOW_CKPH
            asked_s = CLOCK.now_s()
            assert await perform(SetSpeed(target_ckph)) == Accepted()
            answered.append((CLOCK.now_s() - asked_s) * 1000)
            rises = target_ckph / 100 > before_kph
            await under_way.until(*((before_kph + EPSILON_KPH, 25.0) if rises else (0.0, before_kph - EPSILON_KPH)))
            confirmed.append((CLOCK.now_s() - asked_s) * 1000)
    return answered, confirmed


async def _stops(reports_per_s: float) -> tuple[float, ...]:
    """A stop is never held up by a gap and may be said again, so it is said many times."""
    values = []
    async with ride(reports_per_s) as under_way:
        await under_way.until(0, 0)
        for _ in range(STOPS):
            asked_s = CLOCK.now_s()
            assert await under_way.connection.writer.perform(StopBelt()) == Accepted()
            values.append((await under_way.reached_s("0801") - asked_s) * 1000)
            await CLOCK.sleep_until(CLOCK.now_s() + 0.037)  # no multiple of a report's period
    return tuple(values)
