"""The one door to time. Everything else is handed a clock or a moment.

Control runs on the monotonic clock, in seconds: it is shared by the processes of one computer and never
jumps. The wall clock labels what people read and is used for nothing else.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a part of Retrotread that waits is given."""

    def now_s(self) -> float:
        """Monotonic seconds; only differences mean anything."""
        ...

    async def sleep_until(self, moment_s: float) -> None:
        """Return at ``moment_s`` or at once if it has passed."""
        ...


def suspended_s() -> float:
    """How long this computer has slept since it was switched on, in seconds; 0 where the system does not tell.

    The monotonic clock stands still in a sleep, the boot-time clock goes on (PEP 418, clock_gettime(2)).
    """
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return 0.0 if boot_time is None else time.clock_gettime(boot_time) - time.monotonic()


def sees_sleep() -> bool:
    """Whether this system has a clock that goes on in a sleep, so that ``suspended_s`` tells."""
    return hasattr(time, "CLOCK_BOOTTIME")


class SystemClock:
    """The computer's own monotonic clock, under asyncio."""

    def now_s(self) -> float:
        return time.monotonic()

    async def sleep_until(self, moment_s: float) -> None:
        await asyncio.sleep(max(0.0, moment_s - time.monotonic()))


def monotonic_s() -> float:
    """Monotonic seconds for code without an injected clock: threads at the edge of the program."""
    return time.monotonic()


def wall_now() -> datetime:
    """The moment on the calendar, in UTC; for labels only."""
    return datetime.now(UTC)
