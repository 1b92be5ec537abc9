"""The first seconds with a machine: what is asked in which order, who it is, and why it may not be moved."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from retrotread.devices.errors import ConnectFailed
from retrotread.devices.ftms.characteristics import (
    CONTROL_POINT,
    FIRMWARE,
    INCLINE_RANGE,
    MACHINE_STATUS,
    MODEL,
    SPEED_RANGE,
    TREADMILL_DATA,
)
from retrotread.devices.ftms.claims import UNKNOWN_TREADMILL
from retrotread.devices.ftms.dialect import ControlRequest, GattWrite
from retrotread.devices.ftms.reach import connection_over
from retrotread.devices.gatt.link import GattRefused
from retrotread.machine import (
    Accepted,
    Capabilities,
    Identity,
    Qualification,
    Rejected,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
    Unknown,
)

VENDOR = "d18d2c10-c44c-11e8-a355-529269fb1459"
MET = Identity("C4:22:05:1A:00:0B", "SCRIPT-1", "Nobody", "Model T", "V10")


async def test_subscriptions_come_first_one_after_another_with_the_gap_of_the_family(
    reach: Any, sheet_with: Any, clock: Any
) -> None:
    began_s = clock.now_s()
    rig = await reach(sheet_with(subscribe_gap_ms=200))
    assert rig.link.subscribed == [
        (began_s, CONTROL_POINT),
        (pytest.approx(began_s + 0.2), MACHINE_STATUS),
        (pytest.approx(began_s + 0.4), TREADMILL_DATA),
    ]
    assert rig.link.written[0][0] >= began_s + 0.4


async def test_the_unlock_of_a_family_is_written_once_and_before_control_is_asked_for(
    reach: Any, sheet_with: Any
) -> None:
    rig = await reach(sheet_with(unlock=(GattWrite(VENDOR, "aa01000155"), GattWrite(VENDOR, "02510b03"))))
    assert [(uuid, octets.hex()) for _, uuid, octets in rig.link.written] == [
        (VENDOR, "aa01000155"),
        (VENDOR, "02510b03"),
        (CONTROL_POINT, "00"),
    ]


async def test_who_only_listens_writes_nothing_and_is_told_the_reports(reach: Any, sheet_with: Any) -> None:
    rig = await reach(sheet_with(unlock=(GattWrite(VENDOR, "aa01000155"),)), listen=True)
    assert rig.link.written == []
    assert rig.connection.remark == "this connection only listens; its commands are not sent"
    assert isinstance(await rig.do(StartBelt()), Rejected)
    assert rig.link.written == []


async def test_connecting_moves_nothing(rig: Any) -> None:
    assert rig.link.commands() == ["00"]


async def test_a_machine_says_who_it_is(rig: Any) -> None:
    assert rig.connection.identity == MET
    assert rig.connection.remark is None


async def test_the_text_of_a_machine_can_be_shown(reach: Any, link: Any) -> None:
    link.values[MODEL] = b"\x1b[2J\x1b[31mPWNED\x00\xff\xfe"
    link.name = "T\u202ereversed\x1b]0;x\x07"
    identity = (await reach()).connection.identity
    assert f"{identity.name}{identity.model}".isprintable()


# Ranges


async def test_a_machine_that_nobody_knows_has_its_own_ranges_and_careful_figures(reach: Any) -> None:
    profile = (await reach()).profile
    assert profile.capabilities == Capabilities(80, 2000, 10, 120, 5)
    assert profile.qualification is Qualification.NONE
    assert profile.name == "SCRIPT-1"
    assert profile.answer_within_ms == 2600
    assert replace(profile, capabilities=UNKNOWN_TREADMILL.capabilities, name="", answer_within_ms=0) == replace(
        UNKNOWN_TREADMILL, name="", answer_within_ms=0
    )


@pytest.mark.parametrize(
    "octets", ["", "50", "d0075000", "d00750000a00", "000000000000", "0000d0070a00", "5000ffff0a00", "b004d0070a00"]
)
async def test_a_range_that_no_belt_has_is_not_believed(reach: Any, link: Any, octets: str) -> None:
    link.values[SPEED_RANGE] = bytes.fromhex(octets)
    assert (await reach()).profile.capabilities.speed_max_ckph == UNKNOWN_TREADMILL.capabilities.speed_max_ckph


async def test_a_range_without_an_increment_keeps_its_ends(reach: Any, link: Any) -> None:
    link.values[SPEED_RANGE] = bytes.fromhex("6400e8030000")
    link.values[INCLINE_RANGE] = bytes.fromhex("0000640000")
    assert (await reach()).profile.capabilities == Capabilities(100, 1000, 10, 100, 10)


@pytest.mark.parametrize("octets", ["000000000000", "78000000", "ceff00000a00", "0000ff7f0a00"])
async def test_a_deck_that_does_not_rise_or_cannot_be_has_no_incline(reach: Any, link: Any, octets: str) -> None:
    link.values[INCLINE_RANGE] = bytes.fromhex(octets)
    assert (await reach()).profile.capabilities.incline_max_dpct == 0


async def test_ranges_that_are_not_the_machines_own_are_not_looked_at(reach: Any, sheet_with: Any) -> None:
    profile = replace(sheet_with().profile, capabilities=Capabilities(100, 610, 16))
    rig = await reach(sheet_with(profile, ranges_trusted=False))
    assert rig.profile.capabilities == Capabilities(100, 610, 16)


async def test_of_a_qualified_machine_a_published_range_can_only_narrow_what_is_known(
    reach: Any, sheet_with: Any
) -> None:
    known = replace(sheet_with().profile, capabilities=Capabilities(60, 1200, 10, 150, 5))
    sealed = replace(sheet_with(known), sealed_for=MET)
    assert (await reach(sealed)).profile.capabilities == Capabilities(80, 1200, 10, 120, 5)


# Seals


async def test_the_machine_that_was_qualified_is_what_its_seal_says(reach: Any, sheet_with: Any) -> None:
    full = replace(sheet_with().profile, qualification=Qualification.FULL)
    rig = await reach(replace(sheet_with(full), sealed_for=replace(MET, address=MET.address.lower())))
    assert rig.profile.qualification is Qualification.FULL
    assert rig.connection.remark is None


@pytest.mark.parametrize(
    ("differs", "words"),
    [
        ({"firmware": "V9"}, "its firmware was 'V9' and is 'V10'"),
        ({"model": "Model S"}, "its model was 'Model S' and is 'Model T'"),
        ({"name": "SCRIPT-2"}, "its name was 'SCRIPT-2' and is 'SCRIPT-1'"),
        ({"address": "00:00:00:00:00:00"}, "its address was '00:00:00:00:00:00' and is 'c4:22:05:1a:00:0b'"),
    ],
)
async def test_another_machine_than_the_qualified_one_is_only_read_and_the_remark_says_what_differs(
    reach: Any, sheet_with: Any, differs: dict[str, str], words: str
) -> None:
    full = replace(sheet_with().profile, qualification=Qualification.FULL)
    rig = await reach(replace(sheet_with(full), sealed_for=replace(MET, **differs)))
    assert rig.profile.qualification is Qualification.NONE
    assert words in rig.connection.remark
    assert "qualify it again" in rig.connection.remark


async def test_a_name_that_was_not_heard_this_time_makes_no_other_machine(
    reach: Any, sheet_with: Any, link: Any
) -> None:
    link.name = ""
    full = replace(sheet_with().profile, qualification=Qualification.FULL)
    assert (await reach(replace(sheet_with(full), sealed_for=MET))).connection.remark is None


async def test_a_machine_that_leaves_out_what_it_told_is_only_read_and_is_not_called_another_one(
    reach: Any, sheet_with: Any, link: Any
) -> None:
    link.missing.add(FIRMWARE)
    full = replace(sheet_with().profile, qualification=Qualification.FULL)
    rig = await reach(replace(sheet_with(full), sealed_for=MET))
    assert rig.profile.qualification is Qualification.NONE
    assert "nothing shows that this is the treadmill" in rig.connection.remark
    assert "it did not tell its firmware ('V10' when it was qualified)" in rig.connection.remark


# Control


async def test_a_machine_that_gives_no_control_is_read_and_only_stopped(reach: Any, sheet_with: Any, link: Any) -> None:
    link.results[0] = 5
    rig = await reach(sheet_with())
    assert "does not give this program control" in rig.connection.remark
    await rig.rest()
    assert await rig.do(StartBelt()) == Rejected(rig.connection.remark)
    assert len(rig.heard(Telemetry)) == 1
    await rig.do(StopBelt())
    assert rig.link.commands() == ["00", "0801"]


async def test_a_machine_that_does_not_answer_the_request_gives_no_control(
    reach: Any, sheet_with: Any, link: Any
) -> None:
    link.silent.add(0)
    rig = await reach(sheet_with())
    assert rig.connection.remark == "the treadmill did not answer the request for control within 1.5 s"


@pytest.mark.parametrize(
    ("control", "silent", "result", "granted"),
    [
        (ControlRequest.SILENT, True, 1, True),
        (ControlRequest.SILENT, False, 1, True),
        (ControlRequest.SILENT, False, 5, False),
        (ControlRequest.REFUSED, False, 4, True),
        (ControlRequest.REFUSED, False, 1, True),
        (ControlRequest.REFUSED, True, 1, False),
    ],
)
async def test_a_family_whose_answer_is_known_to_mean_yes_gives_control(
    reach: Any, sheet_with: Any, link: Any, control: ControlRequest, silent: bool, result: int, granted: bool
) -> None:
    link.results[0] = result
    if silent:
        link.silent.add(0)
    rig = await reach(sheet_with(control=control))
    assert (rig.connection.remark is None) is granted


async def test_a_machine_without_a_control_point_is_read_and_every_command_refused(reach: Any, link: Any) -> None:
    link.missing.add(CONTROL_POINT)
    rig = await reach()
    assert "no control point" in rig.connection.remark
    for command in (StopBelt(), StartBelt(), SetSpeed(300)):
        assert isinstance(await rig.do(command), Rejected)
    rig.link.report(2.0)
    await rig.run(0)
    assert len(rig.heard(Telemetry)) == 1
    assert rig.link.written == []


@pytest.mark.parametrize("uuid", [CONTROL_POINT, MACHINE_STATUS])
async def test_a_machine_whose_answers_or_events_want_pairing_is_read_and_says_so(
    reach: Any, link: Any, uuid: str
) -> None:
    subscribe = link.subscribe

    async def encrypted(wanted: str, heard: Any) -> None:
        if wanted == uuid:
            raise GattRefused("insufficient encryption", 0x0F)
        await subscribe(wanted, heard)

    link.subscribe = encrypted
    rig = await reach()
    assert "it wants an encrypted link; pair it" in rig.connection.remark
    await rig.rest()
    assert await rig.do(StartBelt()) == Rejected(rig.connection.remark)
    assert len(rig.heard(Telemetry)) == 1
    assert rig.link.written == []


async def test_a_machine_without_status_is_reached_all_the_same(reach: Any, link: Any) -> None:
    link.missing.add(MACHINE_STATUS)
    connection = (await reach()).connection
    assert (connection.remark, connection.tells_events) == (None, False)


async def test_a_machine_with_status_tells_its_events(reach: Any) -> None:
    assert (await reach()).connection.tells_events


# What goes wrong on the way


async def failing(link: Any, clock: Any, sheet: Any = None) -> str:
    connecting = asyncio.ensure_future(connection_over(link, clock, sheet))
    await clock.run_until(clock.now_s() + 20)
    with pytest.raises(ConnectFailed) as failed:
        connecting.result()
    assert link.closed == 1
    return str(failed.value)


async def test_a_machine_without_treadmill_data_is_none(link: Any, clock: Any) -> None:
    link.missing.add(TREADMILL_DATA)
    assert "it sends no treadmill data" in await failing(link, clock)


async def test_a_subscription_that_hangs_ends_the_try_and_lets_go_of_the_link(link: Any, clock: Any) -> None:
    async def never(*_: Any) -> None:
        await asyncio.get_running_loop().create_future()

    link.subscribe = never
    assert "did not answer in time" in await failing(link, clock)


async def test_a_link_that_is_lost_on_the_way_is_no_connection(link: Any, clock: Any, sheet_with: Any) -> None:
    async def lose(*_: Any) -> None:
        link.lose("the machine ended the link")

    link.write = lose
    assert "the machine ended the link" in await failing(link, clock, sheet_with())


async def test_values_that_hang_are_left_out(reach: Any, link: Any) -> None:
    async def never(_uuid: str) -> bytes:
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    link.read = never
    rig = await reach(None, 4.3)
    assert rig.connection.identity.model == ""
    assert rig.profile.capabilities == UNKNOWN_TREADMILL.capabilities


async def test_a_try_that_is_called_off_lets_go_of_the_link(link: Any, clock: Any) -> None:
    connecting = asyncio.ensure_future(connection_over(link, clock))
    await clock.run_until(clock.now_s() + 0.15)
    connecting.cancel()
    await clock.run_until(clock.now_s() + 1.0)
    assert connecting.cancelled()
    assert link.closed == 1


async def test_a_new_connection_knows_nothing_of_the_last_one(reach: Any, sheet_with: Any, link: Any) -> None:
    first = await reach(sheet_with())
    await first.walk()
    first.link.lose()
    second = await reach(sheet_with())
    assert isinstance(await first.do(StopBelt()), Unknown)
    assert isinstance(await second.do(SetSpeed(300)), Rejected)
    assert isinstance(await second.do(StartBelt()), Rejected)
    assert await second.do(StopBelt()) == Accepted()
