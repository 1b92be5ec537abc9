"""A heart-rate strap over Bluetooth: the Heart Rate Measurement characteristic of the Heart Rate Service."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from ...clock import Clock
from ..errors import ConnectFailed
from ..gatt.link import GattError, GattLink, uuid16
from .codec import decode_heart_rate
from .strap import StrapReading

MEASUREMENT = uuid16(0x2A37)
# Readings that nobody has taken yet: half a minute's worth. The oldest go first, because only the newest matter.
WAITING_MAX = 32


async def strap_over(link: GattLink, clock: Clock) -> GattStrap:
    """The strap at the other end of a link. Raises ConnectFailed, with the link closed, for what is none."""
    if not link.has(MEASUREMENT):
        await link.close()
        raise ConnectFailed(
            f"{link.name or link.address} is no heart-rate strap: it has no heart rate to notify; choose another one"
        )
    strap = GattStrap(link, clock)
    try:
        await link.subscribe(MEASUREMENT, strap.heard)
    except GattError as error:
        await link.close()
        raise ConnectFailed(f"{link.name or link.address} does not send its heart rate ({error})") from error
    return strap


class GattStrap:
    """A connection to it: ``strap.HeartStrap``."""

    def __init__(self, link: GattLink, clock: Clock) -> None:
        self._link, self._clock = link, clock
        self._came: asyncio.Queue[StrapReading | None] = asyncio.Queue()
        link.on_lost(lambda _reason: self._came.put_nowait(None))

    @property
    def name(self) -> str:
        return self._link.name

    def heard(self, payload: bytes) -> None:
        """One notification, whatever is in it."""
        rate = decode_heart_rate(payload).value
        if self._came.qsize() >= WAITING_MAX:
            with contextlib.suppress(asyncio.QueueEmpty):
                oldest = self._came.get_nowait()
                if oldest is None:
                    self._came.put_nowait(None)
        self._came.put_nowait(StrapReading(self._clock.now_s(), rate.bpm, rate.contact, rate.rr_s))

    async def readings(self) -> AsyncIterator[StrapReading]:
        """Every reading in order; ends when the link is lost or closed."""
        while (reading := await self._came.get()) is not None:
            yield reading

    async def close(self) -> None:
        self._came.put_nowait(None)
        await self._link.close()
