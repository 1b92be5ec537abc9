"""The program of the guardian and of its standby: what they begin with, and what they do without."""

from __future__ import annotations

import io
import queue
from pathlib import Path
from typing import Any

import pytest

from retrotread.guardian import __main__ as program
from retrotread.guardian.messages import PROTOCOL, Connect, Connected
from retrotread.guardian.process import black_box_path
from retrotread.guardian.standby import __main__ as standby
from retrotread.sessions.guardian_client import GuardianClient


def test_to_load_the_programs_begins_nothing() -> None:
    """Else one that looks at them would have lost its own stdin and stdout by now."""
    assert callable(program.main)
    assert callable(standby.main)


def test_a_guardian_without_a_black_box_still_guards(tmp_path: Path) -> None:
    black_box_path(tmp_path).mkdir()
    said: queue.SimpleQueue[Any] = queue.SimpleQueue()
    guardian = GuardianClient(tmp_path, said.put, said.put)
    guardian.send(Connect(PROTOCOL, "sim://well-behaved", None))
    while not isinstance(answer := said.get(timeout=60), Connected):
        assert not isinstance(answer, str), answer
    guardian.leave()
    guardian.wait(20)
    logs = "".join(path.read_text() for path in tmp_path.iterdir() if path.is_file())
    assert "retrotread guardian: no black box" in logs


class FullDisk(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError("no space left on device")


def test_a_log_that_takes_no_complaint_about_the_black_box_keeps_nobody_from_guarding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    black_box_path(tmp_path).mkdir()
    monkeypatch.setattr("sys.stderr", FullDisk())
    assert program._black_box(tmp_path) is None
