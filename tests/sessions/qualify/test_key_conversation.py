"""The key of the day as a trial: what counts as a test, and what does not."""

from __future__ import annotations

import itertools
from dataclasses import replace

from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.machine import DeviceProfile, Facing, PhysicalStop
from retrotread.sessions.qualify.bench import hold
from retrotread.sessions.qualify.conversation import key_conversation
from retrotread.sessions.qualify.key_test import KeySeen
from retrotread.sessions.qualify.virtual import Hands, VirtualBench

WELL = ARCHETYPES["well-behaved"]


class Willing:
    """Says yes to everything and types the digit that is shown."""

    def tell(self, text: str) -> None:
        """Nothing is kept of it."""

    def ask(self, key: str, text: str) -> str:
        return text.removeprefix("Type the digit ")[0] if key == "digit" else "yes"


def outcome_of(kind: Archetype, hands: Hands | None = None) -> tuple[KeySeen | str, VirtualBench]:
    profile = DeviceProfile("hidden", kind.capabilities, physical_stop=kind.physical_stop)
    bench = VirtualBench(SimulatedTreadmill(kind), profile, hands or Hands())
    return hold(key_conversation(bench.machine, Facing.REAR, itertools.cycle((4, 2))), bench, Willing()), bench


def test_a_key_that_the_machine_tells_of_is_seen_by_its_status() -> None:
    seen, bench = outcome_of(WELL)
    assert seen is KeySeen.STATUS
    assert bench.treadmill.belt_speed_kph == 0.0


def test_a_key_that_nobody_pulls_is_no_test() -> None:
    seen, bench = outcome_of(WELL, Hands(deaf=True))
    assert seen == (
        "the key was not seen to stop the belt (the belt was not stopped by hand within 30 s); do not use this machine"
    )
    bench.watch(20.0)
    assert bench.treadmill.belt_speed_kph == 0.0


def test_a_machine_without_a_key_has_none_to_test() -> None:
    seen, bench = outcome_of(replace(WELL, physical_stop=PhysicalStop.BUTTON))
    assert isinstance(seen, str)
    assert "not known to have a safety key" in seen
    assert bench.treadmill.belt_travel_m == 0.0
