"""From an address to the two halves of a connection with a CSAFE machine."""

from __future__ import annotations

from ...clock import Clock
from ...machine import Capabilities, DeviceProfile, PhysicalStop, Qualification
from ..address import Address
from ..connection import Connection
from ..serialport.line import SerialLine
from ..serialport.meeting import met, remark_of
from ..sheet import Sheet
from .driver import OUTCOME_WITHIN_S, CsafeConnection
from .setup import BAUD, csafe_setup

CAREFUL = DeviceProfile(
    name="CSAFE treadmill",
    # Half a mile and five miles an hour: the machine's own range cannot be asked for.
    capabilities=Capabilities(81, 805, 17, incline_max_dpct=150, incline_increment_dpct=5),
    lag_ms=2500,
    report_period_ms=500,
    stop_reaction_ms=3000,
    start_timeout_ms=15_000,
    command_gap_ms=1000,
    stop_repeat_ok=True,
    set_never_starts=True,
    # No source names a watchdog; a belt that was left alone has to be taken for one that runs.
    runs_on_when_link_lost=True,
    physical_stop=PhysicalStop.NONE,
    answer_within_ms=round(OUTCOME_WITHIN_S * 1000),
)
"""Of a machine that nobody has tried out."""

UNSHOWN = (
    "CSAFE has commands for the speed, and no public record shows a treadmill that obeys them: this one is only read"
    " until a qualification has seen it follow; nothing stops its belt when this computer dies"
)


async def reach_csafe(address: Address, clock: Clock, sheet: Sheet | None) -> Connection:
    """Open the port and meet the machine. Raises ConnectFailed with a sentence and its mend."""
    from ..serialport.port import open_port

    return await connection_over(open_port(csafe_setup(address.name, address.options).port, BAUD), clock, sheet)


async def connection_over(line: SerialLine, clock: Clock, sheet: Sheet | None) -> Connection:
    """A connection over a line that is open. Raises ConnectFailed, and lets go of the line then."""
    machine = CsafeConnection(line, clock, CAREFUL if sheet is None else sheet.profile)
    await met(machine, line.name, "CSAFE machine")
    return Connection(machine, machine, machine.identity, _remark(machine))


def _remark(machine: CsafeConnection) -> str | None:
    if machine.remark is not None:
        return machine.remark
    unqualified = machine.profile.qualification is Qualification.NONE
    return UNSHOWN if unqualified and not machine.moving else remark_of(machine.moving, machine.profile)
