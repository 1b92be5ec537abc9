"""The same as JSON: numbers with their units in their names, and a number of the format. Pure.

Each object names its format, which is counted up when a field changes its meaning or goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .comparing import compared
from .curve import curve_of
from .report.facts import happenings, hits, moment
from .trends import Sum, Week

if TYPE_CHECKING:
    from ..workouts.timeline import Timeline
    from .store import Listed
    from .whole import Whole

FORMAT = 1

_BESIDE = frozenset({"id", "person_id", "treadmill_id", "plan", "layout", "notes", "happened"})


def list_object(sessions: Sequence[Listed], problems: Sequence[str]) -> dict[str, Any]:
    """``retrotread history list --json``."""
    return {
        "retrotread_sessions": FORMAT,
        "sessions": [listed_object(one) for one in sessions],
        "problems": [*problems],
    }


def listed_object(one: Listed) -> dict[str, Any]:
    """One session of the list."""
    return asdict(one) | {"day": one.day.isoformat()}


def show_object(one: Listed, whole: Whole, timeline: Timeline | None, intact: bool) -> dict[str, Any]:
    """``retrotread history show --json``: the row of the session, what was met and what happened, and its curve.

    ``planned_kph`` is None while the plan waited; ``left`` is the rest of a plan that was left early.
    """
    curve = curve_of(whole.samples, timeline)
    return {
        "retrotread_session": FORMAT,
        **{name: value for name, value in whole.session.items() if name not in _BESIDE},
        **listed_object(one),
        "pain_next_morning": whole.morning,
        "intact": intact,
        "notes": list(whole.notes),
        "happened": list(whole.happened),
        "limits": [
            asdict(hit) | {"at": _at(whole, hit.at_ms), "action": hit.action.name.lower()} for hit in hits(whole)
        ],
        "events": [
            {"at": _at(whole, e.at_ms), "at_ms": e.at_ms, "kind": e.kind, "text": e.text} for e in happenings(whole)
        ],
        "moments": [asdict(one) for one in curve.moments],
        "left": [{"at_s": at_s, "speed_kph": kph} for at_s, kph in curve.left],
    }


def trends_object(found: Sequence[Week], in_all: Sum, problems: Sequence[str]) -> dict[str, Any]:
    """``retrotread history trends --json``."""
    return {
        "retrotread_trends": FORMAT,
        "weeks": [{"monday": one.monday.isoformat(), **asdict(one.sum)} for one in found],
        "in_all": asdict(in_all),
        "problems": [*problems],
    }


def comparison_object(first: Listed, second: Listed) -> dict[str, Any]:
    """``retrotread history compare --json``."""
    pairs = [
        {"what": one.what, "unit": one.unit, "first": one.first, "second": one.second, "change": one.change}
        for one in compared(first, second)
    ]
    both = {"first": listed_object(first), "second": listed_object(second)}
    return {"retrotread_comparison": FORMAT, **both, "quantities": pairs}


def _at(whole: Whole, at_ms: int) -> str:
    return moment(whole, at_ms).isoformat(timespec="seconds")
