"""One run without threads or processes: what the conductor says to the guardian, and what it measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pytest

from retrotread.guardian.messages import (
    Acknowledge,
    Arm,
    Attend,
    CancelStart,
    ConfirmTurn,
    Connected,
    Feel,
    Heartbeat,
    HeartShown,
    HoldDone,
    HostSleeping,
    Intent,
    LimitInForce,
    Pause,
    Rate,
    Rest,
    Snapshot,
    StopNow,
    ToGuardian,
    Turn,
    TurnShown,
)
from retrotread.machine import BeltDirection, Capabilities, DeviceProfile, Facing, Setpoint
from retrotread.safety.attention import AnsweredBy
from retrotread.safety.feeling import Symptom
from retrotread.safety.hazards import Action, Cause, Clears, Hazard
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.inputs import StopBy, TurnConfirm, Unreachable
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode
from retrotread.sessions.conductor import NOTES_KEPT, Conductor, Health, RunPlan, Taken
from retrotread.sessions.narration import EMPTY_BELT_MOVES
from retrotread.training.answers import Answers
from retrotread.workouts import engine
from retrotread.workouts.engine import Phase
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.timeline import PlannedStep, StepKind, unroll

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10, 120, 5), lag_ms=400, report_period_ms=250)
EPOCH = 3


@dataclass(frozen=True, slots=True)
class TwoSteps:
    """A minute at 1.8 km/h and a minute of cool-down at 0.9 km/h."""

    name: str = "Two steps"
    level: int | None = 1
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        fast, slow = Setpoint(1.8), Setpoint(0.9)
        return [
            PlannedStep(StepKind.WALK, "walk 60 s", 60, fast, fast, "short steps"),
            PlannedStep(StepKind.COOL_DOWN, "cool down 60 s", 60, slow, slow),
        ]


@dataclass(frozen=True, slots=True)
class Steps:
    """These steps, backward."""

    steps: tuple[PlannedStep, ...]
    name: str = "Steps"
    level: int | None = None
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        return self.steps


class Bench:
    """A conductor, virtual time, and a guardian by hand."""

    def __init__(self, **plan: Any) -> None:
        self.now_s = 50.0
        self.recorded: list[Taken] = []
        whole = RunPlan.of("run-1", unroll(TwoSteps(), RampRates(0.2, 0.54, 0.5), 0.5), "novice")
        self.conductor = Conductor(replace(whole, **plan), self.now_s, self.recorded.append)
        self.conductor.connected(Connected(EPOCH, PROFILE))
        self.last: dict[str, Any] = {}

    def see(self, mode: Mode | None = None, **changes: Any) -> tuple[ToGuardian, ...]:
        """A snapshot; what is not changed is as it was."""
        still: dict[str, Any] = {
            "epoch": EPOCH,
            "mode": Mode.IDLE,
            "action": Action.ALLOW,
            "causes": (),
            "link_up": True,
            "speed_kph": 0.0,
            "incline_percent": 0.0,
            "distance_m": None,
            "age_s": 0.1,
            "sent_speed_kph": 0.0,
            "sent_incline_percent": 0.0,
            "standstill": False,
            "alarm": False,
        }
        self.last = still | self.last | changes | ({} if mode is None else {"mode": mode})
        return self.conductor.seen(Snapshot(at_s=self.now_s, **self.last), self.now_s)

    def tick(self, ui_age_s: float = 0.0, input_alive: bool = True) -> tuple[ToGuardian, ...]:
        self.now_s = round(self.now_s + 0.1, 3)
        return self.conductor.tick(self.now_s, Health(ui_age_s, input_alive))

    def ticks(self, seconds: float) -> list[ToGuardian]:
        return [message for _ in range(round(seconds * 10)) for message in self.tick()]

    def started(self) -> Bench:
        for mode in (Mode.IDLE, Mode.ARMED, Mode.COUNTDOWN, Mode.STARTING):
            self.see(mode)
        self.see(Mode.RUN, speed_kph=0.5)
        assert self.phase is Phase.WAITING_FOR_PERSON
        return self

    def running(self) -> Bench:
        self.started().conductor.person_on(self.now_s)
        assert self.phase is Phase.RUNNING
        return self

    @property
    def phase(self) -> Phase:
        return self.conductor.state.phase

    def asked(self, kind: type[engine.Event]) -> list[engine.Event]:
        """What the engine took of this kind."""
        return [taken.event for taken in self.recorded if type(taken.event) is kind]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def cause(hazard: Hazard, action: Action, message: str) -> Cause:
    return Cause(hazard, action, message, Clears.WHEN_ACKNOWLEDGED)


def late(seconds: float) -> Cause:
    return cause(Hazard.TELEMETRY_LATE, Action.FREEZE_RISES, f"no telemetry for {seconds:.1f} s")


def intents(said: Sequence[ToGuardian]) -> list[Intent]:
    return [one for one in said if isinstance(one, Intent)]


# --- the oxygen uptake ------------------------------------------------------------------------------------------


def gone_at(bench: Bench, speed_kph: float, seconds: int) -> Bench:
    """So long at this measured speed, with a look a second."""
    for _ in range(seconds):
        bench.now_s += 1.0
        bench.see(Mode.RUN, speed_kph=speed_kph)
    return bench


def test_two_steady_minutes_have_an_uptake_in_the_summary_by_the_measured_speed() -> None:
    """Backward at 4.0 km/h and not at the 1.8 km/h of the plan, of which no formula speaks."""
    uptake = gone_at(Bench().running(), 4.0, 130).conductor.summary(0.0).uptake
    assert uptake is not None
    assert 3.0 <= uptake.mets.low <= uptake.mets.high <= 6.0
    assert 125.0 <= uptake.estimated_s <= 130.0
    assert gone_at(Bench().running(), 1.8, 130).conductor.summary(0.0).uptake is None


@pytest.mark.parametrize("plan", [{"handrail": True}, {"empty_belt": True}], ids=str)
def test_hands_on_the_rails_and_an_empty_belt_have_none(plan: dict[str, Any]) -> None:
    assert gone_at(Bench(**plan).running(), 4.0, 130).conductor.summary(0.0).uptake is None


def test_nothing_is_counted_before_the_person_is_on_nor_of_a_stale_speed() -> None:
    assert gone_at(Bench().started(), 4.0, 130).conductor.summary(0.0).uptake is None
    late = Bench().running()
    late.see(Mode.RUN, age_s=5.0)
    assert gone_at(late, 4.0, 130).conductor.summary(0.0).uptake is None


# --- beats and wishes -------------------------------------------------------------------------------------------


def test_a_beat_leaves_at_once_and_then_five_times_a_second_and_counts_up(bench: Bench) -> None:
    beats = [message for message in bench.ticks(2.0) if isinstance(message, Heartbeat)]
    assert isinstance(beats[0], Heartbeat)
    assert [beat.seq for beat in beats] == list(range(1, 11))


def test_a_beat_tells_how_the_screen_and_the_keyboard_are(bench: Bench) -> None:
    assert bench.tick(ui_age_s=1.7, input_alive=False) == (Heartbeat(1, 1.7, input_alive=False),)


def test_nothing_is_wished_before_the_person_is_on_but_the_lowest_speed(bench: Bench) -> None:
    assert intents(bench.ticks(1.0)) == []
    bench.started()
    (wish, *_) = intents(bench.ticks(0.5))
    assert (wish.speed_kph, wish.incline_percent) == (0.5, 0.0)


def test_a_wish_has_the_ceiling_of_its_step_where_the_person_has_one_of_their_own() -> None:
    timeline = unroll(TwoSteps(), RampRates(0.2, 0.54, 0.5), 0.5)
    steps = (replace(timeline.steps[0], heart_bpm=130), *timeline.steps[1:])
    bench = Bench(timeline=replace(timeline, steps=steps), heart=HeartCeiling(150, required=True)).running()
    asked = [wish.heart_bpm for wish in intents(bench.ticks(75.0))]
    assert asked[0] == 130
    assert asked[-1] is None
    assert asked == sorted(asked, key=lambda bpm: bpm is None), "it changes once"
    alone = Bench(timeline=replace(timeline, steps=steps)).running()
    assert {wish.heart_bpm for wish in intents(alone.ticks(5.0))} == {None}


def test_another_ceiling_is_said_with_the_first_wish_of_its_step_though_the_speed_is_the_same() -> None:
    walk = Setpoint(1.8)
    steps = [PlannedStep(StepKind.WALK, "walk 60 s", 60, walk, walk, heart_bpm=bpm) for bpm in (130, 140)]
    timeline = unroll(Steps(tuple(steps)), RampRates(0.2, 0.54, 0.5), 0.5)
    bench = Bench(timeline=timeline, heart=HeartCeiling(150, required=True)).running()
    said = bench.tick()
    while bench.conductor.step.index == 0:
        said = bench.tick()
    assert [wish.heart_bpm for wish in intents(said)] == [140]


def test_a_wish_is_said_when_it_changes_and_again_once_a_second(bench: Bench) -> None:
    bench.running()
    bench.ticks(5.0)  # the rise is announced
    rising = intents(bench.ticks(6.0))
    assert len(rising) > 50
    assert all(first.speed_kph <= second.speed_kph for first, second in pairwise(rising))
    bench.ticks(2.0)
    steady = intents(bench.ticks(10.0))
    assert [one.speed_kph for one in steady] == [1.8] * 10


def test_a_wish_is_for_its_connection_its_turn_and_a_short_while(bench: Bench) -> None:
    bench.running()
    bench.ticks(5.0)  # the rise is announced
    wishes = intents(bench.ticks(1.0))
    assert {one.epoch for one in wishes} == {EPOCH}
    assert [one.seq for one in wishes] == sorted({one.seq for one in wishes})
    assert wishes[-1].deadline_s == pytest.approx(bench.now_s + 0.3)


def test_wishes_end_with_the_plan(bench: Bench) -> None:
    bench.running()
    bench.conductor.stopped_by_person(bench.now_s)
    assert intents(bench.ticks(3.0)) == []


# --- the guardian's mode and the plan's phase -------------------------------------------------------------------


def test_the_plan_follows_the_start_step_by_step(bench: Bench) -> None:
    phases = []
    for mode in (Mode.IDLE, Mode.ARMED, Mode.COUNTDOWN, Mode.STARTING, Mode.RUN):
        bench.see(mode)
        phases.append(bench.phase)
    assert phases == [
        Phase.READY,
        Phase.READY,
        Phase.WAITING_FOR_START,
        Phase.WAITING_FOR_START,
        Phase.WAITING_FOR_PERSON,
    ]


@pytest.mark.parametrize("mode", [Mode.IDLE, Mode.DISCONNECTED])
def test_a_start_that_comes_to_nothing_can_be_tried_again(bench: Bench, mode: Mode) -> None:
    bench.see(Mode.COUNTDOWN)
    bench.see(mode)
    before = bench.phase
    bench.see(Mode.COUNTDOWN)
    assert (before, bench.phase) == (Phase.READY, Phase.WAITING_FOR_START)


@pytest.mark.parametrize("mode", [Mode.STOPPING, Mode.ESCALATED, Mode.LATCHED, Mode.FAULT])
def test_a_belt_that_something_else_stops_ends_the_plan_with_its_cause(bench: Bench, mode: Mode) -> None:
    bench.running()
    silent = cause(Hazard.TELEMETRY_SILENT, Action.ESCALATE, "no telemetry for 2.0 s")
    assert bench.see(mode, causes=(silent,)) == ()
    assert bench.phase is Phase.STOPPED
    assert bench.conductor.ended == "no telemetry for 2.0 s"


def test_the_end_of_the_plan_is_a_stop_of_the_plan(bench: Bench) -> None:
    bench.running()
    said = bench.ticks(126.0)
    assert bench.phase is Phase.FINISHED
    assert [one for one in said if isinstance(one, StopNow)][:1] == [StopNow(StopBy.PLAN)]
    assert bench.conductor.ended == "the plan is done"


def test_a_belt_that_nobody_steps_on_is_stopped_by_the_program(bench: Bench) -> None:
    bench.started()
    said = bench.ticks(61.0)
    assert [one for one in said if isinstance(one, StopNow)][:1] == [StopNow(StopBy.PROGRAM)]
    assert bench.conductor.ended is not None
    assert bench.conductor.ended.startswith("nobody confirmed being on the belt within 60 s")


# --- what a person asks -----------------------------------------------------------------------------------------


def test_arming_names_the_run_the_tier_the_way_and_the_ceiling_of_the_plan(bench: Bench) -> None:
    bench.conductor.message = "an old refusal"
    assert bench.conductor.arm(bench.now_s) == (
        Arm(
            EPOCH,
            bench.now_s + 0.3,
            "run-1",
            "novice",
            Facing.REAR,
            BeltDirection.FORWARD,
            PlanCeiling(180, 0, "Two steps"),
            checklist_done=True,
            key_tested=True,
        ),
    )
    assert bench.conductor.message is None


def test_an_arming_says_whether_a_hand_has_shown_which_machine_it_is(bench: Bench) -> None:
    assert not arm_of(bench).machine_shown
    bench.conductor.machine_shown = lambda: True
    assert arm_of(bench).machine_shown


def arm_of(bench: Bench) -> Arm:
    (said,) = bench.conductor.arm(bench.now_s)
    assert isinstance(said, Arm)
    return said


def test_the_hold_the_cancel_and_the_acknowledgement_are_passed_on(bench: Bench) -> None:
    conductor = bench.conductor
    assert conductor.hold_done(bench.now_s) == (HoldDone(EPOCH, bench.now_s + 0.3),)
    assert conductor.cancel_start() == (CancelStart(),)
    assert conductor.acknowledge(key_tested=True) == (Acknowledge(EPOCH, key_tested=True),)


def test_a_pause_stops_the_plans_time_and_asks_for_rest(bench: Bench) -> None:
    bench.running()
    bench.ticks(5.0)
    place_s = bench.conductor.state.plan_time_s
    assert Pause(EPOCH) in bench.conductor.pause(bench.now_s)
    bench.see(Mode.PAUSING)
    bench.ticks(5.0)
    assert bench.conductor.state.plan_time_s == pytest.approx(place_s, abs=0.11)


def test_next_and_finish_go_to_the_next_step(bench: Bench) -> None:
    bench.running()
    bench.ticks(10.0)
    assert bench.conductor.state.step_index == 0
    bench.conductor.next_step(bench.now_s)
    assert bench.conductor.state.step_index == 1
    bench.conductor.finish(bench.now_s)
    assert bench.conductor.state.step_index == 1


def runs_after(minutes: float) -> Bench:
    bench, slow, fast = Bench(), Setpoint(1.8), Setpoint(6.0)
    steps = (
        PlannedStep(StepKind.WALK, "walk", 1200, slow, slow),
        PlannedStep(StepKind.WALK, "walk on", minutes * 60, slow, slow),
        PlannedStep(StepKind.RUN, "run 30 s", 30, fast, fast),
        PlannedStep(StepKind.WALK, "walk 60 s", 60, slow, slow),
        PlannedStep(StepKind.RUN, "run 30 s again", 30, fast, fast),
    )
    plan = RunPlan.of("run-1", unroll(Steps(steps), RampRates(0.2, 0.54, 0.5), 0.5), "runner")
    bench.conductor = Conductor(plan, bench.now_s, bench.recorded.append)
    bench.conductor.connected(Connected(EPOCH, PROFILE))
    return bench


def test_what_warms_up_before_the_first_backward_run_is_not_skipped() -> None:
    bench = gone_at(runs_after(1).running(), 1.8, 60)
    assert bench.conductor.next_step(bench.now_s) == ()
    assert bench.conductor.message == (
        "not skipped: it would leave 2.0 minutes of easy walking before the backward run in step 3, which needs 5"
    )
    assert bench.conductor.state.step_index == 0
    gone_at(bench, 6.0, 200)
    bench.conductor.next_step(bench.now_s)
    assert bench.conductor.state.step_index == 0, "who runs does not warm up"
    gone_at(bench, 1.8, 183)
    for step in (1, 1):
        bench.conductor.next_step(bench.now_s)
        assert bench.conductor.state.step_index == step, "four easy minutes and one that is planned"
    gone_at(bench, 1.8, 58)
    for step in (2, 3, 4):
        bench.conductor.next_step(bench.now_s)
        assert bench.conductor.state.step_index == step, "after the first run nothing is held"


def test_of_a_longer_warm_up_what_is_beyond_five_minutes_may_be_skipped() -> None:
    bench = runs_after(5).running()
    bench.conductor.next_step(bench.now_s)
    assert bench.conductor.state.step_index == 1


def test_what_cannot_be_now_says_so_and_changes_nothing(bench: Bench) -> None:
    before = bench.conductor.state
    assert bench.conductor.next_step(bench.now_s) == ()
    assert bench.conductor.state == before
    assert bench.conductor.message is not None
    assert bench.conductor.message.startswith("not possible now: the workout is ready")


def test_the_persons_own_stop_ends_the_plan_and_says_no_second_stop(bench: Bench) -> None:
    bench.running()
    assert bench.conductor.stopped_by_person(bench.now_s) == ()
    assert (bench.phase, bench.conductor.ended) == (Phase.STOPPED, "a stop was asked for")


def test_a_stop_before_anything_was_started_ends_nothing(bench: Bench) -> None:
    bench.conductor.stopped_by_person(bench.now_s)
    assert bench.phase is Phase.READY


def test_a_step_brings_its_cue(bench: Bench) -> None:
    bench.running()
    assert bench.conductor.cue == "short steps"
    bench.conductor.next_step(bench.now_s)
    assert bench.conductor.cue is None


def test_every_input_of_the_engine_is_recorded_with_its_moment(bench: Bench) -> None:
    bench.running()
    at_s = bench.now_s
    bench.tick()
    kinds = [type(taken.event) for taken in bench.recorded]
    assert kinds == [engine.StartRequested, engine.BeltSeenMoving, engine.PersonConfirmedOn, engine.Tick]
    assert bench.recorded[-1].at_s == pytest.approx(at_s + 0.1)
    assert (bench.recorded[-1].phase, bench.recorded[-1].wanted) == (Phase.RUNNING, bench.conductor.wanted)


# --- what was measured ------------------------------------------------------------------------------------------


def walked(bench: Bench, seconds: float, **seen: Any) -> None:
    for _ in range(round(seconds * 5)):
        bench.now_s += 0.2
        bench.see(**seen)


def test_distance_is_the_measured_speed_over_time_from_the_first_motion_on(bench: Bench) -> None:
    walked(bench, 10.0, speed_kph=3.6)
    assert bench.conductor.distance_m == 0.0
    bench.see(speed_kph=0.0)
    bench.started()
    walked(bench, 10.0, speed_kph=3.6)
    assert bench.conductor.distance_m == pytest.approx(10.0)


def test_a_number_that_is_old_is_no_ground_for_distance(bench: Bench) -> None:
    bench.started()
    walked(bench, 5.0, speed_kph=3.6, age_s=3.1)
    walked(bench, 5.0, speed_kph=None, age_s=None)
    assert bench.conductor.distance_m == 0.0


def test_the_highest_measured_figures_are_kept(bench: Bench) -> None:
    bench.started()
    for speed_kph, incline_percent in ((1.0, 0.0), (2.4, 1.5), (0.9, None)):
        bench.see(speed_kph=speed_kph, incline_percent=incline_percent)
    assert (bench.conductor.max_speed_kph, bench.conductor.max_incline_percent) == (2.4, 1.5)


def test_each_cause_of_a_stop_is_kept_once_with_its_first_moment(bench: Bench) -> None:
    silent = cause(Hazard.TELEMETRY_SILENT, Action.ESCALATE, "no telemetry for 2.0 s")
    link = cause(Hazard.LINK_DOWN, Action.ESCALATE, "the link is lost")
    bench.running()
    first_s = bench.now_s
    bench.see(Mode.ESCALATED, causes=(silent,))
    bench.ticks(1.0)
    bench.see(causes=(silent, link))
    assert bench.conductor.stops == ((first_s, silent), (bench.now_s, link))
    assert bench.conductor.notes == ("no telemetry for 2.0 s", "the link is lost")
    assert bench.conductor.message == "the link is lost"


def test_a_warning_whose_number_changes_is_one_note_and_pushes_no_stop_out(bench: Bench) -> None:
    bench.running()
    for tenth in range(NOTES_KEPT * 2):
        bench.see(causes=(late(1 + tenth / 10),))
    assert list(bench.conductor.notes) == ["no telemetry for 1.0 s"]
    bench.see(causes=())
    bench.see(causes=(late(1.5),))
    assert list(bench.conductor.notes) == ["no telemetry for 1.0 s", "no telemetry for 1.5 s"]


# --- the end ----------------------------------------------------------------------------------------------------


def test_a_run_is_over_at_confirmed_standstill_and_not_before(bench: Bench) -> None:
    bench.running()
    bench.ticks(10.0)
    stop = cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed")
    bench.conductor.stopped_by_person(bench.now_s)
    for mode, changes in (
        (Mode.RUN, {"standstill": False}),
        (Mode.STOPPING, {"causes": (stop,), "speed_kph": 0.0}),
        (Mode.RUN, {"standstill": True}),
    ):
        bench.see(mode, **changes)
        assert bench.conductor.ended_s is None
    bench.ticks(3.0)
    bench.see(Mode.LATCHED, standstill=True)
    assert bench.conductor.ended_s == bench.now_s


def test_the_summary_has_the_measured_figures_and_how_it_ended(bench: Bench) -> None:
    bench.running()
    walked(bench, 10.0, speed_kph=1.8)
    bench.conductor.tick(bench.now_s)
    bench.conductor.stopped_by_person(bench.now_s)
    bench.see(Mode.LATCHED, standstill=True, speed_kph=0.0)
    ended_s = bench.now_s
    summary = bench.conductor.summary(ended_s + 500.0)
    assert (summary.workout, summary.ended, summary.complete) == ("Two steps", "a stop was asked for", False)
    assert summary.elapsed_s == pytest.approx(10.0)
    assert summary.plan_time_s == pytest.approx(5.0)  # the first five announced the rise
    assert summary.plan_total_s == 120.0
    assert summary.distance_m == pytest.approx(5.0)
    assert (summary.max_speed_kph, summary.max_incline_percent) == (1.8, 0.0)


def test_what_the_person_says_is_kept_with_its_moment(bench: Bench) -> None:
    bench.conductor.rate(1, 8)
    bench.running().conductor.rate(3, 5)
    bench.conductor.rate(2, None)
    bench.conductor.stopped_by_person(bench.now_s)
    bench.conductor.rate(0, 4)
    said = bench.conductor.summary(bench.now_s).answers
    assert said == Answers(pain_before=1, pain_during=3, pain_after=0, effort=4)


def test_a_run_that_never_began_has_no_time(bench: Bench) -> None:
    summary = bench.conductor.summary(bench.now_s + 9.0)
    assert (summary.ended, summary.elapsed_s, summary.distance_m) == ("not ended", 0.0, 0.0)


# --- changes by hand, turns, rests, and what follows a stop -------------------------------------------------------


LIMITS = (LimitInForce("speed", 2.0, "km/h", "the highest speed of the plan"),)


def test_a_nudge_past_the_limit_in_force_is_not_asked_for_and_says_why(bench: Bench) -> None:
    bench.running().see(Mode.RUN, limits=LIMITS)
    bench.ticks(20.0)
    assert bench.conductor.wanted.speed_kph == pytest.approx(1.8)
    bench.conductor.nudge(0.3, bench.now_s)
    assert bench.conductor.message == "not raised: 2.1 km/h is above 2.0 km/h (the highest speed of the plan)"
    assert not bench.asked(engine.NudgeRequested)
    bench.conductor.nudge(0.1, bench.now_s)
    assert bench.asked(engine.NudgeRequested) == [engine.NudgeRequested(0.1)]
    assert "nudged by +0.1 km/h in step 1" in bench.conductor.notes


def test_scaling_the_rest_up_is_held_to_the_limit_and_down_is_not(bench: Bench) -> None:
    bench.running().see(Mode.RUN, limits=LIMITS)
    bench.conductor.scale(15, bench.now_s)
    assert bench.conductor.message == "not raised: 2.07 km/h is above 2.0 km/h (the highest speed of the plan)"
    bench.conductor.scale(-10, bench.now_s)
    assert bench.asked(engine.ScaleRequested) == [engine.ScaleRequested(-10)]


def test_the_persons_own_stop_can_be_taken_back_into_the_plan(bench: Bench) -> None:
    bench.running().ticks(10.0)
    bench.conductor.stopped_by_person(bench.now_s)
    place_s = bench.conductor.state.plan_time_s
    bench.see(Mode.STOPPING, causes=(cause(Hazard.OPERATOR_STOP, Action.CONTROLLED_STOP, "stop was pressed"),))
    bench.see(Mode.LATCHED, standstill=True, speed_kph=0.0)
    assert bench.conductor.ended_s is not None
    assert bench.conductor.continue_run(bench.now_s) == (Acknowledge(EPOCH),)
    assert (bench.phase, bench.conductor.state.plan_time_s) == (Phase.PAUSED, place_s)
    summary = bench.conductor.summary(bench.now_s)
    assert (summary.ended, summary.complete) == ("not ended", False)


def test_a_stop_that_was_not_the_persons_own_cannot_be_taken_back(bench: Bench) -> None:
    bench.running().ticks(10.0)
    pulled = cause(Hazard.KEY_PULLED, Action.PROTECTIVE_STOP, "the safety key was pulled")
    bench.see(Mode.LATCHED, standstill=True, causes=(pulled,))
    assert bench.conductor.continue_run(bench.now_s) == ()
    assert bench.phase is Phase.STOPPED
    assert bench.conductor.message == "this run cannot go on from its step; a new one can begin"
    assert bench.conductor.aftercare.all_right_s(bench.now_s) == pytest.approx(60.0)
    bench.conductor.acknowledge(False)
    assert bench.conductor.aftercare.all_right_s(bench.now_s) is None


def test_what_holds_a_rise_back_for_long_ends_with_a_new_announcement(bench: Bench) -> None:
    bench.running().see(Mode.RUN, sent_speed_kph=0.5)
    bench.ticks(15.0)
    bench.see(Mode.RUN, causes=(late(1.1),), sent_speed_kph=0.8)
    bench.ticks(3.5)
    bench.conductor.take_utterances()
    bench.see(Mode.RUN, causes=(), sent_speed_kph=0.8)
    ((_, said),) = bench.conductor.take_utterances()
    assert (said.text, said.rise) == ("Rising again in 5 seconds", True)
    assert {one.speed_kph for one in intents(bench.ticks(4.8))} == {0.8}
    assert intents(bench.ticks(0.4))[-1].speed_kph > 0.8


def test_what_was_eased_rises_only_after_an_announcement(bench: Bench) -> None:
    """A heart above its ceiling, a belt one step down, and a heart that is calm again."""
    high = cause(Hazard.HEART_HIGH, Action.EASE, "the heart rate is 155 bpm")
    bench.running().see(Mode.RUN, sent_speed_kph=0.5)
    bench.ticks(15.0)
    bench.see(Mode.RUN, causes=(high,), sent_speed_kph=0.8)
    bench.ticks(4.0)
    bench.see(Mode.RUN, causes=(high,), sent_speed_kph=0.5)
    bench.ticks(0.2)
    bench.conductor.take_utterances()
    bench.see(Mode.RUN, causes=(), sent_speed_kph=0.5)
    assert any(said.rise for _, said in bench.conductor.take_utterances())
    assert {one.speed_kph for one in intents(bench.ticks(4.8))} == {0.5}
    assert intents(bench.ticks(0.4))[-1].speed_kph > 0.5


def test_a_freeze_too_short_to_be_felt_is_not_announced(bench: Bench) -> None:
    bench.running().ticks(15.0)
    bench.see(Mode.RUN, causes=(late(1.1),), sent_speed_kph=0.8)
    bench.ticks(2.5)
    bench.conductor.take_utterances()
    bench.see(Mode.RUN, causes=(), sent_speed_kph=0.8)
    assert not any(said.rise for _, said in bench.conductor.take_utterances())


def test_freezes_that_come_one_after_another_are_one_and_nothing_rises_between_them(bench: Bench) -> None:
    bench.running().see(Mode.RUN, sent_speed_kph=0.5)
    bench.ticks(15.0)
    asked: list[float] = []
    for _ in range(6):
        bench.see(Mode.RUN, causes=(late(1.1),), sent_speed_kph=0.8)
        bench.ticks(2.8)
        bench.see(Mode.RUN, causes=(), sent_speed_kph=0.8)
        asked += [one.speed_kph for one in intents(bench.ticks(0.4))]
    assert set(asked[1:]) == {0.8}
    assert {one.speed_kph for one in intents(bench.ticks(4.4))} == {0.8}
    assert intents(bench.ticks(0.4))[-1].speed_kph > 0.8


def test_one_wild_report_every_few_seconds_keeps_no_belt_low(bench: Bench) -> None:
    bench.running().see(Mode.RUN, sent_speed_kph=0.5)
    bench.ticks(15.0)
    for _ in range(6):
        bench.see(Mode.RUN, causes=(late(1.1),), sent_speed_kph=0.8)
        bench.ticks(0.3)
        bench.see(Mode.RUN, causes=(), sent_speed_kph=0.8)
        assert intents(bench.ticks(2.0))[-1].speed_kph > 0.8


def test_a_long_freeze_holds_back_before_it_ends(bench: Bench) -> None:
    """The guardian rises with the first step after a freeze: the wish must be low by then."""
    bench.running().see(Mode.RUN, sent_speed_kph=0.5)
    bench.ticks(15.0)
    bench.see(Mode.RUN, causes=(late(1.1),), sent_speed_kph=0.8)
    bench.ticks(3.1)
    bench.see(Mode.RUN, causes=(late(4.2),), sent_speed_kph=0.8)
    assert intents(bench.ticks(0.2))[-1].speed_kph == 0.8


@pytest.mark.parametrize("stood_s", [0.5, 17.0])
def test_a_cue_that_comes_late_because_the_program_stood_still_is_as_long_before_its_rise_as_any(
    stood_s: float,
) -> None:
    """Due half a minute after setting off, 5.2 s before the second step; 17 s later its rise would be over."""
    first = PlannedStep(StepKind.WALK, "walk 35 s", 35, Setpoint(0.8), Setpoint(0.8))
    second = PlannedStep(StepKind.WALK, "walk 60 s", 60, Setpoint(1.8), Setpoint(1.8))
    bench = Bench(timeline=unroll(Steps((first, second)), RampRates(0.2, 0.54, 0.5), 0.5)).running()
    while bench.conductor.state.plan_time_s < 29.7:
        bench.tick()
    bench.conductor.take_utterances()
    bench.now_s += stood_s
    said = intents(bench.tick())
    assert any(one.rise for _, one in bench.conductor.take_utterances())
    assert {one.speed_kph for one in [*said, *intents(bench.ticks(4.8))]} <= {0.8}
    assert intents(bench.ticks(0.5))[-1].speed_kph > 0.8


def test_a_wish_that_falls_behind_a_late_cue_does_not_rise_again_before_its_time() -> None:
    """The way down to the end of a step goes on; back up to where the belt was at the cue is a rise as well."""
    first = PlannedStep(StepKind.WALK, "walk 35 s", 35, Setpoint(1.6), Setpoint(0.8))
    second = PlannedStep(StepKind.WALK, "walk 60 s", 60, Setpoint(1.8), Setpoint(1.8))
    bench = Bench(timeline=unroll(Steps((first, second)), RampRates(0.2, 0.54, 0.5), 0.5)).running()
    while bench.conductor.state.plan_time_s < 29.7:
        bench.tick()
    bench.conductor.take_utterances()
    bench.now_s += 0.5
    said = intents(bench.tick())
    assert any(one.rise for _, one in bench.conductor.take_utterances())
    wished_kph = [one.speed_kph for one in [*said, *intents(bench.ticks(4.8))]]
    assert wished_kph == sorted(wished_kph, reverse=True)
    assert wished_kph[0] > wished_kph[-1] + 0.05
    assert intents(bench.ticks(0.5))[-1].speed_kph > wished_kph[-1]


def test_below_a_belt_that_is_frozen_the_wish_follows_the_plan_down_and_up() -> None:
    """Its rise has a cue of its own; in pieces, as snapshots come, it would be many rises with none."""
    first = PlannedStep(StepKind.WALK, "walk 20 s", 20, Setpoint(1.2), Setpoint(1.2))
    second = PlannedStep(StepKind.WALK, "walk 60 s", 60, Setpoint(0.6), Setpoint(1.1))
    bench = Bench(timeline=unroll(Steps((first, second)), RampRates(0.2, 0.54, 0.5), 0.5)).running()
    bench.ticks(10.0)
    bench.see(Mode.RUN, causes=(late(1.1),), sent_speed_kph=1.2)
    bench.ticks(3.1)
    bench.see(Mode.RUN, causes=(late(4.2),), sent_speed_kph=1.2)
    wished_kph = [one.speed_kph for one in intents(bench.ticks(30.0))]
    assert min(wished_kph) < 0.65
    assert wished_kph[-1] == bench.conductor.wanted.speed_kph > 0.7


def test_a_beat_tells_what_keeps_the_person_from_the_program_and_how_cues_and_record_are(bench: Bench) -> None:
    health = Health(0.1, True, (Unreachable.FOCUS,), 2.5, recorder_failed=True, cues_ok=False)
    (beat,) = bench.conductor.tick(bench.now_s, health)
    assert beat == Heartbeat(1, 0.1, True, (Unreachable.FOCUS,), 2.5, recorder_failed=True, cues_ok=False)


def test_sleep_of_the_computer_is_told_once_and_again_when_it_comes_again(bench: Bench) -> None:
    def told(sleeps: bool) -> bool:
        bench.now_s += 0.1
        return HostSleeping() in bench.conductor.tick(bench.now_s, Health(host_sleeps=sleeps))

    assert [told(one) for one in (False, True, True, False, True)] == [False, True, False, False, True]


@dataclass(frozen=True, slots=True)
class Turning(TwoSteps):
    """Half a minute backward, a turn, half a minute off the belt, and forward to the end."""

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        slow, still = Setpoint(0.8), Setpoint(0.0)
        to_console = {"facing": Facing.CONSOLE}
        return [
            PlannedStep(StepKind.WALK, "walk 30 s", 30, slow, slow, facing=Facing.REAR),
            PlannedStep(StepKind.OFF_BELT, "off belt 20 s", 20, still, still, "heel to toe", facing=Facing.REAR),
            PlannedStep(StepKind.TURN, "turn to the console", 0, still, still, **to_console),  # type: ignore[arg-type]
            PlannedStep(StepKind.COOL_DOWN, "cool down 30 s", 30, slow, slow, **to_console),  # type: ignore[arg-type]
        ]


def test_an_alarm_without_a_link_speaks_of_the_machine_that_is_connected() -> None:
    bench = Bench()
    bench.conductor.connected(Connected(EPOCH, replace(PROFILE, runs_on_when_link_lost=True)))
    bench.see(Mode.ESCALATED, alarm=True, link_up=False)
    said = [utterance.text for _, utterance in bench.conductor.utterances]
    assert len(said) == 1
    assert said[0].endswith("This model keeps running when disconnected.")


@pytest.fixture
def turning() -> Bench:
    bench = Bench()
    plan = RunPlan.of("run-1", unroll(Turning(), RampRates(0.2, 0.54, 0.5), 0.5), "novice")
    bench.conductor = Conductor(plan, bench.now_s, bench.recorded.append)
    bench.conductor.connected(Connected(EPOCH, PROFILE))
    return bench.running()


def test_a_rest_and_a_turn_are_asked_for_until_the_guardian_is_seen_to_follow(turning: Bench) -> None:
    said = turning.ticks(45.0)
    phases = [turning.phase]
    pauses = [one for one in said if isinstance(one, Pause)]
    assert len(pauses) > 1
    assert set(pauses) == {Pause(EPOCH)}
    turning.see(Mode.PAUSED, standstill=True, speed_kph=0.0)
    assert Rest(EPOCH) in turning.ticks(1.0)
    turning.see(Mode.IDLE)
    assert not [one for one in turning.ticks(25.0) if isinstance(one, Pause | Rest)]
    turning.conductor.next_step(turning.now_s)
    phases.append(turning.phase)
    assert phases == [Phase.OFF_BELT, Phase.WAITING_FOR_TURN]
    assert Turn(EPOCH, Facing.CONSOLE, BeltDirection.FORWARD) in turning.ticks(0.2)


def test_a_turn_is_confirmed_in_two_steps_and_armed_for_its_facing(turning: Bench) -> None:
    turning.ticks(45.0)
    turning.see(Mode.PAUSED, standstill=True, speed_kph=0.0)
    turning.see(Mode.IDLE)
    turning.ticks(25.0)
    turning.conductor.next_step(turning.now_s)
    turn = TurnShown(Facing.CONSOLE, BeltDirection.FORWARD, False, False, 6.0, 5.0, "stand on the rails")
    turning.see(Mode.TURN, turn=turn)
    way = (Facing.CONSOLE, BeltDirection.FORWARD)
    assert turning.conductor.confirm_turn(turning.now_s) == (ConfirmTurn(EPOCH, TurnConfirm.ON_RAILS, *way),)
    turning.see(turn=replace(turn, on_rails=True))
    assert turning.conductor.confirm_turn(turning.now_s) == (ConfirmTurn(EPOCH, TurnConfirm.FACING, *way),)
    turning.see(turn=replace(turn, on_rails=True, facing_confirmed=True, needs=None))
    assert turning.conductor.confirm_turn(turning.now_s) == ()
    assert turning.conductor.message == "there is nothing of a turn to confirm now"
    (arm,) = turning.conductor.arm(turning.now_s)
    assert isinstance(arm, Arm)
    assert (arm.facing, arm.belt, arm.plan.speed_ckph) == (*way, 80)


@dataclass(frozen=True, slots=True)
class DrillFirst(Turning):
    """Twenty seconds off the belt, then a walk."""

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        still, slow = Setpoint(0.0), Setpoint(0.8)
        return [
            PlannedStep(StepKind.OFF_BELT, "off belt 20 s", 20, still, still, "heel to toe"),
            PlannedStep(StepKind.COOL_DOWN, "cool down 30 s", 30, slow, slow),
        ]


def test_a_plan_that_begins_off_the_belt_waits_for_the_checklist() -> None:
    bench = Bench()
    plan = RunPlan.of("run-1", unroll(DrillFirst(), RampRates(0.2, 0.54, 0.5), 0.5), "novice")
    bench.conductor = Conductor(plan, bench.now_s, bench.recorded.append)
    bench.conductor.prepared = False
    bench.see(Mode.IDLE)
    bench.ticks(60.0)
    waited = bench.phase
    bench.conductor.prepared = True
    bench.ticks(5.0)
    assert (waited, bench.phase) == (Phase.READY, Phase.OFF_BELT)
    assert bench.conductor.state.plan_time_s == pytest.approx(5.0, abs=0.2)


@dataclass(frozen=True, slots=True)
class TwoDrills(Turning):
    """Two drills of five seconds off the belt, then a walk."""

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        still, slow = Setpoint(0.0), Setpoint(0.8)
        return [
            PlannedStep(StepKind.OFF_BELT, "a drill", 5, still, still, "heel to toe"),
            PlannedStep(StepKind.OFF_BELT, "another drill", 5, still, still, "toe to heel"),
            PlannedStep(StepKind.COOL_DOWN, "cool down 30 s", 30, slow, slow),
        ]


def test_a_countdown_that_the_plan_has_no_start_for_any_more_is_called_off() -> None:
    bench = Bench()
    plan = RunPlan.of("run-1", unroll(TwoDrills(), RampRates(0.2, 0.54, 0.5), 0.5), "novice")
    bench.conductor = Conductor(plan, bench.now_s, bench.recorded.append)
    bench.see(Mode.IDLE)
    bench.ticks(6.0)
    bench.conductor.next_step(bench.now_s)
    (arm,) = bench.conductor.arm(bench.now_s)
    assert isinstance(arm, Arm)
    bench.see(Mode.ARMED)
    bench.conductor.previous_step(bench.now_s)
    assert bench.see(Mode.COUNTDOWN, start_in_s=10.0) == (CancelStart(),)
    assert bench.phase is Phase.OFF_BELT


def test_a_run_that_has_ended_arms_nothing(bench: Bench) -> None:
    bench.running().conductor.stopped_by_person(bench.now_s)
    bench.see(Mode.IDLE, standstill=True)
    assert bench.conductor.arm(bench.now_s) == ()
    assert bench.conductor.message == "there is no start now: this run has ended"


# --- an empty belt, and a heart -----------------------------------------------------------------------------------


def armed_by(bench: Bench) -> Arm:
    (message,) = bench.conductor.arm(bench.now_s)
    assert isinstance(message, Arm)
    return message


def test_an_empty_belt_is_told_only_where_a_person_has_confirmed_it_in_a_run_that_needs_it() -> None:
    empty, carried = Bench(empty_belt=True), Bench()
    assert not armed_by(empty).belt_empty
    empty.conductor.belt_empty = carried.conductor.belt_empty = True
    assert armed_by(empty).belt_empty
    assert not armed_by(carried).belt_empty


def test_nobody_is_asked_whether_they_are_all_right_where_nobody_was_on_the_belt() -> None:
    runaway = (cause(Hazard.RUNAWAY, Action.PROTECTIVE_STOP, "the belt runs away"),)
    for bench, asked in ((Bench(), True), (Bench(empty_belt=True), False)):
        bench.running().see(Mode.STOPPING, causes=runaway)
        bench.see(Mode.LATCHED, speed_kph=0.0, standstill=True)
        assert (bench.conductor.aftercare.all_right_s(bench.now_s) is not None) is asked


def test_beside_an_empty_belt_nobody_is_told_to_step_on() -> None:
    said = [one.text for _, one in Bench(empty_belt=True).started().conductor.take_utterances()]
    assert EMPTY_BELT_MOVES in said
    assert not any("Step on" in one for one in said)


def test_beside_an_empty_belt_the_words_of_a_steps_author_are_left_out() -> None:
    for bench, cue in ((Bench(), "short steps"), (Bench(empty_belt=True), None)):
        bench.running()
        said = " ".join(one.text for _, one in bench.conductor.take_utterances())
        assert (bench.conductor.cue, "short steps" in said) == (cue, cue is not None)


def test_the_ceiling_of_the_heart_goes_with_every_arming(bench: Bench) -> None:
    ceiling = HeartCeiling(150, required=True)
    assert armed_by(Bench(heart=ceiling)).heart == ceiling
    assert armed_by(bench).heart is None


def shown(bpm: int | None, age_s: float | None = 0.5, contact: bool | None = True) -> HeartShown:
    return HeartShown(bpm, age_s, contact, 150)


def test_the_heart_rate_of_the_moving_belt_is_summed_up_over_time(bench: Bench) -> None:
    bench.see(heart=shown(190))  # at rest: not part of the run
    bench.see(heart=None)
    bench.started()
    for bpm, seconds in ((100, 1.0), (130, 3.0), (130, 1.0)):
        bench.now_s += seconds
        bench.see(heart=shown(bpm))
    summary = bench.conductor.summary(bench.now_s)
    assert summary.heart_max_bpm == 130
    assert summary.heart_mean_bpm == round((100 * 1 + 130 * 4) / 5)


@pytest.mark.parametrize("heart", [shown(180, age_s=5.0), shown(180, contact=False), shown(None), shown(180, None)])
def test_a_rate_that_is_old_or_without_contact_is_none(bench: Bench, heart: HeartShown) -> None:
    bench.started()
    bench.now_s += 1.0
    bench.see(heart=heart)
    summary = bench.conductor.summary(bench.now_s)
    assert (summary.heart_mean_bpm, summary.heart_max_bpm) == (None, None)


def test_after_a_gap_between_two_looks_nobody_knows_what_the_heart_did_in_it(bench: Bench) -> None:
    bench.started()
    bench.now_s += 1.0
    bench.see(heart=shown(100))
    bench.now_s += 60.0
    bench.see(heart=shown(160))
    assert bench.conductor.summary(bench.now_s).heart_mean_bpm == 100


# --- the person ---------------------------------------------------------------------------------------------------


def test_every_press_of_all_right_over_a_moving_belt_reaches_the_guardian_and_answers_no_later_question(
    bench: Bench,
) -> None:
    assert bench.conductor.all_right(bench.now_s) == ()
    bench.started()
    assert bench.conductor.person_on(bench.now_s)[0] == Attend()
    assert not bench.conductor.aftercare.answered
    assert bench.conductor.all_right(bench.now_s) == (Attend(),)


def test_what_is_felt_goes_to_the_guardian_ends_the_plan_and_stands_in_the_summary(bench: Bench) -> None:
    bench.running()
    assert Feel(Symptom.CHEST) in bench.conductor.feel(Symptom.CHEST, bench.now_s)
    assert bench.phase is Phase.STOPPED
    assert bench.conductor.symptom is Symptom.CHEST
    assert "felt: pain or pressure in the chest, in step 1" in bench.conductor.summary(bench.now_s).notes


def test_pain_and_effort_go_to_the_guardian_and_no_answer_is_none(bench: Bench) -> None:
    bench.running()
    assert bench.conductor.rate(3, None) == (Rate(3, None),)
    assert bench.conductor.rate(None, None) == ()
    assert bench.conductor.summary(bench.now_s).notes == ("pain 3 of 10, in step 1",)


def test_the_arming_says_who_answers_and_the_beat_how_much_is_left_of_the_battery() -> None:
    bench = Bench(answers=AnsweredBy.HAND)
    (arm,) = bench.conductor.arm(bench.now_s)
    assert isinstance(arm, Arm)
    assert arm.answers is AnsweredBy.HAND
    (beat,) = bench.conductor.tick(bench.now_s + 0.2, Health(battery_percent=17, clicker_held=True))
    assert isinstance(beat, Heartbeat)
    assert (beat.battery_percent, beat.clicker_held) == (17, True)
