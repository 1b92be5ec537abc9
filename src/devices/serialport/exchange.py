"""Questions and answers over one serial line: one question at a time, each with a deadline; a stop waits for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ...clock import Clock
from ..gatt.deadline import outcome_by
from .line import SerialLine

A = TypeVar("A")

QUIET_S = 0.1
"""After a question that was not answered nothing is asked for so long, and what comes meanwhile answers nothing: a late
answer must not be taken for the next one."""


class CalledOff(Exception):
    """What was to be asked is no longer wanted; nothing was written."""


@dataclass(slots=True)
class _Asked(Generic[A]):
    """A question that waits for its answer."""

    fits: Callable[[A], bool]
    answer: asyncio.Future[A]


class Exchange(Generic[A]):
    """What one driver says to one machine. ``A``: what the machine's bytes mean."""

    def __init__(
        self,
        line: SerialLine,
        clock: Clock,
        read: Callable[[bytes], list[A]],
        heard: Callable[[A], None],
        gap_s: float = 0.0,
    ) -> None:
        """``read``: bytes to meanings, as far as they are complete. ``heard``: told of every one of them, in order.

        ``gap_s``: what the machine needs between what it says and the next question; only a stop does not wait for it.
        """
        self._gap_s = gap_s
        self._line, self._clock, self._read, self._heard = line, clock, read, heard
        self._turn = asyncio.Lock()
        self._waiting: list[_Asked[A]] = []
        self._quiet_until_s = clock.now_s()
        line.on_bytes(self._take)

    async def ask(
        self, data: bytes, fits: Callable[[A], bool], within_s: float, wanted: Callable[[], bool] = lambda: True
    ) -> A:
        """Write, and the first answer that fits. Raises TimeoutError where none comes in time, and LineError.

        ``wanted``: asked when the turn has come; where it says no, nothing is written and CalledOff is raised.
        """
        async with self._turn:
            await self._clock.sleep_until(self._quiet_until_s)
            while self._clock.now_s() < self._quiet_until_s:  # a stop has been said meanwhile
                await self._clock.sleep_until(self._quiet_until_s)
            if not wanted():
                raise CalledOff
            try:
                return await self._asked(data, fits, within_s, first=False)
            except TimeoutError:
                self._quiet_until_s = self._clock.now_s() + max(QUIET_S, self._gap_s)
                raise

    async def ask_first(self, data: bytes, fits: Callable[[A], bool], within_s: float) -> A:
        """As ``ask``, before every question that waits and beside the one that is under way: for a stop."""
        return await self._asked(data, fits, within_s, first=True)

    async def _asked(self, data: bytes, fits: Callable[[A], bool], within_s: float, first: bool) -> A:
        asked = _Asked(fits, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        try:
            await self._line.write(data, first)
            return await outcome_by(self._clock, self._clock.now_s() + within_s, asked.answer, leave=True)
        finally:
            self._waiting.remove(asked)
            asked.answer.cancel()

    def _take(self, data: bytes) -> None:
        for meaning in self._read(data):
            self._quiet_until_s = max(self._quiet_until_s, self._clock.now_s() + self._gap_s)
            self._heard(meaning)
            waits = next((one for one in self._waiting if not one.answer.done() and one.fits(meaning)), None)
            if waits is not None:
                waits.answer.set_result(meaning)
