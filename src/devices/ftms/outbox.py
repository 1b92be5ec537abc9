"""Reports on their way to whoever reads them: in order, at most fifty times a second, and never more than a handful.

What is not read yet is replaced by what is newer of its kind; a notice is told once. So a machine that sends a thousand
frames a second costs its reader no more than one that sends fifty, and the last frame of a flood is never lost.
"""

from __future__ import annotations

import asyncio

from ...clock import Clock
from ...machine import Report, TargetChanged, Telemetry

GAP_S = 0.02
"""Fifty reports a second: five times the quickest console on record."""


class Outbox:
    """The reports of one connection. Wakes one reader."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[Report] = []
        self._due_s = clock.now_s()
        self._woken = asyncio.Event()
        self.closed = False

    def put(self, report: Report) -> None:
        """One more report."""
        if self.closed:
            return
        self._waiting = [*_without_older(self._waiting, report), _joined(self._waiting, report)]
        self._woken.set()

    def close(self) -> None:
        """Nothing more is read."""
        self.closed = True
        self._waiting.clear()
        self._woken.set()

    async def take(self) -> tuple[Report, ...]:
        """What has come since the last time, as soon as there is something; nothing once it is closed."""
        await self._woken.wait()
        if not self.closed and self._clock.now_s() < self._due_s:
            await self._clock.sleep_until(self._due_s)
        self._due_s = self._clock.now_s() + GAP_S
        taken, self._waiting = tuple(self._waiting), []
        if not self.closed:
            self._woken.clear()
        return taken


def _without_older(waiting: list[Report], report: Report) -> list[Report]:
    if isinstance(report, Telemetry | TargetChanged):
        return [one for one in waiting if type(one) is not type(report)]
    return [one for one in waiting if one != report]


def _joined(waiting: list[Report], report: Report) -> Report:
    """A target speaks of one axis; what an unread one said of the other is kept."""
    if not isinstance(report, TargetChanged):
        return report
    older = next((one for one in waiting if isinstance(one, TargetChanged)), TargetChanged())
    return TargetChanged(
        older.speed_kph if report.speed_kph is None else report.speed_kph,
        older.incline_percent if report.incline_percent is None else report.incline_percent,
    )
