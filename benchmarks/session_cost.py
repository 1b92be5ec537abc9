"""What a live session costs: processor time and resident memory of its two processes, over a minute of a moving belt.

The real screens on a terminal of 80 x 24 cells; the minute holds rises, falls and their cues. Linux alone: /proc.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .figures import Figure
from .terminal import Program

WINDOWS, WINDOW_S = 6, 10.0
MB = 1e6
WORKOUT = b"""retrotread: 1
name: up and down
level: 7
facing: console
steps:
  - repeat: 6
    steps:
      - walk: 20 s
        speed: 2.5 km/h
      - walk: 20 s
        speed: 1.5 km/h
  - cool down: 1 min
    speed: 1.0 km/h
"""


@dataclass(frozen=True)
class Cost:
    """Of one process: the share of a core in each window, and the resident memory at its end."""

    core_percent: tuple[float, ...]
    resident_mb: tuple[float, ...]


def measure() -> list[Figure]:
    """Main with its screens, and the guardian with its simulated belt."""
    if not sys.platform.startswith("linux"):
        return [Figure("live session: processor and memory", (), "%", "there is no /proc on this system")]
    with tempfile.TemporaryDirectory() as name:
        program = Program(Path(name), WORKOUT)
        try:
            program.to_moving_belt(250)
            main, guardian = costs(program, (program.pid, guardian_of(program.pid)))
        finally:
            program.close()
    return [*_figures("main with its screens", main), *_figures("guardian", guardian)]


def _figures(who: str, cost: Cost) -> list[Figure]:
    return [
        Figure(f"live session: {who}, share of one core", cost.core_percent, "%", "<= 5"),
        Figure(f"live session: {who}, resident memory", cost.resident_mb, "MB", "<= 150"),
    ]


def costs(program: Program, pids: tuple[int, ...]) -> tuple[Cost, ...]:
    """Both processes over the same minute, in windows of ten seconds."""
    shares: list[list[float]] = [[] for _ in pids]
    memory: list[list[float]] = [[] for _ in pids]
    for _ in range(WINDOWS):
        began_s, before_s = time.monotonic(), [busy_s(pid) for pid in pids]
        program.pump(WINDOW_S)
        took_s = time.monotonic() - began_s
        for at, pid in enumerate(pids):
            shares[at].append((busy_s(pid) - before_s[at]) / took_s * 100)
            memory[at].append(resident_mb(pid))
    return tuple(Cost(tuple(share), tuple(mb)) for share, mb in zip(shares, memory, strict=True))


def busy_s(pid: int) -> float:
    """User and system time of a process so far, all its threads (proc(5): fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Resident memory, pages that are shared with others included (proc(5): second field of statm)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MB


def guardian_of(main_pid: int) -> int:
    """The child of main that runs the guardian."""
    children = " ".join(one.read_text() for one in Path(f"/proc/{main_pid}/task").glob("*/children")).split()
    found = [int(pid) for pid in children if b"retrotread.guardian" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(found) == 1, f"{len(found)} guardians among the children of main: {children}"
    return found[0]
