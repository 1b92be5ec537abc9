"""Every fault of the simulated treadmill, as a client meets it: in octets, missing octets and broken links."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.ftms import characteristics as known
from retrotread.devices.simulated.faults import FAULTS

SLOW_WALK_CKPH = 320
AT_S = 60


async def walking(on_air: Any, fault: str, *quirks: str) -> Any:
    """A belt at 3.2 km/h, five seconds before its fault, and with every note of the way there thrown away."""
    air = await on_air(f"well-behaved?fault={fault}@{AT_S}", *quirks)
    begun_s = air.clock.now_s()
    await air.run_at(SLOW_WALK_CKPH)
    await air.clock.run_until(begun_s + AT_S - 5)
    air.central.told.clear()
    return air


async def test_silent_no_record_comes_any_more_while_the_link_stays_and_the_belt_goes_on(on_air: Any) -> None:
    air = await walking(on_air, "silent")
    await air.run_for(5)
    told = len(air.central.records)
    await air.run_for(30)
    assert len(air.central.records) == told
    assert air.central.client.is_connected
    assert air.treadmill.belt_speed_kph == pytest.approx(3.2)


async def test_ignore_stop_the_answer_says_success_and_the_records_say_no_change(on_air: Any) -> None:
    air = await walking(on_air, "ignore-stop")
    await air.run_for(6)
    assert await air.central.ask("0801") == "800801"
    await air.run_for(20)
    assert set(air.central.speeds_kph) == {3.2}


async def test_self_start_a_still_belt_begins_to_report_motion_without_a_status(on_air: Any) -> None:
    air = await on_air(f"well-behaved?fault=self-start@{AT_S}")
    await air.run_for(AT_S + 20)
    assert air.central.speeds_kph[0] == 0
    assert air.central.speeds_kph[-1] == 3.0
    assert air.central.statuses == []


async def test_drop_the_link_ends_and_nobody_advertises_any_more(on_air: Any) -> None:
    air = await walking(on_air, "drop")
    await air.run_for(6)
    assert air.central.lost_at_s is not None
    await air.run_for(60)
    assert await air.central.look_around() == {}
    assert air.treadmill.belt_speed_kph == pytest.approx(3.2)


async def test_drop_return_the_link_ends_and_three_seconds_later_the_machine_is_heard_again(on_air: Any) -> None:
    air = await walking(on_air, "drop-return")
    await air.run_for(6)
    lost_s = air.central.lost_at_s
    assert lost_s is not None
    assert await air.central.look_around() == {}
    await air.clock.run_until(lost_s + 3.5)
    await air.central.connect()
    await air.central.subscribe()
    await air.run_for(2)
    assert air.central.speeds_kph[-1] == 3.2


async def test_frozen_every_record_is_the_last_one_octet_for_octet(on_air: Any) -> None:
    air = await walking(on_air, "frozen")
    await air.run_for(5)
    frozen = len(air.central.records)
    await air.run_for(20)
    assert len(set(air.central.records[:frozen])) > 1
    assert len(set(air.central.records[frozen:])) == 1


async def test_spike_one_record_is_fifteen_kilometres_an_hour_too_high(on_air: Any) -> None:
    air = await walking(on_air, "spike")
    await air.run_for(20)
    assert [one for one in air.central.speeds_kph if one != 3.2] == [pytest.approx(18.2)]


async def test_runaway_the_records_rise_and_a_set_point_is_taken_without_effect(on_air: Any) -> None:
    air = await walking(on_air, "runaway")
    await air.run_for(12)
    assert air.central.speeds_kph[-1] == pytest.approx(12.0)
    assert await air.central.ask("022c01") == "800201"
    await air.run_for(5)
    assert air.central.speeds_kph[-1] == pytest.approx(12.0)
    assert await air.central.ask("0801") == "800801"
    await air.run_for(20)
    assert air.central.speeds_kph[-1] == 0


async def test_stuck_write_a_write_is_never_acknowledged_and_what_is_sent_behind_it_waits(on_air: Any) -> None:
    air = await walking(on_air, "stuck-write")
    await air.run_for(6)
    stuck, behind = air.central.begin_write("0801"), air.central.begin_write("0801")
    await air.run_for(10)
    assert not stuck.done()
    assert not behind.done()
    assert air.central.answers == []
    assert air.central.speeds_kph[-1] == 3.2  # records still come
    await air.clock.finish(air.central.client.disconnect())
    await air.run_for(1)
    results = await asyncio.gather(stuck, behind, return_exceptions=True)
    assert all(isinstance(one, Exception) for one in results)


async def test_stuck_write_a_new_connection_obeys(on_air: Any) -> None:
    air = await walking(on_air, "stuck-write")
    await air.run_for(6)
    stuck = air.central.begin_write("0801")
    await air.clock.finish(air.central.client.disconnect())
    await air.central.connect()
    await air.central.subscribe()
    assert await air.central.ask("00") == "800001"
    assert await air.central.ask("0801") == "800801"
    await asyncio.gather(stuck, return_exceptions=True)


async def test_late_answers_the_write_is_acknowledged_at_once_and_the_answer_comes_later(on_air: Any) -> None:
    air = await walking(on_air, "late-answers")
    await air.run_for(6)
    asked_s = air.clock.now_s()
    assert await air.central.ask("0801") is None
    await air.run_for(5)
    (answer,) = air.central.heard(known.CONTROL_POINT)
    assert (answer.octets.hex(), round(answer.at_s - asked_s, 3)) == ("800801", 0.7)


async def test_doubled_answers_the_same_indication_comes_twice(on_air: Any) -> None:
    air = await walking(on_air, "doubled-answers")
    await air.run_for(6)
    asked_s = air.clock.now_s()
    await air.central.write("0801")
    await air.run_for(5)
    heard = air.central.heard(known.CONTROL_POINT)
    assert [one.octets.hex() for one in heard] == ["800801", "800801"]
    assert [round(one.at_s - asked_s, 3) for one in heard] == [0.2, 0.5]


@pytest.mark.parametrize(("fault", "status", "speed_kph"), [("raise", "05d601", 4.7), ("lower", "05dc00", 2.2)])
async def test_foreign_set_points_are_told_and_followed(on_air: Any, fault: str, status: str, speed_kph: float) -> None:
    air = await walking(on_air, f"foreign-{fault}")
    await air.run_for(15)
    assert air.central.statuses == [status]
    assert air.central.speeds_kph[-1] == pytest.approx(speed_kph)


async def test_foreign_takeover_status_ff_and_every_command_is_not_permitted(on_air: Any) -> None:
    air = await walking(on_air, "foreign-takeover")
    await air.run_for(6)
    assert air.central.statuses == ["ff"]
    assert await air.central.ask("022c01") == "800205"
    assert await air.central.ask("00") == "800005"
    assert await air.central.ask("0801") == "800805"


async def test_flood_two_hundred_records_a_second_and_the_answers_come_all_the_same(on_air: Any) -> None:
    air = await walking(on_air, "flood")
    await air.run_for(6)
    air.central.told.clear()
    await air.run_for(2)
    assert 398 <= len(air.central.records) <= 402
    assert await air.central.ask("0801") == "800801"


async def test_console_reboot_a_record_of_zero_amid_a_belt_that_rolls_out_and_no_status(on_air: Any) -> None:
    air = await walking(on_air, "console-reboot")
    await air.run_for(10)
    speeds_kph = air.central.speeds_kph
    zero = speeds_kph.index(0.0)
    assert speeds_kph[zero - 1] == 3.2
    assert 1.0 < speeds_kph[zero + 1] < 3.2
    assert air.central.statuses == []
    await air.run_for(30)
    assert air.central.speeds_kph[-1] > 0, "nobody told it to stop: it starts again by itself"


def test_every_fault_has_its_octets_here() -> None:
    """A new fault is not on the air until somebody has looked at what it looks like there."""
    text = Path(__file__).read_text(encoding="utf-8")
    named = {name for name in FAULTS if f'"{name}"' in text or f"fault={name}@" in text}
    assert named | {"foreign-raise", "foreign-lower"} == set(FAULTS)
