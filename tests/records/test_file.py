"""The file of the store: how it is made, what it survives, and what it is never taken for."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from tests.records.conftest import changed, said_by_sqlite

from retrotread.records import file
from retrotread.records.file import (
    APPLICATION_ID,
    NAME,
    SCHEMA_VERSION,
    SCHEMAS,
    Damaged,
    NewerStore,
    NoStore,
    NotAStore,
    digest_of,
    opened,
    opened_to_read,
    set_aside,
    upgrade,
)
from retrotread.records.store import PersonFacts, Store
from retrotread.records.tables import METADATA

FACTS = PersonFacts(True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def asked(path: Path, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- a new one --------------------------------------------------------------------------------------------------


def test_a_new_store_is_ours_by_its_header_and_has_today_s_schema(path: Path) -> None:
    opened(path)
    assert asked(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert asked(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert asked(path, "SELECT version_num FROM alembic_version") == [(f"{SCHEMA_VERSION:04}",)]


def test_the_store_and_what_lies_beside_it_are_for_their_owner_alone(path: Path) -> None:
    before = os.umask(0o022)
    try:
        engine = opened(path)
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM person")
            modes = {one.name: mode(one) for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {NAME: 0o600, f"{NAME}-wal": 0o600, f"{NAME}-shm": 0o600}


def test_what_is_committed_survives_a_power_cut_and_what_is_deleted_is_overwritten(path: Path) -> None:
    with opened(path).begin() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete", "mmap_size")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
        "mmap_size": 0,
    }


def test_every_table_is_strict(path: Path) -> None:
    opened(path)
    tables = {row[1]: row[5] for row in asked(path, "PRAGMA table_list") if row[2] == "table"}
    assert {name for name in tables if tables[name]} == set(METADATA.tables)


def test_the_steps_of_the_schema_lead_to_the_tables_of_today(path: Path) -> None:
    with opened(path).begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    with create_engine("sqlite://").begin() as straight:
        METADATA.create_all(straight)
        made = straight.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").all()
    theirs = {name: _clauses(sql) for name, sql in made}
    ours = asked(path, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    assert {name: _clauses(str(sql)) for name, sql in ours if name != "alembic_version"} == theirs


def _clauses(sql: str) -> list[str]:
    """The columns, keys and checks of a statement in one order.

    alembic writes them in another one, and a column that came later has its check beside it, and may have a default for
    the rows that were there.
    """
    head, _, rest = " ".join(sql.split()).partition("(")
    body, _, tail = rest.rpartition(")")
    parts = re.split(r",(?![^()]*\))", body)
    apart = (one for part in parts for one in re.split(r" (?=CONSTRAINT )", part.strip()))
    return sorted([head.strip(), tail.strip(), *(one.replace(" DEFAULT 0", "").strip('" ') for one in apart if one)])


@pytest.mark.parametrize("version", [0, *range(1, SCHEMA_VERSION + 1)])
def test_the_tables_of_each_version_are_known(path: Path, version: int) -> None:
    if version == SCHEMA_VERSION:
        opened(path)
    elif version:
        shutil.copy(Path(__file__).parent / "schemas" / f"v{version:04}.sqlite", path)
    made = asked(path, "SELECT type, name, sql FROM sqlite_schema") if version else []
    assert digest_of(made) == SCHEMAS[version], "worked out anew"  # type: ignore[arg-type]


def test_an_older_store_that_was_brought_up_has_the_tables_of_a_new_one(path: Path) -> None:
    shutil.copy(Path(__file__).parent / "schemas" / "v0001.sqlite", path)
    opened(path)
    opened(path)


def test_statistics_of_another_program_are_no_damage(path: Path) -> None:
    Store(opened(path), path).person_here(FACTS)
    changed(path, "ANALYZE")
    Store(opened(path), path).person_here(FACTS)


SMUGGLED = {
    "a trigger": ("CREATE TRIGGER t AFTER INSERT ON session BEGIN DELETE FROM session WHERE id < new.id; END",),
    "a view": ("CREATE VIEW v AS SELECT 1",),
    "a table": ("CREATE TABLE more (x)",),
    "an index": ("CREATE UNIQUE INDEX one ON session (began_utc)",),
    "a column": ("ALTER TABLE morning ADD COLUMN more TEXT",),
    "a missing table": ("DROP TABLE morning",),
    "a trigger under a name of SQLite": (
        "PRAGMA writable_schema=ON",
        "INSERT INTO sqlite_schema VALUES ('table', 'sqlite_stat1', 'session', 0, 'CREATE TRIGGER sqlite_stat1 "
        "AFTER INSERT ON session BEGIN DELETE FROM session; END')",
    ),
    "a key that replaces": (
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET sql = replace(sql, '(run_id, began_utc)', '(run_id, began_utc) ON CONFLICT REPLACE')",
    ),
}


@pytest.mark.parametrize("statements", SMUGGLED.values(), ids=SMUGGLED.keys())
@pytest.mark.parametrize("version", [1, SCHEMA_VERSION])
@pytest.mark.parametrize("open_it", [opened, opened_to_read])
def test_a_store_that_holds_what_no_store_has_is_damaged_before_anything_of_it_runs(
    path: Path, statements: tuple[str, ...], version: int, open_it: Callable[[Path], object]
) -> None:
    if version == 1:
        shutil.copy(Path(__file__).parent / "schemas" / "v0001.sqlite", path)
    else:
        opened(path)
    changed(path, *statements)
    with pytest.raises(NoStore if version == 1 and open_it is opened_to_read else Damaged):
        open_it(path)


def test_a_store_that_is_opened_again_keeps_what_it_holds(path: Path) -> None:
    first = Store(opened(path), path)
    name = first.pseudonym(first.person_here(FACTS))
    again = Store(opened(path), path)
    assert again.pseudonym(again.person_here(FACTS)) == name


@pytest.mark.parametrize("half", ["empty", "header"])
def test_a_start_that_was_cut_off_before_the_tables_were_made_is_gone_on_with(path: Path, half: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        if half == "header":
            database.execute("PRAGMA journal_mode=WAL")
    opened(path)
    assert asked(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]


def test_an_older_store_that_names_a_step_which_is_none_is_damaged(path: Path) -> None:
    shutil.copy(Path(__file__).parent / "schemas" / "v0001.sqlite", path)
    changed(path, "UPDATE alembic_version SET version_num = 'x'")
    with pytest.raises(Damaged, match="'x'"):
        opened(path)


def test_a_schema_that_cannot_be_finished_is_not_begun(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise said_by_sqlite("database or disk is full", sqlite3.SQLITE_FULL)

    monkeypatch.setattr(file, "upgrade", broken)
    with pytest.raises(NoStore, match="free space on its disk"):
        opened(path)
    assert asked(path, "SELECT count(*) FROM sqlite_schema") == [(0,)]
    monkeypatch.undo()
    opened(path)
    assert asked(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]


# --- what is not the store --------------------------------------------------------------------------------------


def foreign(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('soup')")


def newer(path: Path) -> None:
    opened(path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")


def text(path: Path) -> None:
    path.write_text("not a database at all, and longer than the head of one is " * 9, encoding="utf-8")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (foreign, NotAStore, "it was made by another program; it was left as it is: move it away"),
        (newer, NewerStore, f"has schema version {SCHEMA_VERSION + 1}, and this program knows {SCHEMA_VERSION}"),
        (text, NotAStore, "is not the store: it is no database"),
        (folder, NotAStore, "is not the store: it is not a file"),
    ],
)
@pytest.mark.parametrize("open_it", [opened, opened_to_read])
def test_what_is_not_our_store_is_named_and_left_as_it_is(
    path: Path, make: object, error: type[Exception], words: str, open_it: object
) -> None:
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(error, match=words) as refused:
        open_it(path)  # type: ignore[operator]
    assert str(path) in str(refused.value)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert [one.name for one in path.parent.iterdir()] == [NAME]


def test_a_store_whose_pages_are_damaged_is_named_with_the_mend(path: Path) -> None:
    opened(path)
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    content[100:200] = b"\xff" * 100
    path.write_bytes(content)
    with pytest.raises(NotAStore, match=r"is damaged .*; it was left as it is: move it away to begin a new one"):
        Store(opened(path), path).person_here(FACTS)
    assert path.read_bytes() == content


def test_a_damaged_store_goes_with_what_lies_beside_it_which_a_new_one_would_take_for_its_own(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(NAME + end).write_text(f"old{end}", encoding="utf-8")
    aside = set_aside(path, datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert aside.name == "records-damaged-20260302T090000Z.sqlite"
    assert {one.name: one.read_text(encoding="utf-8") for one in path.parent.iterdir()} == {
        aside.name: "old",
        f"{aside.name}-wal": "old-wal",
        f"{aside.name}-shm": "old-shm",
    }


def test_a_damaged_store_that_cannot_be_renamed_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("old", encoding="utf-8")

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(NoStore, match=r"cannot be given another name \(Permission denied\); move it away"):
        set_aside(path, datetime(2026, 3, 2, 9, tzinfo=UTC))


# --- where nothing can be written -------------------------------------------------------------------------------


@pytest.fixture
def read_only(path: Path) -> Iterator[Path]:
    """A folder in which nothing can be made, with a store that was made before."""
    opened(path)
    path.chmod(0o400)
    path.parent.chmod(0o500)
    yield path
    path.parent.chmod(0o700)
    path.chmod(0o600)


AS_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="no right is missing to the superuser")


@AS_ROOT
def test_in_a_folder_that_can_only_be_read_the_store_is_read_and_refuses_to_write(read_only: Path) -> None:
    assert Store(opened_to_read(read_only), read_only).sessions() == ()
    with pytest.raises(NoStore, match="give back the right to write"):
        Store(opened(read_only), read_only).person_here(FACTS)


@AS_ROOT
def test_in_a_folder_that_can_only_be_read_no_store_is_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(NoStore, match=r"cannot be used .Permission denied.; free space, give back the right to write"):
        opened(tmp_path / NAME)
    tmp_path.chmod(0o700)


def test_a_read_only_disk_is_told_with_the_mend(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(NoStore, match=r"cannot be used \(Read-only file system\); .* RETROTREAD_DATA"):
        opened(path)


def test_a_store_that_can_only_be_read_is_read_and_keeps_nothing(path: Path) -> None:
    opened(path)
    store = Store(opened_to_read(path), path)
    assert store.sessions() == ()
    with pytest.raises(NoStore, match=r"cannot be written .attempt to write a readonly database"):
        store.person_here(FACTS)


def test_a_store_that_is_not_there_is_not_made_by_looking(path: Path) -> None:
    with pytest.raises(NoStore, match="is not there yet"):
        opened_to_read(path)
    assert list(path.parent.iterdir()) == []


def test_two_programs_that_make_the_store_at_once_make_one(path: Path) -> None:
    first, second = opened(path), opened(path)
    one, other = Store(first, path), Store(second, path)
    assert one.person_here(FACTS) == other.person_here(FACTS)
