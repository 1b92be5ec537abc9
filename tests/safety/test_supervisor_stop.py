"""Stop, by whomever, in every mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from retrotread.machine import StopBelt
from retrotread.safety.hazards import Hazard
from retrotread.safety.inputs import Input, LinkWentDown, PauseAsked, Seen, SelfFault, StopAsked, StopBy, Wanted
from retrotread.safety.modes import Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench


def latched(bench: Bench) -> Bench:
    """A bench whose run was stopped by its operator and is over."""
    bench.run_at(100)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.until(Mode.LATCHED, within_s=20)
    bench.run(3)
    return bench


def faulty(bench: Bench) -> Bench:
    """A bench after a fault inside the guardian, at standstill."""
    bench.run_at(100)
    bench.tick(SelfFault())
    bench.until(Mode.FAULT, within_s=20)
    bench.run(3)
    return bench


@pytest.mark.parametrize("ended", [latched, faulty])
def test_stop_reaches_a_belt_that_begins_to_move_after_the_stop_was_over(
    bench: Bench, ended: Callable[[Bench], Bench]
) -> None:
    asked_ms = ended(bench).at_ms
    made = bench.bare(Seen(120), StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    assert made.commands == (StopBelt(),)
    assert made.state.mode is Mode.STOPPING
    assert bench.hazards_since(asked_ms) == [Hazard.OPERATOR_STOP]


@pytest.mark.parametrize("ended", [latched, faulty])
def test_stop_means_nothing_while_a_stopped_belt_is_seen_to_stand(
    bench: Bench, ended: Callable[[Bench], Bench]
) -> None:
    mode = ended(bench).mode
    made = bench.bare(StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    assert made.commands == ()
    assert made.causes == ()
    assert made.state.mode is mode


def test_stop_after_the_end_has_no_alarm_where_there_is_no_link_any_more(bench: Bench) -> None:
    latched(bench).bare(LinkWentDown())
    bench.bare(StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    bench.reports = False
    bench.run(10)
    assert bench.mode is Mode.LATCHED


def test_stop_sends_no_old_set_point_to_a_belt_that_moves_in_a_pause(bench: Bench) -> None:
    bench.run_at(400)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=20)
    made = bench.bare(Seen(150), StopAsked(StopBy.OPERATOR), elapsed_ms=100)
    assert made.commands == (StopBelt(),)


@pytest.mark.parametrize("asked", [StopAsked(StopBy.OPERATOR), StopAsked(StopBy.PROGRAM), PauseAsked()])
def test_a_belt_that_lags_behind_its_set_point_is_not_raised_by_the_ramp_down(bench: Bench, asked: Input) -> None:
    bench.run_at(300)
    bench.rise_ckph_per_s = 20
    bench.tick(Wanted(500, 0))
    bench.run(3)
    asked_ms, measured_ckph = bench.at_ms, bench.state.belt.speed_ckph or 0
    assert bench.state.drive.sent_ckph >= measured_ckph + 30
    bench.tick(asked)
    bench.run(2)
    assert bench.speeds_since(asked_ms)[0] <= measured_ckph
