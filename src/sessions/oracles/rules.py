"""What a judge is told about a run, and the limits of the tiers typed a second time.

The figures stand here again on purpose: a judge that read the table of the safety rules would agree with
every slip in it. Nothing in this package may come from the code that it judges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from ...machine import BeltDirection, DeviceProfile, Facing

KPH_PER_MPS = 3.6

HARD_CAP_BACKWARD_KPH = 12.0
"""A quick backward run of trained people; harnessed runners of Ordway 2016 (JSCR 30:763) trained at 8.0 and 9.7."""

HARD_CAP_FORWARD_KPH = 16.0
"""The top of a home machine; nothing that this program is for needs more."""

HARD_CAP_INCLINE_PERCENT = 15.0
"""Backward walking was studied at up to 10 degrees (17.6 %) with clinicians beside it; this stays below."""

SLOW_REPORTS_FROM_S = 1.0
SLOW_REPORTS_CAP_BACKWARD_KPH = 4.0
"""Two reports a second apart and a stop come after some 2.2 s of a runaway: too late for a backward runner."""

COUNTDOWN_S = 5.0
COUNTDOWN_FACING_REAR_S = 10.0
"""Who will face the rear turns round after the hold, and must stand astride the belt before it moves."""

LATE_AT_LEAST_S = 1.0
"""Two missed reports are late, but not within the second that the slowest machines need for one."""

SILENT_FROM_S = 2.0
SILENT_TO_S = 3.0
"""Three missed reports are silence: not sooner than radio hiccups last, and in 3 s a belt at 4 km/h passes 3 m."""

STEP_KPH = 0.3
"""The largest rise at once, about 0.08 m/s: a sixth of the 0.5 m/s by which fall-training belts make people
stumble (BMC Geriatrics 2020, s12877-020-01944-7). A machine with a coarser increment steps by that."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one run on one machine. Raises ValueError for a figure that no run can have.

    rise_kph_per_s, fall_kph_per_s   the quickest rise, and the quickest fall that was planned
    lowest_kph                       the machine's lowest speed, where every start begins
    lag_s                            command accepted -> change visible in reports
    stop_repeat_ok                   a second stop does no harm to this machine
    countdown_s                      from the end of the hold to the start: 5 s, or 10 s facing the rear
    slowest_fall_kph_per_s           the slowest that this belt falls after a lower set-point
    gap_s                            two set-points are at least so far apart, because the machine digests no more
    """

    backward: bool
    speed_cap_kph: float
    incline_cap_percent: float
    rise_kph_per_s: float
    fall_kph_per_s: float
    lowest_kph: float
    speed_increment_kph: float
    report_period_s: float
    lag_s: float
    stop_repeat_ok: bool
    countdown_s: float
    slowest_fall_kph_per_s: float = 0.5
    incline_increment_percent: float = 0.1
    gap_s: float = 0.0
    stop_reaction_s: float = 2.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or value < 0 or (value == 0 and field.name in _ABOVE_ZERO):
                raise ValueError(f"{field.name} is {value!r}; a judge needs a finite number, and above 0 for a rate")

    @property
    def late_s(self) -> float:
        """A report older than this allows no rise, and no word that the belt stands still."""
        return max(2 * self.report_period_s, LATE_AT_LEAST_S)

    @property
    def silent_s(self) -> float:
        """Reports missing for longer than this are a reason to stop a moving belt."""
        return min(max(3 * self.report_period_s, SILENT_FROM_S), SILENT_TO_S)

    @property
    def step_kph(self) -> float:
        """The largest single rise."""
        return max(STEP_KPH, self.speed_increment_kph)

    @property
    def leash_kph(self) -> float:
        """How far a rising set-point may be ahead of the measured speed."""
        return self.step_kph + self.rise_kph_per_s * (self.lag_s + self.report_period_s)


_ABOVE_ZERO = frozenset(
    {"rise_kph_per_s", "fall_kph_per_s", "slowest_fall_kph_per_s", "speed_increment_kph", "report_period_s"}
    | {"lowest_kph", "incline_increment_percent"}
)


@dataclass(frozen=True, slots=True)
class TierLimits:
    """What one tier of people may be asked: km/h backward and forward, deck in percent, rise and planned fall."""

    backward_kph: float
    forward_kph: float
    incline_percent: float
    rise_mps2: float
    fall_mps2: float


# Rises are at least twenty times gentler than the 3 to 5 m/s2 by which fall-training belts make people stumble
# (same source as STEP_KPH), and gentler than falls: a rise throws a person who walks backward onto the back.
# A tier whose incline depends on a prescription has the most that one may allow; beginners have a level deck.
TIERS: dict[str, TierLimits] = {
    "novice": TierLimits(3.0, 6.0, 0.0, 0.06, 0.15),
    "walker": TierLimits(5.6, 8.0, 10.0, 0.10, 0.20),
    "runner": TierLimits(8.0, 12.0, 5.0, 0.15, 0.30),
    "harness": TierLimits(10.0, 14.0, 5.0, 0.15, 0.30),
    "frail": TierLimits(1.5, 3.0, 5.0, 0.03, 0.10),
    "clinic": TierLimits(1.5, 3.0, 5.0, 0.03, 0.10),
    "alone": TierLimits(1.5, 1.5, 0.0, 0.06, 0.15),
}


def rules_for(tier_key: str, backward: bool, facing: Facing, profile: DeviceProfile) -> Rules:
    """The rules of a run by somebody of that tier on that machine. Raises ValueError for an unknown tier."""
    if tier_key not in TIERS:
        raise ValueError(f"there is no tier {tier_key!r}; the known ones are {', '.join(TIERS)}")
    tier, machine = TIERS[tier_key], profile.capabilities
    return Rules(
        backward=backward,
        speed_cap_kph=_speed_cap_kph(tier, backward, profile),
        incline_cap_percent=_incline_cap_percent(tier, _belt(backward, facing), machine.incline_max_dpct / 10),
        rise_kph_per_s=tier.rise_mps2 * KPH_PER_MPS,
        fall_kph_per_s=tier.fall_mps2 * KPH_PER_MPS,
        lowest_kph=machine.speed_min_ckph / 100,
        speed_increment_kph=machine.speed_increment_ckph / 100,
        report_period_s=profile.report_period_ms / 1000,
        lag_s=profile.lag_ms / 1000,
        stop_repeat_ok=profile.stop_repeat_ok,
        countdown_s=COUNTDOWN_FACING_REAR_S if facing is Facing.REAR else COUNTDOWN_S,
        slowest_fall_kph_per_s=profile.slowest_fall_ckph_per_s / 100,
        incline_increment_percent=machine.incline_increment_dpct / 10,
        gap_s=profile.command_gap_ms / 1000,
        stop_reaction_s=profile.stop_reaction_ms / 1000,
    )


def _speed_cap_kph(tier: TierLimits, backward: bool, profile: DeviceProfile) -> float:
    device_kph = profile.capabilities.speed_max_ckph / 100
    if not backward:
        return min(device_kph, tier.forward_kph, HARD_CAP_FORWARD_KPH)
    slow = profile.report_period_ms / 1000 >= SLOW_REPORTS_FROM_S
    reports_kph = SLOW_REPORTS_CAP_BACKWARD_KPH if slow else math.inf
    return min(device_kph, tier.backward_kph, HARD_CAP_BACKWARD_KPH, reports_kph)


def _belt(backward: bool, facing: Facing) -> BeltDirection:
    """Which way the belt runs under somebody who moves and looks like that."""
    return BeltDirection.FORWARD if backward == (facing is Facing.REAR) else BeltDirection.REVERSED


def _incline_cap_percent(tier: TierLimits, belt: BeltDirection, device_percent: float) -> float:
    """A raised deck under a reversed belt is downhill, which damages calves (PubMed 30016189): level, always."""
    if belt is BeltDirection.REVERSED:
        return 0.0
    return min(device_percent, tier.incline_percent, HARD_CAP_INCLINE_PERCENT)
