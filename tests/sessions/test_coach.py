"""A run without control of the belt: the modes of any run, and what a hand is asked to set, when."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from retrotread.devices.coached import COACHED_TRACK, COACHED_TREADMILL
from retrotread.guardian.messages import (
    PROTOCOL,
    Acknowledge,
    Arm,
    CancelStart,
    ConfirmTurn,
    Connect,
    Connected,
    FromGuardian,
    HoldDone,
    Intent,
    Pause,
    Rest,
    Snapshot,
    StopNow,
    ToGuardian,
    Turn,
)
from retrotread.machine import BeltDirection, Facing, Setpoint
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import StopBy, TurnConfirm
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode
from retrotread.sessions.coach import (
    ARMED_S,
    STANDS_AFTER_S,
    TURN_DWELL_S,
    Asked,
    Coach,
    CoachedBelt,
    CoachLink,
    asked,
    is_coached,
    shown,
)
from retrotread.sessions.narration import UNMEASURED, Utterance, spoken
from retrotread.sessions.view import Control
from retrotread.workouts.cues import Cue, CueKind
from retrotread.workouts.engine import EngineState, Phase
from retrotread.workouts.ramps import RampRates
from retrotread.workouts.timeline import PlannedStep, StepKind, unroll

FORWARD = BeltDirection.FORWARD


def an_arm(facing: Facing = Facing.REAR, checklist_done: bool = True) -> Arm:
    return Arm(1, 1e9, "run-1", "novice", facing, FORWARD, PlanCeiling(200, 0, "plan"), checklist_done)


class Hand:
    """A belt that a hand sets, and time."""

    def __init__(self, track: bool = False) -> None:
        self.now_s = 0.0
        self.belt = CoachedBelt(COACHED_TRACK if track else COACHED_TREADMILL, track, 0.0)
        self.last: Snapshot | None = None

    def say(self, *messages: ToGuardian) -> Mode:
        for message in messages:
            self._keep(self.belt.message(message, self.now_s))
        return self.belt.mode

    def passes(self, seconds: float) -> Mode:
        for _ in range(round(seconds * 10)):
            self.now_s = round(self.now_s + 0.1, 3)
            self._keep(self.belt.tick(self.now_s))
        return self.belt.mode

    def running(self) -> Hand:
        self.say(an_arm(), HoldDone(1, 1e9))
        assert self.passes(10.1) is Mode.RUN
        return self

    def _keep(self, said: Sequence[FromGuardian]) -> None:
        for one in said:
            if isinstance(one, Snapshot):
                self.last = one


def test_a_connection_is_there_at_once_and_claims_no_measurement() -> None:
    said = CoachedBelt(COACHED_TREADMILL, False, 0.0).message(Connect(PROTOCOL, "coach://"), 0.0)
    connected, snapshot = said
    assert isinstance(connected, Connected)
    assert connected.profile.name == "Coached treadmill"
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.mode, snapshot.speed_kph, snapshot.age_s, snapshot.distance_m) == (Mode.IDLE, None, None, None)


def test_a_start_is_armed_held_and_counted_down_as_ever() -> None:
    hand = Hand()
    assert hand.say(an_arm()) is Mode.ARMED
    assert hand.say(HoldDone(1, 1e9)) is Mode.COUNTDOWN
    assert hand.passes(9.8) is Mode.COUNTDOWN
    assert hand.last is not None
    assert hand.last.start_in_s == pytest.approx(0.2, abs=0.11)
    assert hand.passes(0.3) is Mode.RUN


def test_facing_the_console_the_countdown_is_five_seconds() -> None:
    hand = Hand()
    hand.say(an_arm(Facing.CONSOLE), HoldDone(1, 1e9))
    assert hand.passes(4.9) is Mode.COUNTDOWN
    assert hand.passes(0.2) is Mode.RUN


def test_an_arming_without_the_checklist_one_that_is_cancelled_and_one_that_lapses_start_nothing() -> None:
    hand = Hand()
    assert hand.say(an_arm(checklist_done=False)) is Mode.IDLE
    assert hand.say(an_arm(), CancelStart()) is Mode.IDLE
    assert hand.say(an_arm(), HoldDone(1, 1e9), CancelStart()) is Mode.IDLE
    hand.say(an_arm())
    assert hand.passes(ARMED_S + 0.1) is Mode.IDLE


def test_a_pause_waits_for_the_hand_or_for_the_slowest_belt() -> None:
    hand = Hand().running()
    assert hand.say(Pause(1)) is Mode.PAUSING
    assert not hand.last or not hand.last.standstill
    hand.belt.confirmed(hand.now_s)
    assert hand.belt.mode is Mode.PAUSED
    hand = Hand().running()
    hand.say(Pause(1))
    assert hand.passes(STANDS_AFTER_S - 0.2) is Mode.PAUSING
    assert hand.passes(0.3) is Mode.PAUSED


def test_a_stop_latches_with_its_cause_and_is_acknowledged() -> None:
    hand = Hand().running()
    assert hand.say(StopNow(StopBy.OPERATOR)) is Mode.STOPPING
    assert hand.last is not None
    assert [cause.hazard for cause in hand.last.causes] == [Hazard.OPERATOR_STOP]
    assert hand.passes(STANDS_AFTER_S + 0.1) is Mode.LATCHED
    assert hand.say(Acknowledge(1)) is Mode.IDLE
    assert hand.last.causes == ()


def test_on_a_track_a_stop_and_a_pause_are_over_at_once() -> None:
    hand = Hand(track=True).running()
    assert hand.say(Pause(1)) is Mode.PAUSED
    hand = Hand(track=True).running()
    assert hand.say(StopNow(StopBy.PLAN)) is Mode.LATCHED


def test_a_turn_needs_its_dwell_both_confirmations_and_its_own_facing() -> None:
    hand = Hand().running()
    hand.say(Pause(1))
    hand.passes(STANDS_AFTER_S + 0.1)
    assert hand.say(Turn(1, Facing.CONSOLE, FORWARD)) is Mode.TURN
    on_rails = ConfirmTurn(1, TurnConfirm.ON_RAILS, Facing.CONSOLE, FORWARD)
    faces = ConfirmTurn(1, TurnConfirm.FACING, Facing.CONSOLE, FORWARD)
    hand.passes(TURN_DWELL_S - 0.2)
    assert hand.say(on_rails, faces, an_arm(Facing.CONSOLE)) is Mode.TURN
    hand.passes(0.3)
    assert hand.say(on_rails, an_arm(Facing.CONSOLE)) is Mode.TURN
    assert hand.say(faces, an_arm(Facing.REAR)) is Mode.TURN
    assert hand.say(an_arm(Facing.CONSOLE)) is Mode.ARMED


def test_a_rest_off_the_belt_leaves_the_pause() -> None:
    hand = Hand(track=True).running()
    assert hand.say(Pause(1), Rest(1)) is Mode.IDLE


def test_a_wish_moves_nothing_here() -> None:
    hand = Hand().running()
    assert hand.belt.message(Intent(1, 1, 1e9, 2.0, 0.0), hand.now_s) == ()


# --- what is asked of the hand --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slope:
    """A minute at 1.5, then a slope from 1.5 to 2.5 over ten minutes, then a minute at 1.0."""

    name: str = "Slope"
    level: int | None = 2
    facing: Facing = Facing.REAR

    def planned_steps(self, backward_max_kph: float | None = None) -> Sequence[PlannedStep]:
        a, b, c = Setpoint(1.5), Setpoint(2.5), Setpoint(1.0)
        return [
            PlannedStep(StepKind.WALK, "walk 60 s", 60, a, a),
            PlannedStep(StepKind.WALK, "walk 10 min", 600, a, b),
            PlannedStep(StepKind.COOL_DOWN, "cool down 60 s", 60, c, c),
        ]


TIMELINE = unroll(Slope(), RampRates(0.2, 0.54, 0.5), 0.1)


def asks(moments: Sequence[tuple[int, float]], **changes: int) -> list[str]:
    """The texts of new asks at these steps and plan times."""
    before: Asked | None = None
    texts = []
    for step, plan_time_s in moments:
        state = replace(EngineState(), phase=Phase.RUNNING, step_index=step, plan_time_s=plan_time_s, **changes)  # type: ignore[arg-type]
        now = asked(before, TIMELINE, state, Mode.RUN)
        assert now is not None
        if before is None or now.text != before.text:
            texts.append(now.text)
        before = now
    return texts


def test_a_step_is_asked_for_at_its_beginning_as_where_it_leads() -> None:
    assert asks([(0, 0.1), (0, 3.0), (0, 30.0)]) == ["set 1.5 km/h"]


def test_a_slope_is_asked_for_in_steps_that_are_worth_a_hands_way() -> None:
    moments = [(0, 30.0), *((1, float(second)) for second in range(61, 660, 5)), (2, 660.5)]
    assert asks(moments) == ["set 1.5 km/h", "set 1.8 km/h", "set 2.1 km/h", "set 2.4 km/h", "set 1.0 km/h"]


def test_what_the_person_scaled_is_asked_for_scaled() -> None:
    assert asks([(0, 30.0)], scale_percent=80) == ["set 1.2 km/h"]


def test_before_the_person_is_on_the_lowest_speed_is_asked_for_and_at_a_stop_the_console() -> None:
    waiting = replace(EngineState(), phase=Phase.WAITING_FOR_PERSON)
    now = asked(None, TIMELINE, waiting, Mode.RUN)
    assert now is not None
    assert now.text == "start the belt at 0.1 km/h"
    stopping = asked(now, TIMELINE, waiting, Mode.STOPPING)
    assert stopping is not None
    assert stopping.text == "stop the belt at its own console"
    assert asked(stopping, TIMELINE, waiting, Mode.LATCHED) is None


def test_the_next_step_is_shown_ten_seconds_ahead() -> None:
    one = Asked(Setpoint(1.5), "set 1.5 km/h", confirmed=True)
    state = replace(EngineState(), phase=Phase.RUNNING, step_index=1, plan_time_s=649.0)
    assert shown(one, TIMELINE, state).due_in_s == 0.0
    ahead = shown(one, TIMELINE, replace(state, plan_time_s=652.0))
    assert (ahead.text, ahead.due_in_s, ahead.confirmed) == ("set 1.0 km/h", 8.0, False)


def test_coached_addresses() -> None:
    assert [is_coached(one) for one in ("coach://", "coach://track", "sim://coach")] == [True, True, False]
    assert Coach("coach://").control is Control.COACHED
    assert Coach("coach://track").control is Control.TRACK


def test_the_link_answers_from_its_own_thread_and_ends_when_it_is_left() -> None:
    heard: queue.Queue[FromGuardian] = queue.Queue()
    link = CoachLink(CoachedBelt(COACHED_TREADMILL, False, 0.0), heard.put)
    link.send(Connect(PROTOCOL, "coach://"))
    assert isinstance(heard.get(timeout=10.0), Connected)
    assert isinstance(heard.get(timeout=10.0), Snapshot)
    link.leave()
    assert link.wait(10.0)
    assert not link.alive


def test_on_a_track_nobody_is_told_to_look_at_a_belt() -> None:
    look = Utterance(UNMEASURED)
    assert (Coach("coach://track").says(look), Coach("coach://").says(look)) == (False, True)


def test_the_voice_says_nothing_of_a_belt_that_would_move_by_itself() -> None:
    coach = Coach("coach://")
    said = [coach.says(spoken(Cue(kind, "words", 0))) for kind in (CueKind.ON_BELT, CueKind.RISE_SOON, CueKind.COUNT)]
    assert said == [False, False, False]
    assert coach.says(spoken(Cue(CueKind.STEP, "walk 60 s", 0)))
