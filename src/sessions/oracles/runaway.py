"""A belt faster than anybody asked (R5)."""

from __future__ import annotations

from collections import deque

from .record import EPSILON_S, TICK_S, Record
from .scene import ALARM, Scene

OVER_KPH = 0.5
"""Belts follow within a few tenths; half a km/h more is felt by nobody but is no rounding either."""

HAIR_KPH = 0.005
"""Half of the smallest number that a speed is kept in: rounding, not a speed."""


class Runaway:
    """R5. Two reports in a row above the envelope by more than 0.5 km/h lead to a stop frame or the alarm at once.

    The envelope is the greatest set-point that was sent in the last lag and report period, taken or refused, and the
    measured speed when a set-point was replaced, as long as that was no runaway itself. What is older goes down at the
    slowest fall of this belt. After a stop the greater of it and the measured speed stays until standstill: whether the
    belt obeys is I9's question, and only a belt that speeds up is still R5's.
    """

    __slots__ = (
        "_due_s",
        "_line_at_s",
        "_line_kph",
        "_message",
        "_over",
        "_record",
        "_replaced",
        "_scene",
        "_window_s",
    )

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._window_s = scene.rules.lag_s + scene.rules.report_period_s
        self._replaced: deque[tuple[float, float]] = deque()  # (counts until, km/h), falling
        self._line_kph = 0.0
        self._line_at_s = 0.0
        self._over = 0
        self._due_s: float | None = None
        self._message = ""

    def envelope_kph(self, now_s: float) -> float:
        """The speed that everything asked so far explains."""
        if self._scene.stop_s is not None:
            return self._line_kph
        fall = self._scene.rules.slowest_fall_kph_per_s
        while self._replaced and self._replaced[0][0] <= now_s:
            at_s, kph = self._replaced.popleft()
            self._line_kph = max(self._line_kph - fall * (at_s - self._line_at_s), kph)
            self._line_at_s = at_s
        newest_kph = self._replaced[0][1] if self._replaced else 0.0
        line_kph = self._line_kph - fall * (now_s - self._line_at_s)
        return max(self._scene.target_ckph / 100, newest_kph, line_kph)

    def replaced(self, now_s: float) -> None:
        """The set-point in force is about to be replaced by another."""
        envelope_kph = self.envelope_kph(now_s)
        measured_kph = self._scene.speed_kph
        kph = self._scene.target_ckph / 100
        if kph < measured_kph <= envelope_kph + OVER_KPH:
            kph = measured_kph
        while self._replaced and self._replaced[-1][1] <= kph:
            self._replaced.pop()
        self._replaced.append((now_s + self._window_s, kph))

    def stop_begins(self, now_s: float) -> None:
        """A stop frame, or a stop at the machine, before the scene knows of it."""
        highest_kph = max(self.envelope_kph(now_s), self._scene.speed_kph)
        self.came_to_rest(now_s)
        self._line_kph = highest_kph
        self.answered()

    def came_to_rest(self, now_s: float) -> None:
        self._replaced.clear()
        self._line_kph = 0.0
        self._line_at_s = now_s

    def answered(self) -> None:
        """A stop frame left, or the alarm is on."""
        self._due_s = None
        self._over = 0

    def report(self, now_s: float, speed_kph: float) -> None:
        limit_kph = self.envelope_kph(now_s) + OVER_KPH
        if speed_kph <= limit_kph + HAIR_KPH:
            self._over = 0
            return
        self._over += 1
        if self._over == 2 and self._scene.label != ALARM:
            self._message = f"two reports, the second {speed_kph:.2f} km/h, above {limit_kph:.2f} km/h"
            self._due_s = now_s + TICK_S + EPSILON_S
            self._record.wake(self._due_s)

    def look(self, now_s: float) -> None:
        if self._due_s is None:
            return
        if now_s < self._due_s:
            self._record.wake(self._due_s)
            return
        message = f"{self._message}, and neither a stop frame nor the alarm within {TICK_S:.1f} s"
        self._record.note("R5", self._due_s, message)
        self._due_s = None
