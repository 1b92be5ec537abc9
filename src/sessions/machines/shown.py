"""A hand at a machine, seen in the reports of its port: which treadmill an adapter without a number leads to. Pure.

The person is asked to press its emergency stop, to pull its key or to press a key at its console, and to undo that. A
board that loses its power is silent and speaks again; others say so; a deck that is moved is reported. Motion is no
sign: a belt that somebody starts may be the one of the treadmill beside it.
"""

from __future__ import annotations

from ...guardian.messages import Stepped
from ...machine import MachineNotice
from ...safety.inputs import Input, LinkCameUp, LinkWentDown, Said, Seen
from ...safety.modes import AT_REST

QUIET_S = 1.5
"""Ten rounds of questions without an answer; a person who is told to count to three lets it out later."""

REPORTS_LEAST = 5
"""Reports without a gap before one: a line that has just been opened may be slow."""

DECK_DPCT = 5
"""Half a percent, the step of most decks."""

ASKED = (
    "Press the emergency stop of this machine (or pull its key, or press an incline key at its console), "
    "count to three and let it out again"
)

_BY_HAND = frozenset({MachineNotice.SAFETY_KEY_PULLED, MachineNotice.STOPPED_AT_CONSOLE})


class HandWatch:
    """What came from the port since it was opened, as far as it can show a hand."""

    def __init__(self) -> None:
        self._reports = 0
        self._last_s = 0.0
        self._deck_dpct: int | None = None

    def saw(self, stepped: Stepped) -> bool:
        """Whether a hand shows in this step, at rest."""
        shown = [self._shows(one, stepped.at_s) for one in stepped.inputs]
        return any(shown) and stepped.mode in AT_REST

    def _shows(self, item: Input, at_s: float) -> bool:
        if isinstance(item, LinkCameUp | LinkWentDown):
            self._reports, self._deck_dpct = 0, None
            return False
        if isinstance(item, Said):
            return item.notice in _BY_HAND
        return isinstance(item, Seen) and self._report_shows(item, at_s - item.age_ms / 1000)

    def _report_shows(self, seen: Seen, measured_s: float) -> bool:
        silent = self._reports >= REPORTS_LEAST and measured_s - self._last_s >= QUIET_S
        self._reports = 1 if silent else self._reports + 1
        self._last_s = measured_s
        before, now = self._deck_dpct, seen.incline_dpct
        self._deck_dpct = before if now is None else now
        moved = before is not None and now is not None and abs(now - before) >= DECK_DPCT
        return silent or (moved and not seen.speed_ckph)


class MachineGate:
    """For one run: ``needed``, where the adapter has no number; and whether a hand was seen since the link came up."""

    def __init__(self, needed: bool) -> None:
        self.needed = needed
        self._seen = False
        self._watch = HandWatch()

    @property
    def shown(self) -> bool:
        """Whether nothing is missing for a start."""
        return self._seen or not self.needed

    def heard(self, stepped: Stepped) -> bool:
        """Whether this step is the first that shows a hand."""
        news = self._watch.saw(stepped) and not self.shown
        if any(isinstance(one, LinkWentDown) for one in stepped.inputs):
            self._seen = news = False  # what is plugged in next may be another treadmill
        self._seen = self._seen or news
        return news
