"""``retrotread history export``: which runs, told how, into which files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..naming import NoSuchSession, named
from ..store import Listed, Store
from .files import Place, write_all
from .formats import Format, files_of
from .told import Privacy, Told, told


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which sessions: the one that ``words`` mean, or else those of the days from ``first`` to ``last``.

    None: without an end on that side; all three None: every session.
    """

    words: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An export: which sessions, in which format, told how. ``name``: of the person in the settings."""

    chosen: Chosen
    form: Format
    privacy: Privacy
    name: str | None = None


def exported(store: Store, wanted: Wanted, place: Place) -> tuple[Path, ...]:
    """Write the files, all or none; where they are.

    Raises NoSuchSession where nothing is chosen, NotWritten, StoreError.
    """
    return write_all(files_of(_told(store, chosen_of(store.sessions(), wanted.chosen), wanted), wanted.form), place)


def chosen_of(sessions: tuple[Listed, ...], chosen: Chosen) -> tuple[Listed, ...]:
    """The sessions that are chosen, oldest first. Raises NoSuchSession where there is none."""
    if chosen.words is not None:
        return (named(sessions, chosen.words),)
    first, last = chosen.first or date.min, chosen.last or date.max
    found = tuple(one for one in reversed(sessions) if first <= one.day <= last)
    if not found:
        raise NoSuchSession(f"there is no session {_days(chosen)}; see: retrotread history")
    return found


def _days(chosen: Chosen) -> str:
    ends = (("from", chosen.first), ("to", chosen.last))
    return " ".join(f"{word} {day.isoformat()}" for word, day in ends if day is not None) or "yet"


def _told(store: Store, sessions: tuple[Listed, ...], wanted: Wanted) -> Iterator[Told]:
    for one in sessions:
        whole = store.whole(one.run_id, one.began_utc)
        if whole is not None:  # erased in the meantime
            yield told(whole, wanted.name, wanted.privacy)


def place_of(out: Path, wanted: Wanted, force: bool, kept: Path) -> Place:
    """One file is called as ``out`` says, unless that is a folder; several go into the folder of that name."""
    one = wanted.form.one_file or wanted.chosen.words is not None
    if one and not out.is_dir():
        return Place(out.parent, out.name, force, kept)
    return Place(out, None, force, kept)
