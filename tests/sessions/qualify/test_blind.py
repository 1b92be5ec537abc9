"""A machine with hidden figures is qualified blind, and what was found is held against the truth."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from retrotread.devices.simulated.archetype import KPH_PER_MPH, Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.guardian.trials import ceiling_ckph
from retrotread.machine import PhysicalStop, Qualification, SpeedUnit

Qualify = Callable[..., Any]

REFUSED = {
    "ignores-stop": "a stop over the link did not stop the belt within 4 s",
    "restarts-after-stop": "after it was stopped the belt moved again by itself",
    "jumps-back": "a start leads to the speed before the last stop, not to the lowest one",
}
SEEDS = range(16)
# What a report shows is at most one report old, and the guardian looks ten times a second.
LOOK_S = 0.25


def assert_recovered(kind: Archetype, found: Any) -> None:
    """Every figure within what can be seen of it from outside, and on the careful side of the truth."""
    # A lone wrong report hides a right one.
    reports = 2 if kind.spike_every_s or kind.zero_every_s else 1
    profile, gap_s = found.profile, reports * kind.report_period_s * (1 + 2 * kind.report_jitter)
    lag_s = kind.command_lag_s + kind.report_lag_s
    slow = min(kind.rise_kph_per_s, kind.fall_kph_per_s)
    assert profile.report_period_ms == pytest.approx(kind.report_period_s * 1000, rel=0.02, abs=11)
    assert lag_s - 0.01 <= profile.lag_ms / 1000 <= lag_s + gap_s + 0.1 / slow + LOOK_S
    reaction_s = profile.stop_reaction_ms / 1000
    assert lag_s <= reaction_s <= lag_s + 2 * gap_s + 0.1 / kind.fall_kph_per_s + LOOK_S
    true_fall = kind.fall_kph_per_s * 100
    # Where a belt is at rest between two reports, only a bound can be seen: a fall of 1 km/h and two reports around it.
    bound = 100 / (1 / kind.fall_kph_per_s + 1.2 * gap_s)
    assert min(0.9 * true_fall, bound) - 1 <= profile.slowest_fall_ckph_per_s <= true_fall + 1
    starts_s = kind.start_countdown_s + lag_s
    assert starts_s < profile.start_timeout_ms / 1000 <= 1.5 * (starts_s + gap_s + LOOK_S) + 3.2
    assert profile.stop_repeat_ok is kind.stop_repeat_ok
    assert profile.set_never_starts is kind.set_never_starts
    assert profile.start_toggles is kind.start_toggles
    assert profile.runs_on_when_link_lost is kind.runs_on_when_link_lost
    assert profile.speed_unit is kind.speed_unit
    takes_miles = kind.kph_per_set_kph == KPH_PER_MPH
    assert found.verdict.sheet.dialect.commanded_unit is (SpeedUnit.MPH if takes_miles else SpeedUnit.KPH)
    assert found.verdict.sheet.dialect.reported_unit is SpeedUnit.KPH
    assert profile.qualification is Qualification.FULL


def assert_at_rest(kind: Archetype, found: Any) -> None:
    """Judged by the true belt: at rest at the end, and never faster than a trial may be."""
    assert found.bench.treadmill.belt_speed_kph == 0.0
    assert found.bench.highest_kph <= ceiling_ckph(kind.capabilities) / 100 * 1.7 + 0.3


@pytest.mark.parametrize("name", ARCHETYPES)
def test_every_archetype_is_recovered_or_refused_for_what_it_does(name: str, qualify: Qualify) -> None:
    kind = ARCHETYPES[name]
    found = qualify(kind)
    assert_at_rest(kind, found)
    if name in REFUSED:
        assert found.verdict.sheet is None
        assert REFUSED[name] in found.verdict.refusals
    else:
        assert_recovered(kind, found)


def drawn(seed: int) -> Archetype:
    """A machine of a drawn kind with drawn figures."""
    chance = random.Random(seed)
    base = ARCHETYPES[chance.choice(sorted(set(ARCHETYPES) - set(REFUSED)))]
    return replace(
        base,
        command_lag_s=round(chance.uniform(0.1, 1.2), 2),
        report_lag_s=round(chance.uniform(0.0, 0.8), 2),
        rise_kph_per_s=round(chance.uniform(0.4, 1.5), 2),
        fall_kph_per_s=round(chance.uniform(0.4, 1.5), 2),
        report_period_s=chance.choice((0.2, 0.25, 0.4, 0.5, 1.0)),
        report_jitter=chance.choice((0.0, 0.05, 0.1)),
        start_countdown_s=round(chance.uniform(0.5, 8.0), 1),
        answer_after_s=chance.choice((0.0, 0.05, 0.3)),
        stop_repeat_ok=chance.random() < 0.5,
        set_never_starts=chance.random() < 0.5,
        start_toggles=chance.random() < 0.5,
        runs_on_when_link_lost=chance.random() < 0.5,
        speed_unit=chance.choice(tuple(SpeedUnit)),
        kph_per_set_kph=chance.choice((1.0, KPH_PER_MPH)),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_drawn_figures_are_recovered(seed: int, qualify: Qualify) -> None:
    kind = drawn(seed)
    found = qualify(kind, seed=seed)
    assert_at_rest(kind, found)
    assert_recovered(kind, found)


def test_wild_reports_and_lone_zeros_are_counted(qualify: Qualify) -> None:
    assert any("wild reports" in remark for remark in qualify(ARCHETYPES["spiky"]).verdict.remarks)
    assert any("lone zero" in remark for remark in qualify(ARCHETYPES["zero-glitches"]).verdict.remarks)
    assert qualify(ARCHETYPES["well-behaved"]).verdict.remarks == ()


def test_the_quick_one_promises_nothing_that_it_has_not_seen(qualify: Qualify) -> None:
    found = qualify(ARCHETYPES["well-behaved"], Qualification.QUICK)
    profile = found.profile
    assert profile.qualification is Qualification.QUICK
    assert not profile.stop_repeat_ok
    assert not profile.set_never_starts
    assert (profile.stop_reaction_ms, profile.slowest_fall_ckph_per_s) == (2000, 50)
    assert found.bench.now_s < 120 + 30


def test_a_machine_that_takes_miles_is_sealed_with_its_range_in_kilometres(qualify: Qualify) -> None:
    capabilities = qualify(ARCHETYPES["mph-speaker"], Qualification.QUICK).profile.capabilities
    assert (capabilities.speed_min_ckph, capabilities.speed_max_ckph) == (161, 1609)


def test_without_a_key_or_button_the_rest_is_found_out_and_only_the_quick_one_is_reached(qualify: Qualify) -> None:
    kind = replace(ARCHETYPES["well-behaved"], physical_stop=PhysicalStop.NONE)
    found = qualify(kind)
    assert found.profile.qualification is Qualification.QUICK
    assert found.verdict.missing == ("not found out: what stops the belt without software",)
