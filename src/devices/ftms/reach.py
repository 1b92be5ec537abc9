"""From an address to the two halves of a connection with an FTMS treadmill."""

from __future__ import annotations

from ...clock import Clock
from ..address import Address
from ..connection import Connection
from ..errors import ConnectFailed
from ..sheet import Sheet


async def reach_ftms(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    """Reach the treadmill. Raises ConnectFailed with a sentence and its mend."""
    del clock, sheet
    raise ConnectFailed(f"{address}: the driver of FTMS treadmills is not built yet")
