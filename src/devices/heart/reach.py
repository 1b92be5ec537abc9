"""The one way to a heart-rate strap: an address in, a connection out."""

from __future__ import annotations

from ...clock import Clock
from ..address import Address
from ..errors import AddressError
from .strap import HeartStrap


async def reach_strap(address: Address, clock: Clock) -> HeartStrap:
    """Reach the strap. Sets no deadline: the caller does.

    Raises AddressError for a scheme that leads to no strap and ConnectFailed for a strap that cannot be reached.
    """
    if address.scheme == "sim-strap":
        from .simulated import reach_simulated_strap, simulated_strap

        return await reach_simulated_strap(str(address), simulated_strap(address.name, address.options), clock)
    if address.scheme == "ble":
        from ..gatt.bleak_link import open_link
        from ..gatt.radio import radio_setup
        from .gatt import strap_over

        setup = radio_setup(address.name, address.options)
        return await strap_over(await open_link(setup.wanted, clock, setup.via), clock)
    raise AddressError(
        f"address {str(address)!r}: no heart-rate strap is reached by {address.scheme}://; write ble://NAME with the "
        "name that 'retrotread scan' shows"
    )
