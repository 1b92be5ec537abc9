"""What a search heard, as a list for people: one line of sight a machine, however often and as whom it called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...devices.address import Address
from ...devices.advert import Advert, Kind
from ...devices.errors import AddressError
from ...machine import Identity
from .card import Card, allowance_lines, allowance_object, card_of, family_object
from .caution import CAREFUL
from .families import family_for
from .lookup import LookedUp, look_up
from .wording import shown

_ORDER = {Kind.TREADMILL: 0, Kind.HEART_STRAP: 1, Kind.OTHER_MACHINE: 2, Kind.UNKNOWN: 3}
NAME_SHOWN_MAX = 60
"""A line of a terminal holds no more beside the rest."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One advertiser. ``address``: what to type for it; None where no address can be written for it.

    ``card``: of a treadmill, and of whatever a family recognises. ``same_name``: how many others call themselves so.
    """

    advert: Advert
    address: str | None
    card: Card | None
    same_name: int = 0


def listed(adverts: Iterable[Advert], via: str, folder: Path) -> tuple[Heard, ...]:
    """What was heard: each address once, with all that it said; treadmills first, then by loudness."""
    merged: dict[str, Advert] = {}
    for advert in adverts:
        key = advert.address.casefold()
        merged[key] = _joined(merged[key], advert) if key in merged else advert
    names = Counter(shown(advert.name).casefold() for advert in merged.values())
    found = [_heard(advert, via, folder, names[shown(advert.name).casefold()] - 1) for advert in merged.values()]
    return tuple(sorted(found, key=_rank))


def listing_lines(found: tuple[Heard, ...], everything: bool = False) -> list[str]:
    """The list as lines for a terminal; what is neither a treadmill nor a strap is only counted."""
    told = [one for one in found if everything or _matters(one)]
    lines = [line for one in told for line in (*_lines(one), "")]
    others = len(found) - len(told)
    if not any(one.card is not None for one in found):
        lines += [
            "No treadmill was heard. Switch it on, stand near it, end its maker's own program on the phone (most",
            "machines speak to one program at a time), and run 'retrotread doctor' where nothing helps.",
            "",
        ]
    if others:
        lines.append(f"{others} other {'device' if others == 1 else 'devices'} heard; --all shows them.")
    return lines[:-1] if lines and not lines[-1] else lines


def listing_object(found: tuple[Heard, ...], problem: str | None) -> dict[str, Any]:
    """The list for a program."""
    return {"problem": problem, "found": [_object(one) for one in found]}


# --- one of them ------------------------------------------------------------------------------------------------


def _joined(before: Advert, now: Advert) -> Advert:
    """What one address said at several times: the last name that was one, the most telling kind, every service."""
    kind = min(before.kind, now.kind, key=lambda one: _ORDER[one])
    services = tuple(dict.fromkeys((*before.services, *now.services)))
    loud = before.rssi_dbm if now.rssi_dbm is None else now.rssi_dbm
    return replace(now, name=now.name or before.name, kind=kind, services=services, rssi_dbm=loud)


def _heard(advert: Advert, via: str, folder: Path, same_name: int) -> Heard:
    address = _address(advert, via)
    same = same_name if shown(advert.name) else 0
    return Heard(advert, address, _card(advert, address, folder), same)


def _address(advert: Advert, via: str) -> str | None:
    try:
        return str(Address("ble", advert.address, (("via", via),) if via else ()))
    except AddressError:
        return None


def _card(advert: Advert, address: str | None, folder: Path) -> Card | None:
    """By what is kept under this address, else by the name that is on the air."""
    if address is None or advert.kind in (Kind.HEART_STRAP, Kind.OTHER_MACHINE):
        return None
    known = look_up(address, folder)
    if known.family is None and known.sealed is None:
        known = _by_name(known, advert)
    if advert.kind is not Kind.TREADMILL and known.family is None and known.treadmill is None:
        return None
    return card_of(address, known, CAREFUL if known.sheet is None else known.sheet.profile)


def _by_name(known: LookedUp, advert: Advert) -> LookedUp:
    family = family_for(Identity(name=advert.name))
    return known if family is None else replace(known, family=family, sheet=family.sheet)


def _rank(one: Heard) -> tuple[int, int, str]:
    kind = 0 if one.card is not None else _ORDER[one.advert.kind]
    return (kind, -(one.advert.rssi_dbm or -999), one.advert.address)


def _matters(one: Heard) -> bool:
    return one.card is not None or one.advert.kind in (Kind.TREADMILL, Kind.HEART_STRAP)


def _lines(one: Heard) -> list[str]:
    advert = one.advert
    name = shown(advert.name)[:NAME_SHOWN_MAX] or "(no name)"
    loud = "" if advert.rssi_dbm is None else f", {advert.rssi_dbm} dBm"
    address = one.address or "its address cannot be written"
    lines = [f"{name}  {address}", f"  {_what(one)}{loud}"]
    if one.same_name:
        lines.append(f"  {one.same_name + 1} devices call themselves so: use the address, not the name")
    return lines if one.card is None else [*lines, *(f"  {line}" for line in _card_lines(one.card))]


def _what(one: Heard) -> str:
    card = one.card
    if card is None:
        return one.advert.kind.value
    remembered = "" if card.known.treadmill is None else f", remembered as {shown(card.known.treadmill.name)}"
    family = "of no family that is known" if card.known.family is None else f"family {card.known.family.title}"
    return f"{one.advert.kind.value}, {family}{remembered}"


def _card_lines(card: Card) -> list[str]:
    return [*allowance_lines(card), *(f"problem: {shown(one)}" for one in card.known.problems)]


def _object(one: Heard) -> dict[str, Any]:
    card = one.card
    return {
        "address": one.address,
        "name": shown(one.advert.name),
        "kind": one.advert.kind.value,
        "rssi_dbm": one.advert.rssi_dbm,
        "same_name": one.same_name,
        "family": None if card is None or card.known.family is None else family_object(card.known.family),
        "remembered_as": None if card is None or card.known.treadmill is None else card.known.treadmill.name,
        "qualification": None if card is None else card.profile.qualification.name.lower(),
        "allows": None if card is None else allowance_object(card.now),
        "after_full_qualification": None if card is None or card.later is None else allowance_object(card.later),
        "problems": [] if card is None else list(card.known.problems),
    }
