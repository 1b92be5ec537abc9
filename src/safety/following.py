"""Whether a belt that was told to be faster gets faster (R6).

The leash holds set-points close to the measured speed, so a belt that does not follow shows as a gap that stays and
does not close. A belt that is slow but rises follows. The other side, a belt that stays faster than it was told, is
a runaway beyond the margin of R5 and is left alone within it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..values import value
from .config import Config

# Half a km/h or a tenth of the set-point, whichever is more; where the leash is shorter than that, what it leaves.
BEHIND_CKPH = 50
LEAST_CKPH = 30
# A belt seen faster by this much is on its way up; smaller changes are the noise of a sensor.
RISE_CKPH = 5
# A slow motor shows that much at least every second and a half.
RISING_MS = 1_500
FREEZE_MS = 3_000
STOP_MS = 10_000
AGE_CEILING_MS = 61_000


@value
class Following:
    """``recent_ckph`` and ``earlier_ckph``: the lowest set-points of this window and of the one before it, so that
    their lower one has been in force for at least a window; ``highest`` likewise. ``rose_ms``: since the belt was last
    seen to rise. ``behind_ms``: how long it has been behind without rising.
    """

    recent_ckph: int = 0
    earlier_ckph: int = 0
    highest_ckph: int = 0
    before_ckph: int = 0
    window_ms: int = 0
    seen_ckph: int = 0
    rose_ms: int = 0
    behind_ms: int = 0

    def watched(self, config: Config, speed_ckph: int | None, sent_ckph: int, elapsed_ms: int) -> Following:
        """The watch ``elapsed_ms`` later, with ``sent_ckph`` in force."""
        recent, highest, window_ms = min(self.recent_ckph, sent_ckph), max(self.highest_ckph, sent_ckph), self.window_ms
        earlier, before, window_ms = self.earlier_ckph, self.before_ckph, window_ms + elapsed_ms
        if window_ms >= config.window_ms:
            earlier, recent, before, highest, window_ms = recent, sent_ckph, highest, sent_ckph, 0
        seen, rose_ms = self.seen_ckph, min(self.rose_ms + elapsed_ms, AGE_CEILING_MS)
        if speed_ckph is not None and not seen <= speed_ckph < seen + RISE_CKPH:
            seen, rose_ms = speed_ckph, 0 if speed_ckph > seen else rose_ms
        due_ckph = min(earlier, recent)
        behind = speed_ckph is not None and due_ckph - speed_ckph > _gap_ckph(config, due_ckph)
        stuck = behind and rose_ms >= RISING_MS
        behind_ms = min(self.behind_ms + elapsed_ms, AGE_CEILING_MS) if stuck else 0
        return Following(recent, earlier, highest, before, window_ms, seen, rose_ms, behind_ms)

    def echo(self, target_ckph: int, sent_ckph: int, increment_ckph: int) -> int:
        """A machine's target held against what was sent of late: below it -1, above it 1, one of ours 0."""
        lowest = min(self.recent_ckph, self.earlier_ckph, sent_ckph)
        if target_ckph < lowest - increment_ckph:
            return -1
        highest = max(self.highest_ckph, self.before_ckph, sent_ckph)
        return 1 if target_ckph > highest + increment_ckph else 0


@dataclass(frozen=True, slots=True)
class Tilts:
    """The least and the most that the deck was told in this window and in the one before it, in tenths of a percent.

    A machine says its new target a lag later, when the next step of our own may have left already.
    """

    low_dpct: int = 0
    high_dpct: int = 0
    earlier_low_dpct: int = 0
    earlier_high_dpct: int = 0
    window_ms: int = 0

    def watched(self, config: Config, sent_dpct: int, elapsed_ms: int) -> Tilts:
        """The windows ``elapsed_ms`` later, with ``sent_dpct`` in force."""
        low, high, window_ms = (
            min(self.low_dpct, sent_dpct),
            max(self.high_dpct, sent_dpct),
            self.window_ms + elapsed_ms,
        )
        if low == high == self.earlier_low_dpct == self.earlier_high_dpct:
            return self
        if window_ms < config.window_ms:
            return Tilts(low, high, self.earlier_low_dpct, self.earlier_high_dpct, window_ms)
        return Tilts(sent_dpct, sent_dpct, low, high, 0)

    def echo(self, target_dpct: int, sent_dpct: int, increment_dpct: int) -> int:
        """A machine's target held against what was sent of late: below it -1, above it 1, one of ours 0."""
        lowest = min(self.low_dpct, self.earlier_low_dpct, sent_dpct)
        highest = max(self.high_dpct, self.earlier_high_dpct, sent_dpct)
        return (target_dpct > highest + increment_dpct) - (target_dpct < lowest - increment_dpct)


def tilted(sent_dpct: int) -> Tilts:
    """The windows of a deck that has stood at ``sent_dpct``."""
    return Tilts(sent_dpct, sent_dpct, sent_dpct, sent_dpct)


def started(sent_ckph: int) -> Following:
    """The watch of a belt that was just told to start."""
    return Following(0, 0, sent_ckph, sent_ckph)


def _gap_ckph(config: Config, due_ckph: int) -> int:
    leash = config.leash_ckph - config.profile.capabilities.speed_increment_ckph
    return max(min(BEHIND_CKPH, leash), LEAST_CKPH, due_ckph // 10)
