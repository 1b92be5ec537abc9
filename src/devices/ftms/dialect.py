"""How one family of FTMS machines departs from the specification, as data; the defaults are the specification."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ...machine import SpeedUnit


class ControlRequest(Enum):
    """What comes back when control is asked for (op 00) although control works all the same."""

    ANSWERED = "answered"
    SILENT = "silent"  # no answer comes; a time-out of this one procedure is a yes
    REFUSED = "refused"  # an answer 'failed' comes, and set-points are taken


@dataclass(frozen=True, slots=True)
class GattWrite:
    """Bytes for an attribute: its whole UUID, and the value in hexadecimal."""

    uuid: str
    value_hex: str

    def __post_init__(self) -> None:
        bytes.fromhex(self.value_hex)  # raises ValueError


@dataclass(frozen=True, slots=True)
class FtmsDialect:
    """What a driver must know of a family beside its profile. Times in milliseconds.

    commanded_unit         the unit in which the number of a set speed is taken, whatever it is called
    reported_unit          the unit in which the number of a reported speed is meant
    ranges_trusted         the ranges that the machine publishes are its own; otherwise the profile's count
    control                what happens to a request for control
    unlock                 written once after the subscriptions
    preamble               written before every procedure
    write_with_response    the control point wants acknowledged writes
    write_within_ms        a write that is not acknowledged by then hangs
    answer_within_ms       an answer that has not come by then is unknown
    subscribe_gap_ms       between two subscriptions; some drop what comes faster
    pause_after_stop       a stop that shows no effect may be followed by a pause (op 08, 02)
    targets_told           machine status 05 and 06 are targets; otherwise they are only news of its own ramp
    start_says_stopped     status 02 comes with a start of the belt
    pace_bytes             the width of a pace in its treadmill data; None: by the length of the record
    incline_moves          the deck really moves when it says so
    """

    commanded_unit: SpeedUnit = SpeedUnit.KPH
    reported_unit: SpeedUnit = SpeedUnit.KPH
    ranges_trusted: bool = True
    control: ControlRequest = ControlRequest.ANSWERED
    unlock: tuple[GattWrite, ...] = ()
    preamble: tuple[GattWrite, ...] = ()
    write_with_response: bool = True
    write_within_ms: int = 1000
    answer_within_ms: int = 1500
    subscribe_gap_ms: int = 100
    pause_after_stop: bool = False
    targets_told: bool = True
    start_says_stopped: bool = False
    pace_bytes: int | None = None
    incline_moves: bool = True


AS_SPECIFIED = FtmsDialect()
