"""Heart Rate Measurement (2A37), what a strap sends: HRS 1.0, section 3.1. Pure and total."""

from __future__ import annotations

from dataclasses import dataclass

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import Field, read_frame, read_row, write_row

WIDE_RATE = 0x01
CONTACT = 0x02
CONTACT_SUPPORTED = 0x04
ENERGY = 0x08
INTERVALS = 0x10
RESERVED = 0xE0
RATE = (Field("bpm", 1, absent=(0,)), Field("bpm", 2, absent=(0,)))
"""A rate in one octet or in two; nobody alive has 0, a strap without a reading does."""
ENERGY_FIELD = Field("energy_kj", 2)
INTERVAL = Field("rr_s", 2, 1024)


@dataclass(frozen=True, slots=True)
class HeartRate:
    """One measurement.

    ``bpm``: None where there is no reading. ``contact``: whether the strap feels skin; None where it cannot tell
    (a Polar H10 cannot: taken off, it repeats its last rate without intervals). ``rr_s``: times between beats in
    seconds, oldest first. ``energy_kj`` stays at 65,535 once it is reached.
    """

    bpm: int | None
    contact: bool | None = None
    rr_s: tuple[float, ...] = ()
    energy_kj: int | None = None


def decode_heart_rate(payload: bytes) -> Decoded[HeartRate]:
    """One notification, of any length."""
    if not payload:
        return Decoded(HeartRate(None), (Anomaly(Oddity.TRUNCATED, "flags"),))
    flags = payload[0]
    row = (RATE[flags & WIDE_RATE], *([ENERGY_FIELD] if flags & ENERGY else []))
    head = read_row(row, payload, 1)
    beats = read_frame(_intervals(flags, len(payload) - head.end), payload, head.end)
    odd = (Anomaly(Oddity.RESERVED, "flags"),) if flags & RESERVED else ()
    bpm, energy = head.values.get("bpm"), head.values.get("energy_kj")
    value = HeartRate(
        None if bpm is None else int(bpm),
        bool(flags & CONTACT) if flags & CONTACT_SUPPORTED else None,
        tuple(time for time in beats.values.values() if time is not None),
        None if energy is None else int(energy),
    )
    return Decoded(value, odd + head.anomalies + beats.anomalies)


def _intervals(flags: int, octets: int) -> tuple[Field, ...]:
    """As many intervals as the rest of the frame promises; half of one counts, so that it is seen to be cut."""
    count = (octets + 1) // 2 if flags & INTERVALS else 0
    return tuple(Field(f"rr_s[{number}]", 2, 1024) for number in range(count))


def encode_heart_rate(measured: HeartRate) -> bytes:
    """One notification; a rate above 255 takes two octets, None is sent as 0. Raises ValueError for a misfit."""
    wide = (measured.bpm or 0) > 0xFF
    flags = WIDE_RATE * wide | ENERGY * (measured.energy_kj is not None) | INTERVALS * bool(measured.rr_s)
    if measured.contact is not None:
        flags |= CONTACT_SUPPORTED | CONTACT * measured.contact
    energy = b"" if measured.energy_kj is None else ENERGY_FIELD.write(measured.energy_kj)
    beats = write_row((INTERVAL,) * len(measured.rr_s), measured.rr_s)
    return bytes([flags]) + RATE[wide].write(measured.bpm) + energy + beats
