"""After a stop that was not the plan's own: what caused it, whether the belt stands, and the way on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from ...safety.modes import Mode
from ...sessions.view import Control
from .. import speeds
from ..care import DELIBERATE_S, continue_text, offers_to_continue
from ..feeling import referral_text
from ..frame import Frame
from ..freshness import Freshness, freshness
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..wording import (
    Remedy,
    cause_lines,
    measured_kph,
    remedy,
    remedy_text,
    safety_line,
    speed_shown,
    status_line,
)
from .run_page import RunPage, mark

CAUSES_SHOWN = 8


class StoppedPage(RunPage):
    """Left by a deliberate key, not by one that a hand may still be pressing to stop."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,A", "acknowledge", "I have read it"),
        Binding("k,K", "key_tested", "I have tested the key"),
        Binding("c,C", "continue", "continue from this step"),
        Binding("x,X", "end", "end the program"),
    ]

    def body(self) -> Iterator[Widget]:
        yield Line(id="title", classes="title")
        yield Line(id="measured-label", classes="label stopped-label")
        yield BigNumber(id="measured")
        yield Line(id="status")
        yield Line(id="causes-label", classes="label")
        yield Line(id="causes")
        yield Line(id="remedy")
        yield Line(id="continue")
        yield Line(id="safety")

    def draw(self, frame: Frame) -> None:
        view = frame.view
        self.line("title").say(
            f"The run {'is interrupted' if offers_to_continue(frame.view) else 'has ended'}   {view.timeline.name}"
        )
        status, text = status_line(view, frame.stop_pressed)
        self.line("status").say(text or unseen_text(frame))
        mark(self.line("status"), status)
        self._draw_measured(frame)
        causes = cause_lines(view) or [view.message or "a stop was asked for"]
        self.line("causes").say("\n".join(f"{at}  {cause}" for at, cause in enumerate(causes[:CAUSES_SHOWN], 1)))
        self.line("remedy").say(Content.styled(way_on_text(frame), "bold"))
        way_back = continue_text(view, self.program.door.next_key) or referral_text(view)
        self.line("continue").say(way_back)
        self.line("continue").set_class(not way_back, "-empty")
        self.line("safety").say(safety_line(view, frame.simulated))

    def _draw_measured(self, frame: Frame) -> None:
        """The speed of a belt that is ours; of another one nothing is measured."""
        view, ours = frame.view, frame.view.control is Control.GUARDIAN
        label = speeds.label(view, "MEASURED", measured_kph(view)) if ours else "nothing is measured in this run"
        self.line("measured-label").say(label)
        number = self.query_one("#measured", BigNumber)
        number.say(speed_shown(view) if ours else "", freshness(view) is Freshness.STRUCK)
        what = "stopped the belt" if ours else "ended the session"
        self.line("causes-label").say(f"What {what}, the first cause on top:")

    def next_pressed(self) -> bool:
        """The remote answers, else goes on from the step, else acknowledges; not before the hand has let go."""
        frame = self._frame
        if frame is None or self.answered() or frame.mode_s < DELIBERATE_S:
            return True
        if offers_to_continue(frame.view):
            self.action_continue()
        else:
            self.action_acknowledge()
        return True

    def action_continue(self) -> None:
        """Back to this step, by a whole new start; only while it is offered."""
        if self._frame is not None and offers_to_continue(self._frame.view):
            self.program.controls.continue_run()

    def action_acknowledge(self) -> None:
        if self._remedy() is Remedy.ACKNOWLEDGE:
            self.program.controls.acknowledge()

    def action_key_tested(self) -> None:
        if self._remedy() is Remedy.TEST_KEY:
            self.program.controls.acknowledge(key_tested=True)

    def action_end(self) -> None:
        """Where only a new start of the program helps."""
        if self._remedy() is Remedy.RESTART:
            self.program.exit(1)

    def action_leave(self) -> None:
        """Back to the set-up once everything has been acknowledged."""
        if self._frame is not None and nothing_left(self._frame):
            self.program.leave_run()

    def _remedy(self) -> Remedy | None:
        snapshot = None if self._frame is None else self._frame.view.snapshot
        if snapshot is None or snapshot.mode not in (Mode.LATCHED, Mode.FAULT):
            return None
        return remedy(snapshot.causes, snapshot.mode)


def nothing_left(frame: Frame) -> bool:
    """Whether the guardian has let go of the stop."""
    return frame.mode in (Mode.IDLE, Mode.DISCONNECTED)


def way_on_text(frame: Frame) -> str:
    """The key to press."""
    return "Press q to go back to the set-up." if nothing_left(frame) else remedy_text(frame.view)


def unseen_text(frame: Frame) -> str:
    """What is said of a belt whose standstill nobody has seen."""
    if frame.view.control is Control.GUARDIAN:
        return "the belt's standstill is not confirmed"
    return ""
