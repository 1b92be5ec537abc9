"""A qualification on virtual time: a machine with hidden figures, and a person who sees its true belt."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.guardian.trials import TrialPhase
from retrotread.machine import DeviceProfile, PhysicalStop, Qualification
from retrotread.sessions.qualify.bench import hold
from retrotread.sessions.qualify.conversation import conversation
from retrotread.sessions.qualify.verdict import Verdict
from retrotread.sessions.qualify.virtual import Hands, VirtualBench

DIGITS = (3, 7, 5)
AS_ASKED = Hands()


@dataclass
class Person:
    """Answers what is asked by what the belt really does; ``says`` overrides an answer by its question."""

    bench: VirtualBench
    kind: Archetype
    says: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def tell(self, text: str) -> None:
        self.told.append(text)

    def ask(self, key: str, text: str) -> str | None:
        self.asked.append(key)
        return self.says[key] if key in self.says else self._sees(key, text)

    def _sees(self, key: str, text: str) -> str | None:
        eyes, unit = self.bench.eyes_kph, self.kind.speed_unit
        if key == "digit":
            return text.removeprefix("Type the digit ")[0]
        if key == "console":
            return f"{eyes[TrialPhase.READ_NOW] / unit.one_kph:.1f}" if TrialPhase.READ_NOW in eyes else ""
        if key == "away":
            return "ran" if eyes.get(TrialPhase.LINK_LET_GO, 0.0) > 0 else "stopped"
        stop = "none" if self.kind.physical_stop is PhysicalStop.NONE else "key"
        fixed = {"person": "no", "stop": stop, "rails": "yes", "empty": "yes", "again": "no", "unit": unit.value}
        return fixed.get(key, "yes")


@dataclass
class Qualified:
    """What came of it: the verdict, the bench as it was left half a minute later, and the person."""

    verdict: Verdict
    bench: VirtualBench
    person: Person

    @property
    def profile(self) -> DeviceProfile:
        assert self.verdict.sheet is not None, self.verdict.refusals
        return self.verdict.sheet.profile


Qualify = Callable[..., Qualified]


@pytest.fixture
def qualify() -> Qualify:
    """Qualify a machine of this kind, of which only its range of speeds is known beforehand."""

    def run(
        kind: Archetype,
        level: Qualification = Qualification.FULL,
        seed: int = 0,
        hands: Hands = AS_ASKED,
        says: dict[str, str] | None = None,
    ) -> Qualified:
        treadmill = SimulatedTreadmill(kind, (), seed)
        bench = VirtualBench(treadmill, DeviceProfile("hidden", kind.capabilities), hands)
        person = Person(bench, kind, says or {})
        digits: Iterator[int] = itertools.cycle(DIGITS)
        verdict = hold(conversation(bench.machine, level, ("the card",), digits), bench, person)
        bench.watch(30.0)
        return Qualified(verdict, bench, person)

    return run
