"""The one thing that the input thread shares with the screen: the way to stop, and what a remote's keys mean.

Every attribute is set in one assignment, so it can be read from another thread at any moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from .keys import is_stop_key, may_be_of_a_remote

if TYPE_CHECKING:
    from ..sessions.view import Controls, Person, RunView


class NextMeans(Enum):
    """What a press of the remote's next key means in the state that a run is in."""

    STOP = "stop"
    GO_ON = "go on"
    CANCEL = "call the start off"


@dataclass(frozen=True, slots=True)
class Cells:
    """A rectangle of terminal cells; column and row count from 0 at the top left."""

    column: int
    row: int
    width: int
    height: int

    def hold(self, column: float, row: float) -> bool:
        """Whether the point lies inside."""
        inside_column = self.column <= column < self.column + self.width
        return inside_column and self.row <= row < self.row + self.height


class StopDoor:
    """Leads from whichever thread sees a stop to the run that is open, if one is.

    ``next_key`` and ``fine_key`` are those of the remote in the hand of whoever this run belongs to, None without
    one. ``rested``: the screen has seen the belt at rest for long enough that a press of the next key is not the
    tail of one that meant STOP. ``focused``: what the terminal last said of itself.
    """

    def __init__(self) -> None:
        self.controls: Controls | None = None
        self.bar: Cells | None = None
        self.next_key: str | None = None
        self.fine_key: str | None = None
        self.rested = False
        self.focused = True
        self._next_means: Callable[[RunView], NextMeans] = lambda _view: NextMeans.STOP

    def open(self, controls: Controls, person: Person | None, next_means: Callable[[RunView], NextMeans]) -> None:
        """Lead to this run, with the remote of this person. A run is told that the focus is lost already."""
        self.rested = False
        self.use_remote_of(person)
        self._next_means = next_means
        self.controls = controls
        if not self.focused:
            controls.focus(False)

    def close(self) -> None:
        """Lead nowhere."""
        self.controls = None

    def use_remote_of(self, person: Person | None) -> None:
        """The keys of this person's remote from now on; what may not be a key of a remote is none, whoever wrote it."""
        remote = None if person is None else person.remote
        next_key = None if remote is None or not may_be_of_a_remote(remote.next_key) else remote.next_key
        fine_key = None if remote is None or remote.fine_key is None else remote.fine_key
        if fine_key is not None and (not may_be_of_a_remote(fine_key) or fine_key == next_key):
            fine_key = None
        self.next_key, self.fine_key = next_key, fine_key

    def is_stop(self, key: str) -> bool:
        """Whether the key is one of those that stop a moving belt in this run: the remote's keys are, too.

        The one exception is the key that the person has named as "I'm fine".
        """
        return key != self.fine_key and (is_stop_key(key) or key == self.next_key)

    def stops(self, key: str) -> bool:
        """Whether a press of this key means STOP now. Any thread."""
        if not self.is_stop(key) or not self.live():
            return False
        return key != self.next_key or self.next_means() is NextMeans.STOP

    def live(self) -> bool:
        """Whether a stop key means STOP now; a run that cannot tell is taken to move."""
        controls = self.controls
        if controls is None:
            return False
        try:
            return controls.stop_keys_live()
        except Exception:  # noqa: BLE001 - whatever is wrong in there, not knowing means live
            return True

    def next_means(self) -> NextMeans:
        """What a press of the remote's next key means now; STOP when in doubt. Any thread."""
        controls = self.controls
        if controls is None or not self.live():
            return NextMeans.GO_ON
        try:
            return self._next_means(controls.view()) if self.rested else NextMeans.STOP
        except Exception:  # noqa: BLE001 - as in live
            return NextMeans.STOP

    def stop(self) -> None:
        """Stop the open run, if there is one."""
        controls = self.controls
        if controls is not None:
            controls.stop()

    def cancel_by(self, key: str) -> bool:
        """Call the open run's start off at once, where that is what this key means; whether it did. Any thread."""
        controls = self.controls
        if controls is None or key != self.next_key or self.next_means() is not NextMeans.CANCEL:
            return False
        controls.cancel_start()
        return True

    def input_alive(self, alive: bool) -> None:
        """Tell the open run whether the keyboard is read."""
        controls = self.controls
        if controls is not None:
            controls.input_alive(alive)

    def focus(self, has_focus: bool) -> None:
        """The terminal says that it gets the keys, or does not; the open run is told of a change. Any thread.

        A terminal that never says anything is taken to have them.
        """
        if has_focus == self.focused:
            return
        self.focused = has_focus
        controls = self.controls
        if controls is not None:
            controls.focus(has_focus)
