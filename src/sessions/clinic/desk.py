"""What happens at the desk of a clinic: a plan becomes a prescription, and a prescription is read out in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ...machine import DeviceProfile
from ...safety.tiers import TIERS
from ...workouts.quantity import incline_text, speed_text
from ..prepare import Asked, Prepared, Written, laid_out, prescribed
from ..prescription import Prescription
from .entries import Prescribed


class NotPrescribed(ValueError):
    """A plan that cannot be run under its own prescription; ``problems`` says why, a sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def held_against_itself(prescription: Prescription, written: Written, profile: DeviceProfile) -> None:
    """Refuse a plan that its own prescription, or its tier, would not let begin. Raises NotPrescribed."""
    first_day = date.fromisoformat(prescription.first_day)
    found = offered(prescription, written, profile, Asked(tier=TIERS[prescription.tier]), first_day).offer
    if found.problems or found.timeline is None:
        raise NotPrescribed(found.problems)


def offered(prescription: Prescription, written: Written, profile: DeviceProfile, asked: Asked, day: date) -> Prepared:
    """A prescribed plan as it is offered on a day: laid out for its tier, with what stands in its way."""
    return prescribed(laid_out(written, profile, replace(asked, prescribed=True)), prescription, day)


def read_back(one: Prescribed) -> tuple[str, ...]:
    """What is read to the participant before the start, a line each: who, what, how much at most, and by whom."""
    told = one.prescription
    return (
        f"Participant {told.participant}",
        f"{told.workout}, version {told.plan_hash[:12]}",
        f"At most: {ceilings_text(told)}",
        f"Prescription {told.number} of {told.author}, until {told.last_day}: {told.reason}",
    )


def ceilings_text(told: Prescription) -> str:
    """Its limits in a line."""
    most = told.ceilings
    parts = [
        None if most.speed_kph is None else speed_text(most.speed_kph),
        None if most.incline_percent is None else incline_text(most.incline_percent),
        None if most.minutes is None else f"{most.minutes} min",
        None if most.heart_bpm is None else f"{most.heart_bpm} bpm",
        None if most.pain is None else f"pain {most.pain} of 10",
    ]
    named = [one for one in parts if one is not None] or [f"what tier {TIERS[told.tier].title} allows"]
    return ", ".join((*named, f"{told.way} only" if told.way != "both" else "both ways"))
