"""Serial machines at the far end of a pseudo-terminal: how late a stop, a poll and an unplugged adapter are.

``python -m benchmarks.serial_lines 300`` measures the polls for five minutes instead of twenty seconds. A
pseudo-terminal carries bytes at once: on a real line comes the time of the bytes that are on their way already, 2.1 ms
each at 4800 baud.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.connection import Connection
from retrotread.machine import LinkLost, StopBelt

from .figures import Figure
from .machine_on_cable import ADDRESSES

STOPS = {"trackmaster": b"\xa2", "woodway": b"\xa2", "csafe": b"\xf1\x86\x86\xf2", "biodex": b"\x81"}
# The second largest of 200 is their p99: fewer would call the largest so.
TRIALS = 200
UNPLUGGED = 20
POLLS_S = 20.0
WITHIN_S = 10.0
CLOCK = SystemClock()


def measure(polls_s: float = POLLS_S) -> list[Figure]:
    """Each protocol's stop, the polls that keep a watchdog quiet, and a pulled adapter."""
    stops = [
        Figure(f"serial: {name} stop -> its bytes at the far end", asyncio.run(_stops(name)), "ms", "p99 <= 20")
        for name in ADDRESSES
    ]
    with busy():
        gaps_ms = asyncio.run(_polls(polls_s))
    lost_ms = tuple(asyncio.run(_unplugged()) for _ in range(UNPLUGGED))
    return [
        *stops,
        Figure(f"serial: polls of a Trackmaster, two busy loops, {polls_s:g} s", gaps_ms, "ms", "max <= 350"),
        Figure("serial: adapter pulled -> link lost", lost_ms, "ms", "max <= 500"),
    ]


class Machine:
    """A simulated machine in a process of its own, and all that it heard. Its words are read on a thread."""

    def __init__(self, protocol: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.machine_on_cable", protocol],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        self.heard: list[tuple[bytes, float]] = []
        self.unplugged_s: float | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            what, at_s = line.split()
            if what == "unplugged":
                self.unplugged_s = float(at_s)
            else:
                self.heard.append((bytes.fromhex(what), float(at_s)))

    def told(self, order: str) -> None:
        """A hand at it: ``press`` or ``release`` its emergency stop, ``unplug`` its adapter."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """Its input ends, and with it the machine."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def first_s(self, data: bytes, after_s: float) -> float | None:
        """When these bytes were first readable from then on."""
        return next((at_s for one, at_s in self.heard if at_s >= after_s and data in one), None)


@asynccontextmanager
async def _connected(protocol: str) -> AsyncIterator[tuple[Machine, Connection]]:
    machine = Machine(protocol)
    try:
        connection = await connect(parse_address(machine.address), CLOCK)
        yield machine, connection
        await connection.reader.close()
    finally:
        machine.end()


@contextmanager
def busy() -> Iterator[None]:
    """Two processes that do nothing but count."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for one in loops:
            one.kill()
            one.wait()


async def _stops(protocol: str) -> tuple[float, ...]:
    """Stops at moments that lie anywhere in a round of questions."""
    chance, took_ms = random.Random(7), []
    async with _connected(protocol) as (machine, connection):
        for _ in range(TRIALS):
            await CLOCK.sleep_until(CLOCK.now_s() + 0.15 + 0.3 * chance.random())
            asked_s = CLOCK.now_s()
            await connection.writer.perform(StopBelt())
            await _until(lambda asked_s=asked_s: machine.first_s(STOPS[protocol], asked_s) is not None)  # type: ignore[misc]
            first_s = machine.first_s(STOPS[protocol], asked_s)
            assert first_s is not None
            took_ms.append((first_s - asked_s) * 1000)
    return tuple(took_ms)


async def _polls(seconds: float) -> tuple[float, ...]:
    """The gaps between the questions at the far end; the machine's watchdog acts at 500 ms."""
    async with _connected("trackmaster") as (machine, _):
        await CLOCK.sleep_until(CLOCK.now_s() + 1.0)
        begun = len(machine.heard)
        await CLOCK.sleep_until(CLOCK.now_s() + seconds)
        moments_s = [at_s for _, at_s in machine.heard[begun:]]
    return tuple((after - before) * 1000 for before, after in itertools.pairwise(moments_s))


async def _unplugged() -> float:
    async with _connected("trackmaster") as (machine, connection):
        await CLOCK.sleep_until(CLOCK.now_s() + 0.5)
        machine.told("unplug")
        async for report in connection.reader.reports():
            if isinstance(report, LinkLost):
                break
        lost_s = CLOCK.now_s()
        await _until(lambda: machine.unplugged_s is not None)
        assert machine.unplugged_s is not None
    return (lost_s - machine.unplugged_s) * 1000


async def _until(true: Callable[[], bool]) -> None:
    gives_up_s = CLOCK.now_s() + WITHIN_S
    while not true():
        assert CLOCK.now_s() < gives_up_s, f"it did not come about within {WITHIN_S:g} s"
        await CLOCK.sleep_until(CLOCK.now_s() + 0.002)


if __name__ == "__main__":
    for figure in measure(float(sys.argv[1]) if len(sys.argv) > 1 else POLLS_S):
        print(figure, flush=True)
