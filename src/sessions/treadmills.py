"""The treadmills that can be chosen, and what is known of each before it is reached."""

from __future__ import annotations

from pathlib import Path

from ..devices.address import parse_address
from ..devices.coached import coached_profile
from ..devices.errors import AddressError
from ..devices.sheet import Sheet
from ..devices.simulated.archetypes import ARCHETYPES
from ..devices.simulated.options import simulated_setup
from ..machine import Capabilities, DeviceProfile
from ..safety.real_machines import EMPTY_BELT_ONLY
from .folder import folder_path
from .view import TreadmillChoice

COACHED = ("coach://", "coach://track")

REAL = frozenset({"ble"})
"""Schemes behind which a real belt is."""

UNMEASURED = DeviceProfile("Treadmill that nobody has measured", Capabilities(100, 600, 10))
"""What is taken to be true of a machine of which nothing is known: the range of 1 to 6 km/h that walking pads and
treadmills share, and of everything else the careful defaults."""


def is_real(address: str) -> bool:
    """Whether a real belt is behind this address."""
    return address.partition("://")[0] in REAL


def runs_empty(address: str) -> bool:
    """Whether nobody may be on the belt behind this address."""
    return is_real(address) and EMPTY_BELT_ONLY


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
    if parsed.scheme not in REAL:
        raise AddressError(
            f"address {address!r}: nothing here speaks {parsed.scheme}:// yet; write sim://NAME, ble://NAME or coach://"
        )
    sheet = sheet_at(address, folder or folder_path())
    return UNMEASURED if sheet is None else sheet.profile


def treadmills_for(first: str, used: frozenset[str], folder: Path) -> tuple[TreadmillChoice, ...]:
    """The preselected one, then every kind of simulated one, then those that a hand sets; ``used``: run before."""
    addresses = (first, *(f"sim://{name}" for name in ARCHETYPES), *COACHED)
    return tuple(
        TreadmillChoice(one, profile_at(one, folder).name, one.startswith("sim:"), one in used)
        for one in dict.fromkeys(addresses)
    )
