"""``make mutants``: every defect against the exploration and against the simulation, until each first finds it.

NAME...             only these
--again             also what is killed by both already; without it, only what is missing is looked for
--explore-s S       processor seconds of exploration for a defect
--sessions N        seeds for a defect
--processes N       how many defects at a time
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

from tests.proof.mutants.killing import Explored, Killers, Simulated, record, recorded
from tests.proof.mutants.planting import FOLDER, defects
from tests.proof.mutants.table import PAGE, page

ROOT = FOLDER.parents[2]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one defect is hunted; nothing of a way that is not asked for."""

    explore_s: float
    sessions: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.mutants", description="Defects that must be found.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--again", action="store_true", help="also what is killed already")
    parser.add_argument("--explore-s", type=float, default=120.0)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    bounds = Bounds(asked.explore_s, asked.sessions)
    hunt_all(asked.names or list(defects()), bounds, asked.again, asked.processes)
    killers = recorded()
    PAGE.write_text(page(defects(), killers), encoding="utf-8", newline="\n")
    survivors = [name for name in defects() if killers.get(name, Killers()) == Killers()]
    sys.stdout.write(f"{len(defects())} defects; found by neither: {', '.join(survivors) or 'none'}\n")
    return 1 if survivors else 0


def hunt_all(names: list[str], bounds: Bounds, anew: bool, processes: int) -> None:
    """So many at a time; each is recorded as soon as it is through."""
    with ThreadPoolExecutor(processes) as pool:
        jobs = [pool.submit(hunted, name, missing) for name, missing in _missing(names, bounds, anew)]
        for job in as_completed(jobs):
            name, found = job.result()
            record({**recorded(), name: _together({} if anew else recorded(), name, found)})
            sys.stdout.write(f"{name}: {_told(found)}\n")
            sys.stdout.flush()


def _missing(names: list[str], bounds: Bounds, anew: bool) -> Iterator[tuple[str, Bounds]]:
    known = {} if anew else recorded()
    for name in names:
        have = known.get(name, Killers())
        missing = Bounds(0.0 if have.explored else bounds.explore_s, 0 if have.simulated else bounds.sessions)
        if missing.explore_s or missing.sessions:
            yield name, missing


def hunted(name: str, bounds: Bounds) -> tuple[str, Killers]:
    """One defect in a process of its own. RuntimeError where that fails by itself."""
    hunt = ["tests.proof.mutants.hunt", "--explore-s", str(bounds.explore_s), "--sessions", str(bounds.sessions)]
    command = [sys.executable, "-m", "tests.proof.mutants.plant", name, "--", "-m", *hunt]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the hunt for {name} failed: {done.stderr[-2000:]}")
    return name, of_json(done.stdout)


def of_json(text: str) -> Killers:
    """What a hunt has told."""
    told = json.loads(text)
    explored, simulated = told["explored"], told["simulated"]
    return Killers(
        None if explored is None else Explored(**{**explored, "history": tuple(explored["history"])}),
        None if simulated is None else Simulated(**simulated),
    )


def _together(known: dict[str, Killers], name: str, found: Killers) -> Killers:
    have = known.get(name, Killers())
    return replace(have, explored=found.explored or have.explored, simulated=found.simulated or have.simulated)


def _told(found: Killers) -> str:
    explored, simulated = found.explored, found.simulated
    words = [] if explored is None else [f"exploration {explored.exploration}, {explored.states} states"]
    words += [] if simulated is None else [f"session {simulated.case}, the {simulated.sessions}. of them"]
    return "; ".join(words) or "nothing found it"


if __name__ == "__main__":
    sys.exit(main())
