"""What is known of the belt, from its reports alone.

Freshness comes before content: a number counts only as long as it is young. A gap clears the count of
zeros, because a belt that nobody watched may have moved. One wild report is an outlier; two are a fact.
"""

from __future__ import annotations

from dataclasses import replace

from ..machine import BeltDirection, DeviceProfile
from ..values import value
from .inputs import Seen

# Three zeros over two seconds: transient zero reports exist (a Merach treadmill sends them while running).
STANDSTILL_REPORTS = 3
STANDSTILL_SPAN_MS = 2000
# Two reports, because single spikes of more than 20 km/h are in the field record of FTMS treadmills.
RUNAWAY_REPORTS = 2
RUNAWAY_MARGIN_CKPH = 50
SPIKE_MARGIN_CKPH = 150
# A spike that no later report takes back within this time is believed.
SPIKE_BELIEVED_MS = 1000
# Counters that stand still this long while the speed does not: the machine repeats itself.
COUNTERS_STUCK_MS = 5000
AGE_CEILING_MS = 60_000


@value
class ReportTimes:
    """How old reports of one machine may grow: then rises freeze, then the belt is stopped."""

    late_ms: int
    silent_ms: int

    @classmethod
    def of(cls, profile: DeviceProfile) -> ReportTimes:
        """Two periods but at least 1.0 s; three periods but between 2.0 s and 3.0 s."""
        period_ms = profile.report_period_ms
        return cls(max(2 * period_ms, 1000), min(max(3 * period_ms, 2000), 3000))


@value
class Envelope:
    """The fastest that the belt may honestly run, given what was sent to it.

    A set-point counts for one window (lag plus a report period) after it was replaced; from then on the level comes
    down at the machine's slowest fall. ``held`` are those that still count, each with the milliseconds since it was
    last in force: lower ones behind higher ones, and the one in force at the end. A measured speed never raises the
    level: that would let a runaway explain itself.
    """

    level_mckph: int = 0
    held: tuple[tuple[int, int], ...] = ()
    hold_ms: int = 0

    def sent(self, speed_ckph: int) -> Envelope:
        """A set-point has been sent."""
        return replace(self, level_mckph=max(self.level_mckph, speed_ckph * 1000), held=self._above(speed_ckph, 0))

    def stop_sent(self, reaction_ms: int) -> Envelope:
        """A stop has been sent: the belt has its reaction time before it must be seen falling."""
        return replace(self, held=(), hold_ms=reaction_ms)

    def aged(self, elapsed_ms: int, setpoint_ckph: int, window_ms: int, fall_ckph_per_s: int) -> Envelope:
        """The envelope ``elapsed_ms`` later, with ``setpoint_ckph`` still in force."""
        if self.hold_ms > 0:
            return replace(self, hold_ms=max(0, self.hold_ms - elapsed_ms))
        held = self._above(setpoint_ckph, elapsed_ms)
        lines = [ckph * 1000 - fall_ckph_per_s * max(0, ms - window_ms) for ckph, ms in held]
        level_mckph = max(self.level_mckph - fall_ckph_per_s * elapsed_ms, *lines)
        return Envelope(level_mckph, tuple([one for one in held if one[1] < window_ms]))

    def _above(self, setpoint_ckph: int, elapsed_ms: int) -> tuple[tuple[int, int], ...]:
        """What is held above this set-point, so much later, and the set-point itself."""
        return (*[(ckph, ms + elapsed_ms) for ckph, ms in self.held if ckph > setpoint_ckph], (setpoint_ckph, 0))

    @property
    def ceiling_ckph(self) -> int:
        """The level in hundredths of a km/h, rounded up."""
        return -(-self.level_mckph // 1000)


@value
class Belt:
    """The belt as reported. ``speed_ckph`` is None before the first report.

    ``age_ms`` is that of the last report, counted from when it was measured. ``news``: it came in this step.
    ``zeros_age_ms`` runs since the first zero of an unbroken row; ``zeros_span_ms`` is how far the row reaches,
    from its first report to its last, so that it does not grow by waiting. ``direction`` is that of the last report,
    None where it did not tell; at rest it means nothing.
    """

    speed_ckph: int | None = None
    incline_dpct: int | None = None
    age_ms: int = AGE_CEILING_MS
    zeros: int = 0
    zeros_age_ms: int = 0
    zeros_span_ms: int = 0
    moving: int = 0
    over: int = 0
    spike_ms: int | None = None
    stuck_ms: int = 0
    news: bool = False
    direction: BeltDirection | None = None

    def aged(self, elapsed_ms: int, late_ms: int) -> Belt:
        """The same knowledge ``elapsed_ms`` later. A gap clears the zeros; outliers wait for the next report."""
        age_ms = min(self.age_ms + elapsed_ms, AGE_CEILING_MS)
        gap = age_ms > late_ms
        spike_ms = None if self.spike_ms is None else min(self.spike_ms + elapsed_ms, AGE_CEILING_MS)
        return Belt(
            self.speed_ckph,
            self.incline_dpct,
            age_ms,
            0 if gap else self.zeros,
            0 if gap or not self.zeros else min(self.zeros_age_ms + elapsed_ms, AGE_CEILING_MS),
            0 if gap else self.zeros_span_ms,
            self.moving,
            self.over,
            spike_ms,
            self.stuck_ms,
            direction=self.direction,
        )

    def seen(self, report: Seen, ceiling_ckph: int, late_ms: int) -> Belt:
        """The knowledge after one good report; ``ceiling_ckph`` is the envelope's.

        A report that is out of order is no news. Reports that come together may have a gap between them too.
        """
        speed_ckph, still, age_ms = report.speed_ckph, report.speed_ckph == 0, report.age_ms
        if age_ms > self.age_ms:
            return self
        zeros = self.zeros if still and self.age_ms - age_ms <= late_ms else 0
        zeros_age_ms = self.zeros_age_ms if zeros else age_ms
        over = speed_ckph > ceiling_ckph + RUNAWAY_MARGIN_CKPH
        spike = over and speed_ckph > ceiling_ckph + SPIKE_MARGIN_CKPH
        stuck_ms = 0 if still or report.counters_moved else self.stuck_ms
        if report.counters_moved is False and not still:
            stuck_ms = min(stuck_ms + self.age_ms - age_ms, AGE_CEILING_MS)
        return Belt(
            speed_ckph,
            self.incline_dpct if report.incline_dpct is None else report.incline_dpct,
            age_ms,
            min(zeros + 1, STANDSTILL_REPORTS) if still else 0,
            zeros_age_ms if still else 0,
            zeros_age_ms - age_ms if still else 0,
            0 if still else min(self.moving + 1, 2),
            min(self.over + 1, RUNAWAY_REPORTS) if over else 0,
            (age_ms if self.spike_ms is None else self.spike_ms) if spike else None,
            stuck_ms,
            True,
            report.belt,
        )

    def watched_anew(self) -> Belt:
        """The same belt with its zeros forgotten: only what comes next can confirm that it stands."""
        return replace(self, zeros=0, zeros_age_ms=0, zeros_span_ms=0)

    def standstill(self, late_ms: int) -> bool:
        """Confirmed: enough fresh zeros over enough time, with no gap among them and none since."""
        return self.zeros >= STANDSTILL_REPORTS and self.zeros_span_ms >= STANDSTILL_SPAN_MS and self.age_ms <= late_ms
