"""Every shipped workout on every simulated machine: without a violation, or ``check`` says beforehand why not.

All pairs take minutes: ``make sweep`` runs them. The tests run as many as fit into half a minute, chosen so that
every machine and every workout has its turn.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.safety.modes import Mode
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.prepare import prepare
from retrotread.sessions.simulate import Simulation, simulate
from retrotread.workouts.engine import Phase
from retrotread.workouts.library import shipped

ALL_PAIRS = "RETROTREAD_SWEEP"
ALARMS = {"ignores-stop", "mph-speaker"}
"""The kinds on which a run cannot end without the key."""

ENDS_EARLY = {"mph-speaker": 1, "ignores-stop": 2, "restarts-after-stop": 2}
"""On these the belt stands badly or runs away: a plan with so many stretches of belt between its standstills, or
more, is stopped before its end, and the person is told why."""

WORKOUTS = tuple(path for path in shipped() if path.stem.startswith(("ladder-", "warm-up-", "cool-down-", "sprinkle-")))
"""What else is shipped is made of the same steps; ``check`` holds each of them against its tier."""

PAIRS = [(workout, kind) for workout in WORKOUTS for kind in ARCHETYPES.values()]


def _chosen() -> list[tuple[Path, Archetype]]:
    """All of them, or one workout for each machine and one machine for each workout, round and round."""
    if os.environ.get(ALL_PAIRS) == "all":
        return PAIRS
    kinds = list(ARCHETYPES.values())
    rounds = range(max(len(kinds), len(WORKOUTS)))
    return [(WORKOUTS[n % len(WORKOUTS)], kinds[n % len(kinds)]) for n in rounds]


@pytest.mark.parametrize(
    ("workout", "kind"), [pytest.param(path, kind, id=f"{path.stem}-{kind.name}") for path, kind in _chosen()]
)
def test_a_shipped_workout_runs_on_a_machine_or_check_says_why_not(workout: Path, kind: Archetype) -> None:
    prepared = prepare(workout, kind.profile)
    timeline = prepared.offer.timeline
    if timeline is None:
        assert prepared.offer.problems
        assert all(len(sentence) > 20 for sentence in prepared.offer.problems)
        return
    done = simulate(Simulation(RunPlan.of("sweep", timeline, prepared.tier.key), kind))
    assert done.violations == ()
    assert done.ended_well, done.ended
    early = len(timeline.stretches) >= ENDS_EARLY.get(kind.name, 1_000)
    assert done.phase is (Phase.STOPPED if early else Phase.FINISHED), done.ended
    assert (done.mode is Mode.ESCALATED) == (kind.name in ALARMS)


@pytest.mark.parametrize("kind", ARCHETYPES.values(), ids=ARCHETYPES)
def test_most_workouts_can_be_run_on_a_machine(kind: Archetype) -> None:
    """A machine on which ``check`` refuses everything would pass the sweep without ever moving its belt."""
    laid_out = [path for path in WORKOUTS if prepare(path, kind.profile).offer.timeline is not None]
    assert len(laid_out) >= len(WORKOUTS) // 2, [path.stem for path in WORKOUTS if path not in laid_out]
