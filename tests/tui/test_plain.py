"""``--plain`` from the checklist to the summary: with a fake run first, then with the real guardian."""

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
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.modes import Mode
from retrotread.sessions.view import RunView
from retrotread.tui import plain
from retrotread.tui.door import StopDoor
from retrotread.tui.plain import PlainRun, say
from retrotread.tui.plain_input import PlainKeyboard
from retrotread.workouts.engine import Phase

SOON_S = 8.0
DEADLINE_S = 20.0
STOP = Cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed", Clears.WHEN_ACKNOWLEDGED)
KEY = Cause(Hazard.UNEXPECTED_MOTION, Action.PROTECTIVE_STOP, "the belt moves unasked", Clears.AFTER_KEY_TEST)
FAULT = Cause(Hazard.SELF_FAULT, Action.PROTECTIVE_STOP, "the guardian failed", Clears.BY_RESTART)
SILENT = Cause(Hazard.TELEMETRY_SILENT, Action.ESCALATE, "no telemetry for 2.0 s", Clears.WHEN_ACKNOWLEDGED)


def until(reached: Callable[[], bool]) -> bool:
    """Whether it was reached in time."""
    deadline_s, pause = time.monotonic() + DEADLINE_S, threading.Event()
    while not reached() and time.monotonic() < deadline_s:
        pause.wait(0.02)
    return reached()


class Typist:
    """Somebody with a fake run: types letters, reads lines, waits for what is asked of the run."""

    def __init__(self, launcher: Any) -> None:
        self.launcher = launcher
        self.controls = launcher.controls
        self.fakes = sys.modules[type(launcher).__module__]
        self.code: int | None = None
        self.lines: list[str] = []
        self._news = threading.Condition()
        self.controls.told = lambda _call: self._tell()
        read_fd, self._write_fd = os.pipe()
        self._read_fd, self._typing = read_fd, True
        door = StopDoor()
        self._keyboard = PlainKeyboard(read_fd, door)
        self._run = PlainRun(launcher, self._keyboard, door, self._say)
        self._thread = threading.Thread(target=self._go, name="printing", daemon=True)
        self._thread.start()

    def _go(self) -> None:
        self.code = self._run.run("sim://well-behaved")
        self._tell()

    def _say(self, line: str) -> None:
        self.lines.append(line)
        self._tell()

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    def until(self, reached: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(reached, SOON_S), f"asked {self.controls.asked()}, said {self.lines}"

    def read(self, part: str) -> str:
        """The first line with this in it."""
        self.until(lambda: any(part in line for line in self.lines))
        return next(line for line in self.lines if part in line)

    def type(self, *lines: str) -> None:
        os.write(self._write_fd, "".join(f"{line}\n" for line in lines).encode())

    def asked(self, *calls: str) -> None:
        """Wait until exactly this has been asked of the run."""
        self.until(lambda: self.controls.asked() == list(calls))

    def see(self, view: RunView) -> None:
        self.controls.now = view

    def tick_all(self) -> None:
        self.type("1", "2", "3", "4", "5")
        self.until(lambda: bool(self.launcher.launched))

    def end_of_input(self) -> None:
        if self._typing:
            self._typing = False
            os.close(self._write_fd)

    def ended(self) -> int:
        self.until(lambda: self.code is not None)
        assert self.code is not None
        return self.code

    def close(self) -> None:
        """Let the run come to rest, and wait for its thread."""
        self.controls.live = False
        self.see(self.fakes.waiting_view())
        self.end_of_input()
        self._thread.join(SOON_S)
        assert not self._thread.is_alive()
        while not self._keyboard.ended:
            self._keyboard.next(SOON_S)
        os.close(self._read_fd)


@pytest.fixture
def typist(launcher: Any) -> Iterator[Typist]:
    launcher.controls.reacts = True
    typist = Typist(launcher)
    yield typist
    typist.close()


def moving(typist: Typist, mode: Mode = Mode.RUN, **changes: Any) -> RunView:
    view: RunView = typist.fakes.a_view(snapshot=typist.fakes.a_snapshot(mode, **changes))
    return view


def latched(typist: Typist, *causes: Cause, mode: Mode = Mode.LATCHED, phase: Phase = Phase.STOPPED) -> RunView:
    snapshot = typist.fakes.still(mode, causes=causes)
    view: RunView = typist.fakes.a_view(phase, snapshot, summary=typist.fakes.A_SUMMARY)
    return view


# --- checklist and start ----------------------------------------------------------------------------------------


def test_nothing_is_launched_before_every_item_is_ticked(typist: Typist) -> None:
    typist.type("1", "2", "2", "3", "s", "", "4", "7")
    typist.read("type 5 to tick")
    assert typist.launcher.launched == []
    typist.type("5")
    typist.read("connected to")
    assert typist.launcher.launched == [("first", "sim://well-behaved")]


@pytest.mark.parametrize("key", ["q", "x", "stop"])
def test_the_checklist_can_be_left(typist: Typist, key: str) -> None:
    typist.type("1", key)
    assert typist.ended() == 1
    assert typist.launcher.launched == []


def test_the_end_of_the_input_in_the_checklist_starts_nothing(typist: Typist) -> None:
    typist.type("1", "2", "3", "4")
    typist.end_of_input()
    assert typist.ended() == 1
    assert typist.launcher.launched == []


def test_a_workout_with_problems_is_not_run(launcher: Any) -> None:
    launcher.on_offer = launcher.on_offer[1:]
    typist = Typist(launcher)
    assert typist.ended() == 1
    assert "it cannot be run: run 60 s asks for 9.0 km/h" in typist.lines[1]
    assert launcher.launched == []
    typist.close()


def test_runs_that_were_found_interrupted_are_told(launcher: Any) -> None:
    launcher.found = ("the run 'Ladder 1' was interrupted after 12 s",)
    typist = Typist(launcher)
    typist.read("found: the run 'Ladder 1' was interrupted after 12 s")
    typist.close()


def test_a_start_is_s_and_then_the_digit_that_is_shown(typist: Typist) -> None:
    typist.tick_all()
    typist.read("type s to start")
    typist.type("s")
    typist.asked("arm")
    digit = re.search(r"type (\d) to start", typist.read("armed:"))
    assert digit is not None
    typist.type("s", digit[1])
    typist.asked("arm", "hold_done")


def test_a_wrong_digit_calls_the_start_off(typist: Typist) -> None:
    typist.tick_all()
    typist.type("s")
    digit = re.search(r"type (\d) to start", typist.read("armed:"))
    assert digit is not None
    typist.type(str(int(digit[1]) % 9 + 1))
    typist.asked("arm", "cancel_start")


def test_the_digit_is_another_one_at_the_next_start(monkeypatch: pytest.MonkeyPatch, typist: Typist) -> None:
    monkeypatch.setattr(plain, "_new_digit", iter("374").__next__)
    typist.tick_all()
    typist.type("s")
    typist.read("type 3 to start")
    typist.type("h")
    typist.asked("arm", "cancel_start")
    typist.type("s")
    typist.read("type 7 to start")


@pytest.mark.parametrize("key", ["7", "o", "hello", "?"])
def test_any_key_calls_the_countdown_off(typist: Typist, key: str) -> None:
    typist.tick_all()
    typist.see(replace(typist.fakes.waiting_view(), snapshot=typist.fakes.still(Mode.COUNTDOWN, start_in_s=5.0)))
    typist.read("start in 5")
    typist.type(key)
    typist.asked("cancel_start")


def test_space_and_enter_start_nothing(typist: Typist) -> None:
    typist.tick_all()
    typist.read("type s to start")
    typist.type("", " ", "s")
    typist.asked("arm")


def test_s_before_the_belt_is_seen_to_stand_starts_nothing(typist: Typist) -> None:
    typist.see(replace(typist.fakes.waiting_view(), snapshot=typist.fakes.still(Mode.IDLE, standstill=False)))
    typist.tick_all()
    typist.type("s", "h")
    typist.read("keys: s start")
    assert typist.controls.asked() == []


def test_a_start_that_shows_no_effect_is_told(typist: Typist) -> None:
    typist.controls.reacts = False
    typist.tick_all()
    typist.see(replace(typist.controls.now, message="a command is still with the link"))
    typist.read("type s to start")
    typist.type("s")
    typist.read("no start: a command is still with the link")


def test_a_treadmill_that_cannot_be_reached_ends_the_program(typist: Typist) -> None:
    typist.see(replace(typist.fakes.waiting_view(), profile=None, snapshot=None, message="no answer within 30 s"))
    typist.tick_all()
    assert typist.ended() == 1
    assert "note: no answer within 30 s" in typist.lines
    assert typist.controls.asked() == ["close"]


def test_an_input_that_ends_while_the_run_is_opened_is_told(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    def launch(_offer: object, _address: str) -> Any:
        typist.end_of_input()
        assert until(lambda: not typist._keyboard.alive)
        return typist.controls

    monkeypatch.setattr(typist.launcher, "launch", launch)
    typist.type("1", "2", "3", "4", "5")
    assert typist.ended() == 1
    assert typist.controls.calls == ["input_alive True", "input_alive False", "close"]


def test_a_run_that_cannot_be_opened_says_why(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    def launch(_offer: object, _address: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(typist.launcher, "launch", launch)
    typist.type("1", "2", "3", "4", "5")
    assert typist.ended() == 1
    assert typist.lines[-1] == "the run could not be opened: [Errno 28] No space left on device"


# --- while the belt moves ---------------------------------------------------------------------------------------


@pytest.fixture
def running(typist: Typist) -> Typist:
    typist.see(moving(typist))
    typist.tick_all()
    typist.read("step 2 of 8")
    return typist


@pytest.mark.parametrize("key", ["q", "b", "x", ".", "", "stop"])
def test_every_stop_line_stops_once(running: Typist, key: str) -> None:
    running.type(key)
    running.asked("stop input")
    running.read("STOP SENT")


def test_a_stop_does_not_wait_for_what_is_being_printed(running: Typist) -> None:
    hang, free = threading.Event(), threading.Event()

    def hanging() -> None:
        hang.set()
        free.wait(DEADLINE_S)

    running.controls.on_view = hanging
    assert hang.wait(DEADLINE_S)
    running.type("stop")
    running.asked("stop input")
    free.set()


def test_a_stop_is_told_before_the_guardian_has_answered(running: Typist) -> None:
    running.controls.reacts = False
    running.type("stop")
    running.read("STOP SENT")


@pytest.mark.parametrize(("key", "call"), [("p", "pause"), ("n", "next_step"), ("f", "finish"), ("P", "pause")])
def test_the_keys_of_a_run(running: Typist, key: str, call: str) -> None:
    running.type(key)
    running.asked(call)


def test_o_is_i_am_on(typist: Typist) -> None:
    typist.see(replace(moving(typist), phase=Phase.WAITING_FOR_PERSON))
    typist.tick_all()
    typist.read("type o")
    typist.type("n", "h")
    typist.read("keys: s start")
    assert typist.controls.asked() == []
    typist.type("o")
    typist.asked("person_on")


def test_keys_without_a_meaning_do_nothing(running: Typist) -> None:
    running.type("s", "7", "a", "k", "o", "z", "hello", "\x1b[A", "\xff", "h")
    running.read("keys: s start")
    assert running.controls.asked() == []


def test_the_guardian_hears_of_the_screen_several_times_a_second(running: Typist) -> None:
    running.controls.on_view = running._tell
    began_s, turns = time.monotonic(), running.controls.turns
    running.until(lambda: running.controls.turns >= turns + 10)
    assert time.monotonic() - began_s < 5.0


def test_the_end_of_the_input_stops_and_the_stop_is_seen_through(running: Typist) -> None:
    running.end_of_input()
    running.asked("stop input")
    running.read("the input has ended")
    assert running.code is None
    running.see(latched(running, STOP))
    assert running.ended() == 0
    assert running.controls.calls[-2:] == ["input_alive False", "close"]


def test_without_a_keyboard_the_end_of_a_stop_is_not_waited_for_for_ever(
    running: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "LAST_WAIT_S", 0.3)
    running.end_of_input()
    assert running.ended() == 1
    assert "the belt's standstill is not confirmed" in running.lines


def test_a_stop_key_that_is_still_held_does_not_leave_the_program(running: Typist) -> None:
    running.type("q")
    running.read("STOP SENT")
    running.see(replace(latched(running, STOP), summary=None))
    running.type("q", "q", "h")
    running.read("keys: s start")
    assert running.code is None


# --- after a stop -----------------------------------------------------------------------------------------------


def test_a_stop_is_acknowledged_and_then_summed_up(running: Typist) -> None:
    running.see(latched(running, STOP))
    running.read("press a")
    running.type("k", "a")
    running.asked("acknowledge False")
    running.see(latched(running, mode=Mode.IDLE))
    assert running.ended() == 0
    assert "summary: First backward steps, plan completed: the plan is done" in running.lines


def test_a_stop_that_asks_for_the_key_is_acknowledged_with_k_alone(running: Typist) -> None:
    running.see(latched(running, KEY))
    running.read("press k")
    running.type("a", "k")
    running.asked("acknowledge True")


def test_what_only_a_new_start_clears_is_left_with_x_and_is_no_good_end(running: Typist) -> None:
    running.see(latched(running, FAULT, mode=Mode.FAULT))
    running.read("press x")
    running.type("a", "k", "x")
    assert running.ended() == 1
    assert running.controls.asked() == ["close"]


def test_an_alarm_is_acknowledged_at_confirmed_standstill_only(running: Typist) -> None:
    running.see(moving(running, Mode.ESCALATED, alarm=True, causes=(SILENT,)))
    running.read("\aALARM")
    running.type("a", "h")
    running.read("keys: s start")
    assert running.controls.asked() == []
    running.see(replace(latched(running, SILENT, mode=Mode.ESCALATED), summary=None))
    running.type("a")
    running.asked("acknowledge False")


def test_a_run_without_a_guardian_is_left_with_x(running: Typist) -> None:
    running.see(replace(moving(running), guardian_alive=False))
    running.controls.live = True
    running.controls.reacts = False
    running.read("THE GUARDIAN IS GONE")
    running.type("q", "?")
    running.read("keys: s start")
    assert running.code is None
    running.type("x")
    assert running.ended() == 1


def test_a_plan_that_is_done_is_summed_up_at_once(running: Typist) -> None:
    done = Cause(Hazard.PLAN_STOP, Action.CONTROLLED_STOP, "the plan is done", Clears.WHEN_ACKNOWLEDGED)
    running.see(latched(running, done, phase=Phase.FINISHED))
    assert running.ended() == 0
    assert running.controls.asked() == ["close"]


def test_a_summary_on_the_strength_of_old_reports_is_no_good_end(running: Typist) -> None:
    running.see(replace(latched(running, mode=Mode.IDLE), snapshot_age_s=2.0))
    assert running.ended() == 1


def test_a_run_that_was_left_before_its_start_is_no_good_end(typist: Typist) -> None:
    typist.tick_all()
    typist.read("type s to start")
    typist.type("x")
    assert typist.ended() == 1
    assert typist.controls.asked() == ["close"]


# --- signals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTSTP])
def test_what_a_terminal_sends_for_ctrl_c_and_ctrl_z_stops_a_belt_and_ends_at_rest(
    controls: Any, number: signal.Signals
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
    assert capsys.readouterr().out == "\ared [31m blue\n"


def test_a_letter_that_the_terminal_cannot_show_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    read_fd, write_fd = os.pipe()
    with os.fdopen(write_fd, "w", encoding="ascii") as ascii_only, os.fdopen(read_fd, "rb") as reading:
        monkeypatch.setattr(sys, "stdout", ascii_only)
        say("Läufer")
        assert reading.readline() == b"L?ufer\n"


def test_the_help_names_every_key_that_stops() -> None:
    words = ("Space", "Esc", "Enter", "q", "b", "x", "full stop", "Page Up", "Page Down", "F5")
    ctrl = ("Ctrl+C", "Ctrl+D", "Ctrl+Q", "Ctrl+Z", "end of the input")
    assert all(word in plain.STOP_ON_TERMINAL_TEXT for word in words + ctrl)


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
REST = "Stopped. The treadmill reports 0.0 km/h"


class Program:
    """``retrotread run ... --plain`` in a process of its own, on a terminal or on pipes."""

    def __init__(self, folder: Path, on_terminal: bool) -> None:
        folder.mkdir()
        self.folder = folder
        workout = folder / "workout.yaml"
        workout.write_text(WORKOUT)
        typed_fd, read_fd = pty.openpty() if on_terminal else reversed(os.pipe())
        self.tty = os.dup(read_fd)
        with (folder / "stderr").open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "retrotread", "run", str(workout), "--plain", "--treadmill", ADDRESS],
                stdin=read_fd,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
                env={**os.environ, "RETROTREAD_DATA": str(folder / "data"), "TERM": "dumb", "PYTHONUNBUFFERED": ""},
            )
        os.close(read_fd)
        self._typed_fd: int | None = typed_fd
        self._on_terminal = on_terminal
        assert self.process.stdout is not None
        self._out = self.process.stdout.fileno()
        self._rest, self.lines = b"", list[str]()

    def type(self, keys: str) -> None:
        assert self._typed_fd is not None
        os.write(self._typed_fd, keys.encode() if self._on_terminal else "".join(f"{k}\n" for k in keys).encode())

    def read(self, part: str) -> str:
        """The next line with this in it."""
        deadline_s = time.monotonic() + DEADLINE_S
        while True:
            while b"\n" in self._rest:
                line, _, self._rest = self._rest.partition(b"\n")
                self.lines.append(line.decode())
                if part in self.lines[-1]:
                    return self.lines[-1]
            left_s = deadline_s - time.monotonic()
            ready = left_s > 0 and select.select([self._out], [], [], left_s)[0]
            more = os.read(self._out, 65536) if ready else b""
            assert more, f"no {part!r} in {self.lines}"
            self._rest += more

    def to_motion(self) -> None:
        self.read("none can be left out")
        self.type("12345")
        self.read("type s to start")
        self.type("s")
        digit = re.search(r"type (\d) to start", self.read("armed:"))
        assert digit is not None
        self.type(digit[1])
        self.read("start in 5")
        self.read("type o")
        self.type("o")
        self.read("step 1 of 2")

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
        program.read("none can be left out")
        program.stop_reading()
        program.type("1")
        assert program.ended() == 1
        assert (program.folder / "stderr").read_text() == ""
    finally:
        program.close()
