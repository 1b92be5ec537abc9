"""What a machine or a strap says of itself to anybody who listens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What it says it is."""

    TREADMILL = "treadmill"
    OTHER_MACHINE = "another fitness machine"
    HEART_STRAP = "heart-rate strap"
    UNKNOWN = "something else"


@dataclass(frozen=True, slots=True)
class Advert:
    """One advertiser. ``rssi_dbm``: how loud it is heard; ``services``: whole UUIDs in small letters."""

    address: str
    name: str
    kind: Kind
    rssi_dbm: int | None = None
    services: tuple[str, ...] = ()
