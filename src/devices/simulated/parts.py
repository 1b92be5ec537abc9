"""The parts of one simulated treadmill that a fault can get at."""

from __future__ import annotations

from dataclasses import dataclass

from .agenda import Agenda, Rank
from .answers import Answers
from .archetype import Archetype
from .reports import Reporter
from .works import Works

UNANSWERED = "the link to the simulated treadmill was lost before it answered; nobody knows whether it obeys"


@dataclass(slots=True)
class Parts:
    """``link_up``: there is a connection. ``reachable``: a new one would come about."""

    kind: Archetype
    agenda: Agenda
    works: Works
    reporter: Reporter
    answers: Answers
    link_up: bool = True
    reachable: bool = True

    def lose_link(self, moment_s: float, reason: str, returns_after_s: float | None = None) -> None:
        """Cut the link, for good or for a while; the belt does what its kind does then."""
        if not self.link_up:
            return
        self.link_up = self.reachable = False
        self.reporter.link_lost(reason)
        self.answers.lose(moment_s, UNANSWERED)
        if returns_after_s is not None:
            self.agenda.put(moment_s + returns_after_s, Rank.FAULT, self._return)
        if not self.kind.runs_on_when_link_lost:
            self.works.slow_down(moment_s, self.kind.fall_kph_per_s)

    def link_anew(self, moment_s: float) -> bool:
        """A new connection, if the machine can be reached: nothing of the last one comes back, nor hangs any more."""
        if self.reachable:
            self.link_up = True
            self.answers.begin_anew()
            self.reporter.link_anew(moment_s)
        return self.reachable

    def _return(self, _moment_s: float) -> None:
        self.reachable = True
