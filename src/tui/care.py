"""After a stop: are you all right, and the way back into the plan. Pure."""

from __future__ import annotations

import math

from ..sessions.view import RunView
from .keys import said
from .wording import cause_lines, clock_text, step_text

DELIBERATE_S = 3.0
"""A press of the remote so soon after a stop may come from the hand that stopped: it leads nowhere yet."""


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


def offers_to_continue(view: RunView) -> bool:
    """Whether the run may go on from its step; not while somebody has to answer that they are all right."""
    return view.continue_for_s is not None and not asks(view)


def continue_text(view: RunView, next_key: str | None) -> str:
    """The way back into the plan, and how long there is one; empty without."""
    if view.continue_for_s is None or not offers_to_continue(view):
        return ""
    step = view.timeline.steps[view.step_index]
    left = clock_text(step.ends_s - view.plan_time_s)
    remote = "" if next_key is None else f", or {said(next_key)} of the remote"
    return (
        f"Or press c{remote}: continue from this step by a new start ({clock_text(view.continue_for_s)} left to).\n"
        f"It was {step_text(step, view.profile)}, {left} left in it."
    )
