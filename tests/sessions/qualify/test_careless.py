"""Whatever is pressed when, and whatever the machine makes of it: at the end the true belt is at rest."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import FAULTS, parse_fault
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.guardian.trials import Trial, TrialPhase, ceiling_ckph
from retrotread.machine import DeviceProfile
from retrotread.safety.modes import AT_REST
from retrotread.sessions.qualify.virtual import Hands, VirtualBench

Qualify = Callable[..., Any]

QUIET = lambda phase: None  # noqa: E731  nobody listens


def bench_of(name: str, *faults: str, seed: int = 0, hands: Hands | None = None, **figures: object) -> VirtualBench:
    kind = replace(ARCHETYPES[name], **figures)  # type: ignore[arg-type]
    treadmill = SimulatedTreadmill(kind, tuple(parse_fault(fault) for fault in faults), seed)
    return VirtualBench(treadmill, DeviceProfile("hidden", kind.capabilities), hands or Hands())


def assert_ends_at_rest(bench: VirtualBench) -> None:
    bench.watch(40.0)
    assert bench.treadmill.belt_speed_kph == 0.0
    assert bench.core.state.mode in AT_REST or bench.core.snapshot(bench.now_s).alarm


@pytest.mark.parametrize("name", ARCHETYPES)
@pytest.mark.parametrize("trial", Trial)
def test_every_trial_of_every_kind_ends_at_rest(name: str, trial: Trial) -> None:
    bench = bench_of(name)
    bench.try_out(trial, QUIET)
    assert_ends_at_rest(bench)
    assert bench.highest_kph <= ceiling_ckph(bench.profile.capabilities) / 100 * 1.7 + 0.3


@pytest.mark.parametrize("seed", range(60))
def test_a_stop_at_any_moment_of_any_trial_ends_at_rest(seed: int) -> None:
    chance = random.Random(seed)
    phase = chance.choice([TrialPhase.BEGAN, TrialPhase.MOVING, TrialPhase.READ_NOW, TrialPhase.LINK_LET_GO])
    hands = Hands(phase, chance.uniform(0.0, 15.0))
    name, trial = chance.choice(list(ARCHETYPES)), chance.choice(list(Trial))
    bench = bench_of(name, seed=seed, hands=hands)
    bench.try_out(trial, QUIET)
    assert_ends_at_rest(bench)


def test_a_stop_too_many_that_starts_the_belt_is_stopped_once_and_for_all() -> None:
    bench = bench_of("start-toggles")
    record = bench.try_out(Trial.STOP_TWICE, QUIET)
    assert record.phase is TrialPhase.CUT_SHORT
    assert bench.highest_kph > 0
    assert_ends_at_rest(bench)


def test_a_belt_that_runs_away_in_a_trial_is_handed_over_with_its_speed() -> None:
    bench = bench_of("well-behaved", "runaway@9")
    record = bench.try_out(Trial.STEP_UP, QUIET)
    assert record.message.endswith("km/h (limit of a trial 2.9 km/h)")
    assert bench.highest_kph < 5.0
    assert_ends_at_rest(bench)


def test_nobody_pulls_the_key_and_the_belt_is_stopped_all_the_same() -> None:
    bench = bench_of("well-behaved", hands=Hands(deaf=True))
    record = bench.try_out(Trial.KEY_PULL, QUIET)
    assert record.message == "the belt was not stopped by hand within 30 s"
    assert_ends_at_rest(bench)


def test_a_machine_that_ignores_the_stop_is_an_alarm_and_is_stopped_by_its_key() -> None:
    bench = bench_of("ignores-stop")
    record = bench.try_out(Trial.START, QUIET)
    assert record.alarm
    assert not record.ready
    assert_ends_at_rest(bench)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("trial", [Trial.STEP_UP, Trial.DISCONNECT_WHILE_RUNNING])
def test_a_fault_in_the_middle_of_a_trial_ends_at_rest_or_in_an_alarm(fault: str, trial: Trial) -> None:
    """A machine that is out of reach and runs on is stopped by its key, which the alarm asks for."""
    bench = bench_of("well-behaved", f"{fault}@9")
    bench.try_out(trial, QUIET)
    assert_ends_at_rest(bench)
