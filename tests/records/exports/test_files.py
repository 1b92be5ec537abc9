"""Files whole or not at all, and over nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrotread.records.exports import files
from retrotread.records.exports.files import NotWritten, Place, write_all

TWO = (("a.fit", b"first"), ("b.fit", b"second"))


def place(folder: Path, name: str | None = None, force: bool = False) -> Place:
    return Place(folder, name, force, folder.parent / "kept")


def there(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_every_file_is_there_for_its_owner_alone_in_a_folder_that_is_made(tmp_path: Path) -> None:
    written = write_all(TWO, place(tmp_path / "out"))
    assert [(one.name, one.read_bytes()) for one in written] == list(TWO)
    assert there(tmp_path / "out") == ["a.fit", "b.fit"]
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in written} == {0o600}


def test_a_single_file_has_the_name_that_was_given(tmp_path: Path) -> None:
    assert write_all(TWO[:1], place(tmp_path, "mine.fit")) == (tmp_path / "mine.fit",)


def test_nothing_is_written_over_and_then_nothing_at_all_is_written(tmp_path: Path) -> None:
    (tmp_path / "b.fit").write_bytes(b"old")
    with pytest.raises(NotWritten, match=r"b\.fit is there already; nothing was written: .* or say --force"):
        write_all(TWO, place(tmp_path))
    assert there(tmp_path) == ["b.fit"]
    assert (tmp_path / "b.fit").read_bytes() == b"old"


def test_with_force_a_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "b.fit").write_bytes(b"old")
    write_all(TWO, place(tmp_path, force=True))
    assert (tmp_path / "b.fit").read_bytes() == b"second"
    assert there(tmp_path) == ["a.fit", "b.fit"]


def test_the_settings_are_no_place_even_with_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETROTREAD_CONFIG", str(tmp_path))
    (tmp_path / "settings.toml").write_text("[speech]\n")
    with pytest.raises(NotWritten, match=r"settings\.toml is where Retrotread keeps its settings; choose another name"):
        write_all([("a", b"run")], place(tmp_path, "settings.toml", force=True))
    assert (tmp_path / "settings.toml").read_text() == "[speech]\n"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("kind", ["link", "dangling link", "folder", "pipe"])
def test_what_is_no_plain_file_is_left_alone_even_with_force(tmp_path: Path, kind: str, force: bool) -> None:
    elsewhere, target = tmp_path / "elsewhere", tmp_path / "out" / "a.fit"
    target.parent.mkdir()
    if kind == "pipe":
        os.mkfifo(target)
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to(elsewhere)
        if kind == "link":
            elsewhere.write_bytes(b"old")
    with pytest.raises(NotWritten, match="is no plain file"):
        write_all(TWO, place(target.parent, force=force))
    assert there(target.parent) == ["a.fit"]
    assert not elsewhere.exists() or elsewhere.read_bytes() == b"old"


def full(at: int) -> Iterator[tuple[str, bytes]]:
    """Files, of which one cannot be written."""
    for n, one in enumerate(TWO):
        if n == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        yield one


@pytest.mark.parametrize("at", [0, 1])
def test_a_full_disk_leaves_nothing_behind_not_even_the_folder(tmp_path: Path, at: int) -> None:
    with pytest.raises(NotWritten, match=r"No space left on device\); nothing was written: free space"):
        write_all(full(at), place(tmp_path / "out"))
    assert there(tmp_path) == []


def test_a_disk_that_gives_up_while_a_file_is_flushed_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(NotWritten, match="Input/output error"):
        write_all(TWO, place(tmp_path))
    assert there(tmp_path) == []


KILLED = """
import os, sys
from pathlib import Path
from retrotread.records.exports.files import Place, write_all
folder, call, at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
real, count = getattr(os, call), 0
def killed(*arguments):
    global count
    count += 1
    if count == at:
        os._exit(9)
    return real(*arguments)
setattr(os, call, killed)
write_all([(f"{n}.fit", b"x" * 100_000) for n in range(3)], Place(folder, None, False, folder / "kept"))
"""


@pytest.mark.parametrize(("call", "at"), [("fsync", 1), ("fsync", 3), ("link", 1), ("link", 3), ("fsync", 4)])
def test_a_program_that_is_killed_leaves_whole_files_alone(tmp_path: Path, call: str, at: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), call, str(at)], check=False, timeout=60)
    assert done.returncode == 9
    named = [one for one in tmp_path.iterdir() if not one.name.startswith(files.BEGINNING)]
    assert [len(one.read_bytes()) for one in named] == [100_000] * len(named)
    assert len(named) == {("link", 3): 2, ("fsync", 4): 3}.get((call, at), 0)


def test_an_error_of_the_program_itself_leaves_nothing_and_is_not_swallowed(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[str, bytes]]:
        yield TWO[0]
        raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        write_all(broken(), place(tmp_path))
    assert there(tmp_path) == []


def test_a_file_that_comes_into_being_in_the_meantime_is_not_lost(tmp_path: Path) -> None:
    def meanwhile() -> Iterator[tuple[str, bytes]]:
        yield from TWO
        (tmp_path / "b.fit").write_bytes(b"theirs")

    with pytest.raises(NotWritten, match=r"b\.fit came into being just now"):
        write_all(meanwhile(), place(tmp_path))
    assert there(tmp_path) == ["b.fit"]
    assert (tmp_path / "b.fit").read_bytes() == b"theirs"


def test_a_file_system_without_hard_links_serves_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    write_all(TWO, place(tmp_path))
    assert there(tmp_path) == ["a.fit", "b.fit"]
    with pytest.raises(NotWritten, match="is there already"):
        write_all(TWO, place(tmp_path))


@pytest.mark.parametrize("inside", [".", "runs", "new"])
def test_nothing_goes_where_the_program_keeps_its_own(tmp_path: Path, inside: str) -> None:
    kept = tmp_path / "kept"
    (kept / "runs").mkdir(parents=True)
    (tmp_path / "link").symlink_to(kept)
    for folder in (kept / inside, tmp_path / "link" / inside, tmp_path / "other" / ".." / "kept" / inside):
        with pytest.raises(NotWritten, match="where Retrotread keeps its own data"):
            write_all(TWO, Place(folder, None, True, kept))
    assert there(kept) == ["runs"]


def test_a_folder_that_cannot_be_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = {
        tmp_path / "no" / "where": "no is not there; make it first",
        tmp_path / "file": "file is a file, and no folder",
        tmp_path / "nul\0": "cannot be used",
    }
    for folder, sentence in said.items():
        with pytest.raises(NotWritten, match=sentence):
            write_all(TWO, place(folder))
    with pytest.raises(NotWritten, match="is no name of a file"):
        write_all(TWO[:1], place(tmp_path, "nul\0"))
    assert there(tmp_path) == ["file"]
