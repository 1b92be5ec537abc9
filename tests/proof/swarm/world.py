"""One session of the swarm: the real conductor, guardian core, driver and judge on virtual time, and what befalls them.

It plays the two processes and what is between them as they are: messages on a pipe that keeps its order and takes its
time, ticks that come late, a look at the link every twentieth of a second, a main or a guardian that stands still while
its letters pile up, a computer that sleeps while the belt goes on. The same case gives the same run, to the last hash.
"""

from __future__ import annotations

import hashlib
import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.proof.swarm.case import HOST_FAULTS, MAIN_FAULTS, STRAP_FAULTS, Case, Trouble
from tests.proof.swarm.handing import Handing
from tests.proof.swarm.heeding import Heeding
from tests.proof.swarm.keeping import Keeping
from tests.proof.swarm.machines import Belt, made
from tests.proof.swarm.standby import NOTICES_S, Standby

from retrotread.devices.heart.simulated import SimulatedStrap
from retrotread.devices.simulated.answers import Pending
from retrotread.guardian.core import Core, Outcome
from retrotread.guardian.gate import Ticket
from retrotread.guardian.messages import (
    Acknowledge,
    Arm,
    Armed,
    CancelStart,
    ConfirmTurn,
    Connected,
    Feel,
    FromGuardian,
    Heartbeat,
    HoldDone,
    Intent,
    Pause,
    Rest,
    Snapshot,
    Stepped,
    StopNow,
    ToGuardian,
)
from retrotread.machine import Facing, Gait, LinkLost, Report, SetSpeed, StartBelt, StopBelt, Telemetry, gait
from retrotread.safety.attention import AnsweredBy
from retrotread.safety.feeling import Symptom
from retrotread.safety.hazards import Cause, Hazard
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.inputs import StopBy, TurnConfirm, Unreachable
from retrotread.safety.modes import ENDING, IN_MOTION, Mode
from retrotread.safety.stopping import StopClass
from retrotread.safety.tiers import TIERS
from retrotread.sessions.conductor import WELL, Conductor, Health, RunPlan
from retrotread.sessions.follower import EYES_S, Follower, Habits
from retrotread.sessions.oracles import Judge, Rules, Violation, rules_for
from retrotread.sessions.prepare import Asked, Written, laid_out
from retrotread.workouts import engine
from retrotread.workouts.engine import Phase
from retrotread.workouts.source import parse_workout
from retrotread.workouts.timeline import Timeline

TICK_S = 0.1
LOOK_S = 0.05
RARE_TIMES = 10
"""A lateness out of the ordinary is up to so many times the ordinary one."""

PATIENCE_S = 75.0
"""Longer than a pause may last: a run in which nothing has changed for so long has come to its end."""

LONGEST_WAIT_S = 330.0
"""Of a person who has left: longer than the five minutes that a turn may last."""

GIVES_UP_S = 12.0
"""With nobody left to tell them anything, the person looks at a belt that goes on for so long, and pulls the key."""

RECONNECT_WITHIN_S = 8.0
TRY_LASTS_S = 1.0
"""A try to reach a machine that is not there."""

DISOBEYS = frozenset({"plain/ignores-stop"})
MOVES_KPH = 0.3
"""A belt that has just been set going by itself may reach this before its second report."""

SLOW_PIPE_S = 0.4
LINK_FAULTS = ("reports-ahead", "reports-held-up", "beats-lost")
"""Of cases that are written by hand; no seed has them. A beat that is lost leaves the wishes of the program alone."""
AHEAD_S, HELD_UP_S = 0.5, 2.6
ASSUMED_DEAD_S = 20.0

TIMELY = frozenset(
    {"I3", "I6", "I7", "I9", "I18", "R5", "R7", "R8", "R9", "R11", "R12", "R13", "R13b", "R14", "R15", "R21"}
)
"""Invariants with a bound in time: a guardian that the computer does not let run cannot keep them meanwhile."""

GRACE_S = 0.35
LOOKED_AT_S = 8.0
"""A belt that begins to move as everybody leaves is still watched for so long: the alarm has its time."""

UNSEEN = frozenset({"I6", "END"})
UNRULY = DISOBEYS | {"plain/restarts-after-stop"}
"""What nobody can keep beside a machine that repeats its last report for ever, and ignores stops or starts again behind
them: nothing tells then."""
REPEATS, BEHIND_IT = "frozen", frozenset({"self-start", "ignore-stop", "runaway"})
"""Nor beside any machine that repeats for ever that it stands, and then starts by itself, or moves off behind its start
and speeds up by itself, or ignores the stop that follows: the counters of a belt at rest stand rightly too."""


@dataclass(slots=True)
class Reached:
    """What a run has come to: modes, the ways between them, causes, and what a stop has needed."""

    modes: set[str] = field(default_factory=set)
    ways: set[tuple[str, str]] = field(default_factory=set)
    hazards: set[str] = field(default_factory=set)
    stages: set[str] = field(default_factory=set)
    phases: set[str] = field(default_factory=set)
    befell: set[str] = field(default_factory=set)

    def add(self, other: Reached) -> None:
        """Both together."""
        for name in self.__slots__:
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True, slots=True)
class Ran:
    """How a case went. ``excused``: bounds in time that a guardian without a processor could not keep."""

    case: Case
    elapsed_s: float
    violations: tuple[Violation, ...]
    excused: tuple[Violation, ...]
    stops: tuple[tuple[float, Cause], ...]
    finished: bool
    digest: str
    reached: Reached
    trace: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def run(case: Case, trace: bool = False) -> Ran:
    """Run it to its end."""
    timeline, problems = timeline_of(case)
    if timeline is None:
        return Ran(case, 0.0, (), (), (), False, "", Reached(), problems=problems)
    belt = made(case.kind, case.seed)
    try:
        return World(case, timeline, belt, trace).run()
    finally:
        belt.close()


def timeline_of(case: Case, profile: object = None) -> tuple[Timeline | None, tuple[str, ...]]:
    """The plan laid out for its machine; sentences where it cannot be."""
    from tests.proof.swarm.machines import profile_of

    text = case.workout.encode()
    written = Written("swarm", text, parse_workout(text, "swarm"))
    prepared = laid_out(written, profile_of(case.kind), Asked(tier=TIERS[case.tier], accept_lowest=True))
    return prepared.offer.timeline, prepared.offer.problems


class World:
    """Everything of one run. Moments are seconds of the computer's monotonic clock; a belt lives in those and those
    that the computer slept."""

    def __init__(self, case: Case, timeline: Timeline, belt: Belt, trace: bool = False) -> None:
        self.case, self.belt = case, belt
        self.chance = random.Random(f"jitter {case.seed}")
        self.now_s = 0.0
        self.slept_s = 0.0
        self._timeline = timeline
        self._runs_left = case.runs - 1
        self.core = Core(belt.profile, 0.0)
        self.conductor = self._a_conductor(1)
        self.judge = Judge(self._rules(timeline.steps[0].facing))
        if case.heart is not None:
            self.judge.heart_ceiling(case.heart.ceiling_bpm, case.heart.required)
        self.keeping = Keeping(self._find)
        self.heeding = Heeding(case.tier, case.answers != "NOBODY", belt.profile.answer_within_ms / 1000, self._find)
        self.person = Follower(case.seed, Habits(case.pauses_s, case.goes_on))
        self.handing = Handing(belt.profile, self._find)
        self.strap = _strap(case)
        self.reached = Reached()
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order = 0
        self._to_guardian_s = self._to_main_s = 0.0
        self.guardian_free_s = self.main_free_s = 0.0
        self.main_dead_s: float | None = None
        self.guardian_dead_s: float | None = None
        self.standby: Standby | None = None
        self._moved_at_death = False
        self._late: list[tuple[float, float]] = []
        self._health: dict[str, float] = {}
        self._ui_turn_s = 0.0
        self._pending: dict[int, Ticket] = {}
        self._link_suffers: dict[str, float] = {}
        self._linked = True
        self._trying_s: float | None = None
        self._try_ends_s = 0.0
        self._snapshot: Snapshot | None = None
        self._mode = Mode.DISCONNECTED
        self._suspended_s = 0.0
        self._waits_since_s = 0.0
        self._still_since_s = 0.0
        self._own_fault = self._done = False
        self._course: tuple[object, ...] = ()
        self._found: list[Violation] = []
        self._stops: list[tuple[float, Cause]] = []
        self._finished = False
        self._hash = hashlib.blake2b(digest_size=12)
        self._trace: list[str] | None = [] if trace else None

    # --- the course of things -------------------------------------------------------------------------------

    def run(self) -> Ran:
        self._begin()
        while self._heap and self.now_s < self.case.longest_s and not self._done:
            self._one()
        return self._ran()

    def run_to(self, moment_s: float) -> None:
        """Let everything happen that is due by then."""
        while self._heap and self._heap[0][0] <= moment_s:
            self._one()

    def _begin(self) -> None:
        self.conductor.connected(Connected(1, self.belt.profile))
        self._guardian(lambda: self.core.linked(self.now_s))
        for every, first_s in ((self._tick, TICK_S), (self._main_tick, 0.07), (self._look, 0.02), (self._act, 0.09)):
            self._at(first_s, every)
        if self.strap is not None:
            self._at(1.0, self._heart)
        for trouble in self.case.troubles:
            self._at(trouble.at_s, lambda trouble=trouble: self._befalls(trouble))  # type: ignore[misc]
        for press in self.case.presses:
            self._at(press.at_s, lambda press=press: self.presses(press.key))  # type: ignore[misc]

    def _one(self) -> None:
        moment_s, _, what = heapq.heappop(self._heap)
        self.now_s = max(self.now_s, moment_s)
        what()

    def _at(self, moment_s: float, what: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._heap, (moment_s, self._order, what))

    def _lateness(self, usual_s: float) -> float:
        chance, rare = self.chance, self.case.jitter.rare
        if rare and chance.random() < rare:
            return usual_s * RARE_TIMES * chance.random()
        return usual_s * chance.random()

    def note(self, text: str) -> None:
        """A line of the trace."""
        if self._trace is not None:
            self._trace.append(f"{self.now_s:9.3f} {text}")

    # --- the guardian's process -----------------------------------------------------------------------------

    def _guardian(self, what: Callable[[], Outcome]) -> None:
        """Something that the guardian hears; later where it stands still, never where it is dead."""
        if self.guardian_dead_s is not None:
            return
        if self.now_s < self.guardian_free_s:
            self._at(self.guardian_free_s, lambda: self._guardian(what))
            return
        self._carry_out(what())

    def _tick(self) -> None:
        due_s = max(self.now_s, self.guardian_free_s) + TICK_S
        self._at(due_s + self._lateness(self.case.jitter.tick_s) - self.case.jitter.tick_s / 2, self._tick)
        self._guardian(self._ticked)

    def _ticked(self) -> Outcome:
        """The sleep of the computer first, then the tick, the writes that are given up, and the next try to connect."""
        self.judge.looks(self.now_s)
        if self._suspended_s:
            slept_s, self._suspended_s = self._suspended_s, 0.0
            self.heeding.slept(self.now_s)
            self.judge.slept(self.now_s)
            self._carry_out(self.core.suspended(slept_s, self.now_s))
        self._carry_out(self.core.tick(self.now_s))
        for number, ticket in tuple(self._pending.items()):
            if self.now_s >= ticket.deadline_s and not isinstance(ticket.command, StopBelt):
                self._give_up(number)
        self._reconnect()
        self._show(None)
        return Outcome()

    def _give_up(self, number: int) -> None:
        ticket = self._pending.pop(number)
        self.heeding.answered(number)
        self.handing.gave_up(self.now_s)
        asked = getattr(self.belt, "_asked", {})
        if number in asked:
            asked.pop(number).cancel()
        self.note(f"given up: {ticket.command}")

    def _look(self) -> None:
        """What came from the machine since the last look, with the lateness of the link."""
        self._at(self.now_s + LOOK_S, self._look)
        now_s, belt_s = self.now_s, self.now_s + self.slept_s
        reports = self.belt.advance(belt_s)
        if self.guardian_dead_s is not None:
            self._stood_by(reports, belt_s)
            return
        self.judge.truth(now_s, self.belt.belt_speed_kph, self.belt.deck_incline_percent)
        for late in self.belt.answers(belt_s):
            ticket = self._pending.pop(late.number, None)
            self.heeding.answered(late.number)
            if ticket is not None:
                self._comes(lambda ticket=ticket, late=late: self._answered(ticket, late.outcome))  # type: ignore[misc]
        if reports:
            self._comes(lambda: self._reported(tuple(self._in_our_time(one) for one in reports)))

    def _stood_by(self, reports: tuple[Report, ...], belt_s: float) -> None:
        """The guardian is dead, and so is its link; a moment later its standby takes over."""
        if self.standby is None:
            self.belt.let_go(belt_s)
            self.standby = Standby(self.belt, self.core.belt().stop_sent, belt_s + NOTICES_S)
            self._moved_at_death = self.belt.belt_speed_kph > MOVES_KPH
        elif not self.standby.ended and belt_s >= self.standby.began_s:
            self.standby.look(belt_s, reports)

    def _in_our_time(self, report: Report) -> Report:
        """Stamped on the clock that stands still in a sleep; a trouble may put the stamp ahead of the clock."""
        if isinstance(report, Telemetry) and self._link_is("reports-ahead"):
            return replace(report, measured_at_s=self.now_s + AHEAD_S)
        if self.slept_s and isinstance(report, Telemetry):
            return replace(report, measured_at_s=report.measured_at_s - self.slept_s)
        return report

    def _comes(self, what: Callable[[], Outcome]) -> None:
        """Over the link, in its order."""
        late_s = self._lateness(self.case.jitter.link_s) + (HELD_UP_S if self._link_is("reports-held-up") else 0.0)
        self._link_s = max(getattr(self, "_link_s", 0.0), self.now_s + late_s)
        self._at(self._link_s, lambda: self._guardian(what))

    def _link_is(self, name: str) -> bool:
        return self.now_s < self._link_suffers.get(name, 0.0)

    def _answered(self, ticket: Ticket, outcome: object) -> Outcome:
        self.judge.answered(self.now_s, ticket.command, outcome)  # type: ignore[arg-type]
        return self.core.answered(ticket, outcome, self.now_s)  # type: ignore[arg-type]

    def _reported(self, reports: tuple[Report, ...]) -> Outcome:
        """Together, in one look, as the process does it."""
        for report in reports:
            self.judge.report(self.now_s, report)
            if isinstance(report, Telemetry):
                self.heeding.report(self.now_s, report)
                self.handing.report(self.now_s, report)
            elif isinstance(report, LinkLost):
                self._linked = False
                self._pending.clear()
                self.heeding.link_lost()
                self.handing.link_lost()
                self.note(f"link lost: {report.reason}")
        return self.core.reports(reports, self.now_s)

    def _heart(self) -> None:
        """A reading a second, as long as the strap's link holds."""
        self._at(self.now_s + 1.0, self._heart)
        strap = self.strap
        if strap is None or not strap.linked(self.now_s):
            return
        reading = strap.reading(self.now_s, self.now_s)

        def heard() -> Outcome:
            self.judge.heart(self.now_s, reading.bpm, reading.contact, bool(reading.rr_s))
            return self.core.heart(reading, self.now_s)

        self._comes(heard)

    def _reconnect(self) -> None:
        """As the process does it: let go, be silent for as long as the core wants it, then try."""
        core, now_s = self.core, self.now_s
        if self._trying_s is None or now_s < max(self._trying_s, core.quiet_until_s):
            return
        if now_s >= self._try_ends_s:
            if not core.wants_reconnect(now_s):
                self._trying_s = None
                return
            core.reconnecting()
            self.heeding.tries()
            self._try_ends_s = now_s + TRY_LASTS_S
        if not self.belt.reconnect(now_s + self.slept_s):
            if getattr(self.belt, "_visit", None) is not None:  # on its way
                self._try_ends_s = max(self._try_ends_s, min(now_s + TRY_LASTS_S, self._trying_s + RECONNECT_WITHIN_S))
            return
        self._trying_s, self._linked = None, True
        self._pending.clear()
        self.note("reconnected")
        self.reached.stages.add("relinked")
        self._carry_out(core.linked(now_s))
        self._tell_main(Connected(core.epoch, self.belt.profile))

    def _carry_out(self, outcome: Outcome) -> None:
        for ticket in outcome.tickets:
            self._hand_over(ticket)
        if outcome.let_go:
            self.reached.stages.add("let go" if self.core.quiet_until_s == -math.inf else "let go into silence")
            self.note("the guardian ends the link")
            self._linked = False
            self.belt.let_go(self.now_s + self.slept_s)
        if outcome.reconnect and self._trying_s is None:
            self._trying_s = self.now_s
            self._try_ends_s = 0.0
        for message in outcome.messages:
            if isinstance(message, Stepped):
                self._stepped(message)
            else:
                if isinstance(message, Snapshot):
                    self._show(message)
                elif isinstance(message, Armed):
                    self.keeping.armed(self._runs_left, message)
                self._tell_main(message)

    def _hand_over(self, ticket: Ticket) -> None:
        if not self._linked and isinstance(ticket.command, StopBelt):
            self.note(f"no link for {ticket.command}")
            return
        self.judge.command(self.now_s, ticket.command)
        self.keeping.handed_over(ticket.command)
        self.handing.command(self.now_s, ticket.command)
        if isinstance(ticket.command, StopBelt):
            self.heeding.stop_frame()
        if not self._linked:
            return
        if isinstance(ticket.command, SetSpeed):
            self.heeding.set_speed(self.now_s, ticket.command.speed_ckph)
        elif isinstance(ticket.command, StartBelt):
            self.heeding.start(self.belt.profile.capabilities.speed_min_ckph)
        answer = self.belt.perform(ticket.command, self.now_s + self.slept_s)
        if isinstance(answer, Pending):
            self._pending[answer.number] = ticket
            self.heeding.handed_over(self.now_s, answer.number)
        else:
            self._comes(lambda: self._answered(ticket, answer))

    def _stepped(self, message: Stepped) -> None:
        """What the journal would keep of a step; the hash is made of it."""
        reached, state = self.reached, self.core.state
        mode = message.mode.value
        if message.mode is not self._mode:
            reached.ways.add((self._mode.value, mode))
            reached.modes.add(mode)
            self._mode = message.mode
        self.judge.state(self.now_s, mode)
        self.heeding.step(self.now_s, mode)
        self.handing.step(self.now_s, mode)
        self.keeping.stepped(self.now_s, message, (state.wanted.speed_ckph, state.drive.sent_ckph))
        self.keeping.standby_told(mode, self.core.belt())
        for cause in message.causes:
            reached.hazards.add(cause.hazard.value)
            if cause.hazard is Hazard.SELF_FAULT and not self._own_fault:
                self._find("SELF", cause.message)
        if state.stop is not None:
            self._stages()
        self._hash.update(
            f"{message.at_s:.6f} {message.elapsed_ms} {mode} {state.belt.speed_ckph} {state.drive.sent_ckph} "
            f"{len(message.inputs)} {message.commands}".encode()
        )
        if self._trace is not None and (message.commands or message.causes):
            causes = "; ".join(f"{one.hazard.value}: {one.message}" for one in message.causes)
            self.note(f"{mode} {message.commands or ''} {causes}")

    def _stages(self) -> None:
        stop, stages = self.core.state.stop, self.reached.stages
        assert stop is not None
        stages.add(stop.kind.value)
        if stop.frame_ms is not None:
            stages.add("frame" if stop.frames else "frame spared")
            if stop.frames > 1:
                stages.add("frame again")
            if stop.rested:
                stages.add("rested")
            if stop.kind is StopClass.CONTROLLED and stop.frames:
                stages.add("ramped down")
        if stop.refused:
            stages.add("refused")
        if stop.overdue:
            stages.add("overdue")
        if self.core.bare:
            stages.add("bare")

    def _show(self, snapshot: Snapshot | None) -> None:
        """What a screen that is alive would say of the newest snapshot, now."""
        if snapshot is not None:
            self._snapshot = snapshot
        shown = self._snapshot
        if shown is not None:
            self.judge.screen(self.now_s, self._label(shown))

    def _label(self, shown: Snapshot) -> str:
        return label_of(shown, self.now_s - shown.at_s, self.belt.profile.report_period_ms)

    # --- main -----------------------------------------------------------------------------------------------

    def _tell_main(self, message: FromGuardian) -> None:
        self._to_main_s = max(self._to_main_s, self.now_s + self._lateness(self.case.jitter.pipe_s))
        self._at(self._to_main_s, lambda: self._main_hears(message))

    def _main_hears(self, message: FromGuardian) -> None:
        if self.main_dead_s is not None:
            return
        if self.now_s < self.main_free_s:
            self._at(self.main_free_s, lambda: self._main_hears(message))
        elif isinstance(message, Snapshot):
            known = len(self.conductor.stops)
            self.say(self.conductor.seen(message, self.now_s))
            self._stops += self.conductor.stops[known:]
        elif isinstance(message, Connected):
            self.conductor.connected(message)

    def _main_tick(self) -> None:
        if self.main_dead_s is not None:
            return
        if self.now_s < self.main_free_s:
            self._at(self.main_free_s, self._main_tick)
            return
        self._at(self.now_s + TICK_S + self._lateness(self.case.jitter.main_s), self._main_tick)
        self.say(self.conductor.tick(self.now_s, self._how_main_is()))
        self.judge.wished(self.now_s, self.conductor.wish(self.now_s))
        for at_s, one in self.conductor.take_utterances():
            if one.rise:
                self.judge.cue(at_s)
        state = self.conductor.state
        self.reached.phases.add(state.phase.value)
        course = (state.phase, state.step_index, self._mode, state.plan_time_s // 1)
        if course != self._course:
            self._course, self._waits_since_s = course, self.now_s

    def _how_main_is(self) -> Health:
        now_s, health = self.now_s, self._health
        if not health and "clicker" not in self.reached.befell:
            self._ui_turn_s = now_s
            return WELL
        until_s = {name: since_s for name, since_s in health.items() if now_s < since_s}
        self._health = until_s
        if "ui-dead" not in until_s:
            self._ui_turn_s = now_s
        unreachable = tuple(one for one in Unreachable if one.value in until_s)
        recorder_s = now_s - self._recorded_s if "recorder-behind" in until_s else 0.0
        clicker = None if "clicker" not in self.reached.befell else "clicker-released" not in until_s
        return Health(
            now_s - self._ui_turn_s,
            "input-dead" not in until_s,
            unreachable,
            recorder_s,
            "recorder-failed" in until_s,
            "cues-failed" not in until_s,
            "host-sleeps" in until_s,
            8 if "battery-low" in until_s else None,
            clicker,
        )

    def say(self, said: tuple[ToGuardian, ...]) -> None:
        """Into the pipe, which keeps its order."""
        for message in said:
            if isinstance(message, Heartbeat) and self._link_is("beats-lost"):
                continue
            late_s = self._lateness(self.case.jitter.pipe_s)
            if "pipe-slow" in self._health:
                late_s += SLOW_PIPE_S * self.chance.random()
            self._to_guardian_s = max(self._to_guardian_s, self.now_s + late_s)
            self._at(self._to_guardian_s, lambda message=message: self._guardian(lambda: self._heard(message)))  # type: ignore[misc]

    def _heard(self, message: ToGuardian) -> Outcome:
        """The judge hears of what a person asked when the guardian does, and of nothing that came too late."""
        if self.main_dead_s is not None and self.now_s > self.main_dead_s + SLOW_PIPE_S:
            return Outcome()
        now_s = self.now_s
        current = getattr(message, "epoch", self.core.epoch) == self.core.epoch
        if current and now_s <= getattr(message, "deadline_s", math.inf):
            self._judge_hears(message)
        if self._trace is not None and not isinstance(message, (Heartbeat, Intent)):
            self.note(f"main says {message}")
        was, outcome = self._mode, self.core.message(message, now_s)
        if isinstance(message, Feel) and was in IN_MOTION and self.core.state.mode not in ENDING:
            self._find("R15", f"{message.what.value} was said, and the belt is {self.core.state.mode.value}")
        return outcome

    def _judge_hears(self, message: ToGuardian) -> None:
        judge, now_s = self.judge, self.now_s
        self.heeding.heard(now_s, message)
        match message:
            case Heartbeat():
                judge.beat(now_s)
            case Arm() if self._mode is not Mode.COUNTDOWN:  # refused there, and it counts on
                judge.way(self._rules(message.facing), message.facing, message.belt)
                judge.operator(now_s, "arm")
            case ConfirmTurn(what=TurnConfirm.ON_RAILS):
                judge.operator(now_s, "on rails")
            case ConfirmTurn():
                judge.faces(message.facing, message.belt)
            case StopNow(by=StopBy.OPERATOR):
                judge.operator(now_s, "stop")
            case _ if type(message) in _WORDS:
                judge.operator(now_s, _WORDS[type(message)])

    # --- the person -----------------------------------------------------------------------------------------

    def _act(self) -> None:
        self._at(self.now_s + TICK_S, self._act)
        self._done = self._over()
        if self.main_dead_s is not None or self.guardian_dead_s is not None:
            self._alone()
            return
        leaves_s = self.case.leaves_s
        if self.now_s < self.main_free_s or (leaves_s is not None and self.now_s >= leaves_s):
            return
        act = self.person.act(self.conductor, self.now_s)
        if act is None:
            return
        if act.pulls_key:
            self.note("the person pulls the key")
            self.reached.befell.add("key after alarm")
            self.belt.do("pull-key", self.now_s + self.slept_s)
            return
        if act.what == "person on":
            self.judge.operator(self.now_s, "person on")
        if act.what is not None:
            self.note(f"the person: {act.what}")
        self.say(act.said)

    def _alone(self) -> None:
        """Nobody tells them anything any more: they look at the belt."""
        since_s = max(one for one in (self.main_dead_s, self.guardian_dead_s) if one is not None)
        if self.person.key_s is None and self.now_s - since_s > GIVES_UP_S and self.belt.belt_speed_kph > 0:
            self.person.key_s = self.now_s
            self.belt.do("pull-key", self.now_s + self.slept_s)

    def presses(self, key: str) -> None:
        """A key, whatever it means now."""
        if self.main_dead_s is not None or self.guardian_dead_s is not None:
            return
        if self.now_s < self.main_free_s:
            if key == "stop":
                self._at(self.main_free_s, lambda: self.presses(key))
            return
        self.reached.befell.add(f"key {key}")
        self.note(f"key {key}")
        seen = self.conductor.snapshot
        if seen is not None and seen.mode is Mode.COUNTDOWN and key not in ("stop", "stale"):
            key = "cancel"  # so the screen does it: any key ends the countdown
        if key == "on" and self.conductor.state.phase is Phase.WAITING_FOR_PERSON:
            self.judge.operator(self.now_s, "person on")
        self.say(_KEYS[key](self.conductor, self.now_s))

    # --- what befalls them ----------------------------------------------------------------------------------

    def _befalls(self, trouble: Trouble) -> None:
        name, ends_s = trouble.name, self.now_s + trouble.lasts_s
        if name in LINK_FAULTS:
            self._link_suffers[name] = ends_s
        elif name in MAIN_FAULTS:
            self._main_suffers(name, ends_s)
        elif name in HOST_FAULTS:
            self._host_suffers(name, trouble)
        elif name in STRAP_FAULTS:
            self._strap_suffers(name)
        elif not self.belt.do(name, self.now_s + self.slept_s):
            return
        self.reached.befell.add(name)
        self.note(f"trouble: {name} {trouble.lasts_s}")

    def _main_suffers(self, name: str, ends_s: float) -> None:
        if name == "main-dies":
            if self.main_dead_s is None:
                self.main_dead_s = self.now_s
                self._at(self.now_s + 0.005, lambda: self._guardian(self._main_gone))
        elif name == "main-hangs":
            self.main_free_s = max(self.main_free_s, ends_s)
        else:
            if name == "recorder-behind":
                self._recorded_s = self.now_s
            if name == "clicker-released":
                self.reached.befell.add("clicker")
            health = name if name not in ("focus", "locked", "remote") else Unreachable[name.upper()].value
            self._health[health] = ends_s

    def _main_gone(self) -> Outcome:
        self.heeding.main_gone()
        return self.core.main_gone(self.now_s)

    def _host_suffers(self, name: str, trouble: Trouble) -> None:
        lasts_s = trouble.lasts_s
        if name == "host-sleeps":
            self._health["host-sleeps"] = self.now_s + 0.5
            self._at(self.now_s + 0.5, lambda: self._sleeps(lasts_s * 5))
        elif name == "host-sleeps-unsaid":
            self._sleeps(lasts_s * 5)
        elif name == "stays-awake":
            self._health["host-sleeps"] = self.now_s + lasts_s
        elif name == "guardian-late":
            self._stands_still(0.26 + 0.04 * lasts_s)
            self._at(self.now_s + 2.0, lambda: self._stands_still(0.3 + 0.1 * self.chance.random()))
        elif name == "guardian-dies":
            if self.guardian_dead_s is None:
                self.guardian_dead_s = self.now_s
                self.conductor.take_utterances()
                self.conductor.guardian_lost("the guardian has ended", self.now_s)
                self.keeping.guardian_lost(self.conductor.take_utterances())
        else:
            self._own_fault = True
            self._guardian(lambda: self.core.failed(AssertionError("a trouble of the swarm"), self.now_s))

    def _stands_still(self, seconds: float) -> None:
        self.guardian_free_s = self.now_s + seconds
        self._late.append((self.now_s, self.guardian_free_s))

    def _sleeps(self, seconds: float) -> None:
        """The belt goes on, and what it said meanwhile is lost; our clock stands still."""
        seconds = max(seconds, 1.0)
        self.slept_s += seconds
        self._suspended_s += seconds
        lost = self.belt.advance(self.now_s + self.slept_s)
        self.note(f"slept for {seconds:.1f} s")
        kept = tuple(one for one in lost if not isinstance(one, Telemetry))
        if kept:
            self._comes(lambda: self._reported(kept))

    def _strap_suffers(self, name: str) -> None:
        if self.strap is not None:
            part = {"strap-off": "off_s", "strap-frozen": "freeze_s", "strap-jump": "jump_s", "strap-drop": "drop_s"}
            self.strap = replace(self.strap, **{part[name]: self.now_s})  # type: ignore[arg-type]  # all are moments

    # --- the end --------------------------------------------------------------------------------------------

    def _over(self) -> bool:
        if self.guardian_dead_s is not None:
            return self.now_s - self.guardian_dead_s > ASSUMED_DEAD_S
        if self.main_dead_s is not None:
            gone_s = self.now_s - self.main_dead_s
            return gone_s > 60.0 or (gone_s > 5.0 and self.core.at_rest())
        if not self._at_its_end():
            self._still_since_s = self.now_s
            return False
        moving = self.belt.belt_speed_kph > MOVES_KPH
        if self.now_s - self._still_since_s < (LOOKED_AT_S if moving else 3.0):
            return False
        return not self._another_run()

    def _at_its_end(self) -> bool:
        conductor, snapshot, person = self.conductor, self.conductor.snapshot, self.person
        if snapshot is None or self.now_s < self.main_free_s:
            return False
        patience_s = PATIENCE_S if self.case.leaves_s is None else LONGEST_WAIT_S
        gave_up = self.now_s - self._waits_since_s >= patience_s
        if not snapshot.standstill:
            pulled = person.key_s is not None and self.now_s - person.key_s >= EYES_S
            return pulled or (gave_up and snapshot.mode not in _UNDER_WAY)
        if person.goes_on(conductor, self.now_s):
            return False
        if conductor.state.phase in engine.ENDS:
            return snapshot.mode not in _UNDER_WAY
        return gave_up or snapshot.mode in (Mode.LATCHED, Mode.FAULT, Mode.ESCALATED)

    def _another_run(self) -> bool:
        """Where there is one more to come, the person reads the cause, puts the key back and begins anew."""
        snapshot = self.conductor.snapshot
        assert snapshot is not None
        if not self._runs_left or snapshot.mode is Mode.FAULT or not snapshot.link_up or not snapshot.standstill:
            return False
        last, first = self.conductor.step, self._timeline.steps[0]
        if (last.facing, last.belt) != (first.facing, first.belt):  # another way needs a turn
            return False
        self._runs_left -= 1
        self._finished = self._finished or self.conductor.state.phase is Phase.FINISHED
        self.belt.do("insert-key", self.now_s + self.slept_s)
        before, self.conductor = self.conductor, self._a_conductor(2)
        self.conductor._seq = before._seq  # one pipe counts on
        self.conductor.connected(Connected(self.core.epoch, self.belt.profile))
        self.person = Follower(self.case.seed + 1, Habits(self.case.pauses_s, self.case.goes_on))
        self._waits_since_s = self._still_since_s = self.now_s
        self.say((Acknowledge(self.core.epoch, key_tested=True), Acknowledge(self.core.epoch, key_tested=True)))
        self.reached.stages.add("another run")
        return True

    def _ran(self) -> Ran:
        now_s, conductor = self.now_s, self.conductor
        self.judge.finish(now_s)
        moving = self.belt.belt_speed_kph > MOVES_KPH
        snapshot = self._snapshot
        watched = self.guardian_dead_s is None and self.main_dead_s is None
        told = "unknown" if snapshot is None else self._label(snapshot)
        if watched and moving and told not in ("alarm", "unknown"):
            rule = "END" if told == "stopped" else "SAID"  # of a belt that is reported to move somebody has to be told
            self._find(rule, f"the run is over, and the belt moves at {self.belt.belt_speed_kph:.2f} km/h unalarmed")
        if self.standby is not None:
            self._judge_standby(self.standby)
        for sentence in getattr(self.belt, "objections", ()):
            self._find("I1", sentence)
        if now_s >= self.case.longest_s:
            self._find("END", f"the run had no end within {self.case.longest_s:.0f} s: {conductor.state.phase.value}")
        found = [*self.judge.violations, *self._found]
        excused = [one for one in found if self._excused(one)]
        self._hash.update(repr((self.core.state, found)).encode())
        return Ran(
            self.case,
            now_s + self.slept_s,
            tuple(one for one in found if one not in excused),
            tuple(excused),
            tuple(self._stops),
            self._finished or conductor.state.phase is Phase.FINISHED,
            self._hash.hexdigest(),
            self.reached,
            () if self._trace is None else tuple(self._trace),
        )

    def _judge_standby(self, standby: Standby) -> None:
        """A machine that nothing else befell is stopped by it, long before a person takes it for hopeless."""
        for one in standby.objections:
            self._find("I20", one)
        self.reached.stages.add("standby")
        if standby.takeover.stops:
            self.reached.stages.add("standby stopped")
        alone = self.reached.befell <= {"guardian-dies"} and not self.case.kind.startswith("cable")
        obeys = self.case.kind not in DISOBEYS
        if alone and obeys and self._moved_at_death and self.person.key_s is not None:
            self._find("I20", f"the guardian died, and {GIVES_UP_S:.0f} s later the belt still moved")

    def _excused(self, one: Violation) -> bool:
        if one.invariant in TIMELY and self.guardian_dead_s is not None and one.at_s > self.guardian_dead_s:
            return True
        if one.invariant in UNSEEN and self._unseen(one.at_s):
            return True
        late = any(from_s - GRACE_S <= one.at_s <= to_s + GRACE_S for from_s, to_s in self._late)
        return one.invariant in TIMELY and late

    def _unseen(self, at_s: float) -> bool:
        """Whether by then the machine had repeated its last report for ever, beside what nobody sees behind that."""
        befell = {one.name for one in self.case.troubles if one.at_s <= at_s} & self.reached.befell
        return REPEATS in befell and bool(self.case.kind in UNRULY or BEHIND_IT & befell)

    def _find(self, invariant: str, message: str) -> None:
        if not any(one.invariant == invariant for one in self._found):
            self._found.append(Violation(invariant, self.now_s, message))

    def _a_conductor(self, number: int) -> Conductor:
        case = self.case
        heart = None if case.heart is None else HeartCeiling(case.heart.ceiling_bpm, case.heart.required)
        name, answers = f"swarm {case.seed} {number}", AnsweredBy[case.answers]
        plan = RunPlan(name, self._timeline, case.tier, case.session_max_s, heart, answers=answers)
        return Conductor(plan, self.now_s)

    def _rules(self, facing: Facing) -> Rules:
        belt = self._timeline.belt if not hasattr(self, "conductor") else self.conductor.step.belt
        return rules_for(self.case.tier, gait(facing, belt) is Gait.BACKWARD, facing, self.belt.profile)


_UNDER_WAY = frozenset({Mode.STARTING, Mode.RUN, Mode.PAUSING, Mode.STOPPING})
_WORDS: dict[type[ToGuardian], str] = {
    HoldDone: "hold",
    CancelStart: "cancel",
    Pause: "pause",
    Rest: "rest",
    Acknowledge: "acknowledge",
}


def label_of(snapshot: Snapshot, passed_s: float, period_ms: int) -> str:
    """The one word that a screen may make of a snapshot that came ``passed_s`` ago."""
    if snapshot.alarm:
        return "alarm"
    age_s = math.inf if snapshot.age_s is None else snapshot.age_s + passed_s
    if age_s > 3.0:
        return "unknown"
    if snapshot.standstill and age_s <= min(max(1.0, 2 * period_ms / 1000), 3.0):
        return "stopped"
    return "stopping" if snapshot.mode in (Mode.STOPPING, Mode.PAUSING) else "running"


def _stale(conductor: Conductor, now_s: float) -> tuple[ToGuardian, ...]:
    """For a connection that is gone, and for another moment."""
    return (HoldDone(0, now_s + 1), HoldDone(99, now_s + 1), Intent(0, 10_000, now_s + 1, 9.0, 0.0), Pause(0))


def _stop(conductor: Conductor, now_s: float) -> tuple[ToGuardian, ...]:
    return (StopNow(StopBy.OPERATOR), *conductor.stopped_by_person(now_s))


_KEYS: dict[str, Callable[[Conductor, float], tuple[ToGuardian, ...]]] = {
    "stop": _stop,
    "pause": Conductor.pause,
    "arm": Conductor.arm,
    "hold": Conductor.hold_done,
    "cancel": lambda conductor, _now_s: conductor.cancel_start(),
    "on": Conductor.person_on,
    "acknowledge": lambda conductor, _now_s: conductor.acknowledge(False),
    "acknowledge-key": lambda conductor, _now_s: conductor.acknowledge(True),
    "finish": Conductor.finish,
    "next": Conductor.next_step,
    "previous": Conductor.previous_step,
    "wait": Conductor.hold,
    "extend": Conductor.extend,
    "nudge-up": lambda conductor, now_s: conductor.nudge(0.1, now_s),
    "nudge-down": lambda conductor, now_s: conductor.nudge(-0.1, now_s),
    "scale-up": lambda conductor, now_s: conductor.scale(5, now_s),
    "scale-down": lambda conductor, now_s: conductor.scale(-10, now_s),
    "confirm": Conductor.confirm_turn,
    "continue": Conductor.continue_run,
    "attend": Conductor.all_right,
    "dizzy": lambda conductor, now_s: conductor.feel(Symptom.DIZZY, now_s),
    "breath": lambda conductor, now_s: conductor.feel(Symptom.BREATH, now_s),
    "pain-4": lambda conductor, _now_s: conductor.rate(4, None),
    "pain-1": lambda conductor, _now_s: conductor.rate(1, None),
    "pain-8": lambda conductor, _now_s: conductor.rate(8, None),
    "effort-9": lambda conductor, _now_s: conductor.rate(None, 9),
    "effort-10": lambda conductor, _now_s: conductor.rate(None, 10),
    "stale": _stale,
    "arm-for-an-hour": lambda conductor, now_s: tuple(
        [replace(one, session_max_s=3600.0) if isinstance(one, Arm) else one for one in conductor.arm(now_s)]
    ),
    "arm-unchecked": lambda conductor, now_s: tuple(
        [replace(one, checklist_done=False) if isinstance(one, Arm) else one for one in conductor.arm(now_s)]
    ),
}


def _strap(case: Case) -> SimulatedStrap | None:
    heart = case.heart
    return None if heart is None else SimulatedStrap(heart.kind, heart.bpm, heart.to_bpm, heart.in_s)
