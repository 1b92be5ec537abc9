"""What the standby tells: to main, and to the guardian's log. Whoever is gone, or does not read, is not waited for."""

from __future__ import annotations

import contextlib
import os
import sys

from ...clock import Clock
from .. import wire
from .messages import Stage, Told
from .takeover import Takeover

# News of the speed this often, beside each change of a tenth.
SPEED_EVERY_S = 1.0
SPEED_STEP_KPH = 0.1
STILL = "the treadmill reports standstill (three reports of zero over two seconds); look at the belt before you step"


class News:
    """One standby's words. A message is shorter than PIPE_BUF, so that it goes into the pipe whole or not at all."""

    def __init__(self, clock: Clock, to_main: int) -> None:
        """``to_main``: a pipe that nobody may read."""
        self._clock, self._to_main = clock, to_main
        self._speed_s = 0.0
        self._speed_kph: float | None = None
        self._still = False
        with contextlib.suppress(OSError):
            os.set_blocking(to_main, False)

    def tell(self, stage: Stage, message: str, speed_kph: float | None = None) -> None:
        """One piece of news."""
        log(message)
        with contextlib.suppress(OSError):
            os.write(self._to_main, wire.encode(Told(self._clock.now_s(), stage, speed_kph, message)))

    def speed(self, takeover: Takeover) -> None:
        """How fast the belt is, where that is news."""
        stops, self._still = takeover.still and not self._still, takeover.still
        if stops:
            self._speed_kph = takeover.speed_kph
            self.tell(Stage.STILL, STILL, takeover.speed_kph)
        elif takeover.speed_kph is not None and not takeover.still:
            self._moving(takeover.speed_kph, self._clock.now_s())

    def _moving(self, speed_kph: float, now_s: float) -> None:
        changed = self._speed_kph is None or abs(speed_kph - self._speed_kph) >= SPEED_STEP_KPH
        if changed or now_s - self._speed_s >= SPEED_EVERY_S:
            self._speed_kph, self._speed_s = speed_kph, now_s
            self.tell(Stage.REPORTED, f"the treadmill reports {speed_kph:.1f} km/h to the standby", speed_kph)


def log(sentence: str) -> None:
    """To the guardian's log; a disk that is full takes no complaint."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"retrotread standby: {sentence}\n")
        sys.stderr.flush()
