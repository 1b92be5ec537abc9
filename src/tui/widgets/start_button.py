"""The button that is held with the mouse to start."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Static


class StartButton(Static):
    """Tells when the mouse is pressed on it and when it is let go or drawn away."""

    class Held(Message):
        """The mouse button is down on the start button."""

    class Released(Message):
        """It no longer is."""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        self.capture_mouse()
        self.post_message(self.Held())

    def on_mouse_up(self, event: events.MouseUp) -> None:
        event.stop()
        self._let_go()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drawn off the button is let go: nobody starts a belt while looking elsewhere."""
        if not self.region.contains(event.screen_x, event.screen_y):
            self._let_go()

    def _let_go(self) -> None:
        self.release_mouse()
        self.post_message(self.Released())
