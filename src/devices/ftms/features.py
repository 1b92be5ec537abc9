"""Fitness Machine Feature (2ACC): what a machine claims that it measures and that it can be told. FTMS 1.0, 4.3.

A claim and no more: modules promise targets that their treadmill has no motor for. Start and stop have no bit at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import Field, read_frame

WORDS = (Field("machine", 4), Field("target", 4))


class MachineFeature(IntFlag):
    """What it says that it measures."""

    AVERAGE_SPEED = 1 << 0
    CADENCE = 1 << 1
    TOTAL_DISTANCE = 1 << 2
    INCLINE = 1 << 3
    ELEVATION_GAIN = 1 << 4
    PACE = 1 << 5
    STEP_COUNT = 1 << 6
    RESISTANCE = 1 << 7
    STRIDE_COUNT = 1 << 8
    ENERGY = 1 << 9
    HEART_RATE = 1 << 10
    METABOLIC_EQUIVALENT = 1 << 11
    ELAPSED_TIME = 1 << 12
    REMAINING_TIME = 1 << 13
    POWER = 1 << 14
    BELT_FORCE = 1 << 15
    USER_DATA = 1 << 16


class TargetFeature(IntFlag):
    """What it says that it can be told."""

    SPEED = 1 << 0
    INCLINE = 1 << 1
    RESISTANCE = 1 << 2
    POWER = 1 << 3
    HEART_RATE = 1 << 4
    ENERGY = 1 << 5
    STEPS = 1 << 6
    STRIDES = 1 << 7
    DISTANCE = 1 << 8
    TIME = 1 << 9
    TIME_IN_TWO_ZONES = 1 << 10
    TIME_IN_THREE_ZONES = 1 << 11
    TIME_IN_FIVE_ZONES = 1 << 12
    BIKE_SIMULATION = 1 << 13
    WHEEL_CIRCUMFERENCE = 1 << 14
    SPIN_DOWN = 1 << 15
    CADENCE = 1 << 16


KNOWN = (1 << 17) - 1
"""Both words end at bit 16; the rest is reserved."""


@dataclass(frozen=True, slots=True)
class Features:
    """Both words; None where the frame was too short for one. Reserved bits are dropped, and named as an anomaly."""

    machine: MachineFeature | None
    target: TargetFeature | None


def decode_features(payload: bytes) -> Decoded[Features]:
    """The value of the characteristic, of any length."""
    read = read_frame(WORDS, payload)
    words = {name: int(word) for name, word in read.values.items() if word is not None}
    machine, target = words.get("machine"), words.get("target")
    reserved = tuple(Anomaly(Oddity.RESERVED, name) for name, word in words.items() if word & ~KNOWN)
    value = Features(
        None if machine is None else MachineFeature(machine & KNOWN),
        None if target is None else TargetFeature(target & KNOWN),
    )
    return Decoded(value, reserved + read.anomalies)


def encode_features(machine: MachineFeature, target: TargetFeature) -> bytes:
    """The value of the characteristic: eight octets."""
    return machine.to_bytes(4, "little") + target.to_bytes(4, "little")
