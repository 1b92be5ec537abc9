"""Whether every rise was announced (I11): nobody who cannot see may be surprised by a belt that gets faster."""

from __future__ import annotations

import math

from .record import Record

WARNED_S = 5.0
"""From the cue to the rise: time to hear it, understand it and take hold of a rail."""

SLACK_S = 0.15
"""A cue is heard with the look at the plan after its moment, a rise at the look before it."""

LATE_RISE_S = 10.0
"""A set-point that rises so long after the wish has stopped rising is a new rise to the person."""

GOES_ON_S = 5.0
"""Steps of a rise that come sooner after one another are one rise: a belt that climbs slowly is felt to climb. Two
seconds lie between speed and deck, and a freeze of three is not felt as an end."""

STALE_S = 30.0
"""A cue so old is not remembered as the announcement of what comes now."""


class Announced:
    """I11. A wish that begins to rise, and a set-point that rises long after it, were announced in time.

    A wish that goes on rising is one rise, however long. The start itself has its own countdown.
    """

    __slots__ = ("_cues_s", "_incline_percent", "_record", "_rising", "_rose_s", "_set_s", "_speed_kph", "_told")

    def __init__(self, record: Record) -> None:
        self._record = record
        self._cues_s: tuple[float, ...] = ()
        self._rose_s = self._set_s = -math.inf
        self._speed_kph = self._incline_percent = math.inf
        self._rising = self._told = False

    def cue(self, now_s: float) -> None:
        """A rise was announced; of two that begin within five seconds, each by its own."""
        self._cues_s = (*(one for one in self._cues_s if now_s - one <= STALE_S), now_s)

    def rests(self) -> None:
        """Nothing is wished; what is wished next after it begins at the lowest speed and is no rise."""
        self._speed_kph = self._incline_percent = math.inf
        self._rising = False

    def wished(self, now_s: float, speed_kph: float, incline_percent: float) -> None:
        """What the plan wants now; who never tells is not judged."""
        self._told = True
        rises = speed_kph > self._speed_kph or incline_percent > self._incline_percent
        if rises and not self._rising and not self._in_time(now_s):
            self._note(now_s, f"the plan began to rise to {speed_kph:.2f} km/h, {incline_percent:.1f} %")
        if rises:
            self._rose_s = now_s
        self._rising = rises
        self._speed_kph, self._incline_percent = speed_kph, incline_percent

    def rise(self, now_s: float, what: str) -> None:
        """A set-point was raised."""
        goes_on, self._set_s = now_s - self._set_s <= GOES_ON_S, now_s
        if self._told and now_s - self._rose_s > LATE_RISE_S and not goes_on and not self._in_time(now_s):
            self._note(now_s, f"a rise to {what} came {now_s - self._rose_s:.1f} s after the plan's own")

    def _in_time(self, now_s: float) -> bool:
        """A cue from before the last rise was that one's; the end of that, too, is seen with a look of the plan."""
        theirs_s = self._rose_s - WARNED_S - SLACK_S
        return any(WARNED_S - SLACK_S <= now_s - cue_s <= STALE_S and cue_s > theirs_s for cue_s in self._cues_s)

    def _note(self, now_s: float, what: str) -> None:
        age_s = now_s - max(self._cues_s, default=-math.inf)
        last = f"the last announcement was {age_s:.1f} s old" if age_s < math.inf else "nothing had been announced"
        self._record.note("I11", now_s, f"{what}, and {last}; {WARNED_S:.0f} s to {STALE_S:.0f} s are owed")
