"""Whether the belt may be told to run at all: after a stop (I1), and at a start (I4)."""

from __future__ import annotations

import math
from enum import Enum

from ...machine import MachineNotice
from .record import EPSILON_S, TICK_S, Record
from .scene import Scene

HEARTBEAT_S = 0.6 + TICK_S
"""Three heartbeats of 200 ms missed, and a look to see it: the program that the person started is no longer known to be
there."""


DRIVEN_KPH, HAIR_KPH = 0.5, 0.005
"""A belt that rolls out does not become faster by so much."""


class Driven:
    """Whether a belt that was told to stop is driven, by itself or anew: a stop starts no belt that is.

    Two reports on end are faster than the slowest one since the stop frame, and the second is not slower than the first
    and faster than that by half a km/h. A belt that was speeding up goes on to for as long as its machine takes to
    react, so that the slower of the last two reports of that time counts for all of them. A frame without an answer
    may not have reached it yet, and one that follows would come out behind it.
    """

    __slots__ = ("_faster", "_lowest_kph", "_sent_s", "_speed_kph", "_taken")

    def __init__(self) -> None:
        self._sent_s = self._lowest_kph = self._speed_kph = math.inf
        self._faster = 0
        self._taken = False

    def stop_frame(self, now_s: float) -> None:
        self._sent_s, self._lowest_kph, self._taken = now_s, math.inf, False

    def taken(self) -> None:
        """The machine has answered that it takes the stop."""
        self._taken = True

    def report(self, at_s: float, speed_kph: float, reaction_s: float) -> None:
        before_kph, self._speed_kph = self._speed_kph, speed_kph
        reacts = at_s - self._sent_s <= reaction_s
        self._lowest_kph = min(before_kph if reacts else self._lowest_kph, speed_kph)
        self._faster = self._faster + 1 if max(before_kph, self._lowest_kph + HAIR_KPH) <= speed_kph else 0

    def anew(self) -> bool:
        return self._taken and self._faster >= 2 and self._speed_kph >= self._lowest_kph + DRIVEN_KPH - HAIR_KPH


class Held(Enum):
    """What keeps the belt from being told to run, and so who may let it go."""

    BY_PAUSE = "pause"
    BY_STOP = "stop"


class StopLatch:
    """I1. After a stop nothing starts or rises until a person acknowledges and then arms; after a pause, arms.

    Between the wish to stop and the stop frame set-points may fall: that is the ramp of a controlled stop.
    A stop at the console or by the key allows no set-point at all. Nor is a second stop allowed on a machine
    on which it may start the belt, unless the first one was refused, nobody knows whether it arrived, or the belt is
    driven behind it (``Driven``).
    """

    __slots__ = (
        "_acknowledged",
        "_driven",
        "_may_fall",
        "_record",
        "_rested",
        "_rests",
        "_scene",
        "_since_s",
        "_unsure",
        "_what",
        "held",
    )

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self.held: Held | None = None
        self._what = ""
        self._since_s = -math.inf
        self._driven = Driven()
        self._acknowledged = self._may_fall = self._rested = self._rests = self._unsure = False

    def operator_stops(self, now_s: float) -> None:
        """The stop of a person counts where there is something to stop: motion, or a pause that may go on."""
        if self._scene.may_move or self.held is Held.BY_PAUSE:
            self._hold(Held.BY_STOP, now_s, "the operator's stop")
            self._may_fall = self._scene.stop_s is None

    def operator_pauses(self, now_s: float) -> None:
        if self._scene.may_move and self.held is None:
            self._hold(Held.BY_PAUSE, now_s, "the operator's pause")
            self._may_fall = self._scene.stop_s is None

    def operator_rests(self) -> None:
        """The pause is a rest off the belt: it needs a new arming, and waits for nothing that could be lost."""
        self._rests = self.held is Held.BY_PAUSE and not self._scene.may_move

    def operator_acknowledges(self) -> None:
        self._acknowledged = True

    def operator_arms(self) -> None:
        """Only at standstill: nobody arms a belt that is seen to move."""
        if self._scene.speed_kph == 0 and (self.held is Held.BY_PAUSE or self._acknowledged):
            self.held = None

    def notice(self, now_s: float, what: str) -> None:
        """The machine was stopped by hand, or its link is gone; at rest that ends a pause and nothing else."""
        if self._scene.may_move or (self.held is Held.BY_PAUSE and not self._rests):
            self._hold(Held.BY_STOP, now_s, what)
            self._may_fall = False

    def came_to_rest(self) -> None:
        self._rested = True

    def stop_frame(self, now_s: float) -> None:
        """A stop handed over; the frame that ends a pause's own ramp leaves the pause a pause."""
        may_go_again = self._scene.rules.stop_repeat_ok or self._unsure or self._driven.anew()
        if self._scene.stop_frames and not may_go_again:
            self._note(now_s, "a second stop was handed over, which on this machine may start the belt")
        self._driven.stop_frame(now_s)
        self._may_fall = self._unsure = False
        if self.held is None or self._rested:
            self._hold(Held.BY_STOP, now_s, "a stop frame")
        self._acknowledged = False

    def report(self, at_s: float, speed_kph: float) -> None:
        """A report of a speed, as it arrives."""
        self._driven.report(at_s, speed_kph, self._scene.rules.stop_reaction_s)

    def stop_answered(self, taken: bool) -> None:
        """The machine takes the stop; or it refused it, or nobody knows whether it arrived: it may be sent again."""
        if taken:
            self._driven.taken()
        else:
            self._unsure = True

    def start(self, now_s: float) -> None:
        if self.held is not None:
            self._note(now_s, "a start was handed over")

    def set_speed(self, now_s: float, speed_ckph: int) -> None:
        if self.held is None or speed_ckph <= 0:
            return
        if not (self._may_fall and speed_ckph <= self._scene.target_ckph):
            self._note(now_s, f"a set-point of {speed_ckph / 100:.2f} km/h was handed over")

    def incline_rises(self, now_s: float, incline_dpct: int) -> None:
        if self.held is not None:
            self._note(now_s, f"a rise of the deck to {incline_dpct / 10:.1f} % was handed over")

    def _hold(self, held: Held, now_s: float, what: str) -> None:
        self.held = held
        self._since_s = now_s
        self._what = what
        self._acknowledged = self._rested = self._rests = False

    def _note(self, now_s: float, deed: str) -> None:
        mend = "armed anew" if self.held is Held.BY_PAUSE else "acknowledged and armed anew"
        after_s = now_s - self._since_s
        self._record.note("I1", now_s, f"{deed} {after_s:.1f} s after {self._what}, before anybody {mend}")


class StartSequence:
    """I4. A start needs arm, hold and an unbroken countdown, standstill confirmed now, and a live program.

    After it the belt keeps its lowest speed until the person says that they are on it.
    """

    __slots__ = ("_armed", "_beat_s", "_ended_by", "_hold_s", "_lapse_s", "_record", "_scene")

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._armed = False
        self._hold_s: float | None = None
        self._beat_s = -math.inf
        self._lapse_s = 0.0
        self._ended_by = "nobody has armed"

    def arm(self) -> None:
        self._armed = True
        self._hold_s = None

    def hold(self, now_s: float) -> None:
        """The hold is complete and the countdown begins; a second one does not begin it anew."""
        if self._hold_s is None:
            self._hold_s = now_s
            self._lapse_s = 0.0

    def ends(self, why: str) -> None:
        """The sequence is over, one way or another: the next start needs a new one."""
        self._armed = False
        self._hold_s = None
        self._ended_by = why

    def beat(self, now_s: float) -> None:
        if now_s - self._beat_s > HEARTBEAT_S + EPSILON_S:
            self._lapse_s = max(self._lapse_s, now_s - self._beat_s)
        self._beat_s = now_s

    def start(self, now_s: float) -> None:
        objections = [sentence for sentence in self._objections(now_s) if sentence]
        if objections:
            self._record.note("I4", now_s, f"the belt was told to start, but {'; '.join(objections)}")
        self.ends("the last arming was used up by a start")

    def set_speed(self, now_s: float, speed_ckph: int) -> None:
        kph = f"{speed_ckph / 100:.2f} km/h"
        scene = self._scene
        if not scene.asked_to_run and scene.stop_s is None:
            self._record.note("I4", now_s, f"{kph} was asked of a belt that had not been started, and may start by it")
        elif speed_ckph > scene.target_ckph and not scene.person_on:
            self._record.note("I4", now_s, f"a rise to {kph} was asked before the person said that they are on")

    def _objections(self, now_s: float) -> tuple[str, ...]:
        return (
            self._objection_to_sequence(now_s),
            "" if self._scene.at_rest(now_s) else self._no_standstill(now_s),
            self._objection_to_heartbeat(now_s),
            "" if self._scene.link_lost_s is None else "the link was lost",
        )

    def _objection_to_sequence(self, now_s: float) -> str:
        if not self._armed:
            return self._ended_by
        if self._hold_s is None:
            return "nobody has held the start"
        counted_s, countdown_s = now_s - self._hold_s, self._scene.rules.countdown_s
        if counted_s < countdown_s - EPSILON_S:
            return f"only {counted_s:.1f} s of the countdown of {countdown_s:.0f} s had passed"
        return ""

    def _objection_to_heartbeat(self, now_s: float) -> str:
        silent_s = max(now_s - self._beat_s, self._lapse_s)
        if silent_s <= HEARTBEAT_S + EPSILON_S:
            return ""
        return f"the program gave no heartbeat for {silent_s:.2f} s (limit {HEARTBEAT_S:.1f} s)"

    def _no_standstill(self, now_s: float) -> str:
        scene = self._scene
        span_s = max(0.0, scene.zero_last_s - scene.zero_first_s) if scene.zeros else 0.0
        age_s = now_s - scene.report_s
        return (
            f"standstill was not confirmed: {scene.zeros} zero reports over {span_s:.1f} s, the last {age_s:.1f} s old"
        )


NOTICE_STOPS: dict[MachineNotice, str] = {
    MachineNotice.STOPPED_AT_CONSOLE: "a stop at the console",
    MachineNotice.SAFETY_KEY_PULLED: "the pull of the safety key",
}
"""The notices by which a person stops the machine, and what to call them."""
