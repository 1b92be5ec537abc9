"""What one kind of simulated treadmill is: its figures, its quirks, and the profile that they add up to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from ...machine import Capabilities, DeviceProfile, Evidence, PhysicalStop, Qualification, SpeedUnit

VISIBLE_FALL_KPH = 0.1
"""A fall that a person and a rule can tell from rounding: ten of the smallest steps that a report carries."""

KPH_PER_MPH = 1.609344
"""The international mile, exactly."""


class Rounding(Enum):
    """What a console makes of a set-point between two of its steps."""

    DOWN = "down"
    NEAREST = "to the nearest"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one figure of an archetype is what it is; ``source`` is public, or says that the figure is a choice."""

    figure: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Archetype:
    """How one kind of simulated treadmill moves, answers and reports.

    Speeds of the console are in hundredths of a km/h, inclines in tenths of a percent, as in ``Capabilities``.
    Where a figure is None, the thing never happens.

    command_lag_s        command accepted -> belt or deck begins to follow
    answer_after_s       command handed over -> its answer is back
    report_lag_s         belt has a speed -> a report with that speed arrives
    report_jitter        a report comes late by up to this part of a period
    start_countdown_s    the console counts down after a start, then the belt moves
    coast_kph_per_s      the slowing of the belt without motor power
    rounding             what becomes of a set-point between two steps
    kph_per_set_kph      the speed of the belt for each km/h of its set-point; not 1 where it takes miles for km
    obeys_stop           False: a stop is accepted over the link and changes nothing
    stop_repeat_ok       False: a stop that meets a resting belt starts it
    set_never_starts     False: a set-point that meets a resting belt starts it
    start_toggles        True: a start that meets a running belt stops it; False: it is refused
    keeps_speed          True: a start after a stop goes to the speed before it; False: to the lowest
    restarts_after_s     the belt starts once more by itself, this long after a stop brought it to rest
    tells_targets        every set-point that takes effect is reported back as the new target
    spike_every_s        a lone report far too high, about this often while the belt moves
    zero_every_s         a lone report of zero, about this often while the belt moves
    """

    name: str
    summary: str
    speed_min_ckph: int
    speed_max_ckph: int
    speed_increment_ckph: int
    speed_unit: SpeedUnit
    incline_max_dpct: int
    incline_increment_dpct: int
    rise_kph_per_s: float
    fall_kph_per_s: float
    coast_kph_per_s: float
    incline_percent_per_s: float
    start_countdown_s: float
    command_lag_s: float
    answer_after_s: float
    report_lag_s: float
    report_period_s: float
    report_jitter: float
    rounding: Rounding
    kph_per_set_kph: float
    obeys_stop: bool
    stop_repeat_ok: bool
    set_never_starts: bool
    start_toggles: bool
    keeps_speed: bool
    restarts_after_s: float | None
    tells_targets: bool
    spike_every_s: float | None
    zero_every_s: float | None
    runs_on_when_link_lost: bool
    physical_stop: PhysicalStop
    rails: bool
    reasons: tuple[Reason, ...]

    @property
    def capabilities(self) -> Capabilities:
        """What the console says that it can do."""
        return Capabilities(
            speed_min_ckph=self.speed_min_ckph,
            speed_max_ckph=self.speed_max_ckph,
            speed_increment_ckph=self.speed_increment_ckph,
            incline_max_dpct=self.incline_max_dpct,
            incline_increment_dpct=self.incline_increment_dpct,
            evidence=Evidence.OBSERVED,
        )

    @property
    def profile(self) -> DeviceProfile:
        """What a qualification of a healthy machine of this kind would find.

        A profile never knows of a fault. The kind that ignores a stop has the profile of one that obeys, and so
        have the kinds that take miles for kilometres, restart, jump back or report nonsense.
        """
        lag_s = self.command_lag_s + self.report_lag_s
        longest_gap_s = self.report_period_s * (1 + self.report_jitter)
        return DeviceProfile(
            name=f"Simulated treadmill ({self.name})",
            capabilities=self.capabilities,
            lag_ms=_ms(lag_s),
            report_period_ms=_ms(self.report_period_s),
            stop_reaction_ms=_ms(lag_s + longest_gap_s + VISIBLE_FALL_KPH / self.fall_kph_per_s),
            slowest_fall_ckph_per_s=math.floor(self.fall_kph_per_s * 100 + 1e-6),
            stop_repeat_ok=self.stop_repeat_ok,
            set_never_starts=self.set_never_starts,
            runs_on_when_link_lost=self.runs_on_when_link_lost,
            physical_stop=self.physical_stop,
            rails=self.rails,
            start_toggles=self.start_toggles,
            speed_unit=self.speed_unit,
            qualification=Qualification.FULL,
            simulated=True,
        )


def _ms(seconds: float) -> int:
    """Whole milliseconds, rounded up: a profile never promises more than the machine gives."""
    return math.ceil(seconds * 1000 - 1e-6)
