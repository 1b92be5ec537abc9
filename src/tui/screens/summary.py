"""What was done, and what to do now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from ...sessions.view import RunView, Summary
from ...training.stretches import spelled_out
from ...workouts.quantity import incline_text
from .. import speeds
from ..done import heart_done_text, uptake_text, way_done
from ..feeling import ask_text, referral_text
from ..frame import Frame
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from ..wording import SIMULATED, clock_text
from .run_page import RunPage

NOTES_SHOWN = 4
AFTER_SHOWN = 5


class SummaryPage(RunPage):
    """Stays until it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "leave", "back to the set-up")]

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        yield Line(id="ended")
        yield ProfilePicture(id="profile")
        yield Line(id="figures")
        yield Line(id="notes")
        yield Line(id="after")
        yield Line(id="feelings")
        yield Line("Enter or q back to the set-up", id="setup-keys")

    def draw(self, frame: Frame) -> None:
        view, summary = frame.view, frame.view.summary
        if summary is None:
            return
        simulated = f"   {SIMULATED}" if frame.simulated else ""
        self.line("title").say(f"Summary   {summary.workout}{simulated}")
        self.line("ended").say(ended_text(summary))
        self.query_one(ProfilePicture).show(view.timeline, None if summary.complete else summary.plan_time_s)
        self.line("figures").say(figures_text(view, summary))
        self.line("notes").say(list_text("On the way", summary.notes, NOTES_SHOWN))
        self.line("after").say(list_text("Now", spelled_out(frame.run.offer.after), AFTER_SHOWN))
        feelings = "\n".join(filter(None, (referral_text(view), ask_text(frame))))
        self.line("feelings").say(feelings)
        self.line("feelings").display = bool(feelings)

    def next_pressed(self) -> bool:
        self.action_leave()
        return True

    def action_leave(self) -> None:
        self.program.leave_run()


def ended_text(summary: Summary) -> Content:
    """How it ended, and how much of the plan was walked."""
    part = 1.0 if summary.plan_total_s <= 0 else min(1.0, summary.plan_time_s / summary.plan_total_s)
    head = "Plan completed" if summary.complete else f"Ended at {part:.0%} of the plan"
    return Content.assemble((f"{head}: ", "bold"), summary.ended)


def figures_text(view: RunView, summary: Summary) -> Content:
    """The measured figures, each with its unit; the way that was gone where the plan turns."""
    highest = speeds.speed(view, round(summary.max_speed_kph, 2))
    rows = (
        ("Time", f"{clock_text(summary.elapsed_s)}, of the plan {clock_text(summary.plan_time_s)}"
                 f" of {clock_text(summary.plan_total_s)}"),
        ("Distance", f"{summary.distance_m:.0f} m, from the measured speed"),
        ("Highest", f"{highest}, incline {incline_text(summary.max_incline_percent)}"),
        *(("Heart", text) for text in (heart_done_text(summary),) if text),
        *(("Oxygen", text) for text in (uptake_text(summary),) if text),
        *(("Way", way) for way in (way_done(view, summary),) if way),
        ("Journal", summary.journal or "none was written"),
    )  # fmt: skip
    return Content("\n").join([Content.assemble((f"{name:<10}", "dim"), text) for name, text in rows])


def list_text(head: str, lines: tuple[str, ...], most: int) -> Content:
    """A head and its lines, at most so many; empty without any."""
    if not lines:
        return Content("")
    shown = [f"- {line}" for line in lines[:most]]
    if len(lines) > most:
        shown[-1] = f"- and {len(lines) - most + 1} more"
    return Content.assemble((f"{head}\n", "dim"), "\n".join(shown))
