"""How intense work is by the heart rate: bands of the reserve between rest and highest. Pure."""

from __future__ import annotations

from enum import Enum

from .formula import Bound, Formula
from .ranges import Estimate, NotEstimated, Range

REST = "the heart rate at rest"

RESERVE = Formula(
    "heart-reserve",
    1,
    "Heart rate of an intensity, by the reserve",
    "rest + share x (highest - rest); light 30 to 39 %, moderate 40 to 59 %, vigorous 60 to 89 %",
    "Karvonen, Kentala and Mustala 1957 (Annales Medicinae Experimentalis et Biologiae Fenniae 35:307); the bands are "
    "those of the American College of Sports Medicine",
    "the lower share of the lowest highest rate to the upper share of the highest: a beat more or less says nothing",
    (Bound(REST, 35, 110, "bpm"),),
    "no medicine and no condition that holds the heart rate",
    "with 60 bpm at rest and 168 to 192 bpm as the highest, moderate is 60 + 0.40 x 108 = 103.2 to "
    "60 + 0.59 x 132 = 137.88 bpm",
)


class Band(Enum):
    """A band of intensity, with its lower and upper percent of the reserve."""

    LIGHT = (30, 39)
    MODERATE = (40, 59)
    VIGOROUS = (60, 89)


def reserve_bpm(rest_bpm: float, highest: Estimate, band: Band) -> Estimate:
    """The heart rates of ``band``, in beats per minute."""
    if isinstance(highest, NotEstimated):
        return highest
    if highest.low <= rest_bpm:
        return NotEstimated(f"a rate at rest of {rest_bpm:.0f} bpm leaves no reserve below {highest.low:.0f} bpm")
    low, high = band.value
    return RESERVE.outside({REST: rest_bpm}) or Range(
        rest_bpm + low / 100 * (highest.low - rest_bpm), rest_bpm + high / 100 * (highest.high - rest_bpm)
    )
