"""A number in letters of blocks, as large as its room allows."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from ..bigtext import ROWS, rows, width


class BigNumber(Widget):
    """Shows a short text in large letters; struck out when it is not to be relied on."""

    DEFAULT_CSS = "BigNumber { height: 5; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.text = ""
        self.struck = False

    def say(self, text: str, struck: bool = False) -> None:
        """Show this text from now on."""
        if (text, struck) != (self.text, self.struck):
            self.text, self.struck = text, struck
            self.refresh()

    def render(self) -> Content:
        """The text at the largest scale that fits, or plain where none does."""
        room, height = self.size
        scale = next((scale for scale in (2, 1) if self._fits(scale, room, height)), None)
        if scale is None:
            return Content(f"{self.text} (old)" if self.struck else self.text)
        return Content("\n".join(rows(self.text, scale, self.struck)))

    def _fits(self, scale: int, room: int, height: int) -> bool:
        return ROWS * scale <= height and width(self.text, scale) <= room
