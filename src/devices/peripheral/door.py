"""A door of a simulated room for other processes: whoever connects by TCP is handed a radio of its own in it.

What goes over the socket is what goes between a host and its controller (HCI, H4 framing), so that another process
reaches the machines in the room with a real host stack: ``tcp-client:127.0.0.1:9723`` in bumble's words.
"""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from typing import Any

from bumble import core
from bumble.transport.common import PacketParser

from .room import Room

UNREAD_BYTES_MAX = 1 << 20
"""A host that leaves a megabyte unread does not read any more: minutes of everything that a treadmill says."""

CHUNK_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the door is: an address of this computer's own, and a port."""

    host: str
    port: int


def listening(text: str) -> Listening:
    """Read ``HOST:PORT``. Raises ValueError with a sentence for anything but this computer's own."""
    host, colon, port = text.rpartition(":")
    if not (colon and port.isascii() and port.isdecimal() and int(port) < 1 << 16):
        raise ValueError(f"{text[:40]!r} is not HOST:PORT; write for example 127.0.0.1:9723")
    if not _is_loopback(host):
        raise ValueError(
            f"{host[:40]!r} is not this computer's own address: whoever reaches the door commands the machine;"
            " write 127.0.0.1, or use an SSH tunnel"
        )
    return Listening(host, int(port))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Door:
    """Open from ``open`` to ``close``; every guest is a radio in the room for as long as its socket lives."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._server: asyncio.Server | None = None
        self._guests: dict[asyncio.StreamWriter, asyncio.Task[Any] | None] = {}

    async def open(self, at: Listening) -> Listening:
        """Where it is in the end: port 0 takes a free one. Raises OSError for a port that is taken."""
        self._server = await asyncio.start_server(self._let_in, at.host.strip("[]"), at.port)
        return Listening(at.host, self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Nobody comes in any more, and who is in is out."""
        if self._server is None:
            return
        self._server.close()
        serving = [task for task in self._guests.values() if task is not None]
        for guest in list(self._guests):
            guest.close()
        await asyncio.gather(*serving)
        await self._server.wait_closed()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        radio = self._room.controller()
        radio.host = _Outgoing(writer)
        parser = PacketParser(radio)
        self._guests[writer] = asyncio.current_task()
        try:
            while octets := await reader.read(CHUNK_BYTES):
                parser.feed_data(octets)
        except (OSError, core.InvalidPacketError):
            pass  # a guest that breaks off, or that speaks something else: its radio goes with it
        finally:
            del self._guests[writer]
            radio.leave()
            writer.close()


class _Outgoing:
    """What the controller says to its host."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def on_packet(self, packet: bytes) -> None:
        if self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > UNREAD_BYTES_MAX:
            self._writer.close()
            return
        self._writer.write(packet)
