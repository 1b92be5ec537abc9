"""Main's request to watch a machine: its reports, and nothing else. No supervisor, no writer, no command, no stop.

Whoever is on that belt is not moved by this program: they set it at its own console, and a program that only looks
must not stop it under them.
"""

from __future__ import annotations

from collections.abc import Callable

from ..clock import Clock
from ..devices.reader import TreadmillReader
from ..machine import LinkLost, Telemetry
from .messages import Watched, WatchEnded

# As often as a snapshot: what comes faster than that is not seen by anybody.
EVERY_S = 0.2


async def watch(reader: TreadmillReader, clock: Clock, tell: Callable[[Watched], None]) -> WatchEnded:
    """Tell the reports of this connection until it ends; how it ended. Raises nothing: a bug is a sentence."""
    told_s = -EVERY_S
    try:
        async for report in reader.reports():
            if isinstance(report, LinkLost):
                return WatchEnded(report.reason)
            now_s = clock.now_s()
            if isinstance(report, Telemetry) and now_s - told_s >= EVERY_S:
                told_s = now_s
                tell(Watched(report.measured_at_s, report.speed_kph, report.incline_percent, report.distance_m))
    except Exception as error:  # noqa: BLE001  a driver that raises has a bug, and the person hears of it
        return WatchEnded(f"the driver failed ({type(error).__name__}: {error})")
    return WatchEnded("the connection ended")
