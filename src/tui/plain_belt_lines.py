"""What ``--plain`` says of the belt and the plan: the link, causes, steps, stops, the alarm, progress. Pure.

A number is said only while it is fresh. A standstill is said only of one that is confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..machine import SpeedUnit
from ..safety.hazards import Hazard
from ..safety.modes import ENDING, IN_MOTION, Mode
from ..sessions.view import Control, RunView
from ..workouts.cues import step_words
from ..workouts.engine import ENDS, Phase
from . import speeds
from .alarm import disconnected_text, sentence, way_out, way_out_text
from .bells import ALARM_PERIOD_S
from .changes import cause_text
from .coaching import target_kph
from .empty_belt import BANNER
from .frame import Frame
from .freshness import Freshness, age_s, freshness
from .heart import beats, heart_text
from .plain_standing import FOR_GOOD, Standing
from .stages import Stage
from .wording import (
    Status,
    cause_lines,
    clock_text,
    identity_text,
    incline_shown,
    left_in_step_text,
    limit_lines,
    measured_text,
    safety_line,
    status_line,
)

PROGRESS_S = 15.0
"""How often the run is told of when nothing happens: often enough to be trusted, seldom enough to be listened to."""

_TOLD_OF = frozenset({Mode.RUN, Mode.PAUSING}) | ENDING
_LIMITED = frozenset({Mode.ARMED, Mode.COUNTDOWN}) | IN_MOTION


def notes_now(frame: Frame) -> Iterator[Standing]:
    """The link, the causes in force, and the newest sentence for the person where no cause has said it."""
    view = frame.view
    if view.empty_belt:
        yield Standing(f"empty belt {frame.stage.value}", BANNER)
    if view.profile is not None:
        waits = "; waiting until it reports that the belt stands still" if view.control is Control.GUARDIAN else ""
        yield Standing("connected", f"connected to {view.profile.name}{identity_text(view)}{waits}")
    if view.heart is not None:
        why = "" if view.heart.trouble is None else f": {view.heart.trouble}"
        yield Standing(f"heart {beats(view.heart)}{why}", f"note: {heart_text(view.heart)}{why}")
    if view.computer is not None:
        yield Standing(f"{FOR_GOOD}computer", f"note: this computer: {view.computer}")
    for cause in () if view.snapshot is None else view.snapshot.causes:
        ended = cause.hazard is Hazard.PLAN_STOP  # it has announced itself, and the summary says so
        text = "" if ended else in_console_units(view, f"note: {cause_text(cause)}")
        yield Standing(f"cause {cause.hazard.value}", text)
    if view.message is not None:
        said = view.message in cause_lines(view)
        yield Standing(f"message {view.message}", "" if said else in_console_units(view, f"note: {view.message}"))


def belt_now(frame: Frame) -> Iterator[Standing]:
    """The step that is on, the limits that hold, and the safety line when the belt is about to move."""
    view = frame.view
    if frame.mode is Mode.DISCONNECTED:
        yield Standing("no link", "there is no link to the treadmill")
    if frame.mode in _LIMITED:
        yield from (Standing(f"{FOR_GOOD}limit {line}", f"limit: {line}") for line in limit_lines(view))
    if frame.mode in IN_MOTION:
        yield Standing("safety", safety_line(view, frame.simulated))
    if view.phase is Phase.RUNNING:
        yield Standing(f"step {view.step_index}", step_line(view))


def step_line(view: RunView) -> str:
    """The place in the plan, what the step asks for, and its author's words; as it is spoken."""
    words = in_console_units(view, step_words(view.timeline.steps[view.step_index]))
    cue = f". {view.cue}" if view.cue else ""
    return f"step {view.step_index + 1} of {len(view.timeline.steps)}, {words}{cue}"


def in_console_units(view: RunView, text: str) -> str:
    """A sentence with its speeds as the console shows them, too."""
    if speeds.unit(view) is SpeedUnit.KPH:
        return text
    return _SPEED.sub(lambda found: speeds.speed(view, float(found[1])), text)


_SPEED = re.compile(r"(\d+(?:\.\d+)?) km/h(?!\))")
"""A speed as sentences have it, but for one that stands in brackets behind that of the console."""


def stops_now(frame: Frame, moved: bool) -> Iterator[Standing]:
    """A stop on its way, a confirmed standstill after motion, a speed that nobody knows; and the alarm."""
    view = frame.view
    status, text = status_line(view, frame.stop_pressed)
    if status is Status.STOPPING:
        yield Standing("stopping", text)
        if view.control is Control.GUARDIAN:
            yield Standing("stopping, safety", safety_line(view, frame.simulated))
    elif status is Status.STOPPED:
        yield Standing("stopped", text if moved else "")
    elif status is Status.UNKNOWN and moved and frame.stage is not Stage.ALARM:
        yield Standing("unknown", text)
    elif status is Status.NOTE and view.control is not Control.GUARDIAN:
        yield Standing(f"note {text}", text)
    if frame.stage is Stage.ALARM:
        period = int(frame.stage_s // ALARM_PERIOD_S)  # an alarm does not end by being heard
        told = (f"{sentence(view).removesuffix('.')}.", disconnected_text(view), way_out_text(view, asked=False))
        text = f"ALARM: {' '.join(part for part in told if part)}"
        yield Standing(f"alarm {period} {way_out(view).value}", text)


# --- progress ---------------------------------------------------------------------------------------------------


def progress_due(frame: Frame, said_s: float, step: int | None) -> bool:
    """With every step, and when it was last said ``PROGRESS_S`` ago; only of a belt that is moving or being stopped."""
    if frame.mode not in _TOLD_OF or frame.stage is Stage.ALARM:
        return False
    if frame.view.control is not Control.GUARDIAN and frame.view.phase is not Phase.RUNNING:
        return False  # there only the plan is known
    begun = frame.view.phase is Phase.RUNNING and frame.view.step_index != step
    return begun or frame.now_s - said_s >= PROGRESS_S


def progress_line(frame: Frame) -> str:
    """The measured speed beside the target, and the place in the plan; never a number that is old."""
    view = frame.view
    if view.control is not Control.GUARDIAN:
        return ", ".join((*_to_set(view), *_place(view)))
    fresh = freshness(view)
    if fresh is Freshness.GONE:
        return status_line(view, frame.stop_pressed)[1]
    known = f"measured {measured_text(view)}" if fresh is Freshness.FRESH else _not_known(view)
    if frame.mode in ENDING or view.phase in ENDS:
        return f"{known}, the belt is being stopped"
    parts = [known, f"target {speeds.speed(view, round(speeds.target_kph(view), 1))}"]
    if fresh is Freshness.FRESH:
        parts.append(f"incline {incline_shown(view)}")
    heart = heart_text(view.heart)
    return ", ".join((*parts, *((heart,) if heart else ()), *_place(view), f"{view.distance_m:.0f} m"))


def _to_set(view: RunView) -> Iterator[str]:
    if view.control is Control.COACHED and view.phase is Phase.RUNNING:
        yield f"to be set: {speeds.speed(view, round(target_kph(view), 1))}"


def _place(view: RunView) -> Iterator[str]:
    if view.phase is Phase.RUNNING:
        yield f"{left_in_step_text(view)} left in the step"
        yield f"{clock_text(view.timeline.total_s - view.plan_time_s + view.extended_s)} in all"


def _not_known(view: RunView) -> str:
    return f"measured speed not known for {age_s(view):.1f} s"
