"""The far end of a pseudo-terminal: a machine that answers, and a note of when each stop came out of the wire.

One thread serves them all. It also notes how late it is itself, because a computer that starves it starves the
programs too: what it could not see in time is no delay of theirs.
"""

from __future__ import annotations

import contextlib
import os
import pty
import select
import threading
import tty
from collections.abc import Callable

from retrotread.clock import monotonic_s
from retrotread.devices.serialport.wire_machine import WireMachine

LOOK_S = 0.01
"""A machine is given its time this often."""


class FarEnd:
    """One machine and its terminal. ``heard``: what came out of the wire and when; ``stops_s``: the stops in it."""

    def __init__(self, machine: WireMachine, stop: bytes) -> None:
        self.machine, self._stop = machine, stop
        self.ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self.ours, False)
        self.port = os.ttyname(self._theirs)
        self.stops_s: list[float] = []
        self.heard: list[tuple[float, bytes]] = []

    def take(self) -> None:
        """What came out of the wire, to the machine."""
        data, now_s = os.read(self.ours, 4096), monotonic_s()
        self.heard.append((now_s, data))
        if self._stop in data:
            self.stops_s.append(now_s)
        self.machine.take(data, now_s)

    def answer(self) -> None:
        """What the machine says, to whoever reads; a full wire loses it."""
        data = self.machine.said(monotonic_s())
        if data:
            with contextlib.suppress(BlockingIOError):
                os.write(self.ours, data)

    def close(self) -> None:
        """Both ends."""
        os.close(self.ours)
        os.close(self._theirs)


class FarEnds:
    """The thread that serves them."""

    def __init__(self) -> None:
        self._ends: dict[int, FarEnd] = {}
        self._lock = threading.Lock()
        self._late: list[tuple[float, float]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="far ends", daemon=True)
        self._thread.start()

    def open(self, machine: Callable[[float], WireMachine], stop: bytes) -> FarEnd:
        """One more, with a machine that has been on for long."""
        end = FarEnd(machine(monotonic_s()), stop)
        with self._lock:
            self._ends[end.ours] = end
        return end

    def close(self, end: FarEnd) -> None:
        """One less."""
        with self._lock:
            del self._ends[end.ours]
        end.close()

    def late_s(self, since_s: float, until_s: float) -> float:
        """How late this thread was at worst between two moments."""
        return max((by_s for at_s, by_s in self._late if since_s <= at_s <= until_s + by_s), default=0.0)

    def end(self) -> None:
        """Serve no more."""
        self._over.set()
        self._thread.join(1.0)

    def _serve(self) -> None:
        while not self._over.is_set():
            due_s = monotonic_s() + LOOK_S
            with self._lock:
                ends = dict(self._ends)
            ready, _, _ = select.select(list(ends), [], [], LOOK_S)
            late_s = monotonic_s() - due_s
            if late_s > LOOK_S:
                self._late.append((due_s, late_s))
            with self._lock:
                for one in ready:
                    if one in self._ends:
                        ends[one].take()
                for end in self._ends.values():
                    end.answer()
