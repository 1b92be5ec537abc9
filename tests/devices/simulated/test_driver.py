"""What the driver of a simulated treadmill adds to the contract of every driver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from retrotread.devices.address import parse_address
from retrotread.devices.connect import connect
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.simulated.driver import SEARCH_S, connect_simulated, connection_to
from retrotread.machine import Accepted, LinkLost, MachineNotice, SetSpeed, StopBelt, Telemetry, Unknown


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


# Answers that come late


async def test_perform_waits_for_the_answer_of_a_slow_machine(bench_of: Any, clock: Any) -> None:
    bench = bench_of(connect_simulated(parse_address("sim://well-behaved?answer_s=1.3"), clock))
    began_s = clock.now_s()
    asked = asyncio.ensure_future(bench.perform(StopBelt()))
    await bench.run_for(1.29)
    assert not asked.done()
    await bench.run_for(0.02)
    assert asked.result() == Accepted()
    assert [one.measured_at_s for one in bench.telemetry][:4] == [began_s + 0.25 * n for n in (1, 2, 3, 4)]


async def test_answers_find_their_own_commands_although_they_come_twice(bench_of: Any, clock: Any) -> None:
    bench = bench_of(connect_simulated(parse_address("sim://well-behaved?fault=doubled-answers@1"), clock))
    await bench.run_for(2)
    for _ in range(3):
        stop, refused = (asyncio.ensure_future(bench.perform(one)) for one in (StopBelt(), SetSpeed(300)))
        await bench.run_for(0.25)
        assert stop.result() == Accepted()
        assert "still" in refused.result().reason


async def test_a_link_that_is_lost_answers_what_waits(bench_of: Any, clock: Any, treadmill: Any) -> None:
    machine = treadmill("well-behaved", "stuck-write@1", starts_at_s=clock.now_s())
    bench = bench_of(connection_to(machine, clock))
    await bench.run_for(2)
    asked = asyncio.ensure_future(bench.perform(StopBelt()))
    await bench.run_for(5)
    assert not asked.done()
    machine.drop_link(clock.now_s())
    await bench.run_for(0.5)
    assert isinstance(asked.result(), Unknown)


# A link that comes back


async def test_the_next_connection_reaches_the_same_moving_belt(bench_of: Any, clock: Any) -> None:
    address = parse_address("sim://well-behaved?fault=drop-return@100")
    first = bench_of(await connect(address, clock))
    await first.run_at(500)
    await first.run_for(100)
    assert isinstance(first.received[-1][1], LinkLost)
    second = bench_of(await connect(address, clock))
    await second.run_for(1)
    assert second.speed_kph == 5.0
    await second.obey(StopBelt())
    await second.run_for(10)
    assert second.speed_kph == 0


async def test_a_belt_that_was_let_go_while_it_moved_is_found_again_as_it_is(bench_of: Any, clock: Any) -> None:
    address = parse_address("sim://well-behaved")
    connection = await connect(address, clock)
    first = bench_of(connection)
    await first.run_at(500)
    await connection.reader.close()
    await clock.run_until(clock.now_s() + 10)
    second = bench_of(await connect(address, clock))
    await second.run_for(1)
    assert second.speed_kph == 5.0


async def test_a_search_waits_for_a_link_that_comes_back_in_time(bench_of: Any, clock: Any) -> None:
    address = parse_address("sim://well-behaved?fault=drop-return@10")
    bench = bench_of(await connect(address, clock))
    await bench.run_for(12)
    search = asyncio.ensure_future(connect(address, clock))
    await bench.run_for(0.9)
    assert not search.done()
    await bench.run_for(0.4)
    assert bench_of(search.result()).profile == bench.profile


async def test_a_search_gives_up_with_a_sentence(bench_of: Any, clock: Any) -> None:
    address = parse_address("sim://well-behaved?fault=drop@10")
    bench = bench_of(await connect(address, clock))
    await bench.run_for(12)
    search = asyncio.ensure_future(connect(address, clock))
    await bench.run_for(SEARCH_S - 0.1)
    assert not search.done()
    await bench.run_for(0.2)
    with pytest.raises(
        ConnectFailed, match=r"no simulated treadmill answers at sim://well-behaved.*searched for 2\.5 s"
    ):
        search.result()


async def test_after_a_lost_link_another_address_is_another_machine(bench_of: Any, clock: Any) -> None:
    bench = bench_of(await connect(parse_address("sim://well-behaved?fault=drop@10"), clock))
    await bench.run_for(12)
    other = bench_of(await connect(parse_address("sim://well-behaved?fault=drop@11"), clock))
    await other.run_for(1)
    assert other.telemetry != []


# A reader that is late, a machine that is too loud


async def test_a_backlog_leaves_everybody_else_a_turn(clock: Any) -> None:
    connection = connect_simulated(parse_address("sim://well-behaved?report_hz=10"), clock)
    await clock.run_until(clock.now_s() + 600)
    turns, read = 0, 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def read_all() -> None:
        nonlocal read
        async for _ in connection.reader.reports():
            read += 1
            if read == 6000:
                return

    counting = asyncio.ensure_future(count_turns())
    await read_all()
    counting.cancel()
    assert read == 6000
    assert turns >= 6000 // 20


async def test_no_report_of_a_flood_is_lost_and_none_comes_before_its_moment(bench_of: Any, clock: Any) -> None:
    bench = bench_of(connect_simulated(parse_address("sim://well-behaved?fault=flood@1"), clock))
    await bench.run_for(2.0)
    stamps_s = [one.measured_at_s for one in bench.telemetry]
    assert 200 <= len(stamps_s) <= 206
    assert all(came_s >= one.measured_at_s for came_s, one in bench.received if isinstance(one, Telemetry))
    assert await bench.perform(StopBelt()) == Accepted()
