"""What every screen of an open run has in common."""

from __future__ import annotations

from ..door import Cells
from ..frame import Frame
from ..widgets.line import Line
from ..widgets.stop_bar import StopBar
from ..wording import Status, speed_shown, status_line
from .page import Page


class RunPage(Page):
    """A screen of an open run: drawn from a frame, several times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._ready = False

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
            self.line("small").say(self.small_text(*self.size))
            for bar in self.query(StopBar):
                bar.show(self._frame.stop_keys_live)

    def draw(self, frame: Frame) -> None:
        """Bring every widget up to date."""
        raise NotImplementedError

    def small_text(self, columns: int, rows: int) -> str:
        """Also on a small terminal: what matters, and that the stop keys work."""
        text = super().small_text(columns, rows)
        if self._frame is None:
            return text
        return f"{self.in_one_line(self._frame)}\nAll stop keys work.\n\n{text}"

    def in_one_line(self, frame: Frame) -> str:
        """The state of the run for a terminal that has room for nothing else."""
        return f"{speed_shown(frame.view)} km/h  {status_line(frame.view, frame.stop_pressed)[1]}".strip()

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
