"""What a treadmill says, as reports: frames in, at most one report out. Pure and total; moments come in.

A frame that is odd in a way in which this machine was odd before is its manner (cut at 20 octets, padded) and is read
like any other. One that is odd in a new way is dropped, as is one without a speed or with a senseless one; while more
than a fifth of the frames of two seconds are of that kind, none is believed: such a machine counts as silent.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass

from ...machine import (
    MachineNotice,
    Report,
    SetIncline,
    SetSpeed,
    TargetChanged,
    Telemetry,
)
from .codec import Anomaly, Assembler, Decoded, MachineEvent, MachineStatus, TreadmillData, decode_machine_status
from .dialect import FtmsDialect
from .procedure import kph
from .standing import Standing

SENSELESS_KPH = 50.0
"""The quickest treadmills for athletes end at 45 km/h; a number above is no speed."""

WINDOW_S = 2.0
ODD_SHARE_MAX = 0.2
ODD_MIN = 2
"""Under this many odd frames in the window a share says nothing: of two reports a second apart one is half."""

FRAMES_IN_WINDOW = 4096
"""Twice what a flood of a thousand frames a second leaves in two seconds; the oldest go first."""

MANNERS_MAX = 16
"""Ways to be odd that are remembered: a machine has one or two, noise has a new one in every frame."""

REPLAY_S = 1.0
"""Some consoles tell their last event again to whoever subscribes; what comes this soon after is no news."""

_NEWS_AT_ONCE = (MachineEvent.STOPPED_BY_SAFETY_KEY, MachineEvent.CONTROL_LOST)


@dataclass(frozen=True, slots=True)
class Manner:
    """In which way a frame is odd: its flags, its length, and the names of its oddities."""

    flags: bytes
    length: int
    oddities: tuple[str, ...]


class Hearing:
    """The ear of one connection.

    ``odd`` counts what was odd, by name, for whoever wants to know. ``in_control``: the driver was given control; a
    machine that tells before that of control that was lost means somebody else's.
    """

    def __init__(self, dialect: FtmsDialect, standing: Standing, now_s: float) -> None:
        self._dialect = dialect
        self._standing = standing
        self._since_s = now_s
        self._assembler = Assembler(dialect.pace_bytes)
        self._manners: OrderedDict[Manner, None] = OrderedDict()
        self._window: deque[tuple[float, bool]] = deque(maxlen=FRAMES_IN_WINDOW)
        self._odd_in_window = 0
        self.odd: Counter[str] = Counter()
        self.in_control = False
        self.control_lost = False

    def treadmill_data(self, payload: bytes, now_s: float) -> Telemetry | None:
        """One frame of treadmill data."""
        record = self._assembler.take(payload)
        if record is None:
            return None
        self._count(record.anomalies)
        data = record.value
        odd = data.speed_kph is None or self._kph(data.speed_kph) > SENSELESS_KPH or self._is_new(payload, record)
        self._remember(now_s, odd)
        if odd or data.speed_kph is None or self.noisy(now_s):
            return None
        telemetry = self._telemetry(data, self._kph(data.speed_kph), now_s)
        self._standing.seen(telemetry.speed_kph or 0.0, telemetry.incline_percent, now_s)
        return telemetry

    def machine_status(self, payload: bytes, now_s: float) -> Report | None:
        """One event of the machine; None for an echo of what we did and for what nobody asked."""
        decoded = decode_machine_status(payload)
        self._count(decoded.anomalies)
        status = decoded.value
        if now_s - self._since_s < REPLAY_S and status.event not in _NEWS_AT_ONCE:
            return None
        if status.event in (MachineEvent.TARGET_SPEED_CHANGED, MachineEvent.TARGET_INCLINE_CHANGED):
            return self._target(status)
        return self._notice(status.event, now_s)

    def noisy(self, now_s: float) -> bool:
        """Whether too much of what was heard of late was odd for anything of it to be believed."""
        while self._window and now_s - self._window[0][0] > WINDOW_S:
            self._odd_in_window -= self._window.popleft()[1]
        odd = self._odd_in_window
        return odd >= ODD_MIN and odd > ODD_SHARE_MAX * len(self._window)

    def _kph(self, speed: float) -> float:
        return kph(speed, self._dialect.reported_unit)

    def _telemetry(self, data: TreadmillData, speed_kph: float, now_s: float) -> Telemetry:
        return Telemetry(
            measured_at_s=now_s,
            speed_kph=speed_kph,
            incline_percent=data.incline_percent if self._dialect.incline_moves else None,
            distance_m=None if data.distance_m is None else float(data.distance_m),
            machine_time_s=None if data.elapsed_s is None else float(data.elapsed_s),
            heart_rate_bpm=data.heart_rate_bpm,
        )

    def _is_new(self, payload: bytes, record: Decoded[TreadmillData]) -> bool:
        """Odd in a way in which this machine was not odd before; from now on it was."""
        if not record.anomalies:
            return False
        manner = Manner(payload[:2], len(payload), tuple(f"{one.what.name} {one.where}" for one in record.anomalies))
        known = manner in self._manners
        self._manners[manner] = None
        self._manners.move_to_end(manner)
        if len(self._manners) > MANNERS_MAX:
            self._manners.popitem(last=False)
        return not known

    def _remember(self, now_s: float, odd: bool) -> None:
        if len(self._window) == FRAMES_IN_WINDOW:
            self._odd_in_window -= self._window.popleft()[1]
        self._window.append((now_s, odd))
        self._odd_in_window += odd

    def _target(self, status: MachineStatus) -> TargetChanged | None:
        if status.value is None or not self._dialect.targets_told:
            return None
        if status.event == MachineEvent.TARGET_SPEED_CHANGED:
            wire = round(status.value * 100)
            self._standing.target_told(SetSpeed, wire)
            ours_ckph = self._standing.echoed_ckph(wire)
            told_kph = kph(status.value, self._dialect.commanded_unit)
            return TargetChanged(speed_kph=told_kph if ours_ckph is None else ours_ckph / 100)
        if not self._dialect.incline_moves:
            return None
        self._standing.target_told(SetIncline, round(status.value * 10))
        return TargetChanged(incline_percent=status.value)

    def _notice(self, event: int | None, now_s: float) -> MachineNotice | None:
        standing = self._standing
        if event == MachineEvent.STOPPED_BY_SAFETY_KEY:
            standing.stopped_by_somebody()
            return MachineNotice.SAFETY_KEY_PULLED
        if event == MachineEvent.CONTROL_LOST:
            return self._control_went()
        if event == MachineEvent.STOPPED_OR_PAUSED_BY_USER:
            return self._stopped(now_s)
        if event == MachineEvent.STARTED_OR_RESUMED_BY_USER:
            standing.nothing_in_force()
            return None if standing.start_is_ours(now_s) else MachineNotice.STARTED_AT_CONSOLE
        if event == MachineEvent.RESET:
            standing.nothing_in_force()
        return None

    def _control_went(self) -> MachineNotice | None:
        if not self.in_control:
            return None
        self._standing.nothing_in_force()
        self.in_control, self.control_lost = False, True
        return MachineNotice.CONTROL_LOST

    def _stopped(self, now_s: float) -> MachineNotice | None:
        standing = self._standing
        if standing.stop_is_ours(now_s) or (self._dialect.start_says_stopped and standing.start_is_ours(now_s)):
            return None
        standing.stopped_by_somebody()
        return MachineNotice.STOPPED_AT_CONSOLE

    def _count(self, anomalies: tuple[Anomaly, ...]) -> None:
        for one in anomalies:
            self.odd[f"{one.what.name} {one.where}"] += 1
