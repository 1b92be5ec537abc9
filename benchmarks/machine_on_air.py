"""``python -m benchmarks.machine_on_air REPORTS_PER_S``: a treadmill on the air that tells when commands reach it.

Its first line is its address; then comes a line for each write: its octets, and the moment on the monotonic clock that
the processes of one computer share.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import Any

from retrotread.clock import SystemClock
from retrotread.devices.peripheral.attributes import Label
from retrotread.devices.peripheral.door import Door, Listening
from retrotread.devices.peripheral.machine import FtmsMachine, Part
from retrotread.devices.peripheral.room import Room
from retrotread.devices.peripheral.station import Station
from retrotread.devices.simulated.archetypes import ARCHETYPES
from retrotread.devices.simulated.treadmill import SimulatedTreadmill

NAME = "Bench"


async def serve(reports_per_s: float) -> None:
    """Until the input ends. No lag and no countdown: what is measured is the way there and back."""
    clock, room = SystemClock(), Room()
    kind = replace(
        ARCHETYPES["well-behaved"], report_period_s=1 / reports_per_s, command_lag_s=0.0, start_countdown_s=0.0
    )
    treadmill = SimulatedTreadmill(kind, starts_at_s=clock.now_s())
    machine = FtmsMachine(treadmill, clock, Station.in_room(NAME, room), Part(label=Label(NAME)))
    tell_writes(machine, clock)
    door = Door(room)
    at = await door.open(Listening("127.0.0.1", 0))
    await machine.start()
    print(f"ble://{NAME}?via=tcp-client:{at.host}:{at.port}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await machine.stop()
    await door.close()


def tell_writes(machine: Any, clock: SystemClock) -> None:
    """Print every command as it comes."""
    receive = machine._control.receive

    def told(payload: bytes, now_s: float) -> Any:
        print(payload.hex(), clock.now_s(), flush=True)
        return receive(payload, now_s)

    machine._control.receive = told


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
