"""The conductor when a message was lost on its way, and when a person presses what does not fit the moment."""

from __future__ import annotations

from typing import Any

import pytest

from retrotread.guardian.messages import (
    Acknowledge,
    Attend,
    CancelStart,
    Connected,
    HoldDone,
    Intent,
    Pause,
    Snapshot,
    StopNow,
    ToGuardian,
)
from retrotread.machine import Capabilities, DeviceProfile
from retrotread.safety.hazards import Action
from retrotread.safety.inputs import StopBy
from retrotread.safety.modes import Mode
from retrotread.sessions.conductor import Conductor, RunPlan
from retrotread.sessions.launcher import prepare
from retrotread.workouts import library
from retrotread.workouts.engine import Phase

PROFILE = DeviceProfile("bench", Capabilities(50, 1600, 10, 120, 5), lag_ms=400, report_period_ms=250)


class Bench:
    """A conductor, its guardian's mode by hand, and virtual time."""

    def __init__(self) -> None:
        prepared = prepare(library.find("ladder-1"), PROFILE)
        assert prepared.offer.timeline is not None
        self.now_s = 100.0
        self.conductor = Conductor(RunPlan.of("run", prepared.offer.timeline, prepared.tier.key), self.now_s)
        self.conductor.connected(Connected(1, PROFILE))
        self.mode = Mode.IDLE
        self.epoch = 1
        self.standstill = False
        self.said: list[ToGuardian] = []

    def see(self, mode: Mode | None = None, **changes: Any) -> None:
        self.mode = mode or self.mode
        fields: dict[str, Any] = {
            "at_s": self.now_s,
            "epoch": self.epoch,
            "mode": self.mode,
            "action": Action.ALLOW,
            "causes": (),
            "link_up": True,
            "speed_kph": 3.6,
            "incline_percent": 0.0,
            "distance_m": None,
            "age_s": 0.1,
            "sent_speed_kph": 3.6,
            "sent_incline_percent": 0.0,
            "standstill": False,
            "alarm": False,
        }
        self.said += self.conductor.seen(Snapshot(**(fields | changes)), self.now_s)

    def pass_s(self, seconds: float, *, seen: bool = True) -> None:
        for number in range(round(seconds * 10)):
            self.now_s += 0.1
            if seen and number % 2 == 0:
                self.see()
            self.said += self.conductor.tick(self.now_s)

    def do(self, said: tuple[ToGuardian, ...]) -> None:
        self.said += said

    def count(self, message: ToGuardian) -> int:
        return self.said.count(message)

    @property
    def phase(self) -> Phase:
        return self.conductor.state.phase

    def run(self) -> Bench:
        for mode in (Mode.IDLE, Mode.COUNTDOWN, Mode.STARTING, Mode.RUN):
            self.see(mode)
            self.pass_s(0.2)
        self.do(self.conductor.person_on(self.now_s))
        assert self.phase is Phase.RUNNING
        self.said.clear()
        return self


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_pause_that_was_lost_is_asked_for_again_until_the_belt_slows_down(bench: Bench) -> None:
    bench.run()
    bench.do(bench.conductor.pause(bench.now_s))
    bench.pass_s(3.0)
    assert 4 <= bench.count(Pause(1)) <= 7
    bench.see(Mode.PAUSING)
    before = bench.count(Pause(1))
    bench.pass_s(3.0)
    assert bench.count(Pause(1)) == before


@pytest.mark.parametrize("mode", [Mode.STARTING, Mode.RUN, Mode.PAUSING])
def test_a_belt_that_moves_after_the_end_of_the_plan_is_stopped_again_and_again(bench: Bench, mode: Mode) -> None:
    bench.run()
    bench.do(bench.conductor.stopped_by_person(bench.now_s))
    assert bench.phase is Phase.STOPPED
    bench.see(mode)
    bench.pass_s(3.0)
    assert 4 <= bench.count(StopNow(StopBy.PROGRAM)) <= 7
    bench.see(Mode.STOPPING)
    before = len([one for one in bench.said if isinstance(one, StopNow)])
    bench.pass_s(3.0)
    assert len([one for one in bench.said if isinstance(one, StopNow)]) == before


def test_a_stop_in_the_moment_in_which_the_plan_ends_is_one_end(bench: Bench) -> None:
    bench.run()
    bench.pass_s(1.0)
    bench.now_s += bench.conductor.plan.timeline.total_s
    bench.do(bench.conductor.tick(bench.now_s))
    while bench.phase is Phase.RUNNING:
        bench.pass_s(0.1)
    ended = bench.conductor.ended
    bench.do(bench.conductor.stopped_by_person(bench.now_s))
    bench.see(Mode.STOPPING)
    assert bench.phase is Phase.FINISHED
    assert bench.conductor.ended == ended == "the plan is done"
    assert bench.count(StopNow(StopBy.PLAN)) == 1


def test_a_pause_before_the_belt_moves_is_no_start(bench: Bench) -> None:
    bench.see(Mode.IDLE)
    bench.see(Mode.COUNTDOWN)
    assert bench.phase is Phase.WAITING_FOR_START
    assert bench.conductor.pause(bench.now_s) == (CancelStart(),)


def test_person_on_twice_changes_nothing_the_second_time(bench: Bench) -> None:
    bench.run()
    bench.pass_s(5.0)
    state, wanted = bench.conductor.state, bench.conductor.wanted
    assert bench.conductor.person_on(bench.now_s) == (Attend(),)  # a press is a sign of life, and no more
    assert (bench.conductor.state, bench.conductor.wanted) == (state, wanted)


def test_finish_in_a_pause_moves_nothing(bench: Bench) -> None:
    bench.run()
    bench.do(bench.conductor.pause(bench.now_s))
    bench.see(Mode.PAUSED, speed_kph=0.0, standstill=True)
    assert bench.conductor.finish(bench.now_s) == ()
    assert bench.phase is Phase.PAUSED


def test_a_wish_is_never_sent_between_the_arming_and_the_person_on_the_belt(bench: Bench) -> None:
    for mode in (Mode.IDLE, Mode.ARMED, Mode.COUNTDOWN, Mode.STARTING):
        bench.see(mode)
        bench.pass_s(2.0)
    assert not any(isinstance(one, Intent) for one in bench.said)


def test_a_resume_that_lapses_keeps_the_place_and_can_be_tried_again(bench: Bench) -> None:
    bench.run()
    bench.pass_s(30.0)
    place_s = bench.conductor.state.plan_time_s
    bench.do(bench.conductor.pause(bench.now_s))
    for mode in (Mode.PAUSING, Mode.PAUSED, Mode.ARMED, Mode.COUNTDOWN, Mode.IDLE):
        bench.see(mode)
        bench.pass_s(1.0)
    assert bench.phase is Phase.PAUSED
    for mode in (Mode.ARMED, Mode.COUNTDOWN, Mode.STARTING, Mode.RUN):
        bench.see(mode)
        bench.pass_s(1.0)
    assert bench.conductor.state.phase is Phase.WAITING_FOR_PERSON
    assert bench.conductor.wanted == bench.conductor.plan.timeline.lowest
    assert bench.conductor.state.plan_time_s == place_s


def test_what_is_said_after_a_snapshot_of_a_new_connection_is_meant_for_it(bench: Bench) -> None:
    """The message that tells of the connection may have been dropped while main did not read."""
    bench.run()
    bench.epoch = 2
    bench.see(Mode.ESCALATED)
    assert bench.conductor.acknowledge(key_tested=False) == (Acknowledge(2),)
    (hold,) = bench.conductor.hold_done(bench.now_s)
    assert isinstance(hold, HoldDone)
    assert hold.epoch == 2


def test_a_gap_in_what_was_seen_adds_no_distance(bench: Bench) -> None:
    bench.run()
    before_m = bench.conductor.distance_m
    bench.now_s += 60.0
    bench.see()
    assert bench.conductor.distance_m == before_m
    bench.pass_s(1.0)
    assert bench.conductor.distance_m == pytest.approx(before_m + 1.0, abs=0.25)
