"""What somebody asks for by numbers of their own: each answer with its unit and the formulas that it is from. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from . import cadence, cost, load
from .formula import Formula
from .heart_max import GELLISH, SHARE, TANAKA, Heartbearer, heart_ceiling_bpm, heart_max_bpm
from .heart_reserve import RESERVE, Band, reserve_bpm
from .motion import Motion
from .ranges import Estimate, NotEstimated, Range

CEILING_PERCENT = 85
"""The share of the highest heart rate that submaximal tests commonly end at."""

BPM, STEPS = "beats per minute", "steps per minute"


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure: what it is, its range or why there is none, its unit, and the names of its formulas."""

    what: str
    estimate: Estimate
    unit: str
    formulas: tuple[str, ...]

    @property
    def text(self) -> str:
        """``oxygen: estimate 2.3 to 3.4 times ... (mets v1)``, or why there is none."""
        if isinstance(self.estimate, NotEstimated):
            return f"{self.what}: not estimated: {self.estimate.reason}"
        return f"{self.what}: {self.estimate.shown(self.unit)} ({', '.join(self.formulas)})"


def about_heart(whose: Heartbearer, rest_bpm: float | None) -> tuple[Answer, ...]:
    """The highest rate by age, a ceiling that a person may think about, and with one at rest the bands of intensity."""
    highest = heart_max_bpm(whose)
    lines, ceiling = (TANAKA, GELLISH), heart_ceiling_bpm(highest, CEILING_PERCENT)
    answers = (
        _answer("highest heart rate", highest, BPM, *lines),
        _answer(f"{CEILING_PERCENT} % of it", ceiling, BPM, *lines, SHARE),
    )
    if rest_bpm is None:
        return answers
    bands = ((band.name.lower(), reserve_bpm(rest_bpm, highest, band)) for band in Band)
    return (*answers, *(_answer(f"{name} intensity", band, BPM, *lines, RESERVE) for name, band in bands))


def about_oxygen(motion: Motion, mass_kg: float | None) -> tuple[Answer, ...]:
    """What a motion costs; with a body mass its energy too."""
    oxygen, formulas = cost.oxygen_ml(motion), cost.formulas_for(motion)
    mets = cost.mets(oxygen) if isinstance(oxygen, Range) else oxygen
    answers = (
        _answer("oxygen", oxygen, "ml/kg/min", *formulas),
        _answer("oxygen", mets, "times that of rest (MET)", *formulas, cost.METS),
    )
    if mass_kg is None:
        return answers
    energy = cost.energy_kcal_per_min(oxygen, mass_kg) if isinstance(oxygen, Range) else oxygen
    return (*answers, _answer("energy", energy, "kcal/min", *formulas, cost.ENERGY))


def about_cadence(forward_per_min: float, running: bool, speed_kph: float | None) -> tuple[Answer, ...]:
    """The cadence to aim at, going backward; with a speed the length of a step too."""
    formula = cadence.RUN if running else cadence.WALK
    target = cadence.cadence_per_min(forward_per_min, running)
    answers = (_answer("cadence backward", target, STEPS, formula),)
    if speed_kph is None or isinstance(target, NotEstimated):
        return answers
    return (*answers, _answer("step", cadence.step_length_m(speed_kph, target), "m", formula, cadence.STEP))


def about_load(effort: float, minutes: float) -> tuple[Answer, ...]:
    """The load of a session."""
    return (_answer("load of the session", load.session_load(effort, minutes), "units", load.SESSION),)


def _answer(what: str, estimate: Estimate, unit: str, *formulas: Formula) -> Answer:
    return Answer(what, estimate, unit, tuple(formula.name for formula in formulas))
