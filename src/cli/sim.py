"""``retrotread sim``: simulated machines that other programs can connect to."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from ..clock import SystemClock
from ..devices.errors import INSTALL_SIM
from . import MISUSED
from .console import STATUS_EVERY_S, pressed_keys
from .sim_serial import biodex, csafe, trackmaster, woodway

if TYPE_CHECKING:
    from ..devices.peripheral.machine import FtmsMachine
    from ..devices.peripheral.on_air import OnAir, Wanted

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="A simulated machine that other programs can connect to.",
)

KEYS = "at the console: s start, x stop, p pause; k pull the key, i put it back; q quit"


app.command()(trackmaster)
app.command()(woodway)
app.command()(csafe)
app.command()(biodex)


@app.callback()
def sim() -> None:
    """A simulated machine that other programs can connect to."""


@app.command()
def ftms(  # noqa: PLR0913  a command line is a list of options
    archetype: Annotated[
        str, typer.Option(help="The kind, as after sim://, with its options and faults.")
    ] = "well-behaved",
    quirk: Annotated[
        list[str] | None, typer.Option(help="A departure from the specification; may be repeated.")
    ] = None,
    name: Annotated[str, typer.Option(help="What it advertises.")] = "Retrotread sim",
    listen: Annotated[str, typer.Option(help="Where other programs reach its room.")] = "127.0.0.1:9723",
    controller: Annotated[str, typer.Option(help="A Bluetooth controller instead: usb:0, serial:PATH, vhci.")] = "",
    strap: Annotated[bool, typer.Option("--strap", help="A heart-rate strap beside it.")] = False,
    quirks: Annotated[bool, typer.Option("--quirks", help="Print the departures that there are, and end.")] = False,
) -> None:
    """A Bluetooth treadmill (FTMS) in this computer only.

    Its address is the first line that it prints.
    """
    _need_bumble()
    from ..devices.peripheral.on_air import Wanted
    from ..devices.peripheral.shape import QUIRKS

    if quirks:
        for row in QUIRKS.values():
            print(f"{row.name:20} {row.summary} ({row.seen_on})")
        return
    wanted = Wanted(archetype, tuple(quirk or ()), name, listen, controller, strap)
    logging.getLogger("bumble").setLevel(logging.ERROR)  # its warnings are about guests that come and go
    raise typer.Exit(asyncio.run(_run(wanted)))


def _need_bumble() -> None:
    if find_spec("bumble") is None:
        print(f"retrotread sim: a simulated radio needs one more part, bumble; {INSTALL_SIM}", file=sys.stderr)
        raise typer.Exit(MISUSED)


async def _run(wanted: Wanted) -> int:
    from ..devices.peripheral.on_air import put_on_air

    try:
        on_air = await put_on_air(wanted, SystemClock())
    except (ValueError, OSError) as error:
        print(f"retrotread sim: {_why_not(error, wanted)}", file=sys.stderr)
        return MISUSED
    for address in on_air.addresses:
        print(address, flush=True)
    print(f"{KEYS}\n", file=sys.stderr, flush=True)
    try:
        await _until_quit(on_air)
    finally:
        await on_air.stop()
    return 0


def _why_not(error: ValueError | OSError, wanted: Wanted) -> str:
    """Why nothing came on the air, as a sentence with its mend."""
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            f"{wanted.listen} is in use, perhaps by another simulated machine; end that one, or give this one a port "
            "of its own (--listen 127.0.0.1:0 takes any that is free)"
        )
    return str(error)


async def _until_quit(on_air: OnAir) -> None:
    loop, pressed = asyncio.get_running_loop(), asyncio.Queue[str]()
    for one in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows ends the process by itself
            loop.add_signal_handler(one, pressed.put_nowait, "q")
    console = Console(on_air.machine)
    with pressed_keys(lambda key: loop.call_soon_threadsafe(pressed.put_nowait, key)):
        showing = asyncio.ensure_future(_show(console))
        try:
            while (key := await pressed.get()) != "q":
                console.press(key)
        finally:
            showing.cancel()


class Console:
    """The console of the machine: its keys, and what it shows."""

    def __init__(self, machine: FtmsMachine) -> None:
        self._machine = machine
        self._key_in = True
        self._clock = SystemClock()

    def press(self, key: str) -> None:
        """Do what a hand does; any other key is none of the console's."""
        treadmill, now_s = self._machine.treadmill, self._clock.now_s()
        acts: dict[str, Callable[[float], None]] = {
            "s": treadmill.press_console_start,
            "x": treadmill.press_console_stop,
            "p": self._machine.press_console_pause,
            "k": treadmill.pull_safety_key,
            "i": treadmill.insert_safety_key,
        }
        if key in acts:
            acts[key](now_s)
            self._key_in = key == "i" or (self._key_in and key != "k")
            self._machine.look()

    def __str__(self) -> str:
        treadmill = self._machine.treadmill
        who = "a program is connected" if self._machine.station.connected else "nobody is connected"
        key = "key in" if self._key_in else "key out"
        return (
            f"{treadmill.belt_speed_kph:5.2f} km/h  {treadmill.deck_incline_percent:4.1f} %"
            f"  {treadmill.belt_travel_m:6.0f} m  {key}, {who}"
        )


async def _show(console: Console) -> None:
    """One line that is written over on a terminal; elsewhere a line for every change of the last words."""
    clock, last = SystemClock(), ""
    while True:
        text = str(console)
        if sys.stderr.isatty():
            print(f"\r{text}  ", end="", file=sys.stderr, flush=True)
        elif (words := text.partition(" m  ")[2]) != last:
            last = words
            print(words, file=sys.stderr, flush=True)
        await clock.sleep_until(clock.now_s() + STATUS_EVERY_S)
