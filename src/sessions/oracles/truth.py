"""How hard the belt and the deck really rose, from the machine's own truth; a figure, not a verdict."""

from __future__ import annotations

SHORTEST_S = 0.05
"""Slopes over less than half a look are noise of the moments at which the truth was asked for."""


class Slope:
    """The steepest rise of a quantity between two looks at it, in its unit per second."""

    __slots__ = ("_at_s", "_value", "worst_per_s")

    def __init__(self) -> None:
        self._at_s: float | None = None
        self._value = 0.0
        self.worst_per_s = 0.0

    def look(self, now_s: float, value: float) -> None:
        if self._at_s is None:
            self._at_s, self._value = now_s, value
            return
        took_s = now_s - self._at_s
        if took_s < SHORTEST_S:
            return
        if value > self._value and value - self._value > self.worst_per_s * took_s:
            self.worst_per_s = (value - self._value) / took_s
        self._at_s, self._value = now_s, value
