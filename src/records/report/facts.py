"""What the page says of a session, as rows of words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from ...safety.hazards import Action, Hazard
from ...safety.policy import RULES
from ...sessions.preflight import Block, backward_steps, blocks, done_by
from ...workouts.timeline import Timeline
from ..done import GAP_MS

if TYPE_CHECKING:
    from ..whole import KeptEvent, Whole

EPISODE_MS = 30_000
"""One cause that comes and goes within half a minute is told once."""

ROUTINE = frozenset({Hazard.ATTENTION_ASKED, Hazard.PLAN_STOP, Hazard.ARM_REFUSED, Hazard.START_NOT_POSSIBLE})
"""The question whether somebody is still well comes in every run, and a plan that is done stops the belt; what was
refused at a standstill was no limit of the session."""

DONE_ABOUT = {
    Action.ALLOW: "told",
    Action.WARN: "told",
    Action.FREEZE_RISES: "nothing rose",
    Action.EASE: "eased",
    Action.CONTROLLED_STOP: "stopped",
    Action.PROTECTIVE_STOP: "stopped at once",
    Action.ESCALATE: "stopped, with an alarm",
}

PRESCRIBED = "prescribed"
"""The kind of the event that holds what a clinic prescribed."""

WORK = "work"
"""The fastest backward blocks: how many, how long, how fast."""

BESIDE = frozenset({"idle", "armed", "countdown", "disconnected"})
"""Modes before anything moves."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of planned against done."""

    what: str
    planned: str
    done: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A limit or a rule that was met: when first, how often, in its own words, why there is such a rule, and what was
    done about it."""

    at_ms: int
    times: int
    text: str
    why: str
    done: str
    action: Action


# --- when -------------------------------------------------------------------------------------------------------


def moment(whole: Whole, at_ms: int) -> datetime:
    """The clock time of a moment of the run here: by its first event, else by when it began."""
    first = whole.events[0] if whole.events else None
    said = datetime.fromisoformat(whole.session["began_utc"] if first is None else first.at_utc)
    aware = said.replace(tzinfo=UTC) if said.tzinfo is None else said
    return (aware + timedelta(milliseconds=at_ms - (0 if first is None else first.at_ms))).astimezone()


def motion_ms(whole: Whole) -> tuple[int, int] | None:
    """From the first report of a moving belt to the one after its last; None where none was seen to move."""
    moving = [at for at, one in enumerate(whole.samples) if one.speed_ckph]
    if not moving:
        return None
    last = whole.samples[moving[-1]].at_ms
    after = whole.samples[min(moving[-1] + 1, len(whole.samples) - 1)].at_ms
    return whole.samples[moving[0]].at_ms, min(after, last + GAP_MS)


# --- planned against done ---------------------------------------------------------------------------------------


def planned_and_done(whole: Whole, timeline: Timeline | None) -> tuple[Row, ...]:
    """The plan of the session and what came of it; a plan that cannot be laid out any more tells its length alone."""
    did = whole.session
    plan = dict(_planned(timeline)) if timeline is not None else {}
    done = {
        "plan time": clock(did["plan_time_ms"] / 1000),
        "backward": clock(did["backward_ms"] / 1000),
        "of it running": clock(did["running_ms"] / 1000),
        WORK: "none to its end" if did["bouts"] is None else _work(did),
        "distance": f"{did['distance_mm'] / 1_000_000:.2f} km",
        "highest speed": f"{did['speed_max_ckph'] / 100:.1f} km/h",
        "highest incline": f"{did['incline_max_dpct'] / 10:.1f} %",
    }
    plan["plan time"] = clock(did["plan_total_ms"] / 1000)
    if timeline is not None:
        done["steps"] = f"{sum(one.ends_s <= did['plan_time_ms'] / 1000 + 1 for one in timeline.steps)}"
    return tuple(Row(what, plan.get(what, ""), said) for what, said in done.items())


def _planned(timeline: Timeline) -> Iterator[tuple[str, str]]:
    all_of_it = done_by(timeline, timeline.total_s)
    legs = timeline.segments
    yield "backward", clock(all_of_it.backward_s)
    yield "of it running", clock(all_of_it.running_s)
    yield WORK, _work_planned(timeline)
    metres = sum((one.start.speed_kph + one.end.speed_kph) / 2 / 3.6 * one.length_s for one in legs)
    yield "distance", f"{metres / 1000:.2f} km"
    yield "highest speed", f"{max(max(one.start.speed_kph, one.end.speed_kph) for one in legs):.1f} km/h"
    yield "highest incline", f"{max(max(one.start.incline_percent, one.end.incline_percent) for one in legs):.1f} %"
    yield "steps", f"{len(timeline.steps)}"


def _work_planned(timeline: Timeline) -> str:
    """The fastest backward blocks of the plan."""
    found = [one for one in blocks(timeline) if one.length_s >= 1.0]
    if not found:
        return "none backward"
    top_kph = max(map(_speed_kph, found))
    fastest = [one for one in found if _speed_kph(one) >= top_kph - 0.05]
    return f"{len(fastest)} × {clock(min(one.length_s for one in fastest))} at {top_kph:.1f} km/h"


def _speed_kph(block: Block) -> float:
    return min(block.first.entry.speed_kph, block.first.target.speed_kph)


def _work(did: dict[str, int]) -> str:
    return f"{did['bouts']} × {clock(did['bout_ms'] / 1000)} at {did['bout_ckph'] / 100:.1f} km/h"


def direction(timeline: Timeline | None) -> str:
    """How much of the plan goes backward, in words."""
    if timeline is None:
        return "not known"
    backward, steps = backward_steps(timeline), [one for one in timeline.steps if one.on_belt]
    if not backward:
        return "forward"
    words = "backward" if len(backward) == len(steps) else "backward and forward"
    return f"{words}, belt {backward[0].belt.value}"


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    whole_s = round(max(0.0, seconds))
    return f"{whole_s // 60}:{whole_s % 60:02}"


# --- what happened ----------------------------------------------------------------------------------------------


def hits(whole: Whole) -> tuple[Hit, ...]:
    """Every limit and rule that was met, in the order of its first time."""
    known = {one.value: one for one in Hazard if one not in ROUTINE}
    met: dict[Hazard, list[KeptEvent]] = {}
    for event in whole.events:
        if event.kind in known:
            met.setdefault(known[event.kind], []).append(event)
    return tuple(_hit(hazard, events) for hazard, events in met.items())


def _hit(hazard: Hazard, events: Sequence[KeptEvent]) -> Hit:
    """Of its sentences the last one: the numbers in it have gone furthest."""
    rule = RULES[hazard]
    times = 1 + sum(after.at_ms - one.at_ms > EPISODE_MS for one, after in pairwise(events))
    return Hit(events[0].at_ms, times, events[-1].text, rule.why, DONE_ABOUT[rule.action], rule.action)


def happenings(whole: Whole) -> tuple[KeptEvent, ...]:
    """Every other event, each once where it is said again and again; those before anything moves are left out."""
    hazards = {one.value for one in Hazard}
    others = [
        one for one in whole.events if one.kind not in hazards and not (one.kind == "mode" and one.text in BESIDE)
    ]
    return tuple(next(again) for _, again in groupby(others, key=lambda one: (one.kind, one.text)))


def prescription(whole: Whole) -> str | None:
    """What a clinic had prescribed for the session, as it was read back before it; None outside of one."""
    return next((one.text for one in reversed(whole.events) if one.kind == PRESCRIBED), None)


def event_words(event: KeptEvent) -> str:
    """An event in a line: a mode is what the belt did."""
    return f"belt: {event.text}" if event.kind == "mode" else f"{event.kind.replace('_', ' ')}: {event.text}"
