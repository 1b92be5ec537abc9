"""The STOP bar: a click anywhere on it stops the belt, or ends a session whose belt is not ours."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Static

from ..door import Cells
from ..keys import said

STOP_KEYS = ("space", "escape", "enter", "q", "b", "full_stop", "pageup", "pagedown", "f5")
"""Those that are named; there are more, and every one under any modifier."""

KEYS_AT_REST = "click here; the stop keys work from the first press of the start on"
ENDS = "E N D   T H E   S E S S I O N\nq  Esc  -  or click here"
"""Where the belt is not ours the bar promises nothing about it."""


def keys_live(fine_key: str | None) -> str:
    """The stop keys by name, and the click."""
    named = "  ".join(said(key) for key in STOP_KEYS if key != fine_key)
    return f"{named}  -  or click here"


class StopBar(Static):
    """Always at the same place, never disabled, never asks."""

    class Clicked(Message):
        """The mouse went down on the bar and no input thread has seen to it."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._says = ""

    def show(self, live: bool, ours: bool = True, fine_key: str | None = None) -> None:
        """Say which ways there are to stop now: a click always, the keys while they are live.

        A belt that is not ``ours`` cannot be stopped here: the bar ends the session, and says so.
        ``fine_key`` is the one of them that does not stop in this run.
        """
        says = f"S T O P\n{keys_live(fine_key) if live else KEYS_AT_REST}" if ours else ENDS
        if says != self._says:
            self._says = says
            self.set_class(not ours, "-session")
            self.update(says)

    @property
    def cells(self) -> Cells | None:
        """Where it is on the terminal; None while it is not shown."""
        region = self.region
        return Cells(region.x, region.y, region.width, region.height) if region.area else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Pressing is enough; nobody has to let go."""
        event.stop()
        self.post_message(self.Clicked())
