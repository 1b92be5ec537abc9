"""A piece of text that is drawn again only when it changes."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Line(Static):
    """Shows what it was last told to say; never reads it as markup."""

    def __init__(self, text: str | Content = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(text, markup=False, id=id, classes=classes)
        self._said = text

    @property
    def text(self) -> str:
        """What it says, without its looks."""
        return self._said if isinstance(self._said, str) else self._said.plain

    def say(self, text: str | Content) -> None:
        """Show this text from now on."""
        if text != self._said:
            self._said = text
            self.update(text)
