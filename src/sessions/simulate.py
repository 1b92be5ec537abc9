"""A whole run on virtual time: the engine, the guardian's core and a simulated treadmill, and judges beside them.

No thread, no socket, no clock and no sleep: moments are numbers, and the same seed gives the same run. The
person in it (``follower``) does what the screen asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..devices.heart.simulated import SimulatedStrap
from ..devices.serialport.wired import Wired, WiredTreadmill
from ..devices.simulated.answers import Pending
from ..devices.simulated.archetype import Archetype
from ..devices.simulated.faults import TimedFault
from ..devices.simulated.treadmill import SimulatedTreadmill
from ..guardian.core import Core, Outcome
from ..guardian.gate import Ticket
from ..guardian.messages import Connected, Heartbeat, Intent, Pause, Rest, Snapshot, Stepped, ToGuardian
from ..machine import CommandOutcome, Facing, Gait, LinkLost, Report, Setpoint, gait
from ..safety.modes import Mode
from ..workouts import engine
from ..workouts.engine import Phase
from ..workouts.timeline import StepKind
from .conductor import Conductor, RunPlan
from .follower import AS_ASKED, EYES_S, Follower, Habits
from .oracles import Judge, Rules, Violation, rules_for
from .tape import Recording

TICK_S = 0.1
STRAP_TICKS = 10
# The person gives up after this long at rest without a start, and the run counts as not done.
PATIENCE_S = 60.0
# A run may take this much longer than its plan: starts, resumes, stops; and for every standstill inside the plan.
OVERTIME_S = 300.0
STANDSTILL_S = 90.0
# A try to reach the machine again takes this long.
RECONNECT_S = 1.0


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to simulate: a plan on a machine, its faults, the strap of the person, and what they do beside following the
    screen.

    When all is over they keep an eye on the belt for ``watch_s``. A machine behind a wire brings its own faults.
    """

    plan: RunPlan
    archetype: Archetype | Wired
    faults: tuple[TimedFault, ...] = ()
    seed: int = 0
    stop_at_s: float | None = None
    trace: bool = False
    habits: Habits = AS_ASKED
    watch_s: float = 0.0
    strap: SimulatedStrap | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One tenth of a second of a run as it was, for plots and tests. ``step``: the index of the plan's step."""

    at_s: float
    mode: Mode
    phase: Phase
    step: int
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
    spoken: tuple[tuple[float, str], ...] = ()


@dataclass(slots=True)
class _World:
    """Everything of one simulated run."""

    simulation: Simulation
    treadmill: SimulatedTreadmill | WiredTreadmill
    core: Core
    conductor: Conductor
    judge: Judge
    person: Follower
    recording: Recording | None = None
    answers: list[tuple[Ticket, CommandOutcome]] = field(default_factory=list)
    over_since_s: float | None = None
    pending: dict[int, Ticket] = field(default_factory=dict)
    reconnect_s: float | None = None
    spoken: list[tuple[float, str]] = field(default_factory=list)
    waits_since_s: float = 0.0
    said: tuple[ToGuardian, ...] = ()
    now_s: float = 0.0
    ticks: int = 0
    alarm_at_s: float | None = None
    samples: list[Sample] = field(default_factory=list)


def simulate(simulation: Simulation, recording: Recording | None = None) -> Simulated:
    """Run it to its end: standstill after the plan or a stop, or patience and overtime used up.

    ``recording`` is told everything that a replay of the run needs.
    """
    world = _world(simulation, recording)
    try:
        return _simulated(world)
    finally:
        if isinstance(world.treadmill, WiredTreadmill):
            world.treadmill.close()


def _simulated(world: _World) -> Simulated:
    recording = world.recording
    connected = Connected(1, world.treadmill.profile)
    world.conductor.connected(connected)
    if recording is not None:
        recording.heard(connected)
    _carry_out(world, world.core.linked(0.0))
    limit_s = _limit_s(world.simulation)
    while world.now_s < limit_s and not _watched(world):
        _tick(world)
    world.judge.finish(world.now_s)
    return _result(world)


def _limit_s(simulation: Simulation) -> float:
    timeline, habits = simulation.plan.timeline, simulation.habits
    rests = sum(one.kind in (StepKind.TURN, StepKind.OFF_BELT) for one in timeline.steps) + len(habits.pauses_at_s)
    return timeline.total_s * 1.5 + OVERTIME_S + rests * STANDSTILL_S


def _world(simulation: Simulation, recording: Recording | None) -> _World:
    treadmill = _treadmill(simulation)
    core = Core(treadmill.profile, 0.0)
    conductor = Conductor(simulation.plan, 0.0, None if recording is None else recording.took)
    judge = Judge(_rules(simulation, simulation.plan.timeline.steps[0].facing))
    if (ceiling := simulation.plan.heart) is not None:
        judge.heart_ceiling(ceiling.bpm, ceiling.required)
    return _World(
        simulation,
        treadmill,
        core,
        conductor,
        judge,
        Follower(simulation.seed, simulation.habits, simulation.stop_at_s),
        recording,
    )


def _treadmill(simulation: Simulation) -> SimulatedTreadmill | WiredTreadmill:
    kind = simulation.archetype
    return (
        WiredTreadmill(kind)
        if isinstance(kind, Wired)
        else SimulatedTreadmill(kind, simulation.faults, simulation.seed)
    )


def _rules(simulation: Simulation, facing: Facing) -> Rules:
    backward = gait(facing, simulation.plan.timeline.belt) is Gait.BACKWARD
    return rules_for(simulation.plan.tier, backward, facing, simulation.archetype.profile)


def _tick(world: _World) -> None:
    """A tenth of a second: the belt moves, its reports and the answers arrive, everybody has a turn."""
    world.ticks += 1
    now_s = world.now_s = world.ticks * TICK_S
    reports = world.treadmill.advance(now_s)
    judge, core = world.judge, world.core
    judge.truth(now_s, world.treadmill.belt_speed_kph, world.treadmill.deck_incline_percent)
    for report in reports:
        judge.report(now_s, report)
    _answers(world)
    _heart(world)
    if any(isinstance(report, LinkLost) for report in reports):
        reports = _link_lost(world, reports)
    _carry_out(world, core.together(now_s, reports, world.said))
    world.said = ()
    _reconnect(world)
    _say(world, world.conductor.tick(now_s))
    judge.wished(now_s, world.conductor.wish(now_s))
    _speak(world)
    if world.conductor.state.phase is not Phase.READY:
        world.waits_since_s = now_s
    _person(world)
    if world.simulation.trace:
        world.samples.append(_sample(world))


def _heart(world: _World) -> None:
    """A reading a second, as long as the strap's link holds."""
    strap, now_s = world.simulation.strap, world.now_s
    if strap is None or world.ticks % STRAP_TICKS or not strap.linked(now_s):
        return
    reading = strap.reading(now_s, now_s)
    world.judge.heart(now_s, reading.bpm, reading.contact, bool(reading.rr_s))
    _carry_out(world, world.core.heart(reading, now_s))


def _answers(world: _World) -> None:
    """Answers that came at once arrive a tick after their command, the others when the machine gives them."""
    answers, world.answers = world.answers, []
    for late in world.treadmill.answers(world.now_s):
        ticket = world.pending.get(late.number)
        if ticket is not None:
            answers.append((ticket, late.outcome))
    for ticket, outcome in answers:
        world.judge.answered(world.now_s, ticket.command, outcome)
        _carry_out(world, world.core.answered(ticket, outcome, world.now_s))


def _link_lost(world: _World, reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """The core hears of the loss by itself; what came before it goes on."""
    for report in reports:
        if isinstance(report, LinkLost):
            _carry_out(world, world.core.report(report, world.now_s))
    return tuple(report for report in reports if not isinstance(report, LinkLost))


def _reconnect(world: _World) -> None:
    """What the guardian's process does after a lost link: try again, as long as the core wants it."""
    core, now_s = world.core, world.now_s
    if world.reconnect_s is None or now_s < world.reconnect_s:
        return
    if not core.wants_reconnect(now_s):
        world.reconnect_s = None
        return
    core.reconnecting()
    world.reconnect_s = now_s + RECONNECT_S
    if world.treadmill.reconnect(now_s):
        world.reconnect_s = None
        world.pending.clear()
        _carry_out(world, core.linked(now_s))


def _speak(world: _World) -> None:
    for at_s, one in world.conductor.take_utterances():
        world.spoken.append((at_s, one.text))
        if one.rise:
            world.judge.cue(at_s)


def _say(world: _World, said: tuple[ToGuardian, ...]) -> None:
    """Messages to the guardian arrive with the next tick; arming has its own door."""
    for message in said:
        if isinstance(message, Heartbeat):
            world.judge.beat(world.now_s)
        elif isinstance(message, Intent):
            world.judge.heart_block(message.heart_bpm)
        elif isinstance(message, Pause):  # the plan's own, before a turn or a time off the belt
            world.judge.operator(world.now_s, "pause")
        elif isinstance(message, Rest):
            world.judge.operator(world.now_s, "rest")
    world.said += said


def _at_once(world: _World, said: tuple[ToGuardian, ...]) -> None:
    """What a person asks the guardian for gets there now."""
    for message in said:
        _carry_out(world, world.core.message(message, world.now_s))


def _carry_out(world: _World, outcome: Outcome) -> None:
    for ticket in outcome.tickets:
        world.judge.command(world.now_s, ticket.command)
        answer = world.treadmill.perform(ticket.command, world.now_s)
        if isinstance(answer, Pending):
            world.pending[answer.number] = ticket
        else:
            world.answers.append((ticket, answer))
    if outcome.reconnect and world.reconnect_s is None:
        world.reconnect_s = world.now_s + RECONNECT_S
    for message in outcome.messages:
        if world.recording is not None:
            world.recording.heard(message)
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
    """What the person does now: the judge hears of it, then the guardian."""
    now_s, judge, conductor, simulation = world.now_s, world.judge, world.conductor, world.simulation
    act = world.person.act(conductor, now_s)
    if act is None:
        return
    if act.pulls_key:
        world.treadmill.pull_safety_key(now_s)
        return
    step = conductor.step
    if act.what == "arm":
        judge.way(_rules(simulation, step.facing), step.facing, step.belt)
    if act.what == "faces":
        judge.faces(step.facing, step.belt)
    elif act.what is not None:
        judge.operator(now_s, act.what)
    _at_once(world, act.said)


def _watched(world: _World) -> bool:
    """It has been over for as long as the person keeps watching."""
    if not _over(world):
        world.over_since_s = None
        return False
    if world.over_since_s is None:
        world.over_since_s = world.now_s
    return world.now_s - world.over_since_s >= world.simulation.watch_s


def _over(world: _World) -> bool:
    """The belt is known to stand still and nothing more is going to happen; or only eyes can know it."""
    conductor, snapshot, person = world.conductor, world.conductor.snapshot, world.person
    if snapshot is None:
        return False
    if not snapshot.standstill:
        return person.key_s is not None and world.now_s - person.key_s >= EYES_S
    if person.goes_on(conductor, world.now_s):
        return False
    if conductor.state.phase in engine.ENDS:
        return snapshot.mode not in _UNDER_WAY
    gave_up = world.now_s - world.waits_since_s >= PATIENCE_S
    return gave_up or snapshot.mode in (Mode.LATCHED, Mode.FAULT, Mode.ESCALATED)


_UNDER_WAY = frozenset({Mode.STARTING, Mode.RUN, Mode.PAUSING, Mode.STOPPING})


def _sample(world: _World) -> Sample:
    snapshot = world.conductor.snapshot
    return Sample(
        world.now_s,
        world.core.state.mode,
        world.conductor.state.phase,
        world.conductor.state.step_index,
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
        spoken=tuple(world.spoken),
    )
