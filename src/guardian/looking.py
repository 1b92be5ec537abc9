"""Reports of one connection, looked at fifty times a second at most: a flood of them delays nothing.

The first report after a quiet moment is looked at when it comes. What follows within twenty milliseconds waits for the
next look and goes into one step of the supervisor, so that neither the belt's loop nor main's pipe has more to do
behind a machine that sends without end. Every rule counts in seconds or in reports that differ; none needs more looks.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from ..clock import Clock
from ..machine import LinkLost, Report, Telemetry

# Five times as often as the supervisor's own tick, and well below the quickest reaction of any rule (100 ms).
LOOK_S = 0.02
# Of what comes between two looks: three thousand a second. Beyond that the oldest speeds are dropped, never a notice.
WAITING_MAX = 64


class Looks:
    """What came since the last look, and when the next one is due."""

    def __init__(
        self,
        clock: Clock,
        look: Callable[[tuple[Report, ...]], None],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._clock, self._look, self._spawn = clock, look, spawn
        self._waiting: list[Report] = []
        self._last_s = -LOOK_S
        self._due = False

    def came(self, report: Report) -> None:
        """One report; looked at now, or soon together with others."""
        if len(self._waiting) >= WAITING_MAX:
            self._make_room()
        self._waiting.append(report)
        if self._clock.now_s() - self._last_s >= LOOK_S:
            self.now()
        elif not self._due:
            self._due = True
            self._spawn(self._later())

    def now(self) -> None:
        """A look at what has come, whether it is due or not."""
        came, self._waiting = tuple(self._waiting), []
        if came:
            self._last_s = self._clock.now_s()
            self._look(came)

    def ends(self, lost: LinkLost) -> None:
        """The link is lost; looked at together with what came before it, so that nothing is sent to it any more."""
        self._waiting.append(lost)
        self.now()

    async def _later(self) -> None:
        await self._clock.sleep_until(self._last_s + LOOK_S)
        self._due = False
        self.now()

    def _make_room(self) -> None:
        """The oldest speed goes; among notices alone, one that was said again since, or else the oldest."""
        waiting = self._waiting
        speed = next((at for at, one in enumerate(waiting) if isinstance(one, Telemetry)), None)
        twice = next((at for at, one in enumerate(waiting) if one in waiting[at + 1 :]), 0) if speed is None else speed
        del waiting[twice]
