"""Files that were damaged on the disk: an exact beginning comes back, or the damage is told; none of it is silent."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.records.conftest import Made, said_by_sqlite
from tests.records.kills.writers import EVENTS, HEAD

from retrotread.records.file import NAME, Damaged, NoStore, StoreError, opened, unusable
from retrotread.records.opening import kept_in
from retrotread.records.store import Store
from retrotread.records.taking import take_over_all
from retrotread.sessions.journal import SECOND_RECORD, Journal, JournalError, close_interrupted, read_run

WAYS = 60
FLIPS = 120
OF_SESSIONS = ("session", "event", "said", "sample")


# --- the newest pages of a journal ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def left_open(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal as a crash leaves it: its events are in the file beside it."""
    folder = tmp_path_factory.mktemp("open")
    journal = Journal(folder / "run.sqlite", HEAD)
    for n in range(1, EVENTS + 1):
        journal.event("mode", str(n), float(n))
    while journal.events_saved < EVENTS:
        assert journal.failed is None
    (folder / "crashed").mkdir()
    for name in ("run.sqlite", "run.sqlite-wal"):
        shutil.copy(folder / name, folder / "crashed" / name)
    journal._rows.put(None)
    journal._thread.join(10.0)
    return folder / "crashed"


def cut_off(data: bytearray, at: int) -> None:
    del data[at:]


def wrong_bit(data: bytearray, at: int) -> None:
    data[at] ^= 1 << (at % 8)


def overwritten(data: bytearray, at: int) -> None:
    data[at : at + 500] = bytes(min(500, len(data) - at))


@pytest.mark.parametrize("way", [cut_off, wrong_bit, overwritten])
def test_newest_pages_that_are_damaged_leave_an_exact_beginning(
    tmp_path: Path, left_open: Path, way: Callable[[bytearray, int], None]
) -> None:
    places, lengths = random.Random(4), set[int]()
    for n in range(WAYS):
        folder = Path(shutil.copytree(left_open, tmp_path / f"{n}"))
        pages = folder / "run.sqlite-wal"
        data = bytearray(pages.read_bytes())
        way(data, places.randrange(len(data)))
        pages.write_bytes(data)
        told = close_interrupted(folder)
        try:
            read_run(folder / "run.sqlite")
        except (JournalError, sqlite3.Error):
            assert told == () or "was left as it is" in told[0]
            lengths.add(0)
            continue
        with contextlib.closing(sqlite3.connect(folder / "run.sqlite")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            events = [
                text
                for (text,) in database.execute("SELECT text FROM event WHERE kind != ? ORDER BY n", (SECOND_RECORD,))
            ]
        assert events == [str(one) for one in range(1, len(events) + 1)]
        lengths.add(len(events))
    assert len(lengths) > 5, "the damage fell into one place alone"


# --- a wrong bit in the store -----------------------------------------------------------------------------------


@pytest.fixture
def kept(run: Made, runs: Path, store: Store, person: int) -> Path:
    """A store of two runs, closed."""
    for day in (2, 4):
        run(f"r{day}", f"2026-03-{day:02}T09:00:00+00:00")
    assert take_over_all(store, person, runs).new == 2
    with contextlib.closing(sqlite3.connect(store.path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return store.path


def rows(path: Path) -> dict[str, object]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return {name: database.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in OF_SESSIONS}


def found_by(path: Path, before: dict[str, object]) -> str:
    """Who tells of a wrong bit; harmless: no row of a session has changed; silent: one has, and nobody tells."""
    try:
        store = Store(opened(path), path)
        if store.damage():
            return "the chain"
        store.sessions(), store.history()
    except StoreError:
        return "SQLite"
    return "harmless" if rows(path) == before else "silent"


def test_a_wrong_bit_in_the_store_is_never_silent(tmp_path: Path, kept: Path) -> None:
    before, places, found = rows(kept), random.Random(11), Counter[str]()
    data = kept.read_bytes()
    filled = [at for at, byte in enumerate(data) if byte]  # most of a small file is pages with nothing in them yet
    for _ in range(FLIPS):
        at, bit, wrong = places.choice(filled), places.randrange(8), bytearray(data)
        wrong[at] ^= 1 << bit
        path = tmp_path / "wrong.sqlite"
        for side in ("", "-wal", "-shm"):
            path.with_name(path.name + side).unlink(missing_ok=True)
        path.write_bytes(wrong)
        who = found_by(path, before)
        assert who != "silent", f"bit {bit} of byte {at}"
        found[who] += 1
    assert found["the chain"] > FLIPS // 4, found
    assert found["SQLite"] > 0, found


@pytest.mark.parametrize(
    ("words", "code", "kind", "mend"),
    [
        ("database is locked", sqlite3.SQLITE_BUSY, NoStore, "is held by another program (database is locked); end it"),
        ("database table is locked", sqlite3.SQLITE_LOCKED, NoStore, "is held by another program"),
        ("attempt to write a readonly database", sqlite3.SQLITE_READONLY, NoStore, "give back the right to write"),
        ("unable to open database file", sqlite3.SQLITE_CANTOPEN, NoStore, "give back the right to write"),
        ("disk I/O error", sqlite3.SQLITE_IOERR | 1 << 8, NoStore, "its disk fails or is full"),
        ("database or disk is full", sqlite3.SQLITE_FULL, NoStore, "free space on its disk"),
        ("out of memory", sqlite3.SQLITE_NOMEM, NoStore, "end other programs, and try again: the memory is full"),
        ("locking protocol", sqlite3.SQLITE_PROTOCOL, NoStore, "cannot be used (locking protocol); end other programs"),
        ("interrupted", sqlite3.SQLITE_INTERRUPT, NoStore, "cannot be used (interrupted); end other programs"),
        ("cannot start a transaction within a transaction", sqlite3.SQLITE_ERROR, NoStore, "cannot be used"),
        ("something of tomorrow", 99, NoStore, "cannot be used"),
        ("no such column: day", sqlite3.SQLITE_ERROR, Damaged, "is damaged (no such column: day)"),
        ("database disk image is malformed", sqlite3.SQLITE_CORRUPT, Damaged, "is damaged"),
        ("file is not a database", sqlite3.SQLITE_NOTADB, Damaged, "is damaged"),
    ],
)
def test_only_what_sqlite_calls_damage_is_damage_and_takes_the_store_its_name(
    tmp_path: Path, words: str, code: int, kind: type[StoreError], mend: str
) -> None:
    found = unusable(tmp_path / NAME, said_by_sqlite(words, code))
    assert type(found) is kind
    assert mend in str(found)


# --- what is no damage ------------------------------------------------------------------------------------------


def test_a_disk_that_fails_is_no_damage_and_the_store_keeps_its_name(
    tmp_path: Path, run: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    kept_in(tmp_path, None)
    run("cd34", "2026-03-05T09:00:00+00:00")

    def fails(*_: object) -> None:
        raise unusable(tmp_path / NAME, said_by_sqlite("disk I/O error", sqlite3.SQLITE_IOERR))

    monkeypatch.setattr(Store, "person_here", fails)
    kept = kept_in(tmp_path, None)
    assert kept.store is not None
    assert len(kept.store.sessions()) == 1
    assert "disk fails or is full" in kept.problems[0]
    assert list(tmp_path.glob("records-damaged-*")) == []
