"""Limits only tighten, and know why they stand where they stand."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotread.machine import BeltDirection, Capabilities, DeviceProfile, Facing
from retrotread.safety.limits import Limit, Limits, PlanCeiling, limits_for
from retrotread.safety.tiers import TIERS

FAST = DeviceProfile("Fast", Capabilities(50, 2500, 10, incline_max_dpct=400), report_period_ms=250)
PLAN = PlanCeiling(3000, 500, "Everything")


def speed_limit(profile: DeviceProfile, tier: str, plan: PlanCeiling, facing: Facing) -> tuple[int, str]:
    limit = limits_for(profile, TIERS[tier], plan, facing).speed_ckph
    return limit.value, limit.reason


def incline_limit(profile: DeviceProfile, tier: str, plan: PlanCeiling) -> tuple[int, str]:
    limit = limits_for(profile, TIERS[tier], plan, Facing.REAR).incline_dpct
    return limit.value, limit.reason


# --- one limit ---------------------------------------------------------------------------------------------------


def test_a_lower_value_brings_its_reason_along() -> None:
    assert Limit(500, "the machine").tighten(300, "the tier") == Limit(300, "the tier")


@pytest.mark.parametrize("value", [500, 501, 10_000])
def test_a_wider_or_equal_value_is_not_taken_and_the_older_reason_stays(value: int) -> None:
    assert Limit(500, "the machine").tighten(value, "somebody's wish") == Limit(500, "the machine")


def test_a_limit_cannot_be_written_to() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Limit(500, "the machine").value = 900  # type: ignore[misc]


@given(st.lists(st.integers(0, 3000), min_size=1))
def test_however_many_limits_come_the_lowest_holds(values: list[int]) -> None:
    limit = Limit(3000, "the first")
    for value in values:
        tighter = limit.tighten(value, f"{value} it is")
        assert tighter.value <= limit.value
        limit = tighter
    assert limit.value == min(values)
    assert limit.reason in ("the first", f"{limit.value} it is")


def test_both_ceilings_of_an_arming_tighten_each_on_its_own() -> None:
    first = Limits(Limit(500, "speed of the first"), Limit(50, "incline of the first"))
    second = Limits(Limit(600, "speed of the second"), Limit(0, "incline of the second"))
    assert first.tighten(second) == Limits(Limit(500, "speed of the first"), Limit(0, "incline of the second"))


# --- where they come from ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "backward_ckph", "forward_ckph", "incline_dpct"),
    [
        ("frail", 150, 300, 0),
        ("clinic", 150, 300, 0),
        ("alone", 150, 150, 0),
        ("novice", 300, 600, 0),
        ("walker", 560, 800, 100),
        ("runner", 800, 1200, 50),
        ("harness", 1000, 1400, 50),
    ],
)
def test_each_tier_holds_its_ceilings(tier: str, backward_ckph: int, forward_ckph: int, incline_dpct: int) -> None:
    title = TIERS[tier].title
    assert speed_limit(FAST, tier, PLAN, Facing.REAR) == (backward_ckph, f"tier {title}, backward")
    assert speed_limit(FAST, tier, PLAN, Facing.CONSOLE) == (forward_ckph, f"tier {title}, forward")
    assert incline_limit(FAST, tier, PLAN) == (incline_dpct, f"tier {title}")


def test_the_machine_holds_what_the_tier_would_allow() -> None:
    slow = DeviceProfile("Slow", Capabilities(50, 240, 10, incline_max_dpct=30), report_period_ms=250)
    assert speed_limit(slow, "walker", PLAN, Facing.REAR) == (240, "the highest speed of Slow")
    assert incline_limit(slow, "walker", PLAN) == (30, "the highest incline of Slow")


def test_the_plan_holds_what_machine_and_tier_would_allow() -> None:
    gentle = PlanCeiling(120, 20, "Gentle")
    assert speed_limit(FAST, "walker", gentle, Facing.REAR) == (120, "the highest speed of the plan Gentle")
    assert incline_limit(FAST, "walker", gentle) == (20, "the highest incline of the plan Gentle")


@pytest.mark.parametrize(
    ("facing", "ckph", "reason"),
    [
        (Facing.REAR, 1200, "the program's own ceiling backward"),
        (Facing.CONSOLE, 1600, "the program's own ceiling forward"),
    ],
)
def test_no_tier_passes_the_program_s_own_ceilings(facing: Facing, ckph: int, reason: str) -> None:
    reckless = dataclasses.replace(
        TIERS["harness"], backward_max_ckph=9999, forward_max_ckph=9999, incline_max_dpct=999
    )
    limits = limits_for(FAST, reckless, PlanCeiling(9999, 999, "Reckless"), facing)
    assert limits.speed_ckph == Limit(ckph, reason)
    assert limits.incline_dpct == Limit(150, "the program's own ceiling")


@pytest.mark.parametrize("period_ms", [1000, 2000])
def test_a_machine_that_reports_once_a_second_has_a_walking_ceiling_backwards(period_ms: int) -> None:
    slow = dataclasses.replace(FAST, report_period_ms=period_ms)
    ckph, reason = speed_limit(slow, "walker", PLAN, Facing.REAR)
    assert ckph == 400
    assert reason == f"Fast reports only {1000 / period_ms:.1f} times a second"
    assert speed_limit(slow, "walker", PLAN, Facing.CONSOLE)[0] == 800


def test_a_reversed_belt_has_a_flat_deck_and_turns_the_gait_round() -> None:
    limits = limits_for(FAST, TIERS["walker"], PLAN, Facing.CONSOLE, BeltDirection.REVERSED)
    assert limits.incline_dpct == Limit(0, "a raised deck is downhill on a reversed belt")
    assert limits.speed_ckph == Limit(560, "tier experienced walker, backward")
