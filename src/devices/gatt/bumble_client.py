"""bleak without the computer's own Bluetooth: a back end over a host stack of one's own (bumble).

``backend(via)`` gives the two classes that ``BleakClient(backend=...)`` and ``BleakScanner(backend=...)`` take. ``via``
names the controller:

    inside:NAME                a simulated room of this process (``offer``); for tests
    tcp-client:127.0.0.1:9723  a controller behind a socket, as ``retrotread sim ftms`` has one
    usb:0, serial:PATH, ...    a controller of this computer, by bumble's transport names

Whatever goes wrong is a ``BleakError``, as with every other back end; a refusal of the attribute protocol is a
``BleakGATTProtocolError`` with its code. A write that is given up keeps the bearer until it is answered, as the
attribute protocol has it: what is sent behind it waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, TypeVar, cast
from weakref import WeakKeyDictionary

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName, gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import att, core, hci
from bumble.controller import Controller
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt_client import CharacteristicProxy, ServiceProxy
from bumble.host import Host
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink, Transport

INSIDE = "inside:"
"""The prefix of a controller of this process."""

MTU_ASKED_FOR = 517
"""The largest that the attribute protocol knows; the machine answers with what it can."""

T = TypeVar("T")

Door = Callable[[], tuple[Controller, Callable[[], None]]]
"""A new controller in a room, and how it leaves."""

_inside: dict[str, Door] = {}


def offer(name: str, door: Door) -> None:
    """Let ``inside:NAME`` of this process reach a room."""
    _inside[name] = door


def withdraw(name: str) -> None:
    """The room is closed; who is in it stays in it."""
    _inside.pop(name, None)


def backend(via: str) -> tuple[type[BaseBleakClient], type[BaseBleakScanner]]:
    """The client and the scanner of one controller, by its transport name."""

    class Client(BumbleClient):
        controller = via

    class Scanner(BumbleScanner):
        controller = via

    return Client, Scanner


class Radio:
    """One controller that is switched on, shared by who uses it; the last one switches it off."""

    def __init__(self, via: str) -> None:
        self.via = via
        self.users = 0
        self.turning = asyncio.Lock()
        self._device: Device | None = None
        self._transport: Transport | None = None
        self._leave: Callable[[], None] = _stay

    @property
    def device(self) -> Device:
        assert self._device is not None  # between switch_on and switch_off
        return self._device

    async def switch_on(self) -> None:
        """Raises BleakError for a controller that cannot be reached or does not answer."""
        try:
            self._device = Device(
                name="retrotread", address=hci.Address.generate_static_address(), host=await self._host()
            )
            await self._device.power_on()
        except (OSError, ValueError, core.BaseBumbleError, TimeoutError) as error:
            await self.switch_off()
            raise BleakError(f"no Bluetooth controller answers at {self.via}: {error}") from error

    async def _host(self) -> Host:
        if not self.via.startswith(INSIDE):
            self._transport = await open_transport(self.via)
            return Host(self._transport.source, self._transport.sink)
        name = self.via.removeprefix(INSIDE)
        if name not in _inside:
            raise ValueError("this process has no such room")
        controller, self._leave = _inside[name]()
        return Host(cast(Any, controller), AsyncPipeSink(controller))

    async def switch_off(self) -> None:
        transport, self._transport, self._device = self._transport, None, None
        self._leave()
        self._leave = _stay
        if transport is not None:
            await transport.close()


def _stay() -> None:
    """A controller that is not in a room has none to leave."""


_radios: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Radio]] = WeakKeyDictionary()


async def take(via: str) -> Radio:
    """The controller, switched on; ``let_go`` of it once."""
    radio = _radios.setdefault(asyncio.get_running_loop(), {}).setdefault(via, Radio(via))
    async with radio.turning:
        if radio.users == 0:
            await radio.switch_on()
        radio.users += 1
    return radio


async def let_go(radio: Radio) -> None:
    """One user less."""
    async with radio.turning:
        radio.users -= 1
        if radio.users == 0:
            await radio.switch_off()


@asynccontextmanager
async def _as_bleak_errors(what: str) -> AsyncIterator[None]:
    """Everything that bumble raises, in bleak's words."""
    try:
        yield
    except att.ATT_Error as error:
        raise BleakGATTProtocolError(error.error_code) from error
    except (core.BaseBumbleError, TimeoutError, OSError) as error:
        raise BleakError(f"{what}: {str(error) or type(error).__name__}") from error
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise BleakError(f"{what}: the link was lost meanwhile") from None  # bumble cancels what waits for an answer


class BumbleClient(BaseBleakClient):
    """A central with one connection; a client may connect again after it was disconnected."""

    controller: ClassVar[str] = ""

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **kwargs: Any,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout, **kwargs)
        known = address_or_ble_device if isinstance(address_or_ble_device, BLEDevice) else None
        self._peer_address = known.details if known is not None else hci.Address(self.address)
        self._name = (known.name if known is not None else None) or ""
        self._radio: Radio | None = None
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._asked_to_go = False
        self._requests: set[asyncio.Task[Any]] = set()

    @property
    def name(self) -> str:
        return self._name or self.address

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection is not None else att.ATT_DEFAULT_MTU

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:  # noqa: ARG002
        """Connect, agree on a length, read the table of attributes. ``pair`` is not done: nothing here needs it."""
        self._asked_to_go = False
        radio = await take(self.controller)
        try:
            self._connection = connection = await self._connected(radio.device)
        except BaseException:
            await let_go(radio)
            raise
        self._radio = radio
        connection.on(connection.EVENT_DISCONNECTION, self._lost)
        try:
            async with _as_bleak_errors(f"reading the attributes of {self.address}"):
                self.services = await self._read_table(Peer(connection))
        except BaseException:
            await self.disconnect()
            raise

    async def _connected(self, device: Device) -> Connection:
        try:
            async with _as_bleak_errors(f"connecting to {self.address}"):
                return await device.connect_le(self._peer_address, timeout=None)
        except asyncio.CancelledError:
            await device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
            raise
        except BleakError as error:
            raise BleakDeviceNotFoundError(self.address, str(error)) from error

    async def _read_table(self, peer: Peer) -> BleakGATTServiceCollection:
        self._peer = peer
        await peer.request_mtu(MTU_ASKED_FOR)
        collection = BleakGATTServiceCollection()
        for proxy in await peer.discover_services():
            service = BleakGATTService(proxy, proxy.handle, _uuid(proxy.uuid))
            collection.add_service(service)
            await self._read_service(peer, proxy, service, collection)
        return collection

    async def _read_service(
        self, peer: Peer, proxy: ServiceProxy, service: BleakGATTService, collection: BleakGATTServiceCollection
    ) -> None:
        for one in await peer.discover_characteristics((), proxy):
            characteristic = BleakGATTCharacteristic(
                one,
                one.handle,
                _uuid(one.uuid),
                cast(list[CharacteristicPropertyName], list(gatt_char_props_to_strs(int(one.properties)))),
                lambda: self.mtu_size - 3,
                service,
            )
            collection.add_characteristic(characteristic)
            for descriptor in await peer.discover_descriptors(one):
                collection.add_descriptor(
                    BleakGATTDescriptor(descriptor, descriptor.handle, _uuid(descriptor.type), characteristic)
                )

    async def disconnect(self) -> None:
        connection = self._connection
        if connection is None:
            return
        self._asked_to_go = True
        async with _as_bleak_errors(f"disconnecting from {self.address}"):
            await connection.disconnect()

    def _lost(self, _reason: int) -> None:
        """The connection is gone, whoever ended it; the callback is for what nobody here asked for, and for bleak."""
        radio, self._radio, self._connection, self._peer = self._radio, None, None, None
        for request in list(self._requests):
            request.cancel()  # no answer comes any more, and bumble would send what waits to nobody
        if radio is not None:
            self._keep(let_go(radio))
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def pair(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        raise BleakError("this back end does not pair")

    async def unpair(self) -> None:
        raise BleakError("this back end does not pair")

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **kwargs: Any) -> bytearray:  # noqa: ARG002
        return await self._read(characteristic.handle, f"reading {characteristic.uuid}")

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **kwargs: Any) -> bytearray:  # noqa: ARG002
        return await self._read(descriptor.handle, f"reading descriptor {descriptor.uuid}")

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        await self._write(characteristic.handle, bytes(data), response, f"writing {characteristic.uuid}")

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        await self._write(descriptor.handle, bytes(data), True, f"writing descriptor {descriptor.uuid}")

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        """What a machine sends under this handle is handed on, by notification or by indication, as it likes."""
        proxy = cast("CharacteristicProxy[bytes]", characteristic.obj)
        async with _as_bleak_errors(f"subscribing to {characteristic.uuid}"):
            peer, loop = self._reached(f"subscribing to {characteristic.uuid}"), asyncio.get_running_loop()

            def heard(value: bytes) -> None:
                try:
                    callback(bytearray(value))
                except Exception as error:  # noqa: BLE001  as with any callback of a loop: the link must not pay for it
                    loop.call_exception_handler({"message": f"whoever hears {characteristic.uuid}", "exception": error})

            client = peer.gatt_client
            for heard_by in (client.notification_subscribers, client.indication_subscribers):
                heard_by.setdefault(proxy.handle, set()).add(heard)
            await self._uninterrupted(client.subscribe(proxy))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        async with _as_bleak_errors(f"unsubscribing from {characteristic.uuid}"):
            peer = self._reached(f"unsubscribing from {characteristic.uuid}")
            await self._uninterrupted(peer.gatt_client.unsubscribe(characteristic.obj))

    async def _read(self, handle: int, what: str) -> bytearray:
        async with _as_bleak_errors(what):
            return bytearray(await self._uninterrupted(self._reached(what).gatt_client.read_value(handle)))

    async def _write(self, handle: int, value: bytes, response: bool, what: str) -> None:
        async with _as_bleak_errors(what):
            await self._uninterrupted(self._reached(what).gatt_client.write_value(handle, value, response))

    def _reached(self, what: str) -> Peer:
        if self._peer is None:
            raise BleakError(f"{what}: not connected")
        return self._peer

    async def _uninterrupted(self, request: Coroutine[Any, Any, T]) -> T:
        """A request that is on its way cannot be called back: giving it up leaves it where it is."""
        return await asyncio.shield(self._keep(request))

    def _keep(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.ensure_future(work)
        self._requests.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._requests.discard(task)
        if not task.cancelled():
            task.exception()  # who gave the request up does not ask for it any more


class BumbleScanner(BaseBleakScanner):
    """Who advertises; active, so that names in scan responses are heard."""

    controller: ClassVar[str] = ""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str = "active",
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"
        self._radio: Radio | None = None

    async def start(self) -> None:
        self.seen_devices = {}
        radio = await take(self.controller)
        try:
            async with _as_bleak_errors("scanning"):
                radio.device.on(radio.device.EVENT_ADVERTISEMENT, self._heard)
                await radio.device.start_scanning(active=self._active)
        except BaseException:
            await let_go(radio)
            raise
        self._radio = radio

    async def stop(self) -> None:
        radio, self._radio = self._radio, None
        if radio is None:
            return
        try:
            async with _as_bleak_errors("ending the scan"):
                radio.device.remove_listener(radio.device.EVENT_ADVERTISEMENT, self._heard)
                await radio.device.stop_scanning()
        finally:
            await let_go(radio)

    def _heard(self, advertisement: Advertisement) -> None:
        told = _told(advertisement)
        if not self.is_allowed_uuid(told.service_uuids):
            return
        address = advertisement.address.to_string(False)
        known = self.seen_devices.get(address)
        name = told.local_name or (known[0].name if known is not None else None)
        device = self.create_or_update_device(address, address, name, advertisement.address, told)
        self.call_detection_callbacks(device, told)


_Kind = core.AdvertisingData.Type
_SERVICE_LISTS = (
    (_Kind.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, 2),
    (_Kind.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, 2),
    (_Kind.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, 16),
    (_Kind.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, 16),
)


def _told(advertisement: Advertisement) -> AdvertisementData:
    """What an advertiser says, as bleak shows it; total, for anybody may advertise anything."""
    data = advertisement.data
    names = [*data.get_all(_Kind.COMPLETE_LOCAL_NAME, True), *data.get_all(_Kind.SHORTENED_LOCAL_NAME, True)]
    makers = [one for one in data.get_all(_Kind.MANUFACTURER_SPECIFIC_DATA, True) if len(one) >= 2]
    services = [one for one in data.get_all(_Kind.SERVICE_DATA_16_BIT_UUID, True) if len(one) >= 2]
    return AdvertisementData(
        local_name=names[0].decode("utf-8", "replace") if names else None,
        manufacturer_data={int.from_bytes(one[:2], "little"): one[2:] for one in makers},
        service_data={_whole_uuid(one[:2]): one[2:] for one in services},
        service_uuids=list(dict.fromkeys(_services(data))),
        tx_power=None,
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )


def _services(data: core.AdvertisingData) -> Iterator[str]:
    for kind, width in _SERVICE_LISTS:
        for found in data.get_all(kind, True):
            yield from (_whole_uuid(found[at : at + width]) for at in range(0, len(found) - width + 1, width))


def _uuid(uuid: core.UUID) -> str:
    return _whole_uuid(uuid.uuid_bytes)


def _whole_uuid(little_endian: bytes) -> str:
    """The whole UUID in small letters, from the two, four or sixteen bytes that are sent for it."""
    digits = little_endian[::-1].hex()
    if len(digits) < 32:
        return f"{digits:0>8}-0000-1000-8000-00805f9b34fb"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
