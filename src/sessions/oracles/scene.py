"""What anybody outside can know of the run at this moment; every oracle reads it, only the judge changes it."""

from __future__ import annotations

import math

from .record import EPSILON_S
from .rules import Rules

ZEROS = 3
SPIKE_KPH = 0.5
"""A report that lies so far above what was asked for is suspect (R5); one by itself may be a slip of the console."""

ZEROS_SPAN_S = 2.0
"""Standstill needs three reports of zero over two seconds: a lone zero between two speeds is a glitch that
machines in the field do show."""

STOPPED = "stopped"
ALARM = "alarm"
"""The two labels of the screen that promise something; any other is taken as it comes."""


class Scene:
    """Reports, set-points, the screen and the mode as they were last seen.

    report_s        the moment of the newest usable report; minus infinity before the first
    lowered_ckph    what somebody else lowered the target to, until a new start; None: nobody did
    told_ckph       the target that the machine told since the last set-point; None: none
    target_ckph     the set-point in force, in hundredths of a km/h; a start asks for the lowest speed
    incline_dpct    the incline in force, in tenths of a percent; None before anybody knows
    may_move        from a start, a stop or two reports of motion on, until standstill is confirmed after it
    asked_to_run    a start was handed over and nothing has ended it
    stop_s          when this motion was first told to stop, over the link or at the console
    stop_frames     stops handed over during this motion that the machine may have taken
    """

    __slots__ = (
        "asked_to_run",
        "incline_dpct",
        "label",
        "late_s",
        "link_lost_s",
        "lowered_ckph",
        "may_move",
        "mode",
        "motions",
        "moved_off_s",
        "person_on",
        "report_s",
        "rest_broken_s",
        "rules",
        "speed_kph",
        "stop_frames",
        "stop_s",
        "target_ckph",
        "told_ckph",
        "zero_first_s",
        "zero_last_s",
        "zeros",
    )

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.late_s = rules.late_s
        self.report_s = -math.inf
        self.speed_kph = 0.0
        self.motions = 0
        self.zeros = 0
        self.zero_first_s = self.zero_last_s = self.rest_broken_s = -math.inf
        self.target_ckph = 0
        self.lowered_ckph: int | None = None
        self.told_ckph: int | None = None
        self.incline_dpct: int | None = None
        self.may_move = False
        self.asked_to_run = False
        self.person_on = False
        self.moved_off_s = -math.inf
        self.stop_s: float | None = None
        self.stop_frames = 0
        self.link_lost_s: float | None = None
        self.label: str | None = None
        self.mode: str | None = None

    # Reports: ``at_s`` is the report's own moment, ``now_s`` that of its arrival

    def saw_zero(self, now_s: float, at_s: float) -> bool:
        """A report of zero; True when with it the motion has come to its end. Where it is the first one behind a start
        that was not zero, and impossibly fast, it takes that back: the belt has not moved off yet."""
        if self.asked_to_run and self.motions == 1 and self.speed_kph > self.target_ckph / 100 + SPIKE_KPH:
            self.motions = 0
        self.report_s = at_s
        self.speed_kph = 0.0
        if self.zeros and at_s - self.zero_last_s <= self.late_s + EPSILON_S:
            self.zeros += 1
        else:
            self.zeros = 1
            self.zero_first_s = at_s
            self.rest_broken_s = now_s
        self.zero_last_s = at_s
        if not self.may_move:
            self.motions = 0
            return False
        return self._comes_to_rest(at_s)

    def saw_motion(self, now_s: float, at_s: float, speed_kph: float) -> bool:
        """A report of motion; True when it is the second in a row of a belt that was not to move."""
        self.report_s = at_s
        self.speed_kph = speed_kph
        self.motions += 1
        if self.zeros:
            self.zeros = 0
            self.rest_broken_s = now_s
        if self.may_move or self.motions < 2:
            return False
        self._begins_to_move(now_s)
        return True

    def at_rest(self, now_s: float) -> bool:
        """Whether standstill is confirmed: enough zeros, over long enough, without a gap, the last one fresh."""
        return (
            self.zeros >= ZEROS
            and self.zero_last_s - self.zero_first_s >= ZEROS_SPAN_S - EPSILON_S
            and now_s - self.zero_last_s <= self.late_s + EPSILON_S
        )

    def stopped_at_rest(self, at_s: float) -> bool:
        """Whether the stop was for a belt that stood before it and still does: it has ended nothing."""
        return self.stop_s is not None and self.stop_s == self.moved_off_s and self.at_rest(at_s)

    def in_force_ckph(self) -> int:
        """The set-point in force, or what somebody else lowered it to, or less where the machine says less: a low
        target of somebody else may look like the echo of one that was ours."""
        theirs = [one for one in (self.lowered_ckph, self.told_ckph) if one is not None]
        return min((self.target_ckph, *theirs))

    def cut_off(self) -> bool:
        """Whether the link was lost and nothing has been heard since: no command reaches the machine."""
        return self.link_lost_s is not None and self.report_s <= self.link_lost_s

    def rest_ends_s(self) -> float:
        """When the confirmation that holds ends unless a zero renews it; else when the last one ended."""
        return self.zero_last_s + self.late_s if self.at_rest(self.zero_last_s) else self.rest_broken_s

    def _begins_to_move(self, now_s: float) -> None:
        self.may_move = True
        self.moved_off_s = now_s
        self.stop_s = None
        self.stop_frames = 0

    def _comes_to_rest(self, at_s: float) -> bool:
        """After a start or a stop only the zeros that came later count; a start that has shown no motion goes on.

        A stop does nothing to a belt that had moved and stood by then, unless it may start one that stands.
        """
        if not (self.motions or self.stop_s is not None):
            return False
        no_matter = self.motions and self.rules.stop_repeat_ok
        stop_s = -math.inf if self.stop_s is None or no_matter else self.stop_s
        since_s = max(self.zero_first_s, self.moved_off_s, stop_s)
        if self.zeros < ZEROS or at_s - since_s < ZEROS_SPAN_S - EPSILON_S:
            return False
        self.may_move = self.asked_to_run = False
        self.stop_s = None
        self.stop_frames = self.motions = self.target_ckph = 0
        return True

    # Commands

    def started(self, now_s: float) -> None:
        """A start was handed over."""
        self.target_ckph = max(self.target_ckph, round(self.rules.lowest_kph * 100))
        self.asked_to_run = True
        self.person_on = False
        self.lowered_ckph = self.told_ckph = None
        self._begins_to_move(now_s)

    def start_refused(self) -> None:
        """The machine did not take the start."""
        self.asked_to_run = False
        if not self.motions:
            self.may_move = False
            self.target_ckph = 0

    def told_to_stop(self, now_s: float) -> None:
        """A stop was handed over, or pressed at the machine."""
        if not self.may_move:
            self._begins_to_move(now_s)
        if self.stop_s is None:
            self.stop_s = now_s
        self.asked_to_run = False
        self.target_ckph = 0
