"""A journal that cannot be made says so; who opens a run never waits for it in vain."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from retrotread.sessions.journal import Journal, JournalError, RunHead

WAIT_S = 10.0


def test_a_text_that_no_file_can_hold_is_an_error_and_not_a_wait_without_end(tmp_path: Path) -> None:
    """Bytes of a command line that are no UTF-8 arrive as lone surrogates."""
    head = RunHead("run", "first steps", "hash", 60.0, b"plan", "novice", "sim://\udcff", "retrotread")
    ends: queue.Queue[Exception | None] = queue.Queue()

    def make() -> None:
        try:
            Journal(tmp_path / "run.sqlite", head)
            ends.put(None)
        except JournalError as error:
            ends.put(error)

    threading.Thread(target=make, daemon=True).start()
    error = ends.get(timeout=WAIT_S)
    assert error is not None
    assert "cannot be made" in str(error)
