"""The one way to a treadmill: an address in, the two halves of a connection out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from ..clock import Clock
from .address import Address
from .connection import Connection
from .errors import AddressError
from .sheet import Sheet

PSEUDO_TERMINALS = "/dev/pts/"
"""Where Linux keeps them; one that is reached through a link of a lasting name is whatever the link leads to."""


async def connect(address: Address, clock: Clock, sheet: Sheet | None = None, listen: bool = False) -> Connection:
    """Reach the machine. Sets no deadline for the whole: the caller does.

    ``sheet`` is what is known of the machine beforehand; a simulated treadmill knows itself and does not look at it.
    ``listen``: it is only to be read, and another program that has the control keeps it.
    Raises AddressError for a scheme without a driver and ConnectFailed for a machine that cannot be reached.
    """
    if address.scheme not in _DRIVERS:
        known = ", ".join(f"{scheme}://" for scheme in _DRIVERS)
        raise AddressError(
            f"address {str(address)!r}: nothing here speaks {address.scheme}://; the known ones are {known}"
        )
    if listen and address.scheme == "ble":
        return await _listen_by_radio(address, clock, sheet)
    driver = _DRIVERS[address.scheme]
    if not address.scheme.startswith("serial+"):
        return await driver(address, clock, sheet)
    from .serialport.bound import reach_bound

    return await reach_bound(driver, address, clock, sheet)


def plugged_in(address: Address, made_ns: int | None = None) -> bool:
    """Whether the port of a serial address is there; True where there is no port to look for. Opens nothing.

    An adapter that was pulled takes its port with it, and brings it back when it is plugged in again. ``made_ns``: as
    ``made_at`` said when the port was opened.
    """
    port = _port(address)
    return not port.startswith("/") or (Path(port).exists() and made_at(address) == made_ns)


def made_at(address: Address) -> int | None:
    """When the pseudo-terminal at this address was made, in nanoseconds; None where it is none, or none is there.

    Its number goes to whoever asks for a terminal next: somebody's shell must not be taken for a machine.
    """
    port = _port(address)
    if not port.startswith(PSEUDO_TERMINALS):
        return None
    with suppress(OSError):
        return Path(port).stat().st_ctime_ns
    return None


def _port(address: Address) -> str:
    return address.name if address.scheme.startswith("serial+") else ""


async def _connect_simulated(address: Address, clock: Clock, _sheet: Sheet | None) -> Connection:
    from .simulated.driver import reach_simulated

    return await reach_simulated(address, clock)


async def _connect_radio(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    from .ftms.reach import reach_ftms

    return await reach_ftms(address, clock, sheet)


async def _listen_by_radio(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    from .ftms.reach import reach_ftms

    return await reach_ftms(address, clock, sheet, listen=True)


async def _connect_trackmaster(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    from .trackmaster.reach import reach_trackmaster

    return await reach_trackmaster(address, clock, sheet)


async def _connect_woodway(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    from .woodway.reach import reach_woodway

    return await reach_woodway(address, clock, sheet)


async def _connect_csafe(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    from .csafe.reach import reach_csafe

    return await reach_csafe(address, clock, sheet)


async def _connect_biodex(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    from .biodex.reach import reach_biodex

    return await reach_biodex(address, clock, sheet)


_DRIVERS: dict[str, Callable[[Address, Clock, Sheet | None], Awaitable[Connection]]] = {
    "sim": _connect_simulated,
    "ble": _connect_radio,
    "serial+trackmaster": _connect_trackmaster,
    "serial+woodway": _connect_woodway,
    "serial+csafe": _connect_csafe,
    "serial+biodex": _connect_biodex,
}
"""A driver a scheme, imported only when it is asked for: the guardian loads one driver and no other."""
