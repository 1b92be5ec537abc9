"""The STOP bar: a click anywhere on it stops."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Static

from ..door import Cells

KEYS_LIVE = "Space  Esc  Enter  q  b  full stop  Page Up  Page Down  F5  -  or click here"
KEYS_AT_REST = "click here; the stop keys work from the first press of the start on"


class StopBar(Static):
    """Always at the same place, never disabled, never asks."""

    class Clicked(Message):
        """The mouse went down on the bar and no input thread has seen to it."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._live: bool | None = None

    def show(self, live: bool) -> None:
        """Say which ways there are to stop now: a click always, the keys while they are live."""
        if live != self._live:
            self._live = live
            self.update(f"S T O P\n{KEYS_LIVE if live else KEYS_AT_REST}")

    @property
    def cells(self) -> Cells | None:
        """Where it is on the terminal; None while it is not shown."""
        region = self.region
        return Cells(region.x, region.y, region.width, region.height) if region.area else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Pressing is enough; nobody has to let go."""
        event.stop()
        self.post_message(self.Clicked())
