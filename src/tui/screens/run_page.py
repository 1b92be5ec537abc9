"""What every screen of an open run has in common."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from ...safety.modes import IN_MOTION
from ...sessions.view import Control
from ...workouts.engine import ENDS
from ..care import asks, question_text
from ..door import Cells
from ..empty_belt import banner
from ..feeling import check_text, checks, may_feel, may_rate
from ..frame import Frame
from ..keys import said
from ..widgets.line import Line
from ..widgets.stop_bar import StopBar
from ..wording import Status, measured_text, status_line
from .feel import FeelDialog, RateDialog
from .page import Page


class RunPage(Page):
    """A screen of an open run: drawn from a frame, several times a second.

    "Are you all right?" stands on top of whatever page is on while it is asked, and so does the attention check; ``y``
    and the remote answer them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,Y", "all_right", "I am all right"),
        Binding("i,I", "feel", "I feel ..."),
        Binding("u,U", "rate", "pain and effort"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._ready = False

    def compose(self) -> ComposeResult:
        yield Line(id="empty-belt")
        yield Line(id="all-right")
        yield from super().compose()

    def on_mount(self) -> None:
        """From now on there is something to draw on."""
        self._ready = True
        self._draw_newest()

    def show(self, frame: Frame) -> None:
        """Take the newest frame."""
        self._frame = frame
        self._draw_newest()

    def _draw_newest(self) -> None:
        """Draw, unless there is nothing yet to draw on or no longer."""
        if self._ready and self._frame is not None and not self.program.leaving:
            self.draw(self._frame)
            self._draw_question(self._frame)
            self.line("empty-belt").display = self._frame.view.empty_belt
            self.line("empty-belt").say(banner(self._frame.view))
            self.line("small").say(self.small_text(*self.size))
            for bar in self.query(StopBar):
                ours = self._frame.view.control is Control.GUARDIAN
                bar.show(self._frame.stop_keys_live, ours, self.program.door.fine_key)

    def _draw_question(self, frame: Frame) -> None:
        """Loud, over the whole width, above everything else."""
        question = self.line("all-right")
        question.display = asks(frame.view) or checks(frame)
        self.set_class(asks(frame.view), "-asks")
        question.set_class(not asks(frame.view), "-check")
        question.say(self._question(frame))

    def _question(self, frame: Frame) -> str:
        keys = self.answer_keys(frame)
        return question_text(frame.view, keys) or check_text(frame, keys)

    def answer_keys(self, frame: Frame) -> str:
        """The keys that say "I am all right", as a person calls them; the remote's next key where it does not stop."""
        door = self.program.door
        next_key = None if frame.stop_keys_live else door.next_key
        keys = dict.fromkeys(key for key in (door.fine_key, next_key) if key is not None)
        return " or ".join(["Press y", *map(said, keys)])

    def action_all_right(self) -> None:
        """The person answers. While the belt moves every press is passed on: who holds the key down does not answer."""
        if not self.answered() and self._frame is not None and self._frame.mode in IN_MOTION:
            self.program.controls.all_right()

    def action_feel(self) -> None:
        """What the person feels, by one more key."""
        if self._frame is not None and may_feel(self._frame):
            self.program.push_screen(FeelDialog(self.program.controls))

    def action_rate(self) -> None:
        """How much it hurts and how hard it is, by two numbers."""
        if self._frame is not None and may_rate(self._frame):
            self.program.push_screen(RateDialog(self.program.controls, self._frame.view.phase in ENDS))

    def answered(self) -> bool:
        """Answer that the person is all right, if that is asked."""
        if self._frame is None or not asks(self._frame.view):
            return False
        self.program.controls.all_right()
        return True

    def draw(self, frame: Frame) -> None:
        """Bring every widget up to date."""
        raise NotImplementedError

    def small_text(self, columns: int, rows: int) -> str:
        """Also on a small terminal: what matters, and that the stop keys work."""
        text = super().small_text(columns, rows)
        if self._frame is None:
            return text
        view = self._frame.view
        stops = "All stop keys work." if view.control is Control.GUARDIAN else ""
        lines = (
            banner(view),
            self._question(self._frame),
            self.in_one_line(self._frame),
            stops,
            "",
            text,
        )
        return "\n".join(line for at, line in enumerate(lines) if line or at == len(lines) - 2)

    def in_one_line(self, frame: Frame) -> str:
        """The state of the run for a terminal that has room for nothing else."""
        return f"{measured_text(frame.view)}  {status_line(frame.view, frame.stop_pressed)[1]}".strip()

    def stop_cells(self) -> Cells | None:
        """Where the STOP bar is, if this page has one."""
        bars = self.query(StopBar)
        return bars.first().cells if bars else None

    def on_stop_bar_clicked(self) -> None:
        """Stop, from a terminal whose input thread did not see to it."""
        self.program.stop_now("mouse")


def mark(line: Line, status: Status) -> None:
    """Give the line the looks of this status and take those of the others away."""
    for kind in Status:
        line.set_class(kind is status, f"-{kind.value}")
