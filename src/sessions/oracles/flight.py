"""One command at a time (I17)."""

from __future__ import annotations

from ...machine import Command, StopBelt
from .record import Record

MOST_IN_FLIGHT = 16
"""Each one past the first is a violation already; what a careless driver piles up is not worth keeping."""


class Flight:
    """I17. No command leaves while another waits for its answer; a stop may leave at any time."""

    __slots__ = ("_record", "_waiting")

    def __init__(self, record: Record) -> None:
        self._record = record
        self._waiting: list[tuple[Command, float]] = []

    def command(self, now_s: float, command: Command) -> None:
        if self._waiting and type(command) is not StopBelt:
            first, sent_s = self._waiting[0]
            waits_s = now_s - sent_s
            self._record.note("I17", now_s, f"{command} left while {first} had waited {waits_s:.2f} s for its answer")
        if len(self._waiting) < MOST_IN_FLIGHT:
            self._waiting.append((command, now_s))

    def busy(self) -> bool:
        """Whether a command that moves the belt waits for its answer."""
        return any(type(one) is not StopBelt for one, _ in self._waiting)

    def answered(self, command: Command) -> None:
        for index, (waiting, _) in enumerate(self._waiting):
            if waiting == command:
                del self._waiting[index]
                return
