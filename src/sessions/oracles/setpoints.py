"""Every set-point on its own and in the row of those before it: I2, I7 (rises), I12, I13 and R3."""

from __future__ import annotations

import math
from collections import deque

from .record import EPSILON_S, Record
from .rules import KPH_PER_MPS, Rules
from .scene import Scene

WINDOW_S = 1.0
RISES_APART_S = 0.5
"""Two rises a second can be felt and answered one by one; and machines lose commands that come closer."""

AXES_APART_S = 2.0
"""Longer than a person needs to find the feet again after one of the two."""

UNPLANNED_FALL_KPH_PER_S = 0.30 * KPH_PER_MPS
"""A fall that nobody planned may be quicker than the tier's, and is still ten times milder than the gentlest
belt change that fall training uses (3 m/s2; BMC Geriatrics 2020, s12877-020-01944-7)."""

RUNNING = "running"

_HAIR_KPH = 0.005
"""Half of the smallest number on the wire: rounding, not a set-point."""


def _objection(value: int, name: str, bounds: tuple[int, int, int], unit: tuple[int, str]) -> str | None:
    """Why a wire value is not one that the machine and the rules take; bounds are lowest, cap and increment."""
    lowest, cap, increment = bounds
    parts, text = unit
    if type(value) is not int:
        return f"{name} of {value!r} was handed over; a wire carries whole numbers"
    if value > cap:
        return f"{name} of {value / parts:.2f} {text} was handed over; the cap is {cap / parts:.2f} {text}"
    if value < lowest:
        return f"{name} of {value / parts:.2f} {text} was handed over; the lowest is {lowest / parts:.2f} {text}"
    if value % increment and value != lowest:
        return f"{name} of {value / parts:.2f} {text} was handed over; the increment is {increment / parts:.2f} {text}"
    return None


class Bounds:
    """I2. Every set-point is a whole number of the machine's steps, from its lowest speed to the lowest cap."""

    __slots__ = ("_incline", "_record", "_speed")

    def __init__(self, rules: Rules, record: Record) -> None:
        self._record = record
        self._speed = (
            round(rules.lowest_kph * 100),
            math.floor(rules.speed_cap_kph * 100 + 1e-6),
            max(1, round(rules.speed_increment_kph * 100)),
        )
        self._incline = (
            0,
            math.floor(rules.incline_cap_percent * 10 + 1e-6),
            max(1, round(rules.incline_increment_percent * 10)),
        )

    def speed(self, now_s: float, speed_ckph: int) -> bool:
        """Whether the value is a number to go on with."""
        return self._judged(now_s, _objection(speed_ckph, "a set-point", self._speed, (100, "km/h")), speed_ckph)

    def incline(self, now_s: float, incline_dpct: int) -> bool:
        """Whether the value is a number to go on with."""
        return self._judged(now_s, _objection(incline_dpct, "an incline", self._incline, (10, "%")), incline_dpct)

    def start(self, now_s: float) -> None:
        lowest_ckph, cap_ckph, _ = self._speed
        if lowest_ckph > cap_ckph:
            message = f"a start runs this belt at {lowest_ckph / 100:.2f} km/h; the cap is {cap_ckph / 100:.2f} km/h"
            self._record.note("I2", now_s, message)

    def _judged(self, now_s: float, objection: str | None, value: int) -> bool:
        if objection is not None:
            self._record.note("I2", now_s, objection)
        return type(value) is int


class Changes:
    """How set-points may follow one another.

    I7   no rise on reports older than the late bound
    R3   rises at least 0.5 s apart, each at most one step, and never far ahead of the measured speed
    I12  rises within any second at most the tier's rate and one step, and over a longer time no quicker than the
         rate; falls within any second at most the planned rate and one step, 0.30 m/s2 once the screen no
         longer says "running", which it may cease to say in the moment of the fall itself; a machine that answers
         late gets its ramp in few large steps, and the first of a second brings what the ramp fell before it. A fall
         counts from the measured speed where that is lower: only that is felt, and of one that the machine refused
         nothing is
    I13  speed and deck never rise within the same two seconds
    """

    __slots__ = (
        "_before_s",
        "_bucket_kph",
        "_doubtful",
        "_falls",
        "_incline_rise_s",
        "_last",
        "_last_rise",
        "_record",
        "_rises",
        "_scene",
    )

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._rises: deque[tuple[float, float]] = deque()
        self._falls: deque[tuple[float, float]] = deque()
        self._last: deque[tuple[float, float]] | None = None
        self._before_s = -math.inf
        self._last_rise: tuple[float, float] = (-math.inf, 0.0)
        self._bucket_kph = 0.0
        self._incline_rise_s = -math.inf
        self._doubtful: tuple[float, str] | None = None

    def speed(self, now_s: float, speed_ckph: int) -> None:
        """A set-point that follows ``scene.target_ckph``."""
        change_kph, self._last = (speed_ckph - self._scene.target_ckph) / 100, None
        if change_kph > 0:
            self._rise(now_s, change_kph)
            self._leash(now_s, speed_ckph / 100)
        elif change_kph < 0:
            self._fall(now_s, speed_ckph / 100)

    def incline(self, now_s: float, incline_dpct: int) -> bool:
        """Whether the deck is asked to rise."""
        if incline_dpct <= (self._scene.incline_dpct or 0):
            return False
        self._stale(now_s, f"{incline_dpct / 10:.1f} %")
        if now_s - self._last_rise[0] < AXES_APART_S - EPSILON_S:
            self._both_axes(now_s, now_s - self._last_rise[0])
        self._incline_rise_s = now_s
        return True

    def refused(self) -> None:
        """The machine did not take the last set-point, so it is no part of what the belt was asked."""
        if self._last is self._rises:
            self._bucket_kph = max(0.0, self._bucket_kph - self._rises.pop()[1])
        elif self._last is self._falls:
            self._falls.pop()
        self._last = None

    def screen(self) -> None:
        """What the screen says has changed: a fall of this moment that was too quick for the plan was none of it."""
        if self._doubtful is not None and self._scene.label not in (None, RUNNING):
            self._doubtful = None

    def look(self, now_s: float) -> None:
        """A moment is over when a later one begins: what the screen has not said by then, it did not say with it."""
        if self._doubtful is None:
            return
        at_s, sentence = self._doubtful
        if now_s > at_s:
            self._doubtful = None
            self._record.note("I12", at_s, sentence)
        else:
            self._record.wake(math.nextafter(at_s, math.inf))

    def _rise(self, now_s: float, change_kph: float) -> None:
        self._stale(now_s, f"{self._scene.target_ckph / 100 + change_kph:.2f} km/h")
        apart_s = now_s - self._last_rise[0]
        if apart_s < RISES_APART_S - EPSILON_S:
            self._record.note("R3", now_s, f"two rises {apart_s:.2f} s apart; at least {RISES_APART_S:.1f} s are owed")
        step_kph = self._scene.rules.step_kph
        if change_kph > step_kph + _HAIR_KPH:
            message = f"a rise of {change_kph:.2f} km/h at once; the largest step is {step_kph:.2f} km/h"
            self._record.note("R3", now_s, message)
        if now_s - self._incline_rise_s < AXES_APART_S - EPSILON_S:
            self._both_axes(now_s, now_s - self._incline_rise_s)
        self._accelerates(now_s, change_kph, apart_s)

    def _accelerates(self, now_s: float, change_kph: float, apart_s: float) -> None:
        rate = self._scene.rules.rise_kph_per_s
        limit_kph = rate * WINDOW_S + self._scene.rules.step_kph
        self._last_rise = (now_s, change_kph)
        risen_kph, self._last = _sum_of_window(self._rises, now_s, change_kph), self._rises
        self._bucket_kph = max(0.0, self._bucket_kph - rate * apart_s) + change_kph
        if risen_kph > limit_kph + _HAIR_KPH:
            self._too_quick(now_s, f"set-points rose {risen_kph:.2f} km/h within a second", rate, limit_kph)
        elif self._bucket_kph > limit_kph + _HAIR_KPH:
            ahead = f"set-points rose until they were {self._bucket_kph:.2f} km/h ahead of the rate"
            self._too_quick(now_s, ahead, rate, limit_kph)

    def _leash(self, now_s: float, speed_kph: float) -> None:
        scene, leash_kph = self._scene, self._scene.rules.leash_kph
        if speed_kph > scene.speed_kph + leash_kph + _HAIR_KPH:
            message = f"a rise to {speed_kph:.2f} km/h while {scene.speed_kph:.2f} km/h was measured"
            self._record.note("R3", now_s, f"{message}; the leash is {leash_kph:.2f} km/h")

    def _fall(self, now_s: float, speed_kph: float) -> None:
        scene = self._scene
        felt_kph = min(scene.in_force_ckph() / 100, scene.speed_kph) - speed_kph
        if felt_kph <= 0:
            return
        while self._falls and now_s - self._falls[0][0] >= WINDOW_S - EPSILON_S:
            self._before_s = self._falls.popleft()[0]
        fallen_kph, self._last = _sum_of_window(self._falls, now_s, felt_kph), self._falls
        self._falls_too_quickly(now_s, fallen_kph)

    def _falls_too_quickly(self, now_s: float, fallen_kph: float) -> None:
        """The set-point of a stop leaves before the screen can say so: the plan's rate is held against it when its
        moment is over."""
        unplanned = max(self._scene.rules.fall_kph_per_s, UNPLANNED_FALL_KPH_PER_S)
        planned = self._scene.rules.fall_kph_per_s if self._scene.label in (None, RUNNING) else unplanned
        limit_kph = self._fall_limit_kph(now_s, planned)
        if fallen_kph <= limit_kph + _HAIR_KPH:
            return
        sentence = _allowed(f"set-points fell {fallen_kph:.2f} km/h within a second", planned, limit_kph)
        if fallen_kph > self._fall_limit_kph(now_s, unplanned) + _HAIR_KPH:
            self._record.note("I12", now_s, sentence)
        else:
            self._doubtful = (now_s, sentence)
            self.look(now_s)

    def _fall_limit_kph(self, now_s: float, rate: float) -> float:
        rules = self._scene.rules
        # A ramp runs on while its first set-point waits for the gap behind the one before it.
        return max(rate * (WINDOW_S + rules.gap_s) + rules.step_kph, self._one_ramp_kph(now_s, rate))

    def _one_ramp_kph(self, now_s: float, rate: float) -> float:
        """What a ramp of this rate sends within the window: its first set-point also brings what fell since the one
        before it, and each is rounded to a step. A ramp that begins in the window brings nothing from before."""
        if self._falls[0][0] - self._before_s > WINDOW_S:
            return 0.0
        return rate * (now_s - self._before_s) + self._scene.rules.speed_increment_kph

    def _stale(self, now_s: float, what: str) -> None:
        age_s = now_s - self._scene.report_s
        if age_s > self._scene.late_s + EPSILON_S:
            known = f"the newest report was {age_s:.2f} s old" if age_s < math.inf else "there was no report"
            self._record.note("I7", now_s, f"a rise to {what} while {known} (limit {self._scene.late_s:.2f} s)")

    def _both_axes(self, now_s: float, apart_s: float) -> None:
        message = f"speed and deck were told to rise {apart_s:.2f} s apart; at least {AXES_APART_S:.1f} s are owed"
        self._record.note("I13", now_s, message)

    def _too_quick(self, now_s: float, what: str, rate: float, limit_kph: float) -> None:
        self._record.note("I12", now_s, _allowed(what, rate, limit_kph))


def _allowed(what: str, rate: float, limit_kph: float) -> str:
    return f"{what}; {rate:.2f} km/h per s and one step allow {limit_kph:.2f} km/h"


def _sum_of_window(changes: deque[tuple[float, float]], now_s: float, change_kph: float) -> float:
    """Add a change and sum those of the last second, half open: a change exactly a second ago is not in it."""
    while changes and now_s - changes[0][0] >= WINDOW_S - EPSILON_S:
        changes.popleft()
    changes.append((now_s, change_kph))
    return sum(kph for _, kph in changes)
