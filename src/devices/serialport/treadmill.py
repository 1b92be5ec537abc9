"""What every driver of a serial machine is: a reader and a writer over one line, whatever the dialect.

A dialect says what the bytes mean, asks its questions in rounds, and does what a command takes.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Generic, TypeVar

from ...clock import Clock
from ...machine import Command, CommandOutcome, DeviceProfile, LinkLost, Report, Unknown
from .exchange import Exchange
from .line import SerialLine
from .orders import ANSWER_WITHIN_S, Orders, beyond, outcome_of, rounds
from .telling import Telling

A = TypeVar("A")


class SerialTreadmill(ABC, Generic[A]):
    """Reader and writer of one machine over one line. ``A``: what the machine's bytes mean."""

    answer_within_s = ANSWER_WITHIN_S
    """The longest that a machine of this dialect takes for one answer."""
    gap_s = 0.0
    """What it needs between what it says and the next question."""

    def __init__(self, line: SerialLine, clock: Clock, profile: DeviceProfile) -> None:
        """``profile``: what is known of this machine; nothing outside its range ever leaves."""
        self._line, self._clock, self._profile = line, clock, profile
        self._telling = Telling()
        self._tasks: set[asyncio.Task[object]] = set()
        self._exchange: Exchange[A] = Exchange(line, clock, self._reading(), self._heard, self.gap_s)
        self._orders = Orders(self._exchange, self.answer_within_s)
        line.on_lost(lambda reason: self._telling.tell(LinkLost(reason)))

    # --- of the dialect -------------------------------------------------------------------------------------

    @abstractmethod
    def _reading(self) -> Callable[[bytes], list[A]]:
        """For one connection: bytes to meanings, as far as they are complete."""

    @abstractmethod
    def _heard(self, said: A) -> None:
        """The machine has said this, asked or not."""

    @abstractmethod
    async def _perform(self, command: Command) -> CommandOutcome:
        """Do what a command takes that is within the machine's range; may raise what ``outcome_of`` knows."""

    @abstractmethod
    async def meet(self) -> None:
        """The first questions, and the rounds from then on. Raises TimeoutError where nobody answers who speaks like
        this, and LineError."""

    @property
    @abstractmethod
    def moving(self) -> bool:
        """Whether the belt was seen to move."""

    # --- reading --------------------------------------------------------------------------------------------

    @property
    def profile(self) -> DeviceProfile:
        """As of ``TreadmillReader``."""
        return self._profile

    def reports(self) -> AsyncIterator[Report]:
        """As of ``TreadmillReader``."""
        return self._telling.reports()

    async def close(self) -> None:
        """As of ``TreadmillReader``: from here on silence, which stops a belt that has a watchdog and no other."""
        self._telling.close()
        for task in self._tasks:
            task.cancel()
        await self._line.close()

    async def _ask(self, question: bytes, fits: Callable[[A], bool]) -> A:
        """The answer to a question in its turn. Raises TimeoutError and LineError."""
        return await self._exchange.ask(question, fits, self.answer_within_s)

    def _go_on(self, every_s: float, ask: Callable[[int], Coroutine[Any, Any, None]]) -> None:
        """Ask in rounds until the line goes or is closed."""
        self._begin(rounds(self._clock, every_s, ask))

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        """Work beside the caller; it ends with the connection."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- writing --------------------------------------------------------------------------------------------

    async def perform(self, command: Command) -> CommandOutcome:
        """As of ``TreadmillWriter``."""
        if self._telling.closed:
            return Unknown("the connection is closed; the command was not sent")
        if (refusal := beyond(command, self._profile.capabilities)) is not None:
            return refusal
        return await outcome_of(self._perform(command), self.answer_within_s)
