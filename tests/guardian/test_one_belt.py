"""Two programs of one person never drive two real belts: one STOP key must stop whatever moves."""

from __future__ import annotations

import os
import queue
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retrotread.clock import SystemClock, monotonic_s
from retrotread.devices.errors import ConnectFailed
from retrotread.guardian.messages import PROTOCOL, Connect, Connected, ConnectRefused
from retrotread.guardian.one_belt import FILE_NAME, BeltLock
from retrotread.guardian.process import GuardianProcess
from retrotread.sessions.guardian_client import GuardianClient

NOBODY = "serial+trackmaster:///dev/no-such-port?units=mph"


class Program:
    """A main process with a guardian and a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.said: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.guardian = GuardianClient(folder, self.said.put, self.said.put)

    def connects_to(self, address: str) -> Any:
        self.guardian.send(Connect(PROTOCOL, address, None))
        while not isinstance(answer := self.said.get(timeout=60), Connected | ConnectRefused | str):
            continue
        return answer

    def ends(self) -> None:
        self.guardian.leave()
        self.guardian.wait(20)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = Program(tmp_path / "data")
    yield made
    made.ends()


def test_a_belt_that_is_driven_is_held_and_given_back(tmp_path: Path) -> None:
    lock = BeltLock(tmp_path)
    with pytest.raises(ConnectFailed, match="another Retrotread on this computer drives a treadmill"):
        BeltLock(tmp_path)
    lock.release()
    BeltLock(tmp_path).release()


def test_a_second_program_with_another_data_folder_reaches_no_real_belt(program: Program) -> None:
    driven = BeltLock()
    refused = program.connects_to(NOBODY)
    assert isinstance(refused, ConnectRefused)
    assert refused.message.startswith("another Retrotread on this computer drives a treadmill")
    driven.release()
    refused = program.connects_to(NOBODY)
    assert "another Retrotread" not in refused.message


def test_a_simulated_belt_needs_no_lock(program: Program) -> None:
    driven = BeltLock()
    assert isinstance(program.connects_to("sim://well-behaved"), Connected)
    driven.release()


def test_a_belt_that_was_not_reached_is_left_to_others(program: Program) -> None:
    assert isinstance(program.connects_to(NOBODY), ConnectRefused)
    BeltLock().release()


def test_without_a_runtime_folder_there_is_one_of_its_own_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    BeltLock().release()
    folder = tmp_path / f"retrotread-{os.getuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / FILE_NAME).exists()


def test_a_folder_that_somebody_else_laid_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    (tmp_path / f"retrotread-{os.getuid()}").symlink_to(tmp_path)
    with pytest.raises(ConnectFailed, match="nobody can tell whether another Retrotread drives a belt"):
        BeltLock()


def test_a_guardian_that_stays_for_its_belt_says_so_why_and_for_how_long(tmp_path: Path) -> None:
    lock = BeltLock(tmp_path)
    lock.lingers(monotonic_s() + 43.4)
    with pytest.raises(ConnectFailed) as refused:
        BeltLock(tmp_path)
    assert "still stops its treadmill and waits to see it stand, because nobody else could" in str(refused.value)
    assert "for 43 s more at most" in str(refused.value)
    lock.release()


def test_a_guardian_whose_main_has_gone_tells_how_long_it_stays(tmp_path: Path) -> None:
    guardian = GuardianProcess(SystemClock(), -1, -1, None)
    guardian._belt_lock = BeltLock(tmp_path)
    guardian._main_gone()
    with pytest.raises(ConnectFailed, match=r"for (60|59) s more at most"):
        BeltLock(tmp_path)
    guardian._belt_lock.release()


@pytest.mark.parametrize("left", [b"-1.0", b"nan", b"inf", b"ruin", b"\xff" * 40])
def test_a_lock_that_tells_nothing_sensible_is_held_all_the_same(tmp_path: Path, left: bytes) -> None:
    lock = BeltLock(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(left)
    with pytest.raises(ConnectFailed, match="another Retrotread on this computer drives a treadmill"):
        BeltLock(tmp_path)
    lock.release()


def test_what_a_lock_told_of_a_guardian_before_is_forgotten(tmp_path: Path) -> None:
    before = BeltLock(tmp_path)
    before.lingers(monotonic_s() + 40.0)
    before.release()
    lock = BeltLock(tmp_path)
    with pytest.raises(ConnectFailed, match="another Retrotread on this computer drives a treadmill"):
        BeltLock(tmp_path)
    lock.release()


def test_without_a_runtime_folder_it_is_a_folder_of_ones_own_or_the_one_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    BeltLock().release()
    assert (tmp_path / f"retrotread-{os.getuid()}" / FILE_NAME).exists()
    monkeypatch.delattr("os.getuid")
    BeltLock().release()
    assert (tmp_path / FILE_NAME).exists()


def test_where_the_system_has_no_locks_nobody_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    first, second = BeltLock(tmp_path), BeltLock(tmp_path)
    first.release()
    second.release()
