"""What is written into a clinic's register: each change of who takes part and of what they may do. Pure.

Nothing is ever changed there. A prescription that is to be another one is withdrawn, and a new one is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..prescription import Prescription, hash_of

NAME_MAX = 80
"""Characters of the name of a clinic: a line of a terminal."""

PSEUDONYM = re.compile(r"P-[0-9A-Z]{4,12}", re.ASCII)
"""What stands for a participant: it is the name of a folder too, so nothing else is one."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """The clinic begins. ``passphrase`` is its hash in argon2's own form, never the words."""

    name: str
    passphrase: str

    def __post_init__(self) -> None:
        """Refuse a name that cannot be shown. Raises ValueError."""
        if not self.name.strip() or not self.name.isprintable() or len(self.name) > NAME_MAX:
            raise ValueError(f"the name of a clinic is plain text on one line, up to {NAME_MAX} characters")


@dataclass(frozen=True, slots=True)
class NewPassphrase:
    """From now on this one holds, as its hash."""

    passphrase: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What this computer is for from now on: nothing is run but what is prescribed for a participant, or not only."""

    participants_only: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody takes part. Who it is stands in the clinic's own papers, and not here."""

    participant: str
    adult: bool

    def __post_init__(self) -> None:
        """Refuse a pseudonym that is none. Raises ValueError."""
        if PSEUDONYM.fullmatch(self.participant) is None:
            raise ValueError(f"{self.participant!r} is no pseudonym; write P- and 4 to 12 capital letters or digits")


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody takes part no longer: none of their prescriptions holds any more. An earlier version asked for neither
    author nor reason, nor for plain text."""

    participant: str
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A prescription with the plan that it is for, whole: what the file says tomorrow is another matter."""

    prescription: Prescription
    plan: str

    def __post_init__(self) -> None:
        """Refuse a plan that is not the one of the prescription. Raises ValueError."""
        if hash_of(self.plan.encode()) != self.prescription.plan_hash:
            raise ValueError("the plan is not the one that its hash names")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A prescription holds no longer; of author and reason the same is true as of ``Left``."""

    number: int
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Journals name entries by these links that the register does not have, and its newest copy is lost: it goes on
    without them."""

    links: tuple[str, ...]
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """Somebody who had not the passphrase tried to change something, once or more often within a minute."""


Entry = SetUp | NewPassphrase | Joined | Left | Prescribed | Withdrawn | Missed | Profile | Tried
