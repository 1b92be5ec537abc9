"""The Trackmaster over a real pseudo-terminal: two processes, real time, and an end by kill -9."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.serialport.pseudo import PseudoPort
from retrotread.devices.trackmaster.simulated import Setup, TrackmasterMachine
from retrotread.machine import Accepted, LinkLost, SpeedUnit, StartBelt, StopBelt, Telemetry

DEADLINE_S = 30.0

DRIVES = """
import asyncio, sys
from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.machine import StartBelt

async def main():
    connection = await connect(parse_address(sys.argv[1]), SystemClock())
    print(await connection.writer.perform(StartBelt()), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
"""A program that starts the belt and does nothing more, and nothing less: its driver goes on asking."""


class Bench:
    """A machine at the far end of a real pseudo-terminal."""

    def __init__(self) -> None:
        self.clock = SystemClock()
        self.machine = TrackmasterMachine(Setup(unit=SpeedUnit.KPH, speed_min_tenths=8), self.clock.now_s())
        self.port = PseudoPort(self.machine, self.clock)
        self.carrying = asyncio.ensure_future(self.port.run())
        self.address = parse_address(f"serial+trackmaster://{self.port.name}?units=kph")

    @property
    def speed_kph(self) -> float:
        return self.machine.belt_speed_kph(self.clock.now_s())

    async def until(self, true: Callable[[], bool]) -> float:
        """When it became true."""
        due_s = self.clock.now_s() + DEADLINE_S
        while not true():
            assert self.clock.now_s() < due_s, "it did not come about"
            await self.clock.sleep_until(self.clock.now_s() + 0.01)
        return self.clock.now_s()


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    made.carrying.cancel()
    made.port.unplug()


async def test_a_belt_starts_reports_and_stops_over_a_real_port(bench: Bench) -> None:
    connection = await connect(bench.address, bench.clock)
    assert connection.remark is not None
    assert await connection.writer.perform(StartBelt()) == Accepted()
    async for report in connection.reader.reports():
        if isinstance(report, Telemetry) and report.speed_kph == 0.8:
            break
    assert await connection.writer.perform(StopBelt()) == Accepted()
    await bench.until(lambda: bench.speed_kph == 0)
    await connection.reader.close()


async def test_kill_nine_leaves_a_belt_that_stops_itself_half_a_second_later(bench: Bench) -> None:
    """Nobody is left to send a stop: the machine's own watchdog is what acts."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DRIVES, str(bench.address), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    said = await asyncio.wait_for(program.stdout.readline(), DEADLINE_S)
    assert said == b"Accepted()\n"
    await bench.until(lambda: bench.speed_kph == 0.784 or bench.speed_kph == pytest.approx(0.8, abs=0.02))
    os.kill(program.pid, signal.SIGKILL)
    await program.wait()
    heard_s = bench.machine.heard_s
    await bench.until(lambda: bench.speed_kph < 0.7)
    assert bench.machine.watchdog_fired_s is not None
    assert bench.machine.watchdog_fired_s - heard_s == pytest.approx(0.5)
    await bench.until(lambda: bench.speed_kph == 0)


async def test_an_adapter_that_is_pulled_is_a_lost_link(bench: Bench) -> None:
    connection = await connect(bench.address, bench.clock)
    bench.carrying.cancel()
    bench.port.unplug()
    reports = [report async for report in connection.reader.reports()]
    assert isinstance(reports[-1], LinkLost)
    assert "still plugged in" in reports[-1].reason
    await connection.reader.close()


async def test_a_port_where_nobody_answers_is_refused_with_what_to_look_at(bench: Bench) -> None:
    bench.machine.emergency_stop(bench.clock.now_s())
    with pytest.raises(ConnectFailed, match="emergency stop let out"):
        await connect(bench.address, bench.clock)
