"""The CSAFE driver against its machine, on virtual time: what goes over the line, and when it is only read."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from retrotread.devices.connection import Connection
from retrotread.devices.csafe import codec
from retrotread.devices.csafe.codec import Command as Id
from retrotread.devices.csafe.codec import State
from retrotread.devices.csafe.driver import CsafeConnection
from retrotread.devices.csafe.frame import frame
from retrotread.devices.csafe.reach import CAREFUL, UNSHOWN, connection_over
from retrotread.devices.csafe.simulated import CsafeMachine, Setup, Speeds
from retrotread.devices.errors import ConnectFailed
from retrotread.machine import (
    Accepted,
    BeltDirection,
    Command,
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

POLL = codec.ask(Id.GET_SPEED, Id.GET_GRADE, Id.GET_DISTANCE, Id.GET_HEART_RATE)
FINISHED = codec.ask(Id.GO_FINISHED)
IN_USE = codec.ask(Id.GO_IN_USE)


def speed(tenths: int, unit: SpeedUnit = SpeedUnit.KPH) -> bytes:
    return codec.set_speed(tenths, unit)


class Rig:
    """A machine, its wire, its driver and the bench that the driver is on."""

    def __init__(self, machine: CsafeMachine, wire: Any, bench: Any) -> None:
        self.machine, self.wire, self.bench = machine, wire, bench

    @property
    def now_s(self) -> float:
        return float(self.bench.clock.now_s())

    @property
    def true_kph(self) -> float:
        return self.machine.belt_speed_kph(self.now_s)

    @property
    def commands(self) -> list[bytes]:
        """What was written, without the questions."""
        asked = (POLL, codec.ask(Id.GET_VERSION), codec.ask(Id.GET_ODOMETER))
        return [data for _, data in self.wire.told if data not in asked]

    async def does(self, command: Command, within_s: float = 2.0) -> Any:
        """Perform it while time goes on."""
        doing = asyncio.ensure_future(self.bench.perform(command))
        await self.bench.run_for(within_s)
        return doing.result()

    async def started(self) -> None:
        assert await self.does(StartBelt()) == Accepted()
        await self.bench.run_for(10)
        assert self.true_kph > 0

    async def run_at(self, speed_ckph: int) -> None:
        await self.started()
        assert await self.does(SetSpeed(speed_ckph)) == Accepted()
        await self.bench.run_for(20)

    def said(self, kind: type) -> list[Any]:
        return [report for _, report in self.bench.received if isinstance(report, kind)]


@pytest_asyncio.fixture
async def rig_for(clock: Any, wire_to: Any, bench_of: Any) -> AsyncIterator[Callable[..., Any]]:
    async def rig(**settings: Any) -> Rig:
        machine = CsafeMachine(Setup(**settings), clock.now_s())
        wire = wire_to(machine)
        connection: Connection = await clock.finish(connection_over(wire, clock, None))
        made = Rig(machine, wire, bench_of(connection))
        await made.bench.run_for(1)
        return made

    yield rig


# --- a start, and a belt that has to show that it follows ---------------------------------------------------------


async def test_a_belt_is_led_through_the_states_and_started_at_its_lowest_speed(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    assert rig.true_kph == pytest.approx(4.0)
    assert rig.bench.speed_kph == pytest.approx(4.0)
    assert rig.commands == [
        codec.take_control(),
        codec.ask(Id.GO_IDLE),
        codec.ask(Id.GO_HAVE_ID),
        speed(8),
        IN_USE,
        speed(40),
    ]


async def test_a_speed_that_a_machine_kept_from_before_is_not_the_one_that_it_starts_at(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(800)
    assert await rig.does(StopBelt()) == Accepted()
    await rig.bench.run_for(20)
    await rig.started()
    assert rig.true_kph == pytest.approx(0.8)


async def test_the_next_higher_speed_waits_until_the_first_was_seen_to_be_followed(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.started()
    assert await rig.does(SetSpeed(300), 0.3) == Accepted()
    assert "not yet shown" in (await rig.does(SetSpeed(400), 0.1)).reason
    await rig.bench.run_for(4)
    assert await rig.does(SetSpeed(400)) == Accepted()
    assert rig.commands[-2:] == [speed(30), speed(40)]


async def test_a_lower_speed_does_not_wait(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.started()
    assert await rig.does(SetSpeed(600), 0.3) == Accepted()
    assert await rig.does(SetSpeed(200), 0.3) == Accepted()
    await rig.bench.run_for(10)
    assert rig.true_kph == pytest.approx(2.0)


async def test_a_machine_that_takes_speeds_and_ignores_them_is_only_read(rig_for: Any) -> None:
    rig = await rig_for(speeds=Speeds.IGNORED)
    await rig.started()
    assert await rig.does(SetSpeed(300)) == Accepted()
    await rig.bench.run_for(6)
    sent = len(rig.commands)
    why = (
        "the machine took a speed of 3.0 km/h and still tells 0.8 km/h after 5 s: it does not follow, and is only read"
    )
    assert await rig.does(SetSpeed(300)) == Rejected(why)
    assert await rig.does(SetSpeed(200)) == Rejected(why)
    assert await rig.does(SetIncline(20)) == Accepted(), "its deck is another matter"
    assert len(rig.commands) == sent + 1
    assert await rig.does(StopBelt()) == Accepted(), "it is always asked to stop"
    await rig.bench.run_for(10)
    assert await rig.does(StartBelt()) == Rejected(why)
    assert rig.bench.telemetry[-1].speed_kph == 0, "telemetry goes on"


async def test_a_stop_in_the_middle_of_the_trial_is_no_proof_that_it_does_not_follow(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.started()
    await rig.does(SetSpeed(800), 0.3)
    await rig.does(StopBelt())
    await rig.bench.run_for(20)
    await rig.run_at(300)
    assert rig.true_kph == pytest.approx(3.0)


async def test_a_machine_that_rejects_speeds_says_so_and_is_not_believed_to_follow(rig_for: Any) -> None:
    rig = await rig_for(speeds=Speeds.REJECTED)
    await rig.started()
    assert await rig.does(SetSpeed(300)) == Rejected("the machine says of a speed of 3.0 km/h: rejected")
    assert rig.true_kph == pytest.approx(0.8)


async def test_what_became_of_a_frame_is_read_from_the_answer_behind_it(rig_for: Any) -> None:
    """The answer to a set speed itself speaks of the poll before, which was fine."""
    rig = await rig_for(speed_max_kph=6.0)
    await rig.started()
    outcomes = [await rig.does(SetSpeed(ckph), 4) for ckph in (300, 700, 400)]
    assert [type(one) for one in outcomes] == [Accepted, Rejected, Accepted]


async def test_a_speed_goes_out_in_the_unit_that_the_machine_tells_even_to_one_that_reads_no_unit(rig_for: Any) -> None:
    rig = await rig_for(speed_code=codec.TENTH_MPH, reads_unit=False)
    assert rig.bench.connection.reader.profile.speed_unit is SpeedUnit.MPH
    await rig.run_at(500)
    assert rig.commands[-1] == speed(31, SpeedUnit.MPH)
    assert rig.true_kph == pytest.approx(3.1 * 1.609344)
    assert rig.true_kph <= 5.0


async def test_another_unit_of_speed_is_read_too(rig_for: Any) -> None:
    rig = await rig_for(speed_code=0x32)
    await rig.run_at(333)
    assert rig.commands[-1] == codec.set_speed_in(333, 0x32)
    assert rig.bench.speed_kph == pytest.approx(3.33)


async def test_an_incline_goes_out_in_tenths_of_a_percent_and_is_told(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.started()
    assert await rig.does(SetIncline(45)) == Accepted()
    await rig.bench.run_for(20)
    assert rig.commands[-1] == codec.set_grade(45)
    assert rig.bench.telemetry[-1].incline_percent == 4.5


async def test_a_belt_never_runs_backwards(rig_for: Any) -> None:
    rig = await rig_for()
    assert await rig.does(StartBelt(belt=BeltDirection.REVERSED)) == Rejected("this belt runs forward only")
    assert rig.commands == []


@pytest.mark.parametrize("told", [400, 81])
async def test_a_speed_for_a_still_belt_is_refused_and_not_sent(rig_for: Any, told: int) -> None:
    rig = await rig_for()
    assert "stands still" in (await rig.does(SetSpeed(told))).reason
    assert rig.commands == []


@pytest.mark.parametrize("told", [80, 806])
async def test_a_speed_out_of_the_range_never_leaves(rig_for: Any, told: int) -> None:
    """The line of the machine itself knows no range: rounding would bring the lower one into it."""
    rig = await rig_for()
    await rig.run_at(300)
    sent = len(rig.commands)
    assert "lies outside of its 0.81 to 8.05 km/h" in (await rig.does(SetSpeed(told))).reason
    assert len(rig.commands) == sent


# --- a stop -------------------------------------------------------------------------------------------------------


async def test_a_stop_goes_out_at_once_and_again_in_its_turn_with_a_speed_of_zero(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    asked_s, before = rig.now_s, len(rig.commands)
    waiting = [asyncio.ensure_future(rig.bench.perform(SetSpeed(ckph))) for ckph in (450, 500)]
    assert await rig.does(StopBelt()) == Accepted()
    assert next(at_s for at_s, data in rig.wire.told if data == FINISHED) == asked_s
    assert rig.commands[before:] == [FINISHED, speed(0), FINISHED]
    assert all(isinstance(one.result(), Rejected) for one in waiting)
    await rig.bench.run_for(10)
    assert (rig.true_kph, rig.said(MachineNotice)) == (0, [])


async def test_a_stop_beside_a_poll_that_waits_is_lost_on_a_slow_machine_and_comes_again(rig_for: Any) -> None:
    rig = await rig_for(answer_after_s=0.1)
    await rig.run_at(400)
    said = len(rig.wire.told)
    while len(rig.wire.told) == said:  # until a poll has just left
        await rig.bench.run_for(0.005)
    assert await rig.does(StopBelt()) == Accepted()
    assert rig.machine.state is State.FINISHED
    await rig.bench.run_for(10)
    assert rig.true_kph == 0


async def test_a_stop_that_the_machine_takes_and_does_not_follow_shows_in_the_reports(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.obeys_stop = False
    assert await rig.does(StopBelt()) == Accepted(), "taken is not done"
    assert rig.bench.speed_kph == pytest.approx(4.0)


async def test_a_belt_that_was_begun_by_hand_takes_no_stop_and_that_is_said(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.start_by_itself(rig.now_s)
    await rig.bench.run_for(5)
    assert await rig.does(StopBelt()) == Rejected(
        "the machine says off line and takes no stop (GoFinished: rejected, a speed of 0: rejected); stop it at its"
        " console"
    )


async def test_a_stop_during_a_start_leaves_no_step_behind_it(rig_for: Any) -> None:
    rig = await rig_for()
    starting = asyncio.ensure_future(rig.bench.perform(StartBelt()))
    await rig.bench.run_for(0.25)
    await rig.does(StopBelt())
    await rig.bench.run_for(5)
    assert isinstance(starting.result(), Rejected)
    assert IN_USE not in rig.commands
    assert rig.true_kph == 0


async def test_a_machine_whose_key_is_out_is_not_led_into_use(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.emergency_stop(rig.now_s)
    await rig.bench.run_for(1)
    assert await rig.does(StartBelt()) == Rejected(
        "the machine says error: it is only read until that is ended at its console"
    )
    assert rig.commands == []


async def test_a_belt_that_still_slows_down_is_not_started(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(800)
    assert await rig.does(StopBelt()) == Accepted()
    sent = len(rig.commands)
    assert await rig.does(StartBelt()) == Rejected("the belt is not at rest; it is started only from a standstill")
    assert len(rig.commands) == sent


@pytest.mark.parametrize("at", range(1, 24))
async def test_an_adapter_that_is_pulled_inside_an_answer_ends_the_reports_and_raises_nothing(
    rig_for: Any, at: int
) -> None:
    rig = await rig_for()
    rig.wire.say(frame(bytes.fromhex("01a503000031a80300004ca103000023b00100"))[:at])
    starting = asyncio.ensure_future(rig.bench.perform(StartBelt()))
    await rig.bench.run_for(0.01 * at)
    rig.wire.unplug()
    await rig.bench.run_for(5)
    assert isinstance(starting.result(), Unknown)
    assert isinstance(await rig.does(StopBelt()), Unknown)
    assert rig.said(LinkLost) == [LinkLost("the adapter was unplugged")]


async def test_nothing_in_csafe_stops_a_belt_whose_driver_is_gone(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    await rig.bench.connection.reader.close()
    await rig.bench.run_for(600)
    assert rig.true_kph == pytest.approx(4.0)
    assert rig.bench.profile.runs_on_when_link_lost is True


# --- what the machine tells ---------------------------------------------------------------------------------------


async def test_every_frame_waits_for_the_answer_to_the_one_before_and_a_gap(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    moments = [at_s for at_s, _ in rig.wire.told]
    assert min(later - before for before, later in itertools.pairwise(moments)) > 0.06
    assert max(later - before for before, later in itertools.pairwise(moments)) < 0.35


async def test_figures_are_told_with_their_units(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.heart_rate_bpm = 81
    await rig.run_at(400)
    last = rig.bench.telemetry[-1]
    assert last.heart_rate_bpm == 81
    assert last.distance_m == pytest.approx(20, abs=5)
    assert last.belt is BeltDirection.FORWARD


async def test_what_a_machine_leaves_out_is_absent_and_the_odometer_stands_in_for_the_distance(rig_for: Any) -> None:
    """Of Life Fitness, whose odometer has the most significant byte first."""
    left_out = frozenset({Id.GET_GRADE, Id.GET_DISTANCE, Id.GET_HEART_RATE})
    rig = await rig_for(leaves_out=left_out, manufacturer=9, odometer_msb_first=True)
    await rig.run_at(800)
    last = rig.bench.telemetry[-1]
    assert (last.incline_percent, last.heart_rate_bpm) == (None, None)
    assert last.distance_m == pytest.approx(40, abs=15)
    assert isinstance(await rig.does(SetIncline(20)), Rejected), "nothing would confirm it"
    assert rig.bench.connection.identity.manufacturer == "Life Fitness"


@pytest.mark.parametrize("settings", [{"speed_code": 0x52}, {"leaves_out": frozenset({Id.GET_SPEED})}])
async def test_a_machine_that_tells_no_speed_of_a_belt_is_only_read(rig_for: Any, settings: dict[str, Any]) -> None:
    rig = await rig_for(**settings)
    rig.machine.heart_rate_bpm = 81
    await rig.bench.run_for(1)
    assert "tells no speed of a belt" in rig.bench.connection.remark
    assert "tells no speed of a belt" in (await rig.does(StartBelt())).reason
    assert rig.commands == []
    assert rig.bench.telemetry[-1].heart_rate_bpm == 81


async def test_a_machine_that_nobody_has_seen_follow_says_so(rig_for: Any) -> None:
    rig = await rig_for()
    assert rig.bench.connection.remark == UNSHOWN


async def test_a_toggle_bit_that_stands_still_is_no_fault(rig_for: Any) -> None:
    rig = await rig_for(toggles=False)
    await rig.run_at(400)
    assert rig.true_kph == pytest.approx(4.0)


async def test_off_line_is_a_hand_at_the_console_and_not_a_lost_link(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.start_by_itself(rig.now_s)
    await rig.bench.run_for(10)
    assert rig.bench.speed_kph == pytest.approx(3.0)
    assert rig.said(MachineNotice) == [MachineNotice.STARTED_AT_CONSOLE]
    assert rig.said(LinkLost) == []
    assert isinstance(await rig.does(StartBelt()), Rejected)
    assert rig.commands == []


async def test_a_belt_of_ours_that_goes_off_line_is_no_longer_ours(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.start_by_itself(rig.now_s)
    await rig.bench.run_for(2)
    assert rig.said(MachineNotice) == [MachineNotice.CONTROL_LOST]
    assert isinstance(await rig.does(SetSpeed(500)), Rejected)


@pytest.mark.parametrize("hand", [CsafeMachine.stop_at_console, CsafeMachine.emergency_stop])
async def test_a_stop_that_was_not_ours_is_one_at_the_console(rig_for: Any, hand: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    hand(rig.machine, rig.now_s)
    await rig.bench.run_for(10)
    assert rig.said(MachineNotice) == [MachineNotice.STOPPED_AT_CONSOLE]
    assert isinstance(await rig.does(SetSpeed(500)), Rejected)


async def test_a_key_that_is_pulled_at_rest_is_a_hand_at_this_machine(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.emergency_stop(rig.now_s)
    await rig.bench.run_for(2)
    assert rig.said(MachineNotice) == [MachineNotice.STOPPED_AT_CONSOLE]


async def test_a_belt_that_was_paused_at_the_console_is_started_anew_through_all_states(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.stop_at_console(rig.now_s)
    await rig.bench.run_for(10)
    before = len(rig.commands)
    await rig.started()
    assert rig.commands[before : before + 2] == [codec.take_control(), FINISHED]
    assert rig.true_kph == pytest.approx(0.8)


# --- a bad line ---------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("command", [StopBelt(), SetSpeed(500)])
async def test_a_machine_that_does_not_answer_leaves_the_outcome_unknown(rig_for: Any, command: Command) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.voice.answers = False
    assert isinstance(await rig.does(command, 5.0), Unknown)


async def test_nothing_is_started_on_a_report_that_is_old(rig_for: Any) -> None:
    rig = await rig_for()
    rig.machine.voice.answers = False
    await rig.bench.run_for(3)
    assert "said nothing for 3." in (await rig.does(StartBelt())).reason
    assert rig.commands == []


async def test_late_and_plausible_answers_confirm_nothing(rig_for: Any) -> None:
    """Every answer comes twice, the second time late: an old figure and an old verdict each time."""
    rig = await rig_for(speeds=Speeds.REJECTED)
    await rig.started()
    rig.machine.voice.doubled = True
    for ckph in (300, 350, 400):
        assert not isinstance(await rig.does(SetSpeed(ckph), 6.0), Accepted)


async def test_an_answer_behind_its_deadline_is_not_taken_for_the_next_one(rig_for: Any) -> None:
    rig = await rig_for()
    await rig.run_at(400)
    rig.machine.voice.late_s = 1.02
    assert isinstance(await rig.does(SetSpeed(500), 8.0), Unknown)


async def test_our_own_echo_is_not_the_machine(clock: Any, wire_to: Any) -> None:
    class Loop:
        """A plug that joins both wires."""

        heard = b""

        def take(self, data: bytes, now_s: float) -> None:
            self.heard += data

        def said(self, now_s: float) -> bytes:
            said, self.heard = self.heard, b""
            return said

    with pytest.raises(ConnectFailed, match="answers as a CSAFE machine does"):
        await clock.finish(connection_over(wire_to(Loop()), clock, None))


async def test_a_machine_behind_our_own_echo_is_driven_all_the_same(rig_for: Any) -> None:
    """Our GoInUse, read as a status, would say: in use, and all was fine."""
    rig = await rig_for(speeds=Speeds.REJECTED)
    take = rig.machine.take

    def echoes(data: bytes, now_s: float) -> None:
        rig.wire.say(data)
        take(data, now_s)

    rig.machine.take = echoes
    await rig.started()
    assert isinstance(await rig.does(SetSpeed(300)), Rejected)
    assert await rig.does(StopBelt()) == Accepted()
    await rig.bench.run_for(5)
    assert rig.said(MachineNotice) == []


GARBAGE = {
    "wrong baud": bytes(range(0x78, 0xF0)) * 3,
    "a break": b"\x00" * 4000,
    "half a frame": b"\xf1\x05\xa5\x03\x50",
    "a frame without an end": b"\xf1" + b"\x05" * 500,
    "ends": b"\xf2" * 100,
    "escapes": b"\xf3" * 100,
    "starts": b"\xf1" * 100,
    "a bare status that nobody asked for": bytes.fromhex("f10505f2"),
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_on_the_line_moves_nothing_and_ends_no_reports(rig_for: Any, garbage: bytes) -> None:
    rig = await rig_for()
    for _ in range(20):
        rig.wire.say(garbage)
        await rig.bench.run_for(0.13)
    assert rig.commands == []
    assert set(rig.bench.speeds_since(0)) == {0.0}
    assert rig.bench.telemetry[-1].measured_at_s > rig.now_s - 1.5


async def test_a_speed_that_nobody_asked_for_is_not_looked_at(rig_for: Any) -> None:
    rig = await rig_for()
    for _ in range(5):
        said = len(rig.bench.telemetry)
        while len(rig.bench.telemetry) == said:  # until a poll has just been answered
            await rig.bench.run_for(0.005)
        rig.wire.say(bytes.fromhex("f105a503500031c2f2"))
    assert set(rig.bench.speeds_since(0)) == {0.0}


async def test_a_megabyte_of_noise_is_over_at_once_and_the_next_answer_is_whole(rig_for: Any) -> None:
    rig = await rig_for()
    rig.wire.say(b"\xf1\xf2\x00\xaa" * 250_000)
    await rig.bench.run_for(2)
    assert rig.bench.telemetry[-1].measured_at_s > rig.now_s - 0.5


async def test_a_machine_is_understood_one_byte_at_a_time(rig_for: Any) -> None:
    rig = await rig_for()
    said = rig.machine.said

    def by_bytes(now_s: float) -> bytes:
        for byte in said(now_s):
            rig.wire.say(bytes((byte,)))
        return b""

    rig.machine.said = by_bytes
    await rig.run_at(400)
    assert rig.bench.speed_kph == pytest.approx(4.0)


async def test_a_machine_that_is_gone_is_not_reached(clock: Any, wire_to: Any) -> None:
    machine = CsafeMachine(Setup(), clock.now_s())
    machine.voice.answers = False
    with pytest.raises(ConnectFailed, match="is the treadmill switched on"):
        await clock.finish(connection_over(wire_to(machine), clock, None))


def test_a_profile_of_a_machine_that_nobody_has_tried_is_careful() -> None:
    assert CAREFUL.runs_on_when_link_lost is True
    assert not CAREFUL.reverses
    assert CsafeConnection.__doc__
