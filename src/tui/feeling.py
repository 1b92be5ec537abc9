"""What a person can say of themselves by a key: what they feel, how much it hurts, how hard it is. Pure."""

from __future__ import annotations

from ..safety.attention import AnsweredBy
from ..safety.feeling import AT_ONCE, HIGHEST, Symptom
from ..safety.modes import AT_REST, IN_MOTION, Mode
from ..sessions.view import Control, RunView
from ..training.answers import Answers
from ..training.history import Event
from ..training.scales import EFFORT, PAIN
from ..workouts.engine import ENDS, Phase
from .frame import Frame

FEEL_KEY, RATE_KEY, TEN_KEY, NO_ANSWER_KEY = "i", "u", "t", "n"

CHOICES: dict[str, tuple[Symptom, str]] = {
    "1": (Symptom.STOP_NOW, "stop now: I want off"),
    "2": (Symptom.CHEST, "pain or pressure in the chest"),
    "3": (Symptom.DIZZY, "dizzy, faint, or confused"),
    "4": (Symptom.BREATH, "short of breath, more than from the effort"),
    "5": (Symptom.PAIN, "pain that gets worse"),
    "6": (Symptom.WEAK, "legs that give way"),
    "7": (Symptom.UNWELL, "unwell in another way"),
}
"""Each one stops the belt; the first three at once."""

PAIN_TEXT, EFFORT_TEXT = PAIN.question(), EFFORT.question()
NUMBERS_TEXT = f"0 to 9, {TEN_KEY} for {HIGHEST}, {NO_ANSWER_KEY} for no answer, which is no yes."

EMERGENCY = (
    "This may be an emergency: call the emergency number now, or have somebody call, unless a doctor has told you what "
    "to do about it."
)
NOT_TODAY = (
    "Do not go on today. Speak to a doctor or a therapist before the next run: until they agree nothing is offered. "
    "This program cannot tell what it is, nor whether it is harmless."
)


_STARTS = frozenset({Mode.ARMED, Mode.COUNTDOWN})


def level(key: str) -> int | None:
    """The number that a key, or a line, stands for; None for any other."""
    if key == TEN_KEY or key == str(HIGHEST):
        return HIGHEST
    return int(key) if len(key) == 1 and key in "0123456789" else None


def referral_text(view: RunView) -> str:
    """What to do with what was felt, without a word of comfort; empty where nothing was said."""
    if view.symptom is None:
        return "" if view.happened is not Event.FALL else f"You said that you fell. {NOT_TODAY}"
    first = f"{EMERGENCY}\n" if view.symptom in AT_ONCE - {Symptom.STOP_NOW} else ""
    return f"You said: {view.symptom.value}. {first}{NOT_TODAY}"


def may_feel(frame: Frame) -> bool:
    """Whether a symptom can be said here: in a run with somebody on the belt. In a start every key calls it off."""
    return not frame.view.empty_belt and frame.mode not in _STARTS


def may_rate(frame: Frame) -> bool:
    """Whether numbers can be said here: at rest; while the belt moves only by a supervisor, who has the eyes for it.

    Beside a belt that is set by hand they are said at the end.
    """
    view = frame.view
    if view.empty_belt or (view.control is not Control.GUARDIAN and view.phase not in ENDS):
        return False
    supervised = view.answers is AnsweredBy.SUPERVISOR and frame.mode in IN_MOTION
    return supervised or (frame.mode in AT_REST - _STARTS)


MISHAPS: dict[str, tuple[Event, str]] = {
    "f": (Event.FALL, "I fell"),
    "l": (Event.NEAR_FALL, "I nearly fell"),
    "s": (Event.STUMBLE, "I stumbled"),
}
"""What may befall somebody on a belt, asked after the run."""

MISHAP_TEXT = "DID YOU FALL OR STUMBLE?"
MISHAP_KEYS = (
    f"{'; '.join(f'{key}: {words}' for key, (_, words) in MISHAPS.items())}; {NO_ANSWER_KEY}: nothing of that."
)


UNSAID = "Kept with the run."
"""With the question in one row of the smallest terminal."""


def ask_text(frame: Frame) -> str:
    """What is asked around a session, with its key, or what was said; empty where nothing is.

    Before the belt first moves, and after the end: never between. Nothing waits for an answer.
    """
    told, view = frame.view.told, frame.view
    if not may_rate(frame):
        return ""
    if view.phase in ENDS:
        return _said_after(told) if told.after_said else f"{RATE_KEY}: how was it? Pain and effort, 0 to 10. {UNSAID}"
    if view.phase is not Phase.READY:
        return ""
    if told.pain_before is not None:
        return f"Pain before: {told.pain_before} of {HIGHEST}."
    return f"{RATE_KEY}: how much does it hurt before you start, 0 to 10? {UNSAID}"


def _said_after(told: Answers) -> str:
    said = f"Said: pain {told.pain_after} of {HIGHEST}, effort {told.effort} of {HIGHEST}."
    return f"{said} Next start asks for the morning after."


def checks(frame: Frame) -> bool:
    """Whether the attention check waits for an answer."""
    return frame.view.checked is not None


def check_text(frame: Frame, answer: str) -> str:
    """The attention check, in one line, with the last thing that follows when it is not answered; empty without."""
    causes = () if frame.view.snapshot is None else frame.view.snapshot.causes
    last = next((one.message for one in causes if one.hazard is frame.view.checked), None)
    return "" if last is None else f"ALL WELL?   {answer}: yes.   {last}"
