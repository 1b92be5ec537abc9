"""The plan of a kept run, laid out in time again as it was when it was run. Pure."""

from __future__ import annotations

import json

from ..guardian import wire
from ..sessions.layout import Layout, unrolled
from ..workouts.quick import quick_plan
from ..workouts.source import parse_workout
from ..workouts.timeline import Timeline
from .whole import Whole


def timeline_of(plan: bytes, layout: str, workout: str, plan_hash: str) -> Timeline | None:
    """The plan as it was laid out; None for one that today's program does not read, or lays out in another way."""
    try:
        how = wire.from_plain(Layout, json.loads(layout))
        timeline = unrolled(quick_plan(plan.decode()) if how.quick else parse_workout(plan, workout), how)
    except ValueError:
        return None
    return timeline if timeline.plan_hash == plan_hash else None


def timeline_in(whole: Whole) -> Timeline | None:
    """The plan of a kept run; None as above."""
    did = whole.session
    return timeline_of(bytes(did["plan"]), did["layout"], did["workout"], did["plan_hash"])
