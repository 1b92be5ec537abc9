"""What is known about a formula beside its numbers: where it comes from, and where it holds. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .ranges import NotEstimated


@dataclass(frozen=True, slots=True)
class Bound:
    """``what`` holds from ``low`` to ``high``, both included, in ``unit``."""

    what: str
    low: float
    high: float
    unit: str

    def refusal(self, value: float) -> str | None:
        """Why ``value`` is outside; None inside. What is no finite number is outside of everything."""
        if math.isfinite(value) and self.low <= value <= self.high:
            return None
        return f"{self.what} is {value:.4g} {self.unit}, and the formula holds for {self.text}"

    @property
    def text(self) -> str:
        """``3 to 6 km/h``."""
        return f"{self.low:.4g} to {self.high:.4g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula. ``id`` and ``version`` go into every export with what it made; a changed number is a new version.

    ``equation`` is for people to read, ``source`` a citation, ``width`` why the range is as wide as it is. ``bounds``
    and ``only_where`` say where it holds: outside of both it says nothing. ``worked`` is an example for its page; a
    test computes it.
    """

    id: str
    version: int
    title: str
    equation: str
    source: str
    width: str
    bounds: tuple[Bound, ...] = ()
    only_where: str = ""
    worked: str = ""

    @property
    def name(self) -> str:
        """``acsm-walk v1``: what an export says."""
        return f"{self.id} v{self.version}"

    def outside(self, values: Mapping[str, float]) -> NotEstimated | None:
        """Why these values, by the names of its bounds, are outside; None inside. One that is missing is outside."""
        for bound in self.bounds:
            reason = bound.refusal(values.get(bound.what, math.nan))
            if reason is not None:
                return NotEstimated(reason)
        return None
