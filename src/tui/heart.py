"""The heart rate in words: with its ceiling, or why there is none. Pure."""

from __future__ import annotations

from ..guardian.messages import HeartShown
from ..safety.heart import LATE_MS, LOST_MS


def heart_short(heart: HeartShown | None) -> str:
    """At most 16 cells, for beside the digits: "HEART 132 of 150", "HEART lost 12 s"; empty without a strap."""
    if heart is None:
        return ""
    return f"HEART {_known(heart) or _unknown(heart)}"


def heart_text(heart: HeartShown | None) -> str:
    """A part of a sentence: "heart 132 of at most 150", "heart rate lost for 12 s"; empty without a strap."""
    if heart is None:
        return ""
    if heart.bpm is None or _known(heart) == "":
        return f"heart rate {_unknown(heart)}"
    ceiling = "" if heart.ceiling_bpm is None else f" of at most {heart.ceiling_bpm}"
    return f"heart {heart.bpm}{ceiling}"


def beats(heart: HeartShown) -> bool:
    """Whether there is a rate to be believed."""
    return _known(heart) != ""


def _known(heart: HeartShown) -> str:
    """The rate, while it is not late and the strap has contact; else empty."""
    late = heart.age_s is None or heart.age_s * 1000 >= LATE_MS
    if heart.bpm is None or late or heart.contact is False:
        return ""
    return f"{heart.bpm}" if heart.ceiling_bpm is None else f"{heart.bpm} of {heart.ceiling_bpm}"


def _unknown(heart: HeartShown) -> str:
    """Why there is no rate, in ten cells."""
    if heart.contact is False:
        return "no contact"
    if heart.age_s is None:
        return "not heard"
    return f"lost {min(999.0, heart.age_s):.0f} s" if heart.age_s * 1000 >= LOST_MS else "late"
