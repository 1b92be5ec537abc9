"""What the person is told: "stopped" is true (I6), the alarm stays (I10), and it is on when it must be (I18)."""

from __future__ import annotations

import math

from .record import EPSILON_S, TICK_S, Record
from .scene import ALARM, STOPPED, Scene
from .stopping import ESCALATED


class Labels:
    """I6, I10 and I18, from the label of the screen, the mode, the reports and the true speed of the belt.

    "stopped" needs confirmed standstill when it appears, and goes within one look when standstill is no longer
    confirmed. The true belt may move under it no longer than a report needs to show it.
    An alarm (the label, or the mode that owes it) ends only at confirmed standstill and after a person has
    acknowledged it.
    """

    __slots__ = (
        "_acknowledged",
        "_alarm_told",
        "_moving_since_s",
        "_owed_since_s",
        "_owed_told",
        "_record",
        "_scene",
        "_stopped_told",
        "_truth_shows_s",
    )

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        # One report of motion may be noise: it takes a second one.
        self._truth_shows_s = scene.rules.lag_s + scene.late_s + scene.rules.report_period_s + TICK_S + EPSILON_S
        self._acknowledged = self._alarm_told = self._stopped_told = self._owed_told = False
        self._owed_since_s = math.inf
        self._moving_since_s: float | None = None

    def acknowledge(self) -> None:
        self._acknowledged = True

    def label(self, now_s: float, label: str) -> None:
        """A label that differs from the one before."""
        scene = self._scene
        before = self._alarm_on()
        left, scene.label = scene.label, label
        self._alarm_changes(now_s, before, left == ALARM, f"the alarm went over to {label!r}")
        self._stopped_told = False
        self._moving_since_s = None
        if label == STOPPED:
            self._says_stopped(now_s)
        self._alarm_is_owed(now_s)

    def mode(self, now_s: float, mode: str) -> None:
        """A mode that differs from the one before."""
        scene = self._scene
        before = self._alarm_on()
        left, scene.mode = scene.mode, mode
        self._alarm_changes(now_s, before, left == ESCALATED, f"{ESCALATED!r} went over to {mode!r}")
        self._alarm_is_owed(now_s)

    def motion_reported(self, now_s: float) -> None:
        """A report of motion while the screen says "stopped"."""
        self._record.wake(now_s + TICK_S + EPSILON_S)

    def truly_moves(self, now_s: float, speed_kph: float) -> None:
        """The belt moves while the screen says "stopped"."""
        if self._moving_since_s is None:
            self._moving_since_s = now_s
        moved_s = now_s - self._moving_since_s
        if moved_s > self._truth_shows_s and not self._stopped_told:
            self._stopped_told = True
            message = f'the screen has said "stopped" for {moved_s:.1f} s of a belt that runs at {speed_kph:.2f} km/h'
            self._record.note("I6", now_s, f"{message} (limit {self._truth_shows_s:.1f} s)")

    def truly_rests(self) -> None:
        self._moving_since_s = None

    def look(self, now_s: float) -> None:
        if self._scene.label == STOPPED and not self._stopped_told:
            self._look_at_standstill(now_s)
        if self._owed_since_s < math.inf:
            self._look_at_alarm(now_s)

    def _says_stopped(self, now_s: float) -> None:
        if self._scene.at_rest(now_s):
            self._record.wake(self._scene.rest_ends_s() + TICK_S + EPSILON_S)
        else:
            self._not_at_rest(now_s)

    def _look_at_standstill(self, now_s: float) -> None:
        due_s = self._scene.rest_ends_s() + TICK_S + EPSILON_S
        if now_s < due_s:
            self._record.wake(due_s)
        else:
            self._not_at_rest(due_s)

    def _not_at_rest(self, at_s: float) -> None:
        self._stopped_told = True
        scene = self._scene
        span_s = scene.zero_last_s - scene.zero_first_s if scene.zeros else 0.0
        seen = f"{scene.zeros} zero reports over {span_s:.1f} s, the newest report {at_s - scene.report_s:.1f} s old"
        self._record.note("I6", at_s, f'the screen says "stopped" without a confirmed standstill: {seen}')

    def _alarm_on(self) -> bool:
        return self._scene.label == ALARM or self._scene.mode == ESCALATED

    def _alarm_changes(self, now_s: float, before: bool, left: bool, what: str) -> None:
        """``before``: the alarm was on in either way; ``left``: one of the two ways has just ended."""
        if left and not self._alarm_told and not (self._acknowledged and self._scene.at_rest(now_s)):
            self._alarm_told = True
            why = "at rest, but nobody had acknowledged it" if self._scene.at_rest(now_s) else "without standstill"
            self._record.note("I10", now_s, f"{what}: {why}")
        if before != self._alarm_on():
            self._acknowledged = self._alarm_told = False

    def _alarm_is_owed(self, now_s: float) -> None:
        if self._scene.mode != ESCALATED or self._scene.label == ALARM:
            self._owed_since_s = math.inf
            self._owed_told = False
        elif self._owed_since_s == math.inf:
            self._owed_since_s = now_s
            self._record.wake(now_s + TICK_S + EPSILON_S)

    def _look_at_alarm(self, now_s: float) -> None:
        due_s = self._owed_since_s + TICK_S + EPSILON_S
        if now_s < due_s:
            self._record.wake(due_s)
        elif not self._owed_told:
            self._owed_told = True
            label = self._scene.label
            self._record.note("I18", due_s, f"the mode is {ESCALATED!r} and the screen says {label!r}, not {ALARM!r}")
