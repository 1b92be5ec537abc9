"""What simulated machines say of themselves to anybody who listens."""

from __future__ import annotations

from bumble.core import AdvertisingData

from ..ftms.codec import MachineType, encode_service_data
from .shape import Advertising, Shape

FITNESS_MACHINE, HEART_RATE = (0x1826).to_bytes(2, "little"), (0x180D).to_bytes(2, "little")
DISCOVERABLE = 0x06
"""General discoverable, and no classic Bluetooth (Core Specification Supplement, part A, 1.3)."""

NAME_BYTES_MAX = 29
"""A name has a scan response to itself: 31 octets less two of its head (Core, vol 6 part B, 2.3.2.2)."""

Kind = AdvertisingData.Type


def treadmill_adverts(name: str, shape: Shape) -> tuple[bytes, bytes]:
    """The advertisement, and the scan response with the name. Raises ValueError for a name that is too long."""
    flags = [(Kind.FLAGS, bytes([DISCOVERABLE]))]
    if shape.advertising is Advertising.BARE:
        return _packed(flags), _name(name)
    service = (Kind.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, FITNESS_MACHINE)
    told = (Kind.SERVICE_DATA_16_BIT_UUID, FITNESS_MACHINE + _service_data(shape.advertising))
    return _packed([*flags, service, told]), _name(name)


def strap_adverts(name: str) -> tuple[bytes, bytes]:
    """The advertisement of a heart-rate strap, and its scan response."""
    service = (Kind.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, HEART_RATE)
    return _packed([(Kind.FLAGS, bytes([DISCOVERABLE])), service]), _name(name)


def _service_data(advertising: Advertising) -> bytes:
    """One octet that says available, two that say treadmill, as far as the machine gets that right."""
    told = encode_service_data(True, MachineType.TREADMILL)
    if advertising is Advertising.SWAPPED:
        return told[:1] + told[:0:-1]
    return told[:2] if advertising is Advertising.SHORT else told


def _name(name: str) -> bytes:
    octets = name.encode()
    if not 0 < len(octets) <= NAME_BYTES_MAX:
        raise ValueError(
            f"the name {name[:40]!r} has {len(octets)} octets; an advertisement takes 1 to {NAME_BYTES_MAX}"
        )
    return _packed([(Kind.COMPLETE_LOCAL_NAME, octets)])


def _packed(parts: list[tuple[AdvertisingData.Type, bytes]]) -> bytes:
    return b"".join(bytes([len(value) + 1, kind]) + value for kind, value in parts)
