"""What the input thread tells the app."""

from __future__ import annotations

from textual.message import Message


class StopPressed(Message):
    """A stop key or the STOP bar was pressed, and the stop is on its way to the guardian already."""

    def __init__(self, by: str) -> None:
        super().__init__()
        self.by = by


class InputLost(Message):
    """Nothing more can be read from the keyboard; ``reason`` is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class InputTrouble(Message):
    """One key or report could not be dealt with; the next one will be. ``reason`` is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason
