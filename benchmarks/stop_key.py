"""A stop key on a real terminal, with the screen hogged and the processors busy: how long until the belt hears it."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .figures import Figure
from .main_death import WORKOUT, link_lines, wait_latched
from .terminal import Program

TRIALS = 60
ESCAPE_TRIALS = 20
# Programs on their way to a moving belt side by side; only one at a time is hogged, pressed and timed.
SIDE_BY_SIDE = 3
_measuring = threading.Lock()
# As a plain terminal sends them: Space, Enter, q, the Ctrl keys, Page Up and Down, full stop, b, F5.
KEYS = (b" ", b"\r", b"q", b"\x03", b"\x11", b"\x1a", b"\x04", b"\x1b[5~", b"\x1b[6~", b".", b"b", b"\x1b[15~")
ESCAPE = b"\x1b"


def measure() -> list[Figure]:
    """Key handed to the terminal -> first frame of the stop on the link, and -> confirmed standstill."""
    keys = [KEYS[number % len(KEYS)] for number in range(TRIALS)] + [ESCAPE] * ESCAPE_TRIALS
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        done = list(pool.map(_trial, keys, range(len(keys))))
    trials, escapes = done[:TRIALS], done[TRIALS:]
    return [
        Figure("stop key -> first frame on the link", tuple(one[0] for one in trials), "ms", "p99 <= 20, max <= 100"),
        Figure("stop key -> confirmed standstill from 2.5 km/h", tuple(one[1] for one in trials), "ms", "none"),
        Figure("lone Esc -> first frame on the link", tuple(one[0] for one in escapes), "ms", "none"),
    ]


def _trial(key: bytes, seed: int) -> tuple[float, float]:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        program = Program(Path(name), WORKOUT, "benchmarks.hogged_screens")
        try:
            program.to_moving_belt(250)
            program.pump(1.5)
            while not _measuring.acquire(blocking=False):
                program.pump(0.2)
            try:
                return _press(key, program, 1.0 + 1.5 * chance.random())
            finally:
                _measuring.release()
        finally:
            program.close()


def _press(key: bytes, program: Program, after_s: float) -> tuple[float, float]:
    """Hog the screen and both processors, press, and see when the link and the belt know."""
    (program.folder / "hog").touch()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        program.pump(after_s)
        pressed_s = time.monotonic()
        program.press(key)
        first_s = _first_s(program, pressed_s)
        return (first_s - pressed_s) * 1000, (wait_latched(program.folder) - pressed_s) * 1000
    finally:
        for one in busy:
            one.kill()
            one.wait()


def _first_s(program: Program, after_s: float) -> float:
    while True:
        program.pump(0.5)
        found = [at_s for at_s, _ in link_lines(program.folder) if at_s >= after_s]
        if found:
            return found[0]
        assert time.monotonic() - after_s < 30, "no command within 30 s"
