"""Reports of the FTMS driver: what the machine says, what is told of it, and what is not."""

from __future__ import annotations

import asyncio
import itertools
import random
from typing import Any

import pytest

from retrotread.devices.ftms.characteristics import CONTROL_POINT, MACHINE_STATUS, TREADMILL_DATA
from retrotread.devices.ftms.codec import MachineEvent
from retrotread.machine import (
    Accepted,
    LinkLost,
    MachineNotice,
    Rejected,
    SetIncline,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    StopBelt,
    TargetChanged,
    Telemetry,
    Unknown,
)

STOP = "0801"
EVENT = MachineEvent


# Telemetry


async def test_a_report_carries_what_the_frame_carried_and_the_moment_it_came(rig: Any) -> None:
    rig.link.report(3.21, distance_m=1234, incline_percent=1.5, elapsed_s=77, heart_rate_bpm=121)
    await rig.run(0)
    (telemetry,) = rig.heard(Telemetry)
    assert telemetry == Telemetry(rig.clock.now_s(), 3.21, 1.5, 1234.0, 77.0, 121)


async def test_every_report_is_told_changed_or_not(rig: Any) -> None:
    for _ in range(10):
        rig.link.report(0)
        await rig.run(0.1)
    assert len(rig.heard(Telemetry)) == 10


async def test_what_a_frame_leaves_out_is_none(rig: Any) -> None:
    rig.link.report(0)
    await rig.run(0)
    assert rig.heard(Telemetry) == [Telemetry(rig.clock.now_s(), 0.0)]


async def test_a_split_record_is_one_report(rig: Any) -> None:
    rig.link.say(TREADMILL_DATA, bytes.fromhex("0500" + "4d0000"))  # more follows: 77 m
    await rig.run(0.01)
    assert rig.heard(Telemetry) == []
    rig.link.say(TREADMILL_DATA, bytes.fromhex("0000" + "2c01"))  # 3.00 km/h, the end
    await rig.run(0.1)
    (telemetry,) = rig.heard(Telemetry)
    assert (telemetry.speed_kph, telemetry.distance_m) == (3.0, 77.0)


async def test_a_machine_that_reports_miles_is_told_in_km(reach: Any, sheet_with: Any) -> None:
    rig = await reach(sheet_with(reported_unit=SpeedUnit.MPH))
    rig.link.report(2.0)
    await rig.run(0)
    assert rig.heard(Telemetry)[0].speed_kph == pytest.approx(3.218688, abs=1e-4)


async def test_a_deck_that_does_not_move_has_no_incline_and_takes_none(reach: Any, sheet_with: Any) -> None:
    rig = await reach(sheet_with(incline_moves=False))
    await rig.run(1.1)
    rig.link.report(0, incline_percent=5.0)
    rig.link.tell(EVENT.TARGET_INCLINE_CHANGED, 5.0)
    await rig.run(0.1)
    assert rig.heard(Telemetry)[0].incline_percent is None
    assert rig.heard(TargetChanged) == []
    assert isinstance(await rig.do(SetIncline(10)), Rejected)
    assert rig.profile.capabilities.incline_max_dpct == 0


# Bad frames


async def test_frames_without_a_speed_and_with_a_senseless_one_are_not_told(rig: Any) -> None:
    for frame in ("", "00", "0000", "000001", "0000ffff", "01000000"):
        rig.link.say(TREADMILL_DATA, bytes.fromhex(frame))
        await rig.run(3.0)  # so that each stands alone in its two seconds
    assert rig.heard(Telemetry) == []


async def test_a_machine_that_always_cuts_its_frames_is_read_from_its_second_one_on(rig: Any) -> None:
    cut = bytes.fromhex("9e1f5100b2005800000000ff7f0000ffff0c0097")  # a Matrix console; speed 0.81 km/h
    for _ in range(20):
        rig.link.say(TREADMILL_DATA, cut)
        await rig.run(0.25)
    assert [one.speed_kph for one in rig.heard(Telemetry)] == [0.81] * 19
    assert rig.connection.reader.odd["TRUNCATED energy_per_hour_kcal"] == 20


async def test_one_odd_frame_in_a_second_costs_nothing_but_itself(rig: Any) -> None:
    for number in range(40):
        if number % 10 == 9:
            rig.link.say(
                TREADMILL_DATA, bytes([0, 0, 44, 1, *range(number)])
            )  # goes on behind its end, each differently
        else:
            rig.link.report(3.0)
        await rig.run(0.1)
    assert len(rig.heard(Telemetry)) == 36


async def test_while_more_than_a_fifth_is_odd_nothing_is_believed_and_afterwards_it_is_again(rig: Any) -> None:
    for number in range(40):
        if number % 3 == 0:
            rig.link.say(TREADMILL_DATA, bytes([0, 0, 44, 1, *range(number + 1)]))
        else:
            rig.link.report(3.0)
        await rig.run(0.1)
    believed = len(rig.heard(Telemetry))
    assert believed <= 4
    for _ in range(30):
        rig.link.report(3.0)
        await rig.run(0.1)
    assert len(rig.heard(Telemetry)) - believed >= 10


async def test_noise_is_silence(rig: Any) -> None:
    noise = random.Random(4)
    for _ in range(400):
        rig.link.say(TREADMILL_DATA, noise.randbytes(noise.randrange(0, 40)))
        await rig.run(0.02)
    assert len(rig.heard(Telemetry)) <= 2


async def test_octets_of_every_kind_on_every_attribute_raise_nothing_and_move_nothing(rig: Any) -> None:
    await rig.rest()
    written = list(rig.link.written)
    noise = random.Random(44)
    for uuid in (TREADMILL_DATA, MACHINE_STATUS, CONTROL_POINT):
        for length in (0, 1, 2, 3, 4, 5, 19, 20, 34, 39, 511, 512):
            for first in (0x00, 0x01, 0x80, 0xFF, noise.randrange(256)):
                rig.link.say(uuid, (bytes([first]) + noise.randbytes(length))[:length])
        await rig.run(0.1)
    assert rig.link.written == written
    assert not rig.reading.done()


# A flood


async def test_of_a_thousand_frames_a_second_at_most_fifty_are_told_and_the_last_is_among_them(rig: Any) -> None:
    for number in range(1000):
        rig.link.report(number / 100)
        await rig.run(0.001)
    await rig.run(0.1)
    told = rig.heard(Telemetry)
    assert 45 <= len(told) <= 51
    assert told[-1].speed_kph == 9.99
    moments = [moment for moment, _ in rig.reports]
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 0.0199


async def test_a_stop_under_a_flood_of_everything_is_written_in_its_own_moment(rig: Any) -> None:
    await rig.walk()

    async def flood() -> None:
        for number in range(2000):
            rig.link.report(3.0 + number % 7)
            rig.link.tell(EVENT.TARGET_SPEED_CHANGED, number % 9)
            rig.link.say(CONTROL_POINT, bytes([0x80, number % 256, 1]))
            await rig.clock.sleep_until(rig.clock.now_s() + 0.001)

    flooding = asyncio.ensure_future(flood())
    await rig.run(0.5)
    asked_s = rig.clock.now_s()
    assert await rig.do(StopBelt()) == Accepted()
    assert (rig.link.written[-1][0], rig.link.commands()) == (asked_s, [STOP])
    await rig.run(2.0)
    await flooding


async def test_notices_survive_a_flood(rig: Any) -> None:
    await rig.rest()
    for number in range(100):
        rig.link.report(0)
        if number == 50:
            rig.link.tell(EVENT.STOPPED_BY_SAFETY_KEY)
        await rig.run(0.001)
    await rig.run(0.1)
    assert rig.heard(MachineNotice) == [MachineNotice.SAFETY_KEY_PULLED]


# Notices


@pytest.mark.parametrize(
    ("octets", "notice"),
    [
        ("03", MachineNotice.SAFETY_KEY_PULLED),
        ("030000", MachineNotice.SAFETY_KEY_PULLED),
        ("0201", MachineNotice.STOPPED_AT_CONSOLE),
        ("020200", MachineNotice.STOPPED_AT_CONSOLE),
        ("02", MachineNotice.STOPPED_AT_CONSOLE),
        ("04", MachineNotice.STARTED_AT_CONSOLE),
        ("040000", MachineNotice.STARTED_AT_CONSOLE),
        ("ff", MachineNotice.CONTROL_LOST),
    ],
)
async def test_what_a_machine_says_of_itself_is_told_however_it_is_padded(
    rig: Any, octets: str, notice: MachineNotice
) -> None:
    await rig.rest()
    rig.link.say(MACHINE_STATUS, bytes.fromhex(octets))
    await rig.run(0.1)
    assert rig.heard(MachineNotice) == [notice]


async def test_an_event_that_is_replayed_right_after_subscribing_is_no_news_but_a_pulled_key_is(
    reach: Any, sheet_with: Any
) -> None:
    rig = await reach(sheet_with(), 0.5)
    rig.link.tell(EVENT.STARTED_OR_RESUMED_BY_USER)
    rig.link.tell(EVENT.STOPPED_BY_SAFETY_KEY)
    await rig.run(0.1)
    assert rig.heard(MachineNotice) == [MachineNotice.SAFETY_KEY_PULLED]


async def test_started_after_our_start_and_stopped_after_our_stop_are_echoes(rig: Any) -> None:
    await rig.rest()
    await rig.do(StartBelt())
    await rig.run(5.0)
    rig.link.tell(EVENT.STARTED_OR_RESUMED_BY_USER)
    rig.link.report(1.0)
    await rig.do(StopBelt())
    await rig.run(5.0)
    rig.link.tell(EVENT.STOPPED_OR_PAUSED_BY_USER, 1)
    await rig.run(0.1)
    assert rig.heard(MachineNotice) == []


async def test_long_after_our_start_or_stop_they_are_somebody_elses(rig: Any) -> None:
    await rig.rest()
    await rig.do(StartBelt())
    await rig.run(15.1)
    rig.link.tell(EVENT.STARTED_OR_RESUMED_BY_USER)
    await rig.do(StopBelt())
    await rig.run(10.1)
    rig.link.tell(EVENT.STOPPED_OR_PAUSED_BY_USER, 1)
    await rig.run(0.1)
    assert rig.heard(MachineNotice) == [MachineNotice.STARTED_AT_CONSOLE, MachineNotice.STOPPED_AT_CONSOLE]


async def test_a_stop_at_the_console_right_after_our_start_is_news_except_where_a_start_says_so(
    reach: Any, sheet_with: Any
) -> None:
    for start_says_stopped, told in ((False, [MachineNotice.STOPPED_AT_CONSOLE]), (True, [])):
        rig = await reach(sheet_with(start_says_stopped=start_says_stopped))
        await rig.rest()
        await rig.do(StartBelt())
        rig.link.tell(EVENT.STOPPED_OR_PAUSED_BY_USER, 1)
        await rig.run(0.1)
        assert rig.heard(MachineNotice) == told


@pytest.mark.parametrize("event", [EVENT.STOPPED_BY_SAFETY_KEY, EVENT.STOPPED_OR_PAUSED_BY_USER])
async def test_after_the_key_or_the_console_has_stopped_the_belt_no_speed_goes_out_while_it_rolls(
    rig: Any, event: MachineEvent
) -> None:
    await rig.walk(3.0)
    rig.link.tell(event, *([1] if event is EVENT.STOPPED_OR_PAUSED_BY_USER else []))
    rig.link.report(2.0)
    await rig.run(0.1)
    assert isinstance(await rig.do(SetSpeed(300)), Rejected)
    assert rig.link.commands() == []


async def test_after_control_is_lost_nothing_goes_out_but_a_stop(rig: Any) -> None:
    await rig.walk()
    rig.link.tell(EVENT.CONTROL_LOST)
    for command in (SetSpeed(300), SetIncline(10), StartBelt()):
        outcome = await rig.do(command)
        assert isinstance(outcome, Rejected)
        assert "took control" in outcome.reason
    assert await rig.do(StopBelt()) == Accepted()
    assert rig.link.commands() == [STOP]


async def test_control_that_somebody_else_lost_before_we_had_it_is_no_news(
    reach: Any, sheet_with: Any, link: Any
) -> None:
    write = link.write

    async def write_and_tell(uuid: str, value: bytes, response: bool) -> None:
        link.write = write
        link.tell(EVENT.CONTROL_LOST)
        await write(uuid, value, response)

    link.write = write_and_tell
    rig = await reach(sheet_with())
    await rig.rest()
    assert rig.heard(MachineNotice) == []
    assert await rig.do(StartBelt()) == Accepted()


# Targets


async def test_a_target_of_the_machine_is_told(rig: Any) -> None:
    await rig.rest()
    rig.link.tell(EVENT.TARGET_SPEED_CHANGED, 4.5)
    await rig.run(0.1)
    rig.link.tell(EVENT.TARGET_INCLINE_CHANGED, 2.5)
    await rig.run(0.1)
    assert rig.heard(TargetChanged) == [TargetChanged(speed_kph=4.5), TargetChanged(incline_percent=2.5)]


async def test_our_own_target_comes_back_as_we_asked_for_it_not_as_it_was_rounded(reach: Any, sheet_with: Any) -> None:
    rig = await reach(sheet_with(commanded_unit=SpeedUnit.MPH, ranges_trusted=False))
    await rig.walk()
    await rig.do(SetSpeed(500))
    wire = int.from_bytes(rig.link.written[-1][2][1:], "little")
    assert wire < 311
    rig.link.tell(EVENT.TARGET_SPEED_CHANGED, wire / 100)
    await rig.run(0.1)
    assert rig.heard(TargetChanged) == [TargetChanged(speed_kph=5.0)]


async def test_a_machine_that_tells_its_own_ramp_as_targets_is_not_listened_to(reach: Any, sheet_with: Any) -> None:
    rig = await reach(sheet_with(targets_told=False))
    await rig.rest()
    rig.link.tell(EVENT.TARGET_SPEED_CHANGED, 4.5)
    await rig.run(0.1)
    assert rig.heard(TargetChanged) == []


async def test_a_target_of_somebody_else_takes_the_place_of_ours(rig: Any) -> None:
    await rig.walk()
    await rig.do(SetSpeed(300))
    rig.link.tell(EVENT.TARGET_SPEED_CHANGED, 2.0)
    await rig.run(1.0)
    await rig.do(SetSpeed(300))
    assert len(rig.link.commands()) == 2


# The end of a link


async def test_a_lost_link_is_the_last_report_and_everything_after_it_is_unknown(rig: Any) -> None:
    await rig.walk()
    rig.link.lose()
    rig.link.report(1.0)
    await rig.run(0.1)
    assert rig.reports[-1][1] == LinkLost("the machine ended the link")
    assert rig.reading.done()
    for command in (StopBelt(), SetSpeed(300), StartBelt()):
        outcome = await rig.do(command, 0)
        assert isinstance(outcome, Unknown)
    assert rig.link.commands() == []


@pytest.mark.parametrize("command", [StopBelt(), SetSpeed(300)])
@pytest.mark.parametrize("how", ["hanging write", "no answer"])
@pytest.mark.parametrize("end", ["lost", "closed"])
async def test_what_is_in_flight_when_the_link_ends_is_unknown_at_once(
    rig: Any, command: Any, how: str, end: str
) -> None:
    await rig.walk()
    rig.link.hangs = how == "hanging write"
    rig.link.silent |= {2, 8}
    asked = rig.ask(command)
    await rig.run(0.3)
    assert not asked.done()
    if end == "lost":
        rig.link.lose()
    else:
        await rig.connection.reader.close()
    await rig.run(0)
    assert isinstance(asked.result(), Unknown)
    assert ("gone" if end == "lost" else "closed") in asked.result().reason


async def test_a_close_never_hangs_and_the_second_does_no_harm(rig: Any) -> None:
    rig.link.close_hangs = True
    closing = asyncio.gather(rig.connection.reader.close(), rig.connection.reader.close())
    await rig.run(0.81)
    assert closing.done()
    assert rig.reading.done()
    rig.link.close_hangs = False


async def test_closing_between_two_reports_ends_them(rig: Any) -> None:
    rig.link.report(0)
    await rig.run(1.0)
    await rig.connection.reader.close()
    await rig.run(0)
    assert rig.reading.done()
    assert rig.reading.exception() is None


async def test_a_reader_that_is_called_off_and_a_command_that_is_given_up_leave_nothing_behind(rig: Any) -> None:
    await rig.walk()
    rig.link.silent.add(2)
    asked = rig.ask(SetSpeed(300))
    await rig.run(0.3)
    asked.cancel()
    rig.reading.cancel()
    await rig.run(0)
    assert asked.cancelled()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
    assert await rig.do(StopBelt()) == Accepted()


async def test_the_reports_of_a_connection_can_be_read_once(rig: Any) -> None:
    with pytest.raises(RuntimeError, match="once"):
        await anext(rig.connection.reader.reports())
