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

from ..widgets.line import Line

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
        self.laid_out()

    def laid_out(self) -> None:
        """The page knows from now on how large it is."""

    def small_text(self, columns: int, rows: int) -> str:
        """What to say on a terminal of this size that is too small."""
        return f"This terminal is {columns}x{rows}; Retrotread needs {COLUMNS}x{ROWS}. Please enlarge it."

    def line(self, name: str) -> Line:
        """The line of this name."""
        return self.query_one(f"#{name}", Line)

    def next_pressed(self) -> bool:
        """What the next key of the remote in the person's hand does here, while it does not stop; False: nothing."""
        return False

    def action_leave(self) -> None:
        """What Esc, q, Ctrl+C and Ctrl+Q do here while the belt is not ours."""
