"""CSAFE frames: 0xF1, contents, their exclusive-or, 0xF2; the bytes F0 to F3 in between are escaped.

Pure and total. The checksum is escaped like the contents; programs that leave it bare send broken frames whenever it
comes out as F0 to F3 (SetGrade 15.0 % is one). Source: CSAFE framework protocol as published by FitLinxx, and the
Concept2 PM communication interface definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import xor

START, EXTENDED_START, STOP, ESCAPE = 0xF1, 0xF0, 0xF2, 0xF3
CONTENTS_MAX = 120
"""The longest that any published equipment sends; more is not a frame."""

NOISE_BYTES_MAX = 64


@dataclass(frozen=True, slots=True)
class Frame:
    """The contents of one good frame, without escapes, addresses and checksum."""

    contents: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """What came between two frames, or instead of one: why it is none, and its beginning."""

    why: str
    raw: bytes


def frame(contents: bytes) -> bytes:
    """The bytes of a frame. Raises ValueError for contents that no equipment takes."""
    if len(contents) > CONTENTS_MAX:
        raise ValueError(f"{len(contents)} bytes of contents; equipment takes {CONTENTS_MAX}")
    return bytes((START,)) + _escaped(contents + bytes((checksum(contents),))) + bytes((STOP,))


def checksum(contents: bytes) -> int:
    """The exclusive-or of all contents."""
    return reduce(xor, contents, 0)


def _escaped(plain: bytes) -> bytes:
    return b"".join(bytes((ESCAPE, one - 0xF0)) if 0xF0 <= one <= ESCAPE else bytes((one,)) for one in plain)


class Unframer:
    """Bytes in, frames and broken pieces out, in order. Holds at most one frame's worth."""

    def __init__(self) -> None:
        self._body: bytearray | None = None
        self._extended = False
        self._noise = bytearray()

    def feed(self, data: bytes) -> list[Frame | Broken]:
        """What became complete with these bytes."""
        found: list[Frame | Broken] = []
        for byte in data:
            self._take(byte, found)
        self._tell_noise(found)
        return found

    def _take(self, byte: int, found: list[Frame | Broken]) -> None:
        if byte in (START, EXTENDED_START):
            self._abandon("a frame that was cut off", found)
            self._body, self._extended = bytearray(), byte == EXTENDED_START
        elif self._body is None:
            self._noise.append(byte)
        elif byte == STOP:
            self._tell_noise(found)
            found.append(_opened(bytes(self._body), self._extended))
            self._body = None
        else:
            self._body.append(byte)
            if len(self._body) > 2 * CONTENTS_MAX:
                self._abandon("a frame without an end", found)

    def _abandon(self, why: str, found: list[Frame | Broken]) -> None:
        self._tell_noise(found)
        if self._body is not None:
            found.append(Broken(why, bytes(self._body[:NOISE_BYTES_MAX])))
        self._body = None

    def _tell_noise(self, found: list[Frame | Broken]) -> None:
        if self._noise:
            found.append(Broken("bytes outside a frame", bytes(self._noise[:NOISE_BYTES_MAX])))
            self._noise.clear()


def _opened(body: bytes, extended: bool) -> Frame | Broken:
    plain = _unescaped(body)
    if plain is None:
        return Broken("an escape that means nothing", body[:NOISE_BYTES_MAX])
    if extended:
        plain = plain[2:]
    if not plain:
        return Broken("a frame without a checksum", body)
    contents, sum_sent = plain[:-1], plain[-1]
    if checksum(contents) != sum_sent:
        return Broken(f"a checksum of {sum_sent:02x}, reckoned {checksum(contents):02x}", body[:NOISE_BYTES_MAX])
    return Frame(contents)


def _unescaped(body: bytes) -> bytes | None:
    plain, escaped = bytearray(), False
    for byte in body:
        if escaped and byte > ESCAPE - 0xF0:
            return None
        if byte == ESCAPE and not escaped:
            escaped = True
            continue
        plain.append(byte + 0xF0 if escaped else byte)
        escaped = False
    return None if escaped else bytes(plain)
