"""The questions to a terminal, on a terminal: a child asks, the test answers in the terminal's place."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from retrotread.clock import monotonic_s
from retrotread.sessions.doctor import terminal_look
from retrotread.sessions.doctor.terminal_look import QUESTIONS

DEADLINE_S = 30.0
LOOK = """
import termios
from retrotread.sessions.doctor.terminal_look import collect
before = termios.tcgetattr(0)
facts = collect()
print("saw", facts.tty, facts.focus, facts.kitty, facts.columns, facts.rows, termios.tcgetattr(0) == before, "end")
"""


@dataclass
class Terminal:
    """The test's end of a terminal on which a child looks."""

    ours: int
    said: bytes = b""

    def until(self, text: bytes) -> bytes:
        """Read until the child has written ``text``."""
        gives_up_s = monotonic_s() + DEADLINE_S
        while text not in self.said and monotonic_s() < gives_up_s:
            if select.select([self.ours], [], [], 0.5)[0]:
                self.said += os.read(self.ours, 4096)
        assert text in self.said, self.said
        return self.said

    def look(self) -> list[str]:
        """What the child saw in the end."""
        return self.until(b" end").decode().partition("saw ")[2].split()[:-1]


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (30, 100))
    child = subprocess.Popen(
        [sys.executable, "-c", LOOK],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={name: value for name, value in os.environ.items() if name not in {"TMUX", "STY", "COLUMNS", "LINES"}},
    )
    os.close(theirs)
    try:
        yield Terminal(ours)
    finally:
        child.kill()
        child.wait()
        os.close(ours)


def test_a_terminal_that_answers_is_understood_and_left_as_it_was(terminal: Terminal) -> None:
    terminal.until(QUESTIONS)
    os.write(terminal.ours, b"\x1b[?1004;2$y\x1b[?0u\x1b[?62;22c")
    assert terminal.look() == ["True", "True", "True", "100", "30", "True"]


def test_an_answer_in_pieces_is_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_look, "CHUNK", 5)
    reading, writing = os.pipe()
    os.write(writing, b"\x1b[?1004;2$y\x1b[?62c")
    assert terminal_look.heard(reading) == b"\x1b[?1004;2$y\x1b[?62c"
    os.close(reading)
    os.close(writing)


def test_an_answer_without_an_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_look, "SAID_MAX", 1000)
    reading, writing = os.pipe()
    os.write(writing, b"x" * 20_000)
    assert len(terminal_look.heard(reading)) < 1000 + terminal_look.CHUNK
    os.close(reading)
    os.close(writing)


def test_a_terminal_that_is_silent_is_not_waited_for(terminal: Terminal) -> None:
    terminal.until(QUESTIONS)
    assert terminal.look() == ["True", "None", "None", "100", "30", "True"]
