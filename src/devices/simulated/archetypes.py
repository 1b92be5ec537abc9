"""The kinds of treadmill that can be simulated, as data: each figure with its reason and its source.

The figures are not those of one product. They are set so that the rules of the guardian meet machines of
several tempers; where a public record of a real machine exists, the figure lies inside it and names it.
A new kind is a row at the end of this file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...machine import Capabilities, DeviceProfile, Evidence

VISIBLE_FALL_KPH = 0.1
"""A fall that a person and a rule can tell from rounding: ten of the smallest steps that a report carries."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one figure of an archetype is what it is; ``source`` is public, or says that the figure is a choice."""

    figure: str
    why: str
    source: str


CHOICE = "a choice of this project"


@dataclass(frozen=True, slots=True)
class Archetype:
    """How one kind of simulated treadmill moves, answers and reports.

    Speeds of the console are in hundredths of a km/h, inclines in tenths of a percent, as in ``Capabilities``.

    command_lag_s        command accepted -> belt or deck begins to follow
    report_lag_s         belt has a speed -> a report with that speed arrives
    report_jitter        a report comes late by up to this part of a period
    start_countdown_s    the console counts down after a start, then the belt moves
    coast_kph_per_s      the slowing of the belt without motor power
    obeys_stop           False: a stop is accepted over the link and changes nothing

    ``stop_repeat_ok``, ``set_never_starts`` and ``has_safety_key`` are words of the profile. The simulation
    behaves as if they hold; a kind without one of them needs code in ``treadmill.py`` and ``console.py`` first.
    """

    name: str
    summary: str
    speed_min_ckph: int
    speed_max_ckph: int
    speed_increment_ckph: int
    incline_max_dpct: int
    incline_increment_dpct: int
    rise_kph_per_s: float
    fall_kph_per_s: float
    coast_kph_per_s: float
    incline_percent_per_s: float
    start_countdown_s: float
    command_lag_s: float
    report_lag_s: float
    report_period_s: float
    report_jitter: float
    obeys_stop: bool
    stop_repeat_ok: bool
    set_never_starts: bool
    runs_on_when_link_lost: bool
    has_safety_key: bool
    reasons: tuple[Reason, ...]

    @property
    def capabilities(self) -> Capabilities:
        """What the console says that it can do."""
        return Capabilities(
            speed_min_ckph=self.speed_min_ckph,
            speed_max_ckph=self.speed_max_ckph,
            speed_increment_ckph=self.speed_increment_ckph,
            incline_max_dpct=self.incline_max_dpct,
            incline_increment_dpct=self.incline_increment_dpct,
            evidence=Evidence.OBSERVED,
        )

    @property
    def profile(self) -> DeviceProfile:
        """What a qualification of a healthy machine of this kind would find.

        A profile never knows of a fault: the kind that ignores a stop has the profile of one that obeys.
        """
        lag_s = self.command_lag_s + self.report_lag_s
        longest_gap_s = self.report_period_s * (1 + self.report_jitter)
        return DeviceProfile(
            name=f"Simulated treadmill ({self.name})",
            capabilities=self.capabilities,
            lag_ms=_ms(lag_s),
            report_period_ms=_ms(self.report_period_s),
            stop_reaction_ms=_ms(lag_s + longest_gap_s + VISIBLE_FALL_KPH / self.fall_kph_per_s),
            slowest_fall_ckph_per_s=math.floor(self.fall_kph_per_s * 100 + 1e-6),
            stop_repeat_ok=self.stop_repeat_ok,
            set_never_starts=self.set_never_starts,
            runs_on_when_link_lost=self.runs_on_when_link_lost,
            has_safety_key=self.has_safety_key,
        )


def _ms(seconds: float) -> int:
    """Whole milliseconds, rounded up: a profile never promises more than the machine gives."""
    return math.ceil(seconds * 1000 - 1e-6)


_FTMS = "Bluetooth SIG, Fitness Machine Service 1.0.1"
_OMEGA_Z = "Horizon Omega Z records in Belgian-Coder/treadmill-runner, docs/project/protocol-evidence/omega-z"
_E1L = "Urevo E1L captures in blak3r/treadspan, protocol-analysis/urevo-E1L"
_YESOUL = "Yesoul W2 Pro records in korniychuk/treadmill-bluetooth-macos, docs/research"

_WELL_BEHAVED_REASONS = (
    Reason("speed_min_ckph", "low enough for a first backward step at 0.8 km/h, as on small home machines", _YESOUL),
    Reason(
        "speed_max_ckph", "a common home machine; far above every backward limit, so limits must do the work", CHOICE
    ),
    Reason("speed_increment_ckph", "the usual step of a console with a km/h display", _OMEGA_Z),
    Reason("incline_max_dpct", "the usual range of a home machine with a lift motor", _OMEGA_Z),
    Reason("incline_increment_dpct", "half percents: coarser than the 0.1 % on the wire, so quantising shows", CHOICE),
    Reason(
        "rise_kph_per_s", "above the quickest planned rise (0.15 m/s2 = 0.54 km/h per s), so ramps are followed", CHOICE
    ),
    Reason(
        "fall_kph_per_s", "between the falls seen on small machines: 0.5 and about 1.2 km/h per s", f"{_E1L}; {_YESOUL}"
    ),
    Reason("coast_kph_per_s", "a person's weight on an unpowered belt brakes more than the motor's own ramp", CHOICE),
    Reason("incline_percent_per_s", "a lift motor takes about half a minute over its whole range", CHOICE),
    Reason("start_countdown_s", "three seconds counted down before the belt moves", _E1L),
    Reason("command_lag_s", "a quick console; captures show 0.2 s to the first fall, other machines over 1 s", _E1L),
    Reason("report_lag_s", "the report carries the speed of its own moment", CHOICE),
    Reason(
        "report_period_s",
        "4 Hz: several times the once a second that the service expects, as on quick consoles",
        CHOICE,
    ),
    Reason("report_jitter", "none, so that a scenario's moments can be told in advance", CHOICE),
    Reason("obeys_stop", "the procedure Stop or Pause ends belt motion", _FTMS),
    Reason("stop_repeat_ok", "a second stop is answered and does nothing", CHOICE),
    Reason("set_never_starts", "a target speed is taken only while the belt runs", CHOICE),
    Reason(
        "runs_on_when_link_lost",
        "the service names no action at a lost link; a belt that goes on is the worse case",
        _FTMS,
    ),
    Reason(
        "has_safety_key", "machine status 'stopped by safety key' exists and the rule of a worn key needs one", _FTMS
    ),
)

WELL_BEHAVED = Archetype(
    name="well-behaved",
    summary="answers quickly, reports four times a second, does what it is told",
    speed_min_ckph=50,
    speed_max_ckph=1600,
    speed_increment_ckph=10,
    incline_max_dpct=120,
    incline_increment_dpct=5,
    rise_kph_per_s=0.8,
    fall_kph_per_s=1.0,
    coast_kph_per_s=2.0,
    incline_percent_per_s=0.4,
    start_countdown_s=3.0,
    command_lag_s=0.4,
    report_lag_s=0.0,
    report_period_s=0.25,
    report_jitter=0.0,
    obeys_stop=True,
    stop_repeat_ok=True,
    set_never_starts=True,
    runs_on_when_link_lost=True,
    has_safety_key=True,
    reasons=_WELL_BEHAVED_REASONS,
)


def _with_reasons(archetype: Archetype, *reasons: Reason) -> Archetype:
    """The archetype with some of its reasons replaced, in the order that they had."""
    newer = {reason.figure: reason for reason in reasons}
    return replace(archetype, reasons=tuple(newer.get(old.figure, old) for old in archetype.reasons))


SLOW_REPORTER = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="slow-reporter",
        summary="reports once a second, answers late and slows down gently",
        speed_min_ckph=80,
        speed_max_ckph=2000,
        rise_kph_per_s=0.6,
        fall_kph_per_s=0.5,
        start_countdown_s=5.0,
        command_lag_s=1.0,
        report_lag_s=0.5,
        report_period_s=1.0,
        report_jitter=0.1,
    ),
    Reason("speed_min_ckph", "0.8 km/h, the lowest speed of a widespread full-size machine", _OMEGA_Z),
    Reason("speed_max_ckph", "20 km/h, the highest speed of the same machine", _OMEGA_Z),
    Reason("rise_kph_per_s", "slower than the well-behaved kind and still above the quickest planned rise", CHOICE),
    Reason("fall_kph_per_s", "0.1 mph in 0.27 to 0.39 s, about 0.5 km/h per s", _E1L),
    Reason("start_countdown_s", "between 4.4 and 6.2 s to first motion were seen", _OMEGA_Z),
    Reason("command_lag_s", "with the report's own lag 1.5 s; 1.43 s from command to report were seen", _OMEGA_Z),
    Reason("report_lag_s", "a console that reports its last full second is half a second old on average", CHOICE),
    Reason("report_period_s", "the service expects treadmill data about once a second", _FTMS),
    Reason("report_jitter", "radio and console do not keep a beat; up to a tenth of a period late", CHOICE),
)

IGNORES_STOP = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="ignores-stop",
        summary="accepts a stop over the link and runs on; only its console and its key stop it",
        obeys_stop=False,
    ),
    Reason(
        "obeys_stop",
        "success means accepted, not done; a person had to pull the key of such a machine",
        f"{_FTMS}; cagnulein/qdomyos-zwift issue 3456",
    ),
)

ARCHETYPES: dict[str, Archetype] = {kind.name: kind for kind in (WELL_BEHAVED, SLOW_REPORTER, IGNORES_STOP)}
