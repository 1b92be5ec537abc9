"""The stop sequence, stage by stage: the ramp, the frames, their repeats, and the alarm."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import Command, MachineNotice, SetSpeed, StopBelt
from retrotread.safety.config import Config
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import (
    Answer,
    Answered,
    Beat,
    CommandKind,
    Input,
    LinkCameUp,
    LinkWentDown,
    PauseAsked,
    Said,
    Seen,
    StopAsked,
    StopBy,
    Wanted,
    WriteOverdue,
)
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker, Tick

OPERATOR = StopAsked(StopBy.OPERATOR)
AT_ONCE = Said(MachineNotice.SAFETY_KEY_PULLED)


def patient(bench: Bench, fall_ckph_per_s: int = 4) -> Bench:
    """The bench with a profile that lets the belt slow down so gently that a slow belt is no runaway."""
    config = bench.config
    profile = replace(config.profile, slowest_fall_ckph_per_s=fall_ckph_per_s)
    bench.config = Config.of(profile, config.tier, config.limits, config.facing)
    return bench


# --- the controlled stop ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tier", "speed_ckph"), [("novice", 300), ("walker", 500), ("runner", 700)])
def test_the_operator_s_stop_ramps_down_at_the_tier_s_rate_and_ends_in_the_machine_s_stop(
    bench_for: BenchMaker, tier: str, speed_ckph: int
) -> None:
    bench = bench_for(tier=tier)
    bench.run_at(speed_ckph)
    asked_ms = bench.at_ms
    bench.tick(OPERATOR)
    bench.until(Mode.LATCHED, within_s=30)
    sets = [(at, command) for at, command in bench.commands_since(asked_ms) if isinstance(command, SetSpeed)]
    fall = bench.config.tier.fall_ckph_per_s
    assert sets[0][0] == asked_ms + 100
    for at_ms, command in sets:
        assert command.speed_ckph >= speed_ckph - fall * (at_ms - asked_ms + 100) / 1000 - 10
    (stopped_ms,) = bench.stops_since(asked_ms)
    assert stopped_ms > sets[-1][0]
    belt_ckph = next(item.speed_ckph for tick in reversed(until(bench, stopped_ms)) for item in seen(tick))
    assert 50 <= belt_ckph <= 100
    assert (speed_ckph - 100) / fall * 0.9 <= (stopped_ms - asked_ms) / 1000 <= (speed_ckph - 50) / fall + 1.5


def until(bench: Bench, at_ms: int) -> list[Tick]:
    return [tick for tick in bench.ticks if tick.at_ms <= at_ms]


def seen(tick: Tick) -> list[Seen]:
    return [item for item in tick.inputs if isinstance(item, Seen)]


@pytest.mark.parametrize("by", [StopBy.PLAN, StopBy.PROGRAM])
def test_a_stop_that_nobody_at_the_belt_asked_for_falls_at_no_more_than_0_3_m_s2(bench: Bench, by: StopBy) -> None:
    bench.run_at(500)
    asked_ms = bench.at_ms
    bench.tick(StopAsked(by))
    bench.until(Mode.LATCHED, within_s=30)
    for at_ms, command in bench.commands_since(asked_ms):
        if isinstance(command, SetSpeed):
            assert command.speed_ckph >= 500 - 108 * (at_ms - asked_ms + 100) / 1000 - 10


def test_set_points_of_a_ramp_only_fall_and_none_follows_the_stop_frame(bench: Bench) -> None:
    bench.run_at(500)
    asked_ms = bench.at_ms
    bench.tick(OPERATOR, Wanted(560, 100))
    for _ in range(100):
        bench.tick(Wanted(560, 100))
    commands = [command for _, command in bench.commands_since(asked_ms)]
    speeds = bench.speeds_since(asked_ms)
    assert all(later < earlier for earlier, later in itertools.pairwise([500, *speeds]))
    assert [type(command) for command in commands] == [SetSpeed] * len(speeds) + [StopBelt]


def test_a_machine_that_a_set_point_may_start_gets_its_own_stop_at_once(bench: Bench, bench_for: BenchMaker) -> None:
    starts = bench_for(replace(bench.config.profile, set_never_starts=False))
    starts.run_at(300)
    asked_ms = starts.at_ms
    starts.tick(OPERATOR)
    starts.run(2)
    assert [type(command) for _, command in starts.commands_since(asked_ms)] == [StopBelt]


@pytest.mark.parametrize("speed_ckph", [50, 100])
def test_a_belt_at_walking_pace_or_less_gets_the_machine_s_stop_at_once(bench: Bench, speed_ckph: int) -> None:
    bench.run_at(speed_ckph)
    asked_ms = bench.at_ms
    bench.tick(OPERATOR)
    assert bench.commands_since(asked_ms) == [(bench.at_ms, StopBelt())]


def test_a_machine_with_a_high_lowest_speed_is_stopped_from_there(bench: Bench, bench_for: BenchMaker) -> None:
    capabilities = replace(bench.config.profile.capabilities, speed_min_ckph=200)
    high = bench_for(replace(bench.config.profile, capabilities=capabilities))
    high.run_at(400)
    asked_ms = high.at_ms
    high.tick(OPERATOR)
    high.until(Mode.LATCHED, within_s=20)
    assert min(high.speeds_since(asked_ms)) >= 200
    assert len(high.stops_since(asked_ms)) == 1


@pytest.mark.parametrize("asked", [OPERATOR, PauseAsked()], ids=["stop", "pause"])
def test_the_smallest_step_down_leaves_in_the_step_that_asks_for_it(bench: Bench, asked: Input) -> None:
    bench.run_at(300)
    asked_ms = bench.at_ms
    bench.tick(asked)
    assert bench.commands_since(asked_ms) == [(bench.at_ms, SetSpeed(290))]


@pytest.mark.parametrize("asked", [OPERATOR, PauseAsked()], ids=["stop", "pause"])
def test_a_belt_that_still_comes_down_to_its_lowest_set_point_gets_the_machine_s_stop_at_once(
    bench_for: BenchMaker, asked: Input
) -> None:
    bench = bench_for("slow")
    bench.fall_ckph_per_s = 50
    bench.run_at(300)
    bench.tick(Wanted(50, 0))
    while bench.state.drive.sent_ckph > 50:
        bench.tick()
    bench.run(0.5)
    assert bench.speed_ckph > 110
    asked_ms = bench.at_ms
    bench.tick(asked)
    assert bench.commands_since(asked_ms) == [(bench.at_ms, StopBelt())]


def test_a_ramp_that_loses_its_reports_becomes_the_machine_s_stop(bench: Bench) -> None:
    bench.run_at(500)
    bench.tick(OPERATOR)
    bench.run(0.4)
    bench.bare(Seen(480), Beat(0, True))
    bench.reports = False
    silent_ms = bench.at_ms
    bench.run(1.1)
    assert bench.stops_since(silent_ms) == [silent_ms + 1100]


def test_a_ramp_that_the_belt_does_not_follow_becomes_protective_after_a_second_and_a_half(bench: Bench) -> None:
    bench.run_at(500)
    bench.reports = bench.obeys = False
    asked_ms = bench.at_ms
    bench.tick(OPERATOR)
    behind = []
    while not bench.stops_since(asked_ms):
        honest_ckph = bench.state.envelope.ceiling_ckph
        bench.tick(Seen(honest_ckph + 30))
        behind.append(bench.at_ms)
    assert bench.stops_since(asked_ms)[0] - behind[0] == pytest.approx(1500, abs=100)
    assert bench.state.hazards == (Hazard.OPERATOR_STOP, Hazard.RAMP_LAGS)


# --- the protective stop ---------------------------------------------------------------------------------------------


def test_a_protective_stop_is_one_frame_at_once_and_no_set_point(bench: Bench) -> None:
    bench.run_at(500)
    asked_ms = bench.at_ms
    bench.tick(AT_ONCE)
    assert bench.commands_since(asked_ms) == [(asked_ms + 100, StopBelt())]
    bench.until(Mode.LATCHED, within_s=10)
    assert len(bench.commands_since(asked_ms)) == 1


def test_a_protective_cause_during_a_ramp_sends_the_frame_at_once(bench: Bench) -> None:
    bench.run_at(500)
    bench.tick(OPERATOR)
    bench.run(0.5)
    asked_ms = bench.at_ms
    bench.tick(AT_ONCE)
    assert bench.stops_since(asked_ms) == [bench.at_ms]
    assert bench.state.hazards == (Hazard.OPERATOR_STOP, Hazard.KEY_PULLED)


# --- the second press ------------------------------------------------------------------------------------------------


def press_again_after(bench: Bench, wait_s: float, by: StopBy = StopBy.OPERATOR) -> tuple[Command, ...]:
    """A press at 5 km/h and another one so much later; what the second one sends."""
    bench.run_at(500)
    bench.tick(OPERATOR)
    bench.run(wait_s - 0.1)
    return bench.tick(StopAsked(by)).commands


def test_a_press_more_than_a_second_after_the_first_makes_the_stop_protective(bench: Bench) -> None:
    assert press_again_after(bench, 1.1) == (StopBelt(),)
    assert bench.state.hazards == (Hazard.OPERATOR_STOP, Hazard.OPERATOR_STOP_AGAIN)


@pytest.mark.parametrize("wait_s", [0.1, 0.5, 1.0])
def test_a_press_that_bounces_or_repeats_within_a_second_changes_nothing(bench: Bench, wait_s: float) -> None:
    assert StopBelt() not in press_again_after(bench, wait_s)
    assert bench.state.hazards == (Hazard.OPERATOR_STOP,)


def test_quick_presses_count_from_the_first_of_them(bench: Bench) -> None:
    bench.run_at(500)
    for _ in range(11):
        bench.tick(OPERATOR)
    assert bench.state.hazards == (Hazard.OPERATOR_STOP,)
    assert bench.tick(OPERATOR).commands == (StopBelt(),)


@pytest.mark.parametrize("by", [StopBy.PLAN, StopBy.PROGRAM])
def test_only_a_person_presses_again(bench: Bench, by: StopBy) -> None:
    assert StopBelt() not in press_again_after(bench, 2.0, by)
    assert bench.state.hazards == (Hazard.OPERATOR_STOP,)


def test_the_first_press_during_a_stop_of_the_plan_is_no_second_press(bench: Bench) -> None:
    bench.run_at(500)
    bench.tick(StopAsked(StopBy.PLAN))
    bench.run(1.5)
    assert StopBelt() not in bench.tick(OPERATOR).commands
    bench.run(1)
    assert bench.tick(OPERATOR).commands == (StopBelt(),)


def test_a_press_from_an_earlier_run_is_forgotten(bench: Bench) -> None:
    bench.run_at(100)
    bench.tick(OPERATOR)
    bench.until(Mode.LATCHED, within_s=10)
    bench.clear()
    assert StopBelt() not in press_again_after(bench, 0.5)


def test_a_press_before_there_was_a_link_is_no_first_press(bench: Bench) -> None:
    bench.tick(OPERATOR)
    assert StopBelt() not in press_again_after(bench, 0.5)
    assert bench.state.hazards == (Hazard.OPERATOR_STOP,)


# --- frames and their repeats --------------------------------------------------------------------------------------


def test_a_frame_that_shows_nothing_goes_again_after_the_reaction_time_and_then_each_second(bench: Bench) -> None:
    bench.run_at(300)
    bench.stops = False
    asked_ms = bench.at_ms
    bench.tick(AT_ONCE)
    bench.run(8)
    first_ms, second_ms, *rest = bench.stops_since(asked_ms)
    assert first_ms == asked_ms + 100
    assert 0 <= second_ms - first_ms - bench.config.profile.stop_reaction_ms <= 100
    assert {later - earlier for earlier, later in itertools.pairwise([second_ms, *rest])} == {1000}


def test_a_belt_that_obeys_is_not_told_again(bench: Bench) -> None:
    patient(bench).run_at(300)
    bench.fall_ckph_per_s = 30
    asked_ms = bench.at_ms
    bench.tick(AT_ONCE)
    bench.until(Mode.LATCHED, within_s=20)
    assert len(bench.stops_since(asked_ms)) == 1


def test_a_machine_that_toggles_is_told_once_and_the_rest_is_the_alarm(toggle: Bench) -> None:
    toggle.run_at(300)
    toggle.stops = False
    asked_ms = toggle.at_ms
    toggle.tick(AT_ONCE)
    toggle.run(30)
    assert toggle.stops_since(asked_ms) == [asked_ms + 100]
    assert toggle.mode is Mode.ESCALATED


def test_a_machine_that_toggles_is_told_again_where_it_refused_the_frame(toggle: Bench) -> None:
    patient(toggle).run_at(300)
    toggle.stops, toggle.answers = False, Answer.REJECTED
    asked_ms = toggle.at_ms
    toggle.tick(AT_ONCE)
    toggle.run(0.5)
    toggle.stops, toggle.answers = True, Answer.ACCEPTED
    toggle.run(10)
    first_ms, second_ms = toggle.stops_since(asked_ms)
    assert second_ms - first_ms >= 1000
    assert toggle.mode is Mode.LATCHED


def test_a_machine_that_toggles_is_told_again_where_its_belt_had_come_to_rest_and_moves_anew(toggle: Bench) -> None:
    toggle.run_at(300)
    toggle.tick(LinkWentDown())
    assert toggle.mode is Mode.ESCALATED
    toggle.run(1)
    toggle.tick(LinkCameUp())
    toggle.run(10)
    assert toggle.speed_ckph == 0
    asked_ms = toggle.at_ms
    toggle.target_ckph = 300
    toggle.run(15)
    assert toggle.speed_ckph == 0
    assert len(toggle.stops_since(asked_ms)) == 1


def test_a_machine_that_toggles_is_told_again_where_its_belt_drives_itself_before_it_rested(
    toggle: Bench,
) -> None:
    toggle.run_at(300)
    toggle.fall_ckph_per_s = 100
    asked_ms = toggle.at_ms
    toggle.tick(AT_ONCE)
    toggle.run(2.5)
    assert 0 < toggle.speed_ckph < 100, "it rolls out"
    toggle.target_ckph, toggle.rise_ckph_per_s = 400, 300
    toggle.run(15)
    assert toggle.speed_ckph == 0
    assert len(toggle.stops_since(asked_ms)) == 2
    assert toggle.mode is Mode.ESCALATED


def test_a_machine_that_toggles_is_not_told_a_third_time_where_its_belt_was_driven_anew_at_the_second(
    toggle: Bench,
) -> None:
    patient(toggle).run_at(300)
    asked_ms = toggle.at_ms
    toggle.tick(AT_ONCE)
    toggle.run(1)
    toggle.target_ckph = round(toggle.speed_ckph)
    toggle.run(3)
    toggle.stops, toggle.speed_ckph, toggle.target_ckph = False, 500, 500
    toggle.tick(Seen(500), Answered(CommandKind.STOP, Answer.REJECTED))
    toggle.run(5)
    assert len(toggle.stops_since(asked_ms)) == 2
    assert toggle.mode is Mode.ESCALATED


@pytest.mark.parametrize(("on_for_s", "frames"), [(0.7, 1), (2.0, 2)])
def test_a_machine_that_toggles_is_not_told_again_while_a_runaway_speeds_on_for_its_reaction_time(
    toggle: Bench, on_for_s: float, frames: int
) -> None:
    """It takes a second to react; from then on a belt that is driven is told again."""
    toggle.run_at(300)
    asked_ms = toggle.at_ms
    toggle.stops, toggle.target_ckph, toggle.rise_ckph_per_s, toggle.fall_ckph_per_s = False, 1200, 200, 60
    toggle.until(Mode.ESCALATED, within_s=2)
    toggle.run(on_for_s)
    toggle.stops, toggle.target_ckph = True, 0
    toggle.run(5)
    assert len(toggle.stops_since(asked_ms)) == frames


def test_a_machine_that_toggles_is_not_told_again_as_long_as_nobody_knows_of_the_first_stop(toggle: Bench) -> None:
    """It hangs in the link, and a second one would come out behind it; over a new link it goes at once."""
    toggle.run_at(300)
    asked_ms = toggle.at_ms
    toggle.stops, toggle.answers, toggle.target_ckph, toggle.rise_ckph_per_s = False, None, 1200, 200
    toggle.until(Mode.ESCALATED, within_s=2)
    toggle.run(3)
    assert len(toggle.stops_since(asked_ms)) == 1
    toggle.tick(LinkWentDown())
    toggle.tick(LinkCameUp())
    linked_ms = toggle.at_ms
    toggle.run(0.5)
    assert len(toggle.stops_since(linked_ms)) == 1


@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.UNKNOWN])
def test_a_machine_that_toggles_is_told_again_once_the_first_stop_has_come_back(toggle: Bench, answer: Answer) -> None:
    toggle.run_at(300)
    asked_ms = toggle.at_ms
    toggle.stops, toggle.answers, toggle.target_ckph, toggle.rise_ckph_per_s = False, None, 1200, 200
    toggle.until(Mode.ESCALATED, within_s=2)
    toggle.run(3)
    toggle.tick(Answered(CommandKind.STOP, answer))
    toggle.run(0.5)
    assert len(toggle.stops_since(asked_ms)) == 2


@pytest.mark.parametrize(("repeat_ok", "latched"), [(True, True), (False, False)])
def test_zeros_before_a_stop_that_may_start_the_belt_do_not_confirm_that_it_stands(
    bench_for: BenchMaker, toggle: Bench, repeat_ok: bool, latched: bool
) -> None:
    """Somebody stops the belt by its key, and our stop leaves a second and a half after it stood."""
    bench = bench_for() if repeat_ok else toggle
    bench.run_at(100)
    bench.target_ckph, bench.fall_ckph_per_s = 0, 1000
    bench.run(1.6)
    bench.tick(AT_ONCE)
    left_ms = bench.at_ms
    bench.run(0.8)
    assert (bench.mode is Mode.LATCHED) is latched
    bench.until(Mode.LATCHED, within_s=3)
    assert bench.stops_since(left_ms - 1) == [left_ms]


def test_a_machine_that_toggles_is_not_told_again_where_its_belt_only_rolls_out_too_slowly(toggle: Bench) -> None:
    toggle.run_at(300)
    toggle.fall_ckph_per_s = 40
    asked_ms = toggle.at_ms
    toggle.tick(AT_ONCE)
    toggle.run(2.5)
    toggle.target_ckph = round(toggle.speed_ckph)  # and then no further
    toggle.run(15)
    assert Hazard.RUNAWAY in toggle.state.hazards, "it is above its envelope"
    assert toggle.stops_since(asked_ms) == [asked_ms + 100]


@pytest.mark.parametrize("every_ms", [1_000, 1_500, 2_500])
def test_lone_spikes_of_a_belt_that_rolls_out_too_slowly_are_no_new_motion(toggle: Bench, every_ms: int) -> None:
    toggle.run_at(300)
    toggle.fall_ckph_per_s = 40
    asked_ms = toggle.at_ms
    toggle.tick(AT_ONCE)
    toggle.run(2.5)
    toggle.target_ckph = round(toggle.speed_ckph)  # and then no further
    toggle.run(1.5)
    assert toggle.state.belt.over == 2, "it is above its envelope"
    for _ in range(5):
        toggle.bare(Seen(1500), Beat(0, True))
        toggle.run(every_ms / 1000)
    assert toggle.stops_since(asked_ms) == [asked_ms + 100]


def test_a_machine_that_toggles_hears_one_stop_behind_a_new_link_whatever_its_belt_did_before(toggle: Bench) -> None:
    """Its rest, and how slow it was, are from before that stop: they do not allow another one."""
    toggle.run_at(300)
    toggle.answers = None
    _drop_and_return(toggle)
    toggle.run(10)
    assert toggle.speed_ckph == 0
    toggle.stops = False
    linked_ms = _drop_and_return(toggle)
    toggle.run(10)
    assert toggle.mode is Mode.ESCALATED
    assert len(toggle.stops_since(linked_ms)) == 1


def test_a_machine_that_toggles_and_refuses_behind_a_new_link_is_told_again_once(toggle: Bench) -> None:
    """How slow it was before the link was lost does not make a motion of its own of what is seen behind it."""
    toggle.link()
    for speed_ckph in (100, 100, 0, 0):
        toggle.bare(Seen(speed_ckph), Beat(0, True), elapsed_ms=900)
    toggle.bare(Answered(CommandKind.STOP, Answer.ACCEPTED))
    toggle.bare(LinkCameUp())
    linked_ms = toggle.at_ms
    toggle.bare(Answered(CommandKind.STOP, Answer.REJECTED), elapsed_ms=100)
    for _ in range(4):
        toggle.bare(Seen(100), Beat(0, True), elapsed_ms=900)
    assert len(toggle.stops_since(linked_ms)) == 1


def test_a_machine_that_toggles_and_refuses_unseen_is_told_again_once_however_slow_it_was_before(
    toggle: Bench,
) -> None:
    """What it did before the second stop, a zero at the start, does not make a motion of its own of its rolling out."""
    toggle.link()
    toggle.count_down()
    toggle.until(Mode.STARTING, within_s=11)
    asked_ms = toggle.at_ms
    toggle.bare(OPERATOR, elapsed_ms=100)
    toggle.bare(Seen(100), Beat(0, True), elapsed_ms=900)
    toggle.bare(Beat(0, True), elapsed_ms=1_100)
    toggle.bare(Answered(CommandKind.STOP, Answer.REJECTED), elapsed_ms=100)
    for _ in range(4):
        toggle.bare(Seen(100), Beat(0, True), elapsed_ms=900)
    assert len(toggle.stops_since(asked_ms)) == 2


def test_a_machine_that_toggles_and_refuses_unseen_is_told_again_once_although_it_had_rested(toggle: Bench) -> None:
    """It rested before that stop and not behind it: its rest does not allow a third one."""
    toggle.link()
    asked_ms = toggle.at_ms
    toggle.bare(WriteOverdue(CommandKind.STOP), Seen(100), elapsed_ms=100)
    for _ in range(4):
        toggle.bare(Seen(0), Beat(0, True), elapsed_ms=900)
    toggle.bare(Answered(CommandKind.STOP, Answer.ACCEPTED), LinkCameUp())
    toggle.bare(Answered(CommandKind.STOP, Answer.REJECTED), Beat(0, True), elapsed_ms=1_100)
    told = len(toggle.stops_since(asked_ms))
    for _ in range(4):
        toggle.bare(Seen(100), Beat(0, True), elapsed_ms=900)
    assert (told, len(toggle.stops_since(asked_ms))) == (2, 2)


def _drop_and_return(bench: Bench) -> int:
    """The link goes, the belt runs on or runs again, and the link is back; the moment before that."""
    bench.tick(LinkWentDown())
    bench.reports, bench.target_ckph = False, 300
    bench.run(4)
    bench.reports, linked_ms = True, bench.at_ms
    bench.tick(LinkCameUp())
    return linked_ms


def test_a_machine_that_toggles_and_stands_gets_no_second_stop_whatever_it_did_before(toggle: Bench) -> None:
    toggle.run_at(300)
    asked_ms = toggle.at_ms
    toggle.tick(AT_ONCE)
    toggle.run(1)
    toggle.bare(Seen(500), elapsed_ms=200)
    toggle.bare(Seen(500), Seen(0), elapsed_ms=2000)
    toggle.bare(Seen(0), Beat(0, True), elapsed_ms=300)
    toggle.bare(Seen(0), Beat(0, True), elapsed_ms=900)
    assert toggle.stops_since(asked_ms) == [asked_ms + 100]


def test_a_machine_that_toggles_is_not_told_at_all_where_it_stands(toggle: Bench) -> None:
    toggle.run_at(300)
    toggle.obeys, toggle.speed_ckph, toggle.target_ckph = False, 0, 0
    still_ms = toggle.at_ms
    toggle.until(Mode.LATCHED, within_s=5)
    toggle.bare(StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    assert toggle.stops_since(still_ms) == []


# --- the alarm -------------------------------------------------------------------------------------------------------


def escalates_after_s(bench: Bench, asked: Input) -> float:
    """From the step after which the belt ignores everything to the alarm."""
    bench.run_at(300)
    bench.bare(Seen(300), Beat(0, True))
    bench.stops = bench.obeys = False
    bench.tick(asked)
    return 0.1 + bench.until(Mode.ESCALATED, within_s=10)


@pytest.mark.parametrize("profile", ["well-behaved", "slow", "toggle"])
def test_a_protective_stop_that_is_not_seen_to_work_is_an_alarm_after_four_seconds(
    bench_for: BenchMaker, profile: str
) -> None:
    bench = patient(bench_for(profile))
    assert escalates_after_s(bench, AT_ONCE) == pytest.approx(4.1, abs=0.01)
    assert bench.state.hazards == (Hazard.KEY_PULLED, Hazard.STOP_UNCONFIRMED)


@pytest.mark.parametrize("profile", ["well-behaved", "slow", "toggle"])
def test_a_belt_that_ought_to_fall_quickly_is_an_alarm_no_later(bench_for: BenchMaker, profile: str) -> None:
    assert escalates_after_s(bench_for(profile), AT_ONCE) <= 4.11


@pytest.mark.parametrize("profile", ["well-behaved", "slow", "toggle"])
def test_a_controlled_stop_that_is_not_seen_to_work_is_an_alarm_within_six_seconds(
    bench_for: BenchMaker, profile: str
) -> None:
    assert escalates_after_s(patient(bench_for(profile)), OPERATOR) <= 6.0


def test_a_stop_in_silence_is_an_alarm_four_seconds_after_its_frame(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(AT_ONCE)
    asked_ms = bench.at_ms
    bench.reports = False
    bench.until(Mode.ESCALATED, within_s=5)
    assert bench.at_ms - asked_ms <= 4100


@pytest.mark.parametrize("kind", CommandKind)
@pytest.mark.parametrize("asked", [OPERATOR, AT_ONCE, None])
def test_a_command_stuck_in_the_link_is_an_alarm_at_once(bench: Bench, kind: CommandKind, asked: Input | None) -> None:
    bench.run_at(300)
    if asked is not None:
        bench.tick(asked)
    made = bench.tick(WriteOverdue(kind))
    assert made.state.mode is Mode.ESCALATED
    assert Hazard.WRITE_OVERDUE in made.state.hazards
    assert asked is AT_ONCE or StopBelt() in made.commands
    assert bench.message(Hazard.WRITE_OVERDUE) == f"the command {kind.value} is stuck in the link (limit 1.0 s)"


def test_a_stop_of_which_nobody_knows_whether_it_arrived_is_an_alarm(bench: Bench) -> None:
    bench.run_at(300)
    bench.stops = False
    bench.tick(AT_ONCE)
    assert bench.tick(Answered(CommandKind.STOP, Answer.UNKNOWN)).state.mode is Mode.ESCALATED


def test_a_lost_link_during_a_stop_is_an_alarm(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(OPERATOR)
    assert bench.tick(LinkWentDown()).state.mode is Mode.ESCALATED


@pytest.mark.parametrize("asked", [OPERATOR, PauseAsked()])
def test_a_belt_that_falls_for_ever_and_never_stands_is_an_alarm_after_a_minute(bench: Bench, asked: Input) -> None:
    patient(bench).run_at(500)
    asked_ms = bench.at_ms
    bench.tick(asked)
    bench.obeys, bench.reports = False, False
    for tenths in range(610):
        if bench.mode is Mode.ESCALATED:
            break
        bench.tick(Seen(500 - tenths * 5 // 10))
    assert bench.at_ms - asked_ms == pytest.approx(60_000, abs=100)
    assert Hazard.STOP_UNCONFIRMED in bench.state.hazards


def test_the_alarm_never_ends_by_time_nor_by_standstill_alone(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(WriteOverdue(CommandKind.STOP))
    bench.run(600)
    assert bench.speed_ckph == 0
    assert bench.mode is Mode.ESCALATED


@pytest.mark.parametrize("undo", ["moving", "silent", "unlinked"])
def test_the_alarm_is_not_acknowledged_without_a_confirmed_standstill(bench: Bench, undo: str) -> None:
    bench.run_at(300)
    bench.stops = undo != "moving"
    bench.tick(WriteOverdue(CommandKind.STOP))
    bench.run(10)
    bench.reports = undo != "silent"
    bench.run(2)
    if undo == "unlinked":
        bench.tick(LinkWentDown())
    assert bench.clear() is Mode.ESCALATED


def test_a_noise_of_a_few_hundredths_is_no_fall(bench: Bench) -> None:
    patient(bench).run_at(300)
    bench.bare(Seen(300), Beat(0, True))
    bench.reports = bench.stops = False
    bench.tick(AT_ONCE)
    for tenth in range(40):
        assert bench.tick(Seen(300 - tenth % 2 * 4)).state.mode is Mode.STOPPING or tenth == 39
    assert bench.state.hazards == (Hazard.KEY_PULLED, Hazard.STOP_UNCONFIRMED)


@pytest.mark.parametrize("high_at", range(5))
def test_a_frame_that_goes_again_makes_no_fall_of_the_noise_of_a_belt_that_ignores_it(
    bench: Bench, high_at: int
) -> None:
    patient(bench).run_at(300)
    bench.bare(Seen(300), Beat(0, True))
    bench.reports = bench.stops = False
    bench.tick(AT_ONCE)
    begun_ms = bench.at_ms
    while bench.mode is Mode.STOPPING and bench.at_ms - begun_ms < 10_000:
        high = bench.at_ms // 100 % 5 == high_at
        bench.tick(Seen(304 if high else 299))
    assert bench.mode is Mode.ESCALATED
    assert bench.at_ms - begun_ms == pytest.approx(4_050, abs=150)
    assert len(bench.stops_since(begun_ms - 100)) > 2


def test_a_fall_counts_from_when_it_was_measured(bench: Bench) -> None:
    patient(bench).run_at(300)
    bench.tick(AT_ONCE)
    bench.reports = bench.stops = False
    bench.tick(Seen(300))
    bench.run(0.5)
    bench.bare(Seen(250, age_ms=400), elapsed_ms=100)
    fell_ms = bench.at_ms - 400
    bench.until(Mode.ESCALATED, within_s=6)
    assert bench.at_ms - fell_ms == pytest.approx(4000, abs=100)


@pytest.mark.parametrize("after_s", [0, 1])
def test_a_zero_slipped_in_among_the_reports_of_a_falling_belt_raises_no_alarm(bench: Bench, after_s: int) -> None:
    bench.run_at(560)
    bench.fall_ckph_per_s = 100
    bench.bare(OPERATOR)
    bench.run(after_s)
    bench.bare(Seen(0), Beat(0, True), elapsed_ms=0)
    assert bench.until(Mode.LATCHED, within_s=20) >= 5


@pytest.mark.parametrize("every", [2, 7, 17, 33])
def test_zeros_slipped_in_among_the_reports_of_a_belt_that_ignores_its_stop_put_off_no_alarm(
    bench: Bench, every: int
) -> None:
    """One behind the other or far apart: between two speeds none of them is a fall."""
    patient(bench).run_at(300)
    bench.reports = bench.stops = False
    bench.tick(AT_ONCE)
    begun_ms = bench.at_ms
    while bench.mode is Mode.STOPPING and bench.at_ms - begun_ms < 10_000:
        bench.tick(Seen(0 if bench.at_ms // 100 % every == 0 else 300))
    assert bench.at_ms - begun_ms == pytest.approx(4_100, abs=100)
    assert bench.state.hazards == (Hazard.KEY_PULLED, Hazard.STOP_UNCONFIRMED)


@pytest.mark.parametrize("every", [2, 3, 7, 10, 13, 17])
@pytest.mark.parametrize("first", [0, 1])
def test_spikes_among_the_reports_of_a_belt_that_ignores_its_stop_put_off_no_alarm(
    bench: Bench, every: int, first: int
) -> None:
    """Nothing is measured by a report that the next one does not confirm: behind it every true speed would be a fall.
    One of them may come with a stop frame, and then that shows nothing of the belt."""
    patient(bench).run_at(50)
    bench.reports = bench.stops = False
    bench.tick(AT_ONCE)
    begun_ms = bench.at_ms
    while bench.mode is Mode.STOPPING and bench.at_ms - begun_ms < 10_000:
        bench.tick(Seen(1550 if bench.at_ms // 100 % every == first else 50))
    assert bench.at_ms - begun_ms == pytest.approx(4_100, abs=100)
    assert bench.state.hazards == (Hazard.KEY_PULLED, Hazard.STOP_UNCONFIRMED)


@pytest.mark.parametrize(("then_ckph", "mode"), [(0, Mode.STOPPING), (300, Mode.ESCALATED), (None, Mode.ESCALATED)])
def test_what_is_reported_behind_a_first_zero_says_whether_the_belt_obeys(
    bench: Bench, then_ckph: int | None, mode: Mode
) -> None:
    """It comes as the four seconds end. Silence behind it says nothing good: after a second the zero is too old."""
    patient(bench).run_at(300)
    bench.reports = bench.stops = False
    bench.tick(AT_ONCE)
    for _ in range(35):
        bench.tick(Seen(300))
    bench.tick(Seen(0))
    bench.run(0.9)
    held = bench.mode
    bench.tick(*(() if then_ckph is None else (Seen(then_ckph),)))
    bench.tick()
    assert (held, bench.mode) == (Mode.STOPPING, mode)
