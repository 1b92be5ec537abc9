"""A number in letters of blocks, as large as its room allows."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from ..bigtext import ROWS, pixels_wide, rows, width

SCALES = (5, 4, 3, 2, 1)
"""Five times: 25 rows, more than a terminal of ordinary height has to spare."""

STRETCH_MAX = 2
"""Letters that are wider still no longer look like what they are."""


class BigNumber(Widget):
    """Shows a short text in large letters; struck out when it is not to be relied on.

    ``stretch``: as wide as its room allows, up to ``STRETCH_MAX`` times the ordinary width.
    """

    DEFAULT_CSS = "BigNumber { height: 5; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None, stretch: bool = False) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._stretch = stretch
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
        scale = next((scale for scale in SCALES if self._fits(scale, room, height)), None)
        if scale is None:
            return Content(f"{self.text} (old)" if self.struck else self.text)
        return Content("\n".join(rows(self.text, scale, self.struck, self._columns(scale, room))))

    def _columns(self, scale: int, room: int) -> int:
        """The width of a pixel."""
        ordinary = 2 * scale
        if not self._stretch or not self.text:
            return ordinary
        return max(ordinary, min(room // pixels_wide(self.text), STRETCH_MAX * ordinary))

    def _fits(self, scale: int, room: int, height: int) -> bool:
        return ROWS * scale <= height and width(self.text, scale) <= room
