"""The golden scenarios: what each one is, and recording them anew (``make golden``).

Every one is a short run on virtual time, kept as a scenario file beside this one. The test runs each file through
today's engine and supervisor. Recording is for a change that was meant: look at the difference first.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from retrotread.devices.heart.simulated import SimulatedStrap
from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import parse_fault
from retrotread.safety.heart import HeartCeiling
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.follower import AS_ASKED, Habits
from retrotread.sessions.prepare import Asked, Written, laid_out
from retrotread.sessions.simulate import Simulated, Simulation, simulate
from retrotread.sessions.simulate_command import recorded
from retrotread.sessions.tape import SUFFIX, Recording, Tape, write_scenario
from retrotread.workouts.source import parse_workout

FOLDER = Path(__file__).parent
WELL_BEHAVED = ARCHETYPES["well-behaved"]
# The motor of this one is too weak for whoever stands on the belt: it starts, and hardly gets faster.
WEAK = replace(WELL_BEHAVED, name="weak", rise_kph_per_s=0.004)

WALK = """retrotread: 1
name: a short walk backward
level: 3
facing: rear
steps:
  - walk: 20 s
    speed: 1.0 km/h
    say: tall, eyes level
  - walk: 20 s
    speed: 1.6 km/h
  - cool down: 15 s
    speed: 0.8 km/h
"""
LONGER = """retrotread: 1
name: long enough for a heart
level: 3
facing: rear
steps:
  - walk: 30 s
    speed: 1.0 km/h
  - walk: 100 s
    speed: 2.0 km/h
  - cool down: 15 s
    speed: 0.8 km/h
"""
TURN = """retrotread: 1
name: forward, then backward
level: 3
facing: console
steps:
  - walk: 15 s
    speed: 1.0 km/h
  - turn: to the rear
    say: wait until the belt stands
  - walk: 15 s
    speed: 1.0 km/h
  - cool down: 10 s
    speed: 0.8 km/h
"""
OFF_BELT = """retrotread: 1
name: a rest beside the belt
level: 3
facing: rear
steps:
  - walk: 15 s
    speed: 1.0 km/h
  - off belt: 20 s
    say: step off
  - walk: 15 s
    speed: 1.2 km/h
  - cool down: 10 s
    speed: 0.8 km/h
"""
UPHILL = """retrotread: 1
name: uphill, and no cool-down of its own
level: 7
facing: console
steps:
  - walk: 20 s
    speed: 2.0 km/h
    incline: 1.0 %
  - walk: 20 s
    speed: 4.0 km/h
    incline: 2.0 %
"""


@dataclass(frozen=True)
class Scenario:
    """``shows``: modes, causes, inputs, commands and events that its record must hold, or it would show nothing."""

    name: str
    shows: frozenset[str]
    workout: str = WALK
    machine: Archetype = WELL_BEHAVED
    fault: str | None = None
    habits: Habits = AS_ASKED
    stop_at_s: float | None = None
    seed: int = 0
    strap: SimulatedStrap | None = None
    heart: HeartCeiling | None = None

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}{SUFFIX}"


def _showing(*what: str) -> frozenset[str]:
    return frozenset(what)


SCENARIOS = (
    Scenario("plain-run", _showing("plan_stop", "latched", "PersonConfirmedOn")),
    Scenario(
        "own-stop-and-on",
        _showing("operator_stop", "StopRequested", "ContinueRequested", "plan_stop"),
        habits=Habits(goes_on=True),
        stop_at_s=35.0,
    ),
    Scenario("pause-and-resume", _showing("pausing", "paused", "PauseRequested", "plan_stop"), habits=Habits((35.0,))),
    Scenario("turn", _showing("turning", "waiting for the turn", "TurnConfirmed", "plan_stop"), TURN),
    Scenario("off-the-belt", _showing("off the belt", "RestAsked", "plan_stop"), OFF_BELT),
    Scenario(
        "nudge-and-scale",
        _showing("NudgeRequested", "ScaleRequested", "plan_stop"),
        habits=Habits(nudges=((25.0, 0.1), (30.0, 0.1), (33.0, -0.1)), scales=((45.0, -10), (48.0, 5))),
    ),
    Scenario("uphill-on-a-slow-belt", _showing("SetIncline", "plan_stop"), UPHILL, ARCHETYPES["slow-reporter"], seed=1),
    Scenario("silence", _showing("telemetry_late", "telemetry_silent", "escalated"), fault="silent@40"),
    Scenario("runaway", _showing("suspect_speed", "runaway", "escalated", "key_pulled"), fault="runaway@40"),
    Scenario("foreign-lower", _showing("foreign_lower", "plan_stop"), fault="foreign-lower@48"),
    Scenario("not-following", _showing("not_following", "never_followed"), machine=WEAK),
    Scenario("drop-and-return", _showing("link_down", "LinkWentDown", "LinkCameUp"), fault="drop-return@40"),
    Scenario(
        "stop-ignored",
        _showing("operator_stop", "stop_unconfirmed", "escalated"),
        fault="ignore-stop@5",
        stop_at_s=22.0,
    ),
    Scenario(
        "heart-over-its-ceiling",
        _showing("HeartSeen", "heart_near", "heart_high", "heart_over"),
        LONGER,
        strap=SimulatedStrap("chest", bpm=120, to_bpm=165, in_s=110),
        heart=HeartCeiling(140),
    ),
    Scenario(
        "heart-eased-and-on",
        _showing("heart_high", "plan_stop"),
        LONGER,
        strap=SimulatedStrap("contact", bpm=152, to_bpm=136, in_s=100),
        heart=HeartCeiling(145),
    ),
    Scenario(
        "strap-taken-off",
        _showing("heart_late", "heart_lost", "heart_gone", "plan_stop"),
        LONGER,
        strap=SimulatedStrap("chest", bpm=110, off_s=45),
        heart=HeartCeiling(150),
    ),
    Scenario(
        "strap-needed-and-lost",
        _showing("heart_late", "heart_lost", "heart_needed"),
        LONGER,
        strap=SimulatedStrap("contact", bpm=110, drop_s=45, back_s=600),
        heart=HeartCeiling(150, required=True),
    ),
)


def run(scenario: Scenario) -> tuple[Simulated, Tape]:
    """The run as today's program does it, and its tape."""
    written = Written(scenario.name, scenario.workout.encode(), parse_workout(scenario.workout.encode(), scenario.name))
    prepared = laid_out(written, scenario.machine.profile, Asked())
    assert prepared.offer.timeline is not None, prepared.offer.problems
    plan = replace(RunPlan.of(scenario.name, prepared.offer.timeline, prepared.tier.key), heart=scenario.heart)
    recording = Recording()
    faults = () if scenario.fault is None else (parse_fault(scenario.fault),)
    simulation = Simulation(
        plan,
        scenario.machine,
        faults,
        scenario.seed,
        stop_at_s=scenario.stop_at_s,
        habits=scenario.habits,
        strap=scenario.strap,
    )
    done = simulate(simulation, recording)
    return done, recorded(recording, prepared)


def shown(tape: Tape) -> set[str]:
    """Everything that ``Scenario.shows`` may name."""
    steps = {word for one in tape.steps for word in (one.mode.value, *(cause.hazard.value for cause in one.causes))}
    items = {type(item).__name__ for one in tape.steps for item in (*one.inputs, *one.commands)}
    return steps | items | {word for one in tape.taken for word in (one.phase.value, type(one.event).__name__)}


def main() -> None:
    """Record every scenario anew."""
    for scenario in SCENARIOS:
        done, tape = run(scenario)
        write_scenario(tape, scenario.path)
        size, missing = scenario.path.stat().st_size, scenario.shows - shown(tape)
        lacks = f"  DOES NOT SHOW {', '.join(sorted(missing))}" if missing else ""
        print(f"{scenario.path.name}: {done.elapsed_s:.0f} s, {size} bytes, {done.ended}{lacks}")  # noqa: T201
        for violation in done.violations:
            print(f"  {violation}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
