"""A run without a screen whose main thread never rests, spoken by the system's own voice; at its end it tells when.

Prints one JSON object: ``started`` [text, planned_s, started_s] of each text that began, in the order of the voice;
``due`` [text, at_s] of each cue of the plan, the moment worked out by the engine with a turn every 5 ms; ``sounded``
[tone, at_s] of each tone, as it came to the process that sounds; ``rises`` the moments at which the plan rises.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from retrotread.clock import monotonic_s
from retrotread.sessions.conductor import RunPlan, Taken
from retrotread.sessions.launcher import prepare, profile_at
from retrotread.sessions.live import RunSetup
from retrotread.sessions.narration import spoken
from retrotread.sessions.voice import Started, system_speaker
from retrotread.sessions.voice.tones import ChildTones
from retrotread.tui.app import SWITCH_INTERVAL_S
from retrotread.workouts import engine
from retrotread.workouts.phrases import ENGLISH
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
        sounds = Path(folder) / "sounds.txt"
        run = RecordedRun(RunSetup(plan, address, Path(folder), None), speaker, ChildTones(lambda: listening(sounds)))
        run.to_the_end(_count)
        run.close()
        sounded = [line.split() for line in sounds.read_text().splitlines()]
    told = [[one.text, one.planned_s, one.started_s] for one in started if one.planned_s is not None]
    due, rises = planned(prepared.offer.timeline, run.taken)
    heard = [[tone, float(at_s)] for at_s, tone, *_ in sounded]
    print(json.dumps({"started": told, "due": due, "sounded": heard, "rises": rises}))


LISTENS = "import sys, time\nfor line in sys.stdin:\n    print(time.monotonic(), line.strip(), flush=True)"


def listening(sounds: Path) -> subprocess.Popen[bytes]:
    """A process in the place of the one that sounds, which writes down when it was asked for what."""
    with sounds.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-c", LISTENS], stdin=subprocess.PIPE, stdout=out, start_new_session=True
        )


def _count() -> None:
    """A twentieth of a second in which main's thread does nothing else, and does not rest."""
    until_s = monotonic_s() + LOOK_S
    while monotonic_s() < until_s:
        pass


def planned(timeline: Timeline, taken: list[Taken]) -> tuple[list[tuple[str, float]], list[float]]:
    """Every cue and every rise at its own moment: the same inputs, with the engine asked every 5 ms."""
    found: list[tuple[str, float]] = []
    rises: list[float] = []
    state, clock_s = engine.INITIAL, taken[0].at_s
    for one in taken:
        while (clock_s := clock_s + FINE_S) < one.at_s:
            rises += _begun(state, clock_s)
            step = engine.step(timeline, state, engine.Tick(), clock_s)
            state = step.state
            found += ((spoken(cue).aloud(ENGLISH), clock_s) for cue in step.cues)
        rises += _begun(state, one.at_s)
        step = engine.step(timeline, state, one.event, one.at_s)
        state, clock_s = step.state, one.at_s
        found += ((spoken(cue).aloud(ENGLISH), clock_s) for cue in step.cues)
    return found, rises


def _begun(state: engine.EngineState, by_s: float) -> list[float]:
    """The announced rise that begins by then."""
    return [] if state.raise_at_s is None or state.raise_at_s > by_s else [state.raise_at_s]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
