"""The table of attributes of a simulated treadmill: service 1826 with its characteristics, and 180A."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bumble import att, core
from bumble.gatt import GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR, Characteristic, Descriptor, Service

from ...machine import Capabilities, SpeedUnit
from ..ftms import characteristics as known
from ..ftms.codec import MachineFeature, Range, RangeOf, TargetFeature, encode_features, encode_range
from .shape import PREAMBLE_UUID, UNLOCK_UUID, Ranges, Shape

Properties = Characteristic.Properties
NOTHING_MORE = Properties(0)
Written = Callable[[str, bytes], object]
"""Told the UUID and what was written; an awaitable holds the acknowledgement back, an ATT_Error takes its place."""

MEASURED = (
    MachineFeature.AVERAGE_SPEED
    | MachineFeature.TOTAL_DISTANCE
    | MachineFeature.INCLINE
    | MachineFeature.ELAPSED_TIME
    | MachineFeature.ENERGY
)

KPH_PER_MPH = SpeedUnit.MPH.one_kph


@dataclass(frozen=True, slots=True)
class Label:
    """What a machine calls itself; the name is advertised, the rest is read."""

    name: str = "Retrotread sim"
    manufacturer: str = "Retrotread"
    model: str = "simulated"
    firmware: str = "1"


SIMULATED = Label()


@dataclass(frozen=True, slots=True)
class Table:
    """The characteristics that something is sent by; ``services`` is the whole table."""

    data: Characteristic[bytes]
    training: Characteristic[bytes]
    status: Characteristic[bytes]
    control: Characteristic[bytes]
    services: tuple[Service, ...]


def table_of(can: Capabilities, shape: Shape, label: Label, written: Written) -> Table:
    """The table of a machine with these capabilities."""
    data = _told(known.TREADMILL_DATA)
    training = _told(known.TRAINING_STATUS, Properties.READ, bytes([0, 1]))
    status = _told(known.MACHINE_STATUS)
    control = _control(shape, written)
    ranges = _ranges(can, shape)
    fitness = Service(
        core.UUID(known.FITNESS_MACHINE),
        [_read(known.FEATURE, _features(can)), data, training, *ranges, control, status, *_vendor(shape, written)],
    )
    return Table(data, training, status, control, (fitness, _device_information(label)))


def _features(can: Capabilities) -> bytes:
    targets = TargetFeature.SPEED | (TargetFeature.INCLINE if can.incline_max_dpct else TargetFeature(0))
    return encode_features(MEASURED, targets)


def _ranges(can: Capabilities, shape: Shape) -> list[Characteristic[bytes]]:
    unit = KPH_PER_MPH if shape.ranges is Ranges.MPH else 1.0
    speeds = Range(
        can.speed_min_ckph / 100 / unit, can.speed_max_ckph / 100 / unit, can.speed_increment_ckph / 100 / unit
    )
    inclines = Range(0.0, can.incline_max_dpct / 10, can.incline_increment_dpct / 10)
    found = [] if shape.ranges is Ranges.MISSING else [(known.SPEED_RANGE, speeds, RangeOf.SPEED_KPH)]
    if can.incline_max_dpct:
        found.append((known.INCLINE_RANGE, inclines, RangeOf.INCLINE_PERCENT))
    return [_read(uuid, encode_range(value, of)) for uuid, value, of in found]


def _control(shape: Shape, written: Written) -> Characteristic[bytes]:
    properties = Properties.INDICATE | Properties.WRITE
    if shape.write_command:
        properties |= Properties.WRITE_WITHOUT_RESPONSE
    return _write(known.CONTROL_POINT, properties, written)


def _vendor(shape: Shape, written: Written) -> list[Characteristic[bytes]]:
    uuids = [PREAMBLE_UUID] if shape.preamble else []
    uuids += [UNLOCK_UUID] if shape.unlock else []
    return [_write(uuid, Properties.WRITE | Properties.WRITE_WITHOUT_RESPONSE, written) for uuid in uuids]


def _device_information(label: Label) -> Service:
    texts = {known.MANUFACTURER: label.manufacturer, known.MODEL: label.model, known.FIRMWARE: label.firmware}
    return Service(core.UUID(known.DEVICE_INFORMATION), [_read(uuid, text.encode()) for uuid, text in texts.items()])


def _read(uuid: str, value: bytes) -> Characteristic[bytes]:
    return Characteristic(core.UUID(uuid), Properties.READ, Characteristic.READABLE, value)


def _told(uuid: str, more: Properties = NOTHING_MORE, value: bytes = b"") -> Characteristic[bytes]:
    return Characteristic(core.UUID(uuid), Properties.NOTIFY | more, Characteristic.READABLE, value)


def _write(uuid: str, properties: Properties, written: Written) -> Characteristic[bytes]:
    def take(_connection: object, value: bytes) -> object:
        return written(uuid, value)

    value: att.AttributeValue[bytes] = att.AttributeValue(write=take)  # type: ignore[arg-type]  # awaitable or not
    return Characteristic(core.UUID(uuid), properties, Characteristic.WRITEABLE, value)


def subscription_of(
    characteristic: Characteristic[bytes], read: Callable[..., bytes], write: Callable[..., None]
) -> Descriptor:
    """The descriptor by which a client subscribes, handed to functions of one's own."""
    descriptor = Descriptor(
        GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
        att.Attribute.READABLE | att.Attribute.WRITEABLE,
        att.AttributeValueV2(
            lambda bearer: read(bearer, characteristic),
            write=lambda bearer, value: write(bearer, characteristic, value),
        ),
    )
    characteristic.descriptors = [descriptor]
    return descriptor
