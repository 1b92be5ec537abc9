"""What makers of CSAFE equipment do in their own way, as data: a row a maker, by the number that it tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vendor:
    """``odometer_msb_first``: its odometer has the most significant byte first, all its other figures the last."""

    name: str
    odometer_msb_first: bool = False


_VENDORS = {
    1: Vendor("Precor"),
    # From a log of one cross trainer: in the other order it would have run 1.2 million kilometres.
    9: Vendor("Life Fitness", odometer_msb_first=True),
    22: Vendor("Concept2"),
}


def vendor(number: int | None) -> Vendor:
    """The row of this maker; an unknown one, and one that does not say, does as the specification says."""
    if number is None:
        return Vendor("")
    return _VENDORS.get(number, Vendor(f"CSAFE maker {number}"))
