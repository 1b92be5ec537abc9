"""While the belt moves: what it does, what it shall do, what comes next, and how to stop it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from ...safety.hazards import Action
from ...workouts.engine import Phase
from .. import speeds
from ..changes import cause_text, frozen, rise_text
from ..frame import Frame
from ..freshness import Freshness, freshness
from ..heart import heart_short
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from ..widgets.stop_bar import StopBar
from ..wording import (
    SIMULATED,
    Status,
    cause_lines,
    facing_text,
    incline_shown,
    limit_lines,
    measured_kph,
    safety_line,
    speed_shown,
    status_line,
)
from .plan_page import KEYS_TEXT, PlanPage
from .run_page import mark


class LivePage(PlanPage):
    """The run itself."""

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        with Horizontal(id="numbers"):
            with Vertical(id="measured-box"):
                yield Line(id="measured-label", classes="label")
                yield BigNumber(id="measured")
            with Vertical(id="target-box"):
                yield Line(id="target-label", classes="label")
                yield BigNumber(id="target")
            yield Line(id="aside")
        yield from self.digits()
        yield Line(id="status")
        yield Line(id="step")
        yield Line(id="changes")
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
        self._draw_numbers(frame)
        status, text = live_status(frame, causes_shown=not self.has_class("-digits"))
        self.line("status").say(text)
        mark(self.line("status"), status)
        self.draw_plan(frame)
        if view.phase is not Phase.RUNNING:
            self.line("next").say("")
        self.query_one(ProfilePicture).show(view.timeline, view.plan_time_s)
        self.line("reasons").say(reasons(frame))
        self.line("safety").say(safety_line(view, frame.simulated))

    def _draw_numbers(self, frame: Frame) -> None:
        """Measured beside wanted, in the console's own unit."""
        view = frame.view
        struck = freshness(view) is Freshness.STRUCK
        measured = speeds.label(view, "MEASURED", measured_kph(view))
        self.line("measured-label").say(measured)
        self.query_one("#measured", BigNumber).say(speed_shown(view), struck)
        target_kph = speeds.target_kph(view)
        self.line("target-label").say(speeds.label(view, "TARGET", target_kph))
        self.query_one("#target", BigNumber).say(f"{target_kph / speeds.unit(view).one_kph:.1f}")
        self.line("aside").say(aside(frame))
        self.draw_digits(frame, measured, speed_shown(view), struck)

    def action_leave(self) -> None:
        """Nobody leaves this page by a key: what would leave elsewhere stops here."""
        self.program.stop_now("key")


def live_status(frame: Frame, causes_shown: bool) -> tuple[Status, str]:
    """Standing still, stopping and not knowing before a rise that was announced, that before news.

    A cause that is no stop is news only where the list of causes is not on the screen.
    """
    view = frame.view
    status, text = status_line(view, frame.stop_pressed)
    if text:
        return status, text
    rise = rise_text(view)
    if rise and not frozen(view):
        return Status.RISE, rise
    causes = () if view.snapshot is None else view.snapshot.causes
    if causes and not causes_shown:
        return Status.NOTE, cause_text(max(causes, key=lambda cause: cause.action))
    return Status.QUIET, "" if view.message is None or view.message in cause_lines(view) else view.message


def title(frame: Frame) -> str:
    """The workout, the place in it, and what the treadmill is."""
    view = frame.view
    place = f"step {view.step_index + 1} of {len(view.timeline.steps)}"
    machine = SIMULATED if frame.simulated else (view.profile.name if view.profile is not None else "")
    return f"{short(view.timeline.name)}   {place}   {machine}"


NAME_CELLS = 38
"""What a name has in the first line of the smallest terminal, beside the place in the plan and what moves."""


def short(name: str) -> str:
    """A name that leaves the rest of its line on the screen."""
    return name if len(name) <= NAME_CELLS else f"{name[: NAME_CELLS - 3]}..."


def aside(frame: Frame) -> Content:
    """Beside the large digits: the deck, the way one looks, how far one has come; the heart, where a strap is worn."""
    view, heart = frame.view, heart_short(frame.view.heart)
    deck = f" {incline_shown(view)}\n" if heart else f"\n{incline_shown(view)}\n"
    return Content.assemble(
        (f"{heart}\n" if heart else "", "bold"),
        ("INCLINE", "dim"),
        (deck, "bold"),
        f"{facing_text(view)}\n",
        f"{view.distance_m:.0f} m\n",
        f"{'waiting for the guardian' if frame.mode is None else frame.mode.value}",
    )


def reasons(frame: Frame) -> Content:
    """Causes first, then the limits in force."""
    snapshot = frame.view.snapshot
    causes = () if snapshot is None else snapshot.causes
    parts = [(f"! {frame.trouble}\n", "bold")] if frame.trouble is not None else []
    for cause in causes:
        parts.append((f"! {cause_text(cause)}\n", "bold" if cause.action > Action.WARN else ""))
    trouble = None if frame.view.heart is None else frame.view.heart.trouble
    if trouble is not None:
        parts.append((f"! {trouble}\n", "bold"))
    parts += [(f"{line}\n", "dim") for line in limit_lines(frame.view)]
    if frame.view.computer is not None:
        parts.append((f"this computer: {frame.view.computer}\n", "dim"))
    return Content.assemble(*parts)
