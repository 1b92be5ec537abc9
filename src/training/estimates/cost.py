"""What a motion costs, whichever way it goes: oxygen, METs, energy. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...machine import Gait
from . import backward_cost, forward_cost, gradient_cost
from .backward_cost import backward_oxygen_ml
from .formula import Bound, Formula
from .forward_cost import REST_ML, forward_oxygen_ml
from .gradient_cost import gradient_oxygen_ml
from .motion import Motion
from .ranges import Estimate, NotEstimated, Range

METS = Formula(
    "mets",
    1,
    "METs",
    "METs = VO2 / 3.5",
    "the definition of a MET",
    "that of the oxygen",
    worked="8.75 to 14 ml/kg/min are 2.5 to 4 METs",
)

ENERGY = Formula(
    "energy",
    1,
    "Energy",
    "kcal/min = VO2 x kg / 1000 x 5, give or take 3 %",
    "5 kcal to a litre of oxygen, as in ACSM's guidelines; 4.69 burning fat alone, 5.05 carbohydrate alone",
    "that of the oxygen, and 3 % of what a litre yields",
    (Bound("the body mass", 30, 200, "kg"),),
    worked="10 to 20 ml/kg/min of 70 kg are 0.7 to 1.4 l/min, so 0.7 x 4.85 = 3.395 to 1.4 x 5.15 = 7.21 kcal/min",
)

_KCAL_PER_L = Range(5 * 0.97, 5 * 1.03)


def oxygen_ml(motion: Motion) -> Estimate:
    """Oxygen in ml/kg/min. Running backward there are two ways to it, and the range holds both where both speak."""
    if motion.gait is Gait.FORWARD:
        return forward_oxygen_ml(motion)
    first, second = backward_oxygen_ml(motion), gradient_oxygen_ml(motion)
    if isinstance(first, Range) and isinstance(second, Range):
        return first.covering(second)
    return first


def formulas_for(motion: Motion) -> tuple[Formula, ...]:
    """Those that ``oxygen_ml`` takes for such a motion."""
    forward = forward_cost.RUN if motion.running else forward_cost.WALK
    if motion.gait is Gait.FORWARD:
        return (forward,)
    return (backward_cost.RUN, forward, gradient_cost.RUN) if motion.running else (backward_cost.WALK, forward)


def mets(oxygen: Range) -> Range:
    """How many times what rest takes."""
    return Range(oxygen.low / REST_ML, oxygen.high / REST_ML)


def energy_kcal_per_min(oxygen: Range, mass_kg: float) -> Estimate:
    """Energy of a body of this mass."""
    litres = mass_kg / 1000
    return ENERGY.outside({"the body mass": mass_kg}) or Range(
        oxygen.low * litres * _KCAL_PER_L.low, oxygen.high * litres * _KCAL_PER_L.high
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """The mean oxygen in ml/kg/min over the ``estimated_s`` of which anything is known, and the formulas it is from."""

    oxygen: Range
    estimated_s: float
    formulas: tuple[str, ...] = ()


def cost_of(motions: Sequence[Motion]) -> Cost | NotEstimated:
    """The mean over time of those that can be estimated; the reason of the longest one where none can."""
    known = [(one, cost) for one in motions if isinstance(cost := oxygen_ml(one), Range)]
    if not known:
        return _why_not(motions)
    total_s = sum(motion.steady_s for motion, _ in known)
    low = sum(motion.steady_s * cost.low for motion, cost in known) / total_s
    high = sum(motion.steady_s * cost.high for motion, cost in known) / total_s
    names = {formula.name for motion, _ in known for formula in formulas_for(motion)}
    return Cost(Range(low, high), total_s, tuple(sorted(names)))


def _why_not(motions: Sequence[Motion]) -> NotEstimated:
    longest = max(motions, key=lambda one: one.steady_s, default=None)
    reason = None if longest is None else oxygen_ml(longest)
    return reason if isinstance(reason, NotEstimated) else NotEstimated("nothing was walked or run at one speed")
