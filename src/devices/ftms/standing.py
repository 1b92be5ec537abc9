"""What a driver knows of the belt: how it was last seen, and what was last sent to it. Pure; moments come in.

a start    only to a belt that reports standstill now, and not again while the last one may still take effect
a speed    only to a belt that was seen moving, and that nobody has stopped since
again      a set-point that is in force already is not sent again: consoles beep, or jump
"""

from __future__ import annotations

from collections import deque

from ...machine import BeltDirection, Command, DeviceProfile, SetIncline, SetSpeed, StartBelt
from .procedure import Procedure

ZEROS_TO_STAND = 2
"""Reports of zero in a row until a moving belt counts as still: some machines send a lone zero from a moving belt."""

FRESH_S = 2.0
"""A report this old still says that the belt stands; for machines that report more slowly, two and a half periods."""

STOP_ECHO_S = 10.0
"""A machine may take this long to tell of a stop that was ours: the slowest stops on record take ten seconds."""

ECHOES_KEPT = 8
"""Set-points whose echo may still come; at two commands a second that is four seconds."""

ABOVE_KPH = 0.3
"""A belt this far above its set-point is told again: the coarsest common step, 0.2 mph."""

ABOVE_PERCENT = 1.0
"""The same for the deck: the coarsest step of a deck on record."""


class Standing:
    """One belt as one connection knows it."""

    def __init__(self, profile: DeviceProfile) -> None:
        self._profile = profile
        self._speed_kph: float | None = None
        self._incline_percent: float | None = None
        self._seen_s = 0.0
        self._zeros = 0
        self._moved = False
        self._started_s: float | None = None
        self._stopped_s: float | None = None
        self._waits_for_motion = False
        self._to_stand = False
        self._in_force: dict[type[Command], int] = {}
        self._echoes: deque[tuple[int, int]] = deque(maxlen=ECHOES_KEPT)
        self.stops = 0

    # --- what happened --------------------------------------------------------------------------------------

    def seen(self, speed_kph: float, incline_percent: float | None, now_s: float) -> None:
        """A report of the machine."""
        self._speed_kph, self._incline_percent, self._seen_s = speed_kph, incline_percent, now_s
        self._zeros = self._zeros + 1 if speed_kph == 0 else 0
        if speed_kph > 0:
            self._moved, self._waits_for_motion = True, False
        elif self._zeros >= ZEROS_TO_STAND:
            self._moved = False

    def start_sent(self, now_s: float) -> None:
        """A start is about to be written."""
        self._started_s, self._stopped_s, self._waits_for_motion = now_s, None, True
        self._to_stand = False
        self.stops = 0

    def start_refused(self) -> None:
        """The machine did not take the start: nothing is to be expected of it."""
        self._started_s, self._waits_for_motion = None, False

    def stop_sent(self, now_s: float) -> None:
        """A stop is about to be written: from here on no speed goes out until the belt is started anew."""
        self._stopped_s, self._waits_for_motion, self._to_stand = now_s, False, True
        self.stops += 1
        self.nothing_in_force()

    def set_sent(self, command: SetSpeed | SetIncline, wire: int) -> None:
        """A set-point is about to be written; it is not in force before the machine says so."""
        self._in_force.pop(type(command), None)
        if isinstance(command, SetSpeed):
            self._echoes.append((wire, command.speed_ckph))

    def set_taken(self, command: SetSpeed | SetIncline, wire: int) -> None:
        """The machine has taken it."""
        self._in_force[type(command)] = wire

    def nothing_in_force(self) -> None:
        """Whatever was set may have been replaced."""
        self._in_force.clear()

    def stopped_by_somebody(self) -> None:
        """The console or the key stopped the belt; it may still roll out."""
        self._waits_for_motion, self._to_stand = False, True
        self.nothing_in_force()

    # --- what follows from it -------------------------------------------------------------------------------

    def refusal(self, command: Command, now_s: float) -> str | None:
        """Why this command must not go out now, as a sentence; None: it may."""
        if isinstance(command, StartBelt) and command.belt is not BeltDirection.FORWARD:
            return "FTMS knows one direction of the belt only"
        if isinstance(command, StartBelt):
            return None if command.regardless else self._start_refusal(now_s)
        if isinstance(command, SetSpeed):
            return self._range_refusal(command.speed_ckph) or (None if command.regardless else self._speed_refusal())
        return self._incline_refusal(command.incline_dpct) if isinstance(command, SetIncline) else None

    def in_force(self, command: Command, procedure: Procedure) -> bool:
        """The machine has this set-point, and nothing that it reports is above it."""
        if procedure.wire is None or self._in_force.get(type(command)) != procedure.wire:
            return False
        if isinstance(command, SetSpeed):
            return (self._speed_kph or 0.0) <= command.speed_ckph / 100 + ABOVE_KPH
        assert isinstance(command, SetIncline)
        return (self._incline_percent or 0.0) <= command.incline_dpct / 10 + ABOVE_PERCENT

    def echoed_ckph(self, wire: int) -> int | None:
        """The speed that we asked for in these hundredths of the machine's unit; None: it was not us."""
        return next((ckph for sent, ckph in reversed(self._echoes) if sent == wire), None)

    def target_told(self, kind: type[Command], wire: int) -> None:
        """The machine has a target: one that is not ours takes the place of ours."""
        if self._in_force.get(kind) != wire:
            self._in_force.pop(kind, None)

    def start_is_ours(self, now_s: float) -> bool:
        """Whether a "started" of the machine now is the echo of our start."""
        return self._started_s is not None and now_s - self._started_s <= self._profile.start_timeout_ms / 1000

    def stop_is_ours(self, now_s: float) -> bool:
        """Whether a "stopped" of the machine now is the echo of our stop."""
        return self._stopped_s is not None and now_s - self._stopped_s <= STOP_ECHO_S

    def _start_refusal(self, now_s: float) -> str | None:
        if self._speed_kph is None:
            return "the treadmill has not reported its speed yet; a start is only for a belt that is seen to stand"
        if self._speed_kph > 0 or self._moved:
            return f"the belt runs already ({self._speed_kph:.1f} km/h at last); a start could stop or restart it"
        age_s, limit_s = now_s - self._seen_s, max(FRESH_S, 2.5 * self._profile.report_period_ms / 1000)
        if age_s > limit_s:
            return (
                f"the last report of the belt is {age_s:.1f} s old (limit {limit_s:.1f} s); nobody knows that it stands"
            )
        if self._waits_for_motion and self._started_s is not None and self.start_is_ours(now_s):
            return f"a start was sent {now_s - self._started_s:.1f} s ago, and the belt may be about to move"
        return None

    def _range_refusal(self, speed_ckph: int) -> str | None:
        belt = self._profile.capabilities
        if not belt.speed_min_ckph <= speed_ckph <= belt.speed_max_ckph:
            lowest, highest = belt.speed_min_ckph / 100, belt.speed_max_ckph / 100
            return f"{speed_ckph / 100:g} km/h is outside what this belt runs, {lowest:g} to {highest:g} km/h"
        return None

    def _speed_refusal(self) -> str | None:
        if self._to_stand:
            return "the belt was told to stop and is to stand still; a speed is only for one that was started since"
        if not self._moved:
            return "the belt stands still as far as it reports; a speed is only for a moving one"
        return None

    def _incline_refusal(self, incline_dpct: int) -> str | None:
        highest_dpct = self._profile.capabilities.incline_max_dpct
        if not 0 <= incline_dpct <= highest_dpct:
            return f"an incline of {incline_dpct / 10:g} % is outside what this deck does, 0 to {highest_dpct / 10:g} %"
        return None
