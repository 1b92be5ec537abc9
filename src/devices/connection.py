"""The two halves of a connection to one machine."""

from __future__ import annotations

from dataclasses import dataclass

from .reader import TreadmillReader
from .writer import TreadmillWriter


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection to one machine. It lives once; a reconnect is a new one."""

    reader: TreadmillReader
    writer: TreadmillWriter
