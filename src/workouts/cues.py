"""What the person on the belt is told, and when: a kind, a short sentence to speak, and the step it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class CueKind(Enum):
    """Why something is said."""

    STEP = "step"
    NEXT_STEP = "next step"
    RISE_SOON = "rise soon"
    COUNT = "count"
    TURN = "turn"
    OFF_BELT = "off belt"
    ON_BELT = "on belt"
    ENDING = "ending"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Cue:
    """``text`` is what is spoken; ``step`` the index of the step it speaks of; ``say`` the words of its author."""

    kind: CueKind
    text: str
    step: int
    say: str | None = None
