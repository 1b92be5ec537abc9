"""The Biodex over a real pseudo-terminal: real time, another process, and a belt that runs on after kill -9."""

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
from retrotread.devices.biodex.reach import EXPERIMENTAL
from retrotread.devices.biodex.simulated import BiodexMachine, Setup
from retrotread.devices.connect import connect
from retrotread.devices.errors import AddressError, ConnectFailed
from retrotread.devices.serialport.pseudo import PseudoPort
from retrotread.machine import Accepted, LinkLost, StartBelt, StopBelt, Telemetry

DEADLINE_S = 30.0

DRIVES = """
import asyncio, sys
from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.machine import StartBelt

async def main():
    clock = SystemClock()
    connection = await connect(parse_address(sys.argv[1]), clock)
    await clock.sleep_until(clock.now_s() + 2.3)
    print(await connection.writer.perform(StartBelt()), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


class Bench:
    """A machine at the far end of a real pseudo-terminal."""

    def __init__(self) -> None:
        self.clock = SystemClock()
        self.machine = BiodexMachine(Setup(), self.clock.now_s())
        self.port = PseudoPort(self.machine, self.clock)
        self.carrying = asyncio.ensure_future(self.port.run())
        self.address = parse_address(f"serial+biodex://{self.port.name}?baud=9600&scale=0.1mph")

    @property
    def speed_kph(self) -> float:
        return self.machine.belt_speed_kph(self.clock.now_s())

    async def until(self, true: Callable[[], bool]) -> None:
        due_s = self.clock.now_s() + DEADLINE_S
        while not true():
            assert self.clock.now_s() < due_s, "it did not come about"
            await self.clock.sleep_until(self.clock.now_s() + 0.01)


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    made.carrying.cancel()
    made.port.unplug()


async def test_a_belt_starts_reports_and_stops_over_a_real_port(bench: Bench) -> None:
    connection = await connect(bench.address, bench.clock)
    assert connection.remark == EXPERIMENTAL
    await bench.clock.sleep_until(bench.clock.now_s() + 2.3)
    assert await connection.writer.perform(StartBelt()) == Accepted()
    async for report in connection.reader.reports():
        if isinstance(report, Telemetry) and report.speed_kph == pytest.approx(0.8047, abs=0.001):
            break
    assert await connection.writer.perform(StopBelt()) == Accepted()
    await bench.until(lambda: bench.speed_kph == 0)
    await connection.reader.close()


async def test_kill_nine_leaves_a_belt_that_runs_on_and_a_profile_that_says_so(bench: Bench) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DRIVES, str(bench.address), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    assert await asyncio.wait_for(program.stdout.readline(), DEADLINE_S) == b"Accepted()\n"
    await bench.until(lambda: bench.speed_kph == pytest.approx(0.8047, abs=0.001))
    os.kill(program.pid, signal.SIGKILL)
    await program.wait()
    await bench.clock.sleep_until(bench.clock.now_s() + 2)
    assert bench.speed_kph == pytest.approx(0.8047, abs=0.001)
    connection = await connect(bench.address, bench.clock)
    assert connection.reader.profile.runs_on_when_link_lost is True
    assert connection.remark == "the belt was not at rest when the port was opened; it is only read, and stopped"
    assert await connection.writer.perform(StopBelt()) == Accepted(), "whoever finds it may ask it to stop"
    await bench.until(lambda: bench.speed_kph == 0)
    await connection.reader.close()


async def test_an_adapter_that_is_pulled_is_a_lost_link(bench: Bench) -> None:
    connection = await connect(bench.address, bench.clock)
    bench.carrying.cancel()
    bench.port.unplug()
    reports = [report async for report in connection.reader.reports()]
    assert isinstance(reports[-1], LinkLost)
    await connection.reader.close()


async def test_a_port_where_nobody_answers_is_refused_with_what_to_look_at(bench: Bench) -> None:
    bench.machine.voice.answers = False
    with pytest.raises(ConnectFailed, match=r"answers as a Biodex does.*is this its cable"):
        await connect(bench.address, bench.clock)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("serial+biodex:///dev/ttyUSB0?scale=0.1mph", "must say the speed of the port"),
        ("serial+biodex:///dev/ttyUSB0?baud=9601&scale=0.1mph", "must say the speed of the port"),
        ("serial+biodex:///dev/ttyUSB0?baud=9600", "ten times too fast"),
        ("serial+biodex:///dev/ttyUSB0?baud=9600&scale=1mph", "ten times too fast"),
        ("serial+biodex:///dev/ttyUSB0?baud=9600&scale=0.1mph&units=mph", "there are baud and scale"),
        ("serial+biodex://ttyUSB0?baud=9600&scale=0.1mph", "is not a port"),
    ],
)
def test_the_address_says_the_port_its_speed_and_the_scale(text: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        parse_address(text)
