"""Quantities as people write them: a number and a unit, always both.

Accepted, and nothing else: ASCII digits with at most one point, one unit from the tables below, and for a
duration up to three parts from large to small ("1 h 5 min 30 s"). No sign, exponent, underscore, comma.
"""

from __future__ import annotations


def number_text(value: float) -> str:
    """At most two decimals and no trailing zeros: "5", "0.2", "1.25"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def speed_text(speed_kph: float) -> str:
    """ "3.0 km/h", "0.85 km/h"; at least one decimal, as consoles show it."""
    text = number_text(speed_kph)
    return f"{text if '.' in text else text + '.0'} km/h"


def incline_text(incline_percent: float) -> str:
    """ "5 %"."""
    return f"{number_text(incline_percent)} %"


def duration_text(seconds: float) -> str:
    """The length of a step, "60 s", "90 s", "5 min", "1 h 5 min": below two minutes it stays in seconds."""
    if seconds < 120:
        return f"{number_text(seconds)} s"
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{number_text(value)} {unit}" for value, unit in parts if value)
