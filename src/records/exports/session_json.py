"""A run as JSON: everything that is kept of it but its plan as it was written. Pure.

``session-1.schema.json`` beside this file is its published schema. Numbers are whole, in the units that end their
names, as in the tables of the store; null: not said, or not told.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ...workouts.steps import Step
from ..done import Sample
from .told import Told
from .track import Lap, direction, track_of

FORMAT = 1
"""Counted up when a field changes its meaning or goes; a new one may come at any time."""

SCHEMA = Path(__file__).with_name("session-1.schema.json")

COLUMNS = (
    "run_id", "began_utc", "ended_utc", "day", "program", "tier", "workout", "level", "plan_hash", "state", "ended",
    "partial", "complete", "elapsed_ms", "plan_time_ms", "plan_total_ms", "backward_ms", "running_ms", "distance_mm",
    "speed_max_ckph", "incline_max_dpct", "heart_mean_bpm", "heart_max_bpm", "belt", "bouts", "bout_ms", "bout_ckph",
    "bout_dpct", "supervised", "harness", "empty_belt", "as_the_ladder", "happened", "heart_over", "notes",
    "steps_dropped", "chain", "chain_head",
)  # fmt: skip
"""Those of the table that are told: all but keys of the store, the name of the journal, and the plan as it was written,
for any text may stand in it."""

_YES_OR_NO = ("complete", "partial", "as_the_ladder", "heart_over", "supervised", "harness", "empty_belt")
_LISTS = ("notes", "happened")


def session_json(told: Told) -> bytes:
    """The file of a run; the same run gives the same bytes."""
    return f"{json.dumps(session_object(told), ensure_ascii=False, separators=(',', ':'))}\n".encode()


def session_object(told: Told) -> dict[str, Any]:
    """The file as plain values."""
    whole, track = told.whole, track_of(told)
    return {
        "retrotread_session": FORMAT,
        "privacy": told.privacy.value,
        "unchanged": told.unchanged,
        "person": {"pseudonym": whole.pseudonym, "name": told.name},
        "treadmill": {"name": told.treadmill, "address": told.address, "simulated": whole.simulated},
        "session": _session(told),
        "said": [asdict(one) for one in whole.said],
        "pain_next_morning": whole.morning,
        "steps": list(map(_step, told.steps)),
        "laps": list(map(_lap, track.laps)) if whole.samples else [],
        "events": [asdict(one) for one in whole.events],
        "samples": {name: [getattr(one, name) for one in whole.samples] for name in Sample.__slots__},
    }


def _session(told: Told) -> dict[str, Any]:
    row = {name: told.session[name] for name in COLUMNS}
    row |= {name: None if row[name] is None else bool(row[name]) for name in _YES_OR_NO}
    return row | {name: json.loads(row[name]) for name in _LISTS}


def _step(step: Step) -> dict[str, Any]:
    belt, gait = direction(step)
    stance = {"kind": step.kind.value, "facing": step.facing.value, "belt": belt.value, "gait": gait.value}
    times = {"starts_ms": round(step.starts_s * 1000), "length_ms": round(step.length_s * 1000)}
    asked = {
        "speed_from_ckph": round(step.entry.speed_kph * 100),
        "speed_to_ckph": round(step.target.speed_kph * 100),
        "incline_from_dpct": round(step.entry.incline_percent * 10),
        "incline_to_dpct": round(step.target.incline_percent * 10),
    }
    return {"index": step.index, **stance, **times, **asked}


def _lap(lap: Lap) -> dict[str, Any]:
    return {
        "step": None if lap.step is None else lap.step.index,
        "at_ms": lap.starts_ms,
        "length_ms": lap.length_ms,
        "distance_mm": lap.distance_mm,
        "speed_max_ckph": lap.most("speed_ckph"),
        "incline_mean_dpct": lap.mean("incline_dpct"),
        "effective_grade_mean_dpct": lap.mean("effective_grade_dpct"),
        "heart_mean_bpm": lap.mean("heart_bpm"),
        "heart_max_bpm": lap.most("heart_bpm"),
    }
