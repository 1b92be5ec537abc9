"""Plans of a few steps, laid out."""

from __future__ import annotations

from retrotread.workouts.ramps import RampRates
from retrotread.workouts.source import parse_workout
from retrotread.workouts.timeline import Timeline, unroll


def a_plan(*steps: tuple[str, str, str], facing: str = "rear") -> Timeline:
    """Steps of kind, length and speed, on a belt that changes its speed by 1 km/h in a second."""
    lines = [line for kind, length, speed in steps for line in (f"  - {kind}: {length}", f"    speed: {speed}")]
    text = "\n".join(["retrotread: 1", "name: a plan", f"facing: {facing}", "steps:", *lines, ""])
    return unroll(parse_workout(text.encode(), "plan.yaml"), RampRates(1.0, 1.0, 1.0), 0.5)
