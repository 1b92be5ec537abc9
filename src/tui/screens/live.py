"""While the belt moves: what it does, what it shall do, what comes next, and how to stop it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from ...safety.hazards import Action
from ...workouts.engine import Phase
from ..frame import Frame
from ..freshness import Freshness, freshness
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from ..widgets.stop_bar import StopBar
from ..wording import (
    SIMULATED,
    clock_text,
    facing_text,
    incline_shown,
    limit_lines,
    next_text,
    safety_line,
    speed_shown,
    status_line,
    step_text,
)
from .run_page import RunPage, mark

KEYS_TEXT = "p pause    n next step    f finish: cool-down, then stop    ? keys"


class LivePage(RunPage):
    """The run itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p,P", "pause", "pause"),
        Binding("n,N", "next", "next step"),
        Binding("f,F", "finish", "finish"),
    ]

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        with Horizontal(id="numbers"):
            with Vertical(id="measured-box"):
                yield Line("MEASURED km/h", classes="label")
                yield BigNumber(id="measured")
            with Vertical(id="target-box"):
                yield Line("TARGET km/h", classes="label")
                yield BigNumber(id="target")
            yield Line(id="aside")
        yield Line(id="status")
        yield Line(id="step")
        yield Line(id="cue")
        yield Line(id="next")
        yield ProfilePicture(id="profile")
        yield Line(id="reasons")
        with Vertical(id="foot"):
            yield Line(KEYS_TEXT, id="keys")
            yield Line(id="safety")
            yield StopBar()

    def draw(self, frame: Frame) -> None:
        view = frame.view
        self.line("title").say(title(frame))
        struck = freshness(view) is Freshness.STRUCK
        self.query_one("#measured", BigNumber).say(speed_shown(view), struck)
        self.query_one("#target", BigNumber).say(f"{view.wanted.speed_kph:.1f}")
        self.line("aside").say(aside(frame))
        self._draw_status(frame)
        self.line("step").say(step_line(frame))
        self.line("cue").say(view.cue or "")
        self.line("next").say(f"next: {next_text(view)}" if view.phase is Phase.RUNNING else "")
        self.query_one(ProfilePicture).show(view.timeline, view.plan_time_s)
        self.line("reasons").say(reasons(frame))
        self.line("safety").say(safety_line(view, frame.simulated))

    def _draw_status(self, frame: Frame) -> None:
        status, text = status_line(frame.view, frame.stop_pressed)
        self.line("status").say(text or (frame.view.message or ""))
        mark(self.line("status"), status)

    def action_pause(self) -> None:
        """Ramp to a standstill and keep the place."""
        self.program.controls.pause()

    def action_next(self) -> None:
        """Go on to the next step."""
        self.program.controls.next_step()

    def action_finish(self) -> None:
        """Go to the cool-down, then stop."""
        self.program.controls.finish()

    def action_leave(self) -> None:
        """Nobody leaves this page by a key: what would leave elsewhere stops here."""
        self.program.stop_now("key")


def title(frame: Frame) -> str:
    """The workout, the place in it, and what the treadmill is."""
    view = frame.view
    place = f"step {view.step_index + 1} of {len(view.timeline.steps)}"
    machine = SIMULATED if frame.simulated else (view.profile.name if view.profile is not None else "")
    return f"{view.timeline.name}   {place}   {machine}"


def aside(frame: Frame) -> Content:
    """Beside the large digits: the deck, the way one looks, and how far one has come."""
    view = frame.view
    return Content.assemble(
        ("INCLINE\n", "dim"),
        (f"{incline_shown(view)}\n", "bold"),
        f"{facing_text(view)}\n",
        f"{view.distance_m:.0f} m\n",
        f"{'waiting for the guardian' if frame.mode is None else frame.mode.value}",
    )


def step_line(frame: Frame) -> Content:
    """The step that is on, and the time that is left in it and in all."""
    view = frame.view
    step = view.timeline.steps[view.step_index]
    left = clock_text(step.ends_s - view.plan_time_s)
    left_in_all = clock_text(view.timeline.total_s - view.plan_time_s)
    return Content.assemble((step_text(step), "bold"), f"   {left} left in the step, {left_in_all} in all")


def reasons(frame: Frame) -> Content:
    """Causes first, then the limits in force."""
    snapshot = frame.view.snapshot
    causes = () if snapshot is None else snapshot.causes
    parts = [(f"! {frame.trouble}\n", "bold")] if frame.trouble is not None else []
    for cause in causes:
        parts.append((f"! {cause.message}\n", "bold" if cause.action > Action.WARN else ""))
    parts += [(f"{line}\n", "dim") for line in limit_lines(frame.view)]
    return Content.assemble(*parts)
