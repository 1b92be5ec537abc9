"""The belt runs at its lowest speed and waits for the person to be on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from ...sessions.view import RunView
from ...workouts.engine import PERSON_ANSWERS_WITHIN_S
from .. import speeds
from ..empty_belt import LOOK, confirm_text
from ..frame import Frame
from ..freshness import Freshness, freshness
from ..keys import said
from ..standing_place import step_on_text
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from ..widgets.stop_bar import StopBar
from ..wording import clock_text, facing_text, measured_kph, safety_line, speed_shown, status_line
from .run_page import RunPage, mark


class MountingPage(RunPage):
    """One key: ``o``, I am on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("o,O", "on_belt", "I am on")]

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        with Horizontal(id="numbers"):
            with Vertical(id="measured-box"):
                yield Line(id="measured-label", classes="label")
                yield BigNumber(id="measured")
            yield Line(id="headline")
        yield Line(id="status")
        yield Line(id="how")
        yield ProfilePicture(id="profile")
        yield Line(id="refusals")
        with Vertical(id="foot"):
            yield Line(id="safety")
            yield StopBar()

    def draw(self, frame: Frame) -> None:
        view = frame.view
        what = "Nobody on it?" if view.empty_belt else "Step on"
        self.line("title").say(f"{what}   {view.timeline.name}   {facing_text(view)}")
        self.line("measured-label").say(speeds.label(view, "MEASURED", measured_kph(view)))
        self.query_one("#measured", BigNumber).say(speed_shown(view), freshness(view) is Freshness.STRUCK)
        self.line("headline").say(headline(frame))
        status, text = status_line(view, frame.stop_pressed)
        self.line("status").say(text)
        mark(self.line("status"), status)
        self.line("how").say(Content.styled(how_text(view, self.program.door.fine_key), "bold"))
        self.query_one(ProfilePicture).show(view.timeline, view.plan_time_s if view.plan_time_s > 0 else None)
        self.line("refusals").say(view.message or "")
        self.line("safety").say(safety_line(view, frame.simulated))

    def action_on_belt(self) -> None:
        """The person says that they are on."""
        self.program.controls.person_on()

    def action_leave(self) -> None:
        """Nobody leaves this page by a key."""
        self.program.stop_now("key")


def headline(frame: Frame) -> Content:
    """What to do, and how long the belt waits for it."""
    left_s = PERSON_ANSWERS_WITHIN_S - frame.stage_s
    lowest = speeds.speed(frame.view, frame.view.timeline.lowest_kph)
    step_on = f"{step_on_text(frame.view).capitalize()}, one foot after the other.\n"
    return Content.assemble(
        (f"The belt runs at its lowest speed, {lowest}.\n", "bold"),
        (LOOK if frame.view.empty_belt else step_on, "bold"),
        f"\n{clock_text(left_s)} left; then the belt stops by itself.",
    )


def how_text(view: RunView, fine_key: str | None) -> str:
    """The key that says "I am on", or that nobody is; also that of a remote which has one that does not stop."""
    remote = "" if fine_key is None else f", or {said(fine_key)} of the remote,"
    if view.empty_belt:
        return confirm_text(remote)
    return f"Press o{remote} when you are on the belt and walking."
