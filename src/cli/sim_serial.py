"""``retrotread sim trackmaster``: simulated machines on a pseudo-terminal, for this program and for others."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ..clock import SystemClock
from . import MISUSED
from .console import STATUS_EVERY_S, pressed_keys

if TYPE_CHECKING:
    from ..devices.serialport.pseudo import PseudoPort
    from ..devices.trackmaster.simulated import TrackmasterMachine

TRACKMASTER_KEYS = "e emergency stop, r let it out, x stop at the console, s start by itself (a fault), q quit"


def trackmaster(
    units: Annotated[str, typer.Option(help="The unit of its figures: mph or kph.")] = "mph",
    refused_start: Annotated[
        str, typer.Option(help="What a start says that is locked out: illegal, silent, acknowledged.")
    ] = "illegal",
) -> None:
    """A Trackmaster on a pseudo-terminal. Its address is the first line that it prints, its port the second."""
    from ..devices.trackmaster.setup import UNITS
    from ..devices.trackmaster.simulated import RefusedStart, Setup, TrackmasterMachine

    if units not in UNITS:
        raise typer.BadParameter(f"{units!r} is no unit; write mph or kph")
    if refused_start not in {one.value for one in RefusedStart}:
        raise typer.BadParameter(f"{refused_start!r}: write illegal, silent or acknowledged")
    clock = SystemClock()
    machine = TrackmasterMachine(Setup(UNITS[units], refused_start=RefusedStart(refused_start)), clock.now_s())
    raise typer.Exit(asyncio.run(_run(machine, units)))


async def _run(machine: TrackmasterMachine, units: str) -> int:
    try:
        from ..devices.serialport.pseudo import PseudoPort

        port = PseudoPort(machine, SystemClock())
    except (ImportError, OSError) as error:
        print(f"retrotread sim: there is no pseudo-terminal here ({error})", file=sys.stderr)
        return MISUSED
    print(f"serial+trackmaster://{port.name}?units={units}\n{port.name}", flush=True)
    print(f"{TRACKMASTER_KEYS}\n", file=sys.stderr, flush=True)
    carrying = asyncio.ensure_future(port.run())
    try:
        await _until_quit(machine, port)
    finally:
        carrying.cancel()
        port.unplug()
    return 0


async def _until_quit(machine: TrackmasterMachine, port: PseudoPort) -> None:
    loop, pressed, clock = asyncio.get_running_loop(), asyncio.Queue[str](), SystemClock()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, pressed.put_nowait, "q")
    acts: dict[str, Callable[[float], object]] = {
        "e": machine.emergency_stop,
        "r": machine.release,
        "s": machine.start_by_itself,
        "x": lambda now_s: machine.take(b"\xa2", now_s),
    }
    with pressed_keys(lambda key: loop.call_soon_threadsafe(pressed.put_nowait, key)):
        showing = asyncio.ensure_future(_show(machine))
        try:
            while (key := await pressed.get()) != "q":
                if key in acts:
                    acts[key](clock.now_s())
                    port.look()
        finally:
            showing.cancel()


async def _show(machine: TrackmasterMachine) -> None:
    """One line that is written over; only on a terminal."""
    clock = SystemClock()
    while sys.stderr.isatty():
        now_s = clock.now_s()
        power = "on" if machine.powered else "emergency stop"
        belt, deck = machine.belt_speed_kph(now_s), machine.deck_percent(now_s)
        with contextlib.suppress(OSError):
            print(f"\r{belt:5.2f} km/h  {deck:4.1f} %  {power}          ", end="", file=sys.stderr, flush=True)
        await clock.sleep_until(now_s + STATUS_EVERY_S)
