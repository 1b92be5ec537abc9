"""The Woodway over a real pseudo-terminal: real time, another process, and an end by kill -9."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import pytest_asyncio

from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.errors import AddressError, ConnectFailed
from retrotread.devices.serialport.pseudo import PseudoPort
from retrotread.devices.sheet import Sheet
from retrotread.devices.woodway.reach import CAREFUL
from retrotread.devices.woodway.simulated import Setup, WoodwayMachine
from retrotread.machine import Accepted, BeltDirection, Identity, LinkLost, Rejected, StartBelt, StopBelt, Telemetry

DEADLINE_S = 30.0
REVERSED = BeltDirection.REVERSED
REVERSES = Sheet(replace(CAREFUL, reverses=True))

DRIVES = """
import asyncio, sys
from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.machine import StartBelt

async def main():
    clock = SystemClock()
    connection = await connect(parse_address(sys.argv[1]), clock)
    await clock.sleep_until(clock.now_s() + 2.5)
    print(await connection.writer.perform(StartBelt()), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
"""A program that starts the belt and does nothing more, and nothing less: its driver goes on asking."""


class Bench:
    """A machine at the far end of a real pseudo-terminal."""

    def __init__(self) -> None:
        self.clock = SystemClock()
        self.machine = WoodwayMachine(Setup(), self.clock.now_s())
        self.port = PseudoPort(self.machine, self.clock)
        self.carrying = asyncio.ensure_future(self.port.run())
        self.address = parse_address(f"serial+woodway://{self.port.name}")

    @property
    def sealed(self) -> Sheet:
        """A sheet of this very machine, which was seen to reverse."""
        return replace(REVERSES, sealed_for=Identity(self.port.name, manufacturer="Woodway"))

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


async def test_a_belt_starts_reversed_reports_its_way_and_stops_over_a_real_port(bench: Bench) -> None:
    connection = await connect(bench.address, bench.clock, bench.sealed)
    await bench.clock.sleep_until(bench.clock.now_s() + 2.2)
    assert await connection.writer.perform(StartBelt(belt=REVERSED)) == Accepted()
    async for report in connection.reader.reports():
        if isinstance(report, Telemetry) and report.speed_kph == pytest.approx(0.8047, abs=0.001):
            assert report.belt is REVERSED
            break
    assert bench.machine.belt_direction(bench.clock.now_s()) is REVERSED
    assert await connection.writer.perform(StopBelt()) == Accepted()
    await bench.until(lambda: bench.speed_kph == 0)
    await connection.reader.close()


@pytest.mark.parametrize("sheet", [None, REVERSES], ids=["no sheet", "the sheet of a family"])
async def test_without_a_sealed_sheet_that_says_so_the_belt_is_not_known_to_reverse(
    bench: Bench, sheet: Sheet | None
) -> None:
    connection = await connect(bench.address, bench.clock, sheet)
    assert not connection.reader.profile.reverses
    assert isinstance(await connection.writer.perform(StartBelt(belt=REVERSED)), Rejected)
    await connection.reader.close()


async def test_kill_nine_leaves_a_belt_that_stops_itself_half_a_second_later(bench: Bench) -> None:
    """Nobody is left to send a stop: the machine's own timer is what acts."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DRIVES, str(bench.address), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    said = await asyncio.wait_for(program.stdout.readline(), DEADLINE_S)
    assert said == b"Accepted()\n"
    await bench.until(lambda: bench.speed_kph == pytest.approx(0.8047, abs=0.001))
    os.kill(program.pid, signal.SIGKILL)
    await program.wait()
    heard_s = bench.machine.heard_s
    await bench.until(lambda: bench.speed_kph < 0.7)
    assert bench.machine.timer_fired_s is not None
    assert bench.machine.timer_fired_s - heard_s == pytest.approx(0.5)
    await bench.until(lambda: bench.speed_kph == 0)


async def test_an_adapter_that_is_pulled_is_a_lost_link(bench: Bench) -> None:
    connection = await connect(bench.address, bench.clock)
    bench.carrying.cancel()
    bench.port.unplug()
    reports = [report async for report in connection.reader.reports()]
    assert isinstance(reports[-1], LinkLost)
    await connection.reader.close()


async def test_a_port_where_nobody_answers_is_refused_with_what_to_look_at(bench: Bench) -> None:
    bench.machine.emergency_stop(bench.clock.now_s())
    with pytest.raises(ConnectFailed, match=r"answers as a Woodway does.*emergency stop let out"):
        await connect(bench.address, bench.clock)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("serial+woodway:///dev/ttyUSB0?units=mph", "miles alone"),
        ("serial+woodway://ttyUSB0", "is not a port"),
    ],
)
def test_the_address_says_the_port_and_nothing_else(text: str, why: str) -> None:
    with pytest.raises(AddressError, match=why):
        parse_address(text)
