"""What every driver owes its callers, whatever the machine. A new driver joins by a row of ``MACHINES``.

The tests see what a caller sees: the two halves of a connection and a clock; never the inside of a machine.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from typing import Any

import pytest

from retrotread.machine import Accepted, Rejected, SetIncline, SetSpeed, StartBelt, StopBelt, Telemetry, Unknown

OBEDIENT_HERE = ("sim://well-behaved", "sim://slow-reporter", "sim://well-behaved?report_hz=10&lag_s=0&start_s=0")
OBEDIENT_ON_AIR = ("air://well-behaved", "air://slow-reporter", "air://well-behaved?report_hz=10&lag_s=0&start_s=0")
"""The same machines, reached by octets: ``conftest.ON_AIR``."""
QUIRKY = (
    "air://well-behaved#split,notified-answers,write-command",
    "air://well-behaved#padded,pace16,steps,slow-cccd,stale-status",
    "air://well-behaved#sentinels,pace8,silent-control",
    "air://well-behaved#control-fails,preamble,ramp-told",
    "air://slow-reporter#unlock,one-at-a-time,mph-range,start-says-stopped",
)
"""And with the manners of machines in the field, under the dialect that a family with them has."""
OBEDIENT_ON_A_WIRE = ("wire://trackmaster", "wire://woodway", "wire://csafe", "wire://biodex")
"""Serial machines, reached by their bytes: ``conftest.WIRED``."""
TILT_IN_USE = ("wire://csafe",)
"""Their decks follow only while the belt is in use."""
MOVE_WITH_THE_ANSWER = ("wire://woodway",)
"""Their start is answered when the belt was read back to move: there is no moment between the two."""
OBEDIENT = (*OBEDIENT_HERE, *OBEDIENT_ON_AIR, *OBEDIENT_ON_A_WIRE)
MACHINES = (
    *OBEDIENT,
    "sim://slow-starter",
    "sim://coarse-mph-steps",
    "sim://target-teller",
    "sim://mph-console",
    "sim://ignores-stop",
    "sim://well-behaved?fault=ignore-stop@5&fault=self-start@2000",
    *QUIRKY,
    "air://coarse-mph-steps",
    "air://target-teller",
)
SLOW_TO_ANSWER = ("sim://well-behaved?answer_s=0.6", "sim://slow-reporter?answer_s=5")
NEVER_ANSWERS = "sim://well-behaved?fault=stuck-write@0"
# Speeds in these tests are whole numbers of the steps of 0.1, 0.16 and 0.32 km/h, or meant as ``Bench.on_a_step`` says.
SPEED_NOISE_KPH = 0.011
"""One step of a report, and a hair: two roundings of the same speed differ by no more."""

COUNTING = [one for one in MACHINES if one not in OBEDIENT_ON_A_WIRE]
"""Serial machines of these dialects leave their counters at zero, so that their drivers do not ask."""
COUNTING_DOWN = [one for one in MACHINES if one not in MOVE_WITH_THE_ANSWER]
every_machine = pytest.mark.parametrize("address", MACHINES)
every_slow_answer = pytest.mark.parametrize("address", [*SLOW_TO_ANSWER, NEVER_ANSWERS])
every_obedient_machine = pytest.mark.parametrize("address", OBEDIENT)


@every_machine
async def test_a_profile_carries_figures_that_the_rules_can_count_with(bench_at: Any, address: str) -> None:
    profile = (await bench_at(address)).profile
    assert 0 <= profile.lag_ms <= 5000
    assert 50 <= profile.report_period_ms <= 5000
    assert profile.lag_ms <= profile.stop_reaction_ms <= 15_000
    assert profile.slowest_fall_ckph_per_s > 0
    assert profile.capabilities.speed_min_ckph <= profile.capabilities.speed_max_ckph


@every_machine
async def test_a_machine_at_rest_reports_zero_speed_at_its_period(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    begun_s, period_s = bench.clock.now_s(), bench.profile.report_period_ms / 1000
    await bench.run_for(60 * period_s)
    assert 58 <= len(bench.speeds_since(begun_s)) <= 61
    assert set(bench.speeds_since(0)) == {0.0}


@every_machine
async def test_reports_arrive_in_order_at_their_moment_and_never_before_it(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_at(320)
    stamps = [report.measured_at_s for report in bench.telemetry]
    assert stamps == sorted(stamps)
    ages_s = [came_s - report.measured_at_s for came_s, report in bench.received[1:] if isinstance(report, Telemetry)]
    assert min(ages_s) >= 0
    assert max(ages_s) <= 0.05


@every_machine
async def test_a_belt_moves_after_a_start_and_not_before_it(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_for(20)
    assert bench.speed_kph == 0
    asked_s = bench.clock.now_s()
    await bench.obey(StartBelt())
    await bench.run_for(bench.profile.start_timeout_ms / 1000)
    assert bench.speeds_since(asked_s)[0] < bench.profile.capabilities.speed_min_ckph / 100
    assert bench.speed_kph == pytest.approx(bench.lowest_kph)


@every_machine
async def test_a_set_point_for_a_still_belt_is_refused_with_a_sentence_and_moves_nothing(
    bench_at: Any, address: str
) -> None:
    bench = await bench_at(address)
    outcome = await bench.perform(SetSpeed(300))
    await bench.run_for(30)
    assert isinstance(outcome, Rejected)
    assert "still" in outcome.reason
    assert set(bench.speeds_since(0)) == {0.0}


@pytest.mark.parametrize("address", COUNTING_DOWN)
async def test_a_set_point_during_the_countdown_is_refused(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    assert await bench.perform(StartBelt()) == Accepted()
    assert isinstance(await bench.perform(SetSpeed(600)), Rejected)
    await bench.run_for(60)
    assert bench.speed_kph == pytest.approx(bench.lowest_kph)


@every_machine
async def test_a_start_of_a_running_belt_is_refused_and_changes_nothing(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_at(320)
    assert isinstance(await bench.perform(StartBelt()), Rejected)
    await bench.run_for(20)
    assert bench.speed_kph == pytest.approx(bench.on_a_step(3.2))


@every_machine
async def test_a_running_belt_follows_its_set_point_up_and_down_and_never_beyond(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_at(640)
    assert bench.speed_kph == pytest.approx(bench.on_a_step(6.4))
    assert max(bench.speeds_since(0)) <= bench.on_a_step(6.4) + SPEED_NOISE_KPH
    lowered_s = bench.clock.now_s()
    await bench.obey(SetSpeed(160))
    await bench.run_for(60)
    assert bench.speed_kph == pytest.approx(bench.on_a_step(1.6))
    assert min(bench.speeds_since(lowered_s)) >= bench.on_a_step(1.6) - SPEED_NOISE_KPH


@every_machine
async def test_a_speed_outside_the_range_is_refused_and_changes_nothing(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_at(320)
    capabilities = bench.profile.capabilities
    for speed_ckph in (0, capabilities.speed_min_ckph - 1, capabilities.speed_max_ckph + 1):
        assert isinstance(await bench.perform(SetSpeed(speed_ckph)), Rejected)
    await bench.run_for(30)
    assert bench.speed_kph == pytest.approx(bench.on_a_step(3.2))


@every_machine
async def test_a_belt_runs_one_of_its_steps_less_than_a_step_from_the_set_point(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_at(349)
    steps = bench.speed_kph / bench.step_kph
    assert steps == pytest.approx(round(steps))
    assert abs(bench.speed_kph - 3.49) < bench.step_kph


@every_machine
async def test_a_set_point_on_the_steps_of_a_machine_is_taken_as_it_is(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    on_a_step_kph = bench.on_a_step(3.5)
    await bench.run_at(math.ceil(on_a_step_kph * 100 - 1e-6))
    assert bench.speed_kph == pytest.approx(on_a_step_kph)


@every_machine
async def test_a_deck_follows_its_set_point_and_an_incline_outside_its_range_is_refused(
    bench_at: Any, address: str
) -> None:
    bench = await bench_at(address)
    highest_dpct = bench.profile.capabilities.incline_max_dpct
    if address in TILT_IN_USE:
        await bench.run_at(320)
    await bench.obey(SetIncline(highest_dpct // 2))
    await bench.run_for(120)
    assert bench.telemetry[-1].incline_percent == pytest.approx(highest_dpct / 20)
    assert isinstance(await bench.perform(SetIncline(highest_dpct + 1)), Rejected)


@every_obedient_machine
@pytest.mark.parametrize("part_of_range", [0.0, 0.2, 1.0])
async def test_a_stop_brings_the_belt_to_rest_from_any_speed_in_the_time_that_the_profile_says(
    bench_at: Any, address: str, part_of_range: float
) -> None:
    bench = await bench_at(address)
    profile, capabilities = bench.profile, bench.profile.capabilities
    span_ckph = capabilities.speed_max_ckph - capabilities.speed_min_ckph
    await bench.run_at(capabilities.speed_min_ckph + int(span_ckph * part_of_range))
    before_kph = bench.speed_kph
    assert await bench.perform(StopBelt()) == Accepted()
    await bench.run_for(profile.stop_reaction_ms / 1000 + 0.01)
    assert bench.speed_kph < before_kph
    await bench.run_for(before_kph * 100 / profile.slowest_fall_ckph_per_s + profile.report_period_ms / 1000)
    assert bench.speed_kph == 0
    await bench.run_for(60)
    assert bench.speed_kph == 0


@every_obedient_machine
async def test_after_a_stop_no_set_point_raises_the_belt_again(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_at(640)
    await bench.perform(StopBelt())
    stopped_s = bench.clock.now_s()
    assert isinstance(await bench.perform(SetSpeed(900)), Rejected)
    await bench.run_for(60)
    falling = itertools.pairwise(bench.speeds_since(stopped_s))
    assert all(later <= earlier for earlier, later in falling)
    assert bench.speed_kph == 0


@pytest.mark.parametrize("address", [one for one in OBEDIENT if one in COUNTING_DOWN])
async def test_a_stop_overtakes_a_countdown(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    assert await bench.perform(StartBelt()) == Accepted()
    assert await bench.perform(StopBelt()) == Accepted()
    await bench.run_for(60)
    assert set(bench.speeds_since(0)) == {0.0}


@every_machine
async def test_a_stop_of_a_still_belt_is_taken_and_starts_nothing_however_often(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    for _ in range(3):
        assert await bench.perform(StopBelt()) == Accepted()
        await bench.run_for(2)
    assert set(bench.speeds_since(0)) == {0.0}


@every_obedient_machine
async def test_a_stopped_belt_can_be_started_again(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_at(320)
    await bench.obey(StopBelt())
    await bench.run_for(60)
    assert bench.speed_kph == 0
    await bench.run_at(480)
    assert bench.speed_kph == pytest.approx(bench.on_a_step(4.8))


@pytest.mark.parametrize("address", COUNTING)
async def test_counters_never_go_back_and_rest_with_the_belt(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_for(10)
    assert (bench.telemetry[-1].distance_m, bench.telemetry[-1].machine_time_s) == (0, 0)
    await bench.run_at(640)
    distances_m = [report.distance_m for report in bench.telemetry]
    times_s = [report.machine_time_s for report in bench.telemetry]
    assert distances_m == sorted(distances_m)
    assert times_s == sorted(times_s)
    assert distances_m[-1] > 50
    assert times_s[-1] > 50


@every_machine
async def test_closing_ends_the_reports_even_between_two_of_them(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_for(10)
    await bench.connection.reader.close()
    await bench.run_for(0)
    assert bench.reading.done()
    assert bench.reading.exception() is None
    received = len(bench.received)
    await bench.run_for(10)
    assert len(bench.received) == received


@every_machine
async def test_closing_from_within_the_loop_that_reads_ends_it_at_once(
    connect_to: Any, address: str, clock: Any
) -> None:
    connection = await connect_to(address)

    async def read_one() -> int:
        read = 0
        async for _ in connection.reader.reports():
            read += 1
            await connection.reader.close()
        return read

    reading = asyncio.ensure_future(read_one())
    await clock.run_until(clock.now_s() + 2.2 * connection.reader.profile.report_period_ms / 1000)
    assert reading.done()
    assert reading.result() == 1


@every_machine
async def test_closing_twice_does_no_harm(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.connection.reader.close()
    await bench.connection.reader.close()
    await bench.run_for(0)
    assert bench.reading.done()
    assert bench.received == []


@every_machine
@pytest.mark.parametrize("command", [StartBelt(), SetSpeed(300), SetIncline(10), StopBelt()])
async def test_a_command_after_closing_is_unknown_and_moves_nothing(bench_at: Any, address: str, command: Any) -> None:
    bench = await bench_at(address)
    await bench.connection.reader.close()
    outcome = await bench.perform(command)
    assert isinstance(outcome, Unknown)
    assert "closed" in outcome.reason


@every_machine
async def test_a_reader_that_is_cancelled_lets_go_without_a_word(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_for(3)
    bench.reading.cancel()
    await bench.run_for(0)
    assert bench.reading.cancelled()
    assert bench.left_behind() == []


@every_machine
async def test_the_reports_of_a_connection_can_be_read_once(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    await bench.run_for(3)
    again = asyncio.gather(anext(bench.connection.reader.reports()), return_exceptions=True)
    await bench.run_for(3)
    assert again.done()
    (refusal,) = again.result()
    assert isinstance(refusal, RuntimeError)
    assert "once" in str(refusal)


# Commands that wait for their answer


@every_slow_answer
async def test_a_command_that_waits_holds_no_report_up(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    asked = asyncio.ensure_future(bench.perform(StopBelt()))
    period_s = bench.profile.report_period_ms / 1000
    await bench.run_for(4.5 * period_s)
    assert len(bench.telemetry) == 4
    asked.cancel()


@pytest.mark.parametrize("address", SLOW_TO_ANSWER)
async def test_a_slow_answer_is_the_same_answer(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    asked = [asyncio.ensure_future(bench.perform(one)) for one in (StopBelt(), SetSpeed(300), StopBelt())]
    await bench.run_for(6)
    assert [type(one.result()) for one in asked] == [Accepted, Rejected, Accepted]


@every_slow_answer
async def test_closing_answers_a_command_that_waits_with_unknown(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    asked = [asyncio.ensure_future(bench.perform(one)) for one in (SetSpeed(300), StopBelt())]
    await bench.run_for(0.3)
    await bench.connection.reader.close()
    await bench.run_for(0)
    assert all(isinstance(one.result(), Unknown) for one in asked)
    assert bench.reading.done()


@every_slow_answer
async def test_closing_twice_under_a_command_that_waits_does_no_harm(bench_at: Any, address: str) -> None:
    bench = await bench_at(address)
    asked = asyncio.ensure_future(bench.perform(StopBelt()))
    await bench.run_for(0.3)
    await bench.connection.reader.close()
    await bench.connection.reader.close()
    await bench.run_for(0)
    assert isinstance(asked.result(), Unknown)


@every_slow_answer
async def test_a_command_that_is_given_up_leaves_nothing_behind_and_the_next_one_waits_for_its_own(
    bench_at: Any, address: str
) -> None:
    bench = await bench_at(address)
    asked = asyncio.ensure_future(bench.perform(SetSpeed(300)))
    await bench.run_for(0.3)
    asked.cancel()
    await bench.run_for(0)
    assert asked.cancelled()
    again = asyncio.ensure_future(bench.perform(StopBelt()))
    await bench.run_for(6)
    assert (again.result() if again.done() else None) == (None if address == NEVER_ANSWERS else Accepted())
    again.cancel()
    bench.reading.cancel()
    await bench.run_for(0)
    assert bench.left_behind() == []
