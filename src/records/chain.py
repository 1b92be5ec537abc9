"""A chain of hashes over what is kept of a run, so that a row that changed afterwards is found. Pure.

Each link (``sessions.chain``) binds a row to all before it. The first is over the head of the run, then come its events
in order, and the last one, the head of the chain, is over everything that was said and every sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from ..sessions.chain import BEGINNING, KIND, link

__all__ = ["BEGINNING", "KIND", "Chained", "chained", "link"]

Plain = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Chained:
    """The links of the events, in order, and the head."""

    events: tuple[str, ...]
    head: str


def chained(run: Plain, events: Iterable[Plain], rest: object) -> Chained:
    """The chain of a run: its head row, its events in order, and everything else of it."""
    first, *links = accumulate(events, link, initial=link(BEGINNING, run))
    last = links[-1] if links else first
    return Chained(tuple(links), link(last, rest))
