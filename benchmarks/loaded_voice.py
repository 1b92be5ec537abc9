"""A run without a screen whose main thread never rests, spoken by the system's own voice; at its end it tells when.

Prints one JSON object: ``started`` [text, planned_s, started_s] of each text that began, in the order of the voice;
``due`` [text, at_s] of each cue of the plan, the moment worked out by the engine with a turn every 5 ms.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from retrotread.clock import monotonic_s
from retrotread.sessions.conductor import RunPlan, Taken
from retrotread.sessions.launcher import prepare, profile_at
from retrotread.sessions.live import RunSetup
from retrotread.sessions.narration import spoken
from retrotread.sessions.voice import Started, system_speaker
from retrotread.tui.app import SWITCH_INTERVAL_S
from retrotread.workouts import engine
from retrotread.workouts.timeline import Timeline

from .recorded import RecordedRun

LOOK_S = 0.05
FINE_S = 0.005


def main(workout: str, address: str) -> None:
    """The whole workout, then what was measured."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)  # as the screens do
    prepared = prepare(Path(workout), profile_at(address))
    assert prepared.offer.timeline is not None, prepared.offer.problems
    started: list[Started] = []
    with tempfile.TemporaryDirectory() as folder:
        plan = RunPlan.of("bench", prepared.offer.timeline, prepared.tier.key)
        speaker = system_speaker(lambda: None)
        assert speaker.can_speak, "no speech command on PATH"
        speaker.started = started.append
        run = RecordedRun(RunSetup(plan, address, Path(folder), None), speaker)
        run.to_the_end(_count)
        run.close()
    told = [[one.text, one.planned_s, one.started_s] for one in started if one.planned_s is not None]
    print(json.dumps({"started": told, "due": due(prepared.offer.timeline, run.taken)}))


def _count() -> None:
    """A twentieth of a second in which main's thread does nothing else, and does not rest."""
    until_s = monotonic_s() + LOOK_S
    while monotonic_s() < until_s:
        pass


def due(timeline: Timeline, taken: list[Taken]) -> list[tuple[str, float]]:
    """Every cue at the moment that the plan has for it: the same inputs, with the engine asked every 5 ms."""
    found: list[tuple[str, float]] = []
    state, clock_s = engine.INITIAL, taken[0].at_s
    for one in taken:
        while (clock_s := clock_s + FINE_S) < one.at_s:
            step = engine.step(timeline, state, engine.Tick(), clock_s)
            state = step.state
            found += ((spoken(cue).text, clock_s) for cue in step.cues)
        step = engine.step(timeline, state, one.event, one.at_s)
        state, clock_s = step.state, one.at_s
        found += ((spoken(cue).text, clock_s) for cue in step.cues)
    return found


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
