"""Findings in, a sheet or the reasons why there is none out. Pure.

A figure of the sheet is never better than what was measured: times are rounded up, falls down, and what was not
measured keeps the careful figure that it had.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...devices.ftms.dialect import FtmsDialect
from ...devices.sheet import Sheet
from ...machine import BeltDirection, Capabilities, DeviceProfile, Evidence, Identity, PhysicalStop, Qualification
from .measure import Findings
from .units import Shown, Units, units_of

# The guardian's own look at a sheet ends here (guardian/sheets.py); slower machines are no machines to train on.
LAG_MAX_S = 5.0
PERIOD_MAX_S = 5.0
REACTION_MAX_S = 4.0
# A start may come half as late again as it was seen to, and two seconds for a console that was asleep.
COUNTDOWN_SPARE = 1.5
COUNTDOWN_SPARE_S = 2.0
COUNTDOWN_MAX_S = 30.0
RAN_ON = "the belt itself was seen to run on behind a stop, whatever it reports"
# A belt that coasts for minutes; the guardian takes no slower one.
SLOWEST_FALL_MIN_CKPH_PER_S = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What only a person can say. ``ran_on``: what the belt did while the link was away, by eye; None: not seen.

    ``rested``: whether the belt itself was seen to come to rest behind a stop; None: not seen.
    ``may_reverse``: it is built to run backwards; ``ran``: which way it was seen to when told to, None: not seen.
    """

    physical_stop: PhysicalStop
    rails: bool
    shown: Shown | None = None
    ran_on: bool | None = None
    rested: bool | None = None
    may_reverse: bool = False
    ran: BeltDirection | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine as it is known before its trials: its profile and dialect, and which one it is.

    ``on_cable``: the unit of its figures is a part of its address, and no sheet can mend a wrong one. It reports when
    it is asked, and how often that is says nothing of how soon it knows.
    """

    profile: DeviceProfile
    dialect: FtmsDialect
    identity: Identity
    on_cable: bool = False

    @property
    def units(self) -> Units:
        """The units by which its numbers become km/h so far."""
        return Units(self.dialect.commanded_unit, self.dialect.reported_unit)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of a qualification.

    ``sheet``: the machine as it was measured, or None. ``refusals``: why there is none. ``missing``: what keeps it from
    a full qualification. ``remarks``: what a person who uses the machine ought to know. ``void``: what was seen takes
    away what an earlier qualification allowed.
    """

    sheet: Sheet | None
    refusals: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    void: bool = False


def verdict(machine: Machine, findings: Findings, told: Told, level: Qualification) -> Verdict:
    """The sheet that these findings make of the machine, as far as ``level`` at most."""
    units = _units(machine, findings, told)
    refusals = (*dangers(findings), *_unproven(findings, told), *((units,) if isinstance(units, str) else ()))
    if refusals or isinstance(units, str):
        return Verdict(None, refusals, remarks=_remarks(findings, told), void=bool(dangers(findings)))
    missing = _missing(findings, told)
    reached = Qualification.FULL if level is Qualification.FULL and not missing else Qualification.QUICK
    sheet = Sheet(
        _profile(machine, findings, told, units, reached), _dialect(machine, findings, units), machine.identity
    )
    return Verdict(sheet, missing=missing if level is Qualification.FULL else (), remarks=_remarks(findings, told))


def dangers(findings: Findings) -> tuple[str, ...]:
    """What was seen that no person ought to be on: such a machine is not driven, and its trials end at once."""
    answer_s = findings.stop_reaction_s or 0.0
    seen = (
        (findings.stop_obeyed is False, "a stop over the link did not stop the belt within 4 s"),
        (bool(findings.restarts), "after it was stopped the belt moved again by itself"),
        (bool(findings.keeps_speed), "a start leads to the speed before the last stop, not to the lowest one"),
        (
            answer_s > REACTION_MAX_S,
            f"a stop showed no effect for {answer_s:.1f} s (limit {REACTION_MAX_S:.1f} s)",
        ),
        (
            (findings.lag_s or 0.0) > LAG_MAX_S,
            f"a set-point showed no effect for {findings.lag_s or 0.0:.1f} s (limit {LAG_MAX_S:.1f} s)",
        ),
        (
            (findings.period_s or 0.0) > PERIOD_MAX_S,
            f"its reports are {findings.period_s or 0.0:.1f} s apart (limit {PERIOD_MAX_S:.1f} s)",
        ),
        (findings.key_seen is False, "the safety key was not seen to stop the belt"),
        (bool(findings.wrong_way), "the belt told that it runs the other way than it was started"),
    )
    return tuple(sentence for true, sentence in seen if true)


def _unproven(findings: Findings, told: Told) -> tuple[str, ...]:
    """What even a quick qualification must have shown."""
    by_hand = {
        PhysicalStop.KEY: (findings.key_seen, "the safety key was not tried out"),
        PhysicalStop.BUTTON: (findings.console_seen, "the stop button was not seen to stop the belt"),
        PhysicalStop.NONE: (True, ""),
    }[told.physical_stop]
    proofs = (
        (findings.countdown_s is not None, "the belt was not seen to start"),
        (findings.stop_obeyed is not None, "the belt was not seen to stop"),
        (findings.period_s is not None, "there were no reports"),
        (told.rested is not False, RAN_ON),
        (told.rested is not None, "nobody has seen the belt itself come to rest"),
        (bool(by_hand[0]), by_hand[1]),
        (not _contradicted(findings, told), "the belt told that it runs backwards, and was seen to run forwards"),
    )
    return tuple(sentence for proven, sentence in proofs if not proven)


def _contradicted(findings: Findings, told: Told) -> bool:
    """Whether the machine's word for a way is not the way: then its forwards is not forwards either."""
    return findings.reverses is True and told.ran is BeltDirection.FORWARD


def _units(machine: Machine, findings: Findings, told: Told) -> Units | str:
    set_kph, reported_kph = findings.lowest_set_kph, findings.lowest_reported_kph
    if set_kph is None or reported_kph is None or told.shown is None:
        return "nobody has compared the console with what was set and reported at the lowest speed"
    units = units_of(set_kph, reported_kph, told.shown, machine.units)
    if machine.on_cable and isinstance(units, Units) and units != machine.units:
        return (
            f"set {set_kph:.2f} km/h, on the console {told.shown.number:g} {told.shown.unit.value}: its figures are in "
            "another unit than its address says; write units=mph or units=kph there as the console has it, and begin "
            "again"
        )
    return units


def _missing(findings: Findings, told: Told) -> tuple[str, ...]:
    """What a full qualification must have shown beside that."""
    shown = (
        (findings.lag_s, "how long the belt takes to follow a set-point"),
        (findings.fall_kph_per_s, "how fast the belt slows down"),
        (findings.stop_repeat_ok, "what a second stop does"),
        (findings.set_never_starts, "what a set-point does to a resting belt"),
        (findings.start_toggles, "what a start does to a moving belt"),
        (findings.runs_on_when_link_lost, "what the belt does when the link is lost"),
        (findings.console_seen or None, "whether the console's stop works"),
        (None if findings.echoes else True, "what the belt itself does: its reports jump to what was asked for"),
    )
    stop = ((None, "what stops the belt without software"),) if told.physical_stop is PhysicalStop.NONE else ()
    return tuple(f"not found out: {what}" for figure, what in (*shown, *stop) if figure is None)


def _remarks(findings: Findings, told: Told) -> tuple[str, ...]:
    by_eye, by_report = told.ran_on, findings.runs_on_when_link_lost
    remarks = (
        (findings.key_seen and not findings.key_told, "it does not say that its key was pulled: only zeros show it"),
        (
            findings.console_seen and not findings.console_told,
            "it does not say that it was stopped at its console: only zeros show it",
        ),
        (findings.spikes, f"{findings.spikes} wild reports in {findings.watched_s:.0f} s of motion"),
        (findings.zeros, f"{findings.zeros} lone zero reports in {findings.watched_s:.0f} s of motion"),
        (
            None not in (by_eye, by_report) and by_eye is not by_report,
            "eye and reports differ on what the belt does without a link; it is taken to run on",
        ),
        (findings.echoes, "its reports show what was asked for, not the belt: only eyes can say that it stands"),
        (
            findings.echoes is None,
            "whether its reports show the belt or what was asked for was not found out: look at the belt as well",
        ),
        (findings.incline_moves is False, "its deck was not reported to move"),
        (
            told.may_reverse and not _both_ways(findings, told),
            "it was not seen to run backwards and forwards again, by report and by eye: it runs forwards only",
        ),
    )
    return tuple(sentence for true, sentence in remarks if true)


# --- the sheet ----------------------------------------------------------------------------------------------


def _profile(machine: Machine, findings: Findings, told: Told, units: Units, reached: Qualification) -> DeviceProfile:
    base = machine.profile
    return replace(
        base,
        capabilities=_capabilities(base.capabilities, machine.units, units),
        lag_ms=_measured_ms(findings.lag_s, 50, base.lag_ms),
        report_period_ms=_period_ms(machine, findings),
        stop_reaction_ms=_reaction_ms(findings, base, reached),
        slowest_fall_ckph_per_s=_fall_ckph_per_s(findings, base, reached),
        start_timeout_ms=_timeout_ms(findings, base),
        stop_repeat_ok=findings.stop_repeat_ok is True,
        set_never_starts=findings.set_never_starts is True,
        start_toggles=base.start_toggles if findings.start_toggles is None else findings.start_toggles,
        runs_on_when_link_lost=_runs_on(findings, told),
        silence_stops=base.silence_stops and not _runs_on(findings, told),
        physical_stop=told.physical_stop,
        rails=told.rails,
        speed_unit=base.speed_unit if told.shown is None else told.shown.unit,
        qualification=reached,
        reverses=_reverses(findings, told, reached),
    )


def _reverses(findings: Findings, told: Told, reached: Qualification) -> bool:
    """Told by the machine, seen by a person, and with everything else found out: nothing less makes it reverse."""
    return _both_ways(findings, told) and reached is Qualification.FULL


def _both_ways(findings: Findings, told: Told) -> bool:
    return findings.reverses is True and told.ran is BeltDirection.REVERSED


def _period_ms(machine: Machine, findings: Findings) -> int:
    """As measured; of a machine that is asked never shorter than its family's own: some tell a mean of seconds."""
    unmeasured_ms = machine.profile.report_period_ms
    measured_ms = _measured_ms(findings.period_s, 10, unmeasured_ms)
    return max(measured_ms, unmeasured_ms) if machine.on_cable else measured_ms


def _measured_ms(figure_s: float | None, step_ms: int, unmeasured_ms: int) -> int:
    """Whole milliseconds, up to the next step; one millisecond is the resolution of the record."""
    return unmeasured_ms if figure_s is None else math.ceil((figure_s * 1000 - 1) / step_ms) * step_ms


def _reaction_ms(findings: Findings, base: DeviceProfile, reached: Qualification) -> int:
    """The longest reaction and one report more, which may be missed; after a stop or two no better than assumed."""
    if findings.stop_reaction_s is None:
        return base.stop_reaction_ms
    reaction_s = min(findings.stop_reaction_s + (findings.period_s or 0.0), REACTION_MAX_S)
    measured_ms = _measured_ms(reaction_s, 50, base.stop_reaction_ms)
    return measured_ms if reached is Qualification.FULL else max(measured_ms, base.stop_reaction_ms)


def _fall_ckph_per_s(findings: Findings, base: DeviceProfile, reached: Qualification) -> int:
    if findings.fall_kph_per_s is None:
        return base.slowest_fall_ckph_per_s
    measured = max(math.floor(findings.fall_kph_per_s * 100 + 1e-6), SLOWEST_FALL_MIN_CKPH_PER_S)
    return measured if reached is Qualification.FULL else min(measured, base.slowest_fall_ckph_per_s)


def _timeout_ms(findings: Findings, base: DeviceProfile) -> int:
    if findings.countdown_s is None:
        return base.start_timeout_ms
    seconds = math.ceil(findings.countdown_s * COUNTDOWN_SPARE + COUNTDOWN_SPARE_S)
    return int(min(seconds, COUNTDOWN_MAX_S) * 1000)


def _runs_on(findings: Findings, told: Told) -> bool | None:
    """Seen to run on by eye or by report: it runs on. Only reports that agree with the eye let it stop."""
    said = [one for one in (findings.runs_on_when_link_lost, told.ran_on) if one is not None]
    return any(said) if said else None


def _capabilities(capabilities: Capabilities, before: Units, after: Units) -> Capabilities:
    """The range in km/h as it is now known, each end towards the careful side."""
    if before.commanded is after.commanded:
        return replace(capabilities, evidence=Evidence.OBSERVED)
    factor = after.commanded.one_kph / before.commanded.one_kph
    lowest = math.ceil(capabilities.speed_min_ckph * factor - 1e-6)
    return replace(
        capabilities,
        speed_min_ckph=lowest,
        speed_max_ckph=max(lowest, math.floor(capabilities.speed_max_ckph * factor)),
        speed_increment_ckph=max(1, math.ceil(capabilities.speed_increment_ckph * factor - 1e-6)),
        evidence=Evidence.OBSERVED,
    )


def _dialect(machine: Machine, findings: Findings, units: Units) -> FtmsDialect:
    same = units.commanded is machine.units.commanded
    return replace(
        machine.dialect,
        commanded_unit=units.commanded,
        reported_unit=units.reported,
        ranges_trusted=machine.dialect.ranges_trusted and same,
        incline_moves=machine.dialect.incline_moves and findings.incline_moves is not False,
    )
