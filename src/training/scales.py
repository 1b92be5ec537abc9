"""How pain and effort are asked for: from 0 to 10, in words of our own, and when. Pure.

The words belong to this project; they stand for no published scale, and their numbers are not to be told as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .history import SCALE_MAX


class Moment(StrEnum):
    """When it is asked."""

    BEFORE = "before the session"
    DURING = "in the session"
    AFTER = "after the session"
    NEXT_MORNING = "on the next morning"


@dataclass(frozen=True, slots=True)
class Scale:
    """What is asked, what its ends mean, and words for the numbers between, each from its number on."""

    name: str
    least: str
    most: str
    words: dict[int, str]

    def question(self, when: str = "now") -> str:
        """The question, with the meaning of both ends."""
        return f"{self.name.upper()} {when}, from 0 ({self.least}) to {SCALE_MAX} ({self.most})?"

    def word(self, level: int) -> str:
        """What a number means, in words. Raises ValueError off the scale."""
        if not 0 <= level <= SCALE_MAX:
            raise ValueError(f"{self.name} is {level}; it goes from 0 to {SCALE_MAX}")
        return self.words[max(least for least in self.words if least <= level)]


PAIN = Scale(
    "pain",
    "none",
    "the worst that can be",
    {
        0: "none",
        1: "there when you look for it",
        3: "there without looking for it",
        6: "hard to leave out of your thoughts",
        8: "nothing else has room",
        10: "the worst that can be",
    },
)
"""The words change where the rules do: up to 2, up to 5, above."""

EFFORT = Scale(
    "effort",
    "rest",
    "nothing is left",
    {
        0: "rest",
        1: "easy, for as long as you like",
        3: "whole sentences still come without a stop",
        5: "sentences get short",
        7: "a few words at a time",
        9: "no words, and not for long",
        10: "nothing is left",
    },
)
"""By how one can still speak: what a person notices who looks at no number."""


ASKED = (
    (Moment.BEFORE, (PAIN,)),
    (Moment.DURING, (PAIN, EFFORT)),
    (Moment.AFTER, (PAIN, EFFORT)),
    (Moment.NEXT_MORNING, (PAIN,)),
)
"""What is asked when. While the belt moves nobody asks: numbers are said at standstill, or by a supervisor who is asked
by nobody either. What is not said holds the step and never keeps from an easier one."""
