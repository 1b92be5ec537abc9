"""What is known of the machine behind an address, before it is reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ...devices.address import REAL_SCHEMES, Address, parse_address
from ...devices.serialport.ports import lasting_name
from ...devices.sheet import Sheet
from ...machine import NOT_SAID, Identity, Qualification
from .families import family_for, family_on
from .family import Family
from .heard import heard_name
from .known import Treadmill, TreadmillsError, find, known
from .sealed import Sealed, SealProblem, latest_for, read_sealed, sealed_files


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What stands about one address. ``problems``: sentences on what counts for nothing, and why."""

    sheet: Sheet | None = None
    family: Family | None = None
    sealed: Sealed | None = None
    treadmill: Treadmill | None = None
    problems: tuple[str, ...] = ()


def sheet_for(address: str, folder: Path) -> Sheet | None:
    """The sealed sheet of this machine, else its family's, else None. Raises AddressError."""
    return look_up(address, folder).sheet


def look_up(address: str, folder: Path) -> LookedUp:
    """Everything that is known of the machine at ``address``; ``folder`` is the data folder. Raises AddressError.

    Only the schemes of real machines have families and are qualified; a simulated treadmill carries its own profile.
    A sealed profile whose seal is broken counts for nothing, and so does every older one of the same machine.
    """
    parsed = parse_address(address)
    treadmill, problems = _treadmill(parsed, folder)
    if parsed.scheme not in REAL_SCHEMES:
        return LookedUp(treadmill=treadmill, problems=problems)
    sealed, problem = _sealed(parsed, treadmill, folder)
    machine = _machine(parsed, treadmill, sealed, folder)
    family = family_on(parsed.scheme) or family_for(machine)
    sheet = _sheet(family, sealed)
    return LookedUp(sheet, family, sealed, treadmill, problems + problem)


def _treadmill(address: Address, folder: Path) -> tuple[Treadmill | None, tuple[str, ...]]:
    try:
        return find(str(address), known(folder)), ()
    except TreadmillsError as error:
        return None, (str(error),)


def _sealed(address: Address, treadmill: Treadmill | None, folder: Path) -> tuple[Sealed | None, tuple[str, ...]]:
    """The latest sealed profile: by the machine's own address where it is known, else by its name."""
    met = NOT_SAID if treadmill is None else treadmill.met
    serial = address.scheme.startswith("serial+")
    at = (lasting_name(address.name),) if serial else (met.address, address.name)
    path = next((path for one in at if one and (path := latest_for(one, folder))), None)
    if path is None and not met.address and not serial:
        return _by_name(address.name, folder)
    return (None, ()) if path is None else _read(path)


def _read(path: Path) -> tuple[Sealed | None, tuple[str, ...]]:
    found = read_sealed(path)
    return (None, (found.message,)) if isinstance(found, SealProblem) else (found, ())


def _by_name(name: str, folder: Path) -> tuple[Sealed | None, tuple[str, ...]]:
    named = {_address_of(one) for path in sealed_files(folder) if _is_named(one := read_sealed(path), name)}
    if len(named) > 1:
        return None, (
            f"{len(named)} qualified treadmills call themselves {name!r}, and this address does not tell them apart; "
            "use the address of the one that you mean (retrotread scan)",
        )
    path = latest_for(named.pop(), folder) if named else None
    return (None, ()) if path is None else _read(path)


def _is_named(one: Sealed | SealProblem, name: str) -> bool:
    return isinstance(one, Sealed) and one.sheet.sealed_for is not None and one.sheet.sealed_for.name == name


def _address_of(one: Sealed | SealProblem) -> str:
    assert isinstance(one, Sealed)
    assert one.sheet.sealed_for is not None
    return one.sheet.sealed_for.address.casefold()


def _machine(address: Address, treadmill: Treadmill | None, sealed: Sealed | None, folder: Path) -> Identity:
    """Which machine it is, by the best that is known: measured, met, heard, or typed."""
    if sealed is not None and sealed.sheet.sealed_for is not None:
        return sealed.sheet.sealed_for
    if treadmill is not None and treadmill.met != NOT_SAID:
        return treadmill.met
    heard = heard_name(address.name, folder)
    return Identity(name=address.name) if heard is None else Identity(address.name, heard)


def _sheet(family: Family | None, sealed: Sealed | None) -> Sheet | None:
    if sealed is None:
        return None if family is None else family.sheet
    if family is not None and family.read_only is not None:
        profile = replace(sealed.sheet.profile, qualification=Qualification.NONE, reverses=False)
        return replace(sealed.sheet, profile=profile)
    return sealed.sheet
