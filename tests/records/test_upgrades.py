"""A store of every schema that there was: opened, brought to today's whole or not at all, with nothing lost.

Each ``schemas/vNNNN.sqlite`` is a file that the program of that day made, of three runs on a simulated treadmill.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from retrotread.records.file import NAME, SCHEMA_VERSION, opened
from retrotread.records.store import PersonFacts, Store
from retrotread.training.history import CheckIn, Session

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("v*.sqlite"))
schemas = pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, by the columns that the table has."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def test_there_is_a_file_of_every_schema_before_todays() -> None:
    assert [int(one.stem.removeprefix("v")) for one in SCHEMAS] == list(range(1, SCHEMA_VERSION))


@schemas
def test_an_older_store_is_brought_to_today_s_schema_and_nothing_is_lost(tmp_path: Path, schema: Path) -> None:
    path = Path(shutil.copy(schema, tmp_path / NAME))
    before = tables(path)
    store = Store(opened(path), path)
    after = tables(path)
    assert after["alembic_version"] == [(f"{SCHEMA_VERSION:04}",)]
    for name in before.keys() - {"alembic_version"}:
        assert [row[: len(old)] for row, old in zip(after[name], before[name], strict=True)] == before[name]
    assert store.damage() == (), "the chains of runs that were kept before hold as they were"
    assert [one.run_id for one in store.sessions()] == ["dead", "cd34", "ab12"]
    person = store.person_here(PersonFacts(True))
    assert store.pseudonym(person) == "P-V00001"
    (limit,) = store.limits(person, date(2026, 3, 7))
    assert (limit.what, limit.value, limit.author, limit.reason) == (
        "speed_max_ckph",
        350,
        "Dr. Example",
        "after a strained calf",
    )
    assert CheckIn(date(2026, 3, 3), 1, True) in store.history()
    assert len([one for one in store.history() if isinstance(one, Session)]) == 3
    assert store.whole("ab12") is not None


class Gone(Exception):
    """The program has ended."""


@contextlib.contextmanager
def gone_at(statement: int) -> Iterator[list[str]]:
    """In here the program ends before that statement to a store; those that were run before it."""
    run: list[str] = []

    def before(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if len(run) == statement:
            raise Gone
        run.append(sql)

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield run
    finally:
        event.remove(Engine, "before_cursor_execute", before)


@schemas
def test_an_upgrade_that_ends_before_any_of_its_statements_leaves_the_store_as_it_was(
    tmp_path: Path, schema: Path
) -> None:
    before, statement = tables(schema), 0
    while True:
        path = Path(shutil.copy(schema, tmp_path / f"{statement}.sqlite"))
        with gone_at(statement) as run:
            try:
                opened(path)
            except Gone:
                assert tables(path) == before
            else:
                break
        assert Store(opened(path), path).damage() == ()
        assert tables(path)["alembic_version"] == [(f"{SCHEMA_VERSION:04}",)]
        statement += 1
    assert len([sql for sql in run if sql.startswith(("CREATE", "ALTER", "UPDATE"))]) > SCHEMA_VERSION
