"""The main process is killed or frozen while the belt runs: how long until the stop sequence is on the link."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from retrotread.guardian import blackbox
from retrotread.guardian.process import black_box_path

from .figures import Figure

TRIALS = 40
AT_ONCE = 4
ADDRESS = "sim://well-behaved?start_s=0"
BRISK_KPH = 2.5
# Facing the console the countdown is five seconds instead of ten, and a runner's tier is soon at its speed.
WORKOUT = b"""retrotread: 1
name: brisk at once
level: 7
facing: console
steps:
  - walk: 8 min
    speed: 2.5 km/h
  - cool down: 1 min
    speed: 1.0 km/h
"""


def measure() -> list[Figure]:
    """Killed with -9, and stopped with SIGSTOP: a freeze that lasts longer than the lease."""
    killed = _many(signal.SIGKILL)
    frozen = _many(signal.SIGSTOP)
    return [
        Figure("kill -9 of main -> first frame of the stop on the link", killed, "ms", "p99 <= 20"),
        Figure("freeze of main -> first frame of the stop on the link", frozen, "ms", "<= 700"),
    ]


def _many(number: signal.Signals) -> tuple[float, ...]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(lambda _: _trial_ms(number), range(TRIALS)))


def _trial_ms(number: signal.Signals) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "brisk.yaml").write_bytes(WORKOUT)
        command = [sys.executable, "-m", "benchmarks.headless_main", str(folder / "brisk.yaml"), ADDRESS, name]
        main = subprocess.Popen([*command, str(BRISK_KPH)], stdout=subprocess.PIPE, text=True)
        assert main.stdout is not None
        assert main.stdout.readline() == "running\n"
        killed_s = time.monotonic()
        os.kill(main.pid, number)
        first_s = first_command_s(folder, killed_s)
        wait_latched(folder)
        main.kill()
        main.wait()
        main.stdout.close()
        return (first_s - killed_s) * 1000


def link_lines(folder: Path) -> list[tuple[float, str]]:
    """When each command went to the link, and what it was."""
    lines = (line.split(" ", 1) for line in blackbox.read(black_box_path(folder)))
    return [(float(at), text) for at, text in lines if text.startswith("link <- ")]


def first_command_s(folder: Path, after_s: float) -> float:
    """The moment of the first command on the link after ``after_s``; waits for it."""
    while True:
        found = [at_s for at_s, _ in link_lines(folder) if at_s >= after_s]
        if found:
            return found[0]
        assert time.monotonic() - after_s < 30, "no command within 30 s"
        time.sleep(0.05)


def wait_latched(folder: Path) -> float:
    """When the guardian's black box says that standstill is confirmed; waits for it."""
    began_s = time.monotonic()
    while True:
        lines = blackbox.read(black_box_path(folder))
        if lines and " latched" in lines[-1].partition("|")[0]:
            return float(next(line for line in reversed(lines) if " latched" in line).split(" ", 1)[0])
        assert time.monotonic() - began_s < 60, "no standstill within 60 s"
        time.sleep(0.05)
