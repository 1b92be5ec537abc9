"""The kinds of treadmill that can be simulated, as data: each figure with its reason and its source.

The figures are not those of one product. They are set so that the rules of the guardian meet machines of
several tempers; where a public record of a real machine exists, the figure lies inside it and names it.
A new kind is a row at the end of this file.
"""

from __future__ import annotations

from dataclasses import replace

from ...machine import PhysicalStop, SpeedUnit
from .archetype import KPH_PER_MPH, Archetype, Reason, Rounding

CHOICE = "a choice of this project"

_FTMS = "Bluetooth SIG, Fitness Machine Service 1.0.1"
_OMEGA_Z = "Horizon Omega Z records in Belgian-Coder/treadmill-runner, docs/project/protocol-evidence/omega-z"
_E1L = "Urevo E1L captures in blak3r/treadspan, protocol-analysis/urevo-E1L"
_CITYSPORTS = "ranges of a CitySports walking pad, published with the qdomyos-zwift reports"
_QZ = "cagnulein/qdomyos-zwift"
_YESOUL = "Yesoul W2 Pro records in korniychuk/treadmill-bluetooth-macos, docs/research"

_WELL_BEHAVED_REASONS = (
    Reason("speed_min_ckph", "low enough for a first backward step at 0.8 km/h, as on small home machines", _YESOUL),
    Reason(
        "speed_max_ckph", "a common home machine; far above every backward limit, so limits must do the work", CHOICE
    ),
    Reason("speed_increment_ckph", "the usual step of a console with a km/h display", _OMEGA_Z),
    Reason("speed_unit", "most consoles outside of North America show km/h", CHOICE),
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
    Reason(
        "answer_after_s", "with the call; an answer over a healthy radio link takes some 45 ms, under one tick", _E1L
    ),
    Reason("report_lag_s", "the report carries the speed of its own moment", CHOICE),
    Reason(
        "report_period_s",
        "4 Hz: several times the once a second that the service expects, as on quick consoles",
        CHOICE,
    ),
    Reason("report_jitter", "none, so that a scenario's moments can be told in advance", CHOICE),
    Reason("rounding", "the careful reading of a target between two steps: never faster than asked", CHOICE),
    Reason("kph_per_set_kph", "the target speed is in km/h, as its definition says", _FTMS),
    Reason("obeys_stop", "the procedure Stop or Pause ends belt motion", _FTMS),
    Reason("stop_repeat_ok", "a second stop is answered and does nothing", CHOICE),
    Reason("set_never_starts", "a target speed is taken only while the belt runs", CHOICE),
    Reason("start_toggles", "a start of a running belt is refused", CHOICE),
    Reason("keeps_speed", "every start begins at the lowest speed, as on most consoles", CHOICE),
    Reason("restarts_after_s", "a belt that was stopped stays at rest", CHOICE),
    Reason("tells_targets", "reports of a new target are optional, and many consoles have none", CHOICE),
    Reason("spike_every_s", "its reports are right", CHOICE),
    Reason("zero_every_s", "its reports are right", CHOICE),
    Reason(
        "runs_on_when_link_lost",
        "the service names no action at a lost link; a belt that goes on is the worse case",
        _FTMS,
    ),
    Reason(
        "physical_stop", "machine status 'stopped by safety key' exists and the rule of a worn key needs one", _FTMS
    ),
    Reason("rails", "a treadmill to be walked on backwards has something to hold", CHOICE),
)

WELL_BEHAVED = Archetype(
    name="well-behaved",
    summary="answers quickly, reports four times a second, does what it is told",
    speed_min_ckph=50,
    speed_max_ckph=1600,
    speed_increment_ckph=10,
    speed_unit=SpeedUnit.KPH,
    incline_max_dpct=120,
    incline_increment_dpct=5,
    rise_kph_per_s=0.8,
    fall_kph_per_s=1.0,
    coast_kph_per_s=2.0,
    incline_percent_per_s=0.4,
    start_countdown_s=3.0,
    command_lag_s=0.4,
    answer_after_s=0.0,
    report_lag_s=0.0,
    report_period_s=0.25,
    report_jitter=0.0,
    rounding=Rounding.DOWN,
    kph_per_set_kph=1.0,
    obeys_stop=True,
    stop_repeat_ok=True,
    set_never_starts=True,
    start_toggles=False,
    keeps_speed=False,
    restarts_after_s=None,
    tells_targets=False,
    spike_every_s=None,
    zero_every_s=None,
    runs_on_when_link_lost=True,
    physical_stop=PhysicalStop.KEY,
    rails=True,
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

SLOW_STARTER = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="slow-starter",
        summary="counts down eight seconds and says a second and a half late what its belt does",
        start_countdown_s=8.0,
        report_lag_s=1.5,
        report_period_s=0.5,
    ),
    Reason("start_countdown_s", "the longest of the countdowns of five to ten seconds that consoles have", CHOICE),
    Reason(
        "report_lag_s", "1.43 s from a command to its effect in a report were seen, the belt's own lag aside", _OMEGA_Z
    ),
    Reason("report_period_s", "between the quick and the slow kind, so that lag and period are not confused", CHOICE),
)

MPH_SPEAKER = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="mph-speaker",
        summary="takes every set-point for miles an hour and runs 1.61 times too fast; its reports tell the truth",
        speed_min_ckph=100,
        speed_max_ckph=1000,
        kph_per_set_kph=KPH_PER_MPH,
    ),
    Reason("speed_min_ckph", "asked for 1.00 km/h, such a machine ran 1.61 km/h", f"{_QZ} issue 5100"),
    Reason("speed_max_ckph", "its range is in miles as well: 10 of them are 16 km/h", "justintout/treadmill, README"),
    Reason("kph_per_set_kph", "a set-point in km/h is taken for miles an hour", f"{_QZ} issue 5100, pull request 4904"),
)

START_TOGGLES = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="start-toggles",
        summary="stops when a start meets its moving belt and starts when a stop meets its resting one",
        stop_repeat_ok=False,
        start_toggles=True,
    ),
    Reason("stop_repeat_ok", "a stop that came once too often set such a belt in motion", f"{_QZ} issue 470"),
    Reason("start_toggles", "start is one key with pause on some consoles", f"{_QZ} issues 4702 and 5100"),
)

SET_STARTS = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="set-starts",
        summary="starts its resting belt when it is sent a set-point, without a start and without a countdown",
        set_never_starts=False,
    ),
    Reason(
        "set_never_starts",
        "a target speed alone set belts in motion; the service does not forbid it",
        f"{_FTMS}; {_QZ} issue 4599",
    ),
)

RESTARTS_AFTER_STOP = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="restarts-after-stop",
        summary="starts once more by itself, four seconds after a stop over the link brought its belt to rest",
        restarts_after_s=4.0,
    ),
    Reason(
        "restarts_after_s",
        "consoles that rebooted after a stop set the belt going again; four seconds are beyond a confirmed standstill",
        f"{_QZ} issue 2591",
    ),
)

JUMPS_BACK = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="jumps-back",
        summary="goes back to the speed before its last stop when it is started, not to its lowest",
        keeps_speed=True,
    ),
    Reason("keeps_speed", "a stop is a pause to such a console, and a pause keeps the target", f"{_QZ} issue 5100"),
)

COARSE_STEPS = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="coarse-steps",
        summary="knows steps of 0.5 km/h only, and takes the nearest of them",
        speed_max_ckph=1200,
        speed_increment_ckph=50,
        rounding=Rounding.NEAREST,
    ),
    Reason("speed_max_ckph", "a whole number of its steps, above what any level of the ladder asks", CHOICE),
    Reason("speed_increment_ckph", "the coarsest step on record for a walking pad", _CITYSPORTS),
    Reason("rounding", "the unkind reading of a target between two steps: it may be faster than asked", CHOICE),
)

COARSE_MPH_STEPS = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="coarse-mph-steps",
        summary="knows steps of a fifth of a mile an hour only, 0.32 km/h, and takes the nearest of them",
        speed_min_ckph=64,
        speed_max_ckph=1280,
        speed_increment_ckph=32,
        rounding=Rounding.NEAREST,
    ),
    Reason("speed_min_ckph", "two of its steps; the machine on record begins at three, 0.96 km/h", CHOICE),
    Reason("speed_max_ckph", "forty of its steps, so that most workouts fit under it", CHOICE),
    Reason("speed_increment_ckph", "0.2 mph in the range that a walking pad reports: 0.32 km/h", _E1L),
    Reason("rounding", "the unkind reading of a target between two steps: it may be faster than asked", CHOICE),
)

SPIKY = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="spiky",
        summary="says now and then, in one report, that its belt runs 15 km/h faster than it does",
        spike_every_s=20.0,
    ),
    Reason(
        "spike_every_s", "often enough for some in every step; the field has them now and then", f"{_QZ} issue 3757"
    ),
)

ZERO_GLITCHES = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="zero-glitches",
        summary="says now and then, in one report, that its running belt stands still",
        zero_every_s=20.0,
    ),
    Reason(
        "zero_every_s",
        "often enough for some in every step; Merach machines have them",
        f"{_QZ}, its three-second wait",
    ),
)

TARGET_TELLER = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="target-teller",
        summary="reports every set-point back as its new target, and a target of zero when it stops",
        tells_targets=True,
    ),
    Reason("tells_targets", "machine status 'target speed changed' is sent for every change, our own included", _FTMS),
)

MPH_CONSOLE = _with_reasons(
    replace(
        WELL_BEHAVED,
        name="mph-console",
        summary="shows miles an hour and knows steps of a tenth of one; over the link it is honest in km/h",
        speed_min_ckph=80,
        speed_increment_ckph=16,
        speed_unit=SpeedUnit.MPH,
    ),
    Reason("speed_min_ckph", "half a mile an hour, the lowest speed of many such consoles", CHOICE),
    Reason("speed_increment_ckph", "a tenth of a mile an hour, as far as hundredths of a km/h can say it", _E1L),
    Reason("speed_unit", "consoles for North America show miles an hour", CHOICE),
)

ARCHETYPES: dict[str, Archetype] = {
    kind.name: kind
    for kind in (
        WELL_BEHAVED,
        SLOW_REPORTER,
        IGNORES_STOP,
        SLOW_STARTER,
        MPH_SPEAKER,
        START_TOGGLES,
        SET_STARTS,
        RESTARTS_AFTER_STOP,
        JUMPS_BACK,
        COARSE_STEPS,
        COARSE_MPH_STEPS,
        SPIKY,
        ZERO_GLITCHES,
        TARGET_TELLER,
        MPH_CONSOLE,
    )
}
