"""What was meant for one connection never reaches another (I14)."""

from __future__ import annotations

from ...machine import Command, StopBelt
from .record import Record


class Epochs:
    """I14. From the loss of the link on nothing but a stop is handed over, until a person arms on a new connection.

    A new connection shows by its first report. Who armed before it armed a belt that nobody knew of any more.
    """

    __slots__ = ("_link_up", "_lost_s", "_record")

    def __init__(self, record: Record) -> None:
        self._record = record
        self._lost_s: float | None = None
        self._link_up = True

    def link_lost(self, now_s: float) -> None:
        self._lost_s = now_s
        self._link_up = False

    def report(self) -> None:
        """A report of whatever kind: there is a connection."""
        self._link_up = True

    def arm(self) -> bool:
        """A person arms; it counts on a connection that exists, and whether it does."""
        if self._link_up:
            self._lost_s = None
        return self._link_up

    def command(self, now_s: float, command: Command) -> None:
        if self._lost_s is None or isinstance(command, StopBelt):
            return
        after_s = now_s - self._lost_s
        where = "on the new connection" if self._link_up else "without a link"
        message = f"{command} was handed over {where}, {after_s:.1f} s after the link was lost, before anybody armed"
        self._record.note("I14", now_s, message)
