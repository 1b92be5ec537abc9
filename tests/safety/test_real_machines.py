"""What a machine must be before a person is moved by it: each refusal names what is missing and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotread.machine import (
    BeltDirection,
    Capabilities,
    DeviceProfile,
    Facing,
    PhysicalStop,
    Qualification,
)
from retrotread.safety.limits import PlanCeiling, limits_for
from retrotread.safety.real_machines import nobody_on_belt, not_armed
from retrotread.safety.tiers import TIERS

REAL = DeviceProfile(
    "Belt 3000",
    Capabilities(80, 1600, 10),
    report_period_ms=250,
    physical_stop=PhysicalStop.KEY,
    rails=True,
    qualification=Qualification.FULL,
)
SIMULATED = replace(REAL, simulated=True)


def refusal(
    profile: DeviceProfile, tier: str = "novice", facing: Facing = Facing.REAR, belt_empty: bool = True
) -> str | None:
    return not_armed(profile, tier, facing, BeltDirection.FORWARD, belt_empty)


def test_a_qualified_machine_and_a_simulated_one_are_armed_with_somebody_on_them() -> None:
    assert refusal(REAL, belt_empty=False) is None
    assert refusal(SIMULATED, belt_empty=False) is None


def test_nobody_may_be_on_the_belt_of_a_machine_that_was_not_qualified() -> None:
    """Asked by itself, beside the refusal to drive it at all."""
    untried = replace(REAL, qualification=Qualification.NONE)
    assert nobody_on_belt(untried) == (
        "Belt 3000 is driven only with nobody on the belt, because it has not been qualified on this computer"
    )
    assert nobody_on_belt(replace(REAL, qualification=Qualification.QUICK)) is None
    assert nobody_on_belt(replace(untried, simulated=True)) is None


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("facing", Facing)
@pytest.mark.parametrize("belt", BeltDirection)
def test_no_belt_that_was_not_qualified_is_armed_with_somebody_on_it_in_any_tier_or_way(
    tier: str, facing: Facing, belt: BeltDirection
) -> None:
    untried = replace(REAL, qualification=Qualification.NONE, reverses=True)
    assert not_armed(untried, tier, facing, belt, belt_empty=False) is not None


def test_an_experiment_is_armed_with_nobody_on_it_alone() -> None:
    experiment = replace(REAL, experimental=True)
    told = refusal(experiment, belt_empty=False)
    assert told is not None
    assert "nobody on the belt, because its driver is an experiment" in told
    assert "step off" in told
    assert refusal(experiment) is None


@pytest.mark.parametrize("facing", Facing)
def test_nobody_is_moved_either_way_by_a_machine_that_only_software_stops(facing: Facing) -> None:
    told = refusal(replace(REAL, physical_stop=PhysicalStop.NONE), facing=facing, belt_empty=False)
    assert told is not None
    assert "not known to have a safety key or stop button in reach" in told
    assert "coach://" in told


def test_forward_and_empty_it_may_run() -> None:
    no_stop = replace(REAL, physical_stop=PhysicalStop.NONE)
    assert refusal(no_stop, facing=Facing.CONSOLE) is None
    assert refusal(replace(no_stop, simulated=True), facing=Facing.CONSOLE, belt_empty=False) is None
    assert refusal(replace(REAL, rails=False), facing=Facing.CONSOLE, belt_empty=False) is None


@pytest.mark.parametrize("tier", TIERS)
def test_a_machine_that_nobody_has_tried_is_only_read(tier: str) -> None:
    told = refusal(replace(REAL, qualification=Qualification.NONE), tier)
    assert told is not None
    assert "only read" in told
    assert "retrotread treadmills qualify" in told
    assert "coach://" in told


@pytest.mark.parametrize("tier", TIERS)
def test_the_quick_qualification_is_good_for_the_slow_tiers_alone(tier: str) -> None:
    told = refusal(replace(REAL, qualification=Qualification.QUICK), tier)
    if tier in {"frail", "clinic", "alone", "novice"}:
        assert told is None
    else:
        assert told is not None
        assert f"not for {tier}" in told
    assert refusal(REAL, tier) is None


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        (replace(SIMULATED, physical_stop=PhysicalStop.NONE), "have a safety key or stop button in reach, so"),
        (replace(SIMULATED, rails=False), "have rails to hold and to stand on, so"),
        (
            replace(SIMULATED, physical_stop=PhysicalStop.NONE, rails=False),
            "a safety key or stop button in reach and rails to hold",
        ),
    ],
)
def test_without_a_stop_in_reach_or_rails_there_is_no_way_backward(changed: DeviceProfile, missing: str) -> None:
    """A rehearsal on a simulated machine is refused as the real run would be; forward nobody is."""
    told = refusal(changed)
    assert told is not None
    assert missing in told
    assert refusal(changed, facing=Facing.CONSOLE) is None


def test_a_reversed_belt_under_somebody_who_faces_the_console_is_backward_too() -> None:
    bare = replace(SIMULATED, rails=False)
    assert not_armed(bare, "novice", Facing.CONSOLE, BeltDirection.REVERSED, True) is not None
    assert not_armed(bare, "novice", Facing.REAR, BeltDirection.REVERSED, True) is None


def test_a_button_in_reach_is_as_good_as_a_key() -> None:
    assert refusal(replace(REAL, physical_stop=PhysicalStop.BUTTON)) is None


def test_the_limits_know_nothing_of_all_that() -> None:
    untried = replace(REAL, qualification=Qualification.NONE, physical_stop=PhysicalStop.NONE, rails=False)
    plan = PlanCeiling(300, 0, "test")
    assert limits_for(untried, TIERS["novice"], plan, Facing.REAR) == limits_for(
        SIMULATED, TIERS["novice"], plan, Facing.REAR
    )
