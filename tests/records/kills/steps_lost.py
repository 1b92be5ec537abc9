"""How much of a run's steps a kill takes along: events are committed at once, steps once a second."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import struct
import time
from pathlib import Path

from retrotread.guardian.messages import Stepped
from retrotread.safety.modes import Mode
from retrotread.sessions.journal import Journal

from .writers import HEAD

STEP_S = 0.05
EARLIEST_S, LATEST_S = 1.0, 3.5
"""Of a kill: behind the first batch, and over a whole further one."""

_AT = struct.Struct("d")


def steps_lost_s(folder: Path, kills: int, moments: random.Random) -> list[float]:
    """For each of so many writers, side by side: from the last step on the disk to the last that it gave."""
    return [_lost_s(*one) for one in [_begun(folder / str(n), moments) for n in range(kills)]]


def _begun(folder: Path, moments: random.Random) -> tuple[Path, int, int]:
    folder.mkdir()
    reads, writes = os.pipe()
    ends_s = moments.uniform(EARLIEST_S, LATEST_S)
    child = os.fork()
    if child == 0:
        try:
            _work(folder / "run.sqlite", writes, ends_s)
        finally:
            os._exit(1)
    os.close(writes)
    return folder / "run.sqlite", reads, child


def _work(path: Path, writes: int, ends_s: float) -> None:
    """Steps, each told in the pipe, until this process kills itself."""
    journal, until_s = Journal(path, HEAD), time.monotonic() + ends_s
    while (now_s := time.monotonic()) < until_s:
        journal.step(Stepped(now_s, 50, (), (), Mode.RUN, ()))
        os.write(writes, _AT.pack(now_s))
        time.sleep(STEP_S)
    os.kill(os.getpid(), signal.SIGKILL)


def _lost_s(path: Path, reads: int, child: int) -> float:
    with os.fdopen(reads, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    (given_s,) = _AT.unpack(said[-_AT.size :])
    with contextlib.closing(sqlite3.connect(path)) as database:
        (kept_ms,) = database.execute("SELECT max(at_ms) FROM supervisor_step").fetchone()
    return float(given_s) - (kept_ms or 0) / 1000
