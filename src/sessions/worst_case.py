"""What of a plan reaches the belt: the time at target of each step, and its hardest rise."""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import DeviceProfile
from ..safety.config import STEP_CKPH
from ..safety.drive import RISE_SPACING_MS
from ..workouts.timeline import Step, Timeline
from .preflight import belt_steps


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise of speed without a rest on the way, into the step with this index."""

    from_kph: float
    to_kph: float
    length_s: float
    step: int


def seconds_at_target(step: Step, timeline: Timeline, profile: DeviceProfile) -> float:
    """How long the belt is measured at a step's target, or on its slope for ``a -> b``; 0 where it never gets there.

    The model. A set-point shows in the reports ``lag_ms`` after it was sent. The plan is sent ``lead_s`` ahead, so a
    belt that follows is measured where the plan is: it reaches the target at ``settled_s``, and leaves it when the
    step ends and the next one's way in begins. Four things take time off:

    - a lag that the lead does not cover puts both ends off, and the beginning alone lies in this step;
    - a belt that falls slower than the plan arrives later, by the difference of the two ways down;
    - rises are sent at least half a second apart, in whole steps of the machine and none larger than the largest at
      once: where too few of those fit into half a second, the way up takes longer than planned;
    - the last of them comes up to half a second late.

    A belt that rises slower than the plan arrives later too; no profile knows its rate, so the measured time can
    only be less than this, not more.
    """
    uncovered_s = max(0.0, profile.lag_ms / 1000 - timeline.lead_s)
    fall_kph = max(0.0, _speed_before(step, timeline) - step.entry.speed_kph)
    slower_s = fall_kph / (profile.slowest_fall_ckph_per_s / 100) - fall_kph / timeline.rates.fall_kph_per_s
    late_s = uncovered_s + max(0.0, slower_s) + _rises_late_s(step, timeline, profile)
    return max(0.0, step.ends_s - step.settled_s - late_s)


def _rises_late_s(step: Step, timeline: Timeline, profile: DeviceProfile) -> float:
    """How much later than planned the last set-point of a rise into the step is sent."""
    rise_kph = step.entry.speed_kph - _speed_before(step, timeline)
    if rise_kph <= 0:
        return 0.0
    increment, spacing_s, rate = profile.capabilities.speed_increment_ckph, RISE_SPACING_MS / 1000, timeline.rates
    at_once_kph = max(STEP_CKPH, increment) // increment * increment / 100
    slowest_kph_per_s = min(rate.rise_kph_per_s, at_once_kph / spacing_s)
    return spacing_s + rise_kph / slowest_kph_per_s - rise_kph / rate.rise_kph_per_s


def _speed_before(step: Step, timeline: Timeline) -> float:
    """The speed that the way into a step begins with: that of its first segment."""
    first = next((one for one in timeline.segments if one.step == step.index), None)
    return step.entry.speed_kph if first is None else first.start.speed_kph


def hardest_rise(timeline: Timeline) -> Rise | None:
    """The largest rise into a step, from the speed before it; None where nothing rises. Of equal ones the first."""
    rises = [
        Rise(_speed_before(one, timeline), one.entry.speed_kph, one.settled_s - one.starts_s, one.index)
        for one in belt_steps(timeline)
    ]
    largest = max(rises, key=lambda rise: rise.to_kph - rise.from_kph, default=None)
    return largest if largest is not None and largest.to_kph > largest.from_kph else None
