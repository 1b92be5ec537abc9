"""How a plan keeps to bouts and their rests: not longer, not more of them, not closer together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ..plan import WorkoutPlan
from ..quantity import duration_text
from ..steps import PlannedStep


@dataclass(frozen=True, slots=True)
class Bouts:
    """How much of what is fast: numbers of bouts to choose from, each with how many seconds one of them lasts.

    What goes at ``from_kph`` or more is fast, whatever it is called. ``rest_min_s`` lie between two bouts; 0 where the
    ladder knows no rest on the belt: what is fast is counted there by its time.
    """

    most: tuple[tuple[int, float], ...]
    from_kph: float
    rest_min_s: float = 0.0

    @property
    def longest_s(self) -> float:
        return max(bout_s for _, bout_s in self.most)

    @property
    def all_s(self) -> float:
        return max(number * bout_s for number, bout_s in self.most)

    def number_max(self, longest_s: float) -> int:
        """How many there may be where the longest lasts so long."""
        return max((number for number, bout_s in self.most if bout_s >= longest_s), default=0)


def beyond_bouts(plan: WorkoutPlan, most: Bouts, at: str) -> str | None:
    """What of a plan is beyond bouts that are named ``at``, and the mend; None where nothing is."""
    stretches = tuple(_stretches(plan, most.from_kph))
    bouts = tuple(one for one in stretches if one.fast)
    rests = tuple(one for one in stretches[1:-1] if not one.fast)
    many = _too_many if most.rest_min_s else _too_much
    return _too_long(bouts, most, at) or many(bouts, most, at) or _too_close(rests, most, at)


def _too_long(bouts: _Parts, most: Bouts, at: str) -> str | None:
    longest = max(bouts, key=lambda one: one.longest_s, default=None)
    if longest is None or longest.longest_s <= most.longest_s:
        return None
    return (
        f"{longest.where}: a bout of {_round_text(longest.longest_s)} would begin here, and none is longer than "
        f"{_round_text(most.longest_s)} at {at}; make it shorter, or put easy walking between"
    )


def _too_many(bouts: _Parts, most: Bouts, at: str) -> str | None:
    longest_s = max((one.longest_s for one in bouts), default=0.0)
    number = most.number_max(longest_s)
    if len(bouts) <= number:
        return None
    return (
        f"{bouts[number].where}: bout {number + 1} of {len(bouts)} of up to {_round_text(longest_s)} would begin here, "
        f"and there are {number} at {at}; take some out"
    )


def _too_much(bouts: _Parts, most: Bouts, at: str) -> str | None:
    """Where the ladder knows no rest, it is not the number of bouts that counts."""
    all_s = sum(one.longest_s for one in bouts)
    if all_s <= most.all_s:
        return None
    return (
        f"{bouts[0].where}: what is fast from here on would last {_round_text(all_s)} in all, and it is "
        f"{_round_text(most.all_s)} at {at}; take some out"
    )


def _too_close(rests: _Parts, most: Bouts, at: str) -> str | None:
    shortest = min(rests, key=lambda one: one.shortest_s, default=None)
    if shortest is None or shortest.shortest_s >= most.rest_min_s:
        return None
    return (
        f"{shortest.where}: a rest of {_round_text(shortest.shortest_s)} would lie here between two bouts, and it is "
        f"{_round_text(most.rest_min_s)} at least at {at}; make it longer"
    )


def _round_text(seconds: float) -> str:
    return duration_text(round(seconds))


@dataclass(frozen=True, slots=True)
class _Part:
    """A step, or the part of a ramp that is fast, or is not; ``number`` is that of the step, from 1."""

    fast: bool
    number: int
    label: str
    longest_s: float
    shortest_s: float

    @property
    def where(self) -> str:
        return f"step {self.number}, {self.label}"


_Parts = tuple[_Part, ...]


def _stretches(plan: WorkoutPlan, fast_kph: float) -> Iterator[_Part]:
    """What is fast on end, and what is not, in turn; each named after its first step."""
    parts = (part for numbered in enumerate(plan.planned_steps(), 1) for part in _parts(*numbered, fast_kph))
    for _, group in groupby(parts, key=lambda part: part.fast):
        first, *more = group
        yield replace(
            first,
            longest_s=first.longest_s + sum(one.longest_s for one in more),
            shortest_s=first.shortest_s + sum(one.shortest_s for one in more),
        )


def _parts(number: int, step: PlannedStep, fast_kph: float) -> Iterator[_Part]:
    """A ramp through ``fast_kph`` is cut there. A distance takes longest at its slowest speed."""
    start, end = step.start.speed_kph, step.end.speed_kph
    cut = (fast_kph,) if min(start, end) < fast_kph < max(start, end) else ()
    for first, last in pairwise((start, *cut, end)):
        share = (last - first) / (end - start) if cut else 1.0
        longest_s = shortest_s = share * step.length_s
        if step.length_m is not None:
            longest_s, shortest_s = (share * step.length_m / (end_of((first, last)) / 3.6) for end_of in (min, max))
        yield _Part((first + last) / 2 >= fast_kph, number, step.label, longest_s, shortest_s)
