"""Files that are written whole or not at all, and over nothing.

``NotWritten`` (Exception)   nothing was written; the message says why, and the mend
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...config import settings_path

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What a file system without hard links says, such as that of a memory stick."""

BEGINNING = ".retrotread-"
"""Of the names of files that are not whole yet."""


class NotWritten(Exception):
    """Nothing was written; the message says why, and what helps."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where files go: a ``folder``, and for a single file that is given its name, ``name``.

    ``force``: a file of the same name is replaced. ``kept``: the folder of the program's own data, where nothing goes.
    """

    folder: Path
    name: str | None
    force: bool
    kept: Path


def write_all(files: Iterable[tuple[str, bytes]], place: Place) -> tuple[Path, ...]:
    """Write every file, readable by its owner alone; where they are. Raises NotWritten, and then none is there.

    All are written beside their places and are on the disk before the first gets its name, so that a full disk or an
    error in the last one leaves nothing behind; only a file that was replaced by force stays the new one. A program
    that is killed leaves whole files, and perhaps some that begin with a dot.
    """
    made = _ready(place)
    staged: list[tuple[Path, Path]] = []
    named: list[Path] = []
    try:
        for name, content in files:
            target = place.folder / (place.name or name)
            _free(target, place.force)
            staged.append((_staged(content, place.folder), target))
        for waiting, target in staged:
            _give_name(waiting, target, place.force)
            named.append(target)
        _on_disk(place.folder)
    except BaseException as error:
        _take_back(staged, () if place.force else named, place.folder if made else None)
        if not isinstance(error, OSError):
            raise
        raise NotWritten(
            f"{place.folder} cannot be written ({error.strerror}); nothing was written: free space there, or choose "
            "another folder"
        ) from error
    return tuple(target for _, target in staged)


def _ready(place: Place) -> bool:
    """Whether the folder had to be made. Raises NotWritten."""
    try:
        folder, kept = place.folder.resolve(), place.kept.resolve()
        if folder == kept or kept in folder.parents:
            raise NotWritten(f"{place.folder} is where Retrotread keeps its own data; choose another folder")
        if place.folder.is_dir():
            return False
        place.folder.mkdir(mode=0o700)
    except FileExistsError:
        raise NotWritten(f"{place.folder} is a file, and no folder; choose another name") from None
    except FileNotFoundError:
        raise NotWritten(f"{place.folder.parent} is not there; make it first, or choose another folder") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        said = getattr(error, "strerror", None) or error
        raise NotWritten(f"{str(place.folder)!r} cannot be used ({said}); choose another folder") from error
    return True


def _free(target: Path, force: bool) -> None:
    """Raises NotWritten where something is there that is not replaced; the settings never are."""
    if target.parent.resolve() / target.name == settings_path().parent.resolve() / settings_path().name:
        raise NotWritten(f"{target} is where Retrotread keeps its settings; choose another name")
    try:
        os.lstat(target)
    except FileNotFoundError:
        return
    except ValueError as error:  # a NUL
        raise NotWritten(f"{str(target)!r} is no name of a file ({error}); choose another") from None
    if target.is_symlink() or not target.is_file():
        raise NotWritten(f"{target} is there already and is no plain file; nothing was written: choose another name")
    if not force:
        raise NotWritten(f"{target} is there already; nothing was written: choose another name, or say --force")


def _staged(content: bytes, folder: Path) -> Path:
    """The content on the disk, under a name of its own, readable by its owner alone."""
    handle, name = tempfile.mkstemp(prefix=BEGINNING, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _give_name(waiting: Path, target: Path, force: bool) -> None:
    """Raises NotWritten for a file that came into being in the meantime."""
    if force:
        waiting.replace(target)
        return
    try:
        os.link(waiting, target)
    except FileExistsError:
        raise NotWritten(f"{target} came into being just now; nothing was written: choose another name") from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _free(target, force)
        waiting.replace(target)
        return
    waiting.unlink()


def _take_back(staged: Iterable[tuple[Path, Path]], named: Iterable[Path], made: Path | None) -> None:
    for waiting, _ in staged:
        waiting.unlink(missing_ok=True)
    for target in named:
        target.unlink(missing_ok=True)
    if made is not None:
        with contextlib.suppress(OSError):  # somebody else put something into it
            made.rmdir()


def _on_disk(folder: Path) -> None:
    """The names too; not every system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
