"""A file that is only ever added to: one SQLite file of texts in order, each bound to all before it by its link.

``OSError``
└── ``AddedOnlyError``       it cannot be read or written; the message says which file, why, and the mend
    ├── ``AddedOnlyDamaged``   it is ours, and cannot be read, or a row is not what was added
    └── ``AddedMeanwhile``     somebody else added something since it was read
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..clock import wall_now
from ..workouts.quantity import shown
from .chain import BEGINNING, link
from .sqlite_file import READING, WRITING, NotADatabase, ids, uri

_TABLE = (
    "CREATE TABLE entry (n INTEGER PRIMARY KEY, at_utc TEXT NOT NULL, said TEXT NOT NULL, link TEXT NOT NULL) STRICT"
)
"""All that there is in such a file. What else a hand puts there, as a trigger, would run at the next entry."""


class AddedOnlyError(OSError):
    """The file cannot be used; the message says why, and the mend."""


class AddedOnlyDamaged(AddedOnlyError):
    """It is ours, and cannot be read."""


class AddedMeanwhile(AddedOnlyError):
    """Somebody else was quicker."""


@dataclass(frozen=True, slots=True)
class Added:
    """One text, with its number from 1, the moment at which it was added, and its link."""

    n: int
    at_utc: str
    said: str
    link: str


@dataclass(frozen=True, slots=True)
class AddedOnly:
    """Such a file. ``application_id`` tells it from any other SQLite file, ``version`` is that of its schema."""

    path: Path
    application_id: int
    version: int = 1

    def all(self) -> tuple[Added, ...]:
        """Everything in its order, and nothing where there is no file. Raises AddedOnlyError."""
        if not self.path.exists() or (self.path.is_file() and self.path.stat().st_size == 0):
            return ()
        with self._told(), contextlib.closing(self._opened("ro")) as database:
            return _checked(self.path, _rows(database))

    def add(self, seen: int, *said: str) -> None:
        """Add texts behind the ``seen`` that were there, all or none; they are on the disk when this returns.

        They are read back before they count. Raises AddedMeanwhile where there are others by now, or another
        AddedOnlyError.
        """
        with self._told(), contextlib.closing(self._opened("rw", new=self._made())) as database:
            database.execute("BEGIN IMMEDIATE")
            before = _checked(self.path, self._ready(database))
            if len(before) != seen:
                raise AddedMeanwhile(f"{self.path} was changed by another program just now; look again and repeat")
            last = before[-1].link if before else BEGINNING
            for n, text in enumerate(said, start=seen + 1):
                at_utc = wall_now().isoformat()
                last = _link(last, n, at_utc, text)
                database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (n, at_utc, text, last))
            self._kept(database, len(before) + len(said), last)
            database.execute("COMMIT")

    def _kept(self, database: sqlite3.Connection, many: int, last: str) -> None:
        """Refuse to say that something is kept which is not."""
        after = _checked(self.path, _rows(database))
        if len(after) != many or (after and after[-1].link != last):
            raise AddedOnlyDamaged(f"{self.path} does not keep what is added to it; nothing was added")

    def _ready(self, database: sqlite3.Connection) -> tuple[Added, ...]:
        if _schema(database):
            return _rows(database)
        database.execute(_TABLE)
        database.execute(f"PRAGMA application_id={self.application_id}")
        database.execute(f"PRAGMA user_version={self.version}")
        return ()

    def _made(self) -> bool:
        """Whether it was not there, or empty, and now is, for its owner alone."""
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return self.path.is_file() and self.path.stat().st_size == 0  # an earlier start ended there
        return True

    def _opened(self, mode: str, new: bool = False) -> sqlite3.Connection:
        """Nothing is written before it is known to be ours."""
        application, version = (self.application_id, self.version) if new else ids(self.path)
        if (application, version) == (0, 0):  # an earlier start ended between making it and filling it
            application, version = self.application_id, self.version
        if application != self.application_id:
            raise AddedOnlyError(f"{self.path} was made by another program; it was left as it is: move it away")
        if version > self.version:
            raise AddedOnlyError(
                f"{self.path} has schema version {version}, and this program knows {self.version}; it was left as it "
                "is: use the newer program again, or choose another folder with RETROTREAD_DATA"
            )
        database = sqlite3.connect(uri(self.path, mode), uri=True, isolation_level=None)
        try:
            for setting in WRITING if mode == "rw" else READING:
                database.execute(setting)
            self._only_ours(database)
        except BaseException:
            database.close()
            raise
        return database

    def _only_ours(self, database: sqlite3.Connection) -> None:
        """Refuse a file in which something could run that is not of this program."""
        strange = sorted(name for name, sql in _schema(database) if sql != _TABLE)
        if strange:
            raise AddedOnlyDamaged(
                f"{self.path} has something in it that this program never made ({', '.join(map(shown, strange))}); it "
                "was left as it is: put back a copy from before"
            )

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever goes wrong with the file, as a sentence."""
        try:
            yield
        except AddedOnlyError:
            raise
        except sqlite3.OperationalError as error:
            sentence = f"{self.path} cannot be used ({error}); look at its folder, its permissions and its disk"
            raise AddedOnlyError(sentence) from None
        except OSError as error:
            sentence = f"{self.path} cannot be used ({error.strerror}); look at its folder and its permissions"
            raise AddedOnlyError(sentence) from None
        except (NotADatabase, sqlite3.Error, ValueError) as error:
            raise AddedOnlyDamaged(f"{self.path} is damaged ({error}); it was left as it is") from None


def _schema(database: sqlite3.Connection) -> list[tuple[str, str | None]]:
    """Everything that the file has, by name, with the words that made it."""
    return database.execute("SELECT name, sql FROM sqlite_schema").fetchall()


def _rows(database: sqlite3.Connection) -> tuple[Added, ...]:
    """None where an earlier start ended between making the file and filling it."""
    if not _schema(database):
        return ()
    return tuple(Added(*row) for row in database.execute("SELECT n, at_utc, said, link FROM entry ORDER BY n"))


def _checked(path: Path, rows: tuple[Added, ...]) -> tuple[Added, ...]:
    """The rows, where each is bound to those before it. Raises AddedOnlyDamaged."""
    before = BEGINNING
    for at, one in enumerate(rows, start=1):
        if one.link != _link(before, one.n, one.at_utc, one.said):
            raise AddedOnlyDamaged(f"{path}: entry {at} is not what was added there; the file was left as it is")
        before = one.link
    return rows


def _link(before: str, n: int, at_utc: str, said: str) -> str:
    return link(before, [n, at_utc, said])
