"""The folder where runs are kept, and the lock that makes this the only main process that uses it."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

# Names the folder on the command line of a test, a clinic or a second user; empty counts as not given.
VARIABLE = "RETROTREAD_DATA"


class FolderError(Exception):
    """The folder cannot be used; the message says which, why, and what to do."""


def data_folder() -> Path:
    """The folder, made if need be and readable by its owner alone. Raises FolderError."""
    folder = folder_path()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        private(folder / "runs", folder)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder


def private(path: Path, folder: Path) -> None:
    """A folder below the data folder, made if need be, for its owner alone, and each between too. Raises OSError.

    A data folder that others can open stays so, and where a link leads to: somebody chose that.
    """
    between = [one for one in path.parents if one.is_relative_to(folder) and one != folder]
    for part in (*reversed(between), path):
        part.mkdir(exist_ok=True, mode=0o700)
        if stat.S_IMODE(part.stat().st_mode) & _OF_OTHERS and not part.is_symlink():
            with contextlib.suppress(PermissionError):  # a disk that knows no modes
                part.chmod(0o700)


_OF_OTHERS = 0o077
"""The rights of a group and of everybody."""


def folder_path() -> Path:
    """Where the folder is, whether or not it is there yet."""
    chosen = os.environ.get(VARIABLE)
    return Path(chosen) if chosen else _usual()


def _unusable(path: Path, error: OSError) -> FolderError:
    return FolderError(f"{path} cannot be used ({error.strerror}); choose another folder with {VARIABLE}=FOLDER")


def _usual() -> Path:
    from platformdirs import user_data_path

    return Path(user_data_path("retrotread"))


class FolderLock:
    """Held for the life of the process; a second program on the same folder is refused.

    Two programs would drive two belts with one STOP key between them, and each would take the other's open
    run for an interrupted one.
    """

    def __init__(self, folder: Path) -> None:
        """Take the lock. Raises FolderError where another process has it."""
        path = folder / "lock"
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            _lock(self._fd)
        except BlockingIOError as error:
            os.close(self._fd)
            raise FolderError(
                f"another Retrotread is using {folder}; end it first, or choose another folder with {VARIABLE}=FOLDER"
            ) from error
        except OSError as error:
            os.close(self._fd)
            raise _unusable(path, error) from error

    def release(self) -> None:
        """Give the lock back; the end of the process does so too."""
        os.close(self._fd)


def hold_data_folder() -> tuple[Path, FolderLock]:
    """The folder and its lock, for the life of the process. Raises FolderError."""
    folder = data_folder()
    return folder, FolderLock(folder)


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows has no flock; there the lock is not shown to work yet
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
