"""Journals as the program itself writes them: of runs on a simulated treadmill, on virtual time."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrotread.devices.heart.simulated import SimulatedStrap
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.guardian import wire
from retrotread.records.file import NAME, opened
from retrotread.records.store import PersonFacts, Store
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.journal import Journal, RunHead, close_interrupted
from retrotread.sessions.preflight import done_by
from retrotread.sessions.prepare import ANYBODY, laid_out, written_in
from retrotread.sessions.simulate import Simulated, Simulation, simulate
from retrotread.sessions.summary import Summary
from retrotread.sessions.tape import Recording
from retrotread.training.answers import Answers
from retrotread.workouts.engine import Phase
from retrotread.workouts.timeline import Timeline

KIND = ARCHETYPES["well-behaved"]
ADDRESS = "ble://Home"
WORKOUT = """\
retrotread: 1
name: Two bouts
level: 1
facing: rear
steps:
  - walk: 30 s
    speed: 1.0 km/h
  - repeat: 2
    steps:
      - walk: 60 s
        speed: 1.5 km/h
      - walk: 30 s
        speed: 1.0 km/h
"""
BEGAN = "2026-03-02T09:00:00+00:00"

EASY = Answers(pain_before=0, pain_during=1, pain_after=0, effort=3)

Made = Callable[..., Path]


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float | None], Path]:
    """The journal of a run of the workout to its end, or to a stop at a moment; each is run once."""
    folder, made = tmp_path_factory.mktemp("recorded"), dict[float | None, Path]()

    def of(stop_at_s: float | None) -> Path:
        if stop_at_s not in made:
            made[stop_at_s] = recorded_run(folder / f"{len(made)}.sqlite", folder / "two.yaml", stop_at_s)
        return made[stop_at_s]

    return of


def recorded_run(path: Path, workout: Path, stop_at_s: float | None) -> Path:
    workout.write_text(WORKOUT, encoding="utf-8")
    record(path, workout, stop_at_s)
    return path


def record(path: Path, workout: Path, stop_at_s: float | None = None, strap: SimulatedStrap | None = None) -> Simulated:
    """Run a workout file on virtual time to its end, or to a stop, and keep its journal; how it went."""
    prepared = laid_out(written_in(workout), KIND.profile, ANYBODY)
    timeline = prepared.offer.timeline
    assert timeline is not None
    recording = Recording()
    plan = RunPlan.of("ab12", timeline, prepared.tier.key)
    ended = simulate(Simulation(plan, KIND, stop_at_s=stop_at_s, strap=strap), recording)
    layout = json.dumps(wire.plain(prepared.layout))
    tape = recording.tape(timeline.name, prepared.source, prepared.layout)
    head = RunHead(
        "ab12", timeline.name, timeline.plan_hash, timeline.total_s, prepared.source, prepared.tier.key, ADDRESS,
        "retrotread 0", layout,
    )  # fmt: skip
    journal = Journal(path, head)
    assert tape.connected is not None
    journal.connected(tape.connected)
    journal.event("mode", "armed", tape.steps[0].at_s)
    for step in tape.steps:
        journal.step(step)
    for taken in tape.taken:
        journal.engine(taken)
    journal.event("mode", "standstill", tape.steps[-1].at_s)
    journal.close(_summary(timeline, ended))
    assert journal.failed is None
    return ended


def _summary(timeline: Timeline, ended: Simulated) -> Summary:
    done = done_by(timeline, ended.plan_time_s)
    return Summary(
        timeline.name, ended.ended, ended.phase is Phase.FINISHED, ended.elapsed_s, ended.plan_time_s, timeline.total_s,
        ended.distance_m, ended.max_speed_kph, ended.max_incline_percent, (ended.ended,),
        backward_s=done.backward_s, running_s=done.running_s,
    )  # fmt: skip


def changed(path: Path, *statements: str) -> Path:
    """A file with its rows changed by another hand."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


def said_by_sqlite(words: str, code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    """An error as SQLite raises it: its code tells what is wrong, and not its words."""
    error = kind(words)
    error.sqlite_errorcode = code
    return error


@pytest.fixture(autouse=True)
def _in_one_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Days are those of the place where somebody trains; here that is one place."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """The folder of the journals."""
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


@pytest.fixture
def run(runs: Path, recorded: Callable[[float | None], Path]) -> Made:
    """One more journal of a run that was gone on a day, with what was said of it."""

    def make(run_id: str = "ab12", began: str = BEGAN, stop_at_s: float | None = None, answers: Answers = EASY) -> Path:
        path = Path(shutil.copy(recorded(stop_at_s), runs / f"{began[:10]}-{run_id}.sqlite"))
        said = json.dumps(wire.plain(answers))
        return changed(
            path,
            f"UPDATE run SET run_id = '{run_id}', began_utc = '{began}'",
            f"UPDATE run SET summary = json_set(summary, '$.answers', json('{said}'))",
        )

    return make


@pytest.fixture
def crashed(run: Made, runs: Path) -> Made:
    """The same, of a program that was killed in it: never closed, and found open at the next start."""

    def make(run_id: str = "dead", began: str = BEGAN, stop_at_s: float | None = None) -> Path:
        path = run(run_id, began, stop_at_s)
        changed(path, "UPDATE run SET state = 'open', summary = NULL, ended = NULL, ended_utc = NULL")
        close_interrupted(runs)
        return path

    return make


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / NAME
    return Store(opened(path), path)


@pytest.fixture
def person(store: Store) -> int:
    return store.person_here(PersonFacts(True, "walker", backward_max_ckph=650))
