"""Whom the clinic receives, asked before anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from ...sessions.view import Participant
from ..receiving import Receiving, card, head, pressed, rows
from ..widgets.line import Line
from .page import COLUMNS, LARGE_COLUMNS, Page

ROWS_SHOWN, ROWS_LARGE = 12, 25
CARD_ROWS, CARD_LARGE = 4, 5
"""What the smallest terminal and a large one have room for beside everything else, a long note among it."""


class ReceivingPage(Page, inherit_bindings=False):
    """Gives whoever was chosen to ``done``, None for nobody. No belt exists here: letters are letters."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q", "leave", "leave", priority=True)]

    def __init__(
        self, participants: tuple[Participant, ...], done: Callable[[Participant | None], None], note: str = ""
    ) -> None:
        super().__init__()
        self.asked, self._note = Receiving(participants), note
        self._done = done

    def body(self) -> Iterator[Widget]:
        yield Line("Who is on the treadmill next?", classes="title")
        yield Line(id="typed", classes="question")
        yield Line(id="participants")
        yield Line(id="card")
        yield Line(self._note, id="hint")
        yield Line("arrows choose   Enter receive   letters narrow   Esc nobody   Ctrl+Q leave", id="setup-keys")

    def on_mount(self) -> None:
        self._show()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.asked = pressed(self.asked, event.key, event.character)
        if self.asked.chosen is not None or self.asked.left:
            self.program.pop_screen()
            self._done(self.asked.chosen)
        else:
            self._show()

    def next_pressed(self) -> bool:
        """The next key of a remote chooses nobody: who comes in has the keyboard before them."""
        return False

    def action_leave(self) -> None:
        self.program.exit(0)

    def laid_out(self) -> None:
        self._show()

    def _show(self) -> None:
        large = self.has_class("-large")
        columns = (LARGE_COLUMNS if large else COLUMNS) - 2
        self.line("typed").say(head(self.asked))
        shown = rows(self.asked, ROWS_LARGE if large else ROWS_SHOWN, columns)
        lines = [(row, "bold" if here else "") for row, here in shown]
        nobody = [("Nobody takes part yet: retrotread clinic add", "")]
        self.line("participants").say(Content("\n").join(Content.styled(*one) for one in lines or nobody))
        self.line("card").say(card(self.asked, columns, CARD_LARGE if large else CARD_ROWS))
