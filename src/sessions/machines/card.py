"""The card of a machine: what it is, what is known of it, what it allows, and what to do next."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ...machine import NOT_SAID, DeviceProfile, Identity, PhysicalStop, Qualification
from ..treadmills import QUALIFY, is_real, profile_at, qualify_command
from .allowance import Allowance, allowance, allowed_after_qualification
from .family import Family
from .lookup import LookedUp, look_up
from .wording import shown

_QUALIFIED = {
    Qualification.NONE: "not qualified: it is only read",
    Qualification.QUICK: "qualified, the quick way",
    Qualification.FULL: "qualified in full",
}


@dataclass(frozen=True, slots=True)
class Card:
    """All that is known of the machine at ``address``. ``later``: what a full qualification could unlock at best."""

    address: str
    known: LookedUp
    profile: DeviceProfile
    now: Allowance
    later: Allowance | None

    @property
    def machine(self) -> Identity:
        """Which machine it is, as far as anybody has said."""
        if self.known.sealed is not None and self.known.sealed.sheet.sealed_for is not None:
            return self.known.sealed.sheet.sealed_for
        return NOT_SAID if self.known.treadmill is None else self.known.treadmill.met


def card(address: str, folder: Path) -> Card:
    """The card of the machine at an address; ``folder`` is the data folder. Raises AddressError."""
    return card_of(address, look_up(address, folder), profile_at(address, folder))


def card_of(address: str, known: LookedUp, profile: DeviceProfile) -> Card:
    """The card from what was looked up; ``profile`` is what the program goes by now."""
    family = known.family
    read_only = None if family is None else family.read_only
    later = None
    if is_real(address) and profile.qualification is Qualification.QUICK:  # its reports, stop and rails are known now
        later = allowance(replace(profile, qualification=Qualification.FULL), read_only)
    elif is_real(address) and profile.qualification is Qualification.NONE:
        later = allowed_after_qualification(family)
    return Card(address, known, profile, allowance(profile, read_only), later)


def card_lines(card: Card) -> list[str]:
    """The card as lines for a terminal; text from the air is cleaned."""
    name = card.profile.name if card.known.treadmill is None else card.known.treadmill.name
    lines = [shown(name), f"address: {shown(card.address)}", *_identity_lines(card.machine)]
    if is_real(card.address):
        lines += [*_family_lines(card.known.family), f"state: {_QUALIFIED[card.profile.qualification]}"]
    lines += _belt_lines(card.profile)
    lines += allowance_lines(card)
    lines += _finding_lines(card)
    return lines + [f"problem: {shown(problem)}" for problem in card.known.problems]


def allowance_lines(card: Card) -> list[str]:
    """What a machine allows now and what it could allow, in sentences; a command names the machine, to be copied."""
    now, later = card.now, card.later
    lines = [f"allows now: {now.sentence}", *(f"  because: {reason}" for reason in now.reasons)]
    if now.empty_belt_only is not None:
        lines.append(f"  but: {now.empty_belt_only}")
    if later is not None and later.backward_walking_max_kph is not None:
        lines.append(f"after a full qualification: {later.sentence}")
        lines += [] if later.empty_belt_only is None else [f"  but: {later.empty_belt_only}"]
        lines += [f"  {reason}" for reason in later.reasons]
    return [*lines, f"next: {now.next_step}".replace(QUALIFY, shown(qualify_command(card.address)))]


def card_object(card: Card) -> dict[str, Any]:
    """The card for a program."""
    family = card.known.family
    return {
        "address": card.address,
        "name": None if card.known.treadmill is None else card.known.treadmill.name,
        "machine": asdict(card.machine),
        "family": None if family is None else family_object(family),
        "qualification": card.profile.qualification.name.lower(),
        "physical_stop": card.profile.physical_stop.value,
        "rails": card.profile.rails,
        "simulated": card.profile.simulated,
        "allows": allowance_object(card.now),
        "after_full_qualification": None if card.later is None else allowance_object(card.later),
        "findings": _findings_object(card),
        "problems": list(card.known.problems),
    }


def family_object(family: Family) -> dict[str, Any]:
    """A family for a program, short."""
    return {"key": family.key, "title": family.title, "read_only": family.read_only, "remarks": list(family.remarks)}


def allowance_object(one: Allowance) -> dict[str, Any]:
    """An allowance for a program."""
    return {**asdict(one), "reasons": list(one.reasons), "running": one.running, "sentence": one.sentence}


# --- parts of the card ------------------------------------------------------------------------------------------


def _identity_lines(machine: Identity) -> list[str]:
    told = (
        ("name", machine.name),
        ("maker", machine.manufacturer),
        ("model", machine.model),
        ("firmware", machine.firmware),
    )
    said = ", ".join(f"{what} {shown(value)}" for what, value in told if value)
    return [f"says of itself: {said}"] if said else []


def _family_lines(family: Family | None) -> list[str]:
    if family is None:
        return ["family: none that is known; the careful values hold"]
    remarks = [f"  known of it: {remark}" for remark in family.remarks]
    withheld = [f"  told, but by too few to count: {fact.why}" for fact in family.withheld]
    return [f"family: {family.title}", *remarks, *withheld]


def _belt_lines(profile: DeviceProfile) -> list[str]:
    stop = "none that is known" if profile.physical_stop is PhysicalStop.NONE else profile.physical_stop.value
    rails = "yes" if profile.rails else "none that are known"
    return [f"stops without software: {stop}; rails: {rails}"]


def _finding_lines(card: Card) -> list[str]:
    if card.known.sealed is None:
        return []
    sealed = card.known.sealed
    findings, what = sealed.findings, "found dangerous" if sealed.refusals else "qualified"
    steps = [f"  {shown(one.step)}: {shown(one.found)}" for one in findings.steps]
    return [f"{what} on {shown(findings.tried_at)}:", *steps]


def _findings_object(card: Card) -> dict[str, Any] | None:
    return None if card.known.sealed is None else asdict(card.known.sealed.findings)
