"""What a person has changed in the plan, what is about to rise, and what was said last. Pure."""

from __future__ import annotations

import math
import re

from ..safety.hazards import Action, Cause
from ..sessions.view import RunView
from . import speeds
from .wording import clock_text

SPOKEN_SHOWN_S = 12.0
"""How long a spoken sentence stands on the screen: to read it twice, and gone before it is taken for news."""

COUNT_SHOWN_S = 1.0
"""A second that is counted is over when the next one begins; behind the last one nothing need follow."""

SCALE_STEP_PERCENT = 5
"""One press of a scaling key: below what legs feel as another speed, and few presses for what they do feel."""

_RISE = re.compile(r"(faster|steeper) in \d+ seconds, (\d+(?:\.\d+)?) (km/h|%)")
"""The announcement of a rise as ``workouts.cues`` words it."""


def changes_text(view: RunView) -> str:
    """Held, longer, nudged, scaled; empty when the plan runs as it was written."""
    parts = [
        "HELD: h goes on" if view.held else "",
        f"{clock_text(view.extended_s)} added" if view.extended_s > 0 else "",
        f"this step {_nudge_text(view)}" if view.nudge_kph else "",
        f"the rest at {view.scale_percent} %" if view.scale_percent != 100 else "",
    ]
    return "   ".join(part for part in parts if part)


def _nudge_text(view: RunView) -> str:
    unit = speeds.unit(view)
    return f"{view.nudge_kph / unit.one_kph:+.1f} {unit.value}"


def rise_text(view: RunView) -> str:
    """A rise that was announced, and how soon it comes: "FASTER IN 4 s: 3.5 km/h"; empty without one."""
    if view.raise_in_s is None:
        return ""
    left_s = max(0, math.ceil(view.raise_in_s))
    announced = next((found for one in reversed(view.spoken) if (found := _RISE.findall(one.text))), [])
    rises = [f"{word.upper()} IN {left_s} s: {_to_text(view, float(to), unit)}" for word, to, unit in announced]
    return "   ".join(rises) or f"FASTER IN {left_s} s"


def _to_text(view: RunView, value: float, unit: str) -> str:
    return f"{value:g} %" if unit == "%" else speeds.speed(view, value)


def spoken_text(view: RunView, now_s: float) -> str:
    """The last thing that was said aloud, while it is news; then the words of the step's author."""
    last = view.spoken[-1] if view.spoken else None
    if last is not None and now_s - last.at_s < (COUNT_SHOWN_S if last.text.isdecimal() else SPOKEN_SHOWN_S):
        return last.text
    return view.cue or ""


def cause_text(cause: Cause) -> str:
    """A cause in the guardian's words, with what it does to the belt before it where it does not say so itself."""
    does = {Action.FREEZE_RISES: "nothing rises", Action.EASE: "the belt slows down to its lowest speed"}
    what = does.get(cause.action)
    return cause.message if what is None or what in cause.message else f"{what}: {cause.message}"


def frozen(view: RunView) -> bool:
    """Whether nothing rises now, whatever the plan wants."""
    causes = () if view.snapshot is None else view.snapshot.causes
    return any(cause.action in (Action.FREEZE_RISES, Action.EASE) for cause in causes)
