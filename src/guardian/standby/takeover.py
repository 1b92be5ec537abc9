"""A belt without its guardian: when to send a stop, when to keep silent, when to look for the machine anew. Pure.

It shares no code with the supervisor, because it may be a fault of the supervisor that brought it here.

    the machine                               what is done
    a second stop does it no harm             a stop at once, and again every second until it stands still
    a second stop may start it                a stop at the first report above zero; none where one was sent before
    silence stops it                          a stop at once, then 3 s of silence, in which its own timer stops it too;
                                              then it is looked at, and if it still moves, all that once more
    its line takes nothing, or is gone        reached anew, at once and then every half second
    it stands still                           three reports of zero over two seconds; then watched for eight, as some
                                              consoles that were rebooted by a stop set their belt going again
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ...machine import DeviceProfile

# As long as a guardian waits for a belt that its main process has left behind: beyond it only a hand helps.
GIVES_UP_S = 60.0
# A stop a second is what the slowest machine on record takes in.
REPEAT_S = 1.0
# A Trackmaster acts after half a second of silence; this is six times that, as for the guardian itself.
SILENCE_S = 3.0
# How long a machine that was left in silence may say nothing before it counts as one that moves.
UNHEARD_S = 1.0
TRY_EVERY_S = 0.5
# The end of a pipe is seen a moment before the port of the dead process is free: at first tries follow one another.
QUICK_TRY_S = 0.02
QUICK_FOR_S = 1.0
# Standstill: as many reports of zero over as long a time, with no gap of two periods (or a second) between them.
ZEROS = 3
ZEROS_OVER_S = 2.0
GAP_S = 1.0
WATCHED_S = 8.0


class Deed(Enum):
    """What is due."""

    REACH = "reach"
    STOP = "stop"
    LET_GO = "let go"
    END = "end"


@dataclass(slots=True)
class _Zeros:
    """Reports of zero in a row: how many, since when, and when the last one came."""

    count: int = 0
    since_s: float = 0.0
    last_s: float = 0.0


class Takeover:
    """One belt whose guardian has died. Moments are arguments and never go back."""

    def __init__(self, stop_sent: bool, now_s: float) -> None:
        """``stop_sent``: the guardian has sent a stop for this motion."""
        self.speed_kph: float | None = None
        self.stops = 0
        self._guardian_stopped = stop_sent
        self._began_s = now_s
        self._profile: DeviceProfile | None = None
        self._linked_s = now_s
        self._reach_s = now_s
        self._stop_s: float | None = None
        self._lets_go = False
        self._was_silent = False
        self._zeros = _Zeros()
        self._still_s: float | None = None

    # --- what comes in --------------------------------------------------------------------------------------

    def linked(self, profile: DeviceProfile, now_s: float) -> None:
        """There is a line."""
        self._profile, self._linked_s = profile, now_s
        self._lets_go, self._stop_s = False, None

    def unlinked(self, now_s: float) -> None:
        """There is no line, or none any more. What was reported over it says nothing now."""
        silent = self._lets_go and self._silence_stops
        self._was_silent = self._was_silent or silent
        self._profile, self.speed_kph, self._zeros, self._still_s = None, None, _Zeros(), None
        again_s = QUICK_TRY_S if now_s - self._began_s < QUICK_FOR_S else TRY_EVERY_S
        self._reach_s = now_s + (SILENCE_S if silent else again_s)

    def reported(self, speed_kph: float, now_s: float) -> None:
        """The machine says how fast it is."""
        self.speed_kph = speed_kph
        zeros, gap_s = self._zeros, max(GAP_S, 2 * self._period_s)
        if speed_kph > 0.0:
            self._zeros, self._still_s = _Zeros(), None
        elif zeros.count and now_s - zeros.last_s <= gap_s:
            self._zeros = _Zeros(zeros.count + 1, zeros.since_s, now_s)
        else:
            self._zeros = _Zeros(1, now_s, now_s)
        if self._still_s is None and self._zeros.count >= ZEROS and now_s - self._zeros.since_s >= ZEROS_OVER_S:
            self._still_s = now_s

    def stop_left(self, now_s: float) -> None:
        """A stop is being handed to the line."""
        self.stops, self._stop_s = self.stops + 1, now_s

    def stop_returned(self, hangs: bool) -> None:
        """It is back. ``hangs``: the line did not take it, or nothing came back in its time."""
        self._lets_go = hangs or self._silence_stops

    # --- what is due ----------------------------------------------------------------------------------------

    @property
    def still(self) -> bool:
        """Confirmed standstill."""
        return self._still_s is not None

    @property
    def silent(self) -> bool:
        """Nothing is said to the machine, on purpose."""
        return self._lets_go and self._silence_stops

    def due(self, now_s: float) -> Deed | None:
        """The one thing to do now, if any."""
        if now_s - self._began_s >= GIVES_UP_S or (self._still_s is not None and now_s - self._still_s >= WATCHED_S):
            return Deed.END
        if self._profile is None:
            return Deed.REACH if now_s >= self._reach_s else None
        if self._lets_go:
            return Deed.LET_GO
        return Deed.STOP if self._stop_is_due(self._profile, now_s) else None

    def _stop_is_due(self, profile: DeviceProfile, now_s: float) -> bool:
        moves = self.speed_kph is not None and self.speed_kph > 0.0
        if not profile.stop_repeat_ok:
            return moves and not self._guardian_stopped and not self.stops
        if self._was_silent and not moves:
            return self.speed_kph is None and now_s - self._linked_s >= UNHEARD_S and self._repeats(profile, now_s)
        return not self.still and self._repeats(profile, now_s)

    def _repeats(self, profile: DeviceProfile, now_s: float) -> bool:
        wait_s = max(REPEAT_S, profile.stop_reaction_ms / 1000)
        return self._stop_s is None or now_s - self._stop_s >= wait_s

    @property
    def _silence_stops(self) -> bool:
        return self._profile is not None and self._profile.silence_stops and self.stops > 0

    @property
    def _period_s(self) -> float:
        return 0.0 if self._profile is None else self._profile.report_period_ms / 1000
