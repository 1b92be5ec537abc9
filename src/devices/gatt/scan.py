"""Listening to who advertises, over this computer's own radio or another controller."""

from __future__ import annotations

from collections.abc import Callable

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from ...clock import Clock
from ..advert import Advert
from ..errors import ConnectFailed
from .adverts import Adverts, Packet
from .bleak_link import RADIO_S, back_end, quietly, radio_trouble
from .deadline import within

SCAN_S_MAX = 120.0
"""Two minutes: longer than any machine takes to show itself, and an end for a scan that nobody ends."""


async def scan(seconds: float, clock: Clock, heard: Callable[[Advert], None], via: str = "") -> None:
    """Listen for ``seconds``; ``heard`` is called for each advertiser, and again when it says more of itself.

    ``via``: the transport of another controller; empty for this computer's own radio. Raises ConnectFailed with a
    sentence and its mend. Called off, it ends the scan and moves on.
    """
    adverts = Adverts()

    def take(device: BLEDevice, told: AdvertisementData) -> None:
        advert = adverts.take(_packet(device, told))
        if advert is not None:
            heard(advert)

    scanner = BleakScanner(take, backend=back_end(via)[1])
    try:
        await within(clock, RADIO_S, scanner.start())
    except Exception as error:
        raise ConnectFailed(radio_trouble(error, via)) from error
    try:
        await clock.sleep_until(clock.now_s() + min(max(seconds, 0.0), SCAN_S_MAX))
    finally:
        await quietly(clock, RADIO_S, scanner.stop())


def _packet(device: BLEDevice, told: AdvertisementData) -> Packet:
    return Packet(device.address, told.local_name or device.name, told.service_uuids, told.service_data, told.rssi)
