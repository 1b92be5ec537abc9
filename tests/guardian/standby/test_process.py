"""The standby's process without its pipe: what it does with a machine by hand, and what it tells main."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from retrotread.clock import Clock
from retrotread.devices import connect as connecting
from retrotread.devices import stop_only
from retrotread.devices.address import REAL_SCHEMES, parse_address
from retrotread.devices.connection import Connection
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.stop_only import StopOnly, connect_to_stop
from retrotread.guardian import wire
from retrotread.guardian.one_belt import BeltLock
from retrotread.guardian.standby.line import StandbyLine
from retrotread.guardian.standby.messages import Belt, Holding, Released, Stage, Told
from retrotread.guardian.standby.process import StandbyProcess
from retrotread.machine import (
    Accepted,
    Capabilities,
    CommandOutcome,
    DeviceProfile,
    LinkLost,
    MachineNotice,
    Report,
    StopBelt,
    Telemetry,
)

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10), report_period_ms=500, stop_repeat_ok=True)
MOVES = Belt(may_move=True, stop_sent=False)
PORT = "serial+woodway:///dev/retrotread-none"


class HurriedClock:
    """Every wait is over at once; its time has passed."""

    def __init__(self) -> None:
        self.moment_s = 100.0

    def now_s(self) -> float:
        return self.moment_s

    async def sleep_until(self, moment_s: float) -> None:
        self.moment_s = max(self.moment_s, moment_s)
        await asyncio.sleep(0)


class Machine:
    """Falls by 2 km/h at each stop; reports at every turn of the loop."""

    def __init__(self, clock: HurriedClock) -> None:
        self.profile = PROFILE
        self.clock = clock
        self.speed_kph = 3.0
        self.stopped_s: list[float] = []
        self.refusals: list[Exception] = []
        self.raises: Exception | None = None
        self.lose = False
        self.reached = 0
        self.firsts: list[bool] = []
        self.closed = 0
        self.before: list[Report | Exception | None] = []
        self.nameless = False

    async def reach(self, _address: object, _clock: Clock, _sheet: object, first: bool) -> StopOnly:
        self.reached += 1
        self.firsts.append(first)
        if self.refusals:
            raise self.refusals.pop(0)
        if self.nameless:
            self.nameless = False
            return StopOnly(None, self.stop)  # type: ignore[arg-type]
        return StopOnly(self, self.stop)

    async def stop(self) -> CommandOutcome:
        self.stopped_s.append(self.clock.moment_s)
        self.speed_kph = max(0.0, self.speed_kph - 2.0)
        if self.raises is not None:
            raise self.raises
        return Accepted()

    async def reports(self) -> AsyncIterator[Report]:
        while True:
            await asyncio.sleep(0)
            if self.before:
                report = self.before.pop(0)
                if report is None:
                    return
                if isinstance(report, Exception):
                    raise report
                yield report
            if self.lose:
                self.lose = False
                yield LinkLost("planted")
                return
            yield Telemetry(self.clock.moment_s, self.speed_kph)

    async def close(self) -> None:
        self.closed += 1


class Bench:
    """A standby, its machine, and the pipe to main."""

    def __init__(self) -> None:
        self.clock = HurriedClock()
        self.machine = Machine(self.clock)
        self.reading, writing = os.pipe()
        self.process = StandbyProcess(self.clock, -1, writing, self.machine.reach)

    def dies(self, belt: Belt | None = MOVES, address: str = PORT) -> list[Told]:
        """The guardian held this belt and is gone; everything that main hears."""
        self.process.hear(Holding(address, None))
        if belt is not None:
            self.process.hear(belt)
        self.process._gone.set()
        asyncio.run(self._ends())
        return list(self._told())

    async def _ends(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.process, "_read_guardian", lambda _loop: None)
            await self.process.run()

    def _told(self) -> Iterator[Told]:
        os.set_blocking(self.reading, False)
        data = os.read(self.reading, 65536)
        while data:
            length = int.from_bytes(data[:4], "big")
            yield wire.decode_from_standby(data[4 : 4 + length])
            data = data[4 + length :]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bench:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return Bench()


def stages(told: list[Told]) -> list[Stage]:
    return list(dict.fromkeys(one.stage for one in told))


def test_a_belt_that_may_move_is_stopped_read_and_told_of_until_it_stands(bench: Bench) -> None:
    told = bench.dies()
    assert stages(told) == [Stage.READY, Stage.TAKES_OVER, Stage.REPORTED, Stage.STOP_SENT, Stage.STILL] or stages(
        told
    ) == [Stage.READY, Stage.TAKES_OVER, Stage.STOP_SENT, Stage.REPORTED, Stage.STILL]
    assert bench.machine.speed_kph == 0.0
    assert len(bench.machine.stopped_s) >= 2
    still = next(one for one in told if one.stage is Stage.STILL)
    assert "look at the belt before you step" in still.message
    assert bench.machine.closed == 1


@pytest.mark.parametrize("belt", [None, Belt(may_move=False, stop_sent=False)], ids=["nothing was said", "it rested"])
def test_a_belt_that_rested_is_left_alone(bench: Bench, belt: Belt | None) -> None:
    assert stages(bench.dies(belt)) == [Stage.READY]
    assert bench.machine.reached == 0


def test_a_guardian_that_ended_as_it_should_leaves_nothing_to_do(bench: Bench) -> None:
    bench.process.hear(Released())
    assert stages(bench.dies()) == [Stage.READY]
    assert bench.machine.reached == 0


def test_of_a_simulated_treadmill_nothing_remains_to_be_stopped_and_that_is_said(bench: Bench) -> None:
    told = bench.dies(address="sim://well-behaved")
    assert told[-1].message == "the simulated treadmill lived in the guardian and has ended with it"
    assert bench.machine.reached == 0


def test_a_machine_that_is_not_reached_is_tried_again_and_main_hears_why(bench: Bench) -> None:
    bench.machine.refusals = [ConnectFailed("it is switched off"), TimeoutError()]
    told = bench.dies()
    assert bench.machine.reached == 3
    assert [one.message for one in told if one.stage is Stage.NO_LINE] == [
        "the standby does not reach the treadmill: it is switched off",
        "the standby does not reach the treadmill: TimeoutError",
    ]
    assert bench.machine.speed_kph == 0.0


def test_a_line_that_is_lost_is_reached_anew_and_stopped_again(bench: Bench) -> None:
    bench.machine.lose = True
    told = bench.dies()
    assert bench.machine.reached == 2
    assert bench.machine.firsts == [True, False], "a stop goes before the first questions, until one has gone"
    assert any(one.message == "the standby has lost the treadmill: planted" for one in told)
    assert bench.machine.speed_kph == 0.0


@pytest.mark.parametrize(
    ("ending", "why"),
    [(None, "the connection ended"), (OSError("planted"), "OSError: planted")],
    ids=["ends", "raises"],
)
def test_reports_that_end_or_raise_are_a_lost_line(bench: Bench, ending: Exception | None, why: str) -> None:
    bench.machine.before = [MachineNotice.STARTED_AT_CONSOLE, ending]
    told = bench.dies()
    assert bench.machine.reached == 2
    assert any(one.message == f"the standby has lost the treadmill: {why}" for one in told)
    assert bench.machine.speed_kph == 0.0


def test_a_stop_without_an_answer_in_time_is_told_and_sent_over_a_new_line(bench: Bench) -> None:
    bench.machine.raises = TimeoutError()
    told = bench.dies()
    assert bench.machine.reached >= 2
    assert any(one.message == "the standby has sent stop number 1 (no answer in time)" for one in told)
    assert bench.machine.speed_kph == 0.0


def test_a_fault_of_its_own_is_logged_and_the_belt_is_reached_all_the_same(
    bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.machine.nameless = True
    bench.dies()
    assert "AttributeError: 'NoneType' object has no attribute 'profile'" in capfd.readouterr().err
    assert bench.machine.reached == 2
    assert bench.machine.speed_kph == 0.0


def test_a_belt_is_stopped_although_somebody_else_holds_the_lock_of_belts(
    bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    held = BeltLock()
    bench.dies()
    held.release()
    assert "another Retrotread on this computer drives a treadmill" in capfd.readouterr().err
    assert bench.machine.speed_kph == 0.0


def test_an_address_that_is_none_is_logged_and_nothing_is_reached(
    bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.process.hear(Holding("nonsense", None))
    bench.process.hear(MOVES)
    bench.process._gone.set()
    asyncio.run(bench._ends())
    assert "not ready for 'nonsense'" in capfd.readouterr().err
    assert bench.machine.reached == 0


def test_a_guardian_that_says_what_is_no_message_is_as_good_as_gone(
    bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    reads, writes = os.pipe()
    os.write(writes, b"\x00\x00\x00\x04none")
    os.close(writes)
    bench.process._from_guardian = reads
    bench.process.hear(Holding(PORT, None))
    bench.process.hear(MOVES)
    asyncio.run(bench.process.run())
    os.close(reads)
    assert "the guardian's pipe: not a message" in capfd.readouterr().err
    assert bench.machine.speed_kph == 0.0


def test_a_driver_that_raises_at_a_stop_costs_a_line_and_not_the_stops_that_follow(bench: Bench) -> None:
    bench.machine.raises = RuntimeError("planted")
    told = bench.dies()
    assert bench.machine.reached >= 2
    assert any("(RuntimeError: planted)" in one.message for one in told)
    assert bench.machine.speed_kph == 0.0


def test_a_main_that_is_gone_is_not_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    monkeypatch.setattr(bench.process._news, "_to_main", writes)
    bench.process.hear(Holding(PORT, None))
    bench.process.hear(Belt(may_move=True, stop_sent=False))
    bench.process._gone.set()
    asyncio.run(bench._ends())
    assert bench.machine.speed_kph == 0.0
    os.close(writes)


async def test_a_connection_to_stop_hands_out_a_reader_and_a_stop_and_no_writer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    performed: list[object] = []

    class Driver(Machine):
        async def perform(self, command: object) -> CommandOutcome:
            performed.append(command)
            return Accepted()

    driver = Driver(HurriedClock())

    async def reached(*_arguments: object) -> Connection:
        return Connection(driver, driver)

    monkeypatch.setattr(stop_only, "connect", reached)
    line = await connect_to_stop(parse_address(PORT), HurriedClock(), None)
    assert await line.stop() == Accepted()
    assert performed == [StopBelt()]
    assert set(StopOnly.__slots__) == {"reader", "stop"}


def test_every_real_machine_has_its_driver_loaded_beforehand() -> None:
    assert set(stop_only._LOADED) == set(REAL_SCHEMES)
    assert set(stop_only._LOADED) <= set(connecting._DRIVERS)


# --- the guardian's end -------------------------------------------------------------------------------------


@pytest.fixture
def pipe() -> Iterator[tuple[int, StandbyLine]]:
    reads, writes = os.pipe()
    yield reads, StandbyLine(writes)
    os.close(reads)


def said(reads: int) -> list[Any]:
    os.set_blocking(reads, False)
    found = []
    try:
        data = os.read(reads, 1_000_000)
    except BlockingIOError:
        return []
    while data:
        length = int.from_bytes(data[:4], "big")
        found.append(wire.decode_to_standby(data[4 : 4 + length]))
        data = data[4 + length :]
    return found


def test_the_belt_is_told_when_it_changes_and_every_second(pipe: tuple[int, StandbyLine]) -> None:
    reads, line = pipe
    rests, runs = Belt(may_move=False, stop_sent=False), Belt(may_move=True, stop_sent=False)
    for at_s, belt in ((1.0, rests), (1.5, rests), (1.6, runs), (2.5, runs), (2.7, runs)):
        line.belt(belt, at_s)
    assert said(reads) == [rests, runs, runs]


def test_a_standby_that_does_not_read_holds_nobody_up_and_hears_it_when_it_reads_again(
    pipe: tuple[int, StandbyLine],
) -> None:
    reads, line = pipe
    for number in range(20_000):
        line.belt(Belt(may_move=number % 2 == 0, stop_sent=False), 1.0)
    last = Belt(may_move=True, stop_sent=True)
    line.belt(last, 1.0)
    assert said(reads)[-1] != last, "the pipe was full"
    line.belt(last, 1.1)
    assert said(reads) == [last]


def test_a_guardian_that_ends_as_it_should_says_so_last(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    command = [sys.executable, "-P", "-m", "retrotread.guardian", str(tmp_path), str(writes)]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=(writes,), check=True)
    os.close(writes)
    assert said(reads) == [Released()]
    os.close(reads)


def test_a_standby_that_is_gone_is_minded_by_nobody() -> None:
    reads, writes = os.pipe()
    line = StandbyLine(writes)
    os.close(reads)
    line.belt(Belt(may_move=True, stop_sent=False), 1.0)
    line.released()
    assert not os.get_inheritable(writes)
    os.close(writes)
