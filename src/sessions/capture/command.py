"""``retrotread capture``: the radio belongs to a child process, and no session runs beside it."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ...devices.address import Address, parse_address
from ..folder import hold_data_folder
from .dialects import SCHEMES

SECONDS_MAX = 3600.0
"""An hour; two minutes with every button pressed once tell more than an hour of walking."""

LINK_MAX_S = 60.0
"""To find a machine, connect, subscribe and read, with every deadline of the link used up."""

END_MAX_S = 10.0
"""To let go of a link."""

LINE_MAX = 16_384
"""Bytes of one line: the longest value of an attribute (512 octets) with all that is said of it, several times."""

SAID_MAX = 65_536
"""Bytes that are read of what the child complains of; the sentence is its last line."""


class CaptureError(Exception):
    """No capture came about; a sentence with the mend."""


@dataclass(frozen=True, slots=True)
class Captured:
    """How many lines were kept, and what went wrong; None: nothing did."""

    lines: int
    problem: str | None = None


def checked(address: str, seconds: float) -> Address:
    """The address. Raises AddressError, or CaptureError for what cannot be recorded."""
    parsed = parse_address(address)
    if parsed.scheme != "ble" and parsed.scheme not in SCHEMES:
        raise CaptureError(
            f"{address}: a capture records machines by Bluetooth or on a cable; write ble://NAME-or-address or "
            "serial+woodway://PORT"
        )
    if not 1 <= seconds <= SECONDS_MAX:
        raise CaptureError(f"--seconds {seconds:g}: write a number from 1 to {SECONDS_MAX:g}")
    return parsed


def capture(address: Address, seconds: float, out: Path, child: tuple[str, ...] | None = None) -> Captured:
    """Record into ``out``, a file that is not there yet. Holds the data folder, so that no session runs meanwhile.

    Raises FolderError where one does, and OSError where ``out`` cannot be made. Without a line there is no file.
    """
    _, lock = hold_data_folder()
    try:
        with out.open("xb") as file:
            problem = _recorded(child or _child(address, seconds), file, seconds + LINK_MAX_S)
        lines = out.read_bytes().count(b"\n")
        if not lines:
            out.unlink()
        return Captured(lines, problem)
    finally:
        lock.release()


def _child(address: Address, seconds: float) -> tuple[str, ...]:
    package = __name__.rpartition(".")[0]
    return sys.executable, "-m", f"{package}.child", str(address), f"{seconds:g}"


def _recorded(arguments: tuple[str, ...], file: IO[bytes], deadline_s: float) -> str | None:
    """Run the child, keep what it prints; what went wrong, None where nothing did."""
    with tempfile.TemporaryFile() as complaints, _running(arguments, complaints) as process:
        late = threading.Timer(deadline_s, process.kill)
        late.daemon = True
        late.start()
        try:
            _copy(process, file)
            code = process.wait(END_MAX_S)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            late.cancel()
        complaints.seek(0)
        return _problem(code, complaints.read(SAID_MAX).decode(errors="replace").strip())


@contextmanager
def _running(arguments: tuple[str, ...], complaints: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The child, in a session of its own: a Ctrl+C reaches this process, which ends the child by closing its input.

    So does one that comes while the child is only being started.
    """
    begun: subprocess.Popen[bytes] | None = None
    early = False

    def interrupted() -> None:
        nonlocal early
        early = True
        if begun is not None:
            _close_input(begun)

    with (
        _interrupt(interrupted),
        subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, start_new_session=True
        ) as process,
    ):
        begun = process
        if early:
            _close_input(process)
        try:
            yield process
        finally:
            _end(process)


@contextmanager
def _interrupt(then: Callable[[], None]) -> Iterator[None]:
    """A Ctrl+C calls ``then`` and breaks off nothing: the line that is being copied stays whole."""
    before = signal.signal(signal.SIGINT, lambda *_: then())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _copy(process: subprocess.Popen[bytes], file: IO[bytes]) -> None:
    assert process.stdout is not None
    while line := process.stdout.readline(LINE_MAX):
        file.write(line)


def _problem(code: int, said: str) -> str | None:
    if code == 0:
        return None
    if code == 1 and said:
        return said.splitlines()[-1]
    return f"the process that held the radio ended with code {code} ({said[-200:]!r}); see 'retrotread doctor'"


def _close_input(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    _close_input(process)
    try:
        process.wait(END_MAX_S)
    except subprocess.TimeoutExpired:
        process.kill()
