"""The last look at a command: what must never reach a belt raises, whoever asked for it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

import pytest

from retrotread.guardian.gate import Gate
from retrotread.machine import (
    BeltDirection,
    Capabilities,
    Command,
    DeviceProfile,
    Facing,
    SetIncline,
    SetSpeed,
    StartBelt,
    StopBelt,
)
from retrotread.safety.config import Config
from retrotread.safety.limits import PlanCeiling, limits_for
from retrotread.safety.tiers import NOVICE

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
ONE_WAY = DeviceProfile("one way", Capabilities(50, 1600, 10))
BOTH_WAYS = replace(ONE_WAY, name="both ways", reverses=True)
PERHAPS = replace(ONE_WAY, name="perhaps both ways", may_reverse=True)


def armed(profile: DeviceProfile, belt: BeltDirection) -> Config:
    limits = limits_for(profile, NOVICE, PlanCeiling(300, 0, "plan"), Facing.CONSOLE, belt)
    return Config.of(profile, NOVICE, limits, Facing.CONSOLE, belt)


@pytest.mark.parametrize(
    ("profile", "belt", "command"),
    [
        (ONE_WAY, REVERSED, StartBelt(belt=REVERSED)),
        (BOTH_WAYS, FORWARD, StartBelt(belt=REVERSED)),
        (BOTH_WAYS, REVERSED, StartBelt(belt=FORWARD)),
        (ONE_WAY, FORWARD, StartBelt(regardless=True)),
        (PERHAPS, REVERSED, StartBelt(belt=REVERSED)),
        (PERHAPS, REVERSED, StartBelt(regardless=True, belt=REVERSED)),
        (ONE_WAY, FORWARD, SetSpeed(100, regardless=True)),
    ],
)
def test_what_must_never_reach_a_belt_raises(profile: DeviceProfile, belt: BeltDirection, command: Command) -> None:
    with pytest.raises(AssertionError):
        Gate().admit(armed(profile, belt), command, epoch=1, now_s=0.0)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (SetSpeed(310), "above its ceiling"),
        (SetSpeed(40), "off the machine"),
        (SetSpeed(1610), "off the machine"),
        (SetSpeed(cast("int", 100.0)), "no whole number"),
        (SetSpeed(cast("int", math.nan)), "no whole number"),
        (SetIncline(5), "above its ceiling"),
        (SetIncline(-5), "above its ceiling"),
        (SetIncline(cast("int", 0.5)), "no whole number"),
    ],
)
def test_a_number_that_must_never_reach_a_belt_raises(command: Command, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        Gate().admit(armed(ONE_WAY, FORWARD), command, epoch=1, now_s=0.0)


def test_a_second_motion_command_in_flight_raises_and_a_stop_passes() -> None:
    gate, config = Gate(), armed(ONE_WAY, FORWARD)
    gate.admit(config, SetSpeed(100), epoch=1, now_s=0.0)
    with pytest.raises(AssertionError, match="two motion commands in flight"):
        gate.admit(config, SetIncline(0), epoch=1, now_s=0.1)
    assert gate.admit(config, StopBelt(), epoch=1, now_s=0.1).command == StopBelt()


@pytest.mark.parametrize(("profile", "belt"), [(ONE_WAY, FORWARD), (BOTH_WAYS, FORWARD), (BOTH_WAYS, REVERSED)])
def test_a_start_the_way_that_is_armed_passes(profile: DeviceProfile, belt: BeltDirection) -> None:
    ticket = Gate().admit(armed(profile, belt), StartBelt(belt=belt), epoch=1, now_s=0.0)
    assert ticket.command == StartBelt(belt=belt)


def test_a_trial_with_nobody_on_the_belt_may_mind_no_state_and_keeps_its_ceiling() -> None:
    gate, config = Gate(), armed(ONE_WAY, FORWARD)
    assert gate.admit(config, SetSpeed(100, regardless=True), 1, 0.0, trial=True).command == SetSpeed(100, True)
    with pytest.raises(AssertionError, match="above its ceiling"):
        Gate().admit(config, SetSpeed(310, regardless=True), 1, 0.0, trial=True)


def test_a_trial_alone_starts_a_belt_backwards_that_only_may_reverse() -> None:
    start = StartBelt(regardless=True, belt=REVERSED)
    assert Gate().admit(armed(PERHAPS, REVERSED), start, 1, 0.0, trial=True).command == start
    for profile, command in ((ONE_WAY, start), (PERHAPS, StartBelt(belt=REVERSED))):
        with pytest.raises(AssertionError, match="not known to reverse"):
            Gate().admit(armed(profile, REVERSED), command, 1, 0.0, trial=True)
