"""Another hand on the belt (R8), and a belt that does not follow (R6)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import MachineNotice, SetIncline
from retrotread.safety.following import Following
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    ArmAsked,
    LinkCameUp,
    LinkWentDown,
    PauseAsked,
    Said,
    StopAsked,
    StopBy,
    TargetSeen,
    Wanted,
)
from retrotread.safety.modes import Mode
from retrotread.safety.stopping import StopClass

if TYPE_CHECKING:
    from tests.safety.conftest import Bench

LOST = Said(MachineNotice.CONTROL_LOST)


@pytest.mark.parametrize("target_ckph", [190, 200, 210])
def test_our_own_target_coming_back_is_nothing(bench: Bench, target_ckph: int) -> None:
    bench.run_at(200)
    before_ms = bench.at_ms
    bench.tick(TargetSeen(target_ckph))
    bench.run(2)
    assert (bench.mode, bench.hazards_since(before_ms)) == (Mode.RUN, [])


def test_a_target_that_was_ours_a_moment_ago_is_nothing_on_the_way_up_and_down(bench: Bench) -> None:
    bench.run_at(100)
    for wish in (300, 60):
        bench.tick(Wanted(wish, 0))
        before = bench.state.drive.sent_ckph
        while bench.state.drive.sent_ckph != wish:
            bench.tick(TargetSeen(before))
            before = bench.state.drive.sent_ckph
    assert bench.mode is Mode.RUN
    assert Hazard.FOREIGN_LOWER not in bench.hazards_since(0)


def test_a_lower_target_is_a_ceiling_from_then_on_and_never_a_stop(bench: Bench) -> None:
    bench.run_at(300)
    bench.target_ckph = 150
    before_ms = bench.at_ms
    bench.tick(TargetSeen(150))
    bench.run(30)
    assert bench.mode is Mode.RUN
    assert bench.state.drive.sent_ckph == 150
    assert bench.speeds_since(before_ms) == []  # not even on the way down from where we were
    assert bench.message(Hazard.FOREIGN_LOWER) == (
        "somebody set the treadmill to 1.5 km/h; nothing rises above that any more"
    )
    bench.target_ckph = 100
    bench.tick(TargetSeen(100))
    bench.run(30)
    assert (bench.mode, bench.state.drive.sent_ckph) == (Mode.RUN, 100)


@pytest.mark.parametrize("told", [True, False], ids=["and is told", "and is not told"])
def test_a_lower_target_is_said_again_behind_a_set_point_of_ours_that_comes_into_force_late(
    bench: Bench, told: bool
) -> None:
    """Somebody presses slower just as a rise of ours is on its way: the belt takes that up last."""
    bench.run_at(300)
    bench.tick(Wanted(500, 0))
    bench.run(3)
    late_ckph = bench.state.drive.sent_ckph
    assert late_ckph >= 350
    lowered_ms = bench.at_ms
    bench.tick(TargetSeen(150))
    bench.target_ckph = late_ckph
    bench.tick(*([TargetSeen(late_ckph)] if told else []))
    bench.run(20)
    assert bench.speeds_since(lowered_ms) == [150]
    assert (bench.mode, bench.state.drive.sent_ckph, bench.speed_ckph) == (Mode.RUN, 150, 150)
    assert Hazard.RUNAWAY not in bench.hazards_since(0)


def test_a_lower_target_of_the_deck_is_said_again_behind_a_step_of_ours_that_comes_late(bench: Bench) -> None:
    bench.incline_dpct = 0
    bench.run_at(200, 30)
    bench.tick(Wanted(200, 60))
    bench.run(3)
    lowered_ms = bench.at_ms
    bench.tick(TargetSeen(None, 10))
    bench.incline_dpct = 45
    bench.run(10)
    assert [one for _, one in bench.commands_since(lowered_ms)] == [SetIncline(10)]


def test_somebody_who_lowers_a_ramp_down_to_the_least_does_not_leave_the_belt_with_a_set_point_of_ours(
    bench: Bench,
) -> None:
    bench.run_at(500)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.run(0.5)
    late_ckph = bench.state.stop.sent_ckph if bench.state.stop is not None else 0
    lowered_ms = bench.at_ms
    bench.tick(TargetSeen(50))
    bench.target_ckph = late_ckph
    bench.until(Mode.LATCHED, within_s=10)
    assert bench.speeds_since(lowered_ms) == [50]
    assert bench.state.hazards == (Hazard.OPERATOR_STOP,)


def test_what_a_console_lowered_is_the_limit_that_is_said(bench: Bench) -> None:
    bench.run_at(300)
    bench.target_ckph = 150
    bench.tick(TargetSeen(150, None))
    bench.run(2)
    assert bench.message(Hazard.SPEED_CAPPED) == (
        "wanted 3.0 km/h, limit 1.5 km/h (lowered to 1.5 km/h at the console)"
    )


def test_the_ceiling_holds_over_a_pause_of_the_same_run_and_not_in_the_next(bench: Bench) -> None:
    bench.run_at(300)
    bench.target_ckph = 150
    bench.tick(TargetSeen(150))
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    bench.tick(ArmAsked(same_run=True))
    assert bench.state.run.lowered_ckph == 150
    bench.run(31)
    bench.tick(ArmAsked())
    assert bench.state.run.lowered_ckph is None


@pytest.mark.parametrize("target_ckph", [0, 100, 900])
def test_a_target_at_rest_is_nobodys_business_until_the_belt_moves(bench: Bench, target_ckph: int) -> None:
    bench.link()
    before_ms = bench.at_ms
    bench.tick(TargetSeen(target_ckph))
    assert (bench.mode, bench.hazards_since(before_ms), bench.state.run.lowered_ckph) == (Mode.IDLE, [], None)


def test_every_set_point_of_the_last_window_is_ours(bench: Bench) -> None:
    """Steps of 300, 320 and 340 within one window of 650 ms, and 260 before it."""
    watch = Following(260, 260, 260, 260)
    config = bench.config
    for sent_ckph in (260, 300, 320, 340):
        watch = watch.watched(config, 260, sent_ckph, 200)
    assert [watch.echo(target, 340, 10) for target in (249, 250, 300, 350, 351)] == [-1, 0, 0, 0, 1]


def test_a_target_below_the_belts_lowest_speed_is_taken_as_that(bench: Bench) -> None:
    bench.run_at(200)
    bench.tick(TargetSeen(20))
    assert bench.state.run.lowered_ckph == 50


@pytest.mark.parametrize("target", [TargetSeen(211), TargetSeen(None, 26)], ids=["speed", "incline"])
def test_a_higher_target_stops_the_belt_at_once_and_needs_the_key_tested(bench: Bench, target: TargetSeen) -> None:
    bench.incline_dpct = 0
    bench.run_at(200, 20)
    before_ms = bench.at_ms
    bench.tick(target)
    assert bench.state.stop is not None
    assert bench.state.stop.kind is StopClass.PROTECTIVE
    assert bench.stops_since(before_ms)
    bench.until(Mode.LATCHED, within_s=10)
    assert bench.clear(key_tested=False) is Mode.LATCHED
    assert bench.clear(key_tested=True) is Mode.IDLE


def test_a_lower_incline_is_a_ceiling_too(bench: Bench) -> None:
    bench.incline_dpct = 0
    bench.run_at(200, 30)
    bench.incline_dpct = 10
    bench.tick(TargetSeen(None, 10))
    bench.run(20)
    assert (bench.mode, bench.state.drive.sent_dpct) == (Mode.RUN, 10)


def test_our_own_inclines_that_come_back_a_lag_later_are_nothing(bench: Bench, bench_for: object) -> None:
    """A deck in tenths of a percent goes on two steps and more before the machine says the first one."""
    known = bench.config.profile
    fine = replace(known, capabilities=replace(known.capabilities, incline_increment_dpct=1), lag_ms=1500)
    bench = bench_for(fine)  # type: ignore[operator]
    bench.incline_dpct = 0
    bench.run_at(200)
    before_ms = bench.at_ms
    for wish_dpct in (30, 0):
        bench.tick(Wanted(200, wish_dpct))
        for _ in range(150):
            late_ms = bench.at_ms - fine.lag_ms
            said = [one for at_ms, one in bench.commands_since(before_ms) if at_ms == late_ms]
            bench.tick(*[TargetSeen(None, one.incline_dpct) for one in said if isinstance(one, SetIncline)])
        assert bench.state.drive.sent_dpct == wish_dpct
    assert (bench.mode, bench.hazards_since(before_ms)) == (Mode.RUN, [])


def test_control_that_is_lost_in_motion_is_an_alarm_with_one_stop(bench: Bench) -> None:
    bench.run_at(200)
    before_ms = bench.at_ms
    bench.tick(LOST)
    assert bench.mode is Mode.ESCALATED
    assert len(bench.stops_since(before_ms)) == 1
    assert Hazard.CONTROL_LOST in bench.hazards_since(before_ms)


def test_control_that_is_lost_at_rest_arms_nothing_until_there_is_a_new_link(bench: Bench) -> None:
    bench.link()
    bench.tick(LOST)
    bench.tick(ArmAsked())
    assert bench.mode is Mode.IDLE
    assert bench.message(Hazard.ARM_REFUSED) == (
        "another program has control of the treadmill; end it, and connect anew"
    )
    bench.tick(LinkWentDown())
    bench.tick(LinkCameUp())
    bench.run(4)
    bench.arm()


def test_our_own_way_down_into_a_pause_lowers_no_ceiling(bench: Bench) -> None:
    bench.run_at(300)
    before_ms, set_ckph = bench.at_ms, 300
    bench.tick(PauseAsked())
    while bench.mode is Mode.PAUSING:
        bench.tick(TargetSeen(set_ckph))
        assert bench.state.stop is not None
        set_ckph = 0 if bench.state.stop.frame_ms is not None else bench.state.stop.sent_ckph
    assert bench.mode is Mode.PAUSED
    assert (bench.hazards_since(before_ms), bench.state.run.lowered_ckph) == ([], None)


def test_a_target_below_the_way_into_a_pause_is_somebodys(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(PauseAsked())
    bench.run(0.5)
    bench.tick(TargetSeen(150))
    assert (bench.mode, bench.state.run.lowered_ckph) == (Mode.PAUSING, 150)


def test_control_that_is_lost_in_a_stop_is_an_alarm_at_once(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.run(0.3)
    assert bench.mode is Mode.STOPPING
    before_ms = bench.at_ms
    bench.tick(LOST)
    assert bench.last.mode is Mode.ESCALATED
    assert len(bench.stops_since(before_ms)) == 1


# --- R6 -----------------------------------------------------------------------------------------------------------


def test_a_belt_that_stays_where_it_is_freezes_rises_and_then_is_stopped(bench: Bench) -> None:
    bench.run_at(100)
    bench.obeys = False
    bench.tick(Wanted(300, 0))
    began_ms = bench.at_ms
    while Hazard.NOT_FOLLOWING not in bench.hazards_since(began_ms):
        bench.tick()
        assert bench.at_ms - began_ms < 12_000, "it was not noticed"
    frozen_ms = bench.at_ms
    assert "the belt does not follow: 1.0 km/h instead of" in bench.message(Hazard.NOT_FOLLOWING)
    bench.obeys = True
    bench.until(Mode.STOPPING, within_s=8)
    assert bench.at_ms - frozen_ms == pytest.approx(7000, abs=200)
    assert Hazard.NEVER_FOLLOWED in bench.hazards_since(frozen_ms)


@pytest.mark.parametrize("rise_ckph_per_s", [8, 15, 30, 100])
@pytest.mark.parametrize("tier", ["novice", "walker", "runner"])
def test_a_slow_motor_that_rises_all_the_same_follows(bench_for: object, tier: str, rise_ckph_per_s: int) -> None:
    bench: Bench = bench_for(tier=tier)  # type: ignore[operator]
    bench.link()
    bench.rise_ckph_per_s = rise_ckph_per_s
    bench.run_at(300, within_s=200)
    assert Hazard.NOT_FOLLOWING not in bench.hazards_since(0)


def test_a_belt_that_comes_down_slowly_is_not_taken_for_one_that_does_not_rise(bench: Bench) -> None:
    bench.run_at(300)
    bench.fall_ckph_per_s = 100
    bench.tick(Wanted(100, 0))
    bench.run(5)
    bench.tick(Wanted(200, 0))
    bench.run(20)
    assert Hazard.NOT_FOLLOWING not in bench.hazards_since(0)


@pytest.mark.parametrize("asked", [PauseAsked(), StopAsked(StopBy.OPERATOR)], ids=["pause", "stop"])
def test_who_lowers_the_deck_alone_while_the_belt_comes_down_changes_nothing_of_its_ramp(
    bench: Bench, asked: PauseAsked | StopAsked
) -> None:
    bench.incline_dpct = 0
    bench.run_at(300, 50)
    bench.tick(asked)
    before_ms = bench.at_ms
    ramp_mckph = bench.state.stop.ramp_mckph if bench.state.stop is not None else 0
    bench.tick(TargetSeen(None, 10))
    assert bench.hazards_since(before_ms) == [Hazard.FOREIGN_LOWER]
    assert bench.state.run.lowered_dpct == 10
    assert bench.state.stop is not None
    assert bench.state.stop.ramp_mckph == ramp_mckph - 100 * bench.state.stop.fall_ckph_per_s
