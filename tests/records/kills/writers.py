"""What is killed: a journal that is written, a diary that is added to, journals that are taken over, a schema that is
brought up. Each acknowledges what is on the disk, and each is asked afterwards what is really there."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from retrotread.guardian.messages import Stepped
from retrotread.records.file import NAME, Damaged, StoreError, opened
from retrotread.records.store import PersonFacts, Store
from retrotread.records.taking import Unreadable, take_over
from retrotread.safety.modes import Mode
from retrotread.sessions import diary
from retrotread.sessions.added_only import AddedOnlyDamaged, AddedOnlyError
from retrotread.sessions.diary import Slept
from retrotread.sessions.journal import SECOND_RECORD, Journal, JournalError, RunHead, close_interrupted, read_run
from retrotread.sessions.summary import Summary

from .faults import Point

HEAD = RunHead("ab12", "Two bouts", "h", 60.0, b"plan", "novice", "coach://", "retrotread")
SUMMARY = Summary("Two bouts", "done", True, 10.0, 10.0, 10.0, 5.0, 2.0, 0.0, ())
EVENTS, DAYS = 25, 12
STEPS_AN_EVENT = 4

TOLD = (JournalError, AddedOnlyError, StoreError, Unreadable)
"""What a writer that cannot go on says in a sentence."""

MISTAKEN = (AddedOnlyDamaged, Damaged)
"""What it may not say: a disk that fails is no damaged file, and nothing is given another name for it."""

Ack = Callable[[int], None]


class Lost(AssertionError):
    """Something is not as it was acknowledged."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Prepares a folder, works in it until it is killed, and is asked what is left: ``check`` raises Lost.

    ``check`` is told how many things were acknowledged, and whether the writer came to its end.
    """

    name: str
    prepare: Callable[[Path], None]
    work: Callable[[Path, Ack], None]
    check: Callable[[Path, int, bool], None]
    points: tuple[Point, ...]


def must(true: bool, what: str) -> None:
    """Raises Lost."""
    if not true:
        raise Lost(what)


def _whole(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        found = database.execute("PRAGMA integrity_check").fetchall()
    must(found == [("ok",)], f"{path.name}: {found}")


# --- a journal --------------------------------------------------------------------------------------------------


def _journal(folder: Path, ack: Ack) -> None:
    journal = Journal(folder / "run.sqlite", HEAD)
    for n in range(1, EVENTS + 1):
        for _ in range(STEPS_AN_EVENT):
            journal.step(Stepped(time.monotonic(), 100, (), (), Mode.RUN, ()))
        journal.event("mode", str(n), time.monotonic())
        while journal.events_saved < n and journal.failed is None:
            time.sleep(0)
        if journal.failed is not None:
            raise JournalError(journal.failed)
        ack(n)
    journal.close(SUMMARY)
    if journal.failed is not None:
        raise JournalError(journal.failed)


def _journal_after(folder: Path, acknowledged: int, ended: bool) -> None:
    path = folder / "run.sqlite"
    told = close_interrupted(folder)
    try:
        run = read_run(path)
    except (JournalError, OSError):
        must(acknowledged == 0, f"{acknowledged} events were acknowledged, and there is no journal")
        return
    _whole(path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        events = [
            text for (text,) in database.execute("SELECT text FROM event WHERE kind != ? ORDER BY n", (SECOND_RECORD,))
        ]
        steps = [n for (n,) in database.execute("SELECT n FROM supervisor_step ORDER BY n")]
        (state,) = database.execute("SELECT state FROM run").fetchone()
    must(events == [str(n) for n in range(1, len(events) + 1)], f"the events are no prefix: {events}")
    must(len(events) >= acknowledged, f"{acknowledged} events were acknowledged, {len(events)} are there")
    must(steps == list(range(1, len(steps) + 1)), "the steps are no prefix")
    must(len(steps) >= len(events) * STEPS_AN_EVENT, "an event is there without the steps before it")
    must(state == ("closed" if run.summary is not None else "interrupted"), f"the run is {state}")
    must(bool(told) is (state == "interrupted"), f"of a run that is {state} is said: {told}")
    must(state == "closed" or not ended, "the run is not closed")


JOURNAL = Writer(
    "journal", lambda folder: None, _journal, _journal_after,
    (
        Point("PRAGMA JOURNAL_MODE"), Point("CREATE TABLE"), Point("CREATE TABLE", True), Point("INSERT INTO RUN"),
        Point("INSERT INTO RUN", True), Point("COMMIT"), Point("COMMIT", True),
        Point("INSERT INTO SUPERVISOR_STEP", nth=7), Point("INSERT INTO EVENT"), Point("INSERT INTO EVENT", True, 3),
        Point("COMMIT", nth=5), Point("COMMIT", True, 5), Point("UPDATE RUN"), Point("UPDATE RUN", True),
        Point("COMMIT", nth=EVENTS + 2), Point("COMMIT", True, EVENTS + 2),
    ),
)  # fmt: skip


# --- the diary --------------------------------------------------------------------------------------------------


def _day(n: int) -> Slept:
    return Slept(f"2026-03-{n:02}", True)


def _diary(folder: Path, ack: Ack) -> None:
    for n in range(1, DAYS + 1):
        diary.add(folder, _day(n))
        ack(n)


def _diary_after(folder: Path, acknowledged: int, _ended: bool) -> None:
    there = [one.said for one in diary.entries(folder)]
    must(there == [_day(n) for n in range(1, len(there) + 1)], "the entries are no prefix")
    must(len(there) >= acknowledged, f"{acknowledged} entries were acknowledged, {len(there)} are there")
    diary.add(folder, _day(31))
    must(len(diary.entries(folder)) == len(there) + 1, "nothing can be added any more")
    _whole(folder / diary.NAME)


DIARY = Writer(
    "diary", lambda folder: None, _diary, _diary_after,
    (
        Point("PRAGMA JOURNAL_MODE"), Point("PRAGMA JOURNAL_MODE", True), Point("BEGIN"), Point("BEGIN", True),
        Point("CREATE TABLE"), Point("CREATE TABLE", True), Point("PRAGMA APPLICATION_ID", True),
        Point("INSERT INTO ENTRY", True), Point("COMMIT"), Point("COMMIT", True), Point("COMMIT", nth=4),
        Point("COMMIT", True, 4), Point("INSERT INTO ENTRY", nth=6),
    ),
)  # fmt: skip


# --- the store --------------------------------------------------------------------------------------------------


def taking(runs: tuple[Path, ...]) -> Writer:
    """Journals that are taken over into a store, each acknowledged once it is in it."""

    def prepare(folder: Path) -> None:
        (folder / "runs").mkdir()
        for one in runs:
            shutil.copy(one, folder / "runs")

    def work(folder: Path, ack: Ack) -> None:
        store = Store(opened(folder / NAME), folder / NAME)
        person = store.person_here(PersonFacts(True))
        for n, path in enumerate(sorted((folder / "runs").iterdir()), start=1):
            take_over(store, person, path)
            ack(n)

    def check(folder: Path, acknowledged: int, _ended: bool) -> None:
        names = [path.name for path in sorted((folder / "runs").iterdir())]
        if acknowledged:
            _whole(folder / NAME)
        store = Store(opened(folder / NAME), folder / NAME)
        there = _kept(folder / NAME)
        must(there == names[: len(there)], f"what is kept is no prefix: {there}")
        must(len(there) >= acknowledged, f"{acknowledged} runs were acknowledged, {len(there)} are there")
        must(store.damage() == (), f"{store.damage()}")
        work(folder, lambda _: None)
        must(_kept(folder / NAME) == names, "the next start does not go on")
        must(store.damage() == (), f"{store.damage()}")

    return Writer(
        "taking over", prepare, work, check,
        (
            Point("CREATE TABLE PERSON"), Point("CREATE TABLE SESSION", True), Point("ALTER TABLE", True),
            Point("PRAGMA USER_VERSION", True), Point("INSERT INTO PERSON", True), Point("INSERT INTO TREADMILL", True),
            Point("INSERT INTO SESSION"), Point("INSERT INTO SESSION", True), Point("INSERT INTO EVENT", True),
            Point("INSERT INTO SAMPLE"), Point("INSERT INTO SAMPLE", True), Point("COMMIT", nth=3),
            Point("COMMIT", True, 3), Point("INSERT INTO SESSION", nth=2), Point("INSERT INTO SAMPLE", True, 2),
        ),
    )  # fmt: skip


def _kept(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return [name for (name,) in database.execute("SELECT journal FROM session ORDER BY journal")]


def upgrading(schema: Path) -> Writer:
    """A store of an older schema that is brought to today's."""
    runs = _kept(schema)

    def prepare(folder: Path) -> None:
        shutil.copy(schema, folder / NAME)

    def work(folder: Path, ack: Ack) -> None:
        opened(folder / NAME)
        ack(1)

    def check(folder: Path, _acknowledged: int, _ended: bool) -> None:
        store = Store(opened(folder / NAME), folder / NAME)
        must(_kept(folder / NAME) == runs, "a run is missing")
        must(store.damage() == (), f"{store.damage()}")
        _whole(folder / NAME)

    return Writer(
        "upgrading", prepare, work, check,
        (
            Point("BEGIN", True), Point("ALTER TABLE"), Point("ALTER TABLE", True, 3), Point("CREATE TABLE HEALTH"),
            Point("CREATE TABLE HEALTH", True), Point("UPDATE ALEMBIC_VERSION"),
            Point("UPDATE ALEMBIC_VERSION", True), Point("PRAGMA USER_VERSION"), Point("PRAGMA USER_VERSION", True),
        ),
    )  # fmt: skip
