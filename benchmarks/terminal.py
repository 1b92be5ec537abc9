"""The real program on a pseudo-terminal, brought to a moving belt by the keys of a person.

There is no command that speaks on its PATH: the sound test rings the bell, and the bells are counted as a person
would. Everything else is as somebody finds it who is known and has run backward before.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

from .main_death import ADDRESS, link_lines

SETTINGS = """[person]
name = "Kim"
adult = true
backward_experience = "runs"
"""
BELL = b"\x07"
# The bells of the sound test ring closer to one another than this.
BELLS_OVER_S = 2.0
PATIENCE_S = 60.0


class Program:
    """One ``retrotread run`` of ``workout`` in ``folder``; ``module`` is what Python runs for it."""

    def __init__(self, folder: Path, workout: bytes, module: str = "retrotread", address: str = ADDRESS) -> None:
        self.folder = folder
        self.title = workout.partition(b"name: ")[2].partition(b"\n")[0]
        (folder / "bench.yaml").write_bytes(workout)
        (folder / "settings.toml").write_text(SETTINGS)
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            names = {"RETROTREAD_DATA": str(folder), "RETROTREAD_CONFIG": str(folder), "PATH": str(folder)}
            names["XDG_RUNTIME_DIR"] = str(folder)  # one real belt per user: each of these is a user of its own
            environment = os.environ | names | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
            arguments = ["run", str(folder / "bench.yaml"), "--treadmill", address]
            os.execve(sys.executable, [sys.executable, "-m", module, *arguments], environment)

    def close(self) -> None:
        """Main is killed; the guardian stops its belt and ends by itself."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)

    def press(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def pump(self, seconds: float) -> bytes:
        """Take what the program writes, for that long: a terminal that is not drained would hold it up."""
        due_s, seen = time.monotonic() + seconds, b""
        while (left_s := due_s - time.monotonic()) > 0:
            seen += self.pump_once(left_s)
        return seen

    def pump_once(self, within_s: float = PATIENCE_S) -> bytes:
        """What it writes next, as soon as it does."""
        ready, _, _ = select.select([self._terminal], [], [], within_s)
        return os.read(self._terminal, 65536) if ready else b""

    def until(self, text: bytes) -> bytes:
        """Pump until the program has written ``text``; what it wrote meanwhile."""
        seen, began_s = b"", time.monotonic()
        while text not in seen:
            seen += self.pump(0.1)
            assert time.monotonic() - began_s < PATIENCE_S, f"no {text!r} in {PATIENCE_S} s; last: {seen[-400:]!r}"
        return seen

    def to_moving_belt(self, speed_ckph: int) -> None:
        """Enter, the own stop, five ticks, the bells, the start key held, o; then the belt is asked for its speed."""
        self.until(self.title)
        self.press(b"\r")
        self.until(b"Safety key")
        self.press(b" \r\r\r\r\r")
        self.press(b"%d" % self.bells(self.until(b"Listen")))
        self.until(b"stands still")
        self.hold_start()
        self.pump(2.0)
        self.press(b"o")
        while not self.sent(f"speed_ckph={speed_ckph})"):
            self.pump(0.2)

    def sent(self, text: str) -> bool:
        """Whether a command of those words went to the link."""
        return any(text in line for _, line in link_lines(self.folder))

    def bells(self, seen: bytes) -> int:
        """How often the bell has rung, once it rings no more."""
        rung = 0
        while rung == 0 or seen.count(BELL) > rung:
            rung = seen.count(BELL)
            seen += self.pump(BELLS_OVER_S)
        return rung

    def hold_start(self) -> None:
        """The start key held, as a terminal repeats it, until the belt was started."""
        gives_up_s = time.monotonic() + PATIENCE_S
        while not self.sent("StartBelt"):
            assert time.monotonic() < gives_up_s, f"the held start key has started nothing within {PATIENCE_S:g} s"
            self.press(b"s")
            self.pump(0.1)
            if self._counting():
                self.pump(6.0)

    def _counting(self) -> bool:
        ring = self.folder / "guardian.ring"
        return ring.exists() and b" countdown" in ring.read_bytes()[-4096:]
