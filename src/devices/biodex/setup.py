"""What the address of a Biodex says: ``serial+biodex:///dev/serial/by-id/...?baud=9600&scale=0.1mph``.

Neither the speed of the port nor the meaning of the three digits of a speed is in the pages that are public. Both are
told by a person who has compared them with the machine's own display: a wrong scale is a belt that is ten times too
fast.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...machine import SpeedUnit
from ..serialport.naming import check_port

BAUDS = {"1200": 1200, "2400": 2400, "4800": 4800, "9600": 9600, "19200": 19200}
EXAMPLE = "serial+biodex:///dev/ttyUSB0?baud=9600&scale=0.1mph"


@dataclass(frozen=True, slots=True)
class Scale:
    """What one count of a speed is: ``counts_per_unit`` of them are one of the unit."""

    unit: SpeedUnit
    counts_per_unit: int

    @property
    def one_count_kph(self) -> float:
        """One count in km/h."""
        return self.unit.one_kph / self.counts_per_unit

    def counts(self, speed_kph: float) -> int:
        """Rounded down to a whole count."""
        return int(speed_kph * self.counts_per_unit / self.unit.one_kph + 1e-6)

    def kph(self, counts: int) -> float:
        """The speed that so many counts are."""
        return counts * self.unit.one_kph / self.counts_per_unit


SCALES = {
    "0.1mph": Scale(SpeedUnit.MPH, 10),
    "0.01mph": Scale(SpeedUnit.MPH, 100),
    "0.1kph": Scale(SpeedUnit.KPH, 10),
    "0.01kph": Scale(SpeedUnit.KPH, 100),
}


@dataclass(frozen=True, slots=True)
class BiodexSetup:
    """What the address says."""

    port: str
    baud: int
    scale: Scale


def biodex_setup(name: str, options: tuple[tuple[str, str], ...]) -> BiodexSetup:
    """Read the name and options of an address. Raises ValueError with a sentence that says the mend."""
    check_port(name, EXAMPLE)
    given = dict(options)
    if unknown := [key for key in given if key not in ("baud", "scale")]:
        raise ValueError(f"there is no option {unknown[0]!r}; there are baud and scale, as in {EXAMPLE}")
    if given.get("baud") not in BAUDS:
        raise ValueError(f"it must say the speed of the port, one of baud={', '.join(BAUDS)}: no manual page tells it")
    if given.get("scale") not in SCALES:
        raise ValueError(
            f"it must say what one count of a speed is, one of scale={', '.join(SCALES)}: no manual page tells it, and"
            " a wrong one makes the belt up to ten times too fast; compare with the machine's own display"
        )
    return BiodexSetup(name, BAUDS[given["baud"]], SCALES[given["scale"]])
