"""The workout engine: a pure walk over a timeline. It says what the plan wants, never what the belt may do.

``phases`` holds the one table of transitions. ``step`` takes a state, an event and the moment, and gives the next
state with what is wanted and what is said; an event that cannot happen raises ``IllegalEvent`` and changes nothing.

Plan time is the sum of clock differences while it may pass; how often ``step`` is called does not matter, and a clock
that goes back adds nothing. Where the belt and the plan differ, the engine first goes the *way* from one to the other,
at the timeline's ramp rates and one axis at a time, and plan time waits until it has arrived. So what is wanted never
jumps up, and no rise begins that was not announced ``RISE_WARNING_S`` before.

A stop is legal in every phase and ends the run, also when it comes again after the end.
"""

from __future__ import annotations

import math
from dataclasses import replace

from .changes import NUDGE_MAX_KPH, SCALE_PERCENT
from .cues import (
    CUE_SLACK_S,
    NEXT_STEP_S,
    RISE_WARNING_S,
    Cue,
    CueKind,
    answer,
    next_cue,
    on_belt_cue,
    ready_cue,
    step_cue,
    step_phrase,
    turn_cue,
)
from .departure import falling_to, standing_at, way_down, way_onto
from .phases import (
    ENDS,
    INTERNAL,
    TRANSITIONS,
    BackRequested,
    BeltSeenMoving,
    BeltStopped,
    ContinueRequested,
    Event,
    ExtendRequested,
    FinishRequested,
    HoldRequested,
    IllegalEvent,
    NextRequested,
    NobodyCameOn,
    NudgeRequested,
    OffBeltDue,
    PauseRequested,
    PersonConfirmedOn,
    Phase,
    PlanEnded,
    ResumeAbandoned,
    ScaleRequested,
    StartAbandoned,
    StartRequested,
    StopRequested,
    Tick,
    TurnDue,
)
from .phrases import Amount, phrase
from .quantity import duration_text, speed_text
from .state import INITIAL, Course, EngineState, EngineStep, left_of_m, line_of, place_of, wanted, with_distance
from .timeline import Step, StepKind, Timeline
from .walking import (
    HOLD_MAX_S,
    MOVING,
    Walked,
    as_it_ends,
    departed,
    ended,
    entered,
    marked,
    released,
    relined,
    stepped_over,
    stood,
    walked,
)

__all__ = [
    "BACK_WITHIN_S",
    "CUE_SLACK_S",
    "ENDS",
    "EXTEND_MAX_S",
    "EXTEND_MIN_S",
    "HOLD_MAX_S",
    "INITIAL",
    "INTERNAL",
    "NUDGE_MAX_KPH",
    "PERSON_ANSWERS_WITHIN_S",
    "RISE_WARNING_S",
    "SCALE_PERCENT",
    "TRANSITIONS",
    "BackRequested",
    "BeltSeenMoving",
    "BeltStopped",
    "ContinueRequested",
    "Course",
    "Cue",
    "CueKind",
    "EngineState",
    "EngineStep",
    "Event",
    "ExtendRequested",
    "FinishRequested",
    "HoldRequested",
    "IllegalEvent",
    "NextRequested",
    "NobodyCameOn",
    "NudgeRequested",
    "OffBeltDue",
    "PauseRequested",
    "PersonConfirmedOn",
    "Phase",
    "PlanEnded",
    "ResumeAbandoned",
    "ScaleRequested",
    "StartAbandoned",
    "StartRequested",
    "StopRequested",
    "Tick",
    "TurnDue",
    "line_of",
    "start_leads_to",
    "step",
]

PERSON_ANSWERS_WITHIN_S = 60.0
"""How long a belt runs at its lowest speed for somebody who does not say that they are on it. Stepping on from
the rails takes seconds; after a minute nobody is there, and a belt that nobody uses is a hazard to others."""

BACK_WITHIN_S = 5.0
"""Who asks for the step before asks soon after the present one began; later it is this step again that they want."""

EXTEND_MIN_S = 10.0
"""Less is not worth a key, and after less the next rise could not be announced anew."""

EXTEND_MAX_S = 600.0
"""What one step is made longer by in all: as long as the longest hold."""


def step(timeline: Timeline, state: EngineState, event: Event, now_s: float) -> EngineStep:
    """Let the time up to ``now_s`` pass, then apply ``event``.

    Raises IllegalEvent for an event that cannot happen now, ValueError for a clock, a distance or an amount that is
    no finite number; either leaves everything as it was.
    """
    if not math.isfinite(now_s):
        raise ValueError(f"the clock gives a finite number of seconds, not {now_s!r}")
    _refuse_amounts(event)
    was = state.phase
    state, said, reason = _passed(timeline, state, now_s)
    if (state.phase, type(event)) not in TRANSITIONS or type(event) in INTERNAL:
        raise IllegalEvent(state.phase, type(event))
    if isinstance(event, Tick):
        state, more = _ticked(timeline, state, event, now_s)
    elif state.phase in ENDS and not isinstance(event, ContinueRequested):
        more = ()
    else:
        state, more = _applied(timeline, state, event, now_s)
        reason = reason or _reason(event)
    if state.phase is Phase.FINISHED and was is not Phase.FINISHED:
        reason = _done(event, state)
    return EngineStep(state, wanted(line_of(timeline, state), state), (*said, *more), reason)


def start_leads_to(timeline: Timeline, state: EngineState) -> Step | None:
    """The step on the belt that a start now leads to: which way it faces, and how the belt runs.

    None where something else comes first: another step off the belt, a turn, or nothing any more.
    """
    at = timeline.steps[state.step_index]
    if at.on_belt:
        return at
    after = timeline.after(at.index)
    off_belt_first = at.kind is StepKind.OFF_BELT and state.phase is Phase.READY
    return after if after is not None and after.on_belt and not off_belt_first else None


def _refuse_amounts(event: Event) -> None:
    """A number from outside is finite, and of the sign that makes sense."""
    match event:
        case Tick(distance_m) if distance_m is not None and not (math.isfinite(distance_m) and distance_m >= 0):
            raise ValueError(f"a distance is a finite number of metres from 0 up, not {distance_m!r}")
        case ExtendRequested(seconds) if not (math.isfinite(seconds) and seconds > 0):
            raise ValueError(f"a step is made longer by a finite number of seconds above 0, not {seconds!r}")
        case NudgeRequested(by) | ScaleRequested(by) if not math.isfinite(by):
            raise ValueError(f"a speed is changed by a finite number, not {by!r}")
        case _:
            return


def _done(event: Event, state: EngineState) -> str:
    """How a run came to its end that was not stopped."""
    if isinstance(event, FinishRequested):
        return "the run was finished at rest"
    return "the cool-down is done" if state.course.finishing else "the plan is done"


def _reason(event: Event) -> str | None:
    """Why the run has ended, where the event ended it."""
    match event:
        case StopRequested():
            return "a stop was asked for"
        case BeltStopped(cause):
            return cause
        case _:
            return None


# --- time ---------------------------------------------------------------------------------------------------------


def _passed(timeline: Timeline, state: EngineState, now_s: float) -> tuple[EngineState, tuple[Cue, ...], str | None]:
    """What the time up to ``now_s`` leads to by itself, with the reason where it ends the run for want of a person."""
    if state.phase in MOVING:
        return (*walked(timeline, state, now_s), None)
    if state.phase is not Phase.WAITING_FOR_PERSON or state.waiting_since_s is None:
        return state, (), None
    waited_s = now_s - state.waiting_since_s
    if waited_s < PERSON_ANSWERS_WITHIN_S:
        return state, (), None
    reason = f"nobody confirmed being on the belt within {waited_s:.0f} s (limit {PERSON_ANSWERS_WITHIN_S:.0f} s)"
    return _waiting(timeline, state, NobodyCameOn, now_s), (), reason


def _ticked(timeline: Timeline, state: EngineState, tick: Tick, now_s: float) -> Walked:
    if state.phase is Phase.READY and timeline.steps[0].kind is StepKind.OFF_BELT:
        return stood(timeline, replace(state, clock_s=now_s), timeline.steps[0])
    if tick.distance_m is not None and (state.distance_m is None or tick.distance_m > state.distance_m):
        return _measured(timeline, state, tick.distance_m)
    return state, ()


def _measured(timeline: Timeline, state: EngineState, distance_m: float) -> Walked:
    """So many metres since the run began: the end of a step that is measured in them, and the next one's name."""
    line = line_of(timeline, state)
    before, at = state, line.steps[state.step_index]
    state = with_distance(state, distance_m)
    if before.distance_m is None and state.plan_time_s <= at.starts_s:
        state = replace(state, course=replace(state.course, from_m=distance_m))
    if at.length_m is None or state.phase is not Phase.RUNNING or state.held or state.course.coming_down:
        return state, ()
    was_m, is_m = left_of_m(line, before), left_of_m(line, state)
    if is_m is None:
        return state, ()
    if is_m <= 0.0:
        return stepped_over(timeline, state)
    soon_m = NEXT_STEP_S * at.target.speed_kph / 3.6
    if was_m is not None and is_m <= soon_m < was_m:
        return state, (as_it_ends(line, state, next_cue(at, line.after(at.index))),)
    return state, ()


# --- events -------------------------------------------------------------------------------------------------------


def _applied(timeline: Timeline, state: EngineState, event: Event, now_s: float) -> Walked:
    """An event that is no tick, in a state that is up to date and in a phase that has a row for it."""
    match event:
        case StartRequested():
            return _start(timeline, state, now_s)
        case BeltSeenMoving():
            return _moving(timeline, state, now_s)
        case PersonConfirmedOn():
            return _set_off(timeline, state, now_s)
        case ContinueRequested():
            return _continued(timeline, state, now_s)
        case ScaleRequested(by_percent):
            return _scaled(timeline, state, by_percent)
        case HoldRequested():
            return _held(timeline, state)
        case PauseRequested() | StopRequested() | BeltStopped() | StartAbandoned():
            return _waiting(timeline, state, _leads(timeline, state, event), now_s), ()
        case FinishRequested() if state.phase is not Phase.RUNNING:
            return ended(line_of(timeline, state), state, FinishRequested)
        case _ if state.phase is Phase.OFF_BELT:
            return _asked_off_belt(timeline, state, event)
        case _:
            return _asked_on_belt(timeline, state, event)


def _start(timeline: Timeline, state: EngineState, now_s: float) -> Walked:
    if start_leads_to(timeline, state) is None:
        after = timeline.after(state.step_index)
        what = (
            timeline.steps[0].label if state.phase is Phase.READY else after.label if after is not None else "the end"
        )
        raise IllegalEvent(state.phase, StartRequested, f"first comes: {what}")
    return _waiting(timeline, state, StartRequested, now_s), ()


def _leads(timeline: Timeline, state: EngineState, event: Event) -> type[Event]:
    """The row that holds; a start that is called off leads back to where it came from."""
    if not isinstance(event, StartAbandoned):
        return type(event)
    at = timeline.steps[state.step_index]
    if not at.on_belt:
        return TurnDue if at.kind is StepKind.TURN else OffBeltDue
    return StartAbandoned if state.plan_time_s <= 0.0 else ResumeAbandoned


def _moving(timeline: Timeline, state: EngineState, now_s: float) -> Walked:
    """The belt moves. After a turn or a time off the belt the step behind it has begun, from the lowest speed."""
    line = line_of(timeline, state)
    at = line.steps[state.step_index]
    if not at.on_belt:
        at = line.steps[at.index + 1]
        state = replace(state, step_index=at.index, plan_time_s=at.starts_s, extended_s=0.0)
    return _waiting(timeline, state, BeltSeenMoving, now_s), (on_belt_cue(at, line.lowest_kph),)


def _set_off(timeline: Timeline, state: EngineState, now_s: float) -> Walked:
    """From the lowest speed to where the plan was left."""
    line = line_of(timeline, state)
    at = line.steps[state.step_index]
    state = _waiting(timeline, _on_again(state, at, now_s), PersonConfirmedOn, now_s)
    down = way_down(line.lowest, line.lowest, line, at) if state.course.coming_down else None
    state, said = departed(line, state, down or way_onto(line, line.lowest, place_of(line, state)))
    return state, (*said, step_cue(at))


def _on_again(state: EngineState, at: Step, now_s: float) -> EngineState:
    """The metres that the belt ran without the person are not theirs."""
    course, distance_m = state.course, state.distance_m
    if state.plan_time_s <= at.starts_s:
        course = replace(course, entered_s=now_s, from_m=distance_m)
    elif distance_m is not None and course.from_m is not None and course.left_m is not None:
        course = replace(course, from_m=course.from_m + distance_m - course.left_m)
    return replace(state, course=course)


def _continued(timeline: Timeline, state: EngineState, now_s: float) -> Walked:
    """After a stop the place is there again, at rest; a turn is gone through anew."""
    at = timeline.steps[state.step_index]
    if at.on_belt:
        return _waiting(timeline, state, ContinueRequested, now_s), ()
    if at.kind is StepKind.TURN:
        return _waiting(timeline, state, TurnDue, now_s), (turn_cue(at),)
    return _waiting(timeline, state, OffBeltDue, now_s), ()


def _waiting(timeline: Timeline, state: EngineState, kind: type[Event], now_s: float) -> EngineState:
    """Where ``kind`` leads, at rest or at the lowest speed; the place in the plan is kept."""
    phase = TRANSITIONS[state.phase, kind]
    left_m = state.distance_m if state.phase is Phase.RUNNING else state.course.left_m
    state = replace(
        state,
        phase=phase,
        clock_s=max(now_s, state.clock_s) if phase in MOVING else state.clock_s,
        waiting_since_s=now_s if phase in _WAITS else None,
        way=None,
        way_s=0.0,
        held=False,
        raises_at_s=(),
        course=replace(state.course, left_m=left_m),
    )
    return marked(line_of(timeline, state), state) if phase in MOVING else state


_WAITS = frozenset({Phase.WAITING_FOR_START, Phase.WAITING_FOR_PERSON, Phase.PAUSED, Phase.WAITING_FOR_TURN})


# --- what a person asks while plan time passes --------------------------------------------------------------------


def _asked_on_belt(timeline: Timeline, state: EngineState, event: Event) -> Walked:
    at = line_of(timeline, state).steps[state.step_index]
    if state.course.coming_down:
        return state, (answer(at, phrase("cool-down-goes-on")),)
    match event:
        case NextRequested():
            return _next(timeline, state)
        case BackRequested():
            return _back(timeline, state)
        case FinishRequested():
            return _finishing(timeline, state)
        case NudgeRequested(by_kph):
            return _nudged(timeline, state, by_kph)
        case ExtendRequested(seconds):
            return _extended(timeline, state, seconds)
        case _:
            raise AssertionError(f"{type(event).__name__} has a row in the table and no meaning")


def _next(timeline: Timeline, state: EngineState) -> Walked:
    """Straight on; the last step of a run that ends here just goes on, and says so."""
    line = line_of(timeline, state)
    after = line.after(state.step_index)
    if after is None or (state.course.finishing and not after.on_belt):
        return state, (step_cue(line.steps[state.step_index]),)
    return entered(timeline, state, after) if after.on_belt else stood(line, state, after)


def _back(timeline: Timeline, state: EngineState) -> Walked:
    line = line_of(timeline, state)
    at = line.steps[state.step_index]
    before = line.steps[max(0, at.index - 1)]
    soon = state.clock_s - state.course.entered_s <= BACK_WITHIN_S
    target = before if soon and before.on_belt else at
    finishing = state.course.finishing and target.kind is StepKind.COOL_DOWN
    state = replace(state, course=replace(state.course, finishing=finishing))
    return entered(timeline, state, target)


def _finishing(timeline: Timeline, state: EngineState) -> Walked:
    """To the cool-down of this stretch; where it has none, down from here. In it already, it just goes on."""
    line = line_of(timeline, state)
    at, cool_down = line.steps[state.step_index], line.cool_down_of(state.step_index)
    state = replace(state, course=replace(state.course, finishing=True, coming_down=cool_down is None))
    if cool_down is None:
        present = wanted(line, state)
        state = replace(state, held=False, waiting_since_s=None)
        state, said = departed(line, state, way_down(present, line.lowest, line, at))
        first, last = Amount(speed_text(round(present.speed_kph, 1))), Amount(speed_text(line.lowest_kph))
        return state, (*said, answer(at, phrase("cool-down-now", first=first, last=last)))
    if at.index < cool_down.index:
        return entered(timeline, state, cool_down)
    state, said = released(timeline, state) if state.held else (state, ())
    return state, (*said, step_cue(at))


def _held(timeline: Timeline, state: EngineState) -> Walked:
    line = line_of(timeline, state)
    at, present = line.steps[state.step_index], wanted(line, state)
    if state.held:
        state, said = released(timeline, state)
        return state, (*said, answer(at, phrase("going-on", what=step_phrase(at))))
    on_belt = state.phase is Phase.RUNNING
    way = standing_at(present) if on_belt else None
    state = replace(state, held=True, waiting_since_s=state.clock_s, way=way, way_s=0.0, raises_at_s=())
    speed = Amount(speed_text(round(present.speed_kph, 1)))
    return marked(line, state), (answer(at, phrase("hold", speed=speed) if on_belt else phrase("hold-standing")),)


def _extended(timeline: Timeline, state: EngineState, seconds: float) -> Walked:
    """Longer by ``seconds``. Who is already on the way to the next step comes back to the end of this one."""
    line = line_of(timeline, state)
    at, course = line.steps[state.step_index], state.course
    more_s = min(max(seconds, EXTEND_MIN_S), EXTEND_MAX_S - course.added_s)
    if more_s < EXTEND_MIN_S:
        return state, (answer(at, phrase("no-longer", length=Amount(duration_text(EXTEND_MAX_S)))),)
    said = (answer(at, phrase("longer", length=Amount(duration_text(more_s)))),)
    course = replace(course, added_s=course.added_s + more_s)
    state = replace(state, extended_s=state.extended_s + more_s, raises_at_s=(), course=course)
    if state.held or state.way is not None:
        return state, said
    present, waits_at_s = wanted(line, state), line.waits_at_s(at.index) if at.on_belt else at.ends_s
    if state.plan_time_s <= waits_at_s:
        return marked(line, state), said
    state = replace(state, plan_time_s=waits_at_s)
    state, more = departed(line, state, way_onto(line, present, place_of(line, state)))
    return state, (*more, *said)


def _nudged(timeline: Timeline, state: EngineState, by_kph: float) -> Walked:
    nudge_kph = round(max(-NUDGE_MAX_KPH, min(NUDGE_MAX_KPH, state.nudge_kph + by_kph)), 6)
    at = line_of(timeline, state).steps[state.step_index]
    if nudge_kph == state.nudge_kph:
        return state, (answer(at, phrase("nudged-out", by=Amount(f"{nudge_kph:+.1f}"))),)
    return _respeeded(timeline, state, replace(state, nudge_kph=nudge_kph))


def _scaled(timeline: Timeline, state: EngineState, by_percent: int) -> Walked:
    percent = max(SCALE_PERCENT[0], min(SCALE_PERCENT[1], state.scale_percent + by_percent))
    at = line_of(timeline, state).steps[state.step_index]
    said = (answer(at, phrase("scaled", percent=f"{percent}")),)
    if percent == state.scale_percent:
        return state, said
    asked = replace(state, scale_percent=percent)
    if state.phase is not Phase.RUNNING or state.course.coming_down:
        return relined(timeline, asked), said
    asked, more = _respeeded(timeline, state, asked)
    return asked, (*more, *said)


def _respeeded(timeline: Timeline, before: EngineState, asked: EngineState) -> Walked:
    """From the set-point of now to the same place at other speeds; in a hold only what comes down."""
    present = wanted(line_of(timeline, before), before)
    state = relined(timeline, asked)
    line = line_of(timeline, state)
    at, place = line.steps[state.step_index], place_of(line, state)
    if state.held:
        way = falling_to(present, line.wish_at(place.step, place.plan_time_s), line)
        state, said = departed(line, state, way)
    else:
        state, said = departed(line, state, way_onto(line, present, place))
    return state, said or (step_cue(at),)


def _asked_off_belt(timeline: Timeline, state: EngineState, event: Event) -> Walked:
    line = line_of(timeline, state)
    at = line.steps[state.step_index]
    match event:
        case NextRequested():
            return _next_off_belt(line, state, at)
        case BackRequested():
            before = line.steps[max(0, at.index - 1)]
            soon = state.clock_s - state.course.entered_s <= BACK_WITHIN_S
            return stood(line, state, before if soon and before.kind is StepKind.OFF_BELT else at)
        case ExtendRequested(seconds):
            return _extended(timeline, state, seconds)
        case _:
            raise AssertionError(f"{type(event).__name__} has a row in the table and no meaning")


def _next_off_belt(line: Timeline, state: EngineState, at: Step) -> Walked:
    """What follows on the belt waits for a start; what does not comes now."""
    after = line.after(at.index)
    if after is None:
        return ended(line, state)
    if not after.on_belt:
        return stood(line, state, after)
    state = replace(state, plan_time_s=at.ends_s, extended_s=0.0, held=False, waiting_since_s=None)
    return marked(line, state), (ready_cue(at, after),)
