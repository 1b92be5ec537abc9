"""One plan for one participant of a clinic, under limits that only the clinic can change. Pure.

A prescription names its plan by the hash of its text, so that it is this version and no other; its author, their reason
and its last day stand beside every limit. The participant may always go slower or stop. Nothing on their side goes
faster, steeper or longer than it says: ``against`` keeps a plan from beginning, its ``bounds`` hold as all bounds do,
and a wish for more is answered by ``only_less``.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..machine import Gait, gait
from ..safety.tiers import TIERS
from ..workouts.quantity import shown
from ..workouts.timeline import Step, Timeline
from .bounds import RANGES, Bound, Bounds, passed_by


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
        for field, (what, lowest, highest) in RANGES.items():
            value = getattr(self, field)
            if value is not None and not lowest <= value <= highest:  # also what is no number
                raise ValueError(f"{what} {value}: from {lowest:g} to {highest:g}")


@dataclass(frozen=True, slots=True)
class Prescription:
    """``number`` counts those of one clinic; ``participant`` is a pseudonym; ``plan_hash`` is SHA-256 of the file.

    ``tier`` is the key of a tier, for whose rates and lengths the plan is laid out. Days are YYYY-MM-DD where the
    clinic is, however they came; both belong to it.
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
        for name in ("first_day", "last_day"):  # an earlier version kept days as they were typed, also as 20261231
            object.__setattr__(self, name, date.fromisoformat(getattr(self, name)).isoformat())
        if date.fromisoformat(self.last_day) < date.fromisoformat(self.first_day):
            raise ValueError(f"it ends with {self.last_day}, before it begins with {self.first_day}")
        if self.tier not in TIERS:
            raise ValueError(f"there is no tier {self.tier!r}; the tiers are {', '.join(TIERS)}")
        signed(self.author, self.reason)

    def holds_on(self, day: date) -> bool:
        """Whether a day is one of its days."""
        return date.fromisoformat(self.first_day) <= day <= date.fromisoformat(self.last_day)

    def meets(self, other: Prescription) -> bool:
        """Whether there is a day on which both hold."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day

    @property
    def because(self) -> str:
        """The author and their reason, as they stand behind each limit."""
        return f"prescription {self.number} of {self.author}: {self.reason}"

    @property
    def bounds(self) -> Bounds:
        """Its limits, each with its author's reason."""
        most = self.ceilings

        def bound(value: float | None) -> Bound | None:
            return None if value is None else Bound(value, self.because)

        return Bounds(
            bound(most.speed_kph),
            bound(most.incline_percent),
            bound(most.minutes),
            bound(most.heart_bpm),
            bound(most.pain),
        )


def days_from(first: str | None, last: str, today: date) -> tuple[date, date]:
    """The days of a new prescription as somebody writes them; its first is today where it is not said.

    Raises ValueError, with a sentence, also where it would be over before it begins.
    """
    begins, ends = today if first is None else day_written(first), day_written(last)
    if ends < today:
        raise ValueError(f"its last day, {ends}, is over: today is {today}")
    return begins, ends


def day_written(text: str) -> date:
    """A day, written in the one way that nobody misreads. Raises ValueError, with a sentence."""
    with contextlib.suppress(ValueError):
        day = date.fromisoformat(text)
        if day.isoformat() == text:
            return day
    raise ValueError(f"{shown(text)} is no day; write days as 2026-12-31")


def signed(author: str, reason: str) -> None:
    """Refuse what nobody stands behind. Raises ValueError, with a sentence."""
    for what, text in (("an author", author), ("a reason", reason)):
        if not text.strip() or not text.isprintable():
            raise ValueError(f"it needs {what}, as plain text on one line")


def hash_of(plan: bytes) -> str:
    """What names one version of a plan for good."""
    return hashlib.sha256(plan).hexdigest()


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
    if day < date.fromisoformat(prescription.first_day):
        yield f"it holds from {prescription.first_day} on, and today is {day} ({because})"
    if day > date.fromisoformat(prescription.last_day):
        yield f"it ended with {prescription.last_day}, and today is {day}; ask for a new one ({because})"
    yield from passed_by(prescription.bounds, timeline)
    astray = next((one for one in timeline.steps if one.on_belt and not _allowed(prescription.way, one)), None)
    if astray is not None:
        yield f"{astray.where}: it does not go {prescription.way}, as everything does that is prescribed ({because})"


def _allowed(way: Way, step: Step) -> bool:
    if way is Way.BOTH:
        return True
    return (gait(step.facing, step.belt) is Gait.BACKWARD) is (way is Way.BACKWARD)
