"""The recording of a serial line: the driver's own line tells, both ways, so that nobody else opens the port.

A machine on a cable says nothing unless it is asked. So its driver meets it and asks its round of questions as ever;
it is given no command, and without a sheet it has none of its own to give.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable

from ...clock import Clock
from ...devices.address import Address
from ...devices.serialport.line import SerialLine
from ..doctor.redaction import Redaction
from .dialects import met, splitter
from .recording import FORMAT, FRAMES_MAX, Line, hidden

Told = Callable[[str, bytes], None]
"""``sent`` or ``came``, and the bytes."""


class TappedLine:
    """A ``SerialLine`` that tells of everything that goes over it; it changes nothing."""

    def __init__(self, line: SerialLine, told: Told) -> None:
        self._line, self._told = line, told

    @property
    def name(self) -> str:
        """As of ``SerialLine``."""
        return self._line.name

    async def write(self, data: bytes, first: bool = False) -> None:
        """As of ``SerialLine``; told once the port has taken it."""
        await self._line.write(data, first)
        self._told("sent", data)

    def on_bytes(self, heard: Callable[[bytes], None]) -> None:
        """As of ``SerialLine``."""

        def both(data: bytes) -> None:
            self._told("came", data)
            heard(data)

        self._line.on_bytes(both)

    def on_lost(self, lost: Callable[[str], None]) -> None:
        """As of ``SerialLine``."""

        def both(reason: str) -> None:
            self._told("lost", reason.encode())
            lost(reason)

        self._line.on_lost(both)

    async def close(self) -> None:
        """As of ``SerialLine``."""
        await self._line.close()


class CableRecording:
    """One recording of a machine on a cable. ``write`` takes each line as it comes about; the last has ``end``."""

    def __init__(
        self, address: Address, clock: Clock, write: Callable[[Line], None], version: str, private: Iterable[str]
    ) -> None:
        """``private``: the number of the adapter and the names of the port; they stand nowhere in the recording."""
        self._address, self._clock, self._write, self._version = address, clock, write, version
        self._began_s = clock.now_s()
        self._private = tuple(one for one in private if one)
        self._redaction = Redaction((), self._private, secrets.token_bytes(16))
        self._says = splitter(address.scheme)
        self._frames = 0
        self._ended = asyncio.Event()
        self._why = ""

    def end(self, why: str) -> None:
        """End it now; the first reason counts."""
        self._why = self._why or why
        self._ended.set()

    async def run(self, seconds: float) -> str:
        """Record until the time is over, the line is lost, ``end`` was called or there is too much; why it ended.

        Raises ConnectFailed where nobody answers; what was said and heard until then is written.
        """
        head = {"capture": FORMAT, "retrotread": self._version, "line": self._address.scheme}
        self._write({**head, **dict(self._address.options)})
        connection = await met(self._address, self._clock, lambda line: TappedLine(line, self._told))
        try:
            await self._until(self._began_s + seconds)
        finally:
            await connection.reader.close()
        self._write({"end": self._why, "frames": self._frames, "at_s": self._at_s()})
        return self._why

    async def _until(self, end_s: float) -> None:
        over = asyncio.ensure_future(self._clock.sleep_until(end_s))
        ended = asyncio.ensure_future(self._ended.wait())
        await asyncio.wait({over, ended}, return_when=asyncio.FIRST_COMPLETED)
        for one in (over, ended):
            one.cancel()
        self.end("the time was over")

    def _told(self, way: str, data: bytes) -> None:
        if way == "lost":
            self.end(f"the line was lost: {self._redaction.scrubbed(data.decode())}")
        elif self._frames >= FRAMES_MAX:
            self.end(f"there were more than {FRAMES_MAX} frames, the limit")
        elif not self._ended.is_set():
            self._frame(way, data)

    def _frame(self, way: str, data: bytes) -> None:
        self._frames += 1
        kept = data
        for word in self._private:
            kept = hidden(kept, word, "")
        line: Line = {"at_s": self._at_s(), "way": way, "hex": kept.hex()}
        if kept != data:
            line["hidden"] = True
        if way == "came":
            line["says"] = [one.says for one in self._says(kept)]
        self._write(line)

    def _at_s(self) -> float:
        return round(self._clock.now_s() - self._began_s, 3)
