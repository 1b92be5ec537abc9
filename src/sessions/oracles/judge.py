"""The judge: told of everything in the order of time, it hands each thing to the oracles that it concerns."""

from __future__ import annotations

import math

from ...machine import (
    Accepted,
    BeltDirection,
    Command,
    CommandOutcome,
    Facing,
    LinkLost,
    MachineNotice,
    Rejected,
    Report,
    SetIncline,
    Setpoint,
    SetSpeed,
    StartBelt,
    StopBelt,
    TargetChanged,
    Telemetry,
)
from .announcing import Announced
from .epoch import Epochs
from .flight import Flight
from .heart import HeartHeeded
from .permission import NOTICE_STOPS, Held, StartSequence, StopLatch
from .record import ABSENT_S, EPSILON_S, TICK_S, Record, Violation
from .rules import Rules
from .runaway import Runaway
from .scene import ALARM, STOPPED, Scene
from .screen import Labels
from .setpoints import Bounds, Changes
from .stopping import Ending, Silence, StopAnswer
from .truth import Slope
from .turning import Turning
from .wrong_way import WrongWay
from .yielding import Yielding

OPERATOR = frozenset({"arm", "hold", "cancel", "stop", "acknowledge", "pause", "rest", "person on", "on rails"})
"""What an operator, or the plan for them, can do, as far as it counts here. "hold" means that the hold is complete."""


class Judge:
    """Counts the violations of the invariants in one run on one machine; it decides nothing and stops nothing.

    Every call carries its moment in seconds on the run's monotonic clock, and moments never go back. Within
    one moment the order is that of life: what came in, what was commanded, then mode and screen.

    Labels of the screen that mean something: "stopped" (the person may take it for standstill), "alarm" and
    "running" (nothing unplanned is going on). Modes that mean something: "stopping", "pausing" and "escalated".
    All others are only compared with themselves. Both may be told as often as one likes.
    """

    def __init__(self, rules: Rules) -> None:
        self._record = record = Record()
        self._scene = scene = Scene(rules)
        self._latch = StopLatch(scene, record)
        self._sequence = StartSequence(scene, record)
        self._flight = Flight(record)
        self._bounds = Bounds(rules, record)
        self._turning = Turning(scene, record)
        self._announced = Announced(record)
        self._changes = Changes(scene, record)
        self._stop_answer = StopAnswer(scene, record)
        self._silence = Silence(scene, record)
        self._ending = Ending(scene, record)
        self._runaway = Runaway(scene, record)
        self._labels = Labels(scene, record)
        self._epochs = Epochs(record)
        self._yielding = Yielding(scene, record)
        self._wrong_way = WrongWay(scene, record)
        self._heart: HeartHeeded | None = None
        self._belt = Slope()
        self._deck = Slope()
        self._before_ckph = 0
        self._before_dpct: int | None = None
        self._looked_s = self._looked_before_s = -math.inf

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Every violation so far, in the order of their discovery; a deadline's own moment is in ``at_s``."""
        return tuple(self._record.violations)

    @property
    def worst_rise_kph_per_s(self) -> float:
        """The hardest that the belt really sped up between two calls of ``truth``."""
        return self._belt.worst_per_s

    @property
    def worst_incline_rise_percent_per_s(self) -> float:
        """The quickest that the deck really rose between two calls of ``truth``."""
        return self._deck.worst_per_s

    # What comes in

    def operator(self, now_s: float, what: str) -> None:
        """Something that a person did: one of ``OPERATOR``. Raises ValueError for anything else."""
        if what not in OPERATOR:
            raise ValueError(f"an operator does not {what!r}; the judge knows {', '.join(sorted(OPERATOR))}")
        self._look_if_due(now_s)
        if what == "stop":
            self._stop_answer.operator_stops(now_s, self._latch.held is Held.BY_PAUSE, self._flight.busy())
            self._latch.operator_stops(now_s)
            self._sequence.ends("the start was stopped by the operator")
        elif what == "pause":
            self._latch.operator_pauses(now_s)
            self._sequence.ends("the start was ended by a pause")
        elif what == "rest":
            self._latch.operator_rests()
        elif what == "cancel":
            self._sequence.ends("the start was cancelled")
        elif what == "acknowledge":
            self._latch.operator_acknowledges()
            self._labels.acknowledge()
        elif what == "arm":
            self._arms(now_s)
        elif what == "hold":
            self._sequence.hold(now_s)
        elif what == "on rails":
            self._turning.on_rails(now_s)
        else:
            self._scene.person_on = True

    def _arms(self, now_s: float) -> None:
        self._latch.operator_arms()
        self._sequence.arm()
        if self._epochs.arm():
            self._scene.link_lost_s = None
        if self._heart is not None:
            self._heart.armed(now_s)

    def way(self, rules: Rules, facing: Facing, belt: BeltDirection) -> None:
        """Somebody arms for this way of facing and this way of the belt; ``rules`` are those that hold for it."""
        self._scene.rules = rules
        self._bounds = Bounds(rules, self._record)
        self._turning.armed(facing, belt)
        self._wrong_way.armed(belt)

    def heart_ceiling(self, ceiling_bpm: int, required: bool) -> None:
        """The run is under this ceiling from its beginning; ``required``: the plan needs the rate."""
        self._heart = HeartHeeded(self._scene, self._record, ceiling_bpm, required)

    def heart_block(self, ceiling_bpm: int | None) -> None:
        """What is wished for from now on is under this ceiling of its own, or under none."""
        if self._heart is not None:
            self._heart.block(ceiling_bpm)

    def heart(self, now_s: float, bpm: int | None, contact: bool | None, beats: bool) -> None:
        """A reading of the strap, as it arrives."""
        if self._heart is not None:
            self._heart.came(now_s, bpm, contact, beats)

    def faces(self, facing: Facing, belt: BeltDirection) -> None:
        """The person says, in a turn, that they face this way, over a belt that will run this way."""
        self._turning.faces(facing, belt)

    def cue(self, now_s: float) -> None:
        """A rise was announced, to be heard."""
        self._announced.cue(now_s)

    def wished(self, now_s: float, setpoint: Setpoint) -> None:
        """What the plan wants now; nothing while it wants a standstill."""
        if setpoint.speed_kph > 0:
            self._announced.wished(now_s, setpoint.speed_kph, setpoint.incline_percent)
        else:
            self._announced.rests()

    def beat(self, now_s: float) -> None:
        """A heartbeat of the program that asks for motion has arrived."""
        if now_s >= self._record.due_s:
            self._look(now_s)
        self._sequence.beat(now_s)

    def report(self, now_s: float, report: Report) -> None:
        """A report of the machine, as it arrives."""
        if now_s >= self._record.due_s:
            self._look(now_s)
        if type(report) is LinkLost:
            self._link_lost(now_s)
            return
        self._epochs.report()
        if type(report) is Telemetry:
            self._telemetry(now_s, report)
        elif type(report) is TargetChanged:
            self._yielding.heard(now_s, report)
        elif report in NOTICE_STOPS:
            self._stopped_by_hand(now_s, report)
        else:
            self._said(now_s, report)

    def truth(self, now_s: float, speed_kph: float, incline_percent: float) -> None:
        """What belt and deck really do, which nobody in the run can know."""
        if now_s >= self._record.due_s:
            self._look(now_s)
        if self._heart is not None:
            self._heart.look(now_s)
        self._belt.look(now_s, speed_kph)
        self._deck.look(now_s, incline_percent)
        if self._scene.label == STOPPED:
            if speed_kph > 0:
                self._labels.truly_moves(now_s, speed_kph)
            else:
                self._labels.truly_rests()

    # What goes out

    def command(self, now_s: float, command: Command) -> None:
        """A command, as it is handed to the link."""
        self._look_if_due(now_s)
        self._flight.command(now_s, command)
        self._epochs.command(now_s, command)
        match command:
            case SetSpeed(speed_ckph):
                self._set_speed(now_s, speed_ckph)
            case SetIncline(incline_dpct):
                self._set_incline(now_s, incline_dpct)
            case StopBelt():
                self._stop(now_s)
            case StartBelt():
                self._start(now_s)

    def answered(self, now_s: float, command: Command, outcome: CommandOutcome) -> None:
        """The outcome of a command that was handed over before."""
        self._look_if_due(now_s)
        self._flight.answered(command)
        if type(command) is StopBelt:
            self._latch.stop_answered(isinstance(outcome, Accepted))
        elif isinstance(outcome, Rejected):
            self._refused(now_s, command)

    def looks(self, now_s: float) -> None:
        """The supervisor looks now, and nothing of what it makes of that has been told yet.

        Who is never told takes looks to be in time. A look that comes late has until its own end for what is owed
        "within one look"; see ``ABSENT_S`` for how late it may be.
        """
        self._looked_before_s, self._looked_s = self._looked_s, now_s

    def slept(self, now_s: float) -> None:
        """The computer wakes: it and its clock stood still, and the belt did not."""
        self._look_if_due(now_s)
        self._ending.slept(now_s)

    def screen(self, now_s: float, label: str) -> None:
        """What the person is told now."""
        if now_s >= self._record.due_s:
            self._look(now_s)
        if label == self._scene.label:
            return
        self._labels.label(now_s, label)
        self._changes.screen()
        if label == ALARM:
            self._runaway.answered()
            self._yielding.answered()
            self._wrong_way.answered()
        self._ending.settle(now_s)

    def state(self, now_s: float, mode: str) -> None:
        """The supervisor's own name for what it does."""
        if now_s >= self._record.due_s:
            self._look(now_s)
        if mode == self._scene.mode:
            return
        self._labels.mode(now_s, mode)
        self._ending.settle(now_s)

    def finish(self, now_s: float) -> None:
        """The run is over; what was due by now is judged, what was not yet due is not."""
        self._look(now_s)
        self._changes.look(math.inf)

    # How each of them is judged

    def _look_if_due(self, now_s: float) -> None:
        if now_s >= self._record.due_s:
            self._look(now_s)

    def _look(self, now_s: float) -> None:
        self._record.due_s = math.inf
        self._changes.look(now_s)
        now_s = self._judged_to_s(now_s)
        self._stop_answer.look(now_s)
        self._silence.look(now_s)
        self._ending.look(now_s)
        self._runaway.look(now_s)
        self._yielding.look(now_s)
        self._wrong_way.look(now_s)
        self._labels.look(now_s)

    def _judged_to_s(self, now_s: float) -> float:
        """Bounds are judged up to here: one look behind the last one that is over."""
        looked_s = self._looked_s if now_s > self._looked_s else self._looked_before_s
        return looked_s + TICK_S if TICK_S < now_s - looked_s <= ABSENT_S else now_s

    def _telemetry(self, now_s: float, report: Telemetry) -> None:
        """A report without a speed, out of order, or from the future is no evidence of anything."""
        scene = self._scene
        at_s, speed_kph = report.measured_at_s, report.speed_kph
        if speed_kph is None or not 0.0 <= speed_kph < math.inf or not scene.report_s < at_s <= now_s + EPSILON_S:
            return
        if scene.incline_dpct is None:
            self._first_incline(report.incline_percent)
        if speed_kph > 0:
            if scene.saw_motion(now_s, at_s, speed_kph):
                self._silence.motion_begins(now_s)
                self._stop_answer.motion_ends_or_begins()
            self._turning.motion()
            self._wrong_way.report(now_s, report.belt)
            if scene.label == STOPPED:
                self._labels.motion_reported(now_s)
        else:
            self._turning.zero(at_s, broken=at_s - scene.zero_last_s > scene.late_s + EPSILON_S)
            if scene.saw_zero(now_s, at_s):
                self._came_to_rest(now_s)
        self._latch.report(at_s, speed_kph)
        self._runaway.report(now_s, speed_kph)
        self._ending.report(at_s, speed_kph)

    def _first_incline(self, incline_percent: float | None) -> None:
        if incline_percent is not None and math.isfinite(incline_percent):
            self._scene.incline_dpct = round(incline_percent * 10)

    def _came_to_rest(self, now_s: float) -> None:
        self._latch.came_to_rest()
        self._runaway.came_to_rest(now_s)
        self._stop_answer.motion_ends_or_begins()

    def _link_lost(self, now_s: float) -> None:
        if self._scene.link_lost_s is None:
            self._scene.link_lost_s = now_s
        self._epochs.link_lost(now_s)
        self._latch.notice(now_s, "the loss of the link")
        self._silence.link_lost(now_s)

    def _said(self, now_s: float, notice: Report) -> None:
        self._sequence.ends(f"the machine said {notice}")
        if type(notice) is MachineNotice:
            self._yielding.said(now_s, notice)

    def _stopped_by_hand(self, now_s: float, notice: MachineNotice) -> None:
        self._sequence.ends(f"the start was ended by {NOTICE_STOPS[notice]}")
        self._latch.notice(now_s, NOTICE_STOPS[notice])
        if self._scene.may_move:
            self._stop_begins(now_s)

    def _stop_begins(self, now_s: float) -> None:
        self._runaway.stop_begins(now_s)
        self._ending.stop_begins(now_s)
        self._stop_answer.stop_frame()
        self._yielding.answered()
        self._wrong_way.answered()
        self._scene.told_to_stop(now_s)

    def _stop(self, now_s: float) -> None:
        self._latch.stop_frame(now_s)
        self._stop_begins(now_s)
        self._scene.stop_frames += 1

    def _start(self, now_s: float) -> None:
        self._bounds.start(now_s)
        self._latch.start(now_s)
        self._sequence.start(now_s)
        self._turning.start(now_s)
        self._ending.start()
        self._stop_answer.motion_ends_or_begins()
        self._scene.started(now_s)
        self._yielding.start(now_s)
        self._silence.motion_begins(now_s)

    def _set_speed(self, now_s: float, speed_ckph: int) -> None:
        if not self._bounds.speed(now_s, speed_ckph):
            return
        scene = self._scene
        self._yielding.set_speed(now_s, speed_ckph / 100)
        self._latch.set_speed(now_s, speed_ckph)
        self._sequence.set_speed(now_s, speed_ckph)
        if scene.asked_to_run:
            self._changes.speed(now_s, speed_ckph)
            if speed_ckph > scene.target_ckph and self._heart is not None:
                self._heart.rise(now_s, speed_ckph)
            if speed_ckph > scene.target_ckph:
                self._announced.rise(now_s, f"{speed_ckph / 100:.2f} km/h")
        if speed_ckph < scene.target_ckph:
            self._stop_answer.set_point_falls()
        self._runaway.replaced(now_s)
        self._before_ckph, scene.target_ckph, scene.told_ckph = scene.target_ckph, speed_ckph, None

    def _set_incline(self, now_s: float, incline_dpct: int) -> None:
        if not self._bounds.incline(now_s, incline_dpct):
            return
        if self._changes.incline(now_s, incline_dpct):
            self._announced.rise(now_s, f"{incline_dpct / 10:.1f} %")
            self._latch.incline_rises(now_s, incline_dpct)
        self._before_dpct, self._scene.incline_dpct = self._scene.incline_dpct, incline_dpct

    def _refused(self, now_s: float, command: Command) -> None:
        """What the machine did not take is no longer in force. It was sent all the same: nobody knows how far the
        machine had gone along with it, and as what was sent it explains a speed as long as any other."""
        scene = self._scene
        if type(command) is StartBelt:
            self._runaway.replaced(now_s)
            scene.start_refused()
        elif type(command) is SetSpeed and scene.target_ckph == command.speed_ckph:
            self._changes.refused()
            self._runaway.replaced(now_s)
            scene.target_ckph = self._before_ckph
        elif type(command) is SetIncline and scene.incline_dpct == command.incline_dpct:
            scene.incline_dpct = self._before_dpct
