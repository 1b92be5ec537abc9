"""The Trackmaster driver against its machine, on virtual time: what goes over the line, and what never does."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from retrotread.devices.connection import Connection
from retrotread.devices.trackmaster.driver import TrackmasterConnection
from retrotread.devices.trackmaster.simulated import Setup, TrackmasterMachine
from retrotread.machine import (
    Accepted,
    Capabilities,
    Command,
    DeviceProfile,
    LinkLost,
    MachineNotice,
    Rejected,
    SetIncline,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    StopBelt,
    Stuck,
    TargetChanged,
    Unknown,
)

PROFILE = DeviceProfile(
    "Trackmaster", Capabilities(80, 1600, 10, 250, 5), lag_ms=2500, report_period_ms=300, set_never_starts=True
)
MPH = DeviceProfile("Trackmaster in miles", Capabilities(81, 1600, 16, 250, 5), lag_ms=2500, report_period_ms=300)
START, STOP = b"\xa0", b"\xa2"


class Rig:
    """A machine, its wire, its driver and the bench that the driver is on."""

    def __init__(self, machine: TrackmasterMachine, wire: Any, bench: Any) -> None:
        self.machine, self.wire, self.bench = machine, wire, bench

    @property
    def true_kph(self) -> float:
        return self.machine.belt_speed_kph(self.bench.clock.now_s())

    async def does(self, command: Command, within_s: float = 1.0) -> Any:
        """Perform it while time goes on."""
        doing = asyncio.ensure_future(self.bench.perform(command))
        await self.bench.run_for(within_s)
        return doing.result()

    async def run_at(self, speed_ckph: int) -> None:
        assert await self.does(StartBelt()) == Accepted()
        await self.bench.run_for(10)
        assert await self.does(SetSpeed(speed_ckph)) == Accepted()
        await self.bench.run_for(40)

    def said(self, kind: type) -> list[Any]:
        return [report for _, report in self.bench.received if isinstance(report, kind)]


@pytest_asyncio.fixture
async def rig_for(clock: Any, wire_to: Any, bench_of: Any) -> AsyncIterator[Callable[..., Any]]:
    async def rig(unit: SpeedUnit = SpeedUnit.KPH, profile: DeviceProfile = PROFILE, minimum: int = 8) -> Rig:
        machine = TrackmasterMachine(Setup(unit=unit, speed_min_tenths=minimum), clock.now_s())
        wire = wire_to(machine)
        driver = TrackmasterConnection(wire, clock, unit, profile)
        meeting = asyncio.ensure_future(driver.meet())
        await clock.run_until(clock.now_s() + 1.0)
        meeting.result()
        return Rig(machine, wire, bench_of(Connection(driver, driver)))

    yield rig


async def test_a_belt_is_started_at_its_lowest_speed_with_the_watchdog_and_led_from_there(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    assert rig.true_kph == pytest.approx(4.0)
    assert rig.bench.speed_kph == pytest.approx(4.0)
    assert rig.wire.commands == [b"\xa30008", START, b"\xa30040"]


async def test_the_line_never_falls_silent_for_as_long_as_the_watchdog_waits(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    moments = [at_s for at_s, _ in rig.wire.told]
    assert max(later - before for before, later in itertools.pairwise(moments)) < 0.35


async def test_a_driver_that_is_gone_leaves_a_belt_that_stops_itself(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    await rig.bench.connection.reader.close()
    await rig.bench.run_for(10)
    assert rig.true_kph == 0
    assert rig.wire.commands[-1] == b"\xa30040", "silence alone has done it"


async def test_a_stop_is_one_byte_and_goes_out_before_anything_that_waits(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    before = len(rig.wire.told)
    waiting = [asyncio.ensure_future(rig.bench.perform(SetSpeed(ckph))) for ckph in (450, 500)]
    stopping = asyncio.ensure_future(rig.bench.perform(StopBelt()))
    await rig.bench.run_for(1)
    assert stopping.result() == Accepted()
    assert rig.wire.told[before][1] == STOP
    assert all(isinstance(one.result(), Rejected) for one in waiting)
    await rig.bench.run_for(20)
    assert rig.true_kph == 0


async def test_a_stop_does_not_wait_for_an_answer_that_does_not_come(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.voice.answers = False
    await rig.bench.run_for(0.25)
    asked_s = rig.bench.clock.now_s()
    await rig.does(StopBelt())
    assert next(at_s for at_s, data in rig.wire.told if data == STOP) == asked_s


async def test_a_belt_that_would_start_at_another_speed_is_not_started(rig_for: Any) -> None:
    """It takes the lowest speed and says so, and keeps the one that it had."""
    rig = await rig_for()
    take = rig.machine.take

    def forgets(data: bytes, now_s: float) -> None:
        if data[:1] == b"\xa3":
            rig.wire.say(b"\xb3")
        else:
            take(data, now_s)

    take(b"\xa30120", rig.bench.clock.now_s())
    rig.machine.take = forgets
    outcome = await rig.does(StartBelt())
    assert outcome == Rejected("the machine was told 8 tenths and says 120; not started")
    assert START not in rig.wire.commands


async def test_a_stop_during_a_start_leaves_no_start_behind_it(rig_for: Any) -> None:
    rig = await rig_for()
    starting = asyncio.ensure_future(rig.bench.perform(StartBelt()))
    await rig.bench.run_for(0.02)
    assert await rig.does(StopBelt()) == Accepted()
    await rig.bench.run_for(5)
    assert isinstance(starting.result(), Rejected)
    assert START not in rig.wire.commands
    assert rig.true_kph == 0


async def test_a_speed_for_a_still_belt_is_refused_and_not_sent(rig_for: Any) -> None:
    rig = await rig_for()
    outcome = await rig.does(SetSpeed(400))
    assert isinstance(outcome, Rejected)
    assert "still" in outcome.reason
    assert rig.wire.commands == []


async def test_a_running_belt_is_not_started_again(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    assert isinstance(await rig.does(StartBelt()), Rejected)
    assert rig.wire.commands.count(START) == 1


async def test_the_same_speed_again_is_not_sent_again(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    sent = len(rig.wire.commands)
    assert await rig.does(SetSpeed(405)) == Accepted()
    assert len(rig.wire.commands) == sent


async def test_a_speed_that_was_refused_is_sent_again_when_it_is_asked_for_again(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    for _ in range(2):
        assert isinstance(await rig.does(SetSpeed(1590)), Rejected)
    assert rig.wire.commands[-2:] == [b"\xa30159", b"\xa30159"]


async def test_miles_are_rounded_down_to_their_tenths(rig_for: Any) -> None:
    rig = await rig_for(SpeedUnit.MPH, MPH, 5)
    await rig.run_at(400)
    assert rig.wire.commands[-1] == b"\xa30024"
    assert rig.true_kph == pytest.approx(2.4 * 1.609344)
    assert rig.bench.speed_kph == pytest.approx(2.4 * 1.609344)


async def test_an_elevation_is_rounded_down_to_a_half_percent(rig_for: Any) -> None:
    rig = await rig_for()
    assert await rig.does(SetIncline(43)) == Accepted()
    assert rig.wire.commands[-1] == b"\xa40040"
    await rig.bench.run_for(20)
    assert rig.bench.telemetry[-1].incline_percent == 4.0


async def test_an_emergency_stop_is_silence_and_not_a_report(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.emergency_stop(rig.bench.clock.now_s())
    pressed_s = rig.bench.clock.now_s()
    await rig.bench.run_for(10)
    assert [one for one in rig.bench.telemetry if one.measured_at_s > pressed_s + 0.1] == []


async def test_a_board_that_boots_gets_no_echo_and_no_start(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.emergency_stop(rig.bench.clock.now_s())
    await rig.bench.run_for(3)
    rig.machine.release(rig.bench.clock.now_s())
    await rig.bench.run_for(60)
    assert rig.true_kph == 0
    assert not any(b"T" in data for _, data in rig.wire.told)


async def test_a_stop_that_was_not_ours_is_one_at_the_console(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.take(STOP, rig.bench.clock.now_s())
    await rig.bench.run_for(2)
    assert rig.said(MachineNotice) == [MachineNotice.STOPPED_AT_CONSOLE]


async def test_our_own_stop_is_no_news(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    await rig.does(StopBelt())
    await rig.bench.run_for(20)
    assert rig.said(MachineNotice) == []


async def test_a_start_that_was_not_ours_is_told(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.start_by_itself(rig.bench.clock.now_s())
    await rig.bench.run_for(2)
    assert rig.said(MachineNotice) == [MachineNotice.STARTED_AT_CONSOLE]


async def test_a_target_that_was_not_ours_is_told(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.take(b"\xa30060", rig.bench.clock.now_s())
    await rig.bench.run_for(2)
    assert rig.said(TargetChanged) == [TargetChanged(speed_kph=6.0)]


async def test_an_unplugged_adapter_is_a_lost_link_and_every_command_unknown(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.wire.unplug()
    assert isinstance(await rig.does(StopBelt()), Unknown)
    assert rig.said(LinkLost) == [LinkLost("the adapter was unplugged")]


async def test_a_port_that_takes_nothing_is_stuck(rig_for: Any) -> None:
    rig = await rig_for()
    rig.wire.stuck = True
    assert isinstance(await rig.does(StopBelt()), Stuck)


async def test_a_machine_that_does_not_answer_leaves_the_outcome_unknown(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.voice.answers = False
    assert isinstance(await rig.does(StopBelt()), Unknown)


async def test_a_late_answer_is_not_taken_for_the_next_one(rig_for: Any) -> None:
    """A set speed that is answered behind its deadline says nothing of the next set speed."""
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.voice.late_s = 0.25
    both = [asyncio.ensure_future(rig.bench.perform(SetSpeed(ckph))) for ckph in (500, 600)]
    await rig.bench.run_for(3)
    assert [type(one.result()) for one in both] == [Unknown, Unknown]


@pytest.mark.parametrize("garbage", [b"T", b"\x00" * 4000, b"\xd1\xd1\xd1", b"\xff\xfe", b"\xb2", b"\xb0\xb3\xbe\xbf"])
async def test_garbage_on_the_line_changes_nothing_and_moves_nothing(rig_for: Any, garbage: bytes) -> None:
    rig = await rig_for()
    for _ in range(20):
        rig.wire.say(garbage)
        await rig.bench.run_for(0.13)
    assert rig.wire.commands == []
    assert set(rig.bench.speeds_since(0)) == {0.0}
    assert rig.bench.telemetry[-1].measured_at_s > rig.bench.clock.now_s() - 1.0
