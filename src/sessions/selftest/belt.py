"""A simulated treadmill on a cable of its own, outside the program that is tried: what it was asked for, and when.

It is the Woodway of ``devices/woodway/simulated.py`` behind a pseudo-terminal, so that the stop is seen where
it arrives: at the far end of the cable.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ...clock import SystemClock, monotonic_s
from ...devices.address import parse_address
from ...devices.serialport.pseudo import PseudoPort
from ...devices.sheet import Sheet
from ...devices.woodway.reach import CAREFUL
from ...devices.woodway.simulated import Setup, WoodwayMachine
from ...machine import Identity, PhysicalStop, Qualification

PROFILE = replace(
    CAREFUL,
    name="Self-test",
    lag_ms=600,
    stop_reaction_ms=1500,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    qualification=Qualification.FULL,
)
"""As this simulated machine behaves. The program takes it for a real one, with nobody on its belt: it has no other way
to reach a cable."""


ANSWERED_FIRST = 40
"""Pieces of bytes: several seconds of reports, before a silence between them means anything."""
PRESSED_S = 2.5
"""Longer than any silence of a slow line, as of somebody who counts to three."""
LOOK_S = 0.1


def sheet_at(address: str) -> Sheet:
    """The data sheet of the belt behind one cable, for the program that is tried."""
    return Sheet(PROFILE, sealed_for=Identity(parse_address(address).name, manufacturer="Woodway"))


class _Watched(WoodwayMachine):
    """The machine, and every change of the speed that it is asked for."""

    def __init__(self, now_s: float) -> None:
        super().__init__(Setup(), now_s)
        self.asked: list[tuple[float, float]] = [(now_s, 0.0)]
        self.questions = 0

    def take(self, data: bytes, now_s: float) -> None:
        super().take(data, now_s)
        self.questions += 1
        if self.belt_target_kph != self.asked[-1][1]:
            self.asked.append((now_s, self.belt_target_kph))


class WatchedBelt:
    """A belt for one trial, carried by the running event loop; moments are monotonic seconds.

    Raises OSError where there is no pseudo-terminal.
    """

    def __init__(self) -> None:
        self._machine = _Watched(monotonic_s())
        self._port = PseudoPort(self._machine, SystemClock())
        self._tasks = (asyncio.ensure_future(self._port.run()), asyncio.ensure_future(self._hand()))
        self.address = f"serial+woodway://{self._port.name}"

    def asked_for_less_s(self, after_s: float) -> float | None:
        """When the belt was first asked for less than it was asked for at that moment; None: it was not."""
        before_kph = self._asked_for_kph(after_s)
        return next((at_s for at_s, kph in self._machine.asked if at_s > after_s and kph < before_kph), None)

    def asked_for_more(self, after_s: float) -> bool:
        """Whether the belt was asked for more than it was asked for at that moment."""
        before_kph = self._asked_for_kph(after_s)
        return any(at_s > after_s and kph > before_kph for at_s, kph in self._machine.asked)

    def _asked_for_kph(self, moment_s: float) -> float:
        return next(kph for at_s, kph in reversed(self._machine.asked) if at_s <= moment_s)

    def at_rest(self) -> bool:
        """Whether the belt stands still, and is asked for nothing."""
        return self._machine.belt_speed_kph(monotonic_s()) == 0.0 and self._machine.belt_target_kph == 0.0

    async def _hand(self) -> None:
        """The emergency stop pressed once and let out again: so this cable is known to lead to this machine."""
        clock = SystemClock()
        while self._machine.questions < ANSWERED_FIRST:
            await clock.sleep_until(clock.now_s() + LOOK_S)
        self._machine.emergency_stop(clock.now_s())
        await clock.sleep_until(clock.now_s() + PRESSED_S)
        self._machine.release(clock.now_s())
        self._port.look()

    async def close(self) -> None:
        """Take the cable away."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._port.unplug()
