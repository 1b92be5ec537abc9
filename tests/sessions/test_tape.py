"""Tapes: what a journal and a scenario file give back, and a sentence for every file that gives none."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.guardian import wire
from retrotread.machine import NOT_SAID
from retrotread.sessions import tape as tapes
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.journal import Journal, RunHead
from retrotread.sessions.prepare import ANYBODY, laid_out, written_as
from retrotread.sessions.replay import replay
from retrotread.sessions.simulate import Simulation, simulate
from retrotread.sessions.simulate_command import recorded
from retrotread.sessions.summary import Summary
from retrotread.sessions.tape import (
    Recording,
    Tape,
    TapeError,
    event_from,
    read_scenario,
    read_tape,
    tape_in,
    write_scenario,
)
from retrotread.workouts.engine import BeltStopped, ExtendRequested, Tick

SUMMARY = Summary("a walk", "stopped", False, 30.0, 10.0, 60.0, 5.0, 1.0, 0.0, ())
KIND = ARCHETYPES["well-behaved"]


@pytest.fixture(scope="module")
def tape() -> Tape:
    """Half a minute of a simulated run, its plan in words."""
    prepared = laid_out(written_as("2 min at 1 km/h backward"), KIND.profile, ANYBODY)
    assert prepared.offer.timeline is not None
    recording = Recording()
    plan = RunPlan.of("run", prepared.offer.timeline, prepared.tier.key)
    simulate(Simulation(plan, KIND, stop_at_s=28.0), recording)
    return recorded(recording, prepared)


@pytest.fixture(scope="module")
def kept(tape: Tape, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run as a journal."""
    path = tmp_path_factory.mktemp("tape") / "run.sqlite"
    layout = json.dumps(wire.plain(tape.layout))
    head = RunHead("run", tape.name, tape.plan_hash or "", 60.0, tape.plan, "novice", "sim://", "retrotread", layout)
    journal = Journal(path, head)
    armed = {one.before_step: one.armed for one in tape.armed}
    assert tape.connected is not None
    journal.connected(tape.connected)
    for number, step in enumerate(tape.steps, start=1):
        if number in armed:
            journal.armed(armed[number])
        journal.step(step)
    for taken in tape.taken:
        journal.engine(taken)
    journal.close(SUMMARY)
    return path


@pytest.fixture
def journal(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(kept, tmp_path / "copy.sqlite"))


@pytest.fixture
def scenario(tape: Tape, tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl.gz"
    write_scenario(tape, path)
    return path


def changed(path: Path, *statements: str) -> Path:
    with contextlib.closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


# --- the same run -----------------------------------------------------------------------------------------------


def test_a_journal_gives_back_what_was_recorded(tape: Tape, journal: Path) -> None:
    assert tape_in(journal) == replace(tape, steps=tuple(replace(one, at_s=round(one.at_s, 3)) for one in tape.steps))


def test_a_scenario_file_gives_back_what_was_recorded(tape: Tape, scenario: Path) -> None:
    assert tape_in(scenario) == tape
    assert any(one.cues for one in tape.taken)
    assert tape.layout.quick


def test_the_same_tape_gives_the_same_bytes(tape: Tape, scenario: Path, tmp_path: Path) -> None:
    write_scenario(tape, tmp_path / "again.jsonl.gz")
    assert (tmp_path / "again.jsonl.gz").read_bytes() == scenario.read_bytes()
    assert scenario.read_bytes()[4:8] == bytes(4), "a packed file carries no moment (RFC 1952, MTIME)"


def test_a_tape_without_a_machine_and_a_hash_stays_one(tape: Tape, tmp_path: Path) -> None:
    bare = replace(tape, connected=None, plan_hash=None, armed=(), steps=())
    write_scenario(bare, tmp_path / "bare.jsonl.gz")
    assert read_scenario(tmp_path / "bare.jsonl.gz") == bare


def test_an_event_of_an_older_shape_has_the_default_of_what_came_later() -> None:
    assert event_from("ExtendRequested", {}) == ExtendRequested()
    assert event_from("Tick", {"distance_m": 2}) == Tick(2.0)
    assert event_from("BeltStopped", {"cause": "the key"}) == BeltStopped("the key")


@pytest.mark.parametrize(
    ("name", "fields", "says"),
    [
        ("Jumped", {}, "the engine of today knows no event 'Jumped'"),
        ("Tick", {"metres": 2.0}, "the event Tick is not of today's shape: "),
        ("Tick", {"distance_m": "far"}, "the event Tick is not of today's shape: Tick: expected float, found 'far'"),
        ("Tick", {"distance_m": float("nan")}, "the event Tick is not of today's shape: "),
        ("BeltStopped", {}, "the event BeltStopped is not of today's shape: "),
    ],
)
def test_an_event_that_is_none_is_a_sentence(name: str, fields: dict[str, Any], says: str) -> None:
    with pytest.raises(TapeError) as caught:
        event_from(name, fields)
    assert str(caught.value).startswith(says)


# --- what is missing --------------------------------------------------------------------------------------------


def test_steps_behind_a_dropped_one_are_left_out_and_counted(tape: Tape, journal: Path) -> None:
    changed(journal, "DELETE FROM supervisor_step WHERE n IN (101, 102, 200)", "UPDATE run SET steps_dropped = 3")
    found = read_tape(journal)
    assert len(found.steps) == 100
    assert (found.dropped, found.left_out) == (3, len(tape.steps) - 103)
    done = replay(found)
    assert (done.agrees, done.supervisor_steps, len(done.notes)) == (True, 100, 1)


def test_steps_that_an_interrupted_run_dropped_are_seen_by_their_numbers(tape: Tape, journal: Path) -> None:
    changed(journal, "DELETE FROM engine_step WHERE n = 7", "UPDATE run SET state = 'interrupted'")
    found = read_tape(journal)
    assert len(found.taken) == 6
    assert (found.dropped, found.left_out) == (1, len(tape.taken) - 7)


def test_the_first_connection_counts(tape: Tape, journal: Path) -> None:
    changed(journal, "INSERT INTO connection (before_step, connected) SELECT 50, '{}' FROM connection")
    assert read_tape(journal).connected == tape.connected


def test_a_journal_of_schema_2_knew_less_of_the_machine_and_is_read_with_what_it_knew(
    tape: Tape, journal: Path
) -> None:
    """What came later has its default; whether there is a key was a field of its own."""
    assert tape.connected is not None
    profile = wire.plain(tape.connected.profile)
    later = ("physical_stop", "rails", "answer_within_ms", "qualification", "simulated")
    old = {name: value for name, value in profile.items() if name not in later} | {"has_safety_key": True}
    connected = json.dumps({"_": "Connected", "epoch": 1, "profile": old})
    changed(journal, "PRAGMA user_version = 2", f"UPDATE connection SET connected = '{connected}'")
    found = read_tape(journal)
    assert found.connected is not None
    assert found.connected.profile.has_safety_key
    assert not found.connected.profile.rails
    assert found.connected.identity == NOT_SAID
    assert replay(found).agrees


# --- files that are no tape -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("PRAGMA user_version = 1", "cannot be run again: its schema is version 1, this program knows 3"),
        ("PRAGMA application_id = 7", "cannot be run again: it was made by another program"),
        ("DELETE FROM run", "cannot be run again: it holds no run"),
        ("UPDATE run SET layout = '{}'", "cannot be run again: it does not say how its plan was laid out in time"),
        ("UPDATE run SET layout = '{'", "is damaged and cannot be run again: "),
        ("UPDATE run SET layout = '[1]'", "is damaged and cannot be run again: expected Layout, found [1]"),
        ("UPDATE supervisor_step SET inputs = '[' WHERE n = 3", "is damaged and cannot be run again: "),
        (
            "UPDATE supervisor_step SET mode = 'flying' WHERE n = 3",
            "is damaged and cannot be run again: Stepped: 'flying' is no",
        ),
        ("UPDATE supervisor_config SET armed = '{}'", "is damaged and cannot be run again: expected Armed"),
        ("UPDATE connection SET connected = '[]'", "is damaged and cannot be run again: expected Connected"),
        ("UPDATE engine_step SET event = 'Jumped' WHERE n = 2", "is damaged and cannot be run again: the engine of"),
        ("UPDATE engine_step SET fields = '[]' WHERE n = 2", "is damaged and cannot be run again: "),
        (
            "UPDATE engine_step SET cues = '[1]' WHERE n = 2",
            "is damaged and cannot be run again: expected str, found 1",
        ),
        ("DROP TABLE engine_step", "is damaged and cannot be run again: no such table: engine_step"),
    ],
)
def test_a_journal_that_cannot_be_run_again_is_a_sentence(journal: Path, statement: str, says: str) -> None:
    with pytest.raises(TapeError) as caught:
        tape_in(changed(journal, statement))
    assert str(caught.value).startswith(f"{journal} {says}")


def with_line(path: Path, number: int, line: bytes) -> Path:
    lines = gzip.decompress(path.read_bytes()).splitlines()
    lines[number - 1] = line
    path.write_bytes(gzip.compress(b"\n".join(lines)))
    return path


@pytest.mark.parametrize(
    ("number", "line", "says"),
    [
        (1, b'{"retrotread":9}', "it is of format 9, and this program reads 1"),
        (1, b"{}", "there is no 'retrotread'"),
        (2, b"[]", "a line of a scenario file is an object"),
        (2, b"{", "Expecting property name"),
        (2, b"\xff", "'utf-8' codec"),
        (2, b"[" * 100_000, ""),
        (3, b'{"else":1}', "there is no 'connected'"),
        (4, b'{"step":{"_":"Stepped"}}', "expected Stepped"),
        (4, b'{"armed":{},"before":"x"}', "expected int, found 'x'"),
        (9, b'{"taken":3}', ""),
        (9, b'{"taken":[NaN,"Tick",{},"ready",0,0,0,[]]}', "expected float, found nan"),
        (9, b'{"taken":[1,"Tick",{},"gone",0,0,0,[]]}', "'gone' is no Phase"),
        (9, b'{"taken":[1,"Tick",{},"ready"]}', "not enough values"),
    ],
)
def test_a_damaged_scenario_file_is_a_sentence_with_the_line(
    scenario: Path, number: int, line: bytes, says: str
) -> None:
    with pytest.raises(TapeError) as caught:
        tape_in(with_line(scenario, number, line))
    assert str(caught.value).startswith(f"{scenario}, line {number}: {says}")


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _spoiled(content: bytes) -> bytes:
    return content[:200] + bytes(50) + content[250:]


@pytest.mark.parametrize("harm", [_cut, _spoiled, lambda _content: b"\x1f\x8b", lambda content: content + b"more"])
def test_a_scenario_file_that_is_not_whole_is_a_sentence(scenario: Path, harm: Callable[[bytes], bytes]) -> None:
    scenario.write_bytes(harm(scenario.read_bytes()))
    with pytest.raises(TapeError, match=r"is no whole scenario file|, line "):
        tape_in(scenario)


def test_an_empty_scenario_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.jsonl.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(TapeError, match="the file is empty"):
        tape_in(tmp_path / "no.jsonl.gz")


def test_a_file_that_unpacks_without_end_is_given_up(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tapes, "BYTES_MAX", 10_000)
    with pytest.raises(TapeError, match="unpacks to more than"):
        tape_in(scenario)


def test_an_export_never_overwrites_a_file_of_another_kind(tape: Tape, journal: Path) -> None:
    before = journal.read_bytes()
    with pytest.raises(TapeError, match=r"the name of a scenario file ends in \.jsonl\.gz"):
        write_scenario(tape, journal)
    assert journal.read_bytes() == before


def test_a_record_that_holds_no_text_is_not_exported(tape: Tape, tmp_path: Path) -> None:
    with pytest.raises(TapeError, match="the record is damaged"):
        write_scenario(replace(tape, plan=b"\xff"), tmp_path / "x.jsonl.gz")
    assert not (tmp_path / "x.jsonl.gz").exists()


# --- whatever the bytes -----------------------------------------------------------------------------------------


def test_spoiled_bytes_give_a_tape_that_can_be_replayed_or_a_sentence(journal: Path, scenario: Path) -> None:
    chance, outcomes = random.Random(7), set()
    text = gzip.decompress(scenario.read_bytes())
    whole = journal.read_bytes()
    for _ in range(60):
        scenario.write_bytes(gzip.compress(spoiled_text(text, chance), 1))
        outcomes.add(outcome(scenario))
        at = chance.randrange(100, len(whole) - 8)
        journal.write_bytes(whole[:at] + chance.randbytes(8) + whole[at + 8 :])
        outcomes.add(outcome(journal))
    assert outcomes == {"replayed", "a sentence"}


def spoiled_text(text: bytes, chance: random.Random) -> bytes:
    """One number or letter for another, so that most of it is still JSON."""
    at = chance.randrange(len(text))
    return text[:at] + chance.choice([b"0", b"9", b"-", b"a", b'"', b"e9"]) + text[at + 1 :]


def outcome(path: Path) -> str:
    try:
        replay(tape_in(path))
    except TapeError as error:
        return "a sentence" if str(path) in str(error) else f"a sentence without the file: {error}"
    return "replayed"
