"""``retrotread sim trackmaster``, ``woodway``, ``csafe``, ``biodex``: simulated machines on a pseudo-terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from ..clock import SystemClock
from . import MISUSED
from .console import STATUS_EVERY_S, pressed_keys

if TYPE_CHECKING:
    from ..devices.serialport.pseudo import PseudoPort

KEYS = "e emergency stop, r let it out, x stop at the console, s start by itself (a fault), q quit"


class Machine(Protocol):
    """A simulated machine with a wire and a console; moments in seconds, which never go back."""

    powered: bool

    @property
    def next_due_s(self) -> float: ...
    def take(self, data: bytes, now_s: float) -> None: ...
    def said(self, now_s: float) -> bytes: ...
    def belt_speed_kph(self, now_s: float) -> float: ...
    def deck_percent(self, now_s: float) -> float: ...
    def emergency_stop(self, now_s: float) -> None: ...
    def release(self, now_s: float) -> None: ...
    def stop_at_console(self, now_s: float) -> None: ...
    def start_by_itself(self, now_s: float) -> None: ...


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
    raise typer.Exit(asyncio.run(_run(machine, "serial+trackmaster://{port}?units=" + units, {})))


def woodway(
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse another direction while the belt moves; else it ramps through 0.")
    ] = False,
    forward_only: Annotated[bool, typer.Option("--forward-only", help="A machine without the reverse option.")] = False,
    timer_s: Annotated[float, typer.Option(min=0.1, max=60.0, help="Its communication timer, in seconds.")] = 0.5,
    timeout_told: Annotated[str, typer.Option(help="When it says that its timer fired: at-once, next-answer.")] = (
        "at-once"
    ),
) -> None:
    """A Woodway (4800 baud) on a pseudo-terminal. Its address is the first line that it prints, its port the second."""
    from ..devices.woodway.simulated import Setup, TimeoutTold, WoodwayMachine

    told = {"at-once": TimeoutTold.AT_ONCE, "next-answer": TimeoutTold.WITH_THE_NEXT_ANSWER}
    if timeout_told not in told:
        raise typer.BadParameter(f"{timeout_told!r}: write at-once or next-answer")
    setup = Setup(timer_s=timer_s, timeout_told=told[timeout_told], strict=strict, reverses=not forward_only)
    machine = WoodwayMachine(setup, SystemClock().now_s())
    raise typer.Exit(asyncio.run(_run(machine, "serial+woodway://{port}", {"t": machine.turn_round})))


def csafe(
    speeds: Annotated[
        str, typer.Option(help="What it makes of a speed from outside: obeyed, ignored, rejected.")
    ] = "obeyed",
    units: Annotated[str, typer.Option(help="The unit of its speeds: mph, kph, or rpm as a cross trainer.")] = "kph",
    leaves_out: Annotated[
        list[str] | None, typer.Option(help="A query that it does not know: speed, grade, distance, heart-rate.")
    ] = None,
    life_fitness: Annotated[
        bool, typer.Option("--life-fitness", help="The maker's number of Life Fitness, and its odometer.")
    ] = False,
) -> None:
    """A CSAFE treadmill on a pseudo-terminal. Its address is the first line that it prints, its port the second."""
    from ..devices.csafe.simulated import QUERIES_BY_NAME as QUERIES
    from ..devices.csafe.simulated import SPEED_CODES as CODES
    from ..devices.csafe.simulated import CsafeMachine, Setup, Speeds

    for given, known in ((speeds, [one.value for one in Speeds]), (units, [*CODES])):
        if given not in known:
            raise typer.BadParameter(f"{given!r}: write {', '.join(known)}")
    if unknown := [one for one in leaves_out or () if one not in QUERIES]:
        raise typer.BadParameter(f"{unknown[0]!r}: write {', '.join(QUERIES)}")
    setup = Setup(
        speeds=Speeds(speeds),
        speed_code=CODES[units],
        leaves_out=frozenset(QUERIES[one] for one in leaves_out or ()),
        manufacturer=9 if life_fitness else 1,
        odometer_msb_first=life_fitness,
    )
    raise typer.Exit(asyncio.run(_run(CsafeMachine(setup, SystemClock().now_s()), "serial+csafe://{port}", {})))


def biodex(
    scale: Annotated[str, typer.Option(help="What one count of its speeds is: 0.1mph, 0.01mph, 0.1kph, 0.01kph.")] = (
        "0.1mph"
    ),
    lenient: Annotated[
        bool, typer.Option("--lenient", help="A running belt may be turned round, and ramps through 0; else refused.")
    ] = False,
    forward_only: Annotated[bool, typer.Option("--forward-only", help="A machine that refuses the letter R.")] = False,
) -> None:
    """A Biodex RTM on a pseudo-terminal. Its address is the first line that it prints, its port the second."""
    from ..devices.biodex.setup import SCALES
    from ..devices.biodex.simulated import BiodexMachine, Setup

    if scale not in SCALES:
        raise typer.BadParameter(f"{scale!r}: write {', '.join(SCALES)}")
    setup = Setup(scale=SCALES[scale], strict=not lenient, reverses=not forward_only)
    machine = BiodexMachine(setup, SystemClock().now_s())
    address = f"serial+biodex://{{port}}?baud={setup.baud}&scale={scale}"
    raise typer.Exit(asyncio.run(_run(machine, address, {"t": machine.turn_round})))


async def _run(machine: Machine, address: str, faults: dict[str, Callable[[float], object]]) -> int:
    """``address``: with {port} in it. ``faults``: further keys and what they do to the machine."""
    try:
        from ..devices.serialport.pseudo import PseudoPort

        port = PseudoPort(machine, SystemClock())
    except (ImportError, OSError) as error:
        print(f"retrotread sim: there is no pseudo-terminal here ({error})", file=sys.stderr)
        return MISUSED
    print(f"{address.format(port=port.name)}\n{port.name}", flush=True)
    turns = "t turn round by itself (a fault), " if "t" in faults else ""
    print(f"{turns}{KEYS}\n", file=sys.stderr, flush=True)
    carrying = asyncio.ensure_future(port.run())
    try:
        await _until_quit(machine, port, faults)
    finally:
        carrying.cancel()
        port.unplug()
    return 0


async def _until_quit(machine: Machine, port: PseudoPort, faults: dict[str, Callable[[float], object]]) -> None:
    loop, pressed, clock = asyncio.get_running_loop(), asyncio.Queue[str](), SystemClock()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, pressed.put_nowait, "q")
    acts: dict[str, Callable[[float], object]] = {
        "e": machine.emergency_stop,
        "r": machine.release,
        "s": machine.start_by_itself,
        "x": machine.stop_at_console,
        **faults,
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


async def _show(machine: Machine) -> None:
    """One line that is written over; only on a terminal."""
    clock = SystemClock()
    while sys.stderr.isatty():
        now_s = clock.now_s()
        power = "on" if machine.powered else "emergency stop"
        belt, deck = machine.belt_speed_kph(now_s), machine.deck_percent(now_s)
        with contextlib.suppress(OSError):
            print(f"\r{belt:5.2f} km/h  {deck:4.1f} %  {power}          ", end="", file=sys.stderr, flush=True)
        await clock.sleep_until(now_s + STATUS_EVERY_S)
