"""Whether we give way to whoever else controls the belt (R8)."""

from __future__ import annotations

import math

from ...machine import MachineNotice, TargetChanged
from .record import EPSILON_S, TICK_S, Record
from .scene import ALARM, Scene

ECHO_S = 3.0
"""A target that we set ourselves comes back within the lag of the slowest machine and two of its reports."""

NEAR_KPH = 0.15
"""A console may report a target in its own unit or steps: half a step of 0.3 km/h is still the same target. One that
rounds down to its own steps takes up to a whole one off."""

YIELD_S = 2 * TICK_S
"""A look to hear of it and a look to act."""


class Yielding:
    """R8. Somebody else's lower target is the ceiling until a new start; a higher one, or another controller, ends it.

    A target is somebody else's when it is near none that was in force within the last seconds. An end is a
    stop frame or the alarm. At rest there is nothing to yield.
    """

    __slots__ = ("_ceiling_kph", "_due_s", "_message", "_ours", "_record", "_scene", "_since_s")

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._ours: list[tuple[float, float]] = []
        self._ceiling_kph = math.inf
        self._since_s = -math.inf
        self._due_s: float | None = None
        self._message = ""

    def start(self, now_s: float) -> None:
        """A new start, and with it a new beginning: its lowest speed is ours."""
        self._ceiling_kph = math.inf
        self._ours = [(now_s, self._scene.rules.lowest_kph)]

    def set_speed(self, now_s: float, speed_kph: float) -> None:
        if speed_kph > self._ceiling_kph + NEAR_KPH:
            after_s = now_s - self._since_s
            lowered = f"somebody else had lowered it to {self._ceiling_kph:.2f} km/h {after_s:.1f} s before"
            self._record.note("R8", now_s, f"{speed_kph:.2f} km/h was handed over; {lowered}")
        self._ours = [*self._ours[-_MOST:], (now_s, speed_kph)]

    def heard(self, now_s: float, target: TargetChanged) -> None:
        """The machine tells a target."""
        if target.speed_kph is not None:
            self._scene.told_ckph = round(target.speed_kph * 100)
        if target.speed_kph is None or not self._scene.asked_to_run or self._is_ours(now_s, target.speed_kph):
            return
        in_force_kph = self._ours[-1][1] if self._ours else 0.0
        if target.speed_kph < in_force_kph:
            self._ceiling_kph = min(self._ceiling_kph, target.speed_kph)
            self._scene.lowered_ckph = round(self._ceiling_kph * 100)
            self._since_s = now_s
        else:
            self._owe(now_s, f"somebody else raised the target to {target.speed_kph:.2f} km/h")

    def said(self, now_s: float, notice: MachineNotice) -> None:
        """The machine says something about itself."""
        if notice is MachineNotice.CONTROL_LOST and self._scene.may_move and not self._scene.stopped_at_rest(now_s):
            self._owe(now_s, "another program took the control")

    def answered(self) -> None:
        """A stop frame left, or the alarm is on."""
        self._due_s = None

    def look(self, now_s: float) -> None:
        if self._due_s is None:
            return
        if now_s < self._due_s:
            self._record.wake(self._due_s)
            return
        message = f"{self._message}, and neither a stop frame nor the alarm within {YIELD_S:.1f} s"
        self._record.note("R8", self._due_s, message)
        self._due_s = None

    def _is_ours(self, now_s: float, target_kph: float) -> bool:
        """Near the set-point in force, or near one that was replaced so lately that its echo may still come."""
        replaced_s = [set_s for set_s, _ in self._ours[1:]] + [math.inf]
        return any(
            self._same(speed_kph, target_kph) and now_s - until_s <= ECHO_S
            for (_, speed_kph), until_s in zip(self._ours, replaced_s, strict=True)
        )

    def _same(self, speed_kph: float, target_kph: float) -> bool:
        return -NEAR_KPH <= speed_kph - target_kph <= max(NEAR_KPH, self._scene.rules.speed_increment_kph)

    def _owe(self, now_s: float, message: str) -> None:
        if self._scene.label != ALARM and self._due_s is None:
            self._message = message
            self._due_s = now_s + YIELD_S + EPSILON_S
            self._record.wake(self._due_s)


_MOST = 64
"""More set-points than that cannot be handed over while an echo is on its way; it keeps a wild driver bounded."""
