"""Random sequences of every input, from every mode, against oracles that know nothing of the supervisor's code.

The ``Watcher`` looks at what went in, which commands came out and which mode was shown. It has its own idea of
standstill, freshness, lease, countdown and ramps, written from the rules and not from the code. The numbers of
its invariants are those of the rules in ``docs/supervisor.md``.
"""

from __future__ import annotations

import copy
import dataclasses
import enum
import itertools
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from retrotread.machine import BeltDirection, Command, Facing, MachineNotice, SetIncline, SetSpeed, StartBelt, StopBelt
from retrotread.safety.config import Config
from retrotread.safety.feeling import Symptom
from retrotread.safety.hazards import Action, Cause
from retrotread.safety.heart import HeartCeiling
from retrotread.safety.inputs import (
    Acknowledged,
    Answer,
    Answered,
    ArmAsked,
    AttentionAnswered,
    Beat,
    CommandKind,
    EffortSaid,
    HeartSeen,
    HoldCompleted,
    HostSleeps,
    Input,
    LeaseRevoked,
    LinkCameUp,
    LinkWentDown,
    PainSaid,
    PauseAsked,
    RestAsked,
    Said,
    Seen,
    SelfFault,
    StartCancelled,
    StopAsked,
    StopBy,
    Suspended,
    SymptomFelt,
    TargetSeen,
    TurnAsked,
    TurnConfirm,
    TurnConfirmed,
    Unreachable,
    Wanted,
    WriteOverdue,
)
from retrotread.safety.modes import TRANSITIONS, Mode

if TYPE_CHECKING:
    from tests.safety.conftest import Bench, BenchMaker, Tick

LONG_AGO_MS = -1_000_000
Way = tuple[Facing, BeltDirection]
MOVING = {Mode.STARTING, Mode.RUN, Mode.PAUSING}
ENDING = {Mode.PAUSING, Mode.STOPPING, Mode.ESCALATED}
ENDED = {Mode.STOPPING, Mode.ESCALATED, Mode.LATCHED, Mode.FAULT}


# --- the oracles -------------------------------------------------------------------------------------------------


class Watcher:
    """What an attentive person would remember, and the invariants that they would hold the supervisor to."""

    def __init__(self, config: Config) -> None:
        self.config = config
        profile = config.profile
        self.late_ms = max(2 * profile.report_period_ms, 1000)
        self.silent_ms = min(max(3 * profile.report_period_ms, 2000), 3000)
        self.increment_ckph = profile.capabilities.speed_increment_ckph
        self.step_ckph = max(30, self.increment_ckph)
        self.now_ms = 0
        self.way: Way = (config.facing, config.belt)
        self.causes: tuple[Cause, ...] = ()
        self.mode = Mode.DISCONNECTED
        self.link_up = False
        # reports
        self.seen_ms = LONG_AGO_MS
        self.speed_ckph: int | None = None
        self.deck_dpct: int | None = None
        self.first_zero_ms: int | None = None
        self.last_zero_ms = LONG_AGO_MS
        self.zeros = 0
        # lease and start
        self.beat_ms = LONG_AGO_MS
        self.ui_moved_ms = LONG_AGO_MS
        self.input_alive = False
        self.revoked = False
        self.held_ms: int | None = None
        self.start_wanted = False
        self.acknowledged, self.acknowledged_still = True, False
        # what keeps rises away
        self.warned = True
        self.heart_ms = LONG_AGO_MS
        # the turn
        self.ran: Way | str | None = None
        self.turn_way: Way | None = None
        self.on_rails = self.faced = False
        self.armed_turn: Way | None = None
        # commands
        self.set_ckph = 0
        self.set_dpct = 0
        self.head_mckph = 0
        self.fall_floor_mckph = 0
        self.rise_ms = LONG_AGO_MS
        self.tilt_ms = LONG_AGO_MS
        self.out = False
        self.stop_ms = LONG_AGO_MS
        self.framed = False
        self.framed_ckph: int | None = None
        self.relinked = False
        self.stop_refused = False
        self.rested = False
        self.wanted_ckph = 0
        self.lower_due_ms = 0
        # a stop under way
        self.end_began_ms = 0
        self.fall_ms = 0
        self.lowest_ckph: int | None = None

    # what happens

    def watch(self, tick: Tick) -> None:
        """One step, from its inputs to the mode that it ended in."""
        self._age(tick.elapsed_ms)
        self.way, self.causes = tick.way, tick.causes
        for item in tick.inputs:
            self._take(item)
        before, mode = self.mode, tick.mode
        self._mode_invariants(before, tick)
        self._follow(mode)
        assert len(tick.commands) <= 1, "I17: more than one command at once"
        for command in tick.commands:
            if isinstance(command, StopBelt):
                self._stop_invariants(before, tick)
            else:
                self._motion_invariants(before, mode, command)
            self._sent(command)
        if mode not in {Mode.ARMED, Mode.COUNTDOWN}:
            self.held_ms = None
        self._standing_invariants(mode, tick.elapsed_ms)

    def _age(self, elapsed_ms: int) -> None:
        self.now_ms += elapsed_ms
        self.acknowledged_still = self.wrong_way = self.restarted = False
        self.head_mckph += self.config.tier.rise_ckph_per_s * elapsed_ms
        self.fall_floor_mckph -= self.config.tier.fall_ckph_per_s * elapsed_ms
        if self.now_ms - self.seen_ms > self.late_ms:
            self._forget_zeros()
        if self.now_ms - self.beat_ms > 600:
            self.on_rails = self.faced = False

    def _forget_zeros(self) -> None:
        self.zeros, self.first_zero_ms = 0, None
        self.on_rails = self.faced = False

    def _take(self, item: Input) -> None:
        handler = _WATCHED.get(type(item))
        if handler is not None:
            handler(self, item)

    def _seen(self, item: Seen) -> None:
        measured_ms = self.now_ms - item.age_ms
        if measured_ms < self.seen_ms:
            return
        if measured_ms - self.seen_ms > self.late_ms or item.speed_ckph > 0:
            self._forget_zeros()
        self.seen_ms, self.speed_ckph = measured_ms, item.speed_ckph
        self.wrong_way |= item.speed_ckph > 0 and item.belt not in (None, self.way[1])
        self.restarted |= item.counters_anew and not item.speed_ckph and self.mode is Mode.RUN
        self.deck_dpct = self.deck_dpct if item.incline_dpct is None else item.incline_dpct
        if item.speed_ckph == 0:
            self.zeros += 1
            self.first_zero_ms = measured_ms if self.first_zero_ms is None else self.first_zero_ms
            self.last_zero_ms = measured_ms
        self.framed_ckph = None if self.framed_ckph is None else min(self.framed_ckph, item.speed_ckph)
        if self.lowest_ckph is None or item.speed_ckph < self.lowest_ckph or item.speed_ckph == 0:
            self.lowest_ckph, self.fall_ms = item.speed_ckph, max(measured_ms, self.end_began_ms)

    def _link_up(self, _item: LinkCameUp) -> None:
        self.link_up, self.out = True, False
        self.speed_ckph, self.deck_dpct, self.seen_ms = None, None, LONG_AGO_MS
        self._forget_zeros()
        self.relinked = True

    def _link_down(self, _item: LinkWentDown) -> None:
        self.link_up = False
        self.held_ms = None

    def _beat(self, item: Beat) -> None:
        self.beat_ms, self.input_alive = self.now_ms, item.input_alive
        self.ui_moved_ms = self.now_ms - item.ui_age_ms
        recorded = item.recorder_age_ms <= 2000 and not item.recorder_failed
        self.warned = item.cues_ok and recorded and not item.unreachable

    def _heart(self, item: HeartSeen) -> None:
        """A number that a heart can have, over skin: at the least, for a rise to lean on it."""
        if item.bpm not in (None, 0, 255) and item.contact is not False:
            self.heart_ms = self.now_ms

    def _lease_over(self, _item: LeaseRevoked) -> None:
        self.revoked = True

    def _slept(self, _item: Suspended) -> None:
        self._forget_zeros()

    def _turn_begins(self, item: TurnAsked) -> None:
        if self.turn_way != (item.facing, item.belt):
            self.on_rails = self.faced = False
        self.turn_way = item.facing, item.belt

    def _turn_confirmed(self, item: TurnConfirmed) -> None:
        """Believed after 5 s of zeros in a row of five or more, over a deck that is level; the facing comes second."""
        row_ms = 0 if self.first_zero_ms is None else self.last_zero_ms - self.first_zero_ms
        if row_ms < 5000 or self.zeros < 5 or (self.deck_dpct or 0) > 10:
            return
        if item.what is TurnConfirm.ON_RAILS:
            self.on_rails = True
        self.faced = self.on_rails and (self.faced or item.what is TurnConfirm.FACING)

    def _armed(self, item: ArmAsked) -> None:
        self.start_wanted = True
        if not item.same_run:
            self.ran = None
        if self.faced and self.turn_way == self.way and (self.deck_dpct or 0) <= 10 and item.key_tested:
            self.armed_turn = self.way

    def _held(self, _item: HoldCompleted) -> None:
        if self.held_ms is None:
            self.held_ms = self.now_ms

    def _called_off(self, _item: Input) -> None:
        self.held_ms, self.start_wanted = None, False

    def _acknowledge(self, _item: Acknowledged) -> None:
        self.acknowledged, self.acknowledged_still = True, self.acknowledged_still or self.still()

    def _want(self, item: Wanted) -> None:
        self.wanted_ckph = item.speed_ckph

    def _lowered(self, item: TargetSeen) -> None:
        """A fall to where somebody lowered the belt at its console is theirs, also where it is said once more."""
        if item.speed_ckph is not None:
            to_ckph = max(item.speed_ckph, self.config.profile.capabilities.speed_min_ckph)
            self.fall_floor_mckph = min(self.fall_floor_mckph, (to_ckph - self.increment_ckph) * 1000)

    def _answer(self, item: Answered) -> None:
        if item.kind is not CommandKind.STOP:
            self.out = False
        else:
            self.stop_refused = item.answer is Answer.REJECTED

    def _sent(self, command: Command) -> None:
        if isinstance(command, StopBelt):
            self.stop_ms, self.framed, self.relinked, self.stop_refused = self.now_ms, True, False, False
            self.rested, self.framed_ckph = False, self.speed_ckph
            return
        self.out = True
        if isinstance(command, StartBelt):
            self.set_ckph = self.wanted_ckph = self.config.profile.capabilities.speed_min_ckph
            self.set_dpct = self.set_dpct if self.deck_dpct is None else self.deck_dpct
            self.head_mckph = (self.set_ckph + self.increment_ckph) * 1000
            self.fall_floor_mckph = (self.set_ckph - self.increment_ckph) * 1000
            self.rise_ms = self.now_ms
        elif isinstance(command, SetSpeed):
            above_mckph = (command.speed_ckph + self.increment_ckph) * 1000
            below_mckph = (command.speed_ckph - self.increment_ckph) * 1000
            if command.speed_ckph > self.set_ckph:
                self.rise_ms = self.now_ms
                self.head_mckph, self.fall_floor_mckph = min(self.head_mckph, above_mckph), below_mckph
            else:
                self.head_mckph, self.fall_floor_mckph = above_mckph, max(self.fall_floor_mckph, below_mckph)
            self.set_ckph = command.speed_ckph
        else:
            if command.incline_dpct > self.set_dpct:
                self.tilt_ms = self.now_ms
            self.set_dpct = command.incline_dpct

    def _follow(self, mode: Mode) -> None:
        was, self.mode = self.mode, mode
        self.rested = self.rested or self.still()
        if mode is not Mode.TURN:
            self.turn_way, self.on_rails, self.faced = None, False, False
        if mode not in {Mode.ARMED, Mode.COUNTDOWN, Mode.STARTING} and self.armed_turn is not None:
            self.ran = "nobody knows" if was in {Mode.ARMED, Mode.COUNTDOWN} else self.ran
            self.armed_turn = None
        if mode in ENDED:
            self.acknowledged = False
        if mode in ENDED and was not in ENDED:
            self.start_wanted = False
        if mode in ENDING and was not in ENDING:
            self.end_began_ms = self.fall_ms = self.now_ms
            self.lowest_ckph, self.framed = None, False
        if mode is Mode.RUN and was is not Mode.RUN:
            self.rise_ms = self.now_ms  # the belt has just begun to move

    # what is known

    def still(self) -> bool:
        """Three zeros or more, two seconds or more from the first to the last, no gap among or after them."""
        if not self.link_up or self.first_zero_ms is None or self.zeros < 3:
            return False
        return self.last_zero_ms - self.first_zero_ms >= 2000 and self.now_ms - self.seen_ms <= self.late_ms

    # what must hold

    def _mode_invariants(self, before: Mode, tick: Tick) -> None:
        mode, kinds = tick.mode, [type(item) for item in tick.inputs]
        assert mode in reached_from(before, rows=len(kinds) + 3), f"{before} -> {mode} is not in the table"
        if StopAsked in kinds and before in MOVING:
            assert mode in ENDED, f"I3: stop was asked in {before} and the mode is {mode}"
        after_stop = kinds[kinds.index(StopAsked) :] if StopAsked in kinds else []
        if after_stop and not {Acknowledged, LinkCameUp} & set(after_stop):
            assert mode in ENDED | {Mode.DISCONNECTED}, f"I3: stop was asked in {before} and the mode is {mode}"
        if before is Mode.ESCALATED and mode is not Mode.ESCALATED:
            assert Acknowledged in kinds, "I10: an escalation ended without a person"
        if before is Mode.LATCHED and mode in {Mode.IDLE, Mode.DISCONNECTED, Mode.ARMED, Mode.COUNTDOWN}:
            assert Acknowledged in kinds, "a latch was cleared without a person"
        if mode in {Mode.LATCHED, Mode.PAUSED} and before in MOVING | {Mode.STOPPING, Mode.ESCALATED}:
            acknowledged = Acknowledged in kinds and self.acknowledged_still
            assert self.still() or acknowledged, f"{before} -> {mode} without a confirmed standstill"

    def _stop_invariants(self, before: Mode, tick: Tick) -> None:
        assert tick.mode in ENDED | {Mode.PAUSING, Mode.PAUSED}, f"a stop frame in {tick.mode}"
        toggles = not self.config.profile.stop_repeat_ok
        if before is not Mode.STARTING:
            assert not (toggles and self.still()), "a stop to a resting machine that toggles"
        anew = before not in ENDING or Acknowledged in map(type, tick.inputs)
        if self.framed and not anew and not self.relinked:
            assert self.now_ms - self.stop_ms >= 1000, "stop frames more often than once a second"
            driven = self.framed_ckph is not None and (self.speed_ckph or 0) >= self.framed_ckph + 50
            assert self.stop_refused or self.rested or driven or not toggles, "a second stop to a machine that toggles"

    def _motion_invariants(self, before: Mode, mode: Mode, command: Command) -> None:
        assert not self.out, "I17: two motion commands in flight"
        assert self.acknowledged or mode is Mode.STOPPING, f"I1: {command} after a stop"
        if isinstance(command, StartBelt):
            self._start_invariants(before, mode)
        elif isinstance(command, SetSpeed):
            self._speed_invariants(mode, command.speed_ckph)
        elif isinstance(command, SetIncline):
            self._incline_invariants(mode, command.incline_dpct)

    def _start_invariants(self, before: Mode, mode: Mode) -> None:
        assert (before, mode) == (Mode.COUNTDOWN, Mode.STARTING), f"I4: a start from {before} to {mode}"
        assert self.start_wanted, "I4: a start that nobody armed"
        assert self.held_ms is not None, "I4: a start without a completed hold"
        countdown_ms = 10_000 if self.way[0] is Facing.REAR else 5_000
        assert self.now_ms - self.held_ms >= countdown_ms, "I4: the countdown was cut short"
        turned = self.armed_turn == self.way
        assert self.ran in (None, self.way) or turned, f"I5: {self.way} after {self.ran} without a turn"
        self.ran, self.armed_turn = self.way, None
        assert self.still(), "I4: a start without a confirmed standstill"
        assert self.now_ms - self.beat_ms <= 600, "I4: a start without a lease"
        assert self.now_ms - self.ui_moved_ms <= 2000, "I4: a start behind a screen that stands still"
        assert self.input_alive, "I4: a start without a stop key"
        assert not self.revoked, "I4: a start for a program that has ended"
        lowest_ckph = self.config.profile.capabilities.speed_min_ckph
        assert lowest_ckph <= self.config.limits.speed_ckph.value, "I2: a start above the limit"

    def _speed_invariants(self, mode: Mode, speed_ckph: int) -> None:
        capabilities = self.config.profile.capabilities
        assert type(speed_ckph) is int
        assert capabilities.speed_min_ckph <= speed_ckph <= self.config.limits.speed_ckph.value, "I2: off limits"
        assert speed_ckph <= capabilities.speed_max_ckph, "I2: off the machine"
        assert self.link_up, "I14: a set-point without a link"
        assert self.speed_ckph != 0, "a set-point to a belt that reports zero"
        if speed_ckph <= self.set_ckph:
            assert mode in {Mode.RUN, Mode.PAUSING, Mode.STOPPING}, f"I1: a set-point in {mode}"
            assert mode is Mode.RUN or not self.framed, "a set-point behind a stop frame"
            if mode is Mode.RUN:
                assert speed_ckph * 1000 >= self.fall_floor_mckph, "R2: a fall quicker than the tier allows"
            return
        assert mode is Mode.RUN, f"I1: a rise in {mode}"
        assert speed_ckph <= self.wanted_ckph, "a rise that nobody wants"
        assert speed_ckph * 1000 <= self.head_mckph, "I12: a rise quicker than the tier allows"
        assert speed_ckph - self.set_ckph <= self.step_ckph, "R3: too big a step"
        assert self.now_ms - self.rise_ms >= 500, "R3: two rises within half a second"
        self._rise_invariants(self.tilt_ms)
        lag_ms = self.config.profile.lag_ms + self.config.profile.report_period_ms
        leash_ckph = self.step_ckph + self.config.tier.rise_ckph_per_s * lag_ms / 1000
        assert speed_ckph <= (self.speed_ckph or 0) + leash_ckph, "R3: ahead of the measured speed"

    def _incline_invariants(self, mode: Mode, incline_dpct: int) -> None:
        assert type(incline_dpct) is int
        assert 0 <= incline_dpct <= self.config.limits.incline_dpct.value, "I2: off limits"
        assert mode is Mode.RUN, f"I1: the deck moves in {mode}"
        assert self.speed_ckph != 0, "a set-point to a belt that reports zero"
        if incline_dpct > self.set_dpct:
            self._rise_invariants(self.rise_ms)

    def _rise_invariants(self, other_axis_ms: int) -> None:
        assert self.now_ms - other_axis_ms >= 2000, "I13: speed and incline rise together"
        assert self.now_ms - self.seen_ms <= self.late_ms, "I11: a rise on the strength of an old report"
        assert self.now_ms - self.ui_moved_ms <= 2000, "I11: a rise behind a screen that stands still"
        assert self.warned, "I11: a rise without cues, a record or the person's reach"
        if self.config.heart is not None:
            assert self.now_ms - self.heart_ms <= 5000, "I11: a rise without a heart rate"
        held = [one.hazard for one in self.causes if one.action in (Action.FREEZE_RISES, Action.EASE)]
        assert not held, f"I11: a rise in spite of {held}"

    def _standing_invariants(self, mode: Mode, elapsed_ms: int) -> None:
        if mode in MOVING:
            assert self.now_ms - self.seen_ms < self.silent_ms, f"I7: {mode} without reports"
            assert self.now_ms - self.beat_ms <= 600, f"R13: {mode} without a lease"
            assert self.now_ms - self.ui_moved_ms <= 5000, f"R13b: {mode} behind a dead screen"
            assert self.link_up, f"R17: {mode} without a link"
            assert not self.wrong_way, f"R9: {mode} on a belt that runs the other way"
        assert not (self.restarted and mode is Mode.RUN), "R7: running on under a console that restarted"
        if mode is Mode.STOPPING:
            assert self.now_ms - self.fall_ms <= 6000, "I9: stopping for 6 s without a visible fall"
            assert self.now_ms - self.end_began_ms <= 60_000, "I9: stopping for more than a minute"
        self._lowering_is_heeded(mode, elapsed_ms)

    def _lowering_is_heeded(self, mode: Mode, elapsed_ms: int) -> None:
        """I15: in RUN a lower wish is under way within 1.5 s of the link being free."""
        lowest_ckph = self.config.profile.capabilities.speed_min_ckph
        goal_ckph = max(self.wanted_ckph - self.wanted_ckph % self.increment_ckph, lowest_ckph)
        waits = mode is Mode.RUN and not self.out and goal_ckph < self.set_ckph and self.speed_ckph != 0
        self.lower_due_ms = self.lower_due_ms + min(elapsed_ms, 300) if waits else 0
        assert self.lower_due_ms <= 1500, "I15: lowering was not heeded"


_WATCHED: dict[type, Callable[[Watcher, typing.Any], None]] = {
    Seen: Watcher._seen,
    LinkCameUp: Watcher._link_up,
    LinkWentDown: Watcher._link_down,
    Beat: Watcher._beat,
    LeaseRevoked: Watcher._lease_over,
    HeartSeen: Watcher._heart,
    Suspended: Watcher._slept,
    TurnAsked: Watcher._turn_begins,
    TurnConfirmed: Watcher._turn_confirmed,
    ArmAsked: Watcher._armed,
    HoldCompleted: Watcher._held,
    StartCancelled: Watcher._called_off,
    StopAsked: Watcher._called_off,
    Acknowledged: Watcher._acknowledge,
    Wanted: Watcher._want,
    TargetSeen: Watcher._lowered,
    Answered: Watcher._answer,
}


def reached_from(mode: Mode, rows: int) -> set[Mode]:
    """Every mode that a chain of at most so many rows of the table leads to."""
    reached = {mode}
    for _ in range(rows):
        reached |= {after for (before, _), after in TRANSITIONS.items() if before in reached}
    return reached


# --- every mode to begin from ------------------------------------------------------------------------------------


def to_disconnected(bench: Bench) -> None:
    bench.run(0.5)


def to_idle(bench: Bench) -> None:
    bench.link()


def to_armed(bench: Bench) -> None:
    bench.link()
    bench.arm()


def to_countdown(bench: Bench) -> None:
    bench.link()
    bench.count_down()


def to_end_of_countdown(bench: Bench) -> None:
    to_countdown(bench)
    bench.run(bench.config.countdown_ms / 1000 - 1.0)


def to_starting(bench: Bench) -> None:
    bench.link()
    bench.starts_in_ms = 3000
    bench.start()


def to_first_motion(bench: Bench) -> None:
    to_starting(bench)
    bench.until(Mode.RUN, within_s=5)


def to_run(bench: Bench) -> None:
    bench.run_at(250, 20)


def to_rising(bench: Bench) -> None:
    bench.run_at(200)
    bench.tick(Wanted(500, 50))
    bench.run(2)


def to_ceiling(bench: Bench) -> None:
    bench.run_at(bench.config.limits.speed_ckph.value - 10, 95)
    bench.tick(Wanted(3000, 300))


def to_falling(bench: Bench) -> None:
    bench.run_at(390)
    bench.tick(Wanted(50, 0))


def to_pausing(bench: Bench) -> None:
    to_run(bench)
    bench.tick(PauseAsked())
    bench.run(0.5)


def to_paused(bench: Bench) -> None:
    to_run(bench)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=30)


def to_turn(bench: Bench) -> None:
    to_paused(bench)
    bench.tick(TurnAsked(Facing.CONSOLE, BeltDirection.FORWARD))


def to_turn_unconfirmed(bench: Bench) -> None:
    bench.link()
    bench.tick(ArmAsked(key_tested=True))
    bench.tick(HoldCompleted())
    bench.until(Mode.RUN, within_s=30)
    bench.run(2)
    bench.tick(PauseAsked())
    bench.until(Mode.PAUSED, within_s=30)
    bench.tick(TurnAsked(other(bench.config.facing), BeltDirection.FORWARD))
    bench.run(7)


def to_turned(bench: Bench) -> None:
    to_turn_unconfirmed(bench)
    bench.tick(TurnConfirmed(TurnConfirm.ON_RAILS))
    bench.tick(TurnConfirmed(TurnConfirm.FACING))


def to_turn_used_up(bench: Bench) -> None:
    to_turned(bench)
    config = bench.config
    bench.config = Config.of(config.profile, config.tier, config.limits, other(config.facing), config.belt)
    bench.tick(ArmAsked(same_run=True, key_tested=True))
    bench.tick(StartCancelled())


def other(facing: Facing) -> Facing:
    """The way that one faces after a turn."""
    return Facing.CONSOLE if facing is Facing.REAR else Facing.REAR


def to_stopping(bench: Bench) -> None:
    to_run(bench)
    bench.tick(StopAsked(StopBy.OPERATOR))
    bench.run(0.5)


def to_stop_frame(bench: Bench) -> None:
    to_run(bench)
    bench.stops = False
    bench.tick(Said(MachineNotice.STOPPED_AT_CONSOLE))
    bench.run(0.5)


def to_escalated(bench: Bench) -> None:
    to_run(bench)
    bench.tick(WriteOverdue(CommandKind.STOP))
    bench.run(0.5)


def to_latched(bench: Bench) -> None:
    to_stopping(bench)
    bench.until(Mode.LATCHED, within_s=30)


def to_fault(bench: Bench) -> None:
    to_run(bench)
    bench.tick(SelfFault())
    bench.until(Mode.FAULT, within_s=30)


BEGINNINGS: dict[str, Callable[[Bench], None]] = {
    name.removeprefix("to_"): value for name, value in list(globals().items()) if name.startswith("to_")
}


class Play:
    """A bench and its watcher, step by step in parallel."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.watcher = Watcher(bench.config)
        self.watched = 0

    def catch_up(self) -> None:
        """Let the watcher see what the bench did since the last time."""
        for tick in self.bench.ticks[self.watched :]:
            self.watcher.watch(tick)
        self.watched = len(self.bench.ticks)

    def copied(self) -> Play:
        """The same play at the same point, to go on in another way."""
        other = copy.copy(self)
        other.bench, other.watcher = copy.copy(self.bench), copy.copy(self.watcher)
        other.bench.ticks, other.watched = [], 0
        return other


class Plays(dict[tuple[str, str], Play]):
    """A play for each profile and beginning, to be copied; a failure shows the moves and not all of these."""

    def __repr__(self) -> str:
        return f"{len(self)} plays"


# --- what may happen ---------------------------------------------------------------------------------------------

SPEEDS_CKPH = st.sampled_from([0, 0, 0, 3, 50, 90, 120, 250, 300, 480, 560, 900, 2500]) | st.integers(0, 3000)
INCLINES_DPCT = st.sampled_from([0, 0, 20, 50, 100, 150]) | st.integers(0, 300)

BEATS_PER_MIN = st.none() | st.sampled_from([0, 29, 100, 100, 140, 146, 151, 161, 255]) | st.integers(0, 65_535)
WAYS_TOLD = st.sampled_from([None, None, None, *BeltDirection])
AGES_MS = st.sampled_from([0, 0, 0, 0, 20, 300, 1100, 2600])

INPUTS: dict[type, st.SearchStrategy[Input]] = {
    Seen: st.builds(
        Seen, SPEEDS_CKPH, st.none() | INCLINES_DPCT, st.none() | st.booleans(), AGES_MS, WAYS_TOLD, st.booleans()
    ),
    Said: st.builds(Said, st.sampled_from(MachineNotice)),
    LinkCameUp: st.just(LinkCameUp()),
    LinkWentDown: st.just(LinkWentDown()),
    Beat: st.builds(
        Beat,
        st.sampled_from([0, 0, 0, 100, 1900, 2100, 5100]),
        st.sampled_from([True, True, False]),
        st.lists(st.sampled_from(Unreachable), max_size=3).map(tuple),
        st.sampled_from([0, 0, 0, 2000, 2001]),
        st.sampled_from([False, False, True]),
        st.sampled_from([True, True, False]),
        st.sampled_from([None, None, 31, 29, 9]),
        st.sampled_from([None, None, None, True, False]),
    ),
    LeaseRevoked: st.just(LeaseRevoked()),
    ArmAsked: st.builds(ArmAsked, st.booleans(), st.booleans()),
    HoldCompleted: st.just(HoldCompleted()),
    StartCancelled: st.just(StartCancelled()),
    Wanted: st.builds(Wanted, SPEEDS_CKPH, INCLINES_DPCT),
    PauseAsked: st.just(PauseAsked()),
    RestAsked: st.just(RestAsked()),
    TurnAsked: st.builds(TurnAsked, st.sampled_from(Facing), st.sampled_from(BeltDirection)),
    TurnConfirmed: st.builds(TurnConfirmed, st.sampled_from(TurnConfirm)),
    TargetSeen: st.builds(TargetSeen, st.none() | SPEEDS_CKPH, st.none() | INCLINES_DPCT),
    HostSleeps: st.just(HostSleeps()),
    Suspended: st.builds(Suspended, st.sampled_from([501, 1000, 4000, 3_600_000])),
    StopAsked: st.builds(StopAsked, st.sampled_from(StopBy)),
    Acknowledged: st.builds(Acknowledged, st.booleans()),
    Answered: st.builds(Answered, st.sampled_from(CommandKind), st.sampled_from(Answer)),
    WriteOverdue: st.builds(WriteOverdue, st.sampled_from(CommandKind)),
    HeartSeen: st.builds(HeartSeen, BEATS_PER_MIN, st.none() | st.booleans(), st.booleans()),
    AttentionAnswered: st.just(AttentionAnswered()),
    SymptomFelt: st.builds(SymptomFelt, st.sampled_from(Symptom)),
    PainSaid: st.builds(PainSaid, st.integers(-1, 11)),
    EffortSaid: st.builds(EffortSaid, st.integers(-1, 11)),
    SelfFault: st.just(SelfFault()),
}
INPUT = st.one_of(list(INPUTS.values()))
ELAPSED_MS = st.sampled_from([0, 0, 1, 50, 100, 100, 250, 300, 351, 600, 601, 1000, 2000, 3000, 5000, 12_000, 90_000])

Move = Callable[["Bench"], object]


def raw(elapsed_ms: int, inputs: list[Input]) -> Move:
    """One step with exactly this; the belt stands where it stood."""
    return lambda bench: bench.bare(*inputs, elapsed_ms=elapsed_ms)


def disturbed(inputs: list[Input]) -> Move:
    """An ordinary tick with something more in it."""
    return lambda bench: bench.tick(*inputs)


def set_to(name: str, value: object) -> Move:
    """Something about the machine or about main is different from here on."""
    return lambda bench: setattr(bench, name, value)


def armed_for(facing: Facing, belt: BeltDirection, hold: bool) -> Move:
    """An arming of the same run for some way, as the guardian makes it, perhaps up to the step that starts the belt."""

    def move(bench: Bench) -> None:
        if bench.mode not in {Mode.IDLE, Mode.PAUSED, Mode.TURN}:
            return
        before = config = bench.config
        bench.config = Config.of(config.profile, config.tier, config.limits, facing, belt).under(config.heart)
        bench.tick(ArmAsked(same_run=True, key_tested=True), *([HoldCompleted()] if hold else []))
        if bench.mode not in {Mode.ARMED, Mode.COUNTDOWN}:
            bench.config = before
        elif hold:
            bench.run(11)

    return move


# What leads somewhere else; the rest of the alphabet mostly leads to a stop.
TURNS: list[Input] = [
    *(LinkCameUp(), LinkWentDown(), ArmAsked(), HoldCompleted(), PauseAsked(), StopAsked(StopBy.OPERATOR)),
    *(TurnConfirmed(TurnConfirm.ON_RAILS), TurnConfirmed(TurnConfirm.FACING)),
    *(Acknowledged(key_tested=True), Wanted(3000, 300), Wanted(50, 0), Wanted(400, 50)),
]
ARMINGS = st.builds(
    armed_for,
    st.sampled_from(Facing),
    st.sampled_from([BeltDirection.FORWARD] * 3 + [BeltDirection.REVERSED]),
    st.booleans(),
)
MOVES: st.SearchStrategy[Move] = st.one_of(
    st.builds(disturbed, st.lists(INPUT, min_size=1, max_size=3)),
    st.builds(disturbed, st.lists(st.sampled_from(TURNS), min_size=1, max_size=2)),
    st.builds(raw, ELAPSED_MS, st.lists(INPUT, max_size=4)),
    st.builds(
        disturbed, st.lists(st.builds(Seen, st.just(40), belt=st.sampled_from(BeltDirection)), min_size=1, max_size=2)
    ),
    st.builds(set_to, st.sampled_from(["reports", "beats", "stops", "obeys"]), st.booleans()),
    st.builds(set_to, st.just("answers"), st.sampled_from([None, *Answer])),
    ARMINGS,
    st.builds(set_to, st.just("away"), st.sampled_from([(), (Unreachable.FOCUS,), (Unreachable.REMOTE,)])),
    st.builds(set_to, st.just("recorder_age_ms"), st.sampled_from([0, 2000, 2001])),
    st.builds(set_to, st.just("cues_ok"), st.booleans()),
    st.builds(set_to, st.just("ui_age_ms"), st.sampled_from([0, 2100, 5100])),
    st.builds(set_to, st.sampled_from(["speed_ckph", "target_ckph"]), st.sampled_from([0, 50, 300, 900])),
    st.builds(set_to, st.just("strap"), st.none() | INPUTS[HeartSeen]),
    st.builds(set_to, st.just("incline_dpct"), st.sampled_from([None, 0, 50])),
)

WATCHED, NEEDED = HeartCeiling(150), HeartCeiling(150, required=True)
TICKS = st.sampled_from([0, 0, 1, 2, 7, 12, 30, 70, 110])


@pytest.fixture(scope="module")
def plays(bench_for: BenchMaker) -> Plays:
    """Every profile at every beginning."""
    made = Plays()
    kinds = [("well-behaved", Facing.REAR, None), ("slow", Facing.CONSOLE, WATCHED), ("toggle", Facing.REAR, NEEDED)]
    for profile, facing, heart in kinds:
        for name, begin in BEGINNINGS.items():
            play = Play(bench_for(profile, facing=facing, heart=heart))
            play.bench.strap = None if heart is None else HeartSeen(100, True, True)
            begin(play.bench)
            play.catch_up()
            made[profile, name] = play
    return made


@pytest.mark.parametrize("profile", ["well-behaved", "slow", "toggle"])
@given(begin=st.sampled_from(sorted(BEGINNINGS)), moves=st.lists(st.tuples(MOVES, TICKS), min_size=1, max_size=8))
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_inputs_breaks_an_invariant(
    plays: Plays, profile: str, begin: str, moves: list[tuple[Move, int]]
) -> None:
    play = plays[profile, begin].copied()
    for move, ticks in moves:
        move(play.bench)
        play.bench.run(ticks / 10)
        play.catch_up()
        hash(play.bench.state)
        assert_small(play.bench.state)


# Every pair of these and then a start: random sequences seldom find the two or three inputs that slip by a turn.
AROUND_A_TURN: dict[str, Move] = {
    "on the rails": disturbed([TurnConfirmed(TurnConfirm.ON_RAILS)]),
    "faces it": disturbed([TurnConfirmed(TurnConfirm.FACING)]),
    "both": disturbed([TurnConfirmed(TurnConfirm.ON_RAILS), TurnConfirmed(TurnConfirm.FACING)]),
    "cancelled": disturbed([StartCancelled()]),
    "to the console": disturbed([TurnAsked(Facing.CONSOLE, BeltDirection.FORWARD)]),
    "to the rear": disturbed([TurnAsked(Facing.REAR, BeltDirection.FORWARD)]),
    "armed for the console": armed_for(Facing.CONSOLE, BeltDirection.FORWARD, hold=False),
    "armed for the rear": armed_for(Facing.REAR, BeltDirection.FORWARD, hold=False),
    "moves and stands": disturbed([Seen(100), *[Seen(0)] * 3]),
    "late report": raw(1001, [Seen(0), Beat(0, True)]),
    "silent program": raw(601, [Seen(0), Beat(0, True)]),
    "three seconds": lambda bench: bench.run(3),
}


TO_THE_REAR, TO_THE_CONSOLE = ((facing, BeltDirection.FORWARD) for facing in (Facing.REAR, Facing.CONSOLE))
# What two inputs and an arming can lead to; everything else would be a start without a turn.
WAYS: dict[str, set[Way]] = {
    "paused": {TO_THE_REAR},
    "turn_unconfirmed": {TO_THE_CONSOLE},
    "turned": {TO_THE_CONSOLE},
    "turn_used_up": set(),
}


@pytest.mark.parametrize("begin", WAYS)
def test_nothing_around_a_turn_starts_the_belt_another_way(plays: Plays, begin: str) -> None:
    started: set[Way] = set()
    for first, second in itertools.product(AROUND_A_TURN.values(), repeat=2):
        before = plays["well-behaved", begin].copied()
        first(before.bench)
        second(before.bench)
        before.catch_up()
        for way in itertools.product(Facing, BeltDirection):
            play = before.copied()
            armed_for(*way, hold=True)(play.bench)
            play.catch_up()
            started |= {way} if play.bench.mode is Mode.RUN else set()
    assert started == WAYS[begin]


def assert_small(value: object) -> None:
    """No number grows without bound: an exhaustive search needs a finite state."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            assert_small(getattr(value, field.name))
    elif isinstance(value, int) and not isinstance(value, enum.Enum):
        assert abs(value) <= 10_000_000, f"{value} in the state"


# --- the alphabet is complete ------------------------------------------------------------------------------------


def test_every_input_is_in_the_alphabet() -> None:
    assert set(INPUTS) == set(typing.get_args(Input))


def enum_fields() -> list[tuple[type, str, enum.Enum]]:
    """Every member of every enum that a field of an input can hold."""
    return [
        (kind, name, member)
        for kind in typing.get_args(Input)
        for name, hint in typing.get_type_hints(kind).items()
        if isinstance(hint, type) and issubclass(hint, enum.Enum)
        for member in hint
    ]


@pytest.mark.parametrize(("kind", "name", "member"), enum_fields())
def test_every_member_of_every_enum_is_in_the_alphabet(kind: type, name: str, member: enum.Enum) -> None:
    assert getattr(find(INPUTS[kind], lambda item: getattr(item, name) is member), name) is member


def test_every_mode_is_a_beginning(plays: Plays) -> None:
    assert {play.bench.mode for play in plays.values()} == set(Mode)
