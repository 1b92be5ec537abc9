"""What is promised when something fails, each with the longest that it may take, and why so long."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """What is done to the program while the belt runs."""

    STOP_KEY = "the stop key is pressed"
    KILLED = "the program is killed"
    FROZEN = "the program freezes"
    HUNG_UP = "its terminal is closed"
    SCREEN_BLOCKED = "its screen stands still"
    FOCUS_LOST = "another window has the keyboard"


@dataclass(frozen=True, slots=True)
class Promise:
    """After this fault the belt is asked to slow down or to stop within so many milliseconds; ``why`` so long."""

    fault: Fault
    within_ms: int
    why: str

    @property
    def sentence(self) -> str:
        """What is promised, in words."""
        return f"when {self.fault.value}, the belt is asked to stop within {self.within_ms / 1000:.1f} s"


AT_ONCE_MS = 300
"""A stop has three tenths of a second to reach the cable, whatever the computer does beside it."""

PROMISES = (
    Promise(Fault.STOP_KEY, AT_ONCE_MS, "a stop never waits for anything"),
    Promise(Fault.KILLED, AT_ONCE_MS, "the guardian sees at once that nobody is left at the other end"),
    Promise(Fault.HUNG_UP, AT_ONCE_MS, "a closed terminal ends the program, and the guardian sees that"),
    Promise(Fault.FROZEN, 600 + AT_ONCE_MS, "the belt is leased, and three beats that are missing end the lease"),
    Promise(Fault.SCREEN_BLOCKED, 5000 + AT_ONCE_MS, "a screen that stands still for five seconds does not come back"),
    Promise(Fault.FOCUS_LOST, 15_000 + AT_ONCE_MS, "keys that go to another window stop no belt; a look away may last"),
)

STANDSTILL_WITHIN_S = 12.0
"""From the first frame of the stop to a belt at rest: from 1 km/h it takes 2 s, a slow computer is given the rest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise after its trial. ``took_ms``: until the belt was asked to stop; None: it was not."""

    promise: Promise
    took_ms: int | None
    came_to_rest: bool
    trouble: str | None = None

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        return self.took_ms is not None and self.took_ms <= self.promise.within_ms and self.came_to_rest

    @property
    def sentence(self) -> str:
        """What came of it, in words."""
        what, limit = self.promise.fault.value, f"limit {self.promise.within_ms / 1000:.1f} s"
        if self.trouble is not None:
            return f"{what}: could not be tried: {self.trouble}"
        if self.took_ms is None:
            return f"{what}: the belt was never asked to stop ({limit})"
        rest = "came to rest" if self.came_to_rest else "did not come to rest"
        return f"{what}: asked to stop after {self.took_ms / 1000:.2f} s ({limit}), the belt {rest}"
