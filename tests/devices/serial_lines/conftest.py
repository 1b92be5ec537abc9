"""The frames of manuals, other programs and logs, and a line without a port for drivers on virtual time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio

from retrotread.clock import Clock, SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.serialport.line import LineError, LineStuck
from retrotread.devices.serialport.pseudo import PseudoPort

FRAMES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())

LOOK_S = 0.005
"""How often the line asks the machine whether it says something; an adapter keeps bytes for up to 16 ms."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``machine_frame_of_PROTOCOL``, ``host_frame_of_PROTOCOL``: every frame of it, from and to the machine."""
    for name in metafunc.fixturenames:
        way, _, protocol = name.partition("_frame_of_")
        if protocol:
            wanted = {"machine": "device->host", "host": "host->device"}[way]
            found = [one for one in FRAMES if one["direction"] == wanted and one["protocol"].startswith(protocol)]
            assert found, f"no frames of {protocol}"
            metafunc.parametrize(name, found, ids=[f"{one['hex']} {one['meaning'][:30]}" for one in found])


class Machine(Protocol):
    """A simulated machine with a wire."""

    def take(self, data: bytes, now_s: float) -> None: ...
    def said(self, now_s: float) -> bytes: ...


class Wire:
    """A ``SerialLine`` straight into a simulated machine, with everything that went over it."""

    name = "a line without a port"

    def __init__(self, machine: Machine, clock: Clock) -> None:
        self.machine, self.clock = machine, clock
        self.told: list[tuple[float, bytes]] = []
        self.stuck = False
        self.lost_why: str | None = None
        self._heard: Callable[[bytes], None] = lambda _data: None
        self._lost: Callable[[str], None] = lambda _reason: None
        self._listening = asyncio.ensure_future(self._listen())

    async def write(self, data: bytes, first: bool = False) -> None:
        if self.lost_why is not None:
            raise LineError(self.lost_why)
        if self.stuck:
            raise LineStuck("the port took nothing for 0.25 s")
        self.told.append((self.clock.now_s(), data))
        self.machine.take(data, self.clock.now_s())

    def on_bytes(self, heard: Callable[[bytes], None]) -> None:
        self._heard = heard

    def on_lost(self, lost: Callable[[str], None]) -> None:
        self._lost = lost

    def unplug(self) -> None:
        self.lost_why = "the adapter was unplugged"
        self._listening.cancel()
        self._lost(self.lost_why)

    def say(self, data: bytes) -> None:
        """Bytes that did not come from the machine."""
        self._heard(data)

    async def close(self) -> None:
        self._listening.cancel()

    @property
    def commands(self) -> list[bytes]:
        """What was written, without the questions."""
        return [data for _, data in self.told if data[0] < 0xC0]

    async def _listen(self) -> None:
        while True:
            if data := self.machine.said(self.clock.now_s()):
                self._heard(data)
            await self.clock.sleep_until(self.clock.now_s() + LOOK_S)


@pytest_asyncio.fixture
async def wire_to(clock: Any) -> AsyncIterator[Callable[[Machine], Wire]]:
    """A wire into a machine; it ends with the test."""
    wires: list[Wire] = []

    def lay(machine: Machine) -> Wire:
        wires.append(Wire(machine, clock))
        return wires[-1]

    yield lay
    for wire in wires:
        await wire.close()


DEADLINE_S = 30.0


class FarEnd:
    """A machine at the far end of a real pseudo-terminal. ``address``: ``{port}`` in it is the name of the port."""

    def __init__(self, machine: Any, address: str) -> None:
        self.clock = SystemClock()
        self.machine = machine
        self.port = PseudoPort(machine, self.clock)
        self.carrying = asyncio.ensure_future(self.port.run())
        self.address = parse_address(address.format(port=self.port.name))

    @property
    def speed_kph(self) -> float:
        """The speed that the belt really has."""
        return float(self.machine.belt_speed_kph(self.clock.now_s()))

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for something to come about."""
        due_s = self.clock.now_s() + DEADLINE_S
        while not true():
            assert self.clock.now_s() < due_s, "it did not come about"
            await self.clock.sleep_until(self.clock.now_s() + 0.01)

    async def wait(self, seconds: float) -> None:
        """Let the real time pass."""
        await self.clock.sleep_until(self.clock.now_s() + seconds)

    def unplug(self) -> None:
        """The adapter is pulled."""
        self.carrying.cancel()
        self.port.unplug()


@pytest_asyncio.fixture
async def far_end_of() -> AsyncIterator[Callable[[Any, str], FarEnd]]:
    """Put a machine at a pseudo-terminal; it goes with the test."""
    made: list[FarEnd] = []

    def put(machine: Any, address: str) -> FarEnd:
        made.append(FarEnd(machine, address))
        return made[-1]

    yield put
    for one in made:
        one.unplug()


@pytest.fixture
def far(wired: Any, far_end_of: Callable[[Any, str], FarEnd]) -> FarEnd:
    """Each of the serial machines in its turn, with a quick belt, at a pseudo-terminal."""
    return far_end_of(wired.machine(SystemClock().now_s(), **dict(wired.quick)), wired.address)
