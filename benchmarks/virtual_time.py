"""A 30-minute workout on virtual time at the production tick (100 ms) and four reports a second."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.launcher import prepare
from retrotread.sessions.simulate import Simulation, simulate

from .figures import Figure

RUNS = 7
WORKOUT = b"""retrotread: 1
name: thirty minutes of intervals
level: 8
facing: rear
steps:
  - walk: 4 min
    speed: 1.5 km/h -> 3.0 km/h
  - repeat: 8
    steps:
      - run: 75 s
        speed: 6.5 km/h
      - walk: 90 s
        speed: 3.0 km/h
  - cool down: 4 min
    speed: 3.0 km/h -> 1.0 km/h
"""


def measure() -> list[Figure]:
    """Processor time, so that a busy neighbour counts less; judges included, as in ``retrotread simulate``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thirty.yaml"
        path.write_bytes(WORKOUT)
        prepared = prepare(path, ARCHETYPES["well-behaved"].profile)
    assert prepared.offer.timeline is not None
    simulation = Simulation(RunPlan.of("bench", prepared.offer.timeline, prepared.tier.key), ARCHETYPES["well-behaved"])
    steps, ratios = [], []
    for _ in range(RUNS):
        began_s = time.process_time()
        done = simulate(simulation)
        took_s = time.process_time() - began_s
        assert done.ended_well
        assert not done.violations
        steps.append(took_s / done.ticks * 1e6)
        ratios.append(done.elapsed_s / took_s)
    return [
        Figure("virtual time: processor time a step of 100 ms", tuple(steps), "us", "none"),
        Figure("virtual time: ratio to real time", tuple(ratios), "times", ">= 2,000"),
    ]
