"""What a machine reports, as the supervisor knows it. Total: a report that is no good is none."""

from __future__ import annotations

import math

from ..machine import (
    Accepted,
    CommandOutcome,
    LinkLost,
    MachineNotice,
    Rejected,
    Report,
    TargetChanged,
    Telemetry,
    incline_to_dpct,
    speed_to_ckph,
)
from ..safety import inputs
from ..safety.belt import AGE_CEILING_MS

# A report stamped further ahead than this is not from the clock that we share.
FUTURE_S = 0.1
# No belt runs or rises like this (FTMS itself ends at 655.35 km/h): what says so is no number to reckon with.
SENSELESS = 1_000.0
# A console that has just begun has counted no further than this, in metres and in seconds: a few reports of a walk.
BEGINNING = 5.0


class Hearing:
    """The reports of one machine; remembers how far its counters are."""

    def __init__(self) -> None:
        self.distance_m: float | None = None
        self._machine_time_s: float | None = None
        self._counters: dict[str, float] = {}

    def anew(self) -> None:
        """Another connection: where its counters stand says nothing yet."""
        self._machine_time_s = None
        self._counters = {}

    def understood(self, report: Report, now_s: float) -> inputs.Input | None:
        """The report as an input; None for one that is no good."""
        if isinstance(report, LinkLost):
            return inputs.LinkWentDown()
        if isinstance(report, MachineNotice):
            return inputs.Said(report)
        if isinstance(report, TargetChanged):
            return _target_seen(report)
        return self._seen(report, now_s)

    def _seen(self, report: Telemetry, now_s: float) -> inputs.Seen | None:
        """None for a report without a speed, with one that is no number, or from the future."""
        speed_kph, incline_percent = report.speed_kph, report.incline_percent
        ahead_s = report.measured_at_s - now_s
        if speed_kph is None or not 0 <= speed_kph < SENSELESS or not -math.inf < ahead_s <= FUTURE_S:
            return None
        if incline_percent is not None and not 0 <= incline_percent < SENSELESS:
            incline_percent = None
        return inputs.Seen(
            _measured_ckph(speed_kph),
            None if incline_percent is None else incline_to_dpct(incline_percent),
            self._counters_moved(report),
            min(max(0, whole_ms(-ahead_s)), AGE_CEILING_MS),
            report.belt,
            self._counters_anew(report),
        )

    def _counters_moved(self, report: Telemetry) -> bool | None:
        if report.distance_m is not None and 0 <= report.distance_m < math.inf:
            self.distance_m = report.distance_m
        if report.machine_time_s is None or not math.isfinite(report.machine_time_s):
            return None
        moved = report.machine_time_s != self._machine_time_s
        self._machine_time_s = report.machine_time_s
        return moved

    def _counters_anew(self, report: Telemetry) -> bool:
        """Whether it counts from its beginning again: one counter at least went back there, and none went on."""
        told = {"distance": report.distance_m, "time": report.machine_time_s}
        now = {name: value for name, value in told.items() if value is not None and 0 <= value < math.inf}
        both = [(self._counters[name], value) for name, value in now.items() if name in self._counters]
        self._counters |= now
        return any(value < before for before, value in both) and all(
            value <= min(before, BEGINNING) for before, value in both
        )


def _measured_ckph(speed_kph: float) -> int:
    """To the nearest hundredth: rounded down, a belt a hair above its limit would look as if it kept it for one report
    more. And what moves is never zero."""
    return max(round(speed_kph * 100), 1) if speed_kph > 0 else 0


def answer(outcome: CommandOutcome) -> inputs.Answer:
    """The answer to a command as the supervisor knows it."""
    if isinstance(outcome, Accepted):
        return inputs.Answer.ACCEPTED
    return inputs.Answer.REJECTED if isinstance(outcome, Rejected) else inputs.Answer.UNKNOWN


def whole_ms(moment_s: float) -> int:
    """Seconds as the supervisor counts them, downwards."""
    return math.floor(moment_s * 1000)


def _target_seen(report: TargetChanged) -> inputs.TargetSeen | None:
    """The target of the machine; an axis with a number that is none was not spoken of."""
    speed_kph, incline_percent = report.speed_kph, report.incline_percent
    speed_ckph = None if speed_kph is None or not 0 <= speed_kph < SENSELESS else speed_to_ckph(speed_kph)
    sensible = incline_percent is not None and 0 <= incline_percent < SENSELESS
    incline_dpct = incline_to_dpct(incline_percent) if sensible and incline_percent is not None else None
    return None if speed_ckph is None and incline_dpct is None else inputs.TargetSeen(speed_ckph, incline_dpct)
