"""What the address of a CSAFE machine says: ``serial+csafe:///dev/serial/by-id/...``; units it tells by itself."""

from __future__ import annotations

from dataclasses import dataclass

from ..serialport.naming import check_port

BAUD = 9600


@dataclass(frozen=True, slots=True)
class CsafeSetup:
    """What the address says."""

    port: str


def csafe_setup(name: str, options: tuple[tuple[str, str], ...]) -> CsafeSetup:
    """Read the name and options of an address. Raises ValueError with a sentence that says the mend."""
    check_port(name, "serial+csafe:///dev/ttyUSB0")
    if options:
        raise ValueError(f"there is no option {options[0][0]!r}; leave it out: every figure of CSAFE carries its unit")
    return CsafeSetup(name)
