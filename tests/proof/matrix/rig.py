"""One belt, the guardian's core and a main that says little, in steps of a twentieth of a second: for the fault matrix.

A rig is brought to a moment once and then copied for every fault, because a copy costs less than the way there.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from retrotread.devices.heart.strap import StrapReading
from retrotread.devices.simulated.answers import Pending
from retrotread.devices.simulated.archetype import Archetype
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.treadmill import SimulatedTreadmill
from retrotread.guardian.core import Core, Outcome
from retrotread.guardian.gate import Ticket
from retrotread.guardian.messages import (
    Arm,
    ConfirmTurn,
    Heartbeat,
    HoldDone,
    Intent,
    Pause,
    Snapshot,
    Stepped,
    StopNow,
    ToGuardian,
    Turn,
)
from retrotread.machine import (
    Accepted,
    BeltDirection,
    Command,
    Facing,
    LinkLost,
    Report,
    SetSpeed,
    StartBelt,
    StopBelt,
    Telemetry,
    Unknown,
)
from retrotread.safety.hazards import Action, Hazard
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.inputs import StopBy, TurnConfirm
from retrotread.safety.limits import PlanCeiling
from retrotread.safety.modes import ENDING, IN_MOTION, Mode
from retrotread.sessions.oracles import Judge, rules_for

STEP_S = 0.05
CRUISE_KPH = 3.0
FORWARD, CONSOLE, REAR = BeltDirection.FORWARD, Facing.CONSOLE, Facing.REAR

DRIVERS: dict[str, Callable[[Archetype], Archetype]] = {
    "ftms": lambda kind: replace(kind, answer_after_s=0.05, command_lag_s=0.4),
    "serial": lambda kind: replace(kind, answer_after_s=0.0, command_lag_s=0.15, runs_on_when_link_lost=True),
}
"""The reports of an FTMS machine carry counters, those of a serial one do not."""


@dataclass(slots=True)
class Log:
    """What left the core since ``since_s``; the first moment of each thing, in seconds after it."""

    since_s: float = 0.0
    sent: list[tuple[float, Command]] = field(default_factory=list)
    modes: list[tuple[float, Mode]] = field(default_factory=list)
    hazards: dict[Hazard, float] = field(default_factory=dict)
    alarm_s: float | None = None
    freeze_s: float | None = None
    set_ckph: int = 0
    rose_frozen_s: list[float] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)

    @property
    def stop_s(self) -> float | None:
        """The first stop frame."""
        return next((at_s for at_s, one in self.sent if isinstance(one, StopBelt)), None)

    @property
    def fall_s(self) -> float | None:
        """The first stop frame or lower set-point."""
        before = self.set_ckph
        for at_s, one in self.sent:
            if isinstance(one, StopBelt) or (isinstance(one, SetSpeed) and one.speed_ckph < before):
                return at_s
            before = one.speed_ckph if isinstance(one, SetSpeed) else before
        return None

    @property
    def rises_s(self) -> list[float]:
        """Every set-point above the one before it."""
        before, found = self.set_ckph, []
        for at_s, one in self.sent:
            if isinstance(one, SetSpeed):
                found += [at_s] if one.speed_ckph > before else []
                before = one.speed_ckph
        return found

    def count(self, kind: type[Command]) -> int:
        return sum(isinstance(one, kind) for _, one in self.sent)


class Rig:
    """See above. Faults that are not the belt's are switches here."""

    def __init__(self, kind: Archetype, driver: str, period_s: float) -> None:
        kind = replace(DRIVERS[driver](kind), report_period_s=period_s, report_jitter=0.0)
        self.kind, self.driver = kind, driver
        self.now_s = 0.0
        self.steps = 0
        self.belt = SimulatedTreadmill(kind)
        self.core = Core(kind.profile, 0.0)
        self.judge = Judge(rules_for("walker", False, CONSOLE, kind.profile))
        self.log = Log()
        self.mode = Mode.DISCONNECTED
        self.snapshot: Snapshot | None = None
        self.beats = self.reads = self.obeys_set = self.answers_stop = True
        self.recorder_failed = False
        self.corrupts = False
        self.wish: float | None = None
        self.heart_bpm: int | None = None
        self.seq = 0
        self.slept_s = 0.0
        self.linked = True
        self.stop_left = False
        self.try_s: float | None = None
        self.pending: dict[int, Ticket] = {}
        self.answered: list[tuple[Ticket, object]] = []
        self._carry_out(self.core.linked(0.0))

    # --- time -----------------------------------------------------------------------------------------------

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.step()

    def until(self, mode: Mode, within_s: float = 30.0) -> None:
        for _ in range(round(within_s / STEP_S)):
            if self.mode is mode:
                return
            self.step()
        raise AssertionError(f"{self.mode.value} after {within_s} s, not {mode.value}")

    def step(self) -> None:
        self.steps += 1
        self.now_s = now_s = round(self.steps * STEP_S, 3)
        belt_s = now_s + self.slept_s
        reports = tuple(self._heard(one) for one in self.belt.advance(belt_s))
        if self.steps % 2 == 0:
            self.judge.truth(now_s, self.belt.belt_speed_kph, self.belt.deck_incline_percent)
        answered, self.answered = self.answered, []
        for late in self.belt.answers(belt_s):
            if late.number in self.pending:
                answered.append((self.pending.pop(late.number), late.outcome))
        for ticket, outcome in answered:
            self.judge.answered(now_s, ticket.command, outcome)  # type: ignore[arg-type]
            self._carry_out(self.core.answered(ticket, outcome, now_s))  # type: ignore[arg-type]
        self._report(reports)
        self._main(now_s)
        if self.steps % 2 == 0:
            self._carry_out(self.core.tick(now_s))
            self._tell_a_standby()
            self._reconnect(now_s)
            self._show()

    def _tell_a_standby(self) -> None:
        """What the process that would take over is told has to be true: it stops no belt that was stopped already."""
        told = self.core.belt()
        if told.stop_sent and not self.stop_left:
            self.log.untrue.append(f"a standby is told of a stop that has not left, in {self.mode.value}")
        if not told.may_move and self.mode in IN_MOTION | ENDING:
            self.log.untrue.append(f"a standby is told of a belt at rest, in {self.mode.value}")

    def _heard(self, report: Report) -> Report:
        if not isinstance(report, Telemetry):
            return report
        if self.corrupts:
            return replace(report, speed_kph=float("nan"), machine_time_s=None)
        if self.driver == "serial":
            report = replace(report, machine_time_s=None, distance_m=None)
        return replace(report, measured_at_s=report.measured_at_s - self.slept_s) if self.slept_s else report

    def _report(self, reports: tuple[Report, ...]) -> None:
        for report in reports:
            self.judge.report(self.now_s, report)
            if isinstance(report, LinkLost):
                self.linked = False
                self.pending.clear()
            self._carry_out(self.core.report(report, self.now_s))

    def _main(self, now_s: float) -> None:
        if self.heart_bpm is not None and self.steps % 20 == 0:
            self._carry_out(self.core.heart(StrapReading(now_s, self.heart_bpm, True, (0.8,)), now_s))
        if not self.beats or self.steps % 4:
            return
        self.seq += 1
        self.judge.beat(now_s)
        self.say(Heartbeat(self.seq, 0.0, True, recorder_failed=self.recorder_failed))
        if self.wish is not None and self.core.state.mode is Mode.RUN:
            self.seq += 1
            self.say(Intent(self.core.epoch, self.seq, now_s + 0.3, self.wish, 0.0))

    def _reconnect(self, now_s: float) -> None:
        if self.try_s is None or now_s < max(self.try_s, self.core.quiet_until_s):
            return
        if not self.core.wants_reconnect(now_s):
            self.try_s = None
            return
        self.core.reconnecting()
        self.try_s = now_s + 1.5
        if self.belt.reconnect(now_s + self.slept_s):
            self.try_s, self.linked = None, True
            self.pending.clear()
            self._carry_out(self.core.linked(now_s))

    # --- out ------------------------------------------------------------------------------------------------

    def say(self, message: ToGuardian) -> None:
        self._carry_out(self.core.message(message, self.now_s))

    def carry_out(self, outcome: Outcome) -> None:
        """What the core answers to something that a test did to it."""
        self._carry_out(outcome)

    def _carry_out(self, outcome: Outcome) -> None:
        for ticket in outcome.tickets:
            self._hand_over(ticket)
        if outcome.let_go:
            self.linked = False
            self.belt.drop_link(self.now_s + self.slept_s, "the guardian ended the link", returns_after_s=0.0)
        if outcome.reconnect and self.try_s is None:
            self.try_s = self.now_s
        for message in outcome.messages:
            if isinstance(message, Stepped):
                self._stepped(message)
            elif isinstance(message, Snapshot):
                self.snapshot = message
                self._show()

    def _hand_over(self, ticket: Ticket) -> None:
        command = ticket.command
        self.stop_left = isinstance(command, StopBelt) or (self.stop_left and not isinstance(command, StartBelt))
        if not self.linked and isinstance(command, StopBelt):
            return
        self.log.sent.append((self.now_s - self.log.since_s, command))
        self.judge.command(self.now_s, command)
        if not self.linked:
            return
        if isinstance(command, SetSpeed) and not self.obeys_set:
            self.answered.append((ticket, Accepted()))
        elif isinstance(command, StopBelt) and not self.answers_stop:
            self.answered.append((ticket, Unknown("no answer")))
        else:
            answer = self.belt.perform(command, self.now_s + self.slept_s)
            if isinstance(answer, Pending):
                self.pending[answer.number] = ticket
            else:
                self.answered.append((ticket, answer))

    def _stepped(self, message: Stepped) -> None:
        at_s = self.now_s - self.log.since_s
        if message.mode is not self.mode:
            self.mode = message.mode
            self.log.modes.append((at_s, self.mode))
        self.judge.state(self.now_s, self.mode.value)
        frozen = False
        for cause in message.causes:
            self.log.hazards.setdefault(cause.hazard, at_s)
            if cause.action in (Action.FREEZE_RISES, Action.EASE):
                frozen = True
                self.log.freeze_s = at_s if self.log.freeze_s is None else self.log.freeze_s
        if frozen and any(at_s == rise_s for rise_s in self.log.rises_s):
            self.log.rose_frozen_s.append(at_s)

    def _show(self) -> None:
        shown = self.snapshot
        if shown is None:
            return
        if shown.alarm and self.log.alarm_s is None:
            self.log.alarm_s = self.now_s - self.log.since_s
        age_s = None if shown.age_s is None else shown.age_s + self.now_s - shown.at_s
        fresh_s = min(max(1.0, 2 * self.kind.report_period_s), 3.0)
        if shown.alarm:
            label = "alarm"
        elif age_s is None or age_s > 3.0:
            label = "unknown"
        elif shown.standstill and age_s <= fresh_s:
            label = "stopped"
        else:
            label = "stopping" if shown.mode in (Mode.STOPPING, Mode.PAUSING) else "running"
        self.judge.screen(self.now_s, label)

    # --- a person -------------------------------------------------------------------------------------------

    def arm(self, facing: Facing = CONSOLE, hold: bool = True) -> None:
        self.judge.way(rules_for("walker", facing is REAR, facing, self.kind.profile), facing, FORWARD)
        self.judge.operator(self.now_s, "arm")
        ceiling = None if self.heart_bpm is None else HeartCeiling(150)
        plan = PlanCeiling(500, 0, "matrix")
        self.say(
            Arm(
                self.core.epoch,
                self.now_s + 0.3,
                "matrix",
                "walker",
                facing,
                FORWARD,
                plan,
                checklist_done=True,
                key_tested=True,
                heart=ceiling,
            )
        )
        if hold:
            self.judge.operator(self.now_s, "hold")
            self.say(HoldDone(self.core.epoch, self.now_s + 0.3))

    def stop(self) -> None:
        self.judge.operator(self.now_s, "stop")
        self.say(StopNow(StopBy.OPERATOR))

    def pause(self) -> None:
        self.judge.operator(self.now_s, "pause")
        self.say(Pause(self.core.epoch))

    def on_rails(self) -> None:
        self.judge.operator(self.now_s, "on rails")
        self.say(ConfirmTurn(self.core.epoch, TurnConfirm.ON_RAILS, REAR, FORWARD))

    def turned_and_armed(self) -> None:
        """The rest of a turn and a whole start, as quickly as hands can."""
        self.judge.faces(REAR, FORWARD)
        self.say(ConfirmTurn(self.core.epoch, TurnConfirm.FACING, REAR, FORWARD))
        self.arm(REAR)

    def begin(self) -> Rig:
        """A copy whose log begins now."""
        other = copy.deepcopy(self)
        sent = other.core.state.drive.sent_ckph
        other.log = Log(other.now_s, set_ckph=sent)
        return other


MOMENTS = ("Idle", "Starting", "Ramping", "Steady", "Pausing", "Stopping", "Between directions")


def moments(kind_name: str, driver: str, period_s: float, heart: bool = False) -> dict[str, Rig]:
    """The rig at each of the seven moments; the machine that takes miles for kilometres comes only to the second."""
    rig = Rig(ARCHETYPES[kind_name], driver, period_s)
    rig.heart_bpm = 100 if heart else None
    rig.run(max(4.0, 5 * period_s))
    at: dict[str, Rig] = {"Idle": rig.begin()}
    rig.arm()
    rig.until(Mode.STARTING)
    rig.run(0.5)
    at["Starting"] = rig.begin()
    if kind_name == "mph-speaker":
        return at
    rig.until(Mode.RUN)
    rig.judge.operator(rig.now_s, "person on")
    rig.wish = CRUISE_KPH
    rig.run(3.5)
    at["Ramping"] = rig.begin()
    rig.run(14.0)
    at["Steady"] = rig.begin()
    pausing = rig.begin()
    pausing.pause()
    pausing.run(0.5)
    at["Pausing"] = pausing.begin()
    stopping = rig.begin()
    stopping.stop()
    stopping.run(0.5)
    at["Stopping"] = stopping.begin()
    pausing.until(Mode.PAUSED)
    pausing.wish = None
    pausing.say(Turn(pausing.core.epoch, REAR, FORWARD))
    pausing.run(max(6.0, 6 * period_s))
    pausing.on_rails()
    pausing.run(0.2)
    at["Between directions"] = pausing.begin()
    return at


__all__ = ["CRUISE_KPH", "DRIVERS", "MOMENTS", "Log", "Rig", "StartBelt", "moments"]
