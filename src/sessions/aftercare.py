"""What is owed to a person after a stop: the way back into the plan, or the question whether they are all right.

After the person's own stop, or a pause that grew too long, the run may go on from the step it was in, by a whole
new start from the lowest speed. After any other stop somebody may lie beside the belt: they are asked, and when
nobody answers, help is called. Pure; moments are arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..guardian.messages import Snapshot
from ..safety.hazards import Action, Hazard

CONTINUE_S = 300.0
"""How long the way back is offered: long enough to tie a shoe, short enough to be warm and to remember the step."""

ANSWER_S = 60.0
"""How long the question waits for an answer before help is called: time to get up, not to lie unseen."""

_OWN = frozenset({Hazard.OPERATOR_STOP, Hazard.OPERATOR_STOP_AGAIN, Hazard.PAUSE_TOO_LONG})
_PLANNED = _OWN | {Hazard.PLAN_STOP}


@dataclass(frozen=True, slots=True)
class Aftercare:
    """Where that stands. ``own``: a person stopped and nothing else did. Moments are None until they come."""

    own: bool = False
    rested_s: float | None = None
    asked_s: float | None = None
    answered: bool = False

    def seen(self, snapshot: Snapshot, began: bool, now_s: float) -> Aftercare:
        """With a new look at a belt that was stopped; ``began``: it had been moving with a person in this run."""
        stops = {cause.hazard for cause in snapshot.causes if cause.action >= Action.CONTROLLED_STOP}
        asked_s, rested_s = self.asked_s, self.rested_s
        if asked_s is None and began and not stops <= _PLANNED:
            asked_s = now_s
        if rested_s is None and snapshot.standstill:
            rested_s = now_s
        own = bool(stops) and stops <= _OWN and (self.own or self.rested_s is None)
        return Aftercare(own, rested_s, asked_s, self.answered)

    def answer(self) -> Aftercare:
        """Somebody is there and well enough to say so; before anything is asked that answers nothing."""
        return self if self.asked_s is None else replace(self, answered=True)

    def continue_for_s(self, now_s: float) -> float | None:
        """How much longer the run may go on from its step; None where it may not."""
        if not self.own or self.rested_s is None or now_s - self.rested_s >= CONTINUE_S:
            return None
        return CONTINUE_S - (now_s - self.rested_s)

    def all_right_s(self, now_s: float) -> float | None:
        """Seconds left to answer, 0 when they are over; None when nothing is asked."""
        if self.asked_s is None or self.answered:
            return None
        return max(0.0, ANSWER_S - (now_s - self.asked_s))

    def calling(self, now_s: float) -> bool:
        """Nobody has answered in time."""
        return self.all_right_s(now_s) == 0.0
