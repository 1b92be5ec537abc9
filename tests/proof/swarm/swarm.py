"""Many cases, one after another or side by side, and what came of them together."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.proof.swarm.case import Case, as_toml, case_of
from tests.proof.swarm.world import Ran, Reached, run

CORPUS = Path(__file__).parent / "corpus"
CHUNK = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken invariant, or an error that nobody caught, with the case that shows it."""

    name: str
    case: Case
    invariant: str
    at_s: float
    message: str

    def __str__(self) -> str:
        again = f".venv/bin/python -m tests.proof.swarm --again {self.name}"
        return f"{self.name} ({self.case.kind}): {self.at_s:.2f} s {self.invariant}: {self.message}\n    {again}"


@dataclass(slots=True)
class Tally:
    """What so many sessions came to. ``faultless_s``: simulated time in which nothing went wrong; ``false``: the stops
    in it. ``digests``: the hash of each session's log of events, in their order."""

    sessions: int = 0
    not_laid_out: int = 0
    simulated_s: float = 0.0
    cpu_s: float = 0.0
    faultless_s: float = 0.0
    excused: int = 0
    false: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    reached: Reached = field(default_factory=Reached)
    times: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    digests: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Both together."""
        for name in ("sessions", "not_laid_out", "simulated_s", "cpu_s", "faultless_s", "excused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.false += other.false
        self.digests += other.digests
        self.findings += other.findings
        self.reached.add(other.reached)
        self.times.update(other.times)
        self.by_kind.update(other.by_kind)

    @property
    def false_per_100_h(self) -> float:
        """Stops that nobody wanted and nothing called for, in a hundred hours without a fault."""
        return 0.0 if not self.faultless_s else len(self.false) / (self.faultless_s / 3600) * 100

    @property
    def digest(self) -> str:
        """One hash for all logs of events: the same seeds give it again, unless something behaves differently."""
        return hashlib.blake2b("".join(self.digests).encode(), digest_size=12).hexdigest()

    def lines(self) -> Iterator[str]:
        """The figures, for people."""
        speed = self.simulated_s / self.cpu_s if self.cpu_s else 0.0
        yield f"sessions                      {self.sessions} ({self.not_laid_out} more could not be laid out)"
        yield f"simulated hours               {self.simulated_s / 3600:.1f}"
        yield f"processor seconds             {self.cpu_s:.0f} ({speed:.0f} times real time, {speed / 3600:.2f} h each)"
        why = "guardian not let run, or nothing told it"
        yield f"violations                    {len(self.findings)} ({self.excused} excused: {why})"
        yield f"false stops                   {len(self.false)} in {self.faultless_s / 3600:.1f} h without a fault"
        yield f"false stops in 100 h          {self.false_per_100_h:.2f}"
        yield f"event logs                    {self.digest}"
        yield "reached                       " + ", ".join(
            f"{len(getattr(self.reached, name))} {name}" for name in Reached.__slots__
        )


@contextmanager
def collector_off() -> Iterator[None]:
    """As it is in the guardian's process over a moving belt; what a session leaves behind goes at its end."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(0)


def one(name: str, case: Case) -> Tally:
    """One case. An error that nobody caught is a finding like any other."""
    tally, began_s = Tally(), time.process_time()
    try:
        with collector_off():
            ran = run(case)
    except Exception as error:  # noqa: BLE001  whatever it is, it is to be shown with its case
        where = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__}: {error} ({Path(where.filename).name}, line {where.lineno})"
        tally.findings.append(Finding(name, case, "ERROR", 0.0, message))
    else:
        _count(tally, name, ran)
    tally.cpu_s = time.process_time() - began_s
    return tally


def _count(tally: Tally, name: str, ran: Ran) -> None:
    if ran.problems:
        tally.not_laid_out += 1
        return
    tally.sessions += 1
    tally.simulated_s += ran.elapsed_s
    tally.excused += len(ran.excused)
    tally.reached = ran.reached
    tally.digests.append(ran.digest)
    for group in Reached.__slots__:
        tally.times.update(f"{group}/{one}" for one in getattr(ran.reached, group))
    tally.by_kind[ran.case.kind] += 1
    first = {found.invariant: found for found in reversed(ran.violations)}
    tally.findings += [Finding(name, ran.case, found.invariant, found.at_s, found.message) for found in first.values()]
    if ran.case.faultless and ran.case.kind not in NEVER_WHOLE:
        tally.faultless_s += ran.elapsed_s
        if not ran.finished:
            why = ran.stops[0][1].message if ran.stops else "it had no end"
            tally.false.append(f"{name} ({ran.case.kind}): {why}")


NEVER_WHOLE = frozenset(
    {"plain/ignores-stop", "plain/mph-speaker", "plain/restarts-after-stop", "plain/jumps-back", "plain/weak"}
)
"""Machines that are at fault by themselves: a stop on one of them is not a false one."""


def seeds(first: int, count: int, fault_free: bool = False) -> Tally:
    """So many seeds from the first on, in this process; ``fault_free``: as they are without any fault."""
    tally = Tally()
    for seed in range(first, first + count):
        case = case_of(seed, fault_free)
        if not (fault_free and case.kind in NEVER_WHOLE):
            tally.add(one(f"{seed} --fault-free" if fault_free else str(seed), case))
    return tally


def side_by_side(chunks: Iterable[tuple[int, int]], processes: int, fault_free: bool = False) -> Iterator[Tally]:
    """The tallies of all chunks (first seed, how many) as they come."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context) as pool:
        for job in [pool.submit(seeds, first, count, fault_free) for first, count in chunks]:
            yield job.result()


def kept(finding: Finding, folder: Path = CORPUS) -> Path:
    """The case as a file of the corpus."""
    path = folder / f"{finding.invariant.lower()}-{finding.name.replace(' --', '-')}.toml"
    path.write_text(as_toml(finding.case, f"{finding.invariant} at {finding.at_s:.2f} s: {finding.message}"), "utf-8")
    return path
