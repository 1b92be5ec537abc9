"""What the journals of earlier runs say: the minutes of today, and the treadmills that were used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from retrotread.guardian.messages import Stepped
from retrotread.safety.modes import Mode
from retrotread.sessions import journal as journals
from retrotread.sessions.earlier import done_today, known_addresses
from retrotread.sessions.journal import EMPTY_BELT, Journal, RunHead
from retrotread.sessions.preflight import Today
from retrotread.sessions.summary import Summary

NOON = datetime(2026, 6, 3, 12, tzinfo=UTC)
SUMMARY = Summary("Ladder 3", "done", True, 1300.0, 1200.0, 1200.0, 600.0, 3.0, 0.0, ())


class Runs:
    """A folder of runs that began when the test says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch

    def began(
        self, at: datetime, address: str = "coach://", summary: Summary | None = SUMMARY, empty: bool = False
    ) -> Path:
        """A closed run; without a summary one that was left open after 90 s."""
        self._monkeypatch.setattr(journals, "wall_now", lambda: at)
        path = self.folder / f"{at:%Y%m%dT%H%M%SZ}-{len(list(self.folder.iterdir()))}.sqlite"
        journal = Journal(path, RunHead("x", "Ladder 3", "h", 1200.0, b"", "novice", address, "retrotread"))
        if empty:
            journal.event(EMPTY_BELT, "nobody was on the belt", 1.0)
        if summary is not None:
            journal.close(summary)
            return path
        for at_s in (10.0, 100.0):
            journal.step(Stepped(at_s, 100, (), (), Mode.RUN, ()))
        journal._rows.put(None)
        journal._thread.join(10.0)
        return path


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(tmp_path, monkeypatch)


def test_a_day_without_runs_is_empty(tmp_path: Path) -> None:
    assert done_today(tmp_path, NOON) == Today(0.0, 0.0)
    assert known_addresses(tmp_path) == frozenset()


def test_the_backward_part_of_todays_runs_is_added_up(runs: Runs) -> None:
    runs.began(NOON - timedelta(hours=3), summary=replace(SUMMARY, backward_s=600.0, running_s=60.0))
    runs.began(NOON - timedelta(hours=1), summary=replace(SUMMARY, backward_s=300.0, running_s=0.0))
    assert done_today(runs.folder, NOON) == Today(900.0, 60.0)


def test_where_nobody_worked_out_the_backward_part_all_of_it_counts(runs: Runs) -> None:
    runs.began(NOON)
    assert done_today(runs.folder, NOON).backward_s == 1200.0


def test_a_run_that_was_interrupted_counts_as_long_as_it_was_recorded(runs: Runs) -> None:
    runs.began(NOON, summary=None)
    assert done_today(runs.folder, NOON).backward_s == 90.0


def test_a_day_begins_at_midnight_on_the_wall_here(runs: Runs) -> None:
    runs.began(NOON.replace(hour=1))
    assert done_today(runs.folder, NOON).backward_s == 1200.0
    assert done_today(runs.folder, NOON + timedelta(days=1)).backward_s == 0.0
    two_hours_west = NOON.astimezone(timezone(timedelta(hours=-2)))
    assert done_today(runs.folder, two_hours_west).backward_s == 0.0


def test_on_a_simulated_treadmill_nobody_tires(runs: Runs) -> None:
    runs.began(NOON, "sim://well-behaved")
    assert done_today(runs.folder, NOON).backward_s == 0.0


def test_a_file_that_is_no_journal_counts_for_nothing_and_stops_nobody(runs: Runs) -> None:
    (runs.folder / "zzz.sqlite").write_bytes(b"no database")
    runs.began(NOON)
    assert done_today(runs.folder, NOON).backward_s == 1200.0


def test_the_treadmills_of_earlier_runs_are_known(runs: Runs) -> None:
    runs.began(NOON, "sim://slow-reporter")
    runs.began(NOON - timedelta(days=40), "coach://track")
    assert known_addresses(runs.folder) == {"sim://slow-reporter", "coach://track"}


@pytest.mark.parametrize("summary", [replace(SUMMARY, elapsed_s=0.0), None], ids=["left at the checklist", "cut off"])
def test_a_treadmill_whose_belt_was_not_seen_to_move_is_not_known_yet(runs: Runs, summary: Summary | None) -> None:
    runs.began(NOON, "ble://gym", summary)
    assert known_addresses(runs.folder) == frozenset()


def test_a_treadmill_that_only_ran_empty_is_not_known_to_the_first_person_on_it(runs: Runs) -> None:
    runs.began(NOON, "ble://gym", empty=True)
    assert known_addresses(runs.folder) == frozenset()
    runs.began(NOON, "ble://gym")
    assert known_addresses(runs.folder) == {"ble://gym"}
