"""Fitness Machine Status (2ADA): what a machine says about itself as it happens. FTMS 1.0.1, section 4.17."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import Field, named
from . import parameters
from .parameters import read_parameters, write_parameters


class MachineEvent(IntEnum):
    """What happened. Machines bend them: some tell every step of a slowing belt as a changed target."""

    RESET = 0x01
    STOPPED_OR_PAUSED_BY_USER = 0x02
    STOPPED_BY_SAFETY_KEY = 0x03
    STARTED_OR_RESUMED_BY_USER = 0x04
    TARGET_SPEED_CHANGED = 0x05
    TARGET_INCLINE_CHANGED = 0x06
    TARGET_RESISTANCE_CHANGED = 0x07
    TARGET_POWER_CHANGED = 0x08
    TARGET_HEART_RATE_CHANGED = 0x09
    TARGET_ENERGY_CHANGED = 0x0A
    TARGET_STEPS_CHANGED = 0x0B
    TARGET_STRIDES_CHANGED = 0x0C
    TARGET_DISTANCE_CHANGED = 0x0D
    TARGET_TIME_CHANGED = 0x0E
    TIME_IN_TWO_ZONES_CHANGED = 0x0F
    TIME_IN_THREE_ZONES_CHANGED = 0x10
    TIME_IN_FIVE_ZONES_CHANGED = 0x11
    BIKE_SIMULATION_CHANGED = 0x12
    WHEEL_CIRCUMFERENCE_CHANGED = 0x13
    SPIN_DOWN_STATUS = 0x14
    TARGET_CADENCE_CHANGED = 0x15
    CONTROL_LOST = 0xFF


PARAMETERS: dict[int, tuple[Field, ...]] = {
    MachineEvent.RESET: (),
    MachineEvent.STOPPED_OR_PAUSED_BY_USER: parameters.STOP_OR_PAUSE,
    MachineEvent.STOPPED_BY_SAFETY_KEY: (),
    MachineEvent.STARTED_OR_RESUMED_BY_USER: (),
    MachineEvent.TARGET_SPEED_CHANGED: parameters.SPEED,
    MachineEvent.TARGET_INCLINE_CHANGED: parameters.INCLINE,
    MachineEvent.TARGET_RESISTANCE_CHANGED: parameters.WIDE_RESISTANCE,
    MachineEvent.TARGET_POWER_CHANGED: parameters.POWER,
    MachineEvent.TARGET_HEART_RATE_CHANGED: parameters.HEART_RATE,
    MachineEvent.TARGET_ENERGY_CHANGED: parameters.ENERGY,
    MachineEvent.TARGET_STEPS_CHANGED: parameters.STEPS,
    MachineEvent.TARGET_STRIDES_CHANGED: parameters.STRIDES,
    MachineEvent.TARGET_DISTANCE_CHANGED: parameters.DISTANCE,
    MachineEvent.TARGET_TIME_CHANGED: parameters.TIME,
    MachineEvent.TIME_IN_TWO_ZONES_CHANGED: parameters.TWO_ZONES,
    MachineEvent.TIME_IN_THREE_ZONES_CHANGED: parameters.THREE_ZONES,
    MachineEvent.TIME_IN_FIVE_ZONES_CHANGED: parameters.FIVE_ZONES,
    MachineEvent.BIKE_SIMULATION_CHANGED: parameters.BIKE,
    MachineEvent.WHEEL_CIRCUMFERENCE_CHANGED: parameters.WHEEL,
    MachineEvent.SPIN_DOWN_STATUS: parameters.SPIN_DOWN,
    MachineEvent.TARGET_CADENCE_CHANGED: parameters.CADENCE,
    MachineEvent.CONTROL_LOST: (),
}


@dataclass(frozen=True, slots=True)
class MachineStatus:
    """One event. ``event``: a MachineEvent, a plain number where none has it, None in an empty frame.

    Machines pad: what an event is stays known whatever stands behind it or is missing there.
    """

    event: int | None
    values: tuple[float, ...] = ()

    @property
    def value(self) -> float | None:
        """The one quantity that most events carry (km/h, percent, StopOrPause); None: there is none."""
        return self.values[0] if self.values else None


def decode_machine_status(payload: bytes) -> Decoded[MachineStatus]:
    """One notification, of any length."""
    if not payload:
        return Decoded(MachineStatus(None), (Anomaly(Oddity.TRUNCATED, "event"),))
    code = payload[0]
    read = read_parameters(PARAMETERS.get(code), payload)
    return Decoded(MachineStatus(named(MachineEvent, code), read.values), read.anomalies)


def encode_machine_status(event: MachineEvent, *values: float) -> bytes:
    """What a machine notifies. Raises ValueError where a quantity does not fit or their number is wrong."""
    return bytes([event]) + write_parameters(PARAMETERS[event], values, event.name)
