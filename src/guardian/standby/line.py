"""The guardian's end of the pipe to its standby. Its other end tells, by its own end, that the guardian has died."""

from __future__ import annotations

import os

from .. import wire
from .messages import Belt, Holding, Released, ToStandby

# What did not fit into the pipe is said again; so is what was said, for whoever looks at the pipe.
AGAIN_S = 1.0


class StandbyLine:
    """Says what the guardian holds. Waits for nothing, and minds no standby that is gone."""

    def __init__(self, descriptor: int) -> None:
        """``descriptor``: the writing end, which nobody else may have."""
        self._descriptor = descriptor
        os.set_blocking(descriptor, False)
        os.set_inheritable(descriptor, False)
        self._said: Belt | None = None
        self._said_s = 0.0

    def holding(self, holding: Holding) -> None:
        """A machine is being reached for."""
        self._say(holding)

    def belt(self, belt: Belt, now_s: float) -> None:
        """How it is with the belt now; said when it changes, and every second."""
        if belt == self._said and now_s - self._said_s < AGAIN_S:
            return
        if self._say(belt):
            self._said, self._said_s = belt, now_s

    def released(self) -> None:
        """The guardian ends, and nothing is left to do."""
        self._say(Released())

    def _say(self, message: ToStandby) -> bool:
        """Whether it was taken."""
        frame = wire.encode(message)
        try:
            return os.write(self._descriptor, frame) == len(frame)
        except OSError:  # it is full, or nobody holds the other end: the guardian goes on without
            return False
