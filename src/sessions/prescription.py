"""One plan for one participant of a clinic, under limits that only the clinic can change. Pure.

A prescription names its plan by the hash of its text, so that it is this version and no other; its author, their reason
and its last day stand beside every limit. The participant may always go slower or stop. Nothing on their side goes
faster, steeper or longer than it says: ``against`` keeps a plan from beginning, ``limits`` goes with each arming to the
guardian, and a wish for more is answered by ``only_less``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..machine import Gait, gait, incline_to_dpct, speed_to_ckph
from ..safety.heart import HeartCeiling, tightened
from ..safety.limits import HARD_FORWARD_CKPH, HARD_INCLINE_DPCT, Limit, Limits
from ..safety.tiers import TIERS
from ..workouts.quantity import speed_text
from ..workouts.timeline import Step, Timeline

UNLIMITED = 10**6
"""Above every ceiling of the program itself: a limit that was not prescribed tightens nothing."""


class Way(StrEnum):
    """Which way the participant may go on a moving belt."""

    BACKWARD = "backward"
    FORWARD = "forward"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What was limited; None: not here, and what holds anyway goes on holding.

    ``minutes`` of a moving belt in one session; ``pain`` is the highest number, from 0 to 10, that still goes on.
    """

    speed_kph: float | None = None
    incline_percent: float | None = None
    minutes: int | None = None
    heart_bpm: int | None = None
    pain: int | None = None

    def __post_init__(self) -> None:
        """Refuse a number that is none of its kind. Raises ValueError, with a sentence."""
        for name, value, lowest, highest in (
            ("speed", self.speed_kph, 0.1, HARD_FORWARD_CKPH / 100),
            ("incline", self.incline_percent, 0.0, HARD_INCLINE_DPCT / 10),
            ("minutes", self.minutes, 1, 60),
            ("heart rate", self.heart_bpm, 60, 230),
            ("pain", self.pain, 0, 10),
        ):
            if value is not None and not lowest <= value <= highest:  # also what is no number
                raise ValueError(f"{name} {value}: from {lowest:g} to {highest:g}")


@dataclass(frozen=True, slots=True)
class Prescription:
    """``number`` counts those of one clinic; ``participant`` is a pseudonym; ``plan_hash`` is SHA-256 of the file.

    ``tier`` is the key of a tier, for whose rates and lengths the plan is laid out. Days are YYYY-MM-DD where the
    clinic is; both belong to it.
    """

    number: int
    participant: str
    workout: str
    plan_hash: str
    tier: str
    way: Way
    ceilings: Ceilings
    author: str
    reason: str
    first_day: str
    last_day: str

    def __post_init__(self) -> None:
        """Refuse what nobody can have meant. Raises ValueError, with a sentence."""
        if date.fromisoformat(self.last_day) < date.fromisoformat(self.first_day):
            raise ValueError(f"it ends with {self.last_day}, before it begins with {self.first_day}")
        if self.tier not in TIERS:
            raise ValueError(f"there is no tier {self.tier!r}; the tiers are {', '.join(TIERS)}")
        for what, text in (("an author", self.author), ("a reason", self.reason)):
            if not text.strip() or not text.isprintable():
                raise ValueError(f"it needs {what}, as plain text on one line")

    @property
    def because(self) -> str:
        """The author and their reason, as they stand behind each limit."""
        return f"prescription {self.number} of {self.author}: {self.reason}"


def hash_of(plan: bytes) -> str:
    """What names one version of a plan for good."""
    return hashlib.sha256(plan).hexdigest()


def limits(prescription: Prescription) -> Limits:
    """Its speed and incline for the guardian, each with its author's reason."""
    speed_kph, incline_percent = prescription.ceilings.speed_kph, prescription.ceilings.incline_percent
    return Limits(
        Limit(UNLIMITED if speed_kph is None else speed_to_ckph(speed_kph), prescription.because),
        Limit(UNLIMITED if incline_percent is None else incline_to_dpct(incline_percent), prescription.because),
    )


def session_max_s(prescription: Prescription | None, seconds: float) -> float:
    """The shorter of what is left of the session and what is prescribed."""
    minutes = None if prescription is None else prescription.ceilings.minutes
    return seconds if minutes is None else min(seconds, minutes * 60.0)


def heart_ceiling(prescription: Prescription | None, own: HeartCeiling | None) -> HeartCeiling | None:
    """The lower of the participant's own ceiling and the prescribed one, which is never run without a strap."""
    bpm = None if prescription is None else prescription.ceilings.heart_bpm
    return own if bpm is None else tightened(own, HeartCeiling(bpm, required=True))


def too_much_pain(prescription: Prescription | None, pain: int | None) -> str | None:
    """Why nobody goes on with this pain; None where they may, as far as the prescription goes."""
    most = None if prescription is None else prescription.ceilings.pain
    if prescription is None or most is None or pain is None or pain <= most:
        return None
    return f"pain {pain} of 10 was said, and {most} is the most that goes on ({prescription.because})"


def only_less(prescription: Prescription, wish: str) -> str:
    """Why a wish of the participant's for more is not taken; the reason comes first, where one row shows it."""
    return f"{wish} ({prescription.because}); slower and stop always go"


def against(prescription: Prescription, plan: bytes, timeline: Timeline, day: date) -> tuple[str, ...]:
    """Everything that keeps this plan from being run under the prescription today, a sentence each."""
    return tuple(_against(prescription, plan, timeline, day))


def _against(prescription: Prescription, plan: bytes, timeline: Timeline, day: date) -> Iterator[str]:
    because = prescription.because
    if hash_of(plan) != prescription.plan_hash:
        yield f"{timeline.name} is not the version that was prescribed; ask for a new prescription ({because})"
    if day.isoformat() < prescription.first_day:
        yield f"it holds from {prescription.first_day} on, and today is {day} ({because})"
    if day.isoformat() > prescription.last_day:
        yield f"it ended with {prescription.last_day}, and today is {day}; ask for a new one ({because})"
    belt = [one for one in timeline.steps if one.on_belt]
    yield from _too_much(prescription, belt)
    minutes, most = sum(one.length_s for one in belt) / 60, prescription.ceilings.minutes
    if most is not None and minutes > most:
        yield f"{timeline.name} moves the belt for {minutes:.0f} min, and {most} min is the most ({because})"


def _too_much(prescription: Prescription, belt: list[Step]) -> Iterator[str]:
    """The first step of each kind that passes what is allowed."""
    ceilings, because = prescription.ceilings, prescription.because
    fastest = max(belt, key=_speed_kph, default=None)
    if fastest is not None and ceilings.speed_kph is not None and _speed_kph(fastest) > ceilings.speed_kph:
        asked, most = speed_text(_speed_kph(fastest)), speed_text(ceilings.speed_kph)
        yield f"{_named(fastest)}: {asked} is above {most} ({because})"
    steepest = max(belt, key=_incline_percent, default=None)
    if steepest is not None and ceilings.incline_percent is not None:
        asked_percent = _incline_percent(steepest)
        if asked_percent > ceilings.incline_percent:
            yield f"{_named(steepest)}: {asked_percent:.1f} % is above {ceilings.incline_percent:.1f} % ({because})"
    astray = next((one for one in belt if not _allowed(prescription.way, one)), None)
    if astray is not None:
        yield f"{_named(astray)}: it does not go {prescription.way}, as everything does that is prescribed ({because})"


def _speed_kph(step: Step) -> float:
    return max(step.entry.speed_kph, step.target.speed_kph)


def _incline_percent(step: Step) -> float:
    return max(step.entry.incline_percent, step.target.incline_percent)


def _named(step: Step) -> str:
    return f"step {step.index + 1}, {step.label}"


def _allowed(way: Way, step: Step) -> bool:
    if way is Way.BOTH:
        return True
    return (gait(step.facing, step.belt) is Gait.BACKWARD) is (way is Way.BACKWARD)
