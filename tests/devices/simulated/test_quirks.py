"""What each kind does that a well-behaved machine does not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from retrotread.devices.simulated.archetype import KPH_PER_MPH
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.machine import Accepted, Rejected, SetIncline, SetSpeed, StartBelt, StopBelt, TargetChanged, Telemetry

Maker = Callable[..., SimulatedTreadmill]


def started(machine: SimulatedTreadmill, speed_ckph: int | None = None) -> SimulatedTreadmill:
    """Started at 0 s, at its speed by 30 s, its reports up to then taken away."""
    assert machine.perform(StartBelt(), 0.0) == Accepted()
    machine.advance(15.0)
    if speed_ckph is not None:
        assert machine.perform(SetSpeed(speed_ckph), 15.0) == Accepted()
    machine.advance(30.0)
    return machine


def speeds_kph(reports: tuple[Any, ...]) -> list[float]:
    return [one.speed_kph for one in reports if isinstance(one, Telemetry) and one.speed_kph is not None]


def test_a_slow_starter_moves_late_and_says_so_later_still(treadmill: Maker) -> None:
    machine = treadmill("slow-starter")
    machine.perform(StartBelt(), 0.0)
    assert set(speeds_kph(machine.advance(8.3))) == {0.0}
    assert machine.belt_speed_kph == 0
    assert set(speeds_kph(machine.advance(9.8))) == {0.0}, "reports are a second and a half old"
    assert machine.belt_speed_kph == 0.5
    assert speeds_kph(machine.advance(10.5))[-1] > 0


def test_a_machine_that_takes_miles_for_kilometres_runs_faster_than_it_was_asked_and_reports_the_truth(
    treadmill: Maker,
) -> None:
    machine = started(treadmill("mph-speaker"))
    assert machine.belt_speed_kph == pytest.approx(1.0 * KPH_PER_MPH)
    machine.perform(SetSpeed(300), 30.0)
    assert speeds_kph(machine.advance(60.0))[-1] == pytest.approx(3.0 * KPH_PER_MPH, abs=0.005)
    assert machine.belt_speed_kph == pytest.approx(3.0 * KPH_PER_MPH)


def test_where_start_toggles_a_start_of_a_running_belt_stops_it(treadmill: Maker) -> None:
    machine = started(treadmill("start-toggles"), 300)
    assert machine.perform(StartBelt(), 30.0) == Accepted()
    machine.advance(40.0)
    assert machine.belt_speed_kph == 0


def test_where_start_toggles_a_second_stop_starts_the_resting_belt(treadmill: Maker) -> None:
    machine = started(treadmill("start-toggles"), 300)
    machine.perform(StopBelt(), 30.0)
    machine.perform(StopBelt(), 31.0)
    machine.advance(40.0)
    assert machine.belt_speed_kph == 0, "while it slows down a second stop does nothing"
    assert machine.perform(StopBelt(), 40.0) == Accepted()
    machine.advance(50.0)
    assert machine.belt_speed_kph == 0.5


def test_where_start_toggles_a_stop_in_the_countdown_is_a_stop(treadmill: Maker) -> None:
    machine = treadmill("start-toggles")
    machine.perform(StartBelt(), 0.0)
    machine.perform(StopBelt(), 1.0)
    machine.advance(20.0)
    assert machine.belt_travel_m == 0


def test_where_start_toggles_a_stop_without_the_key_starts_nothing(treadmill: Maker) -> None:
    machine = treadmill("start-toggles")
    machine.pull_safety_key(1.0)
    machine.perform(StopBelt(), 2.0)
    machine.advance(20.0)
    assert machine.belt_travel_m == 0


def test_where_start_toggles_the_start_key_of_the_console_does_too(treadmill: Maker) -> None:
    machine = started(treadmill("start-toggles"), 300)
    machine.press_console_start(30.0)
    machine.advance(40.0)
    assert machine.belt_speed_kph == 0


def test_where_a_set_point_starts_the_belt_it_does_so_at_once_and_at_that_speed(treadmill: Maker) -> None:
    machine = treadmill("set-starts")
    assert machine.perform(SetSpeed(200), 1.0) == Accepted()
    machine.advance(1.5)
    assert machine.belt_speed_kph > 0
    machine.advance(10.0)
    assert machine.belt_speed_kph == 2.0
    machine.perform(StopBelt(), 10.0)
    assert isinstance(machine.perform(SetSpeed(200), 11.0), Rejected), "not while it slows down"


def test_where_a_set_point_starts_the_belt_the_countdown_of_a_start_still_refuses_it(treadmill: Maker) -> None:
    machine = treadmill("set-starts")
    machine.perform(StartBelt(), 0.0)
    assert isinstance(machine.perform(SetSpeed(200), 1.0), Rejected)


def test_a_belt_that_starts_again_by_itself_does_so_once_and_without_a_word(treadmill: Maker) -> None:
    machine = started(treadmill("restarts-after-stop"), 200)
    machine.perform(StopBelt(), 30.0)
    reports = machine.advance(36.3)
    assert machine.belt_speed_kph == 0, "at rest at 32.4 s"
    reports += machine.advance(37.5)
    assert machine.belt_speed_kph == 0.5
    assert all(isinstance(one, Telemetry) for one in reports)
    machine.perform(StopBelt(), 40.0)
    machine.advance(80.0)
    assert machine.belt_speed_kph == 0


@pytest.mark.parametrize("hand", ["press_console_stop", "pull_safety_key"])
def test_a_hand_ends_what_would_start_again_and_a_stop_over_the_link_does_not(treadmill: Maker, hand: str) -> None:
    machine, other = started(treadmill("restarts-after-stop")), started(treadmill("restarts-after-stop"))
    for one in (machine, other):
        one.perform(StopBelt(), 30.0)
        one.advance(32.0)
    getattr(machine, hand)(32.0)
    machine.insert_safety_key(33.0)
    other.perform(StopBelt(), 32.0)
    machine.advance(60.0)
    other.advance(60.0)
    assert (machine.belt_speed_kph, other.belt_speed_kph) == (0, 0.5)


def test_a_machine_that_jumps_back_starts_at_the_speed_before_its_stop(treadmill: Maker) -> None:
    machine = started(treadmill("jumps-back"))
    assert machine.belt_speed_kph == 0.5, "the first start has nothing to go back to"
    machine.perform(SetSpeed(600), 30.0)
    machine.advance(60.0)
    machine.perform(StopBelt(), 60.0)
    machine.perform(StopBelt(), 61.0)
    machine.advance(90.0)
    machine.perform(StartBelt(), 90.0)
    machine.advance(120.0)
    assert machine.belt_speed_kph == 6.0


def test_a_pulled_key_makes_a_machine_forget_what_it_would_go_back_to(treadmill: Maker) -> None:
    machine = started(treadmill("jumps-back"), 600)
    machine.pull_safety_key(30.0)
    machine.insert_safety_key(60.0)
    machine.perform(StartBelt(), 60.0)
    machine.advance(90.0)
    assert machine.belt_speed_kph == 0.5


@pytest.mark.parametrize(
    ("name", "asked_ckph", "runs_kph"),
    [
        ("coarse-steps", 280, 3.0),
        ("coarse-steps", 270, 2.5),
        ("coarse-steps", 1200, 12.0),
        ("coarse-mph-steps", 280, 2.88),
        ("coarse-mph-steps", 64, 0.64),
        ("mph-console", 100, 0.96),
    ],
)
def test_a_coarse_console_takes_one_of_its_steps(treadmill: Maker, name: str, asked_ckph: int, runs_kph: float) -> None:
    assert started(treadmill(name), asked_ckph).belt_speed_kph == pytest.approx(runs_kph)


def test_a_spiky_machine_has_lone_wild_reports_and_a_belt_that_knows_nothing_of_them(treadmill: Maker) -> None:
    machine = started(treadmill("spiky"), 300)
    seen = speeds_kph(machine.advance(330.0))
    wild = [number for number, speed_kph in enumerate(seen) if speed_kph > 3.0]
    assert {seen[number] for number in wild} == {18.0}
    assert 9 <= len(wild) <= 30, "one in about twenty seconds"
    assert all(later - earlier > 30 for earlier, later in pairwise(wild)), "lone ones"
    assert machine.belt_speed_kph == 3.0
    assert treadmill("spiky").advance(300.0) == treadmill("well-behaved").advance(300.0), "none at rest"


def test_zero_glitches_are_lone_zeros_of_a_running_belt(treadmill: Maker) -> None:
    machine = started(treadmill("zero-glitches"), 300)
    reports = machine.advance(330.0)
    seen = speeds_kph(reports)
    zeros = [number for number, speed_kph in enumerate(seen) if speed_kph == 0]
    assert 9 <= len(zeros) <= 30
    assert all(later - earlier > 30 for earlier, later in pairwise(zeros))
    assert set(seen) == {0.0, 3.0}
    distances_m = [one.distance_m or 0.0 for one in reports if isinstance(one, Telemetry)]
    assert distances_m == sorted(distances_m), "its counters go on"


def test_another_seed_has_its_wrong_reports_elsewhere(treadmill: Maker) -> None:
    first, again, other = (started(treadmill("spiky", seed=seed)).advance(120.0) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_target_teller_says_every_target_when_it_takes_effect(treadmill: Maker) -> None:
    machine = started(treadmill("target-teller"))
    machine.perform(SetSpeed(234), 30.0)
    machine.perform(SetIncline(23), 30.1)
    told = [one for one in machine.advance(30.39) if isinstance(one, TargetChanged)]
    assert told == [], "after the lag"
    told = [one for one in machine.advance(31.0) if isinstance(one, TargetChanged)]
    assert told == [TargetChanged(speed_kph=2.3), TargetChanged(incline_percent=2.0)]
    machine.perform(StopBelt(), 31.0)
    machine.perform(StopBelt(), 40.0)
    told = [one for one in machine.advance(50.0) if isinstance(one, TargetChanged)]
    assert told == [TargetChanged(speed_kph=0.0)], "a belt at rest has no new target"


def test_a_machine_that_tells_no_targets_tells_none(treadmill: Maker) -> None:
    assert all(isinstance(one, Telemetry) for one in started(treadmill(), 300).advance(60.0))
