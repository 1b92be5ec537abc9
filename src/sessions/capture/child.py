"""The process that holds the radio or the port during a capture: ``python -m ...capture.child ADDRESS SECONDS``.

It prints the lines of the recording, one JSON object each, and ends when the time is over or when its input ends: the
program that started it is gone then, or wants no more. Exit code 1 with a sentence on stderr: no link came about.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Callable

from ... import __version__
from ...clock import Clock, SystemClock
from ...devices.address import Address
from ...devices.errors import TreadmillError
from ...devices.gatt.radio import RadioSetup, radio_setup
from .dialects import SCHEMES
from .on_cable import CableRecording
from .recording import Line, Recording

FAILED = 1


def main(arguments: list[str]) -> int:
    """Record and print; the exit code."""
    from ...devices.address import parse_address

    address, seconds = parse_address(arguments[0]), float(arguments[1])
    try:
        asyncio.run(_recorded(address, seconds, SystemClock()))
    except TreadmillError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the process that asked
        return FAILED
    return 0


async def _recorded(address: Address, seconds: float, clock: Clock) -> None:
    if address.scheme in SCHEMES:
        await captured_on_cable(address, seconds, clock)
    else:
        await captured(radio_setup(address.name, address.options), seconds, clock)


async def captured_on_cable(address: Address, seconds: float, clock: Clock) -> None:
    """Meet the machine on its cable, record, let go. Raises ConnectFailed."""
    from ...devices.serialport.ports import lasting_name, number_of

    private = (number_of(address.name) or "", lasting_name(address.name), address.name)
    recording = CableRecording(address, clock, _print, __version__, private)
    _watch_input(lambda: recording.end("it was ended by hand"))
    await recording.run(seconds)


async def captured(setup: RadioSetup, seconds: float, clock: Clock) -> None:
    """Reach the machine, record, let go. Raises ConnectFailed."""
    from ...devices.gatt.bleak_link import open_link

    opening = asyncio.ensure_future(open_link(setup.wanted, clock, setup.via))
    unwanted = asyncio.Event()
    _watch_input(unwanted.set)
    giving_up = asyncio.ensure_future(unwanted.wait())
    await asyncio.wait({opening, giving_up}, return_when=asyncio.FIRST_COMPLETED)
    if not opening.done():
        opening.cancel()
        return
    link = opening.result()
    try:
        recording = Recording(link, clock, _print, __version__)
        giving_up.add_done_callback(lambda _: recording.end("it was ended by hand"))
        await recording.run(seconds)
    finally:
        giving_up.cancel()
        await link.close()


def _watch_input(ended: Callable[[], None]) -> None:
    """Call ``ended`` on this loop when the input ends. The thread may hang in its read; it keeps nothing alive."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        while os.read(0, 1024):
            pass
        if not loop.is_closed():
            loop.call_soon_threadsafe(ended)

    threading.Thread(target=wait, name="capture-input", daemon=True).start()


def _print(line: Line) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 - for the process that asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
