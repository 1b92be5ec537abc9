"""What every screen of the program has in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget

from ..door import Cells
from ..frame import Frame
from ..widgets.line import Line
from ..widgets.stop_bar import StopBar
from ..wording import Status, speed_shown, status_line

if TYPE_CHECKING:
    from ..app import RetroApp

COLUMNS, ROWS = 80, 24
"""The smallest terminal that a page is laid out for; the size that terminals have had since the VT100."""

LARGE_COLUMNS, LARGE_ROWS = 110, 34
"""From here on there is room for digits of twice the size beside everything else."""


class Page(Screen[None], inherit_bindings=False):
    """A screen that says so when the terminal is too small for it. Nothing on it takes the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,Q,ctrl+c,ctrl+q", "leave", "leave"),
        Binding("question_mark", "app.help", "keys"),
    ]
    AUTO_FOCUS = ""

    @property
    def program(self) -> RetroApp:
        """The app, by its own type."""
        from ..app import RetroApp

        assert isinstance(self.app, RetroApp)
        return self.app

    def compose(self) -> ComposeResult:
        yield Line(id="small")
        with Vertical(id="page"):
            yield from self.body()

    def body(self) -> Iterator[Widget]:
        """The page itself, for a terminal that is large enough."""
        raise NotImplementedError

    def on_resize(self, event: events.Resize) -> None:
        """Show the page or the one sentence that takes its place."""
        columns, rows = event.size
        self.set_class(columns < COLUMNS or rows < ROWS, "-small")
        self.set_class(columns >= LARGE_COLUMNS and rows >= LARGE_ROWS, "-large")
        self.line("small").say(self.small_text(columns, rows))

    def small_text(self, columns: int, rows: int) -> str:
        """What to say on a terminal of this size that is too small."""
        return f"This terminal is {columns}x{rows}; Retrotread needs {COLUMNS}x{ROWS}. Please enlarge it."

    def line(self, name: str) -> Line:
        """The line of this name."""
        return self.query_one(f"#{name}", Line)

    def action_leave(self) -> None:
        """What Esc, q, Ctrl+C and Ctrl+Q do here while the belt is not ours."""


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
