"""The live journal: one SQLite file a run, written by one thread, and what is found in it after a crash.

Every input of the supervisor and of the engine goes in, so that the file can be replayed, recovered and sent
as a report of a bug. Events are committed at once; steps in batches, each second. The belt never waits for
it: a queue stands between, and when that is full, steps are dropped and counted, events never.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from ..clock import monotonic_s, wall_now
from ..guardian import wire
from ..guardian.blackbox import NAME as RING
from ..guardian.messages import Armed, Connected, Stepped
from ..training.history import Event
from .conductor import Taken
from .second_record import LAST_STEPS, Step, beyond
from .sqlite_file import READING, WRITING, NotADatabase, ids, name_shown, running, uri
from .summary import Summary

# "RtJ1": tells our files from any other SQLite file.
APPLICATION_ID = 0x52744A31
SCHEMA_VERSION = 3
# Version 2 knew less of a machine and nothing of a heart; its tables are the same, and what is absent has its default.
READABLE = frozenset({2, SCHEMA_VERSION})
BATCH_S = 1.0
# Ten minutes of steps.
QUEUE_ROWS = 15_000
NO_LAYOUT = "{}"

# Kinds of events that are about the person: what they felt, what befell them, whether the checklist was gone through,
# who was there and what was ready; and that nobody was on the belt.
FELT, HAPPENED, CHECKLIST, COMPANY = "felt", "happened", "checklist", "company"
NEEDS, EMPTY_BELT = "ready", "empty belt"
# What the guardian's own record tells of a run that was cut off; written when that is closed.
SECOND_RECORD = "guardian's record"
ALONE, NOT_ALONE = "nobody else is there", "somebody is there"

_SCHEMA = """
CREATE TABLE run (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  run_id TEXT NOT NULL, began_utc TEXT NOT NULL, program TEXT NOT NULL,
  workout TEXT NOT NULL, plan_hash TEXT NOT NULL, plan_total_s REAL NOT NULL CHECK (abs(plan_total_s) < 1e6),
  plan BLOB NOT NULL, layout TEXT NOT NULL, tier TEXT NOT NULL, address TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'interrupted')),
  ended_utc TEXT, ended TEXT, summary TEXT, steps_dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE supervisor_step (
  n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, elapsed_ms INTEGER NOT NULL, mode TEXT NOT NULL,
  inputs TEXT NOT NULL, commands TEXT NOT NULL, causes TEXT NOT NULL
) STRICT;
CREATE TABLE supervisor_config (
  n INTEGER PRIMARY KEY, before_step INTEGER NOT NULL, at_ms INTEGER NOT NULL, armed TEXT NOT NULL
) STRICT;
CREATE TABLE connection (
  n INTEGER PRIMARY KEY, before_step INTEGER NOT NULL, connected TEXT NOT NULL
) STRICT;
CREATE TABLE engine_step (
  n INTEGER PRIMARY KEY, at_s REAL NOT NULL CHECK (abs(at_s) < 1e12), event TEXT NOT NULL, fields TEXT NOT NULL,
  phase TEXT NOT NULL, step INTEGER NOT NULL, speed_kph REAL NOT NULL, incline_percent REAL NOT NULL,
  cues TEXT NOT NULL
) STRICT;
CREATE TABLE event (
  n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, at_utc TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
"""


class JournalError(Exception):
    """The journal cannot be written or read; the message says which file and what to do."""


@dataclass(frozen=True, slots=True)
class RunHead:
    """What a run is, written before anything moves.

    ``plan`` is the workout as its author wrote it, ``layout`` how it was laid out in time: ``layout.Layout`` as JSON.
    """

    run_id: str
    workout: str
    plan_hash: str
    plan_total_s: float
    plan: bytes
    tier: str
    address: str
    program: str
    layout: str = NO_LAYOUT


@dataclass(frozen=True, slots=True)
class _Row:
    """One insertion; ``event`` rows are committed at once and never dropped."""

    sql: str
    values: tuple[Any, ...]
    event: bool = False


class Journal:
    """One run's file, open for writing. Methods return at once and may be called from any thread.

    ``events_saved``: how many events are on the disk, in the order in which they came; ``failed``: a sentence, once
    nothing more can be written.
    """

    def __init__(self, path: Path, head: RunHead) -> None:
        """Make the file. Raises JournalError where that cannot be done; an existing file is never touched."""
        self.path = path
        self._rows: queue.Queue[_Row | None] = queue.Queue()
        self._dropped = 0
        self._steps = 0
        self._taken = 0
        self._made = queue.Queue[Exception | None]()
        self.failed: str | None = None
        self._oldest_s: float | None = None
        self.events_saved = 0
        self._thread = threading.Thread(target=self._run, args=(head,), name="journal", daemon=True)
        self._thread.start()
        if (error := self._made.get()) is not None:
            raise JournalError(
                f"the journal {path} cannot be made ({error}); free space or choose another folder with RETROTREAD_DATA"
            ) from error

    # --- what goes in ---------------------------------------------------------------------------------------

    def step(self, stepped: Stepped) -> None:
        """One step of the supervisor."""
        self._steps += 1
        values = (
            self._steps,
            _ms(stepped.at_s),
            stepped.elapsed_ms,
            stepped.mode.value,
            _json(stepped.inputs),
            _json(stepped.commands),
            _json(stepped.causes),
        )
        self._put(_Row("INSERT INTO supervisor_step VALUES (?, ?, ?, ?, ?, ?, ?)", values))

    def connected(self, connected: Connected) -> None:
        """The machine and its connection, for the steps from the next one on."""
        values = (self._steps + 1, _json(connected))
        self._put(_Row("INSERT INTO connection (before_step, connected) VALUES (?, ?)", values, True))

    def armed(self, armed: Armed) -> None:
        """The configuration of the steps from the next one on."""
        values = (self._steps + 1, _ms(armed.at_s), _json(armed))
        self._put(_Row("INSERT INTO supervisor_config (before_step, at_ms, armed) VALUES (?, ?, ?)", values, True))

    def engine(self, taken: Taken) -> None:
        """One step of the engine, and what came of it."""
        self._taken += 1
        event = taken.event
        values = (
            self._taken,
            taken.at_s,
            type(event).__name__,
            json.dumps(asdict(event)),
            taken.phase.value,
            taken.step,
            *astuple(taken.wanted),
            _json(taken.cues),
        )
        self._put(_Row("INSERT INTO engine_step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values))

    def event(self, kind: str, text: str, at_s: float) -> None:
        """Something that must not be lost: a start, a stop, a cause, an acknowledgement."""
        values = (_ms(at_s), wall_now().isoformat(), kind, text)
        self._put(_Row("INSERT INTO event (at_ms, at_utc, kind, text) VALUES (?, ?, ?, ?)", values, True))

    def waiting_s(self, now_s: float) -> float:
        """How long the oldest row has waited that is not yet safe on the disk; up to ``BATCH_S`` is ordinary."""
        oldest_s = self._oldest_s
        return 0.0 if oldest_s is None else max(0.0, now_s - oldest_s)

    def close(self, summary: Summary) -> None:
        """The run is over: write the summary, commit everything, close the file. Waits for the disk."""
        values = (wall_now().isoformat(), summary.ended, json.dumps(asdict(summary)), self._dropped)
        sql = "UPDATE run SET state = 'closed', ended_utc = ?, ended = ?, summary = ?, steps_dropped = ?"
        self._rows.put(_Row(sql, values, True))
        self._rows.put(None)
        self._thread.join(timeout=10.0)

    def _put(self, row: _Row) -> None:
        if self.failed is not None:
            return
        if not row.event and self._rows.qsize() >= QUEUE_ROWS:
            self._dropped += 1
            return
        self._rows.put(row)

    # --- the writing thread ---------------------------------------------------------------------------------

    def _run(self, head: RunHead) -> None:
        try:
            database = _create(self.path, head)
        except Exception as error:  # noqa: BLE001  whatever it is, who waits for the file must hear of it
            self._made.put(error)
            return
        self._made.put(None)
        try:
            with contextlib.closing(database):
                self._write_all(database)
        except Exception as error:  # noqa: BLE001  whatever it is, the belt goes on without its journal and says so
            self.failed = f"the journal {self.path} can no longer be written ({error}); the run goes on without it"

    def _write_all(self, database: sqlite3.Connection) -> None:
        """Rows until the end: events are committed at once, steps once a second."""
        due_s, events = monotonic_s() + BATCH_S, 0
        while True:
            row: _Row | None = _NOTHING
            with contextlib.suppress(queue.Empty):
                row = self._rows.get(timeout=max(0.0, due_s - monotonic_s()))
            if row is None:
                break
            if row.sql:
                if self._oldest_s is None:
                    self._oldest_s = monotonic_s()
                database.execute(row.sql, row.values)
                events += row.event
            if row.event or monotonic_s() >= due_s:
                database.commit()
                self.events_saved = events
                self._oldest_s = None
                due_s = monotonic_s() + BATCH_S
        database.commit()


_NOTHING = _Row("", ())


def _create(path: Path, head: RunHead) -> sqlite3.Connection:
    """The file, readable by its owner alone; SQLite gives its side files the same mode."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    database = sqlite3.connect(path, check_same_thread=False)
    for setting in WRITING:
        database.execute(setting)
    database.executescript(_SCHEMA)
    database.execute(f"PRAGMA application_id={APPLICATION_ID}")
    database.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
    values = (
        head.run_id,
        wall_now().isoformat(),
        head.program,
        head.workout,
        head.plan_hash,
        head.plan_total_s,
        head.plan,
        head.layout,
        head.tier,
        head.address,
        "open",
    )
    columns = "id, run_id, began_utc, program, workout, plan_hash, plan_total_s, plan, layout, tier, address, state"
    database.execute(f"INSERT INTO run ({columns}) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    database.commit()
    return database


def close_interrupted(folder: Path) -> tuple[str, ...]:
    """Close every run in ``folder`` that was left open, as interrupted; a sentence for each.

    To be called before a run begins and by the only main process: an open run then belongs to nobody. A file
    that is no journal of ours, or is damaged, is named and left as it is. What the guardian's own record tells of the
    run becomes its last event.
    """
    return tuple(sentence for path in sorted(folder.glob("*.sqlite")) if (sentence := _close_one(path)) is not None)


def _close_one(path: Path) -> str | None:
    try:
        with contextlib.closing(open_ours(path, "ro")) as database:
            row = database.execute("SELECT state, workout, began_utc FROM run").fetchone()
            span_ms = _span_ms(database)
            last = _last_steps(database)
        if row is None or row[0] != "open":
            return None
        sentence = f"the run {row[1]!r} of {row[2][:16].replace('T', ' ')} UTC was interrupted {_after(span_ms)}"
        told = beyond(_ring_of(path.parent), last)
        with contextlib.closing(open_ours(path, "rw")) as database:
            database.execute(_LAST_EVENT, (_now(), SECOND_RECORD, told))
            database.execute("UPDATE run SET state = 'interrupted', ended_utc = ?, ended = ?", (_now(), sentence))
            database.commit()
        return sentence
    except Exception as error:  # noqa: BLE001  damage shows as many kinds of error, UnicodeDecodeError among them
        return f"{name_shown(path)} is not a journal that this version can read ({error}); it was left as it is"


_LAST_EVENT = """
INSERT INTO event (at_ms, at_utc, kind, text) SELECT max(
  coalesce((SELECT max(at_ms) FROM supervisor_step), 0), coalesce((SELECT max(at_ms) FROM event), 0)
), ?, ?, ?
"""


def _ring_of(runs: Path) -> Path:
    """The ring stands in the data folder, also where the runs are a participant's."""
    from .clinic.register import data_folder_of

    return data_folder_of(runs.parent) / RING


def _last_steps(database: sqlite3.Connection) -> tuple[Step, ...]:
    sql = "SELECT at_ms, elapsed_ms, mode FROM supervisor_step ORDER BY n DESC LIMIT ?"
    return tuple(Step(*row) for row in reversed(database.execute(sql, (LAST_STEPS,)).fetchall()))


def open_ours(path: Path, mode: str) -> sqlite3.Connection:
    """A journal of ours, of a schema we know, opened as SQLite's ``mode`` says. Raises JournalError or sqlite3.Error.

    Nothing is written, not even a setting, before it is known to be ours.
    """
    try:
        application, version = ids(path)
    except NotADatabase as error:
        raise JournalError(str(error)) from None
    if application != APPLICATION_ID:
        raise JournalError("it was made by another program")
    if version not in READABLE:
        raise JournalError(f"its schema is version {version}, this program knows {SCHEMA_VERSION}")
    database = sqlite3.connect(uri(path, mode), uri=True)
    try:
        for setting in WRITING if mode == "rw" else READING:
            database.execute(setting)
        if (name := running(database)) is not None:
            raise JournalError(f"it holds {name!r}, which would run when it is used; no journal has such a thing")
    except BaseException:
        database.close()
        raise
    return database


def _span_ms(database: sqlite3.Connection) -> tuple[int, int] | None:
    row = database.execute("SELECT min(at_ms), max(at_ms) FROM supervisor_step").fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def _after(span_ms: tuple[int, int] | None) -> str:
    if span_ms is None:
        return "before the first step was recorded"
    return f"after {(span_ms[1] - span_ms[0]) / 1000:.0f} s; it is kept, and nothing of it goes on"


@dataclass(frozen=True, slots=True)
class RunRead:
    """What a journal says of its run as a whole. ``summary`` is None for a run that was not closed in order.

    ``span_s`` is the time between the first recorded step of the supervisor and the last. ``halts``: what the person
    said in it that somebody has to be asked about, a symptom or a fall, in words. ``empty_belt``: nobody was on it.
    """

    began_utc: str
    address: str
    summary: dict[str, Any] | None
    span_s: float
    run_id: str = ""
    workout: str = ""
    halts: tuple[str, ...] = ()
    empty_belt: bool = False


def read_run(path: Path) -> RunRead:
    """The head of a journal and its summary. Raises JournalError, sqlite3.Error or ValueError for damage."""
    with contextlib.closing(open_ours(path, "ro")) as database:
        row = database.execute("SELECT began_utc, address, summary, run_id, workout FROM run").fetchone()
        span_ms = None if row is None or row[2] is not None else _span_ms(database)
        of_person = "SELECT kind, text FROM event WHERE kind IN (?, ?, ?) ORDER BY n"
        told = database.execute(of_person, (EMPTY_BELT, FELT, HAPPENED)).fetchall()
    if row is None:
        raise JournalError("it holds no run")
    summary = None if row[2] is None else json.loads(row[2])
    span_s = 0.0 if span_ms is None else (span_ms[1] - span_ms[0]) / 1000
    halts = tuple(text for kind, text in told if kind == FELT or (kind == HAPPENED and text == Event.FALL))
    return RunRead(row[0], row[1], summary, span_s, row[3], row[4], halts, any(kind == EMPTY_BELT for kind, _ in told))


@dataclass(frozen=True, slots=True)
class RunRows:
    """Everything of a journal that can be run again, as it is written there, in order.

    ``connections`` and ``armed`` begin with the number of the step that they come before; ``dropped`` is what a journal
    that was closed in order says of the steps that it could not keep.
    """

    name: str
    plan: bytes
    plan_hash: str
    layout: str
    dropped: int
    connections: tuple[tuple[int, str], ...]
    armed: tuple[tuple[int, str], ...]
    steps: tuple[tuple[Any, ...], ...]
    taken: tuple[tuple[Any, ...], ...]


def read_rows(path: Path) -> RunRows:
    """What a replay needs of a journal, closed or not. Raises JournalError or sqlite3.Error."""
    with contextlib.closing(open_ours(path, "ro")) as database:
        database.execute("BEGIN")  # of a journal that is being written, one moment
        head = database.execute("SELECT workout, plan, plan_hash, layout, steps_dropped FROM run").fetchone()
        if head is None:
            raise JournalError("it holds no run")
        if head[3] == NO_LAYOUT:
            raise JournalError("it does not say how its plan was laid out in time")
        asked = (
            "SELECT before_step, connected FROM connection ORDER BY n",
            "SELECT before_step, armed FROM supervisor_config ORDER BY n",
            "SELECT n, at_ms, elapsed_ms, mode, inputs, commands, causes FROM supervisor_step ORDER BY n",
            "SELECT n, at_s, event, fields, phase, step, speed_kph, incline_percent, cues FROM engine_step ORDER BY n",
        )
        return RunRows(*head, *(tuple(database.execute(sql).fetchall()) for sql in asked))


def read_steps(path: Path) -> Iterable[Stepped]:
    """The supervisor's steps of a journal, in order. Raises JournalError, sqlite3.Error or WireError."""
    with contextlib.closing(open_ours(path, "ro")) as database:
        rows = database.execute(
            "SELECT at_ms, elapsed_ms, inputs, commands, mode, causes FROM supervisor_step ORDER BY n"
        ).fetchall()
    return tuple(_stepped(row) for row in rows)


def _stepped(row: tuple[int, int, str, str, str, str]) -> Stepped:
    at_ms, elapsed_ms, inputs, commands, mode, causes = row
    raw = {
        "_": "Stepped",
        "at_s": at_ms / 1000,
        "elapsed_ms": elapsed_ms,
        "inputs": json.loads(inputs),
        "commands": json.loads(commands),
        "mode": mode,
        "causes": json.loads(causes),
    }
    stepped: Stepped = wire.from_record(Stepped, raw)
    return stepped


def _json(value: object) -> str:
    return json.dumps(wire.plain(value), separators=(",", ":"), allow_nan=False)


def _ms(moment_s: float) -> int:
    return round(moment_s * 1000)


def _now() -> str:
    return wall_now().isoformat()
