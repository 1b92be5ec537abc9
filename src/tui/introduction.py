"""The four questions that somebody is asked once: name, 18 or over, backward experience, health. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ..sessions.person import BackwardExperience, Health, Person
from ..training.screening import SCREEN

NAME_MAX = 40
"""Letters of a name: as many as one line of the set-up has room for."""

GO_ON = frozenset({"enter", "pagedown"})
GO_BACK = frozenset({"escape", "pageup"})


class Question(Enum):
    """In the order in which they are asked."""

    NAME = "What shall Retrotread call you?"
    ADULT = "Are you 18 or over?"
    EXPERIENCE = "How much have you moved backward on a treadmill?"
    HEALTH = "Does one of these hold for you?"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: the key that gives it at once, and what it says."""

    key: str
    text: str


OPTIONS: dict[Question, tuple[Option, ...]] = {
    Question.NAME: (),
    Question.ADULT: (Option("n", "no"), Option("y", "yes")),
    Question.EXPERIENCE: (
        Option("1", "not yet, or a few times"),
        Option("2", "I walk backward"),
        Option("3", "I run backward"),
    ),
    Question.HEALTH: (Option("y", "one or more of them"), Option("n", "none of them")),
}
"""Whoever only presses Enter has the careful answer."""
CONDITIONS = tuple(f"- {one.short}" for one in SCREEN)
"""What the question about health asks for, a line each."""

SECOND_COLUMN = 38
"""Where the second condition of a line begins; what is longer than that has a line of its own."""


def conditions_in(columns: int) -> list[str]:
    """The conditions for a page of so many columns: two in a line where both fit, and none broken."""
    lines: list[str] = []
    for one in CONDITIONS:
        free = bool(lines) and len(lines[-1]) < SECOND_COLUMN
        if free and SECOND_COLUMN + len(one) <= columns:
            lines[-1] = f"{lines[-1]:<{SECOND_COLUMN}}{one}"
        else:
            lines.append(one)
    return lines


EXPERIENCES = (BackwardExperience.NONE, BackwardExperience.WALKS, BackwardExperience.RUNS)
QUESTIONS = tuple(Question)


@dataclass(frozen=True, slots=True)
class Introduction:
    """The answers so far. ``chosen`` is the marked option of each question that has options."""

    name: str = ""
    chosen: tuple[int, ...] = (0,) * len(QUESTIONS)
    at: int = 0
    hint: str = ""

    @property
    def question(self) -> Question | None:
        """The one that is asked now; None when all have been answered."""
        return QUESTIONS[self.at] if self.at < len(QUESTIONS) else None

    @property
    def person(self) -> Person | None:
        """Who it is, once all have been answered."""
        if self.question is not None:
            return None
        health = Health.ASK_FIRST if self.chosen[3] == 0 else Health.NOTHING
        return Person(self.name.strip(), self.chosen[1] == 1, EXPERIENCES[self.chosen[2]], health=health)


def pressed(intro: Introduction, key: str, character: str | None) -> Introduction:
    """The answers after this key: a letter of the name, an answer by its key, or the mark moved and taken."""
    question = intro.question
    if question is None:
        return intro
    intro = replace(intro, hint="")
    if key in GO_ON:
        return _next(intro)
    if key in GO_BACK:
        return replace(intro, at=max(0, intro.at - 1))
    if question is Question.NAME:
        return _typed(intro, key, character)
    keys = [option.key for option in OPTIONS[question]]
    if character is not None and character.lower() in keys:
        return _next(_marked(intro, keys.index(character.lower())))
    step = {"up": -1, "down": 1}.get(key, 0)
    return _marked(intro, max(0, min(intro.chosen[intro.at] + step, len(keys) - 1)))


def _next(intro: Introduction) -> Introduction:
    if intro.question is Question.NAME and not intro.name.strip():
        return replace(intro, hint="Type a name first; any will do, it stays on this computer.")
    return replace(intro, at=intro.at + 1)


def _typed(intro: Introduction, key: str, character: str | None) -> Introduction:
    if key in ("backspace", "ctrl+h"):
        return replace(intro, name=intro.name[:-1])
    if character is None or not character.isprintable() or len(intro.name) >= NAME_MAX:
        return intro
    return replace(intro, name=intro.name + character)


def _marked(intro: Introduction, index: int) -> Introduction:
    return replace(intro, chosen=(*intro.chosen[: intro.at], index, *intro.chosen[intro.at + 1 :]))
