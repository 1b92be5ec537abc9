"""The history: every session in a row, and the ways to one of them, to the trends and to a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from .. import looking as look
from ..looking import Looking
from ..widgets.line import Line
from .page import Page

if TYPE_CHECKING:
    from ...records.opening import Kept
    from ...records.store import Listed

Read = Callable[[], "Kept"]


class HistoryPage(Page):
    """Reads what is kept once it is on the terminal; that may take a second, and the keys work meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "show", "show"),
        Binding("up,k", "move(-1)", "newer"),
        Binding("down,j", "move(1)", "older"),
        Binding("pageup", "turn(-1)", "a screen up"),
        Binding("pagedown", "turn(1)", "a screen down"),
        Binding("home", "move(-1000000)", "newest"),
        Binding("end", "move(1000000)", "oldest"),
        Binding("f,F", "filter", "filter"),
        Binding("v,V", "level", "level"),
        Binding("c,C", "compare", "compare"),
        Binding("t,T", "trends", "trends"),
    ]

    class Known(Message):
        """What is kept."""

        def __init__(self, kept: Kept, sessions: tuple[Listed, ...]) -> None:
            super().__init__()
            self.kept, self.sessions = kept, sessions

    class Failed(Message):
        """It cannot be read; ``reason`` is a sentence."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._read = read
        self._kept: Kept | None = None
        self.looking = Looking()

    def body(self) -> Iterator[Widget]:
        yield Line("History", classes="title")
        yield Line(id="head")
        yield Line(id="list")
        yield Line(id="card")
        yield Line(id="hint")
        yield Line(look.KEYS, id="setup-keys")

    def on_mount(self) -> None:
        self._show(self.looking)
        self.call_after_refresh(self._find)

    @work(thread=True)
    def _find(self) -> None:
        from ...records.file import StoreError

        try:
            kept = self._read()
            self.post_message(self.Known(kept, () if kept.store is None else kept.store.sessions()))
        except (StoreError, OSError) as error:
            self.post_message(self.Failed(str(error)))

    def on_history_page_known(self, known: Known) -> None:
        self._kept = known.kept
        self._show(look.with_sessions(self.looking, known.sessions, " ".join(known.kept.problems)))

    def on_history_page_failed(self, failed: Failed) -> None:
        self._show(look.with_sessions(self.looking, (), failed.reason))

    # --- keys -------------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        self._show(look.moved(self.looking, by))

    def action_turn(self, screens: int) -> None:
        self._show(look.moved(self.looking, screens * self._rows))

    def action_filter(self) -> None:
        self._show(look.other_filter(self.looking))

    def action_level(self) -> None:
        self._show(look.other_level(self.looking))

    def action_show(self) -> None:
        """The marked one, with its plot."""
        from .session import SessionPage

        if self._kept is not None and self._kept.store is not None and self.looking.marked is not None:
            self.program.push_screen(SessionPage(self._kept.store, self.looking.shown, self.looking.at))

    def action_compare(self) -> None:
        """The marked one is the first of two; with the second both are shown side by side."""
        from .comparison import ComparisonPage

        first, second = self.looking.first, self.looking.marked
        if first is None or second is None or first == second:
            self._show(look.compared_with(self.looking))
        else:
            self.program.push_screen(ComparisonPage(first, second))

    def action_trends(self) -> None:
        """What each week came to."""
        from .trends import TrendsPage

        if self.looking.every:
            self.program.push_screen(TrendsPage(self.looking.every))

    def action_leave(self) -> None:
        self.program.pop_screen()

    # --- what is shown ----------------------------------------------------------------------------------------------

    @property
    def _rows(self) -> int:
        return look.ROWS_LARGE if self.has_class("-large") else look.ROWS

    def _show(self, looking: Looking) -> None:
        self.looking = looking
        columns = look.WIDE if self.has_class("-large") else look.NARROW
        self.line("head").say(f"{look.head_text(looking)}     {look.signs_text(looking)}".rstrip())
        self.line("list").say(look.list_text(looking, self._rows, columns))
        self.line("card").say(look.card_text(looking, columns))
        self.line("hint").say(look.hint_text(looking))

    def on_screen_resume(self) -> None:
        self._show(self.looking)

    def laid_out(self) -> None:
        self._show(self.looking)
