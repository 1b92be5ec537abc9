"""What becomes of somebody's other prescriptions when they get a new one. Pure.

Whoever trains may choose any that holds today. So a tighter one beside a looser one tightens nothing, and it is said
each time which of both was meant.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..prescription import Prescription
from .standing import Clinic, OutOfOrder


@dataclass(frozen=True, slots=True)
class Others:
    """``instead``: the numbers of those that end with it. ``beside``: the rest goes on holding, each on its own."""

    instead: tuple[int, ...] = ()
    beside: bool = False

    def ended(self, clinic: Clinic, new: Prescription) -> tuple[int, ...]:
        """The numbers of those that end. Raises OutOfOrder for one that is not theirs, and for one left unnamed."""
        mine = [one.prescription for one in clinic.for_participant(new.participant)]
        numbers = tuple(dict.fromkeys(self.instead))
        for number in numbers:
            if number not in [one.number for one in mine]:
                raise OutOfOrder(f"prescription {number} is none of {new.participant} that still holds")
        left = next((one for one in mine if one.number not in numbers and one.meets(new)), None)
        if left is not None and not self.beside:
            raise OutOfOrder(
                f"prescription {left.number} of {new.participant} holds until {left.last_day}, and whoever trains "
                f"may choose: --instead {left.number} ends it, --beside leaves both, each with its own limits"
            )
        return numbers


NO_OTHERS = Others()
"""There are no others on its days."""
