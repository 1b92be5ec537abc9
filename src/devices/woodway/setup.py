"""What the address of a Woodway says: ``serial+woodway:///dev/serial/by-id/...``; its figures are always miles."""

from __future__ import annotations

from dataclasses import dataclass

from ..serialport.naming import check_port


@dataclass(frozen=True, slots=True)
class WoodwaySetup:
    """What the address says."""

    port: str


def woodway_setup(name: str, options: tuple[tuple[str, str], ...]) -> WoodwaySetup:
    """Read the name and options of an address. Raises ValueError with a sentence that says the mend."""
    check_port(name, "serial+woodway:///dev/ttyUSB0")
    if options:
        raise ValueError(f"there is no option {options[0][0]!r}; leave it out: this dialect speaks of miles alone")
    return WoodwaySetup(name)
