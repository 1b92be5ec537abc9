"""Links over bleak: a radio, a scanner and a client that do what a test says stand behind bleak's own classes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError
from bleak.exc import BleakGATTProtocolError as ProtocolError

from retrotread.devices.advert import Advert
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.gatt import bleak_link, scan
from retrotread.devices.gatt.bleak_link import MENDS, acknowledges, open_link
from retrotread.devices.gatt.link import GattError, GattLink, GattRefused, uuid16
from retrotread.devices.gatt.printable import printable

CONTROL, DATA, FITNESS, OTHER = uuid16(0x2AD9), uuid16(0x2ACD), uuid16(0x1826), uuid16(0x1800)
ADDRESS, SECOND = "C4:22:05:1A:00:0B", "C4:22:05:1A:00:0C"
NEVER = "never"


def told(name: str | None) -> AdvertisementData:
    return AdvertisementData(name, {}, {}, [FITNESS], None, -60, ())


class Air:
    """What the scripted radio does; one for each test."""

    def __init__(self) -> None:
        self.advertisers: list[tuple[str, str | None, str | None]] = []
        self.scanner_error: Exception | str | None = None
        self.connect_errors: list[Exception | str] = []
        self.connected_to: list[object] = []
        self.calls: list[tuple[Any, ...]] = []
        self.fails: Exception | None = None
        self.takes: asyncio.Future[None] | None = None
        self.disconnect_hangs = False
        self.scanning = 0
        self.scanner: Scanner | None = None
        self.gone: Callable[[], None] | None = None
        self.ears: dict[str, Callable[[bytearray], None]] = {}


async def never() -> None:
    await asyncio.get_running_loop().create_future()


async def fail(error: Exception | str | None) -> None:
    if error == NEVER:
        await never()
    if isinstance(error, Exception):
        raise error


class Scanner(BaseBleakScanner):
    air: ClassVar[Air]

    def __init__(self, callback: Any, uuids: Any, _mode: Any, **_: Any) -> None:
        super().__init__(callback, uuids)

    async def start(self) -> None:
        await fail(self.air.scanner_error)
        self.air.scanning += 1
        self.air.scanner = self
        for address, name, device_name in self.air.advertisers:
            self.call_detection_callbacks(BLEDevice(address, device_name, None), told(name))

    async def stop(self) -> None:
        self.air.scanning -= 1


class Client(BaseBleakClient):
    air: ClassVar[Air]

    def __init__(self, device: Any, **options: Any) -> None:
        super().__init__(device, **{key: options[key] for key in ("disconnected_callback", "timeout")})
        self.air.connected_to.append(device)
        self.air.gone = options["disconnected_callback"]

    mtu_size = 23
    is_connected = True

    async def connect(self, pair: bool, **_: Any) -> None:
        if self.air.connect_errors:
            await fail(self.air.connect_errors.pop(0))
        self.services = table()

    async def disconnect(self) -> None:
        self.air.calls.append(("disconnect",))
        if self.air.disconnect_hangs:
            await never()

    async def pair(self, *_: Any, **__: Any) -> None: ...

    async def unpair(self) -> None: ...

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        await self._call("read", characteristic)
        return bytearray(b"\x01")

    async def read_gatt_descriptor(self, descriptor: Any, **_: Any) -> bytearray:
        raise NotImplementedError

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
        await self._call("write", characteristic, bytes(data), response)

    async def write_gatt_descriptor(self, descriptor: Any, data: Any) -> None:
        raise NotImplementedError

    async def start_notify(self, characteristic: BleakGATTCharacteristic, callback: Any, **options: Any) -> None:
        await self._call("subscribe", characteristic, options["bluez"])
        self.air.ears[characteristic.uuid] = callback

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None: ...

    async def _call(self, *what: Any) -> None:
        self.air.calls.append((what[0], what[1].handle, *what[2:]))
        if self.air.takes is not None:
            await asyncio.shield(self.air.takes)
        await fail(self.air.fails)


def table() -> BleakGATTServiceCollection:
    """A control point that stands in a service of the maker's as well, before the fitness service."""
    found = BleakGATTServiceCollection()
    rows: list[tuple[int, str, list[tuple[int, str, list[Any]]]]] = [
        (1, OTHER, [(2, CONTROL, ["write"])]),
        (10, FITNESS, [(11, DATA, ["notify"]), (13, CONTROL, ["write", "indicate"])]),
    ]
    for handle, uuid, attributes in rows:
        service = BleakGATTService(None, handle, uuid)
        found.add_service(service)
        for at, name, properties in attributes:
            found.add_characteristic(BleakGATTCharacteristic(None, at, name, properties, lambda: 20, service))
    return found


async def nobody_held() -> list[BLEDevice]:
    return []


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> Air:
    made = Air()
    monkeypatch.setattr(bleak_link, "_met", {})
    monkeypatch.setattr(bleak_link, "_held", nobody_held)
    Scanner.air = Client.air = made
    for module in (bleak_link, scan):
        monkeypatch.setattr(module, "back_end", lambda _via: (Client, Scanner))
    return made


async def reached(clock: Any, wanted: str = ADDRESS, seconds: float = 30.0) -> GattLink:
    opening = asyncio.ensure_future(open_link(wanted, clock))
    await clock.run_until(clock.now_s() + seconds)
    assert opening.done(), f"open_link has not come back after {seconds} s"
    return opening.result()


@pytest.fixture
async def link(air: Air, clock: Any) -> GattLink:
    air.advertisers = [(ADDRESS, "HORIZON", None)]
    return await reached(clock)


async def at_once(clock: Any, work: Any, seconds: float = 0.0) -> Any:
    task = asyncio.ensure_future(work)
    await clock.run_until(clock.now_s() + seconds)
    assert task.done(), f"not done after {seconds} s"
    return task.result()


# Finding


@pytest.mark.parametrize("wanted", [ADDRESS, ADDRESS.lower(), "HORIZON"])
async def test_a_machine_is_found_by_its_address_or_its_name_and_bleak_is_handed_the_device(
    air: Air, clock: Any, wanted: str
) -> None:
    air.advertisers = [(SECOND, "OTHER", None), (ADDRESS, "HORIZON", None)]
    link = await reached(clock, wanted)
    assert (link.name, link.address) == ("HORIZON", ADDRESS)
    assert [type(one) for one in air.connected_to] == [BLEDevice]
    assert air.scanning == 0


async def test_a_name_that_only_the_system_remembers_counts_too(air: Air, clock: Any) -> None:
    air.advertisers = [(ADDRESS, None, "HORIZON")]
    assert (await reached(clock, "HORIZON")).name == "HORIZON"


async def test_two_machines_with_the_name_are_named_by_their_addresses_and_none_is_connected_to(
    air: Air, clock: Any
) -> None:
    air.advertisers = [(SECOND, "FS-1", None), (ADDRESS, "FS-1", None)]
    with pytest.raises(ConnectFailed, match=f"2 machines call themselves 'FS-1' .{ADDRESS}, {SECOND}.; name it by its"):
        await reached(clock, "FS-1")
    assert air.connected_to == []


async def test_a_second_machine_with_the_name_that_is_heard_a_second_later_is_noticed(air: Air, clock: Any) -> None:
    air.advertisers = [(ADDRESS, "FS-1", None)]
    opening = asyncio.ensure_future(open_link("FS-1", clock))
    await clock.run_until(clock.now_s() + 1.0)
    assert air.scanner is not None
    air.scanner.call_detection_callbacks(BLEDevice(SECOND, None, None), told("FS-1"))
    await clock.run_until(clock.now_s() + 1.0)
    with pytest.raises(ConnectFailed, match="2 machines call themselves"):
        opening.result()


async def test_a_machine_that_was_met_under_its_name_is_reached_again_without_waiting_for_a_namesake(
    air: Air, clock: Any
) -> None:
    air.advertisers = [(ADDRESS, "HORIZON", None)]
    await reached(clock, "HORIZON")
    again = asyncio.ensure_future(open_link("HORIZON", clock))
    await clock.run_until(clock.now_s())
    assert again.result().address == ADDRESS


async def test_a_name_that_no_keyboard_has_is_found_as_a_list_shows_it(air: Air, clock: Any) -> None:
    air.advertisers = [(ADDRESS, "\x1b[31mGYM\x07", None)]
    assert (await reached(clock, printable("\x1b[31mGYM\x07"))).address == ADDRESS


async def test_a_try_that_is_called_off_lets_go_of_what_it_has(air: Air, clock: Any) -> None:
    air.advertisers = [(ADDRESS, "HORIZON", None)]
    air.connect_errors = [NEVER]
    opening = asyncio.ensure_future(open_link(ADDRESS, clock))
    await clock.run_until(clock.now_s() + 1.0)
    opening.cancel()
    await clock.run_until(clock.now_s())
    assert opening.cancelled()
    assert air.calls == [("disconnect",)]


async def test_a_machine_that_is_not_heard_is_told_with_what_to_try(air: Air, clock: Any) -> None:
    air.advertisers = [(SECOND, "OTHER", None)]
    with pytest.raises(ConnectFailed, match=r"no machine 'HORIZON' was heard within 8 s; switch it on"):
        await reached(clock, "HORIZON", 8.1)
    assert air.scanning == 0


@pytest.mark.parametrize("reason", list(BleakBluetoothNotAvailableReason))
async def test_each_reason_why_there_is_no_radio_has_its_mend(
    air: Air, clock: Any, reason: BleakBluetoothNotAvailableReason
) -> None:
    air.scanner_error = BleakBluetoothNotAvailableError("no", reason)
    with pytest.raises(ConnectFailed) as failed:
        await reached(clock)
    assert str(failed.value) == f"there is no Bluetooth: {MENDS[reason]}"


async def test_a_radio_that_does_not_answer_is_told_within_its_time(air: Air, clock: Any) -> None:
    air.scanner_error = NEVER
    with pytest.raises(ConnectFailed, match="did not answer within 5 s"):
        await reached(clock, ADDRESS, 5.1)


async def test_a_computer_without_d_bus_is_told_so(air: Air, clock: Any) -> None:
    air.scanner_error = FileNotFoundError(2, "No such file or directory")
    with pytest.raises(ConnectFailed, match="there is no D-Bus on this computer"):
        await reached(clock)


async def test_a_machine_that_this_computer_still_holds_is_found_although_it_does_not_advertise(
    air: Air, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def held() -> list[BLEDevice]:
        return [BLEDevice(ADDRESS, "HORIZON", None)]

    search = bleak_link.Search("HORIZON")
    monkeypatch.setattr(bleak_link, "_held", held)
    await at_once(clock, bleak_link._look_at_held(search, clock))
    assert list(search.found) == [ADDRESS]


@pytest.mark.parametrize("error", [BleakError("no controller answers"), OSError("\x1b[2J"), NEVER])
async def test_a_controller_that_cannot_be_used_is_named_and_so_is_the_mend(
    air: Air, clock: Any, error: Exception | str
) -> None:
    air.scanner_error = error
    for work in (open_link("X", clock, "usb:0"), scan.scan(1.0, clock, lambda _: None, "usb:0")):
        with pytest.raises(ConnectFailed, match=r"the Bluetooth controller at via=usb:0 cannot be used") as failed:
            await at_once(clock, work, 5.1)
        assert str(failed.value).isprintable()


async def test_a_transport_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "retrotread.devices.gatt.bumble_client", None)
    with pytest.raises(ConnectFailed, match=r"needs bumble, which is not installed .*pip install '\.\[sim\]'"):
        bleak_link.back_end("tcp-client:127.0.0.1:9723")


# Connecting


async def test_a_first_connection_that_fails_is_tried_once_more(air: Air, clock: Any) -> None:
    air.advertisers = [(ADDRESS, "HORIZON", None)]
    air.connect_errors = [BleakError("le-connection-abort-by-local")]
    assert (await reached(clock)).has(DATA)
    assert len(air.connected_to) == 2


async def test_a_machine_that_takes_no_connection_is_told_after_the_second_try(air: Air, clock: Any) -> None:
    air.advertisers = [(ADDRESS, "HORIZON", None)]
    air.connect_errors = [NEVER, NEVER, NEVER]
    with pytest.raises(ConnectFailed, match=r"'HORIZON' was heard and did not take a connection within 10 s"):
        await reached(clock, ADDRESS, 20.1)
    assert len(air.connected_to) == 2


async def test_what_a_stack_fails_with_is_quoted_without_what_a_terminal_obeys(air: Air, clock: Any) -> None:
    air.advertisers = [(ADDRESS, "HORIZON", None)]
    air.connect_errors = [OSError("\x1b[2J"), OSError("\x1b[2J")]
    with pytest.raises(ConnectFailed, match=r"the connection failed \(OSError") as failed:
        await reached(clock)
    assert str(failed.value).isprintable()


# Calls


async def test_an_attribute_that_is_there_twice_is_the_one_of_the_fitness_service(
    link: GattLink, air: Air, clock: Any
) -> None:
    await at_once(clock, link.write(CONTROL, b"\x00", True))
    assert air.calls[-1] == ("write", 13, b"\x00", True)


async def test_what_a_machine_does_not_have_is_an_error_and_not_a_wait(link: GattLink, clock: Any) -> None:
    assert not link.has(uuid16(0x2AD5))
    with pytest.raises(GattError, match="no attribute"):
        await at_once(clock, link.read(uuid16(0x2AD5)))


async def test_notifications_stay_shareable_and_come_as_octets(link: GattLink, air: Air, clock: Any) -> None:
    came: list[bytes] = []
    await at_once(clock, link.subscribe(DATA, came.append))
    assert air.calls[-1] == ("subscribe", 11, {"use_start_notify": True})
    air.ears[DATA](bytearray(b"\x00\x01"))
    assert came == [b"\x00\x01"]
    assert type(came[0]) is bytes


async def test_a_refusal_of_the_attribute_protocol_keeps_its_code(link: GattLink, air: Air, clock: Any) -> None:
    air.fails = ProtocolError(0x80)
    with pytest.raises(GattRefused) as refused:
        await at_once(clock, link.write(CONTROL, b"\x00", True))
    assert refused.value.code == 0x80


@pytest.mark.parametrize("error", [BleakError("x"), OSError("x"), EOFError(), AssertionError("x"), KeyError("x")])
async def test_whatever_a_stack_raises_is_a_gatt_error(link: GattLink, air: Air, clock: Any, error: Exception) -> None:
    air.fails = error
    with pytest.raises(GattError):
        await at_once(clock, link.read(DATA))


async def test_a_read_that_hangs_ends_at_its_deadline(link: GattLink, air: Air, clock: Any) -> None:
    air.takes = asyncio.get_running_loop().create_future()
    with pytest.raises(GattError, match="took longer than 5 s"):
        await at_once(clock, link.read(DATA), 5.1)


async def test_writes_to_one_attribute_go_in_order_and_one_that_is_called_off_makes_room(
    link: GattLink, air: Air, clock: Any
) -> None:
    air.takes = asyncio.get_running_loop().create_future()
    first = asyncio.ensure_future(link.write(CONTROL, b"\x02", True))
    second = asyncio.ensure_future(link.write(CONTROL, b"\x08", True))
    await clock.run_until(clock.now_s() + 0.5)
    assert [call[2] for call in air.calls] == [b"\x02"]
    first.cancel()
    await clock.run_until(clock.now_s())
    assert [call[2] for call in air.calls] == [b"\x02", b"\x08"]
    air.takes.set_result(None)
    await clock.run_until(clock.now_s())
    assert second.done()


@pytest.mark.parametrize(
    ("properties", "wanted", "way"),
    [
        (["write"], False, True),
        (["write-without-response"], True, False),
        (["write", "write-without-response"], True, True),
        (["write", "write-without-response"], False, False),
        (["read"], True, True),
    ],
)
def test_a_write_is_acknowledged_as_wanted_or_as_the_attribute_offers(
    properties: list[str], wanted: bool, way: bool
) -> None:
    assert acknowledges(properties, wanted) is way


# The end


async def test_a_link_that_goes_is_told_once_and_calls_fail_after_it(link: GattLink, air: Air, clock: Any) -> None:
    lost: list[str] = []
    link.on_lost(lost.append)
    assert air.gone is not None
    air.gone()
    air.gone()
    assert lost == ["the machine or the radio ended the link"]
    with pytest.raises(GattError, match="ended the link"):
        await at_once(clock, link.write(CONTROL, b"\x00", True))


async def test_a_link_that_went_before_anybody_asked_is_told_at_once(link: GattLink, air: Air) -> None:
    lost: list[str] = []
    assert air.gone is not None
    air.gone()
    link.on_lost(lost.append)
    assert len(lost) == 1


async def test_a_close_ends_in_time_however_the_stack_hangs_and_only_once(link: GattLink, air: Air, clock: Any) -> None:
    air.disconnect_hangs = True
    await at_once(clock, link.close(), 2.1)
    await at_once(clock, link.close())
    assert air.calls.count(("disconnect",)) == 1


async def test_a_link_that_we_let_go_of_is_not_called_lost(link: GattLink, air: Air, clock: Any) -> None:
    lost: list[str] = []
    link.on_lost(lost.append)
    await at_once(clock, link.close())
    assert air.gone is not None
    air.gone()
    assert lost == []


# Scanning


async def test_a_scan_tells_each_advertiser_once_and_switches_the_scanner_off(air: Air, clock: Any) -> None:
    air.advertisers = [(ADDRESS, "HORIZON", None), (ADDRESS, "HORIZON", None), (SECOND, None, "STRAP")]
    heard: list[Advert] = []
    await at_once(clock, scan.scan(3.0, clock, heard.append), 3.1)
    assert [(one.address, one.name) for one in heard] == [(ADDRESS, "HORIZON"), (SECOND, "STRAP")]
    assert air.scanning == 0


async def test_a_scan_without_a_radio_says_what_to_do(air: Air, clock: Any) -> None:
    air.scanner_error = BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF)
    with pytest.raises(ConnectFailed, match="Bluetooth is switched off; switch it on"):
        await at_once(clock, scan.scan(3.0, clock, lambda _: None), 3.1)


async def test_a_scan_that_is_called_off_switches_the_scanner_off(air: Air, clock: Any) -> None:
    scanning = asyncio.ensure_future(scan.scan(60.0, clock, lambda _: None))
    await clock.run_until(clock.now_s() + 1.0)
    assert air.scanning == 1
    scanning.cancel()
    await clock.run_until(clock.now_s())
    assert air.scanning == 0
