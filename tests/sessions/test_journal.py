"""The journal: what is in it, when it is on the disk, and what a crash or a foreign file does to it."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from retrotread.guardian.messages import Armed, Stepped
from retrotread.machine import (
    STANDSTILL,
    BeltDirection,
    Capabilities,
    DeviceProfile,
    Facing,
    Setpoint,
    SetSpeed,
    StartBelt,
    StopBelt,
)
from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.inputs import Beat, HoldCompleted, Seen, StopAsked, StopBy, Wanted
from retrotread.safety.limits import Limit, Limits, PlanCeiling
from retrotread.safety.modes import Mode
from retrotread.sessions import journal as journals
from retrotread.sessions.conductor import Taken
from retrotread.sessions.journal import Journal, JournalError, RunHead, close_interrupted, read_steps
from retrotread.sessions.summary import Summary
from retrotread.workouts.engine import BeltStopped, NudgeRequested, Phase

DEADLINE_S = 10.0
HEAD = RunHead("ab12", "Ladder 1", "f00d", 1080.0, b"retrotread: 1\n", "novice", "sim://well-behaved", "retrotread 0")
SUMMARY = Summary("Ladder 1", "the plan is done", True, 1100.0, 1080.0, 1080.0, 288.4, 1.5, 0.0, ("the plan is done",))
STOP = Cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed", Clears.WHEN_ACKNOWLEDGED)
STEPS = (
    Stepped(100.0, 100, (Seen(0, 0, None), Beat(120, True)), (), Mode.ARMED, ()),
    Stepped(100.104, 104, (HoldCompleted(),), (StartBelt(),), Mode.STARTING, ()),
    Stepped(100.2, 96, (Wanted(150, 10), Seen(80, None, True)), (SetSpeed(110),), Mode.RUN, ()),
    Stepped(100.3, 100, (StopAsked(StopBy.OPERATOR),), (StopBelt(),), Mode.STOPPING, (STOP,)),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "20261121T100000Z-ab12.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, HEAD)
    yield journal
    journal.close(SUMMARY)


def rows(path: Path, sql: str) -> list[Any]:
    """What is committed, as another process sees it."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


def until(reached: Callable[[], bool]) -> bool:
    """Whether it was reached in time; the writing thread has no other way to be waited for."""
    deadline_s, pause = time.monotonic() + DEADLINE_S, threading.Event()
    while not reached() and time.monotonic() < deadline_s:
        pause.wait(0.01)
    return reached()


# --- the file ---------------------------------------------------------------------------------------------------


def test_a_journal_carries_its_application_and_schema_version_from_the_first_commit(
    journal: Journal, path: Path
) -> None:
    assert rows(path, "PRAGMA application_id") == [(0x52744A31,)]
    assert rows(path, "PRAGMA user_version") == [(3,)]
    (row,) = rows(path, "SELECT run_id, workout, plan_hash, plan_total_s, plan, tier, address, program, state FROM run")
    assert row == (
        "ab12",
        "Ladder 1",
        "f00d",
        1080.0,
        b"retrotread: 1\n",
        "novice",
        HEAD.address,
        "retrotread 0",
        "open",
    )


def test_every_table_is_strict(journal: Journal, path: Path) -> None:
    tables = {name: strict for _, name, kind, _, _, strict in rows(path, "PRAGMA table_list") if kind == "table"}
    ours = {name for name in tables if not name.startswith("sqlite_")}
    assert ours == {"run", "supervisor_step", "supervisor_config", "connection", "engine_step", "event"}
    assert all(tables[name] for name in ours)


def test_what_is_committed_survives_a_power_cut(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def connecting(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", connecting)
    journal = Journal(path, HEAD)
    settings = {
        name: opened[0].execute(f"PRAGMA {name}").fetchone()[0]
        for name in (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "trusted_schema",
            "cell_size_check",
            "secure_delete",
        )
    }
    journal.close(SUMMARY)
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
    }


def test_the_file_and_what_lies_beside_it_are_for_their_owner_alone(journal: Journal, path: Path) -> None:
    journal.event("mode", "idle", 1.0)
    assert until(lambda: len(rows(path, "SELECT * FROM event")) == 1)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    assert set(modes) == {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("content", ["mine", ""])
def test_a_journal_never_takes_the_place_of_a_file(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(JournalError, match=r"journal .*ab12\.sqlite cannot be made .*RETROTREAD_DATA"):
        Journal(path, HEAD)
    assert path.read_text() == content


def test_a_journal_without_a_folder_says_which_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"missing/x\.sqlite cannot be made \(.*No such file.*RETROTREAD_DATA"):
        Journal(tmp_path / "missing" / "x.sqlite", HEAD)


# --- what goes in -----------------------------------------------------------------------------------------------


def test_an_event_is_on_the_disk_at_once_with_every_step_before_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "BATCH_S", 3600.0)
    journal = Journal(path, HEAD)
    journal.step(STEPS[0])
    journal.event("mode", "armed", 100.0)
    assert until(lambda: len(rows(path, "SELECT * FROM event")) == 1)
    assert rows(path, "SELECT at_ms, kind, text FROM event") == [(100_000, "mode", "armed")]
    assert rows(path, "SELECT n, at_ms, mode FROM supervisor_step") == [(1, 100_000, "armed")]
    journal.close(SUMMARY)


def test_steps_wait_for_their_batch_and_no_longer(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "BATCH_S", 0.05)
    journal = Journal(path, HEAD)
    for step in STEPS:
        journal.step(step)
    assert until(lambda: len(rows(path, "SELECT * FROM supervisor_step")) == len(STEPS))
    journal.close(SUMMARY)


def test_a_batch_is_at_most_a_second() -> None:
    assert journals.BATCH_S <= 1.0


def test_what_the_engine_is_told_is_kept_with_what_came_of_it(path: Path) -> None:
    journal = Journal(path, HEAD)
    journal.engine(Taken(5.0, NudgeRequested(0.1), Phase.RUNNING, 2, Setpoint(1.5, 2.0), ("step: Up",)))
    journal.engine(Taken(6.5, BeltStopped("the key was pulled"), Phase.STOPPED, 2, STANDSTILL))
    journal.close(SUMMARY)
    assert rows(path, "SELECT * FROM engine_step") == [
        (1, 5.0, "NudgeRequested", '{"by_kph": 0.1}', "running", 2, 1.5, 2.0, '["step: Up"]'),
        (2, 6.5, "BeltStopped", '{"cause": "the key was pulled"}', "stopped", 2, 0.0, 0.0, "[]"),
    ]


def test_an_arming_is_kept_before_the_step_that_it_is_the_first_of(path: Path) -> None:
    limits = Limits(Limit(300, "tier novice at home, backward"), Limit(0, "tier novice at home"))
    profile = DeviceProfile("bench", Capabilities(50, 1600, 10))
    plan = PlanCeiling(150, 0, "Ladder 1")
    journal = Journal(path, HEAD)
    journal.step(STEPS[0])
    journal.armed(Armed(100.05, profile, "novice", Facing.REAR, BeltDirection.FORWARD, plan, limits))
    journal.step(STEPS[1])
    journal.close(SUMMARY)
    ((before_step, at_ms, armed),) = rows(path, "SELECT before_step, at_ms, armed FROM supervisor_config")
    assert (before_step, at_ms) == (2, 100_050)
    assert json.loads(armed)["limits"]["speed_ckph"] == {
        "_": "Limit",
        "value": 300,
        "reason": "tier novice at home, backward",
    }


def test_steps_are_dropped_and_counted_when_the_disk_is_behind_but_events_never(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "QUEUE_ROWS", 0)
    journal = Journal(path, HEAD)
    for step in STEPS:
        journal.step(step)
    journal.event("mode", "stopping", 100.3)
    journal.close(SUMMARY)
    assert rows(path, "SELECT count(*) FROM supervisor_step") == [(0,)]
    assert rows(path, "SELECT text FROM event") == [("stopping",)]
    assert rows(path, "SELECT steps_dropped FROM run") == [(4,)]


def test_the_queue_holds_ten_minutes_of_steps() -> None:
    ticks_and_reports_a_second = 10 + 4
    assert 600 * ticks_and_reports_a_second <= journals.QUEUE_ROWS <= 20_000


def test_closing_keeps_everything_and_leaves_one_file(path: Path) -> None:
    journal = Journal(path, HEAD)
    for step in STEPS:
        journal.step(step)
    journal.close(SUMMARY)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    ((state, ended, summary, dropped),) = rows(path, "SELECT state, ended, summary, steps_dropped FROM run")
    assert (state, ended, dropped) == ("closed", "the plan is done", 0)
    assert json.loads(summary)["distance_m"] == 288.4
    assert rows(path, "SELECT count(*) FROM supervisor_step") == [(4,)]


# --- reading ----------------------------------------------------------------------------------------------------


def test_steps_come_back_as_they_went_in(path: Path) -> None:
    journal = Journal(path, HEAD)
    for step in STEPS:
        journal.step(step)
    journal.close(SUMMARY)
    assert tuple(read_steps(path)) == STEPS


def test_reading_changes_nothing_and_leaves_nothing_beside_the_file(path: Path) -> None:
    Journal(path, HEAD).close(SUMMARY)
    before = path.read_bytes()
    read_steps(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_journal_that_is_being_written_can_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "BATCH_S", 0.05)
    journal = Journal(path, HEAD)
    journal.step(STEPS[0])
    assert until(lambda: tuple(read_steps(path)) == STEPS[:1])
    journal.close(SUMMARY)


def test_a_step_that_is_no_step_is_refused(path: Path) -> None:
    Journal(path, HEAD).close(SUMMARY)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("""INSERT INTO supervisor_step VALUES (1, 1, 1, 'running', '[{"_": "Popen"}]', '[]', '[]')""")
        database.commit()
    with pytest.raises(ValueError, match="Popen"):
        read_steps(path)


# --- after a crash ----------------------------------------------------------------------------------------------

CRASH = """
import os, signal, sys
from pathlib import Path
from retrotread.guardian.messages import Stepped
from retrotread.safety.modes import Mode
from retrotread.sessions.journal import Journal, RunHead
path = Path(sys.argv[1])
head = RunHead("cd34", "Ladder 3", "beef", 60.0, b"plan", "novice", "sim://well-behaved", "retrotread 0")
journal = Journal(path, head)
for tick in range(43):
    journal.step(Stepped(10.0 + tick, 100, (), (), Mode.RUN, ()))
journal.event("mode", "running", 52.0)
sys.stdin.readline()
"""


def crashed_run(path: Path) -> None:
    """A run of 42 s whose process was killed once its event was on the disk."""
    process = subprocess.Popen([sys.executable, "-c", CRASH, str(path)], stdin=subprocess.PIPE)
    try:
        assert until(lambda: path.exists() and path.with_name(path.name + "-wal").exists())
        assert until(lambda: _events(path) == 1)
    finally:
        process.kill()
        process.wait(DEADLINE_S)
        assert process.stdin is not None
        process.stdin.close()


def _events(path: Path) -> int:
    try:
        return int(rows(path, "SELECT count(*) FROM event")[0][0])
    except sqlite3.Error:  # its tables are not there yet
        return 0


def test_a_run_that_was_killed_is_found_told_and_closed_as_interrupted_once(path: Path) -> None:
    crashed_run(path)
    (sentence,) = close_interrupted(path.parent)
    assert sentence.startswith("the run 'Ladder 3' of 20")
    assert sentence.endswith("UTC was interrupted after 42 s; it is kept, and nothing of it goes on")
    assert rows(path, "SELECT state, ended FROM run") == [("interrupted", sentence)]
    assert len(tuple(read_steps(path))) == 43
    assert close_interrupted(path.parent) == ()


def test_reading_what_a_crash_left_leaves_it_as_it_is(path: Path) -> None:
    crashed_run(path)
    before = _contents(path.parent)
    assert len(tuple(read_steps(path))) == 43
    assert _contents(path.parent) == before


def test_a_run_without_a_step_is_interrupted_before_its_first(path: Path) -> None:
    Journal(path, HEAD)._rows.put(None)  # its thread ends without the run being closed
    assert until(lambda: not path.with_name(path.name + "-wal").exists())
    (sentence,) = close_interrupted(path.parent)
    assert sentence.endswith("was interrupted before the first step was recorded")


def test_a_run_that_was_closed_in_order_is_no_news(path: Path) -> None:
    Journal(path, HEAD).close(SUMMARY)
    before = path.read_bytes()
    assert close_interrupted(path.parent) == ()
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def _foreign(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE photo (id INTEGER)")
        database.commit()


def _foreign_and_not_closed(path: Path) -> None:
    program = (
        "import os, sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute('PRAGMA journal_mode=WAL');"
        "d.execute('CREATE TABLE photo (id INTEGER)'); d.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
    assert path.with_name(path.name + "-wal").stat().st_size > 0


def _newer(path: Path) -> None:
    Journal(path, HEAD).close(SUMMARY)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version=4")


def _damaged(path: Path) -> None:
    crashed = Journal(path, HEAD)
    crashed._rows.put(None)
    crashed._thread.join(DEADLINE_S)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)  # every page but the first
    path.write_bytes(content)


def _truncated(path: Path) -> None:
    Journal(path, HEAD).close(SUMMARY)
    path.write_bytes(path.read_bytes()[:5000])


ODD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "another program's": (_foreign, "it was made by another program"),
    "another program's, not closed": (_foreign_and_not_closed, "it was made by another program"),
    "of a newer schema": (_newer, "its schema is version 4, this program knows 3"),
    "no database": (lambda path: path.write_bytes(b"a" * 5000), "it is no database"),
    "cut off in its header": (lambda path: path.write_bytes(b"SQLite format 3\0" + b"a" * 40), "it is no database"),
    "empty": (lambda path: path.touch(), "it is no database"),
    "damaged": (_damaged, "malformed"),
    "truncated": (_truncated, "malformed"),
    "a folder": (lambda path: path.mkdir(), "it is not a file"),
    "a pipe": (os.mkfifo, "it is not a file"),
}


@pytest.mark.parametrize(("make", "reason"), ODD_FILES.values(), ids=ODD_FILES.keys())
def test_a_file_that_is_no_journal_of_ours_is_named_and_left_as_it_is(
    path: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(path)
    before = _contents(path.parent)
    (sentence,) = close_interrupted(path.parent)
    assert sentence.startswith(f"{path.name} is not a journal that this version can read")
    assert reason in sentence
    assert sentence.endswith("it was left as it is")
    assert _contents(path.parent) == before


def _contents(folder: Path) -> dict[str, bytes | None]:
    """Every file but SQLite's shared memory, which is no part of what is kept."""
    files = (one for one in folder.iterdir() if not one.name.endswith("-shm"))
    return {one.name: one.read_bytes() if one.is_file() else None for one in files}


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_closed(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"nothing")
    crashed_run(tmp_path / "b.sqlite")
    told = close_interrupted(tmp_path)
    assert [sentence.partition(" ")[0] for sentence in told] == ["a.sqlite", "the"]


# --- trouble with the disk --------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_holds_nobody_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = journal_on_a_full_disk(path, monkeypatch)
    assert until(lambda: journal.failed is not None)
    assert journal.failed is not None
    assert str(path) in journal.failed
    assert "database or disk is full" in journal.failed
    for step in STEPS * 100:
        journal.step(step)
    journal.event("mode", "stopping", 2.0)
    began_s = time.monotonic()
    journal.close(SUMMARY)
    assert time.monotonic() - began_s < 2.0
    assert journal._rows.qsize() < 10
    monkeypatch.undo()
    assert len(close_interrupted(path.parent)) == 1


def journal_on_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def connecting(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", connecting)
    journal = Journal(path, HEAD)
    (pages,) = opened[0].execute("PRAGMA page_count").fetchone()
    opened[0].execute(f"PRAGMA max_page_count={pages}")
    journal.event("filler", "x" * 100_000, 0.0)
    return journal


def test_a_value_that_the_file_cannot_hold_is_told_too(path: Path) -> None:
    journal = Journal(path, HEAD)
    journal.event("mode", "running", 1e300)
    assert until(lambda: journal.failed is not None)
    journal.close(SUMMARY)
