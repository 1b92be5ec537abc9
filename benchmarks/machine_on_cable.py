"""``python -m benchmarks.machine_on_cable PROTOCOL``: a simulated machine on a pseudo-terminal, and all that it hears.

Its first line is its address; then comes a line for each piece of bytes: the bytes, and the moment at which they could
be read, on the monotonic clock that the processes of one computer share. Lines on its input are hands at it: ``press``
and ``release`` its emergency stop, and ``unplug``, which pulls the adapter and is answered with the moment.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from retrotread.clock import SystemClock
from retrotread.devices.serialport.pseudo import PseudoPort

if TYPE_CHECKING:
    from retrotread.cli.sim_serial import Machine

ADDRESSES = {
    "trackmaster": "serial+trackmaster://{port}?units=mph",
    "woodway": "serial+woodway://{port}",
    "csafe": "serial+csafe://{port}",
    "biodex": "serial+biodex://{port}?baud={baud}&scale=0.1mph",
}


def machine_of(protocol: str, now_s: float) -> tuple[Machine, str]:
    """The machine, and its address with {port} in it."""
    address = ADDRESSES[protocol]
    if protocol == "trackmaster":
        from retrotread.devices.trackmaster import simulated as trackmaster

        return trackmaster.TrackmasterMachine(trackmaster.Setup(), now_s), address
    if protocol == "woodway":
        from retrotread.devices.woodway import simulated as woodway

        return woodway.WoodwayMachine(woodway.Setup(), now_s), address
    if protocol == "csafe":
        from retrotread.devices.csafe import simulated as csafe

        return csafe.CsafeMachine(csafe.Setup(), now_s), address
    from retrotread.devices.biodex import simulated as biodex

    setup = biodex.Setup()
    return biodex.BiodexMachine(setup, now_s), address.replace("{baud}", str(setup.baud))


class Telling:
    """A machine that prints what it hears before it hears it."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.said = machine.said

    @property
    def next_due_s(self) -> float:
        """As of the machine."""
        return self._machine.next_due_s

    def take(self, data: bytes, now_s: float) -> None:
        """As of the machine."""
        print(data.hex(), now_s, flush=True)
        self._machine.take(data, now_s)


async def serve(protocol: str) -> None:
    """Until the input ends, or the adapter is pulled."""
    clock = SystemClock()
    machine, address = machine_of(protocol, clock.now_s())
    port = PseudoPort(Telling(machine), clock)
    print(address.format(port=port.name), flush=True)
    carrying = asyncio.ensure_future(port.run())
    hands = {"press": machine.emergency_stop, "release": machine.release}
    while (order := (await asyncio.to_thread(sys.stdin.readline)).strip()) in hands:
        hands[order](clock.now_s())
        port.look()
    carrying.cancel()
    await asyncio.gather(carrying, return_exceptions=True)
    if order == "unplug":
        print("unplugged", clock.now_s(), flush=True)
    port.unplug()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
