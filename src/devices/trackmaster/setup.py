"""What the address of a Trackmaster says: ``serial+trackmaster:///dev/serial/by-id/...?units=mph``.

The unit is a part of the address that must be given and was confirmed by a person: the line does not tell whether 4.0
is miles or kilometres, and a wrong guess is a belt that is 1.6 times too fast.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...machine import SpeedUnit
from ..serialport.naming import check_port

UNITS = {"mph": SpeedUnit.MPH, "kph": SpeedUnit.KPH}


@dataclass(frozen=True, slots=True)
class TrackmasterSetup:
    """What the address says."""

    port: str
    unit: SpeedUnit


def trackmaster_setup(name: str, options: tuple[tuple[str, str], ...]) -> TrackmasterSetup:
    """Read the name and options of an address. Raises ValueError with a sentence that says the mend."""
    check_port(name, "serial+trackmaster:///dev/ttyUSB0?units=mph")
    given = dict(options)
    if unknown := [key for key in given if key != "units"]:
        raise ValueError(f"there is no option {unknown[0]!r}; the only one is units=mph or units=kph")
    if given.get("units") not in UNITS:
        raise ValueError(
            "it must say the unit of this very machine, units=mph or units=kph: the line does not tell, and a wrong"
            " one makes the belt 1.6 times too fast; the qualification shows how to find out"
        )
    return TrackmasterSetup(name, UNITS[given["units"]])
