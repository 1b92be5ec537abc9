"""Speeds as the console in front of the person shows them, with km/h beside them where that is another number."""

from __future__ import annotations

from ..machine import SpeedUnit
from ..sessions.speed_text import console_number_text, console_speed_text, told_kph
from ..sessions.view import RunView


def unit(view: RunView) -> SpeedUnit:
    """The unit of this run's console; km/h until it is known."""
    return SpeedUnit.KPH if view.profile is None else view.profile.speed_unit


def number(view: RunView, kph: float) -> str:
    """The bare number on the console: "3.0" or, in miles, "1.9"."""
    return console_number_text(view.profile, kph)


def speed(view: RunView, kph: float) -> str:
    """The speed with its unit, and in km/h too where the console shows something else: "1.9 mph (3.0 km/h)"."""
    return console_speed_text(view.profile, kph)


def label(view: RunView, word: str, kph: float | None) -> str:
    """What stands above a large number: "MEASURED km/h", or "MEASURED mph (3.0 km/h)" above miles."""
    shown = unit(view)
    beside = "" if shown is SpeedUnit.KPH or kph is None else f" ({kph:.1f} km/h)"
    return f"{word} {shown.value}{beside}"


def target_kph(view: RunView) -> float:
    """What the plan wants now, as far as this machine can be told it."""
    return told_kph(view.profile, view.wanted.speed_kph)


def nudge_kph(view: RunView) -> float:
    """What one press changes the speed by: a tenth of the unit that the console counts in."""
    return 0.1 * unit(view).one_kph
