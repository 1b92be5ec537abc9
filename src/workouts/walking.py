"""Time passes: along a way, along the plan, in a hold, at the end of a step that was made longer.

Time is cut into *spans*, in each of which one count runs and nothing else changes. A tick that spans several of them
goes through each, so the same cues come in the same order however often the engine is asked.
"""

from __future__ import annotations

import math
from dataclasses import replace

from .changes import Change, changed
from .cues import (
    Cue,
    CueKind,
    answer,
    done_cue,
    next_cue,
    off_belt_cue,
    ready_cue,
    step_cue,
    turn_cue,
)
from .departure import Place, Way, way_down, way_onto
from .moments import crossed
from .phases import TRANSITIONS, Event, OffBeltDue, Phase, PlanEnded, TurnDue
from .phrases import Amount, phrase
from .quantity import duration_text
from .state import DISTANCE_OVERTIME_S, EngineState, Span, by_distance, line_of, place_of, waits_s, wanted
from .timeline import Step, StepKind, Timeline

HOLD_MAX_S = 600.0
"""The longest hold: a place between two speeds is not what somebody trains for longer, and a plan that waits without
end is one that somebody forgot."""

Walked = tuple[EngineState, tuple[Cue, ...]]
"""A state and what was said on the way to it."""

MOVING = frozenset({Phase.RUNNING, Phase.OFF_BELT})
"""Phases in which plan time may pass."""


def walked(timeline: Timeline, state: EngineState, now_s: float) -> Walked:
    """Let time pass up to ``now_s``, in a phase in which plan time may."""
    now_s = max(now_s, state.clock_s)
    said: tuple[Cue, ...] = ()
    while state.phase in MOVING:
        line, mark_s = line_of(timeline, state), state.course.mark_s
        span = state.course.span
        lasts_s, goal_s = _lasts(line, state)
        if now_s - mark_s < lasts_s:
            later, more = _told(line, state, _within(state, span, _count(state, span, now_s - mark_s), now_s))
            return later, said + more
        later, told = _told(line, state, _within(state, span, goal_s, mark_s + lasts_s))
        state, more = _after(timeline, later, span)
        said += told + more
    return (state if state.clock_s >= now_s else replace(state, clock_s=now_s)), said


def _lasts(line: Timeline, state: EngineState) -> tuple[float, float]:
    """How long the present span lasts from its mark, and what its count comes to."""
    course, step = state.course, line.steps[state.step_index]
    match course.span:
        case Span.PLAN:
            waits_at_s = line.waits_at_s(step.index) if step.on_belt else step.ends_s
            goal_s = waits_at_s if course.from_s < waits_at_s else step.ends_s
            return goal_s - course.from_s, goal_s
        case Span.WAY:
            length_s = 0.0 if state.way is None else state.way.length_s
            return length_s, length_s
        case Span.ADDED:
            return course.from_s, 0.0
        case Span.OVER:
            over_max_s = step.length_s + DISTANCE_OVERTIME_S + state.extended_s
            return over_max_s - course.from_s, over_max_s
        case Span.HELD:
            since_s = course.mark_s if state.waiting_since_s is None else state.waiting_since_s
            return since_s + HOLD_MAX_S - course.mark_s, HOLD_MAX_S
        case Span.REST:
            return math.inf, math.inf


def _count(state: EngineState, span: Span, gone_s: float) -> float:
    from_s = state.course.from_s
    return from_s - gone_s if span is Span.ADDED else from_s + gone_s


def _within(state: EngineState, span: Span, count_s: float, now_s: float) -> EngineState:
    """The state with the count of its span, and no announcement of a rise that has begun."""
    raises_at_s = state.raises_at_s
    if raises_at_s and raises_at_s[0] <= now_s:
        raises_at_s = tuple(at_s for at_s in raises_at_s if at_s > now_s)
    way_s = state.way_s
    if span is Span.WAY or (span is Span.HELD and state.way is not None):
        way_s = count_s
    return EngineState(
        state.phase,
        count_s if span is Span.PLAN else state.plan_time_s,
        now_s,
        state.step_index,
        state.waiting_since_s,
        state.way,
        way_s,
        state.held,
        count_s if span is Span.ADDED else state.extended_s,
        count_s if span is Span.OVER else state.over_s,
        state.nudge_kph,
        state.scale_percent,
        raises_at_s,
        state.distance_m,
        state.course,
    )


def marked(line: Timeline, state: EngineState) -> EngineState:
    """The state with a new span beginning at its clock."""
    span, from_s = _begins(line, state)
    return replace(state, course=replace(state.course, span=span, mark_s=state.clock_s, from_s=from_s))


def _begins(line: Timeline, state: EngineState) -> tuple[Span, float]:
    """The span that the state is at the beginning of, and what its count starts from."""
    if state.held:
        return Span.HELD, 0.0
    if state.way is not None:
        return Span.WAY, 0.0
    step = line.steps[state.step_index]
    waits_at_s = line.waits_at_s(step.index) if step.on_belt else step.ends_s
    if state.plan_time_s == waits_at_s and waits_s(line, state) > 0.0:
        return (Span.OVER, state.over_s) if by_distance(step, state) else (Span.ADDED, state.extended_s)
    if state.plan_time_s >= step.ends_s and state.phase is Phase.OFF_BELT:
        return Span.REST, 0.0
    return Span.PLAN, state.plan_time_s


# --- cues -------------------------------------------------------------------------------------------------------


def _told(line: Timeline, before: EngineState, after: EngineState) -> Walked:
    """What is said between two moments of one span."""
    if after.held or after.phase is Phase.OFF_BELT:
        return after, ()
    if after.way is not None:
        return _told_on_way(after, after.way, before.way_s)
    step = line.steps[after.step_index]
    dues = line.dues(step.index)
    waits_at_s = line.waits_at_s(step.index)
    was_s, is_s = waits_at_s - before.plan_time_s, waits_at_s - after.plan_time_s
    was, now = (was_s, was_s + before.extended_s), (is_s, is_s + after.extended_s)
    said: tuple[Cue, ...] = ()
    for due in crossed(dues, was, now):
        said += (as_it_ends(line, after, due.cue),)
        if due.rise_before_s is not None:
            after = _raise_announced(after, after.clock_s + now[due.at_end] - due.rise_before_s)
    return after, said


def _told_on_way(after: EngineState, way: Way, told_s: float) -> Walked:
    """The cues of a way behind ``told_s``."""
    said: tuple[Cue, ...] = ()
    for moment in way.moments:
        if told_s < moment.at_s <= after.way_s:
            said += (moment.cue,)
            if moment.rise_s is not None:
                after = _raise_announced(after, after.course.mark_s + moment.rise_s)
    return after, said


def _raise_announced(state: EngineState, at_s: float) -> EngineState:
    """Another rise was announced and has not begun."""
    if at_s <= state.clock_s or at_s in state.raises_at_s:
        return state
    return replace(state, raises_at_s=tuple(sorted((*state.raises_at_s, at_s))))


def as_it_ends(line: Timeline, state: EngineState, cue: Cue) -> Cue:
    """Who has asked to finish is not told of the turn that comes no more."""
    if cue.kind is CueKind.NEXT_STEP and state.course.finishing and not line.steps[cue.step].on_belt:
        return next_cue(line.steps[state.step_index], None)
    return cue


# --- the end of a span --------------------------------------------------------------------------------------------


def _after(timeline: Timeline, state: EngineState, span: Span) -> Walked:
    """What follows the end of ``span``, at the clock of ``state``."""
    line = line_of(timeline, state)
    if span is Span.HELD:
        state, said = released(timeline, state)
        over = phrase("hold-over", length=Amount(duration_text(HOLD_MAX_S)))
        return state, (answer(line.steps[state.step_index], over), *said)
    if span is Span.WAY:
        if state.course.coming_down:
            return ended(line, state)
        return marked(line, replace(state, way=None, way_s=0.0)), ()
    step = line.steps[state.step_index]
    state = marked(line, state)
    waits = state.course.span in (Span.ADDED, Span.OVER)
    if span is Span.OVER or (state.plan_time_s >= step.ends_s and not waits):
        return stepped_over(timeline, state)
    return state, ()


def stepped_over(timeline: Timeline, state: EngineState) -> Walked:
    """The step that is on has ended."""
    line = line_of(timeline, state)
    step, after = line.steps[state.step_index], line.after(state.step_index)
    if after is None or (state.course.finishing and not after.on_belt):
        return ended(line, state)
    if state.phase is Phase.OFF_BELT:
        return marked(line, state), (ready_cue(step, after),)
    if not after.on_belt:
        return stood(line, state, after)
    if step.length_m is not None:
        return entered(timeline, state, after)
    state = marked(line, _fresh(state, after, after.starts_s))
    return _begun(line, state, after)


def _begun(line: Timeline, state: EngineState, step: Step) -> Walked:
    """A step begins where the one before it ends: its name, and an announcement at its very beginning."""
    before_s = line.waits_at_s(step.index) - step.starts_s
    said: tuple[Cue, ...] = (step_cue(step),)
    for due in line.dues(step.index):
        if not due.at_end and due.before_s == before_s:
            said += (due.cue,)
            if due.rise_before_s is not None:
                state = _raise_announced(state, state.clock_s + before_s - due.rise_before_s)
    return state, said


def stood(line: Timeline, state: EngineState, step: Step) -> Walked:
    """The belt stands for ``step``: a turn, or a time off the belt."""
    event = TurnDue if step.kind is StepKind.TURN else OffBeltDue
    belt_moves = state.phase is Phase.RUNNING
    phase = TRANSITIONS[state.phase, event]
    since_s = state.clock_s if phase is Phase.WAITING_FOR_TURN else None
    state = replace(
        _fresh(state, step, step.starts_s), phase=phase, held=False, waiting_since_s=since_s, raises_at_s=()
    )
    cue = turn_cue(step) if step.kind is StepKind.TURN else off_belt_cue(step, belt_moves)
    return marked(line, state), (cue,)


def entered(timeline: Timeline, state: EngineState, step: Step) -> Walked:
    """Go to ``step`` by a way: straight to where it settles, not by way of the end of the step before it."""
    present = wanted(line_of(timeline, state), state)
    nudge_kph = state.nudge_kph if step.index == state.step_index else 0.0
    state = replace(state, held=False, waiting_since_s=None)
    state = relined(timeline, replace(_fresh(state, step, step.starts_s), nudge_kph=nudge_kph))
    line = line_of(timeline, state)
    step = line.steps[step.index]
    place_s = max(step.starts_s, step.settled_s - line.lead_s)
    state, said = departed(
        line, replace(state, plan_time_s=place_s), way_onto(line, present, Place(step.index, place_s))
    )
    return state, (*said, step_cue(step))


def departed(line: Timeline, state: EngineState, way: Way | None) -> Walked:
    """Go ``way`` from now on, with what has to be said at once."""
    state = marked(line, replace(state, way=way, way_s=0.0, raises_at_s=()))
    return (state, ()) if way is None else _told_on_way(state, way, -1.0)


def released(timeline: Timeline, state: EngineState) -> Walked:
    """The hold is over: from the set-point that was held to where the plan is."""
    line = line_of(timeline, state)
    present = wanted(line, state)
    state = replace(state, held=False, waiting_since_s=None)
    step = line.steps[state.step_index]
    if state.phase is Phase.OFF_BELT:
        return marked(line, state), ()
    if state.course.coming_down:
        return departed(line, state, way_down(present, line.lowest, line, step))
    return departed(line, state, way_onto(line, present, place_of(line, state)))


def ended(line: Timeline, state: EngineState, event: type[Event] = PlanEnded) -> Walked:
    """The run is over; the place is kept for the summary."""
    phase = TRANSITIONS[state.phase, event]
    state = replace(state, phase=phase, way=None, way_s=0.0, held=False, waiting_since_s=None, raises_at_s=())
    return state, (done_cue(line.steps[state.step_index]),)


def relined(timeline: Timeline, state: EngineState) -> EngineState:
    """The plan with the speeds that the person asks for now."""
    step = state.step_index if state.nudge_kph else 0
    change = Change(state.scale_percent, step, state.nudge_kph)
    if change == state.course.change:
        return state
    line = None if change == Change() else changed(timeline, change)
    return replace(state, course=replace(state.course, line=line, change=change))


def _fresh(state: EngineState, step: Step, plan_time_s: float) -> EngineState:
    """At the beginning of ``step``, with nothing left of what was asked for the one before it."""
    course = replace(state.course, entered_s=state.clock_s, from_m=state.distance_m, added_s=0.0)
    return replace(
        state,
        plan_time_s=plan_time_s,
        step_index=step.index,
        way=None,
        way_s=0.0,
        extended_s=0.0,
        over_s=0.0,
        nudge_kph=0.0,
        course=course,
    )
