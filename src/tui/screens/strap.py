"""The heart-rate strap of a person: found, taken, and its ceiling typed. No belt is connected here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from ...sessions.view import Person
from ..choice import window
from ..strap_choice import HEARD_NONE, KEYS_TEXT, SEARCHING, StrapChoice, choice_for, heard, pressed, refusal
from ..widgets.line import Line
from .search_page import SearchPage

WHAT = (
    "A strap that is worn shows the heart rate in a run. With a ceiling nothing rises near it, above it the belt slows "
    "down, and when that does not help it stops. The ceiling is yours: ask whoever treats or trains you."
)
ROWS = 7
NAME_COLUMNS = 30


class StrapPage(SearchPage, inherit_bindings=False):
    """Gives the person with the strap to ``done``."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q", "leave", "leave", priority=True)]

    def __init__(self, person: Person, done: Callable[[Person], None]) -> None:
        super().__init__()
        self.strap_choice = choice_for(person.strap)
        self._person = person
        self._done = done

    def body(self) -> Iterator[Widget]:
        yield Line("The heart-rate strap", classes="title")
        yield Line(WHAT, id="why")
        yield Line(id="straps")
        yield Line(id="ceiling", classes="question")
        yield Line(id="hint")
        yield Line(KEYS_TEXT, id="setup-keys")

    def on_mount(self) -> None:
        self._show(self.strap_choice)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key == "escape":
            self.program.pop_screen()
        elif event.key == "n":
            self._take(replace(self._person, strap=None))
        elif event.key in ("enter", "pagedown"):
            self._enter()
        elif event.key == "f":
            self._find()
        else:
            self._show(pressed(self.strap_choice, event.key, event.character if event.is_printable else None))

    def _enter(self) -> None:
        strap = self.strap_choice.strap
        if strap is None:
            self._show(replace(self.strap_choice, note=refusal(self.strap_choice)))
        else:
            self._take(replace(self._person, strap=strap))

    def _take(self, person: Person) -> None:
        self.program.pop_screen()
        self._done(person)

    def action_leave(self) -> None:
        self.program.exit(0)

    # --- the search -------------------------------------------------------------------------------------------------

    def _find(self) -> None:
        if self.begin_search():
            self._show(replace(self.strap_choice, searching=True, note=""))

    def on_search_page_heard(self, news: SearchPage.Heard) -> None:
        self._show(heard(self.strap_choice, news.air))

    def on_search_page_ended(self, news: SearchPage.Ended) -> None:
        note = news.problem or ("The search is over." if self.strap_choice.straps else HEARD_NONE)
        self._show(replace(self.strap_choice, searching=False, note=note))

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _show(self, choice: StrapChoice) -> None:
        self.strap_choice = choice
        self.line("straps").say(straps_text(choice))
        self.line("ceiling").say(ceiling_text(choice))
        self.line("hint").say(SEARCHING if choice.searching else choice.note)


def straps_text(choice: StrapChoice) -> Content:
    """A row a strap, the marked one set apart."""
    if not choice.straps:
        return Content.styled("  none is known yet: f looks for them", "dim")
    rows = []
    for at in window(len(choice.straps), choice.at, ROWS):
        one, marked = choice.straps[at], at == choice.at
        text = f"{'>' if marked else ' '} {one.name[:NAME_COLUMNS] or 'no name':<{NAME_COLUMNS}}  {one.address[:40]}"
        rows.append(Content.styled(f"{text:<76}", "bold reverse" if marked else ""))
    return Content("\n").join(rows)


def ceiling_text(choice: StrapChoice) -> Content:
    """The ceiling as it is typed, and what a run without the strap does."""
    shown = f"{choice.digits}_ beats per minute" if choice.digits else "_ none: the rate is only shown"
    needed = choice.required and choice.ceiling_bpm is not None
    without = "no run without the strap" if needed else "a run goes on without it, at an easier speed"
    return Content.assemble(("Ceiling  ", "dim"), (shown, "bold"), f"\nLost     {without}")
