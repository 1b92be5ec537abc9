"""Journals that are taken over: once, whole, and none of them touched."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select
from tests.records.conftest import ADDRESS, Made, changed

from retrotread.machine import BeltDirection
from retrotread.records.store import Store
from retrotread.records.tables import EVENT, SAID, SAMPLE, SESSION
from retrotread.records.taking import Came, TakenOver, Unreadable, take_over, take_over_all
from retrotread.sessions import journal as journals
from retrotread.sessions.journal_whole import FILE_MAX_BYTES
from retrotread.training.history import Dose, Event, Pain, Session

DAY = date(2026, 3, 2)


def rows(store: Store, table: Table) -> list[Any]:
    with store.transaction() as connection:
        return list(connection.execute(select(table)).all())


def count(store: Store) -> dict[str, int]:
    with store.transaction() as connection:
        return {
            table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in (SESSION, EVENT, SAID, SAMPLE)
        }


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- a run that was closed --------------------------------------------------------------------------------------


def test_a_run_is_kept_with_its_plan_its_samples_its_events_and_what_was_said(
    run: Made, store: Store, person: int
) -> None:
    assert take_over(store, person, run()) is Came.NEW
    (one,) = store.sessions()
    assert (one.run_id, one.workout, one.level, one.state, one.ended) == (
        "ab12",
        "Two bouts",
        1,
        "closed",
        "the plan is done",
    )
    assert (one.complete, one.partial, one.simulated, one.address) == (True, False, False, ADDRESS)
    assert (one.pain_before, one.pain_during, one.pain_after, one.effort) == (0, 1, 0, 3)
    (session,) = rows(store, SESSION)
    assert session.plan.startswith(b"retrotread: 1\nname: Two bouts\n")
    assert len(session.plan_hash) == 64
    samples = rows(store, SAMPLE)
    assert len(samples) == pytest.approx(one.elapsed_ms / 1000, abs=10)
    assert max(sample.speed_ckph for sample in samples) == 150
    assert [event.text for event in rows(store, EVENT)] == ["armed", "standstill"]


def test_a_run_is_a_session_of_the_ladder_by_what_was_measured(run: Made, store: Store, person: int) -> None:
    take_over(store, person, run())
    assert store.history() == (
        Session(
            DAY,
            1,
            5.5,
            dose=Dose(2, 60.0, 1.5),
            device=ADDRESS,
            belt=BeltDirection.FORWARD,
            pain=Pain(0, 1, 0),
            effort=3,
        ),
    )


def test_only_the_ladder_s_own_workout_goes_through_its_level(
    run: Made, store: Store, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = run()
    monkeypatch.setattr("retrotread.records.taking.find", path.with_name)
    path.with_name("ladder-1").write_bytes(plan_of(path))
    take_over(store, person, path)
    monkeypatch.undo()
    take_over(store, person, run("own", "2026-03-04T09:00:00+00:00"))
    assert [one.dose for one in store.history() if isinstance(one, Session)] == [None, Dose(2, 60.0, 1.5)]


def plan_of(path: Path) -> bytes:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return bytes(database.execute("SELECT plan FROM run").fetchone()[0])


def test_of_a_run_that_was_slower_than_its_plan_the_slower_speed_counts(run: Made, store: Store, person: int) -> None:
    slower = "UPDATE supervisor_step SET inputs = replace(inputs, '\"speed_ckph\":150', '\"speed_ckph\":120')"
    take_over(store, person, changed(run(), slower))
    (session,) = store.history()
    assert isinstance(session, Session)
    assert session.dose == Dose(2, 60.0, 1.2)


def test_a_run_that_ended_early_has_done_the_blocks_that_it_came_to_the_end_of(
    run: Made, store: Store, person: int
) -> None:
    take_over(store, person, run(stop_at_s=150.0))
    (session,) = store.history()
    assert isinstance(session, Session)
    assert session.dose == Dose(1, 60.0, 1.5)
    assert 0.3 < session.done_share < 0.5
    assert session.events == frozenset()  # the person's own stop


def test_a_run_on_a_simulated_treadmill_is_listed_and_is_no_training(run: Made, store: Store, person: int) -> None:
    take_over(store, person, changed(run(), "UPDATE run SET address = 'sim://spiky'"))
    assert [one.simulated for one in store.sessions()] == [True]
    assert store.history() == ()


@pytest.mark.parametrize(
    ("hazard", "action", "event"),
    [
        ("key_pulled", 5, {Event.KEY_PULL}),
        ("symptom", 4, {Event.SYMPTOM_STOP}),
        ("link_down", 5, {Event.UNPLANNED_STOP}),
        ("link_down", 1, set()),
        ("operator_stop", 4, set()),
    ],
)
def test_what_the_program_saw_happen_is_in_the_history(
    run: Made, store: Store, person: int, hazard: str, action: int, event: set[Event]
) -> None:
    cause = f'[{{"_":"Cause","hazard":"{hazard}","action":{action},"message":"","clears":""}}]'
    take_over(store, person, changed(run(), f"UPDATE supervisor_step SET causes = '{cause}' WHERE n > 2000"))
    (session,) = store.history()
    assert isinstance(session, Session)
    assert session.events == event


def test_a_plan_that_today_s_program_lays_out_in_another_way_leads_nowhere(
    run: Made, store: Store, person: int
) -> None:
    take_over(store, person, changed(run(), "UPDATE run SET plan_hash = 'of another time'"))
    (session,) = store.history()
    assert isinstance(session, Session)
    assert (session.level, session.dose, session.walked_min) == (0, Dose(1, 1.0, 0.0), 5.5)


def test_the_day_of_a_run_is_that_of_the_place_where_it_was(
    run: Made, store: Store, person: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "XXX+9")  # nine hours behind UTC, where it is still the evening before
    time.tzset()
    take_over(store, person, run(began="2026-03-02T05:00:00+00:00"))
    assert [one.day for one in store.sessions()] == [date(2026, 3, 1)]


# --- once -------------------------------------------------------------------------------------------------------


def test_a_journal_that_is_taken_over_twice_is_there_once(run: Made, store: Store, person: int, runs: Path) -> None:
    path = run()
    assert take_over(store, person, path) is Came.NEW
    before = count(store)
    assert take_over(store, person, path) is Came.KNOWN
    assert take_over_all(store, person, runs) == TakenOver(0, ())
    assert count(store) == before
    assert before["session"] == 1


def test_a_copy_of_a_journal_under_another_name_is_the_same_run(
    run: Made, store: Store, person: int, runs: Path
) -> None:
    path = run()
    path.with_name("copy.sqlite").write_bytes(path.read_bytes())
    assert take_over_all(store, person, runs) == TakenOver(1, ())


def test_a_journal_that_is_in_the_store_is_not_opened_again(run: Made, store: Store, person: int, runs: Path) -> None:
    path = run()
    take_over(store, person, path)
    path.write_bytes(b"worn out since")
    assert take_over_all(store, person, runs) == TakenOver(0, ())


def test_two_runs_that_drew_the_same_number_are_two(run: Made, store: Store, person: int, runs: Path) -> None:
    run()
    run(began="2026-03-04T09:00:00+00:00")
    assert take_over_all(store, person, runs) == TakenOver(2, ())


def test_taking_over_changes_no_journal_and_leaves_nothing_beside_it(
    run: Made, crashed: Made, store: Store, person: int, runs: Path
) -> None:
    before = {path: digest(path) for path in (run(), crashed())}
    take_over_all(store, person, runs)
    assert {path: digest(path) for path in runs.iterdir()} == before


# --- after a crash ----------------------------------------------------------------------------------------------


def test_a_crashed_run_is_kept_with_what_its_samples_tell(crashed: Made, store: Store, person: int) -> None:
    assert take_over(store, person, crashed(stop_at_s=150.0)) is Came.NEW
    (one,) = store.sessions()
    assert (one.state, one.partial, one.complete) == ("interrupted", True, False)
    assert one.ended.startswith("the run 'Two bouts' of 2026-03-02 09:00 UTC was interrupted after ")
    assert one.backward_ms == pytest.approx(140_000, abs=15_000)
    assert one.speed_max_ckph == 150
    assert store.damage() == ()


def test_a_crashed_run_never_counts_as_more_than_the_steps_that_it_came_through(
    crashed: Made, store: Store, person: int
) -> None:
    take_over(store, person, crashed(stop_at_s=150.0))
    (session,) = store.history()
    assert isinstance(session, Session)
    assert session.dose == Dose(1, 60.0, 1.5)
    assert session.done_share < 0.5
    assert session.effort is None


def test_a_run_that_nobody_has_closed_yet_waits(run: Made, store: Store, person: int, runs: Path) -> None:
    path = changed(run(), "UPDATE run SET state = 'open', summary = NULL, ended = NULL")
    assert take_over_all(store, person, runs) == TakenOver(0, (), still_open=1)
    journals.close_interrupted(runs)
    assert take_over(store, person, path) is Came.NEW


def test_a_run_that_was_interrupted_before_its_first_step_is_kept_and_is_no_training(
    crashed: Made, store: Store, person: int
) -> None:
    empty = ("DELETE FROM supervisor_step", "DELETE FROM engine_step", "DELETE FROM event", "DELETE FROM connection")
    assert take_over(store, person, changed(crashed(), *empty)) is Came.NEW
    assert [one.elapsed_ms for one in store.sessions()] == [0]
    assert store.history() == ()


# --- what is no journal -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("PRAGMA application_id = 7", "made by another program"),
        ("PRAGMA user_version = 99", "its schema is version 99, this program knows 3"),
        ("DELETE FROM run", "it holds no run"),
        ("UPDATE supervisor_step SET inputs = '[{\"Seen' WHERE n = 9", "Unterminated string"),
        ("UPDATE supervisor_step SET causes = '{' WHERE n = 9", "Expecting property name"),
        ("UPDATE run SET summary = '[]'", "its summary is not one"),
        ("UPDATE run SET began_utc = 'once'", "Invalid isoformat string"),
        ("UPDATE run SET summary = json_set(summary, '$.answers.pain_after', 11)", "pain_on_scale"),
        ("UPDATE run SET summary = json_set(summary, '$.distance_m', 1e300)", "its distance_m of 1e+300 is more"),
        ("UPDATE run SET summary = json_set(summary, '$.max_speed_kph', 1e9)", "its max_speed_kph of 1e+09 is more"),
        (
            "UPDATE run SET summary = json_set(summary, '$.answers.pain_after', json('99999999999999999999'))",
            "too large",
        ),
        ("UPDATE run SET workout = CAST(x'ff41' AS TEXT)", "UTF-8"),
        ("CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM event; END", "it holds 't', which would run"),
        ("CREATE VIEW v AS SELECT 1", "it holds 'v', which would run"),
        ("UPDATE run SET summary = json_set(summary, '$.answers.effort', 'much')", "TEXT value in INTEGER column"),
    ],
)
def test_a_damaged_or_foreign_journal_is_named_and_left_and_the_others_are_taken_over(
    run: Made, store: Store, person: int, runs: Path, statement: str, words: str
) -> None:
    bad, _good = changed(run("bad1"), statement), run("good")
    before = digest(bad)
    done = take_over_all(store, person, runs)
    assert done.new == 1
    (problem,) = done.problems
    assert problem.startswith(f"{bad.name} cannot be taken over (")
    assert words in problem
    assert problem.endswith("); it was left as it is")
    assert digest(bad) == before
    assert [one.run_id for one in store.sessions()] == ["good"]
    assert count(store)["session"] == 1


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE run SET workout = printf('%.*c', 300000, 'x')",
            "its run.workout has 300,000 characters; at most 262,144",
        ),
        ("UPDATE run SET plan = zeroblob(300000)", "its run.plan has 300,000"),
        ("UPDATE run SET summary = printf('%.*c', 300000, '[')", "its run.summary has 300,000"),
        ("UPDATE event SET text = printf('%.*c', 300000, 'x') WHERE n = 1", "its event.text has 300,000"),
        (
            "UPDATE supervisor_step SET inputs = printf('%.*c', 300000, '[') WHERE n = 9",
            "its supervisor_step.inputs has",
        ),
    ],
)
def test_a_journal_with_a_text_that_is_longer_than_any_is_named_and_not_kept(
    run: Made, store: Store, person: int, runs: Path, statement: str, words: str
) -> None:
    changed(run("bad1"), statement)
    run("good", "2026-03-05T09:00:00+00:00")
    done = take_over_all(store, person, runs)
    assert (done.new, len(done.problems)) == (1, 1)
    assert words in done.problems[0]
    assert store.path.stat().st_size < 250_000


def test_a_journal_that_is_larger_than_a_day_is_named_and_not_read(
    run: Made, store: Store, person: int, runs: Path
) -> None:
    bad, _good = run("bad1"), run("good", "2026-03-05T09:00:00+00:00")
    os.truncate(bad, FILE_MAX_BYTES + 1)  # a hole: nothing of it is on the disk
    done = take_over_all(store, person, runs)
    assert done.new == 1
    assert "it has 268,435,457 bytes; at most 268,435,456 are read" in done.problems[0]


def test_a_journal_whose_name_is_no_text_is_named_by_its_bytes_and_the_others_are_taken_over(
    run: Made, store: Store, person: int, runs: Path
) -> None:
    bad, _good = run("bad1"), run("good", "2026-03-05T09:00:00+00:00")
    bad.rename(os.fsdecode(os.fsencode(runs) + b"/2026-03-02-\xff\xfe.sqlite"))
    done = take_over_all(store, person, runs)
    assert done.new == 1
    (problem,) = done.problems
    assert problem.startswith("2026-03-02-\\xff\\xfe.sqlite cannot be taken over (")
    assert problem.encode("utf-8")
    assert journals.close_interrupted(runs) == ()


def test_a_text_and_a_folder_among_the_journals_are_named(store: Store, person: int, runs: Path) -> None:
    (runs / "a.sqlite").write_text("not a database, and long enough to be one " * 9, encoding="utf-8")
    (runs / "b.sqlite").mkdir()
    assert [problem.partition(" (")[0] for problem in take_over_all(store, person, runs).problems] == [
        "a.sqlite cannot be taken over",
        "b.sqlite cannot be taken over",
    ]


def test_a_store_that_is_held_takes_nothing_over_and_blames_no_journal(run: Made, store: Store, person: int) -> None:
    path = run()
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Exception, match="is held by another program") as refused:
        take_over(store, person, path)
    assert not isinstance(refused.value, Unreadable)
    holder.close()
    assert take_over(store, person, path) is Came.NEW
