"""``make mutants``: every defect against the exploration and against the simulation, until each first finds it.

NAME...             only these
--again             also what is killed by both already; without it, only what is missing is looked for
--explore-s S       processor seconds of exploration for a defect; 0: none
--sessions N        sessions for a defect, of the corpus and of the seeds; 0: none
--processes N       how many defects at a time
"""

from __future__ import annotations

import argparse
import sys
import threading
from dataclasses import replace

from tests.proof.mutants.killing import Killers, of_plain, record, recorded, survivors
from tests.proof.mutants.planting import defects
from tests.proof.mutants.running import Job, ran
from tests.proof.mutants.table import PAGE, page

_recording = threading.Lock()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.mutants", description="Defects that must be found.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--again", action="store_true", help="also what is killed already")
    parser.add_argument("--explore-s", type=float, default=120.0)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    known = {} if asked.again else recorded()
    jobs = []
    for name in asked.names or defects():
        have = known.get(name, Killers())
        bounds = [0.0 if have.explored else asked.explore_s, 0 if have.simulated else asked.sessions]
        if any(bounds):
            jobs.append(Job(name, "hunt", [*bounds, list(defects()[name].hints)]))
    _side_by_side(jobs, asked.processes)
    killers = recorded()
    PAGE.write_text(page(defects(), killers, survivors()), encoding="utf-8", newline="\n")
    left = [name for name in defects() if killers.get(name, Killers()) == Killers()]
    sys.stdout.write(f"{len(defects())} defects; found by neither: {', '.join(left) or 'none'}\n")
    return 1 if left else 0


def _side_by_side(jobs: list[Job], processes: int) -> None:
    hunters = [threading.Thread(target=_hunt, args=(jobs[first::processes],)) for first in range(processes)]
    for one in hunters:
        one.start()
    for one in hunters:
        one.join()


def _hunt(jobs: list[Job]) -> None:
    """Each is recorded as soon as it is through."""
    for job, told in ran(jobs):
        found = of_plain(told) if isinstance(told, dict) else Killers()
        assert job.name is not None, "only a defect with a name is recorded"
        with _recording:
            known = recorded()
            have = known.get(job.name, Killers())
            both = replace(have, explored=found.explored or have.explored, simulated=found.simulated or have.simulated)
            record({**known, job.name: both})
        sys.stdout.write(f"{job.name}: {told if isinstance(told, str) else _told(found)}\n")
        sys.stdout.flush()


def _told(found: Killers) -> str:
    explored, simulated = found.explored, found.simulated
    words = [] if explored is None else [f"exploration {explored.exploration}, {explored.states} states"]
    words += [] if simulated is None else [f"session {simulated.case}, the {simulated.sessions}. of them"]
    return "; ".join(words) or "nothing found it"


if __name__ == "__main__":
    sys.exit(main())
