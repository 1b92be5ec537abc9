"""The characteristics of an FTMS treadmill and of the services beside it (Bluetooth SIG, Assigned Numbers)."""

from __future__ import annotations

from ..gatt.link import uuid16

FITNESS_MACHINE = uuid16(0x1826)
FEATURE = uuid16(0x2ACC)
TREADMILL_DATA = uuid16(0x2ACD)
TRAINING_STATUS = uuid16(0x2AD3)
SPEED_RANGE = uuid16(0x2AD4)
INCLINE_RANGE = uuid16(0x2AD5)
HEART_RATE_RANGE = uuid16(0x2AD7)
POWER_RANGE = uuid16(0x2AD8)
CONTROL_POINT = uuid16(0x2AD9)
MACHINE_STATUS = uuid16(0x2ADA)

DEVICE_INFORMATION = uuid16(0x180A)
MODEL = uuid16(0x2A24)
SERIAL_NUMBER = uuid16(0x2A25)
FIRMWARE = uuid16(0x2A26)
HARDWARE = uuid16(0x2A27)
SOFTWARE = uuid16(0x2A28)
MANUFACTURER = uuid16(0x2A29)

HEART_RATE = uuid16(0x180D)
HEART_RATE_MEASUREMENT = uuid16(0x2A37)

RUNNING_SPEED_AND_CADENCE = uuid16(0x1814)
RSC_MEASUREMENT = uuid16(0x2A53)
