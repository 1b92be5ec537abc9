"""``retrotread check``: a workout as it would be run, and everything that stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..machine import DeviceProfile, Gait, Setpoint, gait
from ..safety.tiers import Tier
from ..workouts.quantity import duration_text, incline_text, speed_text
from ..workouts.timeline import Step, StepKind, Timeline
from .launcher import Prepared, prepare, profile_at
from .preflight import limits_without_plan


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command says, and whether there is something to say no to."""

    text: str
    found: bool


def check_text(path: Path, address: str, tier: Tier | None) -> Printed:
    """The page for one workout, machine and tier (by default the tier of the workout's level).

    Raises WorkoutFileError for a file that cannot be read and AddressError for an address that is none.
    """
    profile = profile_at(address)
    prepared = prepare(path, profile, tier)
    offer = prepared.offer
    lines = [f"{offer.title}", f"on {profile.name}, tier {prepared.tier.title}", ""]
    if offer.timeline is not None:
        lines += [*_steps(offer.timeline), "", *_totals(offer.timeline), *_limits(offer.timeline, profile, prepared)]
    if offer.needs:
        lines.append(f"needs        {', '.join(offer.needs)}")
    lines += ["", *(f"note: {sentence}" for sentence in offer.findings)]
    lines += [f"limit: {sentence}" for sentence in offer.problems] or ["no limit is hit: it can be run as written"]
    return Printed("\n".join(lines), bool(offer.problems))


def _steps(timeline: Timeline) -> list[str]:
    return [f"{'step':>4}  {'at':>7}  {'length':>10}  {'speed':<24} {'incline':<14} what"] + [
        f"{one.index + 1:>4}  {_clock(one.starts_s):>7}  {duration_text(one.length_s):>10}  "
        f"{_range(one, _speed):<24} {_range(one, _incline):<14} {one.label}"
        for one in timeline.steps
    ]


def _range(step: Step, text: object) -> str:
    assert callable(text)
    first, last = text(step.entry), text(step.target)
    return str(first) if first == last else f"{first} -> {last}"


def _speed(setpoint: Setpoint) -> str:
    return speed_text(setpoint.speed_kph)


def _incline(setpoint: Setpoint) -> str:
    return incline_text(setpoint.incline_percent)


def _totals(timeline: Timeline) -> list[str]:
    way = gait(timeline.facing, timeline.belt)
    distance_m = sum((one.start.speed_kph + one.end.speed_kph) / 2 / 3.6 * one.length_s for one in timeline.segments)
    running_s = sum(one.length_s for one in timeline.steps if one.kind is StepKind.RUN)
    lines = [
        f"total        {_clock(timeline.total_s)} min:s, about {distance_m:.0f} m, {way.value} all the way",
        f"facing       the {timeline.facing.value}",
    ]
    if running_s:
        lines.append(f"running      {_clock(running_s)} min:s")
    if way is Gait.BACKWARD:
        lines.append(f"rises        at most {timeline.rates.rise_kph_per_s:.2f} km/h per second")
    return lines


def _limits(timeline: Timeline, profile: DeviceProfile, prepared: Prepared) -> list[str]:
    limits = limits_without_plan(timeline, profile, prepared.tier)
    speed, incline = limits.speed_ckph, limits.incline_dpct
    return [
        f"speed limit  {speed_text(speed.value / 100)} ({speed.reason})",
        f"incline      {incline_text(incline.value / 10)} ({incline.reason})",
    ]


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
