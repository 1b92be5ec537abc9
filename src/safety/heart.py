"""The heart rate of the person on the belt, and its ceiling."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeartCeiling:
    """``bpm``: not to be passed. ``required``: the plan leans on the strap, so that its loss ends the plan."""

    bpm: int
    required: bool = False

    def __post_init__(self) -> None:
        if not 60 <= self.bpm <= 230:
            raise ValueError(f"a heart-rate ceiling of {self.bpm}: from 60 to 230 beats per minute")
