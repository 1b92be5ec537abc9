"""Whose a store is, by the pseudonym that is kept in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from ..sessions.clinic.entries import PSEUDONYM
from ..sessions.clinic.register import PARTICIPANTS
from .file import NAME, Damaged, NotAStore, opened
from .store import Store
from .tables import PERSON


def of_whom(store: Store) -> str | None:
    """The pseudonym of the one person of a store; None where it has none, several, or one that no program drew.

    Raises StoreError.
    """
    with store.transaction() as connection:
        found = connection.execute(select(PERSON.c.pseudonym).where(PERSON.c.here == 1)).scalars().all()
    return found[0] if len(found) == 1 and PSEUDONYM.fullmatch(found[0]) else None


def participant_of(folder: Path) -> str | None:
    """The participant whose folder it is; None for that of somebody at home."""
    return folder.name if folder.parent.name == PARTICIPANTS else None


def kept_here(folder: Path) -> str | None:
    """Whose the store of a data folder is; None where there is none, or none that can be read. Raises StoreError."""
    path = folder / NAME
    try:
        return of_whom(Store(opened(path), path)) if path.exists() else None
    except (Damaged, NotAStore):
        return None
