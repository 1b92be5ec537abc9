"""How long a start takes, as a ratio to the least that it could: pairs in turn, so that a drift cancels out."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .figures import Figure

PAIRS = 15
THREE_LINES = "from textual.app import App\nfrom textual.widgets import Label\n" + (
    "type('A', (App,), {'compose': lambda self: iter([Label('painted-now')])})().run()\n"
)


def measure() -> list[Figure]:
    """``--version`` against an empty start of the same Python, and first paint against a three-line Textual app."""
    version = [_seconds(["-m", "retrotread", "--version"]) / _seconds(["-c", ""]) for _ in range(PAIRS)]
    paint = []
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.py"
        small.write_text(THREE_LINES)
        for _ in range(PAIRS):
            ours_s = _first_paint_s([sys.executable, "-m", "retrotread"], b"Retrotread", folder)
            paint.append(ours_s / _first_paint_s([sys.executable, str(small)], b"painted-now", folder))
    return [
        Figure("--version: ratio to an empty Python start", tuple(version), "times", "<= 2"),
        Figure("first paint: ratio to a three-line Textual app", tuple(paint), "times", "<= 1.5"),
    ]


def _seconds(arguments: list[str]) -> float:
    began_s = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began_s


def _first_paint_s(command: list[str], text: bytes, folder: str) -> float:
    """Seconds from the start until ``text`` has come out of the terminal's far end."""
    began_s = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "RETROTREAD_DATA": folder}
        os.execvpe(command[0], command, environment)
    seen = b""
    try:
        while text not in seen:
            ready, _, _ = select.select([terminal], [], [], 30.0)
            assert ready, f"{command} painted nothing within 30 s"
            seen += os.read(terminal, 65536)
        return time.perf_counter() - began_s
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
