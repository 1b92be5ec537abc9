"""The store of a data folder, brought up to date: every run that is over is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..sessions.folder import FolderError, FolderLock
from ..sessions.journal import close_interrupted
from ..sessions.person import Person
from ..sessions.prepare import HIGHEST, NOBODY_YET
from .file import NAME, NoStore, opened, opened_to_read
from .store import PersonFacts, Store
from .taking import TakenOver, take_over_all


@dataclass(frozen=True, slots=True)
class Kept:
    """A store, and a sentence for everything about it that somebody has to know. ``store`` is None before any run."""

    store: Store | None
    problems: tuple[str, ...] = ()


def kept_in(folder: Path, person: Person | None) -> Kept:
    """What is kept in a data folder, for the person of the settings. Raises StoreError.

    Where nothing can be written, it is what was kept up to now.
    """
    path, runs = folder / NAME, folder / "runs"
    if not path.exists() and next(runs.glob("*.sqlite"), None) is None:
        return Kept(None)
    try:
        store = Store(opened(path), path)
        taken = _taken(store, store.person_here(facts_of(person)), folder)
    except NoStore as error:
        if not path.exists():
            raise
        return Kept(Store(opened_to_read(path), path), (f"{error}; runs since the last time are missing here",))
    return Kept(store, (*taken.problems, *store.damage(newest=1)))


def facts_of(person: Person | None) -> PersonFacts:
    """What the store keeps of somebody: no name. Nobody yet: a beginner."""
    known = person or NOBODY_YET
    best = known.backward_max_kph
    return PersonFacts(
        known.adult,
        HIGHEST[known.experience].key,
        backward_max_ckph=None if best is None else int(best * 100 + 1e-6),
        heart_ceiling_bpm=None if known.strap is None else known.strap.ceiling_bpm,
    )


def _taken(store: Store, person: int, folder: Path) -> TakenOver:
    """Every run that is over; one that is open and of nobody was interrupted."""
    taken = take_over_all(store, person, folder / "runs")
    if taken.still_open == 0:
        return taken
    try:
        lock = FolderLock(folder)
    except FolderError:  # the program that has it is in that run
        return taken
    try:
        close_interrupted(folder / "runs")
    finally:
        lock.release()
    return take_over_all(store, person, folder / "runs")
