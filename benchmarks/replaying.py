"""A recorded run through today's engine and supervisor, as a ratio to the time that the run itself took."""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path

from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.launcher import prepare, profile_at
from retrotread.sessions.live import RunSetup
from retrotread.sessions.replay import replay
from retrotread.sessions.tape import Layout, Tape

from .figures import Figure
from .main_death import ADDRESS
from .recorded import RecordedRun

RUNS = 7
LOOK_S = 0.1
WORKOUT = b"""retrotread: 1
name: a minute and a half
level: 7
facing: console
steps:
  - walk: 20 s
    speed: 1.5 km/h
  - walk: 40 s
    speed: 2.5 km/h
  - cool down: 30 s
    speed: 2.5 km/h -> 1.0 km/h
"""


def measure() -> list[Figure]:
    """Processor time, so that a busy neighbour counts less. A replay that differs from its record is no figure."""
    tape = _record()
    real_s = max(tape.taken[-1].at_s, tape.steps[-1].at_s) - min(tape.taken[0].at_s, tape.steps[0].at_s)
    ratios = []
    for _ in range(RUNS):
        began_s = time.process_time()
        done = replay(tape)
        ratios.append(real_s / (time.process_time() - began_s))
        assert done.agrees, str(done.differences[0])
    steps = f"{len(tape.steps)} of the supervisor, {len(tape.taken)} of the engine"
    return [Figure(f"replay: ratio to real time ({steps})", tuple(ratios), "times", "none", less_is_worse=True)]


def _record() -> Tape:
    """A live run at a real guardian, to the end of its plan."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "short.yaml").write_bytes(WORKOUT)
        prepared = prepare(folder / "short.yaml", profile_at(ADDRESS))
        timeline = prepared.offer.timeline
        assert timeline is not None, prepared.offer.problems
        run = RecordedRun(RunSetup(RunPlan.of("bench", timeline, prepared.tier.key), ADDRESS, folder, None))
        run.to_the_end(partial(time.sleep, LOOK_S))
        run.close()
    layout = Layout(timeline.lowest_kph, timeline.rates, timeline.lead_s)
    return Tape("bench", WORKOUT, layout, run.connected, tuple(run.armed), tuple(run.steps), tuple(run.taken))
