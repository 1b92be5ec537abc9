"""The simulated treadmill on the air, octet by octet, to a bare client."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from bleak.exc import BleakError, BleakGATTProtocolError

from retrotread.devices.ftms import characteristics as known
from retrotread.devices.gatt.link import uuid16


async def test_it_advertises_its_name_its_service_and_that_it_is_a_treadmill(on_air: Any) -> None:
    air = await on_air(connected=False, name="Tread 7")
    ((device, advert),) = (await air.central.look_around()).values()
    assert advert.local_name == "Tread 7"
    assert advert.service_uuids == [known.FITNESS_MACHINE]
    assert advert.service_data == {known.FITNESS_MACHINE: bytes.fromhex("010100")}
    assert device.address == air.machine.station.address


async def test_a_machine_that_is_held_does_not_advertise_and_does_again_when_it_is_let_go(on_air: Any) -> None:
    air = await on_air()
    assert await air.central.look_around() == {}
    await air.clock.finish(air.central.client.disconnect())
    await air.run_for(0.5)
    assert len(await air.central.look_around()) == 1


async def test_its_table_has_every_characteristic_of_a_treadmill_and_says_what_it_is(on_air: Any) -> None:
    central = (await on_air()).central
    present = {one.uuid for service in central.client.services for one in service.characteristics}
    assert present >= {uuid16(number) for number in (0x2ACC, 0x2ACD, 0x2AD3, 0x2AD4, 0x2AD5, 0x2AD9, 0x2ADA)}
    assert (await central.read(known.SPEED_RANGE)).hex() == "320040060a00"
    assert (await central.read(known.INCLINE_RANGE)).hex() == "000078000500"
    assert (await central.read(known.FEATURE)).hex() == "0d12000003000000"
    assert await central.read(known.MANUFACTURER) == b"Retrotread"
    assert await central.read(known.MODEL) == b"simulated"


async def test_records_come_at_its_period_with_speed_distance_incline_and_time(on_air: Any) -> None:
    air = await on_air()
    await air.run_at(320)
    last = air.central.records[-1]
    assert last[:4].hex() == "0c044001"
    assert int.from_bytes(last[4:7], "little") == int(air.treadmill.belt_travel_m)
    times = [one.at_s for one in air.central.heard(known.TREADMILL_DATA)]
    gaps = {round(later - earlier, 3) for earlier, later in pairwise(times)}
    assert gaps == {0.25}


async def test_without_control_every_command_is_not_permitted_and_nothing_moves(on_air: Any) -> None:
    air = await on_air()
    for command, answer in (("07", "800705"), ("022c01", "800205"), ("030a00", "800305"), ("0801", "800805")):
        assert await air.central.ask(command) == answer
    await air.run_for(20)
    assert set(air.central.speeds_kph) == {0.0}


async def test_a_workout_by_octets(on_air: Any) -> None:
    air = await on_air()
    await air.run_at(640)
    assert air.treadmill.belt_speed_kph == pytest.approx(6.4)
    assert await air.central.ask("031e00") == "800301"
    await air.run_for(20)
    assert air.treadmill.deck_incline_percent == pytest.approx(3.0)
    assert await air.central.ask("0801") == "800801"
    await air.run_for(20)
    assert air.central.speeds_kph[-1] == 0


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("02", "800203"),
        ("02ff", "800203"),
        ("02ffff", "800203"),
        ("020100", "800203"),
        ("03", "800303"),
        ("03f6ff", "800303"),
        ("03ff7f", "800303"),
        ("08", "800803"),
        ("0803", "800803"),
        ("04010000", "800402"),
        ("20", "802002"),
        ("80", "808002"),
        ("ff", "80ff02"),
    ],
)
async def test_a_command_that_makes_no_sense_is_refused_by_its_code(on_air: Any, command: str, answer: str) -> None:
    air = await on_air()
    await air.run_at(320)
    assert await air.central.ask(command) == answer
    await air.run_for(10)
    assert air.treadmill.belt_speed_kph == pytest.approx(3.2)


async def test_a_start_of_a_running_belt_fails(on_air: Any) -> None:
    air = await on_air()
    await air.run_at(320)
    assert await air.central.ask("07") == "800704"


async def test_an_empty_write_is_an_error_of_the_attribute_protocol(on_air: Any) -> None:
    air = await on_air()
    with pytest.raises(BleakGATTProtocolError) as refused:
        await air.central.write("")
    assert refused.value.code == 0x0D


async def test_a_command_of_a_client_that_has_not_subscribed_to_the_answers_is_refused(on_air: Any) -> None:
    air = await on_air(connected=False)
    await air.central.connect()
    with pytest.raises(BleakGATTProtocolError) as refused:
        await air.central.write("00")
    assert refused.value.code == 0xFD


async def test_a_reset_stops_the_belt_and_gives_the_control_back(on_air: Any) -> None:
    air = await on_air()
    await air.run_at(320)
    assert await air.central.ask("01") == "800101"
    assert air.central.statuses[-1] == "01"
    assert await air.central.ask("022c01") == "800205"
    await air.run_for(20)
    assert air.treadmill.belt_speed_kph == 0


async def test_the_console_is_heard_in_the_status(on_air: Any) -> None:
    air = await on_air()
    await air.hand(air.treadmill.press_console_start)
    await air.run_for(10)
    await air.hand(air.treadmill.press_console_stop)
    await air.run_for(10)
    await air.hand(air.treadmill.press_console_start)
    await air.run_for(10)
    await air.hand(air.machine.press_console_pause)
    await air.run_for(10)
    assert air.treadmill.belt_speed_kph == 0
    await air.hand(air.treadmill.press_console_start)
    await air.run_for(10)
    await air.hand(air.treadmill.press_console_stop)
    await air.hand(air.treadmill.pull_safety_key)
    assert air.central.statuses == ["04", "0201", "04", "0202", "04", "0201", "03"]


async def test_a_key_at_the_console_is_told_at_once_and_not_with_the_next_look(on_air: Any) -> None:
    air = await on_air("slow-reporter")
    await air.run_for(3.4)
    pulled_s = air.clock.now_s()
    await air.hand(air.treadmill.pull_safety_key)
    assert air.central.heard(known.MACHINE_STATUS)[-1].at_s == pulled_s


async def test_the_training_status_follows_the_belt(on_air: Any) -> None:
    air = await on_air()
    assert (await air.central.read(known.TRAINING_STATUS)).hex() == "0001"
    await air.run_at(320)
    assert (await air.central.read(known.TRAINING_STATUS)).hex() == "000d"
    assert [one.octets.hex() for one in air.central.heard(known.TRAINING_STATUS)] == ["000d"]


async def test_when_the_client_goes_the_belt_runs_on_and_who_comes_back_has_to_ask_for_control_anew(
    on_air: Any,
) -> None:
    air = await on_air()
    await air.run_at(320)
    await air.clock.finish(air.central.client.disconnect())
    await air.run_for(20)
    assert air.treadmill.belt_speed_kph == pytest.approx(3.2)
    await air.central.connect()
    await air.central.subscribe()
    assert await air.central.ask("0801") == "800805"
    assert await air.central.ask("00") == "800001"
    assert await air.central.ask("0801") == "800801"


async def test_a_machine_that_leaves_without_a_word_is_a_lost_link(on_air: Any) -> None:
    air = await on_air()
    await air.clock.finish(air.machine.stop())
    await air.run_for(0.1)
    assert air.central.lost_at_s is not None
    with pytest.raises(BleakError, match=r"[Nn]ot connected"):
        await air.central.write("00")


@pytest.mark.parametrize("after_s", [0.01, 0.06, 0.13])
async def test_an_answer_that_takes_its_time_comes_at_its_moment_and_not_with_the_next_look(
    on_air: Any, after_s: float
) -> None:
    air = await on_air("slow-reporter?answer_s=0.1")
    await air.central.ask("00")
    await air.run_for(after_s)
    asked_s = air.clock.now_s()
    await air.central.write("0801")
    await air.run_for(1)
    assert round(air.central.heard(known.CONTROL_POINT)[-1].at_s - asked_s, 3) == 0.1
