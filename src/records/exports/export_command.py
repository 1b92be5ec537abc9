"""``retrotread history export``: which runs, told how, into which files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ...sessions.machines.wording import shown
from ..naming import NoSuchSession, named
from ..store import Listed, Store
from .files import Place, write_all
from .formats import Format, files_of
from .told import Told, Who, told


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
    """An export: which sessions, in which format, told how."""

    chosen: Chosen
    form: Format
    who: Who


@dataclass(frozen=True, slots=True)
class Written:
    """The files of an export, and a sentence for each session in it that is not as it was kept."""

    files: tuple[Path, ...]
    changed: tuple[str, ...]


def exported(store: Store, wanted: Wanted, place: Place) -> Written:
    """Write the files, all or none. Raises NoSuchSession where nothing is chosen, NotWritten, StoreError."""
    changed = list[str]()
    runs = _told(store, chosen_of(store.sessions(), wanted.chosen), wanted, changed)
    files = write_all(files_of(runs, wanted.form), place)
    return Written(files, tuple(changed))


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


def _told(store: Store, sessions: tuple[Listed, ...], wanted: Wanted, changed: list[str]) -> Iterator[Told]:
    """One after the other: a thousand are more than belongs into the memory at once."""
    for one in sessions:
        whole = store.whole(one.run_id, one.began_utc)
        if whole is None:  # erased in the meantime
            continue
        found = told(whole, wanted.who)
        if not found.unchanged:
            changed.append(_not_as_kept(found))
        yield found


def _not_as_kept(run: Told) -> str:
    began = run.session["began_utc"][:16].replace("T", " ")
    return (
        f"the session {shown(run.session['workout'])!r} of {began} UTC is exported as it is, which is not as it was "
        "kept: hold it against its journal"
    )


def place_of(out: Path, wanted: Wanted, force: bool, kept: Path) -> Place:
    """One file is called as ``out`` says, unless that is a folder; several go into the folder of that name."""
    one = wanted.form.one_file or wanted.chosen.words is not None
    if one and not out.is_dir():
        return Place(out.parent, out.name, force, kept)
    return Place(out, None, force, kept)
