"""What holds for every archetype, fault, command and moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.devices.simulated.answers import Pending
from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import FAULTS, TimedFault
from retrotread.devices.simulated.reports import SPIKE_KPH
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.devices.simulated.works import RUNAWAY_KPH, RUNAWAY_KPH_PER_S
from retrotread.machine import (
    Command,
    CommandOutcome,
    LinkLost,
    Report,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
)

HANDS = ("press_console_start", "press_console_stop", "pull_safety_key", "insert_safety_key")
STARTS_AT_S = 700.0
FASTEST_KPH = 20.0
"""No simulated belt is faster: the highest speed of a kind, or of one that takes it for miles."""


@dataclass(frozen=True)
class Act:
    """After ``pause_s``, a command or a hand on the machine."""

    pause_s: float
    what: Command | str


commands: st.SearchStrategy[Command] = st.one_of(
    st.just(StartBelt()),
    st.just(StopBelt()),
    st.builds(SetSpeed, st.integers(-100, 3000)),
    st.builds(SetIncline, st.integers(-50, 200)),
)
acts = st.lists(
    st.builds(Act, st.floats(0, 20), st.one_of(commands, commands, commands, st.sampled_from(HANDS))),
    max_size=14,
)
faults = st.lists(st.builds(TimedFault, st.sampled_from(list(FAULTS)), st.floats(0, 150)), max_size=3).map(tuple)
kinds = st.sampled_from(list(ARCHETYPES))


def _do(machine: SimulatedTreadmill, what: Command | str, now_s: float) -> CommandOutcome | Pending | None:
    if isinstance(what, str):
        getattr(machine, what)(now_s)
        return None
    return machine.perform(what, now_s)


def _moments(pauses: Iterable[float]) -> list[float]:
    moments, now_s = [], STARTS_AT_S
    for pause_s in pauses:
        now_s += pause_s
        moments.append(now_s)
    return moments


def _run(machine: SimulatedTreadmill, story: list[Act], looks: list[float]) -> tuple[list[object], list[Report]]:
    """Play a story with extra calls of ``advance`` at ``looks``; the answers and the reports."""
    moments = _moments(act.pause_s for act in story)
    plan = sorted([*((moment_s, 1, n) for n, moment_s in enumerate(moments)), *((look_s, 0, 0) for look_s in looks)])
    answers: list[object] = []
    reports: list[Report] = []
    for moment_s, is_act, number in plan:
        if is_act:
            answers.append(_do(machine, story[number].what, moment_s))
        else:
            reports += machine.advance(moment_s)
    last_s = max([STARTS_AT_S, *moments, *looks]) + 40.0
    reports += machine.advance(last_s)
    answers += machine.answers(last_s)
    return answers, reports


@given(name=kinds, timed=faults, story=acts, seed=st.integers(0, 99), looks=st.lists(st.floats(0, 300), max_size=12))
def test_it_makes_no_difference_how_often_the_treadmill_is_looked_at(
    name: str, timed: tuple[TimedFault, ...], story: list[Act], seed: int, looks: list[float]
) -> None:
    last_s = max([STARTS_AT_S, *_moments(act.pause_s for act in story)]) + 340.0
    seldom, often = (SimulatedTreadmill(ARCHETYPES[name], timed, seed, STARTS_AT_S) for _ in range(2))
    few = _run(seldom, story, [last_s])
    many = _run(often, story, [*(STARTS_AT_S + look_s for look_s in looks), last_s])
    assert few == many
    assert seldom.belt_travel_m == often.belt_travel_m
    assert seldom.belt_speed_kph == often.belt_speed_kph


@given(name=kinds, timed=faults, story=acts, seed=st.integers(0, 99), step_s=st.floats(0.05, 3))
def test_belt_deck_and_reports_stay_within_what_the_machine_can_do(
    name: str, timed: tuple[TimedFault, ...], story: list[Act], seed: int, step_s: float
) -> None:
    kind = ARCHETYPES[name]
    machine = SimulatedTreadmill(kind, timed, seed, STARTS_AT_S)
    quickest = max(kind.rise_kph_per_s, kind.fall_kph_per_s, kind.coast_kph_per_s, RUNAWAY_KPH_PER_S)
    fastest_kph = max(kind.speed_max_ckph / 100 * kind.kph_per_set_kph, RUNAWAY_KPH)
    pending = [(moment_s, act.what) for moment_s, act in zip(_moments(a.pause_s for a in story), story, strict=True)]
    last_due_s, now_s, speed_kph, travel_m = STARTS_AT_S, STARTS_AT_S, 0.0, 0.0
    for _ in range(120):
        due_s = now_s + step_s
        while pending and pending[0][0] <= due_s:
            moment_s, what = pending.pop(0)
            _do(machine, what, moment_s)
        for report in machine.advance(due_s):
            if isinstance(report, Telemetry):
                assert last_due_s <= report.measured_at_s <= due_s
                last_due_s = report.measured_at_s
                assert report.speed_kph is not None
                assert 0 <= report.speed_kph <= fastest_kph + SPIKE_KPH + 0.01
        assert 0 <= machine.belt_speed_kph <= fastest_kph
        assert 0 <= machine.deck_incline_percent <= kind.incline_max_dpct / 10
        assert abs(machine.belt_speed_kph - speed_kph) <= quickest * step_s + 1e-9, "no belt jumps"
        assert machine.belt_travel_m >= travel_m
        now_s, speed_kph, travel_m = due_s, machine.belt_speed_kph, machine.belt_travel_m


@given(name=kinds, story=acts, pulled_after_s=st.floats(0, 60))
def test_a_pulled_key_always_brings_the_belt_to_rest(name: str, story: list[Act], pulled_after_s: float) -> None:
    kind = ARCHETYPES[name]
    machine = SimulatedTreadmill(kind, starts_at_s=STARTS_AT_S)
    kept_in = [act for act in story if act.what != "pull_safety_key"]
    _run(machine, kept_in, [])
    pulled_s = max([STARTS_AT_S, *_moments(act.pause_s for act in kept_in)]) + 40.0 + pulled_after_s
    machine.pull_safety_key(pulled_s)
    machine.perform(StartBelt(), pulled_s + 1)
    machine.advance(pulled_s + FASTEST_KPH / kind.coast_kph_per_s + 0.001)
    assert machine.belt_speed_kph == 0


@given(name=kinds, timed=faults, dropped_at_s=st.floats(0, 100), story=acts)
def test_nothing_follows_a_lost_link(
    name: str, timed: tuple[TimedFault, ...], dropped_at_s: float, story: list[Act]
) -> None:
    machine = SimulatedTreadmill(ARCHETYPES[name], timed, starts_at_s=STARTS_AT_S)
    machine.drop_link(STARTS_AT_S + dropped_at_s)
    assert isinstance(machine.advance(STARTS_AT_S + dropped_at_s)[-1], LinkLost)
    for moment_s, act in zip(_moments(act.pause_s for act in story), story, strict=True):
        _do(machine, act.what, moment_s + dropped_at_s)
        assert machine.advance(moment_s + dropped_at_s) == ()
    assert machine.advance(STARTS_AT_S + 1000.0) == ()
    assert machine.next_report_due_s is None


@pytest.mark.parametrize("kind", ARCHETYPES.values(), ids=ARCHETYPES)
def test_the_counters_are_the_truth_rounded_down(kind: Archetype) -> None:
    machine = SimulatedTreadmill(kind)
    machine.perform(StartBelt(), 0.0)
    for second in range(1, 120):
        for report in machine.advance(second + 0.999):
            assert isinstance(report, Telemetry)
            assert report.distance_m is not None
            assert report.distance_m <= machine.belt_travel_m
            assert report.distance_m == int(report.distance_m)
            assert machine.belt_travel_m - report.distance_m < 2.0, "a metre of rounding and a late look"
