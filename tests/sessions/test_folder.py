"""The folder of runs, and the lock that keeps a second program out of it."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from retrotread.sessions import folder as folders
from retrotread.sessions.folder import VARIABLE, FolderError, FolderLock, data_folder, private


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "deep" / "data"))
    return tmp_path / "deep" / "data"


def test_the_folder_that_was_chosen_is_made_for_its_owner_alone(chosen: Path) -> None:
    assert data_folder() == chosen
    assert stat.S_IMODE(chosen.stat().st_mode) == 0o700
    assert stat.S_IMODE((chosen / "runs").stat().st_mode) == 0o700


@pytest.mark.parametrize("before", [None, 0o755], ids=["new", "made by an earlier version"])
def test_every_folder_below_one_that_others_can_open_is_for_its_owner_alone(chosen: Path, before: int | None) -> None:
    chosen.mkdir(parents=True, mode=0o755)
    chosen.chmod(0o755)
    theirs = chosen / "participants" / "P-7QK2M9" / "runs"
    if before is not None:
        for one in (theirs.parent.parent, theirs.parent, theirs, chosen / "runs"):
            one.mkdir()
            one.chmod(before)
    data_folder()
    private(theirs, chosen)
    found = {str(one.relative_to(chosen)): stat.S_IMODE(one.stat().st_mode) for one in chosen.rglob("*")}
    assert found == dict.fromkeys(
        ("runs", "participants", "participants/P-7QK2M9", "participants/P-7QK2M9/runs"), 0o700
    )
    assert stat.S_IMODE(chosen.stat().st_mode) == 0o755, "as whoever chose it has it"


def test_a_folder_that_is_there_is_used_again(chosen: Path) -> None:
    data_folder()
    (chosen / "runs" / "kept").touch()
    assert data_folder() == chosen
    assert (chosen / "runs" / "kept").exists()


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_choice_it_is_the_systems_own_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    folder = data_folder()
    assert folder.is_relative_to(tmp_path)
    assert folder.name == "retrotread"


def test_a_place_that_cannot_be_a_folder_is_named_with_the_reason_and_the_mend(chosen: Path) -> None:
    chosen.parent.mkdir()
    chosen.write_text("a file")
    with pytest.raises(FolderError, match=rf"^{chosen} cannot be used \(File exists\); choose .* {VARIABLE}=FOLDER$"):
        data_folder()


def test_a_second_program_is_refused_and_told_what_to_do(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    program = (
        "import sys; from pathlib import Path; from retrotread.sessions.folder import FolderLock, FolderError\n"
        "try: FolderLock(Path(sys.argv[1]))\n"
        "except FolderError as error: print(error)\n"
    )
    second = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert second.stdout.strip() == (
        f"another Retrotread is using {tmp_path}; end it first, or choose another folder with {VARIABLE}=FOLDER"
    )
    lock.release()
    third = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert third.stdout == ""


def test_the_end_of_a_program_gives_its_lock_back(tmp_path: Path) -> None:
    program = "import os, sys; from pathlib import Path; from retrotread.sessions.folder import FolderLock\n"
    program += "FolderLock(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert killed.returncode == -9
    FolderLock(tmp_path).release()


def test_a_lock_is_not_handed_down_to_the_guardian(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    assert not os.get_inheritable(lock._fd)
    lock.release()


def test_a_lock_that_cannot_be_opened_is_no_other_program(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(FolderError, match=r"lock cannot be used \(Is a directory\); choose another folder"):
        FolderLock(tmp_path)


def test_a_file_system_without_locks_is_no_other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_descriptor: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(folders, "_lock", no_locks)
    with pytest.raises(FolderError, match=r"lock cannot be used \(No locks available\); choose another folder"):
        FolderLock(tmp_path)
