"""The most that somebody may do in a session, beside what machine, tier and plan allow. Pure.

Each bound keeps the sentence of whoever set it, and stands lower than what holds anyway or is of no effect: speed
and incline go with each arming to the guardian, a plan that passes one does not begin, and more pain stops the belt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..machine import incline_to_dpct, speed_to_ckph
from ..safety.heart import HeartCeiling, tightened
from ..safety.limits import HARD_FORWARD_CKPH, HARD_INCLINE_DPCT, Limit, Limits
from ..workouts.quantity import HEART_MAX_BPM, HEART_MIN_BPM, speed_text
from ..workouts.timeline import Step, Timeline
from .preflight import SESSION_MAX_S

UNLIMITED = 10**6
"""Above every ceiling of the program itself: what is not bounded tightens nothing."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The most of one quantity, in the unit of its field, and who set it with their reason."""

    most: float
    because: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """None: not bounded here.

    ``minutes`` of a moving belt in one session; ``pain`` is the highest number, from 0 to 10, that still goes on.
    """

    speed_kph: Bound | None = None
    incline_percent: Bound | None = None
    minutes: Bound | None = None
    heart_bpm: Bound | None = None
    pain: Bound | None = None


UNBOUNDED = Bounds()

RANGES = {
    "speed_kph": ("speed", 0.1, HARD_FORWARD_CKPH / 100),
    "incline_percent": ("incline", 0.0, HARD_INCLINE_DPCT / 10),
    "minutes": ("minutes", 1, SESSION_MAX_S / 60),
    "heart_bpm": ("heart rate", HEART_MIN_BPM, HEART_MAX_BPM),
    "pain": ("pain", 0, 10),
}
"""Of each field of Bounds: what it is called, and the lowest and the highest that can be meant; above, the program's
own ceilings hold."""


def limits(bounds: Bounds) -> Limits | None:
    """Speed and incline for the guardian, each with its reason; None where neither is bounded."""
    speed, incline = bounds.speed_kph, bounds.incline_percent
    if speed is None and incline is None:
        return None
    return Limits(
        Limit(UNLIMITED, "no bound") if speed is None else Limit(speed_to_ckph(speed.most), speed.because),
        Limit(UNLIMITED, "no bound") if incline is None else Limit(incline_to_dpct(incline.most), incline.because),
    )


def session_max_s(bounds: Bounds, seconds: float) -> float:
    """The shorter of what is left of the session and what is bounded."""
    return seconds if bounds.minutes is None else min(seconds, bounds.minutes.most * 60.0)


def heart_ceiling(bounds: Bounds, own: HeartCeiling | None) -> HeartCeiling | None:
    """The lower of the person's own ceiling and the bound, which is never run without a strap."""
    most = bounds.heart_bpm
    return own if most is None else tightened(own, HeartCeiling(int(most.most), required=True))


def too_much_pain(bounds: Bounds, pain: int | None) -> str | None:
    """Why nobody goes on with this pain; None where they may, as far as it is bounded."""
    most = bounds.pain
    if most is None or pain is None or pain <= most.most:
        return None
    return f"pain {pain} of 10 was said, and {most.most:g} is the most that goes on ({most.because})"


def passed_by(bounds: Bounds, timeline: Timeline) -> Iterator[str]:
    """What of a plan passes a bound, a sentence each: its fastest step, its steepest, and its length."""
    belt = [one for one in timeline.steps if one.on_belt]
    fastest, speed = max(belt, key=lambda one: one.top_kph, default=None), bounds.speed_kph
    if fastest is not None and speed is not None and fastest.top_kph > speed.most:
        asked, most = speed_text(fastest.top_kph), speed_text(speed.most)
        yield f"{fastest.where}: {asked} is above {most} ({speed.because})"
    steepest, incline = max(belt, key=_incline_percent, default=None), bounds.incline_percent
    if steepest is not None and incline is not None and _incline_percent(steepest) > incline.most:
        asked, most = f"{_incline_percent(steepest):.1f} %", f"{incline.most:.1f} %"
        yield f"{steepest.where}: {asked} is above {most} ({incline.because})"
    minutes, longest = sum(one.length_s for one in belt) / 60, bounds.minutes
    if longest is not None and minutes > longest.most:
        yield (
            f"{timeline.name} moves the belt for {minutes:.0f} min, and {longest.most:g} min is the most "
            f"({longest.because})"
        )


def bounds_told(bounds: Bounds) -> Iterator[str]:
    """A sentence for each bound that there is."""
    for what, bound, unit in (
        ("speed", bounds.speed_kph, " km/h"),
        ("incline", bounds.incline_percent, " %"),
        ("minutes", bounds.minutes, ""),
        ("heart rate", bounds.heart_bpm, " bpm"),
        ("pain", bounds.pain, " of 10"),
    ):
        if bound is not None:
            yield f"{what} at most {bound.most:g}{unit} ({bound.because})"


def _incline_percent(step: Step) -> float:
    return max(step.entry.incline_percent, step.target.incline_percent)
