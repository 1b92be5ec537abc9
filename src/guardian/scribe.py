"""The thread that writes the black box: the guardian's loop hands its lines over and waits for nothing.

A disk may be full, or stuck for ten seconds; the belt must notice neither. Lines that could not be written are
counted, and the number is the first thing that is written when the disk takes lines again.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from functools import partial

from .blackbox import BlackBox

# Three minutes at twenty a second; a disk that is stuck for longer costs lines and not memory.
JOBS = 4_000
# At its end the guardian waits this long for the disk; the belt stands still by then.
LAST_WAIT_S = 2.0


class Scribe:
    """Writes to one black box, in order. ``write`` and ``sync`` return at once and never raise."""

    def __init__(self, box: BlackBox) -> None:
        self._box = box
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue(JOBS)
        self._sync_due = False
        self._dropped = 0
        self._failed = 0
        self._told = 0
        self._thread = threading.Thread(target=self._run, name="black-box", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """One line, soon."""
        self._put(partial(self._box.write, line))

    def sync(self) -> None:
        """To the disk with all lines so far; one request at a time is enough."""
        if not self._sync_due:
            self._sync_due = self._put(self._sync)

    def end(self) -> None:
        """Write what is left, for as long as that is worth waiting for."""
        self.sync()
        with contextlib.suppress(queue.Full):
            self._jobs.put(None, timeout=LAST_WAIT_S)
            self._thread.join(LAST_WAIT_S)

    def _put(self, job: Callable[[], None]) -> bool:
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            self._dropped += 1
            return False
        return True

    def _sync(self) -> None:
        self._sync_due = False
        self._box.sync()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                self._tell_losses()
                job()
            except OSError:
                self._failed += 1

    def _tell_losses(self) -> None:
        lost = self._dropped + self._failed
        if lost > self._told:
            self._box.write(f"{lost - self._told} lines could not be written here: the disk was full, slow or gone")
            self._told = lost
