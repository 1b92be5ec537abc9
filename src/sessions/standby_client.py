"""The main process's end of the standby: starts it before the guardian, and hears what it sees."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable

from ..guardian import wire
from ..guardian.standby.messages import Told


class StandbyClient:
    """One standby process. It lives as long as its guardian, whose end of the pipe is the only one."""

    def __init__(self, log: int, on_told: Callable[[Told], None]) -> None:
        """Start the process, which complains to ``log``. ``on_told`` is called on a thread of its own.

        Raises OSError.
        """
        ours, theirs = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "retrotread.guardian.standby"],
                stdin=ours,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                start_new_session=True,
            )
        except OSError:
            os.close(theirs)
            raise
        finally:
            os.close(ours)
        self.guardians_end = theirs
        self._on_told = on_told
        threading.Thread(target=self._read, name="from-standby", daemon=True).start()

    @property
    def pid(self) -> int:
        """The standby's process number."""
        return self._process.pid

    def handed_over(self) -> None:
        """The guardian has its end of the pipe, or there is no guardian: nobody else may hold it open."""
        os.close(self.guardians_end)

    def _read(self) -> None:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        with contextlib.suppress(OSError, wire.WireError):
            while (payload := wire.read_frame(lambda count: os.read(pipe, count))) is not None:
                self._on_told(wire.decode_from_standby(payload))
        self._process.stdout.close()
        self._process.wait()
