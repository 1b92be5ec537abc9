"""The tiers are the ones that were agreed, in the units of the machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.safety.tiers import TIERS, tier_for_level

CKPH_PER_MPS = 360


@pytest.mark.parametrize(
    ("tier", "rise_mps2", "fall_mps2"),
    [
        ("frail", 0.03, 0.10),
        ("clinic", 0.03, 0.10),
        ("alone", 0.06, 0.15),
        ("novice", 0.06, 0.15),
        ("walker", 0.10, 0.20),
        ("runner", 0.15, 0.30),
        ("harness", 0.15, 0.30),
    ],
)
def test_rates_are_those_of_the_tier_and_never_above(tier: str, rise_mps2: float, fall_mps2: float) -> None:
    rise, fall = TIERS[tier].rise_ckph_per_s / CKPH_PER_MPS, TIERS[tier].fall_ckph_per_s / CKPH_PER_MPS
    assert 0.9 * rise_mps2 <= rise <= rise_mps2 + 1e-9
    assert 0.9 * fall_mps2 <= fall <= fall_mps2 + 1e-9


def test_every_rise_is_twenty_times_milder_than_what_makes_people_stumble() -> None:
    assert all(20 * tier.rise_ckph_per_s <= 3.0 * CKPH_PER_MPS for tier in TIERS.values())


@pytest.mark.parametrize(
    ("level", "key"),
    [(0, "novice"), (3, "novice"), (4, "walker"), (6, "walker"), (7, "runner"), (8, "runner"), (9, "harness")],
)
def test_a_level_of_the_ladder_has_the_lowest_tier_that_holds_it(level: int, key: str) -> None:
    assert tier_for_level(level).key == key


@pytest.mark.parametrize("level", [-1, 11])
def test_a_level_off_the_ladder_is_refused(level: int) -> None:
    with pytest.raises(KeyError, match=f"there is no ladder level {level}; levels go from 0 to 10"):
        tier_for_level(level)


def test_a_clinic_gives_the_frail_more_minutes_a_day_and_nothing_else() -> None:
    frail, clinic = TIERS["frail"], TIERS["clinic"]
    assert replace(clinic, key="frail", title=frail.title, level_max=0, backward_min_day=15) == frail
    assert (clinic.level_max, clinic.backward_min_day, clinic.running_min_day) == (3, 30, None)


def test_alone_is_in_nothing_above_the_novice_and_has_no_running() -> None:
    alone, novice = TIERS["alone"], TIERS["novice"]
    assert (alone.backward_max_ckph, alone.forward_max_ckph, alone.incline_max_dpct) == (150, 150, 0)
    assert (alone.block_max_min, alone.running_min_day) == (5, None)
    assert alone.backward_min_day <= novice.backward_min_day
    assert alone.level_max <= novice.level_max
    assert (alone.rise_ckph_per_s, alone.fall_ckph_per_s) == (novice.rise_ckph_per_s, novice.fall_ckph_per_s)
