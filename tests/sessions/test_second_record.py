"""A run that was cut off: what the guardian's own record tells beyond the journal, whatever state it is in."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from retrotread.guardian.blackbox import NAME, SLOT_BYTES, SLOTS, BlackBox
from retrotread.guardian.messages import Stepped
from retrotread.safety.modes import Mode
from retrotread.sessions.clinic.register import PARTICIPANTS
from retrotread.sessions.journal import SECOND_RECORD, Journal, RunHead, close_interrupted
from retrotread.sessions.second_record import Step, beyond

HEAD = RunHead("ab12", "Ladder 3", "beef", 60.0, b"plan", "novice", "sim://well-behaved", "retrotread 0")
LAST = (Step(51_900, 100, "running"), Step(52_000, 100, "running"))
STOPS = (
    "51.900 +100 running | Beat()",
    "52.000 +100 running | Beat()",
    "52.400 +400 stopping | MainLost() | -> StopBelt() | ! the program has ended while it held the belt",
    "52.390127 link <- StopBelt(), Accepted",
    "53.000 +600 stopping | Seen(speed_ckph=40)",
    "54.100 +500 latched | Seen(speed_ckph=0)",
    "54.500 +400 latched | Seen(speed_ckph=0)",
)
GOES_ON = "the guardian's own record goes on for 2.5 s: stop sent after 0.4 s (Accepted), standstill seen after 2.1 s"


def ring_of(path: Path, *lines: str) -> Path:
    box = BlackBox(path)
    for line in lines:
        box.write(line)
    box.close()
    return path


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    return tmp_path / NAME


def cut_off(runs: Path) -> Path:
    """A run of 42 s at a running belt whose program was killed: it was never closed."""
    runs.mkdir(parents=True)
    journal = Journal(runs / "a.sqlite", HEAD)
    for tick in range(43):
        journal.step(Stepped(10.0 + tick, 100, (), (), Mode.RUN, ()))
    journal.event("mode", "running", 52.0)
    journal._rows.put(None)
    journal._thread.join(10.0)
    return journal.path


def last_events(path: Path) -> list[tuple[int, str, str]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT at_ms, kind, text FROM event ORDER BY n DESC").fetchall()


# --- the journal that is closed ---------------------------------------------------------------------------------


def test_after_a_kill_the_journal_tells_the_stop_that_only_the_guardian_recorded(tmp_path: Path) -> None:
    path = cut_off(tmp_path / "runs")
    ring_of(tmp_path / NAME, *STOPS)
    (sentence,) = close_interrupted(path.parent)
    assert "interrupted after 42 s" in sentence
    assert last_events(path)[0] == (52_000, SECOND_RECORD, GOES_ON)
    close_interrupted(path.parent)
    assert [kind for _, kind, _ in last_events(path)] == [SECOND_RECORD, "mode"]


def test_of_a_participant_s_run_the_ring_of_the_data_folder_tells(tmp_path: Path) -> None:
    path = cut_off(tmp_path / PARTICIPANTS / "P-7QK2M9" / "runs")
    ring_of(tmp_path / NAME, *STOPS)
    close_interrupted(path.parent)
    assert last_events(path)[0] == (52_000, SECOND_RECORD, GOES_ON)


def test_a_run_without_its_ring_is_closed_as_before_and_says_so(tmp_path: Path) -> None:
    path = cut_off(tmp_path / "runs")
    (sentence,) = close_interrupted(path.parent)
    assert "was interrupted after 42 s" in sentence
    assert last_events(path)[0][1:] == (
        SECOND_RECORD,
        "the guardian's own record is missing: there is no guardian.ring",
    )


# --- the ring ---------------------------------------------------------------------------------------------------


def test_a_belt_that_was_never_seen_to_stand_is_told_as_that(ring: Path) -> None:
    told = beyond(ring_of(ring, *STOPS[:3]), LAST)
    assert told == "the guardian's own record goes on for 0.4 s: no stop sent, no standstill seen"


def test_a_run_that_stood_when_it_was_cut_off(ring: Path) -> None:
    told = beyond(ring_of(ring, *STOPS), (Step(54_100, 500, "latched"),))
    assert told == "the guardian's own record goes on for 0.4 s: no stop sent, at a standstill before"


def test_a_journal_that_has_everything_has_nothing_told(ring: Path) -> None:
    told = beyond(ring_of(ring, *STOPS), (Step(54_500, 400, "latched"),))
    assert told == "the guardian's own record ends with the last step that is kept here"


def test_a_last_step_that_no_ring_keeps_is_found_by_the_one_before(ring: Path) -> None:
    assert beyond(ring_of(ring, *STOPS[:1], *STOPS[2:]), LAST) == GOES_ON


@pytest.mark.parametrize(
    "later",
    ["9000.000 +0 idle | LinkCameUp()", "1.000 +0 idle | LinkCameUp()"],
    ids=["the same day", "after the computer was started anew"],
)
def test_what_another_guardian_wrote_behind_it_is_not_of_this_run(ring: Path, later: str) -> None:
    assert beyond(ring_of(ring, *STOPS, later, "9001.000 +9 latched | Seen()"), LAST) == GOES_ON


def test_a_ring_of_another_run_tells_nothing_of_this_one(ring: Path) -> None:
    told = beyond(ring_of(ring, *STOPS), (Step(52_000, 101, "running"), Step(51_900, 100, "paused")))
    assert told == "the guardian's own record tells nothing of this run: guardian.ring holds none of its last steps"


def test_a_journal_without_a_step(ring: Path) -> None:
    told = beyond(ring_of(ring, *STOPS), ())
    assert told == "the guardian's own record cannot be held against this journal, which has no step"


def most_damaged(ring: Path) -> None:
    ring_of(ring, *STOPS)
    raw = ring.read_bytes()
    ring.write_bytes(b"\xff" * SLOT_BYTES * 6 + raw[SLOT_BYTES * 6 :] + b"half a slot")


DAMAGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "junk": (lambda ring: ring.write_bytes(b"\xff" * 5000), "holds none of its last steps"),
    "empty": (lambda ring: ring.touch(), "holds none of its last steps"),
    "a number of any length": (lambda ring: ring_of(ring, "9" * 400 + ".000 +1 running | x"), "none of its last steps"),
    "most of it": (most_damaged, "holds none of its last steps"),
    "a folder": (lambda ring: ring.mkdir(), "cannot be read: guardian.ring: it is not a file"),
    "a pipe": (os.mkfifo, "cannot be read: guardian.ring: it is not a file"),
    "a link": (lambda ring: ring.symlink_to("/dev/zero"), "cannot be read: guardian.ring: it is not a file"),
    "too large": (lambda ring: os.truncate(ring_of(ring), SLOTS * SLOT_BYTES + 1), "a ring has at most 6,291,456"),
}


@pytest.mark.parametrize(("make", "told"), DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_ring_is_a_sentence_and_no_error(ring: Path, make: Callable[[Path], object], told: str) -> None:
    make(ring)
    assert told in beyond(ring, LAST)
