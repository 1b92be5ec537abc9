"""From an address to the two halves of a connection with a Biodex."""

from __future__ import annotations

from dataclasses import replace

from ...clock import Clock
from ...machine import Capabilities, DeviceProfile, PhysicalStop
from ..address import Address
from ..connection import Connection
from ..serialport.line import SerialLine
from ..serialport.meeting import known_to_reverse, met, remark_of
from ..sheet import Sheet
from .driver import BiodexConnection
from .setup import BiodexSetup, biodex_setup

CAREFUL = DeviceProfile(
    name="Biodex RTM (experimental)",
    # Half a mile and three miles an hour: the machine's own range cannot be asked for.
    capabilities=Capabilities(81, 482, 17, incline_max_dpct=100, incline_increment_dpct=10),
    lag_ms=1500,
    report_period_ms=400,
    stop_reaction_ms=2000,
    start_timeout_ms=10_000,
    command_gap_ms=300,
    stop_repeat_ok=True,
    set_never_starts=True,
    # The manual says nothing of silence on the line; a belt that was left alone has to be taken for one that runs.
    runs_on_when_link_lost=True,
    physical_stop=PhysicalStop.KEY,  # the safety lanyard, which its status tells of
)
"""Of a machine that nobody has tried out."""

EXPERIMENTAL = (
    "the Biodex driver is an experiment: it rests on two pages of one manual, and the speed of the port and the scale"
    " are assumed. Nobody is on this belt, whatever a qualification has seen"
)


async def reach_biodex(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    """Open the port and meet the machine. Raises ConnectFailed with a sentence and its mend."""
    from ..serialport.port import open_port

    setup = biodex_setup(address.name, address.options)
    return await connection_over(open_port(setup.port, setup.baud), clock, setup, sheet)


async def connection_over(line: SerialLine, clock: Clock, setup: BiodexSetup, sheet: Sheet | None) -> Connection:
    """A connection over a line that is open. Raises ConnectFailed, and lets go of the line then.

    Whatever a sheet says, the driver is an experiment: that is what keeps people off the belt.
    """
    known = CAREFUL if sheet is None else sheet.profile
    profile = replace(
        known,
        speed_unit=setup.scale.unit,
        reverses=known_to_reverse(sheet),
        experimental=True,
    )
    machine = BiodexConnection(line, clock, setup.scale, profile)
    await met(machine, line.name, "Biodex")
    remark = remark_of(True, profile) if machine.moving else EXPERIMENTAL
    return Connection(machine, machine, machine.identity, remark)
