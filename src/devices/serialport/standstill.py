"""Since when a belt was read to stand, without a gap: what a start rests on where a machine runs both ways."""

from __future__ import annotations

STILL_S = 2.0
"""A belt has been read at 0 for so long before it is started or turned: one that coasts may tell a first zero early."""


class Standstill:
    """What the reports of one belt say of it. ``silence_s``: a gap that is longer is no standstill."""

    def __init__(self, silence_s: float, now_s: float) -> None:
        """Nothing was read yet."""
        self._silence_s, self._heard_s = silence_s, now_s
        self._since_s: float | None = None

    def read(self, moves: bool, now_s: float) -> None:
        """One report."""
        gap = now_s - self._heard_s > self._silence_s
        self._heard_s = now_s
        if moves:
            self._since_s = None
        elif self._since_s is None or gap:
            self._since_s = now_s

    @property
    def heard_s(self) -> float:
        """When it was read last."""
        return self._heard_s

    def missing(self, now_s: float) -> str | None:
        """Why it is not known to stand now; None where it is."""
        age_s = now_s - self._heard_s
        if age_s > self._silence_s:
            return f"the machine has said nothing for {age_s:.1f} s (limit {self._silence_s} s)"
        if self._since_s is None:
            return "the belt moves; it is started only from a standstill"
        if now_s - self._since_s < STILL_S:
            return f"the belt was read at 0 for {now_s - self._since_s:.1f} s only; it takes {STILL_S} s"
        return None
