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
from tests.tui.conftest import a_snapshot, a_view, still

from retrotread.safety.modes import Mode
from retrotread.sessions.person import Person, Remote
from retrotread.sessions.view import RunView
from retrotread.tui import plain_input
from retrotread.tui.door import StopDoor
from retrotread.tui.plain_input import PlainKeyboard, Press, focus_reports, single_keys
from retrotread.tui.standing import next_means

DEADLINE_S = 5.0
MOVING: RunView = a_view(snapshot=a_snapshot())


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
        self.read_fd, self.typed_fd, self._door = read_fd, typed_fd, door
        self._keyboards: list[PlainKeyboard] = []
        self._at_end = False

    def keyboard(self) -> PlainKeyboard:
        """Read from now on."""
        self._keyboards.append(PlainKeyboard(self.read_fd, self._door))
        return self._keyboards[-1]

    def type(self, data: bytes) -> None:
        os.write(self.typed_fd, data)

    def end(self) -> None:
        """Nothing more will be typed."""
        if not self._at_end:
            self._at_end = True
            os.close(self.typed_fd)

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
    assert keyboard.next(DEADLINE_S) == Press("stop", stopped=True, text="stop")


def test_a_stop_key_at_rest_is_an_ordinary_key(controls: Any, pipe: Line) -> None:
    controls.live = False
    keyboard = pipe.keyboard()
    pipe.type(b"q\n")
    assert keyboard.next(DEADLINE_S) == Press("q", text="q")
    assert controls.stops == []


def test_the_end_of_the_input_stops_and_is_told(controls: Any, told: Told, pipe: Line) -> None:
    controls.live = True
    keyboard = pipe.keyboard()
    pipe.type(b"7\nn")
    pipe.end()
    told.wait_for("input_alive False")
    assert controls.asked() == ["stop input"]
    assert [keyboard.next(DEADLINE_S) for _ in range(3)] == [Press("7", text="7"), Press("n", text="n"), None]
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
        assert [keyboard.next(DEADLINE_S) for _ in range(2)] == [Press("unknown")] * 2, "nobody has typed them"


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


# --- a remote and the focus -------------------------------------------------------------------------------------


@pytest.fixture
def remote(controls: Any, door: StopDoor) -> StopDoor:
    door.open(controls, Person("Kim", adult=True, remote=Remote("pagedown", "b")), next_means)
    door.rested = True
    return door


def test_the_remotes_keys_stop_a_moving_belt_but_for_the_one_that_says_fine(
    controls: Any, told: Told, remote: StopDoor, pipe: Line
) -> None:
    controls.live = True
    controls.now = MOVING
    keyboard = pipe.keyboard()
    pipe.type(b"b\nB\npagedown\n")
    assert keyboard.next(DEADLINE_S) == Press("b", text="b")
    assert [keyboard.next(DEADLINE_S) for _ in range(2)] == [
        Press("B", stopped=True, text="B"),
        Press("pagedown", stopped=True, text="pagedown"),
    ]
    assert controls.asked() == ["stop input"] * 2


def test_next_in_a_countdown_calls_it_off_from_the_thread_that_reads_it(
    controls: Any, told: Told, remote: StopDoor, pipe: Line
) -> None:
    controls.live = True
    controls.see(still(Mode.COUNTDOWN, start_in_s=5.0))
    keyboard = pipe.keyboard()
    pipe.type(b"pagedown\n")
    assert keyboard.next(DEADLINE_S) == Press("pagedown", text="pagedown", cancelled=True)
    assert controls.asked() == ["cancel_start"]


def test_a_word_that_always_stops_cannot_be_the_fine_key(controls: Any, pipe: Line, door: StopDoor) -> None:
    door.open(controls, Person("Kim", adult=True, remote=Remote("pagedown", "stop")), next_means)
    controls.live = True
    keyboard = pipe.keyboard()
    pipe.type(b"stop\n")
    press = keyboard.next(DEADLINE_S)
    assert press is not None
    assert press.stopped


def test_a_terminal_tells_that_its_focus_is_lost_and_a_key_that_it_is_back(
    controls: Any, told: Told, terminal: Line
) -> None:
    controls.live = False
    with single_keys(terminal.read_fd):
        keyboard = terminal.keyboard()
        terminal.type(b"\x1b[O\x1b[O")
        told.wait_for("focus False")
        terminal.type(b"\x1b[I")
        told.wait_for("focus True")
        terminal.type(b"\x1b[O")
        told.wait_for("focus False", times=2)
        terminal.type(b"7")
        told.wait_for("focus True", times=2)
        assert keyboard.next(DEADLINE_S) == Press("7", text="7"), "a report of the focus is no key"


def test_a_pipe_says_nothing_of_any_focus(controls: Any, pipe: Line) -> None:
    keyboard = pipe.keyboard()
    pipe.type(b"focus out\n7\n")
    assert [keyboard.next(DEADLINE_S) for _ in range(2)] == [Press("focus out", text="focus out"), Press("7", text="7")]
    assert controls.asked() == []


def written_to(terminal: Line) -> bytes:
    """What stands on the terminal by now; a terminal passes it on at once."""
    os.set_blocking(terminal.typed_fd, False)
    with suppress(BlockingIOError):
        return os.read(terminal.typed_fd, 100)
    return b""


@pytest.mark.parametrize("kind", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_obey_is_not_asked_to_report(terminal: Line, kind: str) -> None:
    with focus_reports(terminal.read_fd, kind):
        pass
    assert written_to(terminal) == b""


def test_a_terminal_is_asked_to_report_its_focus_and_no_longer(terminal: Line) -> None:
    with focus_reports(terminal.read_fd, "xterm"):
        assert written_to(terminal) == b"\x1b[?1004h"
    assert written_to(terminal) == b"\x1b[?1004l"


def test_a_terminal_that_may_only_be_read_is_used_all_the_same(terminal: Line) -> None:
    reading = os.open(os.ttyname(terminal.read_fd), os.O_RDONLY | os.O_NOCTTY)
    try:
        with focus_reports(reading, "xterm"):
            pass
    finally:
        os.close(reading)
    assert written_to(terminal) == b""
