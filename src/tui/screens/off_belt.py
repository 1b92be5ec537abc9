"""A time beside the belt, which stands: what to do there, how long, and the start of what follows."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from ...safety.modes import IN_MOTION
from ...sessions.view import Control, RunView
from ..between import UNDER_WAY, may_start, off_belt_left_s
from ..frame import Frame
from ..freshness import rest_known
from ..wording import clock_text, next_text, speed_shown, status_line
from .start import StartPage, count_text


class OffBeltPage(StartPage):
    """The start page with the time that is left in place of a countdown; ``s`` only where the belt comes next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,N", "next", "go on"),
        Binding("e,E", "extend", "one minute more"),
        Binding("comma", "previous", "once more"),
    ]

    def title_text(self, frame: Frame) -> str:
        return f"Off the belt   {frame.view.timeline.name}"

    def number_text(self, frame: Frame) -> str:
        """The speed of a belt that still moves, a countdown, else the time that is left."""
        if frame.mode in IN_MOTION:
            return speed_shown(frame.view)
        return count_text(frame) or clock_text(off_belt_left_s(frame.view))

    def headline_text(self, frame: Frame) -> Content:
        return super().headline_text(frame) if frame.mode in UNDER_WAY else what_to_do(frame)

    def on_key(self, event: events.Key) -> None:
        """A start that the checklist is missing for leads to the checklist."""
        if event.key in ("s", "S") and not self._checked():
            event.stop()
            event.prevent_default()
            self._to_the_checklist()

    def _checked(self) -> bool:
        return self.program.began or self.program.readiness.ready(self.program.clock.now_s())

    def _to_the_checklist(self) -> None:
        self.program.readiness.wanted = True
        self.program.turn()

    def action_next(self) -> None:
        """What follows, without waiting for the end of this."""
        self.program.controls.next_step()

    def next_pressed(self) -> bool:
        """The remote starts where the belt comes next, and else goes on."""
        if self._frame is None:
            return True
        if not may_start(self._frame.view):
            self.action_next()
        elif not self._checked():
            self._to_the_checklist()
        else:
            super().next_pressed()
        return True

    def action_extend(self) -> None:
        """A minute more of this."""
        self.program.controls.extend()

    def action_previous(self) -> None:
        """This from its beginning, or what came before it."""
        self.program.controls.previous_step()

    def action_leave(self) -> None:
        """The run has begun: to leave it is to stop it."""
        self.program.stop_now("key")


def what_to_do(frame: Frame) -> Content:
    """The step and its author's words, whether the belt stands, and what comes then."""
    view = frame.view
    step = view.timeline.steps[view.step_index]
    return Content.assemble(
        (f"{step.label}\n", "bold reverse"),
        (f"{step.say}\n" if step.say else "", "bold"),
        f"{belt_text(frame)}\n",
        f"{_how_text(view)}\n",
        (f"next: {next_text(view)}", "dim"),
    )


def belt_text(frame: Frame) -> str:
    """Whether the belt stands, as far as it is known."""
    if frame.mode in IN_MOTION:
        return status_line(frame.view, frame.stop_pressed)[1] or "The belt slows down: stay on it until it stands."
    if frame.view.control is Control.TRACK:
        return ""
    return "The belt stays still." if rest_known(frame.view) else "It is not confirmed that the belt stands: look."


def _how_text(view: RunView) -> str:
    over = "The time is over. " if off_belt_left_s(view) <= 0 else ""
    on = "s: start   n: done" if may_start(view) else "n: done, go on"
    return f"{over}{on}   e: +1 min"
