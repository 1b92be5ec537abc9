"""The keyboard of ``--plain``: a thread that reads, and stops the belt itself before anybody else hears of the key."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import termios
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from .door import StopDoor
from .plain_keys import ESCAPE_WAIT_S, keys_in, line_name, lines_in, stops

READ_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Press:
    """A key that was pressed. ``stopped``: it meant STOP, and the stop is on its way."""

    key: str
    stopped: bool = False


class PlainKeyboard:
    """Keys on a terminal, a letter a line on anything else. The end of the input is a stop.

    ``alive``: the thread reads. ``ended``: it does not any more, and ``next`` has given all that it read.
    """

    def __init__(self, descriptor: int, door: StopDoor) -> None:
        """Begin to read. ``descriptor`` may be a terminal, a pipe or a file."""
        self._fd = descriptor
        self._terminal = os.isatty(descriptor)
        self._door = door
        self._presses: queue.SimpleQueue[Press | None] = queue.SimpleQueue()
        self.alive = True
        self.ended = False
        threading.Thread(target=self._run, name="input", daemon=True).start()

    def next(self, wait_s: float) -> Press | None:
        """The next key, waited for at most so long; None where there is none, or none any more."""
        try:
            press = self._presses.get(timeout=wait_s)
        except queue.Empty:
            return None
        self.ended = press is None
        return press

    def _run(self) -> None:
        try:
            self._read_all()
        finally:  # whatever ended it: nobody can press a stop key any more
            self.alive = False
            if self._door.live():
                self._door.stop()
            self._door.input_alive(False)
            self._presses.put(None)

    def _read_all(self) -> None:
        rest = b""
        while (data := self._read()) is not None:
            names, rest = keys_in(rest + data) if self._terminal else lines_in(rest + data)
            if self._terminal and rest and not self._more_comes():
                names, rest = [*names, "escape"], b""
            for name in names:
                self._pressed(name)
        if rest:
            self._pressed(line_name(rest))

    def _read(self) -> bytes | None:
        """What comes next; None at the end. A terminal that was closed ends with an error instead."""
        try:
            select.select([self._fd], [], [])
            return os.read(self._fd, READ_BYTES) or None
        except (OSError, ValueError):
            return None

    def _more_comes(self) -> bool:
        return bool(select.select([self._fd], [], [], ESCAPE_WAIT_S)[0])

    def _pressed(self, name: str) -> None:
        stop = stops(name) and self._door.live()
        if stop:
            self._door.stop()
        self._presses.put(Press(name, stop))


@contextlib.contextmanager
def single_keys(descriptor: int) -> Iterator[None]:
    """A terminal gives each key at once and unseen, Ctrl+C, Ctrl+Z, Ctrl+Q and Ctrl+S among them; restored after.

    What was typed before and what is still in the line after belongs to nobody. Anything else is left alone.
    """
    if not os.isatty(descriptor):
        yield
        return
    before = termios.tcgetattr(descriptor)
    single = termios.tcgetattr(descriptor)
    single[0] &= ~(termios.IXON | termios.IXOFF)
    single[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN)
    single[6][termios.VMIN], single[6][termios.VTIME] = 1, 0
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, single)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):  # the terminal is gone; there is nothing to restore
            termios.tcsetattr(descriptor, termios.TCSANOW, before)
            termios.tcflush(descriptor, termios.TCIFLUSH)
