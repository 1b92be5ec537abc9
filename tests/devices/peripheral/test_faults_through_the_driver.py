"""Every fault of the simulated treadmill as the driver tells it, over real attributes: reports and outcomes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.connect import connect
from retrotread.devices.simulated.faults import FAULTS
from retrotread.machine import (
    Accepted,
    LinkLost,
    MachineNotice,
    Rejected,
    SetSpeed,
    StopBelt,
    Stuck,
    TargetChanged,
    Telemetry,
)

AT_S = 100.0


async def walking(bench_at: Any, fault: str) -> Any:
    """3.2 km/h, five seconds before the fault; what was received so far is thrown away."""
    begun_s = 5000.0
    bench = await bench_at(f"air://well-behaved?fault={fault}@{AT_S:g}")
    await bench.run_at(320)
    await bench.clock.run_until(begun_s + AT_S - 5)
    bench.received.clear()
    return bench


def reports(bench: Any, *kinds: type) -> list[Any]:
    return [report for _, report in bench.received if isinstance(report, kinds)]


async def test_silent_no_report_and_no_lost_link(bench_at: Any) -> None:
    bench = await walking(bench_at, "silent")
    await bench.run_for(40)
    assert len(bench.telemetry) <= 20
    assert reports(bench, LinkLost) == []


async def test_ignore_stop_taken_and_the_reports_say_otherwise(bench_at: Any) -> None:
    bench = await walking(bench_at, "ignore-stop")
    await bench.run_for(6)
    assert await bench.perform(StopBelt()) == Accepted()
    await bench.run_for(20)
    assert bench.speed_kph == 3.2


async def test_self_start_motion_is_reported(bench_at: Any) -> None:
    bench = await bench_at(f"air://well-behaved?fault=self-start@{AT_S:g}")
    await bench.run_for(AT_S + 20)
    assert bench.speed_kph == 3.0


async def test_drop_the_last_report_is_a_lost_link_and_commands_are_unknown(bench_at: Any) -> None:
    bench = await walking(bench_at, "drop")
    await bench.run_for(6)
    assert isinstance(bench.received[-1][1], LinkLost)
    assert bench.reading.done()
    assert "link is gone" in (await bench.perform(StopBelt())).reason


async def test_drop_return_a_new_connection_reads_and_stops_the_belt_that_ran_on(
    clock: Any, machine_on_air: Any, bench_of: Any
) -> None:
    there = await machine_on_air(f"air://well-behaved?fault=drop-return@{AT_S:g}")
    first = bench_of(await clock.finish(connect(there.address, clock, there.sheet)), True)
    await first.run_at(320)
    await clock.run_until(5000.0 + AT_S + 3.1)
    assert isinstance(first.received[-1][1], LinkLost)
    again = bench_of(await clock.finish(connect(there.address, clock, there.sheet)), True)
    await again.run_for(2)
    assert again.speed_kph == 3.2
    assert await again.perform(StopBelt()) == Accepted()
    await again.run_for(20)
    assert again.speed_kph == 0


async def test_frozen_reports_come_and_their_counters_stand(bench_at: Any) -> None:
    bench = await walking(bench_at, "frozen")
    await bench.run_for(20)
    assert len({report.machine_time_s for report in bench.telemetry[-40:]}) == 1


async def test_spike_the_wild_report_is_told_as_it_is(bench_at: Any) -> None:
    bench = await walking(bench_at, "spike")
    await bench.run_for(20)
    assert [speed for speed in bench.speeds_since(0) if speed != 3.2] == [pytest.approx(18.2)]


async def test_runaway_is_reported_and_stopped(bench_at: Any) -> None:
    bench = await walking(bench_at, "runaway")
    await bench.run_for(12)
    assert bench.speed_kph == pytest.approx(12)
    assert await bench.perform(StopBelt()) == Accepted()
    await bench.run_for(20)
    assert bench.speed_kph == 0


async def test_stuck_write_is_said_after_the_deadline_of_a_write_and_reports_go_on(bench_at: Any) -> None:
    bench = await walking(bench_at, "stuck-write")
    await bench.run_for(6)
    asked_s = bench.clock.now_s()
    stopping = asyncio.ensure_future(bench.connection.writer.perform(StopBelt()))
    await bench.run_for(0.95)
    assert not stopping.done()
    await bench.run_for(0.1)
    assert isinstance(stopping.result(), Stuck)
    await bench.run_for(5)
    assert len(bench.speeds_since(asked_s)) >= 20


async def test_late_answers_are_waited_for(bench_at: Any) -> None:
    bench = await walking(bench_at, "late-answers")
    await bench.run_for(6)
    stopping = asyncio.ensure_future(bench.connection.writer.perform(StopBelt()))
    await bench.run_for(0.65)
    assert not stopping.done()
    await bench.run_for(0.1)
    assert stopping.result() == Accepted()


async def test_doubled_answers_the_second_one_is_nobodys(bench_at: Any) -> None:
    """A refused set-point after an accepted one: the second copy of the yes must not be taken for its answer."""
    bench = await walking(bench_at, "doubled-answers")
    await bench.run_for(6)
    assert await bench.perform(SetSpeed(240)) == Accepted()
    assert await bench.perform(StopBelt()) == Accepted()
    assert isinstance(await bench.perform(SetSpeed(300)), Rejected)
    await bench.run_for(2)
    assert bench.connection.reader.odd["an answer that nobody waits for"] >= 2


@pytest.mark.parametrize(("fault", "target_kph"), [("foreign-raise", 4.7), ("foreign-lower", 2.2)])
async def test_foreign_targets_are_told(bench_at: Any, fault: str, target_kph: float) -> None:
    bench = await walking(bench_at, fault)
    await bench.run_for(15)
    assert [told.speed_kph for told in reports(bench, TargetChanged)] == pytest.approx([target_kph])
    assert bench.speed_kph == pytest.approx(target_kph)


async def test_foreign_takeover_is_told_and_everything_is_refused_with_a_sentence(bench_at: Any) -> None:
    bench = await walking(bench_at, "foreign-takeover")
    await bench.run_for(6)
    assert reports(bench, MachineNotice) == [MachineNotice.CONTROL_LOST]
    for command in (SetSpeed(200), StopBelt()):
        outcome = await bench.perform(command)
        assert isinstance(outcome, Rejected)
        assert "control" in outcome.reason


async def test_flood_no_more_than_fifty_reports_a_second_and_a_stop_as_quick_as_ever(bench_at: Any) -> None:
    bench = await walking(bench_at, "flood")
    await bench.run_for(6)
    bench.received.clear()
    await bench.run_for(2)
    assert 90 <= len(reports(bench, Telemetry)) <= 101
    asked_s = bench.clock.now_s()
    assert await bench.perform(StopBelt()) == Accepted()
    assert bench.clock.now_s() == asked_s


async def test_console_reboot_the_zero_and_the_roll_out_are_told_as_they_are_and_a_stop_is_taken(bench_at: Any) -> None:
    bench = await walking(bench_at, "console-reboot")
    await bench.run_for(10)
    speeds_kph = [told.speed_kph for told in reports(bench, Telemetry)]
    zero = speeds_kph.index(0)
    assert speeds_kph[zero + 1] > 1
    assert await bench.perform(StopBelt()) == Accepted()
    await bench.run_for(60)
    assert bench.speed_kph == 0


def test_every_fault_is_told_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FAULTS if f'"{name}"' not in text and f"fault={name}@" not in text] == []
