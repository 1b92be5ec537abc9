"""The same tables on PostgreSQL: every statement is understood there, and a server, where one is installed, keeps the
same session with the same chain."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable
from tests.records.conftest import Made

from retrotread.records.file import upgrade
from retrotread.records.hearing import hear
from retrotread.records.store import KeptLimit, PersonFacts, Refused, Store, _list
from retrotread.records.tables import METADATA, PERSON
from retrotread.records.taking import take_over
from retrotread.sessions import diary
from retrotread.sessions.diary import ClearedBy, Morning, Slept
from retrotread.sessions.home_limits import Limited, Quantity

DAY = date(2026, 3, 2)
FACTS = PersonFacts(True, "walker", backward_max_ckph=650)


def programs() -> Path | None:
    """Where the programs of a server are; None where there is none, or nothing to talk to it with."""
    if find_spec("psycopg") is None:
        return None
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(newest[-1]) if newest else None)
    return None if found is None else Path(found).resolve().parent


NO_SERVER = "no PostgreSQL here: install its server, and psycopg"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A server of its own, that nobody reaches but by a socket in a folder of its own, with an empty database."""
    there = programs()
    if there is None:
        pytest.skip(NO_SERVER)
    folder = Path(mkdtemp(prefix="pg", dir="/tmp"))  # the path of a socket has 107 bytes at most
    owner = {"user": "postgres"} if os.geteuid() == 0 else {}  # a server never runs as root
    if owner:
        shutil.chown(folder, "postgres")

    def call(program: str, *words: str) -> None:
        command = [str(there / program), *words]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **owner)  # type: ignore[call-overload]

    try:
        call("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "test", "-N", "-E", "UTF8")
        call("pg_ctl", "-D", f"{folder}/data", "-w", "-o", f"-k {folder} -c listen_addresses= -c fsync=off", "start")
        made = create_engine(f"postgresql+psycopg://test@/postgres?host={folder}")
        yield made
        made.dispose()
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            call("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def there(engine: Engine) -> Iterator[Store]:
    """A store of today's schema, made by its upgrades, and gone after the test."""
    with engine.begin() as connection:
        upgrade(connection)
    yield Store(engine, Path("postgresql"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def test_every_table_and_the_list_can_be_said_to_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    said = [str(CreateTable(one).compile(dialect=dialect)) for one in METADATA.sorted_tables]
    said += [str(CreateIndex(each).compile(dialect=dialect)) for one in METADATA.sorted_tables for each in one.indexes]
    assert len(said) == len(METADATA.tables) + sum(len(one.indexes) for one in METADATA.tables.values())
    assert not [one for one in said if one.rstrip().endswith("STRICT") or "AUTOINCREMENT" in one]
    assert "id SERIAL NOT NULL" in said[0]
    assert "coalesce(said_after.effort, said_during.effort)" in str(_list().compile(dialect=dialect))


def test_the_upgrades_make_the_tables_of_today(there: Store, engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_session_is_kept_as_sqlite_keeps_it_with_the_same_chain(there: Store, store: Store, run: Made) -> None:
    path = run()
    for one in (store, there):
        take_over(one, one.person_here(FACTS, "P-2BHX4T"), path)
        take_over(one, one.person_here(FACTS), path)
    whole, kept = there.whole("ab12"), store.whole("ab12")
    assert whole is not None
    assert kept is not None
    assert len(whole.samples) > 100
    assert whole == kept
    assert there.sessions() == store.sessions()
    assert there.history() == store.history()
    assert there.damage() == ()


def test_limits_and_what_the_diary_tells_are_kept(there: Store, tmp_path: Path) -> None:
    person = there.person_here(FACTS)
    there.add_limit(person, KeptLimit("incline_max_dpct", 20, "A. Weber", "heel", DAY))
    diary.add(
        tmp_path, Morning("ab12", "2026-03-03", 2), Slept("2026-03-03", True), ClearedBy("2026-03-04", "a doctor")
    )
    diary.add(tmp_path, Limited(Quantity.SPEED, 120, "A. Weber", "knee"))
    for _ in range(2):
        hear(there, person, tmp_path)
    assert len(there.history()) == 2
    assert [(one.what, one.value) for one in there.limits(person, DAY)] == [
        ("incline_max_dpct", 20),
        ("speed_max_ckph", 120),
    ]


def test_what_no_person_can_be_is_refused(there: Store) -> None:
    with pytest.raises(Refused) as refused:
        there.person_here(replace(FACTS, backward_max_ckph=9000))
    assert isinstance(refused.value.__cause__, IntegrityError)
    with there.transaction() as connection:
        assert connection.execute(select(PERSON)).all() == []
