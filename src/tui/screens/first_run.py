"""Four questions before the first set-up on this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from ...sessions.person import Person
from ..introduction import OPTIONS, QUESTIONS, Introduction, Question, conditions_in, pressed
from ..widgets.line import Line
from .page import Page

KEYS_TEXT = "Enter or Page Down go on   Esc back   up/down choose   Ctrl+Q leave"
CONDITIONS_LINES = conditions_in(73)
"""As wide as the smallest terminal has room for behind the indent."""
WHY = "They decide which workouts are offered, and are kept on this computer only."


class FirstRunPage(Page, inherit_bindings=False):
    """Gives the person to ``done`` once the four are answered. No belt exists here: letters are letters."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q", "leave", "leave", priority=True)]

    def __init__(self, done: Callable[[Person], None]) -> None:
        super().__init__()
        self.intro = Introduction()
        self._done = done

    def body(self) -> Iterator[Widget]:
        yield Line("Welcome to Retrotread   four questions, asked once", classes="title")
        yield Line(WHY, id="why")
        for question in QUESTIONS:
            yield Line(id=f"ask-{question.name.lower()}", classes="question")
        yield Line(id="hint")
        yield Line(KEYS_TEXT, id="setup-keys")

    def on_mount(self) -> None:
        self._show()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.intro = pressed(self.intro, event.key, event.character if event.is_printable else None)
        person = self.intro.person
        if person is None:
            self._show()
        else:
            self.program.pop_screen()
            self._done(person)

    def action_leave(self) -> None:
        self.program.exit(0)

    def _show(self) -> None:
        for index, question in enumerate(QUESTIONS):
            self.line(f"ask-{question.name.lower()}").say(question_text(self.intro, index))
        self.line("hint").say(self.intro.hint)


def question_text(intro: Introduction, index: int) -> Content:
    """A question with its answer, or its options while it is asked; one that is still to come only by its words."""
    question, asked = QUESTIONS[index], intro.at == index
    head = Content.styled(f"{'>' if asked else ' '} {index + 1}  {question.value}", "bold" if asked else "dim")
    if question is Question.NAME:
        return head + Content(f"\n     {intro.name}_" if asked else f"  {intro.name}")
    options = OPTIONS[question]
    if not asked:
        return head + Content(f"  {options[intro.chosen[index]].text}" if intro.at > index else "")
    rows = [
        Content.styled(
            f"\n     {'>' if i == intro.chosen[index] else ' '} {option.key}  {option.text}",
            "bold reverse" if i == intro.chosen[index] else "",
        )
        for i, option in enumerate(options)
    ]
    which = "".join(f"\n     {line}" for line in CONDITIONS_LINES) if question is Question.HEALTH else ""
    return Content.assemble(head, which, *rows)
