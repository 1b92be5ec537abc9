"""Erasing a person: every file of theirs in a data folder, and what that does not reach."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from ..config import Settings, read_settings, sync_folder, write_settings
from ..sessions.clinic.register import data_folder_of
from ..sessions.folder import FolderError, FolderLock
from .file import NAME, StoreError, opened_to_read
from .store import Store
from .tables import PERSON

EVERYTHING = "everything"
"""Stands for the pseudonym where no store can tell one."""

PATTERNS = (
    "runs/*",
    "diary*.sqlite*",
    f"{NAME.removesuffix('.sqlite')}*.sqlite*",
    ".restoring.sqlite*",
    "records.checked",
    "history.json",
    "guardian.ring*",
    "guardian.log*",
)
"""In the order in which they go: the journals first, so that a store that is left for a moment is not made anew of
them. Files that were set aside or restored over begin with the same names."""

REMAINS = (
    "what lies elsewhere: exports, reports, backups, copies that your system or a disk makes by itself",
    "on a printed or exported page the head of a chain: a hash, which tells nothing by itself",
    "in a clinic's register the entries of a pseudonym: that file is only added to",
    "traces on the disk: what was there is overwritten once, and many disks keep old blocks for a while",
)
"""What erasing does not reach."""


class NotErased(Exception):
    """Nothing was erased, or not all; the message says why."""


@dataclass(frozen=True, slots=True)
class Them:
    """Whose files are in that folder. ``in_settings``: they are also who trains here by the settings."""

    folder: Path
    in_settings: bool = True


@dataclass(frozen=True, slots=True)
class Erasable:
    """What would go. ``word`` is what has to be said for it; ``settings``: who trains here, and their strap."""

    word: str
    files: tuple[Path, ...]
    settings: bool


def erasable(them: Them) -> Erasable:
    """What is kept of somebody. Raises NotErased where the settings that may name them cannot be read."""
    files = tuple(_files(them.folder))
    if not them.in_settings:
        return Erasable(_word(them.folder), files, settings=False)
    found = read_settings()
    if found.problem is not None:
        raise NotErased(
            f"{found.problem}; they may name somebody, so nothing was erased: mend them, or remove the file"
        )
    return Erasable(_word(them.folder), files, found.person is not None or found.heart is not None)


def erase(them: Them, word: str) -> Erasable:
    """Erase somebody; what was erased. Raises NotErased.

    A program that is killed in it has erased some files, and can go on: none of the rest is made anew.
    """
    try:
        lock = FolderLock(data_folder_of(them.folder))
    except FolderError as error:
        raise NotErased(f"{error}; nothing was erased") from None
    try:
        found = erasable(them)
        if word.strip().casefold() != found.word.casefold():
            raise NotErased(f"{word!r} is not who is kept here; nothing was erased: see retrotread history erase")
        for path in found.files:
            _overwritten(path)
            path.unlink(missing_ok=True)
        sync_folder(them.folder)
        if found.settings:
            write_settings(_nobody(read_settings()))
        return found
    except OSError as error:
        raise NotErased(f"not everything could be erased ({error}); mend that, and say it again") from error
    finally:
        lock.release()


def _nobody(settings: Settings) -> Settings:
    return replace(settings, person=None, heart=None)


def _word(folder: Path) -> str:
    """The pseudonym of who is kept here."""
    path = folder / NAME
    try:
        with Store(opened_to_read(path), path).transaction() as connection:
            return connection.execute(select(PERSON.c.pseudonym).where(PERSON.c.here == 1)).scalar() or EVERYTHING
    except StoreError:
        return EVERYTHING


def _files(folder: Path) -> Iterator[Path]:
    """Plain files alone: a link goes, and not what it leads to."""
    for pattern in PATTERNS:
        yield from (path for path in sorted(folder.glob(pattern)) if path.is_file() or path.is_symlink())


def _overwritten(path: Path) -> None:
    """Once, with zeros, to the disk."""
    if path.is_symlink():
        return
    with path.open("r+b") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(bytes(min(left, 1 << 20)))
        file.flush()
        os.fsync(file.fileno())
