"""One participant at the treadmill: who they are to the program, where their runs are kept, what holds today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ...machine import DeviceProfile
from ...safety.tiers import TIERS
from ...workouts.source import parse_workout
from ..person import Health, Person
from ..prepare import Asked, Prepared, Written, held_back
from ..prescription import Prescription
from ..view import Participant
from .desk import ceilings_text, offered, read_back
from .entries import Prescribed
from .register import Register
from .standing import Clinic
from .witness import told


@dataclass(frozen=True, slots=True)
class Visit:
    """``folder`` holds the participant's runs, diary and store, as the data folder does of a person at home."""

    clinic: Path
    folder: Path
    pseudonym: str

    def person(self, settings: Person | None) -> Person:
        """The participant as the program knows a person: with the clinic's remote and strap, and nobody's own speed.

        Whether somebody may begin at all is the clinician's question here, at every age; the prescription answers it,
        and for somebody under 18 in a tier of a clinic.
        """
        known = Person(self.pseudonym, adult=True, health=Health.CLEARED)
        if settings is None:
            return known
        return replace(known, remote=settings.remote, strap=settings.strap, call=settings.call)

    def offers(self, profile: DeviceProfile, asked: Asked, day: date) -> tuple[Prepared, ...]:
        """Each plan that is prescribed for today, laid out for this machine, with whatever stands in its way.

        The register is read each time: what was withdrawn meanwhile is offered no longer.
        """
        clinic = self._clinic()
        return tuple(
            _offer(one, profile, asked, day, clinic.too_young(one.prescription))
            for one in clinic.for_participant(self.pseudonym, day)
        )

    def holds(self, prescription: Prescription, day: date) -> bool:
        """Whether a prescription still holds."""
        mine = self._clinic().for_participant(self.pseudonym, day)
        return any(one.prescription == prescription for one in mine)

    def register_stands_at(self) -> str:
        """The last entry of the register, as the journal of a run keeps it."""
        written = Register(self.clinic).written()
        return told(len(written), written[-1].link)

    def _clinic(self) -> Clinic:
        return Register(self.clinic).standing(self.pseudonym)


def visit_of(folder: Path, pseudonym: str) -> Visit:
    """The visit of a participant of the clinic in a data folder.

    Raises NoClinic or NoParticipant (LookupError), or AddedOnlyError (OSError).
    """
    return Visit(folder, Register(folder).folder_of(pseudonym), pseudonym)


def participants_only(folder: Path) -> bool:
    """Whether the clinic of a data folder runs nothing but what is prescribed. Raises AddedOnlyError (OSError)."""
    clinic = Register(folder).clinic()
    return clinic is not None and clinic.participants_only


def participants(folder: Path, day: date) -> tuple[Participant, ...] | None:
    """Everybody who takes part, with what is prescribed for a day; None where there is no clinic.

    Raises AddedOnlyError (OSError).
    """
    clinic = Register(folder).clinic()
    if clinic is None:
        return None
    return tuple(
        Participant(one.participant, tuple(map(_line, clinic.for_participant(one.participant, day))))
        for one in clinic.participants
    )


def _line(one: Prescribed) -> str:
    told = one.prescription
    return f"{told.workout}, at most {ceilings_text(told)}, until {told.last_day} ({told.author})"


def _offer(one: Prescribed, profile: DeviceProfile, asked: Asked, day: date, why_not: str | None) -> Prepared:
    told, text = one.prescription, one.plan.encode()
    written = Written(f"prescription {told.number}", text, parse_workout(text, told.workout))
    prepared = offered(told, written, profile, replace(asked, tier=TIERS[told.tier]), day)
    prepared = replace(prepared, offer=replace(prepared.offer, read_back=read_back(one)))
    return prepared if why_not is None else held_back(prepared, f"{why_not} ({told.because})")
