"""Limits of a clinic reach the guardian with each arming, and only ever tighten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retrotread.guardian import wire
from retrotread.guardian.messages import Arm, CancelStart
from retrotread.machine import BeltDirection, Facing
from retrotread.safety.limits import Limit, Limits, PlanCeiling

WHY = "prescription 3 of Dr. A. Weber: knee, second week"
SLOW = Limits(Limit(120, WHY), Limit(10, WHY))


def limit(bench: Any, name: str) -> tuple[float, str]:
    (found,) = [one for one in bench.snapshot.limits if one.name == name]
    return (found.value, found.reason)


def test_a_prescribed_speed_holds_with_its_reason_under_that_of_the_plan(bench: Any) -> None:
    bench.arm(prescribed=SLOW)
    assert limit(bench, "speed") == (1.2, WHY)


def test_a_prescription_above_what_holds_anyway_changes_nothing(bench: Any) -> None:
    bench.arm(prescribed=Limits(Limit(900, WHY), Limit(900, WHY)))
    assert limit(bench, "speed")[0] == 3.0
    assert limit(bench, "incline")[0] == 0.0


def test_within_one_run_a_prescription_that_is_left_out_goes_on_holding(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.arm(prescribed=SLOW)
    bench.say(CancelStart())
    bench.arm()
    assert limit(bench, "speed") == (1.2, WHY)


@pytest.mark.parametrize("prescribed", [None, SLOW])
def test_an_arming_goes_over_the_wire_with_its_prescription(prescribed: Limits | None) -> None:
    arm = Arm(1, 2.0, "run", "novice", Facing.REAR, BeltDirection.FORWARD, PlanCeiling(300, 0, "x"), True)
    arm = replace(arm, prescribed=prescribed)
    assert wire.decode_to_guardian(wire.encode(arm)[4:]) == arm
