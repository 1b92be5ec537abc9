"""What is said, and that nothing rises unannounced: whatever the plan, and whatever a person asks on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from retrotread.machine import STANDSTILL, Facing, Setpoint
from retrotread.workouts.cues import CUE_SLACK_S, RISE_WARNING_S, Cue, CueKind
from retrotread.workouts.engine import (
    INITIAL,
    BackRequested,
    BeltSeenMoving,
    ContinueRequested,
    EngineStep,
    Event,
    ExtendRequested,
    FinishRequested,
    HoldRequested,
    IllegalEvent,
    NextRequested,
    NudgeRequested,
    PauseRequested,
    PersonConfirmedOn,
    Phase,
    ScaleRequested,
    StartRequested,
    StopRequested,
    Tick,
    step,
)
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.timeline import PlannedStep, StepKind, Timeline, TimelineError, unroll

RATES = RampRates(rise_kph_per_s=0.5, fall_kph_per_s=0.8, incline_percent_per_s=0.5)
TICK_S = 0.1
HAIR = 1e-6

CUES_AT_ONCE_MAX = 12
"""What may be said between the last tick of a story that is ticked seldom and its end."""


@dataclass(frozen=True)
class Written:
    steps: tuple[PlannedStep, ...]
    name: str = "a plan"
    level: int | None = None
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> tuple[PlannedStep, ...]:
        return self.steps


def walk(length_s: float, start: Setpoint, end: Setpoint | None = None, say: str | None = None) -> PlannedStep:
    return PlannedStep(StepKind.WALK, f"walk {length_s:g} s", length_s, start, end or start, say)


def cool_down(length_s: float) -> PlannedStep:
    return PlannedStep(StepKind.COOL_DOWN, f"cool down {length_s:g} s", length_s, Setpoint(1.0), Setpoint(1.0))


@dataclass(frozen=True)
class Happened:
    """One call of the engine: when, with what, and what it made of it."""

    at_s: float
    event: Event
    made: EngineStep


SET_OFF = ((1.0, StartRequested()), (2.0, BeltSeenMoving()), (3.0, PersonConfirmedOn()))


def told(
    timeline: Timeline, story: list[tuple[float, Event]], tick_s: float = TICK_S, speed_part: float | None = None
) -> list[Happened]:
    """The story and ticks in between; what cannot happen is left out. The belt runs at that part of what is wanted."""
    end_s = max([at_s for at_s, _ in story], default=0.0) + 40
    ticks = [(n * tick_s, Tick()) for n in range(int(end_s / tick_s))]
    state, wanted, distance_m, before_s, seen = INITIAL, STANDSTILL, 0.0, 0.0, []
    for at_s, asked in sorted([*ticks, *story], key=lambda one: (one[0], not isinstance(one[1], Tick))):
        event = asked
        if speed_part is not None and isinstance(asked, Tick):
            distance_m += wanted.speed_kph * speed_part / 3.6 * (at_s - before_s)
            before_s, event = at_s, Tick(distance_m)
        try:
            made = step(timeline, state, event, at_s)
        except IllegalEvent:
            continue
        state, wanted = made.state, made.wanted
        seen.append(Happened(at_s, event, made))
    return seen


def cues_of(seen: list[Happened]) -> list[Cue]:
    return [cue for one in seen for cue in one.made.cues]


def spoken(timeline: Timeline, *story: tuple[float, Event]) -> list[tuple[float, str]]:
    """When what was said, from the moment on that the person is on the belt."""
    seen = told(timeline, [*SET_OFF, *story])
    return [(round(one.at_s, 1), f"{c.kind.value}: {c.text}") for one in seen for c in one.made.cues if one.at_s >= 3.0]


# --- what is said when ------------------------------------------------------------------------------------------------


def test_a_step_is_named_the_next_one_before_its_end_and_a_rise_counted_down() -> None:
    timeline = unroll(
        Written((walk(30, Setpoint(2.0), say="tall"), walk(30, Setpoint(4.0)), cool_down(30))), RATES, 1.0
    )
    said = spoken(timeline, (90.0, Tick()))
    assert said[:14] == [
        (3.0, "rise soon: faster in 5 seconds, 2.0 km/h"),
        (3.0, "step: walk 30 s, 2.0 km/h"),
        (5.0, "count: 3"),
        (6.0, "count: 2"),
        (7.0, "count: 1"),
        (28.0, "next step: next: walk 30 s, 4.0 km/h"),
        (32.8, "rise soon: faster in 5 seconds, 4.0 km/h"),
        (35.0, "count: 3"),
        (36.0, "count: 2"),
        (37.0, "count: 1"),
        (38.0, "step: walk 30 s, 4.0 km/h"),
        (58.0, "next step: next: cool down 30 s, 1.0 km/h"),
        (65.0, "count: 3"),
        (66.0, "count: 2"),
    ]
    assert said[-5:] == [
        (88.0, "ending: the belt stops in 10 seconds"),
        (95.0, "count: 3"),
        (96.0, "count: 2"),
        (97.0, "count: 1"),
        (98.0, "done: done. The belt stops"),
    ]
    assert next(cue.say for cue in cues_of(told(timeline, list(SET_OFF))) if cue.kind is CueKind.STEP) == "tall"


def test_a_short_step_neither_names_the_next_one_nor_counts() -> None:
    timeline = unroll(Written((walk(9, Setpoint(1.0)), walk(19, Setpoint(1.0)), cool_down(30))), RATES, 1.0)
    said = [text for at_s, text in spoken(timeline) if at_s < 32]
    assert said == [
        "step: walk 9 s, 1.0 km/h",
        "step: walk 19 s, 1.0 km/h",
        "count: 3",
        "count: 2",
        "count: 1",
        "step: cool down 30 s, 1.0 km/h",
    ]


def test_a_slow_rise_that_becomes_a_steep_one_in_the_next_step_is_announced_as_two() -> None:
    rising = walk(60, Setpoint(1.0), Setpoint(3.0))
    timeline = unroll(Written((rising, walk(30, Setpoint(6.0)), cool_down(30))), RATES, 1.0)
    rises = [(at_s, text) for at_s, text in spoken(timeline, (90.0, Tick())) if text.startswith("rise")]
    assert rises == [
        (3.0, "rise soon: faster in 5 seconds, slowly to 3.0 km/h"),
        (62.8, "rise soon: faster in 5 seconds, 6.0 km/h"),
    ]


def test_the_warning_of_a_ramp_says_the_speed_that_comes_at_once_before_the_one_that_it_comes_to() -> None:
    timeline = unroll(Written((walk(60, Setpoint(1.5), Setpoint(3.5)), cool_down(30))), RATES, 0.5)
    rises = [text for _, text in spoken(timeline) if text.startswith("rise")]
    assert rises == ["rise soon: faster in 5 seconds, 1.5 km/h, slowly to 3.5 km/h"]


def test_one_ramp_over_two_steps_is_announced_once() -> None:
    rising = walk(10, Setpoint(1.0), Setpoint(4.0))
    timeline = unroll(Written((rising, walk(30, Setpoint(6.0)), cool_down(30))), RATES, 1.0)
    rises = [text for _, text in spoken(timeline) if text.startswith("rise")]
    assert rises == ["rise soon: faster in 5 seconds, 6.0 km/h"]


def test_a_ramp_that_a_longer_step_breaks_in_two_is_announced_twice() -> None:
    rising = walk(30, Setpoint(1.0), Setpoint(4.0))
    timeline = unroll(Written((rising, walk(30, Setpoint(6.0)), cool_down(30))), RATES, 1.0)
    rises = [one for one in spoken(timeline, (20.0, ExtendRequested()), (80.0, Tick())) if one[1].startswith("rise")]
    assert [at_s for at_s, _ in rises] == [3.0, 92.8]


def test_speed_and_deck_are_announced_one_after_the_other() -> None:
    timeline = unroll(Written((walk(60, Setpoint(2.0, 1.0)), cool_down(30))), RATES, 1.0)
    rises = [one for one in spoken(timeline) if one[1].startswith("rise")]
    assert rises == [
        (3.0, "rise soon: faster in 5 seconds, 2.0 km/h"),
        (6.8, "rise soon: steeper in 5 seconds, 1 %"),
    ]


def test_after_every_way_the_rise_that_follows_has_its_own_warning() -> None:
    rising = walk(60, Setpoint(1.0), Setpoint(5.0))
    timeline = unroll(Written((rising, cool_down(30))), RATES, 1.0)
    rises = [at_s for at_s, text in spoken(timeline, (30.0, NudgeRequested(-0.2))) if text.startswith("rise")]
    assert rises == [3.0, 30.0]


def test_who_comes_back_to_just_five_seconds_before_a_rise_is_warned_at_once() -> None:
    timeline = unroll(Written((walk(7, Setpoint(1.0, 1.0)), walk(30, Setpoint(3.0, 1.0)), cool_down(30))), RATES, 1.0)
    assert timeline.steps[0].settled_s == 2.0
    rises = [one for one in spoken(timeline, (10.1, HoldRequested()), (30.0, BackRequested())) if "faster" in one[1]]
    assert rises == [
        (9.8, "rise soon: faster in 5 seconds, 3.0 km/h"),
        (30.0, "rise soon: faster in 5 seconds, 3.0 km/h"),
    ]


def test_speeds_are_spoken_with_a_decimal() -> None:
    timeline = unroll(Written((walk(60, Setpoint(1.0), Setpoint(3.0)), cool_down(30))), RATES, 1.0)
    assert (3.0, "step: walk 60 s, 1.0 km/h to 3.0 km/h") in spoken(timeline)


# --- properties -------------------------------------------------------------------------------------------------------


speeds_kph = st.sampled_from([1.0, 2.0, 2.5, 3.0, 4.0, 5.5])
inclines_percent = st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0])
lengths_s = st.sampled_from([23.5, 30.0, 40.0, 4.0, 9.0, 15.0])


@st.composite
def belt_steps(draw: st.DrawFn) -> PlannedStep:
    start = Setpoint(draw(speeds_kph), draw(inclines_percent))
    end = draw(st.sampled_from([start, Setpoint(draw(speeds_kph), start.incline_percent)]))
    kind = draw(st.sampled_from([StepKind.WALK, StepKind.WALK, StepKind.COOL_DOWN]))
    length_m = draw(st.sampled_from([None, None, None, 15.0, 40.0]))
    length_s = draw(lengths_s)
    return PlannedStep(kind, f"{kind.value} {length_s:g} s", length_s, start, end, None, length_m=length_m)


@st.composite
def plans(draw: st.DrawFn) -> tuple[PlannedStep, ...]:
    """Belt steps with turns and rests between some of them."""
    steps, facing = [draw(belt_steps())], Facing.REAR
    for one in draw(st.lists(belt_steps(), max_size=4)):
        between = draw(st.sampled_from(["", "", "", "rest", "turn"]))
        if between == "rest":
            steps.append(PlannedStep(StepKind.OFF_BELT, "off belt", 10, STANDSTILL, STANDSTILL, facing=facing))
        if between == "turn":
            facing = Facing.CONSOLE if facing is Facing.REAR else Facing.REAR
            steps.append(PlannedStep(StepKind.TURN, "turn", 0, STANDSTILL, STANDSTILL, facing=facing))
        steps.append(replace(one, facing=facing))
    return tuple(steps)


by_hand = st.one_of(
    st.just(HoldRequested()),
    st.just(NextRequested()),
    st.builds(NudgeRequested, st.sampled_from([-0.5, -0.1, 0.1, 0.5])),
    st.builds(ScaleRequested, st.sampled_from([-30, -5, 5, 20])),
    st.builds(ExtendRequested, st.sampled_from([1.0, 10.0, 25.0])),
    st.just(BackRequested()),
    st.sampled_from([PauseRequested(), FinishRequested(), StopRequested(), ContinueRequested()]),
)


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[float, Event]]:
    """A start, and things that a person asks now and then; now and then they start again."""
    at_s, story = 3.0, list(SET_OFF)
    for waits_s, event, starts in draw(
        st.lists(
            st.tuples(st.sampled_from([0.3, 1.7, 4.9, 9.2, 17.0]), by_hand, st.booleans()), min_size=5, max_size=12
        )
    ):
        at_s += waits_s
        story.append((at_s, event))
        if starts:
            story += [(at_s + 1 + n / 2, event) for n, (_, event) in enumerate(SET_OFF)]
            at_s += 3
    return story


leads_s = st.sampled_from([0.0, 0.0, 1.5, 3.0])


def laid_or_none(plan: tuple[PlannedStep, ...], lead_s: float) -> Timeline | None:
    try:
        return unroll(Written(plan), RATES, 1.0, lead_s=lead_s)
    except TimelineError:
        return None


def rises(before: Setpoint, after: Setpoint) -> bool:
    return (
        after.speed_kph > before.speed_kph + HAIR / 1000 or after.incline_percent > before.incline_percent + HAIR / 1000
    )


def onsets(seen: list[Happened]) -> Iterator[tuple[float, float]]:
    """Where what is wanted begins to rise: between which two moments, while the workout runs."""
    rising = False
    for before, after in pairwise(seen):
        if before.made.state.phase is not Phase.RUNNING or after.made.state.phase is not Phase.RUNNING:
            rising = False
        elif after.at_s > before.at_s + HAIR:
            up = rises(before.made.wanted, after.made.wanted)
            if up and not rising:
                yield before.at_s, after.at_s
            rising = up


@given(plans(), stories(), leads_s, st.sampled_from([None, 0.4, 1.1]))
@settings(max_examples=120, deadline=None)
def test_no_rise_begins_that_was_not_announced_five_seconds_before_for_itself(
    plan: tuple[PlannedStep, ...], story: list[tuple[float, Event]], lead_s: float, speed_part: float | None
) -> None:
    timeline = laid_or_none(plan, lead_s)
    if timeline is None:
        return
    seen = told(timeline, story, speed_part=speed_part)
    warned = [one.at_s for one in seen for cue in one.made.cues if cue.kind is CueKind.RISE_SOON]
    for earliest_s, latest_s in onsets(seen):
        in_time = [
            at_s
            for at_s in warned
            if earliest_s - RISE_WARNING_S - CUE_SLACK_S - TICK_S <= at_s <= latest_s - RISE_WARNING_S + HAIR
        ]
        assert in_time, f"what is wanted rises between {earliest_s:.1f} and {latest_s:.1f} s; warned at {warned}"
        warned.remove(in_time[0])


@given(plans(), stories(), leads_s, st.sampled_from([None, 0.4, 1.1]))
@settings(max_examples=80, deadline=None)
def test_what_is_wanted_never_jumps_up(
    plan: tuple[PlannedStep, ...], story: list[tuple[float, Event]], lead_s: float, speed_part: float | None
) -> None:
    timeline = laid_or_none(plan, lead_s)
    if timeline is None:
        return
    for before, after in pairwise(told(timeline, story, speed_part=speed_part)):
        one, two = before.made.wanted, after.made.wanted
        if before.made.state.phase is Phase.RUNNING:
            later_s = after.at_s - before.at_s
            assert two.speed_kph <= one.speed_kph + RATES.rise_kph_per_s * later_s + HAIR
            assert two.incline_percent <= one.incline_percent + RATES.incline_percent_per_s * later_s + HAIR


@given(plans(), stories(), leads_s)
@settings(max_examples=80, deadline=None)
def test_no_more_is_wanted_than_the_plan_with_what_the_person_changed(
    plan: tuple[PlannedStep, ...], story: list[tuple[float, Event]], lead_s: float
) -> None:
    timeline = laid_or_none(plan, lead_s)
    if timeline is None:
        return
    top_kph = max(max(s.start.speed_kph, s.end.speed_kph) for s in timeline.segments)
    top_percent = max(max(s.start.incline_percent, s.end.incline_percent) for s in timeline.segments)
    percent, nudge_kph = 100, 0.0
    for one in told(timeline, story):
        percent, nudge_kph = (
            max(percent, one.made.state.scale_percent),
            max(nudge_kph, one.made.state.nudge_kph),
        )
        assert one.made.wanted.speed_kph <= top_kph * percent / 100 + nudge_kph + HAIR
        assert one.made.wanted.incline_percent <= top_percent + HAIR


@given(plans(), stories(), leads_s, st.sampled_from([0.7, 7.0]))
@settings(max_examples=120, deadline=None)
def test_the_same_cues_come_in_the_same_order_however_often_the_engine_is_asked(
    plan: tuple[PlannedStep, ...], story: list[tuple[float, Event]], lead_s: float, tick_s: float
) -> None:
    timeline = laid_or_none(plan, lead_s)
    if timeline is None:
        return
    often, seldom = cues_of(told(timeline, story)), cues_of(told(timeline, story, tick_s))
    known = min(len(often), len(seldom))
    assert often[:known] == seldom[:known]
    assert known >= len(often) - CUES_AT_ONCE_MAX


@given(plans(), stories())
@settings(max_examples=80, deadline=None)
def test_nothing_rises_in_a_hold(plan: tuple[PlannedStep, ...], story: list[tuple[float, Event]]) -> None:
    timeline = laid_or_none(plan, 0.0)
    if timeline is None:
        return
    for before, after in pairwise(told(timeline, story)):
        if before.made.state.held and after.made.state.held:
            assert not rises(before.made.wanted, after.made.wanted)
