"""What an alarm says, and what can lead out of it. Pure."""

from __future__ import annotations

from enum import Enum

from ..sessions.link_lost import when_disconnected
from ..sessions.view import RunView
from .freshness import Freshness, freshness, standstill_confirmed
from .wording import has_key, last_resort, measured_text


class WayOut(Enum):
    """What a person can do about the alarm on this screen."""

    NONE = "none"
    ACKNOWLEDGE = "acknowledge"
    LEAVE = "leave"


def way_out(view: RunView) -> WayOut:
    """Acknowledge at confirmed standstill; leave only where standstill can never be confirmed any more.

    That is so when the guardian is gone or the link is lost: a person has to look, and has to be able to end the
    program afterwards.
    """
    if not view.guardian_alive:
        return WayOut.LEAVE
    if standstill_confirmed(view):
        return WayOut.ACKNOWLEDGE
    return WayOut.LEAVE if _link_lost(view) else WayOut.NONE


def _link_lost(view: RunView) -> bool:
    return view.snapshot is not None and not view.snapshot.link_up


def big_lines(view: RunView) -> tuple[str, str]:
    """The two lines in large letters."""
    return ("PULL", "THE KEY") if has_key(view) else ("KEEP OFF", "THE BELT")


def sentence(view: RunView) -> str:
    """What is known, in one line under the large ones."""
    if not view.guardian_alive:
        return f"THE GUARDIAN IS GONE - BELT MAY BE MOVING - {last_resort(view)}"
    if standstill_confirmed(view):
        return "Standstill is confirmed. Look at the belt before you step."
    if freshness(view) is Freshness.GONE:
        return f"SPEED UNKNOWN - BELT MAY BE MOVING - {last_resort(view)}"
    return f"BELT MAY STILL BE MOVING: {measured_text(view)} reported - {last_resort(view)}"


def disconnected_text(view: RunView) -> str:
    """What this machine does without its link; empty while there is one, or no guardian to say that it is lost."""
    return when_disconnected(view.profile) if view.guardian_alive and _link_lost(view) else ""


def way_out_text(view: RunView, asked: bool) -> str:
    """The key to press, if there is one. ``asked``: the first of two presses to leave has been made."""
    match way_out(view):
        case WayOut.ACKNOWLEDGE:
            return "Press a when you have seen that the belt stands still."
        case WayOut.LEAVE if asked:
            return "Press x again to end the program. Nobody but you has seen the belt stand."
        case WayOut.LEAVE:
            return "When you have seen the belt stand still yourself: press x to end the program."
    return "This stays until standstill is reported. Stop keys send the stop again."
