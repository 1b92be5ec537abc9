"""What comes over a bad line, for each of the serial drivers: nothing of it moves a belt, ends the reports, raises, is
kept, or holds a stop up; and behind it the machine is understood again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any

import pytest
import pytest_asyncio

from retrotread.devices.csafe import codec as csafe
from retrotread.machine import Accepted, LinkLost, SetSpeed, StartBelt, StopBelt, Unknown

STOPS = (b"\xa2", csafe.ask(csafe.Command.GO_FINISHED), b"\x81")
STOP_WITHIN_S = 9.0
"""A belt at 2.5 km/h slows down by 1 km/h in a second; a CSAFE machine may lose the first frame, and is told again when
the polls in front of it have had their second each."""
HELD_BYTES_MAX = 2000
"""An unfinished frame of CSAFE is the most that anybody keeps; the names of the machine count too."""
CHANCE = random.Random(5)
KNOWN = bytes((0xA0, 0xA2, 0xB0, 0xB2, 0xBD, 0xC1, 0xD1, 0xF1, 0xF2, 0xF3, 0x80, 0x81, 0x30, 0x33, 0x46, 0x52))


class BadLine:
    """A machine, its driver over a wire, and what else comes over that wire."""

    def __init__(self, machine: Any, wire: Any, bench: Any) -> None:
        self.machine, self.wire, self.bench = machine, wire, bench
        self.heard: list[bytes] = []
        self.clean = machine.said
        machine.said = self._kept

    def _kept(self, now_s: float) -> bytes:
        data: bytes = self.clean(now_s)
        self.heard = [*self.heard[-9:], data] if data else self.heard
        return data

    @property
    def now_s(self) -> float:
        return float(self.bench.clock.now_s())

    @property
    def true_kph(self) -> float:
        return float(self.machine.belt_speed_kph(self.now_s))

    def begins(self, command: Any) -> asyncio.Future[Any]:
        """Perform it; time does not go on by itself."""
        doing: asyncio.Future[Any] = asyncio.ensure_future(self.bench.connection.writer.perform(command))
        return doing

    async def does(self, command: Any, within_s: float) -> Any:
        """Perform it while time goes on."""
        doing = self.begins(command)
        await self.bench.run_for(within_s)
        return doing.result()

    async def suffers(self, bad: Callable[[BadLine], bytes], seconds: float) -> None:
        """Bad bytes between whatever the machine says."""
        for _ in range(round(seconds / 0.13)):
            self.wire.say(bad(self))
            await self.bench.run_for(0.13)

    def stops_since(self, moment_s: float) -> list[float]:
        return [at_s for at_s, data in self.wire.told if at_s >= moment_s and data in STOPS]


Laid = Callable[[], Any]


@pytest_asyncio.fixture
async def lay(clock: Any, wire_to: Any, bench_of: Any, wired: Any) -> Laid:
    """A line to each of the machines in its turn."""

    async def lay_one() -> BadLine:
        machine = wired.machine(clock.now_s())
        wire = wire_to(machine)
        connection = await clock.finish(wired.over(wire, clock, wired.sheet))
        line = BadLine(machine, wire, bench_of(connection, wired=wired))
        await line.bench.run_for(max(0.3, wired.looks_s))
        return line

    return lay_one


def late_answers(line: BadLine) -> bytes:
    """What the machine has said before, in an order of its own."""
    return b"".join(CHANCE.sample(line.heard, min(5, len(line.heard))))


def half_a_frame(line: BadLine) -> bytes:
    whole = line.heard[-1]
    return whole[: len(whole) // 2]


BAD: dict[str, Callable[[BadLine], bytes]] = {
    "garbage": lambda _line: CHANCE.randbytes(60),
    "garbage of known bytes": lambda _line: bytes(CHANCE.choices(KNOWN, k=40)),
    "wrong baud": lambda _line: bytes(range(0x78, 0xF0)) * 3,
    "a break": lambda _line: b"\x00" * 400,
    "half a frame": half_a_frame,
    "late answers": late_answers,
    "our own echo": lambda line: line.wire.told[-1][1],
}
each_bad = pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())


@each_bad
async def test_a_belt_at_rest_stays_there_and_the_machine_is_understood_behind_it(lay: Laid, bad: Any) -> None:
    line = await lay()
    await line.suffers(bad, 3.0)
    assert line.true_kph == 0
    await line.bench.run_for(2.5)
    assert line.bench.telemetry[-1].measured_at_s > line.now_s - 0.7
    assert line.bench.speed_kph == 0
    assert LinkLost not in {type(report) for _, report in line.bench.received}
    assert not line.bench.reading.done()


@each_bad
async def test_a_running_belt_is_never_made_faster_and_a_stop_keeps_its_budget(lay: Laid, bad: Any) -> None:
    line = await lay()
    assert await line.does(StartBelt(), 8.0) == Accepted()
    assert await line.does(SetSpeed(250), 6.0) == Accepted()
    for _ in range(8):
        await line.suffers(bad, 0.26)
        assert line.true_kph <= 2.5 * 1.02 + 0.01
    asked_s = line.now_s
    stopping = line.begins(StopBelt())
    await line.suffers(bad, 2.6)
    await line.bench.run_for(STOP_WITHIN_S - 2.6)
    assert line.stops_since(asked_s)[0] == asked_s
    assert stopping.done()
    assert stopping.exception() is None
    assert line.true_kph == 0


async def test_garbage_inside_every_answer_is_silence_and_nothing_worse(lay: Laid) -> None:
    line = await lay()
    line.machine.said = lambda now_s: _with_a_byte_inside(line.clean(now_s))
    await line.bench.run_for(3)
    assert line.true_kph == 0
    line.machine.said = line.clean
    await line.bench.run_for(2.5)
    assert line.bench.telemetry[-1].measured_at_s > line.now_s - 0.7


def _with_a_byte_inside(said: bytes) -> bytes:
    middle = len(said) // 2
    return said[:middle] + b"\xfe" + said[middle:] if said else b""


async def test_a_machine_is_understood_one_byte_at_a_time(lay: Laid) -> None:
    line = await lay()
    line.machine.said = lambda now_s: _one_by_one(line.clean(now_s), line.wire.say)
    assert await line.does(StartBelt(), 12.0) == Accepted()
    assert line.bench.speed_kph == pytest.approx(line.bench.lowest_kph, abs=0.02)
    assert await line.does(StopBelt(), 4.0) == Accepted()
    await line.bench.run_for(3)
    assert line.true_kph == 0


def _one_by_one(said: bytes, say: Callable[[bytes], None]) -> bytes:
    for byte in said:
        say(bytes((byte,)))
    return b""


@pytest.mark.parametrize("burst", [b"\xd1\x30", b"\x00", b"\xf1" + b"\x05" * 999_999])
async def test_a_megabyte_is_not_kept_and_the_next_answer_is_whole(lay: Laid, burst: bytes) -> None:
    line = await lay()
    line.wire.say(burst * (1_000_000 // len(burst)))
    assert held_bytes(line.bench.connection.reader) < HELD_BYTES_MAX
    await line.bench.run_for(2.5)
    assert line.bench.telemetry[-1].measured_at_s > line.now_s - 0.7
    assert line.true_kph == 0


async def test_an_adapter_that_is_pulled_at_any_byte_of_a_start_ends_the_reports_once_and_raises_nothing(
    lay: Laid,
) -> None:
    for pulled_at in range(8):
        line = await lay()
        starting = line.begins(StartBelt())
        line.machine.said = _pulled_at(pulled_at, line)
        await line.bench.run_for(1.5)
        assert starting.done()
        assert starting.exception() is None
        assert isinstance(await line.does(StopBelt(), 0.1), Unknown)
        assert [type(report) for _, report in line.bench.received].count(LinkLost) == 1
        assert line.true_kph <= line.bench.lowest_kph + 0.01


def _pulled_at(count: int, line: BadLine) -> Callable[[float], bytes]:
    """Says so many bytes more, one by one, and then the adapter is gone."""
    left = iter(range(count))

    def said(now_s: float) -> bytes:
        for byte in line.clean(now_s):
            if next(left, None) is None:
                if line.wire.lost_why is None:
                    line.wire.unplug()
                return b""
            line.wire.say(bytes((byte,)))
        return b""

    return said


def held_bytes(root: object) -> int:
    """Bytes and text that our own objects hold on to."""
    seen: set[int] = set()
    held, waiting = 0, [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        held += len(one) if isinstance(one, bytes | bytearray | str) else 0
        waiting += _inside(one)
    return held


def _inside(one: Any) -> Iterator[Any]:
    if isinstance(one, dict):
        yield from one.values()
    elif isinstance(one, FunctionType):
        yield from (cell.cell_contents for cell in one.__closure__ or ())
    elif isinstance(one, MethodType):
        yield one.__self__
    elif isinstance(one, list | tuple | set) or type(one).__name__ == "deque":
        yield from one
    elif type(one).__module__.startswith("retrotread."):
        yield from getattr(one, "__dict__", {}).values()
        yield from (getattr(one, name, None) for name in getattr(type(one), "__slots__", ()))
