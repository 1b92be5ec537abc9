"""The keyboard thread of ``--plain``: it stops by itself, and its end is a stop."""

from __future__ import annotations

import os
import pty
import termios
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from retrotread.tui import plain_input
from retrotread.tui.door import StopDoor
from retrotread.tui.plain_input import PlainKeyboard, Press, single_keys

DEADLINE_S = 5.0


class Told:
    """What the fake controls were told, waited for with a deadline."""

    def __init__(self, controls: Any) -> None:
        self._calls: list[str] = []
        self._news = threading.Condition()
        controls.told = self._tell

    def _tell(self, call: str) -> None:
        with self._news:
            self._calls.append(call)
            self._news.notify_all()

    def wait_for(self, call: str, times: int = 1) -> None:
        with self._news:
            enough = self._news.wait_for(lambda: self._calls.count(call) >= times, DEADLINE_S)
            assert enough, f"{call!r} not {times} times in {self._calls}"


@pytest.fixture
def told(controls: Any) -> Told:
    return Told(controls)


@pytest.fixture
def door(controls: Any) -> StopDoor:
    door = StopDoor()
    door.controls = controls
    return door


class Line:
    """Where a keyboard is read, and where it is typed on."""

    def __init__(self, read_fd: int, typed_fd: int, door: StopDoor) -> None:
        self.read_fd, self._typed_fd, self._door = read_fd, typed_fd, door
        self._keyboards: list[PlainKeyboard] = []
        self._at_end = False

    def keyboard(self) -> PlainKeyboard:
        """Read from now on."""
        self._keyboards.append(PlainKeyboard(self.read_fd, self._door))
        return self._keyboards[-1]

    def type(self, data: bytes) -> None:
        os.write(self._typed_fd, data)

    def end(self) -> None:
        """Nothing more will be typed."""
        if not self._at_end:
            self._at_end = True
            os.close(self._typed_fd)

    def close(self) -> None:
        """Not before the thread that reads is through with it."""
        self.end()
        for keyboard in self._keyboards:
            while not keyboard.ended:
                assert keyboard.next(DEADLINE_S) is not None or keyboard.ended, "the thread that reads has not ended"
        os.close(self.read_fd)


@pytest.fixture
def pipe(door: StopDoor) -> Iterator[Line]:
    line = Line(*os.pipe(), door)
    yield line
    line.close()


@pytest.fixture
def terminal(door: StopDoor) -> Iterator[Line]:
    typed_fd, read_fd = pty.openpty()
    line = Line(read_fd, typed_fd, door)
    yield line
    line.close()


def test_a_stop_line_stops_from_the_thread_that_reads_it(controls: Any, told: Told, pipe: Line) -> None:
    controls.live = True
    keyboard = pipe.keyboard()
    pipe.type(b"stop\n")
    told.wait_for("stop input")
    assert keyboard.next(DEADLINE_S) == Press("stop", stopped=True)


def test_a_stop_key_at_rest_is_an_ordinary_key(controls: Any, pipe: Line) -> None:
    controls.live = False
    keyboard = pipe.keyboard()
    pipe.type(b"q\n")
    assert keyboard.next(DEADLINE_S) == Press("q")
    assert controls.stops == []


def test_the_end_of_the_input_stops_and_is_told(controls: Any, told: Told, pipe: Line) -> None:
    controls.live = True
    keyboard = pipe.keyboard()
    pipe.type(b"7\nn")
    pipe.end()
    told.wait_for("input_alive False")
    assert controls.asked() == ["stop input"]
    assert [keyboard.next(DEADLINE_S) for _ in range(3)] == [Press("7"), Press("n"), None]
    assert keyboard.ended
    assert not keyboard.alive


def test_the_end_of_the_input_at_rest_stops_nothing(controls: Any, told: Told, pipe: Line) -> None:
    controls.live = False
    pipe.keyboard()
    pipe.end()
    told.wait_for("input_alive False")
    assert controls.stops == []


def test_every_key_of_a_terminal_arrives_at_once_and_ctrl_keys_are_keys(
    controls: Any, told: Told, terminal: Line
) -> None:
    controls.live = True
    with single_keys(terminal.read_fd):
        terminal.keyboard()
        for number, data in enumerate((b" ", b"\x03", b"\x1a", b"\x11", b"\x04", b"\r", b"\x1b[5~"), 1):
            terminal.type(data)
            told.wait_for("stop input", times=number)


def test_a_lone_esc_stops_after_its_wait_and_begins_no_other_key(controls: Any, told: Told, terminal: Line) -> None:
    controls.live = True
    with single_keys(terminal.read_fd):
        keyboard = terminal.keyboard()
        terminal.type(b"\x1b")
        assert keyboard.next(DEADLINE_S) == Press("escape", stopped=True)
        terminal.type(b"[A")
        assert keyboard.next(DEADLINE_S) == Press("[")


def test_a_key_in_two_pieces_is_one_key(terminal: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_input, "ESCAPE_WAIT_S", DEADLINE_S)
    with single_keys(terminal.read_fd):
        keyboard = terminal.keyboard()
        terminal.type(b"\x1b[1")
        terminal.type(b"5~")
        assert keyboard.next(DEADLINE_S) == Press("f5")


def test_a_terminal_that_is_closed_is_the_end_of_the_input(controls: Any, told: Told, terminal: Line) -> None:
    controls.live = True
    terminal.keyboard()
    terminal.end()
    told.wait_for("input_alive False")
    assert controls.stops == ["input"]


def test_a_terminal_is_as_it_was_whatever_ends_the_program(terminal: Line) -> None:
    before = termios.tcgetattr(terminal.read_fd)
    with suppress(ZeroDivisionError), single_keys(terminal.read_fd):
        assert not termios.tcgetattr(terminal.read_fd)[3] & (termios.ICANON | termios.ECHO | termios.ISIG)
        raise ZeroDivisionError
    assert termios.tcgetattr(terminal.read_fd) == before


def test_what_is_typed_into_the_end_does_not_reach_the_shell(terminal: Line) -> None:
    with single_keys(terminal.read_fd):
        terminal.type(b"qqqq")
    os.set_blocking(terminal.read_fd, False)
    with pytest.raises(BlockingIOError):
        os.read(terminal.read_fd, 10)


def test_a_pipe_is_left_alone(pipe: Line) -> None:
    with single_keys(pipe.read_fd):
        pipe.type(b"1\n")
    assert os.read(pipe.read_fd, 10) == b"1\n"
