"""``--plain`` after a run: what was done, what comes now, and the exit code."""

from __future__ import annotations

from collections.abc import Callable

from ..safety.modes import Mode
from ..sessions.view import Control, RunView, Summary
from ..training.stretches import LOWER_LIMBS, card, spelled_out
from ..workouts.quantity import incline_text
from . import speeds
from .done import heart_done_text, uptake_text, way_done
from .frame import Frame
from .freshness import rest_known
from .wording import clock_text, safety_line


def sum_up(frame: Frame, say: Callable[[str], None]) -> int:
    """Say what was done; 0 for a run that was finished or stopped and ended in a confirmed standstill, else 1.

    Of a belt that is not ours nothing is seen; there the word of whoever stopped it counts.
    """
    view = frame.view
    if not rest_known(view) and frame.mode is not None:
        if view.control is Control.GUARDIAN:
            say("the belt's standstill is not confirmed")
        say(safety_line(view, frame.simulated))
    if view.summary is None:
        say("no summary: the run was left before its start, or the belt was not seen to stand")
        return 1
    for line in summary_lines(view, view.summary, frame.run.offer.after):
        say(line)
    return 0 if rest_known(view) and frame.mode is not Mode.FAULT else 1


def summary_lines(view: RunView, summary: Summary, then: tuple[str, ...]) -> tuple[str, ...]:
    """What was done, and what comes ``then``."""
    head = "plan completed" if summary.complete else "ended before the end of the plan"
    way, heart, uptake = way_done(view, summary), heart_done_text(summary), uptake_text(summary)
    return (
        f"summary: {summary.workout}, {head}: {summary.ended}",
        f"time {clock_text(summary.elapsed_s)}, of the plan {clock_text(summary.plan_time_s)} of "
        f"{clock_text(summary.plan_total_s)}",
        *((_measured_line(view, summary),) if view.control is Control.GUARDIAN else ()),
        *((f"heart: {heart}",) if heart else ()),
        *((f"oxygen: {uptake}",) if uptake else ()),
        *((f"way: {way}",) if way else ()),
        *(f"on the way: {note}" for note in summary.notes),
        *(f"now: {one}" for one in spelled_out(then)),
        *((f"stretch: {line}" for line in card()) if LOWER_LIMBS in then else ()),
        f"journal: {summary.journal or 'none was written'}",
    )


def _measured_line(view: RunView, summary: Summary) -> str:
    """The figures of a belt that was measured, in the unit of its console."""
    highest = speeds.speed(view, round(summary.max_speed_kph, 2))
    return (
        f"distance {summary.distance_m:.0f} m, highest {highest}, incline {incline_text(summary.max_incline_percent)}"
    )
