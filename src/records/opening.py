"""The store of a data folder, brought up to date: every run that is over is in it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from ..clock import wall_now
from ..sessions import diary
from ..sessions.added_only import AddedOnlyError
from ..sessions.ailing import ailments_in
from ..sessions.clinic.register import data_folder_of
from ..sessions.folder import FolderError, FolderLock
from ..sessions.journal import close_interrupted
from ..sessions.person import Health, Person
from ..sessions.prepare import HIGHEST, NOBODY_YET
from ..training.history import History, in_order, with_mornings
from ..training.standing import standing_after
from .file import NAME, Damaged, NoStore, opened, opened_to_read, set_aside
from .hearing import hear
from .of_whom import participant_of
from .store import PersonFacts, Store
from .taking import TakenOver, take_over_all

CHECKED = "records.checked"
"""Beside the store: the Monday of the week in which all of it was found whole."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A store, and a sentence for everything about it that somebody has to know. ``store`` is None before any run.

    ``ailing`` is what the diary tells of illness and injury, which it alone keeps.
    """

    store: Store | None
    problems: tuple[str, ...] = ()
    ailing: History = ()

    def history(self) -> History:
        """What the person has done and what befell them, for the ladder. Raises StoreError."""
        return () if self.store is None else in_order((*self.ailing, *self.store.history()))


def kept_in(folder: Path, person: Person | None) -> Kept:
    """What is kept in a data folder, for the person of the settings. Raises StoreError.

    Where nothing can be written, it is what was kept up to now.
    """
    path, runs = folder / NAME, folder / "runs"
    if not path.exists() and next(runs.glob("*.sqlite"), None) is None:
        return Kept(None)
    try:
        return _up_to_date(folder, person)
    except Damaged:
        return _made_anew(folder, person)
    except NoStore as error:
        if not path.exists():
            raise
        sentence = f"{error}; runs since the last time are missing here"
        return Kept(Store(opened_to_read(path), path), (sentence,), _ailing(folder))


def _up_to_date(folder: Path, person: Person | None) -> Kept:
    store = Store(opened(folder / NAME), folder / NAME)
    here = store.person_here(facts_of(person), participant_of(folder))
    taken, unheard = _taken(store, here, folder), _heard(store, here, folder)
    store.look_through()
    kept = Kept(store, (*taken.problems, *unheard, *_changed(store, folder)), _ailing(folder))
    if taken.new:
        store.earn(here, standing_after(with_mornings(kept.history())).earned.level.number)
    return kept


def _changed(store: Store, folder: Path) -> tuple[str, ...]:
    """A sentence for each session that is not as it was kept: of the newest, and once a week of all.

    While one is found the week is not noted, so that it is told at every look. Raises Damaged.
    """
    today, noted = wall_now().astimezone().date(), folder / CHECKED
    monday = (today - timedelta(days=today.weekday())).isoformat()
    with contextlib.suppress(OSError, ValueError):
        if noted.read_text(encoding="utf-8") == monday:
            return store.damage(newest=1)
    found = store.check()
    if not found:
        with contextlib.suppress(OSError):  # where it cannot be noted it is done again
            noted.write_text(monday, encoding="utf-8")
    return found


def _ailing(folder: Path) -> History:
    """Nothing where the diary cannot be read: ``hear`` has said so."""
    try:
        return ailments_in(diary.entries(folder))
    except AddedOnlyError:
        return ()


def _heard(store: Store, person: int, folder: Path) -> tuple[str, ...]:
    """What the diary tells is in the store, or a sentence why it is not."""
    try:
        hear(store, person, folder)
    except AddedOnlyError as error:
        return (str(error),)
    return ()


def _made_anew(folder: Path, person: Person | None) -> Kept:
    """A new store of the journals in the place of a damaged one, which stays beside it. Raises StoreError.

    Only by the one program that uses the folder: another one would go on writing to the file of the other name.
    """
    lock = _locked(folder)
    if lock is None:
        raise NoStore(f"{folder / NAME} is damaged, and another Retrotread is using it; end that one first")
    try:
        aside = set_aside(folder / NAME, wall_now())
        kept = _up_to_date(folder, person)
    finally:
        lock.release()
    sentence = (
        f"the store was damaged and is made anew from the journals; the damaged one is kept as {aside.name}. "
        "Limits that only it held are missing, and a new pseudonym stands for the person: set them again before "
        "anybody trains under them"
    )
    return replace(kept, problems=(sentence, *kept.problems))


def facts_of(person: Person | None) -> PersonFacts:
    """What the store keeps of somebody: no name. Nobody yet: a beginner."""
    known = person or NOBODY_YET
    best = known.backward_max_kph
    return PersonFacts(
        known.adult,
        HIGHEST[known.experience].key,
        backward_max_ckph=None if best is None else int(best * 100 + 1e-6),
        heart_ceiling_bpm=None if known.strap is None else known.strap.ceiling_bpm,
        experience=None if person is None else known.experience.name.lower(),
        health=None if person is None or known.health is Health.NOT_ASKED else known.health.value,
    )


def _taken(store: Store, person: int, folder: Path) -> TakenOver:
    """Every run that is over; one that is open and of nobody was interrupted."""
    taken = take_over_all(store, person, folder / "runs")
    if taken.still_open == 0:
        return taken
    lock = _locked(folder)
    if lock is None:  # the program that has it is in that run
        return taken
    try:
        close_interrupted(folder / "runs")
    finally:
        lock.release()
    return take_over_all(store, person, folder / "runs")


def _locked(folder: Path) -> FolderLock | None:
    """The lock of the program that uses the folder; None while another one has it."""
    try:
        return FolderLock(data_folder_of(folder))
    except FolderError:
        return None
