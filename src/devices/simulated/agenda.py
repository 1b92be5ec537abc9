"""What is going to happen inside a simulated treadmill, in the order of its moments."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable
from enum import IntEnum

Act = Callable[[float], None]
"""What happens then; it is handed its own moment."""


class Rank(IntEnum):
    """What goes first at one and the same moment: faults, then commands, then motion; reports look last."""

    FAULT = 0
    COMMAND = 1
    COUNTDOWN = 2
    RESTART = 3
    ARRIVAL = 4
    SAMPLE = 5


class Agenda:
    """Acts by moment and rank; what was put in first goes first where both are the same."""

    __slots__ = ("_acts", "_order")

    def __init__(self) -> None:
        self._acts: list[tuple[float, Rank, int, Act]] = []
        self._order = itertools.count()

    @property
    def next_s(self) -> float:
        """The moment of the next act; infinite when there is none."""
        return self._acts[0][0] if self._acts else math.inf

    def put(self, moment_s: float, rank: Rank, act: Act) -> None:
        """Let ``act`` happen at ``moment_s``."""
        heapq.heappush(self._acts, (moment_s, rank, next(self._order), act))

    def happen(self) -> None:
        """The next act happens. Raises IndexError when there is none."""
        moment_s, _, _, act = heapq.heappop(self._acts)
        act(moment_s)

    def forget(self, *ranks: Rank) -> None:
        """Nothing of these ranks happens any more."""
        self._acts = [entry for entry in self._acts if entry[1] not in ranks]
        heapq.heapify(self._acts)
