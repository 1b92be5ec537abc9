"""What an estimate is: a range, or the reason why there is none. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

FIGURES = 2
"""Significant figures that are shown: a third one would say more than any of these formulas knows."""

_NOISE_DIGITS = 9
"""Places behind which a float is noise of its own sums, and no reason to round away from it."""


@dataclass(frozen=True, slots=True)
class Range:
    """``low`` to ``high``, both finite, in the unit of the formula that made it."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"no range goes from {self.low!r} to {self.high!r}")

    def times(self, factor: Range) -> Range:
        """Every product of the two; neither may reach below zero."""
        if self.low < 0 or factor.low < 0:
            raise ValueError(f"{self} times {factor}: below zero the ends change places")
        return Range(self.low * factor.low, self.high * factor.high)

    def plus(self, amount: float) -> Range:
        """Moved by a number that is known."""
        return Range(self.low + amount, self.high + amount)

    def covering(self, other: Range) -> Range:
        """The smallest range that holds both: two formulas that differ are both possible."""
        return Range(min(self.low, other.low), max(self.high, other.high))

    def shown(self, unit: str) -> str:
        """``estimate 8.1 to 12 ml/kg/min``: rounded outwards, so that what is shown never claims more than is known."""
        low, high = _figures(self.low, ROUND_FLOOR), _figures(self.high, ROUND_CEILING)
        return f"estimate {low} {unit}" if low == high else f"estimate {low} to {high} {unit}"


@dataclass(frozen=True, slots=True)
class NotEstimated:
    """Why there is no range: a part of a sentence, with the measured value and the limit where there is one."""

    reason: str


Estimate = Range | NotEstimated


def exactly(value: float) -> Range:
    """A range of one value, for a factor that is known."""
    return Range(value, value)


def _figures(value: float, rounding: str) -> str:
    exact = Decimal(repr(round(value, _NOISE_DIGITS)))
    if exact == 0:
        return "0"
    rounded = _rounded(exact, rounding)
    return f"{_rounded(rounded, rounding):f}"  # once more: 9.99 became 10.0, which is a figure too many


def _rounded(exact: Decimal, rounding: str) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - FIGURES + 1), rounding)
