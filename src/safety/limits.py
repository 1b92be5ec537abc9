"""Limits that can only get tighter, and remember why.

There is no way to widen a limit: a wider value is simply not taken. The reason in force is the sentence
that the screen and the journal show beside the number.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import BeltDirection, DeviceProfile, Facing, Gait, gait
from .tiers import TIERS, Tier

# The program's own ceilings, whatever a file, a tier or a person says. Engineering choices: well below what
# treadmills can do, because nobody needs more backwards on a motor and a fall at these speeds injures.
HARD_BACKWARD_CKPH = 1200
HARD_FORWARD_CKPH = 1600
HARD_INCLINE_DPCT = 150

# A runaway shows in two reports. On a machine that reports once a second or slower that is about 2.2 s,
# longer than a person has before drifting 0.3 m: such a machine gets a walking ceiling backwards.
SLOW_REPORT_PERIOD_MS = 1000
SLOW_REPORT_BACKWARD_CKPH = 400


@dataclass(frozen=True, slots=True)
class Limit:
    """One ceiling: a whole number in its own unit and the reason that holds it there."""

    value: int
    reason: str

    def tighten(self, value: int, reason: str) -> Limit:
        """The lower of the two; on a tie the older reason stays."""
        return Limit(value, reason) if value < self.value else self


@dataclass(frozen=True, slots=True)
class Limits:
    """The ceilings of one arming: speed in hundredths of a km/h, incline in tenths of a percent."""

    speed_ckph: Limit
    incline_dpct: Limit

    def tighten(self, other: Limits) -> Limits:
        """Both ceilings, each the tighter of the two."""
        return Limits(
            self.speed_ckph.tighten(other.speed_ckph.value, other.speed_ckph.reason),
            self.incline_dpct.tighten(other.incline_dpct.value, other.incline_dpct.reason),
        )

    def unattended(self) -> Limits:
        """The same where nobody answers the attention check: no faster than for somebody alone."""
        alone_ckph = TIERS["alone"].backward_max_ckph
        return Limits(self.speed_ckph.tighten(alone_ckph, "nobody answers the attention check"), self.incline_dpct)


@dataclass(frozen=True, slots=True)
class PlanCeiling:
    """The highest targets that the accepted plan holds; nothing in a session may pass them."""

    speed_ckph: int
    incline_dpct: int
    name: str


def limits_for(
    profile: DeviceProfile, tier: Tier, plan: PlanCeiling, facing: Facing, belt: BeltDirection = BeltDirection.FORWARD
) -> Limits:
    """The lowest of what the program, the machine, the tier and the plan allow, each with its reason."""
    backward = gait(facing, belt) is Gait.BACKWARD
    return Limits(_speed_limit(profile, tier, plan, backward), _incline_limit(profile, tier, plan, belt))


def _speed_limit(profile: DeviceProfile, tier: Tier, plan: PlanCeiling, backward: bool) -> Limit:
    way = "backward" if backward else "forward"
    hard = HARD_BACKWARD_CKPH if backward else HARD_FORWARD_CKPH
    tier_max = tier.backward_max_ckph if backward else tier.forward_max_ckph
    limit = Limit(hard, f"the program's own ceiling {way}")
    limit = limit.tighten(profile.capabilities.speed_max_ckph, f"the highest speed of {profile.name}")
    limit = limit.tighten(tier_max, f"tier {tier.title}, {way}")
    if backward and profile.report_period_ms >= SLOW_REPORT_PERIOD_MS:
        hertz = 1000 / profile.report_period_ms
        limit = limit.tighten(SLOW_REPORT_BACKWARD_CKPH, f"{profile.name} reports only {hertz:.1f} times a second")
    return limit.tighten(plan.speed_ckph, f"the highest speed of the plan {plan.name}")


def _incline_limit(profile: DeviceProfile, tier: Tier, plan: PlanCeiling, belt: BeltDirection) -> Limit:
    limit = Limit(HARD_INCLINE_DPCT, "the program's own ceiling")
    limit = limit.tighten(profile.capabilities.incline_max_dpct, f"the highest incline of {profile.name}")
    limit = limit.tighten(tier.incline_max_dpct, f"tier {tier.title}")
    if belt is BeltDirection.REVERSED:
        limit = limit.tighten(0, "a raised deck is downhill on a reversed belt")
    return limit.tighten(plan.incline_dpct, f"the highest incline of the plan {plan.name}")
