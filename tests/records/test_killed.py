"""A program that is killed while it takes journals over: what it said that it has is there, whole, and once."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.records.conftest import Made

from retrotread.records.file import NAME, opened
from retrotread.records.store import PersonFacts, Store
from retrotread.records.taking import take_over_all

KILLS = 20
LATEST_S = 0.25
"""After the child is ready: it takes over some five journals in this time, so that kills fall into each part of one."""


def test_a_program_that_is_killed_at_any_moment_has_taken_over_each_run_whole_or_not_at_all(
    tmp_path: Path, run: Made
) -> None:
    names = [run(f"r{n:02}", f"2026-03-{n + 1:02}T09:00:00+00:00").name for n in range(12)]
    moments, said, cut = random.Random(8), set[str](), 0
    for _ in range(KILLS):
        if said == set(names):  # all of them are in; the next kills fall into a new store
            said = set()
            for one in tmp_path.glob(f"{NAME}*"):
                one.unlink()
        now = _killed_after(tmp_path, moments.uniform(0.0, LATEST_S))
        cut += set(names) != now
        said |= now
        _check(tmp_path / NAME, said)
    assert cut >= KILLS // 2, "too few of the kills fell into the work; make LATEST_S shorter"
    store = Store(opened(tmp_path / NAME), tmp_path / NAME)
    take_over_all(store, store.person_here(PersonFacts(True)), tmp_path / "runs")
    assert sorted(one.run_id for one in store.sessions()) == sorted(name[11:-7] for name in names)
    assert store.damage() == ()


def _killed_after(folder: Path, wait_s: float) -> set[str]:
    """The journals that the child said it has, before it was killed; ``wait_s`` counts from its first word."""
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("child.py")), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == "ready\n"
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(wait_s)
        child.kill()
        return {line.strip() for line in child.stdout.read().splitlines() if line.endswith(".sqlite")}


def _check(path: Path, said: set[str]) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        there = [name for (name,) in database.execute("SELECT journal FROM session")]
    assert said <= set(there), "what was said to be on the disk is not there"
    assert len(there) == len(set(there))
    assert Store(opened(path), path).damage() == ()
