"""``--plain`` at the end of a run: how was it, before the program says what was done.

Asked on a terminal alone: on a pipe somebody else may type, and the end of a run is not to wait for them.
"""

from __future__ import annotations

from ..sessions.view import Controls
from ..workouts.engine import ENDS
from .feeling import (
    EFFORT_TEXT,
    MISHAP_KEYS,
    MISHAP_TEXT,
    MISHAPS,
    NO_ANSWER_KEY,
    NUMBERS_TEXT,
    PAIN_TEXT,
    level,
    may_rate,
)
from .frame import Frame
from .plain_input import Press
from .plain_talk import Talk

WAITS_S = 60.0
"""How long one question waits: time to get off and read it; whoever has left answers nothing."""
POLL_S = 0.1


def ask_after(talk: Talk, controls: Controls, frame: Frame) -> None:
    """Ask for pain and effort, unless they were said; any other key, or none, is no answer."""
    view = frame.view
    if not talk.keyboard.on_terminal or not may_rate(frame) or view.phase not in ENDS or view.told.after_said:
        return
    pain, went_on = _answer(talk, controls, PAIN_TEXT)
    effort, went_on = _answer(talk, controls, EFFORT_TEXT) if went_on else (None, False)
    if pain is not None or effort is not None:
        controls.rate(pain, effort)
    if went_on:
        _ask_for_mishap(talk, controls)


def _ask_for_mishap(talk: Talk, controls: Controls) -> None:
    talk.say(f"{MISHAP_TEXT} {MISHAP_KEYS}")
    press = _press(talk, controls)
    if press is not None and press.key.lower() in MISHAPS:
        controls.happened(MISHAPS[press.key.lower()][0])


def _answer(talk: Talk, controls: Controls, question: str) -> tuple[int | None, bool]:
    """The number, None without one; and whether the next question is welcome."""
    talk.say(f"{question} {NUMBERS_TEXT}")
    press = _press(talk, controls)
    if press is None:
        return None, False
    number = level(press.key)
    return number, number is not None or press.key.lower() == NO_ANSWER_KEY


def _press(talk: Talk, controls: Controls) -> Press | None:
    """The next key; None where none came in time."""
    until_s = talk.now_s() + WAITS_S
    while not talk.keyboard.ended and talk.now_s() < until_s:
        controls.ui_turn()
        press = talk.keyboard.next(POLL_S)
        if press is not None:
            return press
    return None
