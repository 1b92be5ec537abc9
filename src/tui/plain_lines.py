"""What ``--plain`` says of a run: a line an event, as a pure function of two frames and of what was said before.

A number is said only while it is fresh. "Stopped" is said only of a confirmed standstill.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..safety.modes import ENDING, IN_MOTION, Mode
from ..sessions.view import RunView, Summary
from ..workouts.engine import ENDS, Phase
from ..workouts.quantity import incline_text, speed_text
from .alarm import sentence, way_out_text
from .bells import ALARM_PERIOD_S
from .checklist import Checklist
from .frame import Frame
from .freshness import Freshness, age_s, freshness, standstill_confirmed
from .stages import Stage
from .wording import (
    Status,
    cause_lines,
    clock_text,
    facing_text,
    incline_shown,
    limit_lines,
    measured_text,
    remedy_text,
    safety_line,
    status_line,
    step_text,
)

PROGRESS_S = 15.0
"""How often the run is told of when nothing happens: often enough to be trusted, seldom enough to be listened to."""

COUNTED_S = (10, 5, 3, 2, 1)
"""The seconds of a countdown that are said. A voice takes almost a second for each."""

BELL = "\a"

_TOLD_OF = frozenset({Mode.RUN, Mode.PAUSING}) | ENDING

STARTABLE = frozenset({Phase.READY, Phase.PAUSED})


@dataclass(frozen=True, slots=True)
class Told:
    """What was said last, so that it is not said again. ``moved``: a belt that stands has news to tell."""

    connected: bool = False
    message: str | None = None
    causes: frozenset[str] = frozenset()
    mode: Mode | None = None
    phase: Phase | None = None
    step_index: int = -1
    ready: bool = False
    left_s: int | None = None
    status: Status = Status.QUIET
    moved: bool = False
    stage: Stage | None = None
    progress_s: float = -math.inf
    alarm_s: float = -math.inf


def news(told: Told, frame: Frame, digit: str) -> tuple[str, ...]:
    """What is to be said now. ``digit`` is the one that begins the countdown."""
    return (
        *_connection(told, frame.view),
        *_messages(told, frame.view),
        *_mode(told, frame, digit),
        *_ready(told, frame.view),
        *_countdown(told, frame.view),
        *_step(told, frame.view),
        *_status(told, frame),
        *_alarm(told, frame),
        *_remedy(told, frame),
        *_progress(told, frame),
    )


def after(told: Told, frame: Frame) -> Told:
    """What has been said once ``news`` of this frame is out."""
    view, now_s = frame.view, frame.now_s
    return Told(
        connected=view.profile is not None,
        message=view.message,
        causes=_hazards(view),
        mode=frame.mode,
        phase=view.phase,
        step_index=view.step_index,
        ready=ready(view),
        left_s=_left_s(view),
        status=status_line(view, frame.stop_pressed)[0],
        moved=told.moved or _may_move(frame),
        stage=frame.stage,
        progress_s=now_s if _progress_due(told, frame) else told.progress_s,
        alarm_s=now_s if _alarm_due(told, frame) else told.alarm_s,
    )


def ready(view: RunView) -> bool:
    """Whether a start can be asked for: at rest, seen still, and a plan that waits for it."""
    mode = None if view.snapshot is None else view.snapshot.mode
    return mode in (Mode.IDLE, Mode.PAUSED) and view.phase in STARTABLE and standstill_confirmed(view)


def _connection(told: Told, view: RunView) -> tuple[str, ...]:
    if told.connected or view.profile is None:
        return ()
    return (f"connected to {view.profile.name}; waiting until it reports that the belt stands still",)


def _messages(told: Told, view: RunView) -> tuple[str, ...]:
    """New causes, then the newest sentence for the person where no cause has said it."""
    causes = () if view.snapshot is None else view.snapshot.causes
    lines = [cause.message for cause in causes if cause.hazard.value not in told.causes]
    if view.message is not None and view.message != told.message and view.message not in cause_lines(view):
        lines.append(view.message)
    return tuple(f"note: {line}" for line in lines)


def _hazards(view: RunView) -> frozenset[str]:
    return frozenset() if view.snapshot is None else frozenset(one.hazard.value for one in view.snapshot.causes)


def _mode(told: Told, frame: Frame, digit: str) -> tuple[str, ...]:
    view, mode = frame.view, frame.mode
    if mode is told.mode and view.phase is told.phase:
        return ()
    if mode is Mode.ARMED and mode is not told.mode:
        return (
            *(f"limit: {line}" for line in limit_lines(view)),
            f"armed: type {digit} to start, any other key not to",
        )
    if mode is Mode.STARTING and mode is not told.mode:
        return ("start sent: the belt is about to move", safety_line(view, frame.simulated))
    if view.phase is Phase.WAITING_FOR_PERSON and view.phase is not told.phase:
        lowest = speed_text(view.timeline.lowest_kph)
        return (f"the belt runs at its lowest speed, {lowest}: hold the rails, step on, then type o: I am on",)
    text = _MODE_TEXTS.get(mode) if mode is not None and mode is not told.mode else None
    return () if text is None else (text,)


_MODE_TEXTS = {
    Mode.DISCONNECTED: "there is no link to the treadmill",
    Mode.COUNTDOWN: "countdown: the belt starts at its end, any key cancels",
    Mode.RUN: "the belt moves",
    Mode.PAUSING: "pausing: the belt slows down",
    Mode.PAUSED: "paused, the place in the plan is kept",
}


def _ready(told: Told, view: RunView) -> tuple[str, ...]:
    if told.ready or not ready(view):
        return ()
    what = "go on" if view.phase is Phase.PAUSED else "start"
    return (f"{facing_text(view)}: feet on the rails beside the belt, then type s to {what}",)


def _left_s(view: RunView) -> int | None:
    """Whole seconds until the start, rounded up; None outside a countdown."""
    left_s = None if view.snapshot is None else view.snapshot.start_in_s
    return None if left_s is None else math.ceil(left_s)


def _countdown(told: Told, view: RunView) -> tuple[str, ...]:
    """The smallest counted second that was reached since the last frame; a late frame does not catch up."""
    left_s = _left_s(view)
    if left_s is None:
        return ()
    before_s = math.inf if told.left_s is None else told.left_s
    reached = [second for second in COUNTED_S if left_s <= second < before_s]
    return (f"start in {left_s}",) if reached else ()


def _step(told: Told, view: RunView) -> tuple[str, ...]:
    began = view.phase is Phase.RUNNING and (told.phase is not Phase.RUNNING or view.step_index != told.step_index)
    if not began:
        return ()
    steps = view.timeline.steps
    cue = f": {view.cue}" if view.cue else ""
    return (f"step {view.step_index + 1} of {len(steps)}, {step_text(steps[view.step_index])}{cue}",)


def _status(told: Told, frame: Frame) -> tuple[str, ...]:
    """A stop on its way, a confirmed standstill after motion, or a speed that nobody knows: once each."""
    status, text = status_line(frame.view, frame.stop_pressed)
    if status is told.status:
        return ()
    if status is Status.STOPPING:
        return (text, safety_line(frame.view, frame.simulated))
    if status is Status.STOPPED:
        return (text,) if told.moved else ()
    return (text,) if status is Status.UNKNOWN and told.moved and frame.stage is not Stage.ALARM else ()


def _alarm_due(told: Told, frame: Frame) -> bool:
    return frame.stage is Stage.ALARM and frame.now_s - told.alarm_s >= ALARM_PERIOD_S


def _alarm(told: Told, frame: Frame) -> tuple[str, ...]:
    """The alarm does not end by being heard: it comes again until somebody has acknowledged it."""
    if not _alarm_due(told, frame):
        return ()
    return (f"{BELL}ALARM: {sentence(frame.view)} {way_out_text(frame.view, asked=False)}",)


def _remedy(told: Told, frame: Frame) -> tuple[str, ...]:
    """What leads out of a stop, once there is one."""
    at_stop = frame.stage is Stage.STOPPED and frame.mode in (Mode.LATCHED, Mode.FAULT)
    was_at_stop = told.stage is Stage.STOPPED and told.mode is frame.mode
    return (remedy_text(frame.view),) if at_stop and not was_at_stop else ()


def _may_move(frame: Frame) -> bool:
    return frame.mode in IN_MOTION or frame.mode in ENDING or frame.stage is Stage.ALARM


def _progress_due(told: Told, frame: Frame) -> bool:
    """With every step, and when it was last said ``PROGRESS_S`` ago; only of a belt that is moving or being stopped."""
    if frame.mode not in _TOLD_OF:
        return False
    return bool(_step(told, frame.view)) or frame.now_s - told.progress_s >= PROGRESS_S


def _progress(told: Told, frame: Frame) -> tuple[str, ...]:
    return (progress_line(frame),) if _progress_due(told, frame) and frame.stage is not Stage.ALARM else ()


def progress_line(frame: Frame) -> str:
    """The measured speed beside the target, and the place in the plan; never a number that is old."""
    view = frame.view
    fresh = freshness(view)
    if fresh is Freshness.GONE:
        return status_line(view, frame.stop_pressed)[1]
    known = f"measured {measured_text(view)}" if fresh is Freshness.FRESH else _not_known(view)
    if frame.mode in ENDING or view.phase in ENDS:
        return f"{known}, the belt is being stopped"
    parts = [known, f"target {view.wanted.speed_kph:.1f} km/h"]
    if fresh is Freshness.FRESH:
        parts.append(f"incline {incline_shown(view)}")
    if view.phase is Phase.RUNNING:
        step = view.timeline.steps[view.step_index]
        parts.append(f"{clock_text(step.ends_s - view.plan_time_s)} left in the step")
        parts.append(f"{clock_text(view.timeline.total_s - view.plan_time_s)} in all")
    return ", ".join((*parts, f"{view.distance_m:.0f} m"))


def _not_known(view: RunView) -> str:
    return f"measured speed not known for {age_s(view):.1f} s"


def checklist_lines(checklist: Checklist, now_s: float) -> tuple[str, ...]:
    """Every item with its number, and how to go on."""
    items = [f"{number} {item.title}: {item.text}" for number, item in enumerate(checklist.items, 1)]
    return (*items, f"{open_items_line(checklist, now_s)}; none can be left out")


def open_items_line(checklist: Checklist, now_s: float) -> str:
    """The items that are still open, as the digits to type."""
    left = [str(index + 1) for index in checklist.open_items(now_s)]
    return f"type {', '.join(left)} to tick" if left else "the checklist is complete"


def summary_lines(summary: Summary, then: tuple[str, ...]) -> tuple[str, ...]:
    """What was done, and what comes ``then``."""
    head = "plan completed" if summary.complete else "ended before the end of the plan"
    return (
        f"summary: {summary.workout}, {head}: {summary.ended}",
        f"time {clock_text(summary.elapsed_s)}, of the plan {clock_text(summary.plan_time_s)} of "
        f"{clock_text(summary.plan_total_s)}",
        f"distance {summary.distance_m:.0f} m, highest {speed_text(summary.max_speed_kph)}, "
        f"incline {incline_text(summary.max_incline_percent)}",
        *(f"on the way: {note}" for note in summary.notes),
        *(f"now: {one}" for one in then),
        f"journal: {summary.journal or 'none was written'}",
    )
