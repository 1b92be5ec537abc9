"""Whether a heart rate was heeded (R11), and whether a strap that was lost was (R12)."""

from __future__ import annotations

import math
from collections import deque

from .record import EPSILON_S, TICK_S, Record
from .scene import Scene

READINGS = 5
"""One reading is a guess; the middle one of five is a heart."""

GOOD_BPM = range(30, 241)
JUMP_BPM, JUMP_S = 30, 2.0
"""From one beat to the next no heart does that; an electrode that slips does."""

NEWS_S = 5.0
"""A rise leans on a heart rate that is not older than that: five readings of an ordinary strap."""

LOST_S = 60.0
OVER_S = 60.0
FAR_BPM, FAR_S = 10, 10.0
EASE_S = 10.0
EASED_KPH = 0.3
"""An easing that nobody feels is none."""

EARLY_S = 1.0
"""Who counts from another look at the same reading may ease so much before it is owed here; and by as much more as
there was no good reading, for of readings that jump another one may have been taken for good, and counted from."""

STRAP_S = 1.5
"""Straps send once a second: what is older than this has a reading behind it that was none, or did not come."""

COMING_DOWN_S = 5.0
"""Beside the way down at the tier's rate: a look, a command under way, and what the machine needs between two."""

RUNNING = "running"


class Reading:
    """The newest good reading and the middle one of the last five; a reading that is no news is not counted.

    A strap that has sent intervals between beats may not go on without them. One that was not there as a run was armed,
    or had no contact then, may be another one behind it, which sends none: that has twenty seconds a rate.
    """

    __slots__ = (
        "_bpm",
        "_felt_s",
        "_has_beats",
        "_off",
        "_recent",
        "good_s",
    )

    def __init__(self) -> None:
        self.good_s = -math.inf
        self._recent: deque[int] = deque(maxlen=READINGS)
        self._bpm: int | None = None
        self._felt_s = -math.inf
        self._has_beats = self._off = False

    def came(self, now_s: float, bpm: int | None, contact: bool | None, beats: bool) -> None:
        """One reading; ``beats``: with intervals between beats."""
        self._off = contact is False
        if bpm is None or bpm not in GOOD_BPM or contact is False:
            return
        if self._bpm is not None and now_s - self.good_s <= JUMP_S + EPSILON_S and abs(bpm - self._bpm) > JUMP_BPM:
            return
        self._has_beats |= beats
        if beats or bpm != self._bpm:
            self._felt_s = now_s
        elif self._has_beats or now_s - self._felt_s > 20.0:
            return
        if now_s - self.good_s > NEWS_S:
            self._recent.clear()
        self._recent.append(bpm)
        self._bpm, self.good_s = bpm, now_s

    def armed(self, now_s: float) -> None:
        """A run begins, perhaps with another strap."""
        self._has_beats &= not self._off and now_s - self.good_s <= NEWS_S

    def middle(self, now_s: float) -> int | None:
        """The middle one of five; None with fewer, or behind a gap."""
        if len(self._recent) < READINGS or now_s - self.good_s > NEWS_S:
            return None
        return sorted(self._recent)[READINGS // 2]


class HeartHeeded:
    """R11 and R12, for a run under a ceiling. It looks whenever the belt truly moved, ten times a second.

    Above the ceiling for ten seconds the set-point comes down and does not rise, and so again every ten seconds, unless
    somebody has lowered the belt that far already; above it for sixty, or far above it for ten, the run ends. A block
    of the plan may have a lower ceiling. Without a good reading for five seconds nothing rises; for sixty, the belt
    goes to its lowest speed, or the run ends where the plan needs the rate.
    """

    __slots__ = (
        "_at_ease_ckph",
        "_at_loss_ckph",
        "_before_ckph",
        "_ceiling_bpm",
        "_doubted_at_s",
        "_doubted_s",
        "_ease_due_s",
        "_far_s",
        "_looked_s",
        "_over_s",
        "_own_bpm",
        "_reading",
        "_record",
        "_required",
        "_scene",
        "_told",
    )

    def __init__(self, scene: Scene, record: Record, ceiling_bpm: int, required: bool) -> None:
        self._scene, self._record = scene, record
        self._own_bpm = self._ceiling_bpm = ceiling_bpm
        self._required = required
        self._reading = Reading()
        self._over_s: float | None = None
        self._far_s: float | None = None
        self._at_ease_ckph: int | None = None
        self._ease_due_s = 0.0
        self._before_ckph = 0
        self._doubted_s = self._doubted_at_s = 0.0
        self._at_loss_ckph = 0
        self._looked_s = 0.0
        self._told: set[str] = set()

    def block(self, ceiling_bpm: int | None) -> None:
        """The plan has come to a block with this ceiling, or to one without."""
        self._ceiling_bpm = self._own_bpm if ceiling_bpm is None else min(ceiling_bpm, self._own_bpm)

    def came(self, now_s: float, bpm: int | None, contact: bool | None, beats: bool) -> None:
        self._reading.came(now_s, bpm, contact, beats)

    def armed(self, now_s: float) -> None:
        """Somebody arms."""
        self._reading.armed(now_s)

    def rise(self, now_s: float, speed_ckph: int) -> None:
        """A set-point above the one in force was handed over."""
        age_s = now_s - self._reading.good_s
        if age_s > NEWS_S + TICK_S + EPSILON_S:
            self._note("R12", now_s, f"a rise to {speed_ckph / 100:.2f} km/h on a heart rate of {age_s:.1f} s ago")
        if self._over_s is not None and now_s - self._over_s > EASE_S + TICK_S + EPSILON_S:
            over_s = now_s - self._over_s
            self._note("R11", now_s, f"a rise to {speed_ckph / 100:.2f} km/h, {over_s:.1f} s above the ceiling")

    def look(self, now_s: float) -> None:
        """What is owed by now."""
        if self._scene.mode != RUNNING:
            self._looked_s = now_s
            self._over_s = self._far_s = self._at_ease_ckph = None
            self._told.clear()
            return
        self._follow(now_s)
        self._ends(now_s)
        self._eases(now_s)
        self._comes_down(now_s)

    def _follow(self, now_s: float) -> None:
        passed_s, self._looked_s = now_s - self._looked_s, now_s
        self._doubt(now_s)
        middle_bpm = self._reading.middle(now_s)
        if middle_bpm is None:  # nothing is counted, and nothing forgotten
            self._over_s = None if self._over_s is None else self._over_s + passed_s
            self._far_s = None if self._far_s is None else self._far_s + passed_s
            self._ease_due_s += passed_s
            return
        over, far = middle_bpm > self._ceiling_bpm, middle_bpm > self._ceiling_bpm + FAR_BPM
        self._over_s = None if not over else now_s if self._over_s is None else self._over_s
        self._far_s = None if not far else now_s if self._far_s is None else self._far_s
        if self._over_s is None or self._over_s == now_s:
            self._at_ease_ckph, self._ease_due_s, self._before_ckph = None, now_s + EASE_S, 0
            return
        if now_s >= self._ease_due_s - EARLY_S - self._doubted_s:
            self._before_ckph = max(self._before_ckph, self._scene.in_force_ckph())
        if now_s >= self._ease_due_s:
            self._at_ease_ckph, self._ease_due_s, self._before_ckph = self._before_ckph, self._ease_due_s + EASE_S, 0

    def _doubt(self, now_s: float) -> None:
        """How long there was no good reading of late; it is kept as long as the rate stays above the ceiling."""
        since_s = now_s - self._reading.good_s
        if STRAP_S < since_s <= NEWS_S:
            self._doubted_s, self._doubted_at_s = max(self._doubted_s, since_s), now_s
        elif self._over_s is None and now_s - self._doubted_at_s > EASE_S:
            self._doubted_s = 0.0

    def _ends(self, now_s: float) -> None:
        for since_s, limit_s, what in ((self._over_s, OVER_S, "above"), (self._far_s, FAR_S, "far above")):
            if since_s is not None and now_s - since_s > limit_s + 2 * TICK_S + EPSILON_S:
                self._once(
                    "R11",
                    now_s,
                    f"the heart rate is {what} its ceiling for {now_s - since_s:.1f} s, and nothing stops it",
                )

    def _eases(self, now_s: float) -> None:
        eased_s = now_s - (self._ease_due_s - EASE_S)
        if self._over_s is None or self._at_ease_ckph is None or eased_s < COMING_DOWN_S:
            return
        down_ckph = max(self._at_ease_ckph - EASED_KPH * 100, self._lowest_ckph)
        if self._scene.in_force_ckph() > down_ckph:
            self._once("R11", now_s, f"{now_s - self._over_s:.1f} s above the ceiling, and the belt was not eased")

    def _comes_down(self, now_s: float) -> None:
        lost_s = now_s - self._reading.good_s
        if self._required and lost_s > LOST_S + 2 * TICK_S + EPSILON_S:
            self._once("R12", now_s, f"the plan needs a heart rate; none came for {lost_s:.1f} s, and no stop")
        if lost_s <= LOST_S:
            self._at_loss_ckph = self._scene.in_force_ckph()
        way_down_s = self._at_loss_ckph / 100 / self._scene.rules.fall_kph_per_s + COMING_DOWN_S
        if LOST_S + way_down_s < lost_s < math.inf and self._scene.in_force_ckph() > self._lowest_ckph:
            self._once("R12", now_s, f"no heart rate for {lost_s:.1f} s, and the belt is not at its lowest speed")

    @property
    def _lowest_ckph(self) -> float:
        return self._scene.rules.lowest_kph * 100

    def _once(self, invariant: str, now_s: float, message: str) -> None:
        """A state that lasts is one violation."""
        kind = invariant + message.rpartition(", and ")[2]
        if kind not in self._told:
            self._told.add(kind)
            self._note(invariant, now_s, message)

    def _note(self, invariant: str, now_s: float, message: str) -> None:
        self._record.note(invariant, now_s, f"{message} (ceiling {self._ceiling_bpm} bpm)")
