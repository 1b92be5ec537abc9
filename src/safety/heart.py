"""The heart rate of the person on the belt, its ceiling, and what a strap that cannot be believed is worth (R11, R12).

A heart answers a change of speed half a minute to two minutes later, so its rate guards against overload and never
against a fall. It is taken from the median of five readings. A reading is *missing* where it is no number of a heart,
comes without contact to the skin, jumps, or is frozen: straps without contact bits go on sending their last rate when
they are taken off, without the intervals between beats (seen on chest straps that send such intervals otherwise).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .inputs import HeartSeen

# The lowest and highest that a person on a treadmill has; straps say 0 and 255 for "none".
LOWEST_BPM, HIGHEST_BPM = 30, 240
READINGS = 5
# No heart does this from one beat to the next; electrodes that slip do.
JUMP_BPM, JUMP_MS = 30, 2_000
# A strap that never sends intervals may well say the same for a while: an even walk holds a rate for seconds.
FROZEN_MS = 20_000
# Straps send once a second: five missed are a gap, ten a strap that slipped, sixty one that will not come back.
LATE_MS, LOST_MS, GONE_MS = 5_000, 10_000, 60_000
NEAR_BPM, FAR_BPM = 5, 10
# A treadmill that is led by a heart rate lowers every 7 to 12 s (h/p/cosmos); here nothing ever rises for a low one.
EASE_AFTER_MS, FAR_MS, STOP_AFTER_MS = 10_000, 10_000, 60_000
# Half a km/h is felt, and takes several beats off a walker's rate within a minute.
EASE_STEP_CKPH = 50
AGE_CEILING_MS = GONE_MS + 1_000


def is_ceiling(bpm: int) -> bool:
    """Whether it can be one: below there are people at rest, above nobody's heart beats for long."""
    return 60 <= bpm <= 230


@dataclass(frozen=True, slots=True)
class HeartCeiling:
    """``bpm``: not to be passed. ``required``: the plan leans on the strap, so that its loss ends the plan."""

    bpm: int
    required: bool = False

    def __post_init__(self) -> None:
        if not is_ceiling(self.bpm):
            raise ValueError(f"a heart-rate ceiling of {self.bpm}: from 60 to 230 beats per minute")


@dataclass(frozen=True, slots=True)
class Heart:
    """What the strap has said. ``recent``: the last good readings, at most five; ``age_ms``: of the last one.

    ``last_bpm`` and ``same_ms``: the last rate, and for how long it has been the same without a beat to show for it.
    ``beats``: the strap has sent intervals between beats. ``over_ms`` and ``far_ms``: how long the median of a running
    belt has been above the ceiling, and far above it. ``eased_ckph``: the speed that this led to, and
    ``since_ease_ms``: how long the median has been above the ceiling since the last step down.
    """

    recent: tuple[int, ...] = ()
    age_ms: int = AGE_CEILING_MS
    last_bpm: int | None = None
    same_ms: int = 0
    beats: bool = False
    contact_off: bool = False
    over_ms: int = 0
    far_ms: int = 0
    eased_ckph: int | None = None
    since_ease_ms: int = 0

    @property
    def median_bpm(self) -> int | None:
        """The middle one of five readings; None while there are not so many."""
        return sorted(self.recent)[READINGS // 2] if len(self.recent) == READINGS else None

    @property
    def missing(self) -> bool:
        """No good reading for so long, or no skin under the strap, that nothing may lean on it."""
        return self.contact_off or self.age_ms > LATE_MS

    def aged(self, elapsed_ms: int) -> Heart:
        """The same ``elapsed_ms`` later; behind a gap the readings before it say nothing any more."""
        if self.age_ms == AGE_CEILING_MS == self.same_ms or self.last_bpm is None:
            return self
        age_ms = min(self.age_ms + elapsed_ms, AGE_CEILING_MS)
        return replace(
            self,
            recent=() if age_ms > LATE_MS else self.recent,
            age_ms=age_ms,
            same_ms=min(self.same_ms + elapsed_ms, AGE_CEILING_MS),
        )

    def seen(self, reading: HeartSeen) -> Heart:
        """With one reading; one that is missing ages what is there."""
        off, bpm = reading.contact is False, reading.bpm
        if off or bpm is None or not LOWEST_BPM <= bpm <= HIGHEST_BPM or self._jumped(bpm):
            return self if off is self.contact_off else replace(self, contact_off=off)
        alive = reading.beats or bpm != self.last_bpm
        same_ms, beats = 0 if alive else self.same_ms, self.beats or reading.beats
        if not alive and (beats or same_ms >= FROZEN_MS):
            return replace(self, beats=beats, contact_off=False)
        recent = (*self.recent, bpm)[-READINGS:]
        return replace(self, recent=recent, age_ms=0, last_bpm=bpm, same_ms=same_ms, beats=beats, contact_off=False)

    def _jumped(self, bpm: int) -> bool:
        return self.last_bpm is not None and self.age_ms <= JUMP_MS and abs(bpm - self.last_bpm) > JUMP_BPM

    def watched(self, ceiling: HeartCeiling, sent_ckph: int, elapsed_ms: int) -> Heart:
        """The median of a running belt held against its ceiling. While it is not known, nothing is forgotten."""
        median_bpm = self.median_bpm
        if median_bpm is None:
            return self
        over_ms = min(self.over_ms + elapsed_ms, AGE_CEILING_MS) if median_bpm > ceiling.bpm else 0
        far_ms = min(self.far_ms + elapsed_ms, AGE_CEILING_MS) if median_bpm > ceiling.bpm + FAR_BPM else 0
        eased_ckph = None if median_bpm <= ceiling.bpm - NEAR_BPM else self.eased_ckph
        since_ease_ms = self.since_ease_ms + elapsed_ms if over_ms else 0
        if since_ease_ms >= EASE_AFTER_MS:
            from_ckph = sent_ckph if eased_ckph is None else min(eased_ckph, sent_ckph)
            eased_ckph, since_ease_ms = max(0, from_ckph - EASE_STEP_CKPH), 0
        return replace(self, over_ms=over_ms, far_ms=far_ms, eased_ckph=eased_ckph, since_ease_ms=since_ease_ms)

    def rested(self) -> Heart:
        """Off a running belt nothing is counted."""
        if self.over_ms == 0 == self.far_ms and self.eased_ckph is None:
            return self
        return replace(self, over_ms=0, far_ms=0, eased_ckph=None, since_ease_ms=0)

    def anew(self) -> Heart:
        """For another run, perhaps with another strap: one that sends no intervals is given its time. One that is heard
        until now is the same."""
        return replace(self, beats=False) if self.beats and self.missing else self


NO_HEART = Heart()


def tightened(ceiling: HeartCeiling | None, other: HeartCeiling | None) -> HeartCeiling | None:
    """The lower of two ceilings; within one run none goes away, and one that was needed stays so."""
    if ceiling is None or other is None:
        return ceiling or other
    return HeartCeiling(min(ceiling.bpm, other.bpm), ceiling.required or other.required)


def strap_needed(ceiling: HeartCeiling | None, heart: Heart) -> str | None:
    """Why a plan that leans on the strap is not started; None where it may be, as far as the heart goes."""
    if ceiling is None or not ceiling.required or not heart.missing:
        return None
    what = "has no contact to the skin" if heart.contact_off else "is not heard"
    return f"the plan needs a heart rate and the strap {what}: wet its electrodes, put it on, and wait for a number"
