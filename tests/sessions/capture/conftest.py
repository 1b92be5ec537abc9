"""A machine that answers by the book, and notes everything that is asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from retrotread.devices.ftms import characteristics as known
from retrotread.devices.gatt.link import GattError

NAME, ADDRESS, SERIAL = "FS-1A2B3C of Grace", "C4:22:05:1A:00:0B", b"SN-0815-4711"

VALUES = {
    known.MANUFACTURER: b"FITSHOW\0",
    known.MODEL: b"FS-BT-T4",
    known.FIRMWARE: b"6.1.2",
    known.SERIAL_NUMBER: SERIAL,
    known.FEATURE: bytes.fromhex("0d12000003000000"),
    known.SPEED_RANGE: bytes.fromhex("640078050a00"),
    known.INCLINE_RANGE: bytes.fromhex("000078000a00"),
    known.TRAINING_STATUS: bytes.fromhex("0001"),
    known.TREADMILL_DATA: b"",
    known.MACHINE_STATUS: b"",
    known.CONTROL_POINT: b"",
}


class QuietLink:
    """A link to a machine; ``writes`` must stay empty whatever a capture does."""

    def __init__(self) -> None:
        self.name, self.address = NAME, ADDRESS
        self.writes: list[tuple[str, bytes]] = []
        self.reads: list[str] = []
        self.ears: dict[str, Callable[[bytes], None]] = {}
        self.refuses: set[str] = set()
        self.on_read: Callable[[str], None] = lambda uuid: None
        self._lost: Callable[[str], None] | None = None

    def has(self, uuid: str) -> bool:
        return uuid in VALUES

    async def read(self, uuid: str) -> bytes:
        self.reads.append(uuid)
        self.on_read(uuid)
        if uuid in self.refuses:
            raise GattError(f"reading {uuid} of {self.name} at {self.address} was refused")
        return VALUES[uuid]

    async def write(self, uuid: str, value: bytes, response: bool) -> None:
        self.writes.append((uuid, value))
        raise AssertionError(f"a capture wrote {value.hex()} to {uuid}")

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None:
        self.ears[uuid] = heard

    def on_lost(self, lost: Callable[[str], None]) -> None:
        self._lost = lost

    def lose(self, reason: str) -> None:
        assert self._lost is not None
        self._lost(reason)

    async def close(self) -> None:
        raise AssertionError("whoever opened a link closes it")


class HandClock:
    """A clock that jumps to whatever it is asked to wait for, and calls ``at`` on the way, each once, in order."""

    def __init__(self) -> None:
        self._now_s = 100.0
        self.at: list[tuple[float, Callable[[], None]]] = []

    def now_s(self) -> float:
        return self._now_s

    async def sleep_until(self, moment_s: float) -> None:
        while self.at and self.at[0][0] <= moment_s:
            due_s, act = self.at.pop(0)
            self._now_s = max(self._now_s, due_s)
            act()
            await self._turns()
        self._now_s = max(self._now_s, moment_s)
        await asyncio.sleep(0)

    async def _turns(self) -> None:
        """Enough of them for whoever was told something to act on it."""
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture
def link() -> Any:
    return QuietLink()


@pytest.fixture
def hand_clock() -> Any:
    return HandClock()
