"""Whether the way that a person faces, or the belt runs, was changed only through a turn (I5)."""

from __future__ import annotations

import math

from ...machine import BeltDirection, Facing
from .record import EPSILON_S, Record
from .scene import Scene

DWELL_S = 5.0
DWELL_REPORTS = 5
"""A belt that coasts may report a first zero early; five seconds and five reports see the slowest of them stand."""

LEVEL_DPCT = 10
"""A deck above one percent is a slope under somebody who turns round on it."""


class Turning:
    """I5. Between two motions that go different ways there was a turn, in this order: a belt seen still for long
    enough, the word of the person that they stand beside it, and their word that they face the new way.
    """

    __slots__ = ("_armed", "_faces", "_last", "_on_rails", "_record", "_scene", "_still_s", "_zeros")

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._armed: tuple[Facing, BeltDirection] | None = None
        self._last: tuple[Facing, BeltDirection] | None = None
        self._on_rails: str | None = "nobody said that they stand beside the belt"
        self._faces: tuple[Facing, BeltDirection] | None = None
        self._still_s = -math.inf
        self._zeros = 0

    def zero(self, at_s: float, broken: bool) -> None:
        """A report of a still belt; ``broken``: the ones before it were too long ago."""
        if self._zeros == 0 or broken:
            self._still_s, self._zeros = at_s, 0
        self._zeros += 1

    def motion(self) -> None:
        """A report of a belt that moves: whatever was confirmed is void."""
        self._zeros, self._faces = 0, None
        if self._on_rails is None:
            self._on_rails = "it moved after they said that they stood beside it"

    def on_rails(self, now_s: float) -> None:
        """The person says that they stand beside the belt and see it still."""
        self._on_rails = self._objection(now_s)

    def faces(self, facing: Facing, belt: BeltDirection) -> None:
        """The person says that they face the new way."""
        self._faces = (facing, belt)

    def armed(self, facing: Facing, belt: BeltDirection) -> None:
        """Somebody armed for this way."""
        self._armed = (facing, belt)

    def start(self, now_s: float) -> None:
        """A start was handed over."""
        if self._armed is None:
            return
        if self._last is not None and self._armed != self._last:
            self._judge(now_s)
        self._last, self._faces = self._armed, None
        self._on_rails = "nobody said that they stand beside the belt"

    def _judge(self, now_s: float) -> None:
        if self._on_rails is not None:
            self._record.note("I5", now_s, f"the belt was started another way, but {self._on_rails}")
        elif self._faces != self._armed:
            self._record.note("I5", now_s, "the belt was started another way, and nobody said that they face it")

    def _objection(self, now_s: float) -> str | None:
        still_s = now_s - self._still_s if self._zeros else 0.0
        if still_s < DWELL_S - EPSILON_S or self._zeros < DWELL_REPORTS:
            return f"it had been reported still for {still_s:.1f} s in {self._zeros} reports when that was confirmed"
        incline_dpct = self._scene.incline_dpct or 0
        if incline_dpct > LEVEL_DPCT:
            return f"the deck stood at {incline_dpct / 10:.1f} % (limit {LEVEL_DPCT / 10:.0f} %)"
        return None
