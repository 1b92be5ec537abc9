"""The heart rate of a run: its mean over time and its highest, from what the strap told. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..guardian.messages import HeartShown
from ..safety.heart import LATE_MS

GAP_S = 3.0
"""Looks at the run come five times a second; after a longer gap nobody knows what the heart did in it."""


@dataclass(frozen=True, slots=True)
class HeartDone:
    """``beats`` is the integral of the rate over ``seconds``, in beats per minute times seconds."""

    beats: float = 0.0
    seconds: float = 0.0
    max_bpm: int | None = None

    @property
    def mean_bpm(self) -> int | None:
        """The mean rate in whole beats per minute; None where none was told for any time."""
        return round(self.beats / self.seconds) if self.seconds > 0 else None

    def seen(self, heart: HeartShown, since_s: float) -> HeartDone:
        """With what the strap says ``since_s`` after the look before; a rate that is old or without contact is none."""
        bpm = None if heart.contact is False else heart.bpm
        if bpm is None or heart.age_s is None or heart.age_s * 1000 >= LATE_MS:
            return self
        for_s = since_s if 0.0 < since_s <= GAP_S else 0.0
        highest = bpm if self.max_bpm is None else max(self.max_bpm, bpm)
        return HeartDone(self.beats + bpm * for_s, self.seconds + for_s, highest)
