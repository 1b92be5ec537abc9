"""A whole session in the engine: turns, steps off the belt, metres, and what the person changes on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from retrotread.machine import STANDSTILL, BeltDirection, Facing, Setpoint
from retrotread.workouts.cues import CueKind
from retrotread.workouts.engine import (
    EXTEND_MAX_S,
    HOLD_MAX_S,
    INITIAL,
    RISE_WARNING_S,
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
    StartAbandoned,
    StartRequested,
    StopRequested,
    Tick,
    line_of,
    start_leads_to,
    step,
)
from retrotread.workouts.layout import COOL_DOWN_S
from retrotread.workouts.ramps import AXIS_GAP_S, RampRates
from retrotread.workouts.timeline import PlannedStep, StepKind, Timeline, unroll

RATES = RampRates(rise_kph_per_s=0.5, fall_kph_per_s=0.5, incline_percent_per_s=0.5)
LOWEST = Setpoint(1.0)


@dataclass(frozen=True)
class Written:
    steps: tuple[PlannedStep, ...]
    name: str = "a plan"
    level: int | None = None
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> tuple[PlannedStep, ...]:
        return self.steps


def walk(length_s: float, speed_kph: float, incline_percent: float = 0.0, to_kph: float | None = None) -> PlannedStep:
    start = Setpoint(speed_kph, incline_percent)
    end = start if to_kph is None else Setpoint(to_kph, incline_percent)
    return PlannedStep(StepKind.WALK, f"walk {length_s:g} s", length_s, start, end, f"cue of {speed_kph:g}")


def metres(length_m: float, speed_kph: float) -> PlannedStep:
    setpoint = Setpoint(speed_kph)
    return PlannedStep(StepKind.WALK, f"walk {length_m:g} m", 0.0, setpoint, setpoint, length_m=length_m)


def rest(length_s: float) -> PlannedStep:
    return PlannedStep(StepKind.OFF_BELT, f"off belt {length_s:g} s", length_s, STANDSTILL, STANDSTILL, "drink")


def turn(facing: Facing) -> PlannedStep:
    return PlannedStep(StepKind.TURN, f"turn to the {facing.value}", 0.0, STANDSTILL, STANDSTILL, facing=facing)


def cool_down(length_s: float = 60.0, speed_kph: float = 1.0) -> PlannedStep:
    setpoint = Setpoint(speed_kph)
    return PlannedStep(StepKind.COOL_DOWN, f"cool down {length_s:g} s", length_s, setpoint, setpoint)


def lay(*steps: PlannedStep, lead_s: float = 0.0) -> Timeline:
    """Steps face as the last turn before them says."""
    facing, laid = Facing.REAR, []
    for one in steps:
        facing = one.facing if one.kind is StepKind.TURN else facing
        laid.append(replace(one, facing=facing))
    return unroll(Written(tuple(laid)), RATES, LOWEST.speed_kph, lead_s=lead_s)


class Run:
    """A run under test: the last step that the engine made, and everything that was said."""

    def __init__(self, *steps: PlannedStep, lead_s: float = 0.0) -> None:
        self.timeline = lay(*steps, lead_s=lead_s)
        self.last = EngineStep(INITIAL, STANDSTILL)
        self.said: list[str] = []

    def at(self, now_s: float, event: Event = Tick()) -> EngineStep:  # noqa: B008  (a Tick has no parts)
        self.last = step(self.timeline, self.last.state, event, now_s)
        self.said += [f"{cue.kind.value}: {cue.text}" for cue in self.last.cues]
        return self.last

    def ticks(self, from_s: float, to_s: float) -> list[Setpoint]:
        """A tick each tenth of a second; what was wanted."""
        return [self.at(from_s + n / 10).wanted for n in range(1, round((to_s - from_s) * 10) + 1)]

    def started(self, now_s: float) -> None:
        """Plan time runs from ``now_s``, the first rise having been announced."""
        self.at(now_s - 20, StartRequested())
        self.at(now_s - 10, BeltSeenMoving())
        self.at(now_s - RISE_WARNING_S, PersonConfirmedOn())

    @property
    def phase(self) -> Phase:
        return self.last.state.phase

    @property
    def speed_kph(self) -> float:
        return round(self.last.wanted.speed_kph, 6)

    @property
    def place(self) -> tuple[int, float]:
        return self.last.state.step_index, round(self.last.state.plan_time_s, 6)


def begun(*steps: PlannedStep, lead_s: float = 0.0) -> Run:
    """Plan time is 0 at 100 s, later by the lead; the first step is above the lowest speed."""
    run = Run(*steps, lead_s=lead_s)
    run.started(100)
    run.at(100)
    return run


# --- turns ----------------------------------------------------------------------------------------------------------


def turning() -> Run:
    """At 160 s the turn begins."""
    run = begun(walk(60, 3.0), turn(Facing.CONSOLE), walk(60, 2.0), cool_down())
    run.at(160)
    return run


def test_a_turn_stops_the_belt_and_waits_for_a_whole_new_start() -> None:
    run = turning()
    assert (run.phase, run.last.wanted, run.place) == (Phase.WAITING_FOR_TURN, STANDSTILL, (1, 60))
    run.at(900)
    assert (run.phase, run.place) == (Phase.WAITING_FOR_TURN, (1, 60))
    run.at(1000, StartRequested())
    assert run.phase is Phase.WAITING_FOR_START
    assert run.at(1010, BeltSeenMoving()).wanted == LOWEST
    run.at(1020, PersonConfirmedOn())
    assert (run.phase, run.place) == (Phase.RUNNING, (2, 60))
    run.at(1020 + RISE_WARNING_S + 30)
    assert (run.last.wanted, run.place) == (Setpoint(2.0), (2, 90))


def test_the_start_after_a_turn_is_of_the_step_behind_it_and_faces_as_that_does() -> None:
    run = turning()
    leads_to = start_leads_to(run.timeline, run.last.state)
    assert leads_to is not None
    assert (leads_to.index, leads_to.facing) == (2, Facing.CONSOLE)


def test_a_start_that_is_abandoned_after_a_turn_leads_back_to_the_turn() -> None:
    run = turning()
    run.at(200, StartRequested())
    run.at(201, StartAbandoned())
    assert (run.phase, run.place) == (Phase.WAITING_FOR_TURN, (1, 60))


def test_who_pauses_before_stepping_on_after_a_turn_does_not_turn_again() -> None:
    run = turning()
    run.at(200, StartRequested())
    run.at(210, BeltSeenMoving())
    run.at(211, PauseRequested())
    assert (run.phase, run.place) == (Phase.PAUSED, (2, 60))
    run.started(300)
    run.at(320)
    assert run.place == (2, 80)


def test_what_was_stopped_in_a_turn_continues_in_the_turn() -> None:
    run = turning()
    run.at(200, StopRequested())
    assert run.phase is Phase.STOPPED
    run.at(210, ContinueRequested())
    assert (run.phase, run.place, run.said[-1]) == (
        Phase.WAITING_FOR_TURN,
        (1, 60),
        "turn: the belt stops. When it stands still, step off it and turn to the console",
    )


def test_next_leads_into_a_turn_and_no_next_leads_out_of_it() -> None:
    run = begun(walk(60, 3.0), turn(Facing.CONSOLE), walk(60, 2.0), cool_down())
    run.at(120, NextRequested())
    assert (run.phase, run.place) == (Phase.WAITING_FOR_TURN, (1, 60))
    with pytest.raises(IllegalEvent):
        run.at(121, NextRequested())


def test_two_turns_are_both_gone_through() -> None:
    run = begun(walk(60, 1.0), turn(Facing.CONSOLE), walk(60, 1.0), turn(Facing.REAR), walk(60, 1.0), cool_down())
    phases = []
    for now_s in (160, 300):
        run.at(now_s)
        phases.append((run.phase, run.last.state.step_index))
        run.started(now_s + 30)
        run.at(now_s + 30 + 60)
    assert phases == [(Phase.WAITING_FOR_TURN, 1), (Phase.WAITING_FOR_TURN, 3)]
    assert run.last.state.step_index == 5


# --- off the belt -----------------------------------------------------------------------------------------------------


def test_plan_time_goes_on_off_the_belt_and_waits_at_the_end() -> None:
    run = begun(walk(60, 2.0), rest(30), walk(60, 2.0), cool_down())
    run.at(160)
    assert (run.phase, run.last.wanted) == (Phase.OFF_BELT, STANDSTILL)
    run.at(175)
    assert run.place == (1, 75)
    run.at(500)
    assert (run.phase, run.place) == (Phase.OFF_BELT, (1, 90))
    assert run.said[-1] == "next step: next: walk 60 s, 2.0 km/h. start when you are ready"
    run.started(600)
    assert (run.phase, run.place) == (Phase.RUNNING, (2, 90))


def test_a_rest_may_be_left_early_and_an_abandoned_start_leads_back_to_it() -> None:
    run = begun(walk(60, 2.0), rest(30), walk(60, 2.0), cool_down())
    run.at(170, StartRequested())
    run.at(176, StartAbandoned())
    assert (run.phase, run.place) == (Phase.OFF_BELT, (1, 70))
    run.at(180)
    assert run.place == (1, 74)


def test_next_off_the_belt_only_asks_for_the_start_when_the_belt_comes_next() -> None:
    run = begun(walk(60, 2.0), rest(30), rest(20), walk(60, 2.0), cool_down())
    run.at(165)
    run.at(165, NextRequested())
    assert (run.phase, run.place) == (Phase.OFF_BELT, (2, 90))
    run.at(166, NextRequested())
    assert (run.phase, run.place) == (Phase.OFF_BELT, (2, 110))
    assert run.said[-1].startswith("next step: next: walk 60 s")


def test_next_off_the_belt_leads_to_a_turn() -> None:
    run = begun(walk(60, 2.0), rest(30), turn(Facing.CONSOLE), walk(60, 2.0), cool_down())
    run.at(165, NextRequested())
    assert run.phase is Phase.WAITING_FOR_TURN


@pytest.mark.parametrize("first", [rest(20), turn(Facing.CONSOLE)])
def test_no_start_leads_past_what_comes_first(first: PlannedStep) -> None:
    run = begun(walk(60, 2.0), rest(30), first, walk(60, 2.0), cool_down())
    run.at(165)
    assert start_leads_to(run.timeline, run.last.state) is None
    with pytest.raises(IllegalEvent, match=f"first comes: {first.label}"):
        run.at(166, StartRequested())


def test_a_plan_that_begins_off_the_belt_begins_with_the_first_tick() -> None:
    run = Run(rest(30), walk(60, 2.0), cool_down())
    with pytest.raises(IllegalEvent):
        run.at(0, StartRequested())
    assert (run.at(0).state.phase, run.said) == (Phase.OFF_BELT, ["off belt: off belt 30 s"])
    run.started(60)
    assert run.place == (1, 30)


def test_a_rest_at_the_end_of_the_plan_ends_it() -> None:
    run = begun(cool_down(), rest(30))
    run.at(160)
    last = run.at(190)
    assert (run.phase, last.stop_reason) == (Phase.FINISHED, "the plan is done")


def test_a_rest_can_be_held_and_made_longer_and_begun_again() -> None:
    run = begun(walk(60, 2.0), rest(30), walk(60, 2.0), cool_down())
    run.at(170, HoldRequested())
    run.at(200, HoldRequested())
    assert run.place == (1, 70)
    run.at(200, ExtendRequested())
    run.at(230)
    assert (run.place, round(run.last.state.extended_s, 6)) == ((1, 90), 50)
    run.at(231, BackRequested())
    assert (run.place, run.last.state.extended_s) == ((1, 60), 0)


@pytest.mark.parametrize("event", [StopRequested(), PauseRequested()])
def test_a_stopped_or_paused_step_goes_on_where_it_was(event: Event) -> None:
    run = begun(walk(60, 2.0), walk(60, 3.0), cool_down())
    run.at(190, event)
    if isinstance(event, StopRequested):
        run.at(200, ContinueRequested())
    assert (run.phase, run.place) == (Phase.PAUSED, (1, 90))
    run.started(300)
    run.at(300 + 4 + AXIS_GAP_S + 1)
    assert (run.last.wanted, run.place) == (Setpoint(3.0), (1, 91))


def test_what_was_finished_cannot_be_continued() -> None:
    run = begun(cool_down())
    run.at(160)
    with pytest.raises(IllegalEvent):
        run.at(170, ContinueRequested())


# --- metres -----------------------------------------------------------------------------------------------------------


def walked(run: Run, from_s: float, to_s: float, from_m: float, speed_kph: float) -> None:
    """Ticks with the metres that a belt at that speed runs."""
    for n in range(1, round((to_s - from_s) * 10) + 1):
        run.at(from_s + n / 10, Tick(from_m + n / 10 * speed_kph / 3.6))


def hundred_metres() -> Run:
    """At 100 s a step of 100 m at 3.6 km/h, estimated at 100 s; 20 m were measured before it."""
    run = Run(metres(100, 3.6), walk(60, 2.0), cool_down())
    run.at(70, Tick(20.0))
    run.started(100)
    return run


def test_a_step_of_metres_is_estimated_at_its_own_speed() -> None:
    assert hundred_metres().timeline.steps[0].length_s == pytest.approx(100)


def test_a_step_of_metres_ends_when_they_are_measured() -> None:
    run = hundred_metres()
    run.at(150, Tick(119.0))
    assert run.last.state.step_index == 0
    run.at(151, Tick(120.0))
    assert (run.last.state.step_index, run.last.wanted) == (1, Setpoint(3.6))
    assert run.at(152).wanted.speed_kph == pytest.approx(3.1)


def test_a_step_of_metres_that_takes_longer_holds_its_target() -> None:
    run = hundred_metres()
    walked(run, 100, 240, 20, 2.5)
    assert (run.last.state.step_index, run.last.wanted) == (0, Setpoint(3.6))
    walked(run, 240, 245, 117.3, 2.5)
    assert run.last.state.step_index == 1


def test_a_step_whose_metres_never_come_lasts_twice_its_estimate_and_a_minute() -> None:
    run = hundred_metres()
    run.at(100 + 259, Tick(21.0))
    assert run.last.state.step_index == 0
    run.at(100 + 261, Tick(22.0))
    assert run.last.state.step_index == 1


def test_without_metres_the_estimate_counts() -> None:
    run = begun(metres(100, 3.6), walk(60, 2.0), cool_down())
    run.at(199)
    assert run.last.state.step_index == 0
    run.at(201)
    assert run.last.state.step_index == 1


def test_metres_that_go_back_add_nothing() -> None:
    run = begun(metres(100, 3.6), metres(50, 3.6), cool_down())
    run.at(110, Tick(60.0))
    run.at(111, Tick(10.0))
    run.at(112, NextRequested())
    run.at(130, Tick(109.0))
    assert run.last.state.step_index == 1
    run.at(131, Tick(111.0))
    assert run.last.state.step_index == 2


def test_the_metres_that_a_belt_runs_without_the_person_are_not_theirs() -> None:
    run = hundred_metres()
    run.at(110, Tick(60.0))
    run.at(111, PauseRequested())
    run.at(150, Tick(70.0))
    run.started(200)
    run.at(201, Tick(129.9))
    assert run.last.state.step_index == 0
    run.at(202, Tick(130.1))
    assert run.last.state.step_index == 1


def test_a_rise_behind_metres_is_announced_when_they_are_done() -> None:
    run = Run(metres(100, 3.6), walk(60, 5.0), cool_down())
    run.at(70, Tick(20.0))
    run.started(100)
    run.at(150, Tick(120.0))
    assert run.said[-2:] == ["rise soon: faster in 5 seconds, 5.0 km/h", "step: walk 60 s, 5.0 km/h"]
    assert run.at(150 + RISE_WARNING_S).wanted == Setpoint(3.6)
    assert run.at(151 + RISE_WARNING_S).wanted.speed_kph == pytest.approx(4.1)


def test_the_next_step_is_named_when_few_metres_are_left() -> None:
    run = hundred_metres()
    run.at(150, Tick(109.0))
    assert not [said for said in run.said if said.startswith("next step")]
    run.at(151, Tick(110.5))
    assert run.said[-1] == "next step: next: walk 60 s, 2.0 km/h"


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_metres_that_are_no_number_are_refused(bad: float) -> None:
    run = hundred_metres()
    before = run.last.state
    with pytest.raises(ValueError, match="finite number of metres"):
        run.at(120, Tick(bad))
    assert run.last.state is before


# --- hold -----------------------------------------------------------------------------------------------------------


def test_a_hold_keeps_the_speed_and_the_place_and_a_second_key_goes_on() -> None:
    run = begun(walk(60, 2.0), walk(60, 3.0), cool_down())
    run.at(130, HoldRequested())
    assert run.last.state.held
    assert set(run.ticks(130, 330)) == {Setpoint(2.0)}
    assert run.place == (0, 30)
    run.at(330, HoldRequested())
    run.at(340)
    assert (run.last.state.held, run.place) == (False, (0, 40))


def test_nothing_rises_in_a_hold_and_what_waits_is_announced_anew() -> None:
    run = begun(walk(60, 2.0), walk(60, 4.0), cool_down())
    run.at(161)
    held = run.at(162, HoldRequested()).wanted
    assert held == Setpoint(3.0)
    assert set(run.ticks(162, 200)) == {held}
    run.said.clear()
    run.at(200, HoldRequested())
    assert run.said[0] == "rise soon: faster in 5 seconds, 4.0 km/h"
    assert set(run.ticks(200, 200 + RISE_WARNING_S)) == {held}
    assert run.at(206).wanted.speed_kph == pytest.approx(3.5)


def test_a_hold_on_a_way_stays_where_it_is_and_goes_the_rest_after_a_warning() -> None:
    run = begun(walk(60, 2.0), walk(60, 4.0), cool_down())
    run.at(120)
    run.at(120, NextRequested())
    run.at(127, HoldRequested())
    assert set(run.ticks(127, 150)) == {Setpoint(3.0)}
    run.at(150, HoldRequested())
    assert set(run.ticks(150, 150 + RISE_WARNING_S)) == {Setpoint(3.0)}
    assert run.at(157).wanted == Setpoint(4.0)


def test_a_hold_just_before_a_rise_has_it_announced_again() -> None:
    run = begun(walk(60, 2.0), walk(60, 4.0), cool_down())
    run.at(158)
    run.at(158, HoldRequested())
    run.said.clear()
    run.at(300, HoldRequested())
    assert run.said[0] == "rise soon: faster in 5 seconds, 4.0 km/h"
    assert run.at(300 + RISE_WARNING_S).wanted == Setpoint(2.0)
    assert run.at(301 + RISE_WARNING_S).wanted.speed_kph == pytest.approx(2.5)


def test_a_hold_ends_after_ten_minutes_and_says_so() -> None:
    run = begun(walk(60, 2.0), walk(60, 3.0), cool_down())
    run.at(130, HoldRequested())
    run.at(130 + HOLD_MAX_S - 1)
    assert run.last.state.held
    run.at(130 + HOLD_MAX_S + 2)
    assert (run.last.state.held, run.place) == (False, (0, 32))
    assert run.said[-1] == "step: the hold ends after 10 min"


def test_a_rise_that_waited_for_the_end_of_a_hold_is_announced_anew() -> None:
    run = begun(walk(60, 2.0), walk(60, 4.0), cool_down())
    run.at(158)
    run.at(158, HoldRequested())
    run.said.clear()
    assert set(run.ticks(158, 158 + HOLD_MAX_S + RISE_WARNING_S)) == {Setpoint(2.0)}
    assert run.said[:2] == [
        "step: the hold ends after 10 min",
        "rise soon: faster in 5 seconds, 4.0 km/h",
    ]


def test_in_a_hold_a_speed_may_be_lowered_but_not_raised() -> None:
    run = begun(walk(60, 2.0), cool_down())
    run.at(130, HoldRequested())
    run.at(131, NudgeRequested(-0.5))
    run.at(140)
    assert (run.speed_kph, run.last.state.held) == (1.5, True)
    run.at(141, NudgeRequested(0.5))
    assert set(run.ticks(141, 200)) == {Setpoint(1.5)}
    run.at(200, HoldRequested())
    run.at(200 + RISE_WARNING_S + 1)
    assert run.speed_kph == 2.0


# --- longer ---------------------------------------------------------------------------------------------------------


def test_a_step_is_made_longer_at_its_end_and_what_was_announced_is_announced_again() -> None:
    run = begun(walk(60, 2.0), walk(60, 3.0), cool_down())
    run.ticks(100, 158)
    run.at(158, ExtendRequested())
    run.said.clear()
    assert run.last.state.raise_at_s is None
    assert set(run.ticks(158, 220)) == {Setpoint(2.0)}
    assert run.said == [
        "next step: next: walk 60 s, 3.0 km/h",
        "rise soon: faster in 5 seconds, 3.0 km/h",
        "count: 3",
        "count: 2",
        "count: 1",
        "step: walk 60 s, 3.0 km/h",
    ]
    assert run.at(221).wanted.speed_kph == pytest.approx(2.5)


def test_time_that_was_added_is_kept_when_the_end_is_reached_by_a_hair() -> None:
    run = Run(walk(20, 1.0), rest(30), cool_down())
    for n, event in enumerate((StartRequested(), BeltSeenMoving(), PersonConfirmedOn())):
        run.at(1.0 + n, event)
    run.at(11.645406999095986, ExtendRequested(10))
    run.at(11.858849915929722, NudgeRequested(0.5))
    run.at(21.2585254877651, ExtendRequested(60))
    run.ticks(21.2, 100)
    assert (run.phase, run.last.state.step_index) == (Phase.RUNNING, 0)


def test_a_step_is_made_longer_by_ten_minutes_in_all() -> None:
    run = begun(walk(60, 2.0), cool_down())
    for _ in range(20):
        run.at(110, ExtendRequested())
    assert run.last.state.extended_s == EXTEND_MAX_S
    assert run.said[-1] == "step: no longer than 10 min more"
    run.at(100 + 60 + EXTEND_MAX_S - 1)
    assert run.last.state.step_index == 0
    run.at(100 + 60 + EXTEND_MAX_S + 1)
    assert run.last.state.step_index == 1


def test_who_has_begun_to_rise_ahead_of_the_next_step_comes_back_for_the_time_added() -> None:
    run = begun(walk(60, 2.0), walk(60, 4.0), cool_down(), lead_s=3.0)
    run.at(162)
    assert run.speed_kph == 3.0
    run.at(162, ExtendRequested())
    run.at(165)
    assert (run.speed_kph, run.place) == (2.0, (0, 57))


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_a_step_is_not_made_longer_by_nothing(bad: float) -> None:
    run = begun(walk(60, 2.0), cool_down())
    with pytest.raises(ValueError, match="made longer by a finite number"):
        run.at(110, ExtendRequested(bad))


# --- back -----------------------------------------------------------------------------------------------------------


def test_back_leads_to_the_start_of_this_step_and_soon_after_it_to_the_step_before() -> None:
    run = begun(walk(60, 2.0), walk(60, 3.0), walk(60, 2.5), cool_down())
    run.at(250)
    run.at(250, BackRequested())
    assert run.place == (2, 121)
    run.at(251, BackRequested())
    assert run.place == (1, 62)
    run.at(259, BackRequested())
    assert run.place == (1, 62)


def test_back_never_crosses_a_standstill() -> None:
    run = begun(walk(60, 2.0), rest(30), walk(60, 1.0), walk(60, 2.0), cool_down())
    run.at(190)
    run.started(200)
    run.at(198, BackRequested())
    assert run.place == (2, 90)


# --- speeds by hand -----------------------------------------------------------------------------------------------


def test_a_nudge_down_is_at_once_and_only_in_this_step() -> None:
    run = begun(walk(60, 3.0), walk(60, 3.0), cool_down())
    run.at(120)
    run.at(120, NudgeRequested(-0.1))
    run.at(120.2)
    assert run.speed_kph == 2.9
    run.at(160 + AXIS_GAP_S)
    assert (run.speed_kph, run.last.state.nudge_kph) == (2.9, -0.1)
    run.at(175)
    assert (run.last.state.step_index, run.speed_kph, run.last.state.nudge_kph) == (1, 3.0, 0.0)


def test_a_nudge_up_is_announced_and_comes_five_seconds_later() -> None:
    run = begun(walk(60, 3.0), cool_down())
    run.at(120)
    run.said.clear()
    run.at(120, NudgeRequested(0.1))
    assert (run.said, run.last.state.raise_at_s) == (["rise soon: faster in 5 seconds, 3.1 km/h"], 125)
    assert set(run.ticks(120, 125)) == {Setpoint(3.0)}
    run.at(125.2)
    assert (run.speed_kph, run.last.state.raise_at_s) == (3.1, None)


def test_of_two_rises_that_were_announced_the_second_is_not_forgotten_when_the_first_begins() -> None:
    """The belt is faster within two seconds of 160, and what was announced meanwhile is that it gets steeper."""
    run = begun(walk(60, 3.0), walk(60, 3.4, incline_percent=2.0), cool_down())
    run.ticks(100, 159.8)
    first_s, then_s = run.last.state.raises_at_s
    assert run.last.state.raise_at_s == first_s == pytest.approx(160.0)
    assert 161.0 < then_s < 165.0
    run.ticks(159.8, 160.2)
    assert run.last.state.raise_at_s == then_s
    run.at(160.3, HoldRequested())
    assert run.last.state.raise_at_s is None


def test_nudges_are_bounded_and_never_below_the_lowest_speed() -> None:
    run = begun(walk(600, 1.5), cool_down())
    for n in range(14):
        run.at(120 + n, NudgeRequested(-0.1))
    assert (run.last.state.nudge_kph, run.speed_kph) == (-1.0, LOWEST.speed_kph)
    for n in range(25):
        run.at(140 + n, NudgeRequested(0.1))
    run.at(200)
    assert (run.last.state.nudge_kph, run.speed_kph) == (1.0, 2.5)


def test_a_scale_holds_for_the_rest_of_the_plan_at_the_same_ramp_rates() -> None:
    run = begun(walk(60, 3.0), walk(60, 5.0, 2.0), cool_down())
    run.at(120)
    run.at(120, ScaleRequested(-20))
    run.at(125)
    assert run.speed_kph == 2.4
    wanted = run.ticks(125, 200)
    assert run.last.wanted == Setpoint(4.0, 2.0)
    rises = [b.speed_kph - a.speed_kph for a, b in pairwise(wanted)]
    assert max(rises) == pytest.approx(0.05)


def test_a_scale_up_is_announced_first() -> None:
    run = begun(walk(60, 3.0), cool_down())
    run.at(120)
    run.said.clear()
    run.at(120, ScaleRequested(10))
    assert run.said == ["rise soon: faster in 5 seconds, 3.3 km/h", "step: speeds at 110 %"]
    assert run.at(125).wanted == Setpoint(3.0)
    assert run.at(126).wanted.speed_kph == pytest.approx(3.3)


def test_a_scale_is_bounded_and_a_paused_run_can_be_scaled() -> None:
    run = begun(walk(60, 3.0), cool_down())
    run.at(120, PauseRequested())
    run.at(121, ScaleRequested(-90))
    assert (run.phase, run.last.wanted, run.last.state.scale_percent) == (Phase.PAUSED, STANDSTILL, 50)
    run.started(200)
    run.at(210)
    assert run.speed_kph == 1.5
    run.at(211, ScaleRequested(300))
    assert run.last.state.scale_percent == 120


def test_the_line_of_a_run_shows_the_speeds_as_they_were_changed() -> None:
    run = begun(walk(60, 3.0), cool_down())
    run.at(120, ScaleRequested(-10))
    line = line_of(run.timeline, run.last.state)
    assert line.steps[0].target.speed_kph == pytest.approx(2.7)
    assert line.total_s == run.timeline.total_s


@pytest.mark.parametrize("event", [NudgeRequested(float("nan")), NudgeRequested(float("inf"))])
def test_a_change_that_is_no_number_is_refused(event: Event) -> None:
    run = begun(walk(60, 3.0), cool_down())
    with pytest.raises(ValueError, match="finite number"):
        run.at(120, event)


# --- finish ---------------------------------------------------------------------------------------------------------


def test_finish_goes_to_the_cool_down_of_this_stretch_and_ends_with_it() -> None:
    run = begun(walk(60, 3.0), cool_down(30), turn(Facing.CONSOLE), walk(60, 2.0), cool_down())
    run.at(120, FinishRequested())
    assert run.last.state.step_index == 1
    run.ticks(120, 180)
    last = run.last
    assert run.phase is Phase.FINISHED
    assert last.wanted == STANDSTILL
    assert "ending: the belt stops in 10 seconds" in run.said
    assert not [said for said in run.said if said.startswith("turn")]


def test_finish_comes_down_here_when_the_cool_down_lies_behind_a_standstill() -> None:
    run = begun(walk(60, 5.0), turn(Facing.CONSOLE), walk(60, 2.0), cool_down())
    run.at(130)
    run.at(130, FinishRequested())
    assert run.at(130 + COOL_DOWN_S / 2).wanted.speed_kph == pytest.approx(3.0)
    assert run.at(130 + COOL_DOWN_S - 0.1).wanted.speed_kph == pytest.approx(1.0, abs=0.01)
    assert run.last.state.step_index == 0
    last = run.at(130 + COOL_DOWN_S)
    assert (run.phase, last.stop_reason) == (Phase.FINISHED, "the cool-down is done")


def test_who_comes_down_does_not_rise_again() -> None:
    run = begun(walk(60, 5.0), turn(Facing.CONSOLE), walk(60, 2.0), cool_down())
    run.at(130)
    run.at(130, FinishRequested())
    for n, event in enumerate((NextRequested(), BackRequested(), NudgeRequested(0.5), ScaleRequested(20))):
        before = run.speed_kph
        run.at(140 + n, event)
        assert run.speed_kph < before
    run.at(150, PauseRequested())
    run.started(200)
    assert set(run.ticks(200, 200 + COOL_DOWN_S - RISE_WARNING_S - 0.1)) == {LOWEST}
    run.at(200 + COOL_DOWN_S)
    assert run.phase is Phase.FINISHED


@pytest.mark.parametrize("standing", [rest(30), turn(Facing.CONSOLE)])
def test_finish_at_rest_ends_at_once(standing: PlannedStep) -> None:
    run = begun(walk(60, 1.0), standing, walk(60, 2.0), cool_down())
    run.at(161)
    last = run.at(162, FinishRequested())
    assert (run.phase, last.stop_reason) == (Phase.FINISHED, "the run was finished at rest")


# --- the lead -------------------------------------------------------------------------------------------------------


def test_with_a_lead_the_wish_is_ahead_of_the_plan() -> None:
    run = begun(walk(60, 2.0), walk(60, 4.0), cool_down(), lead_s=2.0)
    run.at(160)
    assert (run.speed_kph, run.place) == (2.0, (0, 58))
    run.at(162)
    assert (run.speed_kph, run.place) == (3.0, (1, 60))


def test_the_first_rise_of_a_stretch_catches_up_with_the_lead_in_one_ramp() -> None:
    run = Run(walk(60, 3.0), cool_down(), lead_s=2.0)
    run.started(100)
    wanted = [setpoint.speed_kph for setpoint in run.ticks(95, 110)]
    first = next(n for n, speed_kph in enumerate(wanted) if speed_kph > 1.0)
    assert first == 50
    assert wanted[first : first + 40] == pytest.approx([1.0 + 0.05 * n for n in range(1, 41)])


def test_the_lead_never_reaches_across_a_standstill() -> None:
    run = begun(walk(60, 2.0), rest(30), walk(60, 4.0), cool_down(), lead_s=3.0)
    assert set(run.ticks(110, 162.9)) == {Setpoint(2.0)}


def test_with_a_lead_the_announcement_is_ahead_too() -> None:
    run = begun(walk(60, 2.0), walk(60, 4.0), cool_down(), lead_s=3.0)
    run.ticks(100, 154.7)
    assert not any(said.startswith("rise soon: faster in 5 seconds, 4") for said in run.said)
    run.ticks(154.7, 155)
    assert any(said.startswith("rise soon: faster in 5 seconds, 4") for said in run.said)
    assert set(run.ticks(155, 160)) == {Setpoint(2.0)}
    assert run.ticks(160, 160.1)[-1].speed_kph > 2.0


def test_the_belt_is_reversed_only_by_a_turn() -> None:
    reversed_ = replace(turn(Facing.CONSOLE), belt=BeltDirection.REVERSED)
    after = [replace(one, facing=Facing.CONSOLE, belt=BeltDirection.REVERSED) for one in (walk(60, 2.0), cool_down())]
    timeline = unroll(Written((walk(60, 2.0), reversed_, *after)), RATES, 1.0)
    assert [one.belt for one in timeline.steps] == [BeltDirection.FORWARD, *[BeltDirection.REVERSED] * 3]


def test_a_cue_kind_has_its_moment() -> None:
    run = begun(walk(60, 2.0), rest(30), walk(60, 3.0), turn(Facing.CONSOLE), cool_down())
    run.ticks(100, 190)
    run.started(220)
    run.ticks(220, 285)
    run.started(320)
    run.ticks(320, 385)
    assert {said.partition(":")[0] for said in run.said} == {kind.value for kind in CueKind}
