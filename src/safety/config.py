"""The numbers that one arming runs under, worked out once from the profile, the tier and the limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..machine import BeltDirection, DeviceProfile, Facing, Gait, gait
from .belt import ReportTimes
from .heart import HeartCeiling, tightened
from .limits import Limit, Limits
from .tiers import NOVICE, Tier

# A rise in one go: what a walker takes in a step without noticing (an engineering default).
STEP_CKPH = 30
# A ramp moves on by no more than this in one step, however long the step took: a late tick and a margin. A computer
# that slept must not wake to one great jump, nor to one great fall.
LONGEST_RAMP_STEP_MS = 500
COUNTDOWN_MS = 5_000
# Facing the rear a person cannot see the console count down, and turns once more to look.
COUNTDOWN_FACING_REAR_MS = 10_000


@dataclass(frozen=True, slots=True)
class Config:
    """Everything constant that ``supervisor.step`` needs; see ``DeviceProfile`` and ``Tier`` for the units.

    ``asks``: the attention check is on.
    """

    profile: DeviceProfile
    tier: Tier
    limits: Limits
    facing: Facing
    times: ReportTimes
    window_ms: int
    step_ckph: int
    leash_ckph: int
    countdown_ms: int
    belt: BeltDirection = BeltDirection.FORWARD
    heart: HeartCeiling | None = None
    asks: bool = False

    @classmethod
    def of(
        cls,
        profile: DeviceProfile,
        tier: Tier,
        limits: Limits,
        facing: Facing,
        belt: BeltDirection = BeltDirection.FORWARD,
    ) -> Config:
        """Derive the rest: the leash is one step plus what the tier adds while an answer is under way."""
        window_ms = profile.lag_ms + profile.report_period_ms
        step_ckph = max(STEP_CKPH, profile.capabilities.speed_increment_ckph)
        leash_ckph = step_ckph + tier.rise_ckph_per_s * window_ms // 1000
        countdown_ms = COUNTDOWN_FACING_REAR_MS if facing is Facing.REAR else COUNTDOWN_MS
        times = ReportTimes.of(profile)
        return cls(profile, tier, limits, facing, times, window_ms, step_ckph, leash_ckph, countdown_ms, belt)

    def under(self, heart: HeartCeiling | None) -> Config:
        """The same with a ceiling of the heart rate."""
        return self if heart is None else replace(self, heart=heart)

    def held_to(self, bpm: int | None) -> Config:
        """The same in a block of the plan with a ceiling: the lower of the two holds. It needs one of the arming."""
        if bpm is None or self.heart is None:
            return self
        return replace(self, heart=tightened(self.heart, HeartCeiling(bpm)))

    def asking(self, asks: bool) -> Config:
        """The same with the attention check on, or off."""
        return replace(self, asks=asks)

    @property
    def backward(self) -> bool:
        """Whether the person goes backward."""
        return gait(self.facing, self.belt) is Gait.BACKWARD

    @classmethod
    def unarmed(cls, profile: DeviceProfile) -> Config:
        """Before anybody has armed: nothing is allowed but a stop."""
        nothing = Limit(0, "nothing is armed")
        return cls.of(profile, NOVICE, Limits(nothing, nothing), Facing.REAR)
