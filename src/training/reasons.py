"""What can be advised, from the gentlest on, and the reasons for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Advice(IntEnum):
    """Ordered: where rules disagree, the lower one wins."""

    LOCKED = 0
    REST_DAY = 1
    REFAMILIARISE = 2
    BACK_TWO = 3
    BACK_ONE = 4
    EASIER = 5
    HOLD = 6
    PROMOTE = 7

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Advice.LOCKED: "not until it is cleared",
    Advice.REST_DAY: "a rest day",
    Advice.REFAMILIARISE: "get used to it again",
    Advice.BACK_TWO: "back two levels",
    Advice.BACK_ONE: "back one level",
    Advice.EASIER: "something easier",
    Advice.HOLD: "stay at this step",
    Advice.PROMOTE: "one step up",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a sentence with the numbers, and where the rule comes from. ``levels_down``: how far it leads back."""

    rule: str
    advice: Advice
    text: str
    source: str
    levels_down: int = 0


HOME = "Retrotread's own proposal"
PAIN_MODEL = "the pain-monitoring model of Thomee, tried by Silbernagel et al. 2007, Am J Sports Med 35:897"
PAIN_HOME = f"{HOME}, beside {PAIN_MODEL}"
"""The model has the figures, 2 and 5, and that pain has settled by the next morning; what follows from them is ours."""

PAIN_RISE = "a rise by two points is beyond tolerance: BMC Musculoskelet Disord 2021, 12891-021-04561-6, table 3"
COACHES = "coaches' texts: walk before you run, slowly build up, a lot one day is the next day off"
COACHES_HOME = f"{HOME}, after {COACHES}"
"""The texts have the order and no figures: how many, how long and how much are ours."""
SETTLING = "new gait takes long to settle, longer still in older people: PubMed 30914746; Wass et al. 2005"
