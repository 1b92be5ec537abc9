"""A run whose belt is not ours: what a hand shall set, and when; on a track, what to run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from ...sessions.view import Control, RunView
from ...workouts.engine import PERSON_ANSWERS_WITHIN_S, Phase
from .. import speeds
from ..coaching import ask_text, set_text, target_kph, track_numbers
from ..frame import Frame
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..widgets.profile_picture import ProfilePicture
from ..widgets.stop_bar import StopBar
from ..wording import clock_text, facing_text, left_in_step_text, safety_line, status_line
from .live import reasons, short
from .plan_page import KEYS_TEXT, PlanPage
from .run_page import mark


class CoachPage(PlanPage):
    """No key here moves or stops a belt, so Space and Enter only say that something is set."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "confirm", "it is set"),
        Binding("o,O", "on_belt", "I am on"),
    ]

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        yield Line(id="ask")
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
        self.line("title").say(
            f"{short(view.timeline.name)}   step {view.step_index + 1} of {len(view.timeline.steps)}"
        )
        self.line("ask").say(asked(frame))
        self._draw_numbers(frame)
        status, text = status_line(view, frame.stop_pressed)
        self.line("status").say(text or (view.message or ""))
        mark(self.line("status"), status)
        self.draw_plan(frame)
        self.query_one(ProfilePicture).show(view.timeline, view.plan_time_s)
        self.line("reasons").say(reasons(frame))
        self.line("safety").say(safety_line(view, frame.simulated))

    def _draw_numbers(self, frame: Frame) -> None:
        """The speed to set beside the time that is left; on a track the time or the metres alone."""
        view = frame.view
        (first_label, first), (second_label, second) = numbers(view)
        self.line("measured-label").say(first_label)
        self.query_one("#measured", BigNumber).say(first)
        self.line("target-label").say(second_label)
        self.query_one("#target", BigNumber).say(second)
        self.line("aside").say(aside(view))
        self.draw_digits(frame, first_label, first, struck=False)

    def in_one_line(self, frame: Frame) -> str:
        """What to set, for a terminal that has room for nothing else."""
        return asked(frame).plain.replace("\n", " ").strip()

    def next_pressed(self) -> bool:
        """The remote says what the person would say here."""
        if self._frame is not None and self._frame.view.phase is Phase.WAITING_FOR_PERSON:
            self.action_on_belt()
        else:
            self.action_confirm()
        return True

    def action_confirm(self) -> None:
        """What was asked for has been set."""
        self.program.controls.confirm_set()

    def action_on_belt(self) -> None:
        """The person is on the belt, or sets off."""
        self.program.controls.person_on()

    def action_leave(self) -> None:
        """The session ends; a belt that moves is the person's to stop, and the page says so."""
        self.program.stop_now("key")


def asked(frame: Frame) -> Content:
    """What is to be done by hand, in one line, and whether somebody said that it is done."""
    view = frame.view
    parts = [(ask_text(view), "bold reverse")]
    if view.phase is Phase.WAITING_FOR_PERSON:
        left = clock_text(PERSON_ANSWERS_WITHIN_S - frame.stage_s)
        on = "o: I am on the belt" if view.control is Control.COACHED else "o: I set off"
        parts.append((f"   {on} ({left} left)", "bold"))
    else:
        parts.append((f"   {set_text(view)}", ""))
    return Content.assemble(*parts)


def numbers(view: RunView) -> tuple[tuple[str, str], tuple[str, str]]:
    """The two large numbers with what stands above them."""
    left = ("LEFT IN THE STEP", left_in_step_text(view))
    if view.control is Control.TRACK:
        return track_numbers(view), ("LEFT IN ALL", clock_text(view.timeline.total_s - view.plan_time_s))
    kph = target_kph(view)
    return (speeds.label(view, "SET", kph), f"{kph / speeds.unit(view).one_kph:.1f}"), left


def aside(view: RunView) -> Content:
    """Beside the large numbers: which way, and that nothing is measured."""
    where = "a track" if view.control is Control.TRACK else "set by hand"
    return Content.assemble((f"{where}\n", "bold"), f"{facing_text(view)}\n", ("nothing is measured here", "dim"))
