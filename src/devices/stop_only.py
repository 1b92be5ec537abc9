"""A connection that can be read and stopped, and nothing else: the other half of it is not handed out."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..clock import Clock
from ..machine import CommandOutcome, StopBelt
from .address import Address
from .connect import connect
from .connection import Connection
from .reader import TreadmillReader
from .serialport.meeting import STOP_FIRST
from .sheet import Sheet

_SERIAL = (".serialport.bound", ".serialport.port")
_LOADED = {
    "ble": (".ftms.reach", ".gatt.bleak_link"),
    "serial+trackmaster": (".trackmaster.reach", *_SERIAL),
    "serial+woodway": (".woodway.reach", *_SERIAL),
    "serial+csafe": (".csafe.reach", *_SERIAL),
    "serial+biodex": (".biodex.reach", *_SERIAL),
}
"""What a connection of each real scheme loads at its first use."""


@dataclass(frozen=True, slots=True)
class StopOnly:
    """One connection to one machine. ``stop`` is the driver's own stop: all that it sends before and behind it is what
    this machine needs to take one."""

    reader: TreadmillReader
    stop: Callable[[], Awaitable[CommandOutcome]]


async def connect_to_stop(address: Address, clock: Clock, sheet: Sheet | None, first: bool = False) -> StopOnly:
    """Reach the machine, as ``connect`` does and with what it raises.

    ``first``: on a serial line a stop goes before everything else, where one too many does no harm to the machine.
    """
    stop_first = STOP_FIRST.set(first)
    try:
        connection = await connect(address, clock, sheet)
    finally:
        STOP_FIRST.reset(stop_first)
    return StopOnly(connection.reader, _stop_of(connection))


def load_driver(scheme: str) -> None:
    """Load now what a connection would load at its first use, a quarter of a second for some. Raises ImportError."""
    for module in _LOADED.get(scheme, ()):
        importlib.import_module(module, __package__)


def _stop_of(connection: Connection) -> Callable[[], Awaitable[CommandOutcome]]:
    async def stop() -> CommandOutcome:
        return await connection.writer.perform(StopBelt())

    return stop
