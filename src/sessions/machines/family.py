"""What a family of machines is: what is said of it in public, and what of that is taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ...devices.ftms.dialect import FtmsDialect, GattWrite
from ...devices.sheet import Sheet
from ...machine import DeviceProfile

Value = bool | int | Enum | tuple[GattWrite, ...]
"""What a figure can be."""


@dataclass(frozen=True, slots=True)
class Source:
    """A public place where a fact can be looked up."""

    key: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a family. ``figure`` is a field of DeviceProfile, Capabilities or FtmsDialect.

    ``taken``: the sheet of the family carries it. A figure that could make a belt more dangerous than the careful
    default is taken only when two sources of its own say so; until then it is told and not used.
    """

    figure: str
    value: Value
    why: str
    sources: tuple[str, ...]
    taken: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """How a machine of the family is recognised; small letters, compared without case.

    ``schemes``: of addresses that lead to machines of this family and to no others: what is plugged into a serial port
    says little of itself, and the person who writes the address has said what it is.
    """

    names: tuple[str, ...] = ()
    name_prefixes: tuple[str, ...] = ()
    manufacturers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """How well a family is known to this project itself.

    ``simulated_as``: the simulated treadmills that share its tempers. ``captured``: frames of it are among the tests.
    ``on_hardware_by``: how many people ran this program on one and sent what they saw.
    """

    simulated_as: tuple[str, ...] = ()
    captured: bool = False
    on_hardware_by: int = 0


@dataclass(frozen=True, slots=True)
class Family:
    """A family of machines that behave alike.

    ``read_only``: a sentence that says why no machine of it is ever driven; None for the others. ``profile`` and
    ``dialect`` hold what is taken of ``facts``, over the careful defaults; the profile is never a qualified one.
    """

    key: str
    title: str
    marks: Marks
    facts: tuple[Fact, ...]
    profile: DeviceProfile
    dialect: FtmsDialect
    sources: tuple[Source, ...]
    seen: Seen = Seen()
    read_only: str | None = None
    remarks: tuple[str, ...] = ()

    @property
    def refusal(self) -> str | None:
        """Why no machine of the family is tried out or driven, with what may be done instead; None where it may."""
        if self.read_only is None:
            return None
        return f"{self.title} is never driven: {self.read_only}; let the program coach you (coach://)"

    @property
    def sheet(self) -> Sheet:
        """The family's sheet, which nobody has tried on any machine of it."""
        return Sheet(self.profile, self.dialect)

    @property
    def withheld(self) -> tuple[Fact, ...]:
        """What is said of the family and not taken."""
        return tuple(fact for fact in self.facts if not fact.taken)

    def fact(self, figure: str) -> Fact | None:
        """What is said of one figure, taken or not."""
        return next((fact for fact in self.facts if fact.figure == figure), None)
