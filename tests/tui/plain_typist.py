"""Somebody at ``--plain`` with a fake run: types letters on a pipe, reads lines, waits for what is asked of the run."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tests.tui.conftest import KIM, FakeControls, FakeLauncher, a_snapshot, a_view, still, waiting_view

from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.modes import Mode
from retrotread.sessions.person import Remote
from retrotread.sessions.view import Keep, RunView
from retrotread.tui.door import StopDoor
from retrotread.tui.plain import whole_run
from retrotread.tui.plain_input import PlainKeyboard
from retrotread.tui.plain_talk import Talk
from retrotread.workouts.engine import Phase

SOON_S = 8.0
BEGAN_S = 1000.0
ADDRESS = "sim://well-behaved"
HAND = replace(KIM, remote=Remote("pagedown", "home"))
STOP = Cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed", Clears.WHEN_ACKNOWLEDGED)


class Typist:
    """The clock of the run stands still but for ``ahead_s``, which a test moves on."""

    def __init__(self, launcher: FakeLauncher | None = None, keep: Keep | None = None) -> None:
        self.launcher = launcher or FakeLauncher(FakeControls(reacts=True))
        self.controls = self.launcher.controls
        self.keep = keep
        self.code: int | None = None
        self.lines: list[str] = []
        self.rings = 0
        self.ahead_s = 0.0
        self._before = 0
        self._news = threading.Condition()
        self.controls.told = lambda _call: self._tell()
        self._read_fd, self._write_fd = os.pipe()
        self._typing = True
        self.door = StopDoor()
        self.keyboard = PlainKeyboard(self._read_fd, self.door)
        self._talk = Talk(self.keyboard, self.door, self._say, self._ring, lambda: BEGAN_S + self.ahead_s)
        self._thread = threading.Thread(target=self._go, name="printing", daemon=True)
        self._thread.start()

    def _go(self) -> None:
        self.code = whole_run(self.launcher, self._talk, ADDRESS, self.keep)
        self._tell()

    def _say(self, line: str) -> None:
        self.lines.append(line)
        self._tell()

    def _ring(self) -> None:
        self.rings += 1
        self._tell()

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    # --- what a person does -------------------------------------------------------------------------------------

    def type(self, *lines: str) -> None:
        os.write(self._write_fd, "".join(f"{line}\n" for line in lines).encode())

    def see(self, view: RunView) -> None:
        """The run is like this from now on."""
        self.controls.now = view

    def open(self) -> None:
        """Not alone: the run is opened. What was asked of it before counts no more."""
        self.type("n")
        self.until(lambda: self.controls.turns > 0)
        self._before = len(self.controls.asked())

    def tick_all(self) -> None:
        """Through the checklist to the start, the last stop key long ago."""
        self.open()
        self.read("type 1, 2, 3, 4 to tick")
        self.type("1", "2", "3", "4", "stop")
        self.read("Listen: a digit is spoken")
        self.type("3")
        self.read("to start")
        self.ahead_s += 2.0
        self._before = len(self.controls.asked())

    def end_of_input(self) -> None:
        if self._typing:
            self._typing = False
            os.close(self._write_fd)

    # --- what a person waits for --------------------------------------------------------------------------------

    def until(self, reached: Callable[[], bool]) -> None:
        """Wait for it; looked at with every news, and ten times a second."""
        deadline_s = time.monotonic() + SOON_S
        with self._news:
            while not reached():
                assert time.monotonic() < deadline_s, f"asked {self.controls.asked()}, said {self.lines}"
                self._news.wait(0.1)

    def read(self, part: str) -> str:
        """The first line with this in it."""
        self.until(lambda: any(part in line for line in self.lines))
        return next(line for line in self.lines if part in line)

    def read_all(self, part: str) -> list[str]:
        """The lines with this in them, as far as they have been said."""
        return [line for line in self.lines if part in line]

    def asked(self, *calls: str) -> None:
        """Wait until exactly this has been asked of the run since it was opened, or its checklist was complete."""
        self.until(lambda: self.now_asked() == list(calls))

    def now_asked(self) -> list[str]:
        return self.controls.asked()[self._before :]

    def after_a_look(self) -> None:
        """Once everything that was typed has been dealt with: a list of keys was asked for behind it, and read."""
        heard = len(self.read_all("? these keys"))
        self.type("?")
        self.until(lambda: len(self.read_all("? these keys")) > heard)

    def after_view(self) -> None:
        """Once the run has been looked at twice more: its newest state has been seen."""
        turns = self.controls.turns
        self.until(lambda: self.controls.turns > turns + 1)

    def ended(self) -> int:
        self.until(lambda: self.code is not None)
        assert self.code is not None
        return self.code

    def close(self) -> None:
        """Let the run come to rest, and wait for its thread."""
        self.controls.live = False
        self.see(waiting_view())
        self.end_of_input()
        self._thread.join(SOON_S)
        assert not self._thread.is_alive()
        while not self.keyboard.ended:
            self.keyboard.next(SOON_S)
        os.close(self._read_fd)


@contextmanager
def a_typist(
    view: RunView | None = None, launcher: FakeLauncher | None = None, keep: Keep | None = None
) -> Iterator[Typist]:
    """At the first question, with a run that looks like this once it is open."""
    typist = Typist(launcher, keep)
    if view is not None:
        typist.see(view)
    try:
        yield typist
    finally:
        typist.close()


def moving(mode: Mode = Mode.RUN, phase: Phase = Phase.RUNNING, **changes: Any) -> RunView:
    """A belt in motion; ``changes`` are fields of Snapshot."""
    return a_view(phase, a_snapshot(mode, **changes))


def latched(*causes: Cause, mode: Mode = Mode.LATCHED, phase: Phase = Phase.STOPPED, **changes: Any) -> RunView:
    """A run that has come to rest; ``changes`` are fields of RunView."""
    return a_view(phase, still(mode, causes=causes), **changes)
