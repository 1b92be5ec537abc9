"""Which attributes a capture looks at, and which it leaves alone because they say whose machine it is."""

from __future__ import annotations

import re

from ...devices.ftms import characteristics as known
from ...devices.gatt.link import uuid16

CROSS_TRAINER_DATA = uuid16(0x2ACE)
HEART_RATE_LOCATION = uuid16(0x2A38)
RSC_FEATURE = uuid16(0x2A54)
SYSTEM_ID = uuid16(0x2A23)
DEVICE_NAME = uuid16(0x2A00)

TOLD = (
    known.CONTROL_POINT,
    known.MACHINE_STATUS,
    known.TRAINING_STATUS,
    known.TREADMILL_DATA,
    CROSS_TRAINER_DATA,
    known.HEART_RATE_MEASUREMENT,
    known.RSC_MEASUREMENT,
)
"""Subscribed to, in this order: answers and status before the data, so that nothing of a beginning is missed."""

READ = (
    known.MANUFACTURER,
    known.MODEL,
    known.FIRMWARE,
    known.FEATURE,
    known.SPEED_RANGE,
    known.INCLINE_RANGE,
    known.HEART_RATE_RANGE,
    known.POWER_RANGE,
    known.TRAINING_STATUS,
    HEART_RATE_LOCATION,
    RSC_FEATURE,
)

NEVER_READ = (known.SERIAL_NUMBER, SYSTEM_ID, DEVICE_NAME)
"""They tell one machine from the next of its kind: what is not read cannot be given away. (A system id is, as a rule,
made of the Bluetooth address.)"""

_SHORT = re.compile(r"0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb")


def short(uuid: str) -> str:
    """The four digits of an assigned number, as people and the shared frames write it; any other UUID whole."""
    found = _SHORT.fullmatch(uuid)
    return uuid if found is None else found[1]


def whole(text: str) -> str:
    """The other way round."""
    return uuid16(int(text, 16)) if re.fullmatch(r"[0-9a-f]{4}", text) else text
