"""What was done in a run, worked out of its journal: samples, totals, and the work that counts for the ladder. Pure."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from ..safety.hazards import Action, Hazard
from ..sessions.journal import ALONE, CHECKLIST, COMPANY, EMPTY_BELT, FELT, HAPPENED, NEEDS
from ..sessions.journal_whole import RunWhole
from ..sessions.preflight import Block, backward_steps, blocks, done_by
from ..training.history import (
    BOUTS_MAX,
    INCLINE_HAIR_PERCENT,
    INCLINE_MAX_PERCENT,
    SPEED_HAIR_KPH,
    SPEED_MAX_KPH,
    Dose,
    Event,
)
from ..workouts.phases import Phase
from ..workouts.timeline import Step, StepKind, Timeline
from .tables import MS_MAX

GAP_MS = 5_000
"""A speed holds until the next report, but for no longer: after five silent seconds nobody knows what the belt does."""

SPEED_MAX_CKPH, INCLINE_MAX_DPCT, HEART_MAX_BPM = 5_000, 500, 255
"""No treadmill goes faster than 50 km/h or steeper than 50 %, and a strap tells a rate in one byte: more is damage."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The last report in one second of a run. ``at_ms`` since its first step; None: not told in that second, and
    ``step``: the plan did not go on."""

    at_ms: int
    speed_ckph: int | None = None
    incline_dpct: int | None = None
    heart_bpm: int | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What was done, in whole numbers."""

    elapsed_ms: int
    plan_time_ms: int
    backward_ms: int
    running_ms: int
    distance_mm: int
    speed_max_ckph: int
    incline_max_dpct: int
    heart_mean_bpm: int | None = None
    heart_max_bpm: int | None = None


# --- samples ----------------------------------------------------------------------------------------------------


def first_ms(run: RunWhole) -> int:
    """The moment from which the times of a run are counted: its first step, else its first event, else 0."""
    moments = [rows[0][0] for rows in (run.steps, run.events) if rows]
    return moments[0] if moments else 0


def samples_of(run: RunWhole) -> tuple[Sample, ...]:
    """The reports of a run, one a second. Raises ValueError for steps that are not written as steps are."""
    start_ms, found = first_ms(run), dict[int, Sample]()
    taken_ms = [round(at_s * 1000) for at_s, _, _ in run.taken]
    for at_ms, inputs, _ in run.steps:
        seen, heart = _reports(inputs)
        if seen is None and heart is None:
            continue
        second, now = (at_ms - start_ms) // 1000, bisect_right(taken_ms, at_ms)
        before = found.get(second, Sample(0))
        found[second] = Sample(
            at_ms - start_ms,
            _told(seen, "speed_ckph", SPEED_MAX_CKPH, before.speed_ckph),
            _told(seen, "incline_dpct", INCLINE_MAX_DPCT, before.incline_dpct),
            _told(heart, "bpm", HEART_MAX_BPM, before.heart_bpm),
            _step(run.taken[now - 1]) if now else None,
        )
    return tuple(found[second] for second in sorted(found) if second >= 0)


def _step(taken: tuple[float, int, str]) -> int | None:
    """The step that is being gone; while somebody is waited for or the plan is paused there is none."""
    _, step, phase = taken
    return step if phase == Phase.RUNNING.value else None


def _reports(inputs: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The last report of the machine and of the strap in one step."""
    if "Seen" not in inputs:  # of ten steps one has a report, and reading JSON is what takes time here
        return None, None
    last = {one["_"]: one for one in json.loads(inputs) if isinstance(one, dict) and "_" in one}
    return last.get("Seen"), last.get("HeartSeen")


def _told(report: dict[str, Any] | None, key: str, most: int, before: int | None) -> int | None:
    value = None if report is None else report.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > most:
        return before
    return value


# --- totals -----------------------------------------------------------------------------------------------------


def totals_of(run: RunWhole, samples: tuple[Sample, ...], timeline: Timeline | None) -> Totals:
    """From the summary; for a run that was not closed, from its samples."""
    return _measured(samples, timeline) if run.summary is None else _summed(run.summary, samples, timeline)


def _summed(summary: dict[str, Any], samples: tuple[Sample, ...], timeline: Timeline | None) -> Totals:
    """What the summary does not tell, an older one, comes from the samples."""
    measured = _measured(samples, timeline)
    plan_time_s = number(summary.get("plan_time_s"))
    done = None if timeline is None or plan_time_s is None else done_by(timeline, plan_time_s)

    def whole(key: str, times: int, otherwise: int) -> int:
        value = number(summary.get(key))
        if value is not None and value * times > MS_MAX:
            raise ValueError(f"its {key} of {value:g} is more than a run can have")
        return otherwise if value is None else round(max(0.0, value) * times)

    return Totals(
        whole("elapsed_s", 1000, measured.elapsed_ms),
        whole("plan_time_s", 1000, measured.plan_time_ms),
        whole("backward_s", 1000, measured.backward_ms if done is None else round(done.backward_s * 1000)),
        whole("running_s", 1000, measured.running_ms if done is None else round(done.running_s * 1000)),
        whole("distance_m", 1000, measured.distance_mm),
        whole("max_speed_kph", 100, measured.speed_max_ckph),
        whole("max_incline_percent", 10, measured.incline_max_dpct),
        whole("heart_mean_bpm", 1, 0) or measured.heart_mean_bpm,
        whole("heart_max_bpm", 1, 0) or measured.heart_max_bpm,
    )


def _measured(samples: tuple[Sample, ...], timeline: Timeline | None) -> Totals:
    """From what was reported. All that the belt moved counts as backward: rather too much than too little."""
    moving = [(one, _held_ms(one, after)) for one, after in pairwise(samples) if one.speed_ckph]
    moved_ms = sum(ms for _, ms in moving)
    hearts = [one.heart_bpm for one in samples if one.heart_bpm]
    last = max((one.step for one in samples if one.step is not None and one.speed_ckph), default=None)
    begun = None if timeline is None or last is None or last >= len(timeline.steps) else timeline.steps[last]
    running_s = 0.0 if begun is None or timeline is None else done_by(timeline, begun.ends_s).running_s
    return Totals(
        elapsed_ms=moving[-1][0].at_ms + moving[-1][1] - moving[0][0].at_ms if moving else 0,
        plan_time_ms=0 if begun is None else round(begun.starts_s * 1000),
        backward_ms=moved_ms,
        running_ms=min(moved_ms, round(running_s * 1000)),
        distance_mm=round(sum((one.speed_ckph or 0) * ms for one, ms in moving) / 360),
        speed_max_ckph=max((one.speed_ckph or 0 for one in samples), default=0),
        incline_max_dpct=max((one.incline_dpct or 0 for one in samples), default=0),
        heart_mean_bpm=round(sum(hearts) / len(hearts)) if hearts else None,
        heart_max_bpm=max(hearts, default=None),
    )


def _held_ms(one: Sample, after: Sample) -> int:
    return min(GAP_MS, after.at_ms - one.at_ms)


def number(value: object) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


# --- work -------------------------------------------------------------------------------------------------------


def work_of(timeline: Timeline, samples: tuple[Sample, ...], plan_time_ms: int) -> Dose | None:
    """The backward blocks that were gone to their end, at the speed that was measured; None where there is none.

    Of blocks of several speeds those of the highest count; of these the least speed, incline and length of each.
    """
    done = [one for one in _blocks(timeline) if (one.first.starts_s + one.length_s) * 1000 <= plan_time_ms + 1000]
    bouts = [bout for one in done if (bout := _bout(one, timeline, samples)) is not None]
    if not bouts:
        return None
    top_kph = max(bout.speed_kph for bout in bouts)
    best = [bout for bout in bouts if bout.speed_kph >= top_kph - SPEED_HAIR_KPH]
    return Dose(
        min(len(best), BOUTS_MAX),
        min(bout.bout_s for bout in best),
        min(bout.speed_kph for bout in best),
        min(bout.incline_percent for bout in best),
    )


def as_planned(timeline: Timeline, samples: tuple[Sample, ...], plan_time_ms: int) -> bool:
    """Whether every backward step but a cool-down was gone to its end, as fast and as steep as it was planned."""
    steps = [one for one in backward_steps(timeline) if one.kind is not StepKind.COOL_DOWN]
    to_the_end = bool(steps) and steps[-1].ends_s * 1000 <= plan_time_ms + 1000
    return to_the_end and all(_kept_up(one, samples) for one in steps)


def _kept_up(step: Step, samples: tuple[Sample, ...]) -> bool:
    """Half of the reports of a step against the middle of what it asks for; what is not told was not done."""
    seen = [one for one in samples if one.step == step.index and one.speed_ckph is not None]
    if not seen:
        return False
    speed_kph = median(one.speed_ckph or 0 for one in seen) / 100
    incline_percent = median(one.incline_dpct or 0 for one in seen) / 10
    asked_kph = (step.entry.speed_kph + step.target.speed_kph) / 2
    asked_percent = (step.entry.incline_percent + step.target.incline_percent) / 2
    return speed_kph >= asked_kph - SPEED_HAIR_KPH and incline_percent >= asked_percent - INCLINE_HAIR_PERCENT


def _blocks(timeline: Timeline) -> Iterator[Block]:
    return (one for one in blocks(timeline) if one.length_s >= 1.0)


def _bout(block: Block, timeline: Timeline, samples: tuple[Sample, ...]) -> Dose | None:
    """One block as it was measured: half of its reports were at least so fast and so steep."""
    ends_s = block.first.starts_s + block.length_s
    steps = {one.index for one in backward_steps(timeline) if block.first.starts_s <= one.starts_s < ends_s}
    seen = [one for one in samples if one.step in steps and one.speed_ckph is not None]
    speed_kph = median(one.speed_ckph or 0 for one in seen) / 100 if seen else 0.0
    if speed_kph <= 0.0:
        return None
    incline_percent = median(one.incline_dpct or 0 for one in seen) / 10
    return Dose(1, block.length_s, min(speed_kph, SPEED_MAX_KPH), min(max(0.0, incline_percent), INCLINE_MAX_PERCENT))


# --- what happened ----------------------------------------------------------------------------------------------

_SYMPTOMS = frozenset({Hazard.SYMPTOM.value, Hazard.SYMPTOM_AT_ONCE.value})
_MEANT = frozenset(
    one.value for one in (Hazard.PLAN_STOP, Hazard.OPERATOR_STOP, Hazard.OPERATOR_STOP_AGAIN, Hazard.PAUSE_TOO_LONG)
)
_HEART_OVER = frozenset({Hazard.HEART_HIGH.value, Hazard.HEART_OVER.value})


_EVENTS = {one.value: one for one in Event}
_BESIDE = frozenset({"spotter", "supervisor"})


def happened_in(run: RunWhole) -> frozenset[Event]:
    """What the program saw, a pulled key, a symptom, a stop that nobody meant; and what the person said befell them."""
    stops = {hazard for hazard, action in _causes(run) if action >= Action.CONTROLLED_STOP} - _MEANT
    found = {Event.KEY_PULL} if Hazard.KEY_PULLED.value in stops else set()
    found |= {Event.SYMPTOM_STOP} if stops & _SYMPTOMS else set()
    found |= {Event.UNPLANNED_STOP} if stops - _SYMPTOMS - {Hazard.KEY_PULLED.value} else set()
    found |= {Event.SYMPTOM_STOP} if _told_of(run, FELT) else set()
    return frozenset(found | {_EVENTS[text] for text in _told_of(run, HAPPENED) if text in _EVENTS})


def around(run: RunWhole) -> dict[str, int | None]:
    """Who was there and what was ready, by the checklist; None where nothing tells.

    Somebody who is there stood beside the belt only where the workout asked for it and the checklist was gone through.
    """
    ready = {word for text in _told_of(run, NEEDS) for word in text.split(", ")} if _told_of(run, CHECKLIST) else set()
    beside = 1 if ready & _BESIDE else None
    return {
        "supervised": 0 if ALONE in _told_of(run, COMPANY) else beside,
        "harness": 1 if "harness" in ready else None,
        "empty_belt": int(bool(_told_of(run, EMPTY_BELT))),
    }


def _told_of(run: RunWhole, kind: str) -> tuple[str, ...]:
    """The texts of its events of one kind."""
    return tuple(text for _, _, of_kind, text in run.events if of_kind == kind)


def heart_over(run: RunWhole, totals: Totals) -> bool | None:
    """Whether the heart was over its ceiling; None where no rate was told."""
    if totals.heart_max_bpm is None:
        return None
    return any(hazard in _HEART_OVER for hazard, _ in _causes(run))


def _causes(run: RunWhole) -> Iterator[tuple[str, int]]:
    """Hazard and action of every cause; steps repeat theirs, so each text is read once."""
    for text in {causes for _, _, causes in run.steps}:
        for one in json.loads(text):
            yield str(one["hazard"]), int(one["action"])
