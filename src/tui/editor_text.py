"""The text of a workout while it is written, with the lines marked that something is wrong with."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import TextArea


class EditorText(TextArea):
    """A plain text with line numbers; Tab gives spaces, as YAML wants them."""

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(text, show_line_numbers=True, tab_behavior="indent", soft_wrap=False, id=id)
        self.indent_width = 2
        self.marked: frozenset[int] = frozenset()

    def mark(self, rows: set[int]) -> None:
        """Mark these rows, counted from 0, and no others; with a line below, so that it needs no colour."""
        if rows != self.marked:
            self.marked = frozenset(rows)
            self.notify_style_update()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """One row as it is drawn."""
        line = super().get_line(line_index)
        if line_index in self.marked:
            line.stylize("bold underline red", len(line.plain) - len(line.plain.lstrip()))
        return line
