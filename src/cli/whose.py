"""Whose history a command is about: that of the person at home, or of a participant of the clinic."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from . import NO_FOLDER
from .who import person_of_settings

if TYPE_CHECKING:
    from ..sessions.person import Person

_PARTICIPANT: ContextVar[str | None] = ContextVar("participant", default=None)
"""Of the command line that is carried out: the option stands before the command that it is about."""


@dataclass(frozen=True, slots=True)
class Whose:
    """``folder`` is where their runs, diary and store are; ``data`` that of the program, the same for who is at home.

    ``name`` is what an identified file says of them; a participant's own name is nowhere here.
    """

    data: Path
    folder: Path
    person: Person | None
    name: str | None

    @property
    def at_home(self) -> bool:
        return self.folder == self.data


def of_participant(pseudonym: str | None) -> None:
    """The command that is carried out is about this participant; None: about the person at home."""
    _PARTICIPANT.set(pseudonym)


def whose() -> Whose:
    """Whom the command is about. Raises NoClinic or NoParticipant; leaves with a sentence for a damaged register."""
    from ..sessions.folder import folder_path

    data, settings = folder_path(), person_of_settings()
    pseudonym = _PARTICIPANT.get()
    if pseudonym is None:
        return Whose(data, data, settings, None if settings is None else settings.name)
    from ..sessions.added_only import AddedOnlyError
    from ..sessions.clinic.visit import visit_of

    try:
        visit = visit_of(data, pseudonym)
    except AddedOnlyError as error:
        print(f"retrotread: {error}", file=sys.stderr)
        raise typer.Exit(NO_FOLDER) from None
    return Whose(data, visit.folder, visit.person(settings), pseudonym)
