"""What is said beside a belt that may only run empty: in place of every word to somebody on it. Pure."""

from __future__ import annotations

from ..safety.real_machines import EXPERIMENT
from ..sessions.view import RunView

BANNER = f"NOBODY ON THE BELT: {EXPERIMENT}"
"""On every page of such a run, and in ``--plain`` wherever something begins."""

KEEP_OFF = "Keep off the belt, now and while it moves; stay beside it, with its key in reach."
STANDS_BY = "Nobody on the belt: stand beside it, within reach of its key or switch.\n"
CONFIRMS = (
    "Nobody is on the belt or near it, and I see it still.",
    "Nobody steps on it after this turn either.",
)
LOOK = "Look: is nobody on it? Then the plan goes on.\n"


def banner(view: RunView) -> str:
    """The sentence that is always there; empty in every other run."""
    return BANNER if view.empty_belt else ""


def confirm_text(remote: str) -> str:
    """The key that says that nobody is on the moving belt; ``remote``: another way to say it, with its comma."""
    return f"Press o{remote} when you see that nobody is on the belt: the plan goes on."
