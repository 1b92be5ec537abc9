"""A timeline with other speeds: the rest of a plan scaled, one step nudged, at the same ramp rates.

Lengths and plan time stay as they are, so a place in the one is a place in the other. A ramp that became too long for
its step goes as far as it gets: nothing is steeper than planned. Inclines stay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..machine import Setpoint
from .ramps import Leg, RampRates, Road, least_s
from .steps import Segment, Step
from .timeline import Timeline

SCALE_PERCENT = (50, 120)
"""The least and the most that speeds are scaled to: half is a walk where the plan runs; a fifth more is the step that
a plan of the next level takes. An engineering proposal."""

NUDGE_MAX_KPH = 1.0
"""How far a step's speed is changed by hand in all: enough to find what is comfortable, not another workout."""


@dataclass(frozen=True, slots=True)
class Change:
    """Speeds in percent of the plan's, and so many km/h more in one step."""

    scale_percent: int = 100
    step: int = 0
    nudge_kph: float = 0.0


UNCHANGED = Change()


def changed(timeline: Timeline, change: Change) -> Timeline:
    """``timeline`` with other speeds, never below the lowest of the belt."""
    if change.scale_percent == 100 and change.nudge_kph == 0.0:
        return timeline
    steps, segments = [], []
    road = Road(timeline.lowest, timeline.rates)
    for planned in timeline.steps:
        if planned.on_belt:
            step, legs = _laid(planned, road, change, timeline)
        else:
            step, legs = planned, _standing(planned)
            road = Road(timeline.lowest, timeline.rates)
            road.jump_to(step.ends_s, timeline.lowest)
        steps.append(step)
        segments += [Segment(s.starts_s, s.length_s, s.start, s.end, step.index, step.label, step.say) for s in legs]
    return replace(timeline, steps=tuple(steps), segments=tuple(segments))


def _standing(step: Step) -> list[Leg]:
    return [Leg(step.starts_s, step.length_s, step.target, step.target)] if step.length_s > 0 else []


def _laid(step: Step, road: Road, change: Change, timeline: Timeline) -> tuple[Step, list[Leg]]:
    nudge_kph = change.nudge_kph if step.index == change.step else 0.0
    entry, target = (
        Setpoint(
            max(timeline.lowest_kph, s.speed_kph * change.scale_percent / 100 + nudge_kph),
            s.incline_percent,
        )
        for s in (step.entry, step.target)
    )
    if entry == target:
        target = entry
    laid = len(road.legs)
    road.ramp_to(entry)
    settled_s = min(road.at_s, step.ends_s)
    if road.at_s < step.ends_s:
        _go_along(road, entry, target, step.ends_s, timeline.rates)
    road.cut(step.ends_s)
    return replace(step, settled_s=settled_s, entry=entry, target=target), road.legs[laid:]


def _go_along(road: Road, entry: Setpoint, target: Setpoint, ends_s: float, rates: RampRates) -> None:
    """Straight to ``target``, or, where that is too steep, at the rates and as far as it gets."""
    if least_s(entry, target, rates) <= ends_s - road.clear_s(target):
        road.straight_to(target, ends_s)
        return
    road.ramp_to(target)
    if road.at_s < ends_s:
        road.straight_to(target, ends_s)
