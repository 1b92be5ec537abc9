"""What a simulated treadmill says: when a report is due, what it carries, and how it can be wrong."""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from ...machine import LinkLost, Report, Telemetry
from .agenda import Agenda, Rank
from .archetype import Archetype

SPIKE_KPH = 15.0
"""Wild reports in the field were of 22 and 24 km/h from walking belts (qdomyos-zwift issues 3500 and 3757)."""

Distortion = Callable[[float], float]
"""The speed that a wrong report carries, from the right one; both in km/h."""


def spiked(speed_kph: float) -> float:
    """Far above any speed that was asked for."""
    return speed_kph + SPIKE_KPH


def zeroed(_speed_kph: float) -> float:
    """As if the belt stood."""
    return 0.0


@dataclass(slots=True)
class Glitch:
    """A lone wrong report of a moving belt now and then: about every ``every_s``, never two within half of it."""

    every_s: float
    distort: Distortion
    chance: random.Random
    due_s: float = math.inf

    def plan(self, moment_s: float) -> None:
        """The next one comes within half and one and a half of its time."""
        self.due_s = moment_s + self.every_s * (0.5 + self.chance.random())

    def of(self, moment_s: float, speed_kph: float) -> float:
        """The speed in the report of this moment."""
        if speed_kph == 0 or moment_s < self.due_s:
            return speed_kph
        self.plan(moment_s)
        return self.distort(speed_kph)


class Reporter:
    """The reports of one treadmill, from looking at the belt to the outbox.

    ``look`` gives the machine as it is at a moment. A report carries what was looked at and arrives at its own
    due moment; notices go straight to the outbox.
    """

    def __init__(
        self, kind: Archetype, agenda: Agenda, seed: int, starts_at_s: float, look: Callable[[float], Telemetry]
    ) -> None:
        self._kind = kind
        self._agenda = agenda
        self._look = look
        self._random = random.Random(seed)
        self._glitches = _glitches(kind, seed)
        for glitch in self._glitches:
            glitch.plan(starts_at_s)
        self._outbox: list[Report] = []
        self._in_flight: deque[Telemetry] = deque()
        self._last: Telemetry | None = None
        self._spike_due = False
        self._zero_due = False
        self._frozen = False
        self._silent = False
        self._period_s = kind.report_period_s
        self._begin(starts_at_s)

    def next_due_s(self, now_s: float) -> float | None:
        """When there is next something to take; ``None`` when there will be nothing without a new cause."""
        if self._outbox:
            return now_s
        if self._in_flight:
            return self._in_flight[0].measured_at_s
        return None if self._due_s == math.inf else self._due_s

    @property
    def waiting(self) -> bool:
        """Something can be taken now."""
        return bool(self._outbox)

    def take(self) -> tuple[Report, ...]:
        """What has arrived, in order; given once."""
        reports = tuple(self._outbox)
        self._outbox.clear()
        return reports

    def tell(self, notice: Report) -> None:
        """Something beside the regular reports; a machine without a link or a voice says nothing."""
        if self._due_s < math.inf:
            self._outbox.append(notice)

    def spike(self) -> None:
        """The next report of a moving belt is a wild one."""
        self._spike_due = True

    def zero(self) -> None:
        """The next report says that the belt stands."""
        self._zero_due = True

    def freeze(self) -> None:
        """From now on every report repeats the last one, counters and all."""
        self._frozen = True

    def flood(self, moment_s: float, reports_per_s: float) -> None:
        """From now on reports come in this number each second, behind those that are on their way."""
        if self._due_s < math.inf:
            self._period_s = 1 / reports_per_s
            self._agenda.forget(Rank.SAMPLE)
            self._begin(self._in_flight[-1].measured_at_s if self._in_flight else moment_s)

    def fall_silent(self) -> None:
        """Nothing is said any more, and what was on its way is lost."""
        self._silent = True
        self._cease()

    def link_lost(self, reason: str) -> None:
        """The last report of a connection."""
        self._cease()
        self._outbox.append(LinkLost(reason))

    def link_anew(self, moment_s: float) -> None:
        """A new connection: reports begin anew, unless the machine has lost its voice as well."""
        self._cease()
        self._outbox.clear()
        if not self._silent:
            self._begin(moment_s)

    def _cease(self) -> None:
        self._due_s = math.inf
        self._in_flight.clear()
        self._agenda.forget(Rank.ARRIVAL, Rank.SAMPLE)

    def _begin(self, moment_s: float) -> None:
        """Due moments count from here, so lateness never adds up."""
        self._begun_s = moment_s
        self._planned = 0
        self._plan_next()

    def _plan_next(self) -> None:
        kind = self._kind
        self._planned += 1
        late = kind.report_jitter * self._random.random() if kind.report_jitter else 0.0
        self._due_s = self._begun_s + (self._planned + late) * self._period_s
        self._agenda.put(max(self._begun_s, self._due_s - kind.report_lag_s), Rank.SAMPLE, self._sample)

    def _sample(self, moment_s: float) -> None:
        """Look at the machine for the next report; it arrives at its due moment."""
        report = replace(self._seen(moment_s), measured_at_s=self._due_s)
        if report.measured_at_s <= moment_s:
            self._outbox.append(report)
        else:
            self._in_flight.append(report)
            self._agenda.put(report.measured_at_s, Rank.ARRIVAL, self._arrive)
        self._plan_next()

    def _arrive(self, _moment_s: float) -> None:
        self._outbox.append(self._in_flight.popleft())

    def _seen(self, moment_s: float) -> Telemetry:
        if self._frozen and self._last is not None:
            return self._last
        report = self._look(moment_s)
        speed_kph = report.speed_kph or 0.0
        for glitch in self._glitches:
            speed_kph = glitch.of(moment_s, speed_kph)
        if self._spike_due and speed_kph > 0:
            self._spike_due = False
            speed_kph = spiked(speed_kph)
        if self._zero_due:
            self._zero_due, speed_kph = False, zeroed(speed_kph)
        self._last = report if speed_kph == report.speed_kph else replace(report, speed_kph=round(speed_kph, 2))
        return self._last


def _glitches(kind: Archetype, seed: int) -> tuple[Glitch, ...]:
    """Their chance is their own, so that they leave the jitter of the reports alone."""
    rows = ((kind.spike_every_s, spiked), (kind.zero_every_s, zeroed))
    return tuple(
        Glitch(every_s, distort, random.Random(f"glitch {seed}")) for every_s, distort in rows if every_s is not None
    )
