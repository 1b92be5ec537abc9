"""Which adapter an address leads to, and a sealed sheet that holds for that adapter alone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import serial.tools.list_ports

from retrotread.clock import Clock
from retrotread.devices.address import Address, parse_address
from retrotread.devices.connection import Connection
from retrotread.devices.serialport import bound, ports
from retrotread.devices.serialport.bound import reach_bound
from retrotread.devices.serialport.ports import PortSeen, lasting_name, number_of
from retrotread.devices.sheet import Sheet
from retrotread.devices.trackmaster.reach import CAREFUL, connection_over
from retrotread.devices.trackmaster.setup import trackmaster_setup
from retrotread.devices.trackmaster.simulated import Setup, TrackmasterMachine
from retrotread.machine import Identity, Qualification, SpeedUnit

ADDRESS = "serial+trackmaster:///dev/ttyUSB0?units=kph"
LASTING = "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0"
HERE = Identity(LASTING, "USB serial number A50285BI", "Trackmaster", "figures in km/h")
SEALED = Sheet(
    replace(CAREFUL, speed_unit=SpeedUnit.KPH, qualification=Qualification.FULL, reverses=True), sealed_for=HERE
)

Reached = Callable[..., Any]


@pytest.fixture
def by_id(tmp_path: Path) -> Path:
    """A folder of lasting names, one of which leads to a device."""
    folder = tmp_path / "by-id"
    folder.mkdir()
    (tmp_path / "ttyUSB0").touch()
    (folder / "usb-FTDI_FT232R_A50285BI-if00-port0").symlink_to("../ttyUSB0")
    (folder / "usb-gone").symlink_to("../ttyUSB9")
    return folder


def listed(monkeypatch: pytest.MonkeyPatch, **adapter: object) -> None:
    """The system lists one port."""
    known: dict[str, object] = {"product": "FT232R USB UART", "manufacturer": "FTDI", "serial_number": "A50285BI"}
    monkeypatch.setattr(serial.tools.list_ports, "comports", lambda: [SimpleNamespace(**known | adapter)])


@pytest.fixture
def reached(wire_to: Any, clock: Any, monkeypatch: pytest.MonkeyPatch) -> Reached:
    """A machine behind an adapter, as ``connect`` reaches it; ``number`` is the adapter's own."""

    async def reach(sheet: Sheet | None, number: str | None = "A50285BI", address: str = ADDRESS) -> Connection:
        async def over_a_wire(at: Address, clock: Clock, sheet: Sheet | None) -> Connection:
            machine = TrackmasterMachine(Setup(unit=SpeedUnit.KPH, speed_min_tenths=8), clock.now_s())
            return await connection_over(wire_to(machine), clock, trackmaster_setup(at.name, at.options), sheet)

        monkeypatch.setattr(bound, "number_of", lambda _port: number)
        monkeypatch.setattr(bound, "lasting_name", lambda port: LASTING if number == "A50285BI" else port)
        reaching = asyncio.ensure_future(reach_bound(over_a_wire, parse_address(address), clock, sheet))
        await clock.run_until(clock.now_s() + 3)
        connection = reaching.result()
        await connection.reader.close()
        return connection

    return reach


def test_a_port_has_its_lasting_name_and_its_number(by_id: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = str(by_id.parent / "ttyUSB0")
    lasting = str(by_id / "usb-FTDI_FT232R_A50285BI-if00-port0")
    listed(monkeypatch, device=device)
    assert ports.ports(by_id) == (PortSeen(lasting, device, "FT232R USB UART", "FTDI", "A50285BI"),)
    assert [number_of(name, by_id) for name in (device, lasting, "/dev/pts/7")] == ["A50285BI", "A50285BI", None]


def test_an_adapter_without_a_number_and_a_port_without_a_lasting_name_say_so(
    by_id: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(monkeypatch, device="/dev/ttyUSB7", product=None, manufacturer=None, serial_number=None)
    assert ports.ports(by_id) == (PortSeen("/dev/ttyUSB7", "/dev/ttyUSB7"),)
    assert number_of("/dev/ttyUSB7", by_id) is None
    assert lasting_name("/dev/ttyUSB7", by_id / "nowhere") == "/dev/ttyUSB7"


@pytest.mark.parametrize(
    "number",
    ["0001", "0000", "0", "1", "00000000", "FFFFFFFF", "1234", "123456", "12345678", "1234567890", "0123456789abcdef"],
)
def test_a_number_that_adapters_come_with_from_the_factory_is_none(
    number: str, by_id: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(monkeypatch, device="/dev/ttyUSB7", serial_number=number)
    assert number_of("/dev/ttyUSB7", by_id) is None


@pytest.mark.parametrize("number", ["A50285BI", "0002", "123457", "AB0CD1EF"])
def test_any_other_number_is_its_own(number: str, by_id: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, device="/dev/ttyUSB7", serial_number=number)
    assert number_of("/dev/ttyUSB7", by_id) == number


def test_no_port_is_opened_to_list_it(by_id: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, device=str(by_id.parent / "ttyUSB0"))
    monkeypatch.setattr(os, "open", lambda *_arguments: pytest.fail("opened"))
    monkeypatch.setattr(serial, "Serial", lambda *_arguments, **_options: pytest.fail("opened"))
    assert len(ports.ports(by_id)) == 1


async def test_the_identity_of_a_machine_names_its_adapter(reached: Reached) -> None:
    connection = await reached(None)
    assert connection.identity == HERE


async def test_the_sealed_machine_is_driven(reached: Reached) -> None:
    connection = await reached(SEALED)
    assert (connection.remark, connection.reader.profile.qualification) == (None, Qualification.FULL)


async def test_another_adapter_under_the_same_name_is_read_and_not_driven(reached: Reached) -> None:
    connection = await reached(SEALED, number="B7")
    assert "its address was" in connection.remark
    assert "is '/dev/ttyusb0'" in connection.remark
    profile = connection.reader.profile
    assert (profile.qualification, profile.reverses) == (Qualification.NONE, False)


async def test_the_other_unit_in_the_address_breaks_the_seal(reached: Reached) -> None:
    connection = await reached(SEALED, address=ADDRESS.replace("kph", "mph"))
    assert "its model was 'figures in km/h' and is 'figures in mph'" in connection.remark
    assert connection.reader.profile.qualification is Qualification.NONE


async def test_a_machine_of_another_maker_behind_the_same_adapter_is_not_driven(reached: Reached) -> None:
    connection = await reached(replace(SEALED, sealed_for=replace(HERE, manufacturer="Biodex")))
    assert "its maker was 'Biodex' and is 'Trackmaster'" in connection.remark
    assert connection.reader.profile.qualification is Qualification.NONE


async def test_an_adapter_without_a_number_asks_for_a_hand_at_the_console_before_arming(reached: Reached) -> None:
    nameless = replace(SEALED, sealed_for=Identity("/dev/ttyUSB0", "", "Trackmaster", "figures in km/h"))
    connection = await reached(nameless, number=None)
    assert connection.remark.startswith("the adapter at /dev/ttyUSB0 has no serial number")
    assert "before you arm, press the emergency stop or a key at the console" in connection.remark
    assert connection.reader.profile.unnumbered
    assert not (await reached(SEALED)).reader.profile.unnumbered


async def test_that_nobody_has_tried_it_out_does_not_hide_that_its_adapter_has_no_number(reached: Reached) -> None:
    remark = (await reached(None, number=None)).remark
    assert remark.startswith("nobody has tried this machine out")
    assert "; the adapter at /dev/ttyUSB0 has no serial number" in remark
