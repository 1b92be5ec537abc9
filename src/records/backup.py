"""A backup: the store and the diary of one person in one file, and the way back.

``Exception``
└── ``NotRestored``   nothing was changed; the message says why, and the mend
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ..clock import wall_now
from ..config import sync_folder
from ..sessions.clinic.register import data_folder_of
from ..sessions.diary import NAME as DIARY
from ..sessions.diary import AddedOnlyError, entries_in
from ..sessions.folder import FolderError, FolderLock
from ..sessions.sqlite_file import READING, NotADatabase, has_wal, ids, renamed, uri
from .file import APPLICATION_ID, NAME, SCHEMA_VERSION, Damaged, NoStore, StoreError, opened, unusable
from .of_whom import kept_here, of_whom, participant_of
from .store import Store
from .tables import PERSON, PERSON_LIMIT

BESIDE = "beside"
"""The table of a backup that holds the other files; a store has none."""

STAGED = ".restoring.sqlite"
"""Where a backup is unpacked and looked through, beside the store."""

STAGED_DIARY = f"{STAGED}-diary"
"""Where its diary is; a name that erasing knows too."""

_ROLLBACK = b"\x01\x01"
"""Both format versions in a header: a file that needs no other one beside it (https://www.sqlite.org/fileformat2.html,
section 1.3.3)."""


@dataclass(frozen=True, slots=True)
class Although:
    """What somebody said that they know: a session is ``damaged``, or the backup is ``of_another`` than who is here."""

    damaged: bool = False
    of_another: bool = False


NOTHING = Although()
"""Nothing was said."""


class NotRestored(Exception):
    """The backup was not taken; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it. ``aside``: the name under which the store before it is kept, None where there was none.

    ``diary``: whether that of the backup is used; one that is there already stays. ``limits``: how many of the store
    before it were carried over. ``damaged``: sentences of sessions that are not as they were kept.
    """

    sessions: int
    aside: str | None
    diary: bool
    limits: int
    damaged: tuple[str, ...] = ()


# --- out --------------------------------------------------------------------------------------------------------


def backup_of(folder: Path) -> bytes:
    """A backup of the store and the diary in a data folder, while others may use them. Raises StoreError."""
    path = folder / NAME
    if not path.exists():
        raise NoStore(f"{path} is not there yet; it is made when the first run is taken over")
    with _as_store_error(path), contextlib.closing(_copy(path)) as copy:
        copy.execute(f"CREATE TABLE {BESIDE} (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT")
        if (folder / DIARY).exists():
            with contextlib.closing(_copy(folder / DIARY)) as diary:
                copy.execute(f"INSERT INTO {BESIDE} VALUES (?, ?)", (DIARY, _alone(diary)))
        copy.commit()
        return _alone(copy)


def _copy(path: Path) -> sqlite3.Connection:
    """A file of ours as it is at one moment, in memory, and whole. Raises sqlite3.Error."""
    with contextlib.closing(_reading(path)) as source:
        copy = sqlite3.connect(":memory:")
        try:
            source.backup(copy)
            _whole(copy)
        except BaseException:
            copy.close()
            raise
    return copy


def _reading(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(uri(path, "ro"), uri=True)
    for setting in READING:
        database.execute(setting)
    return database


def _whole(database: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError for one whose pages do not hold together."""
    found = [row[0] for row in database.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        raise sqlite3.DatabaseError("; ".join(map(str, found)))


def _alone(database: sqlite3.Connection) -> bytes:
    """A file that needs no other one beside it."""
    content = database.serialize()
    return content[:18] + _ROLLBACK + content[20:]


# --- back -------------------------------------------------------------------------------------------------------


def restore(folder: Path, file: Path, although: Although = NOTHING) -> Restored:
    """Put a backup in the place of the store of a data folder, which is kept under another name.

    It is looked through before anything is changed: whose it is, its version, its pages, that it holds the tables of a
    store and nothing that would run, and the chain of every session. A session that is not as it was kept ends it,
    unless that was said. One of somebody else is not taken for a participant, and at home only where it was said.
    Limits of the store before it are carried over: a backup never takes one away. Raises
    NotRestored and StoreError.
    """
    try:
        lock = FolderLock(data_folder_of(folder))
    except FolderError as error:
        raise NotRestored(f"{error}; nothing was changed") from None
    staged = folder / STAGED
    try:
        _gone(staged)
        _stage(file, staged)
        diary = _taken_out(staged)
        _looked_through(diary, file, folder)
        store = _store_in(staged, file)
        _of_the_same(store, file, folder, although)
        damaged = _checked(store, file, although.damaged)
        limits = _carry_limits(folder / NAME, store)
        sessions = len(store.sessions())
        _put_in_order(staged)
        aside = _put_in_place(folder, staged)
        return Restored(sessions, aside, _put_diary(folder, diary), limits, damaged)
    except OSError as error:
        raise NotRestored(f"{folder} cannot be written ({error.strerror}); free space, and try again") from error
    finally:
        _gone(staged)
        lock.release()


def _stage(file: Path, staged: Path) -> None:
    """A copy of a backup beside the store, for its owner alone. Raises NotRestored."""
    try:
        application, version = ids(file)
    except (NotADatabase, OSError, sqlite3.Error) as error:
        said = getattr(error, "strerror", None) or error
        raise NotRestored(f"{file} is no backup ({said}); nothing was changed") from None
    if application != APPLICATION_ID:
        raise NotRestored(f"{file} is no backup: another program made it; nothing was changed")
    if version > SCHEMA_VERSION:
        raise NotRestored(
            f"{file} has schema version {version}, and this program knows {SCHEMA_VERSION}; nothing was changed: use "
            "the newer program"
        )
    os.close(os.open(staged, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with contextlib.closing(_reading(file)) as source, contextlib.closing(sqlite3.connect(staged)) as copy:
            source.backup(copy)
            _whole(copy)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise NotRestored(f"{file} is damaged ({error}); nothing was changed: take another backup") from None


def _taken_out(staged: Path) -> bytes | None:
    """The diary of a backup, None where it has none; what is left is a store."""
    with contextlib.closing(sqlite3.connect(staged)) as database:
        database.execute("PRAGMA trusted_schema=OFF")
        if (
            database.execute("SELECT 1 FROM sqlite_schema WHERE name = ? AND type = 'table'", (BESIDE,)).fetchone()
            is None
        ):
            return None
        row = database.execute(f"SELECT content FROM {BESIDE} WHERE name = ?", (DIARY,)).fetchone()
        database.execute(f"DROP TABLE {BESIDE}")
        database.commit()
    return row[0] if row is not None and isinstance(row[0], bytes) else None


def _looked_through(diary: bytes | None, file: Path, folder: Path) -> None:
    """Raises NotRestored where the next start could not read the diary of a backup."""
    if diary is None:
        return
    _gone(path := folder / STAGED_DIARY)
    try:
        _written(path, diary)
        entries_in(path)
    except (AddedOnlyError, ValueError) as error:
        raise NotRestored(
            f"the diary in {file} cannot be used ({error}); nothing was changed: take another backup"
        ) from None
    finally:
        _gone(path)


def _store_in(staged: Path, file: Path) -> Store:
    """What is to be put in place, looked through. Raises NotRestored for tables or values that no store of ours has."""
    try:
        store = Store(opened(staged), staged)
        store.look_through()
    except Damaged as error:
        raise NotRestored(f"{file} is damaged ({error.why}); nothing was changed: take another backup") from error
    return store


def _of_the_same(store: Store, file: Path, folder: Path, although: Although) -> None:
    """Raises NotRestored for a backup of nobody, or of somebody else than whose folder it is."""
    whose, participant = of_whom(store), participant_of(folder)
    if whose is None:
        raise NotRestored(f"{file} is no backup of one person under a pseudonym; nothing was changed: take another one")
    if participant is not None and whose != participant:
        raise NotRestored(f"{file} is of {whose}, and not of {participant}; nothing was changed: take one of theirs")
    here = kept_here(folder)
    if participant is None and here not in (None, whose) and not although.of_another:
        raise NotRestored(
            f"{file} is of {whose}, and {here} is who is kept here; nothing was changed: if they are the same person, "
            "say --although-of-another"
        )


def _checked(store: Store, file: Path, although_damaged: bool) -> tuple[str, ...]:
    """Sentences of the sessions that are not as they were kept. Raises NotRestored."""
    damaged = store.damage()
    if damaged and not although_damaged:
        raise NotRestored(
            f"{len(damaged)} sessions of {file} are not as they were kept, the first one: {damaged[0]}. Nothing was "
            "changed: take another backup, or say --although-damaged"
        )
    return damaged


def _carry_limits(path: Path, store: Store) -> int:
    """Limits of the store that goes, behind those of the backup; a store that cannot be read has none to carry."""
    if not path.exists():
        return 0
    try:
        with Store(opened(path), path).transaction() as connection:
            asked = select(PERSON_LIMIT).join(PERSON).where(PERSON.c.here == 1).order_by(PERSON_LIMIT.c.id)
            rows = [{name: row[name] for name in _LIMIT} for row in connection.execute(asked).mappings()]
    except StoreError:
        return 0
    with store.transaction() as connection:
        here = connection.execute(select(PERSON.c.id).where(PERSON.c.here == 1)).scalar()
        known = [{name: row[name] for name in _LIMIT} for row in connection.execute(select(PERSON_LIMIT)).mappings()]
        new = [one for one in rows if one not in known] if here is not None else []
        for one in new:
            connection.execute(PERSON_LIMIT.insert().values(one | {"person_id": here}))
    return len(new)


_LIMIT = ("what", "value", "author", "reason", "made_utc", "until_day")


def _put_in_order(staged: Path) -> None:
    """One file, with nothing beside it."""
    with contextlib.closing(sqlite3.connect(staged)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("VACUUM")


def _put_in_place(folder: Path, staged: Path) -> str | None:
    """The name of the store before it. At every moment there is a store, the old one or the new one."""
    path = folder / NAME
    if not path.exists():
        staged.replace(path)
        sync_folder(folder)
        return None
    aside = _second_name(path, f"before-restore-{wall_now():%Y%m%dT%H%M%SZ}")
    try:
        staged.replace(path)
    except BaseException:
        if path.exists():
            aside.unlink()
        raise
    sync_folder(folder)
    return aside.name


def _second_name(path: Path, end: str) -> Path:
    """A store under another name too; where newer pages lie beside it, or no file can have two names, only there."""
    to = path.with_name(f"{path.stem}-{end}{path.suffix}")
    if not has_wal(path):
        with contextlib.suppress(OSError):
            os.link(path, to)
            return to
    return renamed(path, end)


def _put_diary(folder: Path, content: bytes | None) -> bool:
    """Where a diary is there already it stays: it holds what was said last, and what holds somebody back."""
    path = folder / DIARY
    if content is None or path.exists():
        return False
    _written(path, content)
    sync_folder(folder)
    return True


def _written(path: Path, content: bytes) -> None:
    """A new file for its owner alone, on the disk."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _gone(path: Path) -> None:
    """A file of ours that is not needed any more, with what lies beside it."""
    for end in ("-wal", "-shm", "-journal", ""):
        path.with_name(path.name + end).unlink(missing_ok=True)


@contextlib.contextmanager
def _as_store_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NoStore(f"{path} cannot be read ({error.strerror})") from error
    except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
        raise unusable(path, error) from error
