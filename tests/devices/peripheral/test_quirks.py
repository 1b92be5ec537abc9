"""Every departure from the specification that a machine on the air can be given, as a client meets it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bleak.exc import BleakGATTProtocolError

from retrotread.devices.ftms import characteristics as known
from retrotread.devices.ftms.codec import Assembler, decode_treadmill_data
from retrotread.devices.peripheral.shape import PREAMBLE_HEX, PREAMBLE_UUID, QUIRKS, UNLOCK_HEX, UNLOCK_UUID, shape_of

# Records


async def record_of(on_air: Any, *quirks: str) -> list[bytes]:
    """The frames of the last two records of a belt at 3.2 km/h."""
    air = await on_air("well-behaved", *quirks)
    await air.run_at(320)
    return list(air.central.records[-4:])


async def test_full_a_record_has_every_field_that_is_not_a_matter_of_another_quirk(on_air: Any) -> None:
    data = decode_treadmill_data((await record_of(on_air, "full"))[-1]).value
    assert data.speed_kph == 3.2
    assert data.average_speed_kph == pytest.approx(2.3, abs=0.1)
    assert (data.energy_kcal, data.remaining_s, data.power_w) == ((data.distance_m or 0) * 60 // 1000, 0, 0)


async def test_split_the_first_frame_has_no_speed_and_the_second_ends_the_record(on_air: Any) -> None:
    first, second = (await record_of(on_air, "split"))[-2:]
    assert first[:2].hex() == "9f00"
    assert max(len(first), len(second)) <= 20
    assert decode_treadmill_data(first).value.more_data
    assert decode_treadmill_data(second).value.speed_kph == 3.2


async def test_cut_a_frame_ends_in_the_middle_of_what_its_flags_promise(on_air: Any) -> None:
    frame = (await record_of(on_air, "cut"))[-1]
    decoded = decode_treadmill_data(frame)
    assert len(frame) == 20
    assert decoded.value.speed_kph == 3.2
    assert [one.what.name for one in decoded.anomalies] == ["TRUNCATED"]


async def test_padded_frames_and_statuses_have_two_octets_to_spare(on_air: Any) -> None:
    air = await on_air("well-behaved", "padded")
    await air.run_at(320)
    await air.hand(air.treadmill.press_console_stop)
    assert [one.what.name for one in decode_treadmill_data(air.central.records[-1]).anomalies] == ["TRAILING"]
    assert air.central.statuses == ["02010000"]


@pytest.mark.parametrize(("quirk", "pace"), [("pace8", 1), ("pace16", 562)])
async def test_paces_are_one_octet_or_two(on_air: Any, quirk: str, pace: int) -> None:
    decoded = decode_treadmill_data((await record_of(on_air, quirk))[-1])
    assert decoded.value.pace_raw == pace
    assert decoded.anomalies == ()


async def test_steps_stand_in_the_reserved_bit(on_air: Any) -> None:
    frame = (await record_of(on_air, "steps"))[-1]
    assert frame[1] & 0x20
    data = decode_treadmill_data(frame).value
    assert data.steps == 2 * (data.distance_m or 0)


async def test_sentinels_stand_for_what_is_not_known(on_air: Any) -> None:
    frame = (await record_of(on_air, "sentinels"))[-1]
    assert bytes.fromhex("ff7f") in frame
    data = decode_treadmill_data(frame).value
    assert (data.descent_m, data.energy_per_hour_kcal, data.belt_force_n) == (None, None, None)


async def test_no_incline_reports(on_air: Any) -> None:
    frame = (await record_of(on_air, "no-incline-reports"))[-1]
    assert decode_treadmill_data(frame).value.incline_percent is None


async def test_set_point_told_the_reported_speed_jumps_where_the_belt_ramps(on_air: Any) -> None:
    air = await on_air("well-behaved", "set-point-told")
    await air.run_at(320)
    jumps = [later for earlier, later in pairwise(air.central.speeds_kph) if earlier == 0.5 != later]
    assert jumps == [3.2]


# Control


async def test_notified_answers_come_although_indications_were_asked_for(on_air: Any) -> None:
    """As captured from a Urevo E1L: subscribed with 0002, answered with handle value notifications."""
    air = await on_air("well-behaved", "notified-answers")
    assert await air.central.ask("00") == "800001"
    assert air.machine.station.device.gatt_server.indication_semaphores == {}


async def test_write_command_a_command_without_acknowledgement_is_obeyed(on_air: Any) -> None:
    air = await on_air("well-behaved", "write-command")
    await air.central.write("00", response=False)
    await air.central.write("07", response=False)
    await air.run_for(0)
    assert air.central.answers == ["800001", "800701"]


async def test_silent_control_is_granted_without_a_word(on_air: Any) -> None:
    air = await on_air("well-behaved", "silent-control")
    assert await air.central.ask("00") is None
    assert await air.central.ask("07") == "800701"


async def test_control_fails_and_commands_are_taken(on_air: Any) -> None:
    air = await on_air("well-behaved", "control-fails")
    assert await air.central.ask("00") == "800004"
    assert await air.central.ask("07") == "800701"


async def test_control_each_time_lasts_for_one_command(on_air: Any) -> None:
    air = await on_air("well-behaved", "control-each-time")
    assert await air.central.ask("00") == "800001"
    assert await air.central.ask("07") == "800701"
    assert await air.central.ask("0801") == "800805"


async def test_control_free_commands_are_taken_without(on_air: Any) -> None:
    assert await (await on_air("well-behaved", "control-free")).central.ask("07") == "800701"


async def test_preamble_is_wanted_before_every_command(on_air: Any) -> None:
    air = await on_air("well-behaved", "preamble")
    await air.central.ask("00")
    assert await air.central.ask("07") == "800705"
    await air.central.write(PREAMBLE_HEX, PREAMBLE_UUID)
    assert await air.central.ask("07") == "800701"
    assert await air.central.ask("0801") == "800805"


async def test_unlock_is_wanted_once(on_air: Any) -> None:
    air = await on_air("well-behaved", "unlock")
    await air.central.ask("00")
    assert await air.central.ask("07") == "800705"
    await air.central.write(UNLOCK_HEX, UNLOCK_UUID)
    assert await air.central.ask("07") == "800701"
    assert await air.central.ask("0801") == "800801"


async def test_slow_console_forgets_a_command_that_comes_too_soon(on_air: Any) -> None:
    air = await on_air("well-behaved", "slow-console")
    assert await air.central.ask("00") == "800001"
    await air.run_for(0.35)
    assert await air.central.ask("07") is None
    await air.run_for(0.05)
    assert await air.central.ask("07") == "800701"


async def test_one_at_a_time_refuses_a_command_before_the_last_one_is_answered(on_air: Any) -> None:
    air = await on_air("well-behaved?answer_s=1", "one-at-a-time")
    await air.central.ask("00")
    await air.central.write("07")
    with pytest.raises(BleakGATTProtocolError) as refused:
        await air.central.write("0801")
    assert refused.value.code == 0xFE
    await air.run_for(1)
    await air.central.write("0801")


@pytest.mark.parametrize(("quirk", "code"), [("refuses-writes", 0x80), ("wants-encryption", 0x0F)])
async def test_writes_that_are_refused_by_the_attribute_protocol(on_air: Any, quirk: str, code: int) -> None:
    air = await on_air("well-behaved", quirk)
    with pytest.raises(BleakGATTProtocolError) as refused:
        await air.central.write("00")
    assert refused.value.code == code


async def test_console_first_a_start_fails_until_somebody_pressed_it_at_the_console(on_air: Any) -> None:
    air = await on_air("well-behaved", "console-first")
    await air.central.ask("00")
    assert await air.central.ask("07") == "800704"
    await air.hand(air.treadmill.press_console_start)
    await air.hand(air.treadmill.press_console_stop)
    await air.run_for(10)
    assert await air.central.ask("07") == "800701"


async def test_early_set_drops_the_link(on_air: Any) -> None:
    air = await on_air("well-behaved", "early-set-drops")
    await air.central.ask("00")
    await air.central.ask("07")
    air.central.begin_write("022c01")
    await air.run_for(0.5)
    assert air.central.lost_at_s is not None


async def test_speed_locked_and_incline_dead_say_success_and_do_nothing(on_air: Any) -> None:
    air = await on_air("well-behaved", "speed-locked", "incline-dead")
    await air.central.ask("00")
    await air.central.ask("07")
    await air.run_for(10)
    assert await air.central.ask("022c01") == "800201"
    assert await air.central.ask("031e00") == "800301"
    await air.run_for(30)
    assert (air.treadmill.belt_speed_kph, air.treadmill.deck_incline_percent) == (0.5, 0.0)


# Status, subscriptions, ranges, advertisements


async def test_stale_status_an_old_start_comes_after_subscribing(on_air: Any) -> None:
    air = await on_air("well-behaved", "stale-status")
    await air.run_for(0.1)
    assert air.central.statuses == ["04"]


async def test_start_says_stopped(on_air: Any) -> None:
    air = await on_air("well-behaved", "start-says-stopped")
    await air.central.ask("00")
    await air.central.ask("07")
    assert air.central.statuses == ["0201"]


async def test_ramp_told_every_step_of_a_slowing_belt_is_a_target(on_air: Any) -> None:
    air = await on_air("well-behaved", "ramp-told")
    await air.run_at(320)
    assert await air.central.ask("0801") == "800801"
    await air.run_for(10)
    targets = [int.from_bytes(bytes.fromhex(one)[1:], "little") for one in air.central.statuses]
    assert len(targets) > 8
    assert targets == sorted(targets, reverse=True)


async def test_starts_on_connect_the_belt_moves_two_seconds_after_a_connection(on_air: Any) -> None:
    air = await on_air("well-behaved", "starts-on-connect")
    await air.run_for(1.9)
    assert air.treadmill.belt_speed_kph == 0
    await air.run_for(10)
    assert air.treadmill.belt_speed_kph == 1.0
    assert air.central.statuses == []


async def test_slow_cccd_a_subscription_that_comes_too_soon_is_acknowledged_and_forgotten(on_air: Any) -> None:
    air = await on_air("well-behaved", "slow-cccd", connected=False)
    await air.central.connect()
    for uuid in (known.TREADMILL_DATA, known.MACHINE_STATUS):
        await air.central.client.start_notify(uuid, air.central._noter(uuid))
    await air.run_for(2)
    await air.hand(air.treadmill.press_console_start)
    assert air.central.records
    assert air.central.statuses == []


async def test_mph_range_the_numbers_are_miles(on_air: Any) -> None:
    central = (await on_air("well-behaved", "mph-range")).central
    octets = await central.read(known.SPEED_RANGE)
    assert [int.from_bytes(octets[at : at + 2], "little") for at in (0, 2, 4)] == [31, 994, 6]


async def test_no_range_there_is_no_such_characteristic(on_air: Any) -> None:
    central = (await on_air("well-behaved", "no-range")).central
    present = {one.uuid for service in central.client.services for one in service.characteristics}
    assert known.SPEED_RANGE not in present
    assert known.INCLINE_RANGE in present


@pytest.mark.parametrize(
    ("quirk", "told"), [("advert-swapped", "010001"), ("advert-short", "0101"), ("advert-bare", None)]
)
async def test_what_an_advertisement_says_of_the_machine(on_air: Any, quirk: str, told: str | None) -> None:
    air = await on_air("well-behaved", quirk, connected=False)
    ((_, advert),) = (await air.central.look_around()).values()
    assert advert.local_name == "Tread"
    assert advert.service_data == ({known.FITNESS_MACHINE: bytes.fromhex(told)} if told else {})


def test_every_quirk_has_its_octets_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in QUIRKS if f'"{name}"' not in text] == []


def test_a_quirk_that_nobody_knows_is_refused_with_the_one_that_was_probably_meant() -> None:
    with pytest.raises(ValueError, match=r"no quirk 'spilt'.*perhaps 'split' is meant"):
        shape_of(["spilt"])


async def test_split_records_come_together_again(on_air: Any) -> None:
    assembler = Assembler()
    assembled = [assembler.take(frame) for frame in await record_of(on_air, "split")]
    records = [one.value for one in assembled if one is not None]
    assert [(one.speed_kph, one.incline_percent, one.elapsed_s is not None) for one in records] == [(3.2, 0, True)] * 2
