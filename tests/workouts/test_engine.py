"""The engine walks a timeline: phases, plan time, and what it wants of the belt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.machine import STANDSTILL, Facing, Setpoint
from retrotread.workouts.cues import CueKind
from retrotread.workouts.engine import (
    ENDS,
    INITIAL,
    INTERNAL,
    PERSON_ANSWERS_WITHIN_S,
    RISE_WARNING_S,
    TRANSITIONS,
    BackRequested,
    BeltSeenMoving,
    BeltStopped,
    ContinueRequested,
    EngineState,
    EngineStep,
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
    step,
)
from retrotread.workouts.ramps import AXIS_GAP_S, RampRates
from retrotread.workouts.timeline import PlannedStep, StepKind, Timeline, unroll


@dataclass(frozen=True)
class Written:
    steps: tuple[PlannedStep, ...]
    name: str = "a plan"
    level: int | None = None
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> tuple[PlannedStep, ...]:
        return self.steps


def planned(kind: StepKind, length_s: float, speed_kph: float, incline_percent: float = 0.0) -> PlannedStep:
    setpoint = Setpoint(speed_kph, incline_percent)
    return PlannedStep(kind, f"{kind.value} {length_s:g} s", length_s, setpoint, setpoint, f"cue of {kind.value}")


def standing(kind: StepKind, length_s: float) -> PlannedStep:
    return PlannedStep(kind, kind.value, length_s, STANDSTILL, STANDSTILL, f"cue of {kind.value}")


LOWEST = Setpoint(1.0)
RATES = RampRates(rise_kph_per_s=0.5, fall_kph_per_s=0.5, incline_percent_per_s=0.5)
LINE: Timeline = unroll(
    Written(
        (
            planned(StepKind.WALK, 60, 2.0),
            planned(StepKind.RUN, 60, 6.0),
            planned(StepKind.WALK, 60, 3.0, 2.0),
            planned(StepKind.COOL_DOWN, 60, 1.0),
        )
    ),
    RATES,
    LOWEST.speed_kph,
)

WITH_TURN = unroll(
    Written((planned(StepKind.WALK, 60, 2.0), standing(StepKind.TURN, 0), planned(StepKind.COOL_DOWN, 60, 1.0))),
    RATES,
    LOWEST.speed_kph,
)
WITH_REST = unroll(
    Written((planned(StepKind.WALK, 60, 2.0), standing(StepKind.OFF_BELT, 30), planned(StepKind.COOL_DOWN, 60, 1.0))),
    RATES,
    LOWEST.speed_kph,
)

EVERY_EVENT: tuple[Event, ...] = (
    Tick(),
    StartRequested(),
    StartAbandoned(),
    BeltSeenMoving(),
    PersonConfirmedOn(),
    PauseRequested(),
    NextRequested(),
    FinishRequested(),
    StopRequested(),
    BeltStopped("the safety key was pulled"),
    HoldRequested(),
    ExtendRequested(),
    BackRequested(),
    NudgeRequested(-0.1),
    ScaleRequested(-5),
    ContinueRequested(),
    PlanEnded(),
    TurnDue(),
    OffBeltDue(),
    ResumeAbandoned(),
    NobodyCameOn(),
)


TWO_COOL_DOWNS = unroll(
    Written(
        (
            planned(StepKind.RUN, 60, 6.0),
            planned(StepKind.COOL_DOWN, 60, 3.0),
            planned(StepKind.COOL_DOWN, 60, 1.0),
        )
    ),
    RATES,
    LOWEST.speed_kph,
)


class Run:
    """A run under test: a state, and the last step that the engine made of it."""

    def __init__(self, timeline: Timeline = LINE) -> None:
        self.timeline = timeline
        self.last = EngineStep(INITIAL, STANDSTILL)
        self.labels: list[str] = []

    def at(self, now_s: float, event: Event = Tick()) -> EngineStep:  # noqa: B008  (a Tick has no parts)
        self.last = step(self.timeline, self.last.state, event, now_s)
        self.labels.extend(c.text.partition(",")[0] for c in self.last.cues if c.kind is CueKind.STEP)
        return self.last

    @property
    def phase(self) -> Phase:
        return self.last.state.phase

    @property
    def plan_time_s(self) -> float:
        return self.last.state.plan_time_s


def running(now_s: float = 100.0, timeline: Timeline = LINE) -> Run:
    """Started and confirmed; the warning of the first rise is over and plan time is 0 at ``now_s``."""
    run = Run(timeline)
    run.at(now_s - 20, StartRequested())
    run.at(now_s - 10, BeltSeenMoving())
    run.at(now_s - RISE_WARNING_S, PersonConfirmedOn())
    return run


def in_phase(phase: Phase) -> Run:
    run = Run() if phase is Phase.READY else running()
    match phase:
        case Phase.WAITING_FOR_START | Phase.WAITING_FOR_PERSON:
            run = Run()
            run.at(80, StartRequested())
            if phase is Phase.WAITING_FOR_PERSON:
                run.at(90, BeltSeenMoving())
        case Phase.PAUSED:
            run.at(110, PauseRequested())
        case Phase.STOPPED:
            run.at(110, StopRequested())
        case Phase.FINISHED:
            run.at(100 + LINE.total_s)
        case Phase.WAITING_FOR_TURN | Phase.OFF_BELT:
            run = running(timeline=WITH_TURN if phase is Phase.WAITING_FOR_TURN else WITH_REST)
            run.at(161)
        case _:
            pass
    assert run.phase is phase
    return run


def test_a_whole_run_from_ready_to_finished() -> None:
    run = Run()
    assert run.at(0).wanted == STANDSTILL
    assert run.at(1, StartRequested()).wanted == STANDSTILL
    assert run.at(7, BeltSeenMoving()).wanted == LOWEST
    assert run.at(7, PersonConfirmedOn()).wanted == LOWEST
    assert run.at(12).wanted == LOWEST
    assert run.at(42).wanted == Setpoint(2.0)
    assert run.at(12 + 90).wanted == Setpoint(6.0)
    assert run.at(12 + 150).wanted == Setpoint(3.0, 2.0)
    assert run.at(12 + 239).wanted == Setpoint(1.0)
    last = run.at(12 + 240)
    assert (run.phase, last.wanted, last.stop_reason) == (Phase.FINISHED, STANDSTILL, "the plan is done")
    assert run.labels == ["walk 60 s", "run 60 s", "walk 60 s", "cool down 60 s"]


def test_the_cue_of_a_step_comes_once_when_it_begins() -> None:
    run = running()
    run.at(159.5)
    (cue,) = run.at(160).cues
    assert (cue.kind, cue.step, cue.text, cue.say) == (CueKind.STEP, 1, "run 60 s, 6.0 km/h", "cue of run")
    assert run.at(161).cues == ()


def test_plan_time_waits_until_the_person_is_on() -> None:
    run = Run()
    run.at(0, StartRequested())
    run.at(10, BeltSeenMoving())
    run.at(50)
    assert run.plan_time_s == 0
    run.at(55, PersonConfirmedOn())
    assert run.plan_time_s == 0
    run.at(55 + RISE_WARNING_S)
    assert run.plan_time_s == 0
    run.at(56 + RISE_WARNING_S)
    assert run.plan_time_s == 1


def test_a_person_who_does_not_answer_for_a_minute_ends_the_run() -> None:
    run = Run()
    run.at(0, StartRequested())
    run.at(10, BeltSeenMoving())
    assert run.at(10 + PERSON_ANSWERS_WITHIN_S - 0.1).wanted == LOWEST
    last = run.at(10 + PERSON_ANSWERS_WITHIN_S)
    assert (run.phase, last.wanted) == (Phase.STOPPED, STANDSTILL)
    assert last.stop_reason == "nobody confirmed being on the belt within 60 s (limit 60 s)"


def test_plan_time_is_the_clock_and_not_the_number_of_ticks() -> None:
    few, many = running(), running()
    few.at(130)
    for tick in range(3000):
        many.at(100 + tick * 0.01)
    many.at(130)
    assert few.plan_time_s == pytest.approx(many.plan_time_s) == 30


def test_a_clock_that_goes_back_adds_nothing() -> None:
    run = running()
    run.at(110)
    run.at(105)
    assert run.plan_time_s == 10
    run.at(111)
    assert run.plan_time_s == 11


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_clock_that_is_no_number_is_refused(bad: float) -> None:
    run = running()
    with pytest.raises(ValueError, match="finite number of seconds"):
        run.at(bad)


def test_a_pause_keeps_the_place_and_a_resume_goes_there_from_the_lowest_speed_before_plan_time_runs_on() -> None:
    run = running()
    run.at(190)
    assert run.at(191, PauseRequested()).wanted == STANDSTILL
    run.at(200)
    assert run.at(230, StartRequested()).wanted == STANDSTILL
    assert run.at(240, BeltSeenMoving()).wanted == LOWEST
    assert run.at(250, PersonConfirmedOn()).wanted == LOWEST
    rising_s = (6.0 - 1.0) / RATES.rise_kph_per_s
    assert run.at(250 + RISE_WARNING_S + rising_s / 2).wanted.speed_kph == pytest.approx(3.5)
    assert run.plan_time_s == 91
    run.at(250 + RISE_WARNING_S + rising_s + AXIS_GAP_S + 1)
    assert run.plan_time_s == pytest.approx(92)
    assert run.last.wanted == Setpoint(6.0)


def test_a_resume_raises_the_deck_only_after_the_speed() -> None:
    run = running()
    run.at(260, PauseRequested())
    run.at(270, StartRequested())
    run.at(280, BeltSeenMoving())
    run.at(300, PersonConfirmedOn())
    assert run.at(300 + RISE_WARNING_S + 4).wanted == Setpoint(3.0, 0.0)
    assert run.at(300 + RISE_WARNING_S + 4 + AXIS_GAP_S).wanted == Setpoint(3.0, 0.0)
    assert run.at(300 + RISE_WARNING_S + 4 + AXIS_GAP_S + 4).wanted == Setpoint(3.0, 2.0)


def test_an_abandoned_start_is_ready_again_and_an_abandoned_resume_is_paused_again() -> None:
    run = Run()
    run.at(0, StartRequested())
    run.at(1, StartAbandoned())
    assert run.phase is Phase.READY
    run = in_phase(Phase.PAUSED)
    run.at(200, StartRequested())
    run.at(201, StartAbandoned())
    assert (run.phase, run.plan_time_s) == (Phase.PAUSED, 10)


def test_next_goes_straight_to_the_next_step() -> None:
    run = running()
    run.at(120, NextRequested())
    assert run.labels[-1] == "run 60 s"
    run.at(120 + RISE_WARNING_S + 8 + AXIS_GAP_S)
    assert run.last.wanted == Setpoint(6.0)
    assert run.plan_time_s == pytest.approx(LINE.steps[1].settled_s)


def test_next_in_the_middle_of_a_rise_never_rises_on_to_the_step_that_was_skipped() -> None:
    run = running()
    before = run.at(162).wanted
    run.at(162, NextRequested())
    highest = max(run.at(162 + t / 10).wanted.speed_kph for t in range(100))
    assert before.speed_kph == pytest.approx(3.0)
    assert highest == pytest.approx(3.0)


def test_next_twice_quickly_skips_two_steps() -> None:
    run = running()
    run.at(110, NextRequested())
    run.at(110, NextRequested())
    assert run.labels[-1] == "walk 60 s"
    assert run.last.state.step_index == 2


def test_the_last_step_cannot_be_skipped() -> None:
    run = running()
    run.at(300)
    run.at(310)
    run.at(310, NextRequested())
    assert (run.phase, run.plan_time_s, run.labels[-1]) == (Phase.RUNNING, 210, "cool down 60 s")


def test_finish_goes_to_the_cool_down_at_once_when_it_only_falls() -> None:
    run = running()
    run.at(190)
    run.at(190, FinishRequested())
    assert run.labels[-1] == "cool down 60 s"
    assert run.at(191).wanted.speed_kph == pytest.approx(5.5)
    end_s = 190 + 10 + AXIS_GAP_S + LINE.steps[3].ends_s - LINE.steps[3].settled_s
    assert run.at(end_s - 0.1).wanted == Setpoint(1.0)
    run.at(end_s + 0.1)
    assert run.phase is Phase.FINISHED


def test_finish_in_the_cool_down_runs_on() -> None:
    run = running()
    run.at(290)
    run.at(290, FinishRequested())
    assert (run.phase, run.plan_time_s) == (Phase.RUNNING, 190)


def test_finish_goes_to_the_first_cool_down_of_the_end_and_never_back_to_it() -> None:
    run = running(timeline=TWO_COOL_DOWNS)
    run.at(130)
    run.at(130, FinishRequested())
    assert run.last.state.step_index == 1
    run = running(timeline=TWO_COOL_DOWNS)
    run.at(250)
    run.at(250, FinishRequested())
    assert (run.last.state.step_index, run.plan_time_s) == (2, 150)


def test_a_belt_that_was_stopped_ends_the_run_with_its_cause() -> None:
    run = running()
    last = run.at(130, BeltStopped("the safety key was pulled"))
    assert (run.phase, last.wanted, last.stop_reason) == (Phase.STOPPED, STANDSTILL, "the safety key was pulled")
    again = run.at(131, StopRequested())
    assert (run.phase, again.stop_reason) == (Phase.STOPPED, None)


@pytest.mark.parametrize("phase", list(Phase))
def test_a_stop_is_legal_in_every_phase(phase: Phase) -> None:
    for event in (StopRequested(), BeltStopped("the belt was stopped at the console")):
        run = in_phase(phase)
        run.at(120, event)
        assert run.phase is (phase if phase in ENDS else Phase.STOPPED)
        assert run.last.wanted == STANDSTILL


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda e: type(e).__name__)
def test_an_event_without_a_row_raises_and_changes_nothing_and_one_with_a_row_lands_where_it_says(
    phase: Phase, event: Event
) -> None:
    run = in_phase(phase)
    before = run.last.state
    target = TRANSITIONS.get((phase, type(event)))
    if target is None or type(event) in INTERNAL:
        with pytest.raises(IllegalEvent, match=f"{type(event).__name__} cannot happen while the workout is"):
            run.at(105, event)
        assert run.last.state == before
    else:
        assert run.at(105, event).state.phase is target


def test_every_event_of_the_table_is_in_these_tests() -> None:
    assert {event for _, event in TRANSITIONS} == {type(e) for e in EVERY_EVENT}


def test_only_a_continue_leaves_an_end_and_only_that_of_a_stop() -> None:
    rows = {(p, event) for (p, event), target in TRANSITIONS.items() if p in ENDS and target is not p}
    assert rows == {(Phase.STOPPED, event) for event in (ContinueRequested, TurnDue, OffBeltDue)}


moments = st.lists(
    st.tuples(st.sampled_from(EVERY_EVENT), st.floats(min_value=-5, max_value=40)), min_size=1, max_size=60
)


def walked(story: list[tuple[Event, float]], kinds: tuple[type[Event], ...]) -> list[tuple[float, EngineStep]]:
    """Every step of a run through ``story``; what cannot happen is left out by the engine itself."""
    run, now_s, seen = Run(), 0.0, []
    for start in (StartRequested(), BeltSeenMoving(), PersonConfirmedOn()):
        seen.append((now_s, run.at(now_s, start)))
    for event, later_s in story:
        now_s += later_s
        before = run.last.state
        try:
            seen.append((now_s, run.at(now_s, event if isinstance(event, kinds) else Tick())))
        except IllegalEvent:
            assert run.last.state is before
    return seen


@given(moments)
def test_without_a_jump_plan_time_never_exceeds_the_time_that_passed(story: list[tuple[Event, float]]) -> None:
    kinds = (Tick, PauseRequested, StartRequested, StartAbandoned, BeltSeenMoving, PersonConfirmedOn)
    highest_s = 0.0
    for now_s, made in walked(story, kinds):
        highest_s = max(highest_s, now_s)
        assert made.state.plan_time_s <= highest_s + 1e-9


@given(moments)
def test_the_belt_is_wanted_to_move_in_two_phases_only(story: list[tuple[Event, float]]) -> None:
    for _, made in walked(story, (Event,)):
        moving = made.wanted.speed_kph > 0
        assert moving == (made.state.phase in {Phase.WAITING_FOR_PERSON, Phase.RUNNING})


@given(moments)
def test_what_is_wanted_while_running_never_rises_faster_than_the_rates(story: list[tuple[Event, float]]) -> None:
    run = running()
    now_s, wanted = 100.0, run.last.wanted
    for event, tenths in story:
        later_s = abs(tenths) / 10
        now_s += later_s
        try:
            made = run.at(now_s, event if isinstance(event, (Tick, NextRequested, FinishRequested)) else Tick())
        except IllegalEvent:
            break
        if made.state.phase is not Phase.RUNNING:
            break
        assert made.wanted.speed_kph <= wanted.speed_kph + RATES.rise_kph_per_s * later_s + 1e-9
        assert made.wanted.incline_percent <= wanted.incline_percent + RATES.incline_percent_per_s * later_s + 1e-9
        wanted = made.wanted


@given(moments)
def test_plan_time_stays_inside_the_plan(story: list[tuple[Event, float]]) -> None:
    for _, made in walked(story, (Event,)):
        assert 0.0 <= made.state.plan_time_s <= LINE.total_s


def test_the_initial_state_is_ready_at_the_start_of_the_plan() -> None:
    assert EngineState() == INITIAL
    assert (INITIAL.phase, INITIAL.plan_time_s) == (Phase.READY, 0.0)
