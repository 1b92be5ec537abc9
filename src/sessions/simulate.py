"""A whole run on virtual time: the engine, the guardian's core and a simulated treadmill, and judges beside them.

No thread, no socket, no clock and no sleep: moments are numbers, and the same seed gives the same run. The
person in it arms when the belt is seen still, holds the start key, steps on, and after a key alarm pulls the
safety key.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ..devices.simulated.archetypes import Archetype
from ..devices.simulated.faults import TimedFault
from ..devices.simulated.treadmill import SimulatedTreadmill
from ..guardian.core import Core, Outcome
from ..guardian.gate import Ticket
from ..guardian.messages import Connected, Heartbeat, Snapshot, Stepped, StopNow, ToGuardian
from ..machine import CommandOutcome, Gait, Setpoint, gait
from ..safety.inputs import StopBy
from ..safety.modes import Mode
from ..workouts import engine
from ..workouts.engine import Phase
from .conductor import Conductor, RunPlan
from .oracles import Judge, Rules, Violation, rules_for

TICK_S = 0.1
HOLD_S = 1.5
# The person gives up after this long at rest without a start, and the run counts as not done.
PATIENCE_S = 60.0
# From the alarm to the key in the hand.
KEY_AFTER_ALARM_S = 3.0
# After the key was pulled the person waits this long for the screen to see it, and then believes their eyes.
EYES_S = 10.0
# A run may take this much longer than its plan: starts, resumes, stops.
OVERTIME_S = 300.0


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to simulate. ``stop_at_s`` lets the person press stop then, in seconds after the run began."""

    plan: RunPlan
    archetype: Archetype
    faults: tuple[TimedFault, ...] = ()
    seed: int = 0
    stop_at_s: float | None = None
    trace: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One tenth of a second of a run as it was, for plots and tests."""

    at_s: float
    mode: Mode
    phase: Phase
    wanted: Setpoint
    sent_kph: float
    true_kph: float


@dataclass(frozen=True, slots=True)
class StopSeen:
    """A stop: when the belt was first asked or seen to stop, why, and the sentence."""

    at_s: float
    cause: str
    message: str


@dataclass(frozen=True, slots=True)
class Simulated:
    """How it went.

    ``ended_well``: the belt came to rest after the plan or a stop, and the person knew it: by a confirmed
    standstill, or by an alarm that had them pull the key.
    """

    phase: Phase
    mode: Mode
    ended: str
    ended_well: bool
    elapsed_s: float
    plan_time_s: float
    distance_m: float
    true_distance_m: float
    max_speed_kph: float
    max_incline_percent: float
    stops: tuple[StopSeen, ...]
    alarm_at_s: float | None
    violations: tuple[Violation, ...]
    ticks: int
    samples: tuple[Sample, ...] = ()


@dataclass(slots=True)
class _Person:
    """Someone who follows the screen: small reaction times, fixed by the seed."""

    chance: random.Random
    acts_at_s: float | None = None
    alarm_s: float | None = None
    key_s: float | None = None
    stopped: bool = False

    def after(self, now_s: float, seconds: float) -> bool:
        """True once, ``seconds`` (and a little) after it was first asked."""
        if self.acts_at_s is None:
            self.acts_at_s = now_s + seconds + self.chance.random()
        if now_s < self.acts_at_s:
            return False
        self.acts_at_s = None
        return True


@dataclass(slots=True)
class _World:
    """Everything of one simulated run."""

    simulation: Simulation
    treadmill: SimulatedTreadmill
    core: Core
    conductor: Conductor
    judge: Judge
    person: _Person
    answers: list[tuple[Ticket, CommandOutcome]] = field(default_factory=list)
    said: tuple[ToGuardian, ...] = ()
    now_s: float = 0.0
    ticks: int = 0
    alarm_at_s: float | None = None
    samples: list[Sample] = field(default_factory=list)


def simulate(simulation: Simulation) -> Simulated:
    """Run it to its end: standstill after the plan or a stop, or patience and overtime used up."""
    world = _world(simulation)
    world.conductor.connected(Connected(1, world.treadmill.profile))
    _carry_out(world, world.core.linked(0.0))
    limit_s = simulation.plan.timeline.total_s + OVERTIME_S
    while world.now_s < limit_s and not _over(world):
        _tick(world)
    world.judge.finish(world.now_s)
    return _result(world)


def _world(simulation: Simulation) -> _World:
    treadmill = SimulatedTreadmill(simulation.archetype, simulation.faults, simulation.seed)
    core = Core(treadmill.profile, 0.0)
    conductor = Conductor(simulation.plan, 0.0)
    return _World(
        simulation, treadmill, core, conductor, Judge(_rules(simulation)), _Person(random.Random(simulation.seed))
    )


def _rules(simulation: Simulation) -> Rules:
    timeline = simulation.plan.timeline
    backward = gait(timeline.facing, timeline.belt) is Gait.BACKWARD
    return rules_for(simulation.plan.tier, backward, timeline.facing, simulation.archetype.profile)


def _tick(world: _World) -> None:
    """A tenth of a second: the belt moves, its reports and last tick's answers arrive, everybody has a turn."""
    world.ticks += 1
    now_s = world.now_s = world.ticks * TICK_S
    reports = world.treadmill.advance(now_s)
    judge, core = world.judge, world.core
    judge.truth(now_s, world.treadmill.belt_speed_kph, world.treadmill.deck_incline_percent)
    for report in reports:
        judge.report(now_s, report)
    answers, world.answers = world.answers, []
    for ticket, outcome in answers:
        judge.answered(now_s, ticket.command, outcome)
        _carry_out(world, core.answered(ticket, outcome, now_s))
    _carry_out(world, core.together(now_s, reports, world.said))
    world.said = ()
    _say(world, world.conductor.tick(now_s))
    _person(world)
    if world.simulation.trace:
        world.samples.append(_sample(world))


def _say(world: _World, said: tuple[ToGuardian, ...]) -> None:
    """Messages to the guardian arrive with the next tick; arming has its own door."""
    for message in said:
        if isinstance(message, Heartbeat):
            world.judge.beat(world.now_s)
    world.said += said


def _at_once(world: _World, what: str, said: tuple[ToGuardian, ...]) -> None:
    """What a person does: the judge hears of it, the guardian gets it now."""
    world.judge.operator(world.now_s, what)
    for message in said:
        _carry_out(world, world.core.message(message, world.now_s))


def _carry_out(world: _World, outcome: Outcome) -> None:
    for ticket in outcome.tickets:
        world.judge.command(world.now_s, ticket.command)
        world.answers.append((ticket, world.treadmill.perform(ticket.command, world.now_s)))
    for message in outcome.messages:
        if isinstance(message, Stepped):
            world.judge.state(world.now_s, message.mode.value)
        elif isinstance(message, Snapshot):
            _see(world, message)


def _see(world: _World, snapshot: Snapshot) -> None:
    world.judge.screen(world.now_s, screen_label(snapshot))
    if snapshot.alarm and world.alarm_at_s is None:
        world.alarm_at_s = world.now_s
    _say(world, world.conductor.seen(snapshot, world.now_s))


def screen_label(snapshot: Snapshot) -> str:
    """The one word that a screen may make of a snapshot: alarm, unknown, stopped, stopping or running."""
    if snapshot.alarm:
        return "alarm"
    if snapshot.age_s is None or snapshot.age_s > 3.0:
        return "unknown"
    if snapshot.standstill:
        return "stopped"
    return "stopping" if snapshot.mode in (Mode.STOPPING, Mode.PAUSING) else "running"


def _person(world: _World) -> None:
    """Press what the screen asks for, when it asks for it."""
    conductor, person, now_s = world.conductor, world.person, world.now_s
    snapshot = conductor.snapshot
    if snapshot is None:
        return
    stop_at_s = world.simulation.stop_at_s
    if stop_at_s is not None and not person.stopped and now_s >= stop_at_s:
        person.stopped = True
        _at_once(world, "stop", (StopNow(StopBy.OPERATOR), *conductor.stopped_by_person(now_s)))
    if snapshot.alarm:
        _pull_key(world)
    elif conductor.state.phase is Phase.WAITING_FOR_PERSON:
        if person.after(now_s, 3.0):
            _at_once(world, "person on", conductor.person_on(now_s))
    elif snapshot.mode is Mode.IDLE and snapshot.standstill and conductor.state.phase is Phase.READY:
        if person.after(now_s, 1.0):
            _at_once(world, "arm", conductor.arm(now_s))
    elif snapshot.mode is Mode.ARMED and person.after(now_s, HOLD_S):
        _at_once(world, "hold", conductor.hold_done(now_s))


def _pull_key(world: _World) -> None:
    person = world.person
    if person.alarm_s is None:
        person.alarm_s = world.now_s
    elif person.key_s is None and world.now_s - person.alarm_s >= KEY_AFTER_ALARM_S:
        person.key_s = world.now_s
        world.treadmill.pull_safety_key(world.now_s)


def _over(world: _World) -> bool:
    """The belt is known to stand still and nothing more is going to happen; or only eyes can know it."""
    conductor, snapshot, person = world.conductor, world.conductor.snapshot, world.person
    if snapshot is None:
        return False
    if not snapshot.standstill:
        return person.key_s is not None and world.now_s - person.key_s >= EYES_S
    if conductor.state.phase in engine.ENDS:
        return snapshot.mode not in _UNDER_WAY
    gave_up = world.now_s >= PATIENCE_S and conductor.began_s is None
    return gave_up or snapshot.mode in (Mode.LATCHED, Mode.FAULT, Mode.ESCALATED)


_UNDER_WAY = frozenset({Mode.STARTING, Mode.RUN, Mode.PAUSING, Mode.STOPPING})


def _sample(world: _World) -> Sample:
    snapshot = world.conductor.snapshot
    return Sample(
        world.now_s,
        world.core.state.mode,
        world.conductor.state.phase,
        world.conductor.wanted,
        0.0 if snapshot is None else snapshot.sent_speed_kph,
        world.treadmill.belt_speed_kph,
    )


def _result(world: _World) -> Simulated:
    conductor, treadmill = world.conductor, world.treadmill
    told = conductor.snapshot is not None and (conductor.snapshot.standstill or conductor.snapshot.alarm)
    still = treadmill.belt_speed_kph == 0.0 and told
    began = conductor.began_s is not None or bool(conductor.stops)
    return Simulated(
        phase=conductor.state.phase,
        mode=world.core.state.mode,
        ended=conductor.ended or conductor.message or "nothing was started",
        ended_well=still and began and conductor.state.phase in engine.ENDS,
        elapsed_s=world.now_s,
        plan_time_s=conductor.state.plan_time_s,
        distance_m=conductor.distance_m,
        true_distance_m=treadmill.belt_travel_m,
        max_speed_kph=conductor.max_speed_kph,
        max_incline_percent=conductor.max_incline_percent,
        stops=tuple(StopSeen(at_s, cause.hazard.value, cause.message) for at_s, cause in conductor.stops),
        alarm_at_s=world.alarm_at_s,
        violations=world.judge.violations,
        ticks=world.ticks,
        samples=tuple(world.samples),
    )
