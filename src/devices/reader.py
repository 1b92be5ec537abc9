"""The reading half of a connection: safe in any hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from ..machine import DeviceProfile, Report


class TreadmillReader(Protocol):
    """Reports of one machine over one connection. A connection lives once; a reconnect is a new one."""

    @property
    def profile(self) -> DeviceProfile:
        """How this machine behaves."""
        ...

    def reports(self) -> AsyncIterator[Report]:
        """Every report in order; ends after ``LinkLost``. May be iterated once."""
        ...

    async def close(self) -> None:
        """Let go of the link. Moves nothing and stops nothing; may be called twice."""
        ...
