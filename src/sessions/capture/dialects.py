"""The dialects of serial lines as a capture knows them: how a machine is met, and what its bytes say. Total."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ...clock import Clock
from ...devices.address import Address
from ...devices.connection import Connection
from ...devices.serialport.framing import Message, Noise, Parser
from ...devices.serialport.line import SerialLine
from .reading import plain

Tap = Callable[[SerialLine], SerialLine]


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of a machine, or what is none: its bytes, and what they say."""

    octets: bytes
    says: dict[str, Any]


def splitter(scheme: str) -> Callable[[bytes], list[Heard]]:
    """Bytes of a machine on an address of this scheme, in the order in which they came, to messages."""
    return _SPLITTERS[scheme]()


async def met(address: Address, clock: Clock, tap: Tap) -> Connection:
    """The machine, reached as its driver does it, over its own line with ``tap`` about it. Raises ConnectFailed.

    Nothing that is known of the machine is handed on: a driver without a sheet reads.
    """
    return await _REACHES[address.scheme](address, clock, tap)


# --- what the bytes say -----------------------------------------------------------------------------------------


def _framed(parser: Parser, meaning: Callable[[Message | Noise], Any]) -> Callable[[bytes], list[Heard]]:
    def split(data: bytes) -> list[Heard]:
        return [Heard(_octets(one), _told(meaning(one))) for one in parser.feed(data)]

    return split


def _octets(one: Message | Noise) -> bytes:
    return one.raw if isinstance(one, Noise) else bytes(one)


def _told(value: Any) -> dict[str, Any]:
    """The meaning by its name, with its fields; the bytes of noise stand beside it already."""
    fields = plain(value)
    told = {name: one for name, one in fields.items() if name != "raw"} if isinstance(fields, dict) else {}
    return {"is": type(value).__name__.lower(), **told}


def _trackmaster_says() -> Callable[[bytes], list[Heard]]:
    from ...devices.trackmaster import codec

    return _framed(codec.parser(), codec.meaning)


def _woodway_says() -> Callable[[bytes], list[Heard]]:
    from ...devices.woodway import codec

    return _framed(codec.parser(), codec.meaning)


def _biodex_says() -> Callable[[bytes], list[Heard]]:
    from ...devices.biodex import codec

    return _framed(codec.parser(), codec.meaning)


def _csafe_says() -> Callable[[bytes], list[Heard]]:
    from ...devices.csafe import codec
    from ...devices.csafe.frame import Broken, Unframer, frame

    unframer = Unframer()

    def split(data: bytes) -> list[Heard]:
        return [
            Heard(one.raw, _told(one))
            if isinstance(one, Broken)
            else Heard(frame(one.contents), _told(codec.answer(one.contents)))
            for one in unframer.feed(data)
        ]

    return split


_SPLITTERS = {
    "serial+trackmaster": _trackmaster_says,
    "serial+woodway": _woodway_says,
    "serial+biodex": _biodex_says,
    "serial+csafe": _csafe_says,
}


# --- how it is met ----------------------------------------------------------------------------------------------


async def _meet_trackmaster(address: Address, clock: Clock, tap: Tap) -> Connection:
    from ...devices.serialport.port import open_port
    from ...devices.trackmaster.codec import BAUD
    from ...devices.trackmaster.reach import connection_over
    from ...devices.trackmaster.setup import trackmaster_setup

    setup = trackmaster_setup(address.name, address.options)
    return await connection_over(tap(open_port(setup.port, BAUD)), clock, setup, None)


async def _meet_woodway(address: Address, clock: Clock, tap: Tap) -> Connection:
    from ...devices.serialport.port import open_port
    from ...devices.woodway.codec import BAUD
    from ...devices.woodway.reach import connection_over

    return await connection_over(tap(open_port(address.name, BAUD)), clock, None)


async def _meet_biodex(address: Address, clock: Clock, tap: Tap) -> Connection:
    from ...devices.biodex.reach import connection_over
    from ...devices.biodex.setup import biodex_setup
    from ...devices.serialport.port import open_port

    setup = biodex_setup(address.name, address.options)
    return await connection_over(tap(open_port(setup.port, setup.baud)), clock, setup, None)


async def _meet_csafe(address: Address, clock: Clock, tap: Tap) -> Connection:
    from ...devices.csafe.reach import connection_over
    from ...devices.csafe.setup import BAUD
    from ...devices.serialport.port import open_port

    return await connection_over(tap(open_port(address.name, BAUD)), clock, None)


_REACHES: dict[str, Callable[[Address, Clock, Tap], Awaitable[Connection]]] = {
    "serial+trackmaster": _meet_trackmaster,
    "serial+woodway": _meet_woodway,
    "serial+biodex": _meet_biodex,
    "serial+csafe": _meet_csafe,
}
SCHEMES = frozenset(_REACHES)
"""Addresses whose machines can be recorded on a cable."""
