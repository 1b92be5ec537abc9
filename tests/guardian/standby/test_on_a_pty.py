"""The standby over real pseudo-terminals, by the real clock: every serial machine comes to rest, and one that does not
answer is told to all the same."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from retrotread.clock import SystemClock
from retrotread.devices.address import parse_address
from retrotread.devices.biodex import reach as biodex
from retrotread.devices.biodex.simulated import BiodexMachine
from retrotread.devices.biodex.simulated import Setup as BiodexSetup
from retrotread.devices.connect import connect
from retrotread.devices.csafe import reach as csafe
from retrotread.devices.csafe.simulated import CsafeMachine
from retrotread.devices.csafe.simulated import Setup as CsafeSetup
from retrotread.devices.errors import ConnectFailed
from retrotread.devices.serialport.pseudo import PseudoPort
from retrotread.devices.sheet import Sheet
from retrotread.devices.stop_only import connect_to_stop
from retrotread.devices.trackmaster import reach as trackmaster
from retrotread.devices.trackmaster.simulated import Setup as TrackmasterSetup
from retrotread.devices.trackmaster.simulated import TrackmasterMachine
from retrotread.devices.woodway import reach as woodway
from retrotread.devices.woodway.simulated import Setup as WoodwaySetup
from retrotread.devices.woodway.simulated import WoodwayMachine
from retrotread.guardian.standby.messages import Belt, Holding
from retrotread.guardian.standby.process import StandbyProcess
from retrotread.machine import Accepted, DeviceProfile, StartBelt

DEADLINE_S = 30.0
# The longest that a driver looks at a belt at rest before it takes a start, and a moment.
LOOKS_S = 2.4


@dataclass(frozen=True, slots=True)
class Kind:
    """A dialect: the machine at the far end, its address, what is known of it, how its stop begins."""

    machine: Callable[[float], Any]
    address: str
    profile: DeviceProfile
    stop: bytes


KINDS = {
    "trackmaster": Kind(
        lambda now_s: TrackmasterMachine(TrackmasterSetup(), now_s),
        "serial+trackmaster://{port}?units=mph",
        trackmaster.CAREFUL,
        b"\xa2",
    ),
    "woodway": Kind(
        lambda now_s: WoodwayMachine(WoodwaySetup(), now_s), "serial+woodway://{port}", woodway.CAREFUL, b"\xa2"
    ),
    "csafe": Kind(lambda now_s: CsafeMachine(CsafeSetup(), now_s), "serial+csafe://{port}", csafe.CAREFUL, b"\xf1\x86"),
    "biodex": Kind(
        lambda now_s: BiodexMachine(BiodexSetup(), now_s),
        "serial+biodex://{port}?baud=9600&scale=0.1mph",
        biodex.CAREFUL,
        b"\x81",
    ),
}
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


class Far:
    """A machine at the far end of a pseudo-terminal, with everything that it was told."""

    def __init__(self, kind: Kind) -> None:
        self.clock = SystemClock()
        self.machine = kind.machine(self.clock.now_s())
        self.port = PseudoPort(self.machine, self.clock)
        self.address = kind.address.format(port=self.port.name)
        self.carrying = asyncio.ensure_future(self.port.run())

    @property
    def speed_kph(self) -> float:
        return float(self.machine.belt_speed_kph(self.clock.now_s()))

    async def until(self, true: Callable[[], bool]) -> None:
        due_s = self.clock.now_s() + DEADLINE_S
        while not true():
            assert self.clock.now_s() < due_s, "it did not come about"
            await self.clock.sleep_until(self.clock.now_s() + 0.01)

    async def moving(self) -> None:
        """Started by a driver that is gone by now, as a guardian is that was killed."""
        connection = await connect(parse_address(self.address), self.clock)
        await self.clock.sleep_until(self.clock.now_s() + LOOKS_S)
        assert await connection.writer.perform(StartBelt()) == Accepted()
        await self.until(lambda: self.speed_kph > 0.3)
        await connection.reader.close()


@pytest_asyncio.fixture
async def far(kind: Kind) -> AsyncIterator[Far]:
    made = Far(kind)
    yield made
    made.carrying.cancel()
    await asyncio.gather(made.carrying, return_exceptions=True)
    made.port.unplug()


@pytest.fixture(autouse=True)
def _a_runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("signal.signal", lambda *_: None)


@kinds
async def test_a_belt_that_was_left_running_comes_to_rest(
    kind: Kind, far: Far, capfd: pytest.CaptureFixture[str]
) -> None:
    await far.moving()
    guardian, dies = os.pipe()
    nobody = os.open(os.devnull, os.O_WRONLY)
    standby = StandbyProcess(SystemClock(), guardian, nobody)
    standby.hear(Holding(far.address, Sheet(kind.profile)))
    standby.hear(Belt(may_move=True, stop_sent=False))
    taking_over = asyncio.ensure_future(standby.run())
    os.close(dies)
    await far.until(lambda: far.speed_kph == 0.0)
    said: list[str] = []

    def seen_still() -> bool:
        said.append(capfd.readouterr().err)
        return "the treadmill reports standstill" in "".join(said)

    await far.until(seen_still)
    assert "has sent stop number 1 (accepted)" in "".join(said)
    taking_over.cancel()
    await asyncio.gather(taking_over, return_exceptions=True)
    os.close(guardian)
    os.close(nobody)


@kinds
@pytest.mark.parametrize("known", [True, False], ids=["with a sheet", "without"])
async def test_a_machine_that_never_answers_is_told_to_stop_before_it_is_asked_anything(
    kind: Kind, known: bool
) -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    address = parse_address(kind.address.format(port=os.ttyname(theirs)))
    with pytest.raises(ConnectFailed):
        await connect_to_stop(address, SystemClock(), Sheet(kind.profile) if known else None, first=True)
    assert os.read(ours, 4096).startswith(kind.stop)
    os.close(ours)
    os.close(theirs)
