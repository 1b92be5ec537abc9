"""The sentences on the screen, as functions of the view. What is not known is never said."""

from __future__ import annotations

from enum import Enum

from ..guardian.messages import LimitInForce
from ..machine import BeltDirection, DeviceProfile, Facing, Gait, Identity, SpeedUnit, gait
from ..safety.belt import STANDSTILL_REPORTS
from ..safety.hazards import Action, Cause, Clears, Hazard
from ..safety.modes import ENDING, Mode
from ..sessions.speed_text import console_speed_text
from ..sessions.view import Control, RunView
from ..workouts.quantity import incline_text
from ..workouts.timeline import Step, StepKind, Timeline
from . import speeds
from .freshness import Freshness, age_s, freshness, standstill_confirmed

_STEPS_AT_REST = frozenset({StepKind.TURN, StepKind.OFF_BELT})
"""Steps in which the belt stands and nobody is on it: they have no speed."""

SIMULATED = "SIMULATED TREADMILL"


class Status(Enum):
    """What the line under the digits is about; a widget picks its looks by it."""

    QUIET = "quiet"
    NOTE = "note"
    RISE = "rise"
    STOPPING = "stopping"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


def has_key(view: RunView) -> bool:
    """Whether the machine has a safety key; taken to have one until it is known."""
    return view.profile is None or view.profile.has_safety_key


def identity_text(view: RunView) -> str:
    """What the machine calls itself, in brackets, for behind its name; empty where it says nothing.

    Nothing in it that a terminal might obey, and no more than a line.
    """
    words = "" if view.identity is None else words_of(view.identity)
    return f" ({words})" if words else ""


def words_of(met: Identity) -> str:
    """Maker, model, firmware and address, as far as they are known, in one line that is safe to show."""
    firmware = f"firmware {met.firmware}" if met.firmware else ""
    words = " ".join(part for part in (met.manufacturer, met.model, firmware, met.address) if part)
    return "".join(one if one.isprintable() else " " for one in words)[:IDENTITY_CELLS].strip()


IDENTITY_CELLS = 60
"""Room for a maker, a model, a firmware and an address in one line of a terminal."""


def safety_line(view: RunView, simulated: bool) -> str:
    """The line that is always there while a belt may move. It never names a key where there is none."""
    if view.control is Control.TRACK:
        return "No belt here: this program says what to run, and when."
    if view.control is Control.COACHED:
        return "This program does not control the belt: its own stop and its key do."
    if simulated:
        rest = " On a real one only the safety key stops it for certain." if has_key(view) else ""
        return f"Simulated treadmill.{rest}"
    if has_key(view):
        return f"Only the safety key stops the belt for certain.{_key_test(view)}"
    return "This program cannot stop a belt that does not obey: know its mains switch."


def _key_test(view: RunView) -> str:
    """When the key was tested, as far as it was and somebody knows."""
    if not view.key_test or not view.key_tested:
        return ""
    return " Key tested today." if view.key_tested_at is None else f" Key tested {view.key_tested_at}."


def last_resort(view: RunView) -> str:
    """What a person does when the belt does not obey."""
    return "PULL THE KEY" if has_key(view) else "KEEP OFF THE BELT - SWITCH IT OFF AT THE MAINS"


def status_line(view: RunView, stop_pressed: bool) -> tuple[Status, str]:
    """The line about standing still, stopping and not knowing; the first only for a confirmed standstill."""
    if view.control is not Control.GUARDIAN:
        return _coached_status(view, stop_pressed)
    if standstill_confirmed(view):
        seen = f"{STANDSTILL_REPORTS} reports, {age_s(view):.1f} s old"
        # 78 cells, which is what a line of 80 columns has between its margins: a full stop would push a word out.
        return Status.STOPPED, f"Treadmill reports 0.0 ({seen}). Look at the belt before stepping"
    if freshness(view) is Freshness.GONE:
        return Status.UNKNOWN, f"SPEED UNKNOWN - BELT MAY BE MOVING - {last_resort(view)}"
    mode = None if view.snapshot is None else view.snapshot.mode
    if stop_pressed or mode in ENDING:
        return Status.STOPPING, f"STOP SENT - waiting for treadmill{_stop_count(view)}"
    if freshness(view) is Freshness.STRUCK:
        return Status.NOTE, f"no report from the treadmill for {age_s(view):.1f} s"
    if mode is Mode.PAUSING:
        return Status.NOTE, "pausing: the belt slows down"
    return Status.QUIET, ""


def _coached_status(view: RunView, stop_pressed: bool) -> tuple[Status, str]:
    """Nothing is seen of a belt that is not ours, so nothing is said of it but what to do."""
    mode = None if view.snapshot is None else view.snapshot.mode
    if view.control is Control.COACHED:
        if mode in ENDING or mode is Mode.PAUSING:
            return Status.STOPPING, "STOP THE BELT AT ITS OWN CONSOLE"
        if mode is Mode.LATCHED:
            return Status.NOTE, "This program does not see the belt: look at it before you step."
    return (Status.NOTE, "the session ends") if stop_pressed else (Status.QUIET, "")


def _stop_count(view: RunView) -> str:
    stop = None if view.snapshot is None else view.snapshot.stop
    return "" if stop is None else f" ({stop.kind.value}, {stop.since_s:.0f} s)"


def speed_shown(view: RunView) -> str:
    """The measured speed as the large digits show it, in the console's unit; a dash when it is not known any more."""
    kph = measured_kph(view)
    return "-.-" if kph is None else f"{kph / speeds.unit(view).one_kph:.1f}"


def measured_kph(view: RunView) -> float | None:
    """The measured speed as far as it may still be shown."""
    snapshot = view.snapshot
    return None if snapshot is None or freshness(view) is Freshness.GONE else snapshot.speed_kph


def measured_text(view: RunView) -> str:
    """The measured speed with its unit, "1.9 mph (3.0 km/h)"; a dash when it is not known any more."""
    kph = measured_kph(view)
    return f"-.- {speeds.unit(view).value}" if kph is None else speeds.speed(view, round(kph, 1))


def incline_shown(view: RunView) -> str:
    """The measured incline in words."""
    snapshot = view.snapshot
    if snapshot is None or snapshot.incline_percent is None or freshness(view) is Freshness.GONE:
        return "-"
    return f"{snapshot.incline_percent:.1f} %"


def facing_text(view: RunView) -> str:
    """Which way the person looks, and which way they go, in the step that is on."""
    return _way(view.facing, view.belt)


def way_text(timeline: Timeline) -> str:
    """The same of a whole plan: how it begins, and how often it turns."""
    first = timeline.steps[0]
    turns = sum(step.kind is StepKind.TURN for step in timeline.steps)
    more = {0: "", 1: ", 1 turn"}.get(turns, f", {turns} turns")
    return f"{_way(first.facing, first.belt)}{more}"


def _way(facing: Facing, belt: BeltDirection) -> str:
    way = "backward" if gait(facing, belt) is Gait.BACKWARD else "forward"
    return f"facing {where_text(facing)}, {way}"


def where_text(facing: Facing) -> str:
    """Where somebody looks who faces that way."""
    return "the rear" if facing is Facing.REAR else "the console"


def clock_text(seconds: float) -> str:
    """Time left, rounded up to whole seconds so that 0:00 means over: "4:05", "1:00:00"."""
    whole = max(0, -int(-seconds // 1))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def step_text(step: Step, profile: DeviceProfile | None = None) -> str:
    """A step and what it asks for: "run 60 s, 6.5 km/h", with the incline where there is one.

    Speeds are those of the console where ``profile`` tells its unit.
    """
    if step.kind in _STEPS_AT_REST:
        return step.label
    speeds_asked = console_speed_text(profile, step.target.speed_kph)
    if step.entry.speed_kph != step.target.speed_kph:
        speeds_asked = f"{console_speed_text(profile, step.entry.speed_kph)} -> {speeds_asked}"
    incline = step.target.incline_percent
    return f"{step.label}, {speeds_asked}" + (f", {incline_text(incline)}" if incline else "")


def next_step(view: RunView) -> Step | None:
    """The step after this one; None in the last."""
    steps = view.timeline.steps
    return steps[view.step_index + 1] if view.step_index + 1 < len(steps) else None


def next_text(view: RunView) -> str:
    """What comes after this step."""
    step = next_step(view)
    return "the belt stops" if step is None else step_text(step, view.profile)


def left_in_step_text(view: RunView) -> str:
    """What is left of the step: time, or the metres that end it; about so much time while no metres are known."""
    step = view.timeline.steps[view.step_index]
    left = clock_text(step.ends_s - view.plan_time_s + view.extended_s)
    if step.length_m is None:
        return left
    return f"about {left}" if view.metres_left is None else f"{max(0.0, view.metres_left):.0f} m"


def limit_lines(view: RunView) -> list[str]:
    """The limits in force, each with its reason."""
    limits = () if view.snapshot is None else view.snapshot.limits
    return [f"{limit.name}: at most {_limit_text(view, limit)}, {limit.reason}" for limit in limits]


def _limit_text(view: RunView, limit: LimitInForce) -> str:
    """A speed in the unit of the console too; the rest as it is."""
    if limit.unit != SpeedUnit.KPH.value or speeds.unit(view) is SpeedUnit.KPH:
        return f"{limit.value:g} {limit.unit}"
    return speeds.speed(view, limit.value)


def cause_lines(view: RunView) -> list[str]:
    """The causes in force, as the guardian words them."""
    return [] if view.snapshot is None else [cause.message for cause in view.snapshot.causes]


_BY_HAND = frozenset({Hazard.OPERATOR_STOP, Hazard.OPERATOR_STOP_AGAIN})


class Remedy(Enum):
    """What leads out of a latched stop."""

    ACKNOWLEDGE = "acknowledge"
    TEST_KEY = "test the key"
    RESTART = "restart"


def remedy(causes: tuple[Cause, ...], mode: Mode) -> Remedy:
    """The strictest way out that any of the causes asks for."""
    clears = {cause.clears for cause in causes}
    if mode is Mode.FAULT or Clears.BY_RESTART in clears:
        return Remedy.RESTART
    return Remedy.TEST_KEY if Clears.AFTER_KEY_TEST in clears else Remedy.ACKNOWLEDGE


def remedy_text(view: RunView) -> str:
    """What to do now, with the key to press."""
    assert view.snapshot is not None
    way = remedy(view.snapshot.causes, view.snapshot.mode)
    if way is Remedy.RESTART:
        return "This cannot go on: leave the belt, press x to end the program, and start it anew."
    if way is Remedy.ACKNOWLEDGE:
        return "When you have read this, press a."
    if has_key(view):
        return "Pull the safety key and put it back. When you have done that, press k."
    return "Switch the treadmill off and on at the mains. When you have done that, press k."


def stopped_by_hand(causes: tuple[Cause, ...]) -> bool:
    """Whether a person stopped, and nothing else did."""
    stops = {cause.hazard for cause in causes if cause.action >= Action.CONTROLLED_STOP}
    return bool(stops) and stops <= _BY_HAND
