"""Whole runs on virtual time: every shipped workout on every simulated machine, faults, and judges that agree."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import parse_fault
from retrotread.safety.modes import Mode
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.follower import KEY_AFTER_ALARM_S
from retrotread.sessions.launcher import prepare
from retrotread.sessions.oracles import Judge
from retrotread.sessions.simulate import Simulated, Simulation, simulate
from retrotread.workouts.engine import Phase
from retrotread.workouts.library import find, shipped


def run(
    workout: str | Path,
    machine: str = "well-behaved",
    *faults: str,
    seed: int = 0,
    stop_at_s: float | None = None,
    trace: bool = False,
) -> Simulated:
    """One simulated run of a shipped workout."""
    archetype = ARCHETYPES[machine]
    prepared = prepare(find(str(workout)), archetype.profile)
    assert prepared.offer.timeline is not None
    plan = RunPlan.of("test", prepared.offer.timeline, prepared.tier.key)
    return simulate(Simulation(plan, archetype, tuple(parse_fault(one) for one in faults), seed, stop_at_s, trace))


EACH = [
    path for path in shipped() if path.stem.startswith(("ladder-", "warm-up-strides", "sprinkle-walk", "sport-multi"))
]
"""The ladder, and one of each shape beside it: what else is shipped is made of the same steps."""


@pytest.mark.parametrize("workout", EACH, ids=lambda path: path.stem)
def test_on_the_well_behaved_machine_a_shipped_workout_ends_without_alarm_at_standstill(workout: Path) -> None:
    done = run(workout)
    assert (done.mode, done.phase, done.alarm_at_s) == (Mode.LATCHED, Phase.FINISHED, None)
    assert done.ended_well
    assert done.violations == ()
    assert [stop.cause for stop in done.stops] == ["plan_stop"]
    assert done.distance_m == pytest.approx(done.true_distance_m, rel=0.01)


def test_the_same_seed_gives_the_same_run_and_another_one_a_different_run() -> None:
    first, again, other = (run("ladder-1", seed=seed, trace=True) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_telemetry_that_falls_silent_at_300_s_stops_the_belt_and_raises_the_alarm_by_302_1_s() -> None:
    done = run("ladder-1", "well-behaved", "silent@300")
    assert done.stops[0].cause == "telemetry_silent"
    assert done.stops[0].message.startswith("no telemetry for 2.")
    assert done.alarm_at_s is not None
    assert 300 < done.alarm_at_s <= 302.1
    assert done.violations == ()
    assert done.ended_well


def test_on_a_slow_reporter_silence_is_noticed_within_three_seconds_and_a_tick() -> None:
    done = run("ladder-1", "slow-reporter", "silent@300")
    assert done.alarm_at_s is not None
    assert done.alarm_at_s <= 304.1
    assert done.violations == ()


def test_a_machine_that_ignores_stop_raises_the_key_alarm_within_the_time_for_a_stop() -> None:
    done = run("ladder-8", "well-behaved", "ignore-stop@200", stop_at_s=400.0, trace=True)
    assert done.stops[0].cause == "operator_stop"
    assert done.alarm_at_s is not None
    before_alarm = [one for one in done.samples if 400 < one.at_s <= done.alarm_at_s]
    last_fall_s = max(b.at_s for a, b in pairwise(before_alarm) if b.true_kph < a.true_kph)
    assert last_fall_s + 3.9 <= done.alarm_at_s <= last_fall_s + 4.4  # a report period and a tick on top
    assert done.violations == ()
    assert done.elapsed_s >= done.alarm_at_s + KEY_AFTER_ALARM_S


def test_a_belt_that_starts_by_itself_before_the_start_is_stopped_and_latched_by_the_second_report() -> None:
    done = run("ladder-1", "well-behaved", "self-start@5")
    assert done.stops[0].cause == "unexpected_motion"
    assert done.stops[0].at_s <= 5.6
    assert done.violations == ()
    assert done.plan_time_s == 0


def test_a_belt_that_starts_by_itself_just_before_its_start_is_not_latched_as_still() -> None:
    """The machine refuses the start because it is starting already: the zeros from before are worth nothing."""
    for tenths in range(150, 175, 5):
        done = run("ladder-1", "slow-reporter", f"self-start@{tenths / 10}", seed=179003)
        assert done.ended_well, f"self-start at {tenths / 10} s: {done.ended}"
        assert done.violations == ()


def test_a_stop_by_the_person_ramps_down_and_ends_at_confirmed_standstill() -> None:
    done = run("ladder-3", stop_at_s=500.0, trace=True)
    assert done.phase is Phase.STOPPED
    assert done.mode is Mode.LATCHED
    assert done.stops[0].message == "stop was pressed"
    speeds = [one.true_kph for one in done.samples if one.at_s >= 500.5]
    assert speeds == sorted(speeds, reverse=True)
    assert done.violations == ()
    assert done.ended_well


def test_on_a_machine_that_reports_once_a_second_running_is_held_to_a_walk() -> None:
    done = run("ladder-8", "slow-reporter")
    assert done.max_speed_kph <= 4.0
    assert done.violations == ()


def test_plan_time_runs_only_once_the_person_is_on() -> None:
    done = run("ladder-1", trace=True)
    running_s = sum(0.1 for one in done.samples if one.phase is Phase.RUNNING)
    assert done.plan_time_s == pytest.approx(running_s - 5.0, abs=0.5)  # the first five seconds announce the rise
    moving_before = [one for one in done.samples if one.phase is Phase.WAITING_FOR_PERSON and one.true_kph > 0]
    assert max(one.true_kph for one in moving_before) == 0.5


def test_the_judge_is_told_the_modes_that_it_knows_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode that is renamed would make four of the oracles blind without a sound."""
    told: set[str] = set()
    monkeypatch.setattr(Judge, "state", lambda _judge, _now_s, mode: told.add(mode))
    run("ladder-1", "ignores-stop", stop_at_s=60.0)
    assert {"running", "stopping", "escalated"} <= told
