"""What is private is taken out before anything is given away: addresses, names, paths of a home.

A private value becomes a hash of itself with a salt that is thrown away: the same value reads the same within one
file, and two files cannot be held against each other, nor a guess against a file.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ADDRESSES = re.compile(
    r"(?i)(?<![0-9a-f])[0-9a-f]{2}(?:[:_-][0-9a-f]{2}){5}(?![0-9a-f])"  # of a Bluetooth device, also as BlueZ writes it
    r"|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"  # of one on macOS
    r"|\b(?:\d{1,3}\.){3}\d{1,3}\b"  # of a computer
    r"|[\w.+-]+@[\w-]+\.[\w.]+"  # of a person
)
ASSIGNED = re.compile(r"(?i)0000[0-9a-f]{4}-0000-1000-8000-00805f9b34fb")
"""The whole UUIDs of the Bluetooth SIG's own numbers name a kind of attribute and nobody's machine."""

COMMON = frozenset({"root", "localhost", "user", "home"})
SHORTEST = 3
"""Names that everybody has, or that are shorter, hide nobody and would take pieces out of other words."""

HASH_LETTERS = 8
"""Enough to tell a handful of values apart; the salt, not the length, keeps them secret."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """``homes``: beginnings of private paths; ``names``: of people and of this computer."""

    homes: tuple[str, ...]
    names: tuple[str, ...]
    salt: bytes

    def mask(self, text: str) -> str:
        """A private value as a hash of itself."""
        return f"<{hashlib.sha256(self.salt + text.encode()).hexdigest()[:HASH_LETTERS]}>"

    def scrubbed(self, text: str) -> str:
        """The text without addresses, homes and names, wherever they stand in it."""
        for home in sorted((home for home in self.homes if len(home) > 1), key=len, reverse=True):
            text = text.replace(home, "<home>")
        text = ADDRESSES.sub(self._address, text)
        for name in self.names:
            if len(name) >= SHORTEST and name.casefold() not in COMMON:
                text = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", self.mask(name), text)
        return text

    def everywhere(self, value: Any) -> Any:
        """A value of JSON with every text in it scrubbed; keys stay."""
        return everywhere(value, self.scrubbed)

    def _address(self, found: re.Match[str]) -> str:
        return found[0] if ASSIGNED.fullmatch(found[0]) else self.mask(found[0])


def everywhere(value: Any, change: Callable[[str], str]) -> Any:
    """A value of JSON with ``change`` over every text in it."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: everywhere(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [everywhere(one, change) for one in value]
    return value


def of_this_computer(names: tuple[str, ...] = (), homes: tuple[str, ...] = ()) -> Redaction:
    """What is private here, ``names`` and ``homes`` besides; with a salt of its own."""
    import getpass
    import platform
    from pathlib import Path

    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a process without a user of the system
        user = ""
    try:
        home = str(Path.home())
    except RuntimeError:
        home = ""
    host = platform.node()
    return Redaction((*homes, home), (*names, user, host, host.partition(".")[0]), secrets.token_bytes(16))
