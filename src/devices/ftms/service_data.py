"""What an advertisement says of a fitness machine: its service data for 0x1826. FTMS 1.0, section 3.1."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import Field, read_frame

AVAILABLE = 0x01
KNOWN_TYPES = 0x003F
FLAGS = (Field("flags", 1),)
NARROW = (*FLAGS, Field("types", 1))
WIDE = (*FLAGS, Field("types", 2))


class MachineType(IntFlag):
    """Kinds of fitness machines."""

    TREADMILL = 1 << 0
    CROSS_TRAINER = 1 << 1
    STEP_CLIMBER = 1 << 2
    STAIR_CLIMBER = 1 << 3
    ROWER = 1 << 4
    INDOOR_BIKE = 1 << 5


@dataclass(frozen=True, slots=True)
class ServiceData:
    """``available``: it can be used now. ``types``: what it is. None where the frame does not say.

    A hint for a list of machines; what a machine is, only its characteristics tell.
    """

    available: bool | None
    types: MachineType | None


def decode_service_data(payload: bytes) -> Decoded[ServiceData]:
    """The octets behind the service's number, of any length; one octet of types, or two swapped, are understood."""
    read = read_frame(NARROW if len(payload) == 2 else WIDE, payload)
    flags, types = read.values.get("flags"), read.values.get("types")
    anomalies = read.anomalies
    if len(payload) == 2:
        anomalies += (Anomaly(Oddity.TRUNCATED, "the second octet of types"),)
    if flags is not None and int(flags) & ~AVAILABLE:
        anomalies += (Anomaly(Oddity.RESERVED, "flags"),)
    word = _types(None if types is None else int(types))
    available = None if flags is None else bool(int(flags) & AVAILABLE)
    return Decoded(ServiceData(available, word.value), anomalies + word.anomalies)


def _types(word: int | None) -> Decoded[MachineType | None]:
    if word is None:
        return Decoded(None)
    swapped = (word & 0xFF) << 8 | word >> 8
    if not word & KNOWN_TYPES and swapped & KNOWN_TYPES:
        return Decoded(MachineType(swapped & KNOWN_TYPES), (Anomaly(Oddity.SWAPPED, "types"),))
    odd = (Anomaly(Oddity.RESERVED, "types"),) if word & ~KNOWN_TYPES else ()
    return Decoded(MachineType(word & KNOWN_TYPES), odd)


def encode_service_data(available: bool, types: MachineType) -> bytes:
    """Three octets behind the service's number."""
    return bytes([AVAILABLE * available]) + types.to_bytes(2, "little")
