"""What a command becomes on the control point, and what an answer means. Pure.

A speed goes out in whole hundredths of the unit in which the machine takes it, rounded down to one of its steps: in
miles an hour 3.22 km/h is 2.00, and 3.21 km/h with steps of a tenth is 1.90. Rounding never makes a belt faster.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...machine import (
    Accepted,
    Capabilities,
    Command,
    CommandOutcome,
    Rejected,
    SetIncline,
    SetSpeed,
    SpeedUnit,
    StartBelt,
)
from .codec import OpCode, Result, StopOrPause, encode_request

MILE_M = 1609.344
"""The international mile, exact by definition."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One request: its operation, its octets, and the number in them as the wire has it (None: it carries none)."""

    op: OpCode
    octets: bytes
    wire: int | None = None


CONTROL = Procedure(OpCode.REQUEST_CONTROL, encode_request(OpCode.REQUEST_CONTROL))
START = Procedure(OpCode.START_OR_RESUME, encode_request(OpCode.START_OR_RESUME))
STOP = Procedure(OpCode.STOP_OR_PAUSE, encode_request(OpCode.STOP_OR_PAUSE, StopOrPause.STOP))
PAUSE = Procedure(OpCode.STOP_OR_PAUSE, encode_request(OpCode.STOP_OR_PAUSE, StopOrPause.PAUSE))


def procedure_for(command: Command, capabilities: Capabilities, unit: SpeedUnit) -> Procedure:
    """The request of a command. The caller has held the command against the machine's ranges."""
    if isinstance(command, SetSpeed):
        wire = wire_speed(command.speed_ckph, capabilities, unit)
        return Procedure(OpCode.SET_TARGET_SPEED, encode_request(OpCode.SET_TARGET_SPEED, wire / 100), wire)
    if isinstance(command, SetIncline):
        wire = command.incline_dpct - command.incline_dpct % capabilities.incline_increment_dpct
        return Procedure(OpCode.SET_TARGET_INCLINE, encode_request(OpCode.SET_TARGET_INCLINE, wire / 10), wire)
    return START if isinstance(command, StartBelt) else STOP


def wire_speed(speed_ckph: int, capabilities: Capabilities, unit: SpeedUnit) -> int:
    """Whole hundredths of the machine's unit, rounded down to its steps, never below its lowest speed."""
    step = max(1, round(capabilities.speed_increment_ckph / unit.one_kph))
    wire = _hundredths(speed_ckph, unit)
    return max(wire - wire % step, min(wire, _hundredths(capabilities.speed_min_ckph, unit)))


def _hundredths(speed_ckph: int, unit: SpeedUnit) -> int:
    """Hundredths of a km/h as whole hundredths of a unit, rounded down in whole numbers alone."""
    return speed_ckph if unit is SpeedUnit.KPH else speed_ckph * 1_000_000 // round(MILE_M * 1000)


def kph(wire_speed_in_unit: float, unit: SpeedUnit) -> float:
    """A speed in the machine's unit as km/h, to the hundredth or finer."""
    return wire_speed_in_unit if unit is SpeedUnit.KPH else round(wire_speed_in_unit * unit.one_kph, 4)


ASKED: dict[OpCode, str] = {
    OpCode.REQUEST_CONTROL: "the request for control",
    OpCode.SET_TARGET_SPEED: "the set speed",
    OpCode.SET_TARGET_INCLINE: "the set incline",
    OpCode.START_OR_RESUME: "the start",
    OpCode.STOP_OR_PAUSE: "the stop",
}
REFUSALS: dict[Result, str] = {
    Result.NOT_SUPPORTED: "it does not know this command",
    Result.INVALID_PARAMETER: "it calls the value invalid or out of its range",
    Result.FAILED: "it could not do that as it is now",
    Result.CONTROL_NOT_PERMITTED: "it does not give this program control; another app or its console may hold it",
}
"""The results of the specification (FTMS 1.0.1, table 4.24) as the end of a sentence."""


def outcome_of(op: OpCode, result: int | None) -> CommandOutcome:
    """What an answer to a command means."""
    if result == Result.SUCCESS:
        return Accepted()
    known = Result(result) if result in set(Result) else None
    said = "its answer is cut short" if result is None else f"it answers with the unknown result {result}"
    return Rejected(f"the treadmill refused {ASKED[op]}: {said if known is None else REFUSALS[known]}")


ATT_WORDS: dict[int, str] = {
    0x03: "its control point may not be written",
    0x05: "it wants to be paired first; pair it in the system's Bluetooth settings",
    0x08: "it does not authorize this computer; pair it in the system's Bluetooth settings",
    0x0D: "it wants another length of command",
    0x0F: "it wants an encrypted link; pair it in the system's Bluetooth settings",
    0x80: "its firmware refuses; forget the machine in the system's Bluetooth settings and connect anew",
    0xFD: "its answers are not subscribed to; connect anew",
    0xFE: "it is still busy with the command before",
}
"""Refusals of the attribute protocol (Core Specification, vol 3 part F, 3.4.1.1; common codes: CSS part B)."""
BUSY = 0xFE


def refused_by_link(op: OpCode, code: int) -> Rejected:
    """A write that the machine's attribute server turned away: the command was not carried out."""
    why = ATT_WORDS.get(code, "it gives no reason that is known")
    return Rejected(f"the treadmill refused {ASKED[op]} (attribute error 0x{code:02x}): {why}")
