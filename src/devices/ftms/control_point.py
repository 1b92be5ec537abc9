"""The control point of a fitness machine (2AD9): requests and their answers, both ways. FTMS 1.0.1, section 4.16."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ..decoded import Anomaly, Decoded, Oddity
from ..fields import Field, named, read_frame
from . import parameters
from .parameters import read_parameters, write_parameters

RESPONSE = 0x80
"""The first octet of every answer."""


class OpCode(IntEnum):
    """What a machine can be asked for."""

    REQUEST_CONTROL = 0x00
    RESET = 0x01
    SET_TARGET_SPEED = 0x02
    SET_TARGET_INCLINE = 0x03
    SET_TARGET_RESISTANCE = 0x04
    SET_TARGET_POWER = 0x05
    SET_TARGET_HEART_RATE = 0x06
    START_OR_RESUME = 0x07
    STOP_OR_PAUSE = 0x08
    SET_TARGET_ENERGY = 0x09
    SET_TARGET_STEPS = 0x0A
    SET_TARGET_STRIDES = 0x0B
    SET_TARGET_DISTANCE = 0x0C
    SET_TARGET_TIME = 0x0D
    SET_TIME_IN_TWO_ZONES = 0x0E
    SET_TIME_IN_THREE_ZONES = 0x0F
    SET_TIME_IN_FIVE_ZONES = 0x10
    SET_BIKE_SIMULATION = 0x11
    SET_WHEEL_CIRCUMFERENCE = 0x12
    SPIN_DOWN = 0x13
    SET_TARGET_CADENCE = 0x14


class Result(IntEnum):
    """What a machine answers. Success means taken, never reached."""

    SUCCESS = 0x01
    NOT_SUPPORTED = 0x02
    INVALID_PARAMETER = 0x03
    FAILED = 0x04
    CONTROL_NOT_PERMITTED = 0x05


PARAMETERS: dict[int, tuple[Field, ...]] = {
    OpCode.REQUEST_CONTROL: (),
    OpCode.RESET: (),
    OpCode.SET_TARGET_SPEED: parameters.SPEED,
    OpCode.SET_TARGET_INCLINE: parameters.INCLINE,
    OpCode.SET_TARGET_RESISTANCE: parameters.WIDE_RESISTANCE,
    OpCode.SET_TARGET_POWER: parameters.POWER,
    OpCode.SET_TARGET_HEART_RATE: parameters.HEART_RATE,
    OpCode.START_OR_RESUME: (),
    OpCode.STOP_OR_PAUSE: parameters.STOP_OR_PAUSE,
    OpCode.SET_TARGET_ENERGY: parameters.ENERGY,
    OpCode.SET_TARGET_STEPS: parameters.STEPS,
    OpCode.SET_TARGET_STRIDES: parameters.STRIDES,
    OpCode.SET_TARGET_DISTANCE: parameters.DISTANCE,
    OpCode.SET_TARGET_TIME: parameters.TIME,
    OpCode.SET_TIME_IN_TWO_ZONES: parameters.TWO_ZONES,
    OpCode.SET_TIME_IN_THREE_ZONES: parameters.THREE_ZONES,
    OpCode.SET_TIME_IN_FIVE_ZONES: parameters.FIVE_ZONES,
    OpCode.SET_BIKE_SIMULATION: parameters.BIKE,
    OpCode.SET_WHEEL_CIRCUMFERENCE: parameters.WHEEL,
    OpCode.SPIN_DOWN: parameters.SPIN_DOWN,
    OpCode.SET_TARGET_CADENCE: parameters.CADENCE,
}
SPIN_DOWN_SPEEDS = (Field("target_low_kph", 2, 100), Field("target_high_kph", 2, 100))


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for. ``op``: an OpCode, a plain number where none has it, None in an empty frame."""

    op: int | None
    values: tuple[float, ...] = ()

    @property
    def value(self) -> float | None:
        """The one quantity that most requests carry (km/h, percent, StopOrPause); None: there is none."""
        return self.values[0] if self.values else None


@dataclass(frozen=True, slots=True)
class Response:
    """What a machine answered. ``request`` and ``result``: OpCode and Result, plain numbers where none has it.

    Both are None in a frame that is no answer or is cut short. ``spin_down_kph``: the two speeds that only the answer
    to a spin-down carries.
    """

    request: int | None
    result: int | None
    spin_down_kph: tuple[float, ...] = ()

    def grants(self, op: OpCode) -> bool:
        """Whether it says yes to this very request."""
        return self.request == op and self.result == Result.SUCCESS


NO_RESPONSE = Response(None, None)


def encode_request(op: OpCode, *values: float) -> bytes:
    """What to write for a request: speeds in km/h, inclines in percent, a stop with StopOrPause.

    Raises ValueError for a number that is not finite or does not fit, and for the wrong number of them.
    """
    return bytes([op]) + write_parameters(PARAMETERS[op], values, op.name)


def decode_request(payload: bytes) -> Decoded[Request]:
    """What a client has written, of any length."""
    if not payload:
        return Decoded(Request(None), (Anomaly(Oddity.TRUNCATED, "op"),))
    read = read_parameters(PARAMETERS.get(payload[0]), payload)
    return Decoded(Request(named(OpCode, payload[0]), read.values), read.anomalies)


def encode_response(request: int, result: int, spin_down_kph: tuple[float, ...] = ()) -> bytes:
    """What a machine indicates; the numbers may be reserved ones, 0 to 255. Raises ValueError outside of that."""
    speeds = write_parameters(SPIN_DOWN_SPEEDS if spin_down_kph else (), spin_down_kph, "the answer to SPIN_DOWN")
    return bytes([RESPONSE, request, result]) + speeds


def decode_response(payload: bytes) -> Decoded[Response]:
    """What a machine has answered, of any length; the caller compares ``request`` with what it asked."""
    if not payload or payload[0] != RESPONSE:
        what = Oddity.NOT_A_RESPONSE if payload else Oddity.TRUNCATED
        return Decoded(NO_RESPONSE, (Anomaly(what, "its first octet", bytes(payload)),))
    if len(payload) < 3:
        request = named(OpCode, payload[1]) if len(payload) == 2 else None
        return Decoded(Response(request, None), (Anomaly(Oddity.TRUNCATED, "result"),))
    return _response(payload)


def _response(payload: bytes) -> Decoded[Response]:
    request, result = named(OpCode, payload[1]), named(Result, payload[2])
    with_speeds = request == OpCode.SPIN_DOWN and result == Result.SUCCESS and len(payload) > 3
    rest = read_frame(SPIN_DOWN_SPEEDS if with_speeds else (), payload, 3)
    unknown = [("request", request, OpCode), ("result", result, Result)]
    codes = [Anomaly(Oddity.UNKNOWN_CODE, where) for where, code, kind in unknown if not isinstance(code, kind)]
    speeds = tuple(value for value in rest.values.values() if value is not None)
    return Decoded(Response(request, result, speeds), (*codes, *rest.anomalies))
