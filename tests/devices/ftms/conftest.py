"""A treadmill at the other end of a scripted link: octets in, octets out, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from retrotread.clock import Clock
from retrotread.devices.connection import Connection
from retrotread.devices.ftms.characteristics import (
    CONTROL_POINT,
    FIRMWARE,
    INCLINE_RANGE,
    MACHINE_STATUS,
    MANUFACTURER,
    MODEL,
    SPEED_RANGE,
    TREADMILL_DATA,
)
from retrotread.devices.ftms.claims import UNKNOWN_TREADMILL
from retrotread.devices.ftms.codec import (
    MachineEvent,
    TreadmillData,
    encode_machine_status,
    encode_response,
    encode_treadmill_data,
)
from retrotread.devices.ftms.dialect import FtmsDialect
from retrotread.devices.ftms.reach import connection_over
from retrotread.devices.gatt.link import GattError, GattRefused
from retrotread.devices.sheet import Sheet
from retrotread.machine import Capabilities, Command, CommandOutcome, DeviceProfile, Report, StartBelt

SUCCESS, FAILED, NOT_PERMITTED = 1, 4, 5
KNOWN_PROFILE = replace(
    UNKNOWN_TREADMILL,
    name="Scripted treadmill",
    capabilities=Capabilities(80, 2000, 10, incline_max_dpct=120, incline_increment_dpct=5),
    command_gap_ms=500,
)


class ScriptedLink:
    """A ``GattLink`` whose machine does what a test says. ``written``: moment, attribute and octets of every write."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.name, self.address = "SCRIPT-1", "C4:22:05:1A:00:0B"
        self.values: dict[str, bytes] = {
            SPEED_RANGE: bytes.fromhex("5000d0070a00"),  # 0.8 to 20.0 km/h in steps of 0.1
            INCLINE_RANGE: bytes.fromhex("000078000500"),  # 0 to 12 % in steps of 0.5
            MODEL: b"Model T\0",
            FIRMWARE: b"V10",
            MANUFACTURER: b"Nobody",
        }
        self.missing: set[str] = set()
        self.written: list[tuple[float, str, bytes]] = []
        self.subscribed: list[tuple[float, str]] = []
        self.results: dict[int, int] = {}
        self.silent: set[int] = set()
        self.answers_after_s = 0.045
        self.takes_s = 0.0
        self.hangs = False
        self.refusals: list[int] = []
        self.close_hangs = False
        self.closed = 0
        self.acknowledged: set[bool] = set()
        self._ears: dict[str, Callable[[bytes], None]] = {}
        self._lost: Callable[[str], None] | None = None
        self._later: set[asyncio.Task[None]] = set()

    # --- what the driver sees -------------------------------------------------------------------------------

    def has(self, uuid: str) -> bool:
        here = {*self.values, CONTROL_POINT, MACHINE_STATUS, TREADMILL_DATA}
        return uuid in here - self.missing

    async def read(self, uuid: str) -> bytes:
        return self.values[uuid]

    async def write(self, uuid: str, value: bytes, response: bool) -> None:
        self.written.append((self._clock.now_s(), uuid, value))
        self.acknowledged.add(response)
        if self.hangs:
            await asyncio.get_running_loop().create_future()
        if self.takes_s:
            await self._clock.sleep_until(self._clock.now_s() + self.takes_s)
        if self.refusals:
            raise GattRefused("the attribute server said no", self.refusals.pop(0))
        if uuid == CONTROL_POINT:
            self._after(self.answers_after_s, self._answer(value))

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None:
        if uuid in self.missing:
            raise GattError("no such attribute")
        self.subscribed.append((self._clock.now_s(), uuid))
        self._ears[uuid] = heard

    def on_lost(self, lost: Callable[[str], None]) -> None:
        self._lost = lost

    async def close(self) -> None:
        self.closed += 1
        if self.close_hangs:
            await asyncio.get_running_loop().create_future()

    # --- what a test does -----------------------------------------------------------------------------------

    def say(self, uuid: str, octets: bytes) -> None:
        self._ears[uuid](octets)

    def report(self, speed_kph: float, **fields: Any) -> None:
        self.say(TREADMILL_DATA, encode_treadmill_data(TreadmillData(speed_kph=speed_kph, **fields)))

    def tell(self, event: MachineEvent, *values: float) -> None:
        self.say(MACHINE_STATUS, encode_machine_status(event, *values))

    def lose(self, reason: str = "the machine ended the link") -> None:
        assert self._lost is not None
        self._lost(reason)

    def commands(self) -> list[str]:
        """Everything that was written to the control point, in hexadecimal."""
        return [octets.hex() for _, uuid, octets in self.written if uuid == CONTROL_POINT]

    async def _answer(self, value: bytes) -> None:
        op = value[0]
        if op not in self.silent:
            self.say(CONTROL_POINT, encode_response(op, self.results.get(op, SUCCESS)))

    def _after(self, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        async def later() -> None:
            await self._clock.sleep_until(self._clock.now_s() + seconds)
            await work

        task = asyncio.ensure_future(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)


class Rig:
    """A connection over a scripted link, and everything that it reported."""

    def __init__(self, connection: Connection, link: ScriptedLink, clock: Any) -> None:
        self.connection, self.link, self.clock = connection, link, clock
        self.reports: list[tuple[float, Report]] = []
        self.reading = asyncio.ensure_future(self._read())
        self._tasks: list[asyncio.Future[CommandOutcome]] = []

    @property
    def profile(self) -> DeviceProfile:
        return self.connection.reader.profile

    async def _read(self) -> None:
        async for report in self.connection.reader.reports():
            self.reports.append((self.clock.now_s(), report))

    def heard(self, kind: type[Any]) -> list[Any]:
        return [report for _, report in self.reports if isinstance(report, kind)]

    async def run(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now_s() + seconds)

    def ask(self, command: Command) -> asyncio.Future[CommandOutcome]:
        """Hand a command over and do not wait for its outcome."""
        self._tasks.append(asyncio.ensure_future(self.connection.writer.perform(command)))
        return self._tasks[-1]

    async def do(self, command: Command, seconds: float = 0.1) -> CommandOutcome:
        """Hand a command over and let time pass; its outcome must be there by then."""
        asked = self.ask(command)
        await self.run(seconds)
        assert asked.done(), f"{command} has no outcome after {seconds} s"
        return asked.result()

    async def rest(self) -> None:
        """The machine has reported that it stands, a while after it was reached."""
        await self.run(1.1)
        self.link.report(0)
        await self.run(0.1)

    async def walk(self, speed_kph: float = 1.0) -> None:
        """Started, and seen moving; the gap to the next command is over."""
        await self.rest()
        await self.do(StartBelt())
        self.link.report(speed_kph)
        await self.run(1.0)
        self.link.written.clear()


@pytest.fixture
def link(clock: Any) -> ScriptedLink:
    return ScriptedLink(clock)


@pytest.fixture
def sheet_with() -> Callable[..., Sheet]:
    """A sheet of the scripted treadmill whose dialect departs from the specification."""

    def make(profile: DeviceProfile = KNOWN_PROFILE, **dialect: Any) -> Sheet:
        return Sheet(profile, FtmsDialect(**dialect))

    return make


@pytest.fixture
async def reach(clock: Any, link: ScriptedLink) -> Any:
    """Connect over the scripted link, and read."""
    rigs: list[Rig] = []

    async def connect(sheet: Sheet | None = None, seconds: float = 8.0, listen: bool = False) -> Rig:
        connecting = asyncio.ensure_future(connection_over(link, clock, sheet, listen))
        await clock.run_until(clock.now_s() + seconds)
        assert connecting.done(), f"no connection after {seconds} s"
        rigs.append(Rig(connecting.result(), link, clock))
        await clock.run_until(clock.now_s())
        return rigs[-1]

    yield connect
    for rig in rigs:
        closing = asyncio.ensure_future(rig.connection.reader.close())
        await clock.run_until(clock.now_s() + 60)
        await closing
        rig.reading.cancel()


@pytest.fixture
async def rig(reach: Any, sheet_with: Any) -> Rig:
    """The scripted treadmill, as specified, reached."""
    reached: Rig = await reach(sheet_with())
    return reached
