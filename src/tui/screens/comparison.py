"""Two sessions side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...records.history_lines import comparison_lines
from ..looking import NARROW, lines_of
from ..widgets.line import Line
from .page import ROWS, Page

if TYPE_CHECKING:
    from ...records.store import Listed


class ComparisonPage(Page):
    """Each quantity of both, and what the second has more."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "leave", "back")]

    def __init__(self, first: Listed, second: Listed) -> None:
        super().__init__()
        self._both = first, second

    def body(self) -> Iterator[Widget]:
        yield Line("Two sessions side by side", classes="title")
        yield Line(lines_of(comparison_lines(*self._both), NARROW, ROWS - 3), id="figures")
        yield Line("Esc back", id="setup-keys")

    def action_leave(self) -> None:
        self.program.pop_screen()
