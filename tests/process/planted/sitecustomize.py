"""Loaded by every Python that starts with this folder on its path: faults that nothing outside of a process can make.

``RETROTREAD_PLANTED`` names a folder. A file ``slow`` in it holds every fsync up, for ten seconds at most; with a file
``full`` no pwrite finds room (the black box is as large as it will ever be, so that a limit of its size does not touch
it); a file ``slept`` is a computer that has slept for half a minute.
"""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

FSYNC_S = 10.0
SLEPT_S = 30.0


def _plant(folder: Path) -> None:
    from retrotread import clock

    fsync, pwrite, suspended_s = os.fsync, os.pwrite, clock.suspended_s

    def slow_fsync(descriptor: int) -> None:
        due_s = time.monotonic() + FSYNC_S
        while (folder / "slow").exists() and time.monotonic() < due_s:
            time.sleep(0.05)
        fsync(descriptor)

    def full_pwrite(descriptor: int, data: bytes, offset: int) -> int:
        if (folder / "full").exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return pwrite(descriptor, data, offset)

    os.pwrite = full_pwrite  # type: ignore[assignment]
    os.fsync = slow_fsync  # type: ignore[assignment]
    clock.suspended_s = lambda: suspended_s() + (SLEPT_S if (folder / "slept").exists() else 0.0)


if "RETROTREAD_PLANTED" in os.environ:
    _plant(Path(os.environ["RETROTREAD_PLANTED"]))
