"""The sentences on the screen, as functions of the view. What is not known is never said."""

from __future__ import annotations

from enum import Enum

from ..machine import Facing, Gait, gait
from ..safety.hazards import Action, Cause, Clears, Hazard
from ..safety.modes import ENDING, Mode
from ..sessions.view import RunView
from ..workouts.quantity import incline_text, speed_text
from ..workouts.timeline import Step, Timeline
from .freshness import Freshness, age_s, freshness, standstill_confirmed

SIMULATED = "SIMULATED TREADMILL"


class Status(Enum):
    """What the line under the digits is about; a widget picks its looks by it."""

    QUIET = "quiet"
    NOTE = "note"
    STOPPING = "stopping"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


def has_key(view: RunView) -> bool:
    """Whether the machine has a safety key; taken to have one until it is known."""
    return view.profile is None or view.profile.has_safety_key


def safety_line(view: RunView, simulated: bool) -> str:
    """The line that is always there while a belt may move. It never names a key where there is none."""
    if simulated:
        rest = " On a real one only the safety key stops it for certain." if has_key(view) else ""
        return f"Simulated treadmill.{rest}"
    if has_key(view):
        return "Only the safety key stops the belt for certain."
    return "This program cannot stop a belt that does not obey: know its mains switch."


def last_resort(view: RunView) -> str:
    """What a person does when the belt does not obey."""
    return "PULL THE KEY" if has_key(view) else "KEEP OFF THE BELT - SWITCH IT OFF AT THE MAINS"


def status_line(view: RunView, stop_pressed: bool) -> tuple[Status, str]:
    """The line about standing still, stopping and not knowing; "Stopped" only for a confirmed standstill."""
    if standstill_confirmed(view):
        age = age_s(view)
        return Status.STOPPED, f"Stopped. The treadmill reports 0.0 km/h, {age:.1f} s ago. Look before you step."
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


def _stop_count(view: RunView) -> str:
    stop = None if view.snapshot is None else view.snapshot.stop
    return "" if stop is None else f" ({stop.kind.value}, {stop.since_s:.0f} s)"


def speed_shown(view: RunView) -> str:
    """The measured speed as the large digits show it; a dash when it is not known any more."""
    snapshot = view.snapshot
    if snapshot is None or snapshot.speed_kph is None or freshness(view) is Freshness.GONE:
        return "-.-"
    return f"{snapshot.speed_kph:.1f}"


def incline_shown(view: RunView) -> str:
    """The measured incline in words."""
    snapshot = view.snapshot
    if snapshot is None or snapshot.incline_percent is None or freshness(view) is Freshness.GONE:
        return "-"
    return f"{snapshot.incline_percent:.1f} %"


def facing_text(view: RunView) -> str:
    """Which way the person looks, and which way they go."""
    return way_text(view.timeline)


def way_text(timeline: Timeline) -> str:
    """The same of a plan."""
    way = "backward" if gait(timeline.facing, timeline.belt) is Gait.BACKWARD else "forward"
    where = "the rear" if timeline.facing is Facing.REAR else "the console"
    return f"facing {where}, {way}"


def clock_text(seconds: float) -> str:
    """Time left, rounded up to whole seconds so that 0:00 means over: "4:05", "1:00:00"."""
    whole = max(0, -int(-seconds // 1))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def step_text(step: Step) -> str:
    """A step and what it asks for: "run 60 s, 6.5 km/h", with the incline where there is one."""
    speeds = speed_text(step.target.speed_kph)
    if step.entry.speed_kph != step.target.speed_kph:
        speeds = f"{speed_text(step.entry.speed_kph)} -> {speeds}"
    incline = step.target.incline_percent
    return f"{step.label}, {speeds}" + (f", {incline_text(incline)}" if incline else "")


def next_text(view: RunView) -> str:
    """The step after this one."""
    steps = view.timeline.steps
    if view.step_index + 1 < len(steps):
        return step_text(steps[view.step_index + 1])
    return "the belt stops"


def limit_lines(view: RunView) -> list[str]:
    """The limits in force, each with its reason."""
    if view.snapshot is None:
        return []
    return [f"{limit.name}: at most {limit.value:g} {limit.unit}, {limit.reason}" for limit in view.snapshot.limits]


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
