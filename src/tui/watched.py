"""What is said of a machine that is only watched. Pure."""

from __future__ import annotations

from ..sessions.view import WatchView
from .freshness import GONE_AFTER_S
from .wording import words_of

READ_ONLY = "READ ONLY: nothing can be started, set or stopped here; its console can."


def fresh(view: WatchView) -> bool:
    """Whether the numbers may still be shown."""
    return not view.over and view.age_s is not None and view.age_s <= GONE_AFTER_S


def speed_text(view: WatchView) -> str:
    """The reported speed in km/h for large digits; a dash where it is not known any more."""
    return f"{view.speed_kph:.1f}" if fresh(view) and view.speed_kph is not None else "-.-"


def state_text(view: WatchView) -> str:
    """The link, and how old its last word is."""
    if view.over:
        return "Nothing is heard any more."
    if view.connected is None:
        return "Connecting ..."
    if view.age_s is None:
        return f"Connected to {view.connected}; it has reported nothing yet."
    return f"Connected to {view.connected}; last report {view.age_s:.1f} s ago."


def numbers_text(view: WatchView) -> str:
    """Incline and distance as reported."""
    if not fresh(view):
        return ""
    parts = [] if view.incline_percent is None else [f"incline {view.incline_percent:.1f} %"]
    return "   ".join([*parts, *([] if view.distance_m is None else [f"its own counter {view.distance_m:.0f} m"])])


def line(view: WatchView) -> str:
    """All of it in one line."""
    speed = f"{speed_text(view)} km/h"
    numbers = numbers_text(view).replace("   ", ", ")
    return f"{state_text(view)} {speed}{f', {numbers}' if numbers else ''}"


def words_of_watched(view: WatchView) -> str:
    """Which machine it is and what stands in its way; changes seldom. Empty while nothing is known."""
    met = "" if view.identity is None else words_of(view.identity)
    message = "" if view.message is None else f"note: {view.message}."
    return " ".join(part for part in (f"met {met}." if met else "", message) if part)
