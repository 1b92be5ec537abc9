"""What every SQLite file of ours shares: its settings, and a look at a file before SQLite itself opens it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import struct
from pathlib import Path

WRITING = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=1",
    "PRAGMA checkpoint_fullfsync=1",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=2000",
    "PRAGMA wal_autocheckpoint=500",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
"""What is committed survives a power cut, and what is deleted is overwritten (https://www.sqlite.org/pragma.html)."""

READING = ("PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA mmap_size=0")

# user_version and application_id of a database header (https://www.sqlite.org/fileformat2.html, section 1.3).
_HEADER = struct.Struct(">60xI4xI28x")


class NotADatabase(Exception):
    """The file is none of SQLite's; the message begins with "it"."""


def ids(path: Path) -> tuple[int, int]:
    """Application and schema version: from the header, or where newer pages lie beside the file, from SQLite.

    Raises NotADatabase, OSError or sqlite3.Error.
    """
    if not path.is_file():
        raise NotADatabase("it is not a file")
    if has_wal(path):
        with contextlib.closing(sqlite3.connect(uri(path, "ro"), uri=True)) as database:
            (application,) = database.execute("PRAGMA application_id").fetchone()
            (version,) = database.execute("PRAGMA user_version").fetchone()
            return application, version
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(b"SQLite format 3\0"):
        raise NotADatabase("it is no database")
    version, application = _HEADER.unpack(header)
    return application, version


def running(database: sqlite3.Connection) -> str | None:
    """The name of a trigger, a view or a table of a module in it; None: nothing of it runs when it is used.

    SQLite goes by the words and not by the type that stands beside them.
    """
    found = database.execute(
        "SELECT name FROM sqlite_schema WHERE sql NOT LIKE 'CREATE TABLE %' AND sql NOT LIKE 'CREATE INDEX %'"
        " AND sql NOT LIKE 'CREATE UNIQUE INDEX %'"
    ).fetchone()
    return None if found is None else str(found[0])


def name_shown(path: Path) -> str:
    """The name of a file as every terminal and file takes it: bytes that are no UTF-8 as their numbers."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def uri(path: Path, mode: str) -> str:
    """Reading a file that was closed in order leaves no side files behind it."""
    alone = "&immutable=1" if mode == "ro" and not has_wal(path) else ""
    return f"{path.absolute().as_uri()}?mode={mode}{alone}"


def has_wal(path: Path) -> bool:
    """Whether newer pages lie beside the file."""
    return path.with_name(f"{path.name}-wal").exists()


def renamed(path: Path, end: str) -> Path:
    """Give a file another name in its folder, with what lies beside it; the new name. Raises OSError.

    Its newest pages, in the file beside it, go first: a new file of the old name would take them for its own.
    """
    to = path.with_name(f"{path.stem}-{end}{path.suffix}")
    for side in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + side).rename(to.with_name(to.name + side))
    return to
