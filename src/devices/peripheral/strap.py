"""A simulated heart-rate strap on the air: service 180D, one measurement a second."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bumble import core
from bumble.gatt import Characteristic, Service

from ...clock import Clock
from ..ftms import characteristics as known
from ..heart.codec import HeartRate, encode_heart_rate
from .adverts import strap_adverts
from .station import Station

PERIOD_S = 1.0
"""Straps notify about once a second (Heart Rate Service 1.0, 3.1.1)."""

SETTLES_S = 30.0
"""A choice: a heart takes about half a minute for most of the way to a new steady effort."""

AT_REST_BPM = 72.0
FOR_EACH_KPH_BPM = 9.0
"""A choice: an easy walk gives a little over 100, a run of 8 km/h some 145."""

Pulse = Callable[[float], HeartRate]
"""What the strap measures at a moment, in seconds."""


@dataclass(slots=True)
class FollowingHeart:
    """A heart that follows a belt: ``belt_kph`` tells its speed now."""

    belt_kph: Callable[[], float]
    bpm: float = AT_REST_BPM
    contact: bool | None = True
    frozen: bool = False
    last_s: float | None = None

    def measure(self, now_s: float) -> HeartRate:
        """Rate and the intervals of the last second; a frozen strap repeats its last rate without any."""
        elapsed_s = 0.0 if self.last_s is None else now_s - self.last_s
        self.last_s = now_s
        if self.frozen:
            return HeartRate(round(self.bpm), self.contact)
        wanted_bpm = AT_REST_BPM + FOR_EACH_KPH_BPM * self.belt_kph()
        self.bpm += (wanted_bpm - self.bpm) * (1 - math.exp(-elapsed_s / SETTLES_S))
        beats = max(1, round(self.bpm / 60 * PERIOD_S))
        return HeartRate(round(self.bpm), self.contact, (60 / self.bpm,) * beats)


class HeartStrap:
    """One strap on one station. ``pulse`` is asked once a second, connected or not."""

    def __init__(self, clock: Clock, station: Station, pulse: Pulse) -> None:
        self.station = station
        self.silent = False
        self._clock = clock
        self._pulse = pulse
        properties = Characteristic.Properties.NOTIFY
        self._measurement: Characteristic[bytes] = Characteristic(
            core.UUID(known.HEART_RATE_MEASUREMENT), properties, Characteristic.READABLE, b""
        )
        self._work: set[asyncio.Task[None]] = set()
        station.went = self._went

    async def start(self) -> None:
        """On the air from now on; ``stop`` it. Raises ValueError for a name that is too long to be advertised."""
        service = Service(core.UUID(known.HEART_RATE), [self._measurement])
        await self.station.switch_on((service,), strap_adverts(self.station.name))
        await self.station.advertise(self._clock)
        self._begin(self._beat())

    async def stop(self) -> None:
        """Off the air without a word."""
        for task in list(self._work):
            task.cancel()
        await self.station.switch_off()

    async def _beat(self) -> None:
        due_s = self._clock.now_s()
        while True:
            due_s += PERIOD_S
            await self._clock.sleep_until(due_s)
            measured = self._pulse(self._clock.now_s())
            if not self.silent:
                self.station.notify(self._measurement, encode_heart_rate(measured))

    def _went(self) -> None:
        self._begin(self.station.advertise(self._clock))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
