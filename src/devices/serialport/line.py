"""One serial line as drivers see it; who carries it is not their business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..errors import TreadmillError


class LineError(TreadmillError):
    """The line did not take what was written; the message is a sentence."""


class LineStuck(LineError):
    """The line did not take it in time, and may hold up whatever is written behind it."""


class SerialLine(Protocol):
    """A line that is open. It lives once; callbacks come on the loop that opened it."""

    @property
    def name(self) -> str:
        """The port, as the system calls it."""
        ...

    async def write(self, data: bytes, first: bool = False) -> None:
        """Hand bytes to the port, whole, and return when it has taken them. Raises LineError.

        ``first``: before everything that waits; what the port is taking at this moment cannot be called back.
        """
        ...

    def on_bytes(self, heard: Callable[[bytes], None]) -> None:
        """Call ``heard`` with whatever arrives, in order, from now on."""
        ...

    def on_lost(self, lost: Callable[[str], None]) -> None:
        """Call ``lost`` with a sentence, once, when the line goes (at once if it has gone)."""
        ...

    async def close(self) -> None:
        """Let go of the port. May be called twice; writes nothing."""
        ...
