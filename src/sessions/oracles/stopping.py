"""Stops come at once (I3), silence leads to one (I7), and every one comes to an end (I9)."""

from __future__ import annotations

import math

from .record import EPSILON_S, TICK_S, Record
from .scene import ALARM, ZEROS_SPAN_S, Scene

STOPPING = "stopping"
PAUSING = "pausing"
ESCALATED = "escalated"
"""The names of modes that mean something here; any other is only compared with itself."""

PRESSED_AGAIN_S = 1.0
"""A stop key pressed again later than this is no bounce and no held key: the person wants the belt to stop now."""

BEHIND_A_COMMAND_S = 0.2
"""Two set-points are never with the link at once (I17): so long a lower one may wait for the answer to another. With
the look this is the 0.3 s in which every stop is on its way; then the machine's own stop waits for nothing."""

LOWEST_KPH = 1.0
"""A belt at its lowest set-point that is not yet down there has no lower one; from here on its own stop is due."""

SILENCE_SLACK_S = 0.2
"""Two looks of the supervisor: one may just have passed when the bound did, one is for the frame."""

LINK_LOST_S = 0.5
"""Nothing but the key stops such a belt, and people need the time to reach it."""

ENDS_AFTER_FALL_S = 6.0
"""From the last fall that was seen: 2 s of zeros confirm a standstill, 4 s without a fall are a reason for alarm."""

ENDS_AFTER_ALL_S = 60.0
"""No belt that slows down at all takes longer from any allowed speed."""


class StopAnswer:
    """I3. A stop of the operator in motion leads within one look to a stop frame or a falling set-point; 0.2 s later
    where another command is with the link.

    It also leads out of the mode that it met. Where the belt is on its way down already (a stop or a pause
    before it, or the alarm is on) the next step of that ramp, or the next stop frame of the alarm, may come when it is
    due; but a second press, more than a second after the first and with the belt still moving, makes the stop a stop
    frame. Over a link that is lost nothing can leave: there the alarm is owed (I7).
    """

    __slots__ = ("_due_s", "_last_press_s", "_leaves_by_s", "_met_mode", "_needs", "_record", "_scene", "_within_s")

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._due_s = self._leaves_by_s = math.inf
        self._last_press_s: float | None = None
        self._met_mode: str | None = None
        self._needs = ""
        self._within_s = TICK_S

    def operator_stops(self, now_s: float, pausing: bool, behind_a_command: bool) -> None:
        scene = self._scene
        if not scene.may_move or scene.stop_s is not None or scene.cut_off():
            return
        last_s, self._last_press_s = self._last_press_s, now_s
        if last_s is None:
            self._met_mode, self._leaves_by_s = scene.mode, now_s + TICK_S + EPSILON_S
            self._record.wake(self._leaves_by_s)
            lowest = scene.target_ckph <= round(scene.rules.lowest_kph * 100) and scene.speed_kph > LOWEST_KPH
            needs = "" if pausing or lowest or scene.mode in _STOPS else _FALL
            self._owe(now_s, needs, TICK_S + (BEHIND_A_COMMAND_S if behind_a_command else 0.0))
        elif now_s - last_s > PRESSED_AGAIN_S + EPSILON_S and scene.speed_kph > 0:
            self._owe(now_s, _FRAME, TICK_S)

    def set_point_falls(self) -> None:
        if self._needs == _FALL:
            self._needs = ""

    def stop_frame(self) -> None:
        self._needs = ""

    def motion_ends_or_begins(self) -> None:
        self._last_press_s = self._met_mode = None
        self._due_s = self._leaves_by_s = math.inf

    def look(self, now_s: float) -> None:
        if now_s >= self._due_s:
            if self._needs:
                message = f"no {self._needs} within {self._within_s:.1f} s of the operator's stop"
                self._record.note("I3", self._due_s, message)
            self._due_s = math.inf
        if now_s >= self._leaves_by_s:
            mode = self._scene.mode
            if mode is not None and mode == self._met_mode and mode not in _STOPS:
                message = f"the mode was still {mode!r} {TICK_S:.1f} s after the operator's stop"
                self._record.note("I3", self._leaves_by_s, message)
            self._leaves_by_s = math.inf
        self._record.wake(min(self._due_s, self._leaves_by_s))

    def _owe(self, now_s: float, needs: str, within_s: float) -> None:
        self._needs, self._within_s = needs, within_s
        self._due_s = now_s + within_s + EPSILON_S
        self._record.wake(self._due_s)


_FALL = "stop frame and no falling set-point"
_FRAME = "stop frame (the key was pressed again and the belt still moved)"
_STOPS = frozenset({STOPPING, ESCALATED})


class Silence:
    """I7. A moving belt whose reports have ceased is sent a stop frame; one whose link is lost raises the alarm."""

    __slots__ = ("_link_told", "_record", "_scene", "_silent_s", "_told_of_s")

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._silent_s = scene.rules.silent_s + SILENCE_SLACK_S
        self._told_of_s: float | None = None
        self._link_told = False

    def motion_begins(self, now_s: float) -> None:
        self._record.wake(now_s)

    def link_lost(self, now_s: float) -> None:
        self._record.wake(now_s + LINK_LOST_S + EPSILON_S)

    def look(self, now_s: float) -> None:
        scene = self._scene
        if not scene.may_move:
            return
        lost_s = scene.link_lost_s
        if lost_s is not None and (scene.moved_off_s <= lost_s or scene.report_s <= lost_s):
            self._look_at_link(now_s, lost_s)
        elif scene.stop_s is None:
            self._look_at_reports(now_s, max(scene.report_s, scene.moved_off_s))

    def _look_at_link(self, now_s: float, lost_s: float) -> None:
        due_s = lost_s + LINK_LOST_S + EPSILON_S
        if now_s < due_s:
            self._record.wake(due_s)
        elif self._scene.stopped_at_rest(lost_s) and self._scene.rules.stop_repeat_ok:
            return  # a stop too many, to a machine that it does no harm
        elif not self._link_told and self._scene.label != ALARM:
            self._link_told = True
            message = f"no alarm within {LINK_LOST_S:.1f} s of the loss of the link to a belt that may move"
            self._record.note("I7", due_s, message)

    def _look_at_reports(self, now_s: float, since_s: float) -> None:
        due_s = since_s + self._silent_s + EPSILON_S
        if now_s < due_s:
            self._record.wake(due_s)
            return
        if self._told_of_s != since_s:
            self._told_of_s = since_s
            message = f"no stop frame within {self._silent_s:.2f} s of the last report of a belt that may move"
            self._record.note("I7", due_s, message)
        self._record.wake(now_s + self._silent_s)


class Ending:
    """I9. A stop ends in confirmed standstill or in the alarm: 6 s after the last visible fall, 60 s in all.

    Standstill ends it when the mode is no longer one of going down. A fall is a report lower than every one since
    the highest: a belt that was about to start when it was told to stop first rises, and as long as it is reported
    to stand before that, it obeys: its six seconds begin with the last of those zeros within the time that a
    standstill takes to be confirmed. A lone zero between two speeds is a glitch that machines in the field do show:
    it is a fall until the next report, and what comes then decides. Behind motion it was none, and the speeds below
    the last one before it are falls as ever.

    Nobody looked while the computer slept, so the zeros before it confirm nothing any more: a belt that had come to
    rest is watched anew, and its six seconds begin with the waking. For one that moved they run on.
    """

    __slots__ = ("_fall_s", "_highest_kph", "_lone_zero_s", "_lowest_kph", "_record", "_scene", "_since_s")

    def __init__(self, scene: Scene, record: Record) -> None:
        self._scene = scene
        self._record = record
        self._since_s: float | None = None
        self._fall_s = -math.inf
        self._lone_zero_s: float | None = None
        self._highest_kph = self._lowest_kph = 0.0

    def stop_begins(self, now_s: float) -> None:
        if self._since_s is None and self._scene.label != ALARM:
            self._since_s = self._fall_s = now_s
            self._lone_zero_s = None
            self._highest_kph = self._lowest_kph = self._scene.speed_kph
            self._record.wake(self._due_s(now_s))

    def start(self) -> None:
        self._since_s = None

    def slept(self, now_s: float) -> None:
        if self._since_s is not None and self._scene.zeros:
            self._lowest_kph, self._fall_s, self._lone_zero_s = 0.0, now_s, None

    def report(self, at_s: float, speed_kph: float) -> None:
        if self._since_s is None:
            return
        zero_s, self._lone_zero_s = self._lone_zero_s, None
        if speed_kph > self._highest_kph:
            self._highest_kph = self._lowest_kph = speed_kph
        elif speed_kph < self._lowest_kph:
            self._falls(at_s, speed_kph, zero_s)
        elif self._highest_kph == 0 and at_s - self._since_s <= ZEROS_SPAN_S + self._scene.late_s:
            self._fall_s = at_s
        self._record.wake(self._due_s(self._since_s))
        if speed_kph == 0:
            self.settle(at_s)

    def _falls(self, at_s: float, speed_kph: float, zero_s: float | None) -> None:
        """It was never so slow. ``zero_s``: the report before said for the first time that it stands."""
        if speed_kph == 0 and zero_s is None:
            self._lone_zero_s = at_s
        else:
            self._lowest_kph = speed_kph
            self._fall_s = at_s if speed_kph or zero_s is None else zero_s

    def settle(self, now_s: float) -> None:
        """Whether it has come to an end, asked whenever something that counts has changed."""
        if self._since_s is None:
            return
        scene = self._scene
        if scene.label == ALARM or (scene.mode not in _DOWNWARD and scene.at_rest(now_s)):
            self._since_s = None

    def look(self, now_s: float) -> None:
        if self._since_s is None:
            return
        due_s = self._due_s(self._since_s)
        if now_s < due_s:
            self._record.wake(due_s)
            return
        self._record.note("I9", due_s, self._message(self._since_s, due_s))
        self._since_s = None

    def _due_s(self, since_s: float) -> float:
        fall_s = self._fall_s if self._lone_zero_s is None else self._lone_zero_s
        return min(fall_s + ENDS_AFTER_FALL_S, since_s + ENDS_AFTER_ALL_S) + EPSILON_S

    def _message(self, since_s: float, due_s: float) -> str:
        ages = f"{due_s - since_s:.1f} s after the stop and {due_s - self._fall_s:.1f} s after the last visible fall"
        limits = f"limits {ENDS_AFTER_ALL_S:.0f} s and {ENDS_AFTER_FALL_S:.0f} s"
        return f"neither standstill nor alarm {ages} ({limits}); reported {self._scene.speed_kph:.2f} km/h"


_DOWNWARD = frozenset({STOPPING, PAUSING})
