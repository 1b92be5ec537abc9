"""The turn: the way that a person faces, or the belt runs, changes only through a standstill that was seen and
confirmed (R9).

    asked at rest -> the belt is reported still for 5 s in at least 5 reports, the deck is level
                  -> "I stand on the rails, both feet off the belt, and see it still"
                  -> "I face the new way" -> a whole new start for exactly this way

Whatever breaks the watch (a late report, motion, a silent program) takes the confirmations back, also where it hides
between two reports of one step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..machine import BeltDirection, Facing
from .belt import AGE_CEILING_MS, Belt
from .inputs import TurnConfirm

# A belt that coasts may report a first zero early; in five seconds the slowest machine on record has come to rest.
DWELL_MS = 5_000
DWELL_REPORTS = 5
# A deck above one percent is a slope under somebody who turns round on it.
LEVEL_DPCT = 10
# A turn takes half a minute; after five nobody is at it any more.
LONGEST_MS = 300_000

Way = tuple[Facing, BeltDirection]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn under way. ``still_ms`` and ``reports``: how long, and in how many reports, the belt was seen still.

    ``still_ms`` reaches from the first of these reports to the last, ``since_ms`` from the first until now.
    """

    facing: Facing
    belt: BeltDirection
    since_ms: int = 0
    still_ms: int = 0
    reports: int = 0
    on_rails: bool = False
    facing_confirmed: bool = False

    @property
    def way(self) -> Way:
        """Where it leads."""
        return self.facing, self.belt

    def watched(self, belt: Belt, elapsed_ms: int, steady: bool) -> Turn:
        """The turn ``elapsed_ms`` later; ``steady``: reports are fresh and the program is heard."""
        since_ms = min(self.since_ms + elapsed_ms, AGE_CEILING_MS) if self.reports else belt.age_ms
        unbroken = belt.zeros > 0 and belt.zeros_age_ms >= since_ms
        if not steady or belt.speed_ckph != 0 or not unbroken:
            return Turn(self.facing, self.belt)
        still_ms = min(since_ms - belt.age_ms, DWELL_MS)
        reports = min(self.reports + belt.news, DWELL_REPORTS)
        return replace(self, since_ms=since_ms if reports else 0, still_ms=still_ms, reports=reports)

    def confirmed(self, what: TurnConfirm, deck_dpct: int, key_tested: bool | None) -> Turn:
        """With a confirmation; one that comes before its time changes nothing."""
        if self._not_yet(deck_dpct, key_tested) is not None:
            return self
        if what is TurnConfirm.ON_RAILS:
            return replace(self, on_rails=True)
        return replace(self, facing_confirmed=self.on_rails)

    def needs(self, deck_dpct: int, key_tested: bool | None) -> str | None:
        """What is missing, as a sentence; None when the start for this way may begin.

        ``key_tested`` of None: no arming has said yet; the one that the turn allows has to.
        """
        not_yet = self._not_yet(deck_dpct, key_tested)
        if not_yet is not None:
            return not_yet
        if not self.on_rails:
            return "stand on the rails, both feet off the belt, and confirm that you see it still"
        return None if self.facing_confirmed else f"turn to face the {self.facing.value}, and confirm that you do"

    def _not_yet(self, deck_dpct: int, key_tested: bool | None) -> str | None:
        """What must be so before anything can be confirmed."""
        if self.still_ms < DWELL_MS or self.reports < DWELL_REPORTS:
            return (
                f"the belt must be reported still for {DWELL_MS / 1000:.0f} s in {DWELL_REPORTS} reports: "
                f"{self.still_ms / 1000:.1f} s in {self.reports} so far"
            )
        if deck_dpct > LEVEL_DPCT:
            return f"the deck must be level: {deck_dpct / 10:.1f} % (limit {LEVEL_DPCT / 10:.0f} %)"
        return "the safety key must be tested today" if key_tested is False else None


def deck_dpct(belt: Belt, sent_dpct: int) -> int:
    """Where the deck stands: as reported, or where it was sent on a machine that does not report it."""
    return sent_dpct if belt.incline_dpct is None else belt.incline_dpct
