"""A simulated machine behind its real driver, moved on virtual time: from outside it is as a simulated treadmill is."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from ...clock import Clock
from ...machine import Command, CommandOutcome, DeviceProfile, Report
from ..simulated.answers import LateAnswer, Pending
from .line import SerialLine
from .virtual import LoopClock, VirtualLine, VirtualLoop
from .wire_machine import WireMachine

MEETING_S = 1.0
"""The driver meets its machine in this time before the first moment: five questions, each with its deadline."""


class Machine(WireMachine, Protocol):
    """A simulated machine with a wire and a belt."""

    def belt_speed_kph(self, now_s: float) -> float:
        """The speed that the belt really has."""
        ...

    def deck_percent(self, now_s: float) -> float:
        """The incline that the deck really has."""
        ...

    def emergency_stop(self, now_s: float) -> None:
        """The stop that a person reaches: no software is needed for it."""
        ...


class Driver(Protocol):
    """What moves such a machine over its line."""

    async def meet(self) -> None:
        """The first questions."""
        ...

    def reports(self) -> AsyncIterator[Report]:
        """As of ``TreadmillReader``."""
        ...

    async def perform(self, command: Command) -> CommandOutcome:
        """As of ``TreadmillWriter``."""
        ...

    async def close(self) -> None:
        """As of ``TreadmillReader``."""
        ...


Deed = Callable[["WiredTreadmill", float], None]
"""What somebody, or bad luck, does to the machine at a moment."""


@dataclass(frozen=True, slots=True)
class Wired:
    """A kind of machine: what is known of it, the machine itself, its driver, and what befalls it when.

    ``machine`` is given the moment at which it has been on for long; ``deeds`` are in the order of their moments.
    """

    profile: DeviceProfile
    machine: Callable[[float], Machine]
    driver: Callable[[SerialLine, Clock, DeviceProfile], Driver]
    deeds: tuple[tuple[float, Deed], ...] = ()


class WiredTreadmill:
    """One machine and its driver. Moments are arguments, in seconds from 0, and never go back."""

    def __init__(self, kind: Wired) -> None:
        """The driver has met its machine. Raises what ``meet`` raises.

        ``told``: all that was written, over every line.
        """
        self.profile = kind.profile
        self._now_s = 0.0
        self._loop = VirtualLoop(-MEETING_S)
        self._meeting: asyncio.Task[None] | None = None
        self.machine = kind.machine(-MEETING_S)
        self._kind = kind
        self._back_s = math.inf
        self._deeds = list(kind.deeds)
        self._reports: list[Report] = []
        self._asked: dict[int, asyncio.Task[CommandOutcome]] = {}
        self._numbers = 0
        self._travel_m = 0.0
        self.told: list[tuple[float, bytes]] = []
        self._meeting = self._meet()
        self._loop.run_to(0.0)
        self._met()
        self._loop.run_to(0.0)
        self._reports.clear()

    @property
    def belt_speed_kph(self) -> float:
        """The speed that the belt really has, whichever way; for judges, never for rules."""
        return self.machine.belt_speed_kph(self._now_s)

    @property
    def deck_incline_percent(self) -> float:
        """The incline that the deck really has."""
        return self.machine.deck_percent(self._now_s)

    @property
    def belt_travel_m(self) -> float:
        """The belt that really passed, whichever way, in metres, as far as it was looked at."""
        return self._travel_m

    def advance(self, now_s: float) -> tuple[Report, ...]:
        """Move on to ``now_s``; every report that came, in order."""
        while self._deeds and self._deeds[0][0] <= now_s:
            at_s, deed = self._deeds.pop(0)
            self._run_to(at_s)
            deed(self, at_s)
            self.line.look()
        self._run_to(now_s)
        reports, self._reports = tuple(self._reports), []
        return reports

    def perform(self, command: Command, now_s: float) -> CommandOutcome | Pending:
        """Hand a command to the driver; ``answers`` brings its outcome under this number."""
        self._run_to(now_s)
        self._numbers += 1
        self._asked[self._numbers] = self._loop.create_task(self._driver.perform(command))
        return Pending(self._numbers)

    def answers(self, now_s: float) -> tuple[LateAnswer, ...]:
        """Every outcome that has come by now."""
        self._run_to(now_s)
        done = [number for number, task in self._asked.items() if task.done()]
        return tuple(LateAnswer(number, self._asked.pop(number).result()) for number in done)

    def drop_link(self, now_s: float, reason: str, returns_after_s: float = math.inf) -> None:
        """The line goes, and can be had again so much later."""
        self._run_to(now_s)
        self._back_s = now_s + returns_after_s
        self.line.unplug(reason)

    def reconnect(self, now_s: float) -> bool:
        """Try for a new driver over a new line; whether it has met the machine, which takes it a moment."""
        self._run_to(now_s)
        if now_s < self._back_s:
            return False
        if self._meeting is None:
            self._loop.create_task(self._driver.close())
            self._meeting = self._meet()
            self._run_to(now_s)
        if not self._meeting.done():
            return False
        if self._meeting.exception() is not None:  # nobody has answered: the next try begins anew
            self._meeting = None
            return False
        self._met()
        self._back_s = math.inf
        return True

    def pull_safety_key(self, now_s: float) -> None:
        """The person stops the belt without any software."""
        self._run_to(now_s)
        self.machine.emergency_stop(now_s)

    def close(self) -> None:
        """Everything on the loop ends."""
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._driver.close())
        self._loop.run_to(self._now_s)
        self._loop.close()

    def _meet(self) -> asyncio.Task[None]:
        """A driver over a line of its own; nobody reads it yet."""
        self.line = VirtualLine(self.machine, self._loop, self.told)
        self._driver = self._kind.driver(self.line, LoopClock(self._loop), self._kind.profile)
        return self._loop.create_task(self._driver.meet())

    def _met(self) -> None:
        """Raises what ``meet`` has raised."""
        assert self._meeting is not None
        self._meeting.result()
        self._meeting = None
        self._reading = self._loop.create_task(self._read(self._driver))

    async def _read(self, driver: Driver) -> None:
        async for report in driver.reports():
            self._reports.append(report)

    def _run_to(self, now_s: float) -> None:
        before_s, before_kph = self._now_s, self.belt_speed_kph
        self._loop.run_to(now_s)
        self._now_s = now_s
        self._travel_m += (before_kph + self.belt_speed_kph) / 2 / 3.6 * (now_s - before_s)
