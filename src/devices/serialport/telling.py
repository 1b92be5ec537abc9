"""What a serial driver tells whoever reads: reports in order, in a queue that cannot grow without end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from ...machine import LinkLost, Report

REPORTS_MAX = 200
"""Half a minute of reports that nobody reads; then the oldest go."""


class Telling:
    """The reports of one connection; the last one ever is a ``LinkLost``, or none where it was closed."""

    def __init__(self) -> None:
        self._reports: deque[Report] = deque(maxlen=REPORTS_MAX)
        self._news = asyncio.Event()
        self.closed = False
        self._read = False

    def tell(self, report: Report) -> None:
        """One more report."""
        self._reports.append(report)
        self._news.set()

    def close(self) -> None:
        """Nothing is told any more."""
        self.closed = True
        self._news.set()

    async def reports(self) -> AsyncIterator[Report]:
        """As of ``TreadmillReader``."""
        if self._read:
            raise RuntimeError("the reports of a connection can be read once")
        self._read = True
        while True:
            while self._reports and not self.closed:
                report = self._reports.popleft()
                yield report
                if isinstance(report, LinkLost):
                    return
            if self.closed:
                return
            self._news.clear()
            await self._news.wait()
