"""Turns, rests, other hands and sleep by the guardian's messages: what main says, what is shown, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from retrotread.guardian.messages import ConfirmTurn, HoldDone, HostSleeping, Pause, Rest, Snapshot, Turn, TurnShown
from retrotread.machine import BeltDirection, DeviceProfile, Facing, MachineNotice, StopBelt, TargetChanged, Telemetry
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import TurnConfirm
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import Mode

FORWARD, REVERSED = BeltDirection.FORWARD, BeltDirection.REVERSED
CONSOLE, REAR = Facing.CONSOLE, Facing.REAR


def paused(bench: Any, **arming: object) -> Any:
    """A run facing the rear, paused."""
    bench.pass_s(3.0)
    bench.arm(key_tested=True, **arming)
    bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
    bench.pass_s(11.0)
    bench.say(Pause(bench.core.epoch))
    bench.pass_s(5.0)
    assert bench.is_in(Mode.PAUSED)
    return bench


def confirm(bench: Any, what: TurnConfirm, facing: Facing = CONSOLE, belt: BeltDirection = FORWARD) -> None:
    bench.say(ConfirmTurn(bench.core.epoch, what, facing, belt))


def turned(bench: Any, facing: Facing = CONSOLE, belt: BeltDirection = FORWARD) -> Any:
    """With a complete turn."""
    bench.say(Turn(bench.core.epoch, facing, belt))
    bench.pass_s(6.0)
    for what in TurnConfirm:
        confirm(bench, what, facing, belt)
    return bench


def refused(bench: Any) -> str:
    """Why the last arming was."""
    (told,) = [one for one in bench.messages[-2:] if isinstance(one, Snapshot)]
    (why,) = [one.message for one in told.causes if one.hazard is Hazard.ARM_REFUSED]
    return str(why)


def test_a_turn_is_shown_step_by_step_and_its_arming_runs_under_the_numbers_of_the_new_way(bench: Any) -> None:
    paused(bench, plan=PlanCeiling(600, 0, "there and back")).say(Turn(bench.core.epoch, CONSOLE, FORWARD))
    bench.pass_s(1.0)
    shown = bench.snapshot.turn
    assert shown is not None
    assert 0 < shown.still_s < shown.dwell_s == 5.0
    bench.pass_s(5.0)
    confirm(bench, TurnConfirm.ON_RAILS)
    needs = "turn to face the console, and confirm that you do"
    assert bench.snapshot.turn == TurnShown(CONSOLE, FORWARD, True, False, 5.0, 5.0, needs)
    confirm(bench, TurnConfirm.FACING)
    assert bench.snapshot.turn == TurnShown(CONSOLE, FORWARD, True, True, 5.0, 5.0, None)
    bench.arm(facing=CONSOLE, key_tested=True, plan=PlanCeiling(600, 0, "there and back"))
    assert (bench.core.state.mode, bench.snapshot.turn) == (Mode.ARMED, None)
    assert bench.core.config.limits.speed_ckph.value == 600, "the ceiling backward is 300 and holds no longer"


@pytest.mark.parametrize(
    ("facing", "belt"), [(REAR, FORWARD), (CONSOLE, REVERSED)], ids=["another facing", "another belt"]
)
def test_a_confirmation_that_was_meant_for_another_turn_is_dropped(
    bench: Any, facing: Facing, belt: BeltDirection
) -> None:
    paused(bench).say(Turn(bench.core.epoch, CONSOLE, FORWARD))
    bench.pass_s(6.0)
    confirm(bench, TurnConfirm.ON_RAILS, facing, belt)
    assert not bench.snapshot.turn.on_rails


def test_what_was_meant_for_an_older_connection_begins_no_turn_and_no_rest(bench: Any) -> None:
    epoch = paused(bench).core.epoch
    bench.say(Turn(epoch - 1, CONSOLE, FORWARD))
    bench.say(Rest(epoch - 1))
    assert bench.is_in(Mode.PAUSED)
    bench.say(Turn(epoch, CONSOLE, FORWARD))
    bench.pass_s(6.0)
    bench.say(ConfirmTurn(epoch - 1, TurnConfirm.ON_RAILS, CONSOLE, FORWARD))
    assert not bench.snapshot.turn.on_rails


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"facing": REAR}, "the turn leads to the console, not to the rear"),
        ({"key_tested": False}, "the safety key must be tested today"),
    ],
    ids=["another way", "no key test"],
)
def test_a_complete_turn_is_armed_for_its_own_way_with_a_tested_key(
    bench: Any, change: dict[str, object], why: str
) -> None:
    turned(paused(bench)).arm(**({"facing": CONSOLE, "key_tested": True} | change))
    assert bench.is_in(Mode.TURN)
    assert refused(bench) == why


def test_a_belt_is_armed_reversed_only_where_the_machine_is_known_to_reverse(
    bench: Any, bench_of: Callable[[DeviceProfile], Any], profile: DeviceProfile
) -> None:
    turned(paused(bench), belt=REVERSED).arm(facing=CONSOLE, belt=REVERSED, key_tested=True)
    assert bench.is_in(Mode.TURN)
    assert refused(bench) == "bench is not known to run its belt backwards"
    known = turned(paused(bench_of(replace(profile, reverses=True))), belt=REVERSED)
    known.arm(facing=CONSOLE, belt=REVERSED, key_tested=True)
    assert known.is_in(Mode.ARMED)
    assert known.core.config.limits.incline_dpct.value == 0


def test_there_and_back_no_limit_of_one_way_is_wider_than_it_was(bench: Any) -> None:
    turned(paused(bench, plan=PlanCeiling(150, 0, "slow")))
    bench.arm(facing=CONSOLE, key_tested=True, plan=PlanCeiling(600, 0, "fast"))
    bench.say(HoldDone(bench.core.epoch, bench.now_s + 0.3))
    bench.pass_s(8.0)
    bench.say(Pause(bench.core.epoch))
    bench.pass_s(5.0)
    turned(bench, facing=REAR).arm(key_tested=True, plan=PlanCeiling(300, 0, "fast"))
    assert bench.is_in(Mode.ARMED)
    assert bench.core.config.limits.speed_ckph.value == 150


def test_a_rest_is_idle_and_lasts(bench: Any) -> None:
    paused(bench).say(Rest(bench.core.epoch))
    bench.pass_s(70.0)
    assert bench.is_in(Mode.IDLE)


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan")])
def test_without_minutes_left_there_is_no_start(bench: Any, minutes: float) -> None:
    bench.pass_s(3.0)
    bench.arm(session_max_s=minutes)
    assert bench.is_in(Mode.IDLE)
    assert refused(bench) == "the belt has moved for 0.0 min in this session (limit 0.0 min)"


def test_no_session_is_longer_than_an_hour(bench: Any) -> None:
    bench.pass_s(3.0)
    bench.arm(session_max_s=1e9)
    assert bench.core.state.run.max_ms == 3_600_000


def test_a_computer_that_is_about_to_sleep_stops_the_belt(bench: Any) -> None:
    bench.run()
    bench.say(HostSleeping())
    assert bench.core.state.hazards == (Hazard.HOST_SLEEPS,)


def test_a_computer_that_has_slept_stops_the_belt_in_the_same_call(bench: Any) -> None:
    bench.run()
    outcome = bench.take(bench.core.suspended(7.5, bench.now_s))
    assert [type(ticket.command) for ticket in outcome.tickets] == [StopBelt]
    assert bench.snapshot.causes[0].message == "the computer slept for 7.5 s, and nobody watched the belt"


@pytest.mark.parametrize(
    ("target", "hazards"),
    [
        (TargetChanged(0.5), ()),
        (TargetChanged(9.0), (Hazard.FOREIGN_HIGHER,)),
        (TargetChanged(None, 9.0), (Hazard.FOREIGN_HIGHER,)),
        (TargetChanged(float("nan"), float("inf")), ()),
        (TargetChanged(-1.0, 1e9), ()),
    ],
    ids=["ours", "faster", "steeper", "no numbers", "senseless"],
)
def test_a_target_of_the_machine_reaches_the_rules_if_it_is_one(
    bench: Any, target: TargetChanged, hazards: tuple[Hazard, ...]
) -> None:
    bench.run()
    bench.take(bench.core.report(target, bench.now_s))
    assert bench.core.state.hazards == hazards


def test_another_program_in_control_is_the_alarm(bench: Any) -> None:
    bench.run()
    bench.take(bench.core.report(MachineNotice.CONTROL_LOST, bench.now_s))
    assert bench.snapshot.alarm
    assert bench.core.state.hazards == (Hazard.CONTROL_LOST,)


def test_a_deck_that_is_not_level_is_said_while_the_turn_waits_for_it(bench: Any) -> None:
    paused(bench).say(Turn(bench.core.epoch, CONSOLE, FORWARD))
    bench.pass_s(6.0)
    bench.take(bench.core.report(Telemetry(bench.now_s, 0.0, 1.5), bench.now_s))
    assert bench.snapshot.turn.needs == "the deck must be level: 1.5 % (limit 1 %)"
