"""What the driver of a simulated treadmill adds to the contract of every driver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.simulated.driver import connect_simulated, connection_to
from retrotread.machine import Accepted, LinkLost, MachineNotice, StopBelt, Unknown


async def test_the_treadmill_begins_when_it_is_connected(bench_of: Any, clock: Any) -> None:
    bench = bench_of(connect_simulated(parse_address("sim://well-behaved"), clock))
    begun_s = clock.now_s()
    await bench.run_for(0.3)
    assert [report.measured_at_s for report in bench.telemetry] == [begun_s + 0.25]


async def test_a_reader_that_comes_late_gets_every_report_in_order(bench_of: Any, clock: Any) -> None:
    begun_s = clock.now_s()
    connection = connect_simulated(parse_address("sim://well-behaved"), clock)
    await clock.run_until(begun_s + 10)
    bench = bench_of(connection)
    await bench.run_for(0)
    assert [report.measured_at_s for report in bench.telemetry] == [begun_s + 0.25 * number for number in range(1, 41)]


async def test_a_fault_of_the_address_happens_at_its_moment(bench_of: Any, clock: Any) -> None:
    bench = bench_of(connect_simulated(parse_address("sim://well-behaved?fault=silent@30"), clock))
    begun_s = clock.now_s()
    await bench.run_for(120)
    assert bench.telemetry[-1].measured_at_s == begun_s + 29.75
    assert not bench.reading.done(), "silence is not the end of a link"
    assert await bench.perform(StopBelt()) == Accepted()


async def test_a_hand_on_the_console_is_heard_within_one_period(bench_of: Any, clock: Any, treadmill: Any) -> None:
    machine = treadmill("slow-reporter", starts_at_s=clock.now_s())
    bench = bench_of(connection_to(machine, clock))
    await bench.run_for(10.3)
    machine.press_console_stop(clock.now_s())
    await bench.run_for(1.1)
    assert MachineNotice.STOPPED_AT_CONSOLE in [report for _, report in bench.received]


async def test_a_link_that_is_lost_in_silence_is_still_heard(bench_of: Any, clock: Any, treadmill: Any) -> None:
    machine = treadmill("well-behaved", "silent@5", starts_at_s=clock.now_s())
    bench = bench_of(connection_to(machine, clock))
    await bench.run_for(10.3)
    machine.drop_link(clock.now_s(), "out of range")
    await bench.run_for(0.3)
    assert bench.received[-1][1] == LinkLost("out of range")
    assert bench.reading.done()
    assert isinstance(await bench.perform(StopBelt()), Unknown)


async def test_closing_lets_the_belt_run(bench_of: Any, clock: Any, treadmill: Any) -> None:
    machine = treadmill("well-behaved", starts_at_s=clock.now_s())
    bench = bench_of(connection_to(machine, clock))
    await bench.run_at(500)
    await bench.connection.reader.close()
    assert isinstance(await bench.perform(StopBelt()), Unknown)
    machine.advance(clock.now_s() + 60)
    assert machine.belt_speed_kph == 5.0


async def test_a_clock_that_fails_is_not_passed_over(
    bench_of: Any, clock: Any, treadmill: Any, monkeypatch: Any
) -> None:
    async def broken(moment_s: float) -> None:
        raise OSError("no timer")

    machine = treadmill("well-behaved", starts_at_s=clock.now_s())
    monkeypatch.setattr(clock, "sleep_until", broken)
    reports: AsyncIterator[Any] = connection_to(machine, clock).reader.reports()
    with pytest.raises(OSError, match="no timer"):
        await anext(reports)
