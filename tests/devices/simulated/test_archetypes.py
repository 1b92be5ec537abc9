"""The data of the archetypes: complete, argued for, and fit for the plans that they have to carry."""

from __future__ import annotations

from dataclasses import fields

import pytest

from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.machine import SpeedUnit

NOT_FIGURES = {"name", "summary", "reasons"}
every_archetype = pytest.mark.parametrize("kind", ARCHETYPES.values(), ids=ARCHETYPES)


def test_the_kinds_are_there_by_name() -> None:
    assert list(ARCHETYPES)[:3] == ["well-behaved", "slow-reporter", "ignores-stop"]
    assert len(ARCHETYPES) >= 12
    assert all(kind.name == name for name, kind in ARCHETYPES.items())


@every_archetype
def test_every_figure_has_one_reason_and_a_source(kind: Archetype) -> None:
    figures = {field.name for field in fields(kind)} - NOT_FIGURES
    assert sorted(reason.figure for reason in kind.reasons) == sorted(figures)
    assert all(len(reason.why) > 20 and reason.source for reason in kind.reasons)


@every_archetype
def test_a_figure_that_differs_from_the_well_behaved_kind_has_a_reason_of_its_own(kind: Archetype) -> None:
    usual = ARCHETYPES["well-behaved"]
    if kind is usual:
        return
    theirs = {reason.figure: reason for reason in usual.reasons}
    differing = {f.name for f in fields(kind) if getattr(kind, f.name) != getattr(usual, f.name)} - NOT_FIGURES
    argued = {reason.figure for reason in kind.reasons if reason != theirs[reason.figure]}
    assert differing == argued
    assert differing


@every_archetype
def test_the_lowest_speed_lets_the_first_level_of_the_ladder_begin(kind: Archetype) -> None:
    lowest_ckph = 100 if kind.name == "mph-speaker" else 80
    assert kind.speed_min_ckph <= lowest_ckph, "level 1 walks at 0.8 km/h"


@every_archetype
def test_the_range_of_a_console_is_a_whole_number_of_its_steps(kind: Archetype) -> None:
    assert kind.speed_min_ckph % kind.speed_increment_ckph == 0
    assert kind.speed_max_ckph % kind.speed_increment_ckph == 0


@every_archetype
def test_a_belt_rises_quicker_than_the_quickest_planned_rise(kind: Archetype) -> None:
    assert kind.rise_kph_per_s > 0.15 * 3.6, "0.15 m/s2, in km/h per s"


def test_a_profile_adds_up_what_a_qualification_would_measure() -> None:
    profile = ARCHETYPES["slow-reporter"].profile
    assert profile.lag_ms == 1500
    assert profile.report_period_ms == 1000
    assert profile.stop_reaction_ms == 1500 + 1100 + 200, "lag, one late period, and 0.1 km/h of fall at 0.5 per s"
    assert profile.slowest_fall_ckph_per_s == 50


@pytest.mark.parametrize(
    "name", ["ignores-stop", "restarts-after-stop", "jumps-back", "spiky", "zero-glitches", "target-teller"]
)
def test_a_profile_does_not_give_away_what_only_shows_in_use(name: str) -> None:
    liar, honest = ARCHETYPES[name].profile, ARCHETYPES["well-behaved"].profile
    assert liar.name != honest.name
    assert [getattr(liar, field.name) for field in fields(liar)][1:] == [
        getattr(honest, field.name) for field in fields(honest)
    ][1:]


def test_a_profile_does_not_know_that_a_machine_takes_miles_for_kilometres() -> None:
    liar, honest = ARCHETYPES["mph-speaker"].profile, ARCHETYPES["well-behaved"].profile
    assert liar.speed_unit is SpeedUnit.KPH
    assert liar.stop_reaction_ms == honest.stop_reaction_ms


def test_a_profile_knows_what_can_be_tried_out_with_nobody_on_the_belt() -> None:
    toggles, set_starts = ARCHETYPES["start-toggles"].profile, ARCHETYPES["set-starts"].profile
    assert (toggles.start_toggles, toggles.stop_repeat_ok) == (True, False)
    assert not set_starts.set_never_starts
    assert ARCHETYPES["mph-console"].profile.speed_unit is SpeedUnit.MPH
