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
from .plain_keys import (
    ESCAPE_WAIT_S,
    FOCUS_IN,
    FOCUS_OUT,
    Typed,
    keys_in,
    leaves,
    line_typed,
    lines_in,
)

READ_BYTES = 4096

FOCUS_ON, FOCUS_OFF = b"\x1b[?1004h", b"\x1b[?1004l"
"""Ask a terminal to report whether it gets the keys, and no longer (DECSET and DECRST 1004 of xterm)."""


@dataclass(frozen=True, slots=True)
class Press:
    """A key that was pressed, and what it writes.

    ``stopped``: it meant STOP, and the stop is on its way. ``cancelled``: it has called the start off, likewise.
    """

    key: str
    stopped: bool = False
    text: str = ""
    cancelled: bool = False


class PlainKeyboard:
    """Keys on a terminal, a letter a line on anything else. The end of the input is a stop.

    ``alive``: the thread reads. ``ended``: it does not any more, and ``next`` has given all that it read.
    """

    def __init__(self, descriptor: int, door: StopDoor) -> None:
        """Begin to read. ``descriptor`` may be a terminal, a pipe or a file."""
        self._fd = descriptor
        self.on_terminal = os.isatty(descriptor)
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
            typed, rest = keys_in(rest + data) if self.on_terminal else lines_in(rest + data)
            if self.on_terminal and rest and not self._more_comes():
                typed, rest = [*typed, Typed("escape")], b""
            for one in typed:
                self._take(one)
        if rest:
            self._take(line_typed(rest))

    def _read(self) -> bytes | None:
        """What comes next; None at the end. A terminal that was closed ends with an error instead."""
        try:
            select.select([self._fd], [], [])
            return os.read(self._fd, READ_BYTES) or None
        except (OSError, ValueError):
            return None

    def _more_comes(self) -> bool:
        return bool(select.select([self._fd], [], [], ESCAPE_WAIT_S)[0])

    def _take(self, typed: Typed) -> None:
        """A key, which proves the focus of a terminal, or what the terminal says of that; a pipe has none."""
        if self.on_terminal:
            self._door.focus(typed.key != FOCUS_OUT)
        if not self.on_terminal or typed.key not in (FOCUS_IN, FOCUS_OUT):
            self._presses.put(self._pressed(typed))

    def _pressed(self, typed: Typed) -> Press:
        """Stopped or called off at once, in this thread, where the key means that."""
        if stops_now(self._door, typed.key):
            self._door.stop()
            return Press(typed.key, stopped=True, text=typed.text)
        return Press(typed.key, text=typed.text, cancelled=self._door.cancel_by(typed.key))


def stops_now(door: StopDoor, key: str) -> bool:
    """Whether the key means STOP in this moment; here what would end the program does so, too."""
    return door.stops(key) or (leaves(key) and door.live())


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


@contextlib.contextmanager
def focus_reports(descriptor: int, terminal_kind: str) -> Iterator[None]:
    """Ask the terminal of this kind (``TERM``) to report its focus, as long as this lasts.

    Not asked: what is no terminal, a terminal that shows escape sequences instead of obeying them, and one that cannot
    be written to. One that does not know the question says nothing, and is taken to have the focus.
    """
    if not os.isatty(descriptor) or terminal_kind in ("", "dumb", "unknown"):
        yield
        return
    _ask(descriptor, FOCUS_ON)
    try:
        yield
    finally:
        _ask(descriptor, FOCUS_OFF)


def _ask(descriptor: int, sequence: bytes) -> None:
    with contextlib.suppress(OSError):  # it is gone, or may only be read: nobody is there to ask
        os.write(descriptor, sequence)
