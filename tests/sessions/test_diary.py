"""The diary: what is said between runs, on the disk before anything calls it kept, and told when it is damaged."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrotread.sessions import diary
from retrotread.sessions.added_only import AddedOnlyDamaged, AddedOnlyError
from retrotread.sessions.diary import Aching, Ailing, Ailment, ClearedBy, Held, Morning, ScreenedAgain, Slept

SAID = (
    Morning("ab12", "2026-03-03", 2),
    Slept("2026-03-03", True),
    Held("ab12", "2026-03-02", "pain or pressure in the chest"),
    ScreenedAgain("2026-03-04", False),
    ClearedBy("2026-03-04", "a doctor"),
    Ailing("2026-03-05", Ailment.INJURED, "knee"),
    Ailing("2026-03-06"),
    Aching("2026-03-06", 3),
)


def test_what_was_said_comes_back_in_its_order_and_is_only_added_to(tmp_path: Path) -> None:
    assert diary.entries(tmp_path) == ()
    diary.add(tmp_path, *SAID[:2])
    diary.add(tmp_path, *SAID[2:])
    assert [(one.n, one.said) for one in diary.entries(tmp_path)] == list(enumerate(SAID, start=1))


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    diary.add(tmp_path, SAID[0])
    assert stat.S_IMODE((tmp_path / diary.NAME).stat().st_mode) == 0o600


def test_entries_that_belong_together_are_kept_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary.add(tmp_path, SAID[0])
    unwritable = ClearedBy("2026-03-04", "a doctor")
    object.__setattr__(unwritable, "by", object())
    with pytest.raises(ValueError, match="no place"):
        diary.add(tmp_path, SAID[1], unwritable)
    assert [one.said for one in diary.entries(tmp_path)] == [SAID[0]]


def test_a_start_that_ended_between_making_and_filling_it_leaves_a_diary_that_can_be_filled(tmp_path: Path) -> None:
    for at, made in enumerate((lambda path: path.touch(0o600), a_database_without_a_table)):
        folder = tmp_path / str(at)
        folder.mkdir()
        made(folder / diary.NAME)
        assert diary.entries(folder) == ()
        diary.add(folder, SAID[0])
        assert [one.said for one in diary.entries(folder)] == [SAID[0]]


def a_database_without_a_table(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")


@pytest.mark.parametrize(
    "content",
    [
        b"no database at all",
        b"SQLite format 3\0" + b"\0" * 50,
    ],
)
def test_a_damaged_one_is_told_and_given_another_name_and_a_new_one_begins(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / diary.NAME
    path.write_bytes(content)
    with pytest.raises(AddedOnlyDamaged, match="is damaged"):
        diary.entries(tmp_path)
    aside = diary.set_aside(tmp_path, datetime(2026, 3, 3, 9, tzinfo=UTC))
    assert (aside.name, aside.read_bytes()) == ("diary-damaged-20260303T090000Z.sqlite", content)
    diary.add(tmp_path, SAID[0])
    assert len(diary.entries(tmp_path)) == 1


@pytest.mark.parametrize(
    "row", ["no json", '{"_": "Morning", "run_id": "x", "day": "2026-13-40"}', '{"_": "Gossip"}', '{"_": "Slept"}']
)
def test_a_row_that_nobody_here_wrote_is_damage(tmp_path: Path, row: str) -> None:
    diary.add(tmp_path, SAID[0])
    diary._file(tmp_path).add(1, row)
    with pytest.raises(AddedOnlyDamaged, match="entry 2 is none of a diary"):
        diary.entries(tmp_path)


def test_a_row_that_was_changed_afterwards_is_damage(tmp_path: Path) -> None:
    diary.add(tmp_path, *SAID)
    with contextlib.closing(sqlite3.connect(tmp_path / diary.NAME)) as database:
        database.execute("UPDATE entry SET said = replace(said, 'chest', 'foot')")
        database.commit()
    with pytest.raises(AddedOnlyDamaged, match="entry 3 is not what was added"):
        diary.entries(tmp_path)


@pytest.mark.parametrize(
    ("pragma", "words"),
    [("application_id=7", "another program"), (f"user_version={2}", "use the newer program")],
)
def test_another_programs_file_and_a_newer_one_are_left_as_they_are(tmp_path: Path, pragma: str, words: str) -> None:
    diary.add(tmp_path, SAID[0])
    with contextlib.closing(sqlite3.connect(tmp_path / diary.NAME)) as database:
        database.execute(f"PRAGMA {pragma}")
        database.commit()
    before = (tmp_path / diary.NAME).read_bytes()
    for use in (lambda: diary.entries(tmp_path), lambda: diary.add(tmp_path, SAID[1])):
        with pytest.raises(AddedOnlyError, match=words):
            use()
    assert (tmp_path / diary.NAME).read_bytes() == before


def test_a_pain_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 10"):
        Morning("ab12", "2026-03-03", 11)
    with pytest.raises(ValueError, match="from 0 to 10"):
        Aching("2026-03-03", -1)
