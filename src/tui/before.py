"""What is asked at a start before there is anything to choose: the morning after the last run, pain today, the night,
whether they are ill or newly injured, and, for somebody who is held back, whether somebody whose trade it is agrees.
Pure.

Enter, or any other key, is no answer: a step stays, and what held them back goes on to do so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ..sessions.diary import Ailment
from ..sessions.owed import NO_ANSWER, Answered, Owed, words
from ..training.scales import PAIN
from .feeling import NO_ANSWER_KEY, NUMBERS_TEXT, level
from .introduction import CONDITIONS

GO_ON = frozenset({"enter", "pagedown", NO_ANSWER_KEY})


class Question(Enum):
    """In the order in which they are asked."""

    MORNING = "morning"
    TODAY = "today"
    NIGHT = "night"
    WELL = "well"
    WELL_AGAIN = "well again"
    WHERE = "where"
    CONDITIONS = "conditions"
    AGREED = "agreed"


KEYS: dict[Question, str] = {
    Question.MORNING: NUMBERS_TEXT,
    Question.TODAY: NUMBERS_TEXT,
    Question.NIGHT: "w: well enough; b: badly; n: no answer, which is no yes.",
    Question.WELL: "f: fit, neither; i: ill; j: newly injured; n: no answer, which is no yes.",
    Question.WELL_AGAIN: "f: fit again; i: still ill; j: newly injured too; n: no answer, so ill.",
    Question.WHERE: "a digit; n: no answer, and injured all the same.",
    Question.CONDITIONS: "y: one or more of them; n: none of them. Nothing else goes on.",
    Question.AGREED: "y: yes, they agree; n: not yet, and nothing is offered until then.",
}
"""The keys of each question, in one line."""

AILMENTS = {"f": Ailment.NEITHER, "i": Ailment.ILL, "j": Ailment.INJURED}
"""Letters, because the question before may take a digit, and a key that bounces must not injure anybody."""

PLACES = {
    "1": "foot or ankle",
    "2": "shin, calf or Achilles tendon",
    "3": "knee",
    "4": "thigh",
    "5": "hip or groin",
    "6": "back",
    "7": "elsewhere",
}

UNSAID = "What is not said holds your step; easier is open without it."


@dataclass(frozen=True, slots=True)
class Before:
    """The questions that are owed, and the answers so far."""

    owed: Owed
    questions: tuple[Question, ...]
    answered: Answered = NO_ANSWER
    at: int = 0

    @property
    def question(self) -> Question | None:
        """The one that is asked now; None when all have been."""
        return self.questions[self.at] if self.at < len(self.questions) else None

    @property
    def text(self) -> str:
        """What is asked now, in a line, or in a line and one for each condition."""
        return "" if self.question is None else _text(self.owed, self.question)


def before(owed: Owed) -> Before:
    """Everything that is owed, unanswered."""
    asked = {
        Question.MORNING: owed.morning_after is not None,
        Question.TODAY: owed.pain,
        Question.NIGHT: owed.night,
        Question.WELL: owed.well and owed.ill is None,
        Question.WELL_AGAIN: owed.well and owed.ill is not None,
        Question.WHERE: False,
        Question.CONDITIONS: owed.held is not None,
        Question.AGREED: owed.holds,
    }
    return Before(owed, tuple(one for one in Question if asked[one]))


def pressed(asked: Before, key: str) -> Before:
    """With this key: an answer, or none; what clears somebody takes its own key."""
    key = key.lower() if len(key) == 1 else key
    answered = asked.answered
    match asked.question:
        case Question.MORNING if (pain := level(key)) is not None:
            return _next(replace(asked, answered=replace(answered, pain=pain)))
        case Question.TODAY if (pain := level(key)) is not None:
            return _next(replace(asked, answered=replace(answered, pain_today=pain)))
        case Question.NIGHT if key in ("w", "b"):
            return _next(replace(asked, answered=replace(answered, slept_badly=key == "b")))
        case Question.WELL | Question.WELL_AGAIN if key in AILMENTS:
            return _next(_ailing(asked, AILMENTS[key]))
        case Question.WHERE if key in PLACES:
            return _next(replace(asked, answered=replace(answered, where=PLACES[key])))
        case Question.CONDITIONS if key in ("y", "n"):
            return _next(replace(asked, answered=replace(answered, conditions=key == "y")))
        case Question.AGREED if key == "y":
            return _next(replace(asked, answered=replace(answered, agreed=True)))
        case one if one is not Question.CONDITIONS and key in GO_ON:
            return _next(asked)
    return asked


def _ailing(asked: Before, ailment: Ailment) -> Before:
    """With this said; an injury is asked its place at once."""
    here = asked.at + 1
    where = (Question.WHERE,) if ailment is Ailment.INJURED else ()
    questions = (*asked.questions[:here], *where, *asked.questions[here:])
    return replace(asked, questions=questions, answered=replace(asked.answered, ailment=ailment))


def _next(asked: Before) -> Before:
    return replace(asked, at=asked.at + 1)


def _text(owed: Owed, question: Question) -> str:
    match question:
        case Question.MORNING:
            last = owed.morning_after
            assert last is not None
            return PAIN.question(f"on the morning after your last run ({last.workout}, {last.day:%A} {last.day})")
        case Question.TODAY:
            return PAIN.question("today, before you begin")
        case Question.NIGHT:
            return "How was the night?"
        case Question.WELL:
            return "Are you ill, or is something newly injured?"
        case Question.WELL_AGAIN:
            return f"You said that you are ill, since {owed.ill}. Are you well again?"
        case Question.WHERE:
            return "\n".join(("Where is it?", *(f"{key}: {place}" for key, place in PLACES.items())))
        case Question.CONDITIONS:
            return "\n".join(("Since then, does one of these hold for you?", *CONDITIONS))
        case Question.AGREED:
            return f"{_why(owed)} Has a doctor or a therapist, who knows of this, agreed that you train again?"


def _why(owed: Owed) -> str:
    if owed.held is None:
        return "One of the questions about your health was answered with yes."
    what = words(owed.held)
    return f"{what[0].upper()}{what[1:]}."
