"""What each week came to, as a bar a week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...clock import wall_now
from ..trending import KEYS, Trending, bars_text, head_text, moved, other_measure, with_simulated
from ..widgets.line import Line
from .page import Page

if TYPE_CHECKING:
    from ...records.store import Listed


class TrendsPage(Page):
    """A quantity at a time as bars; the others stand beside it as numbers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "leave", "back"),
        Binding("m,M", "measure", "what the bars show"),
        Binding("s,S", "simulated", "with simulated ones"),
        Binding("up,k", "move(-1)", "earlier"),
        Binding("down,j", "move(1)", "later"),
        Binding("pageup", "turn(-1)", "a screen earlier"),
        Binding("pagedown", "turn(1)", "a screen later"),
    ]

    def __init__(self, sessions: tuple[Listed, ...]) -> None:
        super().__init__()
        self.trending = Trending(sessions, wall_now().astimezone().date())

    def body(self) -> Iterator[Widget]:
        yield Line("Trends   a week a line, Monday to Sunday", classes="title")
        yield Line(id="head")
        yield Line(id="weeks")
        yield Line(KEYS, id="setup-keys")

    def on_mount(self) -> None:
        self._show(self.trending)

    def action_measure(self) -> None:
        self._show(other_measure(self.trending))

    def action_simulated(self) -> None:
        self._show(with_simulated(self.trending))

    def action_move(self, weeks: int) -> None:
        self._show(moved(self.trending, weeks))

    def action_turn(self, screens: int) -> None:
        self._show(moved(self.trending, screens * self._rows))

    def action_leave(self) -> None:
        self.program.pop_screen()

    @property
    def _rows(self) -> int:
        return 28 if self.has_class("-large") else 17

    def _show(self, trending: Trending) -> None:
        self.trending = trending
        self.line("head").say(head_text(trending))
        self.line("weeks").say(bars_text(trending, self._rows, self.has_class("-large")))

    def laid_out(self) -> None:
        self._show(self.trending)
