"""The speeds of a workout over its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from ..profile import column_at, cursor_line, picture

if TYPE_CHECKING:
    from ...workouts.timeline import Timeline


class ProfilePicture(Widget):
    """Shows a timeline; with a moment given, marks it and fades what has passed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._timeline: Timeline | None = None
        self._plan_time_s: float | None = None

    def show(self, timeline: Timeline | None, plan_time_s: float | None = None) -> None:
        """Draw this timeline from now on; again only when that makes a difference."""
        before = (self._timeline, self._column())
        self._timeline, self._plan_time_s = timeline, plan_time_s
        if before != (timeline, self._column()):
            self.refresh()

    def _column(self) -> int | None:
        """Where the cursor stands, in the room that there is now."""
        if self._timeline is None or self._plan_time_s is None or self.size.width < 1:
            return None
        return column_at(self._timeline, self._plan_time_s, self.size.width)

    def render(self) -> Content:
        """The picture in the room that there is; the cursor takes its first line."""
        room, height = self.size
        column = self._column()
        if self._timeline is None or room < 1:
            return Content("")
        if column is None:
            return Content("\n".join(picture(self._timeline, room, height))).stylize("$accent")
        lines = picture(self._timeline, room, height - 1)
        parts: list[str | tuple[str, str]] = [(cursor_line(column, room), "bold")]
        for line in lines:
            parts += ["\n", (line[:column], "dim"), (line[column], "bold reverse"), (line[column + 1 :], "$accent")]
        return Content.assemble(*parts)
