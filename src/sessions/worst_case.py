"""What of a plan reaches the belt: the time at target of each step, and its hardest rise."""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import DeviceProfile
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
    step ends and the next one's way in begins. Three things take time off:

    - a lag that the lead does not cover puts both ends off, and the beginning alone lies in this step;
    - a belt that falls slower than the plan arrives later, by the difference of the two ways down;
    - a rise ends up to half a second late, because rises are sent at least half a second apart. That is left out:
      it is less than the rounding of what is printed.

    A belt that rises slower than the plan arrives later too; no profile knows its rate, so the measured time can
    only be less than this, not more.
    """
    uncovered_s = max(0.0, profile.lag_ms / 1000 - timeline.lead_s)
    fall_kph = max(0.0, _speed_before(step, timeline) - step.entry.speed_kph)
    slower_s = fall_kph / (profile.slowest_fall_ckph_per_s / 100) - fall_kph / timeline.rates.fall_kph_per_s
    return max(0.0, step.ends_s - step.settled_s - uncovered_s - max(0.0, slower_s))


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
