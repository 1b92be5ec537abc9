"""A simulated treadmill in hand, without driver, clock or event loop."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import parse_fault
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.machine import Accepted, SetSpeed, StartBelt

TreadmillMaker = Callable[..., SimulatedTreadmill]


@pytest.fixture
def treadmill() -> TreadmillMaker:
    """Make a treadmill: ``treadmill("well-behaved", "silent@300")``."""

    def make(name: str = "well-behaved", *faults: str, seed: int = 0, starts_at_s: float = 0.0) -> SimulatedTreadmill:
        return SimulatedTreadmill(ARCHETYPES[name], tuple(parse_fault(text) for text in faults), seed, starts_at_s)

    return make


@pytest.fixture
def running(treadmill: TreadmillMaker) -> TreadmillMaker:
    """Make a treadmill whose belt runs at 6 km/h by 30 s, its reports up to then taken away."""

    def make(name: str = "well-behaved", *faults: str, seed: int = 0) -> SimulatedTreadmill:
        machine = treadmill(name, *faults, seed=seed)
        assert machine.perform(StartBelt(), 0.0) == Accepted()
        machine.advance(10.0)
        assert machine.perform(SetSpeed(600), 10.0) == Accepted()
        machine.advance(30.0)
        assert machine.belt_speed_kph == 6.0
        return machine

    return make
