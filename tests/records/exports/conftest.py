"""Runs as the store gives them, put together by hand: what no simulated treadmill tells is in them too."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from retrotread.machine import BeltDirection, Facing, Setpoint
from retrotread.records.done import Sample
from retrotread.records.exports.told import Privacy, Told
from retrotread.records.whole import KeptAnswer, KeptEvent, Whole
from retrotread.workouts.steps import Step, StepKind

BEGAN = "2026-03-02T09:00:00.250000+00:00"
SESSION: dict[str, Any] = {
    "id": 1, "person_id": 1, "treadmill_id": 1, "journal": "2026-03-02-ab12.sqlite", "plan": b"", "layout": "{}",
    "run_id": "ab12cd34", "began_utc": BEGAN, "ended_utc": "2026-03-02T09:10:00+00:00", "day": "2026-03-02",
    "program": "retrotread 0", "tier": "walker", "workout": "Two bouts", "level": 1, "plan_hash": "ab" * 32,
    "state": "closed", "ended": "the plan is done", "partial": 0, "complete": 1,
    "elapsed_ms": 30_000, "plan_time_ms": 30_000, "plan_total_ms": 30_000, "backward_ms": 30_000, "running_ms": 0,
    "distance_mm": 20_000, "speed_max_ckph": 300, "incline_max_dpct": 20, "heart_mean_bpm": None,
    "heart_max_bpm": None, "belt": "forward", "bouts": None, "bout_ms": None, "bout_ckph": None, "bout_dpct": None,
    "as_the_ladder": 0, "happened": "[]", "heart_over": None, "notes": "[]", "steps_dropped": 0, "chain": "sha256-2",
    "chain_head": "cd" * 32, "supervised": None, "harness": None, "empty_belt": 0,
}  # fmt: skip

Made = Callable[..., Told]


def a_step(index: int, kind: StepKind = StepKind.WALK, belt: BeltDirection = BeltDirection.FORWARD) -> Step:
    """Ten seconds of backward gait."""
    facing = Facing.REAR if belt is BeltDirection.FORWARD else Facing.CONSOLE
    asked = Setpoint(3.0, 2.0)
    return Step(index, kind, f"step {index}", index * 10.0, 10.0, index * 10.0, asked, asked, None, facing, belt)


def seconds(first: int, count: int, step: int | None = None, **told: int | None) -> tuple[Sample, ...]:
    """Samples, one a second, that all tell the same."""
    return tuple(Sample(at * 1000 + 800, step=step, **told) for at in range(first, first + count))


def a_run(samples: tuple[Sample, ...], steps: tuple[Step, ...] = (), name: str | None = None, **session: Any) -> Told:
    """A run with these samples; ``session``: columns that are other than those of the usual one."""
    whole = Whole(
        "P-7K3M2Q", "Home", "ble://Home", False, date(2026, 3, 2), SESSION | session,
        (KeptEvent(1, 500, "2026-03-02T09:00:01.400000+00:00", "mode", "armed", "ef" * 32),),
        (KeptAnswer("before", 1, None), KeptAnswer("after", 2, 3)), samples, 1,
    )  # fmt: skip
    if name is None:
        return Told(whole, Privacy.PSEUDONYMOUS, steps)
    return Told(whole, Privacy.IDENTIFIED, steps, name, whole.treadmill, whole.address)


@pytest.fixture
def two_steps() -> Told:
    """Twenty seconds of standing, three of waiting, two steps of ten, the second steeper, and a standstill."""
    standing = seconds(0, 20, speed_ckph=0, incline_dpct=0)
    waiting = seconds(20, 3, speed_ckph=50, incline_dpct=0)
    first = seconds(23, 10, step=0, speed_ckph=100, incline_dpct=0, heart_bpm=101)
    second = seconds(33, 10, step=1, speed_ckph=300, incline_dpct=25)
    still = seconds(43, 3, speed_ckph=0, incline_dpct=0)
    return a_run((*standing, *waiting, *first, *second, *still), (a_step(0), a_step(1, StepKind.COOL_DOWN)))


def with_notes(told: Told, *notes: str) -> Told:
    """The same run with these sentences in its summary."""
    return replace(told, whole=replace(told.whole, session=told.session | {"notes": json.dumps(notes)}))
