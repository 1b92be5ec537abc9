"""The strap beside the treadmill: a link of its own, lost and made anew as often as it takes.

Nothing here can hold the belt's link up: the strap has its own task, every wait has a deadline, and a strap that
sends without end is heard a few times a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from ..clock import Clock
from ..devices.address import Address, parse_address
from ..devices.errors import AddressError, TreadmillError
from ..devices.gatt.deadline import within
from ..devices.heart.reach import reach_strap
from ..devices.heart.strap import HeartStrap, StrapReading
from .showing import Strapped

# A search, a connection and its attributes by radio.
REACH_S = 25.0
# Between two tries: a search costs a treadmill on the same radio some of its packets.
RETRY_S = 5.0
# A strap sends once a second; a link that is silent for so long is a dead one that does not say so.
SILENT_S = 15.0
CLOSE_S = 2.0
# Real ones send once a second; what comes more often than this is not a heart's news.
LEAST_GAP_S = 0.2


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears of it: each reading, how the strap is (None: there is none), and a line for the black box."""

    heard: Callable[[StrapReading], None]
    told: Callable[[Strapped | None], None]
    note: Callable[[str], None]


class StrapLink:
    """At most one strap in use."""

    def __init__(self, clock: Clock, ears: Ears) -> None:
        self._clock, self._ears = clock, ears
        self._task: asyncio.Task[None] | None = None
        self._last_s: float | None = None
        self._simulated = False

    def use(self, address: str) -> None:
        """This strap from now on; an empty address lets go of the one there is."""
        self._end()
        if not address:
            self._ears.told(None)
            return
        try:
            parsed = parse_address(address)
        except AddressError as error:
            self._ears.told(Strapped(trouble=str(error)))
            return
        self._simulated = parsed.scheme == "sim-strap"
        self._tell("the strap is being searched for")
        self._task = asyncio.get_running_loop().create_task(self._follow(parsed))

    async def close(self) -> None:
        """Let go of it, within a moment."""
        task = self._end()
        if task is not None:
            await asyncio.wait({task}, timeout=CLOSE_S)

    def _tell(self, trouble: str | None) -> None:
        self._ears.told(Strapped(trouble=trouble, simulated=self._simulated))

    def _end(self) -> asyncio.Task[None] | None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        return task

    async def _follow(self, address: Address) -> None:
        """One connection after another, until the task is called off."""
        while True:
            trouble = await self._once(address)
            self._ears.note(f"strap: {trouble}")
            self._tell(trouble)
            await self._clock.sleep_until(self._clock.now_s() + RETRY_S)

    async def _once(self, address: Address) -> str:
        """One connection, from its beginning to its end; why it ended or did not come about."""
        try:
            strap = await within(self._clock, REACH_S, reach_strap(address, self._clock))
        except Exception as error:  # noqa: BLE001  whatever a driver fails with, the person hears of it
            return _why_not(error)
        self._tell(None)
        try:
            return await self._listen(strap)
        except Exception as error:  # noqa: BLE001  a strap that fails is a strap that is lost
            return _why_not(error)
        finally:
            await self._let_go(strap)

    async def _listen(self, strap: HeartStrap) -> str:
        readings = strap.readings()
        while True:
            try:
                reading = await within(self._clock, SILENT_S, _next(readings))
            except TimeoutError:
                return f"{strap.name} has sent nothing for {SILENT_S:.0f} s; is it worn, and its battery good?"
            if reading is None:
                return f"the link to {strap.name} is lost; it is searched for again"
            self._hear(reading)

    def _hear(self, reading: StrapReading) -> None:
        if self._last_s is not None and 0 <= reading.at_s - self._last_s < LEAST_GAP_S:
            return
        self._last_s = reading.at_s
        self._ears.heard(reading)

    async def _let_go(self, strap: HeartStrap) -> None:
        try:
            await within(self._clock, CLOSE_S, strap.close())
        except Exception as error:  # noqa: BLE001  it is not needed any more, however it ends
            self._ears.note(f"strap: close: {_why_not(error)}")


async def _next(readings: AsyncIterator[StrapReading]) -> StrapReading | None:
    """The next reading; None at the end."""
    return await anext(readings, None)


def _why_not(error: Exception) -> str:
    """Why there is no strap, as a sentence."""
    if isinstance(error, TimeoutError) and not str(error):
        return "the strap did not answer in time; is it worn, and not in use by a watch or a telephone?"
    return str(error) if isinstance(error, TreadmillError) else f"the strap failed ({type(error).__name__}: {error})"
