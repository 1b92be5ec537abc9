"""The treadmills that somebody has met: which are strange still, and what waits on those that are known. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..machine import BeltDirection
from .history import Session
from .reasons import SETTLING, Advice, Reason

NEW_MACHINE = "new machine"

SETTLING_SESSIONS = 3
"""So many sessions on a machine that was met later than the first one go by before a step up there. With level 1 first
that is more than half an hour: longer than the quarter of one after which older people were seen to settle still."""

LEVELS_DOWN = 2
"""How much lower it goes on where the machine or the way of its belt is new."""


@dataclass(frozen=True, slots=True)
class Left:
    """What was earned on the machines that were known when a new one was met, and when it was done last; it waits
    there."""

    at: int
    best: int
    done_on: date | None = None
    machines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Machines:
    """The machines in the order in which they were met, with the sessions on each, counted until it is known.

    ``here`` is the one that it is about; an empty name is one that nobody told from another. ``left``: what waits on
    the others.
    """

    visits: Mapping[str, int] = field(default_factory=dict)
    belts: frozenset[BeltDirection] = frozenset()
    here: str = ""
    left: Left | None = None

    @property
    def done_here(self) -> int:
        return self.visits.get(self.here, 0)

    @property
    def settling(self) -> bool:
        """Whether this is another machine than the first one, and still strange."""
        return self.here != next(iter(self.visits), self.here) and self.done_here < SETTLING_SESSIONS

    @property
    def waiting(self) -> Left | None:
        """What was left on the machine that it is about."""
        return self.left if self.left is not None and self.here in self.left.machines else None

    def after(self, session: Session) -> Machines:
        """With one session more."""
        known, belts = not session.device or self.done_here >= SETTLING_SESSIONS, self.belts
        if known and session.belt in belts:
            return self
        visits = self.visits if known else {**self.visits, session.device: self.done_here + 1}
        return replace(self, visits=visits, belts=belts | {session.belt})

    def strange(self, belt: BeltDirection | None) -> tuple[Reason, ...]:
        """A machine that was never met, or a belt that runs the way it never did, has to be learned first."""
        found: tuple[Reason, ...] = ()
        if self.here and self.visits and self.here not in self.visits:
            found = (_learned(NEW_MACHINE, f"the first time on {self.here}"),)
        if belt is not None and self.belts and belt not in self.belts:
            way = "as usual" if belt is BeltDirection.FORWARD else "reversed"
            found += (_learned("new direction", f"the first time on a belt that runs {way}"),)
        return found

    def leaving(self, here: Left, reasons: tuple[Reason, ...]) -> Left | None:
        """What waits on the known machines after these reasons; ``here`` is what is left now.

        Any reason that leads back elsewhere too takes it away.
        """
        if any(one.levels_down and one.rule != NEW_MACHINE for one in reasons):
            return None
        if self.left is None and any(one.rule == NEW_MACHINE for one in reasons):
            return replace(here, machines=frozenset(self.visits))
        return self.left


def _learned(rule: str, text: str) -> Reason:
    return Reason(rule, Advice.REFAMILIARISE, text, SETTLING, LEVELS_DOWN)
