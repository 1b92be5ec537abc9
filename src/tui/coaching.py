"""A run whose belt is not ours, and a run without any: what a hand shall set, and when. Pure."""

from __future__ import annotations

import math

from ..sessions.view import CoachAsk, Control, RunView
from ..workouts.engine import Phase
from ..workouts.quantity import incline_text
from . import speeds
from .wording import left_in_step_text

ENDS = "END THE SESSION"


def target_kph(view: RunView) -> float:
    """The speed to be set: what the coach asks for, else what the plan wants."""
    return view.wanted.speed_kph if view.coach is None else view.coach.speed_kph


def ask_text(view: RunView) -> str:
    """What to do at the console, now or in so many seconds."""
    if view.control is Control.TRACK:
        return "Press o when you set off." if view.phase is Phase.WAITING_FOR_PERSON else ""
    ask = view.coach
    if ask is None:
        return ""
    if ask.due_in_s > 0:
        return f"{_asked_text(view, ask)} IN {math.ceil(ask.due_in_s)} s"
    return _asked_text(view, ask) if ask.confirmed else f"{_asked_text(view, ask)} NOW"


def _asked_text(view: RunView, ask: CoachAsk) -> str:
    if ask.speed_kph <= 0:
        return ask.text
    incline = f" and {incline_text(ask.incline_percent)}" if ask.incline_percent else ""
    return f"set {speeds.speed(view, ask.speed_kph)}{incline}"


def set_text(view: RunView) -> str:
    """Whether somebody said that it is set; nobody has to."""
    if view.control is Control.TRACK or view.coach is None or view.coach.due_in_s > 0:
        return ""
    if view.coach.confirmed:
        return "confirmed"
    done = "it is set" if view.coach.speed_kph > 0 else "it stands"
    return f"Space or Enter: {done} (no need to)"


def track_numbers(view: RunView) -> tuple[str, str]:
    """On a track: the label and the large number, metres where a distance ends the step, else time."""
    step = view.timeline.steps[view.step_index]
    if step.length_m is not None:
        return "RUN m", f"{step.length_m:.0f}"
    return "LEFT IN THE STEP", left_in_step_text(view)
