"""How a clinic stands after everything that was written into its register. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ...safety.tiers import TIERS
from ..prescription import Prescription
from .entries import Entry, Joined, Left, Missed, NewPassphrase, Prescribed, Profile, SetUp, Tried, Withdrawn


class OutOfOrder(ValueError):
    """An entry that cannot follow those before it; the message says why."""


class NoParticipant(OutOfOrder, LookupError):
    """Nobody takes part under that pseudonym; the message says who does."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """``passphrase`` is a hash. ``prescribed`` are those that were not withdrawn, oldest first, whatever the day;
    ``numbers`` counts all that there ever were. ``participants_only``: nothing else is run on this computer."""

    name: str
    passphrase: str
    participants: tuple[Joined, ...] = ()
    prescribed: tuple[Prescribed, ...] = ()
    numbers: int = 0
    participants_only: bool = False

    def participant(self, pseudonym: str) -> Joined | None:
        """Who takes part under this pseudonym; None for nobody."""
        return next((one for one in self.participants if one.participant == pseudonym), None)

    def for_participant(self, pseudonym: str, day: date | None = None) -> tuple[Prescribed, ...]:
        """What is prescribed for somebody; on a day only what holds on it."""
        mine = (one for one in self.prescribed if one.prescription.participant == pseudonym)
        return tuple(one for one in mine if day is None or one.prescription.holds_on(day))

    def with_entry(self, entry: Entry) -> Clinic:
        """As it stands after one entry more. Raises OutOfOrder."""
        match entry:
            case SetUp():
                raise OutOfOrder("the clinic is set up already")
            case NewPassphrase(passphrase):
                return replace(self, passphrase=passphrase)
            case Profile(participants_only):
                return replace(self, participants_only=participants_only)
            case Joined():
                return self._with(entry)
            case Left(pseudonym):
                return self._without(pseudonym)
            case Prescribed():
                return self._prescribing(entry)
            case Withdrawn(number):
                return self._ending(number)
            case Missed() | Tried():
                return self

    def _with(self, joined: Joined) -> Clinic:
        if self.participant(joined.participant) is not None:
            raise OutOfOrder(f"{joined.participant} takes part already")
        return replace(self, participants=(*self.participants, joined))

    def _without(self, pseudonym: str) -> Clinic:
        self.asked_for(pseudonym)
        rest = tuple(one for one in self.participants if one.participant != pseudonym)
        others = tuple(one for one in self.prescribed if one.prescription.participant != pseudonym)
        return replace(self, participants=rest, prescribed=others)

    def _prescribing(self, new: Prescribed) -> Clinic:
        self.asked_for(new.prescription.participant)
        number = new.prescription.number
        if number != self.numbers + 1:
            raise OutOfOrder(f"prescription {number} does not follow {self.numbers}")
        return replace(self, prescribed=(*self.prescribed, new), numbers=number)

    def _ending(self, number: int) -> Clinic:
        rest = tuple(one for one in self.prescribed if one.prescription.number != number)
        if len(rest) == len(self.prescribed):
            raise OutOfOrder(f"there is no prescription {number} that still holds")
        return replace(self, prescribed=rest)

    def too_young(self, told: Prescription) -> str | None:
        """Why somebody under 18 runs nothing under it, with the mend; None where they may, and for adults.

        At home they are offered nothing; in a tier of a clinic somebody in charge sees to it and keeps the record.
        """
        joined, tier = self.participant(told.participant), TIERS[told.tier]
        if joined is None or joined.adult or tier.clinic:
            return None
        named = ", ".join(one.key for one in TIERS.values() if one.clinic)
        return (
            f"{told.participant} is younger than 18, and tier {tier.title} is for adults: prescribe it in a tier of a "
            f"clinic ({named})"
        )

    def asked_for(self, pseudonym: str) -> None:
        """Refuse somebody who takes no part. Raises NoParticipant."""
        if self.participant(pseudonym) is None:
            known = ", ".join(one.participant for one in self.participants) or "nobody yet"
            raise NoParticipant(f"{pseudonym} does not take part here; those who do: {known}")


def clinic_of(entries: Iterable[Entry]) -> Clinic | None:
    """How it stands after all of them; None where none was ever set up. Raises OutOfOrder."""
    clinic: Clinic | None = None
    for entry in entries:
        if clinic is not None:
            clinic = clinic.with_entry(entry)
        elif isinstance(entry, SetUp):
            clinic = Clinic(entry.name, entry.passphrase)
        else:
            raise OutOfOrder("something was written before the clinic was set up")
    return clinic
