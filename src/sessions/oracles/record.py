"""What the oracles write down, and the one alarm clock that they share."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_VIOLATIONS = 10_000
"""A run with so many is not understood better by one more; it keeps the memory of a wild run bounded."""

TICK_S = 0.1
"""The supervisor looks at least ten times a second; what it owes at once it owes within one look."""

ABSENT_S = TICK_S + 0.5
"""A supervisor that looked late looks once all the same; one that was away for half a second has not watched (R19)."""

EPSILON_S = 0.005
"""Rounding is no offence: the supervisor counts whole milliseconds, and a bound is the sum of a few of them."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken invariant: its name, when it was broken, and a sentence with the measured value and the limit."""

    invariant: str
    at_s: float
    message: str


class Record:
    """The violations so far, and ``due_s``: the first moment at which some oracle must look at the time again.

    A deadline that moves on costs nothing: the early look finds it in the future and asks for a later one.
    """

    __slots__ = ("due_s", "violations")

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self.due_s = math.inf

    def note(self, invariant: str, at_s: float, message: str) -> None:
        """Write a violation down."""
        if len(self.violations) < MOST_VIOLATIONS:
            self.violations.append(Violation(invariant, at_s, message))

    def wake(self, due_s: float) -> None:
        """Ask for a look at ``due_s`` or a little later."""
        if due_s < self.due_s:
            self.due_s = due_s
