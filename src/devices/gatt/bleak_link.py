"""Links over this computer's own Bluetooth radio by bleak, or over another controller by a back end of bleak's.

No call waits for ever: each has a deadline on the injected clock, and a stack that does not let go of a call in time
is left behind. A machine that this computer still holds from an earlier program is found without being heard, because
it does not advertise itself while it is held.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTServiceCollection
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError
from bleak.exc import BleakGATTProtocolError as ProtocolError

from ...clock import Clock
from ..errors import INSTALL_SIM, ConnectFailed
from .deadline import leave_behind, outcome_by, within
from .link import GattError, GattLink, GattRefused, uuid16
from .printable import printable

FIND_S = 8.0
"""A machine advertises at least every 1.28 s (FTMS 1.0, 3.1.2); several of that, for a radio that is busy."""
OTHERS_S = 1.5
"""Once a name is heard, so long for another machine with the same name: one advertising interval and a little."""
RADIO_S = 5.0
"""To begin and to end a search; a radio that is there does it in well under a second."""
CONNECT_S = 10.0
CONNECT_TRIES = 2
"""Computers now and then fail a first connection for no reason of the machine's; a third try has rarely helped."""
CALL_S = 5.0
"""A read or a subscription: the attribute protocol would wait for 30 s."""
WRITE_S = 10.0
"""A write behind one that hangs may still come true after its sender's own deadline; then it is called off."""
CLOSE_S = 2.0

MENDS: dict[BleakBluetoothNotAvailableReason, str] = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "this computer has no Bluetooth radio; plug in an adapter, and on"
    " Linux see that the bluetooth service runs",
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: "its Bluetooth radio cannot reach low-energy machines; plug"
    " in an adapter for Bluetooth 4.0 or later",
    BleakBluetoothNotAvailableReason.POWERED_OFF: "Bluetooth is switched off; switch it on (on Linux: bluetoothctl"
    " power on, and rfkill unblock bluetooth where that is refused)",
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: "this terminal was refused the use of Bluetooth; allow it in the"
    " privacy settings of the system, then start the program anew",
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: "a policy of this computer forbids Bluetooth; its administrator"
    " can allow it",
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: "the system refuses Bluetooth to this program; allow it in the"
    " privacy settings, on Linux be in the group bluetooth or at the computer itself",
    BleakBluetoothNotAvailableReason.UNKNOWN: "the system does not say why; 'retrotread doctor' looks further",
}
"""What a person can do, for each reason why there is no radio."""

Back = tuple[type[BaseBleakClient] | None, type[BaseBleakScanner] | None]
T = TypeVar("T")


_met: dict[tuple[str, str], str] = {}
"""The address behind a name that led to a link, for the next time: a stop waits for no namesake."""


async def open_link(name_or_address: str, clock: Clock, via: str = "") -> GattLink:
    """Find the machine, connect to it and learn its attributes.

    ``via``: the transport of another controller; empty for this computer's own radio. Raises ConnectFailed with a
    sentence and its mend.
    """
    client, scanner = back_end(via)
    search = Search(name_or_address, _met.get((name_or_address, via)))
    if not via:
        await _look_at_held(search, clock)
    if not search.found:
        await _listen_for(search, clock, scanner, via)
    device, name = _found(search)
    for left in reversed(range(CONNECT_TRIES)):
        link = BleakLink(device, name, clock, client)
        try:
            await link.open()
            _met[name_or_address, via] = device.address
            return link
        except asyncio.CancelledError:
            leave_behind(link.close())
            raise
        except Exception as error:
            await link.close()
            if left == 0:
                raise ConnectFailed(_no_connection(printable(name or device.address), error)) from error
    raise AssertionError("unreachable")


def back_end(via: str) -> Back:
    """The classes that stand in for bleak's own; None for its own."""
    if not via:
        return None, None
    try:
        from .bumble_client import backend
    except ImportError as error:
        raise ConnectFailed(
            f"via={printable(via)} needs bumble, which is not installed ({error}); {INSTALL_SIM}"
        ) from error
    return backend(via)


def radio_trouble(error: Exception, via: str = "") -> str:
    """Why the radio, or the controller behind ``via``, cannot be used, as a sentence with its mend."""
    if via:
        why = "it did not answer in time" if isinstance(error, TimeoutError) else _words(error)
        return (
            f"the Bluetooth controller at via={printable(via)} cannot be used ({why}); see that it is there"
            " ('retrotread sim ftms' prints the address of its own), or leave via out for this computer's radio"
        )
    if isinstance(error, BleakBluetoothNotAvailableError):
        return f"there is no Bluetooth: {MENDS[error.reason]}"
    if isinstance(error, TimeoutError):
        return f"the Bluetooth radio did not answer within {RADIO_S:g} s; switch it off and on again"
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return (
            "there is no D-Bus on this computer, by which Linux lends out its radio; start the services dbus and"
            " bluetooth, or run where they are (a container has none)"
        )
    return f"the Bluetooth radio cannot be used ({_words(error)}); 'retrotread doctor' looks for the reason"


# --- finding ------------------------------------------------------------------------------------------------


class Search:
    """Who was heard under a name or an address.

    An address is sure at once, and so is the name of the machine that was ``met`` under it before; any other name is
    only when nobody shares it. A name may be written as a list shows it.
    """

    def __init__(self, wanted: str, met: str | None = None) -> None:
        self.wanted = wanted
        self.heard = asyncio.Event()
        self.found: dict[str, tuple[BLEDevice, str]] = {}
        self.sure = False
        self._addresses = {one.casefold() for one in (wanted, met) if one is not None}

    def look(self, device: BLEDevice, name: str | None) -> None:
        """One advertiser, heard once more."""
        if self.sure:
            return
        self.sure = device.address.casefold() in self._addresses
        if not self.sure and self.wanted not in (name, device.name, printable(name or device.name or "")):
            return
        if self.sure:
            self.found.clear()
        self.found[device.address] = device, name or device.name or ""
        self.heard.set()


def _found(search: Search) -> tuple[BLEDevice, str]:
    """The one machine that was meant."""
    wanted = printable(search.wanted)
    if not search.found:
        raise ConnectFailed(
            f"no machine {wanted!r} was heard within {FIND_S:g} s; switch it on, end other apps that hold"
            " it, go nearer, and see 'retrotread scan'"
        )
    if len(search.found) > 1:
        both = ", ".join(sorted(search.found))
        raise ConnectFailed(f"{len(search.found)} machines call themselves {wanted!r} ({both}); name it by its address")
    return next(iter(search.found.values()))


async def _look_at_held(search: Search, clock: Clock) -> None:
    """The machines that this computer is connected to now; systems that cannot tell are not asked twice."""
    try:
        for device in await within(clock, RADIO_S, _held()):
            search.look(device, device.name)
    except BleakBluetoothNotAvailableError as error:
        raise ConnectFailed(radio_trouble(error)) from error
    except Exception:  # noqa: BLE001  the search over the air tells what is wrong with the radio
        return


async def _held() -> list[BLEDevice]:
    adapter = await BleakAdapter.get()
    return await adapter.get_connected_devices()


async def _listen_for(search: Search, clock: Clock, backend: type[BaseBleakScanner] | None, via: str) -> None:
    def heard(device: BLEDevice, advert: AdvertisementData) -> None:
        search.look(device, advert.local_name)

    scanner = BleakScanner(heard, backend=backend)
    try:
        await within(clock, RADIO_S, scanner.start())
    except Exception as error:
        raise ConnectFailed(radio_trouble(error, via)) from error
    try:
        await _until(search.heard, clock, FIND_S)
        if search.found and not search.sure:
            await clock.sleep_until(clock.now_s() + OTHERS_S)
    finally:
        await quietly(clock, RADIO_S, scanner.stop())


async def _until(event: asyncio.Event, clock: Clock, seconds: float) -> None:
    try:
        await within(clock, seconds, event.wait())
    except TimeoutError:
        return


async def quietly(clock: Clock, seconds: float, work: Coroutine[Any, Any, object]) -> None:
    """Something that ends: it takes its time at most, and how it fails does not matter any more."""
    try:
        await within(clock, seconds, work)
    except Exception:  # noqa: BLE001  it is not needed any more, however it ends
        return


# --- the link -----------------------------------------------------------------------------------------------


class BleakLink:
    """One connection of bleak's as ``GattLink`` has it.

    Writes to one attribute go one after another, in the order in which they were asked for: stacks differ in what they
    make of two at once, and some lose the first. What is written never waits behind a read.
    """

    def __init__(self, device: BLEDevice, name: str, clock: Clock, backend: type[BaseBleakClient] | None) -> None:
        self._client = BleakClient(device, self._went, timeout=CONNECT_S, backend=backend)
        self._name, self._address, self._clock = name, device.address, clock
        self._attributes: dict[str, BleakGATTCharacteristic] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._lost: Callable[[str], None] | None = None
        self._gone: str | None = None
        self._closed = False

    @property
    def name(self) -> str:
        return self._name

    @property
    def address(self) -> str:
        return self._address

    async def open(self) -> None:
        """Connect. Raises whatever bleak or the system raises, and TimeoutError."""
        await within(self._clock, CONNECT_S, self._client.connect())
        self._attributes = attributes_of(self._client.services)

    def has(self, uuid: str) -> bool:
        return uuid in self._attributes

    async def read(self, uuid: str) -> bytes:
        return bytes(await self._call(f"reading {uuid}", CALL_S, self._client.read_gatt_char(self._attribute(uuid))))

    async def write(self, uuid: str, value: bytes, response: bool) -> None:
        attribute = self._attribute(uuid)
        acknowledged = acknowledges(attribute.properties, response)
        async with self._turns.setdefault(uuid, asyncio.Lock()):
            work = self._client.write_gatt_char(attribute, value, response=acknowledged)
            await self._call(f"writing {uuid}", WRITE_S, work)

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None:
        def told(_attribute: BleakGATTCharacteristic, value: bytearray) -> None:
            heard(bytes(value))

        # BlueZ's other way, AcquireNotify, takes the notifications away from everybody else.
        work = self._client.start_notify(self._attribute(uuid), told, bluez={"use_start_notify": True})
        await self._call(f"subscribing to {uuid}", CALL_S, work)

    def on_lost(self, lost: Callable[[str], None]) -> None:
        self._lost = lost
        self._tell_loss()

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await quietly(self._clock, CLOSE_S, self._client.disconnect())

    def _attribute(self, uuid: str) -> BleakGATTCharacteristic:
        if uuid not in self._attributes:
            raise GattError(f"the machine has no attribute {uuid}")
        return self._attributes[uuid]

    async def _call(self, what: str, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        """The one place where a failure of a stack becomes one of ours."""
        if self._gone is not None or self._closed:
            work.close()
            raise GattError(f"{what}: {self._gone or 'the link is closed'}")
        try:
            return await outcome_by(self._clock, self._clock.now_s() + seconds, asyncio.ensure_future(work))
        except ProtocolError as error:
            raise GattRefused(f"{what} was refused: {_words(error)}", int(error.code)) from error
        except TimeoutError as error:
            raise GattError(f"{what} took longer than {seconds:g} s") from error
        except Exception as error:
            raise GattError(f"{what} failed: {_words(error)}") from error

    def _went(self, _client: BleakClient) -> None:
        if not self._closed and self._gone is None:
            self._gone = "the machine or the radio ended the link"
            self._tell_loss()

    def _tell_loss(self) -> None:
        if self._gone is not None and self._lost is not None:
            lost, self._lost = self._lost, None
            lost(self._gone)


def attributes_of(services: BleakGATTServiceCollection) -> dict[str, BleakGATTCharacteristic]:
    """Every attribute by its UUID. Where a machine has one twice, the fitness service's counts, else the first."""
    found: dict[str, BleakGATTCharacteristic] = {}
    for service in sorted(services, key=lambda one: one.uuid.lower() != uuid16(0x1826)):
        for attribute in service.characteristics:
            found.setdefault(attribute.uuid.lower(), attribute)
    return found


def acknowledges(properties: Sequence[str], wanted: bool) -> bool:
    """Whether a write is acknowledged: as wanted, or the one way that the attribute offers."""
    offers = {"write": True, "write-without-response": False}
    ways = [way for name, way in offers.items() if name in properties]
    return ways[0] if len(ways) == 1 else wanted


def _no_connection(name: str, error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return (
            f"{name!r} was heard and did not take a connection within {CONNECT_S:g} s; end other apps that hold it,"
            " or switch the machine off and on"
        )
    if isinstance(error, BleakBluetoothNotAvailableError):
        return radio_trouble(error)
    return f"{name!r} was heard and the connection failed ({_words(error)}); switch the machine off and on, try again"


def _words(error: Exception) -> str:
    """What an error of a stack says, fit to be shown."""
    kind = type(error).__name__
    text = printable(str(error))
    return text if text and isinstance(error, BleakError) else f"{kind}: {text}" if text else kind
