"""The Woodway driver against its machine, on virtual time: the way of the belt, and what never goes over the line."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from retrotread.devices.connection import Connection
from retrotread.devices.woodway.driver import WoodwayConnection
from retrotread.devices.woodway.simulated import ONE_MPH_KPH, Setup, TimeoutTold, WoodwayMachine
from retrotread.machine import (
    Accepted,
    BeltDirection,
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
    Unknown,
)

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
PROFILE = DeviceProfile(
    "Woodway", Capabilities(81, 1600, 17, 250, 5), report_period_ms=300, reverses=True, speed_unit=SpeedUnit.MPH
)
AS_IT_COMES = Setup()
START, STOP, TIMED_OUT = b"\xa0", b"\xa2", b"\xbd"


class Rig:
    """A machine, its wire, its driver and the bench that the driver is on."""

    def __init__(self, machine: WoodwayMachine, wire: Any, bench: Any) -> None:
        self.machine, self.wire, self.bench = machine, wire, bench

    @property
    def now_s(self) -> float:
        return float(self.bench.clock.now_s())

    @property
    def true_mph(self) -> float:
        return self.machine.belt_speed_kph(self.now_s) / ONE_MPH_KPH

    @property
    def way(self) -> BeltDirection | None:
        return self.machine.belt_direction(self.now_s)

    async def does(self, command: Command, within_s: float = 1.0) -> Any:
        """Perform it while time goes on."""
        doing = asyncio.ensure_future(self.bench.perform(command))
        await self.bench.run_for(within_s)
        return doing.result()

    async def run_at(self, speed_ckph: int, belt: BeltDirection = FORWARD) -> None:
        assert await self.does(StartBelt(belt=belt)) == Accepted()
        await self.bench.run_for(5)
        assert await self.does(SetSpeed(speed_ckph)) == Accepted()
        await self.bench.run_for(20)

    def said(self, kind: type) -> list[Any]:
        return [report for _, report in self.bench.received if isinstance(report, kind)]


@pytest_asyncio.fixture
async def rig_for(clock: Any, wire_to: Any, bench_of: Any) -> AsyncIterator[Callable[..., Any]]:
    async def rig(setup: Setup = AS_IT_COMES, profile: DeviceProfile = PROFILE, seen_still_s: float = 3.0) -> Rig:
        machine = WoodwayMachine(setup, clock.now_s())
        wire = wire_to(machine)
        driver = WoodwayConnection(wire, clock, profile)
        meeting = asyncio.ensure_future(driver.meet())
        await clock.run_until(clock.now_s() + 0.1)
        meeting.result()
        made = Rig(machine, wire, bench_of(Connection(driver, driver)))
        await made.bench.run_for(seen_still_s)
        return made

    yield rig


# --- a start, and the way of it -----------------------------------------------------------------------------------


async def test_a_belt_is_started_forward_at_its_lowest_speed_with_the_timer(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    assert (round(rig.true_mph, 3), rig.way) == (2.4, FORWARD)
    assert rig.bench.speed_kph == pytest.approx(2.4 * ONE_MPH_KPH)
    assert rig.wire.commands == [b"\xa30005", START, b"\xa30024"]


async def test_a_belt_is_started_reversed_and_every_speed_keeps_its_way(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402, REVERSED)
    assert await rig.does(SetSpeed(81)) == Accepted()
    await rig.bench.run_for(10)
    assert (round(rig.true_mph, 3), rig.way) == (0.5, REVERSED)
    assert rig.bench.telemetry[-1].belt is REVERSED
    assert rig.wire.commands == [b"\xa33005", START, b"\xa33024", b"\xa33005"]


async def test_the_direction_in_a_report_is_what_was_read_back(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402, REVERSED)
    rig.machine.turn_round(rig.now_s)
    rig.machine.obeys_stop = False
    await rig.bench.run_for(30)
    assert {one.belt for one in rig.bench.telemetry if one.speed_kph} == {REVERSED, FORWARD}


async def test_a_machine_that_is_not_known_to_reverse_gets_no_byte_of_a_reversed_start(rig_for: Any) -> None:
    rig = await rig_for(profile=replace(PROFILE, reverses=False))
    outcome = await rig.does(StartBelt(belt=REVERSED))
    assert outcome == Rejected("Woodway is not known to run its belt backwards; nothing was sent")
    assert rig.wire.commands == []


@pytest.mark.parametrize(("may_reverse", "regardless"), [(False, True), (True, False)])
async def test_only_a_trial_of_a_machine_that_may_reverse_starts_it_backwards(
    rig_for: Any, may_reverse: bool, regardless: bool
) -> None:
    rig = await rig_for(profile=replace(PROFILE, reverses=False, may_reverse=may_reverse))
    assert isinstance(await rig.does(StartBelt(regardless, REVERSED)), Rejected)
    assert rig.wire.commands == []
    rig = await rig_for(profile=replace(PROFILE, reverses=False, may_reverse=True))
    assert await rig.does(StartBelt(True, REVERSED)) == Accepted()
    assert rig.way is REVERSED


async def test_a_start_waits_for_two_seconds_at_which_the_belt_was_read_still(rig_for: Any) -> None:
    rig = await rig_for(seen_still_s=1.0)
    outcome = await rig.does(StartBelt(belt=REVERSED))
    assert isinstance(outcome, Rejected)
    assert "for 1.1 s only; it takes 2.0 s" in outcome.reason
    assert rig.wire.commands == []
    await rig.bench.run_for(1)
    assert await rig.does(StartBelt(belt=REVERSED)) == Accepted()


async def test_a_gap_in_the_reports_is_no_standstill(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.voice.answers = False
    await rig.bench.run_for(3)
    assert "said nothing" in (await rig.does(StartBelt())).reason
    rig.machine.voice.answers = True
    await rig.bench.run_for(1)
    assert "it takes 2.0 s" in (await rig.does(StartBelt())).reason


@pytest.mark.parametrize("belt", [FORWARD, REVERSED])
async def test_a_moving_belt_is_not_started_whichever_way(rig_for: Any, belt: BeltDirection) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    sent = len(rig.wire.commands)
    assert await rig.does(StartBelt(belt=belt)) == Rejected("the belt moves; it is started only from a standstill")
    assert len(rig.wire.commands) == sent


async def test_a_belt_that_was_told_to_reverse_and_runs_forward_is_stopped_at_once_and_its_start_is_refused(
    rig_for: Any,
) -> None:
    rig = await rig_for()
    rig.machine.deaf_to_direction = True
    began_s = rig.now_s
    outcome = await rig.does(StartBelt(belt=REVERSED), within_s=0.6)
    assert outcome == Rejected("the belt was started reversed and runs the other way; it was stopped at once")
    assert rig.wire.commands == [b"\xa33005", START, STOP]
    assert next(at_s for at_s, data in rig.wire.told if data == STOP) < began_s + 0.5
    await rig.bench.run_for(5)
    assert rig.true_mph == 0


async def test_a_belt_that_has_not_shown_its_way_is_not_led(rig_for: Any) -> None:
    """It moves too slowly to tell which way for two seconds."""
    rig = await rig_for(Setup(rise_kph_per_s=0.04))
    assert await rig.does(StartBelt(belt=REVERSED)) == Accepted()
    assert "stands still" in (await rig.does(SetSpeed(402), 0.1)).reason
    assert rig.wire.commands == [b"\xa33005", START]


async def test_a_belt_that_shows_the_wrong_way_late_is_stopped_then(rig_for: Any) -> None:
    rig = await rig_for(Setup(rise_kph_per_s=0.04))
    rig.machine.deaf_to_direction = True
    assert await rig.does(StartBelt(belt=REVERSED)) == Accepted()
    await rig.bench.run_for(5)
    assert rig.wire.commands == [b"\xa33005", START, STOP]
    assert rig.true_mph == 0


async def test_a_belt_that_turns_round_while_it_runs_is_stopped_at_its_first_report(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.machine.turn_round(rig.now_s)
    await rig.bench.run_for(20)
    first_s = next(one.measured_at_s for one in rig.bench.telemetry if one.belt is REVERSED)
    assert next(at_s for at_s, data in rig.wire.told if data == STOP) == pytest.approx(first_s, abs=0.01)
    assert rig.true_mph == 0


async def test_two_reports_of_the_other_way_in_one_go_are_one_stop(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.wire.say(b"\xd13024\xd13024")
    await rig.bench.run_for(5)
    assert rig.wire.commands.count(STOP) == 1


async def test_there_and_back_goes_through_a_stop_and_a_new_start(rig_for: Any) -> None:
    rig = await rig_for(Setup(strict=True))
    for belt in (FORWARD, REVERSED, FORWARD):
        await rig.run_at(402, belt)
        assert rig.way is belt
        assert await rig.does(StopBelt()) == Accepted()
        await rig.bench.run_for(10)
    starts = [before for before, data in itertools.pairwise(rig.wire.commands) if data == START]
    assert starts == [b"\xa30005", b"\xa33005", b"\xa30005"]


async def test_zero_and_the_start_without_a_timer_never_leave(rig_for: Any) -> None:
    rig = await rig_for()
    for belt in (REVERSED, FORWARD):
        await rig.run_at(402, belt)
        await rig.does(SetSpeed(0))
        await rig.does(StopBelt())
        await rig.bench.run_for(10)
    assert b"\xa33000" not in rig.wire.commands
    assert b"\xa9" not in rig.wire.commands


# --- what ends a session ------------------------------------------------------------------------------------------


async def test_a_stop_is_one_byte_and_goes_out_before_anything_that_waits(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402, REVERSED)
    before = len(rig.wire.told)
    waiting = [asyncio.ensure_future(rig.bench.perform(SetSpeed(ckph))) for ckph in (450, 500)]
    stopping = asyncio.ensure_future(rig.bench.perform(StopBelt()))
    await rig.bench.run_for(1)
    assert stopping.result() == Accepted()
    assert rig.wire.told[before][1] == STOP
    assert all(isinstance(one.result(), Rejected) for one in waiting)


async def test_a_stop_during_a_start_leaves_no_start_behind_it(rig_for: Any) -> None:
    rig = await rig_for()
    starting = asyncio.ensure_future(rig.bench.perform(StartBelt(belt=REVERSED)))
    await rig.bench.run_for(0.01)
    assert await rig.does(StopBelt()) == Accepted()
    await rig.bench.run_for(5)
    assert isinstance(starting.result(), Rejected)
    assert START not in rig.wire.commands
    assert rig.true_mph == 0


async def test_a_stop_before_the_belt_has_shown_its_way_refuses_the_start(rig_for: Any) -> None:
    rig = await rig_for(Setup(rise_kph_per_s=0.04))
    starting = asyncio.ensure_future(rig.bench.perform(StartBelt(belt=REVERSED)))
    await rig.bench.run_for(0.2)
    assert rig.wire.commands[-1] == START
    assert await rig.does(StopBelt()) == Accepted()
    assert starting.result() == Rejected("a stop came before the belt had shown its way")


async def test_the_line_never_falls_silent_for_as_long_as_the_timer_waits(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402, REVERSED)
    moments = [at_s for at_s, _ in rig.wire.told]
    assert max(later - before for before, later in itertools.pairwise(moments)) < 0.35


async def test_a_driver_that_is_gone_leaves_a_belt_that_stops_itself(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402, REVERSED)
    await rig.bench.connection.reader.close()
    await rig.bench.run_for(10)
    assert rig.true_mph == 0
    assert rig.wire.commands[-1] == b"\xa33024", "silence alone has done it"


async def test_a_timer_that_fired_is_a_stop_at_the_console_whenever_it_is_told(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.wire.say(TIMED_OUT)
    await rig.bench.run_for(1)
    assert rig.said(MachineNotice) == [MachineNotice.STOPPED_AT_CONSOLE]
    assert isinstance(await rig.does(SetSpeed(500)), Rejected), "the session is over"
    rig.wire.say(TIMED_OUT)
    assert rig.said(MachineNotice) == [MachineNotice.STOPPED_AT_CONSOLE], "once"


async def test_a_timer_that_is_told_with_the_next_answer_is_heard_there(rig_for: Any) -> None:
    rig = await rig_for(Setup(timer_s=0.1, timeout_told=TimeoutTold.WITH_THE_NEXT_ANSWER))
    assert await rig.does(StartBelt()) == Accepted()
    await rig.bench.run_for(1)
    assert rig.said(MachineNotice) == [MachineNotice.STOPPED_AT_CONSOLE]


async def test_a_timer_of_a_belt_that_we_did_not_start_is_no_news(rig_for: Any) -> None:
    rig = await rig_for()
    rig.wire.say(TIMED_OUT)
    await rig.bench.run_for(1)
    assert rig.said(MachineNotice) == []


async def test_half_a_second_of_silence_is_the_end_of_the_session(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.machine.emergency_stop(rig.now_s)
    last_s = rig.bench.telemetry[-1].measured_at_s
    await rig.bench.run_for(3)
    ((told_s, notice),) = [one for one in rig.bench.received if isinstance(one[1], MachineNotice)]
    assert notice is MachineNotice.STOPPED_AT_CONSOLE
    assert told_s == pytest.approx(last_s + 0.5, abs=0.01)


async def test_an_unplugged_adapter_is_a_lost_link_and_every_command_unknown(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.wire.unplug()
    assert isinstance(await rig.does(StopBelt()), Unknown)
    assert rig.said(LinkLost) == [LinkLost("the adapter was unplugged")]


async def test_a_port_that_takes_nothing_is_stuck(rig_for: Any) -> None:
    rig = await rig_for()
    rig.wire.stuck = True
    assert isinstance(await rig.does(StopBelt()), Stuck)


async def test_a_machine_that_does_not_answer_leaves_the_outcome_unknown(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.machine.voice.answers = False
    assert isinstance(await rig.does(StopBelt()), Unknown)


# --- the rest -----------------------------------------------------------------------------------------------------


async def test_a_speed_for_a_still_belt_is_refused_and_not_sent(rig_for: Any) -> None:
    rig = await rig_for()
    assert "still" in (await rig.does(SetSpeed(402))).reason
    assert rig.wire.commands == []


async def test_what_is_tried_out_on_an_empty_belt_is_sent_all_the_same_and_forward(rig_for: Any) -> None:
    rig = await rig_for()
    assert await rig.does(SetSpeed(402, regardless=True)) == Accepted()
    assert rig.wire.commands == [b"\xa30024"]
    await rig.bench.run_for(5)
    assert rig.true_mph == 0, "a set speed starts no belt"
    await rig.run_at(402)
    assert await rig.does(StartBelt(regardless=True)) == Accepted()
    assert rig.wire.commands[-2:] == [b"\xa30024", START]


async def test_a_start_the_other_way_is_refused_on_a_moving_belt_whatever_is_tried_out(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    sent = len(rig.wire.commands)
    assert isinstance(await rig.does(StartBelt(regardless=True, belt=REVERSED)), Rejected)
    assert len(rig.wire.commands) == sent


async def test_the_same_speed_again_is_not_sent_again_and_a_refused_one_is(rig_for: Any) -> None:
    rig = await rig_for(Setup(speed_max_tenths=50))
    await rig.run_at(402)
    assert await rig.does(SetSpeed(400)) == Accepted()
    for _ in range(2):
        assert await rig.does(SetSpeed(1000)) == Rejected("the machine says that this is not possible now")
    assert rig.wire.commands[2:] == [b"\xa30024", b"\xa30062", b"\xa30062"]


async def test_an_elevation_goes_out_in_tenths(rig_for: Any) -> None:
    rig = await rig_for()
    assert await rig.does(SetIncline(45)) == Accepted()
    assert rig.wire.commands[-1] == b"\xa40045"
    await rig.bench.run_for(20)
    assert rig.bench.telemetry[-1].incline_percent == 4.5


@pytest.mark.parametrize(
    "garbage", [b"T", b"\x00" * 4000, b"\xd1\xd1\xd1", b"\xff\xfe", b"\xb2", b"\xb0\xb3\xbe\xbf", b"\xd11020\xd12020"]
)
async def test_garbage_on_the_line_changes_nothing_and_moves_nothing(rig_for: Any, garbage: bytes) -> None:
    rig = await rig_for()
    for _ in range(20):
        rig.wire.say(garbage)
        await rig.bench.run_for(0.13)
    assert rig.wire.commands == []
    assert set(rig.bench.speeds_since(0)) == {0.0}
    assert rig.bench.telemetry[-1].measured_at_s > rig.now_s - 1.0
