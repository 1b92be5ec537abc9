"""Everything that ``retrotread sim ftms`` puts on the air, from words to radios."""

from __future__ import annotations

from dataclasses import dataclass

from bumble.transport import open_transport

from ...clock import Clock
from ..address import Address, parse_address
from ..simulated.options import simulated_setup
from .adverts import treadmill_adverts
from .attributes import Label
from .door import Door, Listening, listening
from .machine import FtmsMachine, Part
from .room import Room
from .shape import Shape, shape_of
from .station import Station
from .strap import FollowingHeart, HeartStrap

STRAP_NAME = "Retrotread strap"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for, as typed. ``controller``: a transport of bumble's, in place of a room with a door."""

    archetype: str = "well-behaved"
    quirks: tuple[str, ...] = ()
    name: str = "Retrotread sim"
    listen: str = "127.0.0.1:9723"
    controller: str = ""
    strap: bool = False


@dataclass(frozen=True, slots=True)
class OnAir:
    """What is on the air now, and the addresses by which Retrotread reaches it."""

    machine: FtmsMachine
    addresses: tuple[Address, ...]
    strap: HeartStrap | None
    door: Door | None

    async def stop(self) -> None:
        """Everything off the air."""
        await self.machine.stop()
        if self.strap is not None:
            await self.strap.stop()
        if self.door is not None:
            await self.door.close()


async def put_on_air(wanted: Wanted, clock: Clock) -> OnAir:
    """Begin. Raises ValueError for what cannot be understood, OSError for a port or a controller that is not free."""
    shape, at = shape_of(wanted.quirks), listening(wanted.listen)
    setup = parse_address(f"sim://{wanted.archetype}")
    treadmill = simulated_setup(setup.name, setup.options).treadmill(clock.now_s())
    treadmill_adverts(wanted.name, shape)
    if wanted.controller:
        station = Station.over(wanted.name, await open_transport(wanted.controller))
        machine = FtmsMachine(treadmill, clock, station, _part(wanted, shape))
        await machine.start()
        return OnAir(machine, (Address("ble", wanted.name),), None, None)
    room = Room()
    machine = FtmsMachine(treadmill, clock, Station.in_room(wanted.name, room), _part(wanted, shape))
    return await _in_room(room, machine, clock, wanted, at)


def _part(wanted: Wanted, shape: Shape) -> Part:
    return Part(shape, Label(wanted.name, model=wanted.archetype.partition("?")[0]))


async def _in_room(room: Room, machine: FtmsMachine, clock: Clock, wanted: Wanted, at: Listening) -> OnAir:
    door = Door(room)
    open_at = await door.open(at)
    await machine.start()
    strap = None
    if wanted.strap:
        heart = FollowingHeart(lambda: machine.treadmill.belt_speed_kph)
        strap = HeartStrap(clock, Station.in_room(STRAP_NAME, room), heart.measure)
        await strap.start()
    via = (("via", f"tcp-client:{open_at.host}:{open_at.port}"),)
    names = [wanted.name, *([STRAP_NAME] if strap is not None else [])]
    return OnAir(machine, tuple(Address("ble", name, via) for name in names), strap, door)
