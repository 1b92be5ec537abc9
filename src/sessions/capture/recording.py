"""The recording itself: subscribe, read, listen for a while. Nothing is ever written to an attribute.

What a machine is sent is the switch of each subscription (the client characteristic configuration of the attribute
protocol), which is what lets it speak; control is not asked for and the belt is not touched.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from ...clock import Clock
from ...devices.ftms import characteristics as known
from ...devices.gatt.link import GattError
from ..doctor.redaction import Redaction
from .attributes import NEVER_READ, READ, TOLD, short
from .reading import says

FORMAT = 1
"""Of the file; another number is another layout."""

FRAMES_MAX = 100_000
"""Ten frames a second for almost three hours; a machine that floods ends the recording, not the disk."""

SUBSCRIBE_GAP_S = 0.3
"""Some machines lose a subscription that follows the last one sooner (the careful end of what is known of them)."""

HIDDEN_LEAST = 4
"""Octets of a name that are looked for in frames; fewer would be found in any number by chance."""

Line = dict[str, Any]


class Listening(Protocol):
    """The part of a link that a recording may use: nothing in it writes a value."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...

    def has(self, uuid: str) -> bool: ...

    async def read(self, uuid: str) -> bytes: ...

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None: ...

    def on_lost(self, lost: Callable[[str], None]) -> None: ...


class Recording:
    """One recording over a link that is up. ``write`` takes each line as it comes about; the last has ``end``."""

    def __init__(self, link: Listening, clock: Clock, write: Callable[[Line], None], version: str) -> None:
        self._link, self._clock, self._write, self._version = link, clock, write, version
        self._began_s = clock.now_s()
        self._frames = 0
        self._ended = asyncio.Event()
        self._why = ""
        self._redaction = Redaction((), (link.name, link.address), secrets.token_bytes(16))

    def end(self, why: str) -> None:
        """End it now; the first reason counts."""
        self._why = self._why or why
        self._ended.set()

    async def run(self, seconds: float) -> str:
        """Record until the time is over, the link is lost, ``end`` was called or there is too much; why it ended."""
        link = self._link
        link.on_lost(lambda reason: self.end(f"the link was lost: {self._hidden_text(reason)}"))
        self._write(self._head())
        end_s = self._began_s + seconds
        await self._hear_all()
        await self._read_all()
        await self._until(end_s)
        self._write({"end": self._why, "frames": self._frames, "at_s": self._at_s()})
        return self._why

    def _head(self) -> Line:
        present = [short(uuid) for uuid in dict.fromkeys((*TOLD, *READ, *NEVER_READ)) if self._link.has(uuid)]
        return {"capture": FORMAT, "retrotread": self._version, "attributes": present}

    async def _hear_all(self) -> None:
        for uuid in TOLD:
            if self._link.has(uuid) and not self._ended.is_set():
                await self._tried(uuid, "subscribing", self._link.subscribe(uuid, self._ear(uuid)))
                await self._clock.sleep_until(self._clock.now_s() + SUBSCRIBE_GAP_S)

    async def _read_all(self) -> None:
        for uuid in READ:
            if self._link.has(uuid) and not self._ended.is_set():
                octets = await self._tried(uuid, "reading", self._link.read(uuid))
                if octets is not None:
                    self._frame(uuid, "read", octets)

    async def _tried(self, uuid: str, what: str, work: Any) -> Any:
        """What came of it; a refusal is a line of the recording, because it is news about the machine."""
        try:
            return await work
        except GattError as error:
            self._write({"at_s": self._at_s(), "uuid": short(uuid), what: self._hidden_text(str(error))})
            return None

    async def _until(self, end_s: float) -> None:
        over = asyncio.ensure_future(self._clock.sleep_until(end_s))
        ended = asyncio.ensure_future(self._ended.wait())
        await asyncio.wait({over, ended}, return_when=asyncio.FIRST_COMPLETED)
        for one in (over, ended):
            one.cancel()
        self.end("the time was over")

    def _ear(self, uuid: str) -> Callable[[bytes], None]:
        return lambda octets: self._frame(uuid, "told", octets)

    def _frame(self, uuid: str, way: str, octets: bytes) -> None:
        if self._frames >= FRAMES_MAX:
            self.end(f"there were more than {FRAMES_MAX} frames, the limit")
            return
        self._frames += 1
        kept = octets if uuid in _ABOUT_THE_MODEL else hidden(octets, self._link.name, self._link.address)
        line: Line = {"at_s": self._at_s(), "uuid": short(uuid), "way": way, "hex": kept.hex()}
        if kept != octets:
            line["hidden"] = True
        told = says(uuid, kept)
        self._write(line if told is None else {**line, "says": told})

    def _at_s(self) -> float:
        return round(self._clock.now_s() - self._began_s, 3)

    def _hidden_text(self, text: str) -> str:
        return self._redaction.scrubbed(text)


_ABOUT_THE_MODEL = frozenset({known.MANUFACTURER, known.MODEL, known.FIRMWARE})
"""Where a maker writes the same word into the name and the model, the model stays: it is what is asked for."""


def hidden(octets: bytes, name: str, address: str) -> bytes:
    """The frame with its machine's name and address, wherever they stand in it, as zeros."""
    digits = address.replace(":", "").replace("-", "")
    number = bytes.fromhex(digits) if len(digits) % 2 == 0 and _hexadecimal(digits) else b""
    words = (name.encode(), number, number[::-1], digits.upper().encode(), digits.lower().encode(), address.encode())
    for word in words:
        if len(word) >= HIDDEN_LEAST:
            octets = octets.replace(word, bytes(len(word)))
    return octets


def _hexadecimal(text: str) -> bool:
    return bool(text) and all(letter in "0123456789abcdefABCDEF" for letter in text)
