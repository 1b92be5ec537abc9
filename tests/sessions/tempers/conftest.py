"""A driver without a supervisor, a judge of what the belt really did, and one short workout for both.

The careless driver is not a bad one: on a well-behaved machine it breaks nothing that can be seen from outside.
Each of its habits is a common one, and each comes to grief on some machine.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from retrotread.devices.simulated.answers import Pending
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.faults import FOREIGN_LOWER_KPH, parse_fault
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.machine import (
    Accepted,
    Command,
    CommandOutcome,
    Facing,
    Report,
    SetSpeed,
    SpeedUnit,
    StartBelt,
    StopBelt,
    TargetChanged,
    Telemetry,
)
from retrotread.safety.modes import AT_REST, Mode
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.oracles import Judge, rules_for
from retrotread.sessions.prepare import prepare
from retrotread.sessions.simulate import Simulated, Simulation, simulate
from retrotread.workouts.timeline import Timeline

TICK_S = 0.1
TOP_KPH = 2.8
LONGEST_S = 180
WORKOUT = """\
retrotread: 1
name: "Two minutes backward"
level: 3
facing: rear
source: {text: "a short rise and fall for tests", grade: proposal}
steps:
  - walk: 40 s
    speed: 1.0 km/h
  - walk: 40 s
    speed: 2.8 km/h
  - cool down: 30 s
    speed: 1.0 km/h
"""


@dataclass(frozen=True)
class Moment:
    """One tenth of a second as it truly was, and what the person had been told by then."""

    now_s: float
    true_kph: float
    asked_kph: float
    told_still: bool = False
    stopping: bool = False
    alarm: bool = False


TOO_FAST, ABOVE_PLAN = "too fast", "above the plan"
MOVES_UNASKED, RUNS_ON, RISES_AGAIN = "moves unasked", "runs on", "rises again"
STOPS_FOR_NOTHING, WRONG_ANSWER = "stops for nothing", "takes an answer for another's"


class Truth:
    """What a person on the belt could complain of, from the true speed of the belt; silent once an alarm is on.

    too fast         over 0.5 km/h above all that the plan asked within the last 2 s, for more than 3 s
    above the plan   above the highest speed of the plan by more than 0.05 km/h, for more than 3 s
    moves unasked    in motion for more than 1 s while the person is told that it stands
    runs on          still in motion 10 s after it was told to stop
    rises again      above a target that somebody else lowered, by more than 0.1 km/h, before a new start
    """

    def __init__(self, top_kph: float) -> None:
        self.found: dict[str, float] = {}
        self._top_kph = top_kph
        self._since: dict[str, float] = {}
        self._lowered_kph = math.inf
        self._asked: deque[float] = deque(maxlen=round(2.0 / TICK_S))

    def lowered(self, target_kph: float) -> None:
        self._lowered_kph = min(self._lowered_kph, target_kph)

    def started(self) -> None:
        self._lowered_kph = math.inf

    def look(self, at: Moment) -> None:
        self._asked.append(at.asked_kph)
        over = at.true_kph - max(self._asked) > 0.5 and not (at.stopping or at.told_still)
        self._lasts(at, TOO_FAST, over, 3.0)
        self._lasts(at, ABOVE_PLAN, at.true_kph > self._top_kph + 0.05, 3.0)
        self._lasts(at, MOVES_UNASKED, at.true_kph > 0 and at.told_still, 1.0)
        self._lasts(at, RUNS_ON, at.true_kph > 0 and at.stopping, 10.0)
        self._lasts(at, RISES_AGAIN, at.true_kph > self._lowered_kph + 0.1, 1.0)

    def _lasts(self, at: Moment, what: str, holds: bool, longest_s: float) -> None:
        if at.alarm or not holds:
            self._since.pop(what, None)
            return
        if at.now_s - self._since.setdefault(what, at.now_s) > longest_s:
            self.found.setdefault(what, at.now_s)


@dataclass
class Careless:
    """What many programs do: believe, push, re-send, resume.

    - it starts the belt, waits eight seconds for motion and says "stopped" when there is none
    - it takes a belt that it has started for one at its lowest speed
    - it sends what the plan wants, rounded to 0.1 km/h, whether or not an earlier command was answered
    - a refused set-point is sent again at once, an unanswered command after half a second
    - the next answer is the answer to its oldest command
    - on a console in miles it takes the numbers of the plan for miles
    - where the reported speed is 0.2 km/h behind for a second, it asks for 0.3 km/h more
    - one report far above its set-point is a runaway: stop; one report of zero is the end: "stopped"
    - a target that it has not just sent was set at the console: it stays there until the step ends
    - a lost link is made anew, and the run goes on
    - a stop is sent again every second until a zero is seen, and once more to be sure; then the lowest speed, so
      that the next run begins gently
    """

    machine: SimulatedTreadmill
    timeline: Timeline
    judge: Judge
    now_s: float = 0.0
    phase: str = "off"
    told_still: bool = True
    told_ckph: int | None = None
    wanted_ckph: int | None = None
    speed_kph: float = 0.0
    override_kph: float | None = None
    step: int = 0
    began_s: float = 0.0
    moved_s: float = 0.0
    stop_sent_s: float = 0.0
    set_s: float = 0.0
    waiting: list[tuple[Command, float]] = field(default_factory=list)
    believed: list[tuple[Command, Command]] = field(default_factory=list)
    sent: dict[int, Command] = field(default_factory=dict)
    ended_s: float | None = None

    def start(self) -> None:
        self.phase, self.began_s, self.told_still = "starting", self.now_s, False
        self.told_ckph = self.wanted_ckph = round(self.timeline.lowest_kph * 100)
        self.override_kph, self.step = None, 0
        self.send(StartBelt())

    def stop(self) -> None:
        self.phase, self.stop_sent_s = "stopping", self.now_s
        self.send(StopBelt())

    @property
    def asked_kph(self) -> float:
        """What the plan asks of the belt now."""
        if self.phase != "running":
            return self.timeline.lowest_kph
        return self.timeline.setpoint_at(self.plan_s).speed_kph

    @property
    def plan_s(self) -> float:
        return max(0.0, self.now_s - self.moved_s - 5.0)

    def tick(self, reports: tuple[Report, ...]) -> None:
        for late in self.machine.answers(self.now_s):
            self.answered(late.outcome, self.sent[late.number])
        for report in reports:
            self.report(report)
        if not self.machine.link_up:
            self.machine.reconnect(self.now_s)
        self.resend()
        if self.phase == "starting" and self.now_s - self.began_s > 8.0:
            self.finish()
        if self.phase == "running":
            self.drive()
        if self.phase == "stopping" and self.now_s - self.stop_sent_s >= 1.0:
            self.stop()

    def report(self, report: Report) -> None:
        if isinstance(report, TargetChanged):
            self.target(report.speed_kph)
        if not isinstance(report, Telemetry) or report.speed_kph is None:
            return
        self.speed_kph = report.speed_kph
        if self.phase == "starting" and self.speed_kph > 0:
            self.phase, self.moved_s, self.set_s = "running", self.now_s, self.now_s
        elif self.phase == "running" and self.speed_kph > (self.told_ckph or 0) / 100 + 5.0:
            self.stop()
        elif self.phase in ("running", "stopping") and self.speed_kph == 0:
            self.send(StopBelt())
            self.send(SetSpeed(self.machine.profile.capabilities.speed_min_ckph))
            self.finish()

    def target(self, speed_kph: float | None) -> None:
        if self.phase == "running" and speed_kph is not None and round(speed_kph * 100) != self.told_ckph:
            self.override_kph = speed_kph
            self.told_ckph = round(speed_kph * 100)

    def drive(self) -> None:
        if self.plan_s >= self.timeline.total_s:
            self.stop()
            return
        step = self.timeline.step_at(self.plan_s).index
        if step != self.step:
            self.step, self.override_kph = step, None
        wanted_kph = self.asked_kph if self.override_kph is None else self.override_kph
        if self.machine.profile.speed_unit is SpeedUnit.MPH:
            wanted_kph *= 1.609344
        wanted_ckph = max(round(wanted_kph * 10) * 10, round(self.timeline.lowest_kph * 100))
        if self.override_kph is None and wanted_ckph != self.wanted_ckph:
            self.wanted_ckph = wanted_ckph
            self.set(wanted_ckph)
        elif self.told_ckph is None:
            self.set(wanted_ckph)
        elif self.now_s - self.set_s >= 1.0 and self.told_ckph / 100 - self.speed_kph > 0.2:
            self.set(self.told_ckph + 30)

    def set(self, speed_ckph: int) -> None:
        self.told_ckph, self.set_s = speed_ckph, self.now_s
        self.send(SetSpeed(speed_ckph))

    def send(self, command: Command) -> None:
        self.judge.command(self.now_s, command)
        self.waiting.append((command, self.now_s))
        answer = self.machine.perform(command, self.now_s)
        if isinstance(answer, Pending):
            self.sent[answer.number] = command
        else:
            self.answered(answer, command)

    def resend(self) -> None:
        """What has waited for half a second for its answer is sent again."""
        late = [command for command, sent_s in self.waiting if self.now_s - sent_s >= 0.5]
        self.waiting = [(command, sent_s) for command, sent_s in self.waiting if self.now_s - sent_s < 0.5]
        for command in late[-1:]:
            self.send(command)

    def answered(self, outcome: CommandOutcome, truly: Command) -> None:
        self.judge.answered(self.now_s, truly, outcome)
        if not self.waiting:
            return
        command, _ = self.waiting.pop(0)
        self.believed.append((command, truly))
        if isinstance(command, SetSpeed) and not isinstance(outcome, Accepted) and self.phase == "running":
            self.told_ckph = None

    def finish(self) -> None:
        self.phase, self.told_still, self.ended_s = "done", True, self.now_s


@dataclass(frozen=True)
class CarelessRun:
    """How it went: what the person could complain of, and the invariants that the judges found broken."""

    found: dict[str, float]
    invariants: frozenset[str]
    ended_s: float | None


CarelessRunner = Callable[..., CarelessRun]
OurRunner = Callable[..., tuple[Simulated, dict[str, float]]]


@pytest.fixture(scope="session")
def short_workout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tempers") / "short.yaml"
    path.write_text(WORKOUT, encoding="utf-8")
    return path


@pytest.fixture
def carelessly(short_workout: Path) -> CarelessRunner:
    """Run the short workout without a supervisor: ``carelessly("spiky", "drop@60", stop_at_s=60)``."""

    def run(name: str, *faults: str, stop_at_s: float | None = None, seed: int = 0) -> CarelessRun:
        kind = ARCHETYPES[name]
        prepared = prepare(short_workout, kind.profile)
        timeline = prepared.offer.timeline
        assert timeline is not None
        machine = SimulatedTreadmill(kind, tuple(parse_fault(one) for one in faults), seed)
        judge = Judge(rules_for(prepared.tier.key, True, Facing.REAR, kind.profile))
        driver, truth = Careless(machine, timeline, judge), Truth(TOP_KPH)
        for tick in range(1, LONGEST_S * 10):
            now_s = driver.now_s = tick * TICK_S
            reports = machine.advance(now_s)
            for report in reports:
                judge.report(now_s, report)
                _hear(report, driver, truth)
            driver.tick(reports)
            _press(driver, truth, tick, stop_at_s)
            truth.look(
                Moment(
                    now_s,
                    machine.belt_speed_kph,
                    driver.asked_kph,
                    driver.told_still,
                    driver.phase == "stopping",
                )
            )
        found = dict(truth.found)
        if any(command != truly for command, truly in driver.believed):
            found[WRONG_ANSWER] = 0.0
        if (
            stop_at_s is None
            and driver.ended_s is not None
            and driver.ended_s < timeline.total_s
            and machine.belt_speed_kph == 0
        ):
            found[STOPS_FOR_NOTHING] = driver.ended_s
        return CarelessRun(found, frozenset(one.invariant for one in judge.violations), driver.ended_s)

    return run


def _hear(report: Report, driver: Careless, truth: Truth) -> None:
    """Whoever is in the room sees a target go down that nobody here asked for."""
    if not isinstance(report, TargetChanged) or report.speed_kph is None or driver.phase != "running":
        return
    if report.speed_kph < (driver.told_ckph or 0) / 100 - 0.3:
        truth.lowered(report.speed_kph)


def _press(driver: Careless, truth: Truth, tick: int, stop_at_s: float | None) -> None:
    """The person starts after ten seconds; one who stops starts anew a quarter of a minute later."""
    starts = [100] if stop_at_s is None else [100, round((stop_at_s + 15) / TICK_S)]
    if tick in starts:
        truth.started()
        driver.start()
    elif stop_at_s is not None and tick == round(stop_at_s / TICK_S):
        driver.stop()


@pytest.fixture
def carefully(short_workout: Path) -> OurRunner:
    """The same workout on the same machine by ``simulate``, with the same truth held against its samples."""

    def run(name: str, *faults: str, **how: object) -> tuple[Simulated, dict[str, float]]:
        kind = ARCHETYPES[name]
        prepared = prepare(short_workout, kind.profile)
        assert prepared.offer.timeline is not None
        plan = RunPlan.of("temper", prepared.offer.timeline, prepared.tier.key)
        timed = tuple(parse_fault(one) for one in faults)
        done = simulate(Simulation(plan, kind, timed, trace=True, **how))  # type: ignore[arg-type]
        truth = Truth(TOP_KPH)
        lowered_s = next((one.at_s for one in timed if one.name == "foreign-lower"), math.inf)
        for one in done.samples:
            if one.at_s >= lowered_s:
                truth.lowered(max(kind.speed_min_ckph / 100, one.wanted.speed_kph - FOREIGN_LOWER_KPH))
                lowered_s = math.inf
            if one.mode is Mode.STARTING:
                truth.started()
            asked_kph = max(one.wanted.speed_kph, kind.speed_min_ckph / 100)
            still, stopping = one.mode in AT_REST, one.mode in (Mode.STOPPING, Mode.PAUSING)
            truth.look(Moment(one.at_s, one.true_kph, asked_kph, still, stopping, one.mode is Mode.ESCALATED))
        return done, truth.found

    return run
