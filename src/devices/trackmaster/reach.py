"""From an address to the two halves of a connection with a Trackmaster."""

from __future__ import annotations

from dataclasses import replace

from ...clock import Clock
from ...machine import Capabilities, DeviceProfile, Identity, PhysicalStop
from ..address import Address
from ..connection import Connection
from ..serialport.line import SerialLine
from ..serialport.meeting import met, remark_of
from ..sheet import Sheet
from .codec import BAUD
from .driver import TrackmasterConnection
from .setup import TrackmasterSetup, trackmaster_setup

CAREFUL = DeviceProfile(
    name="Trackmaster treadmill",
    # The lowest that its manuals show, and a walking pace: the machine's own range cannot be asked for.
    capabilities=Capabilities(81, 805, 17, incline_max_dpct=150, incline_increment_dpct=5),
    lag_ms=4500,  # the mean of two seconds, and a correction every four
    report_period_ms=1000,  # whatever is asked more often: it answers with a mean of two seconds
    stop_reaction_ms=3000,
    start_timeout_ms=10_000,
    command_gap_ms=200,
    stop_repeat_ok=True,
    set_never_starts=True,
    runs_on_when_link_lost=False,
    physical_stop=PhysicalStop.NONE,
    silence_stops=True,
)
"""Of a machine that nobody has tried out. Its emergency stop is a button at the console: whether somebody on this belt
reaches it, and whether there are rails, is for the qualification to say."""


async def reach_trackmaster(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    """Open the port and meet the machine. Raises ConnectFailed with a sentence and its mend."""
    from ..serialport.port import open_port

    setup = trackmaster_setup(address.name, address.options)
    line = open_port(setup.port, BAUD)
    return await connection_over(line, clock, setup, sheet)


async def connection_over(line: SerialLine, clock: Clock, setup: TrackmasterSetup, sheet: Sheet | None) -> Connection:
    """A connection over a line that is open. Raises ConnectFailed, and lets go of the line then."""
    profile = replace(CAREFUL if sheet is None else sheet.profile, speed_unit=setup.unit)
    machine = TrackmasterConnection(line, clock, setup.unit, profile)
    await met(machine, line.name, "Trackmaster")
    # The seal holds for the unit too: with the other one the same figures are another speed.
    identity = Identity(line.name, manufacturer="Trackmaster", model=f"figures in {setup.unit.value}")
    return Connection(machine, machine, identity, remark_of(machine.moving, profile))
