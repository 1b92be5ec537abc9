"""The STOP bar: a click anywhere on it stops."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Static

from ..door import Cells


class StopBar(Static):
    """Always at the same place, never disabled, never asks."""

    class Clicked(Message):
        """The mouse went down on the bar and no input thread has seen to it."""

    def __init__(self) -> None:
        super().__init__(
            "S T O P\nSpace, Esc, Enter, q, b, full stop, Page Up/Down, F5, Ctrl+C, or click here", markup=False
        )

    @property
    def cells(self) -> Cells | None:
        """Where it is on the terminal; None while it is not shown."""
        region = self.region
        return Cells(region.x, region.y, region.width, region.height) if region.area else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Pressing is enough; nobody has to let go."""
        event.stop()
        self.post_message(self.Clicked())
