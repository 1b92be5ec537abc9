"""R17: the link goes and comes, in every mode. A lost link that comes back serves reading and stopping alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import MachineNotice, StopBelt
from retrotread.safety.hazards import Action, Hazard
from retrotread.safety.inputs import (
    ArmAsked,
    HoldCompleted,
    LinkCameUp,
    LinkWentDown,
    PauseAsked,
    Said,
    Seen,
    StopAsked,
    StopBy,
    Wanted,
)
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench


def paused(bench: Bench) -> Bench:
    """A bench whose run is paused, the belt at rest."""
    bench.run_at(200)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    return bench


# --- at rest -----------------------------------------------------------------------------------------------------


def test_a_link_lost_in_a_pause_latches_and_says_so(bench: Bench) -> None:
    made = paused(bench).bare(LinkWentDown())
    assert made.state.mode is Mode.LATCHED
    assert made.state.hazards == (Hazard.LINK_DOWN,)
    assert [cause.message for cause in made.causes] == [
        "the link to the treadmill was lost in the pause; the belt was last seen still"
    ]
    assert made.commands == ()


def idle(bench: Bench) -> Bench:
    """A bench with a link and a belt at rest."""
    bench.link()
    return bench


def armed(bench: Bench) -> Bench:
    """A bench on which a start is prepared."""
    bench.link()
    bench.arm()
    return bench


def counting_down(bench: Bench) -> Bench:
    """A bench in the countdown."""
    bench.link()
    bench.count_down()
    return bench


def latched(bench: Bench) -> Bench:
    """A bench after a stop, at rest."""
    bench.run_at(100)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=20)
    return bench


AT_REST = (idle, armed, counting_down, paused, latched)
every_rest = pytest.mark.parametrize("rest", AT_REST)


@every_rest
def test_a_link_lost_just_after_a_resting_belt_was_seen_moving_is_an_alarm(
    bench: Bench, rest: Callable[[Bench], Bench]
) -> None:
    made = rest(bench).bare(Seen(100), LinkWentDown(), elapsed_ms=100)
    assert made.state.mode is Mode.ESCALATED
    assert Hazard.LINK_DOWN in made.state.hazards


@pytest.mark.parametrize("rest", [idle, armed, counting_down])
def test_a_link_lost_just_after_somebody_else_started_the_belt_is_an_alarm(
    bench: Bench, rest: Callable[[Bench], Bench]
) -> None:
    made = rest(bench).bare(Said(MachineNotice.STARTED_AT_CONSOLE), LinkWentDown(), elapsed_ms=100)
    assert made.state.mode is Mode.ESCALATED
    assert made.state.hazards == (Hazard.STARTED_AT_CONSOLE, Hazard.LINK_DOWN)


@pytest.mark.parametrize("rest", [idle, armed, counting_down])
def test_a_link_lost_before_the_start_ends_in_disconnected_without_an_alarm(
    bench: Bench, rest: Callable[[Bench], Bench]
) -> None:
    made = rest(bench).bare(LinkWentDown(), elapsed_ms=100)
    assert made.state.mode is Mode.DISCONNECTED
    assert made.action < Action.FREEZE_RISES
    assert made.commands == ()


# --- in motion ---------------------------------------------------------------------------------------------------


def test_a_link_lost_while_the_belt_runs_is_an_alarm_at_once(bench: Bench) -> None:
    bench.run_at(200)
    made = bench.bare(LinkWentDown())
    assert made.state.mode is Mode.ESCALATED
    assert made.action is Action.ESCALATE


def test_a_link_that_comes_back_to_a_running_belt_brings_a_stop_and_nothing_else(bench: Bench) -> None:
    bench.run_at(300)
    bench.tick(LinkWentDown())
    bench.reports, bench.obeys = False, False
    bench.run(3)
    bench.reports, bench.obeys = True, True
    back_ms = bench.at_ms
    bench.tick(LinkCameUp(), Wanted(300, 0), HoldCompleted(), ArmAsked())
    assert bench.stops_since(back_ms) == [bench.at_ms]
    bench.run(30)
    assert {type(command) for _, command in bench.commands_since(back_ms)} == {StopBelt}
    assert bench.mode is Mode.ESCALATED


def linked_again(toggle: Bench, speed_ckph: int) -> int:
    """The link was lost at 2 km/h and is back 3 s later; ``speed_ckph`` is what the belt then has. The moment."""
    toggle.run_at(200)
    toggle.tick(LinkWentDown())
    toggle.reports, toggle.obeys = False, False
    toggle.run(3)
    toggle.reports, toggle.obeys = True, True
    toggle.speed_ckph = toggle.target_ckph = speed_ckph
    back_ms = toggle.at_ms
    toggle.bare(LinkCameUp())
    return back_ms


def test_a_toggle_machine_that_stopped_when_its_link_was_lost_is_not_told_to_stop(toggle: Bench) -> None:
    back_ms = linked_again(toggle, 0)
    toggle.run(10)
    assert toggle.commands_since(back_ms) == []
    assert toggle.clear() is Mode.IDLE


def test_a_toggle_machine_that_ran_on_without_its_link_is_stopped_on_its_first_report(toggle: Bench) -> None:
    back_ms = linked_again(toggle, 200)
    toggle.run(10)
    assert len(toggle.stops_since(back_ms)) == 1
    assert toggle.stops_since(back_ms)[0] - back_ms <= 300


def test_a_toggle_machine_that_took_the_stop_is_not_told_again_after_a_new_link(toggle: Bench) -> None:
    toggle.run_at(100)
    toggle.tick(StopAsked(StopBy.OPERATOR))
    toggle.run(0.2)
    toggle.fall_ckph_per_s = 10
    gone_ms = toggle.at_ms
    toggle.bare(LinkWentDown())
    toggle.bare(LinkCameUp(), elapsed_ms=100)
    toggle.run(15)
    assert toggle.stops_since(gone_ms) == []
    assert toggle.speed_ckph == 0
