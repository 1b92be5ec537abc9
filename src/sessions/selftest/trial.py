"""One promise put to the test: a belt, a program in a process of its own, a fault, and what the belt was asked for."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import subprocess
import sys
import tempfile
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ...clock import Clock, SystemClock
from .belt import WatchedBelt
from .promises import PROMISES, STANDSTILL_WITHIN_S, Fault, Finding, Promise

STARTS_WITHIN_S = 60.0
"""Two processes, a confirmed standstill, a countdown, a ramp: about 15 s on a quick computer, all six at once."""

STEADY_S = 1.0
"""The belt runs for so long before anything happens to it, so that the last rise is over."""

LOOK_S = 0.05
MARGIN_S = 3.0
"""So long a stop that comes too late is waited for, to say how late it was."""

READ_BYTES = 4096
ORDERS = {Fault.STOP_KEY: b"stop\n", Fault.SCREEN_BLOCKED: b"block\n", Fault.FOCUS_LOST: b"away\n"}
SIGNALS = {Fault.KILLED: signal.SIGKILL, Fault.FROZEN: signal.SIGSTOP}

COMMAND = (sys.executable, "-P", "-m", "retrotread.sessions.selftest.subject")
"""What is tried; its folder and its address come behind."""


class _NoTrial(Exception):
    """What keeps a promise from being tried."""


class _Program:
    """The program that something is done to, on a terminal of its own, with a belt lock of its own."""

    def __init__(self, command: tuple[str, ...], folder: Path, address: str) -> None:
        self._terminal, theirs = pty.openpty()
        tty.setraw(theirs)
        os.set_blocking(self._terminal, False)
        try:
            self._process = subprocess.Popen(
                [*command, str(folder), address],
                stdin=theirs,
                stdout=theirs,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "XDG_RUNTIME_DIR": str(folder)},
            )
        except OSError:
            os.close(self._terminal)
            raise
        finally:
            os.close(theirs)
        self._said = b""
        self._hung_up = False

    def runs(self) -> bool:
        """Whether it has said that the belt runs. Raises _NoTrial where it has ended instead."""
        with suppress(BlockingIOError):
            try:
                self._said = (self._said + os.read(self._terminal, READ_BYTES))[-READ_BYTES:]
            except OSError as error:
                if isinstance(error, BlockingIOError):
                    raise
                raise _NoTrial("the program ended before the belt ran") from None
        return b"running" in self._said

    def suffer(self, fault: Fault) -> None:
        """Let the fault happen."""
        if fault is Fault.HUNG_UP:
            self._hang_up()
        elif fault in SIGNALS:
            self._process.send_signal(SIGNALS[fault])
        else:
            os.write(self._terminal, ORDERS[fault])

    def _hang_up(self) -> None:
        if not self._hung_up:
            self._hung_up = True
            os.close(self._terminal)

    def end(self) -> None:
        """Whatever is left of it."""
        self._process.kill()
        self._process.wait()
        self._hang_up()


async def tried(promise: Promise, command: tuple[str, ...] = COMMAND) -> Finding:
    """Try one promise out. Whatever keeps it from being tried is in the finding."""
    clock = SystemClock()
    try:
        belt = WatchedBelt()
    except OSError as error:
        return Finding(promise, None, False, f"there is no pseudo-terminal here ({error})")
    try:
        with tempfile.TemporaryDirectory(prefix="retrotread-selftest-") as folder:
            return await _tried(promise, clock, belt, lambda: _Program(command, Path(folder), belt.address))
    except (_NoTrial, OSError) as error:
        return Finding(promise, None, False, str(error))
    finally:
        await belt.close()


async def _tried(promise: Promise, clock: Clock, belt: WatchedBelt, begin: Callable[[], _Program]) -> Finding:
    program = begin()
    try:
        if not await _until(program.runs, clock, STARTS_WITHIN_S):
            raise _NoTrial(f"the belt did not run within {STARTS_WITHIN_S:.0f} s")
        await clock.sleep_until(clock.now_s() + STEADY_S)
        fault_s = clock.now_s()
        program.suffer(promise.fault)
        await _until(lambda: belt.asked_for_less_s(fault_s) is not None, clock, promise.within_ms / 1000 + MARGIN_S)
        asked_s = belt.asked_for_less_s(fault_s)
        if asked_s is None:
            return Finding(promise, None, False)
        if belt.asked_for_more(fault_s):
            raise _NoTrial("the belt was asked for more after it")
        rests = await _until(belt.at_rest, clock, STANDSTILL_WITHIN_S)
        return Finding(promise, round((asked_s - fault_s) * 1000), rests)
    finally:
        program.end()


async def _until(true: Callable[[], bool], clock: Clock, seconds: float) -> bool:
    """Look again and again, for so long; whether it came true."""
    until_s = clock.now_s() + seconds
    while not true():
        if clock.now_s() > until_s:
            return False
        await clock.sleep_until(clock.now_s() + LOOK_S)
    return True


async def all_tried(
    promises: tuple[Promise, ...] = PROMISES, command: tuple[str, ...] = COMMAND
) -> tuple[Finding, ...]:
    """Every promise, all at once: each has a belt and a program of its own."""
    return tuple(await asyncio.gather(*(tried(one, command) for one in promises)))
