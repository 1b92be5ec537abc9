"""Messages that begin with a byte of 0x80 or above and go on with a fixed number of bytes below it.

Trackmaster, Woodway and Biodex speak like that: no length, no checksum, no end. Whatever arrives, the parser holds at
most one message that is not complete, never raises, and finds its way back at the next first byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FIRST = 0x80
"""A byte from here on begins a message."""

NOISE_BYTES_MAX = 64
"""What is kept of a run of noise: enough to see what it is."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The bytes behind a first byte: how many, and whether they may be any (``binary``) or stay below 0x80."""

    count: int
    binary: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One complete message."""

    opcode: int
    data: bytes = b""

    def __bytes__(self) -> bytes:
        return bytes((self.opcode,)) + self.data


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are no message: why, and (the beginning of) what they were."""

    why: str
    raw: bytes


class Parser:
    """Bytes in, messages and noise out, in order."""

    def __init__(self, shapes: Mapping[int, Shape]) -> None:
        """``shapes``: of every first byte that the other side may send."""
        self._shapes = shapes
        self._begun: bytearray | None = None
        self._noise = bytearray()

    def feed(self, data: bytes) -> list[Message | Noise]:
        """What became complete with these bytes. Noise is told at once, in one piece."""
        found: list[Message | Noise] = []
        for byte in data:
            self._take(byte, found)
        self._tell_noise(found)
        return found

    def forget(self) -> None:
        """The line was silent too long for the rest of a message to come."""
        self._begun = None

    def _take(self, byte: int, found: list[Message | Noise]) -> None:
        shape = None if self._begun is None else self._shapes[self._begun[0]]
        if self._begun is not None and shape is not None and (shape.binary or byte < FIRST):
            self._begun.append(byte)
            self._end_if_complete(found)
        elif byte in self._shapes:
            self._give_up(found)
            self._begun = bytearray((byte,))
            self._end_if_complete(found)
        else:
            self._give_up(found)
            self._noise.append(byte)

    def _end_if_complete(self, found: list[Message | Noise]) -> None:
        assert self._begun is not None
        if len(self._begun) - 1 < self._shapes[self._begun[0]].count:
            return
        self._tell_noise(found)
        found.append(Message(self._begun[0], bytes(self._begun[1:])))
        self._begun = None

    def _give_up(self, found: list[Message | Noise]) -> None:
        """Another message begins, or a byte that belongs to none: what was begun will not be completed."""
        if self._begun is None:
            return
        self._tell_noise(found)
        found.append(Noise("a message that was cut off", bytes(self._begun)))
        self._begun = None

    def _tell_noise(self, found: list[Message | Noise]) -> None:
        if self._noise:
            found.append(Noise("bytes that belong to no message", bytes(self._noise[:NOISE_BYTES_MAX])))
            self._noise.clear()
