"""Tones from a process of their own: asked for in a line, never waited for, and missed by nobody who hears words."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import IO, Protocol

from .child import end, how_it_ended, why_not_started
from .playing import NO_LOUDSPEAKER, NO_MINIAUDIO
from .tone import Tone

STARTS_MAX = 3
"""A player that died three times dies a fourth time; a run has better things to do."""

KILLED_WITHIN_S = 0.5
"""A killed process is gone at once, unless its sound device hangs; nobody waits for that."""

INSTALL = "tones need miniaudio; install it (pip install 'retrotread[sound]'), or go by the voice and the bell"
_WHY = {
    NO_MINIAUDIO: INSTALL,
    NO_LOUDSPEAKER: "there are no tones: no loudspeaker could be opened; plug one in, and open the run again",
}


class Tones(Protocol):
    """Plays tones. Every call returns at once and raises nothing. ``why``: a sentence where none will sound."""

    why: str | None

    def play(self, tone: Tone) -> None:
        """That tone, now."""
        ...

    def beat(self, per_min: float | None) -> None:
        """A click so many times a minute; None: no more."""
        ...

    def close(self) -> None:
        """Be silent from now on."""
        ...


class NoTones:
    """``Tones`` that never sound."""

    def __init__(self, why: str | None = None) -> None:
        self.why = why

    def play(self, tone: Tone) -> None:
        """Nothing."""

    def beat(self, per_min: float | None) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def started() -> subprocess.Popen[bytes]:
    """The process that sounds. Raises OSError."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", f"{__package__}.playing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        start_new_session=True,
    )


Start = Callable[[], subprocess.Popen[bytes]]


class ChildTones:
    """``Tones`` of a child process. One that dies is started again, a few times; a line that it cannot take is lost."""

    def __init__(self, start: Start = started) -> None:
        self.why: str | None = None
        self._start = start
        self._starts = 0
        self._closed = False
        self._child: subprocess.Popen[bytes] | None = None
        self._stdin: IO[bytes] | None = None
        self._begin()

    def play(self, tone: Tone) -> None:
        """That tone, now; the process answers nothing."""
        self._tell(f"{tone.value}\n")

    def beat(self, per_min: float | None) -> None:
        """A click so many times a minute; None: no more."""
        self._tell(f"{Tone.BEAT.value} {per_min or 0.0:.1f}\n")

    def close(self) -> None:
        """Silence: the process is ended at once."""
        self._closed = True
        if self._child is not None:
            end(self._child, force=True)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(KILLED_WITHIN_S)
            self._let_go()

    def _tell(self, line: str) -> None:
        if self._closed or self.why is not None:
            return
        exit_code = None if self._child is None else self._child.poll()
        if exit_code is not None:
            self._died(exit_code)  # this line is lost: from a new process it would come late
        elif self._stdin is not None:
            self._write(line)

    def _write(self, line: str) -> None:
        assert self._stdin is not None, "looked at by the caller"
        with contextlib.suppress(OSError):  # full or broken: the tone is lost, and the next look finds out why
            os.write(self._stdin.fileno(), line.encode())

    def _begin(self) -> None:
        self._starts += 1
        try:
            self._child = self._start()
        except (OSError, ValueError) as error:
            self.why = f"there are no tones: their process cannot be started ({why_not_started(error)})"
            return
        self._stdin = self._child.stdin
        if self._stdin is not None:
            with contextlib.suppress(OSError, AttributeError):  # Windows can since Python 3.12
                os.set_blocking(self._stdin.fileno(), False)

    def _died(self, exit_code: int) -> None:
        """It is gone: for a reason that stays, or to be started again."""
        self._let_go()
        if exit_code in _WHY:
            self.why = _WHY[exit_code]
        elif self._starts >= STARTS_MAX:
            how = how_it_ended(exit_code)
            self.why = f"there are no tones: their process {how} for the third time; go by the voice and the bell"
        else:
            self._begin()

    def _let_go(self) -> None:
        child, self._child, self._stdin = self._child, None, None
        if child is not None and child.stdin is not None:
            with contextlib.suppress(OSError):
                child.stdin.close()


def system_tones(wanted: bool) -> Tones:
    """The tones of this computer. Whether miniaudio is there is looked up, and not loaded."""
    if not wanted:
        return NoTones()
    return NoTones(INSTALL) if find_spec("miniaudio") is None else ChildTones()
