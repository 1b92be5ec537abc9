"""Did you hear it? A digit is spoken and never shown; the person types it, or presses the remote's key so often.

Pure; moments are monotonic seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

COUNTED_AFTER_S = 1.5
"""So long after the last press of the remote no further one is waited for."""

WRONG_MAX = 2
"""Answers that may be wrong: one may be a slip, two are not heard."""

NOTHING_RISES = "Wrong twice: warnings are not heard, so nothing will rise in this run (R20)."


class Answer(Enum):
    """What an answer came to."""

    NONE = "none yet"
    HEARD = "heard"
    WRONG = "wrong, once more"
    FAILED = "wrong for the last time"


@dataclass(frozen=True, slots=True)
class SoundTest:
    """``digit`` is the one that was spoken, None while none is asked for; ``presses`` those of the remote so far."""

    digit: int | None = None
    wrong: int = 0
    presses: int = 0
    pressed_s: float | None = None

    @property
    def under_way(self) -> bool:
        return self.digit is not None


def asked(test: SoundTest, digit: int) -> SoundTest:
    """With this digit spoken just now."""
    return replace(test, digit=digit, presses=0, pressed_s=None)


def answered(test: SoundTest, digit: int) -> tuple[SoundTest, Answer]:
    """With this answer. After a wrong one that was not the last, another digit is to be asked for."""
    if test.digit is None:
        return test, Answer.NONE
    if digit == test.digit:
        return SoundTest(), Answer.HEARD
    wrong = test.wrong + 1
    return (SoundTest(), Answer.FAILED) if wrong >= WRONG_MAX else (SoundTest(wrong=wrong), Answer.WRONG)


def pressed(test: SoundTest, now_s: float) -> SoundTest:
    """With one more press of the remote."""
    return replace(test, presses=test.presses + 1, pressed_s=now_s)


def waited(test: SoundTest, now_s: float) -> tuple[SoundTest, Answer]:
    """With the presses taken as the answer, once no more has come for long enough."""
    if test.pressed_s is None or now_s - test.pressed_s < COUNTED_AFTER_S:
        return test, Answer.NONE
    return answered(test, test.presses)
