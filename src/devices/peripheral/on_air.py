"""Everything that ``retrotread sim ftms`` puts on the air, from words to radios."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bumble.transport import open_transport
from bumble.transport.common import Transport

from ...clock import Clock
from ..address import Address, Options, parse_address
from ..simulated.options import simulated_setup
from ..simulated.treadmill import SimulatedTreadmill
from .adverts import treadmill_adverts
from .attributes import Label
from .door import Door, Listening, listening
from .kernel import lend_to_kernel
from .machine import FtmsMachine, Part
from .room import Room
from .shape import shape_of
from .station import Station
from .strap import FollowingHeart, HeartStrap

STRAP_NAME = "Retrotread strap"
VHCI = "vhci"
"""Not a controller for the machine but the kernel as a guest in its room: BlueZ meets it there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for, as typed.

    ``controller``: a transport of bumble's in place of a room with a door, or ``VHCI``.
    """

    archetype: str = "well-behaved"
    quirks: tuple[str, ...] = ()
    name: str = "Retrotread sim"
    listen: str = "127.0.0.1:9723"
    controller: str = ""
    strap: bool = False


Closing = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OnAir:
    """What is on the air now, and the addresses by which Retrotread reaches it."""

    machine: FtmsMachine
    addresses: tuple[Address, ...]
    strap: HeartStrap | None
    close: Closing

    async def stop(self) -> None:
        """Everything off the air."""
        await self.machine.stop()
        if self.strap is not None:
            await self.strap.stop()
        await self.close()


async def put_on_air(wanted: Wanted, clock: Clock) -> OnAir:
    """Begin. Raises ValueError for what cannot be understood, OSError for a port or a controller that is not free."""
    shape, at = shape_of(wanted.quirks), listening(wanted.listen)
    setup = parse_address(f"sim://{wanted.archetype}")
    treadmill = simulated_setup(setup.name, setup.options).treadmill(clock.now_s())
    treadmill_adverts(wanted.name, shape)
    part = Part(shape, Label(wanted.name, model=setup.name))
    if wanted.controller in ("", VHCI):
        return await _in_room(treadmill, clock, part, wanted, at)
    station = Station.over(wanted.name, await _controller(wanted.controller))
    machine = FtmsMachine(treadmill, clock, station, part)
    await machine.start()
    return OnAir(machine, (Address("ble", wanted.name),), None, _nothing_more)


async def _in_room(treadmill: SimulatedTreadmill, clock: Clock, part: Part, wanted: Wanted, at: Listening) -> OnAir:
    room = Room()
    via, close = await _opened(room, wanted, at)
    machine = FtmsMachine(treadmill, clock, Station.in_room(wanted.name, room), part)
    await machine.start()
    strap = None
    if wanted.strap:
        heart = FollowingHeart(lambda: treadmill.belt_speed_kph)
        strap = HeartStrap(clock, Station.in_room(STRAP_NAME, room), heart.measure)
        await strap.start()
    names = [wanted.name, *([STRAP_NAME] if strap is not None else [])]
    return OnAir(machine, tuple(Address("ble", name, via) for name in names), strap, close)


async def _opened(room: Room, wanted: Wanted, at: Listening) -> tuple[Options, Closing]:
    """The way into the room: what an address says of it, and how it is closed."""
    if wanted.controller == VHCI:
        return (), await lend_to_kernel(room)  # the system's own Bluetooth is the way
    door = Door(room)
    open_at = await door.open(at)
    return (("via", f"tcp-client:{open_at.host}:{open_at.port}"),), door.close


async def _controller(name: str) -> Transport:
    try:
        return await open_transport(name)
    except Exception as error:  # every kind of transport raises kinds of its own
        words = str(error) or type(error).__name__
        raise OSError(f"the controller {name[:40]!r} cannot be used ({words}); usb:0 is the first dongle") from error


async def _nothing_more() -> None:
    """A controller of this computer goes with the machine."""
