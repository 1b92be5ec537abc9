"""How a person wants to hear a run: language, tones, metronome. Nothing in it changes what the belt does."""

from __future__ import annotations

from dataclasses import dataclass

from ..workouts.engine import EngineState, Phase
from ..workouts.gaits import backward_run_throughout
from ..workouts.steps import Step


@dataclass(frozen=True, slots=True)
class Metronome:
    """``cadence_per_min``: the person's own steps a minute in forward running; ``share`` of it goes for backward.

    It follows the plan and never leads it: the belt's speed is never worked out from steps. Settings hold both to what
    people have.
    """

    cadence_per_min: float
    share: float

    def beats_per_min(self, step: Step, state: EngineState) -> float | None:
        """The pace now: in a backward run, once its speed is reached; silent while a rise is announced."""
        runs = backward_run_throughout(step)
        settled = state.phase is Phase.RUNNING and state.way is None and state.plan_time_s >= step.settled_s
        if not runs or not settled or state.raise_at_s is not None:
            return None
        return self.cadence_per_min * self.share


@dataclass(frozen=True, slots=True)
class Hearing:
    """``language`` names a file of texts. ``metronome`` None: there is none, which is so unless it was asked for."""

    language: str = "en"
    tones: bool = True
    metronome: Metronome | None = None


AS_EVERYBODY = Hearing()
