"""The standby of a guardian that has died, on virtual time: the shipped decisions over the belts of the swarm."""

from __future__ import annotations

from tests.proof.swarm.machines import Belt

from retrotread.devices.simulated.answers import Pending
from retrotread.guardian.standby.takeover import Deed, Takeover
from retrotread.machine import LinkLost, Report, StopBelt, Stuck, Telemetry

NOTICES_S = 0.05
"""From the death of the guardian to the end of its pipe at the standby."""


class Standby:
    """It reaches for the machine and does nothing but stop it. Moments are those of the belt."""

    def __init__(self, belt: Belt, stop_sent: bool, now_s: float) -> None:
        self.began_s = now_s
        self.takeover = Takeover(stop_sent, now_s)
        self.objections: list[str] = []
        self.ended = False
        self._belt = belt
        self._linked = False
        self._waits: int | None = None
        self._due_s = 0.0
        self._rests_since_s: float | None = None

    def look(self, now_s: float, reports: tuple[Report, ...]) -> None:
        """What came over the line, and the one thing that is due."""
        belt, takeover = self._belt, self.takeover
        moves = belt.belt_speed_kph > 0
        self._rests_since_s = None if moves else now_s if self._rests_since_s is None else self._rests_since_s
        for report in reports:
            if isinstance(report, Telemetry) and self._linked and report.speed_kph is not None:
                takeover.reported(report.speed_kph, now_s)
            elif isinstance(report, LinkLost) and self._linked:
                self._unlinked(now_s)
        self._answers(now_s)
        self._do(takeover.due(now_s), now_s)

    def _answers(self, now_s: float) -> None:
        for late in self._belt.answers(now_s):
            if late.number == self._waits:
                self._returned(isinstance(late.outcome, Stuck))
        if self._waits is not None and now_s >= self._due_s:
            self._returned(hangs=True)

    def _returned(self, hangs: bool) -> None:
        self._waits = None
        if self._linked:
            self.takeover.stop_returned(hangs)

    def _do(self, deed: Deed | None, now_s: float) -> None:
        if deed is Deed.END:
            self.ended = True
        elif deed is Deed.REACH:
            self._reach(now_s)
        elif deed is Deed.STOP and self._waits is None:
            self._stop(now_s)
        elif deed is Deed.LET_GO:
            self._belt.let_go(now_s)
            self._unlinked(now_s)

    def _reach(self, now_s: float) -> None:
        if self._belt.reconnect(now_s):
            self._linked = True
            self.takeover.linked(self._belt.profile, now_s)
        elif getattr(self._belt, "_visit", None) is None:  # a visit that is under way goes on
            self.takeover.unlinked(now_s)

    def _stop(self, now_s: float) -> None:
        rests_s = 0.0 if self._rests_since_s is None else now_s - self._rests_since_s
        if rests_s > 2.0 and not self._belt.profile.stop_repeat_ok:
            self.objections.append(f"the standby sent a stop that may start it to a belt at rest for {rests_s:.1f} s")
        self.takeover.stop_left(now_s)
        answer = self._belt.perform(StopBelt(), now_s)
        self._due_s = now_s + self._belt.profile.answer_within_ms / 1000
        if isinstance(answer, Pending):
            self._waits = answer.number
        else:
            self._returned(isinstance(answer, Stuck))

    def _unlinked(self, now_s: float) -> None:
        self._linked, self._waits = False, None
        self.takeover.unlinked(now_s)
