"""The bench in lines: a key on a terminal, or a letter a line from a pipe; a line for each change.

At the end of the input the time runs ahead until nothing changes any more, so that a script sees all that follows.
"""

from __future__ import annotations

from collections.abc import Callable

from ..clock import Clock
from ..safety.hazards import Hazard
from ..safety.modes import Mode
from ..sessions.bench.ahead import next_change
from ..sessions.bench.flags import FLAGS
from ..sessions.bench.room import Bench
from ..sessions.bench.words import TITLE, cause_lines, next_line, state_lines
from .door import StopDoor
from .plain_input import PlainKeyboard, single_keys

LOOK_S = 0.1
CHANGES_MAX = 20
"""What may follow by itself; more would be a bench that never comes to rest."""

ENDS = frozenset({"escape", "q", "ctrl+c", "ctrl+q", "ctrl+d"})
"""A stop is one of the things that the bench is there for, and does not end it."""

ANEW = "n"
Tell = Callable[[str], None]
Seen = tuple[Mode, frozenset[Hazard]]


class PlainBench:
    """One conversation. ``tell`` is handed each line."""

    def __init__(self, begin: Callable[[], Bench], clock: Clock, tell: Tell) -> None:
        self._begin, self._clock, self._tell = begin, clock, tell
        self._anew()

    def _anew(self) -> None:
        self.bench = self._begin()
        self._ahead_s = self.bench.now_s - self._clock.now_s()
        self._seen: Seen | None = None

    def run(self, descriptor: int) -> int:
        """Until it is left, or the input ends; the exit code."""
        self._tell(TITLE)
        self._tell("; ".join(f"{flag.key} {flag.name}" for flag in FLAGS))
        keyboard = PlainKeyboard(descriptor, StopDoor())
        with single_keys(descriptor):
            while not keyboard.ended:
                press = keyboard.next(LOOK_S)
                if press is not None and press.key in ENDS:
                    return 0
                if press is not None:
                    self.press(press.text or press.key)
                self.bench.advance(self._clock.now_s() + self._ahead_s)
                self.look()
        self.run_out()
        return 0

    def press(self, key: str) -> None:
        """Do what this key does, and say so; what has no meaning here is said, too."""
        if key == ANEW:
            self._anew()
            return
        flag = self.bench.press("space" if key in (" ", "stop") else key)
        self._tell(f"> {flag.name}" if flag is not None else f"> {key!r} does nothing here")
        self._tell(next_line(next_change(self.bench)))

    def look(self) -> None:
        """A line where mode or causes are others than before."""
        view = self.bench.view()
        seen = view.snapshot.mode, frozenset(one.hazard for one in view.snapshot.causes)
        if seen == self._seen:
            return
        self._seen = seen
        self._tell(f"{view.at_s:.1f} s  {'   '.join(state_lines(view))}")
        for line in cause_lines(view):
            self._tell(f"    {line}")

    def run_out(self) -> None:
        """Let the time run ahead, from change to change."""
        for _ in range(CHANGES_MAX):
            coming = next_change(self.bench)
            if coming is None:
                return
            self.bench.advance(self.bench.now_s + coming.in_s)
            self.look()
