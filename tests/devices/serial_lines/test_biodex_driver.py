"""The Biodex driver against its machine, on virtual time: the direction, the lanyard, and what never goes out."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from retrotread.devices.biodex.reach import CAREFUL, EXPERIMENTAL, connection_over
from retrotread.devices.biodex.setup import SCALES, BiodexSetup
from retrotread.devices.biodex.simulated import BiodexMachine, Setup
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.sheet import Sheet
from retrotread.machine import (
    Accepted,
    BeltDirection,
    Command,
    Identity,
    LinkLost,
    MachineNotice,
    Qualification,
    Rejected,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    Stuck,
    Unknown,
)

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
SEALED = Sheet(
    replace(CAREFUL, reverses=True, qualification=Qualification.FULL), sealed_for=Identity(manufacturer="Biodex")
)
START, STOP = b"\x80", b"\x81"
ONE_MPH_KPH = 1.609344


class Rig:
    """A machine, its wire, its driver and the bench that the driver is on."""

    def __init__(self, machine: BiodexMachine, wire: Any, bench: Any) -> None:
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

    @property
    def commands(self) -> list[bytes]:
        """What was written, without the questions."""
        return [data for _, data in self.wire.told if data[0] < 0x87]

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
    async def rig(sheet: Sheet | None = SEALED, seen_still_s: float = 3.0, **settings: Any) -> Rig:
        machine = BiodexMachine(Setup(**settings), clock.now_s())
        wire = wire_to(machine)
        setup = BiodexSetup("a port", 9600, Setup(**settings).scale)
        made = Rig(machine, wire, bench_of(await clock.finish(connection_over(wire, clock, setup, sheet))))
        await made.bench.run_for(seen_still_s)
        return made

    yield rig


# --- a start, and the way of it -----------------------------------------------------------------------------------


async def test_a_belt_is_started_forward_at_its_lowest_speed_and_led_from_there(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    assert (round(rig.true_mph, 3), rig.way) == (2.4, FORWARD)
    assert rig.bench.speed_kph == pytest.approx(2.4 * ONE_MPH_KPH)
    assert rig.commands == [b"\x82005", START, b"\x82024"]


async def test_a_belt_is_set_reversed_at_rest_and_started_then(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402, REVERSED)
    assert (round(rig.true_mph, 3), rig.way) == (2.4, REVERSED)
    assert rig.bench.telemetry[-1].belt is REVERSED
    assert rig.commands == [b"\x84R", b"\x82005", START, b"\x82024"]


async def test_there_and_back_goes_through_a_stop_and_a_new_start(rig_for: Any) -> None:
    rig = await rig_for()
    for belt in (FORWARD, REVERSED, FORWARD):
        await rig.run_at(402, belt)
        assert rig.way is belt
        assert await rig.does(StopBelt()) == Accepted()
        await rig.bench.run_for(10)
    assert [one for one in rig.commands if one[0] == 0x84] == [b"\x84R", b"\x84F"]


@pytest.mark.parametrize("sheet", [None, Sheet(CAREFUL), Sheet(replace(CAREFUL, reverses=True))])
async def test_a_machine_that_is_not_known_to_reverse_gets_no_byte_of_a_reversed_start(
    rig_for: Any, sheet: Sheet | None
) -> None:
    """What a family's sheet says is not said of this machine."""
    rig = await rig_for(sheet)
    assert (
        "is not known to run its belt backwards; nothing was sent" in (await rig.does(StartBelt(belt=REVERSED))).reason
    )
    assert rig.commands == []


async def test_a_machine_that_takes_the_direction_and_does_not_read_it_back_is_not_started(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.deaf_to_direction = True
    assert await rig.does(StartBelt(belt=REVERSED)) == Rejected(
        "the belt was to run reversed and the machine says that it is set otherwise; not started"
    )
    assert rig.commands == [b"\x84R"]


async def test_a_machine_that_refuses_the_direction_is_not_started(rig_for: Any) -> None:
    rig = await rig_for(reverses=False)
    assert await rig.does(StartBelt(belt=REVERSED)) == Rejected("the machine refused it, and does not say why")
    assert rig.commands == [b"\x84R"]


@pytest.mark.parametrize("belt", [FORWARD, REVERSED])
async def test_a_moving_belt_is_neither_turned_nor_started(rig_for: Any, belt: BeltDirection) -> None:
    rig = await rig_for(strict=False)
    await rig.run_at(402)
    sent = len(rig.commands)
    assert await rig.does(StartBelt(belt=belt)) == Rejected("the belt moves; it is started only from a standstill")
    assert len(rig.commands) == sent


async def test_a_start_waits_for_two_seconds_at_which_the_belt_was_read_still(rig_for: Any) -> None:
    rig = await rig_for(seen_still_s=1.0)
    assert "it takes 2.0 s" in (await rig.does(StartBelt(belt=REVERSED), 0.1)).reason
    assert rig.commands == []
    await rig.bench.run_for(2)
    assert await rig.does(StartBelt(belt=REVERSED)) == Accepted()


async def test_a_belt_that_turns_round_while_it_runs_is_stopped_at_its_first_report(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.machine.turn_round(rig.now_s)
    turned_s = rig.now_s
    await rig.bench.run_for(20)
    assert next(at_s for at_s, data in rig.wire.told if data == STOP) < turned_s + 0.35
    assert rig.true_mph == 0


@pytest.mark.parametrize("after_s", [moment / 100 for moment in range(1, 21)])
async def test_a_stop_during_a_start_leaves_no_start_behind_it(rig_for: Any, after_s: float) -> None:
    rig = await rig_for()
    starting = asyncio.ensure_future(rig.bench.perform(StartBelt(belt=REVERSED)))
    await rig.bench.run_for(after_s)
    assert await rig.does(StopBelt()) == Accepted()
    await rig.bench.run_for(5)
    assert starting.done()
    assert rig.commands[-1] == STOP
    assert rig.true_mph == 0


@pytest.mark.parametrize(("scale", "sent"), [("0.1mph", b"\x82024"), ("0.01kph", b"\x82402"), ("0.1kph", b"\x82040")])
async def test_a_speed_goes_out_in_the_scale_of_the_address_rounded_down(rig_for: Any, scale: str, sent: bytes) -> None:
    rig = await rig_for(scale=SCALES[scale], speed_max_counts=999)
    await rig.run_at(402)
    assert rig.commands[-1] == sent
    assert 3.8 < rig.bench.speed_kph <= 4.02


async def test_an_elevation_goes_out_in_whole_percents_rounded_down(rig_for: Any) -> None:
    rig = await rig_for()
    assert await rig.does(SetIncline(47)) == Accepted()
    await rig.bench.run_for(20)
    assert rig.commands[-1] == b"\x8304"
    assert rig.bench.telemetry[-1].incline_percent == 4.0


async def test_a_speed_that_the_machine_refuses_says_so_and_is_sent_again_when_it_is_asked_for_again(
    rig_for: Any,
) -> None:
    rig = await rig_for(speed_max_counts=25)
    await rig.run_at(402)
    for _ in range(2):
        assert await rig.does(SetSpeed(480)) == Rejected("the machine refused it, and does not say why")
    assert rig.commands[-2:] == [b"\x82029", b"\x82029"]


async def test_a_speed_for_a_still_belt_is_refused_and_not_sent(rig_for: Any) -> None:
    rig = await rig_for()
    assert "still" in (await rig.does(SetSpeed(402))).reason
    assert rig.commands == []


# --- the lanyard, and hands ---------------------------------------------------------------------------------------


async def test_a_pulled_lanyard_is_told_once_and_nothing_starts_before_it_is_back(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.machine.emergency_stop(rig.now_s)
    await rig.bench.run_for(10)
    assert rig.said(MachineNotice) == [MachineNotice.SAFETY_KEY_PULLED]
    assert await rig.does(StartBelt()) == Rejected("the safety lanyard is pulled; put it back")
    assert rig.commands.count(START) == 1
    rig.machine.release(rig.now_s)
    await rig.bench.run_for(1)
    assert await rig.does(StartBelt()) == Accepted()


async def test_a_machine_that_tells_of_a_fault_is_not_started(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.faults = 0x08 | 0x20
    await rig.bench.run_for(1)
    why = "the machine tells of no tachometer, a fault of its amplifier; it is not started"
    assert await rig.does(StartBelt()) == Rejected(why)


async def test_a_machine_that_has_fallen_silent_is_not_started(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.voice.answers = False
    await rig.bench.run_for(3)
    assert "its status 3." in (await rig.does(StartBelt())).reason


async def test_a_stop_and_a_start_that_were_not_ours_are_told(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.machine.stop_at_console(rig.now_s)
    await rig.bench.run_for(10)
    rig.machine.start_by_itself(rig.now_s)
    await rig.bench.run_for(3)
    assert rig.said(MachineNotice) == [MachineNotice.STOPPED_AT_CONSOLE, MachineNotice.STARTED_AT_CONSOLE]


async def test_our_own_stop_is_no_news(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    await rig.does(StopBelt())
    await rig.bench.run_for(20)
    assert rig.said(MachineNotice) == []


async def test_a_stop_is_one_byte_and_goes_out_before_anything_that_waits(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    before = len(rig.wire.told)
    waiting = [asyncio.ensure_future(rig.bench.perform(SetSpeed(ckph))) for ckph in (450, 480)]
    stopping = asyncio.ensure_future(rig.bench.perform(StopBelt()))
    await rig.bench.run_for(1)
    assert stopping.result() == Accepted()
    assert rig.wire.told[before][1] == STOP
    assert all(isinstance(one.result(), Rejected) for one in waiting)


# --- an experiment ------------------------------------------------------------------------------------------------


async def test_no_sheet_makes_of_it_a_machine_that_is_armed_with_somebody_on_it(rig_for: Any) -> None:
    rig = await rig_for(SEALED)
    assert rig.bench.profile.qualification is Qualification.FULL
    assert rig.bench.profile.experimental
    assert rig.bench.connection.remark == EXPERIMENTAL
    assert rig.bench.connection.identity.model == "RTM, one machine on the line"


async def test_nothing_stops_a_belt_whose_driver_is_gone(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    await rig.bench.connection.reader.close()
    await rig.bench.run_for(600)
    assert rig.true_mph == pytest.approx(2.4)
    assert rig.bench.profile.runs_on_when_link_lost is True


# --- a bad line ---------------------------------------------------------------------------------------------------


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


async def test_a_late_answer_is_not_taken_for_the_next_one(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.machine.voice.late_s = 0.25
    both = [asyncio.ensure_future(rig.bench.perform(SetSpeed(ckph))) for ckph in (450, 480)]
    await rig.bench.run_for(3)
    assert [type(one.result()) for one in both] == [Unknown, Unknown]


GARBAGE = {
    "a break": b"\x00" * 4000,
    "wrong baud": bytes(range(0x70, 0x80)) * 9 + b"\xf8\xe0\xfe",
    "half answers": b"\xa0\x30\xa2\xa7\x00",
    "acknowledgements": b"\x80\x81\x82\x83\x84",
    "refusals": b"\xaf" * 50,
    "another direction": b"\xa2R",
    "a status with its top bit": b"\xa7\x00\x80\x00",
    "a faster belt of an odd figure": b"\xa0 9 ",
    "a megabyte": b"\xa0\x00\xff" * 350_000,
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_on_the_line_moves_nothing_and_ends_no_reports(rig_for: Any, garbage: bytes) -> None:
    rig = await rig_for()
    for _ in range(2 if len(garbage) > 10_000 else 20):
        rig.wire.say(garbage)
        await rig.bench.run_for(0.13)
    await rig.bench.run_for(1)
    assert rig.commands == []
    assert set(rig.bench.speeds_since(0)) == {0.0}
    assert rig.bench.telemetry[-1].measured_at_s > rig.now_s - 1.0


async def test_a_direction_that_is_noise_stops_a_belt_that_runs(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    rig.wire.say(b"\xa2R")
    await rig.bench.run_for(10)
    assert (rig.commands[-1], rig.true_mph) == (STOP, 0)


async def test_our_own_echo_is_not_the_machine(clock: Any, wire_to: Any) -> None:
    class Loop:
        """A plug that joins both wires."""

        heard = b""

        def take(self, data: bytes, now_s: float) -> None:
            self.heard += data

        def said(self, now_s: float) -> bytes:
            said, self.heard = self.heard, b""
            return said

    setup = BiodexSetup("a port", 9600, SCALES["0.1mph"])
    with pytest.raises(ConnectFailed, match="answers as a Biodex does"):
        await clock.finish(connection_over(wire_to(Loop()), clock, setup, None))


async def test_the_line_is_asked_five_times_a_second(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(402)
    asked = [at_s for at_s, data in rig.wire.told if data == b"\xa0"]
    assert max(later - before for before, later in itertools.pairwise(asked)) < 0.3
