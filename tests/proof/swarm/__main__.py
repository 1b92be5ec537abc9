"""``python -m tests.proof.swarm``: many sessions, or one of them again with all that happened in it.

N                     run the seeds from --first on, in --processes processes, and print the figures
--again SEED|FILE     run one again and print its trace; FILE is the name of one in the corpus
--fault-free          the same seeds without a fault, a strap or a key that nobody asked for, with the jitter of a busy
                      computer: what stops then is a false stop
--keep                write what fails into the corpus
"""

from __future__ import annotations

import argparse
import sys

from tests.proof.swarm.case import Case, case_of, corpus
from tests.proof.swarm.swarm import CHUNK, CORPUS, Finding, Tally, kept, side_by_side
from tests.proof.swarm.world import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof.swarm", description="Sessions with faults.")
    parser.add_argument("count", nargs="?", type=int, default=2000, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="write what fails into the corpus")
    parser.add_argument("--again", metavar="SEED|FILE", help="one of them, with all that happened")
    parser.add_argument("--fault-free", action="store_true", help="without faults: every stop is a false one")
    asked = parser.parse_args()
    return again(asked.again, asked.fault_free) if asked.again else many(asked)


def say(*lines: object) -> None:
    """A line each, at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def again(name: str, fault_free: bool) -> int:
    """One case with its trace."""
    case = named(name, fault_free)
    ran = run(case, trace=True)
    say(case.workout)
    say(*(f"{name} = {getattr(case, name)}" for name in Case.__slots__ if name != "workout"))
    say(*ran.trace, *ran.problems)
    for found in ran.violations:
        say(f"VIOLATION {found.at_s:.2f} s {found.invariant}: {found.message}")
    for found in ran.excused:
        say(f"excused {found.at_s:.2f} s {found.invariant}: {found.message}")
    say(f"hash {ran.digest}")
    return 1 if ran.violations else 0


def named(name: str, fault_free: bool) -> Case:
    """The case of a seed, or of a file of the corpus."""
    if name.isdecimal():
        return case_of(int(name), fault_free)
    return corpus(CORPUS)[name.removesuffix(".toml").rpartition("/")[2]]


def many(asked: argparse.Namespace) -> int:
    """All of them; what fails is told when it does."""
    ends = asked.first + asked.count
    chunks = [(at, min(CHUNK, ends - at)) for at in range(asked.first, ends, CHUNK)]
    tally = Tally()
    for part in side_by_side(chunks, asked.processes, asked.fault_free):
        tally.add(part)
        for finding in part.findings:
            tell(finding, asked.keep)
        for stop in part.false:
            say(f"false stop: {stop}")
    say(*tally.lines())
    return 1 if tally.findings else 0


def tell(finding: Finding, keep: bool) -> None:
    say(finding)
    if keep:
        say(f"    {kept(finding)}")


if __name__ == "__main__":
    sys.exit(main())
