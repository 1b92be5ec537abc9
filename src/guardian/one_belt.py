"""One real belt at a time for everything that a person runs on this computer, whatever data folders it uses.

Two programs would drive two belts, and the STOP key that a hand finds would stop one of them. So the guardian that
drives a real belt holds a lock in the person's runtime folder, for as long as it lives: also while it brings a belt to
rest that its main process has left behind.
"""

from __future__ import annotations

import contextlib
import math
import os
import stat
import tempfile
from pathlib import Path

from ..clock import monotonic_s
from ..devices.errors import ConnectFailed

FILE_NAME = "retrotread-belt.lock"
BUSY = (
    "another Retrotread on this computer drives a treadmill, or is still bringing one to rest, and one STOP key must "
    "stop every belt: end that one first"
)


class BeltLock:
    """Held until ``release`` or the end of the process."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take it. Raises ConnectFailed where another guardian has it, or where it cannot be had."""
        try:
            path = (_runtime_folder() if folder is None else folder) / FILE_NAME
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except OSError as error:
            raise ConnectFailed(
                f"nobody can tell whether another Retrotread drives a belt ({error}); mend that folder"
            ) from error
        try:
            _lock(self._fd)
        except OSError as error:
            lingers = _lingers(self._fd)
            os.close(self._fd)
            raise ConnectFailed(lingers or BUSY) from error
        os.ftruncate(self._fd, 0)

    def lingers(self, until_s: float) -> None:
        """Its main process has gone, and it stays for its belt until that moment at the latest; whoever is refused
        hears of it. A disk that takes no line costs the hearing only."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{until_s:.1f}".encode(), 0)

    def release(self) -> None:
        """Give it back."""
        os.close(self._fd)


def _runtime_folder() -> Path:
    """The system's folder for what lasts as long as a person is logged in; else one of our own beside the others."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    if named:
        return Path(named)
    getuid = getattr(os, "getuid", None)
    if getuid is None:  # Windows: the folder for temporary files is each person's own
        return Path(tempfile.gettempdir())
    folder = Path(tempfile.gettempdir()) / f"retrotread-{getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != getuid():
        raise PermissionError(f"{folder} is not a folder of yours")
    return folder


def _lingers(descriptor: int) -> str | None:
    """What holds the lock without a program behind it, for how long at most, and why; None where one is behind it."""
    try:
        left_s = float(os.pread(descriptor, 40, 0)) - monotonic_s()
    except (OSError, ValueError):
        return None
    if not 0.0 < left_s < math.inf:
        return None
    return (
        "the guardian of a Retrotread that has ended still stops its treadmill and waits to see it stand, because "
        f"nobody else could stop that belt: for {left_s:.0f} s more at most. Look at that belt, pull its key if it "
        "moves, and try again then"
    )


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows has no flock; there the lock is not shown to work yet
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
