"""The store as a file: looked at before it is opened, made for its owner alone, and brought to today's schema.

``StoreError`` (Exception)
├── ``NotAStore``     another program's file, or a damaged one; it is left as it is
│   └── ``Damaged``   ours, and SQLite cannot read it, or it holds what no store has
├── ``NewerStore``    a later version of this program wrote it; it is left as it is
└── ``NoStore``       it is not there, or cannot be made, read or written here
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from ..sessions.sqlite_file import READING, WRITING, NotADatabase, ids, renamed, uri

NAME = "records.sqlite"
"""Of the store in the data folder."""

APPLICATION_ID = 0x52745231
""""RtR1": tells our files from any other SQLite file."""

SCHEMA_VERSION = 2
"""Of the newest file in schema/versions; kept in ``user_version``, so that it is known before anything is opened."""

SCHEMAS = {
    0: hashlib.sha256().hexdigest(),
    1: "7f8d29fadf41dcc0e8bead254c63603ab848b0ef2b68a9d3328be520718df85d",
    2: "2c13b474cefec2a541e4a7e0012b49304df145840372ad96fc312445278eab12",
}
"""Of each version, the SHA-256 of the words that make its tables and indexes (``digest_of``); 0: nothing was made yet.
A test works them out anew from stores of each version."""

MEND = "move it away to begin a new one; the journals of the runs are kept beside it"


class StoreError(Exception):
    """The store cannot be used; the message says which, why, and the mend."""


class NotAStore(StoreError):
    """The file is another program's, or is damaged."""


class Damaged(NotAStore):
    """The file is ours, and SQLite cannot read it, or it holds what no store has; ``why`` says which."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is damaged ({why}); it was left as it is: {MEND}")
        self.why = why


class NewerStore(StoreError):
    """The file was written by a later version of this program."""


class NoStore(StoreError):
    """The file is not there, or cannot be made, read or written here."""


def opened(path: Path) -> Engine:
    """The store for reading and writing, made if need be, with today's schema. Raises StoreError.

    Nothing is written to a file before it is known to be ours.
    """
    try:
        made = _made(path)
        if not made:
            _version(path)
        engine = _engine(path, "rw", WRITING)
        with engine.begin() as connection:
            if _looked_at(connection, path) < SCHEMA_VERSION:
                upgrade(connection)
    except OSError as error:
        raise NoStore(
            f"{path} cannot be used ({error.strerror}); free space, give back the right to write there, or choose "
            "another folder with RETROTREAD_DATA"
        ) from error
    except RevisionError as error:  # its own table names no step of the schema
        raise Damaged(path, str(error)) from error
    except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
        raise unusable(path, error) from error
    return engine


def opened_to_read(path: Path) -> Engine:
    """The store in a place where nothing can be written; nothing is made or changed. Raises StoreError."""
    try:
        if not path.exists():
            raise NoStore(f"{path} is not there yet; it is made when the first run is taken over")
        if _version(path) < SCHEMA_VERSION:
            raise NoStore(f"{path} has an older schema, and cannot be brought to today's without the right to write")
        engine = _engine(path, "ro", READING)
        with engine.begin() as connection:
            _looked_at(connection, path)
    except OSError as error:
        raise NoStore(f"{path} cannot be read ({error.strerror}); give back the right to read it") from error
    except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
        raise unusable(path, error) from error
    return engine


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema to that version, in the transaction of ``connection``: all of it or nothing."""
    scripts = _scripts()
    context = MigrationContext.configure(connection)
    steps = list(scripts.iterate_revisions(to, context.get_current_revision() or "base"))
    with Operations.context(context):
        for one in reversed(steps):
            one.module.upgrade()
            context.stamp(scripts, one.revision)
    if connection.dialect.name == "sqlite" and steps:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={int(steps[0].revision)}")


def unusable(path: Path, error: Exception) -> StoreError:
    """What is wrong with a store, with the mend. Damage: what SQLite calls so, and a row that no value comes out of."""
    found = getattr(error, "orig", None) or error
    code = getattr(found, "sqlite_errorcode", None)
    if _is_damage(found, code):
        return Damaged(path, str(found))
    said, mend = _MENDS.get((code or 0) & _PRIMARY, ("cannot be used", "end other programs, and try again"))
    return NoStore(f"{path} {said} ({found}); {mend}")


_PRIMARY = 0xFF
"""Of a code: the rest tells which kind of it (https://www.sqlite.org/rescode.html)."""

_MENDS = {
    sqlite3.SQLITE_BUSY: ("is held by another program", "end it, and try again"),
    sqlite3.SQLITE_LOCKED: ("is held by another program", "end it, and try again"),
    sqlite3.SQLITE_READONLY: ("cannot be written", "give back the right to write to it and to its folder"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be written", "give back the right to write to it and to its folder"),
    sqlite3.SQLITE_PERM: ("cannot be written", "give back the right to write to it and to its folder"),
    sqlite3.SQLITE_IOERR: ("cannot be used, since its disk fails or is full", "free space there, and look at it"),
    sqlite3.SQLITE_FULL: ("cannot be written", "free space on its disk"),
    sqlite3.SQLITE_NOMEM: ("cannot be used", "end other programs, and try again: the memory is full"),
}


def _is_damage(found: BaseException, code: int | None) -> bool:
    """Whether the file itself is at fault. Without a code it was not SQLite that said so, but who read what it gave."""
    if code is None:
        return isinstance(found, ValueError) or type(found) is sqlite3.DatabaseError or "UTF-8" in str(found)
    if code & _PRIMARY == sqlite3.SQLITE_ERROR:
        return any(words in str(found) for words in ("no such table", "no such column", "unsupported file format"))
    return code & _PRIMARY in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def set_aside(path: Path, at: datetime) -> Path:
    """Give a damaged store another name, with what lies beside it; the new name. Nothing is removed. Raises NoStore."""
    try:
        return renamed(path, f"damaged-{at:%Y%m%dT%H%M%SZ}")
    except OSError as error:
        raise NoStore(
            f"{path} is damaged, and cannot be given another name ({error.strerror}); move it away"
        ) from error


def _made(path: Path) -> bool:
    """Whether it was not there, and now is, empty and for its owner alone; SQLite's side files get the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return path.is_file() and path.stat().st_size == 0  # an earlier start ended there
    return True


def _version(path: Path) -> int:
    """The schema version of a store of ours. Raises NotAStore or NewerStore."""
    try:
        application, version = ids(path)
    except NotADatabase as error:
        raise NotAStore(f"{path} is not the store: {error}; it was left as it is: {MEND}") from None
    if (application, version) == (0, 0) and _empty(path):
        return 0  # an earlier start ended between making it and filling it
    if application != APPLICATION_ID:
        raise NotAStore(f"{path} is not the store: it was made by another program; it was left as it is: {MEND}")
    if version > SCHEMA_VERSION:
        raise NewerStore(
            f"{path} has schema version {version}, and this program knows {SCHEMA_VERSION}; it was left as it is: use "
            "the newer program again, or choose another folder with RETROTREAD_DATA"
        )
    return version


def _looked_at(connection: Connection, path: Path) -> int:
    """The version of a store that holds what this version of it does and nothing that would run. Raises Damaged."""
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    found = [tuple(row) for row in connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema")]
    runs = [f"a {kind} {name!r}" for kind, name, _ in found if kind not in ("table", "index")]
    if runs:
        raise Damaged(path, f"it holds {runs[0]}, and no store has anything that runs")
    if digest_of(found) != SCHEMAS.get(version):
        raise Damaged(path, f"its tables are not those of a store of schema version {version}")
    return version


def digest_of(schema: Iterable[tuple[str, str, str | None]]) -> str:
    """What is made by which words, whatever their order and blanks, but for the statistics that SQLite itself makes."""
    words = ((kind, name, "".join((sql or "").split())) for kind, name, sql in schema)
    made = sorted(" ".join(one) for one in words if one[2] and not one[2].startswith("CREATETABLEsqlite_stat"))
    return hashlib.sha256("\n".join(made).encode()).hexdigest()


def _empty(path: Path) -> bool:
    """Whether it is a database without a single table."""
    with contextlib.closing(sqlite3.connect(uri(path, "ro"), uri=True)) as database:
        return database.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _engine(path: Path, mode: str, settings: tuple[str, ...]) -> Engine:
    """One connection at a time, opened when it is needed; transactions are begun by SQLAlchemy, not by sqlite3."""

    def connect() -> sqlite3.Connection:
        database = sqlite3.connect(uri(path, mode), uri=True, isolation_level=None, check_same_thread=False)
        try:
            for setting in settings:
                database.execute(setting)
        except BaseException:
            database.close()
            raise
        return database

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    begin = "BEGIN IMMEDIATE" if mode == "rw" else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> Any:
        connection.exec_driver_sql(begin)

    return engine


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "schema").replace("%", "%%"))
    return ScriptDirectory.from_config(config)
