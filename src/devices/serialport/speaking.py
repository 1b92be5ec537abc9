"""How a simulated machine on a serial line speaks: in order, after its own time and that of the line."""

from __future__ import annotations

import math
from collections import deque

BITS_A_BYTE = 10
"""A start bit, eight data bits and a stop bit."""

DOUBLED_AFTER_S = 0.2


class Speaking:
    """What is on its way out. The attributes are faults and may be set at any time.

    ``answers``: it speaks at all. ``late_s``: so much later than usual. ``doubled``: everything comes twice.
    """

    def __init__(self, answer_after_s: float, baud: int = 4800) -> None:
        """``answer_after_s``: from a question to the first byte of its answer."""
        self._answer_after_s, self._byte_s = answer_after_s, BITS_A_BYTE / baud
        self._out: deque[tuple[float, bytes]] = deque()
        self.answers, self.late_s, self.doubled = True, 0.0, False

    @property
    def next_due_s(self) -> float:
        """When something has arrived next; infinite when nothing is on its way."""
        return self._out[0][0] if self._out else math.inf

    def say(self, data: bytes, now_s: float) -> None:
        """Put it on the line."""
        if not data or not self.answers:
            return
        line_s = len(data) * self._byte_s
        due_s = now_s + self._answer_after_s + self.late_s + line_s
        if self._out:
            due_s = max(due_s, self._out[-1][0] + line_s)
        self._out.append((due_s, data))
        if self.doubled:
            self._out.append((due_s + DOUBLED_AFTER_S, data))

    def said(self, now_s: float) -> bytes:
        """What has arrived by now, once."""
        data = b""
        while self._out and self._out[0][0] <= now_s:
            data += self._out.popleft()[1]
        return data

    def forget(self) -> None:
        """What was on its way is lost."""
        self._out.clear()
