"""A belt that runs another way than it was armed for (R9)."""

from __future__ import annotations

from ...machine import BeltDirection
from .record import EPSILON_S, TICK_S, Record
from .scene import ALARM, Scene


class WrongWay:
    """R9. One report of a belt of ours that moves the other way leads to a stop frame or the alarm at once.

    A machine that does not tell which way its belt runs is not judged, and neither is a belt that nobody has armed.
    """

    __slots__ = ("_armed", "_due_s", "_message", "_record", "_scene")

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._armed: BeltDirection | None = None
        self._due_s: float | None = None
        self._message = ""

    def armed(self, belt: BeltDirection) -> None:
        """Somebody armed for this way of the belt."""
        self._armed = belt

    def report(self, now_s: float, belt: BeltDirection | None) -> None:
        """A report of a belt that moves."""
        if belt in (None, self._armed) or self._armed is None or not self._scene.asked_to_run:
            return
        if self._due_s is None and self._scene.label != ALARM:
            self._message = f"the belt was reported to run {belt.value}, armed {self._armed.value}"
            self._due_s = now_s + TICK_S + EPSILON_S
            self._record.wake(self._due_s)

    def answered(self) -> None:
        """A stop frame left, or the alarm is on."""
        self._due_s = None

    def look(self, now_s: float) -> None:
        if self._due_s is None:
            return
        if now_s < self._due_s:
            self._record.wake(self._due_s)
            return
        message = f"{self._message}, and neither a stop frame nor the alarm within {TICK_S:.1f} s"
        self._record.note("R9", self._due_s, message)
        self._due_s = None
