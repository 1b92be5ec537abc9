"""A file that is only ever added to: what was added is there, whole and in order, or the file says what is wrong."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from pathlib import Path

import pytest

from retrotread.sessions.added_only import AddedMeanwhile, AddedOnly, AddedOnlyDamaged, AddedOnlyError

OURS = 0x52745431


@pytest.fixture
def file(tmp_path: Path) -> AddedOnly:
    return AddedOnly(tmp_path / "kept.sqlite", OURS)


def altered(file: AddedOnly, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(file.path)) as database, database:
        database.execute(sql)


def texts(file: AddedOnly) -> list[str]:
    return [one.said for one in file.all()]


def test_where_there_is_no_file_nothing_was_added_and_none_is_made(file: AddedOnly) -> None:
    assert file.all() == ()
    assert not file.path.exists()


def test_what_was_added_is_there_in_its_order_for_its_owner_alone(file: AddedOnly) -> None:
    file.add(0, "one", "two")
    file.add(2, "three")
    assert texts(file) == ["one", "two", "three"]
    assert [one.n for one in file.all()] == [1, 2, 3]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_whoever_comes_second_adds_nothing(file: AddedOnly) -> None:
    file.add(0, "one")
    with pytest.raises(AddedMeanwhile, match="was changed by another program just now; look again and repeat"):
        file.add(0, "mine")
    assert texts(file) == ["one"]


@pytest.mark.parametrize(
    ("sql", "entry"),
    [
        ("UPDATE entry SET said = 'TWO' WHERE n = 2", 2),
        ("UPDATE entry SET at_utc = '2020-01-01' WHERE n = 1", 1),
        ("DELETE FROM entry WHERE n = 1", 1),
        ("DELETE FROM entry WHERE n = 2", 2),
        ("UPDATE entry SET n = 9 WHERE n = 3", 3),
    ],
)
def test_what_another_hand_changed_is_found_and_nothing_is_added_to_it(file: AddedOnly, sql: str, entry: int) -> None:
    file.add(0, "one", "two", "three")
    altered(file, sql)
    before = file.path.read_bytes()
    with pytest.raises(AddedOnlyDamaged, match=f"entry {entry} is not what was added there"):
        file.all()
    with pytest.raises(AddedOnlyDamaged):
        file.add(3, "four")
    assert file.path.read_bytes() == before


SMUGGLED = {
    "a trigger": "CREATE TRIGGER strange AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE n = new.n; END",
    "a view": "CREATE VIEW strange AS SELECT 1",
    "a table": "CREATE TABLE strange (n)",
    "an index": "CREATE UNIQUE INDEX strange ON entry (length(said))",
}


@pytest.mark.parametrize("sql", SMUGGLED.values(), ids=SMUGGLED)
def test_what_another_hand_put_beside_the_entries_never_runs(file: AddedOnly, sql: str) -> None:
    file.add(0, "one")
    altered(file, sql)
    before = file.path.read_bytes()
    with pytest.raises(AddedOnlyDamaged, match=r"has something in it that this program never made \('strange'\)"):
        file.add(1, "withdrawn")
    with pytest.raises(AddedOnlyDamaged):
        file.all()
    assert file.path.read_bytes() == before


@pytest.mark.parametrize("sql", [SMUGGLED["a trigger"], SMUGGLED["a trigger"].replace("= new.n", "> 0")])
def test_nothing_is_said_to_be_kept_that_was_not_read_back(
    file: AddedOnly, sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keeps it from being kept: here a trigger that nobody saw."""
    file.add(0, "one")
    altered(file, sql)
    monkeypatch.setattr(AddedOnly, "_only_ours", lambda *_: None)
    with pytest.raises(AddedOnlyDamaged, match="does not keep what is added to it; nothing was added"):
        file.add(1, "withdrawn")
    assert texts(file) == ["one"]


def test_a_file_that_is_no_database_is_left_as_it_is(file: AddedOnly) -> None:
    file.path.write_bytes(b"a letter" * 30)
    with pytest.raises(AddedOnlyDamaged, match=r"is damaged \(it is no database\)"):
        file.add(0, "one")
    assert file.path.read_bytes() == b"a letter" * 30


def test_a_file_of_another_program_is_left_as_it_is(file: AddedOnly) -> None:
    AddedOnly(file.path, 77).add(0, "theirs")
    with pytest.raises(AddedOnlyError, match="was made by another program; it was left as it is: move it away"):
        file.add(0, "ours")
    assert texts(AddedOnly(file.path, 77)) == ["theirs"]


def test_a_file_of_a_newer_program_is_left_as_it_is(file: AddedOnly) -> None:
    AddedOnly(file.path, OURS, version=2).add(0, "new")
    with pytest.raises(AddedOnlyError, match="has schema version 2, and this program knows 1"):
        file.add(1, "old")


def test_a_start_that_ended_before_the_file_was_filled_is_no_damage(file: AddedOnly) -> None:
    file.path.touch()
    file.add(0, "one")
    assert texts(file) == ["one"]


def test_a_start_that_ended_before_the_first_table_is_no_damage(file: AddedOnly) -> None:
    altered(file, "PRAGMA journal_mode=WAL")
    file.add(0, "one")
    assert texts(file) == ["one"]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AddedOnlyError, match="cannot be used"):
        AddedOnly(tmp_path / "gone" / "kept.sqlite", OURS).add(0, "one")
