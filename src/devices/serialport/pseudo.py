"""A simulated machine behind a pseudo-terminal: any program that can open a serial port can talk to it.

POSIX only: on Windows a pair of virtual ports takes a driver that somebody has to install.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import pty
import tty

from ...clock import Clock
from .wire_machine import WireMachine

READ_AT_ONCE = 4096
LOOK_S = 0.25
"""The longest without a look at the machine: a hand at its console does not wake anybody."""


class PseudoPort:
    """A pseudo-terminal with a machine at its far end. ``name`` is what other programs open."""

    def __init__(self, machine: WireMachine, clock: Clock) -> None:
        """Open the terminal. Raises OSError where the system has none left."""
        self._machine, self._clock = machine, clock
        self._ours, self._theirs = pty.openpty()  # both stay open: otherwise each client that leaves is a hang-up
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.name = os.ttyname(self._theirs)
        self._news = asyncio.Event()
        self._unsent = b""

    async def run(self) -> None:
        """Carry bytes both ways until called off."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._ours, self._hear)
        try:
            while True:
                self._news.clear()
                self._send(self._machine.said(self._clock.now_s()))
                await self._until(min(self._machine.next_due_s, self._clock.now_s() + LOOK_S))
        finally:
            loop.remove_reader(self._ours)

    def unplug(self) -> None:
        """The adapter is pulled: who holds the port gets an error (EIO)."""
        for end in (self._ours, self._theirs):
            with contextlib.suppress(OSError):
                os.close(end)

    def look(self) -> None:
        """Something was done to the machine by hand."""
        self._news.set()

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._machine.take(os.read(self._ours, READ_AT_ONCE), self._clock.now_s())
        self._news.set()

    def _send(self, data: bytes) -> None:
        """What the terminal has no room for waits, as in a full buffer, and is then lost from its beginning."""
        self._unsent = (self._unsent + data)[-READ_AT_ONCE:]
        with contextlib.suppress(BlockingIOError):
            while self._unsent:
                self._unsent = self._unsent[os.write(self._ours, self._unsent) :]

    async def _until(self, moment_s: float) -> None:
        """Until this moment, or until there is news."""
        if math.isinf(moment_s) or moment_s <= self._clock.now_s():
            await self._clock.sleep_until(self._clock.now_s())
            return
        news = asyncio.ensure_future(self._news.wait())
        alarm = asyncio.ensure_future(self._clock.sleep_until(moment_s))
        try:
            await asyncio.wait({news, alarm}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            alarm.cancel()
