"""Erasing a person: every file of theirs in a data folder, and what that does not reach."""

from __future__ import annotations

import contextlib
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
    "runs/*.sqlite*",
    "diary*.sqlite*",
    f"{NAME.removesuffix('.sqlite')}*.sqlite*",
    ".restoring.sqlite*",
    "records.checked",
    "history.json",
)
"""In the order in which they go: the journals first, so that a store that is left for a moment is not made anew of
them. Files that were set aside or restored over begin with the same names."""

OF_THE_LAST_RUN = ("guardian.ring*", "guardian.log*")
"""In the folder of the program, whoever trained: they go with each."""

REMAINS = (
    "what lies elsewhere: exports, reports, backups, copies that your system or a disk makes by itself",
    "what is no journal beside the journals, and what a file shows by a second name, as in a snapshot of hard links",
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
    """What would go, some of it beside a participant's folder.

    ``word`` is what has to be said for it; ``settings``: who trains here, and their strap.
    """

    word: str
    files: tuple[Path, ...]
    settings: bool


def erasable(them: Them) -> Erasable:
    """What is kept of somebody.

    Raises NotErased where the settings that may name them cannot be read, and where the journals are in a folder
    elsewhere, which may be of others too.
    """
    if (them.folder / "runs").is_symlink():
        raise NotErased(
            f"{them.folder / 'runs'} is a link to a folder elsewhere, so nothing was erased: erase their journals "
            "there yourself, and remove the link"
        )
    files = tuple(_files(them.folder, PATTERNS)) + tuple(_files(data_folder_of(them.folder), OF_THE_LAST_RUN))
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
        if not them.in_settings:
            _folder_gone(them.folder)
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


def _folder_gone(folder: Path) -> None:
    """The folder of a participant, whose name is the pseudonym, unless something of somebody else is in it."""
    with contextlib.suppress(OSError):
        (folder / "runs").rmdir()
        folder.rmdir()


def _files(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    """Plain files alone: a link goes, and not what it leads to."""
    for pattern in patterns:
        yield from (path for path in sorted(folder.glob(pattern)) if path.is_file() or path.is_symlink())


def _overwritten(path: Path) -> None:
    """Once, with zeros, to the disk; not through a link, and not where the file has another name too."""
    if path.is_symlink() or path.stat().st_nlink > 1:
        return
    with path.open("r+b") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(bytes(min(left, 1 << 20)))
        file.flush()
        os.fsync(file.fileno())
