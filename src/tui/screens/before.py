"""What is asked at a start before there is anything to choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import wrap
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ...sessions.owed import Answered, Owed
from ..before import KEYS, UNSAID, before, pressed
from ..widgets.line import Line
from .page import COLUMNS, Page


class BeforePage(Page, inherit_bindings=False):
    """Gives the answers to ``done`` once everything was asked. No belt exists here: letters are letters."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q", "leave", "leave", priority=True)]

    def __init__(self, owed: Owed, done: Callable[[Answered], None]) -> None:
        super().__init__()
        self.asked = before(owed)
        self._done = done

    def body(self) -> Iterator[Widget]:
        yield Line("Before there is anything to choose", classes="title")
        yield Line(UNSAID, id="why")
        yield Line(id="ask-before", classes="question")
        yield Line(id="hint")
        yield Line("Enter no answer   Ctrl+Q leave", id="setup-keys")

    def on_mount(self) -> None:
        self._show()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.asked = pressed(self.asked, event.key)
        if self.asked.question is None:
            self.program.pop_screen()
            self._done(self.asked.answered)
        else:
            self._show()

    def next_pressed(self) -> bool:
        """The remote gives no answer, which is one here."""
        return False

    def action_leave(self) -> None:
        self.program.exit(0)

    def _show(self) -> None:
        if self.asked.question is not None:
            rows = (row for line in self.asked.text.splitlines() for row in wrap(line, COLUMNS - 4))
            self.line("ask-before").say("\n".join(rows))
            self.line("hint").say(KEYS[self.asked.question])
