"""A main process without a screen, to be killed: it takes a workout to its first brisk step and says so."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from retrotread.safety.modes import Mode
from retrotread.sessions.conductor import RunPlan
from retrotread.sessions.launcher import prepare, profile_at
from retrotread.sessions.live import LiveRun, RunSetup
from retrotread.workouts.engine import Phase


def main(workout: str, address: str, folder: str, brisk_kph: float) -> None:
    """Run until somebody kills us; a line "running" on stdout once the belt runs at ``brisk_kph``."""
    prepared = prepare(Path(workout), profile_at(address))
    assert prepared.offer.timeline is not None, prepared.offer.problems
    plan = RunPlan.of("bench", prepared.offer.timeline, prepared.tier.key)
    run = LiveRun(RunSetup(plan, address, Path(folder), None))
    run.sound_heard(True)
    told = False
    while True:
        time.sleep(0.05)
        run.ui_turn()
        view = run.view()
        snapshot = view.snapshot
        if snapshot is None:
            continue
        if snapshot.mode is Mode.IDLE and snapshot.standstill:
            run.arm()
        elif snapshot.mode is Mode.ARMED:
            run.hold_done()
        elif view.phase is Phase.WAITING_FOR_PERSON:
            run.person_on()
        elif not told and snapshot.speed_kph is not None and snapshot.speed_kph >= brisk_kph:
            told = True
            print("running", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))
