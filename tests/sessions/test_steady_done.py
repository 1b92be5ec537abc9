"""The parts of a run that were gone at one speed, and the oxygen uptake that is shown of them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from retrotread.devices.simulated.archetypes import WELL_BEHAVED
from retrotread.machine import BeltDirection, Facing, Setpoint
from retrotread.sessions.conductor import Conductor, RunPlan
from retrotread.sessions.prepare import Asked, laid_out, written_as
from retrotread.sessions.steady_done import PARTS_KEPT, SteadyDone, motion_in, uptake_of
from retrotread.training.estimates.motion import Motion
from retrotread.workouts.steps import Step, StepKind

WALK = Motion(3.0, 0.0, Facing.REAR, BeltDirection.FORWARD, running=False, steady_s=0.0)


def gone(done: SteadyDone, motion: Motion, seconds: int) -> SteadyDone:
    """A look a second at somebody who moves like this."""
    for _ in range(seconds):
        done = done.seen(motion, 1.0)
    return done


def lengths(done: SteadyDone) -> list[tuple[float, float]]:
    return [(part.speed_kph, part.steady_s) for part in done.ended()]


def test_a_part_lasts_as_long_as_the_speed_stays_and_counts_from_two_minutes() -> None:
    assert lengths(gone(SteadyDone(), WALK, 120)) == [], "the first look has no time before it"
    assert lengths(gone(SteadyDone(), WALK, 121)) == [(3.0, 120.0)]
    other = replace(WALK, speed_kph=4.0)
    assert lengths(gone(gone(gone(SteadyDone(), WALK, 200), other, 100), WALK, 300)) == [(3.0, 199.0), (3.0, 299.0)]


def test_a_belt_that_wanders_a_little_runs_at_one_speed() -> None:
    assert lengths(gone(gone(SteadyDone(), WALK, 150), replace(WALK, speed_kph=3.15), 50)) == [(3.0, 199.0)]
    assert lengths(gone(gone(SteadyDone(), WALK, 150), replace(WALK, speed_kph=3.16), 50)) == [(3.0, 149.0)]


@pytest.mark.parametrize(
    "change",
    [
        {"incline_percent": 0.6},
        {"facing": Facing.CONSOLE},
        {"belt": BeltDirection.REVERSED},
        {"running": True},
        {"handrail": True},
    ],
    ids=str,
)
def test_another_way_or_another_slope_is_another_part(change: dict[str, Any]) -> None:
    done = gone(gone(SteadyDone(), WALK, 60), replace(WALK, **change), 62)
    assert lengths(done) == []


@pytest.mark.parametrize("since_s", [3.1, -1.0, float("nan")])
def test_over_a_gap_nobody_knows_what_the_belt_did(since_s: float) -> None:
    done = gone(SteadyDone(), WALK, 100).seen(WALK, since_s)
    assert lengths(gone(done, WALK, 100)) == []
    assert lengths(gone(done, WALK, 120)) == [(3.0, 120.0)]


def test_no_run_keeps_more_parts_than_it_may() -> None:
    done, other = SteadyDone(), replace(WALK, speed_kph=4.0)
    for at in range(PARTS_KEPT + 5):
        done = gone(done, WALK if at % 2 else other, 3 if at < 4 else 1)
        done = replace(done, now=replace(done.now, steady_s=130.0)) if done.now is not None else done
    assert len(done.ended()) == PARTS_KEPT


def test_the_uptake_of_ten_minutes_backward_at_3_kph() -> None:
    """8.10 to 11.88 ml/kg/min over 3.5 are 2.31 to 3.39 times that of rest."""
    uptake = uptake_of(gone(SteadyDone(), WALK, 601))
    assert uptake is not None
    assert (round(uptake.mets.low, 2), round(uptake.mets.high, 2)) == (2.31, 3.39)
    assert (uptake.estimated_s, uptake.formulas) == (600.0, ("acsm-walk v1", "backward-walk v1"))


@pytest.mark.parametrize(("kind", "kph", "runs"), [("walk", 5.8, False), ("walk", 6.0, True), ("run", 5.5, True)])
def test_who_goes_backward_as_fast_as_people_run_is_taken_to_run(kind: str, kph: float, runs: bool) -> None:
    step = Step(0, StepKind(kind), kind, 0.0, 60.0, 0.0, Setpoint(kph), Setpoint(kph), None)
    snapshot: Any = SimpleNamespace(speed_kph=kph, incline_percent=0.0)
    assert motion_in(step, snapshot, handrail=False).running is runs


def test_of_hands_on_the_rails_and_of_a_short_run_there_is_no_effort() -> None:
    assert uptake_of(gone(SteadyDone(), replace(WALK, handrail=True), 601)) is None
    assert uptake_of(gone(SteadyDone(), WALK, 60)) is None
    assert uptake_of(SteadyDone()) is None


def a_conductor(**changes: Any) -> Conductor:
    timeline = laid_out(written_as("10 min at 3 km/h backward"), WELL_BEHAVED.profile, Asked()).offer.timeline
    assert timeline is not None
    return Conductor(replace(RunPlan.of("run", timeline, "novice"), **changes), 0.0)


def test_before_anything_moved_a_run_has_no_effort() -> None:
    assert a_conductor().summary(10.0).uptake is None
