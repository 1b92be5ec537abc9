"""The treadmills that can be chosen, and what is known of each before it is reached."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..devices.address import EXPERIMENTAL_SCHEMES, REAL_SCHEMES, parse_address
from ..devices.coached import coached_profile
from ..devices.errors import AddressError
from ..devices.sheet import Sheet
from ..devices.simulated.archetypes import ARCHETYPES
from ..devices.simulated.options import simulated_setup
from ..machine import Capabilities, DeviceProfile
from ..safety.real_machines import only_read
from .folder import folder_path
from .view import TreadmillChoice

if TYPE_CHECKING:
    from .machines.card import Card

QUALIFY = "retrotread treadmills qualify"

COACHED = ("coach://", "coach://track")

UNMEASURED = DeviceProfile("A treadmill that nobody has measured", Capabilities(100, 600, 10))
"""What is taken to be true of a machine of which nothing is known: the range of 1 to 6 km/h that walking pads and
treadmills share, and of everything else the careful defaults."""


def is_real(address: str) -> bool:
    """Whether a real belt is behind this address."""
    return address.partition("://")[0] in REAL_SCHEMES


def is_simulated(address: str) -> bool:
    """Whether there is no belt at all behind this address; behind a coached one there is, and a hand sets it."""
    return address.startswith("sim:")


def unnumbered(address: str) -> bool:
    """Whether the machine is on a cable whose adapter has no number, so that nothing tells it from another one."""
    if not address.startswith("serial+"):
        return False
    from ..devices.serialport.ports import number_of

    return number_of(parse_address(address).name) is None


def runs_empty(address: str) -> bool:
    """Whether nobody may be on the belt behind this address."""
    return address.partition("://")[0] in EXPERIMENTAL_SCHEMES


def sheet_at(address: str, folder: Path) -> Sheet | None:
    """What this computer keeps of the machine behind a real address, its family's else; None where there is neither."""
    if not is_real(address):
        return None
    from .machines.lookup import sheet_for

    return sheet_for(address, folder)


def profile_at(address: str, folder: Path | None = None) -> DeviceProfile:
    """The profile of a treadmill as it is known without connecting. Raises AddressError.

    Of a real one: that of its sheet in the data ``folder``, by default this computer's, else the careful default.
    """
    parsed = parse_address(address)
    if parsed.scheme == "coach":
        return coached_profile(parsed.name, parsed.options)
    if parsed.scheme == "sim":
        return simulated_setup(parsed.name, parsed.options).archetype.profile
    if parsed.scheme not in REAL_SCHEMES:
        raise AddressError(
            f"address {address!r}: nothing here speaks {parsed.scheme}:// yet; write sim://NAME, ble://NAME, "
            "serial+trackmaster://PORT or coach://"
        )
    sheet = sheet_at(address, folder or folder_path())
    profile = UNMEASURED if sheet is None else sheet.profile
    return replace(profile, unnumbered=unnumbered(address), experimental=profile.experimental or runs_empty(address))


def treadmills_for(first: str, used: frozenset[str], folder: Path) -> tuple[TreadmillChoice, ...]:
    """The preselected one, the remembered ones, every kind of simulated one, those that a hand sets.

    ``used``: run before. A list of treadmills that cannot be read counts as empty; ``list_problem`` says why.
    """
    addresses = (first, *remembered(folder), *(f"sim://{name}" for name in ARCHETYPES), *COACHED)
    return tuple(choice_at(one, used, folder) for one in dict.fromkeys(addresses))


def choice_at(address: str, used: frozenset[str], folder: Path) -> TreadmillChoice:
    """One treadmill as it can be chosen. Raises AddressError."""
    if not is_real(address):
        return TreadmillChoice(address, profile_at(address).name, is_simulated(address), address in used)
    from .machines.card import card

    found = card(address, folder)
    return choice_of(found, used, parse_address(address).name if found.profile == UNMEASURED else "")


def choice_of(card: Card, used: frozenset[str], name: str = "") -> TreadmillChoice:
    """A real treadmill by its card; ``name``: what it calls itself on the air."""
    from .machines.wording import shown

    kept, address = card.known.treadmill, card.address
    title = shown(name or card.profile.name) if kept is None else shown(kept.name)
    held_back = _held_back(card)
    lines = tuple(shown(line) for line in _card_lines(card, held_back is not None))
    return TreadmillChoice(address, title, False, address in used, lines, held_back, kept is not None)


def _card_lines(card: Card, held_back: bool) -> Iterator[str]:
    """What it allows and would allow comes first; what is known of it, behind that."""
    now, later, family = card.now, card.later, card.known.family
    yield f"allows now: {now.sentence}"
    yield from () if held_back else (f"because: {reason}" for reason in now.reasons)
    if now.empty_belt_only is not None:
        yield f"but: {now.empty_belt_only}"
    if later is not None and later.backward_walking_max_kph is not None:
        yield f"after a full qualification: {later.sentence}"
        yield from () if later.empty_belt_only is None else (f"but: {later.empty_belt_only}",)
        yield from (f"- {reason}" for reason in later.reasons)
    if not held_back:
        yield f"next: {now.next_step}".replace(QUALIFY, qualify_command(card.address))
    yield from (f"problem: {problem}" for problem in card.known.problems)
    yield "family: none that is known; the careful values hold" if family is None else f"family: {family.title}"
    yield from () if family is None else (f"known of it: {remark}" for remark in family.remarks)


def _held_back(card: Card) -> str | None:
    """Why it is only read, and what to do; nobody is sent to try out a machine that is never driven."""
    if only_read(card.profile) is None:
        return None
    family = card.known.family
    if family is not None and family.refusal is not None:
        return family.refusal
    why = "it was never tried out"
    if card.known.problems:  # behind a broken seal it was perhaps tried out, and that does not count
        why = "no record that counts says that it was tried out"
    if card.known.sealed is not None and card.known.sealed.refusals:
        why = f"its last trials found: {'; '.join(card.known.sealed.refusals)}"
        return f"only read, because {why}. To try it out again: {qualify_command(card.address)}"
    return f"only read, because {why} with nobody on it. To drive it: {qualify_command(card.address)}"


def qualify_command(address: str) -> str:
    """What to type to have a machine tried out."""
    return f"{QUALIFY} {shlex.quote(address)}"


def remembered(folder: Path) -> tuple[str, ...]:
    """The addresses on this computer's list."""
    if not (folder / "treadmills.toml").exists():  # reading one loads more than the first screen may wait for
        return ()
    from .machines.known import TreadmillsError, known

    try:
        return tuple(one.address for one in known(folder))
    except TreadmillsError:
        return ()


def list_problem(folder: Path) -> str | None:
    """Why the list of treadmills counts for nothing, with the mend; None where it is read."""
    if not (folder / "treadmills.toml").exists():
        return None
    from .machines.known import TreadmillsError, known

    try:
        known(folder)
    except TreadmillsError as error:
        return str(error)
    return None
