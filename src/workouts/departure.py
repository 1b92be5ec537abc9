"""From where the belt is to where the plan is, with what is said on the way.

A *way* is laid where the two differ: at a start, after a next, a change of speed or a hold. Plan time waits until its
end. No rise of a way, and none that the plan has just behind it, begins before it could be announced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..machine import Setpoint
from .cues import NEXT_STEP_S, RISE_WARNING_S, next_cue
from .layout import COOL_DOWN_S
from .moments import ANNOUNCED_S, Moment, Rise, announcements, rises_of
from .ramps import Leg, least_s, length_s, way
from .steps import Step
from .timeline import Timeline


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a plan: the step, its plan time, and how long plan time will wait at the end of the step."""

    step: int
    plan_time_s: float
    waits_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """Legs from second 0, at least one, and the cues on the same count."""

    legs: tuple[Leg, ...]
    moments: tuple[Moment, ...] = ()
    length_s: float = 0.0


def way_onto(line: Timeline, present: Setpoint, place: Place) -> Way | None:
    """The way from ``present`` to where the plan wants the belt at ``place``; None where it may just go on."""
    wish = line.wish_at(place.step, place.plan_time_s)
    ahead = line.rises_ahead(place.step, place.plan_time_s, place.waits_s)
    if present != wish and present == line.begins_at(place.step, place.plan_time_s):
        return _catching_up(line, place)
    legs = () if present == wish else way(present, wish, line.rates, RISE_WARNING_S)
    to_come_s = length_s(legs)
    missing_s = RISE_WARNING_S - to_come_s - ahead[0][0] if ahead else 0.0
    if missing_s > 0:
        legs = (*legs, Leg(to_come_s, missing_s, wish, wish))
    if not legs and not ahead:
        return None
    ends_s = length_s(legs)
    legs = legs or standing_at(wish).legs
    own = rises_of(legs, [place.step] * len(legs))
    return _with_cues(legs, ends_s, [*own, *(Rise(ends_s + in_s, cue) for in_s, cue in ahead)])


def way_down(present: Setpoint, lowest: Setpoint, line: Timeline, step: Step) -> Way:
    """The cool-down of a person who stops before the plan does: evenly down to the lowest speed, deck flat."""
    takes_s = max(COOL_DOWN_S, least_s(present, lowest, line.rates))
    end = present if present == lowest else lowest
    moment = Moment(takes_s - NEXT_STEP_S, next_cue(step, None))
    return Way((Leg(0.0, takes_s, present, end),), (moment,), takes_s)


def standing_at(present: Setpoint) -> Way:
    """No way at all: the set-point of now, as long as it is held."""
    return Way((Leg(0.0, 1.0, present, present),), (), 0.0)


def falling_to(present: Setpoint, wish: Setpoint, line: Timeline) -> Way:
    """What of ``wish`` is lower than ``present``, and nothing that is higher."""
    low = Setpoint(
        min(present.speed_kph, wish.speed_kph),
        min(present.incline_percent, wish.incline_percent),
    )
    return standing_at(present) if low == present else Way(way(present, low, line.rates, 0.0), (), 0.0)


def _catching_up(line: Timeline, place: Place) -> Way:
    """At the beginning of a section: wait for the announcement, then go the first ``lead_s`` ahead of the plan."""
    starts_s, until_s = place.plan_time_s, place.plan_time_s + line.lead_s
    rises = [rise for rise in line.rises_of(place.step) if not rise.joined and rise.at_s - starts_s <= ANNOUNCED_S]
    first_s = rises[0].at_s + line.lead_s - starts_s if rises else RISE_WARNING_S
    wait_s = max(0.0, RISE_WARNING_S - first_s)
    own = line.segments_from(place.step, until_s)
    legs = [Leg(0.0, wait_s, own[0].start, own[0].start)] if wait_s > 0 else []
    legs += [_clipped(leg, starts_s, until_s, wait_s) for leg in own]
    ends_s = wait_s + line.lead_s
    return _with_cues(legs, ends_s, [Rise(ends_s + rise.at_s - starts_s, rise.cue) for rise in rises])


def _clipped(leg: Leg, starts_s: float, until_s: float, wait_s: float) -> Leg:
    """The part of a plan's leg before ``until_s``, on the count of a way that waits first."""
    ends_s = min(leg.starts_s + leg.length_s, until_s)
    end = leg.end if leg.start is leg.end else leg.setpoint_at(ends_s)
    return Leg(wait_s + leg.starts_s - starts_s, ends_s - leg.starts_s, leg.start, end)


def _with_cues(legs: Sequence[Leg], ends_s: float, rises: Sequence[Rise]) -> Way:
    """A way with the announcements that come on it; later ones are the plan's own."""
    moments = sorted(announcements(rises), key=lambda moment: moment.at_s)
    return Way(tuple(legs), tuple(m for m in moments if m.at_s <= ends_s), ends_s)
