"""How long the belt truly runs at the speed of each backward run of ladder 7 and 8, on every kind of machine.

From the belt's own speed on virtual time, not from its reports; beside it, what ``check`` promises for the same step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.machine import DeviceProfile
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.prepare import Prepared, prepare
from retrotread.sessions.simulate import TICK_S, Sample, Simulated, Simulation, simulate
from retrotread.sessions.worst_case import seconds_at_target
from retrotread.workouts.engine import Phase
from retrotread.workouts.library import find
from retrotread.workouts.timeline import Step, StepKind, Timeline

from .figures import Figure

WORKOUTS = ("ladder-7", "ladder-8")
# What nobody feels, and the step of most consoles; a machine of coarser steps cannot be held to less than one.
NEAR_KPH = 0.1


@dataclass(frozen=True)
class Pair:
    """One workout laid out for one machine; its work steps in their order."""

    workout: str
    archetype: Archetype
    prepared: Prepared
    timeline: Timeline

    @property
    def work(self) -> tuple[Step, ...]:
        return tuple(step for step in self.timeline.steps if step.kind is StepKind.RUN)

    def promised_s(self) -> tuple[float, ...]:
        """What ``check`` says of each work step."""
        return tuple(seconds_at_target(step, self.timeline, self.archetype.profile) for step in self.work)


def measure() -> Iterator[Figure]:
    """A row for each workout and machine, then how much less it is than promised, in the runs that were not stopped."""
    missing: list[float] = []
    for name in WORKOUTS:
        for archetype in ARCHETYPES.values():
            row, less = _row(name, archetype)
            missing += less
            yield row
    yield Figure("at target: less than check promises", tuple(missing), "s", "<= 1")


def _row(workout: str, archetype: Archetype) -> tuple[Figure, list[float]]:
    prepared = prepare(find(workout), archetype.profile)
    name, offer = f"{workout} on {archetype.name}: at target in a run", prepared.offer
    if offer.timeline is None or offer.problems:
        return Figure(name, (), "s", f"check refuses: {offer.problems[0]}"), []
    pair = Pair(workout, archetype, prepared, offer.timeline)
    done = simulate(Simulation(RunPlan.of("bench", offer.timeline, prepared.tier.key), archetype, trace=True))
    measured, promised = at_target_s(pair, done), pair.promised_s()
    finished = done.phase is Phase.FINISHED
    aim = f"check promises {_range(promised)}{'' if finished else f'; stopped: {done.ended}'}"
    less = [said - truth for truth, said in zip(measured, promised, strict=True)]
    return Figure(name, measured, "s", aim, less_is_worse=True), less if finished else []


def at_target_s(pair: Pair, done: Simulated) -> tuple[float, ...]:
    """Within each work step, the time that the belt's true speed was at the target; 0 for one that never came."""
    near_kph = _near_kph(pair.archetype.profile)
    return tuple(TICK_S * _ticks_near(step, done.samples, near_kph) for step in pair.work)


def _ticks_near(step: Step, samples: tuple[Sample, ...], near_kph: float) -> int:
    within = (one for one in samples if one.phase is Phase.RUNNING and one.step == step.index)
    return sum(abs(one.true_kph - step.target.speed_kph) <= near_kph for one in within)


def _near_kph(profile: DeviceProfile) -> float:
    # Half of a thousandth beside it, for sums of tenths that are not exact.
    return max(NEAR_KPH, profile.capabilities.speed_increment_ckph / 100) + 0.0005


def _range(values: tuple[float, ...]) -> str:
    low, high = f"{min(values):.1f}", f"{max(values):.1f}"
    return f"{low} s" if low == high else f"{low} to {high} s"
