"""Stop keys on a real terminal (a pty), in the thread that reads it, while the screen's own loop is blocked.

Nothing here sleeps: each step waits for the program to report an event, up to a deadline.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

CHILD = Path(__file__).with_name("child.py")
DEADLINE_S = 20.0
INPUT_THREAD = "textual-input"

PLAIN = {
    "Space": b" ",
    "Esc": b"\x1b",
    "Enter": b"\r",
    "Enter as line feed": b"\n",
    "Enter of the keypad": b"\x1bOM",
    "q": b"q",
    "Q": b"Q",
    "Ctrl+C": b"\x03",
    "Ctrl+Q": b"\x11",
    "Ctrl+Z": b"\x1a",
    "Ctrl+D": b"\x04",
    "Page Up": b"\x1b[5~",
    "Page Down": b"\x1b[6~",
    "full stop": b".",
    "b": b"b",
    "F5": b"\x1b[15~",
    "F5 of a Linux console": b"\x1b[[E",
    "Ctrl+Space": b"\x00",
}
KITTY = {
    "Space": b"\x1b[32;1;32u",
    "Shift+Space": b"\x1b[32;2;32u",
    "Esc": b"\x1b[27u",
    "Enter": b"\x1b[13u",
    "Enter of the keypad": b"\x1b[57414u",
    "q": b"\x1b[113;1;113u",
    "Q under Caps Lock": b"\x1b[113;65;81u",
    "Ctrl+C": b"\x1b[99;5u",
    "Ctrl+Q": b"\x1b[113;5u",
    "Ctrl+Z": b"\x1b[122;5u",
    "Ctrl+D": b"\x1b[100;5u",
    "Page Up": b"\x1b[5;1~",
    "Page Down": b"\x1b[6;1~",
    "Page Down of the keypad": b"\x1b[57422u",
    "full stop": b"\x1b[46;1;46u",
    "full stop of the keypad": b"\x1b[57409;1;46u",
    "b": b"\x1b[98;1;98u",
    "F5": b"\x1b[15;1~",
    "Space with its alternate key and event type": b"\x1b[32:32;1:1;32u",
    "Space repeating": b"\x1b[32;1:2;32u",
}
KEYS = [
    pytest.param(data, id=f"{kind}-{name}")
    for kind, keys in (("plain", PLAIN), ("kitty", KITTY))
    for name, data in keys.items()
]


class Terminal:
    """The program on a pty of 80x24, with what it reports; the screen that it paints is read and dropped."""

    def __init__(self) -> None:
        self._keyboard: int | None
        self._keyboard, slave = pty.openpty()
        termios.tcsetwinsize(slave, (24, 80))
        report, report_of_child = os.pipe()
        orders_of_child, self._orders = os.pipe()
        self._report = report
        self._lines: list[str] = []
        self._rest = b""
        self.painted = b""
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD), str(report_of_child), str(orders_of_child)],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            pass_fds=(report_of_child, orders_of_child),
            env={**os.environ, "TERM": "xterm-256color"},
        )  # fmt: skip
        for fd in (slave, report_of_child, orders_of_child):
            os.close(fd)

    def type(self, data: bytes) -> None:
        assert self._keyboard is not None
        os.write(self._keyboard, data)

    def order(self, order: str) -> None:
        os.write(self._orders, f"{order}\n".encode())

    def wait_for(self, *wanted: str) -> str:
        """The first reported line that begins with one of ``wanted``; what came before it is forgotten."""
        deadline_s = time.monotonic() + DEADLINE_S
        seen: list[str] = []
        while True:
            while self._lines:
                line = self._lines.pop(0)
                seen.append(line)
                if line.startswith(wanted):
                    return line
            left_s = deadline_s - time.monotonic()
            assert left_s > 0, f"no {wanted} within {DEADLINE_S} s; reported {seen}, painted {self.painted[-2000:]!r}"
            self._take_in(left_s)

    def wait_for_painted(self, wanted: bytes) -> None:
        """Until the program has painted this."""
        deadline_s = time.monotonic() + DEADLINE_S
        while wanted not in self.painted:
            left_s = deadline_s - time.monotonic()
            assert left_s > 0, f"{wanted!r} was not painted; what was: {self.painted[-3000:]!r}"
            self._take_in(left_s)

    def _take_in(self, wait_s: float) -> None:
        readable, _, _ = select.select([fd for fd in (self._report, self._keyboard) if fd is not None], [], [], wait_s)
        if self._keyboard in readable:
            with suppress(OSError):
                self.painted = (self.painted + os.read(self._keyboard, 65536))[-100_000:]
        elif self._report in readable:
            data = os.read(self._report, 65536)
            assert data, f"the program ended with {self.process.wait(5)}; it painted {self.painted[-3000:]!r}"
            *lines, self._rest = (self._rest + data).split(b"\n")
            self._lines += [line.decode() for line in lines]

    def hang_up(self) -> None:
        assert self._keyboard is not None
        os.close(self._keyboard)
        self._keyboard = None

    def end(self) -> int:
        """Leave in the ordinary way; the exit code."""
        self.order("end")
        return self.ended()

    def ended(self) -> int:
        """Wait for the end that has been asked for; the exit code."""
        self.wait_for("left")
        return self.process.wait(DEADLINE_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(DEADLINE_S)
        for fd in (self._keyboard, self._report, self._orders):
            if fd is not None:
                os.close(fd)


@contextmanager
def a_terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    try:
        terminal.wait_for("first turn")
        yield terminal
    finally:
        terminal.close()


@pytest.fixture(scope="module", params=["live", "dialog"])
def blocked(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """The program with a moving belt and a screen that hangs, with and without a dialog open."""
    with a_terminal() as terminal:
        terminal.wait_for_painted(b"S T O P")
        if request.param == "dialog":
            terminal.order("dialog")
            terminal.wait_for("dialog open")
        terminal.order("hog")
        terminal.wait_for("hogged")
        yield terminal


@pytest.mark.parametrize("data", KEYS)
def test_every_stop_key_stops_from_the_input_thread_while_the_screen_hangs(blocked: Terminal, data: bytes) -> None:
    blocked.type(data)
    assert blocked.wait_for("stop") == f"stop {INPUT_THREAD}"


def test_the_stop_bar_stops_from_the_input_thread_while_the_screen_hangs(blocked: Terminal) -> None:
    blocked.type(b"\x1b[<0;40;23M")
    assert blocked.wait_for("stop") == f"stop {INPUT_THREAD}"


NOISE = {
    "bytes that are no UTF-8": b"\xff\xfe\x80\xc3",
    "a mouse report of the old kind far to the right": b"\x1b[M \xf7\x80",
    "a mouse report of the old kind cut off": b"\x1b[M",
    "a mouse report without numbers": b"\x1b[<32;NaN;NaNM",
    "a key code that is no character": b"\x1b[99999999999;1;u",
    "a key report with alternate keys": b"\x1b[97:65:99;1u",
    "a key report with a strange text": b"\x1b[97;1;99999999999u",
    "a paste that never ends": b"\x1b[200~",
}


@pytest.fixture(scope="module")
def open_live() -> Iterator[Terminal]:
    """The program with a moving belt, its screen running."""
    with a_terminal() as terminal:
        yield terminal


@pytest.mark.parametrize("noise", [pytest.param(data, id=name) for name, data in NOISE.items()])
def test_what_cannot_be_read_costs_nothing_behind_it(open_live: Terminal, noise: bytes) -> None:
    open_live.type(noise + b"q")
    assert open_live.wait_for("stop", "input_alive False") == f"stop {INPUT_THREAD}"


def test_a_stop_key_has_no_other_meaning(open_live: Terminal) -> None:
    for data in (*PLAIN.values(), *KITTY.values()):
        open_live.type(data)
        assert open_live.wait_for("") == f"stop {INPUT_THREAD}"
    open_live.order("at rest")
    open_live.wait_for("at rest")
    assert open_live.end() == 0


def test_a_hang_up_is_told_to_the_guardian_and_ends_the_program() -> None:
    with a_terminal() as terminal:
        terminal.hang_up()
        terminal.wait_for("input_alive False")
        terminal.wait_for("close")
        assert terminal.ended() in (1, 120)  # 120: Python itself, when its last words find no terminal any more


def test_a_crash_of_the_screen_closes_the_run_and_says_so() -> None:
    with a_terminal() as terminal:
        terminal.order("crash")
        terminal.wait_for("stop MainThread")
        terminal.wait_for("close")
        assert terminal.ended() == 1
        terminal.wait_for_painted(b"Retrotread ended because of a fault")


def test_a_suspension_from_outside_means_stop_while_the_belt_moves() -> None:
    with a_terminal() as terminal:
        terminal.process.send_signal(signal.SIGTSTP)
        assert terminal.wait_for("stop") == "stop MainThread"
        assert terminal.end() == 0, terminal.painted.decode()


def test_an_interrupt_from_outside_closes_the_run() -> None:
    with a_terminal() as terminal:
        terminal.process.send_signal(signal.SIGINT)
        terminal.wait_for("close")
        assert terminal.ended() == 1
