"""Advertisements as a list of machines and straps. Pure and total: anybody may send anything into the air.

An advertiser is known by its address; what it leaves out of one packet is kept from the one before, because names and
services often come in turns. Two machines with one name are two advertisers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..advert import Advert, Kind
from ..ftms.characteristics import FITNESS_MACHINE, HEART_RATE
from ..ftms.codec import MachineType, decode_service_data
from .printable import printable

ADVERTISERS_MAX = 512
"""More than any gym has; somebody who changes their address with every packet shall not fill the memory."""

SERVICES_MAX = 32
"""More than fit into one advertisement of 31 octets and its scan response, with room for the long kind."""

RSSI_DBM = range(-127, 21)
"""What a radio can report (Core Specification, vol 4 part E, 7.7.65.2); 127 means that it does not know."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Packet:
    """One advertisement as a radio hands it over. ``service_data``: whole UUID -> octets."""

    address: str
    name: str | None = None
    services: Sequence[str] = ()
    service_data: Mapping[str, bytes] = field(default_factory=dict)
    rssi_dbm: int | None = None


class Adverts:
    """Everybody who was heard."""

    def __init__(self) -> None:
        self._heard: dict[str, Advert] = {}

    def take(self, packet: Packet) -> Advert | None:
        """The advertiser, where this packet says something new of it; how loud it is alone is no news."""
        key = packet.address.casefold()
        before = self._heard.get(key)
        if not key or (before is None and len(self._heard) >= ADVERTISERS_MAX):
            return None
        now = _advert(packet, before)
        self._heard[key] = now
        return None if before is not None and _told(before) == _told(now) else now


def _advert(packet: Packet, before: Advert | None) -> Advert:
    told = {one.lower() for one in (*packet.services, *packet.service_data) if _UUID.fullmatch(one)}
    services = sorted(told | set(() if before is None else before.services))[:SERVICES_MAX]
    name = printable(packet.name or "") or ("" if before is None else before.name)
    known = Kind.UNKNOWN if before is None else before.kind
    return Advert(
        address=printable(packet.address),
        name=name,
        kind=_kind(packet, services, known),
        rssi_dbm=packet.rssi_dbm if packet.rssi_dbm in RSSI_DBM else None,
        services=tuple(services),
    )


def _told(advert: Advert) -> tuple[str, Kind, tuple[str, ...]]:
    return advert.name, advert.kind, advert.services


def _kind(packet: Packet, services: Sequence[str], known: Kind) -> Kind:
    """What it says it is. Many treadmills name the fitness service and leave out which machine they are: a fitness
    machine without a type is listed as a treadmill, and its characteristics tell when it is connected to."""
    data = next((octets for uuid, octets in packet.service_data.items() if uuid.lower() == FITNESS_MACHINE), b"")
    types = decode_service_data(data).value.types
    if types:
        return Kind.TREADMILL if MachineType.TREADMILL in types else Kind.OTHER_MACHINE
    if known in (Kind.TREADMILL, Kind.OTHER_MACHINE):
        return known
    if FITNESS_MACHINE in services:
        return Kind.TREADMILL
    return Kind.HEART_STRAP if HEART_RATE in services else Kind.UNKNOWN
