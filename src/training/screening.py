"""Who may begin at home: the questions that are asked once, in words of our own. Pure.

This is no medical questionnaire and clears nobody: a yes leads to somebody whose trade it is, a no says nothing. The
limits are those of published entry rules for backward walking and of exercise tests; each stands beside its question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .history import Screened

ADULT_YEARS = 18

AWOSIKA = "entry rules of backward treadmill training after stroke, Awosika et al., strokecenter.org"
FRITZ = "Fritz et al. 2013, PubMed 23122938; 3-metre backward walk, J Funct Morphol Kinesiol 10(2):154"
ACSM = "contraindications to exercise of the American College of Sports Medicine, as told in secondary sources"
BACKWARD = "Retrotread's own proposal: the way cannot be seen, and the low back works harder than forward"


@dataclass(frozen=True, slots=True)
class ScreenQuestion:
    """One question; ``key`` names it in a history, ``short`` says it where all of them share a few lines."""

    key: str
    text: str
    short: str
    source: str


SCREEN = (
    ScreenQuestion("fall", "Did you fall in the last twelve months?", "a fall in the last twelve months", FRITZ),
    ScreenQuestion(
        "slow",
        "Does it take you more than five and a half seconds to walk three metres backward?",
        "more than 5.5 s for 3 m backward",
        FRITZ,
    ),
    ScreenQuestion(
        "age",
        "Are you 65 or older, and would you be alone the first times?",
        "65 or older and alone at first",
        BACKWARD,
    ),
    ScreenQuestion(
        "senses",
        "Do you feel your feet less, or see, hear or keep your balance badly?",
        "trouble with feeling in the feet, sight, hearing or balance",
        BACKWARD,
    ),
    ScreenQuestion(
        "nerves",
        "Do you have Parkinson's disease, had you a stroke, or is it hard to follow steps?",
        "Parkinson's disease, a stroke, trouble with following steps",
        AWOSIKA,
    ),
    ScreenQuestion("pregnant", "Are you pregnant?", "pregnant", BACKWARD),
    ScreenQuestion(
        "heart",
        "Do you have a heart disease, or pain in the chest, faintness or a racing heart?",
        "heart disease, pain in the chest, faintness, a racing heart",
        ACSM,
    ),
    ScreenQuestion(
        "pressure", "Is your blood pressure at rest above 200 over 110?", "blood pressure above 200 over 110", ACSM
    ),
    ScreenQuestion(
        "injury", "Were you operated on lately, or is something newly injured?", "a new injury or operation", ACSM
    ),
    ScreenQuestion(
        "back",
        "Does your low back hurt now, or did it keep you from your day in the last weeks?",
        "low back pain",
        BACKWARD,
    ),
    ScreenQuestion(
        "bones", "Have you brittle bones, or did a bone break without a hard blow?", "brittle bones", BACKWARD
    ),
    ScreenQuestion(
        "drowsy",
        "Do you take anything that makes you drowsy, or drink before you train?",
        "drugs that make drowsy, alcohol",
        BACKWARD,
    ),
    ScreenQuestion(
        "advice", "Has a doctor told you to hold back with exercise?", "told to hold back with exercise", ACSM
    ),
)

YES_MEANS = (
    "Speak to a doctor or a therapist before you begin, and show them what this is: walking and running backward on a "
    "motor. This program cannot tell whether it is right for you."
)
NO_MEANS = "Nothing here spoke against a beginning. That is no clearance: stop when something feels wrong."
MINOR_MEANS = f"Under {ADULT_YEARS} this is for a clinic, which plans and supervises it."


class UnknownQuestion(LookupError):
    """An answer to no question; the message lists those that there are."""


def screened(day: date, answers: Mapping[str, bool]) -> Screened:
    """The entry of a history for these answers. A question without an answer counts as answered with yes.

    Raises UnknownQuestion.
    """
    known = {one.key for one in SCREEN}
    strange = sorted(set(answers) - known)
    if strange:
        raise UnknownQuestion(
            f"there is no question {', '.join(strange)}; the questions are {', '.join(sorted(known))}"
        )
    return Screened(day, frozenset(key for key in known if answers.get(key, True)))


def meaning(entry: Screened, adult: bool) -> str:
    """What the answers lead to, in a sentence or two."""
    if not adult:
        return MINOR_MEANS
    return YES_MEANS if entry.yes else NO_MEANS
