"""What a person says of themselves: a symptom, pain and effort from 0 to 10 (R15).

Pain follows the model of Thomee and of Silbernagel (2007, Am J Sports Med 35:897): up to 2 goes on, 3 to 5 goes on
without a rise, above 5 or three more than before the run ends it. Effort is asked on the same scale in words of our
own. What was said holds until something else is said: silence is not a yes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

PAIN_STOP_ABOVE, PAIN_SOME, PAIN_RISE = 5, 3, 3
EFFORT_EASE, EFFORT_STOP = 9, 10
HIGHEST = 10


class Symptom(StrEnum):
    """What somebody may feel, as they say it."""

    STOP_NOW = "stop now"
    CHEST = "pain or pressure in the chest"
    DIZZY = "dizzy, faint, or confused"
    BREATH = "short of breath"
    PAIN = "pain that gets worse"
    WEAK = "legs that give way"
    UNWELL = "unwell"


AT_ONCE = frozenset({Symptom.STOP_NOW, Symptom.CHEST, Symptom.DIZZY})
"""A ramp down takes seconds that these do not have."""


@dataclass(frozen=True, slots=True)
class Feeling:
    """The last of each; None: not said. ``before``: the pain that was said before the first start of the run."""

    pain: int | None = None
    before: int | None = None
    effort: int | None = None
    symptom: Symptom | None = None

    def of_pain(self, level: int, moved: bool) -> Feeling:
        """With a new number for the pain; until the belt has ``moved`` it is the one that others are held against."""
        return replace(self, pain=level, before=self.before if moved else level)

    @property
    def pain_limit(self) -> int:
        """The least pain that ends the run."""
        risen = HIGHEST + 1 if self.before is None else self.before + PAIN_RISE
        return min(PAIN_STOP_ABOVE + 1, risen)

    def no_start(self) -> str | None:
        """Why nobody is moved who said this; None where they may be."""
        if self.symptom is not None:
            return f"this run has ended with: {self.symptom.value}; it is not started again"
        if self.pain is not None and self.pain >= self.pain_limit:
            limit = f"limit {self.pain_limit - 1}"
            return f"pain {self.pain} of {HIGHEST} was said ({limit}); say it again when it is less"
        if self.effort is not None and self.effort >= EFFORT_STOP:
            return f"effort {self.effort} of {HIGHEST} was said; rest, and say it again when it is less"
        return None


NOTHING_SAID = Feeling()
