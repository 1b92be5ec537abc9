"""One link to one Bluetooth low-energy machine, as drivers see it; who carries it is not their business.

Attributes are named by their whole 128-bit UUID in small letters. ``uuid16`` spells out a short one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..errors import TreadmillError


class GattError(TreadmillError):
    """A read, a write or a subscription failed; the message is a sentence."""


class GattRefused(GattError):
    """The machine refused it with an error of the attribute protocol; ``code`` is its number (0x80 and the like)."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def uuid16(number: int) -> str:
    """The whole UUID of a number that the Bluetooth SIG has assigned (0x2ACD)."""
    return f"0000{number:04x}-0000-1000-8000-00805f9b34fb"


class GattLink(Protocol):
    """A link that is up. It lives once; every call may raise GattError and never waits for ever."""

    @property
    def name(self) -> str:
        """The name that the machine advertises; empty where it has none."""
        ...

    @property
    def address(self) -> str:
        """Its address, as this computer knows it (on macOS a UUID of this computer's own)."""
        ...

    def has(self, uuid: str) -> bool:
        """Whether the machine has this characteristic."""
        ...

    async def read(self, uuid: str) -> bytes:
        """The value of a characteristic."""
        ...

    async def write(self, uuid: str, value: bytes, response: bool) -> None:
        """Write a value; with ``response`` it returns when the machine has acknowledged the write."""
        ...

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None:
        """Every notification or indication from now on; ``heard`` is called on the loop of this link, in order."""
        ...

    def on_lost(self, lost: Callable[[str], None]) -> None:
        """Call ``lost`` with a sentence, once, when the link goes (at once if it has gone)."""
        ...

    async def close(self) -> None:
        """Let go of the link. May be called twice; moves nothing."""
        ...
