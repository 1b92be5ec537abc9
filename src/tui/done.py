"""What was done of a plan, in words. Pure."""

from __future__ import annotations

from ..sessions.view import RunView, Summary
from ..workouts.timeline import StepKind
from .wording import clock_text


def way_done(view: RunView, summary: Summary) -> str:
    """The minutes gone backward and the turns made, as far as the plan has any."""
    parts = []
    if summary.backward_s:
        running = f", of them {clock_text(summary.running_s)} running" if summary.running_s else ""
        parts.append(f"{clock_text(summary.backward_s)} backward{running}")
    turns = [step.index for step in view.timeline.steps if step.kind is StepKind.TURN]
    if turns:
        made = sum(index < view.step_index or summary.complete for index in turns)
        parts.append(f"{made} of {len(turns)} turns made")
    return "; ".join(parts)


def uptake_text(summary: Summary) -> str:
    """The estimate of the oxygen uptake, and what it is said of; empty where nothing can be said."""
    if summary.uptake is None:
        return ""
    shown = summary.uptake.mets.shown("times that of rest (MET)")
    return f"{shown}, over the {clock_text(summary.uptake.estimated_s)} at even speeds"


def heart_done_text(summary: Summary) -> str:
    """The mean and the highest heart rate while the belt moved; empty where none was told."""
    if summary.heart_max_bpm is None:
        return ""
    mean = "" if summary.heart_mean_bpm is None else f"mean {summary.heart_mean_bpm}, "
    return f"{mean}highest {summary.heart_max_bpm} beats per minute"
