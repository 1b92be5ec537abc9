"""``--plain`` as a whole: signals, printing, and runs with the real guardian on a terminal and on pipes."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.tui.conftest import FakeControls

from retrotread.tui import plain
from retrotread.tui.door import StopDoor
from retrotread.tui.plain_help import HELP, STOP_ON_PIPE, STOP_ON_TERMINAL
from retrotread.tui.plain_talk import ring, say

DEADLINE_S = 30.0


def until(reached: Callable[[], bool]) -> bool:
    """Whether it was reached in time."""
    deadline_s, pause = time.monotonic() + DEADLINE_S, threading.Event()
    while not reached() and time.monotonic() < deadline_s:
        pause.wait(0.02)
    return reached()


# --- signals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTSTP])
def test_what_a_terminal_sends_for_ctrl_c_and_ctrl_z_stops_a_belt_and_ends_at_rest(
    controls: FakeControls, number: signal.Signals
) -> None:
    door = StopDoor()
    door.controls = controls
    controls.live = True
    with plain._signals(door):
        os.kill(os.getpid(), number)
        assert controls.stops == ["MainThread"]
        controls.live = False
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_kill_and_a_hang_up_end_the_program(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(plain.Ended), plain._signals(StopDoor()):
        os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


# --- printing ---------------------------------------------------------------------------------------------------


def test_a_line_is_one_line_without_anything_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    say("\ared\x1b[31m\nblue")
    assert capsys.readouterr().out == " red [31m blue\n"


def test_a_bell_is_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    ring()
    assert capsys.readouterr().out == "\a"


def test_a_letter_that_the_terminal_cannot_show_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    read_fd, write_fd = os.pipe()
    with os.fdopen(write_fd, "w", encoding="ascii") as ascii_only, os.fdopen(read_fd, "rb") as reading:
        monkeypatch.setattr(sys, "stdout", ascii_only)
        say("Läufer")
        assert reading.readline() == b"L?ufer\n"


def test_the_help_names_every_key_that_stops() -> None:
    words = ("Space", "Esc", "Enter", "q", "b", "x", "full stop", "Page Up", "Page Down", "F5")
    ctrl = ("Ctrl+C", "Ctrl+D", "Ctrl+Q", "Ctrl+Z", "end of the input")
    assert all(word in STOP_ON_TERMINAL for word in words + ctrl)
    assert all(word in STOP_ON_PIPE for word in ("q", "b", "x", "full stop", "empty line", "word stop"))


def test_the_list_of_keys_names_every_key_with_a_meaning() -> None:
    told = " ".join(HELP)
    for key in ("s start", "o I", "p pause", "h hold", "e a minute", "comma back", "n next", "f finish", "+ and -"):
        assert key in told
    for key in ("[ and ]", "t confirm", "y I", "c continue", "a I", "k I", "x end", "? these", "digits tick"):
        assert key in told


def test_plain_loads_no_user_interface() -> None:
    program = "import sys, retrotread.tui.plain, retrotread.cli.commands; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "retrotread" in loaded
    assert loaded & {"textual", "rich"} == set()


# --- with the real guardian -------------------------------------------------------------------------------------

WORKOUT = """\
retrotread: 1
name: To the console and back
level: 3
facing: console
steps:
  - walk: 60 s
    speed: 2.0 km/h
    say: easy
"""
ADDRESS = "sim://well-behaved?start_s=0"
REST = "Treadmill reports 0.0 (3 reports"


class Program:
    """``retrotread run ... --plain`` in a process of its own, on a terminal or on pipes, used for the first time.

    Nothing on its PATH can speak: the digit of the sound test is rung.
    """

    def __init__(self, folder: Path, on_terminal: bool, *asked: str, term: str = "dumb") -> None:
        """``asked``: what is run and where; without it the workout of these tests on a simulated treadmill."""
        folder.mkdir()
        self.folder = folder
        workout = folder / "workout.yaml"
        workout.write_text(WORKOUT)
        typed_fd, read_fd = pty.openpty() if on_terminal else reversed(os.pipe())
        self.tty = os.dup(read_fd)
        with (folder / "stderr").open("wb") as stderr:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "retrotread",
                    "run",
                    *(asked or (str(workout), "--treadmill", ADDRESS)),
                    "--plain",
                ],
                stdin=read_fd,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
                env={
                    **os.environ,
                    "RETROTREAD_DATA": str(folder / "data"),
                    "RETROTREAD_CONFIG": str(folder / "config"),
                    "PATH": str(folder),
                    "TERM": term,
                    "PYTHONUNBUFFERED": "",
                },
            )
        os.close(read_fd)
        self._typed_fd: int | None = typed_fd
        self._on_terminal = on_terminal
        assert self.process.stdout is not None
        self._out = self.process.stdout.fileno()
        self._rest, self.lines, self.bells = b"", list[str](), 0

    # --- typing and reading -------------------------------------------------------------------------------------

    def type(self, keys: str) -> None:
        """Each of these letters; on a pipe a line for each."""
        self.write(keys if self._on_terminal else "".join(f"{key}\n" for key in keys))

    def line(self, text: str) -> None:
        """This text as one line."""
        self.write(f"{text}\r" if self._on_terminal else f"{text}\n")

    def write(self, text: str) -> None:
        assert self._typed_fd is not None
        os.write(self._typed_fd, text.encode())

    def reports(self) -> str:
        """What was written to the terminal that the keys come from."""
        assert self._typed_fd is not None
        ready = select.select([self._typed_fd], [], [], DEADLINE_S)[0]
        return os.read(self._typed_fd, 4096).decode() if ready else ""

    def read(self, part: str) -> str:
        """The next line with this in it."""
        deadline_s = time.monotonic() + DEADLINE_S
        while True:
            while b"\n" in self._rest:
                line, _, self._rest = self._rest.partition(b"\n")
                self.lines.append(line.decode())
                if part in self.lines[-1]:
                    return self.lines[-1]
            more = self._take(deadline_s - time.monotonic())
            assert more, f"no {part!r} in {self.lines}"

    def _take(self, within_s: float) -> bool:
        """More of what is printed; the bells in it are counted and taken out."""
        ready = within_s > 0 and select.select([self._out], [], [], within_s)[0]
        more = os.read(self._out, 65536) if ready else b""
        self.bells += more.count(b"\a")
        self._rest += more.replace(b"\a", b"")
        return bool(more)

    def heard(self, before: int) -> str:
        """The digit that was rung since there were ``before`` bells: no further one comes within a second and a half.

        The first may have come in one piece with the words that announce it.
        """
        if self.bells == before:
            self._take(DEADLINE_S)
        while self._take(1.5):
            pass
        return str(self.bells - before)

    # --- the road to a moving belt ------------------------------------------------------------------------------

    def to_checklist(self) -> None:
        self.read("What shall Retrotread call you?")
        self.line("Kim")
        self.read("Are you 18 or over?")
        self.type("y")
        self.read("How much have you moved backward")
        self.type("3")
        self.read("Does one of these hold for you?")
        self.type("n")
        self.read("are you alone?")
        self.type("n")
        self.read("to tick")

    def to_start(self) -> None:
        self.to_checklist()
        before = self.bells
        self.type("12345.")
        self.read("Listen: a digit")
        self.type(self.heard(before))
        self.read("the checklist is complete")

    def start(self) -> None:
        self.read("type s")
        self.type("s")
        digit = re.search(r"type (\d) to start", self.read("armed:"))
        assert digit is not None
        self.type(digit[1])
        self.read("in 5 seconds. Any key cancels.")
        self.read("type o")
        self.type("o")

    def to_motion(self) -> None:
        self.to_start()
        self.start()
        self.read("step 1 of 2")

    # --- its end ------------------------------------------------------------------------------------------------

    def end_of_input(self) -> None:
        if self._typed_fd is not None:
            os.close(self._typed_fd)
            self._typed_fd = None

    def stop_reading(self) -> None:
        assert self.process.stdout is not None
        self.process.stdout.close()

    def ended(self) -> int:
        return self.process.wait(DEADLINE_S)

    def black_box(self) -> str:
        return (self.folder / "data" / "guardian.ring").read_text(errors="replace")

    def close(self) -> None:
        self.end_of_input()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(DEADLINE_S)
        os.close(self.tty)
        self.stop_reading()


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Program]]:
    """Four runs side by side, each with a belt in motion: most of a run's beginning is waiting."""
    folder = tmp_path_factory.mktemp("plain")
    names = {"stopped": True, "hung up": True, "killed": False, "input ended": False}
    programs = {name: Program(folder / name.replace(" ", "-"), on_terminal) for name, on_terminal in names.items()}
    try:
        threads = [threading.Thread(target=program.to_motion) for program in programs.values()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE_S * 3)
        yield programs
    finally:
        for program in programs.values():
            program.close()


def test_a_run_on_a_terminal_is_stopped_by_a_key_acknowledged_and_summed_up(programs: dict[str, Program]) -> None:
    program = programs["stopped"]
    program.type(" ")
    program.read("STOP SENT")
    program.read("safety key")
    program.read(REST)
    program.read("press a")
    program.type("a")
    for question in ("PAIN now", "EFFORT now"):
        program.read(question)
        program.type("2")
    program.read("DID YOU FALL")
    program.type("n")
    assert "a stop was asked for" in program.read("summary: To the console and back")
    assert program.ended() == 0
    assert termios.tcgetattr(program.tty)[3] & (termios.ICANON | termios.ECHO | termios.ISIG)


def test_the_end_of_a_pipe_stops_the_belt_and_the_program_waits_for_its_standstill(
    programs: dict[str, Program],
) -> None:
    program = programs["input ended"]
    program.end_of_input()
    program.read("the input has ended")
    program.read(REST)
    program.read("summary: To the console and back")
    assert program.ended() == 0


def test_a_terminal_that_is_closed_ends_the_program_and_the_guardian_stops_the_belt(
    programs: dict[str, Program],
) -> None:
    program = programs["hung up"]
    program.end_of_input()
    program.process.send_signal(signal.SIGHUP)
    assert program.ended() == 1
    assert until(lambda: "StopBelt" in program.black_box()), program.black_box()[-500:]


def test_a_kill_ends_the_program_and_the_guardian_stops_the_belt(programs: dict[str, Program]) -> None:
    program = programs["killed"]
    program.process.send_signal(signal.SIGTERM)
    assert program.ended() == 1
    assert until(lambda: "StopBelt" in program.black_box()), program.black_box()[-500:]


def test_when_nobody_reads_the_lines_the_program_ends(tmp_path: Path) -> None:
    program = Program(tmp_path / "run", on_terminal=False)
    try:
        program.to_checklist()
        program.stop_reading()
        program.type("1")
        assert program.ended() == 1
        assert (program.folder / "stderr").read_text() == ""
    finally:
        program.close()


def test_a_quick_workout_is_changed_stopped_continued_and_summed_up_by_letters_on_a_pipe(tmp_path: Path) -> None:
    program = Program(tmp_path / "run", False, "--quick", "2 min at 2 km/h forward", "--treadmill", ADDRESS)
    try:
        program.to_start()
        program.start()
        program.read("step 1 of 3, walk")
        program.type("e")
        program.read("60 s more")
        program.type("h")
        program.read("hold, ")
        program.type("q")
        program.read("STOP SENT")
        program.read(REST)
        program.read("Or press c: continue from this step by a new start")
        program.type("c")
        program.start()
        program.read("step 1 of 3, walk")
        program.type(".")
        program.read("press a")
        program.type("a")
        program.read("summary: quick: 2 min at 2.0 km/h forward, ended before the end of the plan")
        assert program.ended() == 0
        said = program.lines
        assert len([line for line in said if line.startswith("step 1 of 3")]) == 2
        assert "60 s more" in said
        assert (program.folder / "stderr").read_text() == ""
    finally:
        program.close()


def test_a_coached_run_is_told_what_to_set_and_asks_for_the_belt_to_be_stopped(tmp_path: Path) -> None:
    program = Program(tmp_path / "run", False, "--quick", "2 min at 1 km/h forward", "--treadmill", "coach://")
    try:
        program.to_checklist()
        before = program.bells
        program.type("123456")
        program.read("Listen: a digit")
        program.type(program.heard(before))
        program.start()
        program.read("set 1.0 km/h NOW")
        assert "This program does not control the belt: its own stop and its key do." in program.lines
        program.line("")
        program.read("confirmed")
        program.type("q")
        program.read("stop the belt at its own console NOW")
        program.line("")
        program.read("press a")
        program.type("a")
        program.read("summary: quick: 2 min at 1.0 km/h forward")
        assert program.ended() == 0
    finally:
        program.close()


def test_a_terminal_that_can_report_its_focus_is_asked_to_and_one_that_is_dumb_is_not(tmp_path: Path) -> None:
    able, dumb = (Program(tmp_path / term, True, term=term) for term in ("xterm-256color", "dumb"))
    try:
        for program in (able, dumb):
            program.read("What shall Retrotread call you?")
            program.type("\x03")
            assert program.ended() == 1
        assert able.reports() == "\x1b[?1004h\x1b[?1004l"
        os.set_blocking(dumb._typed_fd or -1, False)
        with pytest.raises(BlockingIOError):
            os.read(dumb._typed_fd or -1, 10)
    finally:
        able.close()
        dumb.close()
