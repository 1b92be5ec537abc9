"""The shaping rules: how fast a wish may become a set-point, on each axis and between the two."""

from __future__ import annotations

import copy
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import SetIncline, SetSpeed
from retrotread.safety.belt import Belt
from retrotread.safety.config import LONGEST_RAMP_STEP_MS
from retrotread.safety.drive import INCLINE_RATE_DPCT_PER_S, Ask, shape
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import Answer, Answered, Beat, CommandKind, Seen, StopAsked, StopBy, Wanted
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker


def rises_since(bench: Bench, at_ms: int, beginning_ckph: int) -> list[tuple[int, int]]:
    """The moment and the size of each rise of speed since then."""
    rises, before_ckph = [], beginning_ckph
    for moment_ms, command in bench.commands_since(at_ms):
        if isinstance(command, SetSpeed):
            if command.speed_ckph > before_ckph:
                rises.append((moment_ms, command.speed_ckph - before_ckph))
            before_ckph = command.speed_ckph
    return rises


# --- R2: rates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tier", "top_ckph"), [("frail", 150), ("novice", 300), ("walker", 500), ("runner", 800)])
def test_speed_rises_and_falls_at_the_rate_of_the_tier(bench_for: BenchMaker, tier: str, top_ckph: int) -> None:
    bench = bench_for(tier=tier)
    bench.run_at(50)
    asked_ms = bench.at_ms
    bench.tick(Wanted(top_ckph, 0))
    bench.run(70)
    rate = bench.config.tier.rise_ckph_per_s
    for moment_ms, sent_ckph in sent_speeds(bench, asked_ms):
        assert sent_ckph <= 50 + rate * (moment_ms - asked_ms) / 1000
    assert sent_speeds(bench, asked_ms)[-1][1] == top_ckph
    assert sent_speeds(bench, asked_ms)[-1][0] - asked_ms <= 1.1 * (top_ckph - 50) / rate * 1000 + 1000
    asked_ms = bench.at_ms
    bench.tick(Wanted(50, 0))
    bench.run(70)
    for moment_ms, sent_ckph in sent_speeds(bench, asked_ms):
        assert sent_ckph >= top_ckph - bench.config.tier.fall_ckph_per_s * (moment_ms - asked_ms) / 1000 - 10
    assert bench.state.drive.sent_ckph == 50


def sent_speeds(bench: Bench, at_ms: int) -> list[tuple[int, int]]:
    """The moment and the value of each set-point of speed since then."""
    return [(at, command.speed_ckph) for at, command in bench.commands_since(at_ms) if isinstance(command, SetSpeed)]


# --- R3: steps and the short leash ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", ["frail", "walker", "harness"])
def test_rises_are_small_and_spaced(bench_for: BenchMaker, tier: str) -> None:
    bench = bench_for(tier=tier)
    bench.run_at(50)
    asked_ms = bench.at_ms
    bench.tick(Wanted(1000, 0))
    bench.run(20)
    rises = rises_since(bench, asked_ms, 50)
    assert len(rises) >= 5
    assert max(size for _, size in rises) <= 30
    moments = [moment_ms for moment_ms, _ in rises]
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 500


def test_rises_are_spaced_on_a_machine_that_digests_them_quickly(bench: Bench, bench_for: BenchMaker) -> None:
    quick = bench_for(replace(bench.config.profile, command_gap_ms=0), tier="harness")
    quick.run_at(50)
    asked_ms = quick.at_ms
    quick.tick(Wanted(400, 0))
    quick.run(10)
    moments = [moment_ms for moment_ms, _ in rises_since(quick, asked_ms, 50)]
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 500


def test_a_rise_that_waited_for_the_link_is_no_bigger_for_it(bench_for: BenchMaker) -> None:
    bench = bench_for("slow", tier="harness")
    bench.run_at(200)
    bench.answers = None
    bench.tick(Wanted(400, 0))
    bench.run(3)
    assert bench.state.in_flight
    before_ckph, asked_ms = bench.state.drive.sent_ckph, bench.at_ms
    bench.tick(Answered(CommandKind.SPEED, Answer.ACCEPTED))
    ((_, size),) = rises_since(bench, asked_ms, before_ckph)
    assert size == 30


def test_a_machine_with_coarse_steps_rises_by_one_of_them_at_a_time(bench: Bench, bench_for: BenchMaker) -> None:
    capabilities = replace(bench.config.profile.capabilities, speed_increment_ckph=50)
    coarse = bench_for(replace(bench.config.profile, capabilities=capabilities))
    coarse.run_at(50)
    asked_ms = coarse.at_ms
    coarse.tick(Wanted(349, 0))
    coarse.run(20)
    assert [size for _, size in rises_since(coarse, asked_ms, 50)] == [50] * 5


def test_a_set_point_waits_for_what_the_machine_digests(bench: Bench, bench_for: BenchMaker) -> None:
    slow = bench_for(replace(bench.config.profile, command_gap_ms=1500))
    slow.run_at(200, 20)
    asked_ms = slow.at_ms
    slow.tick(Wanted(50, 0))
    slow.run(10)
    moments = [moment_ms for moment_ms, _ in slow.commands_since(asked_ms)]
    assert len(moments) >= 3
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 1500


@pytest.mark.parametrize("profile", ["well-behaved", "slow"])
def test_the_set_point_stays_on_a_short_leash_to_a_belt_that_does_not_follow(
    bench_for: BenchMaker, profile: str
) -> None:
    bench = bench_for(profile)
    bench.run_at(50)
    bench.obeys = False
    asked_ms = bench.at_ms
    bench.tick(Wanted(390, 0))
    bench.run(30)
    lag_s = (bench.config.profile.lag_ms + bench.config.profile.report_period_ms) / 1000
    leash_ckph = 30 + bench.config.tier.rise_ckph_per_s * lag_s
    top_ckph = max(sent_ckph for _, sent_ckph in sent_speeds(bench, asked_ms))
    assert 50 + leash_ckph - 10 <= top_ckph <= 50 + leash_ckph


# --- R4: the deck, and one axis at a time --------------------------------------------------------------------------


def test_the_deck_rises_by_no_more_than_half_a_percent_a_second(bench: Bench) -> None:
    bench.run_at(100)
    asked_ms = bench.at_ms
    bench.tick(Wanted(100, 100))
    bench.run(30)
    tilts = bench.commands_since(asked_ms)
    assert tilts[-1][1] == SetIncline(100)
    for moment_ms, command in tilts:
        assert isinstance(command, SetIncline)
        assert command.incline_dpct <= 5 * (moment_ms - asked_ms) / 1000


def test_the_deck_waits_for_the_speed_and_the_speed_for_the_deck(bench: Bench) -> None:
    bench.incline_dpct = 0
    bench.run_at(100)
    asked_ms = bench.at_ms
    bench.tick(Wanted(200, 30))
    bench.run(12)
    bench.tick(Wanted(250, 30))
    bench.run(12)
    rises_ms = [moment_ms for moment_ms, _ in rises_since(bench, asked_ms, 100)]
    tilts_ms = [at for at, command in bench.commands_since(asked_ms) if isinstance(command, SetIncline)]
    assert len(rises_ms) >= 8
    assert len(tilts_ms) >= 5
    assert min(abs(rise_ms - tilt_ms) for rise_ms in rises_ms for tilt_ms in tilts_ms) >= 2000


def test_speed_waits_for_a_deck_that_is_reported_below_what_was_asked_for(bench: Bench) -> None:
    bench.incline_dpct = 0
    bench.run_at(100, 20)
    bench.obeys, bench.incline_dpct = False, 15
    asked_ms = bench.at_ms
    bench.tick(Wanted(200, 20))
    bench.run(5)
    assert bench.commands_since(asked_ms) == []
    bench.incline_dpct = 20
    bench.run(2)
    assert len(bench.speeds_since(asked_ms)) >= 1


def test_a_deck_that_falls_waits_for_the_link_only_and_not_for_two_seconds(bench: Bench) -> None:
    bench.run_at(300, 50)
    asked_ms = bench.at_ms
    bench.tick(Wanted(100, 0))
    bench.run(20)
    speeds_ms = [at for at, command in bench.commands_since(asked_ms) if isinstance(command, SetSpeed)]
    tilts_ms = [at for at, command in bench.commands_since(asked_ms) if isinstance(command, SetIncline)]
    assert tilts_ms[0] - speeds_ms[-1] <= 600
    assert bench.state.drive.sent_dpct == 0


# --- a step that waited --------------------------------------------------------------------------------------------


def with_pending_tilt(bench: Bench) -> Bench:
    """A bench at 3 km/h whose incline ramp has earned a step that could not leave: a command is in flight."""
    bench.run_at(300)
    bench.answers = None
    bench.tick(Wanted(290, 50))
    bench.run(0.5)
    assert bench.state.in_flight
    bench.run(1.2)
    assert bench.state.drive.sent_dpct == 0
    assert bench.state.drive.ramp_mdpct >= 5000
    return bench


def test_a_step_of_incline_that_waited_for_the_link_does_not_rise_through_a_freeze(bench: Bench) -> None:
    asked_ms = with_pending_tilt(bench).at_ms
    bench.answers, bench.ui_age_ms = Answer.ACCEPTED, 2500
    bench.tick(Answered(CommandKind.SPEED, Answer.ACCEPTED), Beat(2500, True))
    bench.run(1)
    assert bench.hazards_since(asked_ms) == [Hazard.UI_SLOW]
    assert bench.commands_since(asked_ms) == []


def test_a_step_of_incline_that_waited_for_the_link_does_not_follow_on_a_rise_of_speed(bench: Bench) -> None:
    asked_ms = with_pending_tilt(bench).at_ms
    bench.answers = Answer.ACCEPTED
    bench.tick(Answered(CommandKind.SPEED, Answer.ACCEPTED), Wanted(320, 50))
    bench.run(8)
    risen_ms = [moment_ms for moment_ms, command in bench.commands_since(asked_ms) if isinstance(command, SetSpeed)]
    tilted_ms = [moment_ms for moment_ms, command in bench.commands_since(asked_ms) if isinstance(command, SetIncline)]
    assert len(risen_ms) >= 1
    assert tilted_ms[0] - risen_ms[-1] >= 2000


def test_a_fall_is_no_jump_in_a_step_that_came_late(bench: Bench) -> None:
    """Whatever the rules say of such a step: the ramp alone makes no jump of it."""
    bench.run_at(500)
    drive, command = shape(bench.config, bench.state.drive, Belt(500), 60_000, Ask(Wanted(100, 0), False, False))
    fall_ckph = bench.config.tier.fall_ckph_per_s * LONGEST_RAMP_STEP_MS / 1000
    assert command == SetSpeed(drive.sent_ckph)
    assert 500 - fall_ckph - 10 <= drive.sent_ckph <= 500 - fall_ckph + 10


def test_a_ramp_down_is_no_jump_after_the_computer_slept(bench: Bench) -> None:
    bench.run_at(500)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.run(0.1)
    before_ckph, slept_ms = bench.speeds_since(0)[-1], bench.at_ms
    bench.bare(Seen(460), Beat(0, True), elapsed_ms=2_000)
    (slept_ckph,) = bench.speeds_since(slept_ms)
    assert 0 < before_ckph - slept_ckph <= 0.7 * bench.config.tier.fall_ckph_per_s + 10


@pytest.mark.parametrize(("wish_dpct", "sent_dpct"), [(100, 50), (0, 45)], ids=["up", "down"])
def test_the_deck_is_no_jump_in_a_step_that_came_late(bench: Bench, wish_dpct: int, sent_dpct: int) -> None:
    bench.incline_dpct = 0
    bench.run_at(300, 50)
    late = Ask(Wanted(300, wish_dpct), False, False)
    drive, _ = shape(bench.config, bench.state.drive, Belt(300, 50), 60_000, late)
    assert drive.sent_dpct == sent_dpct
    assert abs(drive.ramp_mdpct - 50_000) <= INCLINE_RATE_DPCT_PER_S * LONGEST_RAMP_STEP_MS + 5_000


# --- the deck at a start -----------------------------------------------------------------------------------------


def stopped_with_deck_raised(bench: Bench) -> Bench:
    """A bench that was stopped at 3 km/h and 5 %, acknowledged."""
    bench.incline_dpct = 0
    bench.run_at(300, 50)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=20)
    bench.clear()
    return bench


def test_a_deck_that_stayed_up_stays_up_until_the_plan_says_otherwise(bench: Bench) -> None:
    stopped_with_deck_raised(bench).start()
    bench.until(Mode.RUN, within_s=16)
    began_ms = bench.at_ms
    bench.run(3)
    assert bench.commands_since(began_ms) == []
    bench.tick(Wanted(50, 0))
    bench.run(12)
    tilts = [command for _, command in bench.commands_since(began_ms)]
    assert tilts[0] == SetIncline(45)
    assert tilts[-1] == SetIncline(0)


def test_a_deck_that_the_console_lowered_at_the_stop_does_not_hold_the_speed_down_for_ever(bench: Bench) -> None:
    stopped_with_deck_raised(bench).incline_dpct = 0
    bench.run(1)
    bench.run_at(300, 50)
    assert bench.incline_dpct == 50


def test_a_deck_left_above_the_limit_is_lowered_as_soon_as_the_belt_runs(bench_for: BenchMaker) -> None:
    bench = bench_for(tier="novice")
    bench.incline_dpct = 40
    bench.link()
    bench.start()
    bench.run(12)
    assert bench.incline_dpct == 0


def test_a_deck_above_the_limit_is_sent_below_it_at_once_because_the_gate_lets_nothing_above_it_through(
    bench_for: BenchMaker,
) -> None:
    bench = bench_for(tier="novice")
    bench.incline_dpct = 40
    bench.link()
    bench.start()
    bench.run(12)
    assert [one for _, one in bench.commands_since(0) if isinstance(one, SetIncline)] == [SetIncline(0)]


def test_a_deck_that_is_due_to_rise_has_its_turn_while_the_speed_comes_down(bench: Bench) -> None:
    """Behind a long fall of the speed it would rise when nobody expects it any more."""
    bench.incline_dpct = 0
    bench.run_at(300)
    asked_ms = bench.at_ms
    bench.tick(Wanted(100, 20))
    bench.run(4)
    tilts = [at - asked_ms for at, one in bench.commands_since(asked_ms) if isinstance(one, SetIncline)]
    assert len(tilts) >= 3
    assert tilts[0] <= 2_000
    assert bench.state.drive.sent_ckph < 300


def test_a_machine_that_takes_a_command_a_second_comes_down_while_its_deck_rises(
    bench: Bench, bench_for: BenchMaker
) -> None:
    """The deck has every second turn, and not all of them."""
    slow = bench_for(replace(bench.config.profile, command_gap_ms=1_000))
    slow.incline_dpct = 0
    slow.run_at(300)
    asked_ms = slow.at_ms
    slow.tick(Wanted(100, 50))
    slow.run(6)
    kinds = [type(one) for _, one in slow.commands_since(asked_ms)]
    assert kinds[:5] == [SetSpeed, SetIncline, SetSpeed, SetIncline, SetSpeed]
    assert slow.state.drive.sent_ckph == 100


def test_a_machine_without_a_lift_motor_is_never_sent_an_incline(bench: Bench, bench_for: BenchMaker) -> None:
    profile = bench.config.profile
    flat = bench_for(replace(profile, capabilities=replace(profile.capabilities, incline_max_dpct=0)))
    flat.incline_dpct = 20
    flat.run_at(100)
    flat.tick(Wanted(100, 50))
    flat.run(12)
    assert not [command for _, command in flat.commands_since(0) if isinstance(command, SetIncline)]


def test_the_deck_does_not_rise_while_the_belt_takes_up_its_first_speed(bench: Bench) -> None:
    bench.link()
    bench.starts_in_ms = 5000
    bench.start()
    bench.tick(Wanted(50, 50))
    bench.until(Mode.RUN, within_s=8)
    moved_ms = bench.at_ms
    bench.run(5)
    tilted_ms = [moment_ms for moment_ms, command in bench.commands_since(moved_ms)]
    assert tilted_ms[0] - moved_ms >= 2800  # the first half percent takes a second of its own


# --- a wish that turns round -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lower", [Wanted(50, 0), Wanted(200, 0)])
def test_a_lower_wish_is_not_answered_with_one_more_rise(bench: Bench, lower: Wanted) -> None:
    bench.run_at(200)
    bench.tick(Wanted(500, 0))
    for _ in range(60):
        bench.tick(elapsed_ms=20)
        turned = copy.copy(bench)
        turned.ticks = []
        before_ckph = turned.state.drive.sent_ckph
        for _ in range(100):
            turned.tick(lower, elapsed_ms=20)
        assert max(turned.speeds_since(0), default=0) <= before_ckph


def test_a_flatter_wish_is_not_answered_with_one_more_rise_of_the_deck(bench: Bench) -> None:
    asked_ms = with_pending_tilt(bench).at_ms
    bench.answers = Answer.ACCEPTED
    bench.tick(Answered(CommandKind.SPEED, Answer.ACCEPTED), Wanted(290, 0))
    bench.run(5)
    assert not [command for _, command in bench.commands_since(asked_ms) if isinstance(command, SetIncline)]
