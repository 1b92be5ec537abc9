"""The bytes of a FIT file: messages of any kind, with fields of a developer's own. Pure.

After "FIT Protocol" of Garmin's FIT SDK (protocol version 2.0): a header of 14 bytes, records that each follow a
definition, and a CRC-16. It is written here, and not by a library, for its speed: the one that this program uses for
workouts makes some ninety objects for each record, a second of work for half an hour on the belt. Garmin's own decoder
reads every file in the tests.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """A base type of the protocol: its number, how it is packed (little-endian), and what stands for nothing."""

    ENUM = (0x00, "B", 0xFF)
    SINT8 = (0x01, "b", 0x7F)
    UINT8 = (0x02, "B", 0xFF)
    STRING = (0x07, "s", b"")
    BYTES = (0x0D, "s", b"")
    SINT16 = (0x83, "h", 0x7FFF)
    UINT16 = (0x84, "H", 0xFFFF)
    UINT32 = (0x86, "I", 0xFFFFFFFF)
    FLOAT32 = (0x88, "f", 0)
    UINT32Z = (0x8C, "I", 0)

    def __init__(self, number: int, code: str, nothing: int | bytes) -> None:
        self.number, self.code, self.nothing = number, code, nothing
        self.size = struct.calcsize(f"<{code}")
        """Of one; texts and bytes have any number of them."""


Content = int | float | str | bytes | None

TEXT_BYTES_MAX = 254
"""The size of a field is one byte, and a text ends with a zero."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its number in the profile; with None it is there and says nothing. Units are those of the wire."""

    number: int
    kind: Kind
    content: Content = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message by its number in the profile. ``own`` are developer fields, all of developer 0.

    A developer field that says nothing is left out: decoders do not agree on what stands for nothing there.
    """

    number: int
    fields: tuple[Field, ...]
    own: tuple[Field, ...] = ()


PROTOCOL, PROFILE = 0x20, 2100
"""Protocol 2.0, the first with developer fields, and a profile that has every field used here."""

_DEVELOPER, _DEFINITION, _WITH_OWN = 0, 0x40, 0x20
_LOCAL_MAX = 16


def fit_bytes(messages: Iterable[Message]) -> bytes:
    """A whole file. Raises ValueError for a number that its field does not hold, or for more than 16 kinds."""
    body = _Body()
    for message in messages:
        body.add(message)
    content = b"".join(body.parts)
    head = struct.pack("<BBHI4s", 14, PROTOCOL, PROFILE, len(content), b".FIT")
    whole = head + struct.pack("<H", crc16(head)) + content
    return whole + struct.pack("<H", crc16(whole))


class _Body:
    """Records; each kind of message has a local number, and is defined anew when its layout changes."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._local: dict[int, int] = {}
        self._layouts: dict[int, tuple[object, struct.Struct]] = {}

    def add(self, message: Message) -> None:
        local = self._local.setdefault(message.number, len(self._local))
        if local >= _LOCAL_MAX:
            raise ValueError(f"a FIT file has at most {_LOCAL_MAX} kinds of messages side by side")
        own = tuple(one for one in message.own if one.content is not None)
        fields = [(one, _packed(one)) for one in (*message.fields, *own)]
        sizes = tuple((one.number, one.kind, _size(one.kind, value)) for one, value in fields)
        layout = (sizes, len(own))
        if local not in self._layouts or self._layouts[local][0] != layout:
            self._layouts[local] = (layout, struct.Struct("<B" + "".join(_format(kind, n) for _, kind, n in sizes)))
            self.parts.append(_definition(local, message.number, sizes, len(own)))
        try:
            self.parts.append(self._layouts[local][1].pack(local, *(value for _, value in fields)))
        except struct.error as error:
            raise ValueError(
                f"message {message.number} of a FIT file does not hold {message.fields}: {error}"
            ) from None


_Sizes = tuple[tuple[int, Kind, int], ...]


def _packed(field: Field) -> int | float | bytes:
    """As it is packed. A number that the protocol keeps for nothing, such as a heart rate of 255, reads as nothing."""
    content = field.content
    if content is None:
        return field.kind.nothing
    if isinstance(content, str):
        return content.encode("utf-8")[:TEXT_BYTES_MAX].decode("utf-8", "ignore").encode("utf-8") + b"\0"
    return content


def _size(kind: Kind, value: int | float | bytes) -> int:
    return max(1, len(value)) if isinstance(value, bytes) else kind.size


def _format(kind: Kind, size: int) -> str:
    return f"{size}s" if kind.code == "s" else kind.code


def _definition(local: int, number: int, sizes: _Sizes, own: int) -> bytes:
    plain, of_ours = sizes[: len(sizes) - own], sizes[len(sizes) - own :]
    head = _DEFINITION | (_WITH_OWN if own else 0) | local
    parts = [struct.pack("<BBBHB", head, 0, 0, number, len(plain))]
    parts += [struct.pack("<BBB", field, size, kind.number) for field, kind, size in plain]
    if own:
        parts += [bytes([own])] + [struct.pack("<BBB", field, size, _DEVELOPER) for field, _, size in of_ours]
    return b"".join(parts)


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)  # noqa: PLW2901
        table.append(byte)
    return tuple(table)


_CRC = _crc_table()


def crc16(content: bytes) -> int:
    """CRC-16 with the polynomial 0x8005, bits turned round, from 0: that of the protocol."""
    crc = 0
    for byte in content:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc
