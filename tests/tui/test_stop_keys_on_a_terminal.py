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

    def __init__(self, *remote: str) -> None:
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
            [sys.executable, str(CHILD), str(report_of_child), str(orders_of_child), *remote],
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
def a_terminal(*remote: str) -> Iterator[Terminal]:
    """The program with a moving belt; ``remote``: the next and the fine key of one in the hand."""
    terminal = Terminal(*remote)
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


# --- with a remote in the hand ----------------------------------------------------------------------------------

PAGE_DOWN, FINE = PLAIN["Page Down"], PLAIN["b"]


@pytest.fixture(scope="module")
def blocked_with_remote() -> Iterator[Terminal]:
    """The program with a moving belt, a screen that hangs, and a remote whose fine key is b."""
    with a_terminal("pagedown", "b") as terminal:
        terminal.wait_for_painted(b"S T O P")
        terminal.order("hog")
        terminal.wait_for("hogged")
        yield terminal


@pytest.mark.parametrize("data", [one for one in KEYS if not str(one.id).endswith("-b")])
def test_with_a_remote_every_stop_key_still_stops(blocked_with_remote: Terminal, data: bytes) -> None:
    blocked_with_remote.type(data)
    assert blocked_with_remote.wait_for("stop") == f"stop {INPUT_THREAD}"


def test_a_next_key_that_is_no_stop_key_of_its_own_stops_a_moving_belt_too() -> None:
    with a_terminal("right", "b") as terminal:
        terminal.type(b"\x1b[C")
        assert terminal.wait_for("stop") == f"stop {INPUT_THREAD}"


@pytest.fixture(scope="module")
def with_remote() -> Iterator[Terminal]:
    """The program with a moving belt, its screen running, and a remote whose fine key is b."""
    with a_terminal("pagedown", "b") as terminal:
        yield terminal


def shown(terminal: Terminal, state: str, rested: bool | None = None) -> None:
    """This state of the run on the screen; ``rested``: until the belt has been at rest, or moving, for long enough."""
    terminal.order(f"show {state}")
    terminal.wait_for(f"showing {state}")
    if rested is not None:
        terminal.wait_for("rested" if rested else "not at rest")


@pytest.mark.parametrize("data", [PLAIN["b"], KITTY["b"]])
def test_the_fine_key_says_so_and_never_stops(with_remote: Terminal, data: bytes) -> None:
    with_remote.type(data)
    assert with_remote.wait_for("all_right", "stop") == "all_right"


def test_the_fine_key_holds_no_stop_key_up(blocked_with_remote: Terminal) -> None:
    blocked_with_remote.type(FINE + b"q")
    assert blocked_with_remote.wait_for("stop") == f"stop {INPUT_THREAD}"


def test_the_fine_key_under_a_modifier_is_another_key_and_stops(with_remote: Terminal) -> None:
    for data in (b"B", b"\x1b[98;5u"):
        with_remote.type(data)
        assert with_remote.wait_for("stop", "all_right") == f"stop {INPUT_THREAD}"


def test_the_fine_key_means_i_am_on_while_the_belt_waits_for_the_person() -> None:
    with a_terminal("pagedown", "b") as terminal:
        shown(terminal, "mounting")
        terminal.wait_for_painted(b"Step on")
        terminal.type(FINE)
        assert terminal.wait_for("person_on", "stop", "all_right") == "person_on"


def test_at_a_confirmed_standstill_the_next_key_goes_on_and_the_other_stop_keys_stop() -> None:
    with a_terminal("pagedown", "b") as terminal:
        shown(terminal, "pause", rested=True)
        terminal.type(PAGE_DOWN)
        assert terminal.wait_for("arm", "stop") == "arm"
        terminal.type(PLAIN["Page Up"])
        assert terminal.wait_for("stop", "arm") == f"stop {INPUT_THREAD}"


@pytest.mark.parametrize("state", ["pause-unseen", "pause-late"])
def test_without_a_fresh_confirmed_standstill_the_next_key_stops(state: str) -> None:
    with a_terminal("pagedown", "b") as terminal:
        shown(terminal, state, rested=True)
        terminal.type(PAGE_DOWN)
        assert terminal.wait_for("arm", "stop") == f"stop {INPUT_THREAD}"


def test_the_next_key_stops_once_more_when_the_belt_moves_again() -> None:
    with a_terminal("pagedown", "b") as terminal:
        shown(terminal, "pause", rested=True)
        terminal.order("hog")
        terminal.wait_for("hogged")
        shown(terminal, "run")  # and the screen knows nothing of it
        terminal.type(PAGE_DOWN)
        assert terminal.wait_for("arm", "stop") == f"stop {INPUT_THREAD}"


def test_in_a_countdown_the_next_key_calls_it_off_without_the_screen_and_stops_in_its_last_second() -> None:
    with a_terminal("pagedown", "b") as terminal:
        shown(terminal, "countdown", rested=True)
        terminal.order("hog")
        terminal.wait_for("hogged")
        terminal.type(PAGE_DOWN)
        assert terminal.wait_for("cancel_start", "stop") == "cancel_start"
        shown(terminal, "countdown-ends")
        terminal.type(PAGE_DOWN)
        assert terminal.wait_for("cancel_start", "stop") == f"stop {INPUT_THREAD}"


# --- the focus of the terminal ----------------------------------------------------------------------------------

FOCUS_LOST, FOCUS_FOUND = b"\x1b[O", b"\x1b[I"


def test_the_terminal_is_asked_to_report_its_focus_and_the_reports_pass_a_screen_that_hangs() -> None:
    with a_terminal() as terminal:
        terminal.wait_for_painted(b"\x1b[?1004h")
        terminal.order("hog")
        terminal.wait_for("hogged")
        terminal.type(FOCUS_LOST)
        assert terminal.wait_for("focus") == "focus False"
        terminal.type(FOCUS_FOUND)
        assert terminal.wait_for("focus") == "focus True"


def test_a_key_that_comes_in_proves_the_focus() -> None:
    with a_terminal() as terminal:
        terminal.type(FOCUS_LOST)
        assert terminal.wait_for("focus") == "focus False"
        terminal.type(b"7")
        assert terminal.wait_for("focus") == "focus True"


def test_a_terminal_that_reports_nothing_has_the_focus() -> None:
    with a_terminal() as terminal:
        terminal.type(b"7q")
        assert terminal.wait_for("focus", "stop") == f"stop {INPUT_THREAD}"


def test_a_click_on_the_bar_of_a_window_in_the_background_stops() -> None:
    with a_terminal() as terminal:
        terminal.wait_for_painted(b"S T O P")
        terminal.type(FOCUS_LOST)
        terminal.wait_for("focus False")
        terminal.order("hog")
        terminal.wait_for("hogged")
        terminal.type(b"\x1b[<0;40;23M")
        assert terminal.wait_for("stop", "focus") == f"stop {INPUT_THREAD}"
