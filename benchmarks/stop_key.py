"""A stop key on a real terminal, with the screen hogged and the processors busy: how long until the belt hears it."""

from __future__ import annotations

import os
import pty
import random
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .figures import Figure
from .main_death import ADDRESS, WORKOUT, link_lines, wait_latched

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
        folder = Path(name)
        (folder / "brisk.yaml").write_bytes(WORKOUT)
        child, terminal = _start(folder)
        try:
            _to_moving_belt(terminal, folder)
            while not _measuring.acquire(blocking=False):
                _pump(terminal, 0.2)
            try:
                return _press(key, terminal, folder, 1.0 + 1.5 * chance.random())
            finally:
                _measuring.release()
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(terminal)


def _press(key: bytes, terminal: int, folder: Path, after_s: float) -> tuple[float, float]:
    """Hog the screen and both processors, press, and see when the link and the belt know."""
    (folder / "hog").touch()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        _pump(terminal, after_s)
        pressed_s = time.monotonic()
        os.write(terminal, key)
        first_s = _first_s(terminal, folder, pressed_s)
        return (first_s - pressed_s) * 1000, (wait_latched(folder) - pressed_s) * 1000
    finally:
        for one in busy:
            one.kill()
            one.wait()


def _start(folder: Path) -> tuple[int, int]:
    child, terminal = pty.fork()
    if child == 0:
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
        environment["RETROTREAD_DATA"] = str(folder)
        arguments = ["run", str(folder / "brisk.yaml"), "--treadmill", ADDRESS]
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.hogged_screens", *arguments], environment)
    return child, terminal


def _to_moving_belt(terminal: int, folder: Path) -> None:
    """Enter, five ticks, the start key held, o; then the belt at its speed."""
    _until(terminal, b"brisk at once")
    os.write(terminal, b"\r")
    _until(terminal, b"Safety key")
    os.write(terminal, b"12345")
    _until(terminal, b"stands still")
    while not any("StartBelt" in text for _, text in link_lines(folder)):
        os.write(terminal, b"s")
        _pump(terminal, 0.1)
        if _counting(folder):
            _pump(terminal, 6.0)
    _pump(terminal, 2.0)
    os.write(terminal, b"o")
    while not any("speed_ckph=250)" in text for _, text in link_lines(folder)):
        _pump(terminal, 0.2)
    _pump(terminal, 1.5)


def _counting(folder: Path) -> bool:
    ring = folder / "guardian.ring"
    return ring.exists() and b" countdown" in ring.read_bytes()[-4096:]


def _first_s(terminal: int, folder: Path, after_s: float) -> float:
    while True:
        _pump(terminal, 0.5)
        found = [at_s for at_s, _ in link_lines(folder) if at_s >= after_s]
        if found:
            return found[0]
        assert time.monotonic() - after_s < 30, "no command within 30 s"


def _pump(terminal: int, seconds: float) -> bytes:
    """Take what the program writes, for that long: a terminal that is not drained would hold it up."""
    due_s, seen = time.monotonic() + seconds, b""
    while (left_s := due_s - time.monotonic()) > 0:
        ready, _, _ = select.select([terminal], [], [], left_s)
        if ready:
            seen += os.read(terminal, 65536)
    return seen


def _until(terminal: int, text: bytes) -> None:
    seen, began_s = b"", time.monotonic()
    while text not in seen:
        seen += _pump(terminal, 0.1)
        assert time.monotonic() - began_s < 60, f"no {text!r} within 60 s; last: {seen[-400:]!r}"
