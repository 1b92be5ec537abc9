"""One child process: started without a shell and without a terminal, ended with everything that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence


def start(
    arguments: Sequence[str], stdin: bytes | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, its output thrown away; ``environment`` None: our own.

    ``stdin`` must fit into a pipe (4096 bytes do everywhere), so that a child that does not read holds up nobody.
    Raises OSError (no such program, no process left) and ValueError (a NUL in an argument). The arguments are those
    with which CPython may use vfork: then the cost of a start does not grow with the size of this process.
    """
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        close_fds=True,
        start_new_session=True,
    )
    if process.stdin is not None and stdin is not None:
        with contextlib.suppress(OSError), process.stdin:  # a child that ended at once is seen by its exit code
            process.stdin.write(stdin)
    return process


def end(process: subprocess.Popen[bytes], force: bool = False) -> None:
    """Ask it and all that it started to end, or make them. Does not wait, and does nothing where it has ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # it ended meanwhile; macOS says it by the second
        if process.returncode is not None:
            return
        if sys.platform == "win32":
            process.kill() if force else process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)


def how_it_ended(exit_code: int) -> str:
    """In words: an exit code, or the signal that ended it."""
    return f"ended with exit code {exit_code}" if exit_code >= 0 else f"was ended by signal {-exit_code}"


def why_not_started(error: OSError | ValueError) -> str:
    """The system's words without the path, in which somebody's name may stand."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


class Watched:
    """A child whose end is noted on a thread of its own, and told to who waits on ``changed``."""

    def __init__(self, process: subprocess.Popen[bytes], changed: threading.Condition) -> None:
        """Raises OSError where there is no thread for it; the child is ended then."""
        self.exit_code: int | None = None
        """None: it runs. Written under ``changed``."""
        self._process = process
        self._changed = changed
        try:
            threading.Thread(target=self._watch, name="voice-child", daemon=True).start()
        except RuntimeError as error:
            end(process, force=True)
            process.wait()
            raise OSError("there is no thread to watch it") from error

    def end(self, force: bool = False) -> None:
        """Ask it to end, or make it. Does not wait."""
        end(self._process, force)

    def _watch(self) -> None:
        exit_code = self._process.wait()
        with self._changed:
            self.exit_code = exit_code
            self._changed.notify_all()
