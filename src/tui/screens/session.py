"""One session of the history: what was planned and what was measured, one above the other, and what was met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from ..session_text import KEYS, READING, Told, figures_text, plot_text, title_text, told_text
from ..widgets.line import Line
from .page import Page

if TYPE_CHECKING:
    from ...records.store import Listed, Store


class SessionPage(Page):
    """Left and right go to the newer and to the older one of the list that it came from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "leave", "back"),
        Binding("left,up,k", "other(-1)", "the newer one"),
        Binding("right,down,j", "other(1)", "the older one"),
    ]

    class Found(Message):
        """A session with all of it."""

        def __init__(self, told: Told) -> None:
            super().__init__()
            self.told = told

    class Failed(Message):
        """It cannot be read; ``reason`` is a sentence."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, store: Store, sessions: tuple[Listed, ...], at: int) -> None:
        super().__init__()
        self._store, self._sessions, self._at = store, sessions, at
        self._told: Told | None = None

    def body(self) -> Iterator[Widget]:
        yield Line(id="session-title", classes="title")
        yield Line(id="plot")
        yield Line(id="session-figures")
        yield Line(id="told")
        yield Line(KEYS, id="setup-keys")

    def on_mount(self) -> None:
        self._begin()

    def action_other(self, by: int) -> None:
        at = max(0, min(self._at + by, len(self._sessions) - 1))
        if at != self._at:
            self._at = at
            self._begin()

    def action_leave(self) -> None:
        self.program.pop_screen()

    def _begin(self) -> None:
        self.line("session-title").say(title_text(self._sessions[self._at]))
        self._read(self._sessions[self._at])

    @work(thread=True)
    def _read(self, one: Listed) -> None:
        from ...records.curve import curve_of
        from ...records.file import StoreError
        from ...records.intact import intact
        from ...records.naming import NoSuchSession, whole_of
        from ...records.planned import timeline_in

        try:
            whole = whole_of(self._store, one)
            timeline = timeline_in(whole)
            self.post_message(self.Found(Told(one, whole, timeline, curve_of(whole.samples, timeline), intact(whole))))
        except (NoSuchSession, StoreError) as error:
            self.post_message(self.Failed(str(error)))

    def on_session_page_found(self, found: Found) -> None:
        """News of a session that is no longer looked at is none."""
        if found.told.listed == self._sessions[self._at]:
            self._told = found.told
            self._show()

    def on_session_page_failed(self, failed: Failed) -> None:
        self.line("told").say(failed.reason)

    def laid_out(self) -> None:
        self._show()

    def _show(self) -> None:
        if self._told is None:
            self.line("plot").say(READING)
            return
        large = self.has_class("-large")
        self.line("plot").say(plot_text(self._told.curve, large))
        self.line("session-figures").say(figures_text(self._told))
        self.line("told").say(told_text(self._told, large))
