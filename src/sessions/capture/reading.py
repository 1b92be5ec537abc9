"""What the codec makes of a frame, as plain values for a file. Total, as the codec is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum, Flag
from typing import Any

from ...devices.decoded import Decoded
from ...devices.ftms import characteristics as known
from ...devices.ftms.codec import (
    RangeOf,
    decode_features,
    decode_heart_rate,
    decode_information,
    decode_machine_status,
    decode_range,
    decode_response,
    decode_rsc,
    decode_training_status,
    decode_treadmill_data,
)

_DECODERS: dict[str, Callable[[bytes], Decoded[Any]]] = {
    known.FEATURE: decode_features,
    known.TREADMILL_DATA: decode_treadmill_data,
    known.TRAINING_STATUS: decode_training_status,
    known.SPEED_RANGE: lambda octets: decode_range(octets, RangeOf.SPEED_KPH),
    known.INCLINE_RANGE: lambda octets: decode_range(octets, RangeOf.INCLINE_PERCENT),
    known.HEART_RATE_RANGE: lambda octets: decode_range(octets, RangeOf.HEART_RATE_BPM),
    known.POWER_RANGE: lambda octets: decode_range(octets, RangeOf.POWER_W),
    known.CONTROL_POINT: decode_response,
    known.MACHINE_STATUS: decode_machine_status,
    known.MANUFACTURER: decode_information,
    known.MODEL: decode_information,
    known.FIRMWARE: decode_information,
    known.HEART_RATE_MEASUREMENT: decode_heart_rate,
    known.RSC_MEASUREMENT: decode_rsc,
}


def says(uuid: str, octets: bytes) -> dict[str, Any] | None:
    """The fields that a frame carries, absent ones left out, and under ``odd`` what was odd; None: nothing reads it."""
    decoder = _DECODERS.get(uuid)
    if decoder is None:
        return None
    decoded = decoder(octets)
    value = plain(decoded.value)
    told = value if isinstance(value, dict) else {} if value is None else {"value": value}
    odd = [str(anomaly) for anomaly in decoded.anomalies]
    return {**told, "odd": odd} if odd else told


def plain(value: object) -> Any:
    """A value of the codec in the kinds that JSON has. Floats lose only their binary noise."""
    if is_dataclass(value):
        told = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {name: one for name, one in told.items() if one is not None and one is not False and one != []}
    if isinstance(value, Flag):
        return [flag.name.lower() for flag in type(value) if flag in value and flag.name]
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value
