"""What every serial driver owes its callers, over real pseudo-terminals and by the real clock: the essence of
``test_driver_contract``, and what becomes of a belt when the program that drives it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect, plugged_in
from retrotread.devices.connection import Connection
from retrotread.devices.csafe.simulated import CsafeMachine
from retrotread.devices.errors import ConnectFailed
from retrotread.machine import (
    Accepted,
    LinkLost,
    Rejected,
    Report,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
    Unknown,
)

DEADLINE_S = 30.0
CORRECTION_KPH = 0.1
"""A belt first misses a new speed by two percent."""

DRIVES = """
import asyncio, sys
from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.machine import StartBelt

async def main():
    clock = SystemClock()
    connection = await connect(parse_address(sys.argv[1]), clock)
    await clock.sleep_until(clock.now_s() + float(sys.argv[2]))
    print(await connection.writer.perform(StartBelt()), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
"""A program that starts the belt and does nothing more, and nothing less: its driver goes on asking."""


async def started(far: Any, wired: Any) -> tuple[Connection, AsyncIterator[Report]]:
    """Over a connection, with a belt that has told that it moves."""
    connection = await connect(far.address, far.clock, wired.sheet)
    await far.wait(wired.looks_s)
    assert await connection.writer.perform(StartBelt()) == Accepted()
    reports = connection.reader.reports()
    await told(reports, lambda kph: kph > 0)
    return connection, reports


async def told(reports: AsyncIterator[Report], speed: Callable[[float], bool]) -> None:
    """Until a report tells such a speed."""
    async for report in reports:
        if isinstance(report, Telemetry) and report.speed_kph is not None and speed(report.speed_kph):
            return


async def test_a_machine_is_met_named_and_read_at_rest(far: Any, wired: Any) -> None:
    connection = await connect(far.address, far.clock, wired.sheet)
    assert connection.identity.address == far.port.name
    assert connection.identity.manufacturer
    assert connection.remark, "nobody has tried this machine out"
    reports = connection.reader.reports()
    first = [await anext(reports) for _ in range(3)]
    assert [one.speed_kph for one in first if isinstance(one, Telemetry)] == [0.0, 0.0, 0.0]
    await connection.reader.close()


async def test_a_belt_starts_follows_its_set_points_and_stops(far: Any, wired: Any) -> None:
    connection, reports = await started(far, wired)
    await far.until(lambda: far.speed_kph == pytest.approx(0.8, abs=0.02))
    assert await connection.writer.perform(SetSpeed(250)) == Accepted()
    await far.until(lambda: far.speed_kph == pytest.approx(2.5, abs=CORRECTION_KPH))
    for beyond_ckph in (0, 79, 1501):
        assert isinstance(await connection.writer.perform(SetSpeed(beyond_ckph)), Rejected)
    await told(reports, lambda kph: kph == pytest.approx(2.5, abs=CORRECTION_KPH))
    assert await connection.writer.perform(StopBelt()) == Accepted()
    await far.until(lambda: far.speed_kph == 0)
    assert await connection.writer.perform(StopBelt()) == Accepted(), "a second one does no harm"
    assert isinstance(await connection.writer.perform(SetSpeed(250)), Rejected)
    assert far.speed_kph == 0
    await connection.reader.close()


async def test_a_stop_overtakes_the_set_points_that_wait(far: Any, wired: Any) -> None:
    connection, _ = await started(far, wired)
    waiting = [asyncio.ensure_future(connection.writer.perform(SetSpeed(ckph))) for ckph in (250, 300, 350, 400)]
    await far.wait(0)  # each is on its way
    assert await connection.writer.perform(StopBelt()) == Accepted()
    await far.until(lambda: far.speed_kph == 0)
    late = [str(one) for one in (await asyncio.gather(*waiting))[1:]]
    assert ["a stop came first" in one for one in late] == [True, True, True]
    await connection.reader.close()


async def test_a_still_belt_takes_stops_and_no_set_point_and_stands(far: Any, wired: Any) -> None:
    connection = await connect(far.address, far.clock, wired.sheet)
    for _ in range(2):
        assert await connection.writer.perform(StopBelt()) == Accepted()
    refused = await connection.writer.perform(SetSpeed(250))
    assert isinstance(refused, Rejected)
    assert "still" in refused.reason
    await far.wait(0.3)
    assert far.speed_kph == 0
    await connection.reader.close()


async def test_an_adapter_that_is_pulled_is_a_lost_link_and_every_command_unknown(far: Any, wired: Any) -> None:
    connection = await connect(far.address, far.clock, wired.sheet)
    far.unplug()
    reports = [report async for report in connection.reader.reports()]
    assert isinstance(reports[-1], LinkLost)
    assert "still plugged in" in reports[-1].reason
    for command in (StopBelt(), SetIncline(10)):
        assert isinstance(await connection.writer.perform(command), Unknown | Rejected)
    assert isinstance(await connection.writer.perform(StopBelt()), Unknown)
    await connection.reader.close()


async def test_a_belt_behind_an_adapter_that_is_plugged_in_again_is_found_and_stopped(
    far_end_of: Any, far: Any, wired: Any, tmp_path: Path
) -> None:
    """The name of the port lasts, as one below /dev/serial/by-id does; what is behind it is another terminal."""
    adapter = tmp_path / "adapter"
    adapter.symlink_to(far.port.name)
    address = parse_address(wired.address.format(port=adapter))
    connection = await connect(address, far.clock, wired.sheet)
    far.machine.start_by_itself(far.clock.now_s())
    far.unplug()
    assert isinstance([report async for report in connection.reader.reports()][-1], LinkLost)
    adapter.unlink()
    assert not plugged_in(address)
    await connection.reader.close()
    again = far_end_of(far.machine, wired.address)
    adapter.symlink_to(again.port.name)
    assert plugged_in(address)
    connection = await connect(address, far.clock, wired.sheet)
    assert "only read" in (connection.remark or "")
    stopped = await connection.writer.perform(StopBelt())
    if wired.kind is CsafeMachine:  # begun by hand, it takes no stop, and says so
        assert "stop it at its console" in stopped.reason  # type: ignore[union-attr]
    else:
        await far.until(lambda: far.speed_kph == 0)
    await connection.reader.close()


async def test_nothing_is_said_and_nothing_told_after_closing(far: Any, wired: Any) -> None:
    connection = await connect(far.address, far.clock, wired.sheet)
    await connection.reader.close()
    await far.wait(0.1)
    taken: list[bytes] = []
    far.machine.take = lambda data, _now_s: taken.append(data)
    for command in (StartBelt(), SetSpeed(250), SetIncline(10), StopBelt()):
        assert "closed" in (await connection.writer.perform(command)).reason  # type: ignore[union-attr]
    assert [report async for report in connection.reader.reports()] == []
    await far.wait(0.4)
    assert taken == []
    await connection.reader.close()


async def test_a_port_where_nobody_answers_is_refused_with_what_to_look_at(far: Any, wired: Any) -> None:
    far.machine.voice.answers = False
    with pytest.raises(ConnectFailed, match=r"nothing on .* answers as .*emergency stop let out.*is this its cable"):
        await connect(far.address, far.clock, wired.sheet)


async def test_kill_nine_leaves_a_belt_to_its_own_machine_and_the_profile_says_what_that_does(
    far: Any, wired: Any
) -> None:
    """Nobody is left to send a stop: half a second later a watchdog has acted, or nothing ever will."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", DRIVES, str(far.address), str(wired.looks_s)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert await asyncio.wait_for(program.stdout.readline(), DEADLINE_S) == b"Accepted()\n"
    await far.until(lambda: far.speed_kph == pytest.approx(0.8, abs=0.02))
    os.kill(program.pid, signal.SIGKILL)
    await program.wait()
    if wired.runs_on:
        await _is_found_running_and_stopped(far)
        return
    heard_s = far.machine.heard_s
    await far.until(lambda: far.speed_kph == 0)
    fired_s = getattr(far.machine, "watchdog_fired_s", None) or far.machine.timer_fired_s
    assert fired_s - heard_s == pytest.approx(0.5)


async def _is_found_running_and_stopped(far: Any) -> None:
    await far.wait(1)
    assert far.speed_kph == pytest.approx(0.8, abs=0.02)
    connection = await connect(far.address, far.clock)
    assert connection.reader.profile.runs_on_when_link_lost is True
    assert connection.remark is not None
    assert "it is only read" in connection.remark
    assert await connection.writer.perform(StopBelt()) == Accepted(), "whoever finds it may ask it to stop"
    await far.until(lambda: far.speed_kph == 0)
    await connection.reader.close()
