"""A heart-rate strap as everybody sees it: readings in order, over a link that may be lost and made anew freely.

A strap moves nothing, so that whoever wants its readings may reach it again whenever they like.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StrapReading:
    """One reading, as sent. ``at_s``: when it arrived, on the monotonic clock.

    ``bpm`` is None where the strap says none. ``contact``: whether it feels skin; None where it cannot tell, as many
    cannot. ``rr_s``: the intervals between beats since the last reading, oldest first; a strap that is worn and sends
    them at all seldom sends two readings without any.
    """

    at_s: float
    bpm: int | None
    contact: bool | None = None
    rr_s: tuple[float, ...] = ()


class HeartStrap(Protocol):
    """One connection to one strap; it lives once."""

    @property
    def name(self) -> str:
        """What the strap calls itself."""
        ...

    def readings(self) -> AsyncIterator[StrapReading]:
        """Every reading in order; ends when the link is lost or closed. May be iterated once."""
        ...

    async def close(self) -> None:
        """Let go of the link; may be called twice."""
        ...
