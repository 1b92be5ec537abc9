"""Where a person stands beside a still belt, and how they step on: on rails only where the machine has them. Pure.

A machine whose rails are not known moves nobody backward (``safety.real_machines.no_backward``), and may move somebody
who faces its console: to them no screen speaks of rails that their hand would not find.
"""

from __future__ import annotations

from ..sessions.view import RunView


def stand_text(view: RunView) -> str:
    """Where to stand before a start, as the end of "facing the rear: ...", in small letters."""
    return "feet on the rails beside the belt" if _rails(view) else "both feet beside the belt"


def stand_facing_text(view: RunView, where: str) -> str:
    """The same as a sentence of its own; ``where`` is what they look at ("the rear")."""
    if _rails(view):
        return f"Stand on the side rails, facing {where}, both hands on the rails."
    return f"Stand beside the belt, both feet off it, facing {where}."


def stay_text(view: RunView) -> str:
    """What to do while the belt starts."""
    return f"Stay {'on the side rails' if _rails(view) else 'beside the belt'}. A stop key stops it."


def step_on_text(view: RunView) -> str:
    """How to step on a belt at its lowest speed, in small letters."""
    return "hold the rails and step on" if _rails(view) else "step on"


def _rails(view: RunView) -> bool:
    return view.profile is not None and view.profile.rails
