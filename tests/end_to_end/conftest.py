"""The whole program on a real terminal: a pseudo-terminal, real keys, the real guardian, nothing faked."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import dropwhile
from pathlib import Path

import pytest

from retrotread.clock import monotonic_s
from retrotread.guardian import blackbox
from retrotread.guardian.process import black_box_path
from retrotread.sessions.selftest.record import keep

DEADLINE_S = 60.0
# How often a test looks whether it is true by now: rarely, for the looking takes time from what is looked at.
LOOK_S = 0.25
# Programs started side by side: what two processors carry without a lease lapsing for want of time.
SIDE_BY_SIDE = 4
# A program begun from a terminal has these at their defaults; one begun by a runner in the background would not.
FROM_A_TERMINAL = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGPIPE)
# Facing the console the countdown is five seconds instead of ten.
WORKOUT = """retrotread: 1
name: brisk at once
level: 1
facing: console
steps:
  - walk: 8 min
    speed: 2.5 km/h
  - cool down: 1 min
    speed: 1.0 km/h
"""
ADDRESS = "sim://well-behaved?start_s=0"
SETTINGS = """[person]
name = "Kim"
adult = true
backward_experience = "walks"

[remote]
next = "pagedown"
fine = "pageup"
"""
# Stands for the computer's voice: writes down what it is given to say, and says nothing.
VOICE = """#!/bin/sh
for word; do text=$word; done
echo "$text" >> {log}
"""
# What the guardian writes down when a computer is too busy to let this program hold its belt.
STARVED = ("the program has not been heard for", "the screen has not moved for")
TRIES = 3
DIGITS = {"two": "2", "three": "3", "four": "4", "five": "5"}


class Starved(AssertionError):
    """The belt was stopped, as it should be, because nobody let the program run in time: nothing that a test did."""


class Program:
    """One ``retrotread run`` on a terminal of its own, and what can be known of it from outside."""

    def __init__(
        self, folder: Path, code: str | None = None, arguments: tuple[str, ...] = (), settings: str = ""
    ) -> None:
        """``code`` is run by the child instead of the plain program; it ends in the same main.

        ``arguments`` of the command line; by default the brisk workout on a well-behaved machine. ``settings``: more
        tables for the settings file.
        """
        self.folder = folder
        (folder / "brisk.yaml").write_text(WORKOUT)
        (folder / "settings.toml").write_text(SETTINGS + settings)
        keep(folder, ())  # the self-test was passed here
        _voice(folder)
        os.mkfifo(folder / "guardian.log")
        self._guardian_log = os.open(folder / "guardian.log", os.O_RDONLY | os.O_NONBLOCK)
        self.seen = ""
        self._heard = 0
        self.ended_s: float | None = None
        brisk = ("run", str(folder / "brisk.yaml"), "--treadmill", ADDRESS)
        run = "import sys; from retrotread.__main__ import main; sys.exit(main(sys.argv[1:]))"
        self.pid, self.terminal = _on_a_terminal([sys.executable, "-c", code or run, *(arguments or brisk)], folder)

    # --- the terminal ---------------------------------------------------------------------------------------

    def type(self, keys: str | bytes) -> None:
        os.write(self.terminal, keys.encode() if isinstance(keys, str) else keys)

    def pump(self, seconds: float) -> None:
        """Take what the program writes, for at most that long."""
        due_s = monotonic_s() + seconds
        while (left_s := due_s - monotonic_s()) > 0:
            ready, _, _ = select.select([self.terminal], [], [], left_s)
            if ready:
                self._take()

    def _take(self) -> None:
        try:
            self.seen += os.read(self.terminal, 65536).decode(errors="replace")
        except OSError:  # the far end is closed
            self.ended_s = monotonic_s()

    def text(self) -> str:
        """What was written, without the escape sequences."""
        return re.sub(r"\x1b\[[0-9;?=<>]*[ -/]*[@-~]|\x1b[@-_]", "", self.seen)

    def wait(self, true: Callable[[], bool], what: str) -> None:
        """Pump until it is true; fails with the last of the screen after the deadline."""
        due_s = monotonic_s() + DEADLINE_S
        while not true():
            assert monotonic_s() < due_s, f"no {what} within {DEADLINE_S:.0f} s; last: {self.text()[-800:]!r}"
            self.pump(0.05)

    def shows(self, text: str) -> None:
        """Wait until the text has been written since the last call."""
        self.wait(lambda: text in self.text(), repr(text))
        self.seen = ""

    # --- the voice ------------------------------------------------------------------------------------------

    def spoken(self) -> str:
        """Everything that was given to the computer's voice so far."""
        path = self.folder / "said.txt"
        return path.read_text() if path.exists() else ""

    def hears(self, *texts: str) -> str:
        """Wait until the voice was given one of these, beyond what was heard before; which one."""

        def heard() -> str | None:
            rest = self.spoken()[self._heard :]
            found = [(rest.index(text), text) for text in texts if text in rest]
            return min(found)[1] if found else None

        self.wait(lambda: heard() is not None, f"{texts!r} from the voice; it said {self.spoken()[-300:]!r}")
        text = heard()
        assert text is not None
        self._heard += self.spoken()[self._heard :].index(text) + len(text)
        return text

    def hears_digit(self) -> str:
        """Wait for the question of the sound test; the digit that it spoke."""
        return DIGITS[self.hears(*(f"Type the digit: {word}" for word in DIGITS)).rpartition(" ")[2]]

    # --- the black box --------------------------------------------------------------------------------------

    def lines(self) -> tuple[str, ...]:
        path = black_box_path(self.folder)
        return blackbox.read(path) if path.exists() else ()

    def says(self, text: str) -> None:
        """Wait until the guardian's black box holds the text."""
        self.wait(lambda: any(text in line for line in self.lines()), f"{text!r} in the black box")

    def commands_after(self, moment_s: float) -> list[str]:
        """What went to the link after that moment: "SetSpeed(...)", "StopBelt()"."""
        found = [line.partition(" link <- ") for line in self.lines()]
        return [command for at, mark, command in found if mark and float(at) >= moment_s]

    # --- the road to a moving belt --------------------------------------------------------------------------

    def to_checklist(self) -> Program:
        self.shows("brisk at once")
        self.type("\r")
        self.shows("Safety key")
        return self

    def moving(self) -> Program:
        """Enter, a stop key, five ticks, the digit that was spoken, the start key held, and o."""
        self.to_checklist()
        self.type(" \r\r\r\r\r")
        self.type(self.hears_digit())
        self.shows("Nothing is missing")
        self.hold_start()
        self._comes_to(lambda: any(" running" in line for line in self.lines()), "running belt")
        self.shows("Press o")
        self.type("o")
        self._comes_to(lambda: "speed_ckph=250, incline" in "".join(self.lines()[-20:]), "belt at 2.5 km/h")
        return self

    def starved_by(self) -> str | None:
        """The line of the black box that says so since the countdown began; before it, none costs anything."""
        since = dropwhile(lambda line: " countdown" not in line, self.lines())
        return next((line for line in since if any(words in line for words in STARVED)), None)

    def _comes_to(self, true: Callable[[], bool], what: str) -> None:
        self.wait(lambda: true() or self.starved_by() is not None, what)
        if (line := self.starved_by()) is not None:
            raise Starved(line)

    def hold_start(self) -> None:
        """The start key held, as a terminal repeats it, until the countdown begins."""
        held_s = monotonic_s() + DEADLINE_S
        while " countdown" not in "".join(self.lines()[-3:]):
            assert monotonic_s() < held_s, "the held start key starts nothing"
            self.type("s")
            self.pump(0.1)

    # --- its end --------------------------------------------------------------------------------------------

    def comes_to_rest(self, after_s: float) -> list[str]:
        """Wait for the confirmed standstill; the commands that led to it."""
        self.wait(lambda: any(" latched" in line for line in self.lines()), "confirmed standstill")
        return self.commands_after(after_s)

    def guardian_ends(self) -> None:
        """Wait for the end of the guardian: the last writer of its log closes it."""
        due_s = monotonic_s() + DEADLINE_S
        while True:
            ready, _, _ = select.select([self._guardian_log], [], [], max(0.0, due_s - monotonic_s()))
            assert ready, "the guardian did not end"
            if not os.read(self._guardian_log, 4096):
                return

    def exit_code(self) -> int:
        """Wait for main's own end."""
        due_s = monotonic_s() + DEADLINE_S
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            assert monotonic_s() < due_s, "main did not end"
            self.pump(0.05)

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        for descriptor in (self.terminal, self._guardian_log):
            if descriptor >= 0:
                os.close(descriptor)


def _on_a_terminal(command: list[str], folder: Path) -> tuple[int, int]:
    """Start a command as the leader of a terminal's session; its process number and our end of the terminal."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = os.environ | {
        "TERM": "xterm-256color",
        "RETROTREAD_DATA": str(folder),
        "RETROTREAD_CONFIG": str(folder),
        "XDG_RUNTIME_DIR": str(folder),  # one belt per user: each of these programs stands for a user of its own
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
    }
    starter = (
        "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    files = [(os.POSIX_SPAWN_DUP2, theirs, descriptor) for descriptor in (0, 1, 2)]
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", starter, *command],
        environment,
        file_actions=[*files, (os.POSIX_SPAWN_CLOSE, theirs), (os.POSIX_SPAWN_CLOSE, ours)],
        setsigdef=FROM_A_TERMINAL,
    )
    os.close(theirs)
    return pid, ours


def _voice(folder: Path) -> None:
    """A speech command for this program alone, first on its path."""
    (folder / "bin").mkdir()
    command = folder / "bin" / "espeak-ng"
    command.write_text(VOICE.format(log=folder / "said.txt"))
    command.chmod(0o755)


@pytest.fixture(scope="module")
def start_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[list[str | None]], list[Program]]]:
    """Start several programs side by side and bring each to a moving belt; one by one would take minutes."""
    begun: list[Program] = []

    def one_more(folder: Path, code: str | None) -> Program:
        """One that the computer was too busy for is begun anew."""
        for attempt in range(1, TRIES + 1):
            (own := folder / str(attempt)).mkdir()
            begun.append(program := Program(own, code))
            try:
                return program.moving()
            except Starved:
                if attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    def start(codes: list[str | None]) -> list[Program]:
        folders = [tmp_path_factory.mktemp("program") for _ in codes]  # here: the factory is not made for threads
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            return list(pool.map(one_more, folders, codes))

    yield start
    for one in begun:
        one.close()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    one = Program(tmp_path)
    yield one
    one.close()


@pytest.fixture
def program_of() -> Iterator[Callable[[Path, str], Program]]:
    """A program that is begun by code of the test's own."""
    made: list[Program] = []

    def make(folder: Path, code: str) -> Program:
        made.append(Program(folder, code))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def program_in() -> Iterator[Callable[..., Program]]:
    """A program with a folder and a command line of its own."""
    made: list[Program] = []

    def make(folder: Path, arguments: tuple[str, ...], settings: str = "") -> Program:
        made.append(Program(folder, arguments=arguments, settings=settings))
        return made[-1]

    yield make
    for one in made:
        one.close()
