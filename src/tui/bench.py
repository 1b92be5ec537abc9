"""The bench on a terminal: everything on one screen, and every key does what stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from ..clock import Clock, SystemClock
from ..safety.hazards import Action
from ..sessions.bench.ahead import Next, next_change
from ..sessions.bench.room import Bench
from ..sessions.bench.words import TITLE, face
from .plain_bench import ANEW, ENDS

LOOK_S = 0.1
AHEAD_EVERY = 5
"""Every so many looks it is found out anew what comes next: a countdown twice a second is quick enough to read."""


def key_of(event: events.Key) -> str:
    """The name that the bench has for a key."""
    return event.key if event.character is None or event.key == "space" else event.character


class BenchApp(App[int], inherit_bindings=False):
    """One bench after the other, in real time. ``begin`` makes one whose belt runs already."""

    CSS = """
    Screen { layout: vertical; }
    #title { text-style: bold; }
    #face { height: 1fr; }
    #face.stops { color: $warning; }
    #face.alarm { color: $text-error; text-style: bold; background: $error-muted; }
    """
    TITLE = "Retrotread bench"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, begin: Callable[[], Bench], clock: Clock | None = None) -> None:
        super().__init__()
        self._begin = begin
        self._clock = clock or SystemClock()
        self._coming: Next | None = None
        self._looks = 0
        self._anew()

    def _anew(self) -> None:
        self.bench = self._begin()
        self._ahead_s = self.bench.now_s - self._clock.now_s()
        self._coming = next_change(self.bench)

    def compose(self) -> ComposeResult:
        yield Static(TITLE, id="title", markup=False)
        yield Static(id="face", markup=False)

    def on_mount(self) -> None:
        """Begin to look."""
        self.set_interval(LOOK_S, self.look)
        self.look()

    def on_key(self, event: events.Key) -> None:
        """Do what the key stands for, and look at once what comes of it."""
        event.stop()
        key = key_of(event)
        if event.key in ENDS:
            self.exit(0)
        elif key == ANEW:
            self._anew()
        elif self.bench.press(key) is not None:
            self._coming = next_change(self.bench)
        self._show()

    def look(self) -> None:
        """Let time pass, and show."""
        self.bench.advance(self._clock.now_s() + self._ahead_s)
        self._looks += 1
        if self._looks % AHEAD_EVERY == 0:
            self._coming = next_change(self.bench)
        self._show()

    def _show(self) -> None:
        view, shown = self.bench.view(), self.query_one("#face", Static)
        shown.set_class(view.snapshot.alarm, "alarm")
        shown.set_class(Action.CONTROLLED_STOP <= view.in_force < Action.ESCALATE, "stops")
        shown.update(face(view, self._coming, self.size.width))
