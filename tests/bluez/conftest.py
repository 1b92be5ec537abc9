"""A machine on the air, reached twice: by this program's own host stack, and by BlueZ where it was asked for.

``pytest -m bluez`` asks for BlueZ: the kernel is given a virtual radio beside the machine, and bleak is what everybody
has installed. docs/bluez.md says what that needs.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from retrotread.clock import SystemClock, monotonic_s
from retrotread.devices.gatt.bumble_client import offer, withdraw
from retrotread.devices.peripheral.attributes import Label
from retrotread.devices.peripheral.kernel import DEVICE, lend_to_kernel
from retrotread.devices.peripheral.machine import FtmsMachine, Part
from retrotread.devices.peripheral.room import Room
from retrotread.devices.peripheral.shape import shape_of
from retrotread.devices.peripheral.station import Station
from retrotread.devices.simulated.options import simulated_setup
from retrotread.devices.simulated.treadmill import SimulatedTreadmill

ROOM = "the room of both stacks"
READY_WITHIN_S = 20.0
"""For bluetoothd to take a new adapter and to switch it on."""


def missing_for_bluez() -> str | None:
    """What this computer lacks for these tests; None: nothing."""
    if not sys.platform.startswith("linux"):
        return "BlueZ is a part of Linux"
    if not Path(DEVICE).exists():
        return f"{DEVICE} is missing: sudo modprobe hci_vhci"
    if not os.access(DEVICE, os.R_OK | os.W_OK):
        return f"{DEVICE} may not be opened: run as root, or see docs/bluez.md"
    if shutil.which("bluetoothctl") is None:
        return "bluetoothctl is missing: install bluez and start bluetoothd"
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """BlueZ is used only by whoever asks for it, because its adapters belong to the whole computer."""
    asked = "bluez" in (config.getoption("-m") or "")
    why = missing_for_bluez() if asked else "only with -m bluez, because it gives this computer another radio"
    if why is not None:
        for item in items:
            if item.get_closest_marker("bluez") is not None:
                item.add_marker(pytest.mark.skip(reason=why))


@dataclass(frozen=True)
class InReach:
    """A machine, its truth, and what to ask for to reach it."""

    machine: FtmsMachine
    treadmill: SimulatedTreadmill
    clock: SystemClock
    name: str
    via: str


Putter = Callable[..., Awaitable[InReach]]


@pytest.fixture(params=["bumble", pytest.param("bluez", marks=pytest.mark.bluez)])
def stack(request: pytest.FixtureRequest) -> str:
    """Whose host stack carries the test."""
    return str(request.param)


@pytest_asyncio.fixture
async def put_in_reach(stack: str) -> AsyncIterator[Putter]:
    """Put a kind of treadmill with its quirks on the air, where ``stack`` hears it; away with it at the end."""
    undo: list[Callable[[], Awaitable[Any]]] = []

    async def put(kind: str = "well-behaved", *quirks: str) -> InReach:
        clock, room, name = SystemClock(), Room(), f"Retro {os.getpid()}"
        offer(ROOM, room.enter)
        parsed = simulated_setup(kind, ())
        treadmill = parsed.treadmill(clock.now_s())
        machine = FtmsMachine(treadmill, clock, Station.in_room(name, room), Part(shape_of(quirks), Label(name)))
        await machine.start()
        undo.append(machine.stop)
        if stack == "bluez":
            undo.append(await lend_to_kernel(room))
            await switched_on()
        return InReach(machine, treadmill, clock, name, "" if stack == "bluez" else f"inside:{ROOM}")

    yield put
    for step in reversed(undo):
        await step()
    withdraw(ROOM)


async def switched_on() -> None:
    """Wait until bluetoothd has an adapter that is on; the loop goes on meanwhile, for it carries the radio."""
    gives_up_s = monotonic_s() + READY_WITHIN_S
    said = ""
    while monotonic_s() < gives_up_s:
        await asyncio.to_thread(_ask, "power", "on")
        said = await asyncio.to_thread(_ask, "show")
        if "Powered: yes" in said:
            return
    pytest.fail(f"bluetoothd has no adapter that is on after {READY_WITHIN_S:g} s; bluetoothctl show said: {said!r}")


def _ask(*words: str) -> str:
    done = subprocess.run(
        ["bluetoothctl", "--timeout", "2", *words], capture_output=True, text=True, check=False, timeout=10
    )
    return done.stdout
