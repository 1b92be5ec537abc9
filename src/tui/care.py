"""After a stop that nobody asked for: are you all right? Pure."""

from __future__ import annotations

import math

from ..sessions.view import RunView
from .wording import cause_lines


def asks(view: RunView) -> bool:
    """Whether an answer is waited for, or was not given in time."""
    return view.all_right_s is not None or view.calling


def question_text(view: RunView, answer: str) -> str:
    """The question with its countdown, then what is done when nobody answers; empty when nothing is asked.

    ``answer`` names the keys.
    """
    if view.calling:
        told = view.message is not None and view.message not in cause_lines(view)
        done = f" {view.message}." if told else ""
        return f"NOBODY ANSWERED: CALLING FOR HELP.{done}\nThis computer calls aloud. {answer}: I am all right."
    if view.all_right_s is None:
        return ""
    return f"ARE YOU ALL RIGHT?   {answer}: yes.\nHelp is called in {math.ceil(view.all_right_s)} s."
