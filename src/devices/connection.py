"""The two halves of a connection to one machine."""

from __future__ import annotations

from dataclasses import dataclass

from ..machine import NOT_SAID, Identity
from .reader import TreadmillReader
from .writer import TreadmillWriter


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection to one machine. It lives once; a reconnect is a new one.

    ``identity``: which machine it is, in its own words. ``remark``: a sentence about what stands in the way of
    moving it over this connection; None where nothing does, or where nobody knows of anything. ``tells_events``: the
    machine tells over it what happens beside its reports, as a pulled key.
    """

    reader: TreadmillReader
    writer: TreadmillWriter
    identity: Identity = NOT_SAID
    remark: str | None = None
    tells_events: bool = True
