"""The bench itself: conductor, guardian's core and simulated treadmill, with no clock: moments are handed in.

The person on it starts as soon as the belt is seen still, stands on it, and answers the attention check. After a stop
they wait for whoever sits at the bench.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...devices.heart.strap import StrapReading
from ...devices.simulated.answers import Pending
from ...devices.simulated.archetype import Archetype
from ...devices.simulated.treadmill import SimulatedTreadmill
from ...guardian.core import Core, Outcome
from ...guardian.gate import Ticket
from ...guardian.messages import Attend, Connected, Snapshot, StopNow
from ...machine import Command, CommandOutcome, LinkLost, Report
from ...safety.feeling import Symptom
from ...safety.hazards import Action, Cause
from ...safety.heart import HeartCeiling
from ...safety.inputs import StopBy, Unreachable
from ...safety.modes import Mode
from ...workouts.engine import Phase
from ..conductor import Conductor, Health, RunPlan, Said
from ..prepare import Asked, laid_out, written_as
from .flags import BY_KEY, Flag, Kind

TICK_S = 0.1
RECONNECT_S = 1.0
WORDS = "40 min at 2.5 km/h backward"
CEILING_BPM, CALM_BPM, RACING_BPM = 170, 110, 185
REPORTED_TICKS = 10
"""A strap tells once a second."""

SENT_KEPT = 5
SLEPT_S = 600.0
RUNS_AFTER_S = 70.0
"""The start, the step onto the belt and the ramp are over by then."""

_STARTS_FROM = frozenset({Mode.IDLE, Mode.PAUSED})


@dataclass(frozen=True, slots=True)
class Sent:
    """A command that went to the treadmill."""

    at_s: float
    command: Command


@dataclass(frozen=True, slots=True)
class BenchView:
    """What is to be seen: the guardian's own word, the truth beside it, and what is switched on."""

    at_s: float
    snapshot: Snapshot
    belt_kph: float
    sent: tuple[Sent, ...]
    on: frozenset[str]
    happened: tuple[str, ...]

    @property
    def strongest(self) -> Cause | None:
        """The cause with the strongest action; the first of several."""
        return max(self.snapshot.causes, key=lambda one: one.action, default=None)

    @property
    def in_force(self) -> Action:
        """The strongest action that has a cause now."""
        return Action.ALLOW if self.strongest is None else self.strongest.action


def bench_of(kind: Archetype) -> Bench:
    """A bench whose belt runs already."""
    bench = Bench(kind)
    bench.advance(RUNS_AFTER_S)
    return bench


class Bench:
    """One bench. ``on`` are the keys of the switches that are on, ``happened`` of the deeds that were done."""

    def __init__(self, kind: Archetype) -> None:
        self.treadmill = SimulatedTreadmill(kind)
        prepared = laid_out(written_as(WORDS), self.treadmill.profile, Asked())
        assert prepared.offer.timeline is not None, prepared.offer.problems
        plan = RunPlan.of("bench", prepared.offer.timeline, prepared.tier.key)
        self.core = Core(self.treadmill.profile, 0.0)
        self.conductor = Conductor(replace(plan, heart=HeartCeiling(CEILING_BPM)), 0.0)
        self.now_s = 0.0
        self.on: frozenset[str] = frozenset()
        self.happened: tuple[str, ...] = ()
        self.sent: tuple[Sent, ...] = ()
        self._ticks = 0
        self._starts = True
        self._switched_s: dict[str, float] = {}
        self._answers: list[tuple[Ticket, CommandOutcome]] = []
        self._pending: dict[int, Ticket] = {}
        self._reconnect_s: float | None = None
        self._said: Said = ()
        self.conductor.connected(Connected(1, self.treadmill.profile))
        self._carry_out(self.core.linked(0.0))

    # --- what is done to it -----------------------------------------------------------------------------------

    def press(self, key: str) -> Flag | None:
        """Do what this key does, now; None for a key without a meaning here."""
        flag = BY_KEY.get(key)
        if flag is None:
            return None
        if flag.kind is Kind.SWITCH:
            self.on ^= {key}
            self._switched_s[key] = self.now_s
        else:
            self.happened = (*self.happened, key)
            self._do(flag)
        return flag

    def _do(self, flag: Flag) -> None:
        now_s = self.now_s
        if flag.fault is not None:
            self.treadmill.suffer(flag.fault, now_s)
        elif flag.key in _AT_THE_KEY:
            _AT_THE_KEY[flag.key](self.treadmill, now_s)
        elif flag.key in _SAYS:
            self._tell(_SAYS[flag.key](self.conductor, now_s))
        elif flag.key == "-":
            self._carry_out(self.core.suspended(SLEPT_S, now_s))
        else:
            self._start_again()

    def _start_again(self) -> None:
        """A new run over the same belt, where the last one has ended; else on with this one."""
        self._starts = True
        if self.conductor.ended is None and self.conductor.state.phase is not Phase.STOPPED:
            return
        plan = replace(self.conductor.plan, run_id=f"bench {self._ticks}")
        self.conductor = Conductor(plan, self.now_s)
        self.conductor.connected(Connected(self.core.epoch, self.treadmill.profile))

    # --- time -------------------------------------------------------------------------------------------------

    def advance(self, now_s: float) -> None:
        """Let time pass up to this moment, in tenths of a second."""
        while self.now_s + TICK_S <= now_s + 1e-9:
            self._tick()

    def _tick(self) -> None:
        self._ticks += 1
        now_s = self.now_s = self._ticks * TICK_S
        reports = self.treadmill.advance(now_s)
        self._hear_answers()
        self._hear_heart()
        for report in reports:
            if isinstance(report, LinkLost):
                self._carry_out(self.core.report(report, now_s))
        said, self._said = self._said, ()
        self._carry_out(self.core.together(now_s, _without_loss(reports), said))
        self._reconnect()
        if "1" not in self.on:
            self._said += self.conductor.tick(now_s, self._health())
            self._person()

    def _health(self) -> Health:
        on = self.on
        away = {"4": Unreachable.FOCUS, "5": Unreachable.LOCKED, "6": Unreachable.REMOTE}
        return Health(
            ui_age_s=self._since_s("2"),
            input_alive="3" not in on,
            unreachable=tuple(what for key, what in away.items() if key in on),
            recorder_age_s=self._since_s("7"),
            cues_ok="8" not in on,
            host_sleeps="0" in on,
            battery_percent=8 if "9" in on else 80,
            clicker_held=False if "." in on else None,
        )

    def _since_s(self, key: str) -> float:
        """For how long it is switched on; nothing while it is not."""
        return self.now_s - self._switched_s[key] if key in self.on else 0.0

    def _person(self) -> None:
        """Who is on the belt does what the program asks for."""
        snapshot, conductor, now_s = self.conductor.snapshot, self.conductor, self.now_s
        if snapshot is None:
            return
        if conductor.state.phase is Phase.WAITING_FOR_PERSON:
            self._tell(conductor.person_on(now_s))
        elif snapshot.mode is Mode.RUN:
            self._starts = False
            if "w" not in self.on and self._ticks % REPORTED_TICKS == 0:
                self._tell((Attend(),))
        elif snapshot.mode is Mode.ARMED:
            self._tell(conductor.hold_done(now_s))
        elif (
            self._starts and snapshot.mode in _STARTS_FROM and snapshot.standstill and self._ticks % REPORTED_TICKS == 0
        ):
            self._tell(conductor.arm(now_s))

    # --- between them -----------------------------------------------------------------------------------------

    def _tell(self, said: Said) -> None:
        for message in said:
            self._carry_out(self.core.message(message, self.now_s))

    def _hear_answers(self) -> None:
        answers, self._answers = self._answers, []
        late = ((self._pending.get(one.number), one.outcome) for one in self.treadmill.answers(self.now_s))
        for ticket, outcome in (*answers, *late):
            if ticket is not None:
                self._carry_out(self.core.answered(ticket, outcome, self.now_s))

    def _hear_heart(self) -> None:
        if self._ticks % REPORTED_TICKS or "t" in self.on:
            return
        bpm = RACING_BPM if "o" in self.on else CALM_BPM
        self._carry_out(self.core.heart(StrapReading(self.now_s, bpm, True, (60 / bpm,)), self.now_s))

    def _reconnect(self) -> None:
        """What the guardian's process does after a lost link: try again, as long as the core wants it."""
        if self._reconnect_s is None or self.now_s < self._reconnect_s:
            return
        if not self.core.wants_reconnect(self.now_s):
            self._reconnect_s = None
            return
        self.core.reconnecting()
        self._reconnect_s = self.now_s + RECONNECT_S
        if self.treadmill.reconnect(self.now_s):
            self._reconnect_s = None
            self._pending.clear()
            self._carry_out(self.core.linked(self.now_s))

    def _carry_out(self, outcome: Outcome) -> None:
        for ticket in outcome.tickets:
            self.sent = (*self.sent, Sent(self.now_s, ticket.command))[-SENT_KEPT:]
            answer = self.treadmill.perform(ticket.command, self.now_s)
            if isinstance(answer, Pending):
                self._pending[answer.number] = ticket
            else:
                self._answers.append((ticket, answer))
        if outcome.reconnect and self._reconnect_s is None:
            self._reconnect_s = self.now_s + RECONNECT_S
        for message in outcome.messages:
            if isinstance(message, Snapshot):
                self._said += self.conductor.seen(message, self.now_s)

    # --- what is to be seen -----------------------------------------------------------------------------------

    def view(self) -> BenchView:
        """How everything is now."""
        snapshot = self.core.snapshot(self.now_s) if self.conductor.snapshot is None else self.conductor.snapshot
        return BenchView(self.now_s, snapshot, self.treadmill.belt_speed_kph, self.sent, self.on, self.happened)


_AT_THE_KEY: dict[str, Callable[[SimulatedTreadmill, float], None]] = {
    "u": SimulatedTreadmill.pull_safety_key,
    "v": SimulatedTreadmill.insert_safety_key,
}
_SAYS: dict[str, Callable[[Conductor, float], Said]] = {
    "space": lambda conductor, now_s: (StopNow(StopBy.OPERATOR), *conductor.stopped_by_person(now_s)),
    "p": lambda conductor, now_s: conductor.pause(now_s),
    "r": lambda conductor, _now_s: conductor.acknowledge(True),
    "x": lambda conductor, now_s: conductor.feel(Symptom.DIZZY, now_s),
    "y": lambda conductor, _now_s: conductor.rate(None, 9),
    "z": lambda conductor, _now_s: conductor.rate(6, None),
}


def _without_loss(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    return tuple(report for report in reports if not isinstance(report, LinkLost))
