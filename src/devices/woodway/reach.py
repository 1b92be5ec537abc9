"""From an address to the two halves of a connection with a Woodway."""

from __future__ import annotations

from dataclasses import replace

from ...clock import Clock
from ...machine import Capabilities, DeviceProfile, Identity, PhysicalStop, SpeedUnit
from ..address import Address
from ..connection import Connection
from ..serialport.line import SerialLine
from ..serialport.meeting import known_to_reverse, met, remark_of
from ..sheet import Sheet
from .codec import BAUD
from .driver import WoodwayConnection
from .setup import woodway_setup

CAREFUL = DeviceProfile(
    name="Woodway treadmill",
    # Half a mile and five miles an hour: the machine's own range cannot be asked for.
    capabilities=Capabilities(81, 805, 17, incline_max_dpct=150, incline_increment_dpct=5),
    lag_ms=1500,
    report_period_ms=300,
    stop_reaction_ms=2000,
    start_timeout_ms=10_000,
    command_gap_ms=200,
    stop_repeat_ok=True,
    set_never_starts=True,
    # Its timer is known to exist and nobody has published its length.
    runs_on_when_link_lost=None,
    physical_stop=PhysicalStop.NONE,
    silence_stops=True,
    reverses=False,
    speed_unit=SpeedUnit.MPH,
)
"""Of a machine that nobody has tried out. It is not known to reverse: many with this plug do not, and only the sheet of
the very machine says so."""


async def reach_woodway(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    """Open the port and meet the machine. Raises ConnectFailed with a sentence and its mend."""
    from ..serialport.port import open_port

    return await connection_over(open_port(woodway_setup(address.name, address.options).port, BAUD), clock, sheet)


async def connection_over(line: SerialLine, clock: Clock, sheet: Sheet | None) -> Connection:
    """A connection over a line that is open. Raises ConnectFailed, and lets go of the line then."""
    known = CAREFUL if sheet is None else sheet.profile
    profile = replace(known, speed_unit=SpeedUnit.MPH, reverses=known_to_reverse(sheet))
    machine = WoodwayConnection(line, clock, profile)
    await met(machine, line.name, "Woodway")
    return Connection(
        machine, machine, Identity(address=line.name, manufacturer="Woodway"), remark_of(machine.moving, profile)
    )
