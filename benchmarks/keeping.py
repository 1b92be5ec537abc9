"""What keeping costs: how long an event of a running session takes to the disk, and how large an hour is there."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.guardian import wire
from retrotread.records.file import NAME, opened
from retrotread.records.store import PersonFacts, Store
from retrotread.records.taking import take_over
from retrotread.safety.tiers import TIERS
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.journal import Journal, RunHead
from retrotread.sessions.prepare import Asked, Prepared, Written, laid_out
from retrotread.sessions.simulate import Simulation, simulate
from retrotread.sessions.summary import Summary
from retrotread.sessions.tape import Recording, Tape
from retrotread.workouts.source import parse_workout

from .figures import Figure
from .looking_back import PLAN

KIND = ARCHETYPES["well-behaved"]
EVENTS, APART_S, LOOK_S = 200, 0.05, 0.0005
STEPS_EACH = 2
"""Steps of the supervisor between two events: a session writes some thirty a second."""

AT_ONCE = 2000
MB = 1e6


def measure() -> Iterator[Figure]:
    """On this disk; the hour is walked on virtual time by the real engine and guardian."""
    prepared = laid_out(Written("hour.yaml", PLAN, parse_workout(PLAN, "hour.yaml")), KIND.profile, _asked())
    tape = _walked(prepared)
    with TemporaryDirectory() as folder:
        yield Figure("an event of a running session to the disk", _latencies(folder, prepared, tape), "ms", "known")
        path = _kept(Path(folder) / "hour.sqlite", prepared, tape)
        yield Figure("the journal of an hour", (path.stat().st_size / MB,), "MB", "known")
        began = time.process_time()
        store = Store(opened(Path(folder) / NAME), Path(folder) / NAME)
        before = (Path(folder) / NAME).stat().st_size
        take_over(store, store.person_here(PersonFacts(True, "walker")), path)
        yield Figure("taking that hour over into the store", ((time.process_time() - began) * 1000,), "ms", "known")
        after = sum(one.stat().st_size for one in Path(folder).glob(f"{NAME}*"))
        yield Figure("the same hour in the store", ((after - before) / MB,), "MB", "known")


def _asked() -> Asked:
    return Asked(tier=TIERS["walker"])


def _walked(prepared: Prepared) -> Tape:
    timeline = prepared.offer.timeline
    assert timeline is not None
    recording = Recording()
    simulate(Simulation(RunPlan.of("ab12", timeline, "walker"), KIND), recording)
    return recording.tape(timeline.name, prepared.source, prepared.layout)


def _journal(path: Path, prepared: Prepared, tape: Tape) -> Journal:
    timeline = prepared.offer.timeline
    assert timeline is not None
    assert tape.connected is not None
    layout = json.dumps(wire.plain(prepared.layout))
    head = RunHead(
        "ab12", timeline.name, timeline.plan_hash, timeline.total_s, PLAN, "walker", "sim://x", "bench", layout
    )
    journal = Journal(path, head)
    journal.connected(tape.connected)
    return journal


def _latencies(folder: str, prepared: Prepared, tape: Tape) -> tuple[float, ...]:
    """Each event among steps that come as they do in life."""
    journal, found = _journal(Path(folder) / "live.sqlite", prepared, tape), []
    for n in range(EVENTS):
        for step in tape.steps[n * STEPS_EACH : (n + 1) * STEPS_EACH]:
            journal.step(step)
        found.append(_saved_ms(journal))
        time.sleep(APART_S)
    journal.close(_summary(prepared))
    return tuple(found)


def _saved_ms(journal: Journal) -> float:
    """How long an event takes to the disk."""
    began, saved = time.perf_counter(), journal.events_saved
    journal.event("bench", "an event that must not be lost", began)
    while journal.events_saved == saved:
        time.sleep(LOOK_S)
    return (time.perf_counter() - began) * 1000


def _kept(path: Path, prepared: Prepared, tape: Tape) -> Path:
    """The journal of the whole hour: nothing is dropped, for no more waits than the queue holds."""
    journal = _journal(path, prepared, tape)
    for n, step in enumerate(tape.steps):
        journal.step(step)
        if n % AT_ONCE == 0:
            _saved_ms(journal)
    for n, taken in enumerate(tape.taken):
        journal.engine(taken)
        if n % AT_ONCE == 0:
            _saved_ms(journal)
    journal.close(_summary(prepared))
    return path


def _summary(prepared: Prepared) -> Summary:
    timeline = prepared.offer.timeline
    assert timeline is not None
    whole_s = timeline.total_s
    return Summary(timeline.name, "the plan is done", True, whole_s, whole_s, whole_s, 3300.0, 4.5, 0.0, ())
