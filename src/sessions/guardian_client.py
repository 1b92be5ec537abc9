"""The main process's end of the guardian: starts it, talks to it, notices its end."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

from ..guardian import wire
from ..guardian.messages import FromGuardian, Snapshot, ToGuardian
from ..guardian.standby.messages import Told
from ..safety.modes import AT_REST, Mode
from .standby_client import StandbyClient

# A guardian tells something five times a second. What has been silent for three seconds is frozen, and stops no belt;
# reports of a belt are not believed for longer either. Counted in turns of our own, so that a main process that was
# frozen itself does not take its own sleep for the guardian's.
TURN_S = 0.05
SILENT_TURNS = 60


class GuardianClient:
    """One guardian process. ``send`` may be called from any thread and takes no lock.

    A frame is written by one call to write(2) and is shorter than PIPE_BUF, so that frames of several threads
    never mix: the thread that reads the keyboard writes its own STOP.
    """

    def __init__(
        self,
        folder: Path,
        on_message: Callable[[FromGuardian], None],
        on_end: Callable[[str], None],
        on_standby: Callable[[Told], None] | None = None,
    ) -> None:
        """Start the process. ``on_message`` and ``on_end`` (with a sentence) are called on a thread of its own.

        ``on_standby``: a standby is started before it and hears this; for a guardian that is to move a real belt.
        Raises OSError.
        """
        self._on_message, self._on_end = on_message, on_end
        with os.fdopen(_log(folder), "ab") as log:
            self.standby = None if on_standby is None or os.name != "posix" else StandbyClient(log.fileno(), on_standby)
            try:
                self._process = self._start(folder, log.fileno())
            finally:
                if self.standby is not None:
                    self.standby.handed_over()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # A descriptor of our own, given back when nobody can send any more.
        self._to_guardian = os.dup(self._process.stdin.fileno())
        self._give_back = weakref.finalize(self, os.close, self._to_guardian)
        self._process.stdin.close()
        self._from_guardian = self._process.stdout.fileno()
        # A guardian that does not read any more must not hold up who presses stop.
        os.set_blocking(self._to_guardian, False)
        self.alive = True
        self._mode: Mode | None = None
        self._silent_turns = 0
        self._frozen: str | None = None
        threading.Thread(target=self._read, name="from-guardian", daemon=True).start()

    def _start(self, folder: Path, log: int) -> subprocess.Popen[bytes]:
        end = () if self.standby is None else (self.standby.guardians_end,)
        return subprocess.Popen(
            # -P: a file in the folder that we happen to stand in must not be taken for a module.
            [sys.executable, "-P", "-m", "retrotread.guardian", str(folder), *map(str, end)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            bufsize=0,
            start_new_session=True,
            pass_fds=end,
        )

    @property
    def pid(self) -> int:
        """The guardian's process number."""
        return self._process.pid

    def send(self, message: ToGuardian) -> None:
        """Hand a message over. One that cannot be delivered is noticed by the reading thread."""
        frame = wire.encode(message)
        assert len(frame) <= wire.ATOMIC_BYTES, f"{type(message).__name__} of {len(frame)} bytes would not be atomic"
        with contextlib.suppress(OSError):
            os.write(self._to_guardian, frame)

    def leave(self) -> None:
        """Close our end: the guardian stops the belt, waits for its standstill and ends.

        The descriptor stays taken, so that a ``send`` that comes late can never end up in another file.
        """
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
        except OSError:  # no descriptor is left: the end of the pipe matters more
            self._give_back()
            return
        os.dup2(nowhere, self._to_guardian, inheritable=False)
        os.close(nowhere)

    def wait(self, seconds: float) -> bool:
        """Whether the guardian has ended within that time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _read(self) -> None:
        reason = "the guardian has ended"
        try:
            while (payload := wire.read_frame(self._read_some)) is not None:
                message = wire.decode_from_guardian(payload)
                if isinstance(message, Snapshot):
                    self._mode = message.mode
                self._on_message(message)
        except (OSError, wire.WireError) as error:
            reason = f"the guardian cannot be understood: {error}"
        self.alive = False
        reason = self._frozen or reason
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._on_end(reason)
        self._process.wait()

    def _read_some(self, count: int) -> bytes:
        """What has come; meanwhile a guardian that has frozen with a belt that may move is ended."""
        while os.name == "posix" and not select.select([self._from_guardian], [], [], TURN_S)[0]:
            self._silent_turns += 1
            if self._silent_turns == SILENT_TURNS and self._mode is not None and self._mode not in AT_REST:
                self._end_frozen()
        self._silent_turns = 0
        return os.read(self._from_guardian, count)

    def _end_frozen(self) -> None:
        """It holds the line and does nothing with it: without it, its standby stops the belt."""
        self._frozen = f"nothing was heard of the guardian for {SILENT_TURNS * TURN_S:.0f} s; it was ended"
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)


def _log(folder: Path) -> int:
    """Where the guardian complains: a file for its owner alone, or nowhere. A full disk takes no guardian away."""
    try:
        return os.open(folder / "guardian.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
