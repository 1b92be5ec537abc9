"""A machine that is only watched: what it reports, and no key that asks for anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...sessions.view import TreadmillChoice, Watching, WatchView
from ..watched import READ_ONLY, fresh, numbers_text, speed_text, state_text
from ..widgets.big_number import BigNumber
from ..widgets.line import Line
from ..wording import words_of
from .page import Page

LOOK_S = 0.2
"""As often as the guardian tells."""


class WatchPage(Page):
    """Closes what it watches when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "leave", "back")]

    def __init__(self, treadmill: TreadmillChoice, watching: Watching) -> None:
        super().__init__()
        self._treadmill, self._watching = treadmill, watching

    def body(self) -> Iterator[Widget]:
        yield Line(f"Watching   {self._treadmill.title}", classes="title")
        yield Line(READ_ONLY, id="promise-watch")
        yield Line("REPORTED km/h", classes="label")
        yield BigNumber(id="measured")
        yield Line(id="status")
        yield Line(id="identity")
        yield Line(id="numbers-watch")
        yield Line(id="hint")
        yield Line(self._treadmill.held_back or "", id="needs")
        yield Line("Esc back", id="setup-keys")

    def on_mount(self) -> None:
        self.set_interval(LOOK_S, self.look)
        self.look()

    def look(self) -> None:
        """Show the newest word of the machine."""
        self._show(self._watching.view())

    def _show(self, view: WatchView) -> None:
        self.query_one("#measured", BigNumber).say(speed_text(view), struck=not fresh(view))
        self.line("status").say(state_text(view))
        self.line("identity").say("" if view.identity is None else words_of(view.identity))
        self.line("numbers-watch").say(numbers_text(view))
        self.line("hint").say(view.message or "")

    def action_leave(self) -> None:
        """Back to the list; the end of this page lets go of what is watched."""
        self.program.pop_screen()

    def on_unmount(self) -> None:
        """Let go of it on a thread: it may take a second. The end of the program lets go of it in any case."""
        threading.Thread(target=self._watching.close, name="watch-ends", daemon=True).start()
