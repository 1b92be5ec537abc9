"""Which keys a hand-held remote sends, learnt by pressing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from ...sessions.person import Person
from ..keys import said
from ..remote_keys import Learning, pressed
from ..widgets.line import Line
from .page import Page

WHAT = (
    "A presenter remote is a keyboard with few keys. With one in the hand a person who faces the rear can start, "
    'confirm and stop. While the belt moves every key of it stops, except the one that you may name as "I\'m fine".'
)
FIRST = "Press the key of the remote that goes to the next picture."
SECOND = (
    'Press the key of the remote that shall mean "I\'m fine". It never stops: take one that no hand hits in a fright.\n'
    "Or press s to have none: then every key of the remote stops."
)
KEYS_TEXT = "Esc back, nothing changed    Backspace no remote at all"


class RemotePage(Page, inherit_bindings=False):
    """Gives the person with the remote to ``done``. No belt is connected here."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q", "leave", "leave", priority=True)]

    def __init__(self, person: Person, done: Callable[[Person], None]) -> None:
        super().__init__()
        self.learning = Learning()
        self._person = person
        self._done = done

    def body(self) -> Iterator[Widget]:
        yield Line("The remote in the hand", classes="title")
        yield Line(WHAT, id="why")
        yield Line(id="ask-next", classes="question")
        yield Line(id="ask-fine", classes="question")
        yield Line(id="hint")
        yield Line(KEYS_TEXT, id="setup-keys")

    def on_mount(self) -> None:
        self._show()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key == "escape":
            self.program.pop_screen()
            return
        self.learning = pressed(self.learning, event.key)
        if self.learning.done:
            self.program.pop_screen()
            self._done(replace(self._person, remote=self.learning.remote))
        else:
            self._show()

    def action_leave(self) -> None:
        self.program.exit(0)

    def _show(self) -> None:
        next_key = self.learning.next_key
        first = FIRST if next_key is None else f"Next: {said(next_key)}."
        self.line("ask-next").say(Content.styled(first, "bold" if next_key is None else ""))
        self.line("ask-fine").say(Content.styled("" if next_key is None else SECOND, "bold"))
        self.line("hint").say(self.learning.hint)
