"""The treadmills: real, simulated and set by hand; a search for more, and the card of the one that is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...sessions.view import Group, TreadmillChoice
from ..picker import (
    FOUND_NONE,
    ROWS,
    Picker,
    card_rows,
    card_text,
    heard,
    keys_text,
    list_text,
    moved,
    note_text,
    picker_for,
    renewed,
)
from ..widgets.line import Line
from .page import Page
from .search_page import SearchPage

ROWS_LARGE = 16
"""Rows of the list and of the card on a large terminal."""


class TreadmillsPage(SearchPage, inherit_bindings=False):
    """Gives the chosen treadmill and all that are known by now to ``done``. No belt is connected here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *Page.BINDINGS,
        Binding("enter,pagedown", "choose", "choose"),
        Binding("up,k", "move(-1)", "up"),
        Binding("down,j", "move(1)", "down"),
        Binding("f,F", "find", "find"),
        Binding("w,W", "watch", "watch"),
        Binding("m,M", "remember", "remember"),
        Binding("c,C", "coach", "coach"),
    ]

    def __init__(
        self,
        choices: tuple[TreadmillChoice, ...],
        chosen: TreadmillChoice | None,
        done: Callable[[tuple[TreadmillChoice, ...], TreadmillChoice | None], None],
    ) -> None:
        super().__init__()
        self.picker = picker_for(choices, chosen)
        self._before = chosen
        self._done = done

    def body(self) -> Iterator[Widget]:
        yield Line("Treadmills", classes="title")
        yield Line(id="list")
        yield Line(id="card")
        yield Line(id="hint")
        yield Line(id="setup-keys")

    def on_mount(self) -> None:
        self._show(self.picker)

    # --- keys -------------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        self._show(moved(self.picker, by))

    def action_choose(self) -> None:
        self._leave_with(self.picker.chosen)

    def action_coach(self) -> None:
        """Coach mode needs nothing of the machine: it is offered beside every one that is only read."""
        self._leave_with(next((one for one in self.picker.choices if one.group is Group.BY_HAND), self.picker.chosen))

    def action_leave(self) -> None:
        self._leave_with(self._before)

    def action_find(self) -> None:
        """Begin a search, if none is on; the list grows while it goes on."""
        if self.begin_search():
            self._show(replace(self.picker, searching=True, note=""))

    def action_remember(self) -> None:
        """Keep the marked one on this computer's list."""
        one = self.picker.chosen
        if one is None or one.group is not Group.REAL or one.remembered:
            return
        try:
            self.program.launcher.remember(one)
        except OSError as error:
            self._show(replace(self.picker, note=str(error)))
        else:
            kept = renewed(self.picker, replace(one, remembered=True))
            self._show(replace(kept, note=f"{one.title} is remembered."))

    def action_watch(self) -> None:
        """Show what the marked one reports; not while a search has the radio."""
        from .watch import WatchPage

        one = self.picker.chosen
        if one is None or one.group is not Group.REAL:
            return
        if self.program.searching:
            self._show(replace(self.picker, note="one moment: the search has the radio"))
            return
        try:
            watching = self.program.launcher.watch(one.address)
        except OSError as error:
            self._show(replace(self.picker, note=f"it cannot be watched: {error}"))
        else:
            self.program.push_screen(WatchPage(one, watching))

    # --- the search -------------------------------------------------------------------------------------------------

    def on_search_page_heard(self, news: SearchPage.Heard) -> None:
        self._show(heard(self.picker, news.air))

    def on_search_page_ended(self, news: SearchPage.Ended) -> None:
        real = any(one.group is Group.REAL for one in self.picker.choices)
        note = news.problem or ("The search is over." if real else FOUND_NONE)
        self._show(replace(self.picker, searching=False, note=note))

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _show(self, picker: Picker) -> None:
        self.picker = picker
        rows = ROWS_LARGE if self.has_class("-large") else ROWS
        self.line("list").say(list_text(picker, rows))
        self.line("card").say(card_text(picker, card_rows(picker, rows)))
        self.line("hint").say(note_text(picker))
        self.line("setup-keys").say(keys_text(picker))

    def on_screen_resume(self) -> None:
        self._show(self.picker)

    def _leave_with(self, chosen: TreadmillChoice | None) -> None:
        self.program.pop_screen()
        self._done(self.picker.choices, chosen)
