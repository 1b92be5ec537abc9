"""A radio of a simulated room for the kernel of this computer, so that BlueZ reaches the machines in the room.

Linux hands a virtual controller to whoever opens ``/dev/vhci`` (its driver hci_vhci): the kernel is the host then, and
a controller of the room answers it. Nothing of BlueZ and nothing of the program that uses it is replaced.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bumble.transport.vhci import open_vhci_transport

from .room import Room

DEVICE = "/dev/vhci"
"""There where the module hci_vhci is loaded, and writable for root alone unless a udev rule says otherwise."""


async def lend_to_kernel(room: Room, device: str = DEVICE) -> Callable[[], Awaitable[None]]:
    """Give the kernel a radio in the room; how it is taken away again. Raises OSError where the device cannot be used.

    What comes before the kernel is answered waits in the device: nothing is lost.
    """
    transport = await open_vhci_transport(device)
    radio = room.controller()
    radio.host = transport.sink
    transport.source.set_packet_sink(radio)

    async def take_away() -> None:
        radio.leave()
        await transport.close()

    return take_away
