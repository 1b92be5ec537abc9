"""R17: the link goes and comes, in every mode. A lost link that comes back serves reading and stopping alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import MachineNotice
from retrotread.safety.hazards import Action, Hazard
from retrotread.safety.inputs import LinkWentDown, PauseAsked, Said, Seen, StopAsked, StopBy
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
