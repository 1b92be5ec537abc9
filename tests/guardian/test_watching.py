"""A machine that is only watched: its reports, and nothing that could move or stop it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from retrotread.clock import SystemClock
from retrotread.devices.connection import Connection
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.sheet import Sheet
from retrotread.devices.simulated.archetypes import WELL_BEHAVED
from retrotread.guardian import process
from retrotread.guardian.messages import (
    PROTOCOL,
    Connect,
    Connected,
    ConnectRefused,
    Scan,
    ScanEnded,
    StopNow,
    Watch,
    Watched,
    WatchEnded,
)
from retrotread.guardian.process import GuardianProcess
from retrotread.guardian.watching import EVERY_S
from retrotread.machine import Identity, LinkLost, MachineNotice, Report, Telemetry
from retrotread.safety.inputs import StopBy

GYM = "ble://Gym"


class NoWriter:
    """A writer that nobody may use."""

    async def perform(self, command: object) -> Any:
        raise AssertionError(f"{command!r} was sent to a machine that is only watched")


@dataclass
class Reports:
    """A reader with these reports; ``fails`` is raised behind them."""

    sent: Sequence[Report]
    fails: Exception | None = None
    profile: Any = WELL_BEHAVED.profile
    closed: bool = False

    async def reports(self) -> AsyncIterator[Report]:
        for one in self.sent:
            yield one
        if self.fails is not None:
            raise self.fails

    async def close(self) -> None:
        self.closed = True


class Bench:
    """A guardian that reaches this machine, and what it told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, reader: Reports | Exception) -> None:
        self.said: list[Any] = []
        self.guardian = GuardianProcess(SystemClock(), -1, -1, None)
        monkeypatch.setattr(self.guardian, "_tell", self.said.append)

        async def connect(_address: Any, _clock: Any, _sheet: Any, listen: bool) -> Connection:
            assert listen, "watching must not ask for control"
            if isinstance(reader, Exception):
                raise reader
            return Connection(reader, NoWriter(), Identity(name="Gym"), "never tried out")

        monkeypatch.setattr(process, "connect", connect)

    async def hear(self, *messages: Any) -> list[Any]:
        for message in messages:
            self.guardian._message(message)
            for _ in range(20):
                await asyncio.sleep(0)
        return self.said


def at(at_s: float, speed_kph: float) -> Telemetry:
    return Telemetry(at_s, speed_kph, 1.0, 20.0)


async def test_a_watched_machine_is_met_and_read_and_its_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch, Reports((MachineNotice.STARTED_AT_CONSOLE, at(5.0, 3.5), LinkLost("out of reach"))))
    assert await bench.hear(Watch(PROTOCOL, GYM)) == [
        Connected(0, WELL_BEHAVED.profile, Identity(name="Gym"), "never tried out"),
        Watched(5.0, 3.5, 1.0, 20.0),
        WatchEnded("out of reach"),
    ]


async def test_a_belt_that_moves_under_somebody_is_neither_stopped_nor_taken_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench(monkeypatch, Reports([at(5.0 + tick, 8.0) for tick in range(50)]))
    said = await bench.hear(Watch(PROTOCOL, GYM), StopNow(StopBy.OPERATOR), Connect(PROTOCOL, GYM))
    assert bench.guardian._core is None
    assert said[-1] == ConnectRefused("the guardian already holds a treadmill")
    assert isinstance((await bench.hear(Scan(PROTOCOL, 5.0)))[-1], ScanEnded)
    bench.guardian._leave()  # the way of a main that is gone, and of a kill
    assert bench.guardian._done.is_set()


async def test_a_thousand_reports_a_second_are_told_as_often_as_somebody_can_see(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench(monkeypatch, Reports([at(tick / 1000, 3.0) for tick in range(200)]))
    assert len([one for one in await bench.hear(Watch(PROTOCOL, GYM)) if isinstance(one, Watched)]) <= 1 + 1 / EVERY_S


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        (Reports((), RuntimeError("planted")), "the driver failed (RuntimeError: planted)"),
        (Reports(()), "the connection ended"),
        (ConnectFailed("Gym is out of reach; move closer"), "Gym is out of reach; move closer"),
    ],
)
async def test_whatever_ends_it_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, reader: Reports | Exception, reason: str
) -> None:
    assert (await Bench(monkeypatch, reader).hear(Watch(PROTOCOL, GYM)))[-1] == WatchEnded(reason)


async def test_a_sheet_beyond_its_bounds_and_another_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Sheet(replace(WELL_BEHAVED.profile, simulated=False, report_period_ms=60_000))
    (ended,) = await Bench(monkeypatch, Reports(())).hear(Watch(PROTOCOL, GYM, wrong))
    assert "report_period_ms is 60000" in ended.reason
    (ended,) = await Bench(monkeypatch, Reports(())).hear(Watch(PROTOCOL + 1, GYM))
    assert "another version" in ended.reason
