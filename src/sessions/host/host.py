"""What a run asks of the computer that it runs on, and the answer of one that cannot tell."""

from __future__ import annotations

import sys
from typing import Protocol

LOCKED = "locked"
"""In ``Host.unreachable()``: the screen of the person's session is locked, so that no key reaches the program."""


class Host(Protocol):
    """The computer. Every member returns at once, raises nothing and may be used from any thread."""

    @property
    def why(self) -> str | None:
        """What the host cannot tell or do, and why, as one sentence or more; None: all is well so far."""
        ...

    def unreachable(self) -> frozenset[str]:
        """Why keys do not reach the program now: ``LOCKED`` or nothing."""
        ...

    def sleeping(self) -> bool:
        """Sleep or shutdown was announced; stays so until the computer has woken or the shutdown was called off."""
        ...

    def battery_percent(self) -> int | None:
        """What is left of the battery that the computer runs on; None: it has mains, or cannot tell."""
        ...

    def arm(self) -> None:
        """From here on the computer shall not sleep: take the inhibitor locks. Again: without effect."""
        ...

    def disarm(self) -> None:
        """The belt stands still and nobody is about to start it: let the computer sleep again."""
        ...

    def close(self) -> None:
        """End of the run: give everything back. Everything after it is without effect."""
        ...


class SilentHost:
    """A computer that tells nothing of itself and takes no wishes; ``why`` says so."""

    def __init__(self, why: str) -> None:
        self.why: str | None = why

    def unreachable(self) -> frozenset[str]:
        """Nothing is known, so nothing is claimed."""
        return frozenset()

    def sleeping(self) -> bool:
        """Nothing is known, so nothing is claimed."""
        return False

    def battery_percent(self) -> int | None:
        """Nothing is known, so nothing is claimed."""
        return None

    def arm(self) -> None:
        """Without effect."""

    def disarm(self) -> None:
        """Without effect."""

    def close(self) -> None:
        """Without effect."""


def system_host() -> Host:
    """This computer: watched through logind on Linux, silent elsewhere. Loads D-Bus on a thread of its own."""
    if not sys.platform.startswith("linux"):
        return SilentHost(f"whether the screen is locked or the computer goes to sleep is not known on {sys.platform}")
    from .watched import WatchedHost

    return WatchedHost()
