"""How a plan was laid out in time: everything that ``unroll`` needs beside the text of the plan."""

from __future__ import annotations

from dataclasses import dataclass

from ..workouts.ramps import RampRates
from ..workouts.timeline import Plan, Timeline, unroll


@dataclass(frozen=True, slots=True)
class Layout:
    """The arguments of ``unroll`` as they were given; ``quick``: the text of the plan is one line of words."""

    lowest_kph: float
    rates: RampRates
    lead_s: float = 0.0
    accept_lowest: bool = False
    backward_max_kph: float | None = None
    quick: bool = False


def unrolled(plan: Plan, layout: Layout) -> Timeline:
    """The timeline of a plan: the one place where plans are laid out. Raises TimelineError, or ValueError."""
    return unroll(
        plan,
        layout.rates,
        layout.lowest_kph,
        layout.accept_lowest,
        backward_max_kph=layout.backward_max_kph,
        lead_s=layout.lead_s,
    )
